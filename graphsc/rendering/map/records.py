"""Records in the data of the map's page, in the compact form of the page: agreements, people, findings and duties.

A value is one number: 3n for the node n, 3n + 1 for the agreement n, 3n + 2 for the text n.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from graphsc.core.escape import brief
from graphsc.core.problems import Location
from graphsc.core.text import Language, Text, with_written_days
from graphsc.core.vocabulary import STATEMENT, G
from graphsc.drawing.model import Passing, Picture
from graphsc.drawing.records import Access, Agreement
from graphsc.duties.duties import Duty, State
from graphsc.duties.words import Voice
from graphsc.explanation.evidence import Fact
from graphsc.service.map import A_MONTH, Mapped
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Severity

COMPOSED = (Text("{0} (under {1})", "{0} (under {1})"), Text("aftalen med {0}", "the agreement with {0}"))
"""The patterns by which most names of agreements are made of those of their parties: they save a third of all text."""
_FORMS = [
    (re.compile(re.escape(text.da).replace(r"\{0\}", "(.+)").replace(r"\{1\}", "(.+)")), text) for text in COMPOSED
]
Json = dict[str, Any]
_SEVERITIES = list(Severity)
_PASSING = list(Passing)
_SHOWN = (State.OVERDUE, State.OPEN, State.MET)


class Texts:
    """The table of distinct texts, each one string where it is the same in both languages."""

    def __init__(self) -> None:
        self._number: dict[tuple[str, str], int] = {}

    def __call__(self, text: Text | None) -> int:
        """The number of a text; -1 for none."""
        if text is None:
            return -1
        key = (brief(with_written_days(text.da, Language.DA)), brief(with_written_days(text.en, Language.EN)))
        return self._number.setdefault(key, len(self._number))

    def table(self) -> list[str | list[Any]]:
        """The texts in the order of their numbers.

        A text that is composed of others by `COMPOSED` is the number of its pattern, then those of its parts.
        """
        return [self._composed(da, en) or (da if da == en else [da, en]) for da, en in self._number]

    def _composed(self, da: str, en: str) -> list[int] | None:
        for form, (pattern, written) in enumerate(_FORMS):
            match = pattern.fullmatch(da)
            parts = [(part, part) for part in match.groups()] if match else []
            if match and all(part in self._number for part in parts) and written.en.format(*match.groups()) == en:
                return [form, *(self._number[part] for part in parts)]
        return None


class Places:
    """The numbers of nodes and agreements by IRI, and the common prefix of the nodes' IRIs."""

    def __init__(self, picture: Picture, agreements: Iterable[str] = ()) -> None:
        self.node = {node.iri: place for place, node in enumerate(picture.nodes)}
        self.agreements = sorted({*(picture.agreements or {}), *agreements})
        self.agreement = {iri: place for place, iri in enumerate(self.agreements)}
        self.prefix = shared([*self.node, *self.agreements])

    def short(self, iri: str) -> str:
        """An IRI without the common prefix."""
        return iri.removeprefix(self.prefix)


def shared(iris: list[str]) -> str:
    """The common prefix of IRIs, up to a slash or hash."""
    if not iris:
        return ""
    first, last = min(iris), max(iris)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[: max(first.rfind("/", 0, same), first.rfind("#", 0, same)) + 1]


def digits(numbers: Iterable[int]) -> str:
    """A column of numbers of one digit each, as one text."""
    return "".join(map(str, numbers))


def sparse(pairs: Iterable[tuple[int, object]]) -> dict[str, object]:
    """A column with few values, by their numbers."""
    return {str(place): value for place, value in pairs}


def people(mapped: Mapped) -> tuple[dict[str, int], dict[str, int]]:
    """The numbers of all persons and of all roles that anyone holds, by IRI, in order."""
    assignments = mapped.records.assignments
    persons, roles = (
        sorted({assignment.person for assignment in assignments}),
        sorted({assignment.role for assignment in assignments}),
    )
    return {iri: place for place, iri in enumerate(persons)}, {iri: place for place, iri in enumerate(roles)}


def records(mapped: Mapped, texts: Texts, places: Places) -> Json:
    """Facts and evidence by agreement, in the order of the agreements, and persons and roles with the assignments.

    Facts are flat: the number of the property among ``says``, then the value. Locations are the number of the file among
    ``files`` (-1 for none), then the line.
    """
    encoder = _Encoder(mapped, texts, places)
    persons, roles = people(mapped)
    every_record = [mapped.records.agreements.get(iri) for iri in places.agreements]
    says = sorted({says for record in every_record if record for says, _, _ in record.facts})
    place = {iri: number for number, iri in enumerate(says)}
    return {
        "says": [texts(mapped.labels[iri]) for iri in says],
        "facts": [
            [
                number
                for iri, value, numeric in record.facts
                for number in (place[iri], encoder.value(value, numeric=numeric))
            ]
            if record
            else []
            for record in every_record
        ],
        "where": [number for record in every_record for number in encoder.place(record.location if record else None)],
        "evidence": sparse(
            (number, _evidence(record, mapped, encoder))
            for number, record in enumerate(every_record)
            if record and record.evidence
        ),
        "earlier": sparse(
            (number, record.earlier) for number, record in enumerate(every_record) if record and record.earlier
        ),
        "persons": [[places.short(iri), texts(mapped.labels[iri])] for iri in persons],
        "roles": [[iri.rpartition("/")[2], texts(mapped.labels[iri])] for iri in roles],
        "held": [
            [
                persons[assignment.person],
                roles[assignment.role],
                encoder.value(assignment.employer) if assignment.employer else -1,
                [encoder.value(scope) for scope in assignment.scopes],
                assignment.start or "",
                assignment.until or "",
                *encoder.place(assignment.location),
            ]
            for assignment in mapped.records.assignments
        ],
        "end": place.get(G + "end", -1),
        "outside": None if mapped.records.outside is None else _outside(mapped.records.outside, encoder),
        "abroad": [encoder.value(party) for party in mapped.records.abroad],
        "files": list(encoder.files),
    }


def _outside(accesses: Iterable[Access], encoder: _Encoder) -> list[list[Any]]:
    """Country, party, system, agreement and basis of each access from outside the EEA."""
    return [
        [
            encoder.value(access.country),
            encoder.value(access.party),
            encoder.value(access.system),
            encoder.value(access.agreement),
            encoder.value(access.basis) if access.basis else -1,
        ]
        for access in accesses
    ]


def _evidence(agreement: Agreement, mapped: Mapped, encoder: _Encoder) -> list[list[Any]]:
    return [
        [
            encoder.text(mapped.labels[done.kind]),
            done.date or "",
            encoder.value(done.performer) if done.performer else -1,
            brief(done.document or ""),
            *encoder.place(done.location),
        ]
        for done in agreement.evidence
    ]


def _number(value: str) -> Text:
    """An amount in both languages, with decimals where it has any."""
    amount = round(float(value), 2)
    return Text.number(amount, 0 if amount.is_integer() else 2)


class _Encoder:
    """Encodes values and locations as numbers; ``files`` has the numbers of the files so far, by name."""

    def __init__(self, mapped: Mapped, texts: Texts, places: Places) -> None:
        self._labels, self.text, self._places = mapped.labels, texts, places
        self.files: dict[str, int] = {}

    def value(self, value: str, *, numeric: bool = False) -> int:
        """The number of a node, an agreement, the name of anything else, or the text of a value."""
        if value in self._places.node:
            return 3 * self._places.node[value]
        if value in self._places.agreement:
            return 3 * self._places.agreement[value] + 1
        if numeric:
            return 3 * self.text(_number(value)) + 2
        named = "://" in value or value.startswith("urn:")
        return 3 * self.text(self._labels[value] if named else Text.same(value)) + 2

    def place(self, location: Location | None) -> list[int]:
        """The number of the file (-1 for none) and the line."""
        if location is None:
            return [-1, 0]
        file = brief(str(location) if location.cell is not None else location.file)
        return [self.files.setdefault(file, len(self.files)), location.line or 0]


def findings(mapped: Mapped, texts: Texts, places: Places) -> list[Json]:
    """Each finding of the picture with its remedy, actor, location and evidence."""
    who = people(mapped)
    return [_finding(finding, mapped, texts, places, who) for finding in mapped.picture.findings]


def _finding(
    finding: Finding, mapped: Mapped, texts: Texts, places: Places, who: tuple[Mapping[str, int], Mapping[str, int]]
) -> Json:
    entry: Json = {
        "code": finding.code,
        "severity": _SEVERITIES.index(finding.severity),
        "message": texts(finding.message),
        "remedy": texts(finding.remedy),
        "who": texts(Text.per_language(lambda language: wording.actor(mapped.report, finding.actor, language))),
        "id": finding.fingerprint,
    }
    persons, roles = who
    for key, iri, numbers in (("person", finding.actor.person, persons), ("role", finding.actor.role, roles)):
        if iri is not None and iri in numbers:
            entry[key] = numbers[iri]
    if agreements := [
        places.agreement[iri] for iri in dict.fromkeys((finding.subject, *finding.path)) if iri in places.agreement
    ]:
        entry["agreements"] = agreements
    if facts := mapped.facts.get(finding.fingerprint):
        entry["facts"] = [_fact(fact, texts) for fact in facts]
    if finding.location is not None:
        entry["where"] = brief(str(finding.location))
    if finding.parties:
        entry["parties"] = [texts(mapped.labels[iri]) for iri in finding.parties]
    if finding.waived or finding.expired:
        entry["accepted"] = texts(
            Text.per_language(lambda language: wording.acceptance(finding, mapped.report, language))
        )
    if not finding.counts:
        entry["waived"] = True
    return entry


def _fact(fact: Fact, texts: Texts) -> list[Any]:
    """The text of a fact, its location or its rule, and the facts beneath it."""
    where = texts(Text.same(str(fact.location))) if fact.location is not None else texts(fact.rule)
    return [texts(fact.text), where, [_fact(item, texts) for item in fact.beneath]]


def rules(mapped: Mapped, texts: Texts) -> Json:
    """The rules of the findings, with their statements of the guide."""
    codes = sorted({finding.code for finding in mapped.picture.findings} & mapped.rules.keys())
    return {
        code: [
            texts(mapped.rules[code].title),
            texts(mapped.rules[code].description),
            [[id_, texts(mapped.labels[STATEMENT + id_])] for id_ in mapped.rules[code].statements],
            [texts(reference.label) for reference in mapped.rules[code].references],
        ]
        for code in codes
    }


def requirements(picture: Picture, texts: Texts, places: Places) -> list[list[Any]]:
    """Each requirement: its name, its root, and its state at each agreement."""
    return [
        [
            texts(requirement.label),
            places.agreement.get(requirement.root, -1),
            [
                number
                for agreement, state in requirement.passing.items()
                if agreement in places.agreement
                for number in (places.agreement[agreement], _PASSING.index(state))
            ],
        ]
        for requirement in picture.requirements
    ]


def supervision(mapped: Mapped, texts: Texts, places: Places) -> Json:
    """Supervision, in rows of root, agreement, supervisor, and the number of its rule among ``rules``.

    ``about`` has the layer or the requirement of a row, by the number of the row.
    """
    items = [
        item
        for item in mapped.picture.supervision
        if item.root in places.agreement and item.agreement in places.agreement
    ]
    rules = {rule: place for place, rule in enumerate(sorted({item.rule for item in items}))}
    return {
        "rows": [
            number
            for item in items
            for number in (
                places.agreement[item.root],
                places.agreement[item.agreement],
                item.supervisor,
                rules[item.rule],
            )
        ],
        "rules": [texts(mapped.labels[rule]) for rule in rules],
        "about": sparse((place, texts(item.about)) for place, item in enumerate(items) if item.about is not None),
    }


def duties(mapped: Mapped, texts: Texts, places: Places) -> Json:
    """The duties that are overdue, open, or met and due again within a month, by the nodes and agreements they are about.

    ``soon`` is the day a month ahead.
    """
    numbers = {finding.fingerprint: place for place, finding in enumerate(mapped.picture.findings)}
    soon = A_MONTH.after(mapped.report.as_of)
    rows: list[list[Any]] = []
    at_node: dict[int, list[int]] = defaultdict(list)
    at_agreement: dict[int, list[int]] = defaultdict(list)
    persons, roles = people(mapped)
    voices = {language: Voice(mapped.labels, language) for language in Language}
    for duty in mapped.duties:
        if duty.state not in _SHOWN or (duty.state is State.MET and (duty.due or date.max) > soon):
            continue
        for thing in dict.fromkeys((duty.subject, *duty.agreements)):
            if thing in places.node:
                at_node[places.node[thing]].append(len(rows))
            elif thing in places.agreement:
                at_agreement[places.agreement[thing]].append(len(rows))
        rows.append(
            [
                *_duty(duty, voices, texts),
                numbers.get(duty.finding or "", -1),
                persons.get(duty.holder.person or "", -1),
                roles.get(duty.holder.role or "", -1),
            ]
        )
    return {
        "soon": soon.isoformat(),
        "rows": rows,
        "nodes": sparse(sorted(at_node.items())),
        "agreements": sparse(sorted(at_agreement.items())),
    }


def _duty(duty: Duty, voices: Mapping[Language, Voice], texts: Texts) -> list[Any]:
    return [
        _SHOWN.index(duty.state),
        texts(Text.per_language(lambda language: voices[language].what(duty))),
        texts(Text.per_language(lambda language: _holder(voices[language], duty))),
        duty.due.isoformat() if duty.due else "",
    ]


def _holder(voice: Voice, duty: Duty) -> str:
    return ", ".join(filter(None, (voice.name(duty.holder.organisation), voice.who(duty))))
