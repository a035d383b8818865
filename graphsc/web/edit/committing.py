"""A commit of what was written, where the folder is a git repository and the user asked for commits."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from graphsc.core import escape
from graphsc.core.text import Text

_SECONDS = 20
_LONGEST = 100
_OWN_CHANGES = Text(
    "Der er ikke lavet en commit: Filen havde ændringer, som ikke var i git i forvejen.",
    "No commit was made: the file had changes before that are not in git.",
)


class Committing:
    """Makes commits of single files; a file with changes that are not ours is left to the user."""

    def __init__(self) -> None:
        self._git = shutil.which("git")

    def why_not(self, path: Path) -> Text | None:
        """Why nothing in a folder can be committed; None where it can."""
        if self._git is None:
            return Text("git er ikke installeret", "git is not installed")
        folder = path if path.is_dir() else path.parent
        if _run([self._git, "-C", str(folder), "rev-parse", "--is-inside-work-tree"]) is None:
            return Text(f"{path} ligger ikke i git", f"{path} is not in git")
        return None

    def clean(self, path: Path) -> bool:
        """Whether a file is as its last commit has it."""
        words = ["ls-files", "--error-unmatch", "--", path.name]
        return (
            self._output(path, words) is not None
            and self._output(path, ["diff", "HEAD", "--quiet", "--", path.name]) == ""
        )

    def commit(self, path: Path, was_clean: bool, title: str, writer: str | None) -> Text | None:
        """Commit a file; why that could not be done, or None."""
        if not was_clean:
            return _OWN_CHANGES
        message = escape.brief(title, _LONGEST) + "\n" + (f"\nBy: {escape.brief(writer, _LONGEST)}\n" if writer else "")
        if self._output(path, ["commit", "--quiet", "--only", "--file=-", "--", path.name], message) is None:
            return Text(
                "Der er ikke lavet en commit: Git afviste den. Det, der er skrevet, står i filen.",
                "No commit was made: git refused. What was written stands in the file.",
            )
        return None

    def _output(self, path: Path, words: list[str], stdin: str = "") -> str | None:
        assert self._git is not None
        literal = ["-c", "core.fsmonitor=false", "--literal-pathspecs", "-C", str(path.parent)]
        return _run([self._git, *literal, *words], stdin)


def _run(command: list[str], stdin: str = "") -> str | None:
    """What a command says; None where it fails or takes too long."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        ended = subprocess.run(  # noqa: S603 - git, without a shell
            command,
            input=stdin,
            capture_output=True,
            check=False,
            text=True,
            timeout=_SECONDS,
            env={**environment, "GIT_TERMINAL_PROMPT": "0"},
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return ended.stdout if ended.returncode == 0 else None
