"""Where the knowledge files are: ontology, shapes and queries, in a checkout or an installed wheel."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def knowledge(name: str) -> Traversable:
    """A folder or file of the knowledge, such as ``ontology`` or ``ontology/schemes.ttl``.

    A wheel carries them inside the package; a checkout has them beside it. The current directory
    plays no part. Raises FileNotFoundError when neither place has it.
    """
    package = files("graphsc")
    parts = name.split("/")
    for root in (package.joinpath("_knowledge"), package.joinpath("..")):
        entry = root.joinpath(*parts)
        if entry.is_dir() or entry.is_file():
            return entry
    raise FileNotFoundError(f"graphsc is not fully installed: {name} is missing")


def knowledge_files(folder: str, suffix: str) -> list[Traversable]:
    """The files with this suffix directly in a knowledge folder, in name order."""
    entries = [entry for entry in knowledge(folder).iterdir() if entry.is_file() and entry.name.endswith(suffix)]
    return sorted(entries, key=lambda entry: entry.name)


def knowledge_text(name: str) -> str:
    """The text of a knowledge file, such as ``ontology/context/periods.rq``."""
    return knowledge(name).read_text(encoding="utf-8")


def cases() -> list[Traversable]:
    """The cases that test the rules, in name order: among the tests in a checkout, with the knowledge in a wheel."""
    try:
        return knowledge_files("cases", ".yaml")
    except FileNotFoundError:
        return knowledge_files("tests/cases", ".yaml")
