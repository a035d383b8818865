"""The group of commands, each imported when it is run, and the arguments that commands on data share."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections import UserDict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout, suppress
from difflib import get_close_matches
from importlib import import_module
from inspect import getdoc
from io import StringIO
from keyword import iskeyword
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from graphsc.cli.common import LANGUAGE, URLS, fail, note, spoken
from graphsc.cli.options import both, in_language, spread
from graphsc.core.problems import Reasoned, external_cause, is_url
from graphsc.core.settings import load
from graphsc.core.text import Language, Text
from graphsc.core.writing import reading, require_free

_USAGE_ERROR: Any = typer.BadParameter.__mro__[1]  # which typer keeps in a private module

INTERRUPTED = 130
"""The exit code after Ctrl-C, as a shell gives it: 128 and the number of the signal."""
_FRAME = {
    r"^Usage:": "Brug:",
    r"\[OPTIONS\]": "[TILVALG]",
    r"COMMAND \[ARGS\]\.\.\.": "KOMMANDO [ARGUMENTER]...",
    r"^Arguments:$": "Argumenter:",
    r"^Options:$": "Tilvalg:",
    r"^Commands:$": "Kommandoer:",
    r"\[default:": "[standard:",
    r"\[required\]": "[skal gives]",
    r"Install completion [^.]*\.": "Installér fuldførelse af kommandoer i din shell.",
    r"Show completion [^.]*\.": "Vis det, der installeres, så du kan tilpasse det.",
    r"Show this message and exit\.": "Vis denne hjælp, og stop.",
    r"^(\S+) completion installed in (.*)$": r"Fuldførelse af kommandoer i \1 er installeret i \2.",
    r"^Completion will take effect once you restart the terminal$": "Den virker, når du åbner en ny terminal.",
    r"^Shell (.*) is not supported\.$": r"Skallen \1 kendes ikke.",
}
"""What typer itself writes around the help texts and on completion, and the Danish for it."""
_LIMITS = {
    "int_parsing": "Skriv et helt tal.",
    "float_parsing": "Skriv et tal, fx 2.5.",
    "greater_than_equal": "Tallet skal være mindst {ge}.",
    "less_than_equal": "Tallet må højst være {le}.",
}
"""What is wrong with a value, by the kind of error that pydantic gives."""


class _ByModule(UserDict[str, Any]):
    """The commands by name, each imported when it is looked up: one command does not wait for what the others need."""

    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        imported = import_module(module(name))
        app: typer.Typer | None = getattr(imported, "app", None)
        if app is None:
            app = typer.Typer(rich_markup_mode=None, add_completion=False)
            help_ = both(imported.DANISH, str(getdoc(imported.run)))
            app.command(name, cls=COMMANDS[name], help=help_)(spread(imported.run))
        return get_command(app)


class Command(TyperCommand):
    """A command whose help is in the language of the reader, and that writes nothing over what it reads.

    ``told_apart`` are the options with a file that it reads and may still write anew, which it checks itself;
    ``whole_folders`` says that it reads tables in folders too, and what ``ignore-files`` names.
    """

    told_apart: frozenset[str] = frozenset()
    whole_folders = False

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; an error of usage knows its command."""
        ctx.allow_extra_args = True
        try:
            more = super().parse_args(ctx, args)
        except _USAGE_ERROR as error:
            error.cmd = self
            raise
        if more and not ctx.resilient_parsing:
            from graphsc.core import escape

            words = escape.line(" ".join(more))
            ctx.fail(_said(f"Der er for mange argumenter: {words}.", f"Got unexpected extra argument(s) ({words})"))
        return more

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Raises IsRead where a file that it is to write is one that it reads."""
        written = {param.name for param in self.params if is_written(param)}
        with reading(lambda: self._inputs(ctx, written)):
            require_free(*(path for name in written - self.told_apart for path in _paths(ctx.params[name])))
            return super().invoke(ctx)

    def _inputs(self, ctx: Any, written: Collection[str]) -> Iterator[Path]:
        """The files that the command line and the settings name to read, and those in folders that they name."""
        from graphsc.graph.loading import depended_on
        from graphsc.sources.files import CSV, SUFFIXES

        read = [param for param in self.params if param.name in ctx.params.keys() - written]
        texts = [ctx.params[param.name] for param in read if param.param_type_name == "argument"]
        given = [path for param in read for path in _paths(ctx.params[param.name])]
        given += [Path(text) for text in texts if isinstance(text, str)]  # a query is named or in a file
        settings, suffixes = load()[0], SUFFIXES | {".rq"}
        if self.whole_folders:
            settings.ignore_files, suffixes = (), suffixes | CSV
        yield from (path for path in given if path.is_file())
        yield from depended_on(given, settings, suffixes)
        if settings.baseline is not None:
            yield Path(settings.baseline)

    def get_help(self, ctx: Any) -> str:
        """The help as it is printed."""
        return _translated_frame(super().get_help(ctx))


def is_written(param: Any) -> bool:
    """Whether a parameter of a command is a file or a folder that it writes."""
    return bool(param.type_descriptor.parameter_info.writable)


def _paths(value: object) -> Iterator[Path]:
    """The paths in the value of a parameter."""
    return (item for item in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(item, Path))


class Group(TyperGroup):
    """A group of commands whose help is in the language of the reader."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name; where there is none, those of a similar name are told."""
        if args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = ", ".join(map(repr, get_close_matches(args[0], list(self.commands))))
            meant = Text(f" Mente du {near}?", f" Did you mean {near}?")[spoken()] if near else ""
            ctx.fail(_said(f"Kommandoen {args[0]} findes ikke.", f"No such command {args[0]!r}.") + meant)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """The help as it is printed."""
        return _translated_frame(super().get_help(ctx))


class Commands(Group):
    """The commands. What typer would leave with exit code 1, which means findings here, leaves with 2."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _ByModule(COMMANDS)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments, and set the language of all messages from here on: the one that they name, else that of the settings.

        Nothing of an earlier command in this process is left. ``help`` before a command is its ``--help``.
        """
        if args[:1] == ["help"]:
            args = [*args[1:], "--help"]
        LANGUAGE.set(next(filter(None, map(_named_language, args, [*args[1:], ""])), load()[0].language))
        URLS.set(())
        logging.getLogger("graphsc.graph.backend").handlers = []
        _translate(self)
        with _one_message(), _translated_output() if "--install-completion" in args else nullcontext():
            return super().parse_args(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, with its help in the language of the reader."""
        command = super().get_command(ctx, cmd_name)
        for item in [] if command is None else [command, *getattr(command, "commands", {}).values()]:
            _translate(item)
        return command

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        with _one_message():
            return super().invoke(ctx)


@contextmanager
def _one_message() -> Iterator[None]:
    """Stop with one message where the user, the input or the machine is the reason: exit code 2, and after Ctrl-C 130."""
    try:
        with _usage_errors():
            yield
    except BrokenPipeError:  # the reader, such as head, has had enough
        discard_output()
        raise typer.Exit(2) from None
    except (KeyboardInterrupt, typer.Abort):  # the second at a question
        note("graphsc: afbrudt", "graphsc: interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        reason = error.reason if isinstance(error, Reasoned) else external_cause(error)
        if reason is None:
            raise
        if isinstance(error, OSError):
            discard_output()
        fail(reason.da, reason.en)


def fill_streams() -> None:
    """Put something in the place of each standard stream that the caller has closed, which Python leaves out.

    Else the next file that is opened would have its number, and be written to as if it were the stream. There is nothing
    to read; what is written to the output cannot be written, as on a full disk; messages are for nobody.
    """
    for name, flags, mode in (("stdin", os.O_RDONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8"))


def discard_output() -> None:
    """Discard what is still buffered, so that closing a stream that nobody reads raises nothing at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _named_language(option: str, value: str) -> Language | None:
    """The language that an option with its value names."""
    name, equals, rest = option.partition("=")
    return next(
        (language for language in Language if name == "--lang" and (rest if equals else value) == language), None
    )


def _translate(command: Any) -> None:
    """Keep of the help texts of a command, and of what it takes, the language of the reader."""
    for item in (command, *command.params):
        item.help = in_language(item.help or "", spoken())


def _translated_frame(text: str) -> str:
    """What typer writes, its own words in the language of the reader."""
    if spoken() is Language.DA:
        for english, danish in _FRAME.items():
            text = re.sub(english, danish, text, flags=re.MULTILINE)
    return text


def _place(option: str, ctx: Any) -> Text | None:
    """Where an option is written that stands on the wrong side of the command; None for another."""
    root = ctx.find_root()
    if ctx is not root and _takes(root.command, option):
        return Text(
            f"Tilvalget {option} skrives før kommandoen: graphsc {option} … KOMMANDO",
            f"The option {option} is written before the command: graphsc {option} … COMMAND",
        )
    if ctx is root and any(_takes(root.command.commands[name], option) for name in COMMANDS):
        return Text(
            f"Tilvalget {option} skrives efter kommandoen: graphsc KOMMANDO {option} …",
            f"The option {option} is written after the command: graphsc COMMAND {option} …",
        )
    return None


def _takes(command: Any, option: str) -> bool:
    """Whether a command takes an option of this name."""
    return any(option in parameter.opts for parameter in command.params)


@contextmanager
def _usage_errors() -> Iterator[None]:
    """Print what is wrong with the usage in the language of the reader, and exit with typer's code for it, which is 2."""
    try:
        yield
    except _USAGE_ERROR as error:
        if error.ctx is not None and (place := _place(getattr(error, "option_name", ""), error.ctx)):
            error.message, error.possibilities = place[spoken()], []
        elif spoken() is Language.DA:
            error.message = _in_danish(error)
        text = StringIO()
        if spoken() is Language.EN or type(error).__name__ == "NoArgsIsHelpError":
            error.show(text)
        else:
            if error.ctx is not None:
                way = f"Skriv {error.ctx.command_path} {error.ctx.help_option_names[0]} for at få hjælp."
                text.write(f"{_translated_frame(error.ctx.get_usage())}\n{way}\n\n")
            text.write(f"Fejl: {error.message}\n")
        typer.echo(text.getvalue(), nl=False, err=True)
        raise typer.Exit(error.exit_code) from None


def _in_danish(error: Any) -> str:
    """What is wrong with the usage, from the kind of the error and what it is about; one of another kind as typer says it."""
    if getattr(error, "param", None) is not None:
        first, *others = error.param.opts if error.param.param_type_name == "option" else [error.param.display_name_raw]
        name = f"{first} ({', '.join(others)})" if others else first
        if type(error).__name__ == "MissingParameter":
            is_option = error.param.param_type_name == "option"
            return f"Tilvalget {name} skal gives." if is_option else f"Argumentet {name} mangler."
        for wrong in error.__cause__.errors()[:1] if hasattr(error.__cause__, "errors") else ():
            if wrong["type"] in _LIMITS:
                return f"{name}: {_LIMITS[wrong['type']].format(**wrong.get('ctx', {}))}"
        path = error.message.partition("'")[2].rpartition("'")[0]
        return f"{name}: {path} er skrivebeskyttet." if is_written(error.param) else f"{name}: {error.message}"
    name = getattr(error, "option_name", None)
    if name is None:
        return str(error.message)
    if hasattr(error, "possibilities"):
        meant = f" Mente du {', '.join(sorted(error.possibilities))}?" if error.possibilities else ""
        from graphsc.core import escape

        return f"Tilvalget {escape.line(name)} findes ikke.{meant}"
    option = next((param for param in error.cmd.params if name in param.opts), None) if error.cmd is not None else None
    if option is None or option.is_flag:
        return f"Tilvalget {name} skal stå uden værdi."
    return f"Tilvalget {name} skal have {'en værdi' if option.nargs == 1 else f'{option.nargs} værdier'}."


def _said(danish: str, english: str) -> str:
    return Text(danish, english)[spoken()]


@contextmanager
def _translated_output() -> Iterator[None]:
    """Print what typer prints in the language of the reader."""
    text = StringIO()
    try:
        with redirect_stdout(text):
            yield
    finally:
        typer.echo(_translated_frame(text.getvalue()), nl=False)


class OnData(Command):
    """A command on data, in files, in folders or at a URL."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; URLs are kept as they are written, which paths would not do."""
        ctx.meta["urls"] = [word for word in args if is_url(word)]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command on the paths in one order."""
        paths = ctx.params.get("paths") or ()
        URLS.set(tuple(word for word in ctx.meta["urls"] if Path(word) in paths))
        if paths:
            ctx.params["paths"] = sorted(paths)  # the same files give the same bytes, in any order
        return super().invoke(ctx)


class Judging(OnData):
    """The command that writes a baseline anew, though it may read it."""

    told_apart = frozenset({"write_baseline"})


class Importing(Command):
    """The command that writes an import anew, though it may be in the register that it compares with."""

    told_apart = frozenset({"output"})
    whole_folders = True


class Pairing(OnData):
    """A command with options that take two values and can be repeated, which typer cannot declare."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for parameter in self.params:
            if parameter.name in {"merge", "add_alternative"}:
                parameter.nargs = 2


COMMANDS: Mapping[str, type[Command]] = {
    "init": Command,
    "validate": Judging,
    "questions": OnData,
    "workbook": Command,
    "ask": OnData,
    "import": Importing,
    "risk": OnData,
    "duties": OnData,
    "raci": OnData,
    "coverage": OnData,
    "what-if": Pairing,
    "map": OnData,
    "report": OnData,
    "serve": OnData,
    "rules": Command,
    "explain": OnData,
    "query": OnData,
    "queries": Command,
    "config": Command,
}
"""The commands in the order that help lists them, each with its kind."""


def module(command: str) -> str:
    """The module with a command: named as the command, as far as Python allows; what the command does is its ``run``."""
    name = command.replace("-", "")
    return f"graphsc.cli.commands.{name}{'_' if iskeyword(name) else ''}"
