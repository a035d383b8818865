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
        return tuple(sorted({one[1:] for one in (self.subject, self.verb, self.object) if one.startswith("?")}))

    @cached_property
    def pattern(self) -> Pattern | None:
        """What can be counted of it: it asks for one property, of no nameless node."""
        if not self.variables or not self.verb.startswith("<"):
            return None
        if self.subject.startswith("_:") or self.object.startswith("_:"):
            return None
        subject, object_ = (None if one.startswith("?") else one for one in (self.subject, self.object))
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

    def chosen(self, graph: Graph) -> str:
        """The patterns for a graph that is known."""
        waiting = [*self._restricting(graph), *self.steps]
        whole = [step for step in waiting if step.pattern is not None and graph.is_rare(step.pattern)]
        first, start = self._start(graph, whole)
        if start is None:
            return self.plain()
        rest = [step for step in waiting if step not in whole]
        whole = [step for step in whole if step is not first]
        reached = {FOCUS} if first is None else set(first.variables)
        texts = [start]
        while near := _nearest(reached, rest, whole):
            texts.append(near.looked_up)
            reached.update(near.variables)
            rest, whole = ([step for step in steps if step is not near] for steps in (rest, whole))
        core = _selected(sorted(reached), texts)
        return " ".join([core, *(step.text for step in rest), *(step.whole for step in whole)])

    def _start(self, graph: Graph, whole: list[Step]) -> tuple[Step | None, str | None]:
        """What is known first: the rarest pattern, of the focus alone where it leads, or else its nodes themselves."""
        leading = [step for step in whole if step.variables == (FOCUS,)] if self.leads else whole
        if not leading:
            return None, graph.focus if self.leads else None
        first = min(leading, key=lambda step: graph.count(step.pattern) if step.pattern else 0)
        return first, first.text

    def _restricting(self, graph: Graph) -> list[Step]:
        """What holds around the patterns and is much rarer than what they ask of the same variable."""
        found = []
        for one in self.known:
            asked = [step.pattern for step in self.steps if set(one.variables) & set(step.variables) and step.pattern]
            if one.pattern is not None and asked and graph.is_rare(one.pattern):
                least = min(graph.count(pattern) for pattern in asked)
                if least > _MUCH * graph.count(one.pattern):
                    found.append(one)
        return found


@dataclass(frozen=True, slots=True)
class Absence:
    """That there is no triple of a pattern."""

    step: Step

    def plain(self) -> str:
        """The absence as it is looked up for each solution."""
        return f"FILTER NOT EXISTS {{ {self.step.text} }}"

    def chosen(self, graph: Graph) -> str:
        """The absence, of a rare pattern read whole."""
        if self.step.pattern is not None and graph.is_rare(self.step.pattern):
            return f"MINUS {{ {self.step.text} }}"
        return self.plain()


Piece = str | Steps | Absence
"""A part of a query: what it says, or what it leaves open."""


def _nearest(reached: set[str], rest: list[Step], whole: list[Step]) -> Step | None:
    """A pattern that leads on from what is reached; one that could be read whole only where it leads to others."""
    for step in rest:
        if reached & set(step.variables):
            return step
    wanted = {name for step in rest for name in step.variables} - reached
    for step in whole:
        if reached & set(step.variables) and wanted & set(step.variables):
            return step
    return None


def _selected(names: Iterable[str], texts: Iterable[str]) -> str:
    return f"{{ SELECT DISTINCT {' '.join(f'?{name}' for name in names)} WHERE {{ {' '.join(texts)} }} }}"
