"""Derivation after a change: of each rule, only what the change can reach is derived again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.derivation import classes_of, order
from graphsc.derivation.rules import Rule
from graphsc.derivation.strata import recursive
from graphsc.graph.dataset import Dataset
from graphsc.maintenance.changes import Delta, Surroundings
from graphsc.maintenance.queries import KeptRule, Output
from graphsc.maintenance.reach import Node
from graphsc.maintenance.remembering import Memory

_MANY = 100
"""For more keys than these a rule is run as it is: a query that names them took three times as long at 100,000 triples."""


@dataclass(slots=True)
class Redone:
    """What was worked out again: for each rule or query, of how many keys; None stands for all of them."""

    keys: dict[str, int | None] = field(default_factory=dict)

    def note(self, name: str, keys: set[Node] | None) -> None:
        """Count what was done for a rule; more than once adds up."""
        before = self.keys.get(name, 0)
        self.keys[name] = None if keys is None or before is None else before + len(keys)


def rederive(
    dataset: Dataset, rules: Sequence[Rule], delta: Delta, around: Surroundings, redone: Redone, memory: Memory
) -> None:
    """Bring what the rules derived up to date with changed triples, which are already in the dataset.

    ``delta`` grows by what changes in turn, ``around`` by what goes. Afterwards every rule's graph holds what running all
    the rules anew would give.
    """
    for group in order(rules, classes_of(dataset)):
        if recursive(group):
            _Group(dataset, [memory.rule(rule.name, rule.query) for rule in group], group, delta, around, redone).run()
        else:
            _single(dataset, memory.rule(group[0].name, group[0].query), group[0], delta, around, redone)


def _single(dataset: Dataset, kept: KeptRule, rule: Rule, delta: Delta, around: Surroundings, redone: Redone) -> None:
    graph = ox.NamedNode(rule.graph)
    keys = _keys(kept, delta, around)
    if keys is not None and len(keys) > _MANY:
        keys = None
    if keys is None:
        before = {quad.triple for quad in dataset.embedded.quads_for_pattern(None, None, None, graph)}
        after = set(dataset.construct(rule.query))
    elif keys and kept.kept is not None and kept.output is not None:
        before, keys = _outputs(dataset.embedded, graph, kept.output, keys)
        after = set(dataset.construct(kept.kept.of(keys)))
    else:
        return
    redone.note(rule.name, keys)
    _replace(dataset, graph, before - after, after - before)
    around.lost(before - after)
    delta.note(before ^ after)


def _keys(kept: KeptRule, delta: Delta, around: Surroundings) -> set[Node] | None:
    """The keys to derive again; None for all."""
    if kept.kept is None:
        return None if len(delta) else set()
    return kept.kept.reach.keys(delta, around)


def _outputs(store: ox.Store, graph: ox.NamedNode, output: Output, keys: set[Node]) -> tuple[set[ox.Triple], set[Node]]:
    """What a rule derived for the keys; and the keys, with others that share what it made up."""
    triples: set[ox.Triple] = set()
    if output.anchor is None:
        for key in keys:
            if output.subject and not isinstance(key, ox.Literal):
                triples |= {quad.triple for quad in store.quads_for_pattern(key, None, None, graph)}
            elif not output.subject:
                triples |= {quad.triple for quad in store.quads_for_pattern(None, None, key, graph)}
        return triples, keys
    anchor = ox.NamedNode(output.anchor)
    keys, waiting = set(keys), set(keys)
    while waiting:
        key = waiting.pop()
        for made in [quad.subject for quad in store.quads_for_pattern(None, anchor, key, graph)]:
            said = {quad.triple for quad in store.quads_for_pattern(made, None, None, graph)}
            others = {triple.object for triple in said if triple.predicate == anchor} - keys
            triples |= said
            keys |= others
            waiting |= others
    return triples, keys


def _replace(dataset: Dataset, graph: ox.NamedNode, gone: Iterable[ox.Triple], new: Iterable[ox.Triple]) -> None:
    for triple in gone:
        dataset.embedded.remove(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
    dataset.embedded.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in new)


class _Group:
    """Rules that feed each other: what a change reaches is deleted, then derived again to a fixpoint."""

    def __init__(
        self,
        dataset: Dataset,
        kept: Sequence[KeptRule],
        group: Sequence[Rule],
        delta: Delta,
        around: Surroundings,
        redone: Redone,
    ) -> None:
        self.dataset, self.group = dataset, group
        self.delta, self.around, self.redone = delta, around, redone
        self.kept = {rule.name: rule for rule in kept}
        self.keys: dict[str, set[Node]] = {rule.name: set() for rule in group}
        self.whole: set[str] = set()
        """The rules that are run in full."""
        self.before: dict[str, set[ox.Triple]] = {rule.name: set() for rule in group}

    def run(self) -> None:
        """Delete, derive again, and say what changed."""
        self._spread(self.delta)
        touched = True
        while touched:
            touched = False
            for rule in self.group:
                new = self._derived(rule)
                if new:
                    touched = True
                    _replace(self.dataset, ox.NamedNode(rule.graph), (), new)
                    self._spread(Delta(new))
        for rule in self.group:
            keys = None if rule.name in self.whole else self.keys[rule.name]
            if keys is None or keys:
                self.redone.note(rule.name, keys)
                self._settle(rule)

    def _spread(self, changed: Delta) -> None:
        """Delete what follows from changed triples, and from what is deleted in turn."""
        while len(changed):
            gone: set[ox.Triple] = set()
            for rule in self.group:
                gone |= self._deleted(rule, changed)
            self.around.lost(gone)
            changed = Delta(gone)

    def _deleted(self, rule: Rule, changed: Delta) -> set[ox.Triple]:
        if rule.name in self.whole:
            return set()
        kept, graph = self.kept[rule.name], ox.NamedNode(rule.graph)
        keys = _keys(kept, changed, self.around)
        store = self.dataset.embedded
        if keys is None:
            self.whole.add(rule.name)
            gone = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
        else:
            assert kept.output is not None
            gone, keys = _outputs(store, graph, kept.output, keys - self.keys[rule.name])
            self.keys[rule.name] |= keys
        _replace(self.dataset, graph, gone, ())
        self.before[rule.name] |= gone
        return gone

    def _derived(self, rule: Rule) -> list[ox.Triple]:
        """What a rule gives now that is not there yet."""
        graph = ox.NamedNode(rule.graph)
        if rule.name in self.whole:
            query = rule.query
        elif self.keys[rule.name]:
            kept = self.kept[rule.name].kept
            assert kept is not None
            query = kept.of(self.keys[rule.name])
        else:
            return []
        result = dict.fromkeys(self.dataset.construct(query))
        store = self.dataset.embedded
        return [t for t in result if ox.Quad(t.subject, t.predicate, t.object, graph) not in store]

    def _settle(self, rule: Rule) -> None:
        """Say what changed: what was deleted and has not come back, and what is there that was not."""
        graph, store = ox.NamedNode(rule.graph), self.dataset.embedded
        output = self.kept[rule.name].output
        if rule.name in self.whole or output is None:
            after = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
        else:
            after, _ = _outputs(store, graph, output, self.keys[rule.name])
        self.delta.note(self.before[rule.name] ^ after)
