"""Files of the formats that a mapping can read, as trees.

In XML an element is an object, and one with only text is a single value. Names stand without their namespaces. An attribute is
a key that begins with ``@``; the text of an element that has attributes stands under ``#``. Elements of one name beside each
other are a list.

In RDF the things of each class stand under its local name, and all of them under ``@graph``. Each thing is an object: its IRI
under ``@id``, and under the local name of each property the list of its values. A value that is an IRI is an object with
``@id`` alone; an index over ``@graph[]`` by ``@id`` leads from there to the thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from pyoxigraph import Literal, parse

from graphsc.core import vocabulary as v
from graphsc.sources.files import CSV, WORKBOOKS, File, decode
from graphsc.sources.mapped.headings import Headings
from graphsc.sources.mapped.mapping import DocumentMapping, RecordMapping
from graphsc.sources.mapped.paths import TEXT, Kind, Path
from graphsc.sources.mapped.tables import read_csv, read_workbook
from graphsc.sources.model import Place, Places
from graphsc.sources.rdf.places import LinePlaces, turtle_places
from graphsc.sources.rdf.reader import FORMATS, STAND_IN, is_dangerous
from graphsc.sources.reporting import Reporter
from graphsc.sources.tree import DEPTH_LIMIT, Mapping, Node, Scalar, Sequence, read_json

_SEPARATOR = "\n"
SUFFIXES = {
    "json": frozenset({".json"}),
    "xml": frozenset({".xml"}),
    "rdf": frozenset(FORMATS),
    "table": CSV | WORKBOOKS,
}
"""The file suffixes of each format."""


@dataclass(slots=True)
class _Element:
    name: str
    place: Place
    attributes: list[tuple[str, str]]
    children: dict[str, list[Node]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    def node(self) -> Node:
        text = "".join(self.text).strip()
        if not self.children and not self.attributes:
            return Scalar(text, self.place)
        entries: list[tuple[Scalar, Node]] = [
            (Scalar(f"@{name}", self.place), Scalar(value, self.place)) for name, value in self.attributes
        ]
        if text:
            entries.append((Scalar(TEXT, self.place), Scalar(text, self.place)))
        for name, nodes in self.children.items():
            value = nodes[0] if len(nodes) == 1 else Sequence(nodes[0].place, nodes)
            entries.append((Scalar(name, nodes[0].place), value))
        return Mapping(self.place, entries)


class _TooDeep(Exception):  # noqa: N818 - it never leaves this module
    pass


def read_xml(text: str, report: Reporter) -> Node | None:
    """The tree of an XML text, its root under its name; None, with a problem, when it is not XML."""
    if is_dangerous(text, report):
        return None
    parser = expat.ParserCreate("utf-8", namespace_separator=_SEPARATOR)
    open_ = [_Element("", (1, 1), [])]

    def here() -> Place:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > DEPTH_LIMIT:
            raise _TooDeep
        named = [(key.rpartition(_SEPARATOR)[2], value) for key, value in attributes.items()]
        open_.append(_Element(name.rpartition(_SEPARATOR)[2], here(), named))

    def end(_: str) -> None:
        done = open_.pop()
        open_[-1].children.setdefault(done.name, []).append(done.node())

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda data: open_[-1].text.append(data)  # noqa: PLW0108 - of the element that is open then
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        place = (error.lineno, error.offset + 1)
        report.add(
            "syntax", f"XML kan ikke læses: {expat.ErrorString(error.code)}.",
            f"The XML cannot be read: {expat.ErrorString(error.code)}.", place,
        )  # fmt: skip
        return None
    except _TooDeep:
        report.too_deep(DEPTH_LIMIT, here())
        return None
    return open_[0].node()


def read_rdf(text: str, suffix: str, report: Reporter) -> Node | None:
    """The tree of an RDF text; None, with a problem, when it cannot be read."""
    try:
        quads = list(parse(text.encode(), FORMATS[suffix], base_iri=STAND_IN))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        broken = (line, getattr(error, "offset", None) or 1) if line else None
        report.add("syntax", f"RDF kan ikke læses: {error}.", f"The RDF cannot be read: {error}.", broken)
        return None
    places = Places()  # of RDF/XML none are read
    if suffix in (".nt", ".nq"):
        places = LinePlaces(text)
    elif suffix in (".ttl", ".trig"):
        places = turtle_places(text, STAND_IN)
    things: dict[str, Mapping] = {}
    values: dict[tuple[str, str], Sequence] = {}
    classes: dict[str, list[Node]] = defaultdict(list)
    for quad in sorted(quads, key=str):
        subject, predicate = str(quad.subject), quad.predicate.value
        iri = subject[1:-1] if subject.startswith("<") else subject
        place = places.at_node(iri) or (1, 1)
        thing = things.get(iri)
        if thing is None:
            thing = things[iri] = Mapping(place, [(Scalar("@id", place), Scalar(iri, place))])
        edge = places.at_edge(iri, predicate) or place
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


def suffixes(mapping: DocumentMapping) -> frozenset[str]:
    """The suffixes of the files that a mapping reads."""
    return frozenset(suffix for form in mapping.formats for suffix in SUFFIXES[form])


def read_document(file: File, content: bytes, mapping: DocumentMapping, report: Reporter) -> Node | None:
    """The tree of a file; None, with a problem, when it cannot be read."""
    if file.suffix in WORKBOOKS:
        return read_workbook(content, _headings(mapping), report)
    text = decode(content, report)
    if text is None:
        return None
    if not text.strip():
        report.add("empty-file", "Filen er tom.", "The file is empty.")
        return None
    if file.suffix in CSV:
        return read_csv(text, _headings(mapping), report)
    if file.suffix == ".json":
        return read_json(text, report)
    if file.suffix == ".xml" and "xml" in mapping.formats:
        return read_xml(text, report)
    return read_rdf(text, file.suffix, report)


def _headings(mapping: DocumentMapping) -> Headings:
    """The headings of tables that a mapping reads: its keys."""
    return Headings(
        {
            step.name
            for record in (*mapping.records, *mapping.shared.values())
            for path in _paths(record)
            for step in path
            if step.kind is Kind.KEY
        }
    )


def _paths(record: RecordMapping) -> Iterator[Path]:
    yield record.at
    for condition in record.when:
        yield from (*condition.has, *condition.any, *condition.at)
    yield from (*(record.key or ()), *(path for paths in record.within for path in paths))
    for mapping in record.fields:
        yield from mapping.at
        if isinstance(mapping.record, RecordMapping):
            yield from _paths(mapping.record)
