"""What the commands share: settings from the command line, printing, writing files, leaving with a message."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from graphsc.cli.chosen import ENDPOINT, LANGUAGE
from graphsc.core.endpoint import Endpoint
from graphsc.core.location import Location
from graphsc.core.problems import Problem, why
from graphsc.core.settings import FILE_NAME, SEVERITIES, Settings, load
from graphsc.core.text import Language, Text
from graphsc.core.writing import write_whole

Form = TypeVar("Form", bound=str)
_PIECE = 4096


def debugging() -> bool:
    """Whether a crash should show where it happened."""
    return bool(os.environ.get("GRAPHSC_DEBUG"))


def fail(message: Text, language: Language) -> NoReturn:
    """Leave with one message and exit code 2: the tool could not do what was asked."""
    from graphsc.core import escape

    typer.echo(f"graphsc: {escape.line(message[language])}", err=True)
    raise typer.Exit(2)


def settings(
    *,
    as_of: str | None = None,
    language: str | None = None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    fail_on: str | None = None,
    frameworks: list[str] | None = None,
) -> tuple[Settings, list[Problem]]:
    """The settings in force: the command line over what file and environment say."""
    found, problems = load()
    if language is not None:
        if language not in set(Language):
            fail(Text(f"--lang er da eller en, ikke {language}", f"--lang is da or en, not {language}"), found.language)
        found.language = Language(language)
        found.origin["language"] = "--lang"
    LANGUAGE.set(found.language)
    if as_of is not None:
        try:
            found.as_of = date.fromisoformat(as_of)
        except ValueError:
            fail(
                Text(
                    f"--as-of skal være en dato som 2026-11-25, ikke {as_of}",
                    f"--as-of must be a date such as 2026-11-25, not {as_of}",
                ),
                found.language,
            )
        found.origin["as_of"] = "--as-of"
    fail_on = "info" if fail_on == "note" else fail_on  # what the output calls it
    if fail_on is not None:
        if fail_on not in (*SEVERITIES, "never"):
            fail(
                Text(
                    f"--fail-on er violation, warning, note eller never, ikke {fail_on}",
                    f"--fail-on is violation, warning, note or never, not {fail_on}",
                ),
                found.language,
            )
        found.fail_on = fail_on
        found.origin["fail_on"] = "--fail-on"
    _choose_server(found, problems)
    if select:
        found.select, found.origin["select"] = _listed(select), "--select"
    if ignore:
        found.ignore, found.origin["ignore"] = _listed(ignore), "--ignore"
    if frameworks:
        found.frameworks, found.origin["frameworks"] = _known_frameworks(frameworks, found.language), "--framework"
    return found, problems


def _listed(given: Sequence[str]) -> tuple[str, ...]:
    """What an option names, given several times or with commas between."""
    return tuple(name.strip() for names in given for name in names.split(","))


def _known_frameworks(given: Sequence[str], language: Language) -> tuple[str, ...]:
    """The frameworks asked for; leaves when there is none of that name."""
    from graphsc.core.frameworks import names

    known = names()
    for name in given:
        if name not in known:
            near = hint(name, known)
            choices = ", ".join(known)
            fail(
                Text(
                    f"ukendt regelsæt: {name}. Vælg {choices}.{near.da}",
                    f"unknown framework: {name}. Choose {choices}.{near.en}",
                ),
                language,
            )
    return tuple(sorted(set(given)))


def colored(choice: bool | None) -> bool:
    """Whether to colour: as asked, else on a terminal where NO_COLOR is not set."""
    if choice is not None:
        return choice
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def cannot_write(path: Path, error: OSError, language: Language) -> NoReturn:
    """Leave because a file cannot be written."""
    reason = why(error)
    fail(Text(f"{path} kan ikke skrives: {reason.da}", f"{path} cannot be written: {reason.en}"), language)


def put(text: str | bytes, output: Path | None, language: Language) -> None:
    """Print, or write a whole file or none; bytes go to a file."""
    if output is None:
        assert isinstance(text, str)
        for start in range(0, len(text), _PIECE):  # an unbuffered stream takes a part of a long text, silently
            sys.stdout.write(text[start : start + _PIECE])
        sys.stdout.flush()
        return
    try:
        write_whole(output, text)
    except OSError as error:
        cannot_write(output, error, language)


def show_problems(problems: Sequence[Problem], language: Language) -> None:
    """Say on stderr what could not be read."""
    from graphsc.core import escape

    for problem in problems:
        place = escape.line(str(problem.location))
        typer.echo(f"{place}: error[{problem.code}]: {escape.line(problem.message[language])}", err=True)


def known_codes(found: Settings, codes: Collection[str], problems: Sequence[Problem]) -> None:
    """Leave when the settings name a rule, or a family of rules, that there is none of.

    What could not be read is said first: the rule may stand there.
    """
    for name in (*found.select, *found.ignore, *found.severity):
        if not name or not any(code.startswith(name) for code in codes):
            show_problems(problems, found.language)
            near = hint(name, codes)
            fail(Text(f"ukendt regel: {name}.{near.da}", f"unknown rule: {name}.{near.en}"), found.language)


def known_format(form: str, formats: Sequence[Form], language: Language) -> Form:
    """The format of that name; leaves when there is none."""
    known = next((one for one in formats if one == form), None)
    if known is None:
        near = hint(form, formats)
        names = ", ".join(formats)
        fail(
            Text(f"ukendt format: {form}. Vælg {names}.{near.da}", f"unknown format: {form}. Choose {names}.{near.en}"),
            language,
        )
    return known


def _choose_server(found: Settings, problems: list[Problem]) -> None:
    """The server named before the command, over that of the environment.

    A file may say at which of its addresses, and no more: it may be a stranger's, and what is read would be sent there.
    """
    endpoint = ENDPOINT.get()
    if endpoint is not None:
        try:
            found.endpoint = Endpoint.at(endpoint)
        except ValueError:
            fail(
                Text(
                    f"--endpoint skal være en adresse som http://127.0.0.1:7878, ikke {endpoint}",
                    f"--endpoint must be an address such as http://127.0.0.1:7878, not {endpoint}",
                ),
                found.language,
            )
        found.origin["endpoint"] = "--endpoint"
    if found.offered is not None and found.endpoint is None:
        place = found.offered.shown
        problems.append(
            Problem(
                "endpoint-not-named",
                Text(
                    f"Serveren {place} bruges kun, når --endpoint eller GRAPHSC_ENDPOINT også nævner den; der er intet sendt.",
                    f"The server {place} is used only when --endpoint or GRAPHSC_ENDPOINT names it too; nothing was sent.",
                ),
                Location(found.origin.pop("endpoint", FILE_NAME)),
            )
        )
    elif found.offered is not None and found.endpoint is not None and found.offered.lies_under(found.endpoint):
        found.endpoint = found.offered
    if found.endpoint is not None:
        _need_urllib3(found.language)


def _need_urllib3(language: Language) -> None:
    from importlib.util import find_spec

    if find_spec("urllib3") is None:
        fail(
            Text(
                "urllib3 er ikke installeret; det følger med graphsc[server].",
                "urllib3 is not installed; it comes with graphsc[server].",
            ),
            language,
        )


def need_analysis(language: Language) -> None:
    """Leave when what the measures need is not installed."""
    from importlib.util import find_spec

    missing = [name for name in ("networkx", "numpy", "scipy") if find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        fail(
            Text(
                f"{names} er ikke installeret; det følger med graphsc[risk].",
                f"{names} is not installed; it comes with graphsc[risk].",
            ),
            language,
        )


def need_report(language: Language) -> None:
    """Leave when what the report needs is not installed."""
    from importlib.util import find_spec

    need_analysis(language)
    if find_spec("jinja2") is None:
        fail(
            Text(
                "jinja2 er ikke installeret; det følger med graphsc[report].",
                "jinja2 is not installed; it comes with graphsc[report].",
            ),
            language,
        )


def hint(name: str, known: Collection[str]) -> Text:
    """Whether the nearest known name was meant, as the end of a message; what reads files is loaded only for that."""
    from graphsc.sources import reporting

    return reporting.hint(name, known)
