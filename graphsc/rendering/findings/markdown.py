"""Findings as GitHub-flavoured Markdown, for an issue, a merge request or a step summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphsc.core import escape
from graphsc.core.location import Location
from graphsc.core.text import Language, Text
from graphsc.rendering import wording
from graphsc.validation.findings import Finding, Report
from graphsc.validation.rules import Rule

_MARKS = {"violation": "\u26d4", "warning": "\u26a0\ufe0f", "info": "\u2139\ufe0f"}
_MOST = 5
_COLUMNS = {
    "severity": Text("Alvor", "Severity"),
    "rule": Text("Regel", "Rule"),
    "finding": Text("Fund", "Finding"),
    "message": Text("Besked", "Message"),
    "place": Text("Sted", "Place"),
    "who": Text("Hvem", "Who"),
    "guide": Text("Vejledning", "Guide"),
    "error": Text("Fejl", "Error"),
    "agreement": Text("Aftale", "Agreement"),
    "urgent": Text("Kritikalitet", "Criticality"),
    "numbers": Text("Fund", "Findings"),
    "broken": Text("Brudt", "Broken"),
    "acceptance": Text("Accept", "Waiver"),
    "register": Text("Register", "Register"),
    "subject": Text("Genstand", "Subject"),
    "reason": Text("Begrundelse", "Reason"),
}


def render(report: Report, rules: Mapping[str, Rule], *, language: Language, limit: int | None = None) -> str:
    """Render a page: the counts, then tables of errors, findings, rules, and what was left out.

    With ``limit``, a size in bytes, rows are dropped from the end of the page and their number stated.
    """
    page = _Page(limit)
    page.write(f"## graphsc: {escape.markdown(wording.counts(report, language))}")
    if report.partial:
        page.write(f"\n> **{escape.markdown(wording.partial(report, language))}**")
    elif not wording.counted(report):
        page.write(f"\n{escape.markdown(wording.nothing(report, language))}")
    for heading, columns, rows in _tables(report, rules, language):
        _table(page, heading, columns, rows, language)
    if page.dropped:
        more = Text(
            f"{page.dropped} linjer er udeladt her, fordi siden ellers blev for stor.",
            f"{page.dropped} rows are left out here, or the page would be too large.",
        )
        page.force(f"\n**{more[language]}**")
    return page.text


def _tables(
    report: Report, rules: Mapping[str, Rule], language: Language
) -> Iterator[tuple[Text, tuple[str, ...], Iterable[tuple[str, ...]]]]:
    """The tables of the page: heading, names of the columns, and rows."""
    yield (
        Text("Fejl i det indlæste", "Errors in the input"),
        ("error", "message", "place"),
        (
            (escape.markdown(p.code), escape.markdown(p.message[language]), _place(p.location, language))
            for p in wording.problems(report)
        ),
    )
    findings = (_finding(finding, report, language) for finding in wording.counted(report))
    yield Text("Fund", "Findings"), ("severity", "rule", "finding", "place", "who", "guide"), findings
    broken = (
        (escape.markdown(_rule(o.code, rules, language)), escape.markdown(wording.outcome(o, language)))
        for o in wording.outcomes(report)
        if o.failed and o.not_checked is None
    )
    yield Text("Regler", "Rules"), ("rule", "broken"), broken
    deferred = (_deferred(agreement, group, report, language) for agreement, group in wording.deferred(report).items())
    yield Text("Skal bringes på plads", "To be brought in step"), ("agreement", "urgent", "numbers", "rule"), deferred
    waived = (_waived(finding, report, language) for finding in wording.accepted(report))
    yield Text("Accepterede fund", "Waived findings"), ("rule", "finding", "place", "acceptance"), waived
    registers = (
        (_name(report, register, language), _name(report, finding.subject, language))
        for register, members in wording.not_recorded(report).items()
        for finding in members
    )
    yield Text("Ikke registreret", "Not recorded"), ("register", "subject"), registers
    skipped = (
        (escape.markdown(_rule(code, rules, language)), escape.markdown(reason))
        for code, reason in wording.not_checked(report, language)
    )
    yield wording.NOT_CHECKED, ("rule", "reason"), skipped


class _Page:
    """Markdown that grows to a limit and counts what it turned away."""

    def __init__(self, limit: int | None) -> None:
        self._lines: list[str] = []
        self._size = 0
        self._limit = limit
        self.dropped = 0

    def write(self, line: str) -> bool:
        size = len(line.encode()) + 1
        if self._limit is not None and self._size + size > self._limit - 200:
            self.dropped += 1
            return False
        self._size += size
        self._lines.append(line)
        return True

    def force(self, line: str) -> None:
        self._lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def _table(
    page: _Page, heading: Text, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], language: Language
) -> None:
    started = False
    for row in rows:
        line = f"| {' | '.join(row)} |"
        if page.dropped:
            page.dropped += 1
            continue
        if not started:
            names = " | ".join(_COLUMNS[column][language] for column in columns)
            rule = " | ".join("---" for _ in columns)
            line = f"\n### {heading[language]}\n\n| {names} |\n| {rule} |\n{line}"
        started = True
        page.write(line)


def _finding(finding: Finding, report: Report, language: Language) -> tuple[str, ...]:
    text = escape.markdown(wording.message(finding, language))
    remedy = escape.markdown(finding.remedy[language])
    if remedy:
        text += f"<br>*{wording.HELP[language]}:* {remedy}"
    if finding.path:
        chain = " → ".join(_name(report, iri, language) for iri in finding.path)
        text += f"<br>*{wording.PATH[language]}:* {chain}"
    if finding.consequences:
        names = wording.some([_name(report, iri, language) for iri in sorted(finding.consequences)], _MOST, language)
        text += f"<br>*{wording.CONSEQUENCES[language]}:* {', '.join(names)}"
    if finding.expired is not None:
        acceptance = escape.markdown(wording.acceptance(finding, report, language))
        text += f"<br>*{wording.WAIVER[language]}:* {acceptance}"
    return (
        f"{_MARKS[finding.severity]} {wording.severity(finding.severity, language)}",
        escape.markdown(finding.code),
        text,
        _place(finding.location, language),
        escape.markdown(wording.actor(report, finding.actor, language)),
        escape.markdown(wording.guide(finding)),
    )


def _deferred(agreement: str, findings: list[Finding], report: Report, language: Language) -> tuple[str, ...]:
    return (
        _name(report, agreement, language),
        wording.URGENT[language] if any(finding.urgent for finding in findings) else "",
        wording.numbers(findings, language),
        escape.markdown(", ".join(dict.fromkeys(finding.code for finding in findings))),
    )


def _waived(finding: Finding, report: Report, language: Language) -> tuple[str, ...]:
    return (
        escape.markdown(finding.code),
        escape.markdown(finding.message[language]),
        _place(finding.location, language),
        escape.markdown(wording.acceptance(finding, report, language)),
    )


def _place(location: Location | None, language: Language) -> str:
    return escape.markdown(wording.DERIVED[language] if location is None else str(location))


def _name(report: Report, iri: str, language: Language) -> str:
    return escape.markdown(wording.label(report, iri, language), 80)


def _rule(code: str, rules: Mapping[str, Rule], language: Language) -> str:
    rule = rules.get(code)
    return code if rule is None else f"{code} {rule.title[language]}"
