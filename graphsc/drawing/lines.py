"""The lines between nodes: a soft S, and around the nodes in the rows between.

A line that would cross a node passes each row between its ends through the gap nearest to the straight line, and is vertical
beside the labels there. The script of the interactive map does the same (``marks.js``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graphsc.drawing.shapes import RADIUS

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
