"""The plans of the shipped shapes, compiled before they are needed.

They stand in ``shapes/plans.jsonl``, each under a digest of everything that its shape says. A plan is used only for a
shape that says exactly that, and only while the compiler is the one that made it: what has changed is compiled anew.
Run ``python -m graphsc.validation.generated`` when a shape or the compiler has changed.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from graphsc.resources import knowledge
from graphsc.validation.compiler import Plan, ShapesGraph
from graphsc.validation.compiler.custom import components
from graphsc.validation.compiler.model import Node
from graphsc.validation.compiler.reasons import Refused
from graphsc.validation.compiler.storing import restored

FILE = "shapes/plans.jsonl"
_MODULES = ("validation/compiler", "sparql", "written_forms.py")


def plans(graph: ShapesGraph, *, lost: frozenset[str]) -> dict[Node, Plan]:
    """The plans that are known of the shapes of a graph; ``lost`` as in ``compile_graph``."""
    known = _known()
    if not known or _extended(graph):
        return {}
    found: dict[Node, Plan] = {}
    for node in graph.roots():
        entry = known.get(graph.digest(node))
        if entry is not None and entry["shape"] == str(node) and _stands(entry["forms"], lost):
            found[node] = restored(entry, graph)
    return found


def _stands(forms: list[str] | None, lost: frozenset[str]) -> bool:
    """Whether a plan is the same when values of some properties are lost; ``forms`` are those that it looks at."""
    return not lost or (forms is not None and lost.isdisjoint(forms))


@cache
def _known() -> dict[str, dict[str, Any]]:
    """The stored plans by digest; none where they are not there or another compiler made them."""
    try:
        text = knowledge(FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    first, *lines = text.splitlines()
    if first != compiler():
        return {}
    entries = (json.loads(line) for line in lines)
    return {entry["digest"]: entry for entry in entries}


@cache
def compiler() -> str:
    """What stands for the compiler as it is: a digest of its source."""
    package = files("graphsc")
    digest = sha256()
    for name in _MODULES:
        place = package.joinpath(*name.split("/"))
        modules = [place] if place.is_file() else sorted(place.iterdir(), key=lambda one: one.name)
        for module in modules:
            if module.name.endswith(".py"):
                digest.update(module.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _extended(graph: ShapesGraph) -> bool:
    """Whether a shapes graph has constraint components of its own, which any of its shapes may use."""
    try:
        return bool(components(graph))
    except Refused:
        return True
