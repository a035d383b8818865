"""What was found out of queries, kept in a file: reading and preparing them takes longer than what a small change asks."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graphsc import __version__
from graphsc.derivation.rules import Rule
from graphsc.graph.store import sealed
from graphsc.graph.store.sealed import Damaged, NotAStore
from graphsc.maintenance.edges import Edge, Property
from graphsc.maintenance.queries import IncrementalQuery, KeptRule, Output, kept_rule, kept_select
from graphsc.maintenance.reach import Occurrence, Reach, Route, Step, Way
from graphsc.shacl.plan import FOCUS

_FORMAT = f"9 {__version__}"


class Memory:
    """Kept queries and rules by their text, in a file; one that cannot be read or written is done without."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._said: dict[str, Any] = {}
        self._new = False
        if path is not None:
            with suppress(OSError, Damaged, NotAStore):
                said = sealed.read(path)
                if said.pop("format", None) == _FORMAT:
                    self._said = said

    def select(self, query: str, key: str) -> IncrementalQuery:
        """A SELECT, kept by one of its variables. Raises ValueError for one that cannot be read."""
        said = self._said.get(query)
        if said is not None:
            return _kept(query, said)
        kept = kept_select(query, key)
        self._said[query], self._new = _told(kept), True
        return kept

    def rule(self, name: str, query: str) -> KeptRule:
        """A CONSTRUCT with a template, kept by a variable that tells its triples apart."""
        said = self._said.get(query)
        if said is not None:
            output = Output(said["subject"], said["anchor"]) if "subject" in said else None
            return KeptRule(name, _kept(query, said) if output is not None else None, output)
        rule = kept_rule(name, query)
        told = _told(rule.kept) if rule.kept is not None else {}
        if rule.output is not None:
            told |= {"subject": rule.output.subject, "anchor": rule.output.anchor}
        self._said[query], self._new = told, True
        return rule

    def learn(self, rules: Iterable[Rule], queries: Iterable[str]) -> None:
        """Find out now what the first change would have to wait for, of rules and of queries about the focus."""
        for rule in rules:
            self.rule(rule.name, rule.query)
        for query in queries:
            self.select(query, FOCUS)
        self.save()

    def save(self) -> None:
        """Write what is new."""
        if self._new and self._path is not None:
            with suppress(OSError):
                sealed.write(self._path, {"format": _FORMAT, **self._said})


def _told(kept: IncrementalQuery) -> dict[str, Any]:
    return {
        "key": kept.reach.key,
        "few": kept.few,
        "many": kept.many,
        "found": [
            [
                *(_end_told(end) for end in (occurrence.edge.source, occurrence.edge.target)),
                _properties_told(occurrence.edge.properties),
                occurrence.edge.closure,
                [
                    [
                        way.from_source,
                        [
                            [[_properties_told(step.properties), step.forward, step.closure] for step in route]
                            for route in way.routes
                        ],
                    ]
                    for way in occurrence.ways
                ],
            ]
            for occurrence in kept.reach.occurrences
        ],
    }


def _kept(query: str, said: dict[str, Any]) -> IncrementalQuery:
    occurrences = tuple(
        Occurrence(
            Edge(_end(source), _end(target), _properties(properties), closure),
            tuple(Way(from_source, tuple(map(_route, routes))) for from_source, routes in ways),
        )
        for source, target, properties, closure, ways in said["found"]
    )
    return IncrementalQuery(query, Reach(said["key"], occurrences), said["few"], said["many"])


def _route(said: list[Any]) -> Route:
    return tuple(Step(_properties(some), forward, again) for some, forward, again in said)


def _end_told(end: str | ox.NamedNode | ox.Literal) -> list[str | None]:
    match end:
        case str():
            return ["?", end]
        case ox.NamedNode():
            return ["<", end.value]
        case ox.Literal():
            return ['"', end.value, end.language, end.datatype.value]


def _end(said: list[Any]) -> str | ox.NamedNode | ox.Literal:
    match said:
        case ["?", name]:
            return str(name)
        case ["<", iri]:
            return ox.NamedNode(iri)
        case [_, value, language, datatype]:
            return (
                ox.Literal(value, language=language) if language else ox.Literal(value, datatype=ox.NamedNode(datatype))
            )
        case _:
            raise ValueError(f"no end: {said}")


def _properties_told(properties: Iterable[Property] | None) -> list[list[Any]] | None:
    return None if properties is None else sorted([name, forward] for name, forward in properties)


def _properties(said: list[list[Any]] | None) -> frozenset[Property] | None:
    return None if said is None else frozenset((name, forward) for name, forward in said)
