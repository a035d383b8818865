"""Shapes, each compiled to one set-based SELECT: all violations at once, not one query per focus node.

``$this`` stays unbound and is joined to the shape's target afterwards; the shipped shapes are written so that
this equals pre-binding (it is tested against pySHACL on every case). Core constraints that the shipped shapes
use are written as SELECTs here; what is not known to be equal is declined, and said to be.
Source: W3C SHACL, sections 3 (validation), 4.6 (logical constraints), 5 (SPARQL-based constraints).
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from graphsc import sparql
from graphsc.graph import SHAPES, Dataset
from graphsc.vocabulary import RDF, G
from graphsc.vocabulary import SHACL as SH

_OR = SH + "OrConstraintComponent"
_NOT = SH + "NotConstraintComponent"
_MIN = SH + "MinCountConstraintComponent"
_SPARQL = SH + "SPARQLConstraintComponent"
_ABOUT = frozenset({"severity", "message", "name", "description", "order", "group"})
_SHAPE = _ABOUT | {"targetClass", "targetSubjectsOf", "targetObjectsOf"}
_CONSTRAINTS = frozenset({"sparql", "or", "not", "property"})
_PROPERTY = _ABOUT | {"path", "minCount"}
_SPARQL_CONSTRAINT = frozenset({"select", "prefixes", "message"})


@dataclass(frozen=True, slots=True)
class Shape:
    """A compiled shape: its SELECT gives ``?this``, ``?value`` where there is one, and what its message names.

    ``path`` is the property whose values it counts, ``obligation`` the duty it judges, ``targets`` the
    SELECTs of its focus nodes. ``late`` marks the note that an obligation was met after its day.
    """

    iri: str
    code: str
    severity: str
    targets: tuple[str, ...]
    query: str
    component: str
    path: str | None = None
    obligation: str | None = None
    late: bool = False


def compile_shapes(dataset: Dataset) -> tuple[list[Shape], dict[str, str]]:
    """The shapes of a dataset in IRI order, and those that this room cannot compile, with the reason."""
    graph = _Graph(dataset)
    declared = dataset.select(
        f"SELECT DISTINCT ?prefix ?namespace WHERE {{ ?x <{SH}declare> ?d . ?d <{SH}prefix> ?prefix ; <{SH}namespace> ?namespace }}"
    )
    prefixes = "".join(
        sorted(
            f"PREFIX {row['prefix'].value}: <{row['namespace'].value}>\n"
            for row in declared
            if isinstance(row["prefix"], ox.Literal) and isinstance(row["namespace"], ox.Literal)
        )
    )
    compiled: list[Shape] = []
    declined: dict[str, str] = {}
    for node in sorted(graph.subjects(RDF + "type", SH + "NodeShape"), key=lambda node: node.value):
        try:
            compiled.append(_compile(graph, node, prefixes))
        except ValueError as error:
            declined[node.value] = str(error)
    return compiled, declined


class _Graph:
    """The shapes graph, read by pattern."""

    def __init__(self, dataset: Dataset) -> None:
        self._store = dataset.knowledge

    def subjects(self, predicate: str, value: str) -> list[ox.NamedNode]:
        quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value), SHAPES)
        return [quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)]

    def objects(
        self, node: ox.NamedNode | ox.BlankNode, predicate: str
    ) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        found = [q.object for q in self._store.quads_for_pattern(node, ox.NamedNode(predicate), None, SHAPES)]
        return sorted((o for o in found if not isinstance(o, ox.Triple)), key=str)

    def one(self, node: ox.NamedNode | ox.BlankNode, predicate: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        return next(iter(self.objects(node, predicate)), None)

    def items(self, head: ox.NamedNode | ox.BlankNode) -> list[ox.NamedNode | ox.BlankNode]:
        found: list[ox.NamedNode | ox.BlankNode] = []
        while True:
            first, rest = self.one(head, RDF + "first"), self.one(head, RDF + "rest")
            if isinstance(first, (ox.NamedNode, ox.BlankNode)):
                found.append(first)
            if not isinstance(rest, (ox.NamedNode, ox.BlankNode)) or rest == ox.NamedNode(RDF + "nil"):
                return found
            head = rest

    def predicates(self, node: ox.NamedNode | ox.BlankNode) -> list[str]:
        """The property of each triple about a node, once per triple."""
        return sorted(quad.predicate.value for quad in self._store.quads_for_pattern(node, None, None, SHAPES))

    def values(self, node: ox.NamedNode | ox.BlankNode, predicate: str) -> list[str]:
        return [o.value for o in self.objects(node, predicate)]


def _compile(graph: _Graph, node: ox.NamedNode, prefixes: str) -> Shape:
    targets = _targets(graph, node)
    query, component, path = _constraint(graph, node, prefixes, targets)
    codes, severities = graph.values(node, G + "code"), graph.values(node, SH + "severity")
    if not codes or not severities:
        raise ValueError("it has no g:code or no sh:severity")
    obligation = graph.one(node, G + "judges")
    return Shape(
        iri=node.value,
        code=codes[0],
        severity=severities[0],
        targets=targets,
        query=query,
        component=component,
        path=path,
        obligation=obligation.value if obligation is not None else None,
        late=obligation is not None and component == _NOT,
    )


def _targets(graph: _Graph, node: ox.NamedNode) -> tuple[str, ...]:
    patterns = [f"?this a <{target}>" for target in graph.values(node, SH + "targetClass")]
    patterns += [f"?this <{target}> ?any" for target in graph.values(node, SH + "targetSubjectsOf")]
    patterns += [f"?any <{target}> ?this" for target in graph.values(node, SH + "targetObjectsOf")]
    if not patterns:
        raise ValueError("it has no target of a kind that is compiled")
    return tuple(f"SELECT DISTINCT ?this WHERE {{ {pattern} }}" for pattern in patterns)


def _constraint(
    graph: _Graph, node: ox.NamedNode, prefixes: str, targets: tuple[str, ...]
) -> tuple[str, str, str | None]:
    """The SELECT of a shape's one constraint, its component, and its path."""
    _only(graph, node, _SHAPE, one_of=_CONSTRAINTS)
    asked = graph.one(node, SH + "sparql")
    if isinstance(asked, (ox.NamedNode, ox.BlankNode)):
        return _select(graph, asked, prefixes), _SPARQL, None
    focus = " UNION ".join(f"{{ {target} }}" for target in targets)
    either = graph.one(node, SH + "or")
    if isinstance(either, (ox.NamedNode, ox.BlankNode)):
        met = "".join(f" MINUS {{ {_has_value(graph, item)} }}" for item in graph.items(either))
        return f"SELECT DISTINCT ?this WHERE {{ {focus}{met} }}", _OR, None
    negated = graph.one(node, SH + "not")
    if isinstance(negated, (ox.NamedNode, ox.BlankNode)):
        return f"SELECT DISTINCT ?this WHERE {{ {_has_value(graph, negated)} }}", _NOT, None
    shape = graph.one(node, SH + "property")
    if isinstance(shape, (ox.NamedNode, ox.BlankNode)) and graph.values(shape, SH + "minCount") == ["1"]:
        _only(graph, shape, _PROPERTY)
        path = _property(graph, shape)
        return f"SELECT DISTINCT ?this WHERE {{ {focus} MINUS {{ ?this <{path}> ?any }} }}", _MIN, path
    raise ValueError("it has no constraint of a kind that is compiled")


def _only(
    graph: _Graph, node: ox.NamedNode | ox.BlankNode, known: frozenset[str], one_of: frozenset[str] = frozenset()
) -> None:
    """Refuse a shape that says more than is compiled, rather than judge a part of it."""
    used = [name.removeprefix(SH) for name in graph.predicates(node) if name.startswith(SH)]
    for name in used:
        if name not in known | one_of:
            raise ValueError(f"sh:{name} is not compiled")
    if one_of and sum(used.count(name) for name in one_of) > 1:
        raise ValueError("it has more than one constraint: write one shape for each")


def _select(graph: _Graph, constraint: ox.NamedNode | ox.BlankNode, prefixes: str) -> str:
    """The SELECT of a constraint, with its prefixes; refused when it cannot run, or would leave this machine."""
    _only(graph, constraint, _SPARQL_CONSTRAINT)
    texts = graph.values(constraint, SH + "select")
    if len(texts) != 1:
        raise ValueError("it has no sh:select, or more than one")
    query = prefixes + texts[0]
    if sparql.fetches(query):
        raise ValueError("its query uses SERVICE and would fetch from the network")
    try:
        found = ox.Store().query(query)
    except SyntaxError as error:
        raise ValueError(f"its query cannot be read: {error}") from None
    if not isinstance(found, ox.QuerySolutions) or ox.Variable("this") not in found.variables:
        raise ValueError("its query does not select $this")
    return query


def _property(graph: _Graph, shape: ox.NamedNode | ox.BlankNode) -> str:
    paths = [path.value for path in graph.objects(shape, SH + "path") if isinstance(path, ox.NamedNode)]
    if len(paths) != 1:
        raise ValueError("its path is more than one property")
    return paths[0]


def _has_value(graph: _Graph, shape: ox.NamedNode | ox.BlankNode) -> str:
    path, value = graph.one(shape, SH + "path"), graph.one(shape, SH + "hasValue")
    if not isinstance(path, ox.NamedNode) or value is None:
        raise ValueError("a part of it is no sh:hasValue on a property")
    return f"?this {path} {value}"
