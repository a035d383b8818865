"""The statements of an OCDS file as they are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.sources.model import Place, Places
from graphsc.sources.reporting import Reporter
from graphsc.sources.tree import Scalar
from graphsc.sources.values import date_fault

PREFIX = "urn:graphsc:ocds:"


@dataclass(slots=True)
class Across:
    """What the files of a run say of each other's processes, by ocid."""

    frameworks: set[str] = field(default_factory=set)
    subcontracts: dict[str, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class OcdsStatements:
    """What one OCDS file says so far."""

    graph: NamedNode
    report: Reporter
    quads: dict[Quad, None] = field(default_factory=dict)
    places: Places = field(default_factory=Places)

    def state(self, subject: str, predicate: str, object_: NamedNode | Literal, place: Place) -> None:
        """Store one triple, and where it is written."""
        self.quads[Quad(NamedNode(subject), NamedNode(predicate), object_, self.graph)] = None
        self.places.edge(subject, predicate, place)
        self.places.value(subject, predicate, object_.value, place)

    def type(self, subject: str, cls: str, place: Place) -> None:
        """Say of which class a node is."""
        self.places.node(subject, place)
        self.state(subject, v.RDF_TYPE, NamedNode(cls), place)

    def date(self, subject: str, predicate: str, value: Scalar | None) -> None:
        """Store the day of a moment, as it is at the place that wrote it."""
        if value is None:
            return
        day = value.text[:10] if value.text[10:11] in ("", "T", " ") else value.text
        if not self.report.fault(date_fault(day), value.place):
            self.state(subject, predicate, Literal(day, datatype=NamedNode(v.XSD_DATE)), value.place)

    def label(self, subject: str, *candidates: Scalar | None) -> None:
        """Name a node by the first text that there is."""
        for candidate in candidates:
            if candidate is not None:
                self.state(subject, v.RDFS_LABEL, Literal(candidate.text.strip()), candidate.place)
                return
