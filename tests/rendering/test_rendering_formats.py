"""The register of renderings: every one is there, alike, deterministic and loaded late."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sample_report import CLEAN, EVIL, RICH, RULES, WAIVED

from graphsc.core.text import Language
from graphsc.rendering import FORMATS, render
from graphsc.validation.findings import SWITCHED_OFF, Report, RuleOutcome


def test_names() -> None:
    assert list(FORMATS) == [
        "text",
        "concise",
        "json",
        "sarif",
        "junit",
        "github",
        "gitlab",
        "csv",
        "statistics",
        "markdown",
        "shacl",
    ]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("report", [RICH, CLEAN, EVIL], ids=["rich", "clean", "evil"])
def test_the_order_of_the_report_changes_nothing(name: str, language: Language, report: Report, tmp_path: Path) -> None:
    turned = replace(
        report,
        findings=report.findings[::-1],
        problems=report.problems[::-1],
        rules=report.rules[::-1],
        inputs=report.inputs[::-1],
        labels=dict(reversed(report.labels.items())),
    )
    first, second = (render(name, r, RULES, language=language, base=tmp_path) for r in (report, turned))
    assert first == second
    assert first.endswith("\n")
    first.encode()


@pytest.mark.parametrize("name", FORMATS)
def test_an_acceptance_that_ends_soon_and_a_rule_switched_off_are_told(name: str, tmp_path: Path) -> None:
    off = RuleOutcome("SUB002", 0, 0, "compiled", SWITCHED_OFF)
    report = replace(CLEAN, findings=(WAIVED,), rules=(off,), as_of=date(2027, 3, 1))
    text = render(name, report, RULES, language=Language.EN, base=tmp_path)
    assert "2027-03-31" in text
    assert "switched off" in text
    earlier = render(name, replace(report, as_of=date(2027, 2, 28)), RULES, language=Language.EN, base=tmp_path)
    assert "only until" not in earlier


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("pdf", CLEAN, {}, language=Language.EN)


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    script = (
        "import sys, graphsc.rendering\n"
        "heavy = {'rdflib', 'pyshacl', 'xml.etree.ElementTree', 'yaml', 'graphsc.rendering.findings.text'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
