"""OCDS: releases, records and packages of them as organisations and agreements.

What is read: ``parties`` with their identifiers and country; ``contracts`` with parties, dates and title;
frameworks, from the techniques of a tender or from a process that names another as its framework;
subcontracts, from ``subcontracting.subcontracts``, from a party with the role *subcontractor* or from a
process that a contract names as its subcontract. An award counts as an agreement only when no contract is
published for it and it has a ``contractPeriod``; what was cancelled or unsuccessful never does. Contact
points are not read, since they name people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.sources.model import Place, Places
from graphsc.sources.ocds.keys import check_keys
from graphsc.sources.ocds.tree import agreement_iri, child, children, merged, related, text_at, text_of
from graphsc.sources.reporting import Reporter
from graphsc.sources.terms import Terms
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence
from graphsc.sources.values import date_fault, typed

PREFIX = "urn:graphsc:ocds:"
TOPS = ("ocid", "releases", "records", "compiledRelease", "versionedRelease")


def is_ocds(root: Node) -> bool:
    """Whether a JSON document is a release, a record or a package of either."""
    return isinstance(root, Mapping) and any(root.get(name) is not None for name in TOPS)


@dataclass(slots=True)
class Across:
    """The roles of processes that other files of the run name, by ocid."""

    frameworks: set[str] = field(default_factory=set)
    subcontracts: dict[str, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class OcdsReading:
    """The statements of one OCDS file so far; `process.emit` completes them once every file is known."""

    graph: NamedNode
    report: Reporter
    terms: Terms
    quads: dict[Quad, None] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    processes: list[Mapping] = field(default_factory=list)

    # ------------------------------------------------------------------ finding the processes

    def open(self, root: Mapping) -> None:
        """Find the contracting processes of a document, one release each."""
        singles: list[Mapping] = []
        if root.get("compiledRelease") is None:
            singles.extend(self._objects(root, "releases"))
        for record in self._objects(root, "records"):
            self._record(record)
        if root.get("compiledRelease") is not None or (root.get("versionedRelease") is not None and not singles):
            self._record(root)
        elif root.get("releases") is None and root.get("records") is None:
            singles.append(root)
        self._releases(singles)

    def _objects(self, node: Mapping, key: str) -> Iterator[Mapping]:
        match = node.get(key)
        items = match.items if isinstance(match, Sequence) else [match]
        return (item for item in items if isinstance(item, Mapping))

    def _record(self, record: Mapping) -> None:
        compiled = child(record, "compiledRelease")
        if compiled is not None:
            ocid = record.get("ocid")
            if compiled.get("ocid") is None and isinstance(ocid, Scalar):
                compiled.entries.append((Scalar("ocid", ocid.place), ocid))
            self.processes.append(compiled)
            return
        releases = list(self._objects(record, "releases"))
        linked = [r for r in releases if r.get("ocid") is None and r.get("url") is not None]
        if linked or not releases:
            self.report.add(
                "remote-release",
                "Posten har hverken compiledRelease eller alle sine releases i filen; andre hentes ikke.",
                "The record has neither a compiledRelease nor all of its releases in the file; others are not fetched.",
                (linked or [record])[0].place,
            )
        self._releases([r for r in releases if r not in linked])

    def _releases(self, releases: list[Mapping]) -> None:
        """Merge the releases of each process in the order of their dates."""
        by_process: dict[str, list[Mapping]] = {}
        for release in releases:
            ocid = text_of(release, "ocid")
            if ocid is None:
                self.report.add(
                    "missing-id", "En release skal have et ocid.", "A release must have an ocid.", release.place
                )
            else:
                by_process.setdefault(ocid.text, []).append(release)
        for of_process in by_process.values():
            of_process.sort(key=lambda r: text_at(r, "date"))
            whole = of_process[0]
            for later in of_process[1:]:
                whole = merged(whole, later)
            self.processes.append(whole)

    def collect_frameworks(self, across: Across) -> None:
        """Add the processes that are frameworks or subcontracts to ``across``, for the other files."""
        for release in self.processes:
            ocid = text_of(release, "ocid")
            if ocid is None:
                continue
            if self._declares_framework(release) and not any(related(release, "framework")):
                across.frameworks.add(ocid.text)
            for holder in (release, *children(release, "contracts")):
                across.frameworks.update(name.text for name, _ in related(holder, "framework"))
            for contract in children(release, "contracts"):
                for name, _ in related(contract, "subContract"):
                    across.subcontracts.setdefault(name.text, set()).add(agreement_iri(ocid.text, "contract", contract))

    def _declares_framework(self, release: Mapping) -> bool:
        tender = child(release, "tender")
        for holder in (tender, *children(tender, "lots")):
            techniques = child(holder, "techniques")
            flag = text_of(techniques, "hasFrameworkAgreement")
            if (flag is not None and flag.text == "true") or (
                flag is None and child(techniques, "frameworkAgreement") is not None
            ):
                return True
        return False

    # ------------------------------------------------------------------ statements

    def state(self, subject: str, predicate: str, object_: NamedNode | Literal, place: Place) -> None:
        """Store one triple and its place."""
        self.quads[Quad(NamedNode(subject), NamedNode(predicate), object_, self.graph)] = None
        self.places.edge(subject, predicate, place)
        self.places.value(subject, predicate, object_.value, place)

    def type(self, subject: str, cls: str, place: Place) -> None:
        """Store the class of a node."""
        self.places.node(subject, place)
        self.state(subject, v.RDF_TYPE, NamedNode(cls), place)

    def date(self, subject: str, predicate: str, value: Scalar | None) -> None:
        """Store the date of a timestamp, in the timestamp's own time zone."""
        if value is None:
            return
        day = value.text[:10] if value.text[10:11] in ("", "T", " ") else value.text
        if not self.report.fault(date_fault(day), value.place):
            self.state(subject, predicate, typed(day, v.XSD_DATE), value.place)

    def label(self, subject: str, *candidates: Scalar | None) -> None:
        """Store the first text among the candidates as the name of a node."""
        for candidate in candidates:
            if candidate is not None:
                self.state(subject, v.RDFS_LABEL, Literal(candidate.text.strip()), candidate.place)
                return


def read_ocds(root: Mapping, graph: str, report: Reporter, terms: Terms) -> OcdsReading:
    """Find the contracting processes of an OCDS document; `process.emit` completes it."""
    reading = OcdsReading(NamedNode(graph), report, terms)
    check_keys(root, report)
    reading.open(root)
    return reading
