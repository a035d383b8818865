"""``graphsc duties`` and ``graphsc raci``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import typer

from graphsc.cli.common import colored, fail, known_codes, put, settings, show_problems, suggestion
from graphsc.problems import Problem
from graphsc.responsibility.duties import State
from graphsc.service import Opened, open_paths
from graphsc.service.duties import Duties, chosen, duties, span
from graphsc.service.naming import UnknownNameError
from graphsc.settings import Settings
from graphsc.text import Language, Text

_FORMATS = ("text", "json", "csv", "markdown", "ics")


@dataclass(frozen=True, slots=True)
class Asked:
    """The duties asked for, as written on the command line."""

    holder: str | None = None
    role: str | None = None
    person: str | None = None
    agreement: str | None = None
    within: str | None = None
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Printed:
    """How the answer is to be printed, as written on the command line."""

    form: str
    output: Path | None
    as_of: str | None
    language: str | None
    color: bool | None = None


def show_duties(paths: list[Path], asked: Asked, printed: Printed) -> None:
    """Print the duties; exit code 2 when they cannot be asked for or some input not read."""
    found, problems = settings(as_of=printed.as_of, language=printed.language)
    known_format(printed.form, _FORMATS, found.language)
    if printed.form == "ics" and find_spec("icalendar") is None:
        fail(
            Text(
                "icalendar er ikke installeret; det følger med graphsc[calendar].",
                "icalendar is not installed; it comes with graphsc[calendar].",
            ),
            found.language,
        )
    states = tuple(_state(text, found.language) for text in asked.states)
    within = None
    if asked.within is not None:
        try:
            within = span(asked.within)
        except ValueError:
            fail(
                Text(
                    f"--within er en varighed som 30d, 2w, 3m eller 1y, ikke {asked.within}",
                    f"--within is a length of time such as 30d, 2w, 3m or 1y, not {asked.within}",
                ),
                found.language,
            )
    opened = open_paths(paths, found, problems)
    try:
        wanted = chosen(
            opened,
            holder=asked.holder,
            role=asked.role,
            person=asked.person,
            agreement=asked.agreement,
            within=within,
            states=states,
        )
    except UnknownNameError as error:
        leave_unknown(error, opened, found)
    shown = duties(opened, wanted)
    known_codes(found, shown.rules, shown.problems)
    put(_written(shown, printed, found.language), printed.output, found.language)
    leave(shown.problems, found.language)


def _written(shown: Duties, printed: Printed, language: Language) -> str:
    match printed.form:
        case "json":
            from graphsc.rendering.responsibility import json

            return json.render(shown)
        case "csv":
            from graphsc.rendering.responsibility import csv

            return csv.render(shown, language=language)
        case "markdown":
            from graphsc.rendering.responsibility import markdown

            return markdown.render(shown, language=language)
        case "ics":
            from graphsc.rendering.responsibility import calendar

            return calendar.render(shown, language=language)
    from graphsc.rendering.responsibility import text

    return text.render(shown, language=language, color=colored(printed.color) and printed.output is None)


def _state(text: str, language: Language) -> State:
    known = {str(state).replace(" ", "-"): state for state in State}
    if text not in known:
        near = suggestion(text, list(known))
        fail(
            Text(
                f"ukendt tilstand: {text}. Vælg {', '.join(known)}.{near.da}",
                f"unknown state: {text}. Choose {', '.join(known)}.{near.en}",
            ),
            language,
        )
    return known[text]


def known_format(form: str, formats: tuple[str, ...], language: Language) -> None:
    """Leave when there is no such format."""
    if form not in formats:
        near = suggestion(form, formats)
        names = ", ".join(formats)
        fail(
            Text(f"ukendt format: {form}. Vælg {names}.{near.da}", f"unknown format: {form}. Choose {names}.{near.en}"),
            language,
        )


def leave_unknown(error: UnknownNameError, opened: Opened, found: Settings) -> NoReturn:
    """Leave because a name stands for nothing; what could not be read is said first: it may stand there."""
    show_problems([*opened.problems, *opened.sources.problems], found.language)
    fail(error.reason, found.language)


def leave(problems: Sequence[Problem], language: Language) -> None:
    """Leave with exit code 2 when some input could not be read, and say what."""
    if problems:
        show_problems(problems, language)
        raise typer.Exit(2)
