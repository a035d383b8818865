"""Which commit an input is from, where it lies in a git repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from shutil import which

_SECONDS = 20


def commits(paths: Iterable[Path]) -> Iterator[tuple[str, bool]]:
    """The commit of each repository that a path lies in, once, and whether something at the path is not committed."""
    git = which("git")
    if git is None:
        return
    seen: dict[str, bool] = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        commit = _output(git, folder, ["rev-parse", "--verify", "--quiet", "HEAD"])
        if commit:
            changed = bool(_output(git, folder, ["status", "--porcelain", "--", str(path.absolute())]))
            seen[commit.strip()] = seen.get(commit.strip(), False) or changed
    yield from seen.items()


def _output(git: str, folder: Path, words: Sequence[str]) -> str:
    """What git answers; empty where it cannot. A repository from outside may name programs to run: none is run."""
    tame = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", str(folder)]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        result = subprocess.run(  # noqa: S603 - git, without a shell
            [git, *tame, *words], capture_output=True, text=True, check=False, timeout=_SECONDS, env=environment
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""
    return result.stdout if result.returncode == 0 else ""
