"""The workbook that is sent to a supplier: its part of the chain, in both languages, with missing cells in yellow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from graphsc.core import vocabulary as v
from graphsc.core.text import Language, Text
from graphsc.rendering.register.book import NAME, Lists, Register, pieces
from graphsc.rendering.workbook import Book, place_in
from graphsc.service.registers.ask import FACTS, IDENTITY, Inquiry
from graphsc.sources.workbook.content import HEAD, Content, Filled, Row, called, escaped
from graphsc.sources.workbook.layout import referring

_LANGUAGE = Language.DA
_TITLE = Text("Spørgsmål til leverandør", "Questions to a supplier")
_HOW = (
    Text("Spørgsmål til jer som leverandør", "Questions to you as a supplier"),
    Text(
        "Arkene viser, hvad kunden har registreret om jer og jeres underleverandører. Udfyld de gule celler, og ret det, der er forkert.",
        "The sheets show what the customer has recorded of you and your subcontractors. Fill in the yellow cells and correct what is wrong.",
    ),
    Text(
        "Mangler en underleverandør, så skriv den på en ny række. Er en ophørt, så skriv slutdatoen; slet kun det, der aldrig har passet.",
        "If a subcontractor is missing, write it on a new row. If one has ended, write the end date; delete only what was never right.",
    ),
    Text("Skriv til sidst herunder, hvem der har svaret og hvornår.", "Finally say below who answered, and when."),
)
_HEADS = (Text("Ark", "Sheet"), Text("Hvad", "What"), Text("Mangler", "Missing"))


def render(inquiry: Inquiry) -> bytes:
    """The bytes of the workbook."""
    content = inquiry.content
    shown = replace(
        content, sheets=[_bilingual(sheet) for sheet in content.sheets if sheet.sheet.inquiry or sheet.rows]
    )
    book = Book(inquiry.day, _both(_TITLE))
    start = book.book.add_worksheet(content.layout.name_of("start")[_LANGUAGE])
    for filled in shown.sheets:
        book.book.add_worksheet(filled.sheet.name[_LANGUAGE])
    if content.facts:
        book.book.add_worksheet(content.layout.name_of("facts")[_LANGUAGE])
    kept, lists = book.book.add_worksheet(FACTS), book.book.add_worksheet(NAME[_LANGUAGE])
    lists.hide()
    register = Register(shown, _LANGUAGE, book, Lists(book, lists, content.layout, _LANGUAGE))
    register.sheets()
    questions = [*_to_do(shown, inquiry.findings)]
    questions += [question for filled in shown.sheets for question in _missing(register, filled, inquiry.whole)]
    if content.facts:
        register.facts()
    _write_start(book, start, inquiry.party, inquiry.day.isoformat(), content.base, questions)
    _write_facts(book, kept, inquiry.facts)
    return book.close()


def _bilingual(filled: Filled) -> Filled:
    """A sheet with its headings in both languages, in which the columns that are asked for are not hidden."""
    columns = [replace(column, heading=Text.same(_both(column.heading))) for column in filled.columns]
    inquired = [column for column in columns if column.prop.iri in filled.sheet.inquiry]
    first = [column for column in columns[: filled.sheet.first] if column not in inquired]
    rest = [column for column in columns if column not in inquired and column not in first]
    sheet = replace(filled.sheet, help=Text.same(_both(filled.sheet.help)), first=len(inquired))
    return replace(filled, sheet=sheet, columns=[*inquired, *first, *rest])


def _to_do(content: Content, findings: Iterable[tuple[str, Text, Text]]) -> Iterator[tuple[str, str, str, str]]:
    """The findings that the supplier must act on: a link to the row of the thing, its sheet, the message, and the remedy."""
    rows = {
        row.iri: (filled.sheet.name[_LANGUAGE], xl_rowcol_to_cell(number, 0))
        for filled in content.sheets
        for number, row in enumerate(filled.rows, HEAD + 1)
    }
    for subject, message, title in findings:
        if subject in rows:
            name, cell = rows[subject]
            yield place_in(name, cell), name, _both(message), _both(title)


def _missing(register: Register, filled: Filled, whole: Collection[str]) -> list[tuple[str, str, str, str]]:
    """Colour the empty cells that are asked for; for each row of these a link, the sheet, the thing, and the headings."""
    name = filled.sheet.name[_LANGUAGE]
    sheet = register.book.book.get_worksheet_by_name(name)
    result: list[tuple[str, str, str, str]] = []
    for number, row in enumerate(filled.rows, HEAD + 1):
        empty = [
            (at, column) for column in filled.columns
            if column.prop.iri in filled.sheet.inquiry and _lacks(register, row, column.prop.iri) and row.iri in whole
            and (at := register.columns.get((name, column.prop.iri))) is not None
        ]  # fmt: skip
        for at, _ in empty:
            sheet.write_blank(number, at, None, register.book.look("question"))
        if empty:
            missing = ", ".join(column.heading.da for _, column in empty)
            what = _evidence(row) or referring(called(row, _LANGUAGE), row.id)
            result.append((place_in(name, xl_rowcol_to_cell(number, empty[0][0])), name, what, missing))
    return result


def _lacks(register: Register, row: Row, prop: str) -> bool:
    """Whether a row lacks a value that it can have: an organisation abroad has no number of a Danish register."""
    layout, terms = register.content.layout, register.terms
    if prop in row.cells or prop in layout.may_lack:
        return False
    country = row.cells.get(v.G_COUNTRY)
    countries = layout.asked_in.get(prop)
    if countries is None or country is None:
        return True
    return terms.concept(str(country), terms.properties[v.G_COUNTRY].schemes, [row.cls]) in countries


def _evidence(row: Row) -> str:
    """Evidence by its kind and day, since its id tells a person nothing; empty for things with a name and for other things."""
    kind, day = (row.cells.get(prop) for prop in (v.G_KIND, v.G_DATE))
    return f"{kind} {day}" if kind and day and not called(row, _LANGUAGE) else ""


def _both(text: Text) -> str:
    """A text in both languages, since a supplier may read either."""
    return text.da if text.da == text.en else f"{text.da} / {text.en}"


def _write_start(
    book: Book, sheet: Worksheet, party: str, day: str, base: str, questions: Sequence[tuple[str, str, str, str]]
) -> None:
    """Write the sheet: how to answer, the party that is asked and the person who answers, then what is missing.

    ``questions`` are the target of a link, the sheet, the thing, and the headings of its missing cells.
    """
    row = 0
    for text in _HOW:
        for words in (text.da, text.en):
            sheet.write_string(row, 0, words, book.look("title" if text is _HOW[0] else "help"))
            row += 1
    for key, label in IDENTITY.items():
        sheet.write_string(row, 0, label, book.look("head"))
        value = {"party": party, "day": day}.get(key, "")
        if value:
            book.write(sheet, row, 1, value, "id", _LANGUAGE)
        else:
            sheet.write_blank(row, 1, None, book.look("date" if key == "on" else "question"))
        row += 1
    sheet.write_string(row, 0, "base", book.look("id"))
    book.write(sheet, row, 1, base, "id", _LANGUAGE)
    row += 2
    book.heads(sheet, row, [_both(text) for text in _HEADS], (34, 60, 60))
    for at, (target, name, what, missing) in enumerate(questions, row + 1):
        book.link(sheet, at, 0, target, name)
        book.write(sheet, at, 1, what, "plain", _LANGUAGE)
        book.write(sheet, at, 2, missing, "plain", _LANGUAGE)


def _write_facts(book: Book, sheet: Worksheet, facts: Sequence[tuple[str, str, str]]) -> None:
    """Write the recorded facts to a hidden sheet: the answer is compared with them."""
    sheet.hide()
    for row, (subject, predicate, object_) in enumerate(facts):
        for column, piece in enumerate([subject, predicate, *pieces(escaped(object_))]):
            book.write(sheet, row, column, piece, "text", _LANGUAGE)
