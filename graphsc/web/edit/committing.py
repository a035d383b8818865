"""Commits of changes, if the folder is a git repository and the user asked for commits."""

from __future__ import annotations

from pathlib import Path
from shutil import which

from graphsc.core import escape
from graphsc.core.text import Text
from graphsc.service.report.repository import git

_LONGEST = 100
_OWN_CHANGES = Text(
    "Der er ikke lavet en commit: Filen havde ændringer, som ikke var i git i forvejen.",
    "No commit was made: the file had changes before that are not in git.",
)


class Committing:
    """Commits single files; a file with other uncommitted changes is left to the user."""

    def why_not(self, path: Path) -> Text | None:
        """The reason why nothing in a folder can be committed; None where it can."""
        if which("git") is None:
            return Text("git er ikke installeret", "git is not installed")
        if git(path if path.is_dir() else path.parent, "rev-parse", "--is-inside-work-tree") is None:
            return Text(f"{path.as_posix()} ligger ikke i git", f"{path.as_posix()} is not in git")
        return None

    def clean(self, path: Path) -> bool:
        """Whether a file is the same as in the last commit."""
        tracked = _beside(path, "ls-files", "--error-unmatch", "--", path.name) is not None
        return tracked and _beside(path, "diff", "HEAD", "--quiet", "--", path.name) == ""

    def commit(self, path: Path, was_clean: bool, title: str, writer: str | None) -> Text | None:
        """Commit a file; the reason why that failed, or None."""
        if not was_clean:
            return _OWN_CHANGES
        message = escape.brief(title, _LONGEST) + "\n" + (f"\nBy: {escape.brief(writer, _LONGEST)}\n" if writer else "")
        if _beside(path, "commit", "--quiet", "--only", "--file=-", "--", path.name, stdin=message) is None:
            return Text(
                "Der er ikke lavet en commit: Git afviste den. Det, der er skrevet, står i filen.",
                "No commit was made: git refused. What was written stands in the file.",
            )
        return None


def _beside(path: Path, *words: str, stdin: str = "") -> str | None:
    """The output of git in the folder of a file, whose name is taken literally."""
    return git(path.parent, "--literal-pathspecs", *words, stdin=stdin)
