"""What ``import`` and ``init --from`` share: reading files by a mapping, and writing what they say."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from graphsc.cli.common import fail, put, show_problems
from graphsc.cli.workbooks import require_workbook
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.graph.differences import Taken
from graphsc.service.imports.taking import take
from graphsc.sources.mapped.reader import UnreadableError, mappings, recognise

_MOST = 3
"""Problems that are told when nothing can be taken over."""


def chosen(files: Sequence[Path], name: str | None, own: Path | None, language: Language) -> str | Path:
    """The mapping that files are read by: the one named, a file of one's own, or the one that fits; leaves without any."""
    if own is not None:
        if not own.is_file():
            fail(Text(f"{own} findes ikke", f"{own} does not exist"), language)
        return own
    known = ", ".join(mappings())
    if name is not None:
        if name not in mappings():
            fail(
                Text(
                    f"ukendt format: {name}. Vælg {known}, eller beskriv dit eget med --mapping.",
                    f"unknown format: {name}. Choose {known}, or describe your own with --mapping.",
                ),
                language,
            )
        return name
    fitting = recognise(files)
    if not fitting:
        listed = ", ".join(str(file) for file in files)
        fail(
            Text(
                f"{listed}: formatet er ikke genkendt. Nævn det med --as ({known}), eller beskriv det med --mapping.",
                f"{listed}: the format was not recognised. Name it with --as ({known}), or describe it with --mapping.",
            ),
            language,
        )
    return fitting[0]


def read(
    files: Sequence[Path], mapping: str | Path, register: Sequence[Path], settings: Settings, output: Path | None
) -> Taken:
    """What the files say; leaves with what is wrong where nothing can be taken over."""
    try:
        return take(files, mapping, register, settings, output)
    except UnreadableError as error:
        show_problems(error.problems[:_MOST], settings.language)
        more = len(error.problems) - _MOST
        tail = Text(f" Der er {more} fejl til.", f" There are {more} more.") if more > 0 else Text("", "")
        if any(problem.code == "unrecognised" for problem in error.problems):
            tail = _other(files, mapping)
        fail(
            Text(f"intet er taget over og intet skrevet.{tail.da}", f"nothing was taken over or written.{tail.en}"),
            settings.language,
        )


def _other(files: Sequence[Path], mapping: str | Path) -> Text:
    """Which other format the files look like, as the end of a message."""
    other = next((name for name in recognise(files) if name != mapping), None)
    if other is None:
        return Text("", "")
    return Text(f" Filen ligner {other}: brug --as {other}.", f" The file looks like {other}: use --as {other}.")


def shown(taken: Taken, language: Language) -> str:
    """What was read, for a terminal: each line as far in as it was."""
    from graphsc.core import escape
    from graphsc.rendering.register.imported import lines

    return "\n".join(" " * (len(line) - len(line.lstrip(" "))) + escape.line(line) for line in lines(taken, language))


def target(output: Path, name: str) -> Path:
    """The file to write: in a folder one that is named after the mapping."""
    return output / f"{name}.yaml" if output.is_dir() or output.suffix == "" else output


def write(taken: Taken, output: Path, overwrite: bool, settings: Settings) -> bool:
    """Write what was read as YAML or as a workbook; whether anything was new. Leaves rather than write over a file unasked."""
    from graphsc.service.imports.writing import LossError, as_workbook, as_yaml, is_the_same

    language = settings.language
    if is_the_same(taken, output, settings):
        return False
    if output.exists() and not overwrite:
        fail(
            Text(
                f"{output} findes allerede og siger noget andet; vælg et andet navn, eller brug --overwrite",
                f"{output} exists already and says something else; choose another name, or use --overwrite",
            ),
            language,
        )
    if output.suffix.lower() == ".xlsx":
        require_workbook(language)
    try:
        content = as_workbook(taken, settings) if output.suffix.lower() == ".xlsx" else as_yaml(taken, settings)
    except LossError as error:
        fail(error.reason, language)
    with suppress(OSError):  # writing says why
        output.parent.mkdir(parents=True, exist_ok=True)
    put(content, output, language)
    return True
