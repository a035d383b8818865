"""Where findings are shown: at the node they are about, or at the nearest thing that is drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from graphsc.drawing.model import Picture
from graphsc.validation.findings import Finding


@dataclass(slots=True)
class _Places:
    """The nodes and edges of each thing: a node of itself, an agreement of its edges and those who deliver on it."""

    nodes: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    edges: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def place_findings(picture: Picture, findings: Sequence[Finding], subjects: Mapping[str, Sequence[str]]) -> Picture:
    """The picture with the findings in it, gravest first.

    A finding on an agreement is shown at its edges and at who delivers on it; on anything else that is not drawn, at
    what ``subjects`` says it belongs to; failing that at its value, and last at who must act.
    """
    known = _Places()
    for number, node in enumerate(picture.nodes):
        known.nodes[node.iri].add(number)
    for number, edge in enumerate(picture.edges):
        if edge.agreement is not None and edge.says.needs:
            known.edges[edge.agreement].add(number)
            known.nodes[edge.agreement].add(edge.target)
    at_nodes: dict[int, list[int]] = defaultdict(list)
    at_edges: dict[int, list[int]] = defaultdict(list)
    unplaced: list[int] = []
    ordered = sorted(findings, key=lambda finding: finding.order)
    for number, finding in enumerate(ordered):
        thing = _shown(finding, known, subjects)
        if thing is None:
            unplaced.append(number)
            continue
        for node_number in sorted(known.nodes[thing]):
            at_nodes[node_number].append(number)
        for edge_number in sorted(known.edges.get(thing, ())):
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


def _shown(finding: Finding, known: _Places, subjects: Mapping[str, Sequence[str]]) -> str | None:
    """The drawn thing that a finding is shown at."""
    starts = [finding.subject, finding.value, finding.actor.organisation]
    for start in starts:
        waiting, seen = [start] if start else [], set()
        while waiting:
            thing = waiting.pop(0)
            if thing in known.nodes:
                return thing
            if thing not in seen:
                seen.add(thing)
                waiting.extend(subjects.get(thing, ()))
    return None
