"""``workbook --refresh`` writes the first sheet anew by what the workbook says now, and loses nothing of the user's."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from command import run
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from test_workbook_asking import REGISTER
from test_workbook_writing import SOFFICE, converted

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.writing import write_all
from graphsc.rendering.register.renewal import CannotRenewError, renewed
from graphsc.service.registers.register import Standing, stand
from graphsc.sources.workbook.file import RawBook, open_book

_ON, _LATER = {"GRAPHSC_AS_OF": "2026-11-25"}, {"GRAPHSC_AS_OF": "2026-11-26"}
_FIRST = "What to do"
_HEAD = 9
"""The row of the headings of the tasks."""


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("register.yaml").write_text(REGISTER, encoding="utf-8")
    assert run("workbook", "register.yaml", "-o", "register.xlsx", env=_ON).exit_code == 0
    return Path("register.xlsx")


def _edit(path: Path, change: Callable[[Any], None]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def _tasks(path: Path) -> list[tuple[Any, ...]]:
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [row for row in list(rows)[_HEAD:] if row[1]]


def test_the_first_sheet_follows_the_file_and_the_old_one_is_kept(register: Path) -> None:
    def change(book: Any) -> None:
        book["Contracts"]["C5"] = "The agreement on tides"
        book["Contracts"]["A20"] = "contract/new"
        book.create_sheet("(our notes)")["B2"] = "=1+1"

    _edit(register, change)
    before = register.read_bytes()
    result = run("workbook", "register.xlsx", "--refresh", env=_LATER)
    assert (result.exit_code, result.stdout) == (0, "Renewed: register.xlsx. The old one is register.xlsx.bak.\n")
    assert Path("register.xlsx.bak").read_bytes() == before
    judged = json.loads(run("validate", "register.xlsx", "-f", "json", env=_LATER).stdout)["findings"]
    assert Counter(row[1] for row in _tasks(register)) == Counter(one["code"] for one in judged if not one["waived"])
    sheet = openpyxl.load_workbook(register).worksheets[0]
    assert "2026-11-26" in sheet.cell(_HEAD - 1, 1).value
    assert "--refresh" in " ".join(str(row[0].value) for row in sheet.iter_rows(max_row=6))
    links = {one["location"]["cell"] for one in judged if one["location"]}
    assert {cell.hyperlink.location.split("!")[1] for cell in sheet["H"] if cell.hyperlink} == links
    assert sheet.auto_filter.ref == f"A{_HEAD}:H{_HEAD + len(_tasks(register))}"
    assert run("workbook", "register.xlsx", "--refresh", env=_LATER).exit_code == 0
    assert register.read_bytes() == Path("register.xlsx.bak").read_bytes()


def test_an_empty_workbook_gets_tasks_when_it_is_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("workbook", "-o", "a.xlsx", env=_ON).exit_code == 0
    _edit(Path("a.xlsx"), lambda book: book["Organisations"].__setitem__("B5", "Kystvagten"))
    _edit(Path("a.xlsx"), lambda book: book["Organisations"].__setitem__("C5", "ministry of everything"))
    result = run("workbook", "a.xlsx", "--refresh", env=_LATER)
    assert result.exit_code == 2
    assert "a.xlsx[Organisations!C5]: error[unknown-concept]" in result.stderr
    assert next(row[:2] for row in _tasks(Path("a.xlsx"))) == ("error", "unknown-concept")
    sheet = openpyxl.load_workbook("a.xlsx").worksheets[0]
    assert (sheet.freeze_panes, sheet.column_dimensions["C"].width > 50) == (f"A{_HEAD + 1}", True)


_EDITS: tuple[Callable[[Any, Any, random.Random], object], ...] = (
    lambda _, sheet, dice: setattr(sheet.cell(dice.randint(5, 60), dice.randint(1, 40)), "value", dice.random()),
    lambda _, sheet, dice: setattr(sheet.cell(dice.randint(5, 60), 45), "value", "=SUM(A1:A3)&\"<&'æ\""),
    lambda _, sheet, dice: setattr(sheet.cell(5, dice.randint(1, 9)), "comment", Comment("Ring & spørg <i dag>", "Nina")),
    lambda _, sheet, dice: setattr(sheet.cell(dice.randint(1, 9), 2), "fill", PatternFill("solid", fgColor="FF00AA10")),
    lambda _, sheet, dice: setattr(sheet.cell(dice.randint(1, 9), 3), "font", Font(name="Courier New", size=dice.randint(8, 30))),
    lambda _, sheet, dice: setattr(sheet.cell(dice.randint(5, 9), 4), "number_format", "dd. mmm yyyy;@"),
    lambda _, sheet, dice: setattr(sheet.column_dimensions["B"], "width", dice.randint(5, 90)),
    lambda _, sheet, dice: setattr(sheet.row_dimensions[dice.randint(4, 9)], "height", 44),
    lambda _, sheet, dice: setattr(sheet.row_dimensions[dice.randint(5, 9)], "hidden", True),
    lambda _, sheet, __: sheet.insert_cols(2),
    lambda _, sheet, __: sheet.auto_filter.add_filter_column(1, ["Løngang"]),
    lambda _, sheet, __: sheet.conditional_formatting.add("A5:F90", CellIsRule("equal", ['"x"'], fill=PatternFill("solid", bgColor="FFFF0000"))),
    lambda book, __, dice: book.create_sheet(f"(eget & {dice.randint(0, 10**9)})").append(["a", 1, date(2026, 1, 2)]),
    lambda book, sheet, dice: book.move_sheet(sheet, dice.randint(0, 3)) if sheet is not book.worksheets[0] else None,
    lambda book, __, dice: book.defined_names.add(DefinedName(f"mit_{dice.randint(0, 10**9)}", attr_text="Contracts!$A$1")),
)  # fmt: skip


def _cells(content: bytes, first: str) -> dict[str, Any]:
    """What the workbook shows on every sheet but the first, and how."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        f"{sheet.title}!{cell.coordinate}": (cell.value, cell.number_format, *map(repr, (cell.font, cell.fill, cell.border, cell.alignment)))
        for sheet in book.worksheets if sheet.title != first for row in sheet.iter_rows() for cell in row if cell.has_style or cell.value
    }  # fmt: skip


def _standing(standing: Standing, book: RawBook) -> Standing:
    return replace(standing, start=next(sheet for sheet in book.sheets if sheet.name == _FIRST))


def test_random_edits_lose_nothing(tmp_path: Path) -> None:
    """What is not the first sheet, the styles or the list of sheets stays byte for byte; cells show the same in the same way."""
    path, dice = tmp_path / "a.xlsx", random.Random(36)
    small = openpyxl.Workbook()
    small.active.title = _FIRST
    for name in ("Contracts", "Organisations"):
        small.create_sheet(name).append(["Id", "Name", "Kind"])
        small[name].append([f"{name}/1", "Løngang", None])
    small.save(path)
    standing = stand("a.xlsx", path.read_bytes(), Settings(as_of=date(2026, 11, 25)))

    def change(book: Any) -> None:
        for _ in range(4):
            dice.choice(_EDITS)(book, dice.choice([sheet for sheet in book.worksheets if sheet.title != _FIRST]), dice)

    for _ in range(13):
        _edit(path, change)
        before = path.read_bytes()
        after = renewed(before, _standing(standing, open_book(before)), language=Language.DA)
        with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
            assert old.namelist() == new.namelist()
            changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        assert len({name for name in changed if "worksheets/" in name}) <= 1
        assert {name for name in changed if "worksheets/" not in name} <= {"xl/styles.xml"}
        assert _cells(before, _FIRST) == _cells(after, _FIRST)
        path.write_bytes(after)


def test_pictures_charts_and_what_is_unknown_stay(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet(_FIRST)
    sheet = book.add_worksheet("(kurve)")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "='(kurve)'!$A$1:$A$3"})
    sheet.insert_chart("C3", chart)
    sheet.add_sparkline("B1", {"range": "'(kurve)'!A1:A3"})
    book.close()
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as archive:
        archive.writestr("xl/threadedComments/threadedComment1.xml", "<ThreadedComments/>")
    before = (tmp_path / "a.xlsx").read_bytes()
    standing = stand("a.xlsx", before, Settings(as_of=date(2026, 11, 25)))
    after = renewed(before, standing, language=Language.EN)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        kept = [name for name in old.namelist() if old.read(name) == new.read(name)]
    assert {*old.namelist()} - {*kept} == {"xl/worksheets/sheet1.xml", "xl/styles.xml"}


@pytest.mark.parametrize(("cell", "value"), [("K3", "husk at ringe"), ("A40", "egen linje"), ("B12", "=1+1")])
def test_what_the_user_wrote_on_the_first_sheet_is_not_lost(register: Path, cell: str, value: str) -> None:
    _edit(register, lambda book: book.worksheets[0].__setitem__(cell, value))
    before = register.read_bytes()
    result = run("workbook", "register.xlsx", "--refresh", env=_LATER)
    assert result.exit_code == 2
    assert f"What to do!{cell} is your own" in result.stderr
    assert register.read_bytes() == before
    assert sorted(path.name for path in Path().iterdir()) == ["register.xlsx", "register.yaml"]


def test_a_signed_workbook_and_one_without_the_sheet_are_refused(register: Path) -> None:
    _edit(register, lambda book: book.remove(book.worksheets[0]))
    assert "no sheet “What to do”" in run("workbook", "register.xlsx", "--refresh").stderr
    standing = stand("a.xlsx", register.read_bytes(), Settings())
    with zipfile.ZipFile(register, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<a/>")
    first = open_book(register.read_bytes()).sheets[0]
    with pytest.raises(CannotRenewError, match="signed"):
        renewed(register.read_bytes(), replace(standing, start=first), language=Language.EN)


@pytest.mark.parametrize("mark", ["~$register.xlsx", ".~lock.register.xlsx#"])
def test_a_workbook_that_is_open_is_left_alone(register: Path, mark: str) -> None:
    before = register.read_bytes()
    Path(mark).touch()
    result = run("workbook", "register.xlsx", "--refresh")
    assert (result.exit_code, "open in a spreadsheet" in result.stderr) == (2, True)
    assert register.read_bytes() == before


def test_a_file_that_cannot_be_replaced_is_left_alone(register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, moved = register.read_bytes(), Path.replace

    def held(self: Path, target: Path) -> Path:
        if target.name == "register.xlsx":
            raise PermissionError(13, "Permission denied")
        return moved(self, target)

    monkeypatch.setattr(Path, "replace", held)
    result = run("workbook", "register.xlsx", "--refresh")
    assert (result.exit_code, "open in a spreadsheet" in result.stderr) == (2, True)
    assert register.read_bytes() == before
    assert not list(Path().glob(".register*"))
    with pytest.raises(PermissionError):
        write_all({register: b""}, rewriting=True)


@pytest.mark.parametrize("words", [["--refresh"], ["a.ods", "--refresh"], ["a.xlsx", "-o", "b.xlsx", "--refresh"], []])
def test_what_is_to_be_written_must_be_said(words: list[str]) -> None:
    result = run("workbook", *words)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


@pytest.mark.exhaustive
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(register: Path) -> None:
    assert run("workbook", "register.xlsx", "--refresh", env=_LATER).exit_code == 0
    opened = open_book(converted(register.resolve(), "ods").read_bytes())
    assert [row[1] for row in opened.sheets[0].rows[_HEAD:] if len(row) > 1 and row[1]] == [
        row[1] for row in _tasks(register)
    ]
