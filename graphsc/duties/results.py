"""The results that renderings of duties, gaps and matrices show, with the names of the nodes in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.duties.duties import Duty, State
from graphsc.duties.gaps import Gap
from graphsc.duties.handover import LeftBehind
from graphsc.duties.raci import Involvement, Matrix
from graphsc.validation import Rule
from graphsc.validation.findings import ReadInput


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What duties are chosen by; null for no choice.

    What must be done by a day is all that is overdue or open without a day, what falls due, what is accepted no longer
    than that, and what is not recorded.
    """

    holder: str | None = None  #: The organisation, as an IRI.
    role: str | None = None  #: The role, as an IRI.
    person: str | None = None  #: The person, as an IRI.
    agreement: str | None = None  #: The agreement, as an IRI.
    until: date | None = None  #: Only what must be done by this day.
    states: frozenset[State] = frozenset()  #: The states; empty for all.

    def takes(self, duty: Duty) -> bool:
        """Whether the filter lets a duty through."""
        holder = duty.holder
        return (
            self.holder in {None, holder.organisation}
            and self.role in {None, holder.role}
            and self.person in {None, holder.person}
            and (self.agreement is None or self.agreement in {duty.subject, *duty.agreements})
            and (not self.states or duty.state in self.states)
            and (self.until is None or _is_due_by(duty, self.until))
        )


def _is_due_by(duty: Duty, until: date) -> bool:
    match duty.state:
        case State.OVERDUE:
            return True
        case State.OPEN:
            return duty.due is None or duty.due <= until
        case State.MET:
            return duty.due is not None and duty.due <= until
        case State.WAIVED:
            return duty.waived is not None and duty.waived.until is not None and duty.waived.until <= until
    return True  # not recorded: it may be due


@dataclass(frozen=True, slots=True)
class Duties(ReadInput):
    """The selected duties.

    ``labels`` names every IRI in them, ``locate`` gives the location of a subject, and ``asked`` is the filter.
    """

    as_of: date
    rules: Mapping[str, Rule]
    duties: tuple[Duty, ...]
    labels: Mapping[str, Text]
    locate: Callable[[str], Location | None]
    asked: DutyFilter = DutyFilter()

    def count(self, state: State) -> int:
        """How many are in a state."""
        return sum(1 for duty in self.duties if duty.state is state)


@dataclass(frozen=True, slots=True)
class Gaps(ReadInput):
    """The selected gaps.

    ``labels`` names every IRI in them; ``unrecorded`` counts the duties whose holder is not recorded, since no register of
    roles is kept there.
    """

    as_of: date
    gaps: tuple[Gap, ...]
    labels: Mapping[str, Text]
    unrecorded: int = 0


@dataclass(frozen=True, slots=True)
class Handover(ReadInput):
    """What a person leaves behind on a day; ``labels`` names every IRI in it."""

    on: date
    left: LeftBehind
    labels: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Matrices(ReadInput):
    """The selected matrices; ``involvements`` are the letters in use, ``labels`` names every IRI in them."""

    as_of: date
    involvements: tuple[Involvement, ...]
    matrices: tuple[Matrix, ...]
    labels: Mapping[str, Text]
