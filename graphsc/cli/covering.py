"""``graphsc coverage``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import typer

from graphsc.cli.common import colored, fail, known_codes, known_format, put, settings, show_problems
from graphsc.core.text import Language, Text
from graphsc.rendering.coverage import FORMATS, render
from graphsc.service import open_paths
from graphsc.service.coverage import coverage
from graphsc.service.lookup import UnknownNameError


def run(
    paths: list[Path],
    form: str,
    output: Path | None,
    agreement: str | None,
    statements: bool,
    as_of: str | None,
    language: str | None,
    color: bool | None,
) -> None:
    """Print how the guide is covered; exit code 2 when it cannot be said or some input was not read."""
    found, problems = settings(as_of=as_of, language=language)
    known_format(form, FORMATS, found.language)
    _fits(form, output, found.language)
    if agreement is not None and not paths:
        fail(Text("--agreement kræver et input", "--agreement needs an input"), found.language)
    opened = open_paths(paths, found, problems)
    try:
        shown = coverage(opened, agreement=agreement)
    except UnknownNameError as error:
        show_problems([*opened.problems, *opened.sources.problems], found.language)
        fail(error.reason, found.language)
    known_codes(found, shown.rules, shown.problems)
    written = render(
        form,
        shown,
        language=found.language,
        statements=statements or not paths,
        colour=colored(color) and output is None,
    )
    put(written, output, found.language)
    show_problems(shown.problems, found.language)
    raise typer.Exit(2 if shown.problems else 0)


def _fits(form: str, output: Path | None, language: Language) -> None:
    """Leave when a workbook is asked for that cannot be made."""
    if form != "xlsx":
        return
    if output is None:
        fail(Text("xlsx skrives til en fil: brug --output", "xlsx is written to a file: use --output"), language)
    if find_spec("xlsxwriter") is None:
        fail(
            Text(
                "XlsxWriter er ikke installeret; det følger med graphsc[xlsx].",
                "XlsxWriter is not installed; it comes with graphsc[xlsx].",
            ),
            language,
        )
