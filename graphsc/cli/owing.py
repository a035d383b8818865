"""``graphsc duties`` and ``graphsc raci``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import typer

from graphsc.cli.common import colored, fail, hint, known_codes, known_format, put, settings, show_problems
from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.duties.duties import State
from graphsc.duties.results import Duties, Wanted
from graphsc.service import Opened, open_paths
from graphsc.service.duties import chosen, duties, span
from graphsc.service.lookup import UnknownNameError

_FORMATS = ("text", "json", "csv", "markdown", "ics")
_MOST = ("agreements", "roles", "duties")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the duties, as written on the command line."""

    holder: str | None = None
    role: str | None = None
    person: str | None = None
    agreement: str | None = None
    within: str | None = None
    states: tuple[str, ...] = ()
    gaps: bool = False
    most: tuple[str, ...] = ()
    if_leaves: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """How the answer is to be printed, as written on the command line."""

    form: str
    output: Path | None
    as_of: str | None
    language: str | None
    color: bool | None = None


def run(paths: list[Path], asked: Asked, printed: Printed) -> None:
    """Print the duties, their gaps or a handover; exit code 2 when they cannot be asked for or some input not read."""
    on = _day(asked.on, settings(language=printed.language)[0].language)
    if asked.if_leaves is not None and printed.as_of is None:
        printed = replace(printed, as_of=on)
    found, problems = settings(as_of=printed.as_of, language=printed.language)
    _fits(asked, printed, found)
    states = tuple(_state(text, found.language) for text in asked.states)
    most = dict(_limit(text, found.language) for text in asked.most)
    if asked.if_leaves is not None:
        _show_handover(asked.if_leaves, open_paths(paths, found, problems), printed)
        return
    try:
        within = None if asked.within is None else span(asked.within)
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
        _leave_unknown(error, opened)
    if asked.gaps:
        _show_gaps(opened, wanted, most, printed)
        return
    shown = duties(opened, wanted)
    known_codes(found, shown.rules, shown.problems)
    put(_written(shown, printed, found.language), printed.output, found.language)
    _leave(shown.problems, found.language)


def _fits(asked: Asked, printed: Printed, found: Settings) -> None:
    """Leave when options are given that do not go together, or a format that there is none of."""
    plain = asked.gaps or asked.if_leaves is not None
    known_format(printed.form, _FORMATS[:-1] if plain else _FORMATS, found.language)
    if printed.form == "ics" and find_spec("icalendar") is None:
        fail(
            Text(
                "icalendar er ikke installeret; det følger med graphsc[calendar].",
                "icalendar is not installed; it comes with graphsc[calendar].",
            ),
            found.language,
        )
    choices = (asked.holder, asked.role, asked.person, asked.agreement)
    for first, second, together in (
        ("--gaps", "--if-leaves", asked.gaps and asked.if_leaves is not None),
        ("--gaps", "--within", asked.gaps and asked.within is not None),
        ("--gaps", "--state", asked.gaps and bool(asked.states)),
        ("--if-leaves", "--within", asked.if_leaves is not None and asked.within is not None),
        ("--if-leaves", "--state", asked.if_leaves is not None and bool(asked.states)),
        ("--if-leaves", "--holder, --role, --person, --agreement", asked.if_leaves is not None and any(choices)),
        ("--on", "--as-of", asked.on is not None and printed.as_of not in {None, asked.on}),
    ):
        if together:
            fail(
                Text(f"{first} går ikke sammen med {second}", f"{first} does not go together with {second}"),
                found.language,
            )
    for option, given, needed, there in (
        ("--most", bool(asked.most), "--gaps", asked.gaps),
        ("--on", asked.on is not None, "--if-leaves", asked.if_leaves is not None),
    ):
        if given and not there:
            fail(Text(f"{option} hører til {needed}", f"{option} belongs to {needed}"), found.language)


def _show_gaps(opened: Opened, wanted: Wanted, most: dict[str, int], printed: Printed) -> None:
    from graphsc.rendering.duties import gaps as pages
    from graphsc.service.gaps import gaps

    language = opened.settings.language
    shown = gaps(opened, wanted, most)
    put(pages.render(shown, printed.form, language=language), printed.output, language)
    _leave(shown.problems, language)


def _show_handover(person: str, opened: Opened, printed: Printed) -> None:
    from graphsc.rendering.duties import handover as pages
    from graphsc.service.gaps import if_leaves

    language = opened.settings.language
    try:
        shown = if_leaves(opened, person)
    except UnknownNameError as error:
        _leave_unknown(error, opened)
    put(pages.render(shown, printed.form, language=language), printed.output, language)
    _leave(shown.problems, language)


def show_matrices(paths: list[Path], agreement: str | None, organisation: str | None, printed: Printed) -> None:
    """Print the matrices of responsibility; exit code 2 when they cannot be asked for or some input not read."""
    from graphsc.rendering.duties import raci as pages
    from graphsc.service.raci import raci

    found, problems = settings(as_of=printed.as_of, language=printed.language)
    known_format(printed.form, pages.FORMATS, found.language)
    opened = open_paths(paths, found, problems)
    try:
        shown = raci(opened, agreement=agreement, organisation=organisation)
    except UnknownNameError as error:
        _leave_unknown(error, opened)
    put(pages.render(shown, printed.form, language=found.language), printed.output, found.language)
    _leave(shown.problems, found.language)


def _written(shown: Duties, printed: Printed, language: Language) -> str:
    match printed.form:
        case "json":
            from graphsc.rendering.duties import json

            return json.render(shown)
        case "csv":
            from graphsc.rendering.duties import csv

            return csv.render(shown, language=language)
        case "markdown":
            from graphsc.rendering.duties import markdown

            return markdown.render(shown, language=language)
        case "ics":
            from graphsc.rendering.duties import calendar

            return calendar.render(shown, language=language)
    from graphsc.rendering.duties import text

    return text.render(shown, language=language, color=colored(printed.color) and printed.output is None)


def _state(text: str, language: Language) -> State:
    known = {str(state).replace(" ", "-"): state for state in State}
    if text not in known:
        near = hint(text, list(known))
        fail(
            Text(
                f"ukendt tilstand: {text}. Vælg {', '.join(known)}.{near.da}",
                f"unknown state: {text}. Choose {', '.join(known)}.{near.en}",
            ),
            language,
        )
    return known[text]


def _day(text: str | None, language: Language) -> str | None:
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError:
        fail(
            Text(
                f"--on skal være en dato som 2026-11-25, ikke {text}",
                f"--on must be a date such as 2026-11-25, not {text}",
            ),
            language,
        )


def _limit(text: str, language: Language) -> tuple[str, int]:
    """How much one person may have of what: ``agreements=8``."""
    what, _, number = text.partition("=")
    if what not in _MOST or not number.isascii() or not number.isdigit() or len(number) > 9:
        fail(
            Text(
                f"--most er {', '.join(f'{name}=N' for name in _MOST)}, ikke {text}",
                f"--most is {', '.join(f'{name}=N' for name in _MOST)}, not {text}",
            ),
            language,
        )
    return f"many-{what}", int(number)


def _leave_unknown(error: UnknownNameError, opened: Opened) -> NoReturn:
    """Leave because a name stands for nothing; what could not be read is said first: it may stand there."""
    language = opened.settings.language
    show_problems([*opened.problems, *opened.sources.problems], language)
    fail(error.reason, language)


def _leave(problems: Sequence[Problem], language: Language) -> None:
    """Leave with exit code 2 when some input could not be read, and say what."""
    if problems:
        show_problems(problems, language)
        raise typer.Exit(2)
