"""The part of a state that one party may see: the same as in its report, for every page, format and query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphsc.duties.duties import Duty
from graphsc.graph.labels import Labels
from graphsc.service.lookup import UnknownNameError, find
from graphsc.service.report import scope
from graphsc.service.report.redaction import Redactor
from graphsc.service.report.scope import Scope
from graphsc.validation.findings import Finding
from graphsc.web.desk import State


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
    part = scope.part_of(opened, whole.report, whole.rules, party)
    seen, cleaner = part.seen, part.cleaner
    prints = {
        finding.fingerprint: cleaner.of(shown).fingerprint
        for finding in whole.report.findings
        for shown in scope.within([finding], seen)
    }
    kept = {finding.fingerprint for finding in part.report.findings}

    def owed() -> Sequence[Duty]:
        duties = scope.owed(whole.duties, seen)
        return cleaner.of(
            tuple(
                replace(duty, finding=print_ if (print_ := prints.get(duty.finding or "")) in kept else None)
                for duty in duties
            )
        )

    # made of nothing but what is named here: what a state is given later is hidden until it is narrowed too
    return State(
        number=whole.number,
        opened=part.opened,
        report=part.report,
        rules={code: cleaner.of(rule) for code, rule in whole.rules.items()},
        owed=owed,
        labels=Labels(part.opened.dataset),
        read_at=whole.read_at,
        part=Part(whole, party, seen, cleaner),
    )
