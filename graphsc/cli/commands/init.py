"""``graphsc init``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.beginning import BASE, BOOK, DATA, NAME, first_files
from graphsc.cli.common import fail, read_settings, write_files
from graphsc.cli.options import Given, Lang, argument, option
from graphsc.core.identifiers import illegal_in_iri, is_absolute
from graphsc.core.problems import Unavailable
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text

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
        fail(f"--base er en hel IRI som {BASE}, ikke {base}", f"--base is a whole IRI such as {BASE}, not {base}")
    settings.base = base
    imported = None
    if origin:
        data, content, summary = _imported(origin, as_, mapping, settings)
        imported = data, content
        typer.echo(summary)
    try:
        files = first_files(folder, name, settings, imported, workbook=workbook)
    except Unavailable as error:
        fail(error.reason.da, error.reason.en)
    write_files(files, folders=True)
    written = "\n".join(f"  {path.as_posix()}" for path in files)
    book = folder / DATA / BOOK
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


def _answers(name: str | None, base: str | None, language: Language) -> tuple[str, str]:
    """The name and the base: as given, else as answered on a terminal, else as in the examples."""
    if name is None and sys.stdin.isatty():
        question = Text("Hvad hedder organisationen?", "What is the organisation called?")
        name = str(typer.prompt(question[language], default=NAME[language]))
        if base is None:
            question = Text("Hvilken base skal jeres id'er have?", "Which base shall your ids have?")
            base = str(typer.prompt(question[language], default=BASE))
    return name or NAME[language], base or BASE
