"""When a duty is due: date arithmetic on its evidence, its limits and the events that reopen it.

The rules judge with cut-off dates whether a duty is met (``ontology/rules/timely.rq`` and its neighbours). A due date is the
same calculation forwards, for which SPARQL has no arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.core.periods import Period


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that counts towards a duty: its IRI, its day, its last day where it has one, and its performers (IRIs).

    ``person`` is the holder of a role, where the record is the assignment of one.
    """

    iri: str
    day: date | None = None
    until: date | None = None
    performers: tuple[str, ...] = ()
    person: str | None = None

    @property
    def parties(self) -> tuple[str, ...]:
        """The IRIs of who did it; for a role assignment that of its holder."""
        return self.performers or ((self.person,) if self.person else ())


@dataclass(frozen=True, slots=True)
class Event:
    """An event after all evidence, and the day by which the duty must be done again because of it."""

    iri: str
    day: date
    due: date


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
