"""Writes the files of the ontology folder that are made from the ontology: the context and the schema."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graphsc.core.writing import write_whole
from graphsc.sources.context import context_text
from graphsc.sources.schema import schema_text

FILES: dict[str, Callable[[], str]] = {"context.jsonld": context_text, "graphsc.schema.json": schema_text}
"""The name of each file in ``ontology/``, and what makes its text."""


def write(folder: Path) -> None:
    """Write every generated file into a folder."""
    for name, text in sorted(FILES.items()):
        write_whole(folder / name, text())


if __name__ == "__main__":
    write(Path("ontology"))
