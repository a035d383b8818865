"""``graphsc what-if``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import typer

from graphsc.cli.common import fail, known_codes, put, settings, show_problems
from graphsc.cli.owing import known_format
from graphsc.service import open_paths
from graphsc.text import Language, Text
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


def run(request: Request) -> None:
    """Compare as asked; exit code 2 when that cannot be done or some input not read, else 0."""
    found, problems = settings(
        as_of=request.as_of, language=request.language, select=request.select, ignore=request.ignore
    )
    language = found.language
    _need_numpy(language)
    from graphsc.rendering.what_if import FORMATS
    from graphsc.service.naming import UnknownNameError
    from graphsc.service.what_if import ScenarioError, scenario, what_if

    known_format(request.form, tuple(FORMATS), language)
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
    put(FORMATS[request.form](compared, language), request.output, language)
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


def _need_numpy(language: Language) -> None:
    if find_spec("numpy") is None:
        fail(
            Text(
                "NumPy er ikke installeret; det følger med graphsc[risk].",
                "NumPy is not installed; it comes with graphsc[risk].",
            ),
            language,
        )
