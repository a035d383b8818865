"""Whether what was read agrees with itself: one value where there can be only one, one name for each thing."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.location import Location
from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.sources.checks import IDENTIFIERS
from graphsc.sources.model import Source
from graphsc.sources.reporting import quoted
from graphsc.sources.terms import Terms

CONTRADICTION = "contradiction"


def settle(sources: list[Source], terms: Terms) -> list[Problem]:
    """Keep the first name of each thing, and tell the others; two values where there can be one are a contradiction."""
    single = {prop.iri for prop in terms.properties.values() if prop.functional} | IDENTIFIERS.keys()
    kept: dict[tuple[str, str], tuple[Quad, Location]] = {}
    problems: list[Problem] = []
    for source in sources:
        quads: list[Quad] = []
        for quad in source.quads:
            subject, predicate = str(quad.subject), quad.predicate.value
            first = kept.get((subject, predicate))
            if predicate in single or predicate == v.RDFS_LABEL:
                if first is None:
                    kept[subject, predicate] = quad, _place(source, quad)
                elif first[0].object != quad.object:
                    problems.append(_told(first, quad, _place(source, quad), terms))
                    continue
            quads.append(quad)
        source.quads = quads
    return problems


def _place(source: Source, quad: Quad) -> Location:
    value = quad.object.value if isinstance(quad.object, NamedNode | Literal) else None
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
    return source.positions.locate(subject, quad.predicate.value, value) or Location(source.file)


def _told(first: tuple[Quad, Location], quad: Quad, place: Location, terms: Terms) -> Problem:
    earlier, later = (quoted(getattr(statement.object, "value", "")) for statement in (first[0], quad))
    thing, predicate = quoted(getattr(quad.subject, "value", "")), quad.predicate.value
    if predicate == v.RDFS_LABEL:
        return Problem(
            "other-name",
            Text(
                f"{later} er et andet navn for det, der hedder {earlier} ({first[1]}); det første bruges.",
                f"{later} is another name for what is called {earlier} ({first[1]}); the first is used.",
            ),
            place,
        )
    label = terms.properties[predicate].label
    return Problem(
        CONTRADICTION,
        Text(
            f"{thing} har to forskellige værdier for {label.da}: {later} her og {earlier} i {first[1]}.",
            f"{thing} has two different values of {label.en}: {later} here and {earlier} at {first[1]}.",
        ),
        place,
    )
