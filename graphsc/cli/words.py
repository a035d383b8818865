"""How the words of a command are read, and how a command that stops short is left."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from graphsc.cli.chosen import LANGUAGE
from graphsc.core.problems import Unavailable, around
from graphsc.core.text import Language, Text


class Commands(TyperGroup):
    """The commands, with the ways of leaving that typer would give exit code 1, which here means findings."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the words name."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader, such as head, has had enough
            forget_output()
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            typer.echo("graphsc: afbrudt / interrupted", err=True)
            raise typer.Exit(2) from None
        except Exception as error:
            reason = around(error)
            if reason is None:
                raise
            if isinstance(error, OSError):
                forget_output()
            from graphsc.cli.common import fail
            from graphsc.core.settings import environment_language

            fail(reason, LANGUAGE.get() or environment_language())


def forget_output() -> None:
    """Have what still waits to be written go nowhere, without a word."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class OnData(TyperCommand):
    """A command on data, whose paths may be given as ``--store DIR`` too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of the command; the folder of a store stands where a path would."""
        rest, stores = list(args), list[str]()
        for place, word in reversed(list(enumerate(args[: args.index("--")] if "--" in args else args))):
            if word == "--store" and place + 1 < len(args):
                stores = [args[place + 1], *stores]
                del rest[place : place + 2]
            elif word.startswith("--store="):
                stores = [word.removeprefix("--store="), *stores]
                del rest[place]
        ctx.meta["stores"] = stores
        return super().parse_args(ctx, [*rest, *stores])

    def invoke(self, ctx: Any) -> Any:
        """Run the command, unless what was given as a store is no whole one: it would be read as a folder of files."""
        from graphsc.graph.store.folder import is_store

        for store in ctx.meta["stores"]:
            if not is_store(Path(store)):
                if ctx.params.get("lang") in set(Language):
                    LANGUAGE.set(Language(ctx.params["lang"]))
                raise Unavailable(
                    Text(
                        f"{store} er ikke et helt lager; graphsc load … --store {store} gør det til et.",
                        f"{store} is not a whole store; graphsc load … --store {store} makes it one.",
                    )
                )
        if ctx.params.get("output") is not None and _is_read(ctx.params["output"], ctx.params.get("paths") or ()):
            output = ctx.params["output"]
            raise Unavailable(
                Text(
                    f"{output} er en af de filer, der læses; skriv til en anden.",
                    f"{output} is one of the files that are read; write to another.",
                )
            )
        if ctx.params.get("paths"):
            ctx.params["paths"] = sorted(ctx.params["paths"])  # the same files give the same bytes, in any order
        return super().invoke(ctx)


def _is_read(output: Path, paths: Iterable[Path]) -> bool:
    """Whether a file that is to be written is there and among those to read."""
    from graphsc.sources.files import SUFFIXES

    if output.suffix.lower() not in SUFFIXES - {".json"} or not output.is_file():
        return False
    there = output.resolve()
    return any(path.resolve() in (there, *there.parents) for path in paths)


class Pairing(OnData):
    """A command some of whose options take two words and can be repeated, which typer cannot say by itself."""

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        for parameter in self.params:
            if parameter.name in {"merge", "add_alternative"}:
                parameter.nargs = 2
