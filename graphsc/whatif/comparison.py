"""Findings and duties before and after a change: which are new, which are gone, which change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.duties.duties import Duty, State
from graphsc.validation import Report
from graphsc.validation.findings import Finding, Severity
from graphsc.whatif.model import Duties, Findings


def findings(before: Report, after: Report) -> Findings:
    """The findings that count, compared by their fingerprints."""
    old, new = ({f.fingerprint: f for f in report.findings if f.counts} for report in (before, after))
    return Findings(
        before={level: before.count(level) for level in Severity},
        after={level: after.count(level) for level in Severity},
        new=tuple(sorted((f for name, f in new.items() if name not in old), key=lambda f: f.order)),
        gone=tuple(sorted((f for name, f in old.items() if name not in new), key=lambda f: f.order)),
    )


def duties(before: Sequence[Duty], after: Sequence[Duty]) -> Duties:
    """The duties, compared by obligation and holder.

    A duty that passes from one holder to another has changed; where several pass at the same time, the holders are paired in
    the order of their IRIs.
    """
    old, new = (
        {(*_obligation(duty), duty.holder.organisation or ""): duty for duty in owed} for owed in (before, after)
    )
    changed = [(old[key], duty) for key, duty in new.items() if key in old and old[key].state is not duty.state]
    gone = _sorted(duty for key, duty in old.items() if key not in new)
    added = _sorted(duty for key, duty in new.items() if key not in old)
    moved: list[tuple[Duty, Duty]] = []
    for item in gone:
        other = next((duty for duty in added if _obligation(duty) == _obligation(item)), None)
        if other is not None:
            moved.append((item, other))
            added.remove(other)
    unmoved = [duty for duty in gone if all(duty is not former for former, _ in moved)]
    return Duties(
        before={state: sum(duty.state is state for duty in before) for state in State},
        after={state: sum(duty.state is state for duty in after) for state in State},
        new=tuple(added),
        gone=tuple(unmoved),
        changed=tuple(sorted((*changed, *moved), key=lambda pair: pair[1].order)),
    )


def _obligation(duty: Duty) -> tuple[str, str, str, str]:
    """A duty without its holder: the rule, the subject, the value, and the kind of evidence."""
    return duty.rule, duty.subject, duty.value or "", duty.kind


def _sorted(duties: Iterable[Duty]) -> list[Duty]:
    return sorted(duties, key=lambda duty: duty.order)


@dataclass(frozen=True, slots=True)
class Diff:
    """The comparison of an older input, named ``old``, with a newer one, both as of the same day.

    ``changed`` are pairs of findings of the same rule on the same thing that differ in message or severity. ``accepted`` are
    the fingerprints of gone findings that are now waived. ``unkept`` are findings that a register or fact is not recorded any
    more: what it showed is unknown, not mended. ``labels`` names every IRI of the duties, ``problems`` are those of reading
    both inputs.
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
        """The findings that are new, or graver than before."""
        graver = (after for before, after in self.changed if after.severity.rank < before.severity.rank)
        return (*self.findings.new, *graver)


def paired(new: Sequence[Finding], gone: Sequence[Finding]) -> tuple[tuple[Finding, Finding], ...]:
    """Pairs of a gone and a new finding of the same rule on the same thing."""
    before = {_key(finding): finding for finding in gone}
    return tuple((before[_key(finding)], finding) for finding in new if _key(finding) in before)


def reworded(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[tuple[Finding, Finding], ...]:
    """Pairs of findings, before and after, with another message, such as another date."""
    old = {finding.fingerprint: finding for finding in before if finding.counts}
    return tuple(
        (old[finding.fingerprint], finding)
        for finding in after
        if finding.counts and finding.fingerprint in old and old[finding.fingerprint].message != finding.message
    )


def _key(finding: Finding) -> tuple[str, str, str | None]:
    return finding.code, finding.subject, finding.value
