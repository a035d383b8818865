"""Answers: what somebody says of a statement of the guide, and where it stands, beside what the records show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from graphsc.core.vocabulary import STATEMENT, local_name
from graphsc.graph.dataset import Dataset, plain
from graphsc.sources.model import Sources
from graphsc.validation.findings import Answer, Finding, Reply, Severity
from graphsc.validation.rules import Rule


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers in force, by statement and thing.

    ``by_place`` has them by the id of a statement and the IRI of a thing that they hold for; ``renewals`` are those of the
    function of that name.
    """

    by_place: Mapping[tuple[str, str], frozenset[Answer]]
    renewals: Mapping[str, date]

    def apply(self, findings: Iterable[Finding], rules: Mapping[str, Rule]) -> Iterator[Finding]:
        """The findings, each with the newest answer to it.

        An answer closes a question (``Finding.stated``), and no breach: what is recorded wins over what is said. A reasoned no to
        what the guide says must be done is itself a breach.
        """
        for finding in findings:
            answer = None if finding.group is not None else self._newest(finding, rules.get(finding.code))
            if answer is None:
                yield finding
                continue
            refused = answer.outcome is Reply.NO and finding.severity is Severity.QUESTION and finding.weight == "must"
            yield replace(finding, answer=answer, severity=Severity.BREACH if refused else finding.severity)

    def _newest(self, finding: Finding, rule: Rule | None) -> Answer | None:
        things = {finding.subject, finding.focus, *finding.path, finding.agreement}
        earliest = self.renewals.get(rule.iri, date.min) if rule is not None else date.min
        given = {
            answer
            for statement in finding.statements
            for thing in things
            for answer in self.by_place.get((statement, thing or ""), ())
            if answer.day >= earliest
        }
        return max(given, key=lambda answer: (answer.day, answer.iri), default=None)


def renewals(dataset: Dataset) -> dict[str, date]:
    """The earliest day on which evidence or an answer is new enough, by the IRI of an obligation that is due again and again."""
    return {
        plain(row["obligation"]): date.fromisoformat(plain(row["cutoff"]))
        for row in dataset.named_rows("context/renewals")
    }


def answers(dataset: Dataset, sources: Sources, renewals: Mapping[str, date]) -> Answers:
    """The answers of a derived dataset that hold on the evaluation date."""
    by_place: dict[tuple[str, str], set[Answer]] = defaultdict(set)
    for row in dataset.named_rows("context/answers"):
        until = plain(row.get("until"))
        answer = Answer(
            iri=plain(row["answer"]),
            outcome=Reply(local_name(plain(row["outcome"]))),
            by=plain(row["party"]),
            day=date.fromisoformat(plain(row["date"])),
            written_in=plain(row.get("place")) or None,
            reason=plain(row.get("reason")) or None,
            until=date.fromisoformat(until) if until else None,
            location=sources.locate(plain(row["answer"])),
        )
        by_place[plain(row["statement"]).removeprefix(STATEMENT), plain(row["thing"])].add(answer)
    return Answers({place: frozenset(given) for place, given in by_place.items()}, renewals)
