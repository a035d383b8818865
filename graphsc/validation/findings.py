"""Findings as values: what every rendering shows and every exit code is computed from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.sources.model import Sources

SCHEMA: Literal["graphsc.findings/1"] = "graphsc.findings/1"
"""The name and version of the JSON document of findings, which is also read again."""


class Severity(StrEnum):
    """SHACL's three severities, gravest first."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


SEVERITIES = {
    Severity.VIOLATION: (Text("overtrædelse", "violation"), Text("overtrædelser", "violations")),
    Severity.WARNING: (Text("advarsel", "warning"), Text("advarsler", "warnings")),
    Severity.INFO: (Text("bemærkning", "note"), Text("bemærkninger", "notes")),
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

    ``subject``, ``value``, ``path``, ``consequences`` and the members of ``actor`` are IRIs (``value`` may
    be the text of a literal).

    - ``path``: from the root agreement down to the subject
    - ``parties``: from the customer down to the subject's supplier
    - ``group``: the register that is not kept; such a finding says "not recorded", not "broken"
    - ``focus``, ``shape``, ``component``: those of the SHACL result
    - ``bound``: the values of the variables of its message, as IRIs and texts
    - ``urgent``: society depends on what the finding is about
    - ``near``: the records that nearly met the rule, if they were looked up
    - ``deferred``: the agreement from before ``judged_from``, for which the finding fails no run
    """

    code: str
    severity: Severity
    message: Text
    remedy: Text
    subject: str
    value: str | None = None
    path: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    location: Location | None = None
    related: tuple[Location, ...] = ()
    statements: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    actor: Actor = field(default_factory=Actor)
    group: str | None = None
    consequences: tuple[str, ...] = ()
    waived: Acceptance | None = None
    expired: Acceptance | None = None
    shape: str = ""
    component: str = ""
    result_path: str | None = None
    focus: str = ""
    bound: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    near: tuple[NearMiss, ...] = ()
    deferred: str | None = None

    @property
    def fingerprint(self) -> str:
        """An identifier that survives edits elsewhere in the file: of code, subject and value, without the line.

        A shape that is no rule of the guide may have several constraints on one subject: the constraint is part of it.
        """
        demanded = () if self.statements or not self.component else (self.component, self.result_path or "")
        key = "\n".join((self.code, self.subject, self.value or "", self.severity, *demanded))
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def counts(self) -> bool:
        """Whether it can fail a run: neither waived, nor deferred, nor about what is not recorded."""
        return self.waived is None and self.group is None and self.deferred is None

    @property
    def late(self) -> bool:
        """Whether it says that an obligation was met after its day."""
        return self.shape.endswith("/late")

    def mentioned(self) -> set[str]:
        """The IRIs that it mentions: subject, value and path, who is concerned and must act, and who accepted it."""
        actor = self.actor
        iris = {actor.organisation, actor.role, actor.person, self.group, self.waived.approver if self.waived else None}
        if self.value is not None and ":" in self.value:
            iris.add(self.value)
        return {self.subject, *self.path, *self.parties, *self.consequences, *filter(None, iris)}

    @property
    def order(self) -> tuple[int, str, str, str, str]:
        """A sort key: gravest first, then by code, subject, value and message."""
        return (self.severity.rank, self.code, self.subject, self.value or "", self.message.en)


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
    """The input of a result: the files that were read, and the problems of what could not be read."""

    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...]

    @property
    def partial(self) -> bool:
        """Whether some input could not be read."""
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

    ``labels`` names every IRI that a finding mentions, ``holdings`` counts what was read. ``fixed`` counts findings of the baseline that
    are gone, ``known`` those it still hides. What is on agreements from before ``judged_from`` alone fails no run. ``base`` is the IRI that most ids of the input are relative to;
    ``running`` counts the agreements that run on the day; None where that is not known. ``unread`` names the files in a format that nobody reads. ``standing`` leads from what the findings mention to its row, where that is in a workbook.
    """

    as_of: date
    rules: tuple[RuleOutcome, ...]
    findings: tuple[Finding, ...]
    labels: dict[str, Text]
    holdings: tuple[Holding, ...] = ()
    running: int | None = None
    known: int = 0
    fixed: int = 0
    base: str = ""
    judged_from: date | None = None
    unread: tuple[str, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)

    def count(self, severity: Severity) -> int:
        """The number of findings of this severity that count."""
        return sum(1 for f in self.findings if f.counts and f.severity is severity)

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
