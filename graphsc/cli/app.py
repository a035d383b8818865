"""The commands and their options. What they need is imported when they run, so that help is quick."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from graphsc import __version__
from graphsc.cli.chosen import ENDPOINT, LANGUAGE
from graphsc.problems import Unavailable


class _Commands(TyperGroup):
    """The commands, with the ways of leaving that typer would give exit code 1, which here means findings."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # the reader, such as head, has had enough
            with suppress(OSError, ValueError):  # what is still waiting to be written goes nowhere, without a word
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            typer.echo("graphsc: afbrudt / interrupted", err=True)
            raise typer.Exit(2) from None
        except Unavailable as error:
            from graphsc.cli.common import fail
            from graphsc.settings import environment_language

            fail(error.reason, LANGUAGE.get() or environment_language())


class _OnData(TyperCommand):
    """A command on data, whose paths may be given as ``--store DIR`` too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of the command; the folder of a store stands where a path would."""
        rest, stores = list(args), list[str]()
        for place, word in reversed(list(enumerate(args[: args.index("--")] if "--" in args else args))):
            if word == "--store" and place + 1 < len(args):
                stores = [args[place + 1], *stores]
                del rest[place : place + 2]
            elif word.startswith("--store="):
                stores = [word.removeprefix("--store="), *stores]
                del rest[place]
        return super().parse_args(ctx, [*rest, *stores])


class _Pairing(_OnData):
    """A command some of whose options take two words and can be repeated, which typer cannot say by itself."""

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        for parameter in self.params:
            if parameter.name in {"merge", "add_alternative"}:
                parameter.nargs = 2


app = typer.Typer(
    name="graphsc",
    cls=_Commands,
    help="The supply chain of an authority as a graph: who delivers what to whom, who owes what because of it, and what is wrong.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Paths = Annotated[
    list[Path],
    typer.Argument(
        help="Files and folders: YAML, Turtle, TriG, N-Triples, RDF/XML, JSON-LD, OCDS. Or --store DIR: what load put there."
    ),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Judge everything as of this day (default: today).")
]
Lang = Annotated[
    str | None, typer.Option("--lang", metavar="da|en", help="Language of the output (default: the environment's).")
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODE", help="Only these rules; SUB means all that begin so. Repeatable."),
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="CODE", help="All but these rules. Repeatable.")]
Framework = Annotated[
    list[str] | None,
    typer.Option(
        "--framework", metavar="NAME", help="The duties of this framework too: nis2, dora, iso27001. Repeatable."
    ),
]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"graphsc {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # noqa: ARG001  # its callback says it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint",
            metavar="URL",
            help="A SPARQL 1.1 server that does the work: URL/query, URL/update, URL/store.",
        ),
    ] = None,
) -> None:
    ENDPOINT.set(endpoint)
    LANGUAGE.set(None)


@app.command(cls=_OnData)
def validate(
    paths: Paths,
    form: Annotated[
        str,
        typer.Option("--format", "-f", help="text, concise, json, sarif, junit, github, markdown or shacl."),
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")
    ] = None,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="violation|warning|info|never",
            help="Exit 1 from this severity up (default: violation).",
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit 0 whatever is found; unreadable input still exits 2.")
    ] = False,
    framework: Framework = None,
    engine: Annotated[
        str, typer.Option("--engine", help="compiled, or pyshacl to have pySHACL judge the same shapes.")
    ] = "compiled",
    shapes: Annotated[
        list[Path] | None,
        typer.Option("--shapes", metavar="FILE", help="Judge these SHACL shapes (Turtle) too; may be repeated."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Show only findings that this file does not know.")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option("--write-baseline", metavar="FILE", help="Write today's findings as a baseline.")
    ] = None,
    show_waived: Annotated[bool, typer.Option("--show-waived", help="Show the accepted findings too.")] = False,
    color: Annotated[bool | None, typer.Option("--color/--no-color", help="Colour (default: on a terminal).")] = None,
) -> None:
    """Load, derive and check; print the findings.

    Exit code 0: nothing at or above --fail-on. 1: findings. 2: some input could not be read.
    """
    from graphsc.cli import validating

    validating.run(
        validating.Request(
            paths=paths,
            form=form,
            output=output,
            as_of=as_of,
            language=lang,
            select=select,
            ignore=ignore,
            fail_on="never" if exit_zero else fail_on,
            frameworks=framework,
            engine=engine,
            shapes=shapes or [],
            baseline=baseline,
            write_baseline=write_baseline,
            show_waived=show_waived,
            color=color,
        )
    )


@app.command()
def load(
    paths: Paths,
    store: Annotated[
        Path, typer.Option("--store", metavar="DIR", help="The folder of the store; made where there is none.")
    ],
    as_of: AsOf = None,
    lang: Lang = None,
    framework: Framework = None,
) -> None:
    """Load files into a store on disk, from which every other command opens at once.

    The store then holds what the files say, and nothing else. What has not changed is not read again, and only what a
    change reaches is worked out again. With anything wrong in the files the store stays as it was: exit code 2.
    """
    from graphsc.cli import loading

    loading.run(loading.Request(paths, store, as_of, lang, framework))


@app.command(cls=_OnData)
def risk(
    paths: Paths,
    form: Annotated[str, typer.Option("--format", "-f", help="text, json, csv or markdown.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")
    ] = None,
    node: Annotated[
        str | None,
        typer.Option("--explain", metavar="NODE", help="What the figures of one node rest on: its id, IRI or name."),
    ] = None,
    most: Annotated[int, typer.Option("--top", min=1, metavar="N", help="Rows of a table.")] = 10,
    as_of: AsOf = None,
    lang: Lang = None,
    color: Annotated[bool | None, typer.Option("--color/--no-color", help="Colour (default: on a terminal).")] = None,
) -> None:
    """Measure concentration, single points of failure and weakest links.

    Exit code 0: measured. 2: some input could not be read; what could be measured is still printed.
    Limits of your own become findings of validate: see [limits] in graphsc.toml.
    """
    from graphsc.cli import measuring

    measuring.risk(paths, form, output, node, most, as_of, lang, color)


@app.command(cls=_OnData)
def duties(
    paths: Paths,
    holder: Annotated[
        str | None, typer.Option("--holder", metavar="ORG", help="Only what this organisation owes.")
    ] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="Only what falls to this role.")] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="ID", help="Only what falls to this person.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only what comes under this agreement.")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--within", metavar="30d", help="Only what must be done within this time: 30d, 2w, 3m, 1y."),
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="STATE", help="overdue, open, waived, met or not-recorded. Repeatable."),
    ] = None,
    gaps: Annotated[
        bool,
        typer.Option("--gaps", help="Instead: unfilled roles, duties of nobody, one person on both sides, too much."),
    ] = False,
    most: Annotated[
        list[str] | None,
        typer.Option(
            "--most", metavar="WHAT=N", help="With --gaps: what one person may have; agreements, roles, duties."
        ),
    ] = None,
    if_leaves: Annotated[
        str | None, typer.Option("--if-leaves", metavar="ID", help="Instead: what this person leaves behind.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="With --if-leaves: from which day.")] = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help="text, json, csv, markdown or ics (a calendar).")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")
    ] = None,
    as_of: AsOf = None,
    lang: Lang = None,
    color: Annotated[bool | None, typer.Option("--color/--no-color", help="Colour (default: on a terminal).")] = None,
) -> None:
    """Show who owes what by when: what is overdue first, then by date, for each holder.

    A name may be the end of an IRI (p07, org/nordlys) or what the thing is called. Exit code 2: some input could not
    be read.
    """
    from graphsc.cli import owing

    asked = owing.Asked(
        holder, role, person, agreement, within, tuple(state or ()), gaps, tuple(most or ()), if_leaves, on
    )
    owing.run(paths, asked, owing.Printed(form, output, as_of, lang, color))


@app.command(cls=_OnData)
def raci(
    paths: Paths,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only the matrix of this agreement.")
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation", metavar="ORG", help="Its own matrix, and those of the agreements it is party of."
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="text, json, csv or markdown.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")
    ] = None,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Show who does what: per agreement, which role performs, answers for, assures, approves each task.

    The tasks and their roles are those of annex 4 of the guide and what the chain adds. Exit code 2: some input could
    not be read.
    """
    from graphsc.cli import owing

    owing.show_matrices(paths, agreement, organisation, owing.Printed(form, output, as_of, lang))


@app.command(cls=_OnData)
def coverage(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders. Without any: the statements and their treatment.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only how this agreement stands.")
    ] = None,
    statements: Annotated[
        bool, typer.Option("--statements", help="Instead: every statement of the guide and what treats it.")
    ] = False,
    form: Annotated[str, typer.Option("--format", "-f", help="text, json, markdown, csv or xlsx.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")
    ] = None,
    as_of: AsOf = None,
    lang: Lang = None,
    color: Annotated[bool | None, typer.Option("--color/--no-color", help="Colour (default: on a terminal).")] = None,
) -> None:
    """Show how the guide is covered: its 17 recommendations, agreement by agreement, with counts and evidence.

    A recommendation is met where what is recorded breaks none of its rules; what is not recorded, waived, set aside or
    not checked is said to be so. Exit code 0: shown; it is no verdict, so never 1. 2: some input could not be read.
    """
    from graphsc.cli import covering

    covering.run(paths or [], form, output, agreement, statements, as_of, lang, color)


@app.command("what-if", cls=_Pairing)
def what_if(
    paths: Paths,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="ORG", help="This organisation or owner group is lost. Repeatable."),
    ] = None,
    without_country: Annotated[
        list[str] | None,
        typer.Option("--without-country", metavar="CC", help="Nothing can be delivered from this country. Repeatable."),
    ] = None,
    merge: Annotated[
        list[Any] | None,
        typer.Option("--merge", metavar="A B", help="These two become one owner group. Repeatable."),
    ] = None,
    add_alternative: Annotated[
        list[Any] | None,
        typer.Option(
            "--add-alternative",
            metavar="SYSTEM ORG",
            help="This organisation (new: one that is in no data yet) could deliver to the system instead. Repeatable.",
        ),
    ] = None,
    outage: Annotated[
        str | None,
        typer.Option("--outage", metavar="LENGTH", help="The loss passes after this long, such as 14d, 2w or P1M."),
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="text, json or markdown.")] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")
    ] = None,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    color: Annotated[bool | None, typer.Option("--color/--no-color", help="Colour (default: on a terminal).")] = None,
) -> None:
    """Suppose that a supplier is lost, that two merge, or that a system gets an alternative: before and after.

    Shows what stops, which agreements end, what hangs on one party alone, how concentration moves, and which
    findings come and go. The options hold together. ORG and SYSTEM are ids as the data writes them, or IRIs.

    Exit code 0: the comparison was made; it is no verdict, so never 1. 2: it could not be, or some input not read.
    """
    from graphsc.cli import supposing

    supposing.run(
        supposing.Request(
            paths=paths,
            without=without or [],
            without_countries=without_country or [],
            mergers=merge or [],
            alternatives=add_alternative or [],
            outage=outage,
            form=form,
            output=output,
            as_of=as_of,
            language=lang,
            select=select,
            ignore=ignore,
            color=color,
        )
    )


@app.command("map", cls=_OnData)
def map_(
    paths: Paths,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the page.")] = Path(
        "map.html"
    ),
    dates: Annotated[
        str | None,
        typer.Option("--dates", metavar="DATE,DATE", help="Also as of these days, at most eight, to see what changed."),
    ] = None,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
) -> None:
    """Write an interactive map: one HTML file that opens in a browser, without network.

    It opens on what is society-critical and on the gravest findings. Pick a function, system, supplier or finding to
    see only its chain. Exit code 0: written. 2: some input could not be read; the map then lacks it and says so.
    """
    from graphsc.cli import mapping

    mapping.run(paths, output, dates, mapping.Asked(as_of, lang, select, ignore))


@app.command(cls=_OnData)
def report(
    paths: Paths,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="html or pdf.")] = "html",
    since: Annotated[
        Path | None,
        typer.Option(
            "--since",
            metavar="OLD",
            help="Show what changed since: findings of validate --format json, or an older folder.",
        ),
    ] = None,
    party: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="ORG", help="Only the chain of this party, and nothing of others: to mail to it."
        ),
    ] = None,
    classification: Annotated[
        str | None, typer.Option("--classification", metavar="TEXT", help="Mark every page with this.")
    ] = None,
    quarters: Annotated[
        int, typer.Option("--trend", min=0, max=40, metavar="N", help="Quarters of a year that the trend goes back.")
    ] = 4,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
) -> None:
    """Write the report for auditors and managers: one page to read, print or mail.

    It needs no network and no other file. PDF is made by Chromium, Chrome or WeasyPrint, whichever is there.

    Exit code 0: written, whatever it found. 2: some input could not be read; what could be is in the report.
    """
    from graphsc.cli import reporting

    reporting.run(
        reporting.Request(
            paths=paths,
            output=output,
            form=form,
            since=since,
            party=party,
            classification=classification,
            quarters=quarters,
            as_of=as_of,
            language=lang,
            select=select or [],
            ignore=ignore or [],
        )
    )


@app.command()
def rules(
    form: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    framework: Framework = None,
) -> None:
    """List the rules: code, severity, what each asks, and the guide's statements behind it."""
    from graphsc.cli import explaining

    explaining.list_rules(form, lang, select, ignore, framework)


@app.command(cls=_OnData)
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


@app.command(cls=_OnData)
def query(
    what: Annotated[
        str, typer.Argument(metavar="NAME|FILE|-", help="A shipped question, a file with SPARQL, or - for stdin.")
    ],
    paths: Paths,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of the question. Repeatable."),
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="table, csv, json, or turtle for CONSTRUCT.")] = "table",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.01, help="Stop the query after this many seconds.")
    ] = 60.0,
    as_of: AsOf = None,
    lang: Lang = None,
) -> None:
    """Ask a question in SPARQL of the asserted and derived facts. It can only read, and only what is here."""
    from graphsc.cli import asking

    asking.query(what, paths, parameter or [], form, output, timeout, as_of, lang)


@app.command()
def queries(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Show all of these: parameters, statements, query.")
    ] = None,
    lang: Lang = None,
) -> None:
    """List the shipped questions and their parameters."""
    from graphsc.cli import asking

    asking.list_questions(names or [], lang)


config_app = typer.Typer(help="The settings in force.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(config_app, name="config")


@config_app.command("show")
def config_show(as_of: AsOf = None, lang: Lang = None) -> None:
    """Show each setting, its value, and where it came from."""
    from graphsc.cli import configuring

    configuring.show(as_of, lang)


def main() -> None:
    """Run the command line. A crash exits 2 like all else that keeps the tool from checking."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # output is UTF-8 wherever it goes
            reconfigure(encoding="utf-8", errors="replace", newline="\n")
    try:
        app(prog_name="graphsc")
    except Exception as error:
        from graphsc.cli.common import debugging
        from graphsc.rendering import escape

        if debugging():
            raise
        what = escape.brief(f"{type(error).__name__}: {error}")
        hint = "GRAPHSC_DEBUG=1 viser hvor / shows where"
        typer.echo(f"graphsc: intern fejl / internal error: {what} ({hint})", err=True)
        raise SystemExit(2) from None
