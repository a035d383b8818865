"""What stands beside the drawing: agreements with their terms and evidence, and who holds which role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from graphsc import relational
from graphsc.core.location import Location
from graphsc.core.resources import knowledge_text
from graphsc.core.vocabulary import NUMBERS, G
from graphsc.drawing.projection import rows
from graphsc.graph.dataset import Dataset, plain

Locate = Callable[[str], Location | None]
MOST = 10_000
"""How much evidence a map has room for; of many agreements each shows the latest of its own alone."""
LEAST = 3
"""And how many of an agreement's it shows however many there are."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that was done about an agreement; ``kind`` and ``performer`` are IRIs, ``date`` as it is written."""

    kind: str
    date: str | None
    performer: str | None
    document: str | None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is recorded of an agreement, and what was done about it.

    Each fact is a property, its value (an IRI, or the text of a value), and whether that is a number. ``evidence`` is
    the latest first, and ``earlier`` how much more there is than a map has room for.
    """

    facts: tuple[tuple[str, str, bool], ...]
    evidence: tuple[Evidence, ...]
    location: Location | None
    earlier: int = 0


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
    for solution in relational.named_rows(dataset, "drawing/records"):
        value = solution["value"]
        number = isinstance(value, ox.Literal) and value.datatype.value in NUMBERS
        facts[plain(solution["thing"])].append((plain(solution["says"]), plain(value), number))
    done = _evidence(dataset, facts)
    shown = max(LEAST, MOST // max(1, len(done)))
    agreements = {}
    for iri, statements in sorted(facts.items()):
        latest = done.get(iri, ())[:shown]
        evidence = tuple(replace(activity, location=locate(name)) for name, activity in latest)
        agreements[iri] = Agreement(tuple(statements), evidence, locate(iri), len(done.get(iri, ())) - len(latest))
    return Records(
        agreements,
        tuple(_assignments(dataset, locate)),
        tuple(_outside(dataset)),
    )


def _evidence(dataset: Dataset, agreements: Collection[str]) -> dict[str, list[tuple[str, Evidence]]]:
    """What was done about each agreement, by IRI, the latest first; of an activity's own dates the latest, of all else the first."""
    activities: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in relational.named_rows(dataset, "drawing/evidence"):
        activities[plain(row["activity"])][plain(row["says"]).removeprefix(G)].add(plain(row["value"]))
    result: dict[str, list[tuple[str, Evidence]]] = defaultdict(list)
    for iri, values_of in sorted(activities.items(), key=lambda item: item[0]):
        concerned = [thing for thing in values_of["concerns"] if thing in agreements]
        if concerned and values_of["kind"]:
            first = {says: min(values) for says, values in values_of.items()}
            evidence = Evidence(
                first["kind"],
                max(values_of["date"], default=None),
                first.get("performer"),
                first.get("document"),
            )
            for agreement in concerned:
                result[agreement].append((iri, evidence))
    for evidences in result.values():
        evidences.sort(key=lambda entry: entry[1].date or "", reverse=True)
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
