"""Focus nodes and value nodes as patterns, and literals that the store holds boxed, since it does not keep their lexical forms."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.core.lexical_forms import ILL, WELL, box, is_kept
from graphsc.shacl.model import Node, Refused, ShapesGraph, Value, constant
from graphsc.shacl.plan import FOCUS, Domain
from graphsc.sparql.patterns import INSTANCE, nullable
from graphsc.sparql.syntax import (
    Bind,
    Call,
    Expression,
    Group,
    Path,
    Projected,
    Select,
    Triple,
    Union,
    Values,
    Var,
)

_NOTHING = Call("/", (ox.Literal(1), ox.Literal(0)))
_START = ox.Literal(len(WELL) + 1)  # SUBSTR counts from one


def boxed(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
    """A constant as the store holds it, to be compared as a term."""
    return box(term) if isinstance(term, ox.Literal) and not is_kept(term) else term


def value(variable: Var) -> Expression:
    """The value of a literal, boxed or not; an error for an ill-typed one."""
    kind = Call("STR", (Call("DATATYPE", (variable,)),))
    meant = Call("STRDT", (Call("STR", (variable,)), Call("IRI", (Call("SUBSTR", (kind, _START)),))))
    well = Call("IF", (Call("STRSTARTS", (kind, ox.Literal(WELL))), meant, variable))
    return Call("IF", (Call("STRSTARTS", (kind, ox.Literal(ILL))), _NOTHING, well))


def has_datatype(variable: Var, datatype: ox.NamedNode) -> Expression:
    """Whether a literal has a datatype and is well-formed."""
    kind = Call("DATATYPE", (variable,))
    of = Call("IN", (kind, datatype, ox.NamedNode(WELL + datatype.value)))
    return Call("&&", (Call("ISLITERAL", (variable,)), of))


def targets(graph: ShapesGraph, node: Node, custom: list[Group]) -> Domain:
    """The focus nodes of a shape; ``custom`` are the patterns of its SPARQL-based targets. Raises Declined and Refused."""
    this = Var(FOCUS)
    groups: list[Group] = []
    target_nodes = graph.values(node, "targetNode")
    if target_nodes:
        groups.append(Group((constants(this, target_nodes),)))
    classes = graph.nodes(node, "targetClass")
    if isinstance(node, ox.NamedNode) and graph.is_class(node):
        classes = [*classes, node]
    groups += [Group((instance(this, cls),)) for cls in sorted(set(classes), key=str)]
    for number, target in enumerate(graph.nodes(node, "targetSubjectsOf")):
        groups.append(Group((Triple(this, _property(target), Var(f"_of{number}")),)))
    for number, target in enumerate(graph.nodes(node, "targetObjectsOf")):
        groups.append(Group((Triple(Var(f"_to{number}"), _property(target), this),)))
    groups += custom
    if not groups:
        raise Refused("den har intet mål", "it has no target")
    return Domain(groups[0] if len(groups) == 1 else Group((Union(tuple(groups)),)), (FOCUS,))


def instance(node: Var, of: Node) -> Triple:
    """The pattern that a node is a SHACL instance of a class. Raises Declined."""
    return Triple(node, INSTANCE, constant(of))


def constants(node: Var, terms: list[Value]) -> Values:
    """The pattern that a node is one of some terms. Raises Declined."""
    return Values((node,), tuple((boxed(constant(term)),) for term in terms))


def _property(node: Node) -> ox.NamedNode:
    if isinstance(node, ox.BlankNode):
        raise Refused("dens mål nævner ikke en egenskab", "its target names no property")
    return node


def reached(domain: Domain, path: Path, name: str) -> Domain:
    """The value nodes of a path from the nodes of a domain, as the variable ``name``.

    In SPARQL a path of no steps matches only nodes of the graph, but a focus node may be any term: hence a branch of its own
    for a path that may have no steps.
    """
    step = Triple(domain.node, path, Var(name))
    chain = (*domain.chain, name)
    if not nullable(path):
        return Domain(Group((*domain.group.parts, step)), chain)
    same = Group((*domain.group.parts, Bind(domain.node, Var(name))))
    return Domain(Group((Union((same, Group((*domain.group.parts, step)))),)), chain)


def distinct(domain: Domain) -> Domain:
    """The domain with each chain once."""
    names = tuple(Projected(variable) for variable in domain.variables)
    return Domain(Group((Select(names, domain.group, "DISTINCT"),)), domain.chain)
