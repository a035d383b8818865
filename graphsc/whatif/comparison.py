"""Findings and duties before and after: which come, which go, which change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphsc.duties.duties import Duty, State
from graphsc.validation import Report
from graphsc.validation.findings import Severity
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
    """The duties, compared by what is owed and who owes it.

    A duty that one holder no longer has and another has instead is one that has changed; where several holders
    change at the same time they are paired in the order of their IRIs.
    """
    old, new = ({(*_what(duty), duty.holder.organisation or ""): duty for duty in ones} for ones in (before, after))
    changed = [(old[key], duty) for key, duty in new.items() if key in old and old[key].state is not duty.state]
    gone = _sorted(duty for key, duty in old.items() if key not in new)
    come = _sorted(duty for key, duty in new.items() if key not in old)
    moved: list[tuple[Duty, Duty]] = []
    for item in gone:
        other = next((duty for duty in come if _what(duty) == _what(item)), None)
        if other is not None:
            moved.append((item, other))
            come.remove(other)
    left = [duty for duty in gone if all(duty is not one for one, _ in moved)]
    return Duties(
        before={state: sum(duty.state is state for duty in before) for state in State},
        after={state: sum(duty.state is state for duty in after) for state in State},
        new=tuple(come),
        gone=tuple(left),
        changed=tuple(sorted((*changed, *moved), key=lambda pair: pair[1].order)),
    )


def _what(duty: Duty) -> tuple[str, str, str, str]:
    """What is owed: the rule, about what, which of several, and the kind of evidence."""
    return duty.rule, duty.subject, duty.value or "", duty.kind


def _sorted(duties: Iterable[Duty]) -> list[Duty]:
    return sorted(duties, key=lambda duty: duty.order)
