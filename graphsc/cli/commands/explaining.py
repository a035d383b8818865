"""``graphsc rules``, ``graphsc explain`` and ``graphsc config show``: what the tool goes by."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.options import AsOf, Framework, Ignore, Lang, Select, as_format


def rules(
    form: Annotated[str, as_format("text or json.")] = "text",
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    framework: Framework = None,
) -> None:
    """List the rules: code, severity, what each asks, and the guide's statements behind it."""
    from graphsc.cli import explaining

    explaining.list_rules(form, lang, select, ignore, framework)


def explain(
    what: Annotated[
        str, typer.Argument(help="A rule's code, the id of a statement or provision, or a finding's fingerprint.")
    ],
    paths: Annotated[
        list[Path] | None, typer.Argument(help="With input: today's state and the facts beneath it.")
    ] = None,
    as_of: AsOf = None,
    lang: Lang = None,
    depth: Annotated[int, typer.Option("--depth", min=1, help="How far down to follow derived facts.")] = 3,
    framework: Framework = None,
) -> None:
    """Explain a rule, a statement of the guide or a provision of another framework; with input, why a finding is there.

    A finding is named by its fingerprint (in JSON and SARIF output, and after = id: in the text).
    """
    from graphsc.cli import explaining

    explaining.explain(what, paths or [], as_of, lang, depth, framework)


def show(as_of: AsOf = None, lang: Lang = None) -> None:
    """Show each setting, its value, and where it came from."""
    from graphsc.cli import configuring

    configuring.show(as_of, lang)
