"""What is on agreements from before a day fails no run, and is never lost sight of."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from command import AS_OF, process, run

from graphsc.rendering import FORMATS

DATA = """base: https://k.example/
organisationer: [{id: K, navn: Kommunen}, {id: L, navn: Løngang}, {id: D, navn: Dybet}]
personer: [p1]
systemer: [{id: S, navn: Vandværket, ejer: K, kritikalitet: samfundskritisk}]
kontrakter:
  - {id: gammel, navn: Gammel, kunde: K, leverandør: L, underskrevet: 2020-01-01, start: 2020-02-01, registre: underleverandører,
     underleverandører: [{id: U1, leverandør: D, start: 2024-06-01}]}
  - {id: kritisk, navn: Kritisk, kunde: K, leverandør: L, systemer: S, start: 2021-01-01, registre: underleverandører,
     underleverandører: [{id: U2, leverandør: D, start: 2024-06-01}]}
"""
NEW = (
    DATA
    + """  - {id: ny, navn: Ny, kunde: K, leverandør: L, underskrevet: 2025-03-01, start: 2025-04-01, registre: underleverandører,
     underleverandører: [{id: U3, leverandør: D, start: 2025-05-01}]}
"""
)
UNDATED = (
    DATA
    + """  - {id: ny, navn: Ny, kunde: K, leverandør: L, registre: underleverandører,
     underleverandører: [{id: U3, leverandør: D, start: 2025-05-01}]}
"""
)
FROM = ("--judged-from", "2025-01-01")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("data", DATA), ("new", NEW), ("undated", UNDATED)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def judged(*words: str) -> tuple[int, dict[str, Any], Any]:
    result = run("validate", *words, *AS_OF, "--select", "SUB001", "-f", "json")
    document = json.loads(result.stdout)
    return (
        result.exit_code,
        {f["subject"][-2:]: f["deferred"] for f in document["findings"] if not f["group"]},
        document,
    )


def test_without_a_day_everything_counts(here: Path) -> None:
    code, deferred, document = judged("data.yaml")
    assert (code, deferred, document["judgedFrom"]) == (1, {"U1": None, "U2": None}, None)


def test_older_agreements_fail_no_run(here: Path) -> None:
    code, deferred, document = judged("data.yaml", *FROM)
    assert (code, deferred) == (0, {"U1": "https://k.example/gammel", "U2": "https://k.example/kritisk"})
    assert document["summary"] | {"deferred": 2, "breach": 0} == document["summary"]


@pytest.mark.parametrize("file", ["new.yaml", "undated.yaml"])
def test_a_new_agreement_and_one_without_a_date_count(here: Path, file: str) -> None:
    code, deferred, _ = judged(file, *FROM)
    assert (code, deferred["U3"]) == (1, None)


def test_the_day_is_the_first_that_counts(here: Path) -> None:
    assert judged("data.yaml", "--judged-from", "2020-01-01")[0] == 1
    assert judged("data.yaml", "--judged-from", "2020-01-02")[1]["U1"] is not None


def test_what_is_not_about_an_agreement_counts(here: Path) -> None:
    result = run("validate", "data.yaml", *AS_OF, *FROM, "--select", "FRM,SYS,ROL008,AGR001", "-f", "json")
    assert [
        f for f in json.loads(result.stdout)["findings"] if f["deferred"] and not f["path"] and "org" in f["subject"]
    ] == []


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_format_tells_how_many_and_none_says_all_is_well(here: Path, lang: str) -> None:
    for form in sorted(FORMATS):
        shown = run("validate", "data.yaml", *AS_OF, *FROM, "--select", "SUB001", "-f", form, "--lang", lang)
        assert shown.exit_code == 0
        _tells_of_two(shown.stdout, form, lang)


def _tells_of_two(text: Any, form: Any, lang: Any) -> None:
    if form in {"csv", "gitlab"}:  # a row for each
        assert len(re.findall("skal bringes på plads: |to be brought in step: ", text)) == 2
    elif form == "junit":
        assert ("2 skal bringes på plads" if lang == "da" else "2 to be brought in step") in text
    elif form == "json":
        assert '"deferred": 2' in text
    else:
        assert re.search(r"\b2 (fund )?(på|findings on)\b|\b2 on agreements", text)
    assert "All clear" not in text
    assert "ingen er brudt" not in text
    assert "conforms> true" not in text
    assert "sh:conforms true" not in text


def test_what_society_depends_on_comes_first(here: Path) -> None:
    lines = run("validate", "data.yaml", *AS_OF, *FROM, "--select", "SUB001", "--lang", "en").stdout.splitlines()
    start = next(
        n for n, line in enumerate(lines) if line.startswith("To be brought in step: 2 findings on 2 agreements")
    )
    assert lines[start + 1] == "  Kritisk (society-critical): 1 breach – SUB001"
    assert lines[start + 2] == "  Gammel: 1 breach – SUB001"


def test_the_day_may_stand_in_the_configuration(here: Path) -> None:
    (here / "graphsc.toml").write_text("judged-from = 2025-01-01\n", encoding="utf-8")
    assert run("validate", "data.yaml", *AS_OF, "--select", "SUB001").exit_code == 0
    assert re.search(r"judged-from +2025-01-01 +graphsc.toml", run("config", "show").stdout)


def test_a_day_that_is_none_is_refused(here: Path) -> None:
    done = process("validate", "data.yaml", "--judged-from", "i fjor", cwd=here)
    assert done.returncode == 2
    assert "--judged-from" in done.stderr.decode()


def test_a_day_that_has_not_come_would_spare_all_and_is_refused(here: Path) -> None:
    done = run("validate", "data.yaml", "--as-of", "2026-11-25", "--judged-from", "2026-11-25", "--select", "SUB001")
    assert done.exit_code == 0
    done = run("validate", "data.yaml", "--as-of", "2026-11-25", "--judged-from", "2026-11-26", "--lang", "en")
    assert done.exit_code == 2
    assert (
        "--judged-from 2026-11-26 is after the evaluation date 2026-11-25, so no dated agreement would count"
        in done.stderr
    )
    (here / "graphsc.toml").write_text("judged-from = 2062-01-01\n", encoding="utf-8")
    done = run("validate", "data.yaml", "--as-of", "2026-11-25", "--lang", "da")
    assert done.exit_code == 2
    assert "graphsc.toml" in done.stderr
    assert run("duties", "data.yaml", "--as-of", "2026-11-25").exit_code == 0


def test_the_duties_stay_what_they_are(here: Path) -> None:
    (here / "graphsc.toml").write_text("judged-from = 2025-01-01\n", encoding="utf-8")
    with_day = run("coverage", "data.yaml", *AS_OF, "-f", "json")
    (here / "graphsc.toml").unlink()
    assert with_day.stdout == run("coverage", "data.yaml", *AS_OF, "-f", "json").stdout
