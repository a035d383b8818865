"""The context of a run: the evaluation date, the dates that SPARQL cannot compute from it or from others, the limits.

What comes later than the evaluation date does not hold yet, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import pyoxigraph as ox

from graphsc.core.identifiers import SOURCE_PREFIX, is_in
from graphsc.core.periods import Period
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import LIMIT, PERIOD, ROOT, XSD_DATE, XSD_DECIMAL, G
from graphsc.graph.backend import Row
from graphsc.graph.dataset import GUIDE, SHAPES, Dataset, plain

RUN = ox.NamedNode("urn:graphsc:run")
DEADLINE = ox.NamedNode(G + "deadline")


def _date(value: date) -> ox.Literal:
    return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD_DATE))


def lengths(dataset: Dataset, settings: Settings) -> dict[str, Period]:
    """The period of each parameter and of each period IRI in use, as the settings have it.

    An IRI that stands for no period was reported on reading, and is left out.
    """
    periods: dict[str, Period] = {}
    for row in dataset.named_rows("context/periods"):
        holder, period = row["holder"], row["period"]
        assert isinstance(holder, ox.NamedNode)
        assert isinstance(period, ox.NamedNode)
        setting = settings.parameters.get(holder.value.removeprefix(ROOT + "parameter/"))
        length = _period(period) if setting is None else Period.parse(setting)
        if length is not None:
            periods[holder.value] = length
    return periods


def _period(node: ox.NamedNode) -> Period | None:
    """The period that an IRI stands for; None for one that was reported on reading."""
    try:
        return Period.parse(node.value.removeprefix(PERIOD))
    except ValueError:
        return None


def decimal(number: float) -> str:
    """A number without an exponent and without trailing zeros."""
    return f"{Decimal(repr(number)).normalize():f}"


def as_of(settings: Settings) -> ox.Triple:
    """The triple of the evaluation date."""
    return ox.Triple(RUN, ox.NamedNode(G + "asOf"), _date(settings.as_of))


def context(dataset: Dataset, settings: Settings) -> list[ox.Triple]:
    """The evaluation date, the dates that SPARQL cannot compute from it or from others, and the limits that are set."""
    cutoff, horizon = ox.NamedNode(G + "cutoff"), ox.NamedNode(G + "horizon")
    triples = [as_of(settings)]
    periods = lengths(dataset, settings)
    for holder, period in periods.items():
        node = ox.NamedNode(holder)
        triples.append(ox.Triple(node, cutoff, _date(period.cutoff(settings.as_of))))
        triples.append(ox.Triple(node, horizon, _date(period.after(settings.as_of))))
    for name, number in sorted(settings.limits.items()):
        value = ox.Literal(decimal(number), datatype=ox.NamedNode(XSD_DECIMAL))
        triples.append(ox.Triple(ox.NamedNode(LIMIT + name), ox.NamedNode(G + "highest"), value))
    return [*triples, *_deadlines(dataset, periods)]


def _deadlines(dataset: Dataset, periods: Mapping[str, Period]) -> Iterator[ox.Triple]:
    """The deadline of each thing that has a period running from a date; ``periods`` has the lengths of parameters."""
    for row in dataset.named_rows("context/deadlines"):
        thing, start, period = row["thing"], row["date"], row["period"]
        assert isinstance(thing, ox.NamedNode)
        assert isinstance(start, ox.Literal)
        assert isinstance(period, ox.NamedNode)
        length = periods.get(period.value) or _period(period)
        if length is not None:
            yield ox.Triple(thing, DEADLINE, _date(length.after(date.fromisoformat(start.value))))


def _is_asserted(dataset: Dataset, row: Row) -> bool:
    """Whether a source states the date of a row, not the knowledge alone."""
    thing, verb, day = row["thing"], row["property"], row["date"]
    assert isinstance(thing, ox.NamedNode)
    assert isinstance(verb, ox.NamedNode)
    if not any(ox.Quad(thing, verb, day, graph) in dataset.store for graph in (GUIDE, SHAPES)):
        return True
    return any(is_in(quad, SOURCE_PREFIX) for quad in dataset.statements(verb.value, thing, day))


def drop_later(dataset: Dataset) -> set[ox.Quad]:
    """Remove each asserted triple from or to a thing that comes later than the evaluation date; the removed quads."""
    later = dataset.named_rows("context/later-things")
    things = {plain(row["thing"]) for row in later if _is_asserted(dataset, row)}
    removed: set[ox.Quad] = set()
    for thing in map(ox.NamedNode, things):
        for subject, value in ((thing, None), (None, thing)):
            for quad in list(dataset.store.quads_for_pattern(subject, None, value, None)):
                if is_in(quad, SOURCE_PREFIX):
                    dataset.store.remove(quad)
                    removed.add(quad)
    return removed
