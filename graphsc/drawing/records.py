"""What is told beside the drawing: agreements with their terms and evidence, and who holds which role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc import relational
from graphsc.core.location import Location
from graphsc.core.resources import knowledge_text
from graphsc.core.vocabulary import XSD, G
from graphsc.drawing.projection import rows
from graphsc.graph.dataset import Dataset, plain

_NUMBERS = frozenset(ox.NamedNode(XSD + name) for name in ("decimal", "integer", "double"))
Locate = Callable[[str], Location | None]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that was done about an agreement; ``kind`` and ``performer`` are IRIs, ``date`` as it is written."""

    kind: str
    date: str | None
    performer: str | None
    document: str | None
    location: Location | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is recorded of an agreement, and what was done about it.

    Each fact is a property, its value (an IRI, or the text of a value), and whether that is a number.
    """

    facts: tuple[tuple[str, str, bool], ...]
    evidence: tuple[Evidence, ...]
    location: Location | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """That a person holds a role; all but the dates are IRIs, and ``scopes`` are what the role is held for."""

    person: str
    role: str
    employer: str | None
    scopes: tuple[str, ...]
    start: str | None
    until: str | None
    location: Location | None


@dataclass(frozen=True, slots=True)
class Access:
    """That a party outside the EEA can reach data of a system, or holds them: in which country, under which agreement.

    ``basis`` is that of a transfer of personal data, None where none is recorded; all are IRIs.
    """

    party: str
    country: str
    system: str
    agreement: str
    basis: str | None


@dataclass(frozen=True, slots=True)
class Records:
    """All agreements by IRI, running or not, all role assignments, and all access from outside the EEA.

    ``outside`` is None where it was not asked for, which is not the same as none.
    """

    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    outside: tuple[Access, ...] | None = None


def records(dataset: Dataset, locate: Locate) -> Records:
    """Read them out of a dataset; ``locate`` says where something is written."""
    facts: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for solution in dataset.select(knowledge_text("ontology/drawing/records.rq")):
        value = solution["value"]
        number = isinstance(value, ox.Literal) and value.datatype in _NUMBERS
        facts[plain(solution["thing"])].append((plain(solution["says"]), plain(value), number))
    done = _evidence(dataset, facts, locate)
    return Records(
        {iri: Agreement(tuple(known), tuple(done.get(iri, ())), locate(iri)) for iri, known in sorted(facts.items())},
        tuple(_assignments(dataset, locate)),
        tuple(_outside(dataset)),
    )


def _evidence(dataset: Dataset, agreements: Collection[str], locate: Locate) -> dict[str, list[Evidence]]:
    """What was done about each agreement, the latest first; of an activity's own dates the latest, of all else the first."""
    activities: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in relational.rows(dataset, knowledge_text("ontology/drawing/evidence.rq")):
        activities[plain(row["activity"])][plain(row["says"]).removeprefix(G)].add(plain(row["value"]))
    result: dict[str, list[Evidence]] = defaultdict(list)
    for iri, values_of in sorted(activities.items(), key=lambda item: item[0]):
        concerned = values_of["concerns"].intersection(agreements)
        if concerned and values_of["kind"]:
            first = {says: min(values) for says, values in values_of.items()}
            evidence = Evidence(
                first["kind"],
                max(values_of["date"], default=None),
                first.get("performer"),
                first.get("document"),
                locate(iri),
            )
            for agreement in concerned:
                result[agreement].append(evidence)
    for evidences in result.values():
        evidences.sort(key=lambda evidence: evidence.date or "", reverse=True)
    return result


def _outside(dataset: Dataset) -> Iterator[Access]:
    """The auditors' question of access from outside the EEA, each answer once for all chains that it is in."""
    seen = set()
    for row in dataset.select(knowledge_text("queries/access-outside-eea.rq")):
        party, country, system, agreement = (plain(row[key]) for key in ("party", "country", "system", "agreement"))
        basis = plain(row["transferBasis"]) if "transferBasis" in row else None
        access = Access(party, country, system, agreement, basis)
        if access not in seen:
            seen.add(access)
            yield access


def _assignments(dataset: Dataset, locate: Locate) -> Iterator[Assignment]:
    first: dict[str, dict[str, str]] = {}
    scopes: dict[str, list[str]] = defaultdict(list)
    for row in rows(dataset, "roles"):
        first.setdefault(row["assignment"], row)
        if "scope" in row and row["scope"] not in scopes[row["assignment"]]:
            scopes[row["assignment"]].append(row["scope"])
    for iri, row in first.items():
        yield Assignment(
            row["person"],
            row["role"],
            row.get("employer"),
            tuple(scopes[iri]),
            row.get("from"),
            row.get("until"),
            locate(iri),
        )
