"""Handover: the roles and duties of a person who leaves, and who can take them over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.duties.duties import Duty
from graphsc.duties.gaps import Assignment, assignments
from graphsc.graph.dataset import Dataset
from graphsc.validation.people import People


@dataclass(frozen=True, slots=True)
class LeftRole:
    """A role that the person holds."""

    role: str  #: The role, as an IRI.
    organisation: str | None  #: Where, as an IRI.
    scopes: tuple[str, ...]  #: What for, as IRIs.
    orphaned: tuple[str, ...]  #: What nobody else holds the role for.
    candidates: tuple[str, ...]  #: Who else holds the role there, as IRIs.


@dataclass(frozen=True, slots=True)
class LeftDuty:
    """A duty that falls to the person, and to whom it passes; None when it is left to nobody."""

    duty: Duty
    passes_to: str | None


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """The roles and duties that a person leaves behind, the most pressing first."""

    person: str
    roles: tuple[LeftRole, ...]
    duties: tuple[LeftDuty, ...]

    @property
    def orphaned(self) -> tuple[LeftDuty, ...]:
        """The duties that pass to nobody."""
        return tuple(duty for duty in self.duties if duty.passes_to is None)


def leaves(dataset: Dataset, duties: Sequence[Duty], person: str, as_of: date) -> LeftBehind:
    """What a person who leaves on the evaluation date leaves behind; ``duties`` are all duties of the dataset."""
    others = People(dataset, without=(person,))
    held: dict[tuple[str, str | None], list[Assignment]] = defaultdict(list)
    for assignment in assignments(dataset):
        if assignment.person == person and assignment.in_force(as_of) and not assignment.ended:
            held[assignment.role, assignment.organisation].append(assignment)
    roles = [
        _role(role, organisation, group, others)
        for (role, organisation), group in sorted(held.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]
    passing = [
        LeftDuty(duty, others.holder(duty.holder.role, duty.subject, duty.holder.organisation))
        for duty in duties
        if duty.holder.person == person
    ]
    return LeftBehind(person, tuple(roles), tuple(passing))


def _role(role: str, organisation: str | None, assignments: Sequence[Assignment], others: People) -> LeftRole:
    scopes = sorted({assignment.scope for assignment in assignments if assignment.scope is not None})
    return LeftRole(
        role,
        organisation,
        tuple(scopes),
        tuple(scope for scope in scopes if not others.nearest(role, scope, organisation)),
        tuple(sorted(others.holders(role, organisation))),
    )
