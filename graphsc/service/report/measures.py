"""The measures of risk in the sections of all renderings, with charts beside the tables."""

from __future__ import annotations

from collections.abc import Callable

from graphsc.analysis import sections as content
from graphsc.analysis.concentration.shares import Base, Unit
from graphsc.analysis.concentration.shares import View as Reach
from graphsc.core.document import Bar, Section
from graphsc.core.text import Language, Text
from graphsc.drawing import charts
from graphsc.service.report.content import Chart, Part
from graphsc.service.report.view import View

MOST = 12
"""Rows of a table or chart."""


def concentration(view: View) -> Part:
    """Concentration, the suppliers that critical systems depend on, and what the loss of each would stop."""
    assessment = view.assessment
    sections = (
        content.concentration(assessment),
        content.largest(assessment, MOST),
        content.losses(assessment, MOST),
        content.abroad(assessment, MOST),
        content.overlaps(assessment, MOST),
    )
    stopped = Text(
        "Vægten af det, der standser, hvis parten falder bort", "The weight of what stops if the party is lost"
    )
    drawn = [_shares(view), _bars("chart-losses", stopped, sections[2], 2)]
    return Part(tuple(filter(None, sections)), tuple(chart for chart in drawn if chart is not None))


def weakest(view: View) -> Part:
    """The weakest link of each critical chain, the reach of break-ins, and the best improvements."""
    assessment = view.assessment
    sections = (
        content.weakest(assessment, MOST),
        content.reach(assessment, MOST),
        content.better(assessment),
        content.not_measured(assessment),
    )
    strength = Text(
        "Hvor stærk kæden bag hver funktion og hvert system er, ud af 100",
        "How strong the chain behind each function and system is, out of 100",
    )
    drawn = _bars("chart-strength", strength, sections[0], 1, whole="100")
    return Part(tuple(filter(None, sections)), () if drawn is None else (drawn,))


def _bars(name: str, title: Text, section: Section | None, value: int, whole: str | None = None) -> Chart | None:
    """A chart of the bars in a column of a table; the axis ends at ``whole``, or at the longest bar."""
    if section is None or not section.tables:
        return None
    rows = [
        (names, cell)
        for row in section.tables[0].rows
        if isinstance(names := row[0], Text) and isinstance(cell := row[value], Bar)
    ]
    if not rows:
        return None

    def drawn(language: Language) -> str:
        return charts.bars(
            name,
            title[language],
            "; ".join(f"{names[language]}: {bar.text[language]}" for names, bar in rows),
            [charts.Bar(names[language], bar.share, bar.text[language]) for names, bar in rows],
            whole or max((bar for _, bar in rows), key=lambda bar: bar.share).text[language],
        )

    return _chart(title, drawn)


def _shares(view: View) -> Chart | None:
    """The direct share of each holder beside its share when the chain is followed to its end."""
    measured = view.assessment.risk.measured
    base = Base.CRITICAL_SYSTEMS if measured(Unit.GROUP, Base.CRITICAL_SYSTEMS, Reach.DIRECT) else Base.SYSTEMS
    direct, end = measured(Unit.GROUP, base, Reach.DIRECT), measured(Unit.GROUP, base, Reach.ULTIMATE)
    if direct is None or end is None:
        return None
    of = Text("kritiske systemer", "critical systems") if base is Base.CRITICAL_SYSTEMS else Text("systemer", "systems")
    title = Text(f"Andel af leverancerne til {of.da}", f"Share of the deliveries to {of.en}")
    largest = {
        share.node: max(direct.of(share.node).share, end.of(share.node).share)
        for share in (*direct.shares, *end.shares)
    }
    holders = sorted((node for node in largest if largest[node] > 0), key=lambda node: (-largest[node], node))[:MOST]
    ends = (Text("direkte", "directly"), Text("når kæden følges til ende", "at the end of the chain"))

    def drawn(language: Language) -> str:
        rows = [
            charts.Pair(
                view.assessment.label(node)[language],
                direct.of(node).share,
                end.of(node).share,
                (content.share(direct.of(node).share)[language], content.share(end.of(node).share)[language]),
            )
            for node in holders
        ]
        description = "; ".join(
            f"{row.label}: {row.figures[0]} {ends[0][language]}, {row.figures[1]} {ends[1][language]}" for row in rows
        )
        return charts.pairs("chart-shares", title[language], description, rows, (ends[0][language], ends[1][language]))

    return _chart(title, drawn)


def _chart(title: Text, drawn: Callable[[Language], str]) -> Chart:
    return Chart(title, {str(language): drawn(language) for language in Language})
