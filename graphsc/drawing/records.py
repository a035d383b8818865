"""The records beside a drawing: agreements with their terms and evidence, and role assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from graphsc import relational
from graphsc.core.location import Location
from graphsc.core.resources import knowledge_text
from graphsc.core.vocabulary import NUMBERS
from graphsc.drawing.projection import rows
from graphsc.graph.dataset import Dataset, plain

Locate = Callable[[str], Location | None]
MOST = 10_000
"""The most records of evidence in a map; of very many agreements each shows only its latest."""
LEAST = 3
"""The records of evidence that each agreement shows in any case."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """An activity concerning an agreement; ``kind`` and ``performer`` are IRIs, ``date`` is as written."""

    kind: str
    date: str | None
    performer: str | None
    document: str | None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The facts and the evidence of an agreement.

    Each fact is a property, its value (an IRI or a text), and whether that is a number. ``evidence`` has the latest first,
    ``earlier`` is the number of records that are left out.
    """

    facts: tuple[tuple[str, str, bool], ...]
    evidence: tuple[Evidence, ...]
    location: Location | None
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role that a person holds, for some ``scopes``; all but the dates and the location are IRIs."""

    person: str
    role: str
    employer: str | None
    scopes: tuple[str, ...]
    start: str | None
    until: str | None
    location: Location | None


@dataclass(frozen=True, slots=True)
class Access:
    """Access of a party outside the EEA to the data of a system, in a country and under an agreement (IRIs).

    ``basis`` is that of a transfer of personal data; None where none is recorded.
    """

    party: str
    country: str
    system: str
    agreement: str
    basis: str | None


@dataclass(frozen=True, slots=True)
class Records:
    """All agreements by IRI, running or not, all role assignments, and all access from outside the EEA.

    ``outside`` is None where it was not computed, which is not the same as no access.
    """

    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    outside: tuple[Access, ...] | None = None


def records(dataset: Dataset, locate: Locate) -> Records:
    """The records of a dataset; ``locate`` gives the location of a node."""
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
    """The evidence of each agreement, the latest first; of several dates of an activity the latest, of other values the least."""
    merged: dict[tuple[str, str], Evidence] = {}
    for row in relational.named_rows(dataset, "drawing/evidence"):
        texts = {name: plain(term) for name, term in row.items()}
        key = texts["agreement"], texts["activity"]
        new = Evidence(texts["kind"], texts.get("date"), texts.get("performer"), texts.get("document"))
        known = merged.get(key, new)
        merged[key] = Evidence(
            min(known.kind, new.kind),
            max(filter(None, (known.date, new.date)), default=None),
            min(filter(None, (known.performer, new.performer)), default=None),
            min(filter(None, (known.document, new.document)), default=None),
        )
    result: dict[str, list[tuple[str, Evidence]]] = defaultdict(list)
    for (agreement, activity), evidence in sorted(merged.items(), key=lambda item: item[0]):
        if agreement in agreements:
            result[agreement].append((activity, evidence))
    for evidences in result.values():
        evidences.sort(key=lambda entry: entry[1].date or "", reverse=True)
    return result


def _outside(dataset: Dataset) -> Iterator[Access]:
    """The rows of the auditors' question on access from outside the EEA, each once, in however many chains it is."""
    seen = set()
    for row in relational.rows(dataset, knowledge_text("queries/access-outside-eea.rq"), build=False):
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
