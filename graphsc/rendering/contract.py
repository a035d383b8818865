"""What the JSON of every command says alike: texts, places, what was read, and how the whole is written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Protocol

from graphsc.core import escape
from graphsc.core.location import Location
from graphsc.core.problems import Problem
from graphsc.core.text import Text


class Input(Protocol):
    """A file that was read."""

    @property
    def file(self) -> str:
        """Its name."""

    @property
    def sha256(self) -> str:
        """The digest of its content."""


def written(contents: object) -> str:
    """Contents as JSON that is safe in a page too."""
    return escape.json(json.dumps(contents, ensure_ascii=False, indent=2)) + "\n"


def both(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"da": text.da, "en": text.en}


def place(location: Location | None) -> dict[str, str | int | None] | None:
    """A location as the contracts write it: line and column, or sheet and cell; None for the derived."""
    if location is None:
        return None
    if location.cell is not None:
        return {"file": location.file, "sheet": location.sheet, "cell": location.cell}
    return {"file": location.file, "line": location.line, "column": location.column}


def read(inputs: Iterable[Input], problems: Iterable[Problem], *, partial: bool) -> dict[str, object]:
    """The files that were read, whether something is lacking, and what was wrong."""
    return {
        "inputs": [{"file": source.file, "sha256": source.sha256} for source in inputs],
        "partial": partial,
        "problems": [
            {"code": problem.code, "message": both(problem.message), "location": place(problem.location)}
            for problem in problems
        ],
    }
