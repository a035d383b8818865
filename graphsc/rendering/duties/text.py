"""Duties as a to-do list for a terminal: by holder, what is overdue first, then by date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graphsc.core import escape
from graphsc.core.periods import Period
from graphsc.core.text import Language, Text, capital
from graphsc.duties.duties import Duty, State
from graphsc.duties.results import Duties
from graphsc.rendering.duties import words
from graphsc.rendering.duties.words import Voice

_COLOURS = {State.OVERDUE: "1;31", State.OPEN: "1;33", State.WAIVED: "2", State.MET: "2"}
_BOLD = "1"
_SOON = Period(0, 60)
_MARGIN = " " * 12


def render(shown: Duties, *, language: Language, color: bool = False) -> str:
    """Render duties for a person.

    What is overdue, open or accepted is shown in full, what is met and must be done again in a line each: where no
    day was asked for, only within 60 days. The rest is counted. Colour only doubles what the words say.
    """
    voice = Voice(shown.labels, language)
    soon = shown.asked.until or _SOON.after(shown.as_of)
    blocks = [
        "\n".join(_group(holder, duties, shown, voice, color=color))
        for holder, duties in words.groups(_worth_showing(shown, soon), voice)
    ]
    if not blocks:
        nothing = Text("Intet at gøre.", "Nothing to do.")
        if shown.count(State.NOT_RECORDED):
            nothing = Text("Intet at gøre efter det, der er registreret.", "Nothing to do, as far as is recorded.")
        blocks.append(nothing[language])
    notes = list(_notes(shown, voice, soon))
    if notes:
        blocks.append("\n".join(notes))
    if shown.partial:
        blocks.append(_paint(words.partial(len(shown.problems), language), _COLOURS[State.OVERDUE], color))
    blocks.append(_paint(words.counts(shown, language), _BOLD, color))
    return "\n\n".join(blocks) + "\n"


def _paint(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text


def _worth_showing(shown: Duties, soon: date) -> list[Duty]:
    everything = bool(shown.asked.states)
    return [
        duty
        for duty in shown.duties
        if everything
        or duty.state in {State.OVERDUE, State.OPEN, State.WAIVED}
        or (duty.state is State.MET and duty.due is not None and duty.due <= soon)
    ]


def _group(holder: str | None, duties: list[Duty], shown: Duties, voice: Voice, *, color: bool) -> Iterator[str]:
    name = voice.name(holder) if holder else words.NO_HOLDER[voice.language]
    yield _paint(escape.brief(name, 80), _BOLD, color)
    for state in State:
        here = [duty for duty in duties if duty.state is state]
        if not here:
            continue
        again = state is State.MET and all(duty.due is not None for duty in here)
        heading = capital((words.NEXT if again else words.STATES[state])[voice.language])
        yield f"  {_paint(heading, _COLOURS.get(state, _BOLD), color)}"
        for duty in here:
            yield from _brief(duty, voice) if state in {State.MET, State.NOT_RECORDED} else _full(duty, shown, voice)


def _brief(duty: Duty, voice: Voice) -> Iterator[str]:
    """One line: the day, what, who, and what it rests on today."""
    day = duty.due.isoformat() if duty.due else " " * 10
    latest = next(iter(duty.satisfied_by), None)
    rest = f", {words.LATEST[voice.language]} {voice.record(latest)}" if latest else ""
    yield f"    {day}  {escape.brief(voice.what(duty), 160)} – {escape.brief(voice.who(duty) + rest, 200)} [{duty.rule}]"


def _full(duty: Duty, shown: Duties, voice: Voice) -> Iterator[str]:
    language = voice.language
    day = duty.due.isoformat() if duty.due else words.NO_DATE[language]
    distance = f" ({voice.distance(duty.due, shown.as_of)})" if duty.due else ""
    yield f"    {day:<10}  {escape.brief(voice.what(duty), 160)}{distance}"

    def note(key: Text, value: str) -> str:
        return f"    {_MARGIN}= {key[language]}: {escape.brief(value)}"

    yield note(words.WHO, voice.who(duty))
    if duty.counterparties:
        yield note(words.TOWARDS, voice.names(duty.counterparties))
    if duty.event is not None:
        yield note(words.EVENT, voice.dated(duty.event.iri, duty.event.day))
    if duty.latest is not None:
        yield note(words.LATEST, voice.record(duty.latest))
    accepted = voice.acceptance(duty)
    if accepted:
        yield note(words.STATE[State.WAIVED], accepted)
    elif action := voice.action(duty, shown.rules):
        yield note(words.DOING, action)
    yield note(words.RULE, voice.rule(duty))


def _notes(shown: Duties, voice: Voice, soon: date) -> Iterator[str]:
    """What was only counted: met for good, met and due again later, and what nobody can tell."""
    language = voice.language
    met = [duty for duty in shown.duties if duty.state is State.MET]
    later = sorted(duty.due for duty in met if duty.due is not None and duty.due > soon)
    if later and not shown.asked.states:
        yield Text(
            f"Senere: {len(later)} opfyldte pligter skal gøres igen, den næste {later[0]}; --within 1y viser et år frem.",
            f"Later: {len(later)} duties that are met must be done again, the next on {later[0]}; --within 1y shows a year ahead.",
        )[language]
    unknown = words.unrecorded(shown)
    if unknown:
        yield escape.brief(words.unknown(unknown, voice), 1000)
