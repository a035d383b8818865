"""Annotations that no name can forge."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sample_report import APPROVAL, CLEAN, EVIL, RICH, RULES
from syrupy.assertion import SnapshotAssertion

from graphsc.core.problems import Location
from graphsc.core.text import Language
from graphsc.rendering.findings import forges


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    assert forges.github(RICH, RULES, language=language) == snapshot(name=f"rich-{language}")
    assert forges.github(EVIL, RULES, language=language) == snapshot(name=f"evil-{language}")


def test_a_command_per_finding_that_counts() -> None:
    lines = forges.github(RICH, RULES, language=Language.EN).splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "::error",
        "::error",
        "::error",
        "::warning",
        "::notice",
        "1",
    ]
    assert lines[2].startswith(
        "::error file=data/drift.yaml,line=6,col=9,title=SUB001 Subcontractor without approval::"
        "Sky Drift is not approved by the customer.%0AObtain"
    )


@pytest.mark.parametrize(
    ("location", "start", "end"),
    [
        (Location("a,b:c.yaml", 2, 3), "::error file=repo/a%2Cb%3Ac.yaml,line=2,col=3,title=", "B2-05"),
        (Location("a.yaml", 2), "::error file=repo/a.yaml,line=2,title=", "B2-05"),
        (Location("../../a.yaml", 2, 3), "::error title=", "%0A../../a.yaml:2:3"),
        (Location("a.xlsx", sheet="S", cell="B4"), "::error file=repo/a.xlsx,title=", "%0Aa.xlsx[S!B4]"),
        (Location("s3a://bucket/supply"), "::error title=", "%0As3a://bucket/supply"),
        (None, "::error title=", "B2-05"),
    ],
)
def test_places(location: Location | None, start: str, end: str) -> None:
    report = replace(CLEAN, findings=(replace(APPROVAL, location=location),))
    text = forges.github(report, RULES, language=Language.EN, base=Path("/x/repo"), root=Path("/x"))
    command = text.splitlines()[0]
    assert command.startswith(start)
    assert command.endswith(end)


def test_hostile_names_forge_no_command() -> None:
    text = forges.github(EVIL, RULES, language=Language.EN)
    text.encode()
    lines = text.splitlines()
    # Between the marks only properties that we wrote, and every percent sign is one of our escapes.
    pattern = re.compile(r"::(error|warning|notice) ([a-z]+=[^:,\r\n]*)(,[a-z]+=[^:,\r\n]*)*::[^\r\n]*")
    assert [line for line in lines if not pattern.fullmatch(line)] == lines[-2:], "the rest is counted, and all is"
    assert all(re.fullmatch(r"(?:[^%]|%(?:25|0A|3A|2C))*", line) for line in lines)


def test_the_summary_stays_within_the_limit() -> None:
    finding = replace(APPROVAL, remedy=APPROVAL.message)
    many = replace(CLEAN, findings=(finding,) * 5000)
    summary = forges.summary(many, RULES, language=Language.EN)
    assert 800_000 < len(summary.encode()) <= 900_000
    left_out = re.search(r"\*\*(\d+) rows are left out here", summary)
    assert left_out is not None
    assert int(left_out[1]) + summary.count("SUB001") == 5000


def test_the_gravest_are_shown_and_the_rest_is_counted() -> None:
    plain = tuple(replace(APPROVAL, subject=f"https://k.example/{n}") for n in range(12))
    urgent = replace(APPROVAL, code="ZZZ999", urgent=True)
    lines = forges.github(replace(CLEAN, findings=(*plain, urgent)), RULES, language=Language.EN).splitlines()
    assert len([line for line in lines if line.startswith("::error")]) == 10
    assert "title=ZZZ999" in lines[0]
    assert lines[-2] == "3 more are on the summary page: GitHub shows 10 of each kind per step."
