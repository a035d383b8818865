"""Other frameworks than the guide, such as NIS 2 or DORA: shipped knowledge that applies once it is switched on.

A framework is the file ``ontology/frameworks/NAME.ttl`` and, where its conditions need derivation rules, the folder
``ontology/frameworks/NAME`` with SPARQL. No framework is named in this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graphsc.core.resources import knowledge, knowledge_files

_FOLDER = "ontology/frameworks"


def names() -> tuple[str, ...]:
    """The frameworks that can be switched on, in name order."""
    return tuple(file.name.removesuffix(".ttl") for file in knowledge_files(_FOLDER, ".ttl"))


def descriptions(switched_on: Iterable[str] | None = None) -> list[Path]:
    """The Turtle files of the frameworks that are switched on (all when None); an unknown name is passed over."""
    selected = set(names() if switched_on is None else switched_on)
    return [file for file in knowledge_files(_FOLDER, ".ttl") if file.name.removesuffix(".ttl") in selected]


def derivations(switched_on: Iterable[str]) -> Iterator[Path]:
    """The SPARQL files of the frameworks that are switched on; a rule's name is framework and file, such as ``nis2-agreement``."""
    folders = {entry.name for entry in knowledge(_FOLDER).iterdir() if entry.is_dir()}
    for name in sorted(folders.intersection(switched_on, names())):
        yield from knowledge_files(f"{_FOLDER}/{name}", ".rq")
