"""RDF as a tree with places: the things of each class under its local name, all of them under ``@graph``.

Each thing is an object: its IRI under ``@id``, and under the local name of each property the list of its values. A value that
is an IRI is an object with ``@id`` alone; an index over ``@graph[]`` by ``@id`` leads from there to the thing.
"""

from __future__ import annotations

from collections import defaultdict

from pyoxigraph import Literal, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.sources.model import Place
from graphsc.sources.rdf.places import line_places, turtle_places
from graphsc.sources.rdf.reader import FORMATS
from graphsc.sources.reporting import Reporter
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence

_STAND_IN = "https://relative.invalid/"
"""A stand-in base that relative IRIs are resolved against."""
_LINES = frozenset({RdfFormat.N_TRIPLES, RdfFormat.N_QUADS})


def read_rdf(text: str, suffix: str, report: Reporter) -> Node | None:
    """The tree of an RDF text; None, with a problem, when it cannot be read."""
    form = FORMATS[suffix]
    try:
        quads = list(parse(text.encode(), form, base_iri=_STAND_IN))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        broken = (line, getattr(error, "offset", None) or 1) if line else None
        report.add("syntax", f"RDF kan ikke læses: {error}.", f"The RDF cannot be read: {error}.", broken)
        return None
    places = (
        line_places(text) if form in _LINES else turtle_places(text, _STAND_IN) if suffix in (".ttl", ".trig") else None
    )
    things: dict[str, Mapping] = {}
    values: dict[tuple[str, str], Sequence] = {}
    classes: dict[str, list[Node]] = defaultdict(list)
    for quad in sorted(quads, key=str):
        subject, predicate = str(quad.subject), quad.predicate.value
        iri = subject[1:-1] if subject.startswith("<") else subject
        place: Place = (places.at_node(iri) if places is not None else None) or (1, 1)
        thing = things.get(iri)
        if thing is None:
            thing = things[iri] = Mapping(place, [(Scalar("@id", place), Scalar(iri, place))])
        edge: Place = (places.at_edge(iri, predicate) if places is not None else None) or place
        if predicate == v.RDF_TYPE:
            classes[v.local_name(str(quad.object).strip("<>"))].append(thing)
            continue
        key = iri, v.local_name(predicate)
        if key not in values:
            values[key] = Sequence(edge)
            thing.entries.append((Scalar(key[1], edge), values[key]))
        values[key].items.append(_value(quad.object, edge))
    entries: list[tuple[Scalar, Node]] = [
        (Scalar(name, (1, 1)), Sequence((1, 1), nodes)) for name, nodes in sorted(classes.items())
    ]
    return Mapping((1, 1), [*entries, (Scalar("@graph", (1, 1)), Sequence((1, 1), list(things.values())))])


def _value(value: object, place: Place) -> Node:
    if isinstance(value, Literal):
        return Scalar(value.value, place)
    text = str(value)
    return Mapping(place, [(Scalar("@id", place), Scalar(text[1:-1] if text.startswith("<") else text, place))])
