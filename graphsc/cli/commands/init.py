"""``graphsc init``."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from graphsc.cli.common import fail, read_settings, write_files
from graphsc.cli.options import Given, Lang, argument, option
from graphsc.core.identifiers import illegal_in_iri, is_absolute
from graphsc.core.resources import knowledge
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text

_BASE = "https://example.org/id/"
_DATA = "data"
_BOOK = "register.xlsx"
_NAME = Text("Vores organisation", "Our organisation")

DANISH = """Skriv en mappe at begynde med. Den rummer indstillinger, de første data med eksempler eller fra en import, en LÆSMIG og kontrol i GitHub og GitLab.

Slutkode 2, og intet skrevet, når en af filerne findes i forvejen, eller en af dem i --from ikke kan læses."""


def run(
    folder: Annotated[
        Path,
        argument(
            metavar="DIR",
            writable=True,
            da="Den mappe, der skrives; den oprettes, hvis den ikke findes.",
            en="The folder to write; made where there is none.",
        ),
    ],
    name: Annotated[
        str | None,
        option(
            metavar="TEXT",
            da="Hvad organisationen hedder (i en terminal bliver du spurgt).",
            en="What the organisation is called (asked for on a terminal).",
        ),
    ] = None,
    base: Annotated[
        str | None,
        option(
            metavar="IRI",
            da="Det, der sættes foran id'er, f.eks. https://example.org/id/.",
            en="What is put before ids, such as https://example.org/id/.",
        ),
    ] = None,
    origin: Annotated[
        list[Path] | None,
        option(
            "--from",
            metavar="FILE",
            da="Begynd med det, der står her, i stedet for eksempler; se import. Kan gentages.",
            en="Begin with what this says instead of examples; see import. Repeatable.",
        ),
    ] = None,
    as_: Annotated[
        str | None,
        option(
            "--as",
            metavar="NAME",
            da="Hvad filerne i --from er (standard: genkendes).",
            en="What the files of --from are (default: recognised).",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        option(
            metavar="FILE", da="Din egen mapping til --from i TOML.", en="A mapping of your own for --from, in TOML."
        ),
    ] = None,
    workbook: Annotated[
        bool,
        option(
            "--workbook",
            da="Før registeret i en arbejdsbog til Excel eller LibreOffice i stedet for i tekstfiler.",
            en="Keep the data in a workbook for Excel or LibreOffice instead of text files.",
        ),
    ] = False,
    lang: Lang = None,
) -> None:
    """Write a folder to begin with. It holds settings, first data with examples or from an import, a README, checks for GitHub and GitLab.

    Exit code 2, and nothing written, where one of the files is there already, or one of --from cannot be read.
    """
    settings, _ = read_settings(Given(lang=lang))
    language = settings.language
    name, base = _answers(name, base, language)
    if not is_absolute(base) or illegal_in_iri(base) is not None:
        fail(f"--base er en hel IRI som {_BASE}, ikke {base}", f"--base is a whole IRI such as {_BASE}, not {base}")
    settings.base = base
    files: dict[Path, str | bytes] = {
        folder / path: text.replace("@BASE@", base).replace("@NAME@", json.dumps(name, ensure_ascii=False))
        for path, text in _templates(knowledge(f"ontology/start/{language.value}"))
    }
    if origin:
        files = {path: text for path, text in files.items() if path.parent.name != _DATA}
        data, content, summary = _imported(origin, as_, mapping, settings)
        files[folder / _DATA / data] = content
        typer.echo(summary)
    if workbook:
        (data_,) = (path for path in files if path.parent.name == _DATA)
        files[data_.with_name(_BOOK)] = _as_workbook(str(files.pop(data_)), settings)
    taken = next((path for path in files if os.path.lexists(path)), None)  # a link to nothing is there too
    if taken is not None:
        fail(
            f"{taken.as_posix()} findes i forvejen; der er intet skrevet.",
            f"{taken.as_posix()} is there already; nothing was written.",
        )
    write_files(files, folders=True)
    written = "\n".join(f"  {path.as_posix()}" for path in files)
    book = folder / _DATA / _BOOK
    open_ = (
        Text(f"åbn {book.as_posix()}, og kontrollér det bagefter: ", f"open {book.as_posix()}, then check it: ")
        if workbook
        else Text("", "")
    )
    typer.echo(
        Text(
            f"Skrevet:\n{written}\nPrøv nu: {open_.da}cd {folder.as_posix()} && graphsc validate data",
            f"Written:\n{written}\nNow try: {open_.en}cd {folder.as_posix()} && graphsc validate data",
        )[language]
    )


def _imported(origin: list[Path], name: str | None, mapping: Path | None, settings: Settings) -> tuple[str, str, str]:
    """The name and the text of the file that holds what other files say, and what of them was not understood.

    It is named as the first of them, in whatever language that is; one whose name begins with a dot would not be read.
    """
    from graphsc.cli.importing import find_mapping, read, summary_of
    from graphsc.service.imports.writing import as_yaml

    taken = read(origin, find_mapping(origin, name, mapping), [], settings, None)
    name = origin[0].resolve().stem.lstrip(".") or taken.name
    return f"{name}.yaml", as_yaml(taken, settings), summary_of(taken, settings.language)


def _as_workbook(text: str, settings: Settings) -> bytes:
    """The first data, given as YAML, as a workbook."""
    from graphsc.rendering.register.book import workbook
    from graphsc.service.registers.register import register

    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.yaml"
        path.write_text(text, encoding="utf-8")
        return workbook(register([path], settings), settings.language)


def _answers(name: str | None, base: str | None, language: Language) -> tuple[str, str]:
    """The name and the base: as given, else as answered on a terminal, else as in the examples."""
    if name is None and sys.stdin.isatty():
        question = Text("Hvad hedder organisationen?", "What is the organisation called?")
        name = str(typer.prompt(question[language], default=_NAME[language]))
        if base is None:
            question = Text("Hvilken base skal jeres id'er have?", "Which base shall your ids have?")
            base = str(typer.prompt(question[language], default=_BASE))
    return name or _NAME[language], base or _BASE


def _templates(folder: Path, within: str = "") -> Iterator[tuple[str, str]]:
    """Each file beneath a folder of the knowledge: its relative path, and its text."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _templates(entry, f"{within}{entry.name}/")
        else:
            yield f"{within}{entry.name}", entry.read_text(encoding="utf-8")
