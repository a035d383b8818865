"""The picture as a value: nodes in lanes, edges between them, and the attributes of each.

Everything in it has its label and number, so that a layout, an SVG and the interactive map show the same. Nodes and edges
refer to each other, and to findings, by their numbers in the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graphsc.core.text import Text
from graphsc.validation.findings import Finding, Severity


class Kind(StrEnum):
    """The kind of a node; each has its own shape."""

    AUTHORITY = "authority"
    FUNCTION = "function"
    PROCESS = "process"
    SYSTEM = "system"
    SUPPLIER = "supplier"
    OTHER = "other"


class EdgeKind(StrEnum):
    """The kind of an edge, which leads from the node that needs to the one it needs, or from a supervisor."""

    SUPPORTS = "supports"
    DEPENDS = "depends"
    SUPPLIES = "supplies"
    APPROVED = "approved"
    UNAPPROVED = "unapproved"
    UNRECORDED = "unrecorded"
    SUPERVISES = "supervises"
    ACCOUNTABLE = "accountable"
    OPERATES = "operates"

    @property
    def needs(self) -> bool:
        """Whether the first end needs the second, so that the edge is part of a chain."""
        return self not in {EdgeKind.SUPERVISES, EdgeKind.ACCOUNTABLE, EdgeKind.OPERATES}


class Passing(StrEnum):
    """The state of a requirement at a link."""

    SET = "set"
    TIGHTENED = "tightened"
    EXEMPT = "exempt"
    DROPPED = "dropped"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Node:
    """A thing that is drawn.

    ``lane`` orders the lanes from the top; for a supplier it is the nearest tier that it has in any chain. ``level`` is its
    criticality, 0–3: of a system the one its owner recorded, of a function 3, of a supplier the greatest of the nodes that need
    it; None where none is recorded. ``criticality`` is the label of the owner's, ``country`` an IRI, ``findings`` are numbers
    of the picture's findings, gravest first.
    """

    iri: str
    label: Text
    kind: Kind
    lane: int
    level: int | None = None
    criticality: Text | None = None
    country: str | None = None
    cvr: str | None = None
    owner: int | None = None
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two nodes.

    For a delivery ``agreement`` is its IRI, ``parent`` the agreement above it (None at the top of a chain), ``roots`` those at
    the top of its chains, and ``tier`` the nearest to a customer that it has in any of them (1 for the topmost). ``dropped`` are
    the numbers of the requirements that stop here. ``alternative`` is given for one of several options, as (how many must
    work, of how many).
    """

    source: int
    target: int
    kind: EdgeKind
    agreement: str | None = None
    parent: str | None = None
    roots: tuple[str, ...] = ()
    tier: int | None = None
    dropped: tuple[int, ...] = ()
    alternative: tuple[int, int] | None = None
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Supervision:
    """The supervisor of an agreement under a root, or of a layer or special requirement of it, by a derivation rule."""

    root: str
    agreement: str
    supervisor: int
    rule: str
    about: Text | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A security requirement on its way down a chain, with its state at each agreement."""

    iri: str
    label: Text
    root: str
    passing: Mapping[str, Passing]


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline around nodes: an owner group, or a framework agreement with its suppliers."""

    iri: str
    label: Text
    kind: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn of a dataset on a day.

    ``agreements`` has the label of each agreement of an edge, ``unplaced`` are findings about nothing that is drawn.
    """

    as_of: date
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    findings: tuple[Finding, ...] = ()
    unplaced: tuple[int, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    supervision: tuple[Supervision, ...] = ()
    outlines: tuple[Outline, ...] = ()
    agreements: Mapping[str, Text] | None = None

    def find(self, iri: str) -> int | None:
        """The number of the node with an IRI; None where it is not drawn."""
        return next((place for place, node in enumerate(self.nodes) if node.iri == iri), None)

    def worst(self, findings: tuple[int, ...]) -> Severity | None:
        """The gravest severity among findings that count."""
        counted = [self.findings[place].severity for place in findings if self.findings[place].counts]
        return min(counted, key=lambda severity: severity.rank, default=None)


_UPPER = {Kind.AUTHORITY: 0, Kind.FUNCTION: 1, Kind.PROCESS: 2, Kind.SYSTEM: 3}
ABOVE = 3
"""The lane of the systems, above tier 1."""
OUTSIDE = 1_000_000
"""The lane of organisations that are in no chain."""


def lane_of(kind: Kind, tier: int | None = None) -> int:
    """The lane of a kind of node; for a supplier that of its tier."""
    if kind is Kind.SUPPLIER:
        return ABOVE + (tier or 1)
    return _UPPER.get(kind, OUTSIDE)


_LANES = {
    0: Text("Myndigheder", "Authorities"),
    1: Text("Samfundsfunktioner", "Societal functions"),
    2: Text("Processer", "Processes"),
    3: Text("Systemer", "Systems"),
    4: Text("Led 1: leverandører", "Tier 1: suppliers"),
    5: Text("Led 2: underleverandører", "Tier 2: subcontractors"),
    OUTSIDE: Text("Ikke i nogen løbende kæde", "In no active chain"),
}


def lane_name(lane: int) -> Text:
    """The label of a lane."""
    return _LANES.get(lane) or Text(f"Led {lane - ABOVE}", f"Tier {lane - ABOVE}")
