"""``graphsc validate`` and ``graphsc load``: what is read, and what is wrong with it."""

from pathlib import Path
from typing import Annotated

import typer

from graphsc.cli.options import AsOf, Color, Framework, Ignore, Lang, Output, Paths, Select, as_format


def validate(
    paths: Paths,
    form: Annotated[
        str,
        as_format("text, full, concise, json, sarif, junit, github, gitlab, csv, statistics, markdown, shacl or xlsx."),
    ] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="violation|warning|note|never",
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
    first: Annotated[
        int | None,
        typer.Option(
            "--first",
            metavar="N",
            min=0,
            help="Show so many things to do in the text output, 0 for all (default: 10 on a terminal, else all).",
        ),
    ] = None,
    color: Color = None,
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
            first=first,
            color=color,
        )
    )


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


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; made where there is none.")],
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="TEXT", help="What the organisation is called (asked for on a terminal)."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="IRI", help="What is put before ids, such as https://example.org/id/."),
    ] = None,
    lang: Lang = None,
) -> None:
    """Write a folder to begin with: settings, first data with examples, a README, checks for GitHub and GitLab.

    Exit code 2, and nothing written, where one of the files is there already.
    """
    from graphsc.cli import configuring

    configuring.start(folder, name, base, lang)
