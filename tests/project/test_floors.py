"""The layout: every module imports from its own floor or a lower floor, without cycles, and stays small."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx
import pytest
from repository import REPOSITORY

from graphsc.cli.group import COMMANDS, module

PACKAGE = REPOSITORY / "graphsc"
FLOORS = (
    "core",
    "sparql",
    "sources",
    "graph",
    "relational",
    "derivation",
    "shacl",
    "analysis",
    "validation",
    "explanation",
    "duties",
    "coverage",
    "whatif",
    "drawing",
    "service",
    "rendering",
    "web",
    "cli",
)
"""The packages of graphsc, from the ground up; docs/architecture.md draws them."""
LINES = 600
ARROWS = 90
"""The most pairs of packages of which one knows the other: whoever changes a package reads those that know it."""
COMMANDS_PACKAGE = "cli/commands"
"""A module for each command, however many there are: one looks for a command by its name, not by its kind."""


def modules() -> dict[str, Path]:
    names = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        names[".".join(parts).removesuffix(".__init__")] = path
    return names


MODULE_FILES = modules()


def imported(path: Path) -> Iterator[str]:
    """The modules of graphsc that a module imports, wherever in it the import stands, and be it for types alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "graphsc":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULE_FILES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "graphsc")


@cache
def imports() -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(MODULE_FILES)
    graph.add_edges_from((name, other) for name, path in MODULE_FILES.items() for other in imported(path))
    return graph


def floor(module: str) -> int | None:
    parts = module.split(".")
    return FLOORS.index(parts[1]) if len(parts) > 1 and parts[1] in FLOORS else None


def test_every_package_has_a_floor() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert packages == set(FLOORS)
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


def test_the_page_for_newcomers_lists_the_same_floors() -> None:
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \d+ \| `(\w+)`", page, re.MULTILINE) == list(FLOORS)


def test_no_module_imports_from_a_higher_floor() -> None:
    upward = [
        (module, other)
        for module, other in imports().edges
        if (here := floor(module)) is not None and (there := floor(other)) is not None and there > here
    ]
    assert upward == []


def test_few_packages_know_each_other() -> None:
    packages = {tuple(name.split(".")[1] for name in edge) for edge in imports().edges if all("." in n for n in edge)}
    assert sum(here != there for here, there in packages) <= ARROWS


def test_a_rendering_is_made_from_results() -> None:
    """What is read from a dataset is read on a lower floor or by a use case, and handed over."""
    queried = (
        "graphsc.graph.dataset import Dataset",
        "graphsc.core.resources import",
        "graphsc.validation.shapes import",
    )
    reading = [
        name
        for name, path in MODULE_FILES.items()
        if name.startswith("graphsc.rendering.") and any(text in path.read_text(encoding="utf-8") for text in queried)
    ]
    assert reading == []


def test_no_modules_import_each_other_in_a_cycle() -> None:
    assert [sorted(part) for part in nx.strongly_connected_components(imports()) if len(part) > 1] == []


@pytest.mark.parametrize("name", sorted(MODULE_FILES))
def test_a_module_is_small(name: str) -> None:
    assert len(MODULE_FILES[name].read_text(encoding="utf-8").splitlines()) <= LINES


def test_each_command_has_a_module_of_its_name() -> None:
    modules = {path.stem for path in (PACKAGE / COMMANDS_PACKAGE).glob("*.py")} - {"__init__"}
    assert modules == {module(command).rpartition(".")[2] for command in COMMANDS}
