"""A sheet whose structure is lost gives a message that says so with its cell, not those that follow from it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from test_workbook_reading import SMALL
from workbooks import facts, problems, write

from graphsc.sources import read

_ORGANISATIONS = "Organisationer"


def _small() -> dict[str, list[Any]]:
    """A register whose organisations have no ids and are named by their names alone, on many rows."""
    sheets = deepcopy(SMALL)
    for row in sheets[_ORGANISATIONS][1:]:
        row[0] = None
    sheets["Systemer"] += [[None, f"System {number}", "Fjord Hosting"] for number in range(30)]
    sheets["Kontrakter"][1][2] = "Fjord Hosting"
    return sheets


def _said(path: Path) -> list[str]:
    """The problems by place and code, without the note on what could not be checked."""
    said = [": ".join(text.split(": ")[:2]) for text in problems(path)]
    return [text for text in said if not text.endswith("unchecked-reference")]


def test_a_renamed_heading_is_one_message(tmp_path: Path) -> None:
    sheets = _small()
    sheets[_ORGANISATIONS][0][1] = "Firma"
    assert _said(write(tmp_path / "a.xlsx", sheets)) == ["[Organisationer!B1]: unknown-column"]
    said = " ".join(problems(tmp_path / "a.xlsx"))
    assert "no column “Name”" in said
    sheets = _small()
    sheets["Underleverandører"][0][0] = "Hører under"
    assert [text.split(":")[0] for text in problems(write(tmp_path / "b.xlsx", sheets))] == ["[Underleverandører!A1]"]


@pytest.mark.parametrize("title", [[], ["Vores leverandører 2026"]])
def test_a_sheet_without_headings_is_one_message(tmp_path: Path, title: list[str]) -> None:
    sheets = _small()
    sheets[_ORGANISATIONS] = [title, *([None, *row[1:]] for row in sheets[_ORGANISATIONS][1:])] if title else []
    assert _said(write(tmp_path / "a.xlsx", sheets)) == ["[Organisationer!A1]: no-headings"]
    assert "Write the headings again" in " ".join(problems(tmp_path / "a.xlsx"))


def test_a_title_above_the_headings_changes_nothing(tmp_path: Path) -> None:
    sheets = _small()
    whole = facts(read([write(tmp_path / "a.xlsx", sheets)]))
    sheets[_ORGANISATIONS].insert(0, ["Vores leverandører 2026"])
    assert problems(write(tmp_path / "b.xlsx", sheets)) == []
    assert facts(read([tmp_path / "b.xlsx"])) == whole


def test_headings_among_the_rows_are_one_message_and_the_others_are_read(tmp_path: Path) -> None:
    sheets = _small()
    whole = facts(read([write(tmp_path / "a.xlsx", sheets)]))
    sheets[_ORGANISATIONS][2:2] = [["Flere leverandører"], sheets[_ORGANISATIONS][0]]
    (said,) = problems(write(tmp_path / "b.xlsx", sheets))
    assert said.startswith("[Organisationer!A4]: repeated-headings")
    assert "Delete row 3, 4" in said
    assert facts(read([tmp_path / "b.xlsx"])) == whole


def test_rows_under_other_headings_are_not_read_as_if_under_the_first(tmp_path: Path) -> None:
    sheets = _small()
    sheets[_ORGANISATIONS] += [["Navn", "Land", "Id"], ["Fjeldnet", "NO", "org/fjeld"], ["Dalnet", "SE", "org/dal"]]
    sheets["Systemer"][1][2] = "Fjeldnet"
    assert _said(write(tmp_path / "a.xlsx", sheets)) == ["[Organisationer!A5]: repeated-headings"]
    assert "org/fjeld" not in str(facts(read([tmp_path / "a.xlsx"])))


def test_an_empty_sheet_of_ones_own_is_nothing(tmp_path: Path) -> None:
    assert problems(write(tmp_path / "a.xlsx", {**_small(), "Ark1": []})) == []
