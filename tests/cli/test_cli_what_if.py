"""``graphsc what-if``: what a person and a program get, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import authority
import pytest
from command import AS_OF, UNREADABLE, run
from hostile import closed
from jsonschema import Draft202012Validator
from repository import REPOSITORY
from syrupy.assertion import SnapshotAssertion

from graphsc.service import Opened, whatif
from graphsc.whatif.model import Scenario, WhatIf

pytestmark = pytest.mark.exhaustive

DEMO = REPOSITORY / "data" / "demo"
SCHEMA: dict[str, Any] = json.loads(
    (REPOSITORY / "docs" / "schemas" / "what-if-1.schema.json").read_text(encoding="utf-8")
)
DEMO_DAY = ("--as-of", "2026-11-25")
EVERYTHING = (
    *("--without", "org/skumsproejt-varsling", "--without-country", "US"),
    *("--merge", "org/marehalmsvig-net", "org/lyngbraet-sikkerhed"),
    *("--add-alternative", "system/netvaerk", "new"),
)

HOSTILE = """\
base: https://k.example/
organisationer:
  - {id: K, navn: Kysten, land: DK}
  - {id: A, navn: "\\e[31m\\u202e<script>alert(1)</script> | [x](http://evil.example) @all"}
  - {id: B, navn: "::error::B\\n# B"}
systemer: [{id: S, navn: "*S* | `S`\\r\\n", ejer: K, kritikalitet: samfundskritisk}]
kontrakter:
  - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S]}
  - {id: KB, kunde: K, leverandør: B, start: 2024-01-01, systemer: [S]}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    (tmp_path / "unreadable.yaml").write_text(UNREADABLE, encoding="utf-8")
    return tmp_path


SUPPOSED = {
    "loss": ("--without", "org/taagehorn-drift"),
    "outage": ("--without", "org/taagehorn-drift", "--outage", "14d"),
    "merger": ("--merge", "org/skumsproejt-varsling", "org/tusmoerkesvale-kald"),
    "alternative": ("--add-alternative", "system/netvaerk", "new"),
    "everything": EVERYTHING,
}


COMPARED: dict[str, WhatIf] = {}


@pytest.fixture
def compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is supposed of the demo is compared once for all tests that are about how it is written."""
    compare = whatif.what_if

    def once(opened: Opened, supposed: Scenario) -> WhatIf:
        key = repr(supposed)
        if key not in COMPARED:
            COMPARED[key] = compare(opened, supposed)
        return COMPARED[key]

    monkeypatch.setattr("graphsc.cli.commands.whatif.open_paths", lambda *_: authority.opened())
    monkeypatch.setattr(whatif, "what_if", once)


@pytest.mark.usefixtures("compared_once")
@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", SUPPOSED)
def test_the_demo(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    result = run("what-if", str(DEMO), *DEMO_DAY, *SUPPOSED[name], "--lang", language)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == snapshot


@pytest.mark.usefixtures("compared_once")
@pytest.mark.parametrize("language", ["da", "en"])
def test_markdown(language: str, snapshot: SnapshotAssertion) -> None:
    result = run("what-if", str(DEMO), *DEMO_DAY, *EVERYTHING, "--lang", language, "-f", "markdown")
    assert result.stdout == snapshot


@pytest.mark.usefixtures("compared_once")
@pytest.mark.parametrize("words", [EVERYTHING, ("--merge", "org/ski", "org/statens-it")])
def test_json_fits_its_schema_and_the_schema_describes_every_field(words: tuple[str, ...]) -> None:
    result = run("what-if", str(DEMO), *DEMO_DAY, *words, "-f", "json")
    document = json.loads(result.stdout)
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)
    Draft202012Validator(closed(SCHEMA)).validate(document)
    assert {text for text in texts(document) if text.startswith("http")} <= document["labels"].keys()


def texts(document: object) -> Iterator[str]:
    """Every text in a JSON document."""
    if isinstance(document, str):
        yield document
    parts = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for part in parts:
        yield from texts(part)


def test_the_same_input_gives_the_same_bytes() -> None:
    words = ("what-if", str(DEMO), *DEMO_DAY, *EVERYTHING, "-f", "json")
    assert run(*words).stdout == run(*words, fresh=True).stdout


def test_output_to_a_file(here: Path) -> None:
    result = run("what-if", "hostile.yaml", *AS_OF, "--without", "A", "-o", "out.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (here / "out.txt").read_text(encoding="utf-8").startswith("What if ")


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_names_from_outside_do_nothing(here: Path, form: str) -> None:
    words = ("--without", "A", "--merge", "A", "B", "--add-alternative", "S", "B")
    result = run("what-if", "hostile.yaml", *AS_OF, *words, "-f", form)
    assert result.exit_code == 0
    assert not {"\x1b", "\u202e", "\r", "\x00"} & set(result.stdout)
    if form == "json":
        name = json.loads(result.stdout)["labels"]["https://k.example/A"]["en"]
        assert name == "\x1b[31m\u202e<script>alert(1)</script> | [x](http://evil.example) @all"
        return
    assert not any(line.lstrip().startswith(("::error", "# B")) for line in result.stdout.splitlines())
    if form == "markdown":
        assert "<script>" not in result.stdout
        assert re.search(r"(?<!\\)\]\(", result.stdout) is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--without", "Kystem"), "Kystem is not in the input given. Did you mean “Kysten”?"),
        (("--add-alternative", "A", "new"), "A is something other than IT system."),
        (("--without-country", "XX"), "XX is not in the input given."),
        (
            ("--without-country", "se"),
            "no organisation and no data are in the country Sweden. The countries are: Denmark.",
        ),
        (
            ("--without", "A", "--format", "jsn"),
            "unknown format: jsn. Choose text, json, markdown. Did you mean “json”?",
        ),
        (("--without", "A", "--select", "XYZ"), "unknown rule: XYZ."),
        ((), "say what to suppose: --without, --without-country, --merge or --add-alternative."),
    ],
)
def test_what_cannot_be_supposed_is_one_line_and_exit_code_2(here: Path, words: tuple[str, ...], message: str) -> None:
    result = run("what-if", "hostile.yaml", *AS_OF, *words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"graphsc: {message}\n")


def test_a_pair_needs_two_words(here: Path) -> None:
    result = run("what-if", "hostile.yaml", "--merge", "A")
    assert (result.exit_code, result.stdout) == (2, "")


def test_unreadable_input_is_said_and_exits_2_after_the_comparison(here: Path) -> None:
    result = run("what-if", "hostile.yaml", "unreadable.yaml", *AS_OF, "--without", "B")
    assert result.exit_code == 2
    assert result.stdout.startswith("What if ")
    assert "unreadable.yaml" in result.stderr
    assert "The comparison is partial" in result.stderr
    unknown = run("what-if", "unreadable.yaml", *AS_OF, "--without", "B")
    assert unknown.exit_code == 2
    assert "unreadable.yaml" in unknown.stderr  # the name may stand where nothing could be read


def test_findings_are_no_reason_to_exit_1(here: Path) -> None:
    result = run("what-if", str(DEMO), *DEMO_DAY, "--without", "org/taagehorn-drift", "-f", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["findings"]["after"]["breach"] > 0


def test_without_what_the_measures_need_it_says_what_to_install(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphsc.cli.common.find_spec", lambda name: None)
    result = run("what-if", "hostile.yaml", "--without", "A")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "graphsc[risk]" in result.stderr
