"""Writes the plans of the shipped shapes, which ``graphsc.validation.planned`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from graphsc import frameworks
from graphsc.graph import SHAPES, load
from graphsc.settings import Settings
from graphsc.sources.model import Sources
from graphsc.validation.compiler import ShapesGraph, compile_graph
from graphsc.validation.compiler.storing import stored
from graphsc.validation.planned import FILE, compiler

_SIBLINGS = "qualifiedValueShapesDisjoint"  # such a shape is judged by what stands beside it too


class _Everything(frozenset[str]):
    """Every property there may be."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __len__(self) -> int:
        return 1


def lines() -> Iterator[str]:
    """The lines of the file: the compiler, and each plan by the order of the shapes."""
    yield compiler()
    dataset = load(Sources([], []), Settings(as_of=date.min, frameworks=frameworks.names()))
    graph = ShapesGraph(dataset.shapes())
    plain = compile_graph(graph, SHAPES, lost=frozenset()).plans
    careful = compile_graph(graph, SHAPES, lost=_Everything()).plans
    for node, plan in sorted(plain.items(), key=lambda item: str(item[0])):
        if not graph.says(node, _SIBLINGS):
            entry = {"digest": graph.digest(node), "always": careful.get(node) == plan} | stored(plan)
            yield json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def write(file: Path) -> None:
    """Write the plans into a file."""
    file.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(FILE))
