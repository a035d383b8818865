"""Who owes what, to whom, about what, by when: every obligation on every subject in its situation.

What follows from the facts is asked in SPARQL (``ontology/responsibility/``); whether a duty is met is what the
derivation rules say, the same as `graphsc validate` goes by. Duties are never stored: one node for each would be
many times the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import SHACL
from graphsc.duties.facts import Owed, owed, pairs, role_keepers, rows
from graphsc.duties.timing import Event, Evidence
from graphsc.graph.dataset import Dataset, plain
from graphsc.validation import Report, Rule, selected
from graphsc.validation.findings import Acceptance, Actor, Finding
from graphsc.validation.people import People

_LATE = SHACL + "NotConstraintComponent"


class State(StrEnum):
    """How a duty stands on the evaluation date, in the order a person wants to see it."""

    OVERDUE = "overdue"
    OPEN = "open"
    WAIVED = "waived"
    MET = "met"
    NOT_RECORDED = "not recorded"

    @property
    def rank(self) -> int:
        """0 for what is most pressing."""
        return list(State).index(self)


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: that a holder owes a kind of evidence about a subject, and how that stands.

    ``rule`` is the code of the rule it follows from; ``subject``, ``value`` (which of several of its kind on that
    subject), ``kind``, ``counterparties``, ``agreements`` and the members of ``holder`` are IRIs; ``register`` is the
    one that must be kept before absence says something. ``due``, ``satisfied_by``, ``latest`` and ``event`` are as
    `Timing` has them. ``finding`` is the fingerprint of the finding that says it is not met. ``roles_kept`` says whether a
    register of roles is kept there: only then does a holder without a person mean nobody.
    """

    rule: str
    subject: str
    kind: str
    holder: Actor
    state: State
    due: date | None = None
    value: str | None = None
    counterparties: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    satisfied_by: tuple[Evidence, ...] = ()
    latest: Evidence | None = None
    event: Event | None = None
    statements: tuple[str, ...] = ()
    register: str | None = None
    waived: Acceptance | None = None
    finding: str | None = None
    roles_kept: bool = True

    @property
    def order(self) -> tuple[object, ...]:
        """A sort key: most pressing state first, then by day (what has none last), rule, subject and holder."""
        return (
            self.state.rank,
            self.due or date.max,
            self.rule,
            self.subject,
            self.value or "",
            self.holder.organisation or "",
            self.kind,
        )


def duties(
    dataset: Dataset,
    settings: Settings,
    report: Report,
    rules: Mapping[str, Rule],
    *,
    states: frozenset[State] = frozenset(State),
    until: date = date.max,
) -> list[Duty]:
    """Every duty of a derived and validated dataset, most pressing first; each holder of one has a duty of its own.

    Rules that the settings leave out have no duties. ``states`` are those asked for; duties in others are left out, and
    not worked out where that can be told beforehand, and so are duties that are met and fall due again only after
    ``until``, or never.
    """
    people = People(dataset)
    by_iri = {rule.iri: rule for rule in rules.values() if selected(rule.code, settings)}
    # That evidence came late is a finding of its own, and the duty is met all the same.
    unmet = {(f.code, f.subject, f.value): f for f in report.findings if f.group is None and f.component != _LATE}
    unkept, keepers = frozenset(pairs(dataset, "unkept")), role_keepers(dataset)
    agreements, parties = _surroundings(dataset)
    result: list[Duty] = []
    for item in owed(dataset, settings, recorded=State.NOT_RECORDED not in states):
        rule = by_iri.get(item.rule)
        if rule is None:
            continue
        judged = item.value is not None or bool(rule.evidence)  # an open matter's due date no rule judges
        finding = unmet.get((rule.code, item.subject, item.value)) if judged else None
        state = _state(
            item,
            finding,
            settings.as_of,
            kept=unkept.isdisjoint((item.subject, register) for register in rule.registers),
        )
        if state not in states or (state is State.MET and until < (item.when.due or date.max)):
            continue
        within = agreements.get(item.subject, set())
        person = item.person or people.holder(rule.role, item.subject, item.holder)
        result.append(
            Duty(
                rule=rule.code,
                subject=item.subject,
                kind=item.kind,
                holder=Actor(item.holder, rule.role, person),
                state=state,
                due=item.when.due,
                value=item.value,
                counterparties=_counterparties(item.holder, parties.get(item.subject, ())),
                agreements=tuple(sorted(within)),
                satisfied_by=item.when.satisfied_by if item.met else (),
                latest=item.when.latest,
                event=item.when.event,
                statements=rule.statements,
                register=min(rule.registers, default=None),
                waived=finding.waived if finding else None,
                finding=finding.fingerprint if finding else None,
                roles_kept=not keepers.isdisjoint(within or {item.holder}),
            )
        )
    return sorted(result, key=lambda duty: duty.order)


def coming(duties: Iterable[Duty], today: date, until: date) -> list[Duty]:
    """The duties that are overdue or fall due by a day, the oldest first; what is met, where it must be done again by then."""
    shown = (State.OVERDUE, State.OPEN, State.MET)
    dated = [
        (duty.due, duty)
        for duty in duties
        if duty.state in shown
        and duty.due is not None
        and (duty.due if duty.state is State.OVERDUE else today) <= duty.due <= until
    ]
    return [duty for _, duty in sorted(dated, key=lambda item: (item[0], item[1].order))]


def _state(owed: Owed, finding: Finding | None, as_of: date, *, kept: bool) -> State:
    if owed.met:
        return State.MET if owed.when.event is None else State.OPEN
    if not kept:
        return State.NOT_RECORDED
    if finding is not None and finding.waived is not None:
        return State.WAIVED
    return State.OVERDUE if owed.when.due is not None and owed.when.due < as_of else State.OPEN


def _surroundings(dataset: Dataset) -> tuple[dict[str, set[str]], dict[str, set[tuple[str, str]]]]:
    """The agreements that each subject comes under, and customer and supplier of each."""
    agreements: dict[str, set[str]] = {}
    parties: dict[str, set[tuple[str, str]]] = {}
    for row in rows(dataset, "agreements"):
        agreements.setdefault(plain(row["subject"]), set()).add(plain(row["agreement"]))
        if "customer" in row:
            parties.setdefault(plain(row["subject"]), set()).add((plain(row["customer"]), plain(row["supplier"])))
    return agreements, parties


def _counterparties(holder: str | None, parties: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """To whom it is owed: the customer, and what the customer owes itself, towards the supplier."""
    return tuple(sorted({supplier if holder == customer else customer for customer, supplier in parties}))
