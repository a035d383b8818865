"""The records beside a drawing: agreements with their terms and evidence, and role assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from graphsc.core.problems import Location
from graphsc.core.resources import knowledge_text
from graphsc.core.vocabulary import NUMBERS
from graphsc.drawing.projection import rows
from graphsc.graph.backend import Row
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

    ``outside`` is None where it was not computed, which is not the same as no access. ``abroad`` are the parties of running
    chains that are established outside the EEA, and of which it is not recorded whether they reach any data.
    """

    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    outside: tuple[Access, ...] | None = None
    abroad: tuple[str, ...] = ()


def records(dataset: Dataset, locate: Locate) -> Records:
    """The records of a dataset; ``locate`` gives the location of a node."""
    facts: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    for solution in dataset.named_rows("drawing/records"):
        value = solution["value"]
        number = isinstance(value, ox.Literal) and value.datatype.value in NUMBERS
        facts[plain(solution["thing"])].append((plain(solution["says"]), plain(value), number))
    done = _done(dataset, facts)
    shown = max(LEAST, MOST // max(1, len(done)))
    agreements = {}
    for iri, statements in sorted(facts.items()):
        activities = done.get(iri, {})
        latest = sorted(sorted(activities), key=lambda name: _latest(activities[name]) or "", reverse=True)[:shown]
        evidence = tuple(_evidence(activities[name], locate(name)) for name in latest)
        agreements[iri] = Agreement(tuple(statements), evidence, locate(iri), len(activities) - len(latest))
    outside = tuple(_outside(dataset))
    reaching = {access.party for access in outside}
    abroad = (plain(row["party"]) for row in dataset.named_rows("drawing/abroad"))
    return Records(
        agreements,
        tuple(_assignments(dataset, locate)),
        outside,
        tuple(party for party in abroad if party not in reaching),
    )


def _done(dataset: Dataset, agreements: Collection[str]) -> dict[str, dict[str, list[Row]]]:
    """The activities of each agreement, with their rows."""
    done: dict[str, dict[str, list[Row]]] = {}
    for row in dataset.named_rows("drawing/evidence"):
        agreement = plain(row["agreement"])
        if agreement in agreements:
            done.setdefault(agreement, {}).setdefault(plain(row["activity"]), []).append(row)
    return done


def _latest(rows: Iterable[Row]) -> str | None:
    """The latest date of an activity."""
    return max(_texts(rows, "date"), default=None)


def _evidence(rows: Iterable[Row], location: Location | None) -> Evidence:
    """The evidence of an activity: of several dates the latest, of other values the least."""
    kind, performer, document = (min(_texts(rows, name), default=None) for name in ("kind", "performer", "document"))
    return Evidence(kind or "", _latest(rows), performer, document, location)


def _texts(rows: Iterable[Row], name: str) -> list[str]:
    return [text for row in rows if (text := plain(row.get(name)))]


def _outside(dataset: Dataset) -> Iterator[Access]:
    """The distinct rows of the auditors' question on access from outside the EEA, in however many chains an access is.

    Then every transfer that the rules judge and the question does not have: by a party without an access of its own.
    """
    asked = dict.fromkeys(map(_access, dataset.rows(knowledge_text("queries/access-outside-eea.rq"))))
    yield from asked
    known = {(access.agreement, access.country) for access in asked}
    for access in map(_access, dataset.named_rows("drawing/transfers")):
        if (access.agreement, access.country) not in known:
            yield access


def _access(row: Row) -> Access:
    party, country, system, agreement = (plain(row[key]) for key in ("party", "country", "system", "agreement"))
    return Access(party, country, system, agreement, plain(row["transferBasis"]) if "transferBasis" in row else None)


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
