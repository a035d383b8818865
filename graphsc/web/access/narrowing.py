"""The part of a state that one party may see: the same as in its report, for every page, format and query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphsc.coverage.premises import with_facts
from graphsc.duties.duties import Duty
from graphsc.graph.labels import Labels
from graphsc.service.lookup import UnknownNameError, find
from graphsc.service.report import scope
from graphsc.service.report.redaction import Redactor
from graphsc.service.report.scope import Scope
from graphsc.validation.findings import Finding
from graphsc.web.desk import State
from graphsc.web.memo import Memo


@dataclass(frozen=True, slots=True)
class Part:
    """The origin of a part: the whole state, the party (an IRI), its scope, and the redactor."""

    whole: State
    party: str
    seen: Scope
    cleaner: Redactor

    def findings(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings that the party may see, without names outside its part."""
        return self.cleaner.of(tuple(scope.within(findings, self.seen)))


def narrowed(whole: State, party: str) -> State | None:
    """The part of a state for an organisation that the configuration names; None where the data have no such organisation."""
    return whole.memo(("part", party), lambda: _narrowed(whole, party))


def _narrowed(whole: State, name: str) -> State | None:
    opened = whole.opened
    try:
        party = find(opened.dataset, Labels(opened.dataset), name, "Organisation", base=whole.report.base)
    except UnknownNameError:
        return None
    seen, cleaner, dataset = scope.part_of(opened, whole.rules.values(), party)
    judged = scope.findings(whole.report, whole.rules, seen, opened, dataset)
    prints = {
        finding.fingerprint: cleaner.of(shown).fingerprint
        for finding in whole.report.findings
        for shown in scope.within([finding], seen)
    }
    report = cleaner.of(with_facts(dataset, judged))
    kept = {finding.fingerprint for finding in report.findings}

    def owed() -> Sequence[Duty]:
        duties = scope.owed(whole.duties, seen)
        return cleaner.of(
            tuple(
                replace(duty, finding=print_ if (print_ := prints.get(duty.finding or "")) in kept else None)
                for duty in duties
            )
        )

    sources = replace(opened.sources, problems=[])
    return replace(
        whole,
        opened=replace(opened, dataset=dataset, problems=list(report.problems), sources=sources),
        report=report,
        rules={code: cleaner.of(rule) for code, rule in whole.rules.items()},
        owed=owed,
        labels=Labels(dataset),
        memo=Memo(),
        part=Part(whole, party, seen, cleaner),
        gone=(),
    )
