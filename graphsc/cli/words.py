"""How the words of a command are read, and how a command that stops short is left."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from graphsc.cli.chosen import LANGUAGE
from graphsc.core.problems import Unavailable


class Commands(TyperGroup):
    """The commands, with the ways of leaving that typer would give exit code 1, which here means findings."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the words name."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader, such as head, has had enough
            with suppress(OSError, ValueError):  # what is still waiting to be written goes nowhere, without a word
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            typer.echo("graphsc: afbrudt / interrupted", err=True)
            raise typer.Exit(2) from None
        except Unavailable as error:
            from graphsc.cli.common import fail
            from graphsc.core.settings import environment_language

            fail(error.reason, LANGUAGE.get() or environment_language())


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
        return super().parse_args(ctx, [*rest, *stores])


class Pairing(OnData):
    """A command some of whose options take two words and can be repeated, which typer cannot say by itself."""

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        for parameter in self.params:
            if parameter.name in {"merge", "add_alternative"}:
                parameter.nargs = 2
