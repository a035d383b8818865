"""One line per finding."""

from __future__ import annotations

import pytest
from sample_report import CLEAN, EVIL, RICH, RULES
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language
from graphsc.rendering.findings.lines import concise


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    assert concise(RICH, RULES, language=language) == snapshot(name=f"rich-{language}")
    assert concise(EVIL, RULES, language=language) == snapshot(name=f"evil-{language}")


def test_a_line_for_each() -> None:
    lines = concise(RICH, RULES, language=Language.EN).splitlines()
    assert lines[1] == "data/drift.yaml:6:9: breach SUB001 Sky Drift is not approved by the customer."
    assert len(lines) == 1 + 3 + 2


def test_hostile_names_add_no_line() -> None:
    lines = concise(EVIL, RULES, language=Language.EN).splitlines()
    assert len(lines) == len(EVIL.problems) + sum(1 for f in EVIL.findings if f.counts) + 2


def test_nothing_found() -> None:
    assert concise(CLEAN, RULES, language=Language.DA) == "# ingen fund · pr. 2026-11-25\n"
