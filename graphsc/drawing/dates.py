"""The same drawing on several dates: one picture that holds everything, and what of it was there when."""

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

    For each node, edge and finding of the picture, ``nodes``, ``edges`` and ``findings`` have the places in ``dates``
    at which it was there, as bits: 1 for the first date, 2 for the second, 4 for the third. ``was`` has the nodes that
    were more or less critical on another date: the node, the place of that date, and how critical it was then.
    """

    picture: Picture
    dates: tuple[date, ...]
    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    findings: tuple[int, ...]
    was: tuple[tuple[int, int, Text | None], ...] = ()


def merge(pictures: Sequence[Picture], main: date) -> Dated:
    """Join the pictures of several dates.

    Of what differs between dates, such as how critical a thing is, the date ``main`` has the word, then the latest.
    A link that was approved on one date and not on another is two edges, and who stood in no chain on a date was not
    there. ValueError where no picture is of ``main``.
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
    """Everything of the pictures added so far; what is in the first keeps its place."""

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
        """Note what a picture has; what is new goes to the end."""
        self.agreements = {**(picture.agreements or {}), **self.agreements}
        result = []
        for finding in picture.findings:
            if finding.fingerprint not in self._finding:
                self._finding[finding.fingerprint] = len(self.findings)
                self.findings.append(finding)
                self.when_findings.append(0)
            result.append(self._finding[finding.fingerprint])
            self.when_findings[result[-1]] |= bit
        place = []
        for node in picture.nodes:
            if node.iri not in self._node:
                self._node[node.iri] = len(self.nodes)
                self.nodes.append(replace(node, findings=(), owner=None))
                self.when_nodes.append(0)
            at = self._node[node.iri]
            place.append(at)
            if node.criticality != self.nodes[at].criticality:
                self.was.append((at, bit.bit_length() - 1, node.criticality))
            if node.kind is not Kind.OTHER or self.nodes[at].kind is Kind.OTHER:
                self.when_nodes[at] |= bit
            mine = {*self.nodes[at].findings, *(result[number] for number in node.findings)}
            self.nodes[at] = replace(self.nodes[at], findings=tuple(sorted(mine)))
        for edge in picture.edges:
            key = self._key(picture, edge)
            if key not in self._edge:
                self._edge[key] = len(self.edges)
                source, target = place[edge.source], place[edge.target]
                self.edges.append(replace(edge, source=source, target=target, findings=(), dropped=()))
                self.when_edges.append(0)
            at = self._edge[key]
            self.when_edges[at] |= bit
            mine = {*self.edges[at].findings, *(result[number] for number in edge.findings)}
            self.edges[at] = replace(self.edges[at], findings=tuple(sorted(mine)))

    @staticmethod
    def _key(picture: Picture, edge: Edge) -> _Key:
        ends = picture.nodes[edge.source].iri, picture.nodes[edge.target].iri
        return (*ends, edge.says.value, edge.agreement, edge.parent)
