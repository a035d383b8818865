"""``graphsc map``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer

from graphsc.cli.common import fail, known_codes, need_analysis, put, settings, show_problems
from graphsc.cli.progress import progress
from graphsc.core.text import Language, Text


@dataclass(slots=True)
class Asked:
    """The part of the command line that other commands share."""

    as_of: str | None
    language: str | None
    select: list[str] | None
    ignore: list[str] | None


def run(paths: Sequence[Path], output: Path, dates: str | None, asked: Asked) -> None:
    """Write the map of the input; exit 2 when some input could not be read."""
    found, problems = settings(as_of=asked.as_of, language=asked.language, select=asked.select, ignore=asked.ignore)
    language = found.language
    need_analysis(language)
    _need_pyvis(language)
    from graphsc.rendering.map.page import render
    from graphsc.rendering.map.title import title
    from graphsc.service.map import MOST_DATES, mapped

    days = _dates(dates, MOST_DATES, language)
    with progress(language) as step:
        shown = mapped(paths, found, problems, days, step)
        known_codes(found, shown.rules, shown.problems)
        step(Text("Skriver kortet", "Writing the map"))
        page = render(shown, title=title(shown.picture), language=language)
    put(page, output, language)
    show_problems(shown.problems, language)
    typer.echo(Text(f"Kortet er skrevet: {output}", f"The map is written: {output}")[language], err=True)
    raise typer.Exit(2 if shown.problems else 0)


def _need_pyvis(language: Language) -> None:
    """Leave when what draws the map is not installed."""
    from importlib.util import find_spec

    missing = [name for name in ("pyvis", "jinja2") if find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        fail(
            Text(
                f"{names} er ikke installeret; det følger med graphsc[map].",
                f"{names} is not installed; it comes with graphsc[map].",
            ),
            language,
        )


def _dates(text: str | None, most: int, language: Language) -> list[date]:
    """The dates that a person writes with commas between; leaves when one is none, or there are too many."""
    found: list[date] = []
    for part in (text or "").split(","):
        if not part.strip():
            continue
        try:
            found.append(date.fromisoformat(part.strip()))
        except ValueError:
            fail(
                Text(
                    f"--dates er datoer som 2025-11-25,2026-05-25, ikke {part.strip()}",
                    f"--dates are dates such as 2025-11-25,2026-05-25, not {part.strip()}",
                ),
                language,
            )
    found = sorted(set(found))
    if len(found) > most:
        fail(
            Text(
                f"--dates tager højst {most} datoer, ikke {len(found)}.",
                f"--dates takes at most {most} dates, not {len(found)}.",
            ),
            language,
        )
    return found
