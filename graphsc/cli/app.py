"""The command line put together: its commands in the order that help lists them."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Annotated

import typer

from graphsc import __version__
from graphsc.cli.group import INTERRUPTED, Commands, discard_output, fill_streams
from graphsc.cli.options import both, option
from graphsc.core.disk_cache import use_folder

app = typer.Typer(
    name="graphsc",
    cls=Commands,
    help=both(
        "En myndigheds leverandørkæde som en graf: hvem der leverer hvad til hvem, hvilke pligter det giver hvem, og hvad der er galt.",
        "The supply chain of an authority as a graph: who delivers what to whom, who owes what because of it, and what is wrong.",
    ),
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"graphsc {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # its callback prints it
        bool,
        option(
            "--version", callback=_version, is_eager=True, da="Vis versionen, og stop.", en="Show the version and stop."
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the command line. A crash exits 2 like all else that keeps the tool from checking."""
    try:
        fill_streams()
        use_folder()
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # output is UTF-8 wherever it goes
                reconfigure(encoding="utf-8", errors="replace", newline="\n")
        app(prog_name="graphsc")
    except KeyboardInterrupt:  # before or after the command itself
        discard_output()
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        from graphsc.cli.common import debugging
        from graphsc.core import escape
        from graphsc.core.problems import external_cause
        from graphsc.core.settings import environment_language

        if debugging():
            raise
        reason = external_cause(error)
        what = escape.brief(f"{type(error).__name__}: {error}")
        hint = "GRAPHSC_DEBUG=1 viser hvor / shows where"
        internal = f"intern fejl / internal error: {what} ({hint})"
        with suppress(OSError):  # stderr may be closed too
            typer.echo(f"graphsc: {reason[environment_language()] if reason is not None else internal}", err=True)
        discard_output()
        raise SystemExit(2) from None
