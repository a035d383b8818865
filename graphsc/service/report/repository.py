"""git: the commit of an input, and running other git commands in a folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from shutil import which

_SECONDS = 20
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")


def commits(paths: Iterable[Path]) -> Iterator[tuple[str, bool]]:
    """The commit of each repository with one of the paths, once, and whether something at the path is not committed."""
    seen: dict[str, bool] = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        commit = git(folder, *_NO_HOOKS, "rev-parse", "--verify", "--quiet", "HEAD")
        if commit:
            changed = bool(git(folder, *_NO_HOOKS, "status", "--porcelain", "--", str(path.absolute())))
            seen[commit.strip()] = seen.get(commit.strip(), False) or changed
    yield from seen.items()


def git(folder: Path, *words: str, stdin: str = "") -> str | None:
    """The output of git in a folder; None where it is not installed, fails or takes too long.

    It does not prompt, and starts no monitor that a repository from outside configures.
    """
    program = which("git")
    if program is None:
        return None
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        ended = subprocess.run(  # noqa: S603 - git, without a shell
            [program, "-c", "core.fsmonitor=false", "-C", str(folder), *words],
            input=stdin,
            capture_output=True,
            check=False,
            text=True,
            timeout=_SECONDS,
            env={**inherited, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return ended.stdout if ended.returncode == 0 else None
