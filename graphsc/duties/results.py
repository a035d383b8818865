"""RACI matrices, and the results that renderings of duties, gaps and matrices show, with the names of the nodes in them.

A RACI matrix has, for each agreement and organisation, the part that each role takes in each task. The tasks and the parts of the roles of annex 4 are data (``ontology/tasks.ttl``); a shipped question adds the facts of the
chain (``queries/responsibility-matrix.rq``). The letters are those of RACI-VS, as notations of the concepts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from graphsc.core.contract import HIDDEN, INLINE
from graphsc.core.periods import Period
from graphsc.core.problems import Location
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.core.vocabulary import SCHEME, SKOS, SKOS_IN_SCHEME, STATEMENT, G
from graphsc.duties.duties import Duty, State
from graphsc.duties.facts import role_keepers
from graphsc.duties.gaps import Gap, LeftBehind
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import Labels
from graphsc.validation import Rule
from graphsc.validation.findings import Actor, Finding, ReadInput
from graphsc.validation.people import People

_NOTATION = SKOS + "notation"
SOON = Period(0, 60)
"""What must be done again, or ends, within this time is to be done, where the filter has no day."""


@dataclass(frozen=True, slots=True)
class Involvement:
    """A sort of part in a task."""

    iri: str  #: The part, as the IRI of a concept.
    #: R performs, A accountable, V assures, S approves, C consulted, I informed; an organisation may add others.
    letter: str
    place: int  #: Its place among the letters.


@dataclass(frozen=True, slots=True)
class Column:
    """A role at an organisation, and who holds it for the subject of the matrix."""

    organisation: str  #: Whose role it is, as an IRI.
    role: str | None  #: A role of annex 4, as an IRI; null for the organisation itself.
    persons: tuple[str, ...]  #: Who holds it, as IRIs.
    #: Whether a register of roles is kept; where it is not, no persons means that it is not recorded, not that it is nobody.
    roles_kept: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One part that one role takes in a task."""

    column: Column  #: The role.
    involvement: Involvement  #: The part.
    statements: tuple[str, ...]  #: The guide's statements that say so.


@dataclass(frozen=True, slots=True)
class Row:
    """A task and who takes part in it."""

    task: str  #: The task, as an IRI.
    cells: tuple[Cell, ...]  #: Who takes which part, in the order of the letters.

    def letters(self, column: Column) -> str:
        """The letters of a column, such as ``RA``; empty for a role without a part."""
        return "".join(cell.involvement.letter for cell in self.cells if cell.column == column)

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements behind the row."""
        return tuple(sorted({statement for cell in self.cells for statement in cell.statements}))


@dataclass(frozen=True, slots=True)
class Matrix:
    """The tasks that come with an agreement, or with being an organisation that outsources."""

    subject: str  #: The agreement, or the organisation that outsources, as an IRI.
    customers: tuple[str, ...]  #: The customer of the agreement, as an IRI; empty for an organisation.
    suppliers: tuple[str, ...]  #: Its supplier, as an IRI; empty for an organisation.
    columns: tuple[Column, ...]  #: The roles that take part: the customer's first.
    rows: tuple[Row, ...]  #: The tasks, in the order of the guide's phases.


def involvements(dataset: Dataset) -> dict[str, Involvement]:
    """The kinds of part in a task, by IRI, in the order of their letters."""
    kinds = (
        Involvement(iri, min(dataset.values(iri, _NOTATION), default=""), _place(dataset, iri))
        for iri in dataset.subjects(SKOS_IN_SCHEME, SCHEME + "involvement")
    )
    return {kind.iri: kind for kind in sorted(kinds, key=lambda kind: (kind.place, kind.iri))}


def matrices(dataset: Dataset, labels: Labels) -> list[Matrix]:
    """The matrix of every organisation that outsources and every running agreement: organisations first, by name."""
    kinds = involvements(dataset)
    people, keepers = People(dataset), role_keepers(dataset)
    merged: dict[str, dict[tuple[str, str, str, str | None], set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in dataset.select(knowledge_text("queries/responsibility-matrix.rq")):
        role = plain(row.get("role")) or None
        key = (plain(row["task"]), plain(row["involvement"]), plain(row["organisation"]), role)
        merged[plain(row["subject"])][key].add(plain(row["statement"]).removeprefix(STATEMENT))
    result = [
        _matrix(dataset, people, kinds, subject, parts, kept=subject in keepers)
        for subject, parts in sorted(merged.items())
    ]
    return sorted(result, key=lambda m: (bool(m.customers), labels[m.subject].da.casefold(), m.subject))


def _matrix(
    dataset: Dataset,
    people: People,
    kinds: dict[str, Involvement],
    subject: str,
    parts: dict[tuple[str, str, str, str | None], set[str]],
    *,
    kept: bool,
) -> Matrix:
    customers, suppliers = (tuple(sorted(dataset.values(subject, G + party))) for party in ("customer", "supplier"))
    columns: dict[tuple[str, str | None], Column] = {}
    tasks: dict[str, list[Cell]] = defaultdict(list)
    for (task, involvement, organisation, role), statements in sorted(parts.items(), key=lambda item: str(item[0])):
        if involvement not in kinds:
            continue
        key = (organisation, role)
        if key not in columns:
            columns[key] = Column(organisation, role, tuple(people.nearest(role, subject, organisation)), kept)
        tasks[task].append(Cell(columns[key], kinds[involvement], tuple(sorted(statements))))

    def order(column: Column) -> tuple[object, ...]:
        inside = column.organisation in {*customers, subject}
        role = column.role or ""
        return (not inside, column.organisation, not role, _place(dataset, role or G), role)

    ordered = tuple(sorted(columns.values(), key=order))
    return Matrix(
        subject,
        customers,
        suppliers,
        ordered,
        tuple(
            Row(task, tuple(sorted(cells, key=lambda cell: (cell.involvement.place, ordered.index(cell.column)))))
            for task, cells in sorted(tasks.items(), key=lambda item: (_place(dataset, item[0]), item[0]))
        ),
    )


def _place(dataset: Dataset, iri: str) -> int:
    number = min(dataset.values(iri, G + "order"), default="")
    return int(number) if number.isdigit() else 10_000


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
        return (
            self._is_of(duty.holder, duty.subject, *duty.agreements)
            and (not self.states or duty.state in self.states)
            and (self.until is None or _is_due_by(duty, self.until))
        )

    def takes_finding(self, finding: Finding) -> bool:
        """Whether the filter lets a finding through: it is to be dealt with at once, and has no state that a duty has."""
        return not self.states and self._is_of(finding.actor, finding.subject, finding.agreement)

    def horizon(self, as_of: date) -> date:
        """The day until which a list looks ahead."""
        return self.until or SOON.after(as_of)

    def _is_of(self, who: Actor, *about: str | None) -> bool:
        return (
            self.holder in {None, who.organisation}
            and self.role in {None, who.role}
            and self.person in {None, who.person}
            and (self.agreement is None or self.agreement in about)
        )


def _is_due_by(duty: Duty, until: date) -> bool:
    match duty.state:
        case State.OVERDUE:
            return True
        case State.OPEN:
            return duty.due is None or duty.due <= until
        case State.MET:
            return duty.due is not None and duty.due <= until
        case State.STATED:
            return False
        case State.WAIVED:
            return duty.waived is not None and duty.waived.until is not None and duty.waived.until <= until
    return True  # not recorded: it may be due


@dataclass(frozen=True, slots=True)
class Duties(ReadInput):
    """The selected duties; ``locate`` gives the location of a subject."""

    as_of: date  #: The day that the duties are true of.
    rules: Mapping[str, Rule] = field(metadata=HIDDEN)
    duties: tuple[Duty, ...]  #: Most pressing first: by state, then by day.
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.
    locate: Callable[[str], Location | None] = field(metadata=HIDDEN)
    asked: DutyFilter = DutyFilter()  #: What the duties were chosen by.
    #: What `graphsc validate` finds besides, which is to be dealt with by the same people; gravest first.
    findings: tuple[Finding, ...] = ()
    #: What an answer or an acceptance closes no longer than a short time ahead, and no duty tells; gravest first.
    ending: tuple[Finding, ...] = ()
    #: The mail address of each person for whom one is recorded, by IRI.
    addresses: Mapping[str, str] = field(default_factory=dict, metadata=HIDDEN)

    @property
    def horizon(self) -> date:
        """The day until which the list looks ahead."""
        return self.asked.horizon(self.as_of)

    def of(self, person: str | None) -> Duties:
        """What lies with a person, as an IRI; for None what lies with nobody."""
        return replace(
            self,
            duties=tuple(duty for duty in self.duties if duty.holder.person == person),
            findings=tuple(finding for finding in self.findings if finding.actor.person == person),
            ending=tuple(finding for finding in self.ending if finding.actor.person == person),
        )

    def count(self, state: State) -> int:
        """How many are in a state."""
        return sum(1 for duty in self.duties if duty.state is state)


@dataclass(frozen=True, slots=True)
class Gaps(ReadInput):
    """The selected gaps."""

    as_of: date  #: The day that the gaps are true of.
    gaps: tuple[Gap, ...]  #: By kind; those that a finding speaks of first.
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.
    unrecorded: int = 0  #: Duties of which it is not recorded who has the role: no register of roles is kept there.


@dataclass(frozen=True, slots=True)
class Handover(ReadInput):
    """What a person leaves behind on a day."""

    on: date  #: The day from which the person is gone.
    left: LeftBehind = field(metadata=INLINE)
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.


@dataclass(frozen=True, slots=True)
class Matrices(ReadInput):
    """The selected matrices."""

    as_of: date  #: The day that the matrices are true of.
    involvements: tuple[Involvement, ...]  #: The parts that one can take in a task, in order.
    matrices: tuple[Matrix, ...]  #: First those of organisations, then those of agreements, by name.
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.
