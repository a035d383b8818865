"""``graphsc what-if``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import typer

from graphsc.cli.common import colored, fail, known_codes, known_format, need_analysis, put, settings, show_problems
from graphsc.core.text import Text
from graphsc.service import open_paths
from graphsc.validation.catalogue import rules as catalogue


@dataclass(slots=True)
class Request:
    """The command line of one ``what-if``."""

    paths: list[Path]
    without: list[str]
    without_countries: list[str]
    mergers: list[tuple[str, str]]
    alternatives: list[tuple[str, str]]
    outage: str | None
    form: str
    output: Path | None
    as_of: str | None
    language: str | None
    select: list[str] | None
    ignore: list[str] | None
    color: bool | None


def run(request: Request) -> None:
    """Compare as asked; exit code 2 when that cannot be done or some input not read, else 0."""
    found, problems = settings(
        as_of=request.as_of, language=request.language, select=request.select, ignore=request.ignore
    )
    language = found.language
    need_analysis(language)
    from graphsc.rendering.whatif import FORMATS, render
    from graphsc.service.lookup import UnknownNameError
    from graphsc.service.whatif import ScenarioError, scenario, what_if

    known_format(request.form, FORMATS, language)
    form = next(name for name in FORMATS if name == request.form)
    opened = open_paths(request.paths, found, problems)
    unread = sorted({*opened.problems, *opened.sources.problems}, key=lambda problem: problem.order)
    known_codes(found, catalogue(opened.dataset, found.severity), unread)
    try:
        supposed = scenario(
            opened,
            without=request.without,
            without_countries=request.without_countries,
            mergers=request.mergers,
            alternatives=request.alternatives,
            outage=request.outage,
        )
    except (ScenarioError, UnknownNameError) as error:
        show_problems(unread, language)  # the name may stand where nothing could be read
        fail(error.reason, language)
    compared = what_if(opened, supposed)
    colour = colored(request.color) and request.output is None
    put(render(form, compared, language=language, colour=colour), request.output, language)
    if compared.partial:
        show_problems(compared.problems, language)
        typer.echo(
            Text(
                "Sammenligningen er ufuldstændig: noget kunne ikke læses.",
                "The comparison is partial: some input could not be read.",
            )[language],
            err=True,
        )
        raise typer.Exit(2)
