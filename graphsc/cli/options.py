"""The options that commands share, each defined once.

Without ``from __future__ import annotations``, as the commands: typer would have to compile the text of every annotation.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any

import typer

from graphsc.core.text import Language, Text

_BETWEEN = "\v"


def both(danish: str, english: str) -> str:
    """A help text in both languages, as one string: typer keeps no other."""
    return f"{danish}{_BETWEEN}{english}"


def in_language(text: str, language: Language) -> str:
    """The part of a help text that is in a language."""
    danish, between, english = text.partition(_BETWEEN)
    return Text(danish, english)[language] if between else text


def option(*names: str, da: str, en: str, **settings: Any) -> Any:
    """An option of a command, with its help in both languages; a path with ``writable`` is written, any other is read."""
    return typer.Option(*names, help=both(da, en), **settings)


def argument(*, da: str, en: str, **settings: Any) -> Any:
    """An argument of a command, with its help in both languages."""
    return typer.Argument(help=both(da, en), **settings)


FILES = Text(
    "Filer og mapper: YAML, arbejdsbøger, Turtle, TriG, N-Triples, RDF/XML, JSON-LD, OCDS.",
    "Files and folders: YAML, workbooks, Turtle, TriG, N-Triples, RDF/XML, JSON-LD, OCDS.",
)
_OR_URL = Text(
    f"{FILES.da} Eller -, så læses YAML fra standard input, eller en URL, som --engine selv læser: N-Triples, N-Quads eller Parquet.",
    f"{FILES.en} Or -, for YAML on standard input, or a URL that --engine reads itself: N-Triples, N-Quads or Parquet.",
)
Paths = Annotated[list[Path], argument(da=_OR_URL.da, en=_OR_URL.en)]
AsOf = Annotated[
    str | None,
    option(
        "--as-of",
        metavar="DATE",
        da="Vurdér alt pr. denne dag (standard: i dag).",
        en="Judge everything as of this day (default: today).",
    ),
]
Lang = Annotated[
    str | None,
    option(
        "--lang",
        metavar="da|en",
        da="Sproget i det, der skrives (standard: miljøets).",
        en="Language of the output (default: the environment's).",
    ),
]
Engine = Annotated[
    str | None,
    option(
        "--engine",
        metavar="NAME",
        da="Hvad regler og shapes kører på: oxigraph, duckdb eller spark (standard: DuckDB til en stor graf, hvis den er installeret, ellers Oxigraph).",
        en="What rules and shapes run on: oxigraph, duckdb or spark (default: DuckDB for a large graph if it is installed, else Oxigraph).",
    ),
]
Verbose = Annotated[
    bool,
    option(
        "--verbose",
        da="Skriv på standardfejl, hvad regler og shapes kører på, og hvad der overlades til Oxigraph og hvorfor.",
        en="Tell on standard error what rules and shapes run on, and what is left to Oxigraph and why.",
    ),
]
Select = Annotated[
    list[str] | None,
    option(
        "--select",
        metavar="CODE",
        da="Kun disse regler; SUB er alle, der begynder sådan. Kan gentages eller skrives med komma imellem.",
        en="Only these rules; SUB means all that begin so. Repeatable, or with commas.",
    ),
]
Ignore = Annotated[
    list[str] | None,
    option(
        "--ignore",
        metavar="CODE",
        da="Alle regler undtagen disse. Kan gentages eller skrives med komma imellem.",
        en="All but these rules. Repeatable, or with commas.",
    ),
]


@dataclass(frozen=True)
class Given:
    """The options on settings that commands on data share; a parameter of this type stands for them all."""

    as_of: AsOf = None
    lang: Lang = None
    engine: Engine = None
    verbose: Verbose = False


@dataclass(frozen=True)
class Choosing(Given):
    """The same, and which rules are judged."""

    select: Select = None
    ignore: Ignore = None


Framework = Annotated[
    list[str] | None,
    option(
        "--framework",
        metavar="NAME",
        da="Også dette regelsæts pligter: nis2, dora, iso27001. Kan gentages.",
        en="The duties of this framework too: nis2, dora, iso27001. Repeatable.",
    ),
]
Output = Annotated[
    Path | None,
    option(
        "--output",
        "-o",
        metavar="FILE",
        writable=True,
        da="Skriv hertil i stedet for til standardoutput.",
        en="Write here instead of stdout.",
    ),
]
Color = Annotated[
    bool | None,
    option("--color/--no-color", da="Farver (standard: i en terminal).", en="Colour (default: on a terminal)."),
]


def as_format(danish: str, english: str) -> Any:
    """The option for how the output is to be written; its help names what there is."""
    return option("--format", "-f", da=danish, en=english)


Book = Annotated[
    Path,
    option(
        "--output",
        "-o",
        metavar="FILE",
        writable=True,
        da="Den arbejdsbog, der skrives; navnet ender på .xlsx.",
        en="The workbook to write, ending in .xlsx.",
    ),
]
Overwrite = Annotated[
    bool,
    option(
        "--overwrite",
        da="Overskriv en arbejdsbog, der findes i forvejen, men aldrig en af dem, der læses.",
        en="Write over a workbook that is there; never over an input.",
    ),
]


def spread(run: Callable[..., None]) -> Callable[..., None]:
    """A command for typer, which knows only single options: in place of a parameter whose type is a dataclass stand its fields."""
    groups: dict[str, Any] = {}
    parameters: list[Parameter] = []
    for name, parameter in signature(run).parameters.items():
        kind: Any = parameter.annotation
        if is_dataclass(kind):
            groups[name] = kind
            parameters += signature(groups[name]).parameters.values()
        else:
            parameters.append(parameter)

    @wraps(run)
    def command(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        run(**given)

    keywords = [parameter.replace(kind=Parameter.KEYWORD_ONLY) for parameter in parameters]
    command.__dict__["__signature__"] = Signature(keywords)
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in keywords}
    return command
