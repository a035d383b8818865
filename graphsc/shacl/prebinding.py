"""From a query for one focus node at a time to one for all of them.

SHACL binds ``$this`` before a query runs, everywhere in it (appendix A): it has its value even in a group whose patterns
do not mention it. Here ``$this`` is a variable like any other, joined to the pattern that binds it, and that pattern is
put into every group that reads ``$this`` without binding it. Joining it once more changes nothing, and for each value of
``$this`` each operator sees the solutions that it would have seen. Where that cannot be shown, the shape is declined.
"""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox

from graphsc.core.lexical_forms import BOX
from graphsc.shacl.model import Declined, Refused
from graphsc.shacl.plan import Domain
from graphsc.sparql.patterns import certain, has_nullable_end, visible
from graphsc.sparql.syntax import (
    TRUE,
    Aggregate,
    Ask,
    Bind,
    Call,
    Exists,
    Filter,
    Group,
    Minus,
    Named,
    Optional,
    Part,
    Path,
    Projected,
    Select,
    Term,
    Triple,
    Union,
    Values,
    Var,
    nodes,
    rebuilt,
    variables,
)

_NONDETERMINISTIC = frozenset({"RAND", "UUID", "STRUUID", "BNODE"})
_OF_FORMS = frozenset({"STR", "DATATYPE", "SAMETERM"})
_COUNTS = frozenset({"COUNT", "SUM", "AVG", "GROUP_CONCAT"})


def check(query: Select | Ask, prebound: frozenset[str]) -> None:
    """Raise Refused for what no query of a shape may do (section 5.2.1, appendix A); ``prebound`` are its pre-bound variables."""
    for node in nodes(query):
        if isinstance(node, Minus | Values) or (isinstance(node, Select) and node.values is not None):
            name = "MINUS" if isinstance(node, Minus) else "VALUES"
            raise Refused(
                f"dens forespørgsel bruger {name}, og det må den ikke i SHACL",
                f"its query uses {name}, which SHACL does not allow",
            )
        assigned = node.variable if isinstance(node, Bind) else None
        if isinstance(node, Projected) and node.expression is not None:
            assigned = node.variable
        if assigned is not None and assigned.name in prebound:
            raise Refused(
                f"dens forespørgsel giver ${assigned.name} en ny værdi", f"its query gives ${assigned.name} a new value"
            )
        if isinstance(node, Select) and node is not query and not prebound - {"PATH"} <= visible(node):
            raise Refused(
                "en forespørgsel inde i dens forespørgsel giver ikke $this videre",
                "a sub-select of its query does not select $this",
            )


def substituted(query: Group, terms: dict[str, Term | Path]) -> Group:
    """A pattern with variables replaced by terms or paths; a path must replace predicates only."""

    def change(node: object) -> object:
        if isinstance(node, Call) and node.name == "BOUND" and not isinstance(node.arguments[0], Var):
            return TRUE
        if isinstance(node, Select):  # a constant is not selected
            return replace(
                node, projected=tuple(column for column in node.projected if isinstance(column.variable, Var))
            )
        if isinstance(node, Var) and node.name in terms:
            return terms[node.name]
        return node

    return rebuilt(query, change)


def set_based(group: Group, domain: Domain, prebound: set[str]) -> Group:
    """The pattern joined to the domain that binds its pre-bound variables. Raises Declined."""
    domain_variables = variables(domain.group)
    if any(isinstance(node, ox.Literal) and node.datatype.value.startswith(BOX) for node in nodes(domain.group)):
        raise Declined(
            "dens mål er en værdi, som lageret skriver på en anden måde",
            "its target is a value that the store writes otherwise",
        )
    for node in nodes(group):
        if isinstance(node, Call) and node.name in _NONDETERMINISTIC:
            raise Declined(f"dens forespørgsel bruger {node.name}", f"its query uses {node.name}")
        if isinstance(node, Var) and node.name.startswith("_") and node.name not in domain_variables:
            raise Declined("dens forespørgsel bruger et navn med _ foran", "its query uses a name with a leading _")
    if has_nullable_end(group, prebound) and any(isinstance(item, Values) for item in nodes(domain.group)):
        raise Declined(
            "dens forespørgsel går en vej uden skridt fra noder, der måske ikke er i grafen",
            "its query walks a path of no steps from nodes that may not be in the graph",
        )
    return _Joining(domain, prebound).joined(group)


class _Joining:
    """Joins a domain to each group that needs it."""

    def __init__(self, domain: Domain, prebound: set[str]) -> None:
        self._domain = domain.group.parts
        self._prebound = prebound

    def joined(self, group: Group) -> Group:
        """The group with the domain in front."""
        return self._group(Group((*self._domain, *group.parts)), len(self._domain))

    def _group(self, group: Group, domain_parts: int = 0, outer: frozenset[str] = frozenset()) -> Group:
        """A group in which each pre-bound variable that is read is bound.

        The first ``domain_parts`` parts are the domain's. ``outer`` are the variables that the group around an OPTIONAL
        binds: its filters see them.
        """
        parts: list[Part] = list(group.parts[:domain_parts])
        bound = self._prebound & certain(Group(tuple(parts)))
        for part in group.parts[domain_parts:]:
            changed, lacking = self._part(part, bound)
            if lacking and not domain_parts:
                return self.joined(group)
            parts.append(changed)
            bound |= self._prebound & certain(changed)
        for part in group.parts[domain_parts:]:
            if isinstance(part, Filter) and not self._read(part.expression) <= bound | outer and not domain_parts:
                return self.joined(group)
        return Group(tuple(parts))

    def _part(self, part: Part, bound: set[str]) -> tuple[Part, bool]:
        """The part with the domain joined to its groups, and whether it reads a pre-bound variable that nothing before it binds."""
        match part:
            case Bind(expression, _):
                return part, not self._read(expression) <= bound
            case Optional(group):
                if not self._read(group) <= bound:
                    return part, True
                return Optional(self._group(group, outer=frozenset(bound))), False
            case Union(groups):
                return Union(tuple(self._group(group) for group in groups)), False
            case Group():
                return self._group(part), False
            case Named(name, group):
                if self._group(group) != group or self._read((name,)) - bound:
                    raise Declined(
                        "dens forespørgsel læser $this i en anden graf", "its query reads $this within another graph"
                    )
                return part, False
            case Select():
                return self._select(part), False
            case _:
                return part, False

    def _read(self, node: object) -> set[str]:
        return variables(node) & self._prebound

    def _select(self, select: Select) -> Select:
        if select.limit is not None or select.offset is not None:
            raise Declined("dens forespørgsel har LIMIT eller OFFSET", "its query has LIMIT or OFFSET")
        where = self._group(select.where)
        if not self._prebound <= certain(where):
            where = self.joined(select.where)
        return grouped(replace(select, where=where, order=()), self._prebound)


def grouped(select: Select, prebound: set[str]) -> Select:
    """A query that aggregates for each focus node, over distinct solutions. Raises Declined.

    A union of graphs has a triple as many times as there are graphs that hold it.
    """
    if not select.aggregates:
        return select
    keys = {var.name for var in select.group_by if isinstance(var, Var)}
    if not prebound <= keys:
        raise Declined("dens forespørgsel regner på tværs af $this", "its query counts across focus nodes")
    counting = any(
        isinstance(node, Aggregate) and node.name in _COUNTS and not node.distinct
        for node in nodes((select.projected, select.having))
    )
    if not counting:
        return select
    if not _solutions_are_distinct(select.where):
        raise Declined(
            "dens forespørgsel tæller løsninger, der kan gå igen", "its query counts solutions that may recur"
        )
    names = tuple(Projected(Var(name)) for name in sorted(visible(select.where)))
    return replace(select, where=Group((Select(names, select.where, "DISTINCT"),)))


def _solutions_are_distinct(group: Group) -> bool:
    """Whether the solutions of a pattern are distinct on a graph that has each triple once."""
    for part in group.parts:
        match part:
            case Triple(subject, predicate, object_):
                if not isinstance(predicate, Var | ox.NamedNode) or isinstance(subject, ox.BlankNode):
                    return False
                if isinstance(object_, ox.BlankNode):
                    return False
            case Filter() | Bind() | Values():
                pass
            case Optional(inner) | Named(_, inner):
                if not _solutions_are_distinct(inner):
                    return False
            case Group():
                if not _solutions_are_distinct(part):
                    return False
            case Select(distinct="DISTINCT"):
                pass
            case _:
                return False
    return True


def looks_at_forms(query: object, lost: frozenset[str]) -> bool:
    """Whether a query may depend on lexical forms of a property with values whose form the store does not keep."""
    if not lost:
        return False
    uses_forms = any(
        isinstance(node, Aggregate) or (isinstance(node, Call) and node.name in _OF_FORMS) for node in nodes(query)
    )
    return uses_forms and any(
        isinstance(node, Var) or (isinstance(node, ox.NamedNode) and node.value in lost)
        for triple in nodes(query)
        if isinstance(triple, Triple)
        for node in nodes(triple.predicate)
    )


def asks_only(group: Group) -> bool:
    """Whether no EXISTS of a pattern has a sub-select, which engines bind differently."""
    tests = [node for node in nodes(group) if isinstance(node, Exists)]
    return not any(isinstance(inner, Select) for exists in tests for inner in nodes(exists.group))
