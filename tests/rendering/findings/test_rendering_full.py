"""The text for people: its look, its excerpts, and that names cannot forge it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sample_report import APPROVAL, CLEAN, EVIL, FILE, RICH, RULES, write_source
from syrupy.assertion import SnapshotAssertion

from graphsc.core.location import Location
from graphsc.core.text import Language
from graphsc.rendering.findings import full
from graphsc.validation.findings import Report

DA, EN = Language.DA, Language.EN


def only(location: Location | None) -> Report:
    return replace(CLEAN, findings=(replace(APPROVAL, location=location),))


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    base = write_source(tmp_path)
    assert full.render(RICH, RULES, language=language, base=base) == snapshot(name=f"rich-{language}")
    assert full.render(RICH, RULES, language=language, base=base, show_waived=True) == snapshot(
        name=f"waived-{language}"
    )
    assert full.render(CLEAN, RULES, language=language, base=base) == snapshot(name=f"clean-{language}")
    assert full.render(EVIL, RULES, language=language, base=base) == snapshot(name=f"evil-{language}")


def test_colour_only_doubles_the_words(tmp_path: Path) -> None:
    base = write_source(tmp_path)
    plain = full.render(RICH, RULES, language=EN, base=base)
    coloured = full.render(RICH, RULES, language=EN, base=base, color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31mviolation[SUB001]\x1b[0m: Sky Drift" in coloured
    assert "\x1b[1;33mwarning[SUB002]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("show_waived", [False, True])
def test_hostile_names_forge_nothing(show_waived: bool) -> None:
    shown = full.render(EVIL, RULES, language=EN, show_waived=show_waived)
    shown.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    # No line begins as a build log command or a finding of ours that is not one.
    heads = [line for line in shown.splitlines() if line.startswith("violation[")]
    assert len(heads) == sum(1 for f in EVIL.findings if f.counts)
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert max(map(len, shown.splitlines())) < 700


def test_files_that_are_gone_are_tolerated(tmp_path: Path) -> None:
    shown = full.render(RICH, RULES, language=EN, base=tmp_path)
    assert "  --> data/drift.yaml:6:9\n  = chain:" in shown


@pytest.mark.parametrize(
    ("source", "column", "excerpt", "caret"),
    [
        ("abc: def", 6, "abc: def", "     ^"),
        ("\tabc", 2, " abc", " ^"),
        ("日本: x", 5, "日本: x", "      ^"),
        ("e\u0301: x", 4, "e\u0301: x", "  ^"),
        ("abc", 99, "abc", "   ^"),
        ("\x1b[31m\u202ex", 1, "\ufffd[31m\ufffdx", "^"),
        ("a" * 300, 1, "a" * 100 + "…", "^"),
        ("a" * 299 + "b", 300, "…" + "a" * 50 + "b", " " * 51 + "^"),
        ("a" * 149 + "b" + "c" * 150, 150, "…" + "a" * 50 + "b" + "c" * 49 + "…", " " * 51 + "^"),
    ],
)
def test_the_caret_stands_under_its_column(tmp_path: Path, source: str, column: int, excerpt: str, caret: str) -> None:
    (tmp_path / "x.yaml").write_text(source, encoding="utf-8")
    shown = full.render(only(Location("x.yaml", 1, column)), RULES, language=EN, base=tmp_path)
    lines = shown.splitlines()
    at = lines.index("  |")
    assert lines[at + 1] == f"1 | {excerpt}"
    assert lines[at + 2] == f"  | {caret}"


def test_a_line_without_column_has_no_caret(tmp_path: Path) -> None:
    shown = full.render(only(Location(FILE, 4)), RULES, language=EN, base=write_source(tmp_path))
    assert "4 |     leverandør: org/fjord\n  = chain" in shown


def test_many_consequences_are_counted() -> None:
    finding = replace(APPROVAL, consequences=tuple(f"https://example.org/k/{n}" for n in range(8)))
    shown = full.render(replace(CLEAN, findings=(finding,)), RULES, language=DA)
    assert "= følger: k/0, k/1, k/2, k/3, k/4, 3 til\n" in shown


def test_the_last_line_counts_and_partial_stands_above_it() -> None:
    *_, partial, blank, last = full.render(RICH, RULES, language=EN).splitlines()
    assert partial.startswith("INCOMPLETE:")
    assert blank == ""
    assert last.startswith("1 violation, 1 warning, 1 note · 1 waived")


def test_no_friendly_line_when_nothing_could_be_read() -> None:
    shown = full.render(replace(CLEAN, problems=RICH.problems), RULES, language=EN)
    assert "All clear" not in shown
    assert "INCOMPLETE" in shown
