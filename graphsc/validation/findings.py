"""Findings as values: what every rendering shows and every exit code is computed from."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from graphsc.core.contract import HIDDEN, told
from graphsc.core.problems import Location, Problem
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.core.vocabulary import SHACL
from graphsc.sources.model import Sources

SCHEMA: Literal["graphsc.findings/1"] = "graphsc.findings/1"
"""The name and version of the JSON document of findings, which is also read again."""


_CRITERIA = tomllib.loads(knowledge_text("ontology/gravity.toml"))["criteria"]
_GRAVITY: dict[str, list[str | bool]] = {criterion["of"]: criterion["values"] for criterion in _CRITERIA}
WEIGHTS = tuple(_GRAVITY["weight"])
"""How strongly the guide speaks in a statement, strongest first; empty where no statement is behind a rule."""
_OF_SHACL = ("Violation", "Warning", "Info")
SWITCHED_OFF = Text("slået fra med sh:deactivated", "switched off with sh:deactivated")
"""Why a rule is not judged at all, whatever is recorded."""


class Severity(StrEnum):
    """The three verdicts of a rule, gravest first; in SHACL they are sh:Violation, sh:Warning and sh:Info.

    A breach is shown by what is recorded. A question is asked where the record does not show it, and asserts no absence. A note
    fails no run by default and asks for no answer.
    """

    BREACH = "breach"
    QUESTION = "question"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)

    @property
    def shacl(self) -> str:
        """The IRI of SHACL's severity."""
        return SHACL + _OF_SHACL[self.rank]

    @classmethod
    def of_shacl(cls, iri: str) -> Severity:
        """The verdict of a severity of SHACL; without one, and with one of somebody's own, it is a breach."""
        name = iri.removeprefix(SHACL)
        return list(cls)[_OF_SHACL.index(name)] if name in _OF_SHACL else cls.BREACH


SEVERITIES = {
    Severity.BREACH: (Text("overtrædelse", "breach"), Text("overtrædelser", "breaches")),
    Severity.QUESTION: (Text("spørgsmål", "question"), Text("spørgsmål", "questions")),
    Severity.NOTE: (Text("bemærkning", "note"), Text("bemærkninger", "notes")),
}
"""The noun for findings of each severity, singular and plural."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who should act, or owes it: each an IRI, or null where it is not known."""

    organisation: str | None = None  #: The organisation.
    role: str | None = None  #: The role of annex 4.
    person: str | None = None  #: Who holds the role for the subject today, by a pseudonymous id.


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The waiver under which a finding is accepted, or was until it expired."""

    waiver: str  #: The waiver, as an IRI.
    reason: str  #: Why.
    approver: str | None  #: Who accepted the finding, as an IRI.
    until: date | None  #: Its last day.


class Reply(StrEnum):
    """What an answer says of a statement."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to the statements of the guide behind a finding."""

    iri: str  #: The answer, as an IRI.
    outcome: Reply  #: Whether it is done.
    by: str  #: Who answered, as an IRI.
    day: date  #: When.
    written_in: str | None = None  #: Where it stands.
    reason: str | None = None  #: Why not, or why it is not needed.
    until: date | None = None  #: The last day on which it holds.
    location: Location | None = None  #: Where the answer is written.


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A record that nearly met what is missing."""

    record: str  #: The record, as an IRI.
    text: Text  #: Why it does not count.
    location: Location | None = None  #: Where it is written.


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of a thing in a workbook, and how a cell refers to it; None where its row has neither a name nor an id."""

    location: Location
    called: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one place.

    ``focus``, ``shape``, ``component`` and ``result_path`` are those of the SHACL result, ``bound`` are the values of the
    variables of its message, as IRIs and texts.
    """

    code: str  #: The code of the rule.
    severity: Severity  #: How grave it is.
    message: Text  #: What is wrong.
    remedy: Text  #: What would put it right.
    subject: str  #: What is wrong, as an IRI.
    value: str | None = None  #: IRI or text of the value that is wrong, where the rule names one.
    path: tuple[str, ...] = ()  #: IRIs from the root agreement down to the subject.
    #: IRIs of the customer on top and of each supplier down to the subject's; empty where one is not known.
    parties: tuple[str, ...] = ()
    location: Location | None = None  #: Where the subject is written; null for what is derived.
    related: tuple[Location, ...] = ()  #: Other places worth looking at.
    statements: tuple[str, ...] = ()  #: Ids of the guide's statements behind the rule.
    references: tuple[str, ...] = ()  #: IRIs of other frameworks' provisions.
    actor: Actor = field(default_factory=Actor)  #: Who should act.
    group: str | None = None  #: The register that is not kept; such a finding says that nothing is known.
    #: The agreement on top of the chain that it comes under; null where there is none, or several.
    agreement: str | None = None
    consequences: tuple[str, ...] = ()  #: IRIs of what is wrong because of this.
    waived: Acceptance | None = None  #: The waiver in force that accepts the finding.
    expired: Acceptance | None = None  #: The waiver that accepted it until it expired.
    answer: Answer | None = None  #: The newest answer to the statements behind it; null where nobody answered.
    #: How strongly the guide speaks: must, should or may; empty where no statement is behind the rule.
    weight: str = ""
    shape: str = field(default="", metadata=HIDDEN)
    component: str = field(default="", metadata=HIDDEN)
    result_path: str | None = field(default=None, metadata=HIDDEN)
    focus: str = field(default="", metadata=HIDDEN)
    bound: tuple[tuple[str, str], ...] = field(default=(), metadata=HIDDEN)
    urgent: bool = False  #: Whether society depends on what it is about.
    near_misses: tuple[NearMiss, ...] = ()  #: The records that nearly met what is missing, if they were looked up.
    #: The agreement, signed before judgedFrom, that it is on: it is listed apart and fails no run.
    deferred: str | None = None

    @property
    @told
    def fingerprint(self) -> str:
        """An identifier that survives edits elsewhere in the file: of code, subject and value, without the line.

        A shape that is no rule of the guide may have several constraints on one subject: the constraint is part of it.
        """
        demanded = () if self.statements or not self.component else (self.component, self.result_path or "")
        key = "\n".join((self.code, self.subject, self.value or "", self.severity, *demanded))
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    @told
    def stated(self) -> bool:
        """Whether an answer closes it: somebody says that it is done, and where that stands, or that it is not needed."""
        closing = (Reply.YES, Reply.NOT_NEEDED)
        return self.answer is not None and self.answer.outcome in closing and self.severity is not Severity.BREACH

    @property
    def counts(self) -> bool:
        """Whether it can fail a run: neither waived, answered, deferred, nor about a register that is not kept."""
        return self.waived is None and self.group is None and self.deferred is None and not self.stated

    @property
    def closed_until(self) -> date | None:
        """The last day on which a waiver or an answer closes it; None where neither does, or for good."""
        if self.waived is not None:
            return self.waived.until
        return self.answer.until if self.answer is not None and self.stated else None

    @property
    def late(self) -> bool:
        """Whether it says that an obligation was met after its day."""
        return self.shape.endswith("/late")

    def mentioned(self) -> set[str]:
        """The IRIs that it mentions: subject, value and path, who is concerned and must act, and who accepted it."""
        actor = self.actor
        iris = {actor.organisation, actor.role, actor.person, self.group, self.waived.approver if self.waived else None}
        iris.add(self.answer.by if self.answer else None)
        if self.value is not None and ":" in self.value:
            iris.add(self.value)
        return {self.subject, *self.path, *self.parties, *self.consequences, *filter(None, (*iris, self.agreement))}

    @property
    def gravity(self) -> tuple[int, ...]:
        """A sort key, the gravest first: the place of each of its values in the one order of gravity."""
        return tuple(values.index(getattr(self, name)) for name, values in _GRAVITY.items())

    @property
    def order(self) -> tuple[tuple[int, ...], str, str, str, str]:
        """A sort key: by gravity, then by code, subject and value."""
        return (self.gravity, self.code, self.subject, self.value or "", self.message.en)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """How one rule went."""

    code: str  #: Its code.
    focus: int  #: Nodes of which what the rule looks at is recorded; 0 where there was nothing to check.
    failed: int  #: Those of them that broke it.
    engine: str  #: What judged the rule.
    not_checked: Text | None = None  #: Why it was not judged, or not everywhere; null when it was.


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read, or data at a URL."""

    file: str  #: As the user named it, with / between the parts.
    sha256: str  #: The digest of its bytes, in hexadecimal; empty for data at a URL.


def inputs_of(sources: Sources) -> tuple[Input, ...]:
    """The files of sources, by name."""
    return tuple(sorted((Input(source.file, source.sha256) for source in sources.sources), key=lambda read: read.file))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInput:
    """The input of a result."""

    inputs: tuple[Input, ...]  #: The files that were read.
    problems: tuple[Problem, ...]  #: What could not be read.

    @property
    @told
    def partial(self) -> bool:
        """Whether some input could not be read; what it would have said is then missing."""
        return bool(self.problems)


@dataclass(frozen=True, slots=True)
class Holding:
    """The number of things of one sort in the input, and the noun for them."""

    count: int
    singular: Text
    plural: Text


@dataclass(frozen=True, slots=True)
class Report(ReadInput):
    """One validation: what every output format renders.

    ``holdings`` counts what was read. ``fixed`` counts findings of the baseline that are gone, ``known`` those it still hides.
    ``base`` is the IRI that most ids of the input are relative to; ``running`` counts the agreements that run on the day; None
    where that is not known. ``standing`` leads from what the findings mention to its row, where that is in a workbook.
    """

    as_of: date  #: The day that the findings are true of.
    rules: tuple[RuleOutcome, ...]  #: How each rule went.
    findings: tuple[Finding, ...]  #: Every finding, the waived and the not recorded ones too.
    labels: dict[str, Text]  #: The name of every IRI that is mentioned.
    holdings: tuple[Holding, ...] = field(default=(), metadata=HIDDEN)
    running: int | None = field(default=None, metadata=HIDDEN)
    known: int = field(default=0, metadata=HIDDEN)
    fixed: int = field(default=0, metadata=HIDDEN)
    base: str = field(default="", metadata=HIDDEN)
    judged_from: date | None = None  #: Findings on agreements signed before this day fail no run.
    unread: tuple[str, ...] = ()  #: Files in the folders that may hold data: in an unknown format, or hidden by a dot.
    standing: Mapping[str, Standing] = field(default_factory=dict, metadata=HIDDEN)

    def count(self, severity: Severity) -> int:
        """The number of findings of this severity that count."""
        return sum(1 for f in self.findings if f.counts and f.severity is severity)

    @property
    def stated(self) -> int:
        """The number of questions that an answer closes."""
        return sum(1 for f in self.findings if f.stated and f.waived is None)

    @property
    def waived(self) -> int:
        """The number of findings that a waiver in force accepts."""
        return sum(1 for f in self.findings if f.waived is not None)

    @property
    def deferred(self) -> int:
        """The number of findings on agreements from before ``judged_from``."""
        return sum(1 for f in self.findings if f.deferred is not None)

    @property
    def not_recorded(self) -> int:
        """The number of registers that are not kept somewhere."""
        return sum(1 for f in self.findings if f.group is not None and f.waived is None)

    def worst(self) -> Severity | None:
        """The gravest severity among the findings that count."""
        return min((f.severity for f in self.findings if f.counts), key=lambda s: s.rank, default=None)
