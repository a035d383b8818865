"""``graphsc validate --diff`` and ``--watch``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from command import AS_OF, BROKEN, CLEAN, run
from jsonschema import Draft202012Validator
from repository import REPOSITORY

from graphsc.cli.commands import validate as watch

SCHEMA: dict[str, Any] = json.loads(
    (REPOSITORY / "docs" / "schemas" / "diff-1.schema.json").read_text(encoding="utf-8")
)
ONLY = ("--select", "SUB,FLW", *AS_OF)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("old", BROKEN), ("new", BROKEN.replace("viderefører", ""))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def write(text: str) -> None:
    Path("new", "a.yaml").write_text(text, encoding="utf-8")


def compared(*words: str) -> tuple[int, dict[str, Any]]:
    result = run("validate", "new", "--diff", "old", *ONLY, "-f", "json", *words)
    document: dict[str, Any] = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(document)
    return result.exit_code, document


def codes(ones: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in ones]


def test_the_same_data_change_nothing() -> None:
    code, document = compared()
    findings = document["findings"]
    assert (code, findings["new"], findings["gone"], findings["changed"]) == (0, [], [], [])
    assert findings["before"] == findings["after"] != {"breach": 0, "question": 0, "note": 0}
    assert "Nothing has changed." in run("validate", "new", "--diff", "old", *ONLY).stdout


def test_what_is_mended_is_gone_and_what_is_there_already_fails_nothing() -> None:
    write(BROKEN.replace("start: 2024-06-01}", "start: 2024-06-01, viderefører: R1}"))
    code, document = compared()
    assert (code, codes(document["findings"]["gone"]), document["findings"]["new"]) == (0, ["FLW001"], [])


def test_what_is_new_fails() -> None:
    write(BROKEN + "      - {id: M, leverandør: K, start: 2024-06-01, viderefører: R1}\n")
    code, document = compared()
    assert (code, codes(document["findings"]["new"])) == (1, ["SUB001"])
    assert compared("--fail-on", "never")[0] == 0
    assert compared("--judged-from", "2025-01-01")[0] == 0, "on an older agreement, it is shown and fails nothing"


def test_what_says_something_else_is_changed() -> None:
    write(BROKEN.replace("navn: Ærøskøbing Drift", "navn: Marstal Drift"))
    code, document = compared()
    assert (code, len(document["findings"]["changed"]), document["findings"]["new"]) == (0, 2, [])


def test_a_register_that_is_no_longer_kept_mends_nothing() -> None:
    write(BROKEN.replace("registre: [underleverandører, krav]", "registre: [krav]"))
    code, document = compared()
    assert "SUB001" in codes(document["findings"]["gone"])
    assert [finding["subject"].rsplit("/", 1)[1] for finding in document["findings"]["noLongerKept"]] == [
        "subcontractors"
    ]
    assert (code, compared("--exit-zero")[0]) == (1, 0), "whatever rules take part"
    shown = run("validate", "new", "--diff", "old", *ONLY, "--lang", "da").stdout
    assert "registreres ikke mere" in shown


def test_a_fact_that_is_no_longer_recorded_mends_nothing() -> None:
    write(CLEAN)
    Path("old", "a.yaml").write_text(CLEAN.replace("{id: K,", "{id: K, land: DK,"), encoding="utf-8")
    code, document = compared()
    assert [finding["subject"].rsplit("#", 1)[1] for finding in document["findings"]["noLongerKept"]] == ["country"]
    assert code == 1


def test_a_new_agreement_of_which_a_register_is_not_kept_drops_none() -> None:
    write(BROKEN + "  - {id: NY, kunde: K, leverandør: L, start: 2026-01-01}\n")
    code, document = compared()
    assert (code, document["findings"]["noLongerKept"]) == (0, [])


def test_duties_come_and_go() -> None:
    write(BROKEN + "    underskrevet: 2024-01-01\n")
    result = run("validate", "new", "--diff", "old", *AS_OF, "-f", "json")
    owed = json.loads(result.stdout)["duties"]
    assert sum(owed["after"].values()) - sum(owed["before"].values()) == len(owed["new"]) - len(owed["gone"])


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize(("lang", "word"), [("da", "væk"), ("en", "gone")])
def test_it_is_told_to_people_in_both_languages(form: str, lang: str, word: str) -> None:
    write(CLEAN)
    shown = run("validate", "new", "--diff", "old", *ONLY, "-f", form, "--lang", lang)
    assert word in shown.stdout
    assert "SUB001" in shown.stdout


@pytest.mark.parametrize("old", ["nowhere", "empty", "broken.yaml"])
def test_an_older_input_that_cannot_be_read_is_said(here: Path, old: str) -> None:
    (here / "empty").mkdir()
    (here / "broken.yaml").write_text("kontrakter: [\n", encoding="utf-8")
    result = run("validate", "new", "--diff", old, *ONLY)
    assert result.exit_code == 2
    assert old.split(".")[0] in result.stderr


def test_other_formats_are_refused() -> None:
    assert run("validate", "new", "--diff", "old", "-f", "sarif").exit_code == 2


def test_watching_checks_again_when_something_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: Iterator[Callable[[], object]] = iter([lambda: write(CLEAN), lambda: None])

    def pause(_: float) -> None:
        try:
            next(waits)()
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(watch, "sleep", pause)
    result = run("validate", "new", *ONLY, "--watch", "-f", "concise")
    assert result.stdout.count("as of 2025-06-15") == 2
    assert "1 breach, 1 question" in result.stdout
    assert result.exit_code == 130


def test_what_is_written_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    def pause(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "sleep", pause)

    def once() -> None:
        runs.append(1)
        Path("new", "out.json").write_text("{}", encoding="utf-8")

    with pytest.raises(KeyboardInterrupt):
        watch.watch_inputs(once, [Path("new")], Path("new/out.json"))
    assert runs == [1]
