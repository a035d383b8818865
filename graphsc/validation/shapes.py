"""The shapes of a dataset: each with the code of its rule and the plan that judges it, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox

from graphsc.core.cycles import reached
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF, G, local_name
from graphsc.core.vocabulary import SHACL as SH
from graphsc.graph.dataset import SHAPES, Dataset
from graphsc.shacl import Compiled, Plan, Refused, ShapesGraph, compile_graph
from graphsc.shacl.model import Node

COMPILED, ORACLE = "compiled", "pyshacl"
_NOT = ox.NamedNode(SH + "not")
_PARTS = (
    *("property", "node", "and", "or", "xone", "not", "qualifiedValueShape", "sparql", "target", "expression", "path"),
    *(RDF + "first", RDF + "rest"),
)
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape with targets: its node, the code of its rule, and its plan.

    - ``declined``: why there is no plan, so that another engine judges it
    - ``obligation``: the obligation that it judges
    - ``late``: the shape notes that the obligation was met after its day
    - ``query``: the SELECT of its SPARQL constraint with the prefixes, if that is its only constraint
    """

    iri: str
    code: str
    node: Node
    plan: Plan | None = None
    declined: Text | None = None
    obligation: str | None = None
    late: bool = False
    query: str | None = None

    def about_focus(self, component: str, path: str | None) -> str | None:
        """The query of the plan for a component (and a property) that judges focus nodes, not their single values."""
        for query in self.plan.queries if self.plan is not None else ():
            for outcome in query.outcomes:
                judged = outcome.constraint
                property_ = judged.path_node.value if isinstance(judged.path_node, ox.NamedNode) else None
                alone = outcome.flag is None and outcome.value in {None, outcome.focus}
                if alone and (judged.component, property_) == (component, path):
                    return query.text
        return None


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of the shapes graph of a dataset by IRI, those that no engine can judge, and the codes switched off."""

    graph: ShapesGraph
    shapes: tuple[Shape, ...]
    refused: dict[str, Text] = field(default_factory=dict)
    off: tuple[str, ...] = ()

    def using(self, nodes: Set[object]) -> frozenset[str]:
        """The IRIs of the shapes that are made of any of some nodes."""
        return frozenset(shape.iri for shape in self.shapes if self.uses(shape, nodes))

    def uses(self, shape: Shape, nodes: Set[object]) -> bool:
        """Whether a shape is made of any of some nodes."""
        return bool(nodes) and not nodes.isdisjoint(reached((shape.node,), self._parts))

    def _parts(self, node: Node) -> Iterator[Node]:
        """The shapes, constraints, targets, paths and lists that a node is made of."""
        for name in _PARTS:
            for value in self.graph.values(node, name):
                if not isinstance(value, ox.Literal):
                    yield value


def compile_shapes(dataset: Dataset) -> Shapes:
    """The shapes of a dataset."""
    lost = dataset.written.properties()
    return dataset.cached(("shapes", tuple(sorted(lost))), lambda: _compiled(dataset.shapes(), lost=lost))


@lru_cache(maxsize=16)
def _compiled(triples: frozenset[ox.Triple], *, lost: frozenset[str]) -> Shapes:
    graph = ShapesGraph(triples)
    compiled = compile_graph(graph, SHAPES, lost=lost)
    codes = rule_codes(graph)
    shapes = tuple(_shape(graph, compiled, node, code) for node, code in codes.items() if node not in compiled.refused)
    refused = {name(node): reason.text for node, reason in compiled.refused.items()}
    off = {code[0].value for node in graph.roots() if _is_off(graph, node) and (code := graph.texts(node, G + "code"))}
    return Shapes(graph, shapes, refused, tuple(sorted(off - {shape.code for shape in shapes})))


def name(node: Node) -> str:
    """The IRI of a shape, or its blank node label."""
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def rule_codes(graph: ShapesGraph) -> dict[Node, str]:
    """The code of each shape with targets: its g:code, else made from its name."""
    result: dict[Node, str] = {}
    taken: set[str] = set()
    roots = [node for node in graph.roots() if not _is_off(graph, node)]
    for node in roots:
        codes = graph.texts(node, G + "code")
        if codes:
            result[node] = codes[0].value
    taken.update(result.values())
    for node in roots:
        if node not in result:
            result[node] = next(entry for entry in _names(node) if entry not in taken)
            taken.add(result[node])
    return dict(sorted(result.items(), key=lambda item: str(item[0])))


def _names(node: Node) -> Iterator[str]:
    plain = _UNSAFE.sub("-", local_name(node.value)).strip("-") if isinstance(node, ox.NamedNode) else ""
    stem = plain or "shape"
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _is_off(graph: ShapesGraph, node: Node) -> bool:
    try:
        return graph.is_deactivated(node)
    except Refused:
        return False


def _shape(graph: ShapesGraph, compiled: Compiled, node: Node, code: str) -> Shape:
    obligation = next(iter(graph.values(node, G + "judges")), None)
    declined = compiled.declined.get(node)
    return Shape(
        iri=name(node),
        code=code,
        node=node,
        plan=compiled.plans.get(node),
        declined=declined.text if declined is not None else None,
        obligation=obligation.value if obligation is not None else None,
        late=obligation is not None and bool(graph.values(node, _NOT.value)),
        query=_query(graph, node),
    )


def _query(graph: ShapesGraph, node: Node) -> str | None:
    """The text of a shape's query, if it has no other constraint."""
    constraints = graph.nodes(node, "sparql")
    if len(constraints) != 1 or graph.values(node, "path") or graph.values(node, "property"):
        return None
    texts = graph.texts(constraints[0], "select")
    declared = graph.prefixes(constraints[0])
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(declared.items()))
    return prologue + texts[0].value if texts else None
