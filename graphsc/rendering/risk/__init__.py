"""Risk as text, JSON, CSV and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from graphsc.analysis import sections as content
from graphsc.analysis.risk import Assessment
from graphsc.core import escape
from graphsc.core.contract import plain
from graphsc.core.text import Language
from graphsc.core.writing import comma_separated
from graphsc.rendering import sections
from graphsc.rendering.risk import explained, json

Format = Literal["text", "json", "csv", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(
    form: Format,
    assessment: Assessment,
    *,
    language: Language,
    node: str | None = None,
    most: int = 10,
    colour: bool = False,
) -> str:
    """The risk in a format; with ``node``, that of one node with the facts behind its figures.

    Tables for people have at most ``most`` rows. JSON and CSV always have everything.
    """
    if form == "json":
        return json.render(assessment)
    if form == "csv":
        return _csv(assessment, language)
    if node is None:
        title, parts = content.title(assessment), content.sections(assessment, most)
    else:
        title, parts = explained.title(assessment, node), explained.sections(assessment, node, most)
    return sections.page(form, title, parts, language, colour=colour)


def _csv(assessment: Assessment, language: Language) -> str:
    """A row for each figure: measure, base, unit, node, name, and value."""
    rows: list[Sequence[object]] = [("measure", "base", "unit", "view", "node", "label", "value")]
    for measure, base, unit, view, node, value in _rows(assessment):
        name = escape.cell(assessment.label(node)[language]) if node else ""
        rows.append((measure, base, unit, view, node, name, value))
    return comma_separated(rows)


def _rows(assessment: Assessment) -> Iterator[tuple[str, str, str, str, str, float]]:
    risk, graph = assessment.risk, assessment.risk.graph
    for concentration in risk.concentration:
        where = (str(concentration.base), str(concentration.unit), str(concentration.view))
        yield ("hhi", *where, "", plain(concentration.hhi))
        yield ("effective-suppliers", *where, "", plain(concentration.effective_suppliers))
        yield ("cr1", *where, "", plain(concentration.cr1))
        yield ("cr3", *where, "", plain(concentration.cr3))
        for part in concentration.shares:
            yield ("share", *where, part.node, plain(part.share))
            yield ("reach", *where, part.node, plain(part.reach))
    for loss in risk.losses:
        if loss.count:
            yield ("loss-weight", "", graph.nodes[loss.node]["kind"], "", loss.node, plain(loss.weight))
            yield ("loss-count", "", graph.nodes[loss.node]["kind"], "", loss.node, loss.count)
    for target, points in sorted(risk.points.items()):
        yield ("single-points", "", graph.nodes[target]["kind"], "", target, len(points))
    for weak in risk.weakest:
        kind = graph.nodes[weak.target]["kind"]
        yield ("chain-strength", "", kind, "", weak.target, plain(weak.strength))
    for name, strength in sorted(risk.strengths.links.items()):
        yield ("strength", "", "agreement", "", name, plain(strength.value))
    for name, strength in sorted(risk.strengths.parties.items()):
        yield ("strength", "", "organisation", "", name, plain(strength.value))
    for radius in risk.radii:
        yield ("reach-of-a-break-in", "", "", "", radius.node, plain(radius.weight))
