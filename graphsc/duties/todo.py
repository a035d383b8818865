"""The to-do list: what each actor has to do, grouped by what is done in one go, and where each line of it is written.

Every list of it is made from here: text, Markdown, HTML, the calendar, mail and the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.duties.duties import Duty, State
from graphsc.duties.results import Duties
from graphsc.validation.findings import Actor, Finding, Severity

_RANKS = {State.OVERDUE: 1, State.OPEN: 2, State.NOT_RECORDED: 5}
_LATER = 3
_NOTE = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: a duty, a finding that no duty is about, or one whose answer or acceptance ends soon.

    ``due`` is the day by which it must be done, None where none is given; ``ends`` says that it is in order until then.
    """

    about: Duty | Finding
    due: date | None
    location: Location | None
    ends: bool = False

    @property
    def actor(self) -> Actor:
        """Who must do it."""
        return self.about.holder if isinstance(self.about, Duty) else self.about.actor

    @property
    def rule(self) -> str:
        """The code of the rule that asks for it."""
        return self.about.rule if isinstance(self.about, Duty) else self.about.code

    @property
    def rank(self) -> int:
        """0 for what presses most: a breach, then what is overdue, open, ends or comes again, a note, what is not recorded."""
        if isinstance(self.about, Duty):
            return _RANKS.get(self.about.state, _LATER)
        if self.ends:
            return _LATER
        return _NOTE if self.about.severity is Severity.NOTE else 0


@dataclass(frozen=True, slots=True)
class Task:
    """What one actor does in one go: the same deed, asked for by the same rule, about one thing or several."""

    rule: str
    deed: Text
    statements: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that lies with one actor, what presses most first."""

    actor: Actor
    tasks: tuple[Task, ...]


def agendas(shown: Duties) -> tuple[Agenda, ...]:
    """What is to be done, by actor: who has the most pressing first, and last what lies with nobody that is known.

    Questions are not on it: they are answered together. With states in the filter it has all duties in these states.
    """
    by_actor: dict[Actor, dict[tuple[str, Text], list[Line]]] = {}
    for line in sorted(_lines(shown), key=lambda line: (line.rank, line.due or date.max)):
        by_actor.setdefault(line.actor, {}).setdefault((line.rule, _deed(line, shown)), []).append(line)
    ordered = sorted(by_actor, key=lambda actor: actor == Actor())
    return tuple(
        Agenda(
            actor,
            tuple(
                Task(rule, deed, lines[0].about.statements, tuple(lines))
                for (rule, deed), lines in by_actor[actor].items()
            ),
        )
        for actor in ordered
    )


def dated(shown: Duties) -> Iterator[Line]:
    """Every duty with a day, however far ahead, and what ends within the time ahead: the lines of a calendar."""
    for duty in shown.duties:
        if duty.due is not None and duty.state is not State.NOT_RECORDED:
            yield Line(duty, duty.due, shown.locate(duty.subject))
    yield from _ending(shown)


def _lines(shown: Duties) -> Iterator[Line]:
    for finding in shown.findings:
        if finding.severity is not Severity.QUESTION:
            yield Line(finding, None, finding.location)
    for duty in shown.duties:
        if shown.asked.states or _listed(duty, shown.horizon):
            yield Line(duty, duty.due, shown.locate(duty.subject))
    yield from _ending(shown)


def _listed(duty: Duty, soon: date) -> bool:
    """Whether a duty is to be done, is accepted for now, or is met but must be done again by a day."""
    if duty.state is State.MET:
        return duty.due is not None and duty.due <= soon
    return duty.state in {State.OVERDUE, State.OPEN, State.WAIVED}


def _ending(shown: Duties) -> Iterator[Line]:
    for finding in shown.ending:
        written = finding.answer.location if finding.answer is not None and finding.waived is None else None
        yield Line(finding, finding.closed_until, written or finding.location, ends=True)


def _deed(line: Line, shown: Duties) -> Text:
    """What to do; what is owed, for an open matter, whose rule is not about its due date."""
    if isinstance(line.about, Finding):
        return line.about.remedy
    rule = shown.rules[line.rule]
    if rule.evidence or line.about.value is not None:
        return rule.remedy
    return shown.labels.get(line.about.kind, rule.title)
