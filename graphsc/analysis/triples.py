"""The measures as triples, so that a question in SPARQL can use them.

A least fixpoint and the strength of a chain cannot be computed in SPARQL 1.1. Their results are few: what each party stops,
the strength of each link and chain, and the shares of each unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote

import pyoxigraph as ox

from graphsc.analysis.concentration.shares import Concentration, Share, Unit, View
from graphsc.analysis.risk import Risk
from graphsc.core.vocabulary import RDF_TYPE, ROOT, XSD_BOOLEAN, XSD_DECIMAL, G

UNITS = (Unit.ORGANISATION, Unit.GROUP, Unit.COUNTRY)
"""The kinds of unit whose shares become triples."""
_PLACES = Decimal("0.0001")


def facts(risk: Risk) -> Iterator[ox.Triple]:
    """The measures as triples of the terms that the ontology has for them.

    Losses that stop something have a triple for each thing that they stop; shares and indices are those by
    organisation, owner group and country. Figures are rounded to four decimals.
    """
    yield from _losses(risk)
    yield from _strengths(risk)
    for concentration in risk.concentration:
        if concentration.unit in UNITS:
            yield from _concentration(concentration)
            for share in concentration.shares:
                yield from _share(concentration, share)


def _losses(risk: Risk) -> Iterator[ox.Triple]:
    for loss in risk.losses:
        if loss.count:
            party = ox.NamedNode(loss.node)
            yield _fact(party, "stoppedWeight", _number(loss.weight))
            for target in sorted(loss.stops):
                yield _fact(party, "stops", ox.NamedNode(target))
    for target, points in sorted(risk.points.items()):
        yield _fact(ox.NamedNode(target), "singlePoints", ox.Literal(len(points)))


def _strengths(risk: Risk) -> Iterator[ox.Triple]:
    for name, value in sorted(risk.strengths.in_chains().items()):
        yield _fact(ox.NamedNode(name), "strength", _number(value))
    for link in risk.weakest:
        target = ox.NamedNode(link.target)
        yield _fact(target, "chainStrength", _number(link.strength))
        if link.node is not None:
            yield _fact(target, "weakestLink", ox.NamedNode(link.node))


def _concentration(of: Concentration) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"urn:graphsc:concentration:{of.base.value}/{of.unit.value}/{of.view.value}")
    yield from _measured(node, "Concentration", of)
    yield _fact(node, "hhi", _number(of.hhi))
    yield _fact(node, "largest", ox.NamedNode(of.shares[0].node))


def _share(of: Concentration, share: Share) -> Iterator[ox.Triple]:
    parts = (of.base.value, of.unit.value, of.view.value, quote(share.node, safe=""))
    node = ox.NamedNode(f"urn:graphsc:share:{'/'.join(parts)}")
    yield from _measured(node, "Share", of)
    yield _fact(node, "heldBy", ox.NamedNode(share.node))
    yield _fact(node, "share", _number(share.share))
    yield _fact(node, "reach", _number(share.reach))
    yield _fact(node, "items", ox.Literal(share.items))


def _measured(node: ox.NamedNode, kind: str, of: Concentration) -> Iterator[ox.Triple]:
    """The class, unit, base and view of a measure."""
    yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + kind))
    yield _fact(node, "unit", ox.NamedNode(f"{ROOT}unit/{of.unit.value}"))
    yield _fact(node, "measuredBase", ox.NamedNode(f"{ROOT}base/{of.base.value}"))
    ultimate = str(of.view is View.ULTIMATE).lower()
    yield _fact(node, "ultimate", ox.Literal(ultimate, datatype=ox.NamedNode(XSD_BOOLEAN)))


def _fact(node: ox.NamedNode, local: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(G + local), value)


def _number(value: float) -> ox.Literal:
    """The figure as a decimal in the engine's lexical form: without trailing zeros and without an exponent."""
    rounded = Decimal(repr(value)).quantize(_PLACES).normalize()
    return ox.Literal(f"{rounded:f}", datatype=ox.NamedNode(XSD_DECIMAL))
