"""Findings as annotations of a GitHub workflow run, and the page that its step summary shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from graphsc.core import escape
from graphsc.core.location import Location
from graphsc.core.text import Language
from graphsc.rendering.findings import markdown, places
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Report, Severity
from graphsc.validation.rules import Rule

_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
# A step summary may have 1 MiB; some room is left for what other tools wrote before.
_SUMMARY_BYTES = 900_000


def render(
    report: Report, rules: Mapping[str, Rule], *, language: Language, base: Path = Path(), root: Path | None = None
) -> str:
    """Render one workflow command per error and per finding that counts, gravest first.

    GitHub shows ten of each kind per step, so the rest is for ``summary``. File names are written
    relative to ``root``, as in SARIF; a file outside it is named in the message instead.
    """
    root = root or base
    lines = []
    for problem in wording.problems(report):
        message = [problem.message[language]]
        lines.append(_command("error", problem.location, problem.code, message, base, root))
    for finding in wording.counted(report):
        rule = rules.get(finding.code)
        title = f"{finding.code} {rule.title[language]}" if rule else finding.code
        message = _message(finding, report, language)
        command = _COMMANDS[finding.severity]
        lines.append(_command(command, finding.location, title, message, base, root))
    if report.deferred:
        lines.append(_command("notice", None, "graphsc", [wording.deferral(report, language)], base, root))
    if report.partial:
        lines.append(_command("error", None, "graphsc", [wording.partial(report, language)], base, root))
    return "\n".join([*lines, wording.counts(report, language)]) + "\n"


def summary(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:
    """The Markdown to append to the file that ``GITHUB_STEP_SUMMARY`` names, within GitHub's limit."""
    return markdown.render(report, rules, language=language, limit=_SUMMARY_BYTES)


def _message(finding: Finding, report: Report, language: Language) -> list[str]:
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
        file = places.within(location.file, base, root)
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
