"""Findings as GitHub-flavoured Markdown, for an issue, a merge request or a step summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphsc.core import escape
from graphsc.core.document import Columns, Point, Section, table
from graphsc.core.location import Location
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.rendering import sections
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Report, RuleOutcome
from graphsc.validation.rules import Rule

_MARKS = {"violation": "\u26d4", "warning": "\u26a0\ufe0f", "info": "\u2139\ufe0f"}
_MOST = 5
_NAME = 80
_RULE, _FINDING, _PLACE = Text("Regel", "Rule"), Text("Fund", "Finding"), Text("Sted", "Place")
_FINDINGS = Text("Fund", "Findings")


def render(report: Report, rules: Mapping[str, Rule], *, language: Language, limit: int | None = None) -> str:
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
        return escape.brief(wording.label(report, iri, language), _NAME)

    def rule(code: str) -> str:
        return f"{code} {rules[code].title[language]}" if code in rules else code

    def place(location: Location | None) -> str:
        return wording.DERIVED[language] if location is None else str(location)

    def acceptance(finding: Finding) -> str:
        return wording.acceptance(finding, report, language)

    def described(finding: Finding) -> Point:
        consequences = wording.some([name(iri) for iri in sorted(finding.consequences)], _MOST, language)
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
        Text("Accept", "Waiver"): acceptance,
    }
    yield Section(Text("Accepterede fund", "Waived findings"), tables=(table(waived, wording.accepted(report)),))
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
