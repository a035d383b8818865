"""One chain of a picture: what a thing rests on and what rests on it, link by link.

A link belongs to the chains of its agreement, not to every chain of its supplier: below an agreement come the
agreements under it, and above it the one it is under, up to the systems that the topmost serves. So a party that
delivers under two contracts does not join them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from graphsc.drawing.model import Kind, Picture, Says, Supervision, lane_of


@dataclass(frozen=True)
class Links:
    """The edges of a picture by where they start and end, and by the agreement that they are of."""

    picture: Picture

    @cached_property
    def _down(self) -> tuple[dict[int, list[int]], dict[str, list[int]]]:
        plain: dict[int, list[int]] = defaultdict(list)
        under: dict[str, list[int]] = defaultdict(list)
        for number, edge in enumerate(self.picture.edges):
            if edge.says.needs and edge.parent is None:
                plain[edge.source].append(number)
            elif edge.parent is not None:
                under[edge.parent].append(number)
        return plain, under

    @cached_property
    def _up(self) -> tuple[dict[int, list[int]], dict[str, list[int]]]:
        into: dict[int, list[int]] = defaultdict(list)
        of: dict[str, list[int]] = defaultdict(list)
        for number, edge in enumerate(self.picture.edges):
            if edge.says.needs:
                into[edge.target].append(number)
                if edge.agreement is not None:
                    of[edge.agreement].append(number)
        return into, of

    def starts(self, node: int) -> list[int]:
        """The edges by which a thing itself rests on others.

        Of an organisation those under what it delivers on; of an authority also those to the systems it answers for, or
        where there is nothing else those to whom it watches.
        """
        plain, under = self._down
        result = set(plain.get(node, ()))
        for number in self._up[0].get(node, ()):
            result.update(under.get(self.picture.edges[number].agreement or "", ()))
        if self.picture.nodes[node].kind is Kind.AUTHORITY:
            duties = self._duties.get(node, {})
            result.update(duties.get(Says.ACCOUNTABLE, ()))
            result.update(() if result else duties.get(Says.SUPERVISES, ()))
        return sorted(result)

    @cached_property
    def _duties(self) -> dict[int, dict[Says, list[int]]]:
        result: dict[int, dict[Says, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, edge in enumerate(self.picture.edges):
            if not edge.says.needs:
                result[edge.source][edge.says].append(number)
        return result

    @cached_property
    def _beside(self) -> dict[int | str | None, list[int]]:
        """By a node or an agreement, the edges by which somebody answers for it, operates it, or watches it."""
        result: dict[int | str | None, list[int]] = defaultdict(list)
        for number, edge in enumerate(self.picture.edges):
            if edge.says is Says.SUPERVISES:
                result[edge.agreement].append(number)
            elif edge.says is Says.OPERATES:
                result[edge.source].append(number)
            elif edge.says is Says.ACCOUNTABLE:
                result[edge.target].append(number)
        return result

    def beside(self, nodes: Iterable[int], agreements: Iterable[str | None]) -> list[int]:
        """The edges by which somebody answers for a node, operates it, or watches an agreement."""
        return sorted({number for about in (*nodes, *agreements) for number in self._beside.get(about, ())})

    @cached_property
    def places(self) -> dict[str, int]:
        """The places of the nodes by their IRIs."""
        return {node.iri: place for place, node in enumerate(self.picture.nodes)}

    @cached_property
    def supervision(self) -> dict[str, list[Supervision]]:
        """Who supervises, by agreement."""
        result: dict[str, list[Supervision]] = defaultdict(list)
        for supervision in self.picture.supervision:
            result[supervision.agreement].append(supervision)
        return result

    @cached_property
    def outlines(self) -> dict[int, list[int]]:
        """The places of the rings around a node, by node."""
        result: dict[int, list[int]] = defaultdict(list)
        for place, outline in enumerate(self.picture.outlines):
            for member in outline.members:
                result[member].append(place)
        return result

    def ends(self, node: int) -> list[int]:
        """The edges by which others rest on a thing."""
        return list(self._up[0].get(node, ()))

    def beneath(self, number: int) -> list[int]:
        """The edges that an edge leads on to."""
        edge = self.picture.edges[number]
        if edge.agreement is None:
            return self.starts(edge.target)
        return self._down[1].get(edge.agreement, [])

    def parents(self, number: int) -> list[int]:
        """The edges that lead on to an edge."""
        edge = self.picture.edges[number]
        into, of = self._up
        if edge.parent is not None:
            return of.get(edge.parent, [])
        return into.get(edge.source, [])


def walk(links: Links, node: int, *, downward: bool) -> dict[int, int | None]:
    """The edges reached from a node in one direction, the nearest first, each with the edge it was reached by."""
    first = links.starts(node) if downward else links.ends(node)
    came: dict[int, int | None] = dict.fromkeys(first)
    waiting = deque(first)
    while waiting:
        number = waiting.popleft()
        for other in links.beneath(number) if downward else links.parents(number):
            if other not in came:
                came[other] = number
                waiting.append(other)
    return came


def paths(links: Links, node: int) -> dict[int, tuple[int, ...]]:
    """For everything a node rests on, a shortest path of nodes to it, the nearest first; the node itself is left out."""
    edges = links.picture.edges
    came = walk(links, node, downward=True)
    result: dict[int, tuple[int, ...]] = {}
    for number in came:
        if edges[number].target in result or edges[number].target == node:
            continue
        path = [edges[number].target]
        step: int | None = number
        while step is not None:
            path.append(edges[step].source)
            step = came[step]
        if path[-1] != node:
            path.append(node)
        result[edges[number].target] = tuple(reversed(path))
    return result


def chain_of(links: Links, focus: Iterable[int]) -> Picture:
    """The picture of some nodes with all they rest on and all that rests on them, in lanes of its own.

    Tiers are counted anew: a supplier lies in the nearest tier in which it stands in these chains. Who answers for a
    system of the chain and who watches a link of it come with them.
    """
    picture, focus_nodes = links.picture, tuple(focus)
    kept: set[int] = set()
    for node in focus_nodes:
        kept |= walk(links, node, downward=True).keys() | walk(links, node, downward=False).keys()
    nodes = {end for number in kept for end in (picture.edges[number].source, picture.edges[number].target)} | set(
        focus_nodes
    )
    agreements = {picture.edges[number].agreement for number in kept} - {None}
    for number in links.beside(nodes, agreements):
        edge = picture.edges[number]
        watches = edge.says is Says.SUPERVISES and edge.agreement in agreements
        answers = edge.says is Says.ACCOUNTABLE and edge.target in nodes
        operates = edge.says is Says.OPERATES and edge.target in nodes and edge.source in nodes
        if watches or answers or operates:
            kept.add(number)
            nodes.add(edge.source)
    return _part(links, sorted(nodes), sorted(kept))


def _part(links: Links, nodes: Sequence[int], edges: Sequence[int]) -> Picture:
    """The picture of some nodes and some edges between them, numbered anew, with tiers counted within them."""
    picture = links.picture
    place = {node: number for number, node in enumerate(nodes)}
    part_edges = [picture.edges[number] for number in edges]
    tiers: dict[int, int] = {}
    for edge in part_edges:
        if edge.tier is not None:
            tiers[edge.target] = min(edge.tier, tiers.get(edge.target, edge.tier))
    drawn = tuple(
        replace(
            picture.nodes[node],
            lane=lane_of(Kind.SUPPLIER, tiers[node]) if node in tiers else picture.nodes[node].lane,
            owner=place.get(owner) if (owner := picture.nodes[node].owner) is not None else None,
        )
        for node in nodes
    )
    agreements = dict.fromkeys(edge.agreement or "" for edge in part_edges)
    rings = sorted({number for node in nodes for number in links.outlines.get(node, ())})
    return replace(
        picture,
        nodes=drawn,
        edges=tuple(replace(edge, source=place[edge.source], target=place[edge.target]) for edge in part_edges),
        unplaced=(),
        supervision=tuple(
            replace(supervision, supervisor=place[supervision.supervisor])
            for agreement in agreements
            for supervision in links.supervision.get(agreement, ())
            if supervision.supervisor in place
        ),
        outlines=tuple(
            replace(outline, members=tuple(place[member] for member in outline.members if member in place))
            for outline in (picture.outlines[number] for number in rings)
        ),
    )
