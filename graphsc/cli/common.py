"""What the commands share: settings from the command line, printing, writing files, stopping with a message."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer

from graphsc.cli.options import Choosing, Given
from graphsc.core.problems import Problem, Reasoned, reason_of
from graphsc.core.settings import SEVERITIES, Settings, environment_language, load
from graphsc.core.text import Language, Text
from graphsc.core.writing import write_all

if TYPE_CHECKING:
    from graphsc.service import Opened

Form = TypeVar("Form", bound=str)
URLS: ContextVar[tuple[str, ...]] = ContextVar("urls", default=())
"""The URLs among the data that a command is to read, as written."""
LANGUAGE: ContextVar[Language | None] = ContextVar("language", default=None)
"""The language that a command was asked to speak."""
_CHUNK = 4096
PATIENCE = 1.0
"""Seconds before anything is shown."""
_ENGINES: dict[str, tuple[str, tuple[str, ...]]] = {
    "oxigraph": ("", ()),
    "duckdb": ("relational", ("duckdb",)),
    "spark": ("spark", ("pyspark", "sqlglot")),
}
"""What can run rules and shapes, each with its extra of the distribution and the libraries in that."""
_DISTRIBUTIONS = {"pyshacl": "pySHACL", "prometheus_client": "prometheus-client"}
"""How libraries are called whose module has another name."""


def debugging() -> bool:
    """Whether a crash should show where it happened."""
    return bool(os.environ.get("GRAPHSC_DEBUG"))


def spoken() -> Language:
    """The language that the command speaks: as asked, else that of the environment."""
    return LANGUAGE.get() or environment_language()


def note(danish: str, english: str) -> None:
    """Say something beside the result, on stderr."""
    typer.echo(Text(danish, english)[spoken()], err=True)


def fail(danish: str, english: str) -> NoReturn:
    """Stop with one message and exit code 2, by typer.Exit: the command cannot be carried out."""
    from graphsc.core import escape

    note(*(f"graphsc: {escape.line(text)}" for text in (danish, english)))
    raise typer.Exit(2)


@contextmanager
def naming(opened: Opened) -> Iterator[None]:
    """Stop where a name stands for nothing; what could not be read is printed first: the name may be in there."""
    try:
        yield
    except Reasoned as error:
        show_problems(opened.unread)
        fail(error.reason.da, error.reason.en)


def read_settings(
    given: Given | None = None,
    *,
    fail_on: str | None = None,
    frameworks: list[str] | None = None,
    judged_from: str | None = None,
) -> tuple[Settings, list[Problem]]:
    """The settings in force, and problems of the file they are in: the command line overrides environment and file."""
    settings, problems = load()
    given = given or Given()
    LANGUAGE.set(settings.language)

    def take(name: str, value: object, option: str) -> None:
        setattr(settings, name, value)
        settings.origin[name] = option

    if given.lang is not None:
        if given.lang not in set(Language):
            fail(f"--lang er da eller en, ikke {given.lang}", f"--lang is da or en, not {given.lang}")
        take("language", Language(given.lang), "--lang")
        LANGUAGE.set(settings.language)
    if given.as_of is not None:
        take("as_of", day("--as-of", given.as_of), "--as-of")
    if judged_from is not None:
        take("judged_from", day("--judged-from", judged_from), "--judged-from")
    if fail_on is not None:
        if fail_on not in (*SEVERITIES, "never"):
            fail(
                f"--fail-on er breach, question, note eller never, ikke {fail_on}",
                f"--fail-on is breach, question, note or never, not {fail_on}",
            )
        take("fail_on", fail_on, "--fail-on")
    _choose_engine(settings, given.engine, verbose=given.verbose)
    settings.urls = URLS.get()
    chosen = {"select": given.select, "ignore": given.ignore} if isinstance(given, Choosing) else {}
    for name, codes in chosen.items():
        if codes:  # given several times, or with commas between
            take(name, tuple(code.strip() for some in codes for code in some.split(",")), f"--{name}")
    if frameworks:
        from graphsc.core.frameworks import names

        for framework in frameworks:
            check_name(framework, names(), Text("regelsæt", "framework"))
        take("frameworks", tuple(sorted(set(frameworks))), "--framework")
    return settings, problems


def day(option: str, text: str) -> date:
    """The day that an option gives; stops when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(
            f"{option} skal være en dato som 2026-11-25, ikke {text}",
            f"{option} must be a date such as 2026-11-25, not {text}",
        )


def check_name(name: str, names: Sequence[Form], kind: Text) -> Form:
    """The name, if it is among ``names``; stops when it is not, and lists the names of that kind."""
    match = next((choice for choice in names if choice == name), None)
    if match is None:
        near, choices = hint(name, names), ", ".join(names)
        fail(
            f"ukendt {kind.da}: {name}. Vælg {choices}.{near.da}",
            f"unknown {kind.en}: {name}. Choose {choices}.{near.en}",
        )
    return match


def colored(choice: bool | None) -> bool:
    """Whether to colour: as asked, else on a terminal where NO_COLOR is not set."""
    if choice is not None:
        return choice
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def cannot_write(path: Path, error: OSError) -> NoReturn:
    """Stop because a file cannot be written."""
    reason = reason_of(error)
    fail(f"{path.as_posix()} kan ikke skrives: {reason.da}", f"{path.as_posix()} cannot be written: {reason.en}")


def require_file(output: Path | None) -> None:
    """Stop where a workbook would be printed."""
    if output is None:
        fail("xlsx skrives til en fil: brug --output", "xlsx is written to a file: use --output")


def write_output(text: str | bytes, output: Path | None = None, *, rewriting: bool = False) -> None:
    """Print, or write a file whole or not at all; bytes always go to a file, with ``rewriting`` one that may be an input."""
    if output is None:
        assert isinstance(text, str)
        for start in range(0, len(text), _CHUNK):  # an unbuffered stream would write only a part of a long text
            sys.stdout.write(text[start : start + _CHUNK])
        sys.stdout.flush()
        return
    write_files({output: text}, rewriting=rewriting)


def write_files(contents: Mapping[Path, str | bytes], *, rewriting: bool = False, folders: bool = False) -> None:
    """Write files as `write_all` does; stops where that cannot be done."""
    try:
        write_all(contents, rewriting=rewriting, folders=folders)
    except OSError as error:
        cannot_write(Path(error.filename), error)


def show_problems(problems: Iterable[Problem]) -> None:
    """Print on stderr what could not be read."""
    from graphsc.core import escape

    word = Text("fejl", "error")[spoken()]
    for problem in problems:
        place = escape.line(str(problem.location))
        typer.echo(f"{place}: {word}[{problem.code}]: {escape.line(problem.message[spoken()])}", err=True)


def check_codes(settings: Settings, codes: Collection[str], problems: Iterable[Problem]) -> None:
    """Stop when the settings name a rule, or a family of rules, that does not exist.

    What could not be read is printed first: the rule may be defined there.
    """
    from graphsc.validation import unknown_code

    if (name := unknown_code(settings, codes)) is not None:
        show_problems(problems)
        near = hint(name, codes)
        fail(f"ukendt regel: {name}.{near.da}", f"unknown rule: {name}.{near.en}")


def check_format(form: str, formats: Sequence[Form]) -> Form:
    """The format, if it is among ``formats``; stops when it is not."""
    return check_name(form, formats, Text("format", "format"))


def _choose_engine(settings: Settings, name: str | None, *, verbose: bool) -> None:
    """Take the engine of ``--engine``, and say so if it gives up; with ``verbose`` say which engine does what, also without a choice.

    No file may choose an engine, since it may come with a stranger's data.
    """
    if name is not None:
        settings.executor = check_name(name, list(_ENGINES), Text("motor", "engine"))
        extra, modules = _ENGINES[name]
        require(extra, *modules)
    level = logging.DEBUG if verbose else logging.INFO if name is not None else logging.WARNING
    log = logging.getLogger("graphsc.graph.backend")
    log.setLevel(level)
    if level < logging.WARNING and not log.handlers:  # serve reads the settings again and again
        from graphsc.graph.backend import report_to

        report_to(lambda text: note(text.da, text.en))


def require(extra: str, *modules: str) -> None:
    """Stop when a library that comes with an extra of the distribution is not installed."""
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        names = ", ".join(_DISTRIBUTIONS.get(name, name) for name in missing)
        fail(
            f"{names} er ikke installeret; det følger med graphsc[{extra}].",
            f"{names} {'are' if len(missing) > 1 else 'is'} not installed; {'they come' if len(missing) > 1 else 'it comes'} with graphsc[{extra}].",
        )


def require_analysis() -> None:
    """Stop when the libraries that the measures of risk need are not installed."""
    require("risk", "networkx")


def stop_if_unread(problems: Collection[Problem]) -> None:
    """Print what could not be read, and stop with exit code 2, by typer.Exit, if there is any."""
    if problems:
        show_problems(problems)
        raise typer.Exit(2)


def hint(name: str, names: Collection[str]) -> Text:
    """Whether the nearest of the names was meant, as the end of a message; what reads files is loaded only for that."""
    from graphsc.sources import reporting

    return reporting.hint(name, names)


def require_new(output: Path, overwrite: bool) -> None:
    """Stop at a file that is no workbook, or, without ``--overwrite``, is there."""
    if output.suffix.lower() != ".xlsx":
        fail(f"{output.as_posix()} skal ende på .xlsx", f"{output.as_posix()} must end in .xlsx")
    if output.exists() and not overwrite:
        fail(
            f"{output.as_posix()} findes allerede; vælg et andet navn, eller brug --overwrite",
            f"{output.as_posix()} exists already; choose another name, or use --overwrite",
        )


def not_written() -> NoReturn:
    """Stop because a workbook would lack what could not be read."""
    fail(
        "arbejdsbogen er ikke skrevet: Den ville mangle det, der ikke kunne læses",
        "the workbook was not written: it would lack what could not be read",
    )


@contextmanager
def progress() -> Iterator[Callable[[Text], None]]:
    """A function to tell what is being done next; a spinner shows the latest once it has taken a while."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    status = Console(stderr=True).status("")
    timer = Timer(PATIENCE, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda text: status.update(f"{text[spoken()]} …")
    finally:
        timer.cancel()
        timer.join()
        status.stop()
