"""Duties: every obligation on every subject in its situation, with its holder, its counterparties and the day it is due.

They are computed by the queries in ``ontology/responsibility/``; whether a duty is met follows from the derivation rules, as
in `graphsc validate`. Duties are never stored: one node for each would be many times the graph.

Findings and duties as triples can be used by a question in SPARQL. The next day of a duty takes date arithmetic, and a finding the validation of every rule: both are beyond SPARQL 1.1. They are
added only for questions that need them, since each is a node of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pyoxigraph as ox

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import RDF_TYPE, ROOT, SHACL, XSD_DATE, G
from graphsc.duties.facts import Event, Evidence, Owed, owed, pairs, role_keepers, rows, values
from graphsc.graph.dataset import Dataset, plain
from graphsc.validation import Report, Rule, selected
from graphsc.validation.findings import Acceptance, Actor, Finding
from graphsc.validation.people import People


class State(StrEnum):
    """The state of a duty on the evaluation date, the most pressing first."""

    OVERDUE = "overdue"
    OPEN = "open"
    STATED = "stated"
    WAIVED = "waived"
    MET = "met"
    NOT_RECORDED = "not recorded"

    @property
    def rank(self) -> int:
        """0 for what is most pressing."""
        return list(State).index(self)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of a holder to provide a kind of evidence about a subject."""

    rule: str  #: The code of the rule that it follows from.
    subject: str  #: What it is owed about, as an IRI.
    kind: str  #: The kind of evidence that is owed, as the IRI of an activity, a clause or a role.
    holder: Actor  #: Who owes it.
    #: met: evidence is recorded; open: it is not, or an event has made it due again, and the day has not passed or none is
    #: given; overdue: the day has passed; stated: somebody answered that it is done or not needed; waived: not met, and accepted; not recorded: the register is not kept, so nobody
    #: can tell.
    state: State
    #: The next day by which something must be there, in the past when it is overdue; null where no day is given or nothing
    #: remains to be done.
    due: date | None = None
    value: str | None = None  #: What tells several of one rule on one subject apart, such as an agreed control.
    #: The other parties of the agreement, to whom or about whom it is owed: a subcontract may serve several customers.
    counterparties: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()  #: The agreements that it comes under.
    satisfied_by: tuple[Evidence, ...] = ()  #: What is recorded that meets it, newest first.
    latest: Evidence | None = None  #: The newest that is recorded, also where it no longer counts.
    event: Event | None = None  #: What has happened since that makes it due again.
    statements: tuple[str, ...] = ()  #: The guide's statements behind it.
    register: str | None = None  #: The register that must be kept before absence says something, as an IRI.
    waived: Acceptance | None = None  #: The waiver in force.
    finding: str | None = None  #: The fingerprint of the finding that `graphsc validate` makes of it.
    #: Whether a register of roles is kept; where it is not, a holder without a person is not recorded rather than nobody.
    roles_kept: bool = True

    @property
    def order(self) -> tuple[object, ...]:
        """A sort key: the most pressing state first, then by day (duties without one last), rule, subject and holder."""
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
    """Every duty of a derived and validated dataset, most pressing first; one for each holder.

    Rules that the settings leave out have no duties. Duties in other states than ``states`` are left out, and also duties
    that are met and not due again by ``until``.
    """
    people = People(dataset)
    by_iri = {rule.iri: rule for rule in rules.values() if selected(rule.code, settings)}
    unmet = {(f.code, f.subject, f.value): f for f in report.findings if f.group is None and not f.late}
    unkept, keepers = frozenset(pairs(dataset, "unkept")), role_keepers(dataset)
    beyond = max(until, settings.as_of) if State.MET in states else settings.as_of
    wanted: list[tuple[Owed, Rule, State, Finding | None]] = []
    for item in owed(dataset, settings, recorded=State.NOT_RECORDED not in states, beyond=beyond):
        rule = by_iri.get(item.rule)
        if rule is None:
            continue
        judged = item.value is not None or bool(rule.evidence)  # no rule judges the due date of an open matter
        finding = unmet.get((rule.code, item.subject, item.value)) if judged else None
        state = _state(
            item,
            finding,
            settings.as_of,
            kept=unkept.isdisjoint((item.subject, register) for register in rule.registers),
        )
        if state in states and (state is not State.MET or (item.when.due or date.max) <= until):
            wanted.append((item, rule, state, finding))
    agreements, parties = _surroundings(dataset, {item.subject for item, *_ in wanted})
    result: list[Duty] = []
    for item, rule, state, finding in wanted:
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
    """The duties that are overdue or fall due by a day, also met ones that must be renewed by then; the oldest first."""
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
    if finding is not None and finding.stated:
        return State.STATED
    return State.OVERDUE if owed.when.due is not None and owed.when.due < as_of else State.OPEN


def _surroundings(
    dataset: Dataset, subjects: Collection[str]
) -> tuple[dict[str, set[str]], dict[str, set[tuple[str, str]]]]:
    """The agreements of each subject, and the customers and suppliers of these."""
    agreements: dict[str, set[str]] = {}
    parties: dict[str, set[tuple[str, str]]] = {}
    for row in rows(dataset, "agreements", values("?subject", {(subject,) for subject in subjects})):
        agreements.setdefault(plain(row["subject"]), set()).add(plain(row["agreement"]))
        if "customer" in row:
            parties.setdefault(plain(row["subject"]), set()).add((plain(row["customer"]), plain(row["supplier"])))
    return agreements, parties


def _counterparties(holder: str | None, parties: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The customers, to whom a supplier owes the duty; for a duty of the customer the suppliers."""
    return tuple(sorted({supplier if holder == customer else customer for customer, supplier in parties}))


def finding_triples(report: Report, rules: Mapping[str, Rule]) -> Iterator[ox.Triple]:
    """The findings as SHACL's validation results: focus node, value, severity, rule, and the waiver or register, if any."""
    for finding in report.findings:
        node = ox.NamedNode(f"urn:graphsc:finding:{finding.fingerprint}")
        yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(SHACL + "ValidationResult"))
        yield from _link(node, SHACL + "focusNode", finding.focus or finding.subject)
        if finding.value is not None:
            yield from _link(node, SHACL + "value", finding.value)
        yield from _link(node, SHACL + "resultSeverity", finding.severity.shacl)
        yield from _link(node, G + "ofRule", rules[finding.code].iri)
        yield from _link(node, G + "acceptedBy", finding.waived.waiver if finding.waived else None)
        yield from _link(node, G + "notRecorded", finding.group)


def duty_triples(owed: Iterable[Duty], rules: Mapping[str, Rule]) -> Iterator[ox.Triple]:
    """The duties with their rule, subject, bearer, state and, where they have one, day."""
    for duty in owed:
        parts = (duty.rule, duty.subject, duty.value, duty.kind, duty.holder.organisation, duty.holder.person, duty.due)
        key = hashlib.sha256("\n".join(str(part or "") for part in parts).encode()).hexdigest()[:16]
        node = ox.NamedNode(f"urn:graphsc:duty:{key}")
        yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + "Duty"))
        yield from _link(node, G + "ofRule", rules[duty.rule].iri)
        yield from _link(node, G + "about", duty.subject)
        yield from _link(node, G + "bearer", duty.holder.organisation)
        yield from _link(node, G + "bearingRole", duty.holder.role)
        yield from _link(node, G + "bearingPerson", duty.holder.person)
        yield from _link(node, G + "dutyState", f"{ROOT}duty-state/{duty.state.value.replace(' ', '-')}")
        if duty.due is not None:
            day = ox.Literal(duty.due.isoformat(), datatype=ox.NamedNode(XSD_DATE))
            yield ox.Triple(node, ox.NamedNode(G + "dueBy"), day)


def _link(node: ox.NamedNode, predicate: str, value: str | None) -> Iterator[ox.Triple]:
    """A triple with an IRI, or with a literal for a value that is no IRI; none for None."""
    if value is None:
        return
    try:
        term: ox.NamedNode | ox.Literal = ox.NamedNode(value)
    except ValueError:
        term = ox.Literal(value)
    yield ox.Triple(node, ox.NamedNode(predicate), term)
