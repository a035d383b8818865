"""``graphsc import``."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.common import fail, note, read_settings, require_new, show_problems, write_output
from graphsc.cli.options import Given, Lang, Overwrite, argument, option
from graphsc.core import escape
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDFS_LABEL
from graphsc.core.writing import require_free
from graphsc.sources.files import WORKBOOKS

_NAME = f"<{RDFS_LABEL}>"
"""The name of a thing: where the import gives another name than the register, both are kept, and nothing is contradicted."""

DANISH = """Importér en tabel, et andet systems data eller en leverandørs svar.

Det kan være en kontraktliste, data fra Kitos eller et svar på `ask`.
Uden --output skrives intet: Du ser, hvad der er læst, hvad der ikke er forstået eller læst, hvad der er samme
organisation ifølge nummeret, hvad der kun ligner, og hvad der afviger fra registeret. Et svar sammenlignes med registeret og
tages over helt, med hvem der har sagt det hvornår, eller slet ikke.
Slutkode 0: sammenlignet eller taget over. 1: Registeret siger noget andet. 2: Noget kunne ikke læses; intet er skrevet."""


def run(
    files: Annotated[
        list[Path],
        argument(
            metavar="FILE...",
            da="Det, der skal importeres: filer eller mapper fra et andet system, eller en leverandørs svar og derefter registeret.",
            en="What to import: files or folders of another system, or a supplier's answer and then the register.",
        ),
    ],
    as_: Annotated[
        str | None,
        option(
            "--as",
            metavar="NAME",
            da="Hvad filerne er, f.eks. kitos (standard: genkendes og oplyses).",
            en="What the files are, such as kitos (default: recognised, and told).",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        option(
            metavar="FILE",
            da="Din egen mapping i TOML i stedet for --as.",
            en="A mapping of your own, in TOML, instead of --as.",
        ),
    ] = None,
    against: Annotated[
        list[Path] | None,
        option(
            metavar="PATH",
            da="Registeret, som det skal forenes og sammenlignes med. Kan gentages.",
            en="The register to unite and compare it with. Repeatable.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        option(
            "--output",
            "-o",
            metavar="FILE",
            writable=True,
            da="Skriv det hertil: .yaml, .xlsx eller en mappe. For et svar: registeret, .xlsx.",
            en="Write it: .yaml, .xlsx, or a folder. An answer: the register, .xlsx.",
        ),
    ] = None,
    overwrite: Overwrite = False,
    lang: Lang = None,
) -> None:
    """Import a table, another system's data or a supplier's answer.

    Such as a list of contracts, data of Kitos, or an answer to `ask`.
    Without --output nothing is written: it is shown what was read, what was not understood or not read, what is one
    organisation by its number, what only looks alike, and what differs from the register. An answer is compared with the
    register and taken over whole, with who said it and when, or not at all.
    Exit code 0: compared, or taken over. 1: the register says otherwise. 2: some input could not be read; nothing was written.
    """
    settings, _ = read_settings(Given(lang=lang))
    if as_ is None and mapping is None and _may_be_answer(files[0]):
        _answer(files[0], files[1:], output, overwrite, settings)
        return
    from graphsc.cli.importing import find_mapping, read, summary_of, target, write

    language = settings.language
    by = find_mapping(files, as_, mapping)
    place = target(output, by.stem if isinstance(by, Path) else by) if output is not None else None
    if place is not None:
        _require_room(place, settings)
    taken = read(files, by, against or [], settings, place)
    typer.echo(summary_of(taken, language))
    outcome = _outcome(place)
    if place is not None and not write(taken, place, overwrite, settings):
        outcome = Text(f"Intet nyt: {place.as_posix()} er som før.", f"Nothing new: {place.as_posix()} is as it was.")
    typer.echo("\n" + escape.line(outcome[language]))
    differences = taken.differences or ()
    if any(difference.kind == "contradicting" and difference.predicate != _NAME for difference in differences):
        raise typer.Exit(1)


def _require_room(place: Path, settings: Settings) -> None:
    """Stop rather than write what is no YAML or workbook, or over what is read, if it is not an earlier import."""
    if place.suffix.lower() not in (".yaml", ".yml", ".xlsx"):
        fail(f"{place.as_posix()} skal ende på .yaml eller .xlsx", f"{place.as_posix()} must end in .yaml or .xlsx")
    from graphsc.service.imports.writing import is_import

    if not is_import(place, settings):
        require_free(place)


def _may_be_answer(file: Path) -> bool:
    """Whether a file is to be read as a supplier's answer: a workbook that is one, or none that any mapping reads."""
    if file.suffix.lower() not in WORKBOOKS or not file.exists():
        return False
    from graphsc.service.registers.answer import is_answer
    from graphsc.sources.mapped.reader import recognise

    return is_answer(file) or not recognise([file])


def _answer(answer: Path, paths: list[Path], output: Path | None, overwrite: bool, settings: Settings) -> None:
    """Compare a supplier's answer with the register, and take it over where that is asked for."""
    language = settings.language
    if output is not None:
        require_new(output, overwrite)
        require_free(output)
    from graphsc.graph.differences import Kind
    from graphsc.rendering.register.book import workbook
    from graphsc.rendering.register.difference import answer_lines
    from graphsc.service.registers.answer import answer as compare
    from graphsc.service.registers.register import kept

    compared = compare(answer, paths, settings)
    show_problems(compared.problems)
    typer.echo("\n".join(map(escape.line, answer_lines(compared, language))))
    if compared.register is None:
        if output is not None:
            note(
                "graphsc: Svaret er ikke taget over: Det tages helt eller slet ikke. Ret det, der strider mod registeret, og prøv igen.",
                "graphsc: The answer was not taken over: it is whole or not at all. Settle what contradicts the register and try again.",
            )
        contradicted = any(difference.kind is Kind.CONTRADICTING for difference in compared.differences)
        raise typer.Exit(1 if contradicted and not compared.problems else 2)
    if output is not None:
        write_output(workbook(kept(compared.register, settings), language), output)
    if compared.differences:
        typer.echo(escape.line(_outcome(output)[language]), err=True)


def _outcome(output: Path | None) -> Text:
    if output is None:
        return Text("Intet er skrevet; -o FIL skriver det.", "Nothing was written; -o FILE writes it.")
    return Text(f"Skrevet: {output.as_posix()}", f"Written: {output.as_posix()}")
