"""Where the knowledge files are: ontology, shapes and queries, in a checkout or an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse


def knowledge(name: str) -> Path:
    """A folder or file of the knowledge, such as ``ontology`` or ``ontology/schemes.ttl``.

    A wheel carries them inside the package; a checkout has them beside it. The current directory
    plays no part. Raises FileNotFoundError when neither place has it.
    """
    package = Path(__file__).parent.parent
    for root in (package / "_knowledge", package.parent):
        if (entry := root / name).exists():
            return entry
    raise FileNotFoundError(f"graphsc is not fully installed: {name} is missing")


def knowledge_files(folder: str, suffix: str) -> list[Path]:
    """The files with this suffix directly in a knowledge folder, in name order."""
    return sorted(knowledge(folder).glob(f"*{suffix}"))


@cache
def knowledge_text(name: str) -> str:
    """The text of a knowledge file, such as ``ontology/context/periods.rq``, read once."""
    return knowledge(name).read_text(encoding="utf-8")


@cache
def statements(file: Path) -> tuple[Quad, ...]:
    """The quads of a Turtle file of the knowledge; parsed once and cached."""
    return tuple(parse(file.read_bytes(), RdfFormat.TURTLE))


def cases() -> list[Path]:
    """The cases that test the rules, in name order: among the tests in a checkout, with the knowledge in a wheel."""
    try:
        return knowledge_files("cases", ".yaml")
    except FileNotFoundError:
        return knowledge_files("tests/cases", ".yaml")
