"""Counts, plurals, labels and order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample_report import APPROVAL, CLEAN, DERIVED, HERE, OUTCOMES, RICH, RULES, SCOPE, UNRECORDED, WAIVED

from graphsc.core.text import Language, Text
from graphsc.validation import wording
from graphsc.validation.findings import Actor, Holding, Report, RuleOutcome

DA, EN = Language.DA, Language.EN


def report_of(breaches: int, questions: int, notes: int) -> Report:
    findings = [*[APPROVAL] * breaches, *[SCOPE] * questions, *[DERIVED] * notes]
    return replace(CLEAN, findings=tuple(findings))


@pytest.mark.parametrize(
    ("numbers", "da", "en"),
    [
        ((0, 0, 0), "ingen fund · pr. 2026-11-25", "no findings · as of 2026-11-25"),
        ((1, 0, 0), "1 overtrædelse · pr. 2026-11-25", "1 breach · as of 2026-11-25"),
        (
            (3, 2, 1),
            "3 overtrædelser, 2 spørgsmål, 1 bemærkning · pr. 2026-11-25",
            "3 breaches, 2 questions, 1 note · as of 2026-11-25",
        ),
        ((0, 1, 2), "1 spørgsmål, 2 bemærkninger · pr. 2026-11-25", "1 question, 2 notes · as of 2026-11-25"),
    ],
)
def test_counts_by_severity(numbers: tuple[int, int, int], da: str, en: str) -> None:
    report = report_of(*numbers)
    assert wording.counts(report, DA) == da
    assert wording.counts(report, EN) == en


def test_counts_what_is_not_shown() -> None:
    report = replace(CLEAN, findings=(WAIVED, WAIVED, *[UNRECORDED] * 4), rules=OUTCOMES, known=1, fixed=2)
    assert wording.counts(report, EN) == (
        "no findings · 2 accepted · 1 known · 2 fixed · 4 registers not kept · 1 rule not checked · as of 2026-11-25"
    )
    assert wording.counts(report, DA) == (
        "ingen fund · 2 accepterede · 1 kendt · 2 rettede · 4 registre føres ikke"
        " · 1 regel ikke kontrolleret · pr. 2026-11-25"
    )


def test_order_does_not_depend_on_how_findings_came() -> None:
    expected = [APPROVAL, WAIVED, SCOPE, DERIVED, UNRECORDED]
    codes = [(f.code, f.subject, f.group) for f in wording.ordered(RICH)]
    assert codes == [(f.code, f.subject, f.group) for f in wording.ordered(replace(RICH, findings=RICH.findings[::-1]))]
    assert {f.fingerprint for f in wording.ordered(RICH)} == {f.fingerprint for f in expected}
    assert [f.severity for f in wording.ordered(RICH)] == ["breach", "breach", "question", "note", "note"]


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (f"{HERE}org/nordlys", "The Aurora Agency"),
        ("https://example.org/org/unknown", "org/unknown"),
        ("https://w3id.org/graphsc/ns#approval", "approval"),
        ("https://example.org/", "https://example.org/"),
        ("plain text", "plain text"),
        ("urn:isbn:1", "urn:isbn:1"),
    ],
)
def test_label(iri: str, expected: str) -> None:
    assert wording.label(RICH, iri, EN) == expected


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (APPROVAL.actor, "Nordlysstyrelsen, kontraktansvarlig (p-17)"),
        (Actor(organisation=f"{HERE}org/nordlys"), "Nordlysstyrelsen"),
        (Actor(person=f"{HERE}person/p-17"), "(p-17)"),
        (Actor(), ""),
    ],
)
def test_actor(actor: Actor, expected: str) -> None:
    assert wording.actor(RICH, actor, DA) == expected


def test_acceptance() -> None:
    assert wording.acceptance(APPROVAL, RICH, EN) == ("accept/1 expired on 2026-09-30, given by p-1: Ny aftale på vej")
    assert wording.acceptance(WAIVED, RICH, DA) == (
        "accept/2 gælder til og med 2027-03-31, givet af p-1: Udfases i foråret"
    )
    assert wording.acceptance(SCOPE, RICH, DA) == ""


def test_references_are_named_by_the_catalogue_or_left_as_they_are() -> None:
    finding = replace(APPROVAL, references=(*APPROVAL.references, "https://example.org/other"))
    assert wording.references(finding, RULES, EN) == [
        "https://example.org/other",
        "ISO/IEC 27001:2022 A.5.19",
    ]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (RuleOutcome("A1", 41, 3, "compiled"), "3 af 41"),
        (RuleOutcome("A1", 0, 0, "compiled"), "intet at kontrollere"),
        (RuleOutcome("A1", 0, 0, "oracle", Text("x", "y")), "intet at kontrollere"),
    ],
)
def test_outcome(outcome: RuleOutcome, expected: str) -> None:
    assert wording.outcome(outcome, DA) == expected


def test_partial_and_nothing_are_plain_sentences() -> None:
    assert wording.partial(RICH, DA).startswith("UFULDSTÆNDIGT: 1 sted ")
    assert wording.partial(replace(RICH, problems=RICH.problems * 2), EN).startswith("INCOMPLETE: 2 places ")
    assert wording.nothing(CLEAN, DA) == "Ingen fund. 2 regler havde noget at kontrollere, og ingen er brudt."
    assert wording.nothing(CLEAN, EN) == "All clear: 2 rules had something to check and none is broken."
    idle = replace(CLEAN, rules=tuple(replace(rule, focus=0) for rule in CLEAN.rules))
    assert wording.nothing(idle, EN) == "No findings, but nothing to check either."


def test_what_a_baseline_knows_or_a_waiver_accepts_is_no_all_clear() -> None:
    broken = replace(CLEAN.rules[0], failed=1)
    known = replace(CLEAN, rules=(broken, *CLEAN.rules[1:]), known=2)
    assert (
        wording.nothing(known, DA)
        == "Ingen fund ud over 2 kendte. 1 regel havde noget at kontrollere og er ikke brudt."
    )
    assert wording.nothing(known, EN) == "No findings beyond 2 known. 1 rule had something to check and is not broken."


def test_holdings_are_counted_in_the_words_of_each_language() -> None:
    held = (
        Holding(1, Text("system", "system"), Text("systemer", "systems")),
        Holding(0, Text("krav", "requirement"), Text("krav", "requirements")),
    )
    one = replace(CLEAN, holdings=held, inputs=CLEAN.inputs[:1])
    assert wording.holdings(one, DA) == "Læst: 1 fil – 1 system."
    assert wording.holdings(one, EN) == "Read: 1 file – 1 system."
    assert wording.holdings(replace(CLEAN, holdings=()), EN) == ""
