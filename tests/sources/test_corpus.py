"""What was tried against the program once and made it fall, each a case to keep (``tests/corpus``); and damaged files by seed.

A case gives files, a command, and how it must end: the exit code, what is said, and what never is. Whatever happens, no
case ends in an internal error, and none leaves a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import fuzz
import pytest
import yaml
from command import run
from repository import TESTS

CORPUS = TESTS / "corpus"


def trials() -> Iterator[Any]:
    """Every case, named after its file and what is tried."""
    for file in sorted(CORPUS.glob("*.yaml")):
        for trial in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield pytest.param(trial, id=f"{file.stem}: {trial['name']}")


@pytest.mark.parametrize("trial", list(trials()))
def test_a_trial_ends_as_it_must(trial: dict[str, Any], tmp_path: Path) -> None:
    for name, text in trial["files"].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with chdir(tmp_path):
        result = run(*trial["run"].split())
    said = result.stdout + result.stderr
    assert not [sign for sign in ("internal error", "Traceback") if sign in said]
    assert result.exit_code == trial.get("exit", 0), said
    assert [text for text in trial.get("says", []) if text not in said] == []
    assert [text for text in trial.get("never", []) if text in said] == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("batch", range(20))
def test_damaged_files_of_fixed_seeds(batch: int) -> None:
    files = fuzz.originals()
    seeds = range(60 + batch * 100, 160 + batch * 100)
    assert [wrong for seed in seeds if (wrong := fuzz.fault(seed, files))] == []
