"""What is drawn: things in lanes, what ties them together, and what is known of each.

A picture is a value: everything in it is found, named and numbered, so that a layout, an SVG and the interactive map
say the same. Nodes and edges refer to each other, and to findings, by their places in the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graphsc.core.text import Text
from graphsc.validation.findings import Finding, Severity


class Kind(StrEnum):
    """What a node is; each kind has a shape of its own."""

    AUTHORITY = "authority"
    FUNCTION = "function"
    PROCESS = "process"
    SYSTEM = "system"
    SUPPLIER = "supplier"
    OTHER = "other"


class Says(StrEnum):
    """What an edge says of its two ends; edges lead from whoever needs to what is needed, or from who watches."""

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
        return self not in {Says.SUPERVISES, Says.ACCOUNTABLE, Says.OPERATES}

    @property
    def subcontract(self) -> bool:
        """Whether it is a link between two suppliers."""
        return self in {Says.APPROVED, Says.UNAPPROVED, Says.UNRECORDED}


class Passing(StrEnum):
    """What became of a requirement at a link."""

    SET = "set"
    TIGHTENED = "tightened"
    EXEMPT = "exempt"
    DROPPED = "dropped"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Node:
    """One thing that is drawn.

    ``lane`` orders the lanes from the top; for a supplier it is the nearest tier in which it stands in any chain.
    ``level`` is how critical it is, 0–3: of a system what its owner says, of a function 3, of a supplier the most
    critical that rests on it; None where nothing is known. ``criticality`` is the owner's word for it, ``country``
    an IRI, ``findings`` are places in the picture's findings, gravest first.
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
    """What ties two nodes together.

    For a delivery ``agreement`` is its IRI, ``parent`` the agreement above it (None at the top of a chain), and
    ``roots`` those at the top of the chains it stands in, and ``tier`` the nearest to a customer that it is in any of
    them (1 for the topmost). ``dropped`` are the requirements that stop here, by their
    places in the picture. ``alternative`` says of how many options this is one, as (how many must work, of how many).
    """

    source: int
    target: int
    says: Says
    agreement: str | None = None
    parent: str | None = None
    roots: tuple[str, ...] = ()
    tier: int | None = None
    dropped: tuple[int, ...] = ()
    alternative: tuple[int, int] | None = None
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Supervision:
    """Who supervises an agreement under a root, or a layer or special requirement of it, and by which rule."""

    root: str
    agreement: str
    supervisor: int
    rule: str
    about: Text | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A security requirement on its way down: what became of it at each agreement of the chain."""

    iri: str
    label: Text
    root: str
    passing: Mapping[str, Passing]


@dataclass(frozen=True, slots=True)
class Outline:
    """A ring that can be drawn around nodes: an owner group, or a framework with those on it."""

    iri: str
    label: Text
    kind: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn of a dataset on a day.

    ``agreements`` names each agreement that an edge mentions, ``unplaced`` are findings about nothing that is drawn.
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
        """The place of the node of that IRI; None where it is not drawn."""
        return next((place for place, node in enumerate(self.nodes) if node.iri == iri), None)

    def worst(self, findings: tuple[int, ...]) -> Severity | None:
        """The gravest severity among findings that count."""
        counted = [self.findings[place].severity for place in findings if self.findings[place].counts]
        return min(counted, key=lambda severity: severity.rank, default=None)


_UPPER = {Kind.AUTHORITY: 0, Kind.FUNCTION: 1, Kind.PROCESS: 2, Kind.SYSTEM: 3}
ABOVE = 3
"""The lane of the systems: tier 1 lies in the next."""
OUTSIDE = 1_000_000
"""The lane of what stands in no chain."""


def lane_of(kind: Kind, tier: int | None = None) -> int:
    """The lane of a kind of node; of a supplier that of its tier."""
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
    """What a lane is called."""
    return _LANES.get(lane) or Text(f"Led {lane - ABOVE}", f"Tier {lane - ABOVE}")
