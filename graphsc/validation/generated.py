"""Writes the plans of the shipped shapes, which ``graphsc.validation.planned`` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from graphsc import frameworks
from graphsc.graph import SHAPES
from graphsc.loading import load
from graphsc.settings import Settings
from graphsc.sources.model import Sources
from graphsc.validation.compiler import Plan, Refused, ShapesGraph
from graphsc.validation.compiler.compiling import Compiler
from graphsc.validation.compiler.model import Node
from graphsc.validation.compiler.storing import stored
from graphsc.validation.planned import FILE, compiler

_IRI = re.compile(r"<([^<>]+)>")
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
    for node in graph.roots():
        plan = _plan(graph, node, frozenset())
        if plan is not None and not graph.says(node, _SIBLINGS):
            entry = {"digest": graph.digest(node), "forms": _forms(graph, node, plan)} | stored(plan)
            yield json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def _plan(graph: ShapesGraph, node: Node, lost: frozenset[str]) -> Plan | None:
    try:
        return Compiler(graph, SHAPES, [], lost=lost).plan(node)
    except Refused:
        return None


def _forms(graph: ShapesGraph, node: Node, plan: Plan) -> list[str] | None:
    """The properties that have another plan when values of theirs are lost; None where those of any property do."""
    if _plan(graph, node, _Everything()) == plan:
        return []
    if _plan(graph, node, frozenset({"urn:graphsc:none"})) != plan:
        return None
    named = sorted({iri for query in plan.queries for iri in _IRI.findall(query.text)})
    return [iri for iri in named if _plan(graph, node, frozenset({iri})) != plan]


def write(file: Path) -> None:
    """Write the plans into a file."""
    file.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(FILE))
