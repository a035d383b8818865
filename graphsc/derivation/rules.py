"""Derivation rules: CONSTRUCT queries with a header, what each reads and writes, and the strata that follow from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core import frameworks
from graphsc.core.cycles import strongly_connected
from graphsc.core.disk_cache import cached
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
    return cached(("derivation rules", names), lambda: _parsed(names))


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


class UnstratifiedError(ValueError):
    """Rules that depend on the absence of what they themselves derive."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes that ``any_situation`` of a rule reads and ``any_superclass`` writes."""

    situations: frozenset[str] = frozenset()
    superclasses: frozenset[str] = frozenset()

    def read(self, rule: Rule) -> frozenset[str]:
        """All terms that a rule reads."""
        return rule.reads | rule.negates | (self.situations if rule.any_situation else frozenset())

    def written(self, rule: Rule) -> frozenset[str]:
        """All terms that a rule writes."""
        return rule.writes | (self.superclasses if rule.any_superclass else frozenset())


NO_CLASSES = Classes()


def order(rules: Sequence[Rule], classes: Classes = NO_CLASSES) -> list[list[Rule]]:
    """Groups of rules in the order to run them; a group of rules that feed each other runs to a fixpoint.

    Raises UnstratifiedError.
    """
    return [list(group) for group in _order(tuple(rules), classes)]


@lru_cache(maxsize=16)
def _order(rules: tuple[Rule, ...], classes: Classes) -> list[list[Rule]]:
    needs = {
        rule.name: sorted(other.name for other in rules if classes.written(other) & classes.read(rule))
        for rule in rules
    }
    by_name = {rule.name: rule for rule in rules}
    ordered: list[list[Rule]] = []
    for group in strongly_connected(needs):
        members = [by_name[name] for name in sorted(group)]
        written = frozenset().union(*map(classes.written, members))
        for rule in members:
            clash = rule.negates & written
            if clash and (len(members) > 1 or rule.name in needs[rule.name]):
                raise UnstratifiedError(
                    f"rule {rule.name} builds on the absence of {', '.join(sorted(clash))}, "
                    f"which depends on the rule itself ({', '.join(sorted(group))})"
                )
        ordered.append(members)
    return ordered


def levels(groups: Sequence[Sequence[Rule]], classes: Classes = NO_CLASSES) -> list[list[Sequence[Rule]]]:
    """Ordered groups gathered into levels: the groups of a level read nothing that another of them writes."""
    written: dict[str, int] = {}
    result: list[list[Sequence[Rule]]] = []
    for group in groups:
        read = frozenset().union(*map(classes.read, group))
        level = max((written[term] + 1 for term in read if term in written), default=0)
        result += [[] for _ in range(level + 1 - len(result))]
        result[level].append(group)
        for term in frozenset().union(*map(classes.written, group)):
            written[term] = max(written.get(term, 0), level)
    return result


def recursive(group: Sequence[Rule]) -> bool:
    """Whether a group has to run to a fixpoint."""
    return len(group) > 1 or bool(group[0].writes & group[0].reads)
