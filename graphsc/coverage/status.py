"""The state of each recommendation for each agreement, also as triples and with the names of the nodes for renderings.

A rule that cites a statement of a recommendation judges that recommendation on everything that it checks. The outcomes are
those of `graphsc validate`: "met" means that no rule is broken by what is recorded.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pyoxigraph as ox

from graphsc.core.contract import HIDDEN, told
from graphsc.core.problems import Location
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, ROOT, STATEMENT, G
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.statements import Recommendation, Statement
from graphsc.duties.facts import Evidence
from graphsc.graph.dataset import Dataset, plain
from graphsc.validation import Rule
from graphsc.validation.findings import ReadInput


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that a recommendation does not apply."""

    iri: str  #: The decision.
    recommendation: str  #: The id of the recommendation.
    concerns: str  #: The agreement or organisation, as an IRI.
    reason: str  #: Why.
    approver: str  #: Who decided, as an IRI.
    day: date | None  #: When.


def decisions(dataset: Dataset) -> dict[tuple[str, str], Decision]:
    """The decisions by recommendation and by the agreement or organisation they concern; of several the latest.

    A decision without a reason or an approver does not count; a rule finds it.
    """
    result: dict[tuple[str, str], Decision] = {}
    rows = dataset.select(knowledge_text("ontology/coverage/decisions.rq"))
    for row in sorted(rows, key=lambda row: (plain(row.get("date")), plain(row["decision"]))):
        day = plain(row.get("date"))
        decision = Decision(
            iri=plain(row["decision"]),
            recommendation=plain(row["recommendation"]).removeprefix(STATEMENT),
            concerns=plain(row["concerns"]),
            reason=plain(row["reason"]),
            approver=plain(row["approver"]),
            day=date.fromisoformat(day) if day else None,
        )
        result[decision.recommendation, decision.concerns] = decision
    return result


class State(StrEnum):
    """The state of a recommendation for an agreement, the most pressing first."""

    NOT_MET = "not met"
    NOT_RECORDED = "not recorded"
    NOT_CHECKED = "not checked"
    STATED = "stated"
    WAIVED = "waived"
    MET = "met"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Cell:
    """One recommendation for one agreement, or for an organisation as a whole."""

    recommendation: str  #: The id of the recommendation.
    agreement: str | None  #: The root agreement, as an IRI; null where it is about an organisation, or about neither.
    organisation: str | None  #: The organisation, where it is not about one agreement, as an IRI.
    state: State  #: How it stands; met means that what is recorded breaks no rule.
    checks: tuple[Check, ...] = ()  #: What was looked at, what is wrong first.
    not_judged: tuple[str, ...] = ()  #: The rules that were left out, or that need a limit that is not set.
    reason: Text | None = None  #: Why nothing was checked, where nothing was.
    decision: Decision | None = None  #: Who decided that it does not apply; null where nobody did.

    @property
    @told
    def numerator(self) -> int:
        """How many of the checks are in order, as recorded."""
        return sum(1 for check in self.checks if check.outcome is Checked.MET)

    @property
    @told
    def denominator(self) -> int:
        """How many checks there are; what is not recorded is among them."""
        return len(self.checks)

    @property
    @told
    def evidence(self) -> tuple[str, ...]:
        """The records that meet its duties, as IRIs."""
        return tuple(sorted({iri for check in self.checks for iri in check.evidence}))

    @property
    @told
    def records(self) -> tuple[Evidence, ...]:
        """The same records with who did it and when, newest first."""
        return newest(self.checks)

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes of the rules that are broken."""
        return tuple(sorted({check.rule for check in self.checks if check.outcome is Checked.BROKEN}))


def newest(checks: Iterable[Check]) -> tuple[Evidence, ...]:
    """The distinct records of some checks, newest first."""
    records = {record for check in checks for record in check.records}
    ordered = sorted(records, key=lambda record: (record.iri, record.until or date.max))
    return tuple(sorted(ordered, key=lambda record: record.day or date.min, reverse=True))


_ORGANISATION = Text("gælder organisationen, ikke den enkelte aftale", "concerns the organisation, not one agreement")
_ALONE = Text("ingen løbende aftale omfatter det", "no active agreement includes it")
_NO_SITUATION = Text(
    "ingen af de situationer, hvor reglerne kan give en overtrædelse eller et spørgsmål, er registreret",
    "none of the situations in which the rules can give a breach or a question is recorded",
)
_NO_RULE = Text("ingen regel kontrollerer det", "no rule checks it")
_LEFT_OUT = Text(
    "reglerne er valgt fra, eller der er ikke sat en grænse", "the rules were left out, or no limit has been set"
)


def cells(
    recommendations: Sequence[Recommendation],
    citing: Mapping[str, Iterable[str]],
    checks: Iterable[Check],
    judged: frozenset[str],
    agreements: Sequence[str],
    decisions: Mapping[tuple[str, str], Decision],
) -> list[Cell]:
    """Every recommendation for every agreement, then for each organisation, then for checks that belong to neither.

    ``citing`` has the codes of the rules that cite a statement, ``judged`` the codes of the rules that were run; ``decisions``
    are by recommendation and by agreement or organisation.
    """
    by_statement: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        for statement in check.statements:
            by_statement[statement].append(check)
    result: list[Cell] = []
    for recommendation in recommendations:
        codes = sorted({code for statement in recommendation.statements for code in citing.get(statement, ())})
        not_judged = tuple(code for code in codes if code not in judged)
        of_agreement: dict[str, list[Check]] = defaultdict(list)
        of_organisation: dict[str | None, list[Check]] = defaultdict(list)
        for check in dict.fromkeys(
            c for statement in recommendation.statements for c in by_statement.get(statement, ())
        ):
            for root in check.agreements:
                of_agreement[root].append(check)
            if not check.agreements:
                of_organisation[check.organisation].append(check)
        for name, concerned in decisions:
            if name == recommendation.id and concerned not in agreements:
                of_organisation.setdefault(concerned, [])
        if not codes:
            nothing = State.NOT_CHECKED, _NO_RULE
        elif len(not_judged) == len(codes):
            nothing = State.NOT_CHECKED, _LEFT_OUT
        else:
            nothing = (
                State.NOT_APPLICABLE,
                _ORGANISATION if any(of_organisation) and not of_agreement else _NO_SITUATION,
            )
        organisations = sorted(of_organisation.items(), key=lambda item: (item[0] is None, item[0] or ""))
        columns: list[tuple[str | None, str | None, list[Check]]] = [
            *((agreement, None, of_agreement.get(agreement, [])) for agreement in agreements),
            *((None, name, checks_) for name, checks_ in organisations),
        ]
        for agreement, organisation, cell_checks in columns:
            column = agreement or organisation
            decision = decisions.get((recommendation.id, column or ""))
            state, reason = _standing(cell_checks, nothing, decision, alone=column is None)
            ordered = tuple(sorted(cell_checks, key=lambda check: check.order))
            result.append(
                Cell(recommendation.id, agreement, organisation, state, ordered, not_judged, reason, decision)
            )
    return result


def _standing(
    checks: Sequence[Check], nothing: tuple[State, Text], decision: Decision | None, *, alone: bool
) -> tuple[State, Text | None]:
    """The state of a cell by its checks or, without any, as ``nothing`` says; a decision overrides it, but not a broken rule.

    Checks that belong to no agreement and no organisation (``alone``) meet no recommendation by themselves.
    """
    state, reason = (_state(checks), None) if checks else nothing
    if state is State.MET and alone:
        return State.NOT_APPLICABLE, _ALONE
    if decision is not None and state not in {State.NOT_MET, State.WAIVED}:
        return State.NOT_APPLICABLE, None
    return state, reason


def _state(checks: Iterable[Check]) -> State:
    """The gravest outcome: with one broken rule the recommendation is not met."""
    outcomes = {check.outcome for check in checks}
    for outcome, state in (
        (Checked.BROKEN, State.NOT_MET),
        (Checked.NOT_RECORDED, State.NOT_RECORDED),
        (Checked.STATED, State.STATED),
        (Checked.WAIVED, State.WAIVED),
    ):
        if outcome in outcomes:
            return state
    return State.MET


def standing_triples(cells: Iterable[Cell], rules: Mapping[str, Rule]) -> Iterator[ox.Triple]:
    """Each recommendation for each agreement or organisation: its state, its counts, its records, and the rules that are broken."""
    for cell in cells:
        place = cell.agreement or cell.organisation or ""
        key = hashlib.sha256(f"{cell.recommendation}\n{place}".encode()).hexdigest()[:16]
        node = ox.NamedNode(f"urn:graphsc:standing:{key}")
        yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + "Standing"))
        yield _link(node, "ofRecommendation", STATEMENT + cell.recommendation)
        if place:
            yield _link(node, "standsFor", place)
        yield _link(node, "state", f"{ROOT}state/{str(cell.state).replace(' ', '-')}")
        yield ox.Triple(node, ox.NamedNode(G + "inOrder"), ox.Literal(cell.numerator))
        yield ox.Triple(node, ox.NamedNode(G + "lookedAt"), ox.Literal(cell.denominator))
        for record in cell.evidence:
            yield _link(node, "onRecord", record)
        for code in cell.rules:
            yield _link(node, "breaks", rules[code].iri)


def _link(node: ox.NamedNode, local: str, value: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(G + local), ox.NamedNode(value))


_ENFORCED = frozenset({"shape", "obligation", "derivation"})


@dataclass(frozen=True, slots=True)
class Coverage(ReadInput):
    """The coverage of the guide.

    ``cells`` are empty where no input was given. ``checks`` are by the code of their rule, ``of_statement`` are the same by
    statement; those of a recommendation are those of all its statements.
    """

    as_of: date  #: The day that the coverage is true of.
    rules: Mapping[str, Rule] = field(metadata=HIDDEN)
    statements: Mapping[str, Statement] = field(metadata=HIDDEN)
    recommendations: tuple[Recommendation, ...] = field(metadata=HIDDEN)
    agreements: tuple[str, ...]  #: The agreements that the recommendations are judged for, as IRIs.
    cells: tuple[Cell, ...] = field(metadata=HIDDEN)
    checks: Mapping[str, tuple[Check, ...]] = field(metadata=HIDDEN)
    of_statement: Mapping[str, tuple[Check, ...]] = field(metadata=HIDDEN)
    treatments: Mapping[str, Text]  #: What each way of treating a statement is called, strongest first.
    labels: Mapping[str, Text]  #: The name of every IRI that is mentioned.
    places: Mapping[str, Location] = field(default_factory=dict)  #: Where each record of evidence is written.

    @property
    def exceptions(self) -> list[Statement]:
        """The statements that could be checked and are not: neither a check, an obligation nor a derivation."""
        return [
            statement
            for statement in self.statements.values()
            if statement.checkable and statement.treatment not in _ENFORCED
        ]

    def checked(self, recommendation: Recommendation) -> int:
        """The number of statements of a recommendation that a rule checks."""
        checked = {name for rule in self.rules.values() if not rule.of_records for name in rule.statements}
        return sum(1 for statement in recommendation.statements if statement in checked)

    def of(self, recommendation: str) -> list[Cell]:
        """The cells of one recommendation: agreements first, then organisations."""
        return [cell for cell in self.cells if cell.recommendation == recommendation]

    def count(self, recommendation: str, state: State) -> int:
        """The number of agreements for which a recommendation is in a state."""
        return sum(1 for cell in self.of(recommendation) if cell.agreement and cell.state is state)


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement: the recommendations that include it, and its state for each agreement; a recommendation with all its statements."""

    statement: Statement
    recommendations: tuple[Recommendation, ...]
    treatments: Mapping[str, Text]
    cells: tuple[Cell, ...]
    labels: Mapping[str, Text]
    places: Mapping[str, Location] = field(default_factory=dict)
