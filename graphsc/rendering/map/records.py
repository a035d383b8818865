"""Agreements, people and roles in the data of the map's page.

A value is one number: 3n for the node n, 3n + 1 for the agreement n, 3n + 2 for the text n.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphsc.core.escape import brief
from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.core.vocabulary import G
from graphsc.drawing.mapped import Mapped
from graphsc.drawing.records import Access, Agreement
from graphsc.rendering.map.columns import Places, Texts, sparse

Json = dict[str, Any]


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
