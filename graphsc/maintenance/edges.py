"""A query's triple patterns as edges between its variables: what joins what, and on whose condition.

A block holds what must hold together in one solution: a group with its sub-selects and nested groups. What stands in an
OPTIONAL, a MINUS, an EXISTS or a branch of a UNION is a block of its own, whose solutions are also ones of the blocks
around it. Source: SPARQL 1.1, section 18.2; the paths of section 9 are taken apart, and what repeats or branches becomes
one edge that leads at least as far.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import pyoxigraph as ox

from graphsc.sparql.binding import certain
from graphsc.sparql.syntax import (
    Alternative,
    Bind,
    Exists,
    Filter,
    Group,
    Inverse,
    Minus,
    Named,
    Negated,
    Optional,
    Part,
    Path,
    Repeat,
    Select,
    Sequence,
    Term,
    Triple,
    Union,
    Var,
    nodes,
    variables,
)

Property = tuple[str, bool]
"""The IRI of a property, and whether it is followed from subject to object."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What leads from one end of a triple pattern to the other.

    An end is the name of a variable, or a constant. No ``properties`` stand for any property, followed forwards.
    A ``closure`` may be followed any number of times, also none.
    """

    source: str | ox.NamedNode | ox.Literal
    target: str | ox.NamedNode | ox.Literal
    properties: frozenset[Property] | None
    closure: bool = False


@dataclass(slots=True)
class Block:
    """What holds together in one solution; ``unions`` are the branches of which one holds too."""

    parent: Block | None = None
    edges: list[Edge] = field(default_factory=list)
    unions: list[list[Block]] = field(default_factory=list)
    inner: list[Block] = field(default_factory=list)

    def all(self) -> Iterator[Block]:
        """This block and every one below it."""
        yield self
        for block in [*self.inner, *(branch for branches in self.unions for branch in branches)]:
            yield from block.all()


class _Reader:
    def __init__(self) -> None:
        self._fresh = count()

    def name(self) -> str:
        return f" {next(self._fresh)}"  # a blank: no variable is called so

    def group(self, group: Group, block: Block, names: dict[str, str]) -> None:
        for place, part in enumerate(group.parts):
            if isinstance(part, Optional) and not _is_well_placed(part, group.parts[:place], group.parts[place + 1 :]):
                self.below(part.group, block, names, apart=True)
            else:
                self.part(part, block, names)

    def part(self, part: Part, block: Block, names: dict[str, str]) -> None:
        match part:
            case Triple(subject, predicate, object_):
                ends = _end(subject, names), _end(object_, names)
                if isinstance(predicate, Var):
                    block.edges.append(Edge(*ends, None))
                else:
                    self.path(predicate, *ends, block)
            case Group():
                self.group(part, block, names)
            case Named(_, group):
                self.group(group, block, names)
            case Select():
                self.select(part, block, names)
            case Union(groups):
                branches = [Block(block) for _ in groups]
                for branch, group in zip(branches, groups, strict=True):
                    self.group(group, branch, names)
                block.unions.append(branches)
            case Optional(group) | Minus(group):
                self.below(group, block, names)
            case Bind(expression, variable):
                if isinstance(expression, Var):
                    same = names.get(expression.name, expression.name), names.get(variable.name, variable.name)
                    block.edges.append(Edge(*same, frozenset(), closure=True))
                self.conditions(expression, block, names)
            case _:
                self.conditions(part, block, names)

    def select(self, select: Select, block: Block, names: dict[str, str]) -> None:
        """A sub-select holds together with what is around it; what it does not give is its own."""
        given = {variable.name for variable in select.variables}
        own = {node.name for node in nodes(select) if isinstance(node, Var)} - given if given else set[str]()
        inner = names | {name: self.name() for name in sorted(own)}
        self.group(select.where, block, inner)
        for said in (*select.projected, *select.having):
            self.conditions(said, block, inner)

    def conditions(self, node: object, block: Block, names: dict[str, str]) -> None:
        """The patterns that a condition asks for, wherever they stand in it."""
        waiting = [node]
        while waiting:
            under = waiting.pop()
            if isinstance(under, Exists):
                self.below(under.group, block, names)
            elif isinstance(under, tuple):
                waiting.extend(under)
            else:
                waiting.extend(getattr(under, name) for name in getattr(under, "__dataclass_fields__", ()))

    def below(self, group: Group, block: Block, names: dict[str, str], *, apart: bool = False) -> None:
        inner = Block(None if apart else block)
        self.group(group, inner, names)
        block.inner.append(inner)

    def path(self, path: Path, source: _End, target: _End, block: Block) -> None:
        match path:
            case ox.NamedNode():
                block.edges.append(Edge(source, target, frozenset({(path.value, True)})))
            case Inverse(inner):
                self.path(inner, target, source, block)
            case Sequence(paths):
                places = [source, *(self.name() for _ in paths[1:]), target]
                for step, here, there in zip(paths, places, places[1:], strict=False):
                    self.path(step, here, there, block)
            case Alternative(paths) if all(isinstance(node, ox.NamedNode) for node in paths):
                block.edges.append(Edge(source, target, _properties(path, True)))
            case Negated():
                block.edges.append(Edge(source, target, None))
                block.edges.append(Edge(target, source, None))
            case _:
                block.edges.append(Edge(source, target, _properties(path, True), closure=True))


def _is_well_placed(part: Optional, before: tuple[Part, ...], after: tuple[Part, ...]) -> bool:
    """Whether an OPTIONAL only adds to rows that it shares something with, so that whether it holds is a matter of each.

    What it binds must not be joined with what comes after, where it may as well be bound by that. Source: well-designed
    patterns (Pérez, Arenas and Gutierrez, Semantics and Complexity of SPARQL, 2009).
    """
    own = variables(part.group)
    shared = own & certain(Group(before))
    joined = set[str]().union(*(variables(triple) for triple in after if not isinstance(triple, Filter | Bind)))
    return bool(shared) and not (own - shared) & joined


_End = str | ox.NamedNode | ox.Literal


def _end(term: Term, names: dict[str, str]) -> _End:
    match term:
        case Var(name):
            return names.get(name, name)
        case ox.BlankNode():
            return f"_:{term.value}"
        case _:
            return term


def _properties(path: Path, forward: bool) -> frozenset[Property] | None:
    """Every property of a path, and which way it is followed; None for one that may follow any."""
    match path:
        case ox.NamedNode():
            return frozenset({(path.value, forward)})
        case Inverse(inner):
            return _properties(inner, not forward)
        case Negated():
            return None
        case Repeat(inner, _):
            return _properties(inner, forward)
        case Sequence(paths) | Alternative(paths):
            properties: frozenset[Property] = frozenset()
            for inner in paths:
                some = _properties(inner, forward)
                if some is None:
                    return None
                properties |= some
            return properties


def blocks(where: Group | Select) -> Block:
    """The outermost block of a pattern."""
    top = Block()
    reader = _Reader()
    if isinstance(where, Select):
        reader.select(where, top, {})
    else:
        reader.group(where, top, {})
    return top
