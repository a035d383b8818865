"""The outlines of nodes and badges, as points around a centre, for SVG and for the interactive map."""

from __future__ import annotations

from graphsc.drawing.model import Kind
from graphsc.validation.findings import Severity

RADIUS = 14
"""Half the height of a node."""
BADGE = 10
"""Half the height of a badge."""

Points = tuple[tuple[float, float], ...]

OUTLINES: dict[Kind, Points] = {
    Kind.AUTHORITY: ((0, -1.1), (1.05, -0.2), (0.85, 1), (-0.85, 1), (-1.05, -0.2)),
    Kind.FUNCTION: ((-0.6, -1), (0.6, -1), (1.2, 0), (0.6, 1), (-0.6, 1), (-1.2, 0)),
    Kind.PROCESS: ((-1.2, -0.8), (0.6, -0.8), (1.3, 0), (0.6, 0.8), (-1.2, 0.8), (-0.6, 0)),
    Kind.SYSTEM: ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
}
"""The corners of each kind of node in units of the radius; any other kind is a circle."""
BADGES: dict[Severity, Points] = {
    Severity.VIOLATION: ((0, -1.15), (1.15, 0.9), (-1.15, 0.9)),
    Severity.WARNING: ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
}
"""The corners of badges in units of their radius; any other is a circle."""
FILLINGS = {Severity.VIOLATION: "violated", Severity.WARNING: "warned", Severity.INFO: "noted"}
"""The fill colour of a node by its gravest finding."""
OUTER = 1.36
"""The radius of the second outline of the most critical nodes, in units of the first."""


def at(points: Points, x: float, y: float, radius: float) -> Points:
    """Corners around a point."""
    return tuple((round(x + radius * across, 1), round(y + radius * down, 1)) for across, down in points)
