"""The register of renderings: every one is there, alike, deterministic and loaded late."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sample_report import CLEAN, EVIL, RICH, RULES

from graphsc.core.text import Language
from graphsc.rendering import FORMATS, render
from graphsc.validation.findings import Report


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
