"""``graphsc import``."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.common import fail, put, read_settings, show_problems
from graphsc.cli.options import Lang, Paths
from graphsc.cli.workbooks import Overwrite, require_free, require_workbook
from graphsc.core import escape
from graphsc.core.text import Text

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("import")
def import_(
    answer: Annotated[Path, typer.Argument(help="The workbook that came back from the supplier.")],
    paths: Paths,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the register with the answer, as a workbook."),
    ] = None,
    overwrite: Overwrite = False,
    lang: Lang = None,
) -> None:
    """Compare a supplier's answer to `ask` with the register: what is new, changed, gone, or contradicts it.

    Without --output nothing is written. With it, the whole answer is taken over, with who said it and when, or none of it.
    Exit code 0: compared, or taken over. 1: something contradicts. 2: it is no answer, or some input could not be read.
    """
    settings, _ = read_settings(language=lang)
    language = settings.language
    require_workbook(language)
    if output is not None:
        require_free(output, [answer, *paths], overwrite, language)
    from graphsc.rendering.register.book import render
    from graphsc.rendering.register.difference import lines
    from graphsc.service.registers.answer import AnswerError, Kind
    from graphsc.service.registers.answer import answer as compare

    try:
        compared = compare(answer, paths, settings)
    except AnswerError as error:
        fail(error.reason, language)
    show_problems(compared.problems, language)
    differences = lines(compared.differences, compared.party, compared.by, compared.on, language)
    typer.echo("\n".join(escape.line(line) for line in differences))
    if compared.content is None:
        if output is not None:
            refused = Text(
                "Svaret er ikke taget over: det tages helt eller slet ikke. Ret det, der strider mod registeret, og prøv igen.",
                "The answer was not taken over: it is whole or not at all. Settle what contradicts the register and try again.",
            )
            typer.echo(f"graphsc: {refused[language]}", err=True)
        contradicted = any(difference.kind is Kind.CONTRADICTING for difference in compared.differences)
        raise typer.Exit(1 if contradicted and not compared.problems else 2)
    if output is not None:
        put(render(compared.content, [], language=language, as_of=settings.as_of), output, language)
