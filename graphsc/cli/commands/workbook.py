"""``graphsc workbook``: the register in the tool that people keep registers in."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.common import cannot_write, fail, not_written, read_settings, require_new, show_problems, write_output
from graphsc.cli.options import Given, Overwrite, argument, option
from graphsc.core import escape
from graphsc.core.problems import Problem, Reasoned
from graphsc.core.settings import Settings
from graphsc.core.text import Text

DANISH = """Skriv registeret som en arbejdsbog, eller opdatér opgaverne i en. Den er til Excel eller LibreOffice, føres dér og læses som enhver anden kilde.

Et ark for hver slags ting med hjælp, eksempler og lister at vælge fra; først det, der skal gøres. Alt i dataene er med.
Med --refresh skrives kun opgaverne på det første ark på ny, efter en kontrol af netop den arbejdsbog; alt andet i den bliver, som det er,
og den gamle ligger ved siden af som .bak.
Slutkode 0: skrevet. 2: Noget kunne ikke læses; der er ikke skrevet nogen ny arbejdsbog, og --refresh har sat fejlene øverst."""


def run(
    paths: Annotated[
        list[Path] | None,
        argument(
            da="Filer og mapper. Uden nogen: en tom arbejdsbog.",
            en="Files and folders. Without any: an empty workbook.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        option(
            "--output",
            "-o",
            metavar="FILE",
            writable=True,
            da="Den arbejdsbog, der skrives; navnet ender på .xlsx.",
            en="The workbook to write, ending in .xlsx.",
        ),
    ] = None,
    refresh: Annotated[
        bool,
        option(
            "--refresh",
            da="Opdatér opgaverne på det første ark i den arbejdsbog, der læses.",
            en="Renew the tasks on the first sheet of the workbook that is read.",
        ),
    ] = False,
    overwrite: Overwrite = False,
    *,
    given: Given,
) -> None:
    """Write the register as a workbook, or renew the tasks of one. It is for Excel or LibreOffice, kept there and read like any source.

    A sheet for each kind of thing, with help, examples and lists to choose from; first what is to be done. Every fact of
    the input is in it. With --refresh only the tasks of the first sheet are written anew, by a validation of that very workbook; all
    else in it stays as it is, and the old one is kept beside it as .bak.
    Exit code 0: written. 2: some input could not be read; no new workbook was written, and --refresh has put the errors first.
    """
    settings, problems = read_settings(given)
    if refresh:
        _renew(paths or [], output, settings, problems)
        return
    if output is None:
        fail("nævn den arbejdsbog, der skal skrives: -o FIL.xlsx", "name the workbook to write: -o FILE.xlsx")
    require_new(output, overwrite)
    from graphsc.rendering.register.book import workbook
    from graphsc.service.registers.register import register

    kept = register(paths or [], settings, problems)
    if kept.report.problems:
        show_problems(kept.report.problems)
        not_written()
    write_output(workbook(kept, settings.language), output)


def _renew(paths: list[Path], output: Path | None, settings: Settings, problems: list[Problem]) -> None:
    """Renew the first sheet of a workbook in place."""
    if len(paths) != 1 or output is not None or paths[0].suffix.lower() not in (".xlsx", ".xlsm"):
        fail(
            "--refresh opdaterer én arbejdsbog (.xlsx eller .xlsm), dér hvor den ligger: graphsc workbook register.xlsx --refresh",
            "--refresh renews one workbook (.xlsx or .xlsm) where it lies: graphsc workbook register.xlsx --refresh",
        )
    from graphsc.core.writing import require_closed, write_anew
    from graphsc.rendering.register.renewal import renewed
    from graphsc.service.registers.register import stand

    (path,) = paths
    name = path.as_posix()
    try:
        require_closed(path)
        content = path.read_bytes()
        standing = stand(name, content, settings, problems)
        bak = write_anew(path, content, renewed(content, standing, language=settings.language))
    except Reasoned as error:
        fail(*(text if name in text else f"{name}: {text}" for text in (error.reason.da, error.reason.en)))
    except OSError as error:
        cannot_write(path, error)
    done = Text(
        f"Opdateret: {name}. Den gamle er {bak.as_posix()}.", f"Renewed: {name}. The old one is {bak.as_posix()}."
    )
    typer.echo(escape.line(done[settings.language]))
    if standing.report.problems:
        show_problems(standing.report.problems)
        raise typer.Exit(2)
