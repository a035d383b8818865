"""``graphsc config show``."""

from __future__ import annotations

import typer

from graphsc.cli.common import settings, show_problems
from graphsc.core.text import Text


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
