"""The facts of duties, read with the queries in ``ontology/responsibility/``, and when a duty is due.

When a duty is due is date arithmetic on its evidence, its limits and the events that reopen it. The rules judge with cut-off dates whether a duty is met (``ontology/rules/timely.rq`` and its neighbours). A due date is the
same calculation forwards, for which SPARQL has no arithmetic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from graphsc.core.identifiers import named
from graphsc.core.periods import Period
from graphsc.core.resources import knowledge_text
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import ROOT, XSD_DATE, G
from graphsc.graph.backend import Row
from graphsc.graph.context import lengths
from graphsc.graph.dataset import Dataset, is_true, plain


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that counts towards a duty."""

    iri: str  #: The record.
    day: date | None = None  #: Its day; null where none is recorded.
    until: date | None = None  #: The last day on which it holds; null where it holds for good.
    performers: tuple[str, ...] = ()  #: Who did it, as IRIs; empty where that is not recorded.
    person: str | None = None  #: Who holds the role, where the record is that someone does.

    @property
    def parties(self) -> tuple[str, ...]:
        """The IRIs of who did it; for a role assignment that of its holder."""
        return self.performers or ((self.person,) if self.person else ())


@dataclass(frozen=True, slots=True)
class Event:
    """An event after all evidence, which makes a duty due again."""

    iri: str  #: The event.
    day: date  #: Its day.
    due: date  #: The day by which the duty must be done because of it.


@dataclass(frozen=True, slots=True)
class Timing:
    """When a duty is due, and the evidence that meets it until then.

    ``due`` is the next day by which evidence must be there, which may have passed; None where no day is given or nothing
    remains to be done. ``satisfied_by`` has the newest first, ``latest`` is the newest of all evidence, also where it no
    longer counts; ``event`` is the first that reopened the duty.
    """

    due: date | None
    satisfied_by: tuple[Evidence, ...]
    latest: Evidence | None
    event: Event | None


def lasts(evidence: Evidence, every: Period | None) -> date:
    """The last day on which evidence counts; ``date.max`` for evidence that counts for ever."""
    if every is None:
        return evidence.until or date.max
    if evidence.day is None:  # evidence that must be renewed must have a day
        return date.min
    return min(every.after(evidence.day), evidence.until or date.max)


def timing(
    as_of: date,
    evidence: Sequence[Evidence],
    *,
    every: Period | None = None,
    first: Sequence[date] = (),
    before: Sequence[date] = (),
    events: Sequence[Event] = (),
) -> Timing:
    """When a duty is due on a day.

    ``first`` are the days by which it must be done for the first time, ``before`` those before which it had to be
    done once; ``events`` are those after all evidence.
    """
    ordered = sorted(evidence, key=lambda e: (e.day or date.min, e.iri), reverse=True)
    counting = tuple(e for e in ordered if lasts(e, every) >= as_of)
    days = [day for day in (lasts(e, every) for e in ordered) if day != date.min]
    horizon = max((*days, *first), default=None)
    if horizon is None:
        horizon = min(before, default=None)
    reopening = min(events, key=lambda event: (event.due, event.day, event.iri), default=None)
    if reopening is not None:
        horizon = min(reopening.due, horizon or date.max)
    return Timing(
        due=None if horizon == date.max else horizon,
        satisfied_by=counting,
        latest=next(iter(ordered), None),
        event=reopening,
    )


_ROLES = ROOT + "register/roles"
_AGREED = ("agreed-controls", "agreed-due-dates", "agreed-approvals")
_Key = tuple[str, str]
"""An obligation and a subject."""
_FEW = 1000
"""Up to so many rows VALUES restricts a query; it would be slow to read more."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a holder owes about a subject, and when.

    IRIs: ``rule`` is the obligation, or the shape for what was agreed; ``value`` tells apart several of the same rule and
    subject; ``person`` is the one that the matter itself names. ``met`` says whether evidence meets it on the evaluation date.
    """

    rule: str
    subject: str
    kind: str
    holder: str | None
    when: Timing
    met: bool
    value: str | None = None
    person: str | None = None


def rows(dataset: Dataset, name: str, values: str = "") -> Sequence[Row]:
    """The rows of a query in ``ontology/responsibility/``, in any order; of them those that agree with `values`."""
    return dataset.rows(_text(name) + values)


def _text(name: str) -> str:
    return knowledge_text(f"ontology/responsibility/{name}.rq")


def values(variables: str, iris: Collection[tuple[str, ...]]) -> str:
    """VALUES of some variables; empty, which restricts nothing, where there are many or some are not IRIs."""
    nodes = [[named(iri) for iri in row] for row in iris] if len(iris) <= _FEW else [[None]]
    if any(None in row for row in nodes):
        return ""
    listed = " ".join(f"({' '.join(map(str, row))})" for row in nodes)
    return f"VALUES ({variables}) {{ {listed} }}"


def owed(dataset: Dataset, settings: Settings, *, recorded: bool = False, beyond: date = date.max) -> list[Owed]:
    """All that is owed: by obligations, then by what was agreed on single matters.

    With ``recorded``, obligations on subjects whose register is not kept are left out unless they are met; and most of those
    that are met beyond a day are left out.
    """
    periods = lengths(dataset, settings)
    return [
        *_obliged(dataset, settings.as_of, periods, recorded=recorded, beyond=beyond),
        *_agreed(dataset, settings.as_of, periods),
    ]


def pairs(dataset: Dataset, local: str) -> Iterator[tuple[str, str]]:
    """Subject and value of each triple of a property."""
    quads = dataset.statements(G + local)
    return ((plain(quad.subject), plain(quad.object)) for quad in quads)


def role_keepers(dataset: Dataset) -> frozenset[str]:
    """The agreements and organisations with a register of roles, an agreement's customer among them.

    Elsewhere a role without a person is not recorded, which is not the same as held by nobody.
    """
    kept = {keeper for keeper, register in pairs(dataset, "keepsRegister") if register == _ROLES}
    return frozenset(kept | {customer for agreement, customer in pairs(dataset, "customer") if agreement in kept})


def _obliged(
    dataset: Dataset, as_of: date, periods: Mapping[str, Period], *, recorded: bool, beyond: date
) -> Iterator[Owed]:
    every = {obligation: periods[period] for obligation, period in pairs(dataset, "every") if period in periods}
    left_out = [_group("unrecorded")] if recorded else []
    if beyond < date.max and dataset.backend is not None:  # of a small graph every day is worked out sooner
        left_out.append(_group("lasting", _group("evidence") + _days(every, beyond)))
    without = "".join(f"MINUS {{ {group} }}\n" for group in left_out)
    duties = dataset.rows(f"{_text('duties').rstrip().removesuffix('}')}{without}}}")
    if not duties:
        return
    among = values("?obligation ?subject", {*map(_key, duties)})
    first, before = _limits(rows(dataset, "limits", among), periods)
    events = _events(rows(dataset, "events", among), periods)
    evidence = _evidence(rows(dataset, "evidence", among))
    for row in duties:
        key = obligation, subject = _key(row)
        when = timing(
            as_of,
            evidence.get(key, ()),
            every=every.get(obligation),
            first=first.get(key, ()),
            before=before.get(key, ()),
            events=events.get(key, ()),
        )
        met = is_true(row["fulfilled"]) and bool(when.satisfied_by)
        yield Owed(obligation, subject, plain(row["kind"]), plain(row.get("holder")) or None, when, met)


def _group(name: str, start: str = "") -> str:
    """A query as a group of another one, with something more at the start of its pattern."""
    select, where, pattern = _text(name).partition("SELECT")[2].partition("WHERE {")
    return f"{{ SELECT{select}{where}{start}{pattern} }}"


def _days(every: Mapping[str, Period], beyond: date) -> str:
    """The days that ``lasting.rq`` compares with; ``every`` is how often each obligation is to be done."""
    after = beyond + timedelta(days=1)
    first = " ".join(f"(<{obligation}> {_literal(period.cutoff(after))})" for obligation, period in every.items())
    return f"OPTIONAL {{ VALUES (?obligation ?first) {{ {first} }} }} VALUES ?day {{ {_literal(beyond)} }}"


def _literal(day: date) -> str:
    return f'"{day}"^^<{XSD_DATE}>'


def _agreed(dataset: Dataset, as_of: date, periods: Mapping[str, Period]) -> Iterator[Owed]:
    """Agreed controls, open matters with a due date, and approvals that end."""
    grouped: dict[tuple[str | None, ...], list[Row]] = defaultdict(list)
    names = ("rule", "subject", "value", "kind", "holder", "person", "every")
    for row in (row for what in _AGREED for row in rows(dataset, what)):
        grouped[tuple(plain(row.get(name)) or None for name in names)].append(row)
    for (rule, subject, value, kind, holder, person, frequency), group in grouped.items():
        every = periods.get(frequency or "")
        starts = {day for row in group if (day := day_of(row, "start")) is not None}
        key = (rule or "", subject or "")
        recorded = [_of_rule(row) for row in group if "evidence" in row]
        when = timing(
            as_of,
            _evidence(recorded).get(key, ()),
            every=every,
            first=[every.after(day) for day in starts] if every is not None else (),
            before=[day for row in group if (day := day_of(row, "due")) is not None],
        )
        yield Owed(*key, kind or "", holder, when, bool(when.satisfied_by), value, person)


def _limits(
    rows: Iterable[Row], periods: Mapping[str, Period]
) -> tuple[dict[_Key, list[date]], dict[_Key, list[date]]]:
    """The days by which duties are due for the first time, and those before which they had to be done once."""
    first: dict[_Key, list[date]] = defaultdict(list)
    before: dict[_Key, list[date]] = defaultdict(list)
    for row in rows:
        day = day_of(row, "date")
        if day is None:
            continue
        if "within" not in row:
            before[_key(row)].append(day)
        elif (period := periods.get(plain(row["within"]))) is not None:
            first[_key(row)].append(period.after(day))
    return first, before


def _events(rows: Iterable[Row], periods: Mapping[str, Period]) -> dict[_Key, list[Event]]:
    events: dict[_Key, list[Event]] = defaultdict(list)
    for row in rows:
        day, period = day_of(row, "date"), periods.get(plain(row["grace"]))
        if day is not None and period is not None:
            events[_key(row)].append(Event(plain(row["event"]), day, period.after(day)))
    return events


def _evidence(rows: Iterable[Row]) -> dict[_Key, list[Evidence]]:
    """The evidence by obligation and subject; of several dates the latest counts, of several last days the first."""
    merged: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        merged[*_key(row), plain(row["evidence"])].append(row)
    evidence: dict[_Key, list[Evidence]] = defaultdict(list)
    for (obligation, subject, iri), group in sorted(merged.items()):
        days = {day for row in group if (day := day_of(row, "date")) is not None}
        ends = {end for row in group if (end := day_of(row, "until")) is not None}
        performers = {plain(row["performer"]) for row in group if "performer" in row}
        person = min((plain(row["person"]) for row in group if "person" in row), default=None)
        record = Evidence(iri, max(days, default=None), min(ends, default=None), tuple(sorted(performers)), person)
        evidence[obligation, subject].append(record)
    return evidence


def _of_rule(row: Row) -> Row:
    """A row of evidence for what was agreed, in the form of one for an obligation."""
    return {"obligation": row["rule"], **{name: term for name, term in row.items() if name != "person"}}


def _key(row: Row) -> _Key:
    return plain(row["obligation"]), plain(row["subject"])


def day_of(row: Row, name: str) -> date | None:
    """The day of a row, where it has one."""
    try:
        return date.fromisoformat(plain(row[name])) if name in row else None
    except ValueError:  # reported on reading
        return None
