"""A drawing over several dates: one picture of everything, with the dates on which each part of it existed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from graphsc.core.text import Text
from graphsc.drawing.model import Edge, Kind, Picture

_Key = tuple[str, str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Dated:
    """A picture over time.

    For each node, edge and finding of the picture, ``nodes``, ``edges`` and ``findings`` have the dates on which it existed,
    as bits: 1 for the first of ``dates``, 2 for the second, 4 for the third. ``was`` has the nodes of another criticality on
    another date: the node, the number of that date, and the criticality then.
    """

    picture: Picture
    dates: tuple[date, ...]
    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    findings: tuple[int, ...]
    was: tuple[tuple[int, int, Text | None], ...] = ()


def merge(pictures: Sequence[Picture], main: date) -> Dated:
    """Join the pictures of several dates.

    Attributes that differ between dates, such as criticality, are those of the date ``main``, then of the latest date.
    A link that was approved on one date and not on another is two edges; a party without a chain on a date did not exist then.
    ValueError where no picture is of ``main``.
    """
    ordered = sorted(pictures, key=lambda picture: picture.as_of)
    by_weight = sorted(ordered, key=lambda picture: (picture.as_of == main, picture.as_of), reverse=True)
    if not by_weight or by_weight[0].as_of != main:
        raise ValueError(f"no picture is of {main}")
    if len(ordered) == 1:
        picture = ordered[0]
        nodes, edges, findings = ((1,) * len(drawn) for drawn in (picture.nodes, picture.edges, picture.findings))
        return Dated(picture, (main,), nodes, edges, findings)
    bits = {picture.as_of: 1 << place for place, picture in enumerate(ordered)}
    union = _Union(by_weight[0])
    for picture in by_weight:
        union.add(picture, bits[picture.as_of])
    return Dated(
        replace(
            by_weight[0],
            nodes=tuple(union.nodes),
            edges=tuple(union.edges),
            findings=tuple(union.findings),
            agreements=dict(sorted(union.agreements.items())),
        ),
        tuple(picture.as_of for picture in ordered),
        tuple(union.when_nodes),
        tuple(union.when_edges),
        tuple(union.when_findings),
        tuple(sorted(union.was, key=lambda entry: entry[:2])),
    )


class _Union:
    """The union of the pictures added so far; the nodes and edges of the first keep their numbers."""

    def __init__(self, main: Picture) -> None:
        self.nodes, self.edges, self.findings = list(main.nodes), list(main.edges), list(main.findings)
        self.agreements = dict(main.agreements or {})
        self.when_nodes, self.when_edges = [0] * len(self.nodes), [0] * len(self.edges)
        self.when_findings = [0] * len(self.findings)
        self.was: list[tuple[int, int, Text | None]] = []
        self._node = {node.iri: place for place, node in enumerate(self.nodes)}
        self._edge = {self._key(main, edge): place for place, edge in enumerate(self.edges)}
        self._finding = {finding.fingerprint: place for place, finding in enumerate(self.findings)}

    def add(self, picture: Picture, bit: int) -> None:
        """Add a picture; new nodes, edges and findings go to the end."""
        self.agreements = {**(picture.agreements or {}), **self.agreements}
        numbers = []
        for finding in picture.findings:
            if finding.fingerprint not in self._finding:
                self._finding[finding.fingerprint] = len(self.findings)
                self.findings.append(finding)
                self.when_findings.append(0)
            numbers.append(self._finding[finding.fingerprint])
            self.when_findings[numbers[-1]] |= bit
        place = []
        for node in picture.nodes:
            if node.iri not in self._node:
                self._node[node.iri] = len(self.nodes)
                self.nodes.append(replace(node, findings=(), owner=None))
                self.when_nodes.append(0)
            number = self._node[node.iri]
            place.append(number)
            if node.criticality != self.nodes[number].criticality:
                self.was.append((number, bit.bit_length() - 1, node.criticality))
            if node.kind is not Kind.OTHER or self.nodes[number].kind is Kind.OTHER:
                self.when_nodes[number] |= bit
            findings = {*self.nodes[number].findings, *(numbers[finding] for finding in node.findings)}
            self.nodes[number] = replace(self.nodes[number], findings=tuple(sorted(findings)))
        for edge in picture.edges:
            key = self._key(picture, edge)
            if key not in self._edge:
                self._edge[key] = len(self.edges)
                source, target = place[edge.source], place[edge.target]
                self.edges.append(replace(edge, source=source, target=target, findings=(), dropped=()))
                self.when_edges.append(0)
            number = self._edge[key]
            self.when_edges[number] |= bit
            findings = {*self.edges[number].findings, *(numbers[finding] for finding in edge.findings)}
            self.edges[number] = replace(self.edges[number], findings=tuple(sorted(findings)))

    @staticmethod
    def _key(picture: Picture, edge: Edge) -> _Key:
        ends = picture.nodes[edge.source].iri, picture.nodes[edge.target].iri
        return (*ends, edge.kind.value, edge.agreement, edge.parent)
