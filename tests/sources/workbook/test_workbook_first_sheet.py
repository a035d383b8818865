"""The first sheet of a workbook says what `validate` says of that workbook on the day that the sheet names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command import run
from importing import kitos
from repository import DEMO
from test_workbook_asking import REGISTER, answered

_ON = {"GRAPHSC_AS_OF": "2026-11-25"}


def _workbook() -> None:
    assert run("workbook", str(DEMO), "-o", "new.xlsx", env=_ON).exit_code == 0


def _answer() -> None:
    Path("register.yaml").write_text(REGISTER, encoding="utf-8")
    assert run("ask", "Løngang", "register.yaml", "-o", "ask.xlsx", env=_ON).exit_code == 0
    answered({("Underleverandører", "under/u", "Slut"): "2027-01-31"})
    assert run("import", "answer.xlsx", "register.yaml", "-o", "new.xlsx", env=_ON).exit_code == 0


def _import() -> None:
    kitos(Path("kitos"))
    assert run("import", "kitos", "--as", "kitos", "-o", "new.xlsx", env=_ON).exit_code == 0


def _init() -> None:
    assert run("init", "here", "--name", "Kystvagten", "--workbook", env=_ON).exit_code == 0
    Path("here/data/register.xlsx").rename("new.xlsx")


@pytest.mark.parametrize("write", [_workbook, _answer, _import, _init])
@pytest.mark.parametrize(
    "settings",
    [
        pytest.param("", id="plain"),
        pytest.param('judged-from = "2026-01-01"\nignore = ["AGR"]\n', id="settings", marks=pytest.mark.exhaustive),
    ],
)
def test_the_first_sheet_is_what_validate_says_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[], None], settings: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("graphsc.toml").write_text(settings, encoding="utf-8")
    write()
    rows = list(openpyxl.load_workbook("new.xlsx").worksheets[0].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[1] == "Rule")
    said = [row for row in rows[head + 1 :] if row[1]]
    assert rows[head - 1][0] == "Checked when the file was written: " + _last("new.xlsx")
    judged = json.loads(run("validate", "new.xlsx", "-f", "json", env=_ON).stdout)["findings"]
    assert Counter(row[1] for row in said) == Counter(one["code"] for one in judged if one["waived"] is None)
    graver = Counter(one["severity"] for one in judged if one["waived"] is None and one["group"] is None)
    for severity in ("breach", "question"):
        assert sum(severity in str(row[0]) for row in said) == graver[severity]


def test_a_first_sheet_without_tasks_claims_no_more_than_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("organisationer: [{id: a, navn: A, art: virksomhed, land: DK}]\n", encoding="utf-8")
    assert run("workbook", "a.yaml", "-o", "new.xlsx", env=_ON).exit_code == 0
    shown = [row[0] for row in openpyxl.load_workbook("new.xlsx").worksheets[0].iter_rows(values_only=True) if row[0]]
    assert shown[-1] in run("validate", "new.xlsx", env=_ON).stdout
    assert "no active agreements" in str(shown[-1])


def test_the_findings_carry_no_older_list_of_what_is_to_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _init()
    run("validate", "new.xlsx", "-f", "xlsx", "-o", "findings.xlsx", env=_ON)
    book = openpyxl.load_workbook("findings.xlsx")
    assert book.sheetnames[0] == "Findings"
    assert not {"Hvad skal gøres", "What to do"} & set(book.sheetnames)
    assert book.worksheets[0]["A1"].value == _last("new.xlsx")


def _last(file: str) -> str:
    """The numbers that `validate` ends with."""
    return run("validate", file, env=_ON).stdout.splitlines()[-1]
