"""Gaps in responsibility: nobody holds it, one person is on both sides, or has too much; and what a person who leaves hands over.

A gap that a rule finds too has the code of the rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from graphsc.core.contract import HIDDEN, INLINE
from graphsc.core.vocabulary import ROOT, SCHEME, SKOS_IN_SCHEME
from graphsc.duties.duties import Duty, State
from graphsc.duties.facts import day_of, pairs, rows
from graphsc.graph.dataset import Dataset, is_true, plain
from graphsc.validation.people import People

_GAP = ROOT + "gap/"
NO_HOLDER, UNFILLED = _GAP + "no-holder", _GAP + "unfilled"
AGREEMENTS, ROLES, DUTIES = _GAP + "many-agreements", _GAP + "many-roles", _GAP + "many-duties"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role that a person holds or held."""

    iri: str  #: The assignment.
    person: str  #: The person, as an IRI.
    role: str  #: The role, as an IRI.
    organisation: str | None  #: Where, as an IRI.
    scope: str | None  #: What for, as an IRI; null where that is not recorded.
    until: date | None  #: The last day; null where none is recorded.
    ended: bool = field(metadata=HIDDEN)  # whether what it is for has ended
    agreement: bool = field(metadata=HIDDEN)  # whether it is for an agreement

    def in_force(self, as_of: date) -> bool:
        """Whether its last day has not passed."""
        return self.until is None or self.until >= as_of


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap in responsibility."""

    kind: str  #: The kind of gap, as the IRI of a concept of the gap scheme.
    organisation: str | None = None  #: Where the gap is, as an IRI.
    role: str | None = None  #: The role that nobody fills, or that duties without a holder fall to.
    person: str | None = None  #: Who is on both sides or has too much.
    other: str | None = None  #: The organisation on the other side.
    subjects: tuple[str, ...] = ()  #: What it is about: agreements, records or roles.
    duties: int = 0  #: How many duties it touches.
    rules: tuple[str, ...] = ()  #: The codes of the findings that say it too.
    last: Assignment | None = None  #: How an unfilled role was last held.
    count: int | None = None  #: How much the person has.
    most: int | None = None  #: How much one person should have at the most.


def assignments(dataset: Dataset) -> list[Assignment]:
    """Every role assignment, one for each scope, in the order of their IRIs."""
    result = {
        Assignment(
            iri=plain(row["assignment"]),
            person=plain(row["person"]),
            role=plain(row["role"]),
            organisation=plain(row.get("organisation")) or None,
            scope=plain(row.get("scope")) or None,
            until=day_of(row, "until"),
            ended=is_true(row.get("ended")),
            agreement=is_true(row.get("agreement")),
        )
        for row in rows(dataset, "assignments")
    }
    return sorted(
        result,
        key=lambda assignment: (
            assignment.iri,
            assignment.scope or "",
            assignment.role,
            assignment.person,
            assignment.organisation or "",
        ),
    )


def gaps(dataset: Dataset, duties: Sequence[Duty], as_of: date, most: Mapping[str, int] | None = None) -> list[Gap]:
    """The gaps of a dataset, in the order of their kinds.

    ``duties`` are all duties of the dataset; ``most`` has the most that one person may have, by the IRI of the kind, in
    place of the numbers of the ontology.
    """
    held = assignments(dataset)
    limits = {plain(row["gap"]): int(plain(row["most"])) for row in rows(dataset, "most")} | dict(most or {})
    result = [
        *_no_holder(duties),
        *_unfilled(dataset, duties, held, as_of),
        *_both_sides(dataset),
        *_loads(duties, [assignment for assignment in held if assignment.in_force(as_of)], limits),
    ]
    places = {kind: int(place) for kind, place in pairs(dataset, "order") if kind.startswith(_GAP)}
    return sorted(
        result,
        key=lambda gap: (
            places.get(gap.kind, len(places) + 1),
            not gap.rules,
            -(gap.count or 0),
            gap.organisation or "",
            gap.role or "",
            gap.person or "",
            gap.subjects,
        ),
    )


def _no_holder(duties: Iterable[Duty]) -> list[Gap]:
    by_rule: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        if duty.holder.organisation is None:
            by_rule[duty.rule].append(duty)
    return [
        Gap(
            NO_HOLDER,
            role=owed[0].holder.role,
            subjects=tuple(sorted({duty.subject for duty in owed})),
            duties=len(owed),
            rules=(rule,),
        )
        for rule, owed in sorted(by_rule.items())
    ]


def _unfilled(dataset: Dataset, duties: Iterable[Duty], held: Sequence[Assignment], as_of: date) -> list[Gap]:
    """The roles that duties fall to and nobody holds, where a register of roles is kept."""
    roles = dataset.subjects(SKOS_IN_SCHEME, SCHEME + "role")
    waiting: dict[tuple[str, str], list[Duty]] = defaultdict(list)
    missing: dict[tuple[str, str], list[Duty]] = defaultdict(list)
    for duty in duties:
        organisation, role = duty.holder.organisation, duty.holder.role
        if organisation is None:
            continue
        if duty.kind in roles and duty.state in {State.OVERDUE, State.OPEN, State.WAIVED}:
            missing[organisation, duty.kind].append(duty)
        if role is not None and duty.holder.person is None and duty.roles_kept:
            waiting[organisation, role].append(duty)
    result: list[Gap] = []
    people = People(dataset)
    for organisation, role in sorted({*waiting, *missing}):
        unheld, unmet = waiting[organisation, role], missing[organisation, role]
        about = {subject for duty in unheld for subject in duty.agreements or (duty.subject,)}
        subjects = tuple(sorted(about | {duty.subject for duty in unmet}))
        last = [
            assignment
            for assignment in held
            if (assignment.organisation, assignment.role) == (organisation, role)
            and not assignment.in_force(as_of)
            and not assignment.ended
            and (assignment.scope is None or not people.nearest(role, assignment.scope, organisation))
        ]
        result.append(
            Gap(
                UNFILLED,
                organisation,
                role,
                subjects=subjects,
                duties=len(unheld),
                rules=tuple(sorted({duty.rule for duty in unmet})),
                last=max(last, key=lambda assignment: (assignment.until or date.min, assignment.iri), default=None),
            )
        )
    return result


def _both_sides(dataset: Dataset) -> list[Gap]:
    merged: dict[tuple[str, str, str | None, str | None], set[str]] = defaultdict(set)
    for row in rows(dataset, "both-sides"):
        organisation, other = (plain(row.get(name)) or None for name in ("organisation", "other"))
        merged[plain(row["gap"]), plain(row["person"]), organisation, other].add(plain(row["subject"]))
    return [
        Gap(kind, organisation, person=person, other=other, subjects=tuple(sorted(subjects)))
        for (kind, person, organisation, other), subjects in sorted(merged.items(), key=str)
    ]


def _loads(duties: Iterable[Duty], held: Sequence[Assignment], limits: Mapping[str, int]) -> list[Gap]:
    """The people with more agreements, roles, or duties that are or will be due, than one person should have."""
    loads: dict[str, dict[str, set[str]]] = {kind: defaultdict(set) for kind in (AGREEMENTS, ROLES, DUTIES)}
    for assignment in held:
        loads[ROLES][assignment.person].add(assignment.role)
        if assignment.scope is not None and assignment.agreement:
            loads[AGREEMENTS][assignment.person].add(assignment.scope)
    for duty in duties:
        if duty.holder.person is not None and (duty.due is not None or duty.state in {State.OVERDUE, State.OPEN}):
            loads[DUTIES][duty.holder.person].add(repr(duty.order))
    return [
        Gap(
            kind,
            person=person,
            subjects=tuple(sorted(things)) if kind != DUTIES else (),
            count=len(things),
            most=limits[kind],
        )
        for kind, by_person in loads.items()
        for person, things in sorted(by_person.items())
        if kind in limits and len(things) > limits[kind]
    ]


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
    """A duty that falls to the person."""

    duty: Duty = field(metadata=INLINE)
    passes_to: str | None  #: Who holds the role then; null for nobody.


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """The roles and duties that a person leaves behind."""

    person: str  #: Who, as an IRI.
    roles: tuple[LeftRole, ...]  #: The roles that the person holds on that day.
    duties: tuple[LeftDuty, ...]  #: The duties that fall to the person, most pressing first.

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
