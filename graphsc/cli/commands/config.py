"""``graphsc config show``."""

import typer

from graphsc.cli.common import read_settings, stop_if_unread
from graphsc.cli.group import Command, Group
from graphsc.cli.options import AsOf, Lang, both
from graphsc.core.text import Text

app = typer.Typer(
    cls=Group,
    help=both("De indstillinger, der gælder.", "The settings in force."),
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def _group() -> None:
    """Make a group of the only command, so that its name is written."""


@app.command(
    cls=Command,
    help=both(
        "Vis hver indstilling, dens værdi, og hvor den kommer fra.",
        "Show each setting, its value, and where it came from.",
    ),
)
def show(as_of: AsOf = None, lang: Lang = None) -> None:
    """Show each setting, its value, and where it came from."""
    settings, problems = read_settings(as_of=as_of, language=lang)
    default = Text("standard", "default")[settings.language]
    values: dict[str, object] = {
        "as-of": settings.as_of,
        "base": settings.base,
        "baseline": settings.baseline or "-",
        "endpoint": settings.endpoint.redacted if settings.endpoint else "-",
        "fail-on": settings.fail_on,
        "frameworks": ", ".join(settings.frameworks) or "-",
        "ignore": ", ".join(settings.ignore) or "-",
        "ignore-files": ", ".join(settings.ignore_files) or "-",
        "judged-from": settings.judged_from or "-",
        "knowledge": ", ".join(settings.knowledge) or "-",
        "language": settings.language.value,
        "parameters": ", ".join(f"{name}={value}" for name, value in sorted(settings.parameters.items())) or "-",
        "select": ", ".join(settings.select) or "-",
        "severity": ", ".join(f"{code}={level}" for code, level in sorted(settings.severity.items())) or "-",
    }
    for name, value in values.items():
        typer.echo(f"{name:<12} {value!s:<28} {settings.origin.get(name.replace('-', '_'), default)}")
    stop_if_unread(problems)
