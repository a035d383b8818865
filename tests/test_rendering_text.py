"""The text for people: what is the same is told once, nothing is left out, and names cannot forge it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from casework import case
from sample_report import APPROVAL, CLEAN, EVIL, RICH, RULES
from syrupy.assertion import SnapshotAssertion

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.rendering.findings import full, text
from graphsc.rendering.findings.folding import apart, blocks
from graphsc.service import open_paths, validate
from graphsc.validation.findings import Report, Severity

DA, EN = Language.DA, Language.EN
LACKING = """
organisationer: [{id: K, navn: Kommunen}, {id: A, navn: Alfa}, {id: B, navn: Beta}]
kontrakter:
  - {id: KA, navn: Driftsaftalen, kunde: K, leverandør: A, start: 2024-01-01, registre: [klausuler], klausuler: [kontrolret]}
  - {id: KB, navn: Netaftalen, kunde: K, leverandør: B, start: 2024-01-01, registre: [klausuler], klausuler: [kontrolret]}
"""


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    for name, report in (("rich", RICH), ("clean", CLEAN), ("evil", EVIL)):
        assert text.render(report, RULES, language=language) == snapshot(name=f"{name}-{language}")
    assert text.render(RICH, RULES, language=language, show_waived=True) == snapshot(name=f"waived-{language}")


def test_colour_only_doubles_the_words() -> None:
    plain = text.render(RICH, RULES, language=EN)
    coloured = text.render(RICH, RULES, language=EN, color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("show_waived", [False, True])
def test_hostile_names_forge_nothing(show_waived: bool) -> None:
    shown = text.render(EVIL, RULES, language=EN, show_waived=show_waived)
    shown.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())


def test_the_demo_is_told_in_half_the_bytes_without_losing_a_finding() -> None:
    settings = Settings(as_of=date(2026, 11, 25))
    report, rules = validate(open_paths([Path("data/demo")], settings))
    whole = full.render(report, rules, language=EN)
    shown = text.render(report, rules, language=EN)
    assert 2 * len(shown.encode()) <= len(whole.encode())
    for finding in report.findings:
        if finding.counts:
            assert finding.fingerprint in shown
            assert str(finding.location) in shown


def test_what_one_agreement_lacks_is_told_once_with_all_there_is_to_write() -> None:
    judged = case(LACKING, select=("SUB01", "FLW010"))
    report, rules = judged.report, validate(judged.opened)[1]
    told = blocks(report.findings, rules)
    assert [[item.first.subject[-2:] for item in block] for block in told] == [["KA"], ["KB"]]
    first = text.render(report, rules, language=DA).split("\n\n")[0]
    assert first.startswith(
        "advarsel[FLW010, SUB010, SUB011, SUB012, SUB013, SUB014]: 6 fund: Driftsaftalen siger intet om "
    )
    for part in (
        "videreførelse af krav og pligter",
        "brugen af underleverandører",
        "kundens godkendelse af underleverandører",
    ):
        assert part in first
    assert first.count("{id: KA, klausuler: [") == 1


def test_one_finding_on_several_things_is_told_once_with_a_line_for_each() -> None:
    many = [replace(APPROVAL, subject=f"https://k.example/L{n}", severity=Severity.VIOLATION) for n in range(5)]
    report: Report = replace(CLEAN, findings=tuple(many))
    shown = text.render(report, RULES, language=EN)
    assert shown.startswith("violation[SUB001]")
    assert shown.count("  --> ") == 5
    assert all(finding.fingerprint in shown for finding in many)


def test_only_the_first_few_are_shown_when_asked_for_and_how_many_more_there_are() -> None:
    judged = case(LACKING, select=("SUB01", "FLW010", "CTL", "RIN010"))
    report, rules = judged.report, validate(judged.opened)[1]
    shown = text.render(report, rules, language=EN, first=1)
    assert "… and 1 more thing to do (7 findings); --first 0 shows all." in shown
    assert "Netaftalen" not in shown
    assert "Netaftalen" in text.render(report, rules, language=EN)


def test_what_society_depends_on_comes_first() -> None:
    critical = "systemer: [{id: S, navn: Vagt, ejer: K, kritikalitet: samfundskritisk}]\n"
    data = LACKING.replace("id: KB,", "id: KB, systemer: [S],") + critical
    judged = case(data, select=("SUB010",))
    shown = text.render(judged.report, validate(judged.opened)[1], language=DA)
    assert shown.startswith("advarsel[SUB010] samfundskritisk: 2 fund: … siger intet om brugen af underleverandører\n")
    assert judged.of("SUB010", "KB").urgent
    assert not judged.of("SUB010", "KA").urgent


def test_words_that_messages_share_are_found_at_both_ends() -> None:
    assert apart(["a b x c d", "a b y z c d"]) == ("a b", ["x", "y z"], "c d")
    assert apart(["a b x c", "a b y z c"]) == ("a b", ["x c", "y z c"], "")
    assert apart(["same", "same"]) == ("same", ["", ""], "")
    assert apart(["one", "two"]) == ("", ["one", "two"], "")
