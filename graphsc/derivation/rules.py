"""Derivation rules: CONSTRUCT queries with a header, and what each reads and writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core import frameworks
from graphsc.core.kept import kept
from graphsc.core.resources import knowledge_files
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import RDF_TYPE, RDFS_LABEL, STATEMENT, G
from graphsc.sparql.patterns import pattern
from graphsc.sparql.reading import read_construct
from graphsc.sparql.syntax import Triple, Var, nodes

SITUATIONS, SUPERCLASSES = "situations", "superclasses"
_TYPE = ox.NamedNode(RDF_TYPE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One derivation rule.

    ``writes`` and ``reads`` are the terms (a property, or a class where the property is rdf:type) that it derives and
    that its pattern uses; ``negates`` are those of them whose absence or number its pattern tests. ``any_situation`` says
    that it also reads every class that an obligation applies to, and ``any_superclass`` that it writes every superclass.
    ``own`` says that it did not come with graphsc.
    """

    name: str
    query: str
    title: Text
    statements: tuple[str, ...]
    writes: frozenset[str]
    reads: frozenset[str]
    negates: frozenset[str]
    any_situation: bool
    any_superclass: bool
    own: bool = False

    @property
    def graph(self) -> str:
        """The IRI of the graph that its triples lie in."""
        return f"urn:graphsc:rule:{self.name}"


def load(switched_on: Iterable[str] = ()) -> list[Rule]:
    """The shipped rules, in name order; then those of the frameworks that are switched on."""
    names = sorted(switched_on)
    return kept(("derivation rules", names), lambda: _parsed(names))


def _parsed(switched_on: Iterable[str]) -> list[Rule]:
    files = [*knowledge_files("ontology/rules", ".rq"), *frameworks.derivations(switched_on)]
    return [parse(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8")) for file in files]


@cache
def parse(name: str, query: str) -> Rule:
    """Parse a rule. Raises ValueError when what it reads or writes cannot be known.

    Of a variable property it cannot: the header must then have ``# reads:`` or ``# writes:``, which give the whole list.
    """
    header = sparql.header(query)
    any_superclass = SUPERCLASSES in header.get("writes", "").split()
    writes, reads, negates, open_write, open_read = _touched(query)
    if "writes" in header:
        writes = _names(header["writes"], query)
    elif open_write:
        raise ValueError(f"rule {name} writes a variable property and does not say which in its header")
    any_situation = False
    if "reads" in header:
        words = header["reads"].split()
        any_situation = SITUATIONS in words
        reads = _names(header["reads"], query)
    elif open_read:
        raise ValueError(f"rule {name} reads a variable property and does not say which in its header")
    return Rule(
        name=name,
        query=query,
        title=Text(header.get("title.da", name), header.get("title.en", name)),
        statements=tuple(header.get("statements", "").split()),
        writes=frozenset(writes),
        reads=frozenset(reads),
        negates=frozenset(negates),
        any_situation=any_situation,
        any_superclass=any_superclass,
    )


@lru_cache(maxsize=16)
def described(rules: tuple[Rule, ...]) -> tuple[ox.Triple, ...]:
    """The rules as triples, for queries: title, statements of the guide, terms that they read.

    The node of a rule is the IRI of the graph of its triples, so that a query gets from a derived triple to its rule.
    """
    return tuple(triple for rule in rules for triple in _described(rule))


def _described(rule: Rule) -> Iterator[ox.Triple]:
    node = ox.NamedNode(rule.graph)
    yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + "DerivationRule"))
    for language in Language:
        yield ox.Triple(node, ox.NamedNode(RDFS_LABEL), ox.Literal(rule.title[language], language=language.value))
    for statement in rule.statements:
        yield ox.Triple(node, ox.NamedNode(G + "statement"), ox.NamedNode(STATEMENT + statement))
    for term in rule.reads:
        yield ox.Triple(node, ox.NamedNode(G + "buildsOn"), ox.NamedNode(term))


def _names(text: str, query: str) -> set[str]:
    prefixes = sparql.prefixes(query) | {"g": "https://w3id.org/graphsc/ns#"}
    words = [word for word in text.split() if word not in {SITUATIONS, SUPERCLASSES}]
    return {prefixes[prefix] + local for prefix, local in (word.split(":", 1) for word in words)}


def _touched(query: str) -> tuple[set[str], set[str], set[str], bool, bool]:
    """The terms written, read and negated, and whether a property or class is a variable in the template and in the pattern.

    Too many terms are safe, too few are not: every IRI of a pattern counts as read, not only its property. What stands
    in MINUS, NOT EXISTS or a sub-select that counts or takes a maximum counts as negated too.
    """
    parsed = read_construct(query)
    if not parsed.template:
        raise ValueError("its template is empty: it derives nothing")
    if any(isinstance(node, ox.BlankNode) for triple in parsed.template for node in (triple.subject, triple.object)):
        raise ValueError("a blank node in its template would be another one at every run")
    writes = {key for triple in parsed.template for key in _keys(triple)}
    reads: set[str] = set()
    negates: set[str] = set()
    open_read = False
    for triple, absent in pattern(parsed.where).walk():
        names = {node.value for node in nodes(triple) if isinstance(node, ox.NamedNode)} - {RDF_TYPE}
        reads |= names
        if absent:
            negates |= names
        open_read |= _is_open(triple)
    return writes, reads, negates, any(_is_open(triple) for triple in parsed.template), open_read


def _keys(triple: Triple) -> set[str]:
    """The term that a triple of a template writes: its property, or its class where the property is rdf:type."""
    key = triple.object if triple.predicate == _TYPE else triple.predicate
    return {key.value} if isinstance(key, ox.NamedNode) else set()


def _is_open(triple: Triple) -> bool:
    """Whether the property of a triple, or its class, is a variable."""
    return isinstance(triple.predicate, Var) or (triple.predicate == _TYPE and isinstance(triple.object, Var))
