"""The coverage of the guide for a terminal, as Markdown, JSON, CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import local_name
from graphsc.coverage import words
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.statements import Statement
from graphsc.coverage.status import Cell, Coverage, State, newest
from graphsc.rendering import sections
from graphsc.rendering.coverage import content, json
from graphsc.rendering.sections import CsvColumns, T

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from graphsc.rendering.workbook import Book

FORMATS = ("text", "json", "markdown", "csv", "xlsx")
_RECOMMENDATIONS = Text("Vejledningens anbefalinger pr. {day}", "The guide's recommendations as of {day}")
_ALL_STATEMENTS = Text("Vejledningens udsagn og hvad der behandler dem", "The guide's statements and what treats them")
_OVERVIEW = Text("Anbefalinger", "Recommendations")
_CELLS, _STATEMENTS = Text("Aftale for aftale", "Agreement by agreement"), Text("Udsagn", "Statements")
_WIDTHS = {"says": 60, "agreement": 30, "organisation": 24, "state": 16, "why": 40, "by": 24, "also": 24, "reason": 50}
_LOOKS = {State.MET: "met", State.NOT_MET: "breach", State.NOT_RECORDED: "question", State.WAIVED: "waived"}


def render(
    form: str, shown: Coverage, *, language: Language, statements: bool = False, colour: bool = False
) -> str | bytes:
    """Render the states of the recommendations, or with ``statements`` the treatment of each statement.

    JSON and the workbook have both. The workbook is bytes.
    """
    match form:
        case "json":
            return json.render(shown)
        case "xlsx":
            return _workbook(shown, language)
        case "csv":
            if statements:
                return sections.csv(_columns_of_statements(shown, language), shown.statements.values())
            return sections.csv(_columns_of_cells(shown, language), shown.cells)
    if statements:
        title, parts = _ALL_STATEMENTS, content.of_statements(shown, brief=form == "text")
    else:
        title, parts = _RECOMMENDATIONS, content.of_recommendations(shown, brief=form == "text")
    title = Text(title.da.format(day=shown.as_of), title.en.format(day=shown.as_of))
    return sections.page(form, title, parts, language, colour=colour)


def _columns_of_cells(shown: Coverage, language: Language) -> CsvColumns[Cell]:
    """The columns of a recommendation for an agreement or organisation."""
    says = {recommendation.id: recommendation.text[language] for recommendation in shown.recommendations}
    return {
        "recommendation": lambda cell: cell.recommendation,
        "says": lambda cell: says[cell.recommendation],
        "agreement": lambda cell: cell.agreement and words.name(cell.agreement, shown)[language],
        "organisation": lambda cell: None if cell.agreement else words.name(cell.organisation, shown)[language],
        "state": lambda cell: words.STATE[cell.state][language],
        "in_order": lambda cell: cell.numerator,
        "of": lambda cell: cell.denominator,
        "rules_broken": lambda cell: cell.rules,
        "decided_by": lambda cell: words.decider(cell, shown)[language],
        "why": lambda cell: words.why(cell)[language],
        "agreement_iri": lambda cell: cell.agreement,
        "organisation_iri": lambda cell: cell.organisation,
        "findings": lambda cell: tuple(sorted({check.finding for check in cell.checks if check.finding})),
        "evidence_iris": lambda cell: cell.evidence,
        "evidence_by": lambda cell: words.whose(cell.records, shown)[language],
    }


def _columns_of_statements(shown: Coverage, language: Language) -> CsvColumns[Statement]:
    """The columns of a statement of the guide."""

    def looked_at(statement: Statement) -> tuple[Check, ...]:
        return shown.of_statement.get(statement.id, ())

    def met(statement: Statement) -> list[Check]:
        return [check for check in looked_at(statement) if check.outcome is Checked.MET]

    def text(optional: Text | None) -> str | None:
        return None if optional is None else optional[language]

    return {
        "statement": lambda statement: statement.id,
        "section": lambda statement: statement.section,
        "phase": lambda statement: statement.phase and local_name(statement.phase),
        "addressee": lambda statement: statement.addressee,
        "weight": lambda statement: statement.weight,
        "says": lambda statement: statement.text[language],
        "treatment": lambda statement: words.treatment(statement, shown)[language],
        "by": lambda statement: statement.by,
        "also": lambda statement: tuple(
            carrier.name for carrier in statement.carriers if carrier.treatment != statement.treatment
        ),
        "reason": lambda statement: text(statement.reason),
        "recommendations": lambda statement: tuple(
            recommendation.id for recommendation in shown.recommendations if statement.id in recommendation.statements
        ),
        "in_order": lambda statement: len(met(statement)),
        "of": lambda statement: len(looked_at(statement)),
        "looks_at": lambda statement: text(statement.looks_at),
        "does_not_see": lambda statement: text(statement.does_not_see),
        "evidence_by": lambda statement: words.whose(newest(met(statement)), shown)[language],
    }


def _workbook(shown: Coverage, language: Language) -> bytes:
    """The workbook's bytes; the same coverage gives the same bytes.

    Everything is written as text or as a number, never as a formula.
    """
    from graphsc.rendering.workbook import Book

    book = Book(shown.as_of, words.MEANING[language])
    sheets = [book.book.add_worksheet(name[language]) for name in (_OVERVIEW, _CELLS, _STATEMENTS)]
    _matrix(book, sheets[0], shown, language)
    _table(book, sheets[1], _columns_of_cells(shown, language), shown.cells, language)
    _table(book, sheets[2], _columns_of_statements(shown, language), shown.statements.values(), language)
    return book.close()


def _matrix(book: Book, sheet: Worksheet, shown: Coverage, language: Language) -> None:
    """A row for each recommendation, a column for each agreement and organisation."""
    places = {place: number for number, place in enumerate(dict.fromkeys(map(_place, shown.cells)), 2)}
    names = [escape.line(words.name(agreement or organisation, shown)[language]) for agreement, organisation in places]
    headings = [Text("Nr.", "No.")[language], words.MEANING[language], *names]
    book.heads(sheet, 0, headings, [8, 60, *(18 for _ in names)])
    for row, recommendation in enumerate(shown.recommendations, 1):
        book.write(sheet, row, 0, recommendation.id, "plain", language)
        book.write(sheet, row, 1, recommendation.text[language], "plain", language)
        for cell in shown.of(recommendation.id):
            state = words.STATE[cell.state][language]
            count = f" ({words.of(cell.numerator, cell.denominator)[language]})" if cell.denominator else ""
            book.write(sheet, row, places[_place(cell)], state + count, _LOOKS.get(cell.state, "plain"), language)
    sheet.freeze_panes(1, 2)


def _place(cell: Cell) -> tuple[str | None, str | None]:
    return cell.agreement, cell.organisation


def _table(book: Book, sheet: Worksheet, columns: CsvColumns[T], items: Collection[T], language: Language) -> None:
    """A table with a frozen head and filters."""
    book.heads(sheet, 0, list(columns), [_WIDTHS.get(name, 14) for name in columns])
    for row, item in enumerate(items, 1):
        for number, value_of in enumerate(columns.values()):
            value = value_of(item)
            text = value if isinstance(value, int) else escape.line(sections.csv_cell(value))
            book.write(sheet, row, number, text, "plain", language)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(items), len(columns) - 1)
