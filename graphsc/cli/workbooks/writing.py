"""``graphsc workbook``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import typer

from graphsc.cli.common import fail, put, settings, show_problems
from graphsc.core.text import Language, Text


def workbook(paths: list[Path], output: Path, overwrite: bool, as_of: str | None, language: str | None) -> None:
    """Write the register as a workbook; exit code 2, and no workbook, when some input was not read."""
    found, problems = settings(as_of=as_of, language=language)
    need_workbook(found.language)
    free(output, paths, overwrite, found.language)
    from graphsc.rendering.register.book import render
    from graphsc.rendering.register.tasks import tasks
    from graphsc.service.registers.register import register

    kept = register(paths, found, problems)
    if kept.report.problems:
        show_problems(kept.report.problems, found.language)
        fail(
            Text(
                "arbejdsbogen er ikke skrevet: den ville mangle det, der ikke kunne læses",
                "the workbook was not written: it would lack what could not be read",
            ),
            found.language,
        )
    what = tasks(kept.report, kept.due, found.language)
    put(render(kept.content, what, language=found.language, as_of=found.as_of), output, found.language)
    raise typer.Exit(0)


def need_workbook(language: Language) -> None:
    """Leave when what workbooks need is not installed."""
    missing = [name for name in ("xlsxwriter", "python_calamine") if find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        fail(
            Text(
                f"{names} er ikke installeret; det følger med graphsc[workbook].",
                f"{names} is not installed; it comes with graphsc[workbook].",
            ),
            language,
        )


def free(output: Path, inputs: list[Path], overwrite: bool, language: Language) -> None:
    """Leave rather than write over a file that is an input, or, unless told to, over any."""
    if output.suffix.lower() != ".xlsx":
        fail(Text(f"{output} skal ende på .xlsx", f"{output} must end in .xlsx"), language)
    if not output.exists():
        return
    if any(path.exists() and (path.samefile(output) or path.resolve() in output.resolve().parents) for path in inputs):
        fail(
            Text(
                f"{output} er selv et input; skriv arbejdsbogen et andet sted",
                f"{output} is itself an input; write the workbook somewhere else",
            ),
            language,
        )
    if not overwrite:
        fail(
            Text(
                f"{output} findes allerede; vælg et andet navn, eller brug --overwrite",
                f"{output} exists already; choose another name, or use --overwrite",
            ),
            language,
        )
