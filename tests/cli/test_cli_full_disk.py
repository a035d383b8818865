"""A full disk, an output that takes no more or that is closed, is said in one line, and what was there stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import BROKEN, process, run

FULL = Path("/dev/full")
ENV = {"LANG": "C", "PYTHONPATH": os.pathsep.join(sys.path)}
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
WITHOUT = """
import os, sys
for stream in sys.argv[1]:
    os.close(int(stream))
os.execv(sys.executable, [sys.executable, "-m", "graphsc", *sys.argv[2:]])
"""
"""Runs the command line with streams closed that the first argument names by their numbers."""


exhaustive = pytest.mark.exhaustive


def without(streams: str, words: str, folder: Path) -> tuple[int, str, str]:
    """What comes of a command whose caller has closed streams: the exit code, the output and the messages."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, streams, *words.split()],
        cwd=folder, env=ENV, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "--help", "validate a.yaml",
        *(pytest.param(words, marks=exhaustive) for words in ("--version", "validate --help", "validate a.yaml -f json", "risk a.yaml")),
    ],
)  # fmt: skip
def test_an_output_that_is_closed(words: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    closed = "graphsc: the output cannot be written: the output is closed\n"
    assert without("1", words, tmp_path) == (2, "", closed)
    assert without("012", words, tmp_path)[0] == 2


@pytest.mark.exhaustive
def test_closed_streams_that_nothing_needs_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    words = "validate a.yaml -f json --as-of 2025-06-15"
    code, output, _ = without("", words, tmp_path)
    assert (code, output[:1]) == (1, "{")
    assert without("02", words, tmp_path) == (code, output, "")
    assert without("01", f"{words} -o b.json", tmp_path)[0] == code
    assert (tmp_path / "b.json").read_text(encoding="utf-8") == output


@pytest.mark.parametrize("words", ["--help", "validate a.yaml"])
def test_a_reader_that_has_had_enough(words: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "graphsc", *words.split()]
        done = subprocess.run(
            command, cwd=tmp_path, env=ENV, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")


@pytest.mark.parametrize(
    "words",
    [
        "--version",
        "rules",
        "validate a.yaml",
        *(
            pytest.param(words, marks=exhaustive)
            for words in ("--help", "queries", "config show", "risk a.yaml", "duties a.yaml")
        ),
    ],
)
def test_an_output_that_takes_no_more(words: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "graphsc", *words.split()],
            cwd=tmp_path, env=ENV,
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "graphsc: the output cannot be written: no space\n")


def test_nothing_can_be_said_at_all() -> None:
    with FULL.open("w") as full:
        words = [sys.executable, "-m", "graphsc", "rules"]
        assert subprocess.run(words, stdout=full, stderr=full, env=ENV, timeout=60, check=False).returncode == 2


@pytest.mark.parametrize("option", ["--output", "--write-baseline"])
def test_a_file_that_takes_no_more(option: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    done = process("validate", "a.yaml", option, str(FULL), cwd=tmp_path, env=ENV)
    assert (done.returncode, done.stderr.decode()) == (2, "graphsc: /dev/full cannot be written: no space\n")


def test_the_summary_of_a_step_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    for where in (str(FULL), str(summary)):
        env = {**ENV, "GITHUB_STEP_SUMMARY": where}
        done = process("validate", "a.yaml", "-f", "github", cwd=tmp_path, env=env)
        assert (done.returncode, b"/dev/full cannot be written: no space" in done.stderr) == (
            (2, True) if where == str(FULL) else (1, False)
        )
    assert summary.read_text(encoding="utf-8").startswith("before\n#")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "summary.md"]


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text(BROKEN, encoding="utf-8")
    for path in (tmp_path, source):
        result = run("validate", str(path), "-o", str(source), "--as-of", "2025-06-15")
        assert (result.exit_code, "is one of the files that are read" in result.stderr) == (2, True)
    assert source.read_text(encoding="utf-8") == BROKEN
