"""Checks of whole plain N-Triples files: each value of a property once, and the classes of its subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import Quad

from graphsc.sources.rdf.ntriples import PlainFile, is_stored_as_written, statements_of
from graphsc.sources.terms import Property, Terms

_NO_CLASS: frozenset[str] = frozenset()


class PlainChecks:
    """Checks plain files; ``classes_of`` gives the classes of each described node."""

    def __init__(self, terms: Terms, classes_of: Mapping[str, frozenset[str]]) -> None:
        self._terms = terms
        self._classes_of = classes_of
        self._allowed = _allowed(terms)
        self._kept: dict[str, bool] = {}
        """The pairs of a property and a value without a fault, and whether a store keeps them as they are written."""

    def are_passed(self, file: PlainFile, is_fine: Callable[[str, Quad], bool]) -> bool:
        """Whether no statement of a file has a fault or would be changed; properties with values that a store alters become lossy.

        ``is_fine`` decides this for a property and a statement, by its value alone.
        """
        aside: set[str] = set()
        for fact in file.starts:
            predicate = fact.partition(" ")[0]
            values = self._values(file, fact)
            if values is None:
                return False
            pairs = self._to_look_at(predicate, values)
            new = [pair for pair in pairs if pair not in self._kept]
            for pair, quad in zip(new, statements_of(new), strict=True):
                if not is_fine(predicate, quad):
                    return False
                self._kept[pair] = is_stored_as_written(quad, pair)
            if not all(map(self._kept.__getitem__, pairs)):
                aside.add(predicate)
        file.set_aside(aside)
        return True

    def _values(self, file: PlainFile, fact: str) -> set[str] | None:
        """The values of a fact, as written; None if a subject's class may not have it or one of the values."""
        bearers = self._allowed.get(f"<{fact.partition(' ')[0]}>")
        if bearers is None:
            return {value for _, value in file.pairs(fact)}
        classes_of, values, kinds = self._classes_of, set[str](), set[frozenset[str]]()
        for subject, value in file.pairs(fact):
            kinds.add(classes_of.get(subject, _NO_CLASS))
            values.add(value)
        if any(map(bearers.isdisjoint, kinds)):
            return None
        limited = {value: self._allowed[value[:-2]] for value in values if value[:-2] in self._allowed}
        if limited and any(
            limited[value].isdisjoint(classes_of.get(subject, _NO_CLASS))
            for subject, value in file.pairs(fact)
            if value in limited
        ):
            return None
        return values

    def _to_look_at(self, predicate: str, values: Iterable[str]) -> list[str]:
        """The pairs to check of a property and its values: all but described nodes that the property may lead to."""
        prop = self._terms.properties.get(predicate)
        if prop is not None and not prop.literal and not prop.schemes and not prop.derived:
            values = [value for value in values if not self._leads(prop, value)]
        return [f"<{predicate}> {value}" for value in values]

    def _leads(self, prop: Property, value: str) -> bool:
        """Whether a value, with the end of its line, is a node that the property may lead to."""
        classes = self._classes_of.get(value[1:-3], _NO_CLASS) if value.startswith("<") else _NO_CLASS
        return bool(classes) and (not prop.ranges or self._terms.may_be(classes, prop.ranges))


def _allowed(terms: Terms) -> dict[str, frozenset[str]]:
    """The classes that may have a property, or a value that only some classes may have; by property and value in N-Triples."""
    allowed: dict[str, frozenset[str]] = {}
    for prop in terms.properties.values():
        allowed[f"<{prop.iri}>"] = terms.bearers(prop) or frozenset(terms.classes)
    for concept in terms.concepts.values():
        if concept.said_of:
            under = (c for c in terms.classes if terms.allows(concept.iri, (c,)))
            allowed[f"<{concept.iri}>"] = frozenset(under)
    return allowed
