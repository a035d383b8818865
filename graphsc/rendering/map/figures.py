"""The measures of risk in the data of the map's page: dependencies, losses, strengths and shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphsc.analysis.concentration.shares import Base, Unit, View
from graphsc.analysis.model import PARTIES, critical_nodes, of_kind, threshold
from graphsc.analysis.resilience.sentences import losses_are_recorded
from graphsc.core.text import Text
from graphsc.drawing.mapped import Mapped

BASES = (Base.CRITICAL_SYSTEMS, Base.SYSTEMS, Base.CONTRACTS, Base.SPEND)
"""The bases whose shares are shown, where they are measured."""
_THOUSAND = 1000


def dependencies(mapped: Mapped, texts: Callable[[Text | None], int], node: Mapping[str, int]) -> dict[str, Any]:
    """The dependency graph, from which the page computes what fails with a loss.

    ``node`` is the number in the picture, or -1 for a node that is not drawn, which has a ``label``; ``needs`` has the number
    of needs that must fail for it to fail, then the needs.
    """
    graph = mapped.risk.graph
    index = {name: number for number, name in enumerate(graph)}
    kinds = {name: graph.nodes[name]["kind"] for name in of_kind(graph, "group", "country", "location")}
    return {
        "node": [node.get(name, -1) for name in graph],
        "label": {str(index[name]): texts(mapped.labels[name]) for name in kinds if name not in node},
        "kind": {str(index[name]): kind for name, kind in kinds.items()},
        "needs": [[threshold(graph, name), *(index[need] for need in graph.succ[name])] for name in graph],
        "critical": [index[name] for name in critical_nodes(graph)],
    }


def figures(mapped: Mapped, node: Mapping[str, int]) -> dict[str, Any]:
    """By node: what its loss alone stops, its strength, and its shares, directly, ultimately and at any tier.

    ``recorded`` tells whether anything can be said of losses.

    Shares and strengths are in thousandths; a base without records is left out. Shares are flat: the base, its three
    shares, the next base, and so on.
    """
    risk = mapped.risk
    stops = {
        str(node[loss.node]): [loss.count, round(loss.weight)]
        for loss in risk.losses
        if loss.count and risk.graph.nodes[loss.node]["kind"] in PARTIES and loss.node in node
    }
    strengths = {
        str(node[name]): round(_THOUSAND * strength.value)
        for name, strength in sorted(risk.strengths.parties.items())
        if name in node and strength.has_source
    }
    shares: dict[str, list[int]] = {}
    for place, base in enumerate(BASES):
        direct, ultimate = (risk.measured(Unit.ORGANISATION, base, view) for view in (View.DIRECT, View.ULTIMATE))
        if direct is None or ultimate is None:
            continue
        near = {share.node: share.share for share in direct.shares}
        for share in ultimate.shares:
            if share.node in node:
                shares.setdefault(str(node[share.node]), []).extend(
                    (
                        place,
                        round(_THOUSAND * near.get(share.node, 0.0)),
                        round(_THOUSAND * share.share),
                        round(_THOUSAND * share.reach),
                    )
                )
    return {"stops": stops, "recorded": losses_are_recorded(risk.graph), "strength": strengths, "shares": shares}


def weakest(mapped: Mapped, texts: Callable[[Text | None], int], node: Mapping[str, int]) -> list[list[Any]]:
    """For each critical chain its strength in thousandths (None if unknown), its weakest link by name, and the path to that."""
    return [
        [
            node[link.target],
            round(_THOUSAND * link.strength) if mapped.risk.strengths.is_known(link.node) else None,
            texts(mapped.labels[link.node]),
            [node[step] for step in link.path if step in node],
        ]
        for link in mapped.risk.weakest
        if link.node is not None and link.target in node
    ]
