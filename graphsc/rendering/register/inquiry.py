"""The first sheet of what a supplier is asked, and the sheet that keeps what was recorded when it was asked."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from graphsc.core.text import Language, Text
from graphsc.rendering.register.styles import Book

FACTS = "(spurgt - asked)"
"""The name of the sheet with the facts as they were recorded; in brackets, so that it is not read as data."""
IDENTITY = {
    "party": "leverandør / supplier",
    "day": "spurgt den / asked on",
    "by": "besvaret af / answered by",
    "on": "besvaret den / answered on",
}
"""What stands on the first sheet before the values that say who was asked, and who answered."""
_HOW = (
    Text("Spørgsmål til jer som leverandør", "Questions to you as a supplier"),
    Text(
        "Arkene viser, hvad kunden har noteret om jer og jeres underleverandører. Udfyld de gule celler, og ret det, der er forkert.",
        "The sheets show what the customer has recorded of you and your subcontractors. Fill in the yellow cells and correct what is wrong.",
    ),
    Text(
        "Mangler en underleverandør, så skriv den på en ny række. Er en ophørt, så skriv slutdatoen; slet kun det, der aldrig har passet.",
        "If a subcontractor is missing, write it on a new row. If one has ended, write the end date; delete only what was never right.",
    ),
    Text("Skriv til sidst herunder, hvem der har svaret og hvornår.", "Finally say below who answered, and when."),
)
_HEADS = (Text("Ark", "Sheet"), Text("Hvad", "What"), Text("Der mangler", "Missing"))


def both(text: Text) -> str:
    """A text in both languages, for a supplier may read either."""
    return text.da if text.da == text.en else f"{text.da} / {text.en}"


def write_inquiry(
    book: Book, sheet: Worksheet, party: str, day: str, base: str, questions: Sequence[tuple[str, str, str, str]]
) -> None:
    """Write the sheet: how to answer, who was asked and who answers, then what is missing.

    ``questions`` are the target of a link, the sheet, the thing, and the headings of what is missing of it.
    """
    row = 0
    for text in _HOW:
        for words in (text.da, text.en):
            sheet.write_string(row, 0, words, book.look("title" if text is _HOW[0] else "help"))
            row += 1
    for key, label in IDENTITY.items():
        sheet.write_string(row, 0, label, book.look("head"))
        given = {"party": party, "day": day}.get(key, "")
        if given:
            book.put(sheet, row, 1, given, "id", Language.DA)
        else:
            sheet.write_blank(row, 1, None, book.look("date" if key == "on" else "warning"))
        row += 1
    sheet.write_string(row, 0, "base", book.look("id"))
    book.put(sheet, row, 1, base, "id", Language.DA)
    row += 2
    book.heads(sheet, row, [both(text) for text in _HEADS], (34, 60, 60))
    for at, (target, name, what, missing) in enumerate(questions, row + 1):
        book.link(sheet, at, 0, target, name)
        book.put(sheet, at, 1, what, "plain", Language.DA)
        book.put(sheet, at, 2, missing, "plain", Language.DA)


def write_facts(
    book: Book, sheet: Worksheet, facts: Sequence[tuple[str, str, str]], escaped: Sequence[str], piece: int
) -> None:
    """Keep the facts as they were recorded, hidden: the answer is compared with them."""
    sheet.hide()
    for row, ((subject, predicate, _), object_) in enumerate(zip(facts, escaped, strict=True)):
        pieces = [object_[at : at + piece] for at in range(0, len(object_), piece)]
        for column, text in enumerate([subject, predicate, *pieces]):
            book.put(sheet, row, column, text, "text", Language.DA)
