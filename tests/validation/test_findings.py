"""What a finding and a report come to: what counts, what is gravest, and what a finding is known by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.validation.findings import Acceptance, Actor, Answer, Finding, Reply, Report, Severity

FINDING = Finding("SUB001", Severity.QUESTION, Text.same("m"), Text.same("r"), subject="urn:x:s", value="urn:x:v")
WAIVED = replace(FINDING, waived=Acceptance("urn:x:w", "since", "urn:x:approver", None))
EXPIRED = replace(FINDING, expired=WAIVED.waived)
REGISTER = replace(FINDING, group="urn:x:register")
DEFERRED = replace(FINDING, deferred="urn:x:old")


def report(*findings: Finding) -> Report:
    return Report(inputs=(), problems=(), as_of=date(2026, 1, 1), rules=(), findings=findings, labels={})


def test_what_is_accepted_deferred_or_not_recorded_does_not_count() -> None:
    assert [finding.counts for finding in (FINDING, EXPIRED, WAIVED, REGISTER, DEFERRED)] == [True, True, *[False] * 3]
    everything = report(FINDING, EXPIRED, WAIVED, WAIVED, REGISTER, REGISTER, REGISTER, *[DEFERRED] * 4)
    assert [everything.count(severity) for severity in Severity] == [0, 2, 0]
    assert (everything.waived, everything.not_recorded, everything.deferred) == (2, 3, 4)
    assert report(replace(REGISTER, waived=WAIVED.waived)).not_recorded == 0


def test_it_is_closed_until_its_acceptance_or_an_answer_that_closes_it_ends() -> None:
    day, later = date(2026, 2, 1), date(2026, 3, 1)
    accepted = Acceptance("urn:x:w", "since", None, later)
    answered = replace(FINDING, answer=Answer("urn:x:a", Reply.YES, "urn:x:p", date(2026, 1, 1), until=day))
    refused = replace(FINDING, answer=Answer("urn:x:a", Reply.NO, "urn:x:p", date(2026, 1, 1), until=day))
    assert answered.closed_until == day
    assert replace(answered, waived=accepted).closed_until == later
    unclosed = (FINDING, WAIVED, refused, replace(answered, severity=Severity.BREACH))
    assert [finding.closed_until for finding in unclosed] == [None] * 4


def test_the_gravest_is_the_gravest_of_what_counts() -> None:
    grave = [replace(FINDING, severity=severity) for severity in Severity]
    assert [report(*grave[number:]).worst() for number in range(4)] == [*Severity, None]
    assert report(*reversed(grave)).worst() is Severity.BREACH
    hidden = [replace(each, severity=Severity.BREACH) for each in (WAIVED, REGISTER, DEFERRED)]
    assert report(*hidden, FINDING).worst() is Severity.QUESTION
    assert report(*hidden).worst() is None


def test_a_report_is_partial_when_something_could_not_be_read() -> None:
    assert report().partial is False
    assert replace(report(), problems=(Problem("syntax", Text.same("p"), Location("a.yaml")),)).partial is True
    assert (report().known, report().fixed, report().deferred, FINDING.urgent) == (0, 0, 0, False)


def test_a_finding_is_known_by_its_rule_subject_and_value_wherever_it_stands() -> None:
    for moved in (
        replace(FINDING, location=Location("b.yaml", 9, 9)),
        replace(FINDING, message=Text.same("other")),
        WAIVED,
        DEFERRED,
    ):
        assert moved.fingerprint == FINDING.fingerprint
    others = [
        replace(FINDING, code="SUB002"),
        replace(FINDING, subject="urn:x:t"),
        replace(FINDING, value="urn:x:w"),
        replace(FINDING, value=None),
        replace(FINDING, severity=Severity.BREACH),
    ]
    assert len({finding.fingerprint for finding in (FINDING, *others)}) == 1 + len(others)
    assert FINDING.fingerprint == "ec7631dc686b0475", "it stands in the baselines and tickets of others"


def test_the_constraints_of_a_shape_that_is_no_rule_of_the_guide_are_told_apart() -> None:
    own = [replace(FINDING, component=component, result_path=path) for component in "ab" for path in (None, "p", "q")]
    assert len({finding.fingerprint for finding in own}) == 6
    assert len({replace(finding, statements=("S-1",)).fingerprint for finding in own}) == 1
    assert replace(FINDING, result_path="p").fingerprint == FINDING.fingerprint


def test_everything_that_a_finding_mentions_is_named() -> None:
    whole = replace(
        WAIVED, group="urn:x:register", path=("urn:x:path",), parties=("urn:x:party",), consequences=("urn:x:after",),
        actor=Actor("urn:x:organisation", "urn:x:role", "urn:x:person"),
    )  # fmt: skip
    names = ("s", "v", "register", "path", "party", "after", "organisation", "role", "person", "approver")
    assert whole.mentioned() == {f"urn:x:{name}" for name in names}
    assert replace(FINDING, value="a word").mentioned() == {"urn:x:s"}
    assert replace(FINDING, value=None).mentioned() == {"urn:x:s"}


@pytest.mark.parametrize("name", ["code", "subject", "value", "message"])
def test_findings_are_sorted_by_graveness_and_then_by_what_they_say(name: str) -> None:
    def of(word: str, severity: Severity = Severity.QUESTION) -> Finding:
        said: dict[str, Any] = {name: Text.same(word) if name == "message" else word}
        return replace(FINDING, severity=severity, **said)

    ordered = [of("b", Severity.BREACH), of("a"), of("b"), of("a", Severity.NOTE)]
    given = ordered[::-1]
    assert sorted(given, key=lambda finding: finding.order) == ordered
    assert replace(FINDING, value=None).order < FINDING.order


def test_of_two_findings_the_first_criterion_of_the_order_of_gravity_decides() -> None:
    open_, late = "urn:x:shape", "urn:x:shape/late"
    gravest_first = [
        replace(FINDING, severity=severity, urgent=urgent, shape=shape, weight=weight)
        for severity in Severity
        for urgent in (True, False)
        for shape in (open_, late)
        for weight in ("must", "should", "may", "")
    ]
    given = gravest_first[::-1]
    assert sorted(given, key=lambda finding: finding.order) == gravest_first
