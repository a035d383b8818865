"""``graphsc validate``."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import sleep
from typing import Annotated, Literal, NoReturn

import typer

from graphsc import __version__
from graphsc.cli.common import (
    cannot_write,
    check_codes,
    check_format,
    colored,
    fail,
    read_settings,
    require,
    require_new,
    show_problems,
    spoken,
    write_output,
)
from graphsc.cli.options import Choosing, Color, Framework, Output, Paths, as_format, option
from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.core.settings import load as load_settings
from graphsc.core.text import Language, Text
from graphsc.core.writing import write_whole
from graphsc.coverage.checks import with_facts
from graphsc.rendering import FORMATS, OUTCOMES, render
from graphsc.service import Opened, deferred, near_misses, open_paths
from graphsc.service import validate as judge
from graphsc.sources.files import WORKBOOKS
from graphsc.sources.terms import load
from graphsc.sources.workbook.file import RawBook, UnreadableError, open_book
from graphsc.sources.workbook.layout import layout
from graphsc.sources.workbook.tables import is_private, is_start
from graphsc.validation import Engine as Judge
from graphsc.validation import Report, Rule
from graphsc.validation import baseline as baselines
from graphsc.validation.findings import Severity

_SCREENFUL = 10
_PAUSE = 0.5
_WAITING = Text("Venter på, at noget gemmes. Ctrl-C slutter.", "Waiting for something to be saved. Ctrl-C ends.")
_WORKBOOK = "xlsx"
_DIFF_FORMATS: tuple[Literal["text", "json", "markdown"], ...] = ("text", "json", "markdown")

DANISH = """Læs, udled og kontrollér; vis fundene.

Slutkode 0: intet på eller over --fail-on. 1: fund; med --diff nye fund, eller noget registreres ikke mere. 2: Noget kunne ikke læses."""


@dataclass(frozen=True)
class Judging:
    """The options on what is judged by what, and on what fails the run."""

    judged_from: Annotated[
        str | None,
        option(
            metavar="DATE",
            da="Aftaler underskrevet før denne dag står for sig selv som noget, der skal bringes på plads, og påvirker ikke resultatet.",
            en="Agreements signed before this day are listed apart, as to be brought in step, and fail no run.",
        ),
    ] = None
    fail_on: Annotated[
        str | None,
        option(
            metavar="breach|question|note|never",
            da="Slut med 1 fra denne alvorsgrad og op (standard: breach).",
            en="Exit 1 from this severity up (default: breach).",
        ),
    ] = None
    exit_zero: Annotated[
        bool,
        option(
            "--exit-zero",
            da="Slut med 0 uanset fund; data, der ikke kan læses, giver stadig 2.",
            en="Exit 0 whatever is found; unreadable input still exits 2.",
        ),
    ] = False
    framework: Framework = None
    pyshacl: Annotated[
        bool, option("--pyshacl", da="Lad pySHACL bedømme de samme shapes.", en="Have pySHACL judge the same shapes.")
    ] = False
    shapes: Annotated[
        list[Path] | None,
        option(
            metavar="FILE",
            da="Bedøm også disse SHACL-shapes (Turtle). Kan gentages.",
            en="Judge these SHACL shapes (Turtle) too; may be repeated.",
        ),
    ] = None
    baseline: Annotated[
        Path | None,
        option(
            metavar="FILE",
            da="Vis kun fund, som denne fil ikke kender.",
            en="Show only findings that this file does not know.",
        ),
    ] = None
    write_baseline: Annotated[
        Path | None,
        option(
            metavar="FILE",
            writable=True,
            da="Skriv dagens fund som en baseline, og slut med 0.",
            en="Write today's findings as a baseline, and exit 0.",
        ),
    ] = None
    diff: Annotated[
        Path | None,
        option(
            metavar="OLD",
            da="Hvad der er ændret i fund og pligter siden denne fil eller mappe; som text, json eller markdown.",
            en="What has changed in findings and duties since this file or folder; as text, json or markdown.",
        ),
    ] = None

    @property
    def engine(self) -> Judge:
        """What judges."""
        return "pyshacl" if self.pyshacl else "compiled"

    def threshold(self, settings: Settings) -> Severity | None:
        """The severity from which findings fail the run; None where none do."""
        return None if self.exit_zero or settings.fail_on == "never" else Severity(settings.fail_on)


@dataclass(frozen=True)
class Showing:
    """The options on how the findings are shown."""

    show_waived: Annotated[
        bool, option("--show-waived", da="Vis også de accepterede fund.", en="Show the accepted findings too.")
    ] = False
    first: Annotated[
        int | None,
        option(
            metavar="N",
            min=0,
            da="Vis så mange opgaver i fuld længde i teksten, og tæl resten; 0 viser alle i fuld længde med alle henvisninger. Standard: 10 i en terminal, ellers alle, men kun de første i fuld længde.",
            en="Tell so many things to do whole in the text output and count the rest; 0 tells all whole, with every reference. Default: 10 on a terminal, else all, the first few of them whole.",
        ),
    ] = None
    color: Color = None


def run(
    paths: Paths,
    form: Annotated[
        str,
        as_format(
            "text, concise, json, sarif, junit, github, gitlab, csv, statistics, markdown, shacl eller xlsx.",
            "text, concise, json, sarif, junit, github, gitlab, csv, statistics, markdown, shacl or xlsx.",
        ),
    ] = "text",
    output: Output = None,
    *,
    given: Choosing,
    judging: Judging,
    watch: Annotated[
        bool,
        option(
            "--watch",
            da="Kontrollér igen, hver gang en fil gemmes, indtil Ctrl-C.",
            en="Check again whenever a file is saved, until Ctrl-C.",
        ),
    ] = False,
    showing: Showing,
) -> None:
    """Load, derive and check; print the findings.

    Exit code 0: nothing at or above --fail-on. 1: findings; with --diff, new ones, or something is no longer recorded. 2: some input could not be read.
    """
    if watch:
        again = {**locals(), "watch": False}
        watch_inputs(lambda: run(**again), paths, output)
    settings, problems = read_settings(
        given, fail_on=judging.fail_on, frameworks=judging.framework, judged_from=judging.judged_from
    )
    _require_past(settings)
    if judging.write_baseline is not None:
        baselines.require_own(judging.write_baseline)
    settings.knowledge += tuple(path.as_posix() for path in judging.shapes or ())
    check_format(form, [*FORMATS, _WORKBOOK] if judging.diff is None else _DIFF_FORMATS)
    if form == _WORKBOOK:
        _require_workbook(output)
    if judging.pyshacl:
        require("oracle", "pyshacl")
    baseline = _load_baseline(judging.baseline, settings, problems) if judging.diff is None else None
    opened = open_paths(paths, settings, problems)
    report, rules = judge(opened, engine=judging.engine, baseline=baseline)
    check_codes(settings, rules, report.problems)
    threshold = judging.threshold(settings)
    if judging.diff is not None:
        raise typer.Exit(_compared(opened, report, rules, judging.diff, form, output, threshold))
    report = _shown(opened, report, rules, form, output, showing)
    if judging.write_baseline is not None:
        everything = report if baseline is None else judge(opened, engine=judging.engine)[0]
        _write_baseline(judging.write_baseline, everything)
        return
    raise typer.Exit(_exit_code(report, threshold))


def _shown(
    opened: Opened, report: Report, rules: dict[str, Rule], form: str, output: Path | None, showing: Showing
) -> Report:
    """Show the findings in a format; the report with what was added to it for that."""
    language, fail_on = opened.settings.language, opened.settings.fail_on
    report = deferred(opened, near_misses(opened, report, rules))
    if form in OUTCOMES or report.worst() is None:
        report = with_facts(opened.dataset, report)
    if form == _WORKBOOK:
        write_output(_marked(opened, report, rules, language), output)
        return report
    page = render(
        form,
        report,
        rules,
        language=language,
        color=colored(showing.color) and output is None,
        show_waived=showing.show_waived,
        fail_on=None if fail_on == "never" else Severity(fail_on),
        version=__version__,
        first=_SCREENFUL if showing.first is None and output is None and sys.stdout.isatty() else showing.first,
    )
    write_output(page, output)
    if form == "github":
        _step_summary(report, rules, language)
    return report


def _require_past(settings: Settings) -> None:
    """Stop where every dated agreement is from before the day that is judged from, so that none could fail the run."""
    judged_from, today = settings.judged_from, settings.as_of
    if judged_from is not None and judged_from > today:
        origin = settings.origin["judged_from"]
        name = origin if origin == "--judged-from" else f"{origin}: judged-from"
        fail(
            f"{name} {judged_from} ligger efter vurderingsdatoen {today}, så ingen dateret aftale ville tælle med",
            f"{name} {judged_from} is after the evaluation date {today}, so no dated agreement would count",
        )


def _compared(
    opened: Opened,
    report: Report,
    rules: dict[str, Rule],
    old: Path,
    form: str,
    output: Path | None,
    threshold: Severity | None,
) -> int:
    """Show what has changed since an older input; the exit code, by what is new or graver or no longer recorded."""
    from graphsc.rendering.findings.diff import render as render_diff
    from graphsc.service.diff import diff

    language = opened.settings.language
    changes = diff(opened, report, rules, old)
    write_output(render_diff(check_format(form, _DIFF_FORMATS), changes, language=language), output)
    show_problems(changes.problems)
    new = deferred(opened, replace(report, findings=changes.worse)).worst()
    if changes.problems:
        return 2
    worse = new is not None and threshold is not None and new.rank <= threshold.rank
    return int(worse or (threshold is not None and bool(changes.findings.no_longer_kept)))


def _load_baseline(path: Path | None, settings: Settings, problems: list[Problem]) -> baselines.Baseline | None:
    """The baseline of the option or of the settings; one that cannot be read is a problem."""
    path = path or (Path(settings.baseline) if settings.baseline else None)
    if path is None:
        return None
    read = baselines.read(path)
    if isinstance(read, Problem):
        problems.append(read)
        return None
    return read


def _exit_code(report: Report, threshold: Severity | None) -> int:
    """2 when some input could not be read, 1 for findings at or above the threshold, else 0."""
    if report.partial:
        return 2
    worst = report.worst()
    return int(threshold is not None and worst is not None and worst.rank <= threshold.rank)


def _require_workbook(output: Path | None) -> None:
    """Stop when the findings cannot be written as a workbook to the output."""
    if output is None:
        fail("xlsx skrives til en fil: brug --output", "xlsx is written to a file: use --output")
    require_new(output, True)


def _marked(opened: Opened, report: Report, rules: Mapping[str, Rule], language: Language) -> bytes:
    """The findings as a workbook, with a marked copy of each workbook among the inputs."""
    from graphsc.rendering.register.tasks import marked as render_workbook
    from graphsc.service.registers.register import due_days

    books: dict[str, RawBook] = {}
    arranged = layout(load())
    for source in report.inputs:
        if Path(source.file).suffix.lower() in WORKBOOKS:
            try:
                raw = open_book(Path(source.file).read_bytes())
            except (OSError, UnreadableError):
                continue  # its problem says why
            # What was to be done when a register was written is not what is to be done now.
            now = [sheet for sheet in raw.sheets if not is_private(sheet.name) and not is_start(sheet.name, arranged)]
            books[source.file] = replace(raw, sheets=now)
    return render_workbook(report, rules, due_days(opened, report, rules), books, language=language)


def _write_baseline(path: Path, report: Report) -> None:
    if report.partial:
        fail(
            "der skrives ingen baseline, når noget ikke kunne læses",
            "no baseline is written when some input could not be read",
        )
    try:
        baselines.write(path, baselines.Baseline.of(report.findings))
    except OSError as error:
        cannot_write(path, error)


def _step_summary(report: Report, rules: dict[str, Rule], language: Language) -> None:
    """Add all findings to the summary page of a GitHub step: GitHub shows only ten annotations per step."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        from graphsc.rendering.findings.forges import summary

        try:
            file = Path(path)
            before = file.read_bytes() if file.is_file() else b""
            write_whole(file, before + summary(report, rules, language=language).encode())
        except OSError as error:
            cannot_write(Path(path), error)


def watch_inputs(run: Callable[[], None], paths: Sequence[Path], output: Path | None) -> NoReturn:
    """Run, and run again after each change of the files or of the configuration, until Ctrl-C.

    What is written to ``output`` is no change.
    """
    while True:
        before = _state(paths, output)
        with suppress(typer.Exit):
            run()
        typer.echo(f"\n{_WAITING[spoken()]}", err=True)
        while _state(paths, output) == before:
            sleep(_PAUSE)


def _state(paths: Sequence[Path], output: Path | None) -> tuple[object, ...]:
    """What a run depends on, as it is now."""
    from graphsc.web.desk import stamp

    settings, _ = load_settings()
    return tuple(entry for entry in stamp(paths, settings) if output is None or entry[0] != str(output))
