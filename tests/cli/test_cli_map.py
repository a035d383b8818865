"""``graphsc map``: what it writes, says and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import AS_OF, BROKEN, UNREADABLE, run

from graphsc.cli.common import progress
from graphsc.core.text import Text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "k.yaml").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_it_writes_one_file_and_says_where(folder: Path) -> None:
    out = folder / "kort.html"
    result = run("map", str(folder / "in"), "-o", str(out), "--lang", "da", *AS_OF)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"Kortet er skrevet: {out}\n"
    assert sorted(path.name for path in folder.iterdir()) == ["in", "kort.html"], "no lib folder, nothing left over"
    text = out.read_text(encoding="utf-8")
    assert text.startswith('<!doctype html>\n<html lang="da">')
    assert "Ærøskøbing Drift" in text
    assert '"partial":false' in text


def test_what_could_not_be_read_is_said_in_the_map_too(folder: Path) -> None:
    (folder / "in" / "u.yaml").write_text(UNREADABLE, encoding="utf-8")
    out = folder / "map.html"
    result = run("map", str(folder / "in"), "-o", str(out), *AS_OF)
    assert result.exit_code == 2
    assert "u.yaml" in result.stderr
    assert '"partial":true' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--dates", "2025-02-31"], "--dates are dates such as 2025-11-25,2026-05-25, not 2025-02-31"),
        (["--dates", ",".join(f"2025-01-0{day}" for day in range(1, 10))], "--dates takes at most 8 dates, not 9."),
        (["--select", "NOSUCH"], "unknown rule: NOSUCH."),
        (["--plain", "--select", "NOSUCH"], "unknown rule: NOSUCH."),
        (["--plain", "--dates", "2025-01-01"], "--plain shows one day"),
        (["--as-of", "x"], "--as-of must be a date"),
    ],
)
def test_one_message_and_no_file_for_what_cannot_be(folder: Path, words: list[str], message: str) -> None:
    out = folder / "map.html"
    result = run("map", str(folder / "in"), "-o", str(out), *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not out.exists()


def test_the_graph_alone_says_too_what_could_not_be_read(folder: Path) -> None:
    (folder / "in" / "u.yaml").write_text(UNREADABLE, encoding="utf-8")
    out = folder / "graph.html"
    result = run("map", str(folder / "in"), "--plain", "-o", str(out), *AS_OF)
    assert result.exit_code == 2
    assert "u.yaml" in result.stderr
    assert "not all could be read" in out.read_text(encoding="ascii")


def test_a_place_that_cannot_be_written_is_named(folder: Path) -> None:
    result = run("map", str(folder / "in"), "-o", str(folder / "no" / "map.html"), *AS_OF)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_dates_are_drawn_beside_the_evaluation_date(folder: Path) -> None:
    out = folder / "map.html"
    result = run("map", str(folder / "in"), "-o", str(out), "--dates", "2024-05-01, 2024-12-31", *AS_OF)
    assert result.exit_code == 0
    assert '"dates":["2024-05-01","2024-12-31","2025-06-15"]' in out.read_text(encoding="utf-8")


def test_progress_is_silent_where_nobody_waits(capfd: pytest.CaptureFixture[str]) -> None:
    with progress() as step:
        step(Text("Læser", "Reading"))
    assert capfd.readouterr() == ("", "")
