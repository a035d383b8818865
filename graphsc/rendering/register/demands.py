"""What each register demands: the overview in the workbook, and the line on each sheet that leads to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphsc.core.text import Language, Text
from graphsc.rendering.register.styles import Book, place_in
from graphsc.sources.terms import Terms, load
from graphsc.validation.examples.rows import in_general
from graphsc.validation.rules import Rule

NAME = Text("(Registre)", "(Registers)")
_ABOUT = Text(
    "Her ser I, hvad hvert register spørger om, når I vælger det under »Registre«. … står for det, det handler om; hvad der skal stå i <…>, ved kun I.",
    "This is what each register asks, once you choose it under “Registers”. … is what it is about; only you know what is in <…>.",
)
_HEADS = (
    Text("Register", "Register"), Text("Det spørges der om", "What is asked"), Text("Ark", "Sheet"), Text("Skriv", "Write"),
    Text("Hvem", "Who"), Text("Regel", "Rule"),
)  # fmt: skip
_WIDTHS = (26, 60, 28, 90, 30, 10)
_HEAD = 2


@dataclass(frozen=True, slots=True)
class Demand:
    """What a register asks by one rule on one sheet: what it is, how it is written (or what to do), who sees to it, and the code.

    ``headings`` are those of the columns that it is written in.
    """

    register: str
    title: str
    sheet: str
    write: str
    who: str
    rule: str
    headings: frozenset[str] = frozenset()


def demands(rules: Iterable[Rule], language: Language) -> list[Demand]:
    """What the registers ask, register by register, sheet by sheet."""
    terms = load()
    result = []
    for rule in rules:
        if rule.register is not None:
            rows = in_general(rule, language)
            register, who = (_label(terms, iri or "", language) for iri in (rule.register, rule.role))
            for sheet in dict.fromkeys(row.sheet for row in rows) or [""]:
                there = [row for row in rows if row.sheet == sheet]
                write = "\n".join(row.text(language) for row in there) or rule.remedy[language]
                headings = frozenset(cell.heading for row in there for cell in row.cells)
                result.append(Demand(register, rule.title[language], sheet, write, who, rule.code, headings))
    return sorted(result, key=lambda demand: (demand.register, demand.sheet, demand.rule))


def _label(terms: Terms, iri: str, language: Language) -> str:
    known = terms.concepts.get(iri)
    return known.label[language] if known is not None else ""


def line(listed: Iterable[Demand], sheet: str, language: Language) -> str:
    """Which registers ask for something on a sheet; empty for a sheet that none does."""
    counts = Counter(demand.register for demand in listed if demand.sheet == sheet)
    if not counts:
        return ""
    named = ", ".join(f"{register} ({count})" for register, count in counts.items())
    return Text(
        f"Registre, der spørger om noget her: {named}. Se arket {NAME.da}.",
        f"Registers that ask for something here: {named}. See the sheet {NAME.en}.",
    )[language]


def write_demands(book: Book, listed: Sequence[Demand], sheets: Iterable[str], language: Language) -> None:
    """Write the overview; its name in brackets says that it is not read."""
    sheet, known = book.book.get_worksheet_by_name(NAME[language]), set(sheets)
    sheet.write_string(0, 0, _ABOUT[language], book.look("title"))
    book.heads(sheet, _HEAD, [text[language] for text in _HEADS], _WIDTHS)
    for row, demand in enumerate(listed, _HEAD + 1):
        texts = (demand.register, demand.title, demand.sheet, demand.write, demand.who, demand.rule)
        for column, text in enumerate(texts):
            book.put(sheet, row, column, text, "plain", language)
        if demand.sheet in known:
            book.link(sheet, row, 2, place_in(demand.sheet), demand.sheet)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.autofilter(_HEAD, 0, _HEAD + max(len(listed), 1), len(_HEADS) - 1)
