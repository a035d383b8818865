"""The performers of evidence, in words: who did it, when, and the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from graphsc.core.text import Language, Text
from graphsc.duties.facts import Evidence
from graphsc.rendering.duties.words import Voice

HEADING = Text("Hvem dokumentationen kommer fra", "Whose evidence")
UNKNOWN = Text("ikke registreret, hvem der udførte det", "not recorded who did it")
NO_RECORD = Text(
    "ingen særskilt dokumentation; det registrerede bryder ikke reglen",
    "no evidence of its own; what is recorded does not break the rule",
)
_PARTIES = 3
_LATEST = Text("senest", "latest")


def parties(record: Evidence) -> tuple[str, ...]:
    """The IRIs of the performers of a record; for a role assignment that of its holder."""
    return record.performers or ((record.person,) if record.person else ())


def whose(records: Iterable[Evidence], name: Callable[[str], Text]) -> Text:
    """Each performer with the number of its records and the latest of them, most records first; empty without records."""
    by_party: dict[tuple[str, ...], list[Evidence]] = {}
    for record in records:
        by_party.setdefault(parties(record), []).append(record)
    ordered = sorted(by_party.items(), key=lambda item: (not item[0], -len(item[1]), item[0]))

    def sentence(language: Language) -> str:
        parts = [_party(who, group, name, language) for who, group in ordered[:_PARTIES]]
        rest = len(ordered) - _PARTIES
        return "; ".join([*parts, Text(f"{rest} til", f"{rest} more")[language]] if rest > 0 else parts)

    return Text.per_language(sentence)


def _party(who: tuple[str, ...], records: list[Evidence], name: Callable[[str], Text], language: Language) -> str:
    called = ", ".join(name(iri)[language] for iri in who) or UNKNOWN[language]
    latest = max(records, key=lambda record: (record.day or date.min, record.iri))
    dated = Voice({latest.iri: name(latest.iri)}, language).dated(latest.iri, latest.day)
    if latest.person is not None:  # the record is that someone holds a role
        return called
    return f"{called}: {dated}" if len(records) == 1 else f"{called}: {len(records)}, {_LATEST[language]} {dated}"


def line(record: Evidence, labels: Mapping[str, Text], language: Language) -> str:
    """A record with its day and its performers."""
    voice = Voice(labels, language)
    who = voice.names(parties(record)) or UNKNOWN[language]
    if record.person is not None:
        return f"{voice.name(record.iri)} – {voice.record(record)}"
    return f"{voice.dated(record.iri, record.day)} – {who}"
