"""The state of recommendations as triples, so that a question in SPARQL can use it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE, ROOT, STATEMENT, G
from graphsc.coverage.status import Cell
from graphsc.validation import Rule


def standings(cells: Iterable[Cell], rules: Mapping[str, Rule]) -> Iterator[ox.Triple]:
    """Each recommendation for each agreement or organisation: its state, its counts, its records, and the rules that are broken."""
    for cell in cells:
        place = cell.agreement or cell.organisation or ""
        key = hashlib.sha256(f"{cell.recommendation}\n{place}".encode()).hexdigest()[:16]
        node = ox.NamedNode(f"urn:graphsc:standing:{key}")
        yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + "Standing"))
        yield _link(node, "ofRecommendation", STATEMENT + cell.recommendation)
        if place:
            yield _link(node, "standsFor", place)
        yield _link(node, "state", f"{ROOT}state/{str(cell.state).replace(' ', '-')}")
        yield ox.Triple(node, ox.NamedNode(G + "inOrder"), ox.Literal(cell.numerator))
        yield ox.Triple(node, ox.NamedNode(G + "lookedAt"), ox.Literal(cell.denominator))
        for record in cell.evidence:
            yield _link(node, "onRecord", record)
        for code in cell.rules:
            yield _link(node, "breaks", rules[code].iri)


def _link(node: ox.NamedNode, local: str, value: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(G + local), ox.NamedNode(value))
