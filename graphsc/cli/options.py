"""The options that commands share, each defined once."""

from __future__ import annotations

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


_FILES = Text(
    "Filer og mapper: YAML, arbejdsbøger, Turtle, TriG, N-Triples, RDF/XML, JSON-LD, OCDS.",
    "Files and folders: YAML, workbooks, Turtle, TriG, N-Triples, RDF/XML, JSON-LD, OCDS.",
)
_OR_URL = Text(
    f"{_FILES.da} Eller en URL, som --engine selv læser: N-Triples, N-Quads eller Parquet.",
    f"{_FILES.en} Or a URL that --engine reads itself: N-Triples, N-Quads or Parquet.",
)
Files = Annotated[list[Path], argument(da=_FILES.da, en=_FILES.en)]
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
