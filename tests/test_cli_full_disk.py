"""A full disk, or an output that takes no more, is said in one line, and what was there stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import BROKEN, process

FULL = Path("/dev/full")
ENV = {"LANG": "C", "PYTHONPATH": os.pathsep.join(sys.path)}
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")


@pytest.mark.parametrize(
    "words",
    ["--version", "--help", "rules", "queries", "config show", "validate a.yaml", "risk a.yaml", "duties a.yaml"],
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
