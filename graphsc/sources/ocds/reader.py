"""OCDS: releases, records and packages of them as organisations and agreements.

What is read: ``parties`` with their identifiers and country; ``contracts`` with parties, dates and title;
frameworks, from the techniques of a tender or from a process that names another as its framework;
subcontracts, from ``subcontracting.subcontracts``, from a party with the role *subcontractor* or from a
process that a contract names as its subcontract. An award counts as an agreement only when no contract is
published for it and it has a ``contractPeriod``; what was cancelled or unsuccessful never does. Contact
points are not read, since they name people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import digest
from graphsc.sources.model import Place, Places
from graphsc.sources.ocds.tree import (
    PREFIX,
    agreement_iri,
    check_keys,
    child,
    children,
    merged,
    part,
    related,
    text_at,
    text_of,
    texts,
)
from graphsc.sources.reporting import Reporter
from graphsc.sources.terms import Terms
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence
from graphsc.sources.values import concept, date_fault, typed

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
    """The statements of one OCDS file so far; `emit` completes them once every file is known."""

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
    """Find the contracting processes of an OCDS document; `emit` completes it."""
    reading = OcdsReading(NamedNode(graph), report, terms)
    check_keys(root, report)
    reading.open(root)
    return reading


_VOID = frozenset({"cancelled", "unsuccessful"})


@dataclass(slots=True)
class Process:
    """Makes the statements of one contracting process."""

    reading: OcdsReading
    release: Mapping
    ocid: str
    across: Across
    parties: dict[str, str] = field(default_factory=dict)

    def emit(self) -> None:
        """State the parties, the agreements and their subcontracts."""
        for party in children(self.release, "parties"):
            self.party(party)
        buyers = self.buyers()
        if self.ocid in self.across.frameworks:
            agreements = [self.framework(self.owners() or buyers)]
        else:
            agreements = list(self.agreements(buyers))
        self.leftover_subcontractors(agreements)

    # -------------------------------------------------------------- parties

    def party(self, party: Mapping) -> str:
        """Make the statements of an organisation; gives its IRI."""
        reading = self.reading
        name, scheme = text_of(party, "identifier", "id"), text_of(party, "identifier", "scheme")
        local = text_of(party, "id")
        if name is not None and scheme is not None:
            iri = f"{PREFIX}{part(scheme.text.strip())}:{part(name.text.strip())}"
        elif local is not None and local.text in self.parties:
            iri = self.parties[local.text]
        else:
            known_as = local.text if local is not None else text_at(party, "name")
            iri = f"{PREFIX}{part(self.ocid)}/party/{part(known_as)}"
        if local is not None:
            self.parties.setdefault(local.text, iri)
        reading.type(iri, v.G_ORGANISATION, party.place)
        reading.label(iri, text_of(party, "name"), text_of(party, "identifier", "legalName"))
        for identifier in (child(party, "identifier"), *children(party, "additionalIdentifiers")):
            number, kind = text_of(identifier, "id"), text_of(identifier, "scheme")
            if number is not None and kind is not None and kind.text.upper() in ("DK-CVR", "XI-LEI"):
                predicate = v.G_CVR if kind.text.upper() == "DK-CVR" else v.G_LEI
                reading.state(iri, predicate, Literal(number.text.strip()), number.place)
        written = [text_of(party, "address", key) for key in ("country", "countryCode", "countryName")]
        countries = [scalar for scalar in written if scalar is not None]
        country = reading.terms.properties[v.G_COUNTRY]
        best = min(countries, key=lambda text: reading.terms.concept(text.text, country.schemes) is None, default=None)
        if best is not None and (named := concept(best.text, country, reading.terms, reading.report, best.place)):
            reading.state(iri, v.G_COUNTRY, named, best.place)
        return iri

    def organisation(self, reference: Mapping) -> tuple[str, Place] | None:
        """The organisation of a reference: found among the parties by its id, or else made from the reference itself."""
        local = text_of(reference, "id")
        if local is not None and local.text in self.parties:
            return self.parties[local.text], reference.place
        if local is None and text_of(reference, "name") is None and child(reference, "identifier") is None:
            self.reading.report.add(
                "missing-id", "Her nævnes en organisation uden id og navn.",
                "An organisation without id and name is named here.", reference.place,
            )  # fmt: skip
            return None
        return self.party(reference), reference.place

    def organisations(self, references: Iterable[Mapping]) -> list[tuple[str, Place]]:
        """The distinct organisations that references name."""
        result = [pair for pair in map(self.organisation, references) if pair is not None]
        return list({iri: (iri, place) for iri, place in reversed(result)}.values())[::-1]

    def by_role(self, role: str) -> list[tuple[str, Place]]:
        """The parties that have a role."""
        return self.organisations(p for p in children(self.release, "parties") if role in texts(p, "roles"))

    def buyers(self) -> list[tuple[str, Place]]:
        """The buyers; without any, those who run the procurement."""
        buyer = child(self.release, "buyer")
        if buyer is not None:
            return self.organisations([buyer])
        return self.by_role("buyer") or self.owners()

    def owners(self) -> list[tuple[str, Place]]:
        """The owners of a framework: those who run the procurement, not those who may buy under it."""
        entity = child(child(self.release, "tender"), "procuringEntity")
        return self.organisations([entity]) if entity is not None else self.by_role("procuringEntity")

    # -------------------------------------------------------------- agreements

    def standing(self, key: str) -> list[Mapping]:
        """The awards or contracts that are not cancelled or unsuccessful."""
        return [item for item in children(self.release, key) if text_at(item, "status") not in _VOID]

    def framework(self, buyers: list[tuple[str, Place]]) -> tuple[str, list[Mapping]]:
        """State the framework agreement that this process concludes."""
        reading, tender = self.reading, child(self.release, "tender")
        iri = f"{PREFIX}{part(self.ocid)}/framework"
        reading.type(iri, v.G_FRAMEWORK_AGREEMENT, self.release.place)
        contracts, awards = self.standing("contracts"), self.standing("awards")
        titles = [text_of(node, "title") for node in (*contracts[:1], *awards[:1])]
        reading.label(iri, text_of(tender, "title"), *titles)
        for owner, place in buyers:
            reading.state(iri, v.G_OWNER, NamedNode(owner), place)
        for holder in (*awards, *contracts):
            self.suppliers(iri, [holder])
        signed = [d for d in (text_of(c, "dateSigned") for c in contracts) if d is not None]
        reading.date(iri, v.G_SIGNED, min(signed, key=lambda d: d.text, default=None))
        periods = [p for p in (child(c, "period") for c in contracts) if p is not None]
        periods = periods or [p for p in (child(a, "contractPeriod") for a in awards) if p is not None]
        periods = periods or [p for p in (child(tender, "contractPeriod"),) if p is not None]
        starts = [d for d in (text_of(p, "startDate") for p in periods) if d is not None]
        ends = [d for d in (text_of(p, "endDate") for p in periods) if d is not None]
        reading.date(iri, v.G_START, min(starts, key=lambda d: d.text, default=None))
        reading.date(iri, v.G_END, max(ends, key=lambda d: d.text, default=None))
        return iri, [*awards, *contracts]

    def suppliers(self, iri: str, holders: Iterable[Mapping]) -> None:
        """State the suppliers that awards or contracts name."""
        references = [reference for holder in holders for reference in self.named(holder)]
        for supplier, place in self.organisations(references):
            self.reading.state(iri, v.G_SUPPLIER, NamedNode(supplier), place)

    def named(self, holder: Mapping) -> list[Mapping]:
        """The suppliers that an award or contract names, in an array or as one object."""
        return [
            item for key in ("suppliers", "supplier") for item in (child(holder, key), *children(holder, key)) if item
        ]

    def agreements(self, buyers: list[tuple[str, Place]]) -> Iterator[tuple[str, list[Mapping]]]:
        """State each contract, and each award that counts as one."""
        contracts, awards = self.standing("contracts"), self.standing("awards")
        by_id = {name.text: award for award in awards if (name := text_of(award, "id")) is not None}
        taken: set[str] = set()
        for contract in contracts:
            award_id = text_of(contract, "awardID")
            award = by_id.get(award_id.text) if award_id is not None else None
            if award is None and len(awards) == 1 and award_id is None:
                award = awards[0]
            if award is not None:
                taken.add(text_at(award, "id"))
            yield self.agreement("contract", contract, award, buyers)
        published = {text_at(c, "awardID") for c in children(self.release, "contracts")}
        for award in awards:
            number = text_at(award, "id")
            if number not in taken | published and child(award, "contractPeriod") is not None:
                yield self.agreement("award", award, None, buyers)

    def agreement(
        self, kind: str, node: Mapping, award: Mapping | None, buyers: list[tuple[str, Place]]
    ) -> tuple[str, list[Mapping]]:
        """State one agreement."""
        reading = self.reading
        iri = agreement_iri(self.ocid, kind, node)
        frameworks = [*related(node, "framework")] or [*related(self.release, "framework")]
        above = self.across.subcontracts.get(self.ocid, set())
        cls = v.G_DELIVERY_AGREEMENT if frameworks else v.G_SUBCONTRACT if above else v.G_AGREEMENT
        reading.type(iri, cls, node.place)
        reading.label(iri, text_of(node, "title"), text_of(award, "title"), text_of(self.release, "tender", "title"))
        for name, named in frameworks:
            framework = f"{PREFIX}{part(name.text)}/framework"
            reading.type(framework, v.G_FRAMEWORK_AGREEMENT, named.place)
            reading.label(framework, text_of(named, "title"))
            reading.state(iri, v.G_UNDER_FRAMEWORK, NamedNode(framework), name.place)
        for upper in sorted(above if not frameworks else ()):
            reading.state(iri, v.G_UNDER, NamedNode(upper), node.place)
        listed = self.organisations(children(node, "buyers"))
        for buyer, place in listed or buyers:
            reading.state(iri, v.G_CUSTOMER, NamedNode(buyer), place)
        holders = [item for item in (node, award) if item is not None]
        self.suppliers(iri, holders[:1] if self.named(node) else holders)
        reading.date(iri, v.G_SIGNED, text_of(node, "dateSigned"))
        period = child(node, "period") or child(node, "contractPeriod") or child(award, "contractPeriod")
        reading.date(iri, v.G_START, text_of(period, "startDate"))
        reading.date(iri, v.G_END, text_of(period, "endDate"))
        return iri, holders

    # -------------------------------------------------------------- subcontracts

    def subcontracts(self, iri: str, holders: list[Mapping]) -> set[str]:
        """State the subcontracts that awards, contracts or winning bids list; the subcontractors found."""
        bids = set().union(*(texts(holder, "relatedBids") for holder in holders))
        details = [b for b in children(child(self.release, "bids"), "details") if text_at(b, "id") in bids]
        result: set[str] = set()
        for holder in (*holders, *details):
            for listed in children(child(holder, "subcontracting"), "subcontracts"):
                entry = child(listed, "subcontractor")
                for party, _ in self.organisations(
                    [*([entry] if entry is not None else []), *children(listed, "subcontractors")]
                ):
                    self.subcontract(iri, party, listed.place)
                    result.add(party)
        return result

    def subcontract(self, iri: str, party: str, place: Place) -> None:
        """State one subcontract to an agreement."""
        reading = self.reading
        sub = f"{iri}/subcontract/{digest([party])}"
        reading.type(sub, v.G_SUBCONTRACT, place)
        reading.state(sub, v.G_UNDER, NamedNode(iri), place)
        reading.state(sub, v.G_SUPPLIER, NamedNode(party), place)

    def leftover_subcontractors(self, agreements: list[tuple[str, list[Mapping]]]) -> None:
        """State the listed subcontracts; if there is only one agreement, also those of all parties with the role subcontractor."""
        listed: set[str] = set()
        for iri, holders in agreements:
            listed |= self.subcontracts(iri, holders)
        for party, place in self.by_role("subcontractor"):
            if party in listed:
                continue
            if len(agreements) == 1:
                self.subcontract(agreements[0][0], party, place)
            else:
                self.reading.report.add(
                    "unclear-subcontractor",
                    f"Det fremgår ikke, hvilken af {len(agreements)} aftaler denne underleverandør hører til.",
                    f"The data do not say which of the {len(agreements)} agreements this subcontractor belongs to.", place,
                )  # fmt: skip


def emit(reading: OcdsReading, across: Across) -> None:
    """Make the statements of the processes of a file."""
    for release in reading.processes:
        ocid = text_of(release, "ocid")
        if ocid is not None:
            Process(reading, release, ocid.text, across).emit()
        else:
            reading.report.add("missing-id", "Processen har intet ocid.", "The process has no ocid.", release.place)
