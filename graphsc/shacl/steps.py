"""Triple patterns of a plan, written for the graph that it is run on.

An engine that joins triples one after the other looks each up for every solution before it. That is right for a few
solutions, and dear for many, above all from a node that much is said of: there a pattern that is rare in the graph is
better read whole and joined. So a query starts from its focus nodes, or from what is rarest, looks up from there what is
not rare, and joins what is. A triple stands in as many graphs as sources say it, and a union of graphs has it as many
times: each part is made distinct before it is joined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

FOCUS = "this"
"""The variable of a target's node, as SHACL calls it."""

Pattern = tuple[str | None, str, str | None]
"""A triple pattern of one property: its subject and object as they stand in SPARQL, None for a variable."""

_MUCH = 4
"""What holds around a pattern is joined into it when it is so many times rarer than the pattern."""


class Graph(Protocol):
    """What is known of the graph that a query is written for."""

    @property
    def focus(self) -> str | None:
        """The focus nodes as a pattern that binds them, where they are few."""

    def is_rare(self, pattern: Pattern) -> bool:
        """Whether a pattern is better read whole than looked up from the focus nodes."""

    def count(self, pattern: Pattern) -> int:
        """How many triples a pattern has, or a number that is known to be large."""


@dataclass(frozen=True)
class Step:
    """A triple pattern of a query: its subject, its property or path, and its object, each as it stands in SPARQL."""

    subject: str
    verb: str
    object: str

    @cached_property
    def text(self) -> str:
        """The pattern as SPARQL."""
        return f"{self.subject} {self.verb} {self.object} ."

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of its variables, in order."""
        return tuple(sorted({item[1:] for item in (self.subject, self.verb, self.object) if item.startswith("?")}))

    @cached_property
    def pattern(self) -> Pattern | None:
        """What can be counted of it: it asks for one property, of no blank node."""
        if not self.variables or not self.verb.startswith("<"):
            return None
        if self.subject.startswith("_:") or self.object.startswith("_:"):
            return None
        subject, object_ = (None if item.startswith("?") else item for item in (self.subject, self.object))
        return subject, self.verb, object_

    @property
    def whole(self) -> str:
        """The pattern as a query within the query, which an engine answers by itself and then joins."""
        return _selected(self.variables, [self.text])

    @property
    def looked_up(self) -> str:
        """The pattern where its variables are bound; of a single one it is asked once whether it holds."""
        return self.text if len(self.variables) > 1 else f"FILTER EXISTS {{ {self.text} }}"


@dataclass(frozen=True, slots=True)
class Steps:
    """Triple patterns that are joined.

    ``known`` hold around them anyway: joining them in changes nothing. ``leads`` says that they start from the focus.
    """

    steps: tuple[Step, ...]
    known: tuple[Step, ...] = ()
    leads: bool = False

    def plain(self) -> str:
        """The patterns for an engine that orders them by itself, or for few focus nodes."""
        return " ".join(step.text for step in self.steps)

    def for_graph(self, graph: Graph) -> str:
        """The patterns for a graph that is known."""
        rare: list[Step] = []
        rest: list[Step] = []
        steps = [*self._restricting(graph), *self.steps]
        if len(steps) == 1:
            return self.plain()
        for step in steps:
            (rare if step.pattern is not None and graph.is_rare(step.pattern) else rest).append(step)
        rare.sort(key=lambda step: (len(step.variables), graph.count(step.pattern) if step.pattern else 0))
        ways = _Ways(rare)
        if self.leads:
            ways.start_from_focus(graph.focus)
        return ways.text(rest) if ways.open or rare else self.plain()

    def _restricting(self, graph: Graph) -> list[Step]:
        """What holds around the patterns, and joins them or is much rarer than what they ask of the same variable."""
        steps = [
            item for item in self.known if len(item.variables) > 1 and item.pattern and graph.is_rare(item.pattern)
        ]
        for item in self.known:
            if len(item.variables) > 1:
                continue
            asked = [step.pattern for step in self.steps if set(item.variables) & set(step.variables) and step.pattern]
            if item.pattern is not None and asked and graph.is_rare(item.pattern):
                least = min(graph.count(pattern) for pattern in asked)
                if least > _MUCH * graph.count(item.pattern):
                    steps.append(item)
        return steps


@dataclass(frozen=True, slots=True)
class Absence:
    """That there is no triple of a pattern."""

    step: Step

    def plain(self) -> str:
        """The absence as it is looked up for each solution."""
        return f"FILTER NOT EXISTS {{ {self.step.text} }}"

    def for_graph(self, graph: Graph) -> str:
        """The absence, of a rare pattern read whole."""
        if self.step.pattern is not None and graph.is_rare(self.step.pattern):
            return f"MINUS {{ {self.step.text} }}"
        return self.plain()


Piece = str | Steps | Absence
"""A part of a query: what it says, or what it leaves open."""


class _Way:
    """What is looked up from one start on."""

    def __init__(self, reached: Iterable[str], start: str) -> None:
        self.reached = set(reached)
        self._texts = [start]

    def go(self, step: Step) -> None:
        """Look up a pattern."""
        self._texts.append(step.looked_up)
        self.reached.update(step.variables)

    @property
    def text(self) -> str:
        """All that is looked up, as a query within the query."""
        return _selected(sorted(self.reached), self._texts)


class _Ways:
    """The ways from rare patterns to the others: from the subject of each where there is one, else from its object.

    What is said of a node is little as a rule, while much may be said about it.
    """

    def __init__(self, rare: list[Step]) -> None:
        self._rare = rare
        self.open: list[_Way] = []

    def start_from_focus(self, nodes: str | None) -> None:
        """Start from the rarest pattern of the focus alone, or else from its nodes."""
        first = next((step for step in self._rare if step.variables == (FOCUS,)), None)
        if first is not None:
            self._start(first)
        elif nodes is not None:
            self.open.append(_Way([FOCUS], nodes))

    def text(self, steps: list[Step]) -> str:
        """The patterns, those that are not rare looked up by the ways."""
        rest = steps
        while (pair := self._next(rest)) is not None:
            way, near = pair
            way.go(near)
            rest = [step for step in rest if step is not near]
        return " ".join([
            *(way.text for way in self.open), *(step.text for step in rest), *(step.whole for step in self._rare)
        ])  # fmt: skip

    def _next(self, rest: list[Step]) -> tuple[_Way, Step] | None:
        for end in (_subject, _object):
            for step in rest:
                for way in self.open:
                    if end(step) & way.reached:
                        return way, step
            for item in self._rare:
                for step in rest:
                    if end(step) & set(item.variables):
                        return self._start(item), step
        return None

    def _start(self, step: Step) -> _Way:
        self._rare = [item for item in self._rare if item is not step]
        self.open.append(_Way(step.variables, step.text))
        return self.open[-1]


def _subject(step: Step) -> set[str]:
    return {step.subject[1:]} if step.subject.startswith("?") else set()


def _object(step: Step) -> set[str]:
    return {step.object[1:]} if step.object.startswith("?") else set()


def _selected(names: Iterable[str], texts: Iterable[str]) -> str:
    return f"{{ SELECT DISTINCT {' '.join(f'?{name}' for name in names)} WHERE {{ {' '.join(texts)} }} }}"
