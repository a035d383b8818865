"""One contracting process of OCDS: its parties, agreements and subcontracts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import digest
from graphsc.sources.model import Place
from graphsc.sources.ocds.reader import PREFIX, Across, OcdsReading
from graphsc.sources.ocds.tree import agreement_iri, child, children, part, related, text_at, text_of, texts
from graphsc.sources.tree import Mapping
from graphsc.sources.values import concept

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
        for scalar in sorted(countries, key=lambda scalar: reading.terms.concept(scalar.text, country.schemes) is None)[
            :1
        ]:
            named = concept(scalar.text, country, reading.terms, reading.report, scalar.place)
            if named is not None:
                reading.state(iri, v.G_COUNTRY, named, scalar.place)
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
        """The organisations that references name, each once."""
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
                    f"It does not show to which of {len(agreements)} agreements this subcontractor belongs.", place,
                )  # fmt: skip


def emit(reading: OcdsReading, across: Across) -> None:
    """Make the statements of the processes of a file."""
    for release in reading.processes:
        ocid = text_of(release, "ocid")
        if ocid is not None:
            Process(reading, release, ocid.text, across).emit()
        else:
            reading.report.add("missing-id", "Processen har intet ocid.", "The process has no ocid.", release.place)
