"""What the commands that write workbooks share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

from graphsc.cli.common import fail
from graphsc.cli.options import option

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
