"""The words for duties and for the evidence that meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graphsc.core.text import Language, Text, capital
from graphsc.duties.duties import Duty, State
from graphsc.duties.facts import Evidence
from graphsc.duties.results import Duties
from graphsc.duties.todo import Agenda, Line
from graphsc.graph.labels import distance
from graphsc.validation import wording
from graphsc.validation.findings import Actor, Finding
from graphsc.validation.rules import Rule

STATE = {
    State.OVERDUE: Text("forfalden", "overdue"),
    State.OPEN: Text("åben", "open"),
    State.WAIVED: Text("accepteret", "accepted"),
    State.STATED: Text("oplyst", "stated"),
    State.MET: Text("opfyldt", "met"),
    State.NOT_RECORDED: Text("ikke registreret", "not recorded"),
}
STATES = {
    State.OVERDUE: Text("forfaldne", "overdue"),
    State.OPEN: Text("åbne", "open"),
    State.WAIVED: Text("accepterede", "accepted"),
    State.STATED: Text("oplyste", "stated"),
    State.MET: Text("opfyldte", "met"),
    State.NOT_RECORDED: Text("ikke registrerede", "not recorded"),
}
NOBODY = Text("ingen", "nobody")
NO_ACTOR = Text("Hvem der skal gøre det, er ikke registreret", "Not recorded who must do it")
WHERE = Text("står i", "written in")
NO_HOLDER = Text("Uden bærer", "Without a holder")
NO_DATE = Text("ingen dato", "no date")
NEXT = Text("Næste gang", "Next time")
DOING = Text("gør", "do")
LATEST = Text("senest", "latest")
METBY = Text("opfyldt af", "met by")
TOWARDS = Text("modpart", "counterparty")
WHO = Text("hvem", "who")
EVENT = Text("udløst af", "because of")
RULE = Text("regel", "rule")
WHOSE = Text("Hvem dokumentationen kommer fra", "Whose evidence")
UNKNOWN_PERFORMER = Text("ikke registreret, hvem der udførte det", "not recorded who did it")
NO_RECORD = Text(
    "ingen særskilt dokumentation; det registrerede bryder ikke reglen",
    "no evidence of its own; what is recorded does not break the rule",
)
_BESIDES = (Text("andet fund", "other finding"), Text("andre fund", "other findings"))
_ENDING = Text("udløber snart", "ending soon")
_PARTIES = 3


@dataclass(frozen=True, slots=True)
class Voice:
    """The names of things in one language."""

    labels: Mapping[str, Text]
    language: Language

    def name(self, iri: str | None) -> str:
        """The name of a thing; empty for None."""
        if iri is None:
            return ""
        text = self.labels.get(iri)
        return iri if text is None or not text[self.language].strip() else text[self.language]

    def names(self, iris: Iterable[str]) -> str:
        """The names of things, in the order of their IRIs."""
        return ", ".join(self.name(iri) for iri in sorted(iris))

    def what(self, duty: Duty) -> str:
        """The kind of evidence that is owed, and the subject."""
        kind = self.name(duty.kind)
        return f"{capital(kind)}: {self.name(duty.subject)}{self._value(duty)}"

    def _value(self, duty: Duty) -> str:
        """The root agreement that a subcontract is approved under; other values show in the kind."""
        value = duty.value
        return f", {self.name(value)}" if value is not None and value in duty.agreements else ""

    def who(self, duty: Duty) -> str:
        """The role that must act and who holds it."""
        role, person = duty.holder.role, duty.holder.person
        nobody = NOBODY if duty.roles_kept else STATE[State.NOT_RECORDED]
        held = self.name(person) or nobody[self.language]
        return f"{self.name(role)} ({held})" if role else held

    def holder(self, duty: Duty) -> str:
        """The organisation that owes a duty, or that none does."""
        return self.name(duty.holder.organisation) or NO_HOLDER[self.language].lower()

    def actor(self, actor: Actor, nobody: str = "") -> str:
        """The organisation, role and person that must act; ``nobody`` in place of a person where none holds the role."""
        name = ", ".join(self.name(iri) for iri in (actor.organisation, actor.role) if iri)
        held = self.name(actor.person) or nobody
        if not name:
            return held or NO_ACTOR[self.language]
        return f"{name} ({held})" if held else name

    def agenda(self, agenda: Agenda) -> str:
        """Who must do what is on an agenda."""
        duties = [line.about for task in agenda.tasks for line in task.lines if isinstance(line.about, Duty)]
        if not duties or not agenda.actor.role:
            return self.actor(agenda.actor)
        nobody = NOBODY if any(duty.roles_kept for duty in duties) else STATE[State.NOT_RECORDED]
        return self.actor(agenda.actor, nobody[self.language])

    def standing(self, line: Line) -> str:
        """The state of a line of the to-do list, with its day: overdue since then, due by then, in order until then."""
        language, day = self.language, line.due
        if isinstance(line.about, Finding):
            level = wording.level(line.about, language)
            return Text(f"{level}, til og med {day}", f"{level}, until {day}")[language] if line.ends else level
        state = line.about.state
        word = (NEXT if state is State.MET and day is not None else STATE[state])[language].lower()
        if state is State.OPEN:
            return f"{word}, {Text('senest', 'by')[language]} {day}" if day else f"{word}, {NO_DATE[language]}"
        return f"{word} {day}" if day is not None and state is not State.WAIVED else word

    def line(self, line: Line, as_of: date) -> str:
        """What a line of the to-do list is about, with what helps to do it: how long ago, towards whom, because of what, the latest."""
        about = line.about
        if isinstance(about, Finding):
            closed = about.waived or (about.answer if line.ends else None)
            reason = closed.reason if closed is not None else None
            return wording.sentences(wording.message(about, self.language), reason or "")
        told = line.due is not None and about.state is not State.WAIVED
        distance = f" ({self.distance(line.due, as_of)})" if line.due is not None and told else ""
        besides = (
            (TOWARDS, self.names(about.counterparties)),
            (EVENT, self.dated(about.event.iri, about.event.day) if about.event else ""),
            (LATEST, self.record(about.latest) if about.latest else ""),
            (STATE[State.WAIVED], self.acceptance(about)),
        )
        return " · ".join(
            [self.what(about) + distance, *(f"{key[self.language]}: {value}" for key, value in besides if value)]
        )

    def place(self, line: Line) -> str:
        """Where a line of the to-do list is written."""
        return str(line.location) if line.location is not None else wording.DERIVED[self.language]

    def record(self, evidence: Evidence) -> str:
        """A record with its day, or the holder of a role with the last day."""
        if evidence.person is not None:
            until = f" {Text('til', 'until')[self.language]} {evidence.until}" if evidence.until else ""
            return self.name(evidence.person) + until
        return self.dated(evidence.iri, evidence.day)

    def performed(self, evidence: Evidence) -> str:
        """A record with its day and its performers."""
        if evidence.person is not None:
            return f"{self.name(evidence.iri)} – {self.record(evidence)}"
        who = self.names(evidence.parties) or UNKNOWN_PERFORMER[self.language]
        return f"{self.dated(evidence.iri, evidence.day)} – {who}"

    def dated(self, iri: str, day: date | None) -> str:
        """A name with its day, unless the name has it."""
        name = self.name(iri)
        return name if day is None or day.isoformat() in name else f"{name} ({day})"

    def distance(self, day: date, as_of: date) -> str:
        """How far a day is from the evaluation date."""
        return distance(day, as_of)[self.language]

    def action(self, duty: Duty, rules: Mapping[str, Rule]) -> str:
        """What to do; empty for an open matter, whose rule is not about its due date."""
        rule = rules[duty.rule]
        return rule.remedy[self.language] if rule.evidence or duty.value is not None else ""

    def acceptance(self, duty: Duty) -> str:
        """The end, approver and reason of the waiver of a duty; empty without one."""
        waiver = duty.waived
        if waiver is None:
            return ""
        by = self.name(waiver.approver) or "?"
        return Text(
            f"til og med {waiver.until} af {by}: {waiver.reason}", f"until {waiver.until} by {by}: {waiver.reason}"
        )[self.language]


def rule(code: str, statements: Sequence[str]) -> str:
    """A rule, and the statements of the guide behind it."""
    return f"{code} ({', '.join(statements)})" if statements else code


def counts(shown: Duties, language: Language) -> str:
    """The number of duties in each state and of other findings, and the evaluation date."""
    parts = []
    for state in State:
        many = shown.count(state)
        if many:
            parts.append(Text.counted(many, STATE[state], STATES[state])[language])
    if shown.findings:
        parts.append(Text.counted(len(shown.findings), *_BESIDES)[language])
    if shown.ending:
        parts.append(Text.counted(len(shown.ending), _ENDING, _ENDING)[language])
    first = ", ".join(parts) or Text("ingen", "none")[language]
    return f"{first} · {Text(f'pr. {shown.as_of}', f'as of {shown.as_of}')[language]}"


def partial(problems: int, language: Language) -> str:
    """A warning that some input could not be read; empty otherwise."""
    if not problems:
        return ""
    return Text(
        f"UFULDSTÆNDIGT: {problems} {'sted' if problems == 1 else 'steder'} i det indlæste gav fejl. Noget kan mangle her.",
        f"INCOMPLETE: {problems} {'place' if problems == 1 else 'places'} in the input could not be read. Something may be missing here.",
    )[language]


def unrecorded(shown: Duties) -> dict[str, int]:
    """The number of duties whose state is not recorded, by the register that is not kept."""
    result: dict[str, int] = {}
    for duty in shown.duties:
        if duty.state is State.NOT_RECORDED and duty.register is not None:
            result[duty.register] = result.get(duty.register, 0) + 1
    return dict(sorted(result.items()))


def unknown(registers: Mapping[str, int], voice: Voice) -> str:
    """That it is unknown whether duties are met, with the registers that are not kept."""
    parts = ", ".join(f"{voice.name(register)} ({many})" for register, many in registers.items())
    return Text(
        f"Ikke registreret: om disse pligter er opfyldt, er ukendt, for registrene føres ikke: {parts}.",
        f"Not recorded: whether these duties are met is unknown, since the registers are not kept: {parts}.",
    )[voice.language]


def whose(records: Iterable[Evidence], name: Callable[[str], Text]) -> Text:
    """Each performer with the number of its records and the latest of them, most records first; empty without records."""
    by_party: dict[tuple[str, ...], list[Evidence]] = {}
    for record in records:
        by_party.setdefault(record.parties, []).append(record)
    ordered = sorted(by_party.items(), key=lambda item: (not item[0], -len(item[1]), item[0]))

    def sentence(language: Language) -> str:
        parts = [_party(who, group, name, language) for who, group in ordered[:_PARTIES]]
        rest = len(ordered) - _PARTIES
        return "; ".join([*parts, Text(f"{rest} til", f"{rest} more")[language]] if rest > 0 else parts)

    return Text.per_language(sentence)


def _party(who: tuple[str, ...], records: list[Evidence], name: Callable[[str], Text], language: Language) -> str:
    called = ", ".join(name(iri)[language] for iri in who) or UNKNOWN_PERFORMER[language]
    latest = max(records, key=lambda record: (record.day or date.min, record.iri))
    dated = Voice({latest.iri: name(latest.iri)}, language).dated(latest.iri, latest.day)
    if latest.person is not None:  # the record is that someone holds a role
        return called
    return f"{called}: {dated}" if len(records) == 1 else f"{called}: {len(records)}, {LATEST[language]} {dated}"
