"""``graphsc validate``."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from graphsc import __version__
from graphsc.cli.common import cannot_write, colored, fail, known_codes, known_format, put, settings
from graphsc.cli.workbooks import findings
from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.writing import write_whole
from graphsc.rendering import FORMATS, render
from graphsc.service import near_misses, open_paths, validate
from graphsc.validation import Report, Rule
from graphsc.validation import baseline as baselines
from graphsc.validation.findings import Severity

if TYPE_CHECKING:
    from graphsc.validation import Engine

_SCREENFUL = 10
_ENGINES = ("compiled", "pyshacl")


@dataclass(slots=True)
class Request:
    """The command line of one ``validate``."""

    paths: list[Path]
    form: str
    output: Path | None
    as_of: str | None
    language: str | None
    select: list[str] | None
    ignore: list[str] | None
    fail_on: str | None
    frameworks: list[str] | None
    engine: str
    shapes: list[Path]
    baseline: Path | None
    write_baseline: Path | None
    show_waived: bool
    first: int | None
    color: bool | None


def run(request: Request) -> None:
    """Validate as asked; leaves with the exit code."""
    found, problems = settings(
        as_of=request.as_of,
        language=request.language,
        select=request.select,
        ignore=request.ignore,
        fail_on=request.fail_on,
        frameworks=request.frameworks,
    )
    found.knowledge += tuple(str(path) for path in request.shapes)
    language = found.language
    known_format(request.form, [*FORMATS, findings.FORM], language)
    engine: Engine = "compiled"
    if request.engine == "pyshacl":
        engine = "pyshacl"
        _need_pyshacl(found)
    elif request.engine not in _ENGINES:
        fail(
            Text(
                f"--engine er compiled eller pyshacl, ikke {request.engine}",
                f"--engine is compiled or pyshacl, not {request.engine}",
            ),
            language,
        )
    baseline = None
    path = request.baseline or (Path(found.baseline) if found.baseline else None)
    if path is not None:
        read = baselines.read(path)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            baseline = read
    opened = open_paths(request.paths, found, problems)
    report, rules = validate(opened, engine=engine, baseline=baseline)
    known_codes(found, rules, report.problems)
    threshold = None if found.fail_on == "never" else Severity(found.fail_on)
    form = (
        findings.renderer(opened, request.paths, request.output, language) if request.form == findings.FORM else render
    )
    text = form(
        request.form,
        near_misses(opened, report, rules),
        rules,
        language=language,
        color=colored(request.color) and request.output is None,
        show_waived=request.show_waived,
        fail_on=threshold,
        version=__version__,
        first=_first(request),
    )
    put(text, request.output, language)
    if request.form == "github":
        _step_summary(report, rules, found)
    code = exit_code(report, threshold)
    if request.write_baseline is not None:
        if baseline is not None:  # all that is there today, not only what is new
            report, _ = validate(opened, engine=engine)
        _write_baseline(request.write_baseline, report, found)
    raise typer.Exit(code)


def _first(request: Request) -> int | None:
    """How many things to do are shown: all of them where nobody reads along, a screenful where somebody does."""
    if request.first is None:
        return _SCREENFUL if request.output is None and sys.stdout.isatty() else None
    return request.first or None


def exit_code(report: Report, threshold: Severity | None) -> int:
    """2 when some input could not be read, 1 for findings at or above the threshold, else 0."""
    if report.partial:
        return 2
    worst = report.worst()
    return int(threshold is not None and worst is not None and worst.rank <= threshold.rank)


def _need_pyshacl(found: Settings) -> None:
    from importlib.util import find_spec

    if find_spec("pyshacl") is None:
        fail(
            Text(
                "pySHACL er ikke installeret; det følger med graphsc[oracle].",
                "pySHACL is not installed; it comes with graphsc[oracle].",
            ),
            found.language,
        )


def _write_baseline(path: Path, report: Report, found: Settings) -> None:
    if report.partial:
        fail(
            Text(
                "der skrives ingen baseline, når noget ikke kunne læses",
                "no baseline is written when some input could not be read",
            ),
            found.language,
        )
    try:
        baselines.write(path, baselines.Baseline.of(report.findings))
    except OSError as error:
        cannot_write(Path(path), error, found.language)


def _step_summary(report: Report, rules: dict[str, Rule], found: Settings) -> None:
    """GitHub shows ten annotations per step, so the whole goes to the step's summary page."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        from graphsc.rendering.findings.github import summary

        try:
            file = Path(path)
            before = file.read_bytes() if file.is_file() else b""
            write_whole(file, before + summary(report, rules, language=found.language).encode())
        except OSError as error:
            cannot_write(Path(path), error, found.language)
