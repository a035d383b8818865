"""Looking up a thing by its IRI, the end of its IRI, or its name."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.core.identifiers import SOURCE_PREFIX, is_in
from graphsc.core.problems import Reasoned
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, RDFS_RANGE, SCHEME, SKOS_ALT_LABEL, SKOS_IN_SCHEME, G
from graphsc.graph.dataset import Dataset
from graphsc.graph.labels import Labels, readable
from graphsc.sources.reporting import hint


class UnknownNameError(Reasoned, ValueError):
    """A name of nothing in the input, or of several things."""


def find(dataset: Dataset, labels: Labels, text: str, *sorts: str, base: str | None = None) -> str:
    """The IRI of the thing that a text names, among those of some classes (``Person``) or concept schemes (``role``), or of all.

    The text may be the IRI, its end (``org/nordlys``, ``p07``), an IRI relative to ``base``, or a name in either language,
    in any case. Raises UnknownNameError.
    """
    stripped = text.strip()
    whole = (stripped, *([base + stripped] if base else []))
    if (iri := next((iri for iri in whole if _is_there(dataset, iri, sorts)), None)) is not None:
        return iri
    candidates = sorted({iri for sort in sorts for iri in _instances(dataset, sort)} if sorts else _all(dataset))
    for iri in whole:
        if iri in candidates:
            return iri
    ends = (f"/{stripped}", f"#{stripped}", f":{stripped}")
    result = [iri for iri in candidates if stripped and iri.endswith(ends)]
    names: dict[str, set[str]] = {}
    if not result:
        names = {
            iri: {readable(iri), labels[iri].da, labels[iri].en, *dataset.values(iri, SKOS_ALT_LABEL)}
            for iri in candidates
        }
        result = [iri for iri in candidates if stripped.casefold() in {name.casefold() for name in names[iri]}]
    if len(result) > 1 and not sorts:  # asserted things take precedence over the knowledge and derived things
        result = [iri for iri in result if _asserted(dataset, iri)] or result
    if len(result) == 1:
        return result[0]
    if result:
        several = ", ".join(result)
        raise UnknownNameError(Text(f"{text} kan være {several}.", f"{text} may be {several}."))
    if sorts and stripped and any(iri == stripped or iri.endswith(ends) for iri in _all(dataset)):
        wants = [labels[(SCHEME if sort[:1].islower() else G) + sort] for sort in sorts]
        kinds = Text.joined(Text(" eller ", " or "), wants)
        raise UnknownNameError(
            Text(f"{text} er noget andet end {kinds.da}.", f"{text} is something other than {kinds.en}.")
        )
    suggestion = hint(stripped, {name for spellings in names.values() for name in spellings})
    raise UnknownNameError(
        Text(
            f"{text} findes ikke i dataene.{suggestion.da}",
            f"{text} is not in the input given.{suggestion.en}",
        )
    )


def _is_there(dataset: Dataset, iri: str, sorts: tuple[str, ...]) -> bool:
    """Whether a source asserts a thing with that IRI, of one of the sorts; a quick check."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    patterns: list[tuple[ox.NamedNode | None, ox.NamedNode | None, ox.NamedNode | None]] = [
        (node, ox.NamedNode(SKOS_IN_SCHEME), ox.NamedNode(SCHEME + sort))
        if sort[:1].islower()
        else (node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + sort))
        for sort in sorts
    ] or [(node, None, None), (None, None, node)]
    store = dataset.store
    return any(next(iter(store.quads_for_pattern(*pattern, None)), None) is not None for pattern in patterns)


def _instances(dataset: Dataset, sort: str) -> set[str]:
    """The concepts of a scheme; or the instances of a class, also those that follow only from the range of a property."""
    if sort[:1].islower():
        return dataset.subjects(SKOS_IN_SCHEME, SCHEME + sort)
    result = dataset.subjects(RDF_TYPE, G + sort)
    for predicate in dataset.subjects(RDFS_RANGE, G + sort):
        objects = (quad.object for quad in dataset.statements(predicate))
        result |= {node.value for node in objects if isinstance(node, ox.NamedNode)}
    return result


def _all(dataset: Dataset) -> set[str]:
    """All subjects and objects of statements."""
    terms = (term for quad in dataset.store for term in (quad.subject, quad.predicate, quad.object))
    return {term.value for term in terms if isinstance(term, ox.NamedNode)}


def _asserted(dataset: Dataset, iri: str) -> bool:
    """Whether a source has a statement with that subject."""
    quads = dataset.store.quads_for_pattern(ox.NamedNode(iri), None, None, None)
    return any(is_in(quad, SOURCE_PREFIX) for quad in quads)
