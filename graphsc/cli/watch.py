"""Doing the same again whenever a file is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import sleep

import typer

from graphsc.cli.common import spoken
from graphsc.core.settings import load
from graphsc.core.text import Text

_PAUSE = 0.5
_WAITING = Text("Venter på, at noget gemmes. Ctrl-C slutter.", "Waiting for something to be saved. Ctrl-C ends.")


def watched(run: Callable[[], None], paths: Sequence[Path], output: Path | None) -> int:
    """Run, and run again after each change of the files or of the configuration; the last exit code, once interrupted.

    What is written to ``output`` is no change.
    """
    code = 0
    try:
        while True:
            before = _state(paths, output)
            code = _exit_code(run)
            typer.echo(f"\n{_WAITING[spoken()]}", err=True)
            while _state(paths, output) == before:
                sleep(_PAUSE)
    except KeyboardInterrupt:
        return code


def _exit_code(run: Callable[[], None]) -> int:
    try:
        run()
    except typer.Exit as left:
        return left.exit_code
    return 0


def _state(paths: Sequence[Path], output: Path | None) -> tuple[object, ...]:
    from graphsc.web.desk import stamp

    settings, _ = load()
    return tuple(entry for entry in stamp(paths, settings) if output is None or entry[0] != str(output))
