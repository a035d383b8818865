"""Findings with their rules, requirements, supervision and duties in the data of the map's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from graphsc.core.escape import brief
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import STATEMENT
from graphsc.drawing.mapped import A_MONTH, Mapped
from graphsc.drawing.model import Passing, Picture
from graphsc.duties.duties import Duty, State
from graphsc.duties.words import Voice
from graphsc.explanation.evidence import Fact
from graphsc.rendering.map.columns import Places, Texts, sparse
from graphsc.rendering.map.records import people
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Severity

Json = dict[str, Any]
_SEVERITIES = list(Severity)
_PASSING = list(Passing)
_SHOWN = (State.OVERDUE, State.OPEN, State.MET)


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
