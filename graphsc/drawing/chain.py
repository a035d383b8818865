"""The chains of a node in a picture: the nodes that it needs and those that need it, link by link.

A link belongs to the chain of its agreement, not to every chain of its supplier: below an agreement are its subcontracts,
above it the agreement it is under, up to the systems that the topmost serves. So a party that delivers under two contracts
does not join their chains.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from graphsc.drawing.model import EdgeKind, Kind, Picture, Supervision, lane_of


@dataclass(frozen=True)
class Links:
    """The edges of a picture by their ends and by their agreement."""

    picture: Picture

    @cached_property
    def _down(self) -> tuple[dict[int, list[int]], dict[str, list[int]]]:
        plain: dict[int, list[int]] = defaultdict(list)
        under: dict[str, list[int]] = defaultdict(list)
        for number, edge in enumerate(self.picture.edges):
            if edge.kind.needs and edge.parent is None:
                plain[edge.source].append(number)
            elif edge.parent is not None:
                under[edge.parent].append(number)
        return plain, under

    @cached_property
    def _up(self) -> tuple[dict[int, list[int]], dict[str, list[int]]]:
        into: dict[int, list[int]] = defaultdict(list)
        of: dict[str, list[int]] = defaultdict(list)
        for number, edge in enumerate(self.picture.edges):
            if edge.kind.needs:
                into[edge.target].append(number)
                if edge.agreement is not None:
                    of[edge.agreement].append(number)
        return into, of

    def starts(self, node: int) -> list[int]:
        """The edges from a node to those that it needs.

        Of an organisation those under the agreements it delivers on; of an authority also those to the systems it answers
        for or, where there are no other edges, those to the parties it supervises.
        """
        plain, under = self._down
        result = set(plain.get(node, ()))
        for number in self._up[0].get(node, ()):
            result.update(under.get(self.picture.edges[number].agreement or "", ()))
        if self.picture.nodes[node].kind is Kind.AUTHORITY:
            duties = self._duties.get(node, {})
            result.update(duties.get(EdgeKind.ACCOUNTABLE, ()))
            result.update(() if result else duties.get(EdgeKind.SUPERVISES, ()))
        return sorted(result)

    @cached_property
    def _duties(self) -> dict[int, dict[EdgeKind, list[int]]]:
        result: dict[int, dict[EdgeKind, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, edge in enumerate(self.picture.edges):
            if not edge.kind.needs:
                result[edge.source][edge.kind].append(number)
        return result

    @cached_property
    def _beside(self) -> dict[int | str | None, list[int]]:
        """The edges of accountability, operation and supervision, by their node or agreement."""
        result: dict[int | str | None, list[int]] = defaultdict(list)
        for number, edge in enumerate(self.picture.edges):
            if edge.kind is EdgeKind.SUPERVISES:
                result[edge.agreement].append(number)
            elif edge.kind is EdgeKind.OPERATES:
                result[edge.source].append(number)
            elif edge.kind is EdgeKind.ACCOUNTABLE:
                result[edge.target].append(number)
        return result

    def beside(self, nodes: Iterable[int], agreements: Iterable[str | None]) -> list[int]:
        """The edges of accountability, operation and supervision of some nodes and agreements."""
        return sorted({number for about in (*nodes, *agreements) for number in self._beside.get(about, ())})

    @cached_property
    def places(self) -> dict[str, int]:
        """The numbers of the nodes by their IRIs."""
        return {node.iri: place for place, node in enumerate(self.picture.nodes)}

    @cached_property
    def supervision(self) -> dict[str, list[Supervision]]:
        """The supervision of each agreement."""
        result: dict[str, list[Supervision]] = defaultdict(list)
        for supervision in self.picture.supervision:
            result[supervision.agreement].append(supervision)
        return result

    @cached_property
    def outlines(self) -> dict[int, list[int]]:
        """The numbers of the outlines around each node."""
        result: dict[int, list[int]] = defaultdict(list)
        for place, outline in enumerate(self.picture.outlines):
            for member in outline.members:
                result[member].append(place)
        return result

    def ends(self, node: int) -> list[int]:
        """The edges to a node from those that need it."""
        return list(self._up[0].get(node, ()))

    def beneath(self, number: int) -> list[int]:
        """The edges that continue an edge downwards."""
        edge = self.picture.edges[number]
        if edge.agreement is None:
            return self.starts(edge.target)
        return self._down[1].get(edge.agreement, [])

    def parents(self, number: int) -> list[int]:
        """The edges that an edge continues."""
        edge = self.picture.edges[number]
        into, of = self._up
        if edge.parent is not None:
            return of.get(edge.parent, [])
        return into.get(edge.source, [])


def walk(links: Links, node: int, *, downward: bool) -> dict[int, int | None]:
    """The edges reached from a node in one direction, the nearest first, each with the edge it was reached by."""
    first = links.starts(node) if downward else links.ends(node)
    previous: dict[int, int | None] = dict.fromkeys(first)
    waiting = deque(first)
    while waiting:
        number = waiting.popleft()
        for other in links.beneath(number) if downward else links.parents(number):
            if other not in previous:
                previous[other] = number
                waiting.append(other)
    return previous


def paths(links: Links, node: int) -> dict[int, tuple[int, ...]]:
    """A shortest path of nodes to each node that a node needs, the nearest first; none to the node itself."""
    edges = links.picture.edges
    previous = walk(links, node, downward=True)
    result: dict[int, tuple[int, ...]] = {}
    for number in previous:
        if edges[number].target in result or edges[number].target == node:
            continue
        path = [edges[number].target]
        step: int | None = number
        while step is not None:
            path.append(edges[step].source)
            step = previous[step]
        if path[-1] != node:
            path.append(node)
        result[edges[number].target] = tuple(reversed(path))
    return result


def chain_of(links: Links, focus: Iterable[int]) -> Picture:
    """The picture of some nodes with all they need and all that need them, in lanes of its own.

    Tiers are counted anew: a supplier is in the nearest tier that it has in these chains. Accountability, operation and
    supervision of the chains are included.
    """
    picture, focus_nodes = links.picture, tuple(focus)
    edges: set[int] = set()
    for node in focus_nodes:
        edges |= walk(links, node, downward=True).keys() | walk(links, node, downward=False).keys()
    nodes = {end for number in edges for end in (picture.edges[number].source, picture.edges[number].target)} | set(
        focus_nodes
    )
    agreements = {picture.edges[number].agreement for number in edges} - {None}
    for number in links.beside(nodes, agreements):
        edge = picture.edges[number]
        watches = edge.kind is EdgeKind.SUPERVISES and edge.agreement in agreements
        answers = edge.kind is EdgeKind.ACCOUNTABLE and edge.target in nodes
        operates = edge.kind is EdgeKind.OPERATES and edge.target in nodes and edge.source in nodes
        if watches or answers or operates:
            edges.add(number)
            nodes.add(edge.source)
    return _part(links, sorted(nodes), sorted(edges))


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
