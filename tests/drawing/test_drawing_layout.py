"""Where things lie: every node in its lane, never on another, the same each time, with few lines crossing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsc.drawing.layout import RADIUS, Layout, Line, Rows, Spacing, lay_out
from graphsc.drawing.svg import OUTER

SPACING = Spacing()


@st.composite
def layered(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, int]]]:
    """Nodes in lanes, some empty, some wide, and edges anywhere between them."""
    lanes = draw(st.lists(st.integers(0, 4), max_size=40))
    ends = st.integers(0, len(lanes) - 1)
    edges = draw(st.lists(st.tuples(ends, ends), max_size=60)) if lanes else []
    return lanes, edges


def crossings(laid: Layout, edges: list[tuple[int, int]]) -> int:
    """Pairs of edges that cross, by their ends."""
    places = laid.places
    lines = [tuple(sorted((places[a], places[b]), key=lambda place: place[1])) for a, b in edges]
    return sum(
        1
        for (a, b), (c, d) in combinations(lines, 2)
        if a[1] == c[1] and b[1] == d[1] and (a[0] - c[0]) * (b[0] - d[0]) < 0
    )


@given(layered())
def test_every_node_lies_in_its_lane_and_apart_from_all_others(graph: tuple[list[int], list[tuple[int, int]]]) -> None:
    lanes, edges = graph
    laid = lay_out(lanes, edges)
    assert [lane.number for lane in laid.lanes] == sorted(set(lanes))
    bounds = {lane.number: lane for lane in laid.lanes}
    for (x, y), number in zip(laid.places, lanes, strict=True):
        assert bounds[number].top < y < bounds[number].bottom
        assert 0 < x < laid.width
    for (x1, y1), (x2, y2) in combinations(laid.places, 2):
        assert abs(x1 - x2) >= SPACING.column or abs(y1 - y2) >= SPACING.row
    assert laid == lay_out(lanes, edges), "the same each time"
    assert all(one.bottom == other.top for one, other in zip(laid.lanes, laid.lanes[1:], strict=False))


def test_a_tangle_of_two_lanes_is_untangled() -> None:
    lanes, edges = [0, 0, 0, 1, 1, 1], [(0, 5), (1, 4), (2, 3)]
    assert crossings(lay_out(lanes, edges), edges) == 0


def test_neighbours_are_swapped_where_the_means_are_equal() -> None:
    """Both lower nodes have the same mean place, so only comparing them pair by pair tells."""
    lanes = [0, 0, 0, 0, 1, 1]
    edges = [(0, 5), (3, 5), (1, 4), (2, 4), (2, 4)]
    assert crossings(lay_out(lanes, edges), edges) <= 2


def test_a_chain_stands_straight() -> None:
    laid = lay_out([0, 1, 1, 2, 3], [(0, 1), (1, 3), (3, 4)])
    (top, _), (first, _), _, (second, _), (last, _) = laid.places
    assert first == second == last
    assert abs(top - first) <= SPACING.column


def test_a_wide_lane_is_folded_into_rows() -> None:
    laid = lay_out([0] + [1] * 300, [(0, node) for node in range(1, 301)])
    rows = {y for _, y in laid.places[1:]}
    assert 5 < len(rows) < 40
    assert laid.width < 40 * SPACING.column


def test_an_edge_to_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="an edge from node 0 to 2 of 2"):
        lay_out([0, 1], [(0, 2)])


def test_nothing_takes_no_room() -> None:
    assert lay_out([], []) == Layout((), (), SPACING.column, 0)


def through(lines: Sequence[Line], ends: Sequence[tuple[int, int]], places: Sequence[tuple[int, int]]) -> int:
    """How often a line runs through a node that is not one of its ends."""
    rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for node, (x, y) in enumerate(places):
        rows[y].append((x, node))
    for row in rows.values():
        row.sort()
    heights = sorted(rows)
    count, reach = 0, RADIUS * OUTER
    for line, own in zip(lines, ends, strict=True):
        hit = set()
        steps = 16 * ((len(line.points) - 1) // 3)
        for across, down in (line.at(step / steps) for step in range(steps + 1)):
            for height in heights[bisect_left(heights, down - reach) : bisect_right(heights, down + reach)]:
                row = rows[height]
                for other, node in row[
                    bisect_left(row, (across - reach, 0)) : bisect_right(row, (across + reach, len(places)))
                ]:
                    if (other - across) ** 2 + (height - down) ** 2 < reach**2 and node not in own:
                        hit.add(node)
        count += len(hit)
    return count


def test_no_line_runs_through_what_it_does_not_lead_to() -> None:
    """As it used to: a column of nodes, with a line from the first to the last."""
    lanes = [0, 1, 2, 3]
    ends = [(0, 1), (1, 2), (2, 3), (0, 3)]
    laid = lay_out(lanes, ends)
    rows = Rows(laid.places)
    around = rows.line(laid.places[0], laid.places[3], 1)
    straight = Rows([]).line(laid.places[0], laid.places[3], 1)
    assert through([straight], [(0, 3)], laid.places) == 2
    assert through([around], [(0, 3)], laid.places) == 0
    assert (around.points[0][0], around.points[-1]) == (laid.places[0][0], laid.places[3])


@settings(max_examples=60)
@given(layered())
def test_lines_go_around_whatever_stands_between_their_ends(graph: tuple[list[int], list[tuple[int, int]]]) -> None:
    lanes, ends = graph
    laid = lay_out(lanes, ends)
    ends = [(one, other) for one, other in ends if laid.places[one][1] != laid.places[other][1]]
    for places in (laid.places, tuple((2 * x, y) for x, y in laid.places)):  # as they are, and as the map widens them
        rows = Rows(places)
        lines = [rows.line(places[one], places[other], 2) for one, other in ends]
        assert through(lines, ends, places) == 0
