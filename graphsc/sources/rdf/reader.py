"""Turtle, TriG, N-Triples, N-Quads and RDF/XML as statements in one graph, without blank nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graphsc.sources.model import Place
from graphsc.sources.rdf.skolem import Statement, Term, names
from graphsc.sources.rdf.xml_places import Mark, first_wrong
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Terms

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
}

_PLAIN = (NamedNode, Literal)
_WITHOUT_BASE = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
_STAND_IN = "https://relative.invalid/"
"""A stand-in base: relative IRIs cannot be resolved against a base such as ``urn:…:``, which is put in afterwards."""


@dataclass(slots=True)
class RdfReading:
    """The statements of one RDF file; ``parents`` gives for a minted IRI the node and property it is written under.

    ``plain``: every statement was kept with the subject that it is written with.
    """

    quads: list[Quad] = field(default_factory=list)
    parents: dict[str, tuple[str, str]] = field(default_factory=dict)
    complete: bool = True
    plain: bool = True


def read_rdf(
    content: bytes,
    format_: RdfFormat,
    graph: str,
    report: Reporter,
    terms: Terms,
    base: str,
    fault: Place | None = None,
    marks: Sequence[Mark] = (),
) -> RdfReading:
    """The statements of an RDF document; those before a syntax error are kept.

    Named graphs are merged into the graph of the source. A statement of a write-only inverse property is
    inverted. ``base`` is put before relative IRIs. ``fault`` is the place where the document is
    known to be broken, and ``marks`` are the places of its tags, for parsers that report no place.
    """
    reading = RdfReading()
    into = NamedNode(graph)
    turned = terms.inverses
    statements: list[Statement] = []
    blank = False
    hierarchical = "://" in base
    relative = not hierarchical and format_ not in _WITHOUT_BASE
    try:
        for quad in parse(content, format_, base_iri=base if hierarchical else _STAND_IN):
            subject, predicate, object_ = quad.subject, quad.predicate, quad.object
            if relative:
                subject, object_ = _rebased(subject, base), _rebased(object_, base)
            if predicate.value not in turned and isinstance(subject, NamedNode) and isinstance(object_, _PLAIN):
                reading.quads.append(Quad(subject, predicate, object_, into))
            else:
                statements.append((subject, predicate, object_))
                blank = blank or isinstance(subject, BlankNode) or isinstance(object_, BlankNode)
    except SyntaxError as error:
        reading.complete = False
        place = (error.lineno, error.offset or 1) if error.lineno else fault
        message = error.msg
        if place is None:
            place = first_wrong(content, marks, lambda part: _message(part, format_, base) == message)
        cause = quoted(_cause(error))
        report.add(
            "syntax", f"Filen kan ikke læses herfra: {cause}.", f"The file cannot be read from here: {cause}.", place
        )
    if statements:
        reading.plain = False
        _finish(reading, statements, blank, into, report, terms)
    return reading


def _finish(
    reading: RdfReading, statements: list[Statement], blank: bool, into: NamedNode, report: Reporter, terms: Terms
) -> None:
    """Add the statements that have blank nodes or a write-only inverse property."""
    # Names are made before inverting, so that a node nested under a write-only property keeps its parent.
    named: dict[str, str] = {}
    if blank:
        named, reading.parents = names([_nested(statement, terms) for statement in statements])
    turned = terms.inverses
    for original_subject, predicate, original_object in statements:
        subject, object_ = _name(original_subject, named), _name(original_object, named)
        stored = turned.get(predicate.value)
        if isinstance(subject, Triple) or isinstance(object_, Triple):
            report.add(
                "wrong-type", "Udsagn om udsagn (RDF-star) kan ikke bruges her.",
                "Statements about statements (RDF-star) cannot be used here.",
            )  # fmt: skip
        elif stored is None:
            reading.quads.append(Quad(subject, predicate, object_, into))  # type: ignore[arg-type]
        elif isinstance(object_, NamedNode):
            reading.quads.append(Quad(object_, NamedNode(stored), subject, into))
        else:
            wrong = quoted(getattr(object_, "value", ""))
            report.add(
                "wrong-type", f"{wrong} er en tekst, men {quoted(predicate.value)} peger på en ting.",
                f"{wrong} is a text, but {quoted(predicate.value)} leads to a node.",
            )  # fmt: skip
    reading.quads = list(dict.fromkeys(reading.quads))


def _message(content: bytes, format_: RdfFormat, base: str) -> str | None:
    """The parser's error message; None without an error."""
    try:
        for _ in parse(content, format_, base_iri=base if "://" in base else _STAND_IN):
            pass
    except SyntaxError as error:
        return error.msg
    return None


def _cause(error: SyntaxError) -> str:
    """The parser's error message without the place, which is reported separately."""
    text = str(error.msg)
    if text.startswith("Parser error at"):
        text = text.split(": ", 1)[-1]
    return text.removesuffix(f" (line {error.lineno})").replace(_STAND_IN, "")


def _nested(statement: Statement, terms: Terms) -> Statement:
    """A statement in the direction in which it would be written nested; names are made from that."""
    subject, predicate, object_ = statement
    written = terms.writing.get(predicate.value)
    if written is None or not isinstance(object_, NamedNode | BlankNode):
        return statement
    return object_, NamedNode(written), subject


def _rebased(term: Term, base: str) -> Term:
    """A term with the real base in place of the stand-in."""
    if isinstance(term, NamedNode) and term.value.startswith(_STAND_IN):
        return NamedNode(base + term.value.removeprefix(_STAND_IN))
    return term


def _name(term: Term, named: dict[str, str]) -> Term:
    return NamedNode(named[term.value]) if isinstance(term, BlankNode) else term
