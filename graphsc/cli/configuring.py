"""``graphsc config show`` and ``graphsc init``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

import typer

from graphsc.cli.common import cannot_write, fail, settings, show_problems
from graphsc.core.identifiers import illegal_in_iri, is_absolute
from graphsc.core.resources import knowledge
from graphsc.core.text import Language, Text
from graphsc.core.writing import write_whole

_BASE = "https://example.org/id/"
_NAME = Text("Vores organisation", "Our organisation")


def show(as_of: str | None, language: str | None) -> None:
    """Print each setting, its value and its origin; exit code 2 when the file says something wrongly."""
    found, problems = settings(as_of=as_of, language=language)
    default = Text("standard", "default")[found.language]
    values: dict[str, object] = {
        "as-of": found.as_of,
        "base": found.base,
        "baseline": found.baseline or "-",
        "endpoint": found.endpoint.shown if found.endpoint else "-",
        "fail-on": found.fail_on,
        "frameworks": ", ".join(found.frameworks) or "-",
        "ignore": ", ".join(found.ignore) or "-",
        "ignore-files": ", ".join(found.ignore_files) or "-",
        "knowledge": ", ".join(found.knowledge) or "-",
        "language": found.language.value,
        "parameters": ", ".join(f"{name}={value}" for name, value in sorted(found.parameters.items())) or "-",
        "select": ", ".join(found.select) or "-",
        "severity": ", ".join(f"{code}={level}" for code, level in sorted(found.severity.items())) or "-",
    }
    for name, value in values.items():
        typer.echo(f"{name:<12} {value!s:<28} {found.origin.get(name.replace('-', '_'), default)}")
    show_problems(problems, found.language)
    if problems:
        raise typer.Exit(2)


def start(folder: Path, name: str | None, base: str | None, language: str | None) -> None:
    """Write a folder to begin with; exit code 2, and nothing written, where one of its files is there already."""
    found, _ = settings(language=language)
    chosen = found.language
    if name is None:
        name = _NAME[chosen]
        if sys.stdin.isatty():
            name = typer.prompt(
                Text("Hvad hedder organisationen?", "What is the organisation called?")[chosen], default=name
            )
            if base is None:
                asked = Text("Hvilken base skal jeres id'er have?", "Which base shall your ids have?")
                base = typer.prompt(asked[chosen], default=_BASE)
    base = base or _BASE
    if not is_absolute(base) or illegal_in_iri(base) is not None:
        fail(
            Text(
                f"--base er en hel IRI som {_BASE}, ikke {base}", f"--base is a whole IRI such as {_BASE}, not {base}"
            ),
            chosen,
        )
    files = {
        folder / path: text.replace("@BASE@", base).replace("@NAME@", json.dumps(name, ensure_ascii=False))
        for path, text in _files(knowledge(f"ontology/start/{chosen.value}"))
    }
    taken = next((path for path in files if path.exists()), None)
    if taken is not None:
        fail(
            Text(
                f"{taken} findes i forvejen; der er intet skrevet.", f"{taken} is there already; nothing was written."
            ),
            chosen,
        )
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
        except OSError as error:
            cannot_write(path, error, chosen)
    typer.echo(_next(folder, list(files), chosen))


def _files(folder: Traversable, within: str = "") -> Iterator[tuple[str, str]]:
    """Each file beneath a folder of the knowledge: its path in there, and its text."""
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _files(entry, f"{within}{entry.name}/")
        else:
            yield f"{within}{entry.name}", entry.read_text(encoding="utf-8")


def _next(folder: Path, files: list[Path], language: Language) -> str:
    listed = "\n".join(f"  {path}" for path in files)
    return Text(
        f"Skrevet:\n{listed}\nPrøv nu: cd {folder} && graphsc validate data",
        f"Written:\n{listed}\nNow try: cd {folder} && graphsc validate data",
    )[language]
