"""Duties as GitHub-flavoured Markdown: a table for each holder, what is overdue first, then by date."""

from __future__ import annotations

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.duties.duties import Duty, State
from graphsc.duties.results import Duties
from graphsc.rendering.duties import words
from graphsc.rendering.duties.words import Voice

_TITLE = Text("Pligter", "Duties")
_COLUMNS = (
    Text("Tilstand", "State"),
    Text("Dag", "Day"),
    Text("Pligt", "Duty"),
    Text("Hvem", "Who"),
    Text("Registreret", "Recorded"),
    Text("Regel", "Rule"),
)


def render(shown: Duties, *, language: Language) -> str:
    """Render the duties that were chosen; what is met for good is left to the count."""
    voice = Voice(shown.labels, language)
    lines = [f"## {_TITLE[language]}: {escape.markdown(words.counts(shown, language))}"]
    if shown.partial:
        lines.append(f"\n> **{escape.markdown(words.partial(len(shown.problems), language))}**")
    wanted = [
        duty
        for duty in shown.duties
        if shown.asked.states
        or duty.state in {State.OVERDUE, State.OPEN, State.WAIVED}
        or (duty.state is State.MET and duty.due is not None)
    ]
    for holder, duties in words.groups(wanted, voice):
        name = voice.name(holder) if holder else words.NO_HOLDER[language]
        lines.append(f"\n### {escape.markdown(name, 80)}\n")
        lines.append(f"| {' | '.join(column[language] for column in _COLUMNS)} |")
        lines.append(f"|{' --- |' * len(_COLUMNS)}")
        lines += [f"| {' | '.join(_row(duty, voice, shown))} |" for duty in duties]
    unknown = words.unrecorded(shown)
    if unknown:
        lines.append(f"\n{escape.markdown(words.unknown(unknown, voice))}")
    return "\n".join(lines) + "\n"


def _row(duty: Duty, voice: Voice, shown: Duties) -> tuple[str, ...]:
    recorded = voice.acceptance(duty) or (voice.record(duty.latest) if duty.latest else "")
    what = escape.markdown(voice.what(duty), 200)
    if duty.state in {State.OVERDUE, State.OPEN} and (action := voice.action(duty, shown.rules)):
        what += f"<br>*{words.DOING[voice.language]}:* {escape.markdown(action)}"
    return (
        words.STATE[duty.state][voice.language],
        duty.due.isoformat() if duty.due else words.NO_DATE[voice.language],
        what,
        escape.markdown(voice.who(duty), 120),
        escape.markdown(recorded, 200),
        escape.markdown(voice.rule(duty), 200),
    )
