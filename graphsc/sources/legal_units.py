"""Merges organisations with the same company number into one legal unit; the same name is not enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.cycles import strongly_connected
from graphsc.sources.model import Source
from graphsc.sources.values import IDENTIFIERS


@dataclass(frozen=True, slots=True)
class Parties:
    """The statements of a source about legal units: the numbers of organisations, and units of organisations."""

    numbers: tuple[tuple[str, str, str], ...] = ()
    """The property, the normalised number, and the IRI of the organisation that has it."""
    units: tuple[str, ...] = ()


def parties(source: Source) -> Parties:
    """The statements of a source about legal units."""
    numbers: set[tuple[str, str, str]] = set()
    units: set[str] = set()
    for quad in source.statements(v.G_UNIT_OF):
        if isinstance(quad.subject, NamedNode):
            units.add(quad.subject.value)
    for predicate, (rule, _) in IDENTIFIERS.items():
        for quad in source.statements(predicate):
            if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                proper = rule(quad.object.value)
                if proper is not None:
                    numbers.add((predicate, proper, quad.subject.value))
    return Parties(tuple(sorted(numbers)), tuple(sorted(units)))


def same_legal_unit(by_source: Iterable[Parties]) -> dict[str, str]:
    """For each replaced IRI of an organisation the IRI that is kept.

    Two organisations are one when they have the same valid CVR number or LEI, directly or through a third.
    A unit of an organisation (``g:unitOf``) carries its legal unit's number but stays itself. The IRI that
    is kept is the smallest as text.
    """
    units: set[str] = set()
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in by_source:
        units.update(item.units)
        for predicate, proper, holder in item.numbers:
            numbers[predicate, proper].add(holder)
    alike: dict[str, set[str]] = defaultdict(set)
    for holders in numbers.values():
        for iri, other in pairwise(sorted(holders - units)):
            alike[iri].add(other)
            alike[other].add(iri)
    kept = {iri: min(part) for part in strongly_connected(alike) for iri in part}
    return {iri: kept[iri] for iri in sorted(kept) if kept[iri] != iri}


def unite(sources: list[Source], replaced: Mapping[str, str]) -> None:
    """Replace the IRIs of each legal unit by the kept one in every source; ``replaced`` gives the kept IRI for each.

    Places recorded for a replaced IRI are found by the kept one.
    """
    if not replaced:
        return
    nodes = {iri: NamedNode(kept) for iri, kept in replaced.items()}
    aliases = aliases_of(replaced)
    for source in sources:
        source.positions.aliases = aliases
        quads: list[Quad] = []
        for quad in source.quads:
            subject = nodes.get(quad.subject.value) if isinstance(quad.subject, NamedNode) else None
            object_ = nodes.get(quad.object.value) if isinstance(quad.object, NamedNode) else None
            if subject is None and object_ is None:
                quads.append(quad)
            else:
                quads.append(Quad(subject or quad.subject, quad.predicate, object_ or quad.object, quad.graph_name))
        source.quads = list(dict.fromkeys(quads))


def aliases_of(replaced: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The IRIs that each kept IRI replaces."""
    result: dict[str, tuple[str, ...]] = {}
    for iri, kept in replaced.items():
        result[kept] = (*result.get(kept, ()), iri)
    return result
