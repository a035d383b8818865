"""The options that commands share, each defined once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

Paths = Annotated[
    list[Path],
    Argument(
        help="Files and folders: YAML, workbooks, Turtle, TriG, N-Triples, RDF/XML, JSON-LD, OCDS. Or --store DIR: what load put there."
    ),
]
AsOf = Annotated[
    str | None, Option("--as-of", metavar="DATE", help="Judge everything as of this day (default: today).")
]
Lang = Annotated[
    str | None, Option("--lang", metavar="da|en", help="Language of the output (default: the environment's).")
]
Select = Annotated[
    list[str] | None,
    Option(
        "--select", metavar="CODE", help="Only these rules; SUB means all that begin so. Repeatable, or with commas."
    ),
]
Ignore = Annotated[
    list[str] | None, Option("--ignore", metavar="CODE", help="All but these rules. Repeatable, or with commas.")
]
Framework = Annotated[
    list[str] | None,
    Option("--framework", metavar="NAME", help="The duties of this framework too: nis2, dora, iso27001. Repeatable."),
]
Output = Annotated[Path | None, Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")]
Color = Annotated[bool | None, Option("--color/--no-color", help="Colour (default: on a terminal).")]


def as_format(names: str) -> Any:
    """The option for how the output is to be written; its help names what there is."""
    return Option("--format", "-f", help=names)
