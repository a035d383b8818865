"""Small charts as SVG for a page: bars, pairs of dots, and dots over time.

Each has a title and a description for screen readers and its figures beside the marks, and does not rely on colour alone.
Colours and fonts come from the page by class. Widths are in units of the drawing, of about a pixel each, so that the text is
as large as that of the page, also on a telephone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.core import escape

WIDTH = 440
_ROW = 40
_MARGIN = 8
_LABEL = 44
_AXIS = 24
"""Height of an axis with its labels."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length as a share of the whole (0–1), and its figure in words."""

    label: str
    share: float
    figure: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two shares (0–1) to compare, and their figures in words."""

    label: str
    first: float
    second: float
    figures: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Series:
    """Counts over time under one name, one for each date of the chart."""

    name: str
    counts: tuple[int, ...]


def bars(name: str, title: str, description: str, rows: Sequence[Bar], whole: str = "100 %") -> str:
    """Horizontal bars, each with its label and figure above it, over an axis from 0 to ``whole``.

    ``name`` is the id of the drawing, which must be unique in the page.
    """
    parts: list[str] = []
    for number, row in enumerate(rows):
        top = number * _ROW
        length = _length(row.share, WIDTH)
        parts += [
            _text(0, top + 14, row.label),
            _text(WIDTH, top + 14, row.figure, "chart-figure"),
            f'<rect class="chart-track" x="0" y="{top + 20}" width="{WIDTH}" height="10" rx="2"/>',
            f'<rect class="chart-bar" x="0" y="{top + 20}" width="{length}" height="10" rx="2"/>',
        ]
    parts += _axis(0, WIDTH, len(rows) * _ROW + 2, ("0", whole))
    return _drawing(name, title, description, len(rows) * _ROW + _AXIS, parts)


def pairs(name: str, title: str, description: str, rows: Sequence[Pair], ends: tuple[str, str]) -> str:
    """For each row a ring and a dot on a line from 0 to 1; ``ends`` are the legends of ring and dot."""
    across = WIDTH - 2 * _MARGIN
    parts = [
        f'<circle class="chart-ring" cx="{_MARGIN}" cy="9" r="5"/>',
        _text(_MARGIN + 12, 14, ends[0]),
        f'<circle class="chart-dot" cx="{_MARGIN + across // 2}" cy="9" r="6"/>',
        _text(_MARGIN + across // 2 + 12, 14, ends[1]),
    ]
    for number, row in enumerate(rows):
        top = 30 + number * _ROW
        ring, dot = (_MARGIN + round(across * min(1.0, max(0.0, share))) for share in (row.first, row.second))
        parts += [
            _text(0, top + 14, row.label),
            _text(WIDTH, top + 14, f"{row.figures[0]} → {row.figures[1]}", "chart-figure"),
            f'<path class="chart-axis" d="M{_MARGIN} {top + 26}H{WIDTH - _MARGIN}"/>',
            f'<path class="chart-span" d="M{ring} {top + 26}H{dot}"/>',
            f'<circle class="chart-dot" cx="{dot}" cy="{top + 26}" r="6"/>',
            f'<circle class="chart-ring" cx="{ring}" cy="{top + 26}" r="5"/>',
        ]
    parts += _axis(_MARGIN, WIDTH - _MARGIN, 32 + len(rows) * _ROW, ("0 %", "50 %", "100 %"))
    return _drawing(name, title, description, 30 + len(rows) * _ROW + _AXIS, parts)


def over_time(
    name: str,
    title: str,
    description: str,
    days: Sequence[date],
    series: Sequence[Series],
    label: Callable[[date], str] = date.isoformat,
) -> str:
    """Dots over time, joined by lines, with the number at each; the first series has dots, the second squares.

    Each series has its own strip, so that numbers never overlap.
    """
    height, strip = 0, 86
    left, right = 40, WIDTH - 40
    places = _along(days, left, right)
    parts: list[str] = []
    for number, drawn in enumerate(series):
        top = number * strip
        highest = max([*drawn.counts, 1])
        heights = [top + 72 - round(34 * count / highest) for count in drawn.counts]
        parts += [
            _text(0, top + 14, drawn.name),
            f'<path class="chart-axis" d="M24 {top + 72}H{WIDTH - 24}"/>',
            _text(10, top + 76, "0", "chart-scale"),
        ]
        line = " ".join(f"{x},{y}" for x, y in zip(places, heights, strict=True))
        parts.append(f'<polyline class="chart-line chart-line-{number + 1}" points="{line}"/>')
        for x, y, count in zip(places, heights, drawn.counts, strict=True):
            parts.append(_mark(number, x, y))
            parts.append(_text(x, y - 9, str(count), "chart-count"))
        height = top + strip
    parts += [_text(x, height + 12, label(day), "chart-day") for x, day in zip(places, days, strict=True)]
    return _drawing(name, title, description, height + 20, parts)


def _axis(left: int, right: int, y: int, labels: Sequence[str]) -> list[str]:
    """A line with ticks and labels at even distances."""
    places = [left + (right - left) * number // (len(labels) - 1) for number in range(len(labels))]
    ends = ["chart-scale first", *["chart-scale"] * (len(labels) - 2), "chart-scale last"]
    return [
        f'<path class="chart-axis" d="M{left} {y}H{right}{"".join(f"M{x} {y}v5" for x in places)}"/>',
        *(_text(x, y + 18, label, kind) for x, label, kind in zip(places, labels, ends, strict=True)),
    ]


def _mark(number: int, x: int, y: int) -> str:
    if number == 0:
        return f'<circle class="chart-dot" cx="{x}" cy="{y}" r="5"/>'
    return f'<rect class="chart-square" x="{x - 4}" y="{y - 4}" width="9" height="9"/>'


def _along(days: Sequence[date], left: int, right: int) -> list[int]:
    """The x of each day, in proportion to the time between them."""
    if len(days) < 2 or days[0] == days[-1]:
        return [(left + right) // 2] * len(days)
    whole = (days[-1] - days[0]).days
    return [left + (right - left) * (day - days[0]).days // whole for day in days]


def _length(share: float, whole: int) -> int:
    """The length of a bar; only 0 has none, and only 1 the whole."""
    length = round(whole * min(1.0, max(0.0, share)))
    if share > 0:
        length = max(2, length)
    return min(whole - 2, length) if share < 1 else length


def _text(x: int, y: int, words: str, kind: str = "chart-label") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape.html(escape.shorten(words, _LABEL))}</text>'


def _drawing(name: str, title: str, description: str, height: int, parts: Iterable[str]) -> str:
    return (
        f'<svg class="chart" id="{name}" role="img" aria-labelledby="{name}-title {name}-description" '
        f'viewBox="0 0 {WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape.html(title)}</title>'
        f'<desc id="{name}-description">{escape.html(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )
