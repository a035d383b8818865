"""What a change does to findings and duties, as text, JSON and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graphsc.core import escape
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.duties.duties import State
from graphsc.rendering import wording
from graphsc.rendering.contract import (
    BriefFinding,
    DutyChanges,
    Levels,
    brief_finding,
    duty_changes,
    levels,
    names,
    written,
)
from graphsc.rendering.duties.words import STATE, STATES, Voice
from graphsc.rendering.sections import Section, Table, aligned, markdown
from graphsc.validation.findings import Finding
from graphsc.whatif.comparison import Diff

Format = Literal["text", "json", "markdown"]

_NEW, _GONE, _CHANGED = Text("nyt", "new"), Text("væk", "gone"), Text("ændret", "changed")
_NEW_DUTY = Text("ny", "new")
_ACCEPTED = Text("accepteret", "waived")
_UNKEPT = Text("føres ikke mere", "no longer kept")
_FINDINGS, _DUTIES = Text("Fund", "Findings"), Text("Pligter", "Duties")
_FINDING_COLUMNS = (
    Text("", ""),
    Text("Alvor", "Severity"),
    Text("Regel", "Rule"),
    Text("Fund", "Finding"),
    Text("Sted", "Place"),
)
_DUTY_COLUMNS = (Text("", ""), Text("Pligt", "Duty"), Text("Hvem", "Who"), Text("Tilstand", "State"))
Row = tuple[str, ...]


def render(form: Format, diff: Diff, *, language: Language) -> str:
    """The comparison in a format; JSON holds everything, in both languages."""
    if form == "json":
        return _json(diff)
    sections = [
        (_FINDINGS, _counts(diff, language), _FINDING_COLUMNS, list(_findings(diff, language))),
        (_DUTIES, _states(diff, language), _DUTY_COLUMNS, list(_duties(diff, language))),
    ]
    title = Text(f"Ændringer siden {diff.old}", f"Changes since {diff.old}")
    if form == "markdown":
        tables = [
            Section(
                name,
                (Text.same(counts),),
                (Table(columns, tuple(tuple(map(Text.same, row)) for row in rows)),) if rows else (),
            )
            for name, counts, columns, rows in sections
        ]
        return markdown(title, tables, language)
    lines = [escape.line(title[language])]
    for name, counts, _, rows in sections:
        lines += ["", f"{name[language]}: {counts}", *_columns(rows)]
        if not rows:
            lines.append(f"  {Text('intet er ændret', 'nothing has changed')[language]}")
    return "\n".join(lines) + "\n"


def _columns(rows: list[Row]) -> list[str]:
    """The rows in columns; the widest, which is the fourth, is not filled up."""
    shown = [[escape.brief(cell, 600) for cell in row] for row in rows]
    return [f"  {line}" for line in aligned([[*row[:3], "  ".join(row[3:])] for row in shown])]


def _counts(diff: Diff, language: Language) -> str:
    sides = [
        wording.tally(side, language) or Text("ingen fund", "no findings")[language]
        for side in (diff.findings.before, diff.findings.after)
    ]
    return f"{sides[0]} → {sides[1]}"


def _states(diff: Diff, language: Language) -> str:
    owed = diff.duties
    return ", ".join(
        f"{STATES[state][language]} {owed.before[state]} → {owed.after[state]}"
        for state in State
        if owed.before[state] or owed.after[state]
    )


def _findings(diff: Diff, language: Language) -> Iterator[Row]:
    for finding in diff.findings.new:
        yield _finding(_NEW[language], finding, language)
    for before, after in diff.changed:
        row = _finding(_CHANGED[language], after, language)
        level = wording.severity(before.severity, language)
        yield row if level == row[1] else (row[0], f"{level} → {row[1]}", *row[2:])
    for finding in diff.findings.gone:
        word = _ACCEPTED if finding.fingerprint in diff.accepted else _GONE
        yield _finding(word[language], finding, language)
    for finding in diff.unkept:
        yield _finding(_UNKEPT[language], finding, language)


def _finding(word: str, finding: Finding, language: Language) -> Row:
    place = "" if finding.location is None else str(finding.location)
    return word, wording.severity(finding.severity, language), finding.code, finding.message[language], place


def _duties(diff: Diff, language: Language) -> Iterator[Row]:
    voice = Voice(diff.labels, language)
    for duty in diff.duties.new:
        yield _NEW_DUTY[language], voice.what(duty), voice.holder(duty), STATE[duty.state][language]
    for before, after in diff.duties.changed:
        holders = [voice.holder(duty) for duty in (before, after)]
        states = [STATE[duty.state][language] for duty in (before, after)]
        yield _CHANGED[language], voice.what(after), _moved(holders), _moved(states)
    for duty in diff.duties.gone:
        yield _GONE[language], voice.what(duty), voice.holder(duty), STATE[duty.state][language]


def _moved(sides: list[str]) -> str:
    return " → ".join(dict.fromkeys(sides))


class GoneFinding(BriefFinding):
    """A finding that does not count any more."""

    accepted: bool  #: Whether it is still there, under a waiver.


class ChangedFinding(TypedDict):
    """A finding of one rule on one thing that says something else, or is of another severity."""

    before: BriefFinding  #: As it was.
    after: BriefFinding  #: As it is.


class FindingDifferences(TypedDict):
    """The findings, those on older agreements too; what is accepted or not recorded does not count."""

    before: Levels  #: How many there were.
    after: Levels  #: How many there are.
    new: list[BriefFinding]  #: Those that come, gravest first.
    gone: list[GoneFinding]  #: Those that do not count any more.
    changed: list[ChangedFinding]  #: Those that say something else.
    #: The registers that are not kept now and were: what they showed is unknown, not mended.
    noLongerKept: list[BriefFinding]


class Document(TypedDict):
    """What `graphsc validate --diff OLD --format json` writes."""

    schema: Literal["graphsc.diff/1"]  #: The name and version of this contract.
    asOf: date  #: The day that both sides are judged on.
    old: str  #: The older input, as the user named it.
    partial: bool  #: Whether some input could not be read, so that the comparison lacks it.
    problems: list[Problem]  #: What could not be read, by place.
    findings: FindingDifferences  #: What becomes of the findings.
    duties: DutyChanges
    labels: dict[str, Text]  #: The name of every IRI that is mentioned.


def _json(diff: Diff) -> str:
    """The comparison, as `Document` describes it."""
    contents: Document = {
        "schema": "graphsc.diff/1",
        "asOf": diff.as_of,
        "old": diff.old,
        "partial": diff.partial,
        "problems": list(diff.problems),
        "findings": {
            "before": levels(diff.findings.before),
            "after": levels(diff.findings.after),
            "new": [brief_finding(finding) for finding in diff.findings.new],
            "gone": [
                {**brief_finding(finding), "accepted": finding.fingerprint in diff.accepted}
                for finding in diff.findings.gone
            ],
            "changed": [{"before": brief_finding(old), "after": brief_finding(new)} for old, new in diff.changed],
            "noLongerKept": [brief_finding(finding) for finding in diff.unkept],
        },
        "duties": duty_changes(diff.duties),
        "labels": names(diff.labels),
    }
    return written(contents)
