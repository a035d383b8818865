"""Documents as text and as Markdown, and tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from graphsc.core import escape
from graphsc.core.document import Bar, Cell, Point, Section, Table, Words
from graphsc.core.text import Language, Text
from graphsc.core.writing import comma_separated

T = TypeVar("T")
CsvColumns = Mapping[str, Callable[[T], object]]
"""The columns of a table for a spreadsheet, by names that are the same in every language.

None is an empty cell, and the members of a tuple are joined by spaces.
"""
_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "li{margin:1rem 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem;margin:.3rem 0;font-size:.9rem}"
    "dd{margin:0;overflow-wrap:anywhere}th,td{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}"
)
_BAR = 10
_WIDEST = 60
_LONGEST = 1_000


def page(
    form: str,
    title: Words,
    sections: Iterable[Section | None],
    language: Language,
    *,
    warning: str = "",
    colour: bool = False,
) -> str:
    """A title, a ``warning`` about everything if any, and the sections that are not empty, as Markdown, as HTML or else as text."""
    shown = [section for section in sections if section]
    if form == "markdown":
        return markdown(title, shown, language, warning=warning)
    if form == "html":
        return html(title, shown, language, warning=warning)
    return text(title, shown, language, warning=warning, colour=colour)


def text(
    title: Words, sections: Iterable[Section], language: Language, *, warning: str = "", colour: bool = False
) -> str:
    """For a terminal. Colour only repeats what the words say."""

    def line(words: Words) -> str:
        return escape.brief(words_in(words, language), _LONGEST)

    def painted(words: Words, code: str = "1") -> str:
        return f"\x1b[{code}m{line(words)}\x1b[0m" if colour else line(words)

    lines = [painted(title), *(["", painted(warning, "1;31")] if warning else [])]
    for section in sections:
        lines += ["", *([painted(section.title)] if section.title else [])]
        lines += [f"  {line(sentence)}" for sentence in section.sentences]
        for point in map(_point, section.points):
            lines.append(f"  • {line(point.text)}")
            lines += [f"    {line(key)}: {line(value)}" for key, value in point.notes]
        for table in section.tables:
            lines += _columns(table, language)
    return "\n".join(lines) + "\n"


def markdown(title: Words, sections: Iterable[Section], language: Language, *, warning: str = "") -> str:
    """GitHub-flavoured Markdown, for a report or a summary page."""

    def safe(words: Words) -> str:
        return escape.markdown(words_in(words, language), _LONGEST)

    def noted(point: Point) -> list[str]:
        return [safe(point.text), *(f"*{safe(key)}:* {safe(value)}" for key, value in point.notes)]

    def row(cells: Iterable[Cell]) -> str:
        shown = ("<br>".join(noted(c)) if isinstance(c, Point) else safe(_cell_text(c, language)) for c in cells)
        return "| " + " | ".join(shown) + " |"

    lines = [f"## {safe(title)}", *(["", f"> **{safe(warning)}**"] if warning else [])]
    for section in sections:
        lines += ["", f"### {safe(section.title)}"] if section.title else []
        for sentence in section.sentences:
            lines += ["", safe(sentence)]
        if section.points:
            lines.append("")
        for point in map(_point, section.points):
            lines.append("- " + "\n  - ".join(noted(point)))
        for table in section.tables:
            lines += ["", row(table.columns), "|" + " --- |" * len(table.columns), *map(row, table.rows)]
            if table.more:
                lines += ["", safe(_more_rows(table))]
    return "\n".join(lines) + "\n"


def html(title: Words, sections: Iterable[Section], language: Language, *, warning: str = "") -> str:
    """A page of its own, without scripts, to be sent, read and printed."""

    def safe(words: Words) -> str:
        return escape.html(words_in(words, language))

    def listed(point: Point) -> str:
        notes = "".join(f"<dt>{safe(key)}</dt><dd>{safe(value)}</dd>" for key, value in point.notes)
        return f"<li>{safe(point.text)}{f'<dl>{notes}</dl>' if notes else ''}</li>"

    def row(tag: str, cells: Iterable[Words]) -> str:
        return f"<tr>{''.join(f'<{tag}>{safe(cell)}</{tag}>' for cell in cells)}</tr>"

    parts = [f"<h1>{safe(title)}</h1>", *([f"<p><strong>{safe(warning)}</strong></p>"] if warning else [])]
    for section in sections:
        parts += [f"<h2>{safe(section.title)}</h2>"] if section.title else []
        parts += [f"<p>{safe(sentence)}</p>" for sentence in section.sentences]
        if section.points:
            parts.append(f"<ul>{''.join(listed(_point(point)) for point in section.points)}</ul>")
        for table in section.tables:
            body = "".join(row("td", (_cell_text(cell, language) for cell in cells)) for cells in table.rows)
            parts.append(f"<table>{row('th', table.columns)}{body}</table>")
            parts += [f"<p>{safe(_more_rows(table))}</p>"] if table.more else []
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{safe(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="{language}"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def words_in(words: Words, language: Language) -> str:
    """Words in one language."""
    return words[language] if isinstance(words, Text) else words


def _point(point: Words | Point) -> Point:
    return point if isinstance(point, Point) else Point(point)


def _cell_text(cell: Cell, language: Language) -> str:
    match cell:
        case Bar():
            return f"{bar(cell.share)} {cell.text[language]}"
        case Point():
            notes = (f"{words_in(key, language)}: {words_in(value, language)}" for key, value in cell.notes)
            return "; ".join([words_in(cell.text, language), *notes])
    return words_in(cell, language)


def bar(share: float) -> str:
    """Ten blocks, full ones for the share; only 0 has none, and only 1 all."""
    full = round(_BAR * min(1.0, max(0.0, share)))
    if share > 0:
        full = max(1, full)
    if share < 1:
        full = min(_BAR - 1, full)
    return "█" * full + "░" * (_BAR - full)


def _columns(table: Table, language: Language) -> list[str]:
    rows = [[words_in(name, language) for name in table.columns]]
    rows += [[_cell_text(cell, language) for cell in row] for row in table.rows]
    lines = aligned(
        [[*(escape.brief(cell, _WIDEST) for cell in row[:-1]), escape.brief(row[-1], _LONGEST)] for row in rows], "─"
    )
    return [f"  {line}" for line in (*lines, *([_more_rows(table)[language]] if table.more else []))]


def aligned(rows: Sequence[Sequence[str]], rule: str = "") -> list[str]:
    """Rows as lines with aligned columns, and a ``rule`` under the first row."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lined = [*rows[:1], *([[rule * min(width, _WIDEST) for width in widths]] if rule else []), *rows[1:]]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in lined]


def _more_rows(table: Table) -> Text:
    return Text(f"… og {table.more} til", f"… and {table.more} more")


def csv(columns: CsvColumns[T], items: Iterable[T]) -> str:
    """A line for each item, without cells that are read as formulas."""
    return comma_separated(
        [columns, *([escape.cell(csv_cell(value(item))) for value in columns.values()] for item in items)]
    )


def csv_cell(value: object) -> str:
    """A value as the text of a cell."""
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else str(value)
