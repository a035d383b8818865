"""The commands that measure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from graphsc.cli.common import colored, fail, known_format, need_analysis, put, settings, show_problems
from graphsc.core.text import Language, Text


def risk(
    paths: Sequence[Path],
    form: str,
    output: Path | None,
    node: str | None,
    most: int,
    as_of: str | None,
    language: str | None,
    color: bool | None,
) -> None:
    """Measure the risk of the input and print it; exit 2 when some input could not be read."""
    found, problems = settings(as_of=as_of, language=language)
    need_analysis(found.language)
    from graphsc.rendering.risk import FORMATS, render
    from graphsc.service import open_paths
    from graphsc.service.risk import assess

    chosen_form = known_format(form, FORMATS, found.language)
    assessment = assess(open_paths(paths, found, problems))
    show_problems(assessment.problems, found.language)
    chosen = None if node is None else one_node(node, assessment.named(node), found.language)
    text = render(
        chosen_form,
        assessment,
        language=found.language,
        node=chosen,
        most=most,
        colour=colored(color) and output is None,
    )
    put(text, output, found.language)
    raise typer.Exit(2 if assessment.problems else 0)


def one_node(text: str, found: Sequence[str], language: Language) -> str:
    """The one node that a text means; leaves when there is none or several."""
    if not found:
        fail(Text(f"{text} findes ikke i det, der er givet.", f"{text} is not in the input given."), language)
    if len(found) > 1:
        several = ", ".join(found)
        fail(Text(f"{text} kan være {several}.", f"{text} may be {several}."), language)
    return found[0]
