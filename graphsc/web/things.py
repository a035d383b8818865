"""The facts of one thing: asserted, derived, with it as a value, and its locations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

import pyoxigraph as ox

from graphsc.core.identifiers import RULE_PREFIX, SOURCE_PREFIX, is_in
from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, RDFS_LABEL, SKOS_PREF_LABEL, XSD_DECIMAL, XSD_INTEGER, G
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels, spoken
from graphsc.web.desk import State

_MOST = 300
_FIRST = ("customer", "supplier", "under", "signed", "start", "end", "terminated", "serves", "service")
"""The properties of an agreement that are shown first: its parties, period and subject."""
_NUMBERS = {XSD_INTEGER, XSD_DECIMAL}
_NUMBER = re.compile(r"[+-]?\d+(?:\.(\d+))?")
_NAMING = {RDFS_LABEL, SKOS_PREF_LABEL}
_DEPTH = 4
_CHAIN = 50
Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: the IRI of a thing, or (``iri`` None) the text and datatype of a literal."""

    iri: str | None
    text: str
    datatype: str = ""

    def as_read(self, predicate: str, labels: Labels) -> Text:
        """The text as a value of a property, in words where that is easier to read."""
        if self.datatype in _NUMBERS and labels.unit(predicate) is None and (written := _NUMBER.fullmatch(self.text)):
            return Text.number(Decimal(self.text), len(written[1] or ""))
        return spoken(self.text, self.datatype, labels.unit(predicate))


@dataclass(frozen=True, slots=True)
class Fact:
    """A property with its values; for facts with the thing as a value, ``values`` are the subjects.

    Of many values only the first are there; ``count`` is the number of all.
    """

    predicate: str
    values: tuple[Value, ...]
    count: int


@dataclass(frozen=True, slots=True)
class About:
    """The facts of a thing for its page; ``classes`` are IRIs.

    ``named`` are the asserted classes, ``first`` the facts on parties and period.
    """

    iri: str
    classes: tuple[str, ...]
    named: tuple[str, ...]
    first: tuple[Fact, ...]
    stated: tuple[Fact, ...]
    derived: tuple[Fact, ...]
    by_others: tuple[Fact, ...]
    places: tuple[Location, ...]

    def isa(self, *locals_: str) -> bool:
        """Whether it has one of the ontology's classes, by local name."""
        return any(G + local in self.classes for local in locals_)


def about(state: State, iri: str) -> About | None:
    """The facts of a thing; None without any."""
    store = state.opened.dataset.store
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return None
    quads = list(store.quads_for_pattern(node, None, None, None))
    if not quads and next(iter(store.quads_for_pattern(None, None, node, None)), None) is None:
        return None
    classes, named = set[str](), set[str]()
    stated, derived = list[tuple[str, Term]](), list[tuple[str, Term]]()
    for quad in quads:
        predicate, value = quad.predicate.value, quad.object
        if predicate == RDF_TYPE:
            classes.add(plain(value))
            if is_in(quad, SOURCE_PREFIX):
                named.add(plain(value))
        elif predicate not in _NAMING:
            (derived if is_in(quad, RULE_PREFIX) else stated).append((predicate, value))
    asserted = set(stated)
    facts = {fact.predicate: fact for fact in _facts(state, stated)}
    place = state.opened.sources.locate(iri)
    first = tuple(facts.pop(G + local) for local in _FIRST if G + local in facts)
    return About(
        iri=iri,
        classes=_in_order(state, classes),
        named=_in_order(state, named or classes),
        first=first,
        stated=tuple(facts.values()),
        derived=_facts(state, (pair for pair in derived if pair not in asserted)),
        by_others=_facts(state, by_others(state, iri)),
        places=() if place is None else (place,),
    )


def by_others(state: State, iri: str, predicate: str | None = None) -> Iterator[tuple[str, Term]]:
    """The asserted facts with a thing as value: pairs of property and subject, for all properties or one."""
    property_node = None if predicate is None else ox.NamedNode(predicate)
    for quad in state.opened.dataset.store.quads_for_pattern(None, property_node, ox.NamedNode(iri), None):
        if is_in(quad, SOURCE_PREFIX):
            yield quad.predicate.value, quad.subject


def values(state: State, iri: str, predicate: str, *, reverse: bool) -> list[Value]:
    """All values of a property of a thing, or all subjects of which it is the value. Raises ValueError for an invalid IRI."""
    if reverse:
        terms: Iterable[Term] = (subject for _, subject in by_others(state, iri, predicate))
    else:
        terms = state.opened.dataset.objects(ox.NamedNode(iri), predicate)
    return _sorted({_value(term) for term in terms})


def _in_order(state: State, classes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(classes, key=lambda cls: state.labels[cls].en))


def _facts(state: State, pairs: Iterable[tuple[str, Term]]) -> tuple[Fact, ...]:
    result: dict[str, dict[Value, None]] = {}
    for predicate, term in pairs:
        result.setdefault(predicate, {})[_value(term)] = None
    named = sorted(result, key=lambda predicate: (state.labels[predicate].en, predicate))
    return tuple(
        Fact(predicate, tuple(_sorted(result[predicate])[:_MOST]), len(result[predicate])) for predicate in named
    )


def _sorted(some: Iterable[Value]) -> list[Value]:
    return sorted(some, key=lambda value: (value.text, value.iri or ""))


def _value(term: Term) -> Value:
    if isinstance(term, ox.NamedNode):
        return Value(term.value, "")
    return Value(None, plain(term), term.datatype.value if isinstance(term, ox.Literal) else "")


def described(state: State, iri: str) -> Iterator[ox.Triple]:
    """The triples of a thing: those with it as subject, those of its blank nodes, and those with it as object."""
    store = state.opened.dataset.store
    node = ox.NamedNode(iri)
    waiting: list[tuple[ox.NamedNode | ox.BlankNode, int]] = [(node, 0)]
    while waiting:
        subject, depth = waiting.pop()
        for quad in store.quads_for_pattern(subject, None, None, None):
            yield quad.triple
            value = quad.object
            nested = isinstance(value, ox.NamedNode) and value.value.startswith(f"{iri}/")
            if depth < _DEPTH and (isinstance(value, ox.BlankNode) or nested) and value != subject:
                assert isinstance(value, ox.NamedNode | ox.BlankNode)
                waiting.append((value, depth + 1))
    for quad in islice(store.quads_for_pattern(None, None, node, None), _MOST):
        yield quad.triple


def upward(state: State, agreement: str) -> tuple[str, ...]:
    """The agreements from the topmost down to one, that one included."""
    way = [agreement]
    while len(way) < _CHAIN and (above := _first_value(state, way[-1], "under")) is not None and above not in way:
        way.append(above)
    return tuple(reversed(way))


def beneath(state: State, agreement: str) -> tuple[tuple[str, int, int | None], ...]:
    """All agreements below one, each after its parent: with how far below, and its nearest tier in the chains that both are in."""
    result: list[tuple[str, int, int | None]] = []
    here = _tiers(state, agreement)
    waiting, met = [(agreement, 0)], {agreement}
    while waiting and len(result) < _MOST:
        iri, depth = waiting.pop()
        if depth:
            there = _tiers(state, iri)
            result.append((iri, depth, min((there[root] for root in there.keys() & here.keys()), default=None)))
        under = sorted(_right_under(state, iri) - met, key=lambda item: (state.name(item), item), reverse=True)
        met.update(under)
        waiting += [(item, depth + 1) for item in under]
    return tuple(result)


def _tiers(state: State, agreement: str) -> dict[Term, int]:
    """The nearest tier of an agreement in each of its chains, by the agreement at the top, as it is derived."""
    result: dict[Term, int] = {}
    dataset = state.opened.dataset
    for quad in dataset.store.quads_for_pattern(None, ox.NamedNode(G + "agreement"), ox.NamedNode(agreement), None):
        tiers = [int(plain(tier)) for tier in dataset.objects(quad.subject, G + "tier")]
        for root in dataset.objects(quad.subject, G + "root") if tiers else ():
            result[root] = min(*tiers, result.get(root, tiers[0]))
    return result


def _right_under(state: State, agreement: str) -> set[str]:
    quads = state.opened.dataset.store.quads_for_pattern(None, ox.NamedNode(G + "under"), ox.NamedNode(agreement), None)
    return {plain(quad.subject) for quad in islice(quads, _MOST)}


def _first_value(state: State, iri: str, local: str) -> str | None:
    quads = state.opened.dataset.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(G + local), None, None)
    return min((quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)), default=None)
