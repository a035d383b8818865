"""What a finding says to write in a workbook is right: filled into the violating case, it makes the finding go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from case_files import Case
from test_examples import CASES, CHANGED, NOTHING_TO_ADD, key, values_of
from workbooks import write

from graphsc.core.text import Language
from graphsc.rendering.register.book import Register
from graphsc.service import open_paths, validate
from graphsc.sources import read
from graphsc.sources.workbook.content import HEAD, content, type_word
from graphsc.sources.workbook.layout import Value, text_of
from graphsc.validation import Report, Rule
from graphsc.validation.examples import example
from graphsc.validation.examples.rows import RowToWrite, rows, together

_PLACEHOLDER = re.compile(r"<([^<>]+)>")
SAME = {"DEV002-deviations"}
"""Where the row would be on the same day and by the same as one that is there, which makes them one."""
ASKED = [case for case in CASES if case.code not in NOTHING_TO_ADD and case.name not in CHANGED | SAME]
Key = tuple[str, str, str | None]
NEW = {"person/ny": "Personer", "org/ny": "Organisationer", "proces/ny": "Funktioner og data"}
"""What a placeholder may name that is on no sheet yet."""


@dataclass
class Book:
    """A workbook in memory: its sheets by name, as lists of cells, to be filled in as a person would."""

    sheets: dict[str, list[list[Value]]] = field(default_factory=dict)

    def fill(self, row: RowToWrite, given: dict[str, str]) -> None:
        """Write a row; a placeholder that says which row is meant is the id of that row."""
        cells = self.sheets[row.sheet]
        heads = [text_of(value) for value in cells[HEAD]]
        number = row.number
        thing = _PLACEHOLDER.sub(lambda match: given[match[1]], row.thing)
        if number is None and thing:
            number = next((at for at, one in enumerate(cells, 1) if at > HEAD + 1 and thing in one), None)
        if number is None:
            cells.append([""] * len(heads))
            number = len(cells)
            if thing:
                cells[-1][heads.index("Id")] = thing
        line = cells[number - 1]
        line += [""] * (len(heads) - len(line))
        for cell in row.cells:
            at = heads.index(cell.heading)
            there = [text_of(line[at])] if cell.adds and line[at] != "" else []
            line[at] = "\n".join([*there, *(_PLACEHOLDER.sub(lambda m: given[m[1]], value) for value in cell.values)])

    def save(self, path: Path) -> None:
        """Write the sheets that have anything but headings."""
        write(path, {name: cells for name, cells in self.sheets.items() if len(cells) != HEAD + 1})


@cache
def book_of(case: Case) -> Book:
    """The violating graph of a case as it stands in the cells of a workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "case.yaml")
        path.write_text(case.violating, encoding="utf-8")
        arranged = content(read([path]), language=Language.DA)
    register = Register(arranged, Language.DA, None, None)  # type: ignore[arg-type] # only its headings are asked for
    book = Book({"Hvad skal gøres": [["base", arranged.base]]})
    for filled in arranged.sheets:
        heads = register.heads(filled)
        cells: list[list[Value]] = [[] for _ in range(HEAD)] + [[head.heading for head in heads]]
        for row in filled.rows:
            said = {"id": row.id, "type": type_word(row.cls, register.terms, Language.DA), **row.cells}
            cells.append([said.get(head.key, "") for head in heads])
        book.sheets[filled.sheet.name.da] = cells
    return book


def judged(books: dict[str, Book], folder: Path) -> tuple[Report, dict[str, Rule]]:
    for name, book in books.items():
        book.save(folder / f"{name}.xlsx")
    return validate(open_paths([folder], CASES[0].settings))


@cache
def rows_to_write() -> dict[str, dict[Key, list[RowToWrite]]]:
    """What the findings of each violating case say to write, where the same finding says it of YAML."""
    books = {case.name: deepcopy(book_of(case)) for case in ASKED}
    with TemporaryDirectory() as folder:
        report, rules = judged(books, Path(folder))
    result: dict[str, dict[Key, list[RowToWrite]]] = {case.name: {} for case in ASKED}
    for finding in report.findings:
        case = next(case for case in ASKED if finding.subject.startswith(case.base))
        rule = rules[finding.code]
        if finding.group is None and finding.code == case.code and example(rule, finding, case.base, Language.DA):
            result[case.name][key(finding)] = rows(rule, finding, report, Language.DA, case.base)
    return result


def given(case: Case, groups: Iterable[Sequence[RowToWrite]], date: str) -> dict[str, str]:
    """What takes the place of each placeholder."""
    texts = [row.text(Language.DA) for some in groups for row in some]
    names = dict.fromkeys(name for text in texts for name in _PLACEHOLDER.findall(text))
    return dict(zip(names, values_of(case, list(names), date), strict=True))


@dataclass
class Remaining:
    """The cases that have a finding left whatever the date, and what could not be read, by case."""

    open: set[str]
    problems: dict[str, list[str]]


def remaining() -> Remaining:
    """What is left when each case has the rows filled in with the day, and what is then open again with earlier dates."""
    fitting = rows_to_write()
    result = Remaining({case.name for case in ASKED}, {})
    for date in (None, "2024-01-01", "2025-08-06"):
        cases = [case for case in ASKED if case.name in result.open and fitting[case.name]]
        with TemporaryDirectory() as folder:
            report, _ = judged({case.name: filled(case, date) for case in cases}, Path(folder))
        left = {key(finding) for finding in report.findings}
        result.open = {case.name for case in cases if fitting[case.name].keys() & left}
        if date is None:
            for problem in report.problems:
                said = f"{problem.location}: {problem.message.en}"
                result.problems.setdefault(Path(problem.location.file).stem, []).append(said)
    return result


def filled(case: Case, date: str | None) -> Book:
    """The workbook of a case with the rows that its findings say to write, on a date or on the day of the case."""
    book = deepcopy(book_of(case))
    fitting = rows_to_write()[case.name]
    values = given(case, fitting.values(), date or case.as_of.isoformat())
    for row in (row for some in fitting.values() for row in some):
        book.fill(row, values)
    for new in {*values.values()} & NEW.keys():
        cells = book.sheets[NEW[new]]
        given_ = {"Id": new, "Type": "forretningsproces"}
        if not any(new in cell for cell in cells):
            cells.append([given_.get(text_of(head), "") for head in cells[HEAD]])
    return book


@pytest.mark.exhaustive
def test_what_is_written_in_the_cells_makes_the_findings_go() -> None:
    """All cases in one test, since they are read and judged as one folder.

    Some things must be done by today, others were to be done before the agreement was signed. Of a case nothing is asked where
    something that is written must change, or a workbook refuses what the case says.
    """
    fitting = rows_to_write()
    assert all(all(rows.values()) for rows in fitting.values()), "what YAML can say has columns too"
    left = remaining()
    wrong = left.problems.keys() | left.open
    said = {name: [row.text(Language.DA) for some in fitting[name].values() for row in some] for name in sorted(wrong)}
    assert said == {}, left.problems


def written_rows(tmp_path: Path, code: str, language: Language = Language.DA) -> list[tuple[str, str]]:
    """What the one finding of a rule in the workbooks of a folder says to write: sheet and row."""
    report, rules = validate(open_paths([tmp_path], CASES[0].settings))
    assert report.problems == ()
    (finding,) = (finding for finding in report.findings if finding.code == code)
    return [(row.sheet, row.text(language)) for row in rows(rules[code], finding, report, language)]


ORGANISATIONS: list[list[Value]] = [
    ["Id", "Navn"],
    ["", "Kommunen"],
    ["", "Fjord"],
    ["org/sky", "Sky"],
    ["org/sky-2", "Sky"],
]
CONTRACTS: list[list[Value]] = [
    ["Navn", "Kunde", "Leverandør", "Start", "Registre"],
    ["Driftsaftalen", "Kommunen", "Fjord", "2025-04-01", "underleverandører"],
]
SUBCONTRACTS: list[list[Value]] = [["Under", "Leverandør", "Start"], ["Driftsaftalen", "org/sky", "2025-06-01"]]


def test_a_row_that_nothing_can_refer_to_is_given_an_id_first(tmp_path: Path) -> None:
    sheets = {"Organisationer": ORGANISATIONS, "Kontrakter": CONTRACTS, "Underleverandører": SUBCONTRACTS}
    write(tmp_path / "a.xlsx", sheets)
    assert written_rows(tmp_path, "SUB001") == [
        ("Underleverandører", "række 2: Id = <nyt id>"),
        (
            "Godkendelser",
            "ny række: Godkendt = <nyt id> · Dato = <dato> · Udført af = Kommunen · Journal = <journalnummer> · Aftale = Driftsaftalen",
        ),
    ]
    english = written_rows(tmp_path, "SUB001", Language.EN)
    assert english[0] == ("Underleverandører", "row 2: Id = <new id>"), "headings are those of the workbook"
    assert english[1][1].startswith("new row: Godkendt = <new id> · Dato = <date> · ")


def test_what_stands_in_another_workbook_goes_by_its_id(tmp_path: Path) -> None:
    subcontracts = [["Id", *SUBCONTRACTS[0]], ["UL-1", *SUBCONTRACTS[1]]]
    subcontracts[1][1] = "agreement/driftsaftalen"
    write(tmp_path / "a.xlsx", {"Organisationer": ORGANISATIONS, "Kontrakter": CONTRACTS})
    write(tmp_path / "b.xlsx", {"Underleverandører": subcontracts})
    assert written_rows(tmp_path, "SUB001") == [
        (
            "Godkendelser",
            (
                "ny række: Godkendt = UL-1 · Dato = <dato> · Udført af = organisation/kommunen · Journal = <journalnummer> · "
                "Aftale = agreement/driftsaftalen"
            ),
        )
    ]


def test_a_name_that_several_have_stands_with_its_id(tmp_path: Path) -> None:
    organisations = [*ORGANISATIONS, ["org/kommunen", "Kommunen"]]
    contracts = [CONTRACTS[0], ["Driftsaftalen", "organisation/kommunen", "Fjord", "2025-04-01", "tilsyn"]]
    write(tmp_path / "a.xlsx", {"Organisationer": organisations, "Kontrakter": contracts})
    assert written_rows(tmp_path, "CON001") == [
        (
            "Tilsyn og dokumentation",
            (
                "ny række: Art = kontraktgennemgang · Vedrører = Driftsaftalen · Dato = <dato> · "
                "Udført af = Kommunen [organisation/kommunen]"
            ),
        )
    ]


def test_a_name_that_a_cell_would_read_as_several_stands_with_its_id(tmp_path: Path) -> None:
    organisations: list[list[Value]] = [*ORGANISATIONS, ["org/havn", "Havn; Kyst [A/S]"]]
    contracts = [CONTRACTS[0], ["Driftsaftalen", "org/havn", "Fjord", "2025-04-01", "tilsyn"]]
    write(tmp_path / "a.xlsx", {"Organisationer": organisations, "Kontrakter": contracts})
    ((_, row),) = written_rows(tmp_path, "CON001")
    assert row.endswith(" · Udført af = Havn, Kyst (A/S) [org/havn]")


def test_what_is_there_gets_its_id_before_new_rows_of_the_sheet_refer_to_it() -> None:
    new, other = (RowToWrite("a.xlsx", sheet, None, "", ()) for sheet in ("Tilsyn", "Krav"))
    there = RowToWrite("a.xlsx", "Tilsyn", 23, "", ())
    assert together([new, other, there, new]) == [there, new, new, other]
