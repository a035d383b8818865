"""A text in sections, whatever it will be written as: headings, sentences and tables, with bars for shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from graphsc.core import escape
from graphsc.core.text import Language, Text

T = TypeVar("T")
_BAR = 10
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A share (0–1) shown as a bar with its figure beside it."""

    share: float
    text: Text


Cell = Text | Bar
Columns = Mapping[Text, Callable[[T], Cell]]
"""What stands in each column of a table, by the column's name."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names; ``more`` rows were left out."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int = 0


def table(columns: Columns[T], items: Sequence[T], most: int | None = None) -> Table:
    """A table of items, or of the first ``most`` of them."""
    shown = items if most is None else items[:most]
    rows = tuple(tuple(cell(item) for cell in columns.values()) for item in shown)
    return Table(tuple(columns), rows, len(items) - len(shown))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences and then tables beneath it; ``points`` are sentences of a list."""

    title: Text
    sentences: tuple[Text, ...] = ()
    tables: tuple[Table, ...] = ()
    points: tuple[Text, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything beneath the heading."""
        return bool(self.sentences or self.points or any(table.rows for table in self.tables))


def text(title: Text, sections: Sequence[Section], language: Language, *, colour: bool = False) -> str:
    """For a terminal. Colour only doubles what the words say."""

    def bold(words: str) -> str:
        return f"\x1b[1m{words}\x1b[0m" if colour else words

    lines = [bold(escape.line(title[language]))]
    for section in sections:
        lines += ["", bold(escape.line(section.title[language]))]
        lines += [f"  {escape.line(sentence[language])}" for sentence in section.sentences]
        lines += [f"  • {escape.line(point[language])}" for point in section.points]
        for table in section.tables:
            lines += _columns(table, language)
    return "\n".join(lines) + "\n"


def markdown(title: Text, sections: Sequence[Section], language: Language) -> str:
    """GitHub-flavoured Markdown, for a report or a summary page."""
    lines = [f"## {escape.markdown(title[language])}"]
    for section in sections:
        lines += ["", f"### {escape.markdown(section.title[language])}"]
        for sentence in section.sentences:
            lines += ["", escape.markdown(sentence[language])]
        if section.points:
            lines += ["", *(f"- {escape.markdown(point[language])}" for point in section.points)]
        for table in section.tables:
            lines += ["", _row(name[language] for name in table.columns), "|" + " --- |" * len(table.columns)]
            lines += [_row(_shown(cell, language) for cell in row) for row in table.rows]
            if table.more:
                lines += ["", escape.markdown(_more(table, language))]
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escape.markdown(cell) for cell in cells) + " |"


def _shown(cell: Cell, language: Language) -> str:
    if isinstance(cell, Text):
        return cell[language]
    return f"{bar(cell.share)} {cell.text[language]}"


def bar(share: float) -> str:
    """Ten blocks, full ones for the share; a sliver is never shown as nothing, nor nearly all as all."""
    full = round(_BAR * min(1.0, max(0.0, share)))
    if share > 0:
        full = max(1, full)
    if share < 1:
        full = min(_BAR - 1, full)
    return "█" * full + "░" * (_BAR - full)


def _columns(table: Table, language: Language) -> list[str]:
    rows = [[name[language] for name in table.columns]]
    rows += [[_shown(cell, language) for cell in row] for row in table.rows]
    lines = aligned([[escape.brief(cell, _WIDEST) for cell in row] for row in rows], "─")
    return [f"  {line}" for line in (*lines, *([_more(table, language)] if table.more else []))]


def aligned(rows: Sequence[Sequence[str]], rule: str = "") -> list[str]:
    """Rows as lines in which the cells of a column stand beneath each other, with a ``rule`` under the first row."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lined = [*rows[:1], *([[rule * width for width in widths]] if rule else []), *rows[1:]]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in lined]


def _more(table: Table, language: Language) -> str:
    return Text(f"… og {table.more} til", f"… and {table.more} more")[language]
