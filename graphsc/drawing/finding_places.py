"""The places of findings in a picture: the node they are about, or the nearest one that is drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from graphsc.drawing.model import Picture
from graphsc.validation.findings import Finding


def place_findings(picture: Picture, findings: Sequence[Finding], instead: Callable[[str], Sequence[str]]) -> Picture:
    """The picture with the findings in it, gravest first.

    A finding on an agreement is shown at its edges and at its suppliers; one on anything else that is not drawn, at the
    things that ``instead`` gives; failing that at its value, and last at the organisation that must act.
    """
    nodes: dict[str, set[int]] = defaultdict(set)  # by thing; of an agreement its suppliers
    edges: dict[str, set[int]] = defaultdict(set)  # by agreement
    for number, node in enumerate(picture.nodes):
        nodes[node.iri].add(number)
    for number, edge in enumerate(picture.edges):
        if edge.agreement is not None and edge.kind.needs:
            edges[edge.agreement].add(number)
            nodes[edge.agreement].add(edge.target)
    at_nodes: dict[int, list[int]] = defaultdict(list)
    at_edges: dict[int, list[int]] = defaultdict(list)
    unplaced: list[int] = []
    ordered = sorted(findings, key=lambda finding: finding.order)
    for number, finding in enumerate(ordered):
        thing = _place_of(finding, nodes, instead)
        if thing is None:
            unplaced.append(number)
            continue
        for node_number in sorted(nodes[thing]):
            at_nodes[node_number].append(number)
        for edge_number in sorted(edges.get(thing, ())):
            at_edges[edge_number].append(number)
    return replace(
        picture,
        findings=tuple(ordered),
        unplaced=tuple(unplaced),
        nodes=tuple(
            replace(node, findings=tuple(at_nodes[number])) if number in at_nodes else node
            for number, node in enumerate(picture.nodes)
        ),
        edges=tuple(
            replace(edge, findings=tuple(at_edges[number])) if number in at_edges else edge
            for number, edge in enumerate(picture.edges)
        ),
    )


def _place_of(finding: Finding, drawn: Container[str], instead: Callable[[str], Sequence[str]]) -> str | None:
    """The drawn thing that a finding is shown at."""
    for start in (finding.subject, finding.value, finding.actor.organisation):
        waiting, seen = [start] if start else [], set()
        while waiting:
            thing = waiting.pop(0)
            if thing in drawn:
                return thing
            if thing not in seen:
                seen.add(thing)
                waiting.extend(instead(thing))
    return None
