"""What a change of the data does: the findings and duties of an older input beside those of a newer one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.validation import Report
from graphsc.validation.findings import Finding
from graphsc.whatif.model import Duties, Findings

Key = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Diff:
    """The comparison of an older input, named ``old``, with a newer one, both judged on one day.

    ``changed`` are pairs of findings of one rule on one thing that say something else, or are of another severity.
    ``accepted`` are the fingerprints of those gone that are still there, but accepted. ``unkept`` are the registers, by
    name, that were kept somewhere and are not any more: what they showed is unknown, not mended. ``labels``
    names every IRI of the duties, ``problems`` are what could not be read on either side.
    """

    old: str
    as_of: date
    findings: Findings
    changed: tuple[tuple[Finding, Finding], ...]
    accepted: frozenset[str]
    unkept: tuple[Finding, ...]
    duties: Duties
    labels: Mapping[str, Text]
    problems: tuple[Problem, ...]

    @property
    def worse(self) -> tuple[Finding, ...]:
        """The findings that are new, or graver than they were."""
        graver = (after for before, after in self.changed if after.severity.rank < before.severity.rank)
        return (*self.findings.new, *graver)

    @property
    def partial(self) -> bool:
        """Whether some input could not be read."""
        return bool(self.problems)


def paired(new: Sequence[Finding], gone: Sequence[Finding]) -> tuple[tuple[Finding, Finding], ...]:
    """The findings that went and came on the same thing by the same rule, before and after."""
    before = {_key(finding): finding for finding in gone}
    return tuple((before[_key(finding)], finding) for finding in new if _key(finding) in before)


def reworded(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[tuple[Finding, Finding], ...]:
    """The findings that are still there and say something else, such as another date; before and after."""
    old = {finding.fingerprint: finding for finding in before if finding.counts}
    return tuple(
        (old[finding.fingerprint], finding)
        for finding in after
        if finding.counts and finding.fingerprint in old and old[finding.fingerprint].message != finding.message
    )


def unkept(before: Report, after: Report) -> tuple[Finding, ...]:
    """The registers that are not kept now and were, or are so in more places."""
    known = {finding.fingerprint: set(finding.consequences) for finding in before.findings if finding.group is not None}
    return tuple(
        finding
        for finding in after.findings
        if finding.group is not None and not set(finding.consequences) <= known.get(finding.fingerprint, set())
    )


def _key(finding: Finding) -> Key:
    return finding.code, finding.subject, finding.value
