"""Findings for GitHub and GitLab: annotations, a code quality report, and a page of Markdown."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from graphsc.core import escape
from graphsc.core.document import Columns, Point, Section, table
from graphsc.core.problems import Location, Problem, is_url
from graphsc.core.text import Language, Text
from graphsc.rendering import sections
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Report, RuleOutcome, Severity
from graphsc.validation.rules import Rule

_MARKS = {"breach": "\u26d4", "question": "\u26a0\ufe0f", "note": "\u2139\ufe0f"}
_MOST_NAMES = 5
_LONGEST_NAME = 80
_RULE, _FINDING, _PLACE = Text("Regel", "Rule"), Text("Fund", "Finding"), Text("Sted", "Place")
_FINDINGS = Text("Fund", "Findings")
_COMMANDS = {Severity.BREACH: "error", Severity.QUESTION: "warning", Severity.NOTE: "notice"}
_ANNOTATIONS = 10
"""GitHub shows so many of each kind per step, those that are written first."""
# A step summary may have 1 MiB; some room is left for what other tools wrote before.
_SUMMARY_BYTES = 900_000
_GITLAB = {Severity.BREACH: "critical", Severity.QUESTION: "minor", Severity.NOTE: "info"}
_LONGEST_LINE = 100_000


def markdown(report: Report, rules: Mapping[str, Rule], *, language: Language, limit: int | None = None) -> str:
    """Render a page: the counts, then tables of errors, findings, rules, and what was left out.

    With ``limit``, a size in bytes, rows are dropped from the end of the page and their number stated.
    """
    title = f"graphsc: {wording.counts(report, language)}"
    warning = wording.partial(report, language) if report.partial else ""
    page = sections.markdown(title, filter(None, _sections(report, rules, language)), language, warning=warning)
    return page if limit is None else _within(limit, page, language)


def _within(limit: int, page: str, language: Language) -> str:
    """The beginning of a page that fits in so many bytes, and the number of rows that are left out."""
    lines = page.encode()[: limit - 200].decode(errors="ignore").splitlines(keepends=True)
    if (start := "".join(lines)) == page:
        return page
    start = "".join(lines[:-1])
    rest = page.removeprefix(start).splitlines()
    rows = sum(line.startswith("| ") for line in rest) - 2 * sum(line.startswith("### ") for line in rest)
    more = Text(
        f"{rows} linjer er udeladt her, fordi siden ellers blev for stor.",
        f"{rows} rows are left out here, or the page would be too large.",
    )
    return f"{start}\n**{more[language]}**\n"


def _sections(report: Report, rules: Mapping[str, Rule], language: Language) -> Iterator[Section]:
    def name(iri: str) -> str:
        return escape.brief(wording.label(report, iri, language), _LONGEST_NAME)

    def rule(code: str) -> str:
        return f"{code} {rules[code].title[language]}" if code in rules else code

    def place(location: Location | None) -> str:
        return wording.DERIVED[language] if location is None else str(location)

    def acceptance(finding: Finding) -> str:
        return wording.acceptance(finding, report, language)

    def described(finding: Finding) -> Point:
        consequences = wording.some([name(iri) for iri in sorted(finding.consequences)], _MOST_NAMES, language)
        notes = (
            (wording.HELP, finding.remedy[language]),
            (wording.PATH, " → ".join(map(name, finding.path))),
            (wording.CONSEQUENCES, ", ".join(consequences)),
            (wording.WAIVER, acceptance(finding) if finding.expired is not None else ""),
        )
        return Point(wording.message(finding, language), tuple((key, value) for key, value in notes if value))

    if not report.partial and not wording.counted(report):
        yield Section(sentences=(wording.nothing(report, language),))
    errors: Columns[Problem] = {
        Text("Fejl", "Error"): lambda problem: problem.code,
        Text("Besked", "Message"): lambda problem: problem.message,
        _PLACE: lambda problem: place(problem.location),
    }
    yield Section(Text("Fejl i det indlæste", "Errors in the input"), tables=(table(errors, wording.problems(report)),))
    findings: Columns[Finding] = {
        Text("Alvor", "Severity"): lambda finding: (
            f"{_MARKS[finding.severity]} {wording.severity(finding.severity, language)}"
        ),
        _RULE: lambda finding: finding.code,
        _FINDING: described,
        _PLACE: lambda finding: place(finding.location),
        Text("Hvem", "Who"): lambda finding: wording.actor(report, finding.actor, language),
        Text("Vejledning", "Guide"): wording.guide,
    }
    yield Section(_FINDINGS, tables=(table(findings, wording.counted(report)),))
    broken: Columns[RuleOutcome] = {
        _RULE: lambda outcome: rule(outcome.code),
        Text("Brudt", "Broken"): lambda outcome: wording.outcome(outcome, language),
    }
    failed = [outcome for outcome in wording.outcomes(report) if outcome.failed and outcome.not_checked is None]
    yield Section(Text("Regler", "Rules"), tables=(table(broken, failed),))
    deferred: Columns[tuple[str, list[Finding]]] = {
        Text("Aftale", "Agreement"): lambda group: name(group[0]),
        Text("Kritikalitet", "Criticality"): lambda group: (
            wording.URGENT if any(finding.urgent for finding in group[1]) else ""
        ),
        _FINDINGS: lambda group: wording.numbers(group[1], language),
        _RULE: lambda group: ", ".join(dict.fromkeys(finding.code for finding in group[1])),
    }
    later = list(wording.deferred(report).items())
    yield Section(Text("Skal bringes på plads", "To be brought in step"), tables=(table(deferred, later),))
    waived: Columns[Finding] = {
        _RULE: lambda finding: finding.code,
        _FINDING: lambda finding: finding.message,
        _PLACE: lambda finding: place(finding.location),
        Text("Accept", "Acceptance"): acceptance,
    }
    ending = tuple(wording.ending(report, language))
    yield Section(
        Text("Accepterede fund", "Accepted findings"),
        sentences=ending,
        tables=(table(waived, wording.accepted(report)),),
    )
    unrecorded: Columns[tuple[str, Finding]] = {
        Text("Register", "Register"): lambda item: name(item[0]),
        Text("Genstand", "Subject"): lambda item: name(item[1].subject),
    }
    groups = wording.not_recorded(report).items()
    registers = [(group, finding) for group, members in groups for finding in members]
    yield Section(Text("Ikke registreret", "Not recorded"), tables=(table(unrecorded, registers),))
    skipped: Columns[tuple[str, str]] = {
        _RULE: lambda item: rule(item[0]),
        Text("Begrundelse", "Reason"): lambda item: item[1],
    }
    yield Section(wording.NOT_CHECKED, tables=(table(skipped, wording.not_checked(report, language)),))


def github(
    report: Report, rules: Mapping[str, Rule], *, language: Language, base: Path = Path(), root: Path | None = None
) -> str:
    """Render a workflow command for errors, notices and findings that count, gravest first; what society depends on leads.

    GitHub shows ten of each kind per step: of more, the number is told, and ``summary`` has all. File names are written
    relative to ``root``, as in SARIF; a file outside it is named in the message instead.
    """
    root = root or base
    commands: dict[str, list[str]] = {command: [] for command in _COMMANDS.values()}

    def add(command: str, location: Location | None, title: str, message: list[str]) -> None:
        commands[command].append(_command(command, location, title, message, base, root))

    if report.partial:
        add("error", None, "graphsc", [wording.partial(report, language)])
    if report.deferred:
        add("notice", None, "graphsc", [wording.deferral(report, language)])
    for notice in wording.notices(report, language):
        add("notice", None, "graphsc", [notice])
    for problem in wording.problems(report):
        add("error", problem.location, problem.code, [problem.message[language]])
    for finding in wording.counted(report):
        rule = rules.get(finding.code)
        title = f"{finding.code} {rule.title[language]}" if rule else finding.code
        add(_COMMANDS[finding.severity], finding.location, title, _github_message(finding, report, language))
    lines = [line for some in commands.values() for line in some[:_ANNOTATIONS]]
    rest = sum(len(some[_ANNOTATIONS:]) for some in commands.values())
    more = Text(
        f"{rest} mere står på opsummeringssiden: GitHub viser {_ANNOTATIONS} af hver slags for et trin.",
        f"{rest} more are on the summary page: GitHub shows {_ANNOTATIONS} of each kind per step.",
    )
    return "\n".join([*lines, *([more[language]] if rest else []), wording.counts(report, language)]) + "\n"


def summary(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:
    """The Markdown to append to the file that ``GITHUB_STEP_SUMMARY`` names, within GitHub's limit."""
    return markdown(report, rules, language=language, limit=_SUMMARY_BYTES)


def _github_message(finding: Finding, report: Report, language: Language) -> list[str]:
    lines = [wording.message(finding, language), finding.remedy[language]]
    if finding.expired is not None:
        lines.append(f"{wording.WAIVER[language]}: {wording.acceptance(finding, report, language)}")
    who = wording.actor(report, finding.actor, language)
    if who:
        lines.append(f"{wording.WHO[language]}: {who}")
    if finding.statements:
        lines.append(f"{wording.GUIDE[language]}: {wording.guide(finding)}")
    return [text for text in lines if text.strip()]


def _command(command: str, location: Location | None, title: str, message: list[str], base: Path, root: Path) -> str:
    properties = []
    if location is not None:
        file = within(location.file, base, root)
        if file is None or location.cell is not None:
            message = [*message, str(location)]
        if file is not None:
            properties.append(f"file={escape.github_property(file)}")
            if location.line is not None and location.cell is None:
                properties.append(f"line={location.line}")
                if location.column is not None:
                    properties.append(f"col={location.column}")
    properties.append(f"title={escape.github_property(escape.shorten(title, 120))}")
    text = escape.github_message(*(escape.brief(part, 2_000) for part in message))
    return f"::{command} {','.join(properties)}::{text}"


def gitlab(
    report: Report,
    rules: Mapping[str, Rule],  # noqa: ARG001 every rendering is called alike
    *,
    language: Language,
    base: Path = Path(),
    root: Path | None = None,
) -> str:
    """Render what could not be read, the findings that count and the notices, as GitLab's ``codequality`` report wants them.

    Files are named from the repository; what stands in no file is named at the repository itself.
    """

    def entry(code: str, severity: str, text: str, place: Location | None, fingerprint: str) -> dict[str, object]:
        path = within(place.file, base, root or base) if place is not None else None
        return {
            "description": escape.line(text),
            "check_name": code,
            "fingerprint": fingerprint,
            "severity": severity,
            "location": {
                "path": path or (place.file if place is not None else "."),
                "lines": {"begin": (place.line if place is not None else None) or 1},
            },
        }

    entries = []
    for problem in wording.problems(report):
        key = f"{problem.code}\n{problem.location}".encode("utf-8", "surrogatepass")
        fingerprint = hashlib.sha256(key).hexdigest()[:16]
        entries.append(entry(problem.code, "blocker", problem.message[language], problem.location, fingerprint))
    for finding in (*wording.counted(report), *wording.later(report)):
        severity, text = _GITLAB[finding.severity], wording.message(finding, language)
        if finding.deferred is not None:
            severity, text = "note", f"{wording.DEFERRED[language]}: {text}"
        text = wording.sentences(text, finding.remedy[language])
        entries.append(entry(finding.code, severity, text, finding.location, finding.fingerprint))
    for notice in wording.notices(report, language):
        fingerprint = hashlib.sha256(notice.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        entries.append(entry("notice", "info", notice, None, fingerprint))
    return escape.json(json.dumps(entries, ensure_ascii=False, indent=2)) + "\n"


def line_at(location: Location, base: Path = Path()) -> str:
    """The line at a location; empty where it cannot be read any more, or is a cell of a workbook."""
    path = base / location.file
    try:
        if location.line is None or location.cell is not None or not path.is_file():
            return ""
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            return next(islice(stream, location.line - 1, None), "").rstrip("\n")[:_LONGEST_LINE]
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return ""


def repository_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` that is a git work tree, or else ``start`` itself."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start


def within(file: str, base: Path, root: Path) -> str | None:
    """A file, given relative to ``base``, as a path below ``root``; None when it is not below that, as a URL never is."""
    if is_url(file):
        return None
    absolute = os.path.normpath(base.absolute() / file)
    relative = Path(os.path.relpath(absolute, root.absolute())).as_posix()
    return None if relative == ".." or relative.startswith("../") else relative
