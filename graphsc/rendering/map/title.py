"""The title of a map, after the authorities whose systems and agreements it shows."""

from __future__ import annotations

from collections import Counter

from graphsc.core.text import Text
from graphsc.drawing.model import EdgeKind, Kind, Picture


def title(picture: Picture) -> Text:
    """The authority that answers for most, and the number of the others."""
    owners = Counter(
        edge.source
        for edge in picture.edges
        if edge.kind in {EdgeKind.ACCOUNTABLE, EdgeKind.SUPPLIES} and picture.nodes[edge.source].kind is Kind.AUTHORITY
    )
    if not owners:
        return Text("forsyningskæden", "the supply chain")
    first = min(owners, key=lambda node: (-owners[node], picture.nodes[node].iri))
    name, others = picture.nodes[first].label, len(owners) - 1
    if not others:
        return name
    return Text(
        f"{name.da} og {others} {'anden' if others == 1 else 'andre'}",
        f"{name.en} and {others} {'other' if others == 1 else 'others'}",
    )
