"""The content of a report as values, from which every form of it is rendered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from graphsc.core.document import Section
from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.coverage.statements import Statement
from graphsc.duties.duties import Duty
from graphsc.explanation.evidence import Fact
from graphsc.validation.findings import Finding, Input, RuleOutcome, Severity
from graphsc.validation.rules import Rule


def anchored(text: str) -> str:
    """An id for a page, of characters that are safe everywhere; a code from outside may have others."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda match: f"_{ord(match[0]):x}", text)


class Standing(StrEnum):
    """The verdict as one word."""

    UNKNOWN = "unknown"
    BROKEN = "broken"
    RESERVED = "reserved"
    NOTHING = "nothing"
    UNBROKEN = "unbroken"


class Change(StrEnum):
    """How a finding compares with the earlier report."""

    NEW = "new"
    STILL = "still"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Cover:
    """The subject of the report and its inputs.

    ``statements`` is the number of the guide's that the ontology has. ``party`` is the one it was made for, when it holds that party's chain alone. ``commits`` are those of the repositories
    that the input lies in, each with whether something there was not committed. ``digest`` is one SHA-256 over those of all inputs;
    for a party, over the statements that it is shown.
    """

    authority: Text
    guide: Text
    statements: int
    scope: Text
    as_of: date
    tool: str
    ontology: str
    shapes: str
    commits: tuple[tuple[str, bool], ...]
    inputs: tuple[Input, ...]
    digest: str
    command: str
    classification: str | None = None
    party: Text | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of breaches and questions on a day."""

    day: date
    breaches: int
    questions: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The trend: the same input judged as of earlier days, the latest last, also as a sentence and a ``chart``."""

    days: tuple[Measured, ...]
    sentence: Text
    chart: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first page: how it stands, and three sentences on what is wrong, what depends on it and what must be done."""

    standing: Standing
    title: Text
    sentences: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A finding with what a reader needs to act on it.

    ``due`` is the day by which the duty behind it had to be done; ``facts`` are the evidence and ``triples`` the same as
    the dataset has it; ``references`` are other frameworks' provisions;
    ``unexplained`` says that there are more findings than evidence is shown for; ``change`` says whether it was there before, where that was asked.
    """

    finding: Finding
    who: Text
    due: date | None
    path: tuple[Text, ...]
    consequences: tuple[Text, ...]
    facts: tuple[Fact, ...] = ()
    triples: tuple[str, ...] = ()
    references: tuple[Text, ...] = ()
    unexplained: bool = False
    acceptance: Text | None = None
    change: Change | None = None

    @property
    def anchor(self) -> str:
        """The id of its place in the page."""
        return f"finding-{self.finding.fingerprint}"


@dataclass(frozen=True, slots=True)
class Group:
    """The findings that one role of one organisation must act on, gravest first."""

    anchor: str
    organisation: Text
    role: Text | None
    items: tuple[Item, ...]

    @property
    def who(self) -> Text:
        """The organisation and the role."""
        return Text.joined(Text.same(", "), filter(None, (self.organisation, self.role)))

    def count(self, severity: Severity) -> int:
        """How many are of a severity."""
        return sum(1 for item in self.items if item.finding.severity is severity)

    @property
    def next_due(self) -> date | None:
        """The first day by which something had or has to be done."""
        return min((item.due for item in self.items if item.due is not None), default=None)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was found before and is not any more."""

    code: str
    severity: Severity
    message: Text
    fingerprint: str
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class ChangesSince:
    """What has changed since an earlier report: what it was, and how many findings are new, gone and still there."""

    name: Text
    day: date | None
    partial: bool
    new: int
    still: int
    gone: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule, how it went, and what was asked of the data.

    ``statements`` are those of the guide that it serves, by id; ``query`` is the SELECT that finds its violations, empty where it has none.
    ``whose`` names who did what it is met by, with the latest record of each; empty where no record is asked for.
    """

    rule: Rule
    outcome: RuleOutcome | None
    reason: Text | None
    statements: tuple[tuple[str, Statement | None], ...]
    query: str
    whose: Text = field(default_factory=lambda: Text("", ""))

    @property
    def anchor(self) -> str:
        """The id of its place in the page."""
        return anchored(f"rule-{self.rule.code}")


@dataclass(frozen=True, slots=True)
class Rules:
    """How the rules went: broken, broken only where that is accepted or not recorded, passed, with nothing to judge, not judged.

    Each rule is in one of these; ``partly`` are those of the first two that were not judged everywhere.
    """

    broken: tuple[RuleState, ...]
    excused: tuple[RuleState, ...]
    passed: tuple[RuleState, ...]
    idle: tuple[RuleState, ...]
    unchecked: tuple[RuleState, ...]
    partly: tuple[RuleState, ...]
    prefixes: str

    @property
    def left_out(self) -> int:
        """How many of the rules that are not judged were not asked for: by the settings, or for want of a limit."""
        return sum(1 for state in self.unchecked if state.outcome is None)

    @property
    def all(self) -> tuple[RuleState, ...]:
        """Every rule, by code."""
        states = {
            state.rule.code: state for state in (*self.broken, *self.excused, *self.passed, *self.idle, *self.unchecked)
        }
        return tuple(states[code] for code in sorted(states))


@dataclass(frozen=True, slots=True)
class Link:
    """One party of a chain: at which tier, through whom, and what is known of the link.

    ``path`` leads from the top of the chain to it; ``findings`` are anchors with codes.
    """

    tier: int
    party: Text
    country: Text | None
    path: tuple[Text, ...]
    agreement: Text
    approval: Text
    supervisors: tuple[Text, ...]
    strength: Text
    findings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain behind a service that matters: its picture, in each language, and the parties of it."""

    anchor: str
    title: Text
    sentences: tuple[Text, ...]
    links: tuple[Link, ...]
    picture: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Supplier:
    """A line of the register of suppliers.

    ``delivers`` are the agreements it delivers under and to whom; of a subcontract only whom.
    """

    anchor: str
    name: Text
    number: str
    country: Text
    group: Text | None
    tier: int
    delivers: tuple[tuple[Text | None, Text], ...]
    until: date | None
    findings: int
    strength: Text


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing by language, to stand beside the table that says the same."""

    title: Text
    drawing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report that a measure fills: sections as every rendering of risk has them, and charts."""

    sections: tuple[Section, ...]
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """A duty that falls due soon or is overdue."""

    duty: Duty
    what: Text
    who: Text
    organisation: Text


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole report."""

    cover: Cover
    verdict: Verdict
    trend: Trend | None
    since: ChangesSince | None
    counts: Text
    holdings: Text
    problems: tuple[Problem, ...]
    groups: tuple[Group, ...]
    accepted: tuple[Item, ...]
    expired: tuple[Item, ...]
    unrecorded: tuple[tuple[Text, tuple[Text, ...], tuple[str, ...]], ...]
    rules: Rules
    chains: tuple[Chain, ...]
    more_chains: int
    concentration: Part
    weakest: Part
    coming: tuple[Coming, ...]
    unknown: Text | None
    suppliers: tuple[Supplier, ...]

    @property
    def findings(self) -> int:
        """How many findings there are to act on."""
        return sum(len(group.items) for group in self.groups)
