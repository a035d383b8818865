"""Running plans: rows of queries become validation results."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.core.lexical_forms import unboxed
from graphsc.graph.dataset import Dataset, Row, Term, is_true
from graphsc.shacl.plan import FOCUS, Constraint, Query
from graphsc.shacl.steps import Graph, Pattern


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """A validation result: a constraint that a focus node violates. ``row`` has the other bindings of its query."""

    constraint: Constraint
    focus: Term
    value: Term | None = None
    path: Term | None = None
    row: Mapping[str, Term] = field(default_factory=dict, compare=False, hash=False)


_OFTEN = 10
"""A pattern is rare when it has at most so many triples for each focus node."""
_FEW = 2000
"""So many focus nodes are named in a query rather than asked for in it again."""


class Counts:
    """How often patterns stand in an embedded store."""

    def __init__(self, dataset: Dataset, most: int) -> None:
        """``most`` is the largest number of focus nodes: what is rare for no shape is not counted to the end."""
        self._dataset = dataset
        self._limit = most * _OFTEN + 1
        self._known: dict[Pattern, int] = {}

    def of(self, pattern: Pattern) -> int:
        """How many triples a pattern has, counted no further than makes a difference."""
        if pattern not in self._known:
            asked = " ".join(one or f"?{name}" for one, name in zip(pattern, ("s", "p", "o"), strict=True))
            limited = f"SELECT * WHERE {{ {asked} }} LIMIT {self._limit}"
            (row,) = self._dataset.run(f"SELECT (COUNT(*) AS ?number) WHERE {{ {{ {limited} }} }}")
            number = row["number"]
            assert isinstance(number, ox.Literal)
            self._known[pattern] = int(number.value)
        return self._known[pattern]


class StoreStatistics:
    """Statistics of an embedded store for the order of joins: the focus nodes of a shape, and how often patterns match."""

    def __init__(self, counts: Counts, nodes: Collection[Term]) -> None:
        self.count = counts.of
        self._nodes = nodes

    @property
    def focus(self) -> str | None:
        """The focus nodes as a pattern that binds them, where they are few."""
        if len(self._nodes) > _FEW or not all(isinstance(node, ox.NamedNode) for node in self._nodes):
            return None
        return f"VALUES ?{FOCUS} {{ {' '.join(sorted(map(str, self._nodes)))} }}"

    def is_rare(self, pattern: Pattern) -> bool:
        """Whether a pattern is better read whole than looked up from the focus nodes."""
        return self.count(pattern) <= len(self._nodes) * _OFTEN


def rows(dataset: Dataset, query: Query, graph: Graph | None) -> Sequence[Row]:
    """The rows of a query of a plan."""
    return dataset.run(query.text if graph is None else query.for_graph(graph))


def read(query: Query, rows: Iterable[Row]) -> Iterator[ValidationResult]:
    """The results that the rows of a query say."""
    for row in rows:
        for outcome in query.outcomes:
            if outcome.flag is not None and not is_true(row.get(outcome.flag)):
                continue
            yield ValidationResult(
                outcome.constraint,
                unboxed(row[outcome.focus]),
                _cell(row, outcome.value) or _cell(row, outcome.otherwise),
                _cell(row, outcome.path),
                {name: unboxed(row[name]) for name in outcome.others if name in row},
            )


def _cell(row: Mapping[str, Term], name: str | None) -> Term | None:
    return unboxed(row[name]) if name is not None and name in row else None
