"""Checks: the outcome of each rule on each thing that it judges, and the facts that must be recorded before it can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from graphsc.core.contract import HIDDEN, told
from graphsc.core.resources import knowledge_text
from graphsc.core.vocabulary import SHACL, STATEMENT, G
from graphsc.duties.facts import Evidence, pairs
from graphsc.graph.dataset import Dataset, plain
from graphsc.sparql.patterns import certain
from graphsc.sparql.reading import read
from graphsc.sparql.serialising import text
from graphsc.sparql.syntax import (
    Bind,
    Exists,
    Filter,
    Group,
    Minus,
    Named,
    Optional,
    Part,
    Projected,
    Select,
    Triple,
    Union,
    Var,
    nodes,
    variables,
)
from graphsc.validation import Report, Rule
from graphsc.validation.engine import counts, focus_nodes
from graphsc.validation.findings import Finding, Severity
from graphsc.validation.shapes import Shape, compile_shapes

_THIS = Var("this")


def judged_on_facts(dataset: Dataset, shape: Shape) -> set[str] | None:
    """The focus nodes that have all premises of a shape's query; None for a shape without such a query.

    At other nodes there is no finding because there is nothing to judge: no approval that could have lapsed.
    """
    own = compile_shapes(dataset).uses(shape, dataset.own.nodes)  # without its FILTER it may never end
    query = None if shape.query is None or own else _premises(shape.query)
    return None if query is None else {plain(row["this"]) for row in dataset.rows(query)}


def with_facts(dataset: Dataset, report: Report) -> Report:
    """The report in which the focus nodes of a rule are only those with its premises."""
    compiled = compile_shapes(dataset)
    shapes = {
        shape.code: shape
        for shape in compiled.shapes
        if not shape.late and shape.query is not None and not compiled.uses(shape, dataset.own.nodes)
    }
    premises = {
        outcome.code: query
        for outcome in report.rules
        if outcome.focus and outcome.code in shapes
        if (query := _premises(shapes[outcome.code].query or "")) is not None
    }
    recorded = counts(dataset, premises)
    return replace(
        report,
        rules=tuple(
            replace(outcome, focus=max(outcome.failed, min(outcome.focus, recorded.get(outcome.code, outcome.focus))))
            for outcome in report.rules
        ),
    )


@lru_cache(maxsize=512)
def _premises(query: str) -> str | None:
    """The query of a rule without FILTER, MINUS and OPTIONAL; None where these cannot be told from the rest."""
    try:
        select = read(query)
    except ValueError:  # a rule of an organisation, in a form that is not parsed here
        return None
    if not isinstance(select, Select) or select.aggregates:
        return None
    used = set[str]().union(*(variables(node) for node in nodes(select.where) if isinstance(node, Triple)))
    where = Group(tuple(_required(select.where, used)))
    return text(Select((Projected(_THIS),), where, "DISTINCT")) if _THIS.name in certain(where) else None


def _required(group: Group, used: set[str]) -> Iterator[Part]:
    """The parts of a pattern that must match; BIND only where a triple uses its variable."""
    for part in group.parts:
        match part:
            case Filter(Exists(_, True)):
                yield part
            case Filter() | Minus() | Optional():
                pass
            case Bind(_, variable):
                if variable.name in used:
                    yield part
            case Group():
                yield Group(tuple(_required(part, used)))
            case Union(groups):
                yield Union(tuple(Group(tuple(_required(inner, used))) for inner in groups))
            case Named(_, inner):
                yield replace(part, group=Group(tuple(_required(inner, used))))
            case _:
                yield part


_LATE = SHACL + "NotConstraintComponent"


class Checked(StrEnum):
    """The outcome of a rule on one thing."""

    BROKEN = "broken"
    NOT_RECORDED = "not recorded"
    STATED = "stated"
    WAIVED = "waived"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule on one thing.

    ``statements`` are the ids of its statements of the guide; ``agreements`` (the root agreements of the subject) and
    ``organisation`` (the one that answers for a subject without any) are IRIs. ``records`` are the evidence that meets a duty.
    """

    rule: str  #: The code of the rule.
    subject: str  #: What was looked at, as an IRI.
    outcome: Checked  #: How it stands.
    statements: tuple[str, ...] = field(metadata=HIDDEN)
    agreements: tuple[str, ...] = field(default=(), metadata=HIDDEN)
    organisation: str | None = field(default=None, metadata=HIDDEN)
    records: tuple[Evidence, ...] = field(default=(), metadata=HIDDEN)
    finding: str | None = None  #: The fingerprint of the finding, where there is one.

    @property
    @told
    def evidence(self) -> tuple[str, ...]:
        """The records that meet it, as IRIs."""
        return tuple(sorted({record.iri for record in self.records}))

    @property
    def order(self) -> tuple[int, str, str]:
        """A sort key: by outcome, broken first, then by rule and subject."""
        return (list(Checked).index(self.outcome), self.rule, self.subject)


def checks(
    dataset: Dataset,
    report: Report,
    rules: Mapping[str, Rule],
    evidence: Mapping[tuple[str, str], tuple[Evidence, ...]],
) -> Iterator[Check]:
    """Every rule that was judged in the report, on everything that it had to judge.

    Rules that only give notes are left out, since a note is no judgement, and so are rules on how records are written, which
    show nothing of what the guide asks. The statements that a register serves are "not recorded" where it is not kept.
    ``evidence`` has the records that meet an obligation, by code and subject.
    """
    judged = {outcome.code for outcome in report.rules if _judges(rules[outcome.code])}
    shapes = [shape for shape in compile_shapes(dataset).shapes if shape.code in judged and not shape.late]
    focus = focus_nodes(dataset, shapes)
    wrong = _wrong(report)
    related = {local: set(pairs(dataset, local)) for local in ("unkept", "fulfils", "keeper", "keepsRegister")}
    agreements, organisations = _columns(dataset)
    for shape in shapes:
        subjects = map(plain, focus.get(shape.iri, ()))
        if shape.plan is None:  # judged by another engine, which gives only violations
            subjects = map(str, {subject for code, subject in wrong if code == shape.code})
        recorded = judged_on_facts(dataset, shape)
        for subject in sorted(subjects):
            match = wrong.get((shape.code, subject), [])
            facts = (subject, shape.obligation or "") in related["fulfils"] if recorded is None else subject in recorded
            registers = rules[shape.code].registers
            unkept = not related["unkept"].isdisjoint((subject, register) for register in registers)
            several = len(registers) > 1  # a record in one of them tells nothing of the others
            outcome = _outcome(match, facts=facts and not several, unkept=unkept)
            if recorded is not None and outcome is Checked.MET and not facts:
                continue
            check = Check(
                rule=shape.code,
                subject=subject,
                statements=rules[shape.code].statements,
                outcome=outcome,
                agreements=agreements.get(subject, ()),
                organisation=organisations.get(subject),
                records=evidence.get((shape.code, subject), ()),
                finding=_gravest(match),
            )
            without_register = {
                keeper
                for keeper in check.agreements
                if (subject, keeper) in related["keeper"]
                and not related["keepsRegister"].issuperset((keeper, register) for register in registers)
            }
            yield from _by_agreement(check, match, without_register, is_recorded=facts and recorded is None)
    for finding in report.findings:
        if finding.group is not None:
            yield from _not_kept(dataset, finding, agreements, organisations)


def _by_agreement(
    check: Check, findings: list[Finding], without_register: set[str], *, is_recorded: bool
) -> Iterator[Check]:
    """A check of a thing with several agreements, parted by outcome.

    A finding that names one of the agreements is about that one. The register of one agreement tells nothing of those
    ``without_register``, unless the fact ``is_recorded`` of the thing itself.
    """
    if len(check.agreements) < 2:
        yield check
        return
    by_outcome: dict[tuple[Checked, str | None], list[str]] = defaultdict(list)
    for agreement in check.agreements:
        here = [finding for finding in findings if finding.value == agreement or finding.value not in check.agreements]
        outcome = check.outcome if here == findings else _outcome(here, facts=is_recorded, unkept=False)
        if outcome is Checked.MET and agreement in without_register and not is_recorded:
            outcome = Checked.NOT_RECORDED
        by_outcome[outcome, _gravest(here)].append(agreement)
    for (outcome, finding), agreements in by_outcome.items():
        yield replace(check, outcome=outcome, agreements=tuple(agreements), finding=finding)


def _gravest(findings: list[Finding]) -> str | None:
    """The fingerprint of the finding that tells the outcome."""
    return min(((list(Checked).index(_of(finding)), finding.fingerprint) for finding in findings), default=(0, None))[1]


def _judges(rule: Rule) -> bool:
    return rule.severity is not Severity.NOTE and not rule.grouped and not rule.of_records


def _not_kept(
    dataset: Dataset, finding: Finding, agreements: Mapping[str, tuple[str, ...]], organisations: Mapping[str, str]
) -> Iterator[Check]:
    """The checks that a register would allow, for everything where it is not kept."""
    statements = dataset.values(finding.group or "", G + "statement")
    served = tuple(sorted(statement.removeprefix(STATEMENT) for statement in statements))
    for subject in finding.consequences:
        yield Check(
            rule=finding.code,
            subject=subject,
            outcome=Checked.NOT_RECORDED if finding.waived is None else Checked.WAIVED,
            statements=served,
            agreements=agreements.get(subject, ()),
            organisation=organisations.get(subject),
            finding=finding.fingerprint,
        )


def _outcome(findings: list[Finding], *, facts: bool, unkept: bool) -> Checked:
    """The outcome of a rule; ``facts`` says that what it asks for is recorded, whether or not its register is kept."""
    if findings:
        return min((_of(finding) for finding in findings), key=list(Checked).index)
    return Checked.NOT_RECORDED if unkept and not facts else Checked.MET


def _of(finding: Finding) -> Checked:
    """The outcome that a finding tells: a question that is open says that something is not recorded."""
    if finding.waived is not None:
        return Checked.WAIVED
    if finding.stated:
        return Checked.STATED
    return Checked.NOT_RECORDED if finding.severity is Severity.QUESTION else Checked.BROKEN


def _wrong(report: Report) -> dict[tuple[str, str], list[Finding]]:
    """The findings by rule and focus node, without those on evidence that came late."""
    findings: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.component != _LATE and finding.group is None:
            findings[finding.code, finding.focus].append(finding)
    return findings


def _columns(dataset: Dataset) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The root agreements of each subject, and the organisation that answers for it."""
    agreements: dict[str, set[str]] = defaultdict(set)
    organisations: dict[str, set[str]] = defaultdict(set)
    for row in dataset.select(knowledge_text("ontology/coverage/subjects.rq")):
        by_subject, name = (agreements, "agreement") if "agreement" in row else (organisations, "organisation")
        by_subject[plain(row["subject"])].add(plain(row[name]))
    return (
        {subject: tuple(sorted(iris)) for subject, iris in agreements.items()},
        {subject: min(iris) for subject, iris in organisations.items()},
    )
