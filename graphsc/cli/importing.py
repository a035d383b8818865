"""What ``import`` and ``init --from`` share: reading files by a mapping, and writing what they say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graphsc.cli.common import fail, show_problems, write_files
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.graph.differences import Taken
from graphsc.service.imports.taking import take
from graphsc.sources.files import missing
from graphsc.sources.mapped.reader import UnreadableError, mappings, recognise

_MOST = 3
"""Problems that are told when nothing can be taken over."""


def find_mapping(files: Sequence[Path], name: str | None, mapping: Path | None) -> str | Path:
    """The mapping that files are read by: the one named, a file of one's own, or the one that fits; leaves without any."""
    absent = next((file for file in files if not file.exists()), None)
    if absent is None and mapping is not None and not mapping.is_file():
        absent = mapping
    if absent is not None:
        message = missing(absent)
        fail(message.da, message.en)
    if mapping is not None:
        return mapping
    names = ", ".join(mappings())
    if name is not None:
        if name not in mappings():
            fail(
                f"ukendt format: {name}. Vælg {names}, eller beskriv dit eget med --mapping.",
                f"unknown format: {name}. Choose {names}, or describe your own with --mapping.",
            )
        return name
    fitting = recognise(files)
    if not fitting:
        listed = ", ".join(file.as_posix() for file in files)
        fail(
            f"{listed}: formatet er ikke genkendt. Nævn det med --as ({names}), eller beskriv det med --mapping.",
            f"{listed}: the format was not recognised. Name it with --as ({names}), or describe it with --mapping.",
        )
    return fitting[0]


def read(
    files: Sequence[Path], mapping: str | Path, register: Sequence[Path], settings: Settings, output: Path | None
) -> Taken:
    """What the files say; leaves with what is wrong where nothing can be taken over."""
    try:
        return take(files, mapping, register, settings, output)
    except UnreadableError as error:
        show_problems(error.problems[:_MOST])
        more = len(error.problems) - _MOST
        tail = Text(f" Der er {more} fejl til.", f" There are {more} more.") if more > 0 else Text("", "")
        if any(problem.code == "unrecognised" for problem in error.problems):
            tail = _likelier_format(files, mapping)
        fail(f"intet er taget over og intet skrevet.{tail.da}", f"nothing was taken over or written.{tail.en}")


def _likelier_format(files: Sequence[Path], mapping: str | Path) -> Text:
    """Which other format the files look like, as the end of a message."""
    other = next((name for name in recognise(files) if name != mapping), None)
    if other is None:
        return Text("", "")
    return Text(f" Filen ligner {other}: brug --as {other}.", f" The file looks like {other}: use --as {other}.")


def summary_of(taken: Taken, language: Language) -> str:
    """What was read, for a terminal: each line as far in as it was."""
    from graphsc.core import escape
    from graphsc.rendering.register.difference import import_lines

    return "\n".join(
        " " * (len(line) - len(line.lstrip(" "))) + escape.line(line) for line in import_lines(taken, language)
    )


def target(output: Path, name: str) -> Path:
    """The file to write: in a folder one that is named after the mapping."""
    return output / f"{name}.yaml" if output.is_dir() or output.suffix == "" else output


def write(taken: Taken, output: Path, overwrite: bool, settings: Settings) -> bool:
    """Write what was read as YAML or as a workbook; whether anything was new. Leaves rather than write over a file unasked."""
    from graphsc.rendering.register.book import workbook
    from graphsc.service.imports.writing import as_register, as_yaml, is_import, is_the_same

    if is_the_same(taken, output, settings):
        return False
    if output.exists() and not overwrite:
        fail(
            f"{output.as_posix()} findes allerede og siger noget andet; vælg et andet navn, eller brug --overwrite",
            f"{output.as_posix()} exists already and says something else; choose another name, or use --overwrite",
        )
    content: str | bytes = (
        workbook(as_register(taken, settings), settings.language)
        if output.suffix.lower() == ".xlsx"
        else as_yaml(taken, settings)
    )
    write_files({output: content}, rewriting=is_import(output, settings), folders=True)
    return True
