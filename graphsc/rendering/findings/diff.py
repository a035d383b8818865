"""What a change does to findings and duties, as text, JSON and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.duties.duties import Duty, State
from graphsc.rendering import wording
from graphsc.rendering.contract import both, read, written
from graphsc.rendering.duties.words import NO_HOLDER, STATE, STATES, Voice
from graphsc.rendering.sections import Section, Table, markdown
from graphsc.rendering.whatif import figures
from graphsc.validation.findings import Finding
from graphsc.whatif.diff import Diff

SCHEMA = "graphsc.diff/1"
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


def _columns(rows: list[Row]) -> Iterator[str]:
    """The rows in columns; the widest, which is last but one or last, is not filled up."""
    shown = [[escape.brief(cell, 600) for cell in row] for row in rows]
    widths = [max((len(row[place]) for row in shown), default=0) for place in range(3)]
    for row in shown:
        head = "  ".join(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True))
        yield f"  {'  '.join([head, *row[3:]])}".rstrip()


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
        yield _NEW_DUTY[language], voice.what(duty), _holder(duty, voice), STATE[duty.state][language]
    for before, after in diff.duties.changed:
        holders = [_holder(duty, voice) for duty in (before, after)]
        states = [STATE[duty.state][language] for duty in (before, after)]
        yield _CHANGED[language], voice.what(after), _moved(holders), _moved(states)
    for duty in diff.duties.gone:
        yield _GONE[language], voice.what(duty), _holder(duty, voice), STATE[duty.state][language]


def _moved(sides: list[str]) -> str:
    return " → ".join(dict.fromkeys(sides))


def _holder(duty: Duty, voice: Voice) -> str:
    return voice.name(duty.holder.organisation) or NO_HOLDER[voice.language].lower()


def _json(diff: Diff) -> str:
    """The comparison; ``docs/schemas/diff-1.schema.json`` describes it. Fields may be added, never changed."""
    owed = diff.duties
    contents = {
        "schema": SCHEMA,
        "asOf": diff.as_of.isoformat(),
        "old": diff.old,
        **read((), diff.problems, partial=diff.partial),
        "findings": {
            "before": figures.levels(diff.findings.before),
            "after": figures.levels(diff.findings.after),
            "new": [figures.finding_json(finding) for finding in diff.findings.new],
            "gone": [
                {**figures.finding_json(finding), "accepted": finding.fingerprint in diff.accepted}
                for finding in diff.findings.gone
            ],
            "changed": [
                {"before": figures.finding_json(old), "after": figures.finding_json(new)} for old, new in diff.changed
            ],
            "noLongerKept": [figures.finding_json(finding) for finding in diff.unkept],
        },
        "duties": {
            "before": {str(state): owed.before[state] for state in State},
            "after": {str(state): owed.after[state] for state in State},
            "new": [figures.duty_json(duty) for duty in owed.new],
            "gone": [figures.duty_json(duty) for duty in owed.gone],
            "changed": [
                {"before": figures.duty_json(one), "after": figures.duty_json(other)} for one, other in owed.changed
            ],
        },
        "labels": {iri: both(name) for iri, name in sorted(diff.labels.items())},
    }
    del contents["inputs"]
    return written(contents)
