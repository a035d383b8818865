"""Checks of whole plain N-Triples files: each value of a property once, and what the classes of the subjects may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from pyoxigraph import Quad

from graphsc.core.vocabulary import RDF_TYPE
from graphsc.sources.rdf.ntriples import PlainFile, is_stored_as_written, statements_of
from graphsc.sources.terms import Terms

_NO_CLASS: frozenset[str] = frozenset()
_TYPE = f"<{RDF_TYPE}> <"


class PlainChecks:
    """Checks plain files; ``classes_of`` gives the classes of each described node."""

    def __init__(self, terms: Terms, classes_of: Mapping[str, frozenset[str]]) -> None:
        self._terms = terms
        self._classes_of = classes_of
        self._allowed = _allowed(terms)
        self._kept: dict[str, bool] = {}
        """The pairs of a property and a value without a fault, and whether a store keeps them as they are written."""
        self._sure: dict[frozenset[str], bool] = {}
        """Kinds of statements, and whether the classes that they name may have them."""

    def are_passed(self, file: PlainFile, is_fine: Callable[[str, Quad], bool]) -> bool:
        """Whether no statement of a file has a fault or would be changed; properties with values that a store alters become lossy.

        ``is_fine`` decides this for a property and a statement, by its value alone.
        """
        if not self._are_borne(file):
            return False
        pairs = [*file.pairs, *(pair for predicate in self._unsure(file) for pair in file.pairs_of(predicate))]
        new = [pair for pair in pairs if pair not in self._kept]
        self._kept.update((pair, True) for pair in new if self._leads_on(pair))
        new = [pair for pair in new if pair not in self._kept]
        try:
            for pair, quad in zip(new, statements_of(new), strict=True):
                if not is_fine(quad.predicate.value, quad):
                    return False
                self._kept[pair] = is_stored_as_written(quad, pair)
        except (
            SyntaxError
        ):  # a text of rdf:langString without its language looks well-formed; the reader says where it is
            return False
        file.set_aside({pair.split("> ", 1)[0][1:] for pair in pairs if not self._kept[pair]})
        return True

    def _are_borne(self, file: PlainFile) -> bool:
        """Whether the classes of each subject may have its properties and their values.

        What a row says of the classes of its subject is usually enough; only where it is not, each subject is looked up.
        """
        unsure = {number for number, kind in enumerate(file.kinds) if not self._is_sure(kind)}
        rows = file.subjects() if unsure else ()
        borne = {(self._classes_of.get(subject, _NO_CLASS), number) for subject, number in rows if number in unsure}
        return all(self._may_have(classes, file.kinds[number]) for classes, number in borne)

    def _is_sure(self, kind: frozenset[str]) -> bool:
        if kind not in self._sure:
            self._sure[kind] = self._may_have(_classes(kind), kind)
        return self._sure[kind]

    def _may_have(self, classes: frozenset[str], kind: frozenset[str]) -> bool:
        """Whether a node of the classes may have what the statements of a kind have."""
        limits = (self._allowed.get(term) for statement in kind for term in statement.split(" ", 1))
        return not any(limit is not None and limit.isdisjoint(classes) for limit in limits)

    def _unsure(self, file: PlainFile) -> list[str]:
        """The properties with subjects as values of which the file alone does not say that they may lead there."""
        return [
            predicate
            for predicate, kinds in file.leads.items()
            if not all(self._leads(predicate, _classes(file.kinds[number])) for number in kinds)
        ]

    def _leads_on(self, pair: str) -> bool:
        """Whether the value of a pair is a described node that the property may lead to."""
        predicate, value = pair.split(" ", 1)
        return value.startswith("<") and self._leads(predicate[1:-1], self._classes_of.get(value[1:-3], _NO_CLASS))

    def _leads(self, predicate: str, classes: frozenset[str]) -> bool:
        """Whether a property may lead to a node of the classes."""
        prop = self._terms.properties.get(predicate)
        if prop is None or prop.literal or prop.schemes or prop.derived or not classes:
            return False
        return not prop.ranges or self._terms.may_be(classes, prop.ranges)


@lru_cache(maxsize=4096)
def _classes(kind: frozenset[str]) -> frozenset[str]:
    """The IRIs of the classes among what statements have."""
    return frozenset(statement[len(_TYPE) : -1] for statement in kind if statement.startswith(_TYPE))


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
