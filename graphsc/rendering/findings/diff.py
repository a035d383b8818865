"""The comparison of findings and duties as text, JSON and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from graphsc.core.document import Section, Table
from graphsc.core.text import Language, Text
from graphsc.duties.duties import Duty, State
from graphsc.duties.words import STATE, STATES, Voice
from graphsc.rendering.contract import document
from graphsc.rendering.sections import page
from graphsc.validation import wording
from graphsc.validation.findings import Finding
from graphsc.whatif.model import Diff

Format = Literal["text", "json", "markdown"]

_NEW, _GONE, _CHANGED = Text("nyt", "new"), Text("væk", "gone"), Text("ændret", "changed")
_NEW_DUTY = Text("ny", "new")
_ACCEPTED = Text("accepteret", "accepted")
_UNKEPT = Text("registreres ikke mere", "no longer recorded")
_NOTHING = Text("Intet er ændret.", "Nothing has changed.")
_WHAT = Text("Ændring", "Change")
_FINDING_COLUMNS = (_WHAT, Text("Alvor", "Severity"), Text("Regel", "Rule"), Text("Fund", "Finding"))
_DUTY_COLUMNS = (_WHAT, Text("Tilstand", "State"), Text("Hvem", "Who"), Text("Pligt", "Duty"))
Row = tuple[str, ...]


def render(form: Format, diff: Diff, *, language: Language) -> str:
    """The comparison in a format; JSON holds everything, in both languages."""
    if form == "json":
        return document("diff", diff)
    findings = Table(_FINDING_COLUMNS, tuple(_findings(diff, language)))
    duties = Table(_DUTY_COLUMNS, tuple(_duties(diff, language)))
    sections = [
        Section(name, (counts, *([] if rows.rows else [_NOTHING])), (rows,) if rows.rows else ())
        for name, counts, rows in (
            (Text("Fund", "Findings"), _counts(diff, language), findings),
            (Text("Pligter", "Duties"), _states(diff, language), duties),
        )
    ]
    return page(form, Text(f"Ændringer siden {diff.old}", f"Changes since {diff.old}"), sections, language)


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
    for changed in diff.findings.changed:
        row = _finding(_CHANGED[language], changed.after, language)
        level = wording.severity(changed.before.severity, language)
        yield row if level == row[1] else (row[0], f"{level} → {row[1]}", *row[2:])
    for finding in diff.findings.gone:
        word = _ACCEPTED if finding.fingerprint in diff.findings.accepted else _GONE
        yield _finding(word[language], finding, language)
    for finding in diff.findings.no_longer_kept:
        yield _finding(_UNKEPT[language], finding, language)


def _finding(word: str, finding: Finding, language: Language) -> Row:
    place = "" if finding.location is None else f" ({finding.location})"
    return word, wording.severity(finding.severity, language), finding.code, f"{finding.message[language]}{place}"


def _duties(diff: Diff, language: Language) -> Iterator[Row]:
    voice = Voice(diff.labels, language)
    for duty in diff.duties.new:
        yield _duty(_NEW_DUTY[language], duty, voice)
    for changed in diff.duties.changed:
        holders = [voice.holder(duty) for duty in (changed.before, changed.after)]
        states = [STATE[duty.state][language] for duty in (changed.before, changed.after)]
        yield _CHANGED[language], _moved(states), _moved(holders), voice.what(changed.after)
    for duty in diff.duties.gone:
        yield _duty(_GONE[language], duty, voice)


def _duty(word: str, duty: Duty, voice: Voice) -> Row:
    return word, STATE[duty.state][voice.language], voice.holder(duty), voice.what(duty)


def _moved(sides: list[str]) -> str:
    return " → ".join(dict.fromkeys(sides))
