"""Where nodes lie, and the lines between them."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

RADIUS = 14
"""Half the height of a node."""


LINE = 14
"""Height of a line of a label."""
NEAR = RADIUS + 5
"""The least distance of a line from the centre of a node: beyond its outer outline."""
ASIDE = 58
"""The distance at which a line passes a node that it goes around: beyond its label."""
ABOVE, BELOW = RADIUS + 6, RADIUS + 22
"""How far above and below the centre of a row such a line is vertical."""
_HALVINGS = 12
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """Consecutive cubic Bézier curves: the first point, then two control points and an end for each."""

    points: tuple[Point, ...]

    def at(self, part: float) -> Point:
        """The point at a part (0–1) of the line, of which each curve is an equal share."""
        curves = (len(self.points) - 1) // 3
        number = min(int(part * curves), curves - 1)
        part = part * curves - number
        rest = 1 - part
        weights = (rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3)
        points = self.points[3 * number : 3 * number + 4]
        x, y = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
        return round(x, 1), round(y, 1)

    @property
    def path(self) -> str:
        """The line as the data of an SVG path."""
        first, *others = (f"{x:g} {y:g}" for x, y in self.points)
        curves = ("C" + " ".join(others[place : place + 3]) for place in range(0, len(others), 3))
        return f"M{first}{''.join(curves)}"


class Rows:
    """The rows of nodes of a picture, and the lines between nodes that go around the others."""

    def __init__(self, places: Iterable[tuple[int, int]]) -> None:
        rows: dict[int, list[int]] = defaultdict(list)
        for x, y in places:
            rows[y].append(x)
        self._rows = {y: sorted(row) for y, row in sorted(rows.items())}
        self._heights = list(self._rows)

    def line(self, start: tuple[int, int], end: tuple[int, int], label: int) -> Line:
        """The line between two nodes; ``label`` is the number of lines of the label beneath the first."""
        (x1, y1), (x2, y2) = start, end
        if y1 == y2:
            height = y1 - 28 - min(40, abs(x2 - x1) // 8)
            return Line(((x1, y1), (x1, height), (x2, height), (x2, y2)))
        crossed = self._heights[bisect_right(self._heights, min(y1, y2)) : bisect_left(self._heights, max(y1, y2))]
        down = y2 > y1
        if down:
            y1 += RADIUS + 7 + LINE * label
        points: list[Point] = [(x1, y1)]
        beside = (start[1], end[1])
        if any(self._hits(row, row in beside, (x1, y1), (x2, y2)) for row in (*crossed, *beside)):
            enter, leave = (-ABOVE, BELOW) if down else (BELOW, -ABOVE)
            x, y = x1, y1
            if not down:
                y -= ABOVE
                points += [(x, y1), (x, y), (x, y)]
            for row in crossed if down else reversed(crossed):
                x = self._free(row, x + (x2 - x) * (row - y) // (y2 - y))
                y = row + leave
                points += [*_curve(points[-1], (x, row + enter)), (x, row + enter), (x, y), (x, y)]
            points += [*_curve(points[-1], (x2, y2 + enter)), (x2, y2 + enter), (x2, y2), (x2, y2)]
        else:
            points += _curve(points[-1], (x2, y2))
        return Line(tuple(points))

    def _hits(self, row: int, ends: int, start: Point, end: Point) -> bool:
        """Whether a soft S crosses a node of a row, in which ``ends`` of its own ends are."""
        xs = sorted(_crossing(start, end, row + aside) for aside in (-RADIUS, 0, RADIUS))
        nodes = self._rows.get(row, [])
        after = bisect_left(nodes, xs[0] - NEAR) + ends
        return after < len(nodes) and nodes[after] <= xs[2] + NEAR

    def _free(self, row: int, target: int) -> int:
        """The x at which a line passes a row, as near to the target as possible."""
        nodes = self._rows[row]
        after = bisect_left(nodes, target)
        nearest = min(nodes[max(0, after - 1) : after + 1], key=lambda x: (abs(x - target), x))
        if abs(nearest - target) >= ASIDE:
            return target
        return nearest - ASIDE if target < nearest else nearest + ASIDE


def _curve(start: Point, end: Point) -> list[Point]:
    half = (start[1] + end[1]) / 2
    return [(start[0], half), (end[0], half), end]


def _crossing(start: Point, end: Point, y: float) -> float:
    """The x of a soft S at a height."""
    part = (y - start[1]) / (end[1] - start[1])
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle * (1.5 - middle * (1.5 - middle)) < part:
            low = middle
        else:
            high = middle
    return start[0] + (end[0] - start[0]) * low * low * (3 - 2 * low)


SWEEPS = 8
PASSES = 4
ALIGNED = (1, -1, 1)
"""The directions in which lanes are aligned with their neighbours: down, up, down."""
_UNIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances in units of the drawing: between columns and rows, above and below a lane; and the fewest columns."""

    column: int = 132
    row: int = 92
    head: int = 50
    foot: int = 26
    least: int = 8


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of a layout: its number, its top and bottom, and the number of its nodes."""

    number: int
    top: int
    bottom: int
    count: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The place (x, y) of each node, the lanes, and the size; x grows to the right and y down."""

    places: tuple[tuple[int, int], ...]
    lanes: tuple[Lane, ...]
    width: int
    height: int


@dataclass(slots=True)
class _Lanes:
    """The nodes of each lane in order, their neighbours above and below, and their positions ``along`` the lane."""

    order: dict[int, list[int]]
    above: list[list[int]]
    below: list[list[int]]
    along: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, lanes: Sequence[int], edges: Iterable[tuple[int, int]]) -> _Lanes:
        count = len(lanes)
        result = cls({}, [[] for _ in range(count)], [[] for _ in range(count)], [0] * count)
        for first, other in edges:
            if not (0 <= first < count and 0 <= other < count):
                raise ValueError(f"an edge from node {first} to {other} of {count}")
            if lanes[first] != lanes[other]:
                upper, lower = (first, other) if lanes[first] < lanes[other] else (other, first)
                result.below[upper].append(lower)
                result.above[lower].append(upper)
        for node, lane in enumerate(lanes):
            result.order.setdefault(lane, []).append(node)
        result.order = dict(sorted(result.order.items()))
        for nodes in result.order.values():
            result.note(nodes)
        return result

    def note(self, nodes: Sequence[int]) -> None:
        """Set the position of each node along its lane, as a part of a fixed whole, so that short and long lanes compare."""
        for rank, node in enumerate(nodes):
            self.along[node] = (2 * rank + 1) * _UNIT // (2 * len(nodes))

    def sort(self, nodes: list[int], near: Sequence[Sequence[int]]) -> None:
        """Sort the nodes of a lane by the mean positions of their neighbours."""
        along = self.along
        mean = {
            node: sum(along[other] for other in near[node]) / len(near[node]) if near[node] else float(along[node])
            for node in nodes
        }
        nodes.sort(key=lambda node: (mean[node], along[node], node))
        self.note(nodes)

    def transpose(self, nodes: list[int]) -> None:
        """Swap neighbours in a lane where fewer lines then cross."""
        ends = {
            node: tuple(sorted(self.along[other] for other in near[node]) for near in (self.above, self.below))
            for node in nodes
        }
        for left in range(len(nodes) - 1):
            first, other = ends[nodes[left]], ends[nodes[left + 1]]
            as_is = _crossings(first[0], other[0]) + _crossings(first[1], other[1])
            if as_is > _crossings(other[0], first[0]) + _crossings(other[1], first[1]):
                nodes[left], nodes[left + 1] = nodes[left + 1], nodes[left]
        self.note(nodes)


def lay_out(lanes: Sequence[int], edges: Sequence[tuple[int, int]]) -> Layout:
    """Place each node, from the number of its lane and the edges between nodes.

    Lanes without nodes take no room. Edges within a lane have no effect. ValueError for an edge to a node that does not
    exist.
    """
    result = _Lanes.of(lanes, edges)
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for nodes in result.order.values() if downward else reversed(result.order.values()):
            result.sort(nodes, result.above if downward else result.below)
    for _ in range(PASSES):
        for nodes in result.order.values():
            result.transpose(nodes)
    return _placed(result, len(lanes), Spacing())


def _crossings(left: Sequence[int], right: Sequence[int]) -> int:
    """How often lines of the left of two neighbours cross lines of the right one, given the sorted other ends of both."""
    return sum(bisect_left(right, end) for end in left)


def _placed(lanes: _Lanes, count: int, spacing: Spacing) -> Layout:
    """Place the lanes under each other, folded to about the shape of a screen."""
    widest = max(map(len, lanes.order.values()), default=0)
    columns = max(1, min(widest, max(spacing.least, math.isqrt(2 * count * spacing.row // spacing.column) + 1)))
    width = columns * spacing.column
    x, y = [0] * count, [0] * count
    result: list[Lane] = []
    top = 0
    for number, nodes in lanes.order.items():
        rows = -(-len(nodes) // columns)
        used = -(-len(nodes) // rows)
        step = spacing.column if rows > 1 else width // used
        left = (width - step * (used - 1)) // 2
        for rank, node in enumerate(nodes):
            column, row = divmod(rank, rows)
            stagger = 0 if rows == 1 else spacing.column // 4 * (1 if row % 2 else -1)
            x[node], y[node] = left + column * step + stagger, top + spacing.head + row * spacing.row
        bottom = top + spacing.head + rows * spacing.row - spacing.foot
        result.append(Lane(number, top, bottom, len(nodes)))
        top = bottom
    single = [nodes for nodes in lanes.order.values() if len(nodes) <= columns]
    for direction in ALIGNED:
        near = lanes.above if direction > 0 else lanes.below
        for nodes in single[::direction]:
            _align(nodes, near, x, spacing.column, width)
    return Layout(tuple(zip(x, y, strict=True)), tuple(result), width, top)


def _align(nodes: Sequence[int], near: Sequence[Sequence[int]], x: list[int], column: int, width: int) -> None:
    """Move the nodes of a lane as near to the middle of their neighbours as their order and distance allow.

    Apart from the distance to the node before, this is isotonic regression: neighbours whose targets are in the wrong order
    are pooled and share the mean of their targets (pool adjacent violators).
    """
    pools: list[tuple[int, int]] = []  # the sum of the members' targets, and their number
    for rank, node in enumerate(nodes):
        others = near[node]
        target = sum(x[other] for other in others) // len(others) if others else x[node]
        pool = (target - rank * column, 1)
        while pools and pools[-1][0] // pools[-1][1] >= pool[0] // pool[1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1])
        pools.append(pool)
    least, most = column // 2, width - column // 2 - (len(nodes) - 1) * column
    rank = 0
    for total, size in pools:
        start = min(max(total // size, least), most)
        for _ in range(size):
            x[nodes[rank]] = start + rank * column
            rank += 1
