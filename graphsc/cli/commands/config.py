"""``graphsc config show``."""

import typer

from graphsc.cli.common import read_settings, stop_if_unread
from graphsc.cli.group import Command, Group
from graphsc.cli.options import AsOf, Given, Lang, both
from graphsc.core.text import Text
from graphsc.graph.labels import Labels
from graphsc.rendering.sections import aligned
from graphsc.service import open_paths
from graphsc.service.thresholds import thresholds

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
        "Vis hver indstilling og tærskel, dens værdi, og hvor den kommer fra.",
        "Show each setting and threshold, its value, and where it came from.",
    ),
)
def show(as_of: AsOf = None, lang: Lang = None) -> None:
    """Show each setting and threshold, its value, and where it came from."""
    settings, problems = read_settings(Given(as_of=as_of, lang=lang))
    opened = open_paths([], settings, problems)
    labels, language = Labels(opened.dataset), settings.language
    default = Text("standard", "default")[language]
    values: dict[str, object] = {
        "as-of": settings.as_of,
        "base": settings.base,
        "baseline": settings.baseline,
        "concentration-scale": settings.concentration_scale,
        "fail-on": settings.fail_on,
        "frameworks": ", ".join(settings.frameworks),
        "ignore": ", ".join(settings.ignore),
        "ignore-files": ", ".join(settings.ignore_files),
        "judged-from": settings.judged_from,
        "knowledge": ", ".join(settings.knowledge),
        "language": language.value,
        "select": ", ".join(settings.select),
        "serve": ", ".join(settings.serve.hosts) if settings.serve else None,
        "severity": ", ".join(f"{code}={level}" for code, level in sorted(settings.severity.items())),
        "timeout": f"{settings.timeout:g}",
    }
    rows = [
        (name, str(value or "-"), settings.origin.get(name.replace("-", "_"), default), "")
        for name, value in values.items()
    ]
    for table, name, iri, value in thresholds(opened.dataset, settings):
        is_set = name in getattr(settings, table)
        rows.append((f"{table}.{name}", value, settings.origin[table] if is_set else default, labels[iri][language]))
    for line in aligned(rows):
        typer.echo(line)
    stop_if_unread(opened.problems)
