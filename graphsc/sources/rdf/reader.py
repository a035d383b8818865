"""Turtle, TriG, N-Triples, N-Quads and RDF/XML as statements in one graph, without blank nodes."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import NODE_PREFIX, digest, illegal_in_iri, minted
from graphsc.sources.model import Lines, Place, Places
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

Term = NamedNode | BlankNode | Literal | Triple
Statement = tuple[Term, NamedNode, Term]

_PLAIN = (NamedNode, Literal)
_WITHOUT_BASE = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
STAND_IN = "https://relative.invalid/"
"""A stand-in base: relative IRIs cannot be resolved against a base such as ``urn:…:``, which is put in afterwards."""
_ENTITY = re.compile(r"<!ENTITY\s+(%\s*)?([^\s]+)\s+(?:(SYSTEM|PUBLIC)\b|\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_LONGEST_ENTITY = 1000
_ROUNDS = 32
"""Rounds of refinement for blank nodes in cycles; in practice more make no difference."""


def is_dangerous(text: str, report: Reporter) -> bool:
    """Whether an entity of an XML document is external or could grow without bound; the first one is reported.

    Short plain entities, as ontology editors write for namespaces, are harmless.
    """
    for item in _ENTITY.finditer(text):
        value = item[4] or item[5] or ""
        if item[1] or item[3] or "&" in value.replace("&#", "") or "%" in value or len(value) > _LONGEST_ENTITY:
            report.add(
                "xml-entity", f"Entiteten {quoted(item[2])} udfoldes ikke: Den kan hente eller fylde hvad som helst.",
                f"The entity {quoted(item[2])} is not expanded: it could fetch or fill anything.", Lines(text).place(item.start()),
            )  # fmt: skip
            return True
    return False


def is_rdf_xml(text: str) -> bool:
    """Whether an XML document contains RDF."""
    return v.RDF in text


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
    places: Places | None = None,
) -> RdfReading:
    """The statements of an RDF document; those before a syntax error are kept.

    Named graphs are merged into the graph of the source. A statement of a write-only inverse property is
    inverted. ``base`` is put before relative IRIs. ``fault`` is the place where the document is
    known to be broken; where neither that nor the parser says it, it is the place of the last subject that was read.
    """
    reading = RdfReading()
    into = NamedNode(graph)
    inverses = terms.inverses
    statements: list[Statement] = []
    blank = False
    hierarchical = "://" in base
    relative = not hierarchical and format_ not in _WITHOUT_BASE
    try:
        for quad in parse(content, format_, base_iri=base if hierarchical else STAND_IN):
            subject, predicate, object_ = quad.subject, quad.predicate, quad.object
            if relative:
                subject, object_ = _rebased(subject, base), _rebased(object_, base)
            if predicate.value not in inverses and isinstance(subject, NamedNode) and isinstance(object_, _PLAIN):
                reading.quads.append(Quad(subject, predicate, object_, into))
            else:
                statements.append((subject, predicate, object_))
                blank = blank or isinstance(subject, BlankNode) or isinstance(object_, BlankNode)
    except SyntaxError as error:
        reading.complete = False
        place = (error.lineno, error.offset or 1) if error.lineno else fault
        if place is None and places is not None:
            place = places.at_node(getattr(reading.quads[-1].subject, "value", "")) if reading.quads else (1, 1)
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
        named, reading.parents = blank_node_names([_nested(statement, terms) for statement in statements])
    inverses = terms.inverses
    for original_subject, predicate, original_object in statements:
        subject, object_ = _name(original_subject, named), _name(original_object, named)
        stored = inverses.get(predicate.value)
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


def _cause(error: SyntaxError) -> str:
    """The parser's error message without the place, which is reported separately."""
    text = str(error.msg)
    if text.startswith("Parser error at"):
        text = text.split(": ", 1)[-1]
    return text.removesuffix(f" (line {error.lineno})").replace(STAND_IN, "")


def _nested(statement: Statement, terms: Terms) -> Statement:
    """A statement in the direction in which it would be written nested; names are made from that."""
    subject, predicate, object_ = statement
    written = terms.writing.get(predicate.value)
    if written is None or not isinstance(object_, NamedNode | BlankNode):
        return statement
    return object_, NamedNode(written), subject


def _rebased(term: Term, base: str) -> Term:
    """A term with the real base in place of the stand-in."""
    if isinstance(term, NamedNode) and term.value.startswith(STAND_IN):
        return NamedNode(base + term.value.removeprefix(STAND_IN))
    return term


def _name(term: Term, named: dict[str, str]) -> Term:
    return NamedNode(named[term.value]) if isinstance(term, BlankNode) else term


class _Blanks:
    """The blank nodes of a file, with the statements that have them as subject or object."""

    def __init__(self, statements: list[Statement]) -> None:
        self.order: dict[str, int] = {}
        self.outgoing: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        self.incoming: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        for subject, predicate, object_ in statements:
            source = subject.value if isinstance(subject, BlankNode) else None
            target = object_.value if isinstance(object_, BlankNode) else None
            for blank in (source, target):
                if blank is not None:
                    self.order.setdefault(blank, len(self.order))
            if source is not None:
                self.outgoing[source].append((predicate.value, str(object_) if target is None else "", target))
            if target is not None:
                name = subject.value if isinstance(subject, NamedNode) else str(subject)
                self.incoming[target].append((predicate.value, name if source is None else "", source))

    def contents(self) -> dict[str, str]:
        """A digest of the statements of each blank node and of the blank nodes below it.

        Nodes in cycles, and those above them, are told apart by refinement instead; nodes that are alike even
        then are told apart by their order in the file, since they must not become one node.
        """
        result: dict[str, str] = {}
        lowest_first = TopologicalSorter(
            {blank: [target for *_, target in self.outgoing[blank] if target is not None] for blank in self.order}
        )
        with suppress(CycleError):  # nodes outside cycles are still given
            lowest_first.prepare()
        while ready := lowest_first.get_ready():
            result |= {blank: self._digest(blank, result) for blank in ready}
            lowest_first.done(*ready)
        circular = [blank for blank in self.order if blank not in result]
        if circular:
            result.update(self._refine(circular, result))
        return result

    def _digest(self, blank: str, digests: dict[str, str]) -> str:
        pairs = sorted((p, text if t is None else digests.get(t, "")) for p, text, t in self.outgoing[blank])
        return digest(part for pair in pairs for part in pair)

    def _refine(self, circular: list[str], digests: dict[str, str]) -> dict[str, str]:
        colours = dict.fromkeys(circular, "")
        kinds = 1
        for _ in range(_ROUNDS):
            before = digests | colours
            colours = {blank: self._colour(blank, before) for blank in circular}
            if len(set(colours.values())) <= kinds:
                break
            kinds = len(set(colours.values()))
        alike: dict[str, list[str]] = defaultdict(list)
        for blank in circular:
            alike[colours[blank]].append(blank)
        for group in alike.values():
            for number, blank in enumerate(group if len(group) > 1 else ()):
                colours[blank] = digest((colours[blank], str(number)))
        return colours

    def _colour(self, blank: str, digests: dict[str, str]) -> str:
        above = sorted((p, text if s is None else digests.get(s, "")) for p, text, s in self.incoming[blank])
        return digest(
            (digests.get(blank, ""), self._digest(blank, digests), *(part for pair in above for part in pair))
        )


def blank_node_names(statements: list[Statement]) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """An IRI for each blank node, and for each such IRI the node and property it is written under.

    An IRI is made from the statements of the node and all paths to it. Two nodes get the same IRI only when
    they have the same statements and the same parents, so that merging them loses nothing.
    """
    blanks = _Blanks(statements)
    contents = blanks.contents()
    named: dict[str, str] = {}
    parents: dict[str, tuple[str, str]] = {}
    waiting = {b: sum(1 for *_, s in blanks.incoming[b] if s is not None) for b in blanks.order}
    ready = [blank for blank, count in waiting.items() if count == 0]
    # A node in a cycle never becomes ready: such nodes are taken in file order, with those parents that are named.
    rest = iter(sorted(blanks.order, key=lambda b: (contents[b], blanks.order[b])))
    while len(named) < len(blanks.order):
        blank = ready.pop() if ready else next(b for b in rest if b not in named)
        if blank in named:
            continue
        above = sorted({(text if s is None else named.get(s, contents[s]), p) for p, text, s in blanks.incoming[blank]})
        key = digest((contents[blank], *(part for pair in above for part in pair)))
        iri = NODE_PREFIX + key
        if len(above) == 1 and ":" in above[0][0]:
            parent, predicate = above[0]
            under = minted(parent, predicate, key)
            iri = under if illegal_in_iri(under) is None and len(under) < 300 else iri
        named[blank] = iri
        if above:
            first = next((pair for pair in above if ":" in pair[0]), None)
            if first is not None:
                parents.setdefault(iri, first)
        for _, _, below in blanks.outgoing[blank]:
            if below is not None:
                waiting[below] -= 1
                if waiting[below] == 0:
                    ready.append(below)
    return named, parents
