"""The JSON contract, version 1."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hostile import closed
from jsonschema import Draft202012Validator
from repository import REPOSITORY
from sample_report import CLEAN, EVIL, HOSTILE, RICH, RULES
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language
from graphsc.rendering.findings import json as rendering
from graphsc.validation.findings import Report

SCHEMA: dict[str, Any] = json.loads(
    (REPOSITORY / "docs" / "schemas" / "findings-1.schema.json").read_text(encoding="utf-8")
)


def rendered(report: Report, language: Language = Language.EN) -> dict[str, Any]:
    contents: dict[str, Any] = json.loads(rendering.render(report, RULES, language=language))
    return contents


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    assert rendering.render(RICH, RULES, language=language) == snapshot(name=f"rich-{language}")


@pytest.mark.parametrize("report", [RICH, CLEAN, EVIL], ids=["rich", "clean", "evil"])
def test_output_fits_the_schema(report: Report) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(rendered(report))


@pytest.mark.parametrize("report", [RICH, CLEAN, EVIL], ids=["rich", "clean", "evil"])
def test_the_schema_describes_every_field(report: Report) -> None:
    Draft202012Validator(closed(SCHEMA)).validate(rendered(report))


@pytest.mark.parametrize(
    "broken",
    [
        {"schema": "graphsc.findings/2"},
        {"partial": "no"},
        {"inputs": [{"file": "x", "sha256": 7}]},
        {"findings": [{"code": "SUB001"}]},
        {"summary": {"breach": "many", "question": 0, "note": 0, "waived": 0, "notRecorded": 0}},
    ],
)
def test_the_schema_refuses_what_breaks_the_contract(broken: dict[str, Any]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(rendered(RICH) | broken)


def test_the_contract() -> None:
    contents = rendered(RICH)
    assert list(contents)[:2] == ["schema", "asOf"]
    assert contents["schema"] == "graphsc.findings/1"
    assert contents["asOf"] == "2026-11-25"
    assert contents["partial"] is True
    assert [i["file"] for i in contents["inputs"]] == ["data/drift.yaml", "data/krav.xlsx"]
    assert [r["code"] for r in contents["rules"]] == ["EXI001", "RSK001", "SUB001", "SUB002"]
    assert contents["summary"] == {
        "breach": 1,
        "question": 1,
        "note": 1,
        "waived": 1,
        "stated": 0,
        "deferred": 0,
        "notRecorded": 1,
        "known": 2,
        "fixed": 1,
    }
    waived, first = contents["findings"][:2]
    assert first["location"] == {"file": "data/drift.yaml", "line": 6, "column": 9, "sheet": None, "cell": None}
    in_workbook = {"file": "data/krav.xlsx", "line": None, "column": None, "sheet": "Krav", "cell": "B4"}
    assert first["related"][1] == in_workbook
    assert first["statements"] == ["B2-04", "B2-05"]
    assert first["subjectLabel"] == "Sky Drift ApS"
    assert first["waived"] is None
    assert first["expired"]["until"] == "2026-09-30"
    assert waived["waived"] == {
        "until": "2027-03-31",
        "reason": "Udfases i foråret",
        "approver": "https://example.org/person/p-1",
        "waiver": "https://example.org/accept/2",
    }
    derived = next(f for f in contents["findings"] if f["code"] == "EXI001" and f["group"] is None)
    assert derived["location"] is None


def test_hostile_names_keep_their_value_and_do_nothing_on_a_screen() -> None:
    text = rendering.render(EVIL, RULES, language=Language.EN)
    text.encode()
    assert text.endswith("}\n")
    assert not set(text) & {"\x1b", "\x9b", "\u202e", "\u2066", "\ud800", "\x00"}
    values = {f["subject"].rpartition("/")[2]: f["value"] for f in json.loads(text)["findings"] if f["value"]}
    assert values == HOSTILE


def test_letters_stand_as_themselves() -> None:
    assert "Udfases i foråret" in rendering.render(RICH, RULES, language=Language.EN)
