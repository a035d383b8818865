"""Agreements, people and roles as the page of a map is told them.

A value is told as one number: three times a place among the nodes, or that plus one among the agreements, or plus two
in the table of texts.
"""

from __future__ import annotations

from typing import Any

from graphsc.core.escape import brief
from graphsc.core.location import Location
from graphsc.core.text import Text
from graphsc.drawing.mapped import Mapped
from graphsc.rendering.map.columns import Places, Texts

Json = dict[str, Any]


def people(mapped: Mapped) -> tuple[dict[str, int], dict[str, int]]:
    """The places of all persons and of all roles that anyone holds, by IRI, in order."""
    assignments = mapped.records.assignments
    persons, roles = sorted({one.person for one in assignments}), sorted({one.role for one in assignments})
    return {iri: place for place, iri in enumerate(persons)}, {iri: place for place, iri in enumerate(roles)}


def records(mapped: Mapped, texts: Texts, known: Places) -> Json:
    """Facts and evidence by agreement, and persons and roles with who holds what."""
    telling = _Telling(mapped, texts, known)
    persons, roles = people(mapped)
    facts, evidence, where = {}, {}, {}
    for iri, one in mapped.records.agreements.items():
        place = str(known.agreement[iri])
        facts[place] = [
            told
            for says, value, numeric in one.facts
            for told in (texts(mapped.labels[says]), 3 * texts(_number(value)) + 2 if numeric else telling.value(value))
        ]
        if one.evidence:
            evidence[place] = [
                [
                    texts(mapped.labels[done.kind]),
                    done.date or "",
                    telling.value(done.performer) if done.performer else -1,
                    brief(done.document or ""),
                    *telling.place(done.location),
                ]
                for done in one.evidence
            ]
        if one.location is not None:
            where[place] = telling.place(one.location)
    return {
        "facts": facts,
        "evidence": evidence,
        "where": where,
        "persons": [[known.short(iri), texts(mapped.labels[iri])] for iri in persons],
        "roles": [[iri.rpartition("/")[2], texts(mapped.labels[iri])] for iri in roles],
        "held": [
            [
                persons[one.person],
                roles[one.role],
                telling.value(one.employer) if one.employer else -1,
                [telling.value(scope) for scope in one.scopes],
                one.start or "",
                one.until or "",
                *telling.place(one.location),
            ]
            for one in mapped.records.assignments
        ],
    }


def _number(value: str) -> Text:
    """A number as each language groups its digits."""
    written = f"{float(value):,.2f}".removesuffix(".00")
    return Text(written.translate(str.maketrans(",.", ".,")), written)


class _Telling:
    """Values and places as numbers."""

    def __init__(self, mapped: Mapped, texts: Texts, known: Places) -> None:
        self._found, self._texts, self._known = mapped, texts, known

    def value(self, value: str) -> int:
        """A node, an agreement, the name of anything else, or the text of a value."""
        if value in self._known.node:
            return 3 * self._known.node[value]
        if value in self._known.agreement:
            return 3 * self._known.agreement[value] + 1
        return (
            3
            * self._texts(self._found.labels[value] if "://" in value or value.startswith("urn:") else Text.same(value))
            + 2
        )

    def place(self, location: Location | None) -> list[int]:
        """The file, as a text, and the line; -1 where it is not known."""
        if location is None:
            return [-1, 0]
        file = str(location) if location.cell is not None else location.file
        return [self._texts(Text.same(file)), location.line or 0]
