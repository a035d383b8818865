"""When a duty is due: date arithmetic on its evidence, its limits and the events that reopen it.

The rules judge whether a duty is met (``ontology/rules/timely.rq`` and its neighbours) with cut-off dates; the same
said forwards is a due date, which SPARQL has no arithmetic for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.core.periods import Period


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is recorded towards a duty: the record, its day, its last day where it has one, and who did it (IRIs).

    ``person`` is who holds the role, where the record is that someone does.
    """

    iri: str
    day: date | None = None
    until: date | None = None
    performers: tuple[str, ...] = ()
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event after all evidence, and the day by which the duty must be done again because of it."""

    iri: str
    day: date
    due: date


@dataclass(frozen=True, slots=True)
class Timing:
    """When a duty is due, and what meets it until then.

    ``due`` is the next day by which something must be there (in the past when that day has gone by); None where
    no day is given or nothing remains to be done. ``satisfied_by`` is the newest first, ``latest`` the newest of
    all that is recorded, also when it no longer counts; ``event`` is what reopened the duty first.
    """

    due: date | None
    satisfied_by: tuple[Evidence, ...]
    latest: Evidence | None
    event: Event | None


def lasts(evidence: Evidence, every: Period | None) -> date:
    """The last day on which evidence counts; the last day of the calendar for evidence that counts for good."""
    if every is None:
        return evidence.until or date.max
    if evidence.day is None:  # what must be renewed must have a day
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
    done once and for all; ``events`` those after all evidence.
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
