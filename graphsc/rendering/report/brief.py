"""The brief of a report: decisions, who must act by when, and the gravest findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graphsc.core.text import Text
from graphsc.service.report.content import Contents, Group, Item
from graphsc.validation.findings import SEVERITIES, Severity

GRAVEST = 5
DECISIONS = 6
_FINDINGS = (Text("fund", "finding"), Text("fund", "findings"))
_OTHERS = (Text("andet fund", "other finding"), Text("andre fund", "other findings"))


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what, who must act, and by when (None where no deadline is recorded)."""

    what: Text
    who: Text
    due: date | None


def decisions(contents: Contents) -> tuple[Decision, ...]:
    """The decisions, the most pressing first: what each actor must mend, and waivers that have expired."""
    expired = tuple(_lapsed(contents))
    most = DECISIONS - min(2, len(expired))
    return (*(_mend(group) for group in contents.groups[:most]), *expired[:2])


def _mend(group: Group) -> Decision:
    violations = group.count(Severity.VIOLATION)
    others = len(group.items) - violations
    counts = ((violations, SEVERITIES[Severity.VIOLATION]), (others, _OTHERS if violations else _FINDINGS))
    parts = [Text.counted(number, *words) for number, words in counts if number]
    counted = Text.joined(Text(" og ", " and "), parts)
    return Decision(Text(f"Ret {counted.da}", f"Mend {counted.en}"), group.who, group.next_due)


def _lapsed(contents: Contents) -> Iterator[Decision]:
    for item in contents.expired:
        ended = item.finding.expired.until if item.finding.expired else None
        yield Decision(
            Text(
                f"Ret, eller accepter på ny: {item.finding.message.da}",
                f"Mend, or accept anew: {item.finding.message.en}",
            ),
            item.who,
            ended,
        )


def gravest(contents: Contents) -> tuple[Item, ...]:
    """The gravest findings, of different rules as far as possible.

    The order is by severity, then whether society depends on it, then by number of consequences, then by days overdue.
    """
    everything = sorted((item for group in contents.groups for item in group.items), key=_weight)
    first = {item.finding.code: item for item in reversed(everything)}
    distinct = sorted(first.values(), key=_weight)
    rest = [item for item in everything if first[item.finding.code] is not item]
    return tuple([*distinct, *rest][:GRAVEST])


def _weight(item: Item) -> tuple[object, ...]:
    finding = item.finding
    return (finding.severity.rank, not finding.urgent, -len(finding.consequences), item.due or date.max, finding.order)
