"""The use cases as functions: open the input once, then validate, query or explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from graphsc import relational
from graphsc.core.problems import Location, Problem, Unavailable, by_place
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.explanation.evidence import Explainer, Fact
from graphsc.explanation.near_misses import with_near_misses
from graphsc.graph.labels import Labels
from graphsc.service.measure_triples import add_measures
from graphsc.service.opened import Opened as Opened
from graphsc.service.opened import work_out
from graphsc.sources import Sources, own_knowledge, read
from graphsc.sources.own_knowledge import Additions
from graphsc.validation import Engine, Report, Rule
from graphsc.validation import validate as judge
from graphsc.validation.baseline import Baseline
from graphsc.validation.deferral import defer
from graphsc.validation.findings import Finding


def open_paths(paths: Sequence[Path], settings: Settings, problems: Sequence[Problem] = ()) -> Opened:
    """Read files and folders, and run the derivation rules as of the evaluation date.

    Mistakes in the input become problems, not exceptions. Raises Unavailable where a URL among the paths cannot be read.
    """
    additions = own_knowledge.read(settings.knowledge)
    return work_out(_read(paths, settings, additions), settings, additions, [*problems, *additions.problems])


def _read(paths: Sequence[Path], settings: Settings, additions: Additions) -> Sources:
    """Read files and folders, and the data at the URL that is among them. Raises Unavailable where that cannot be read."""
    fetched = {}
    if settings.urls:
        paths = [path for path in paths if path not in {Path(url) for url in settings.urls}]
        url = _url(settings)
        fetched[url] = relational.lines_at(url, settings.executor)
    return read(paths, base=settings.base, additions=additions.triples, ignored=settings.ignore_files, fetched=fetched)


def _url(settings: Settings) -> str:
    """The URL of the data that the executor reads. Raises Unavailable for several, and where nothing would read it."""
    url, *others = settings.urls
    if url.lower().startswith(("http:", "https:")):
        raise Unavailable(
            Text(
                f"{url} læses ikke, for graphsc henter intet fra nettet. Hent filen selv, og skriv stien til den.",
                f"{url} is not read, since graphsc fetches nothing from the web. Download the file, and give its path.",
            )
        )
    if settings.executor not in relational.NAMES:
        raise Unavailable(
            Text(
                f"Skriv stien til en fil eller mappe i stedet for {url}. "
                "En URL læses kun med --engine spark eller, hvis den begynder med file:, --engine duckdb.",
                f"Write the path of a file or folder instead of {url}. "
                "A URL is read only with --engine spark or, if it begins with file:, --engine duckdb.",
            )
        )
    if others:
        raise Unavailable(
            Text(
                "Der læses kun én URL; læg filerne i samme mappe.",
                "Only one URL is read; put the files into one folder.",
            )
        )
    return url


def validate(
    opened: Opened, *, engine: Engine = "compiled", baseline: Baseline | None = None
) -> tuple[Report, dict[str, Rule]]:
    """Run the rules; the report, and the catalogue of rules by code.

    If the organisation has set a limit on a measure of risk, the measures are computed first.
    """
    problems = list(opened.problems)
    if opened.settings.limits and (missing := add_measures(opened.dataset)):
        problems.append(Problem("missing-analysis", missing, Location(opened.settings.origin.get("limits", "limits"))))
    report, rules = judge(
        opened.dataset,
        opened.sources,
        opened.settings,
        engine=engine,
        problems=problems,
        baseline=baseline,
    )
    return replace(report, problems=by_place(_placed(problem, opened.additions) for problem in report.problems)), rules


def deferred(opened: Opened, report: Report) -> Report:
    """The report with deferred findings: those on agreements older than the day from which rules apply do not fail a run.

    Reports, duties and the map show these findings like all others.
    """
    day = opened.settings.judged_from
    if day is None:
        return report
    findings = defer(report.findings, opened.dataset, day)
    labels = Labels(opened.dataset)
    names = {finding.deferred: labels[finding.deferred] for finding in findings if finding.deferred is not None}
    return replace(report, findings=findings, judged_from=day, labels={**report.labels, **names})


def near_misses(opened: Opened, report: Report, rules: Mapping[str, Rule]) -> Report:
    """The report with the near misses of each finding that counts, for renderings that show them."""
    findings = with_near_misses(report.findings, opened.dataset, opened.sources, rules)
    return replace(report, findings=findings)


def explained(opened: Opened, finding: Finding, depth: int) -> tuple[Fact, ...]:
    """The facts beneath a finding, or their absence, with what they are derived from to a depth."""
    return tuple(Explainer(opened.dataset, opened.sources, opened.rules, depth).finding(finding))


def _placed(problem: Problem, additions: Additions) -> Problem:
    """A problem of a shape that the organisation added, with the location of the shape."""
    place = additions.locate(problem.location.file) if problem.code == "unsupported-shape" else None
    return problem if place is None else replace(problem, location=place)
