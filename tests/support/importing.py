"""Small files of other systems, invented, and what an import of them comes to."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from graphsc.core import vocabulary as v
from graphsc.sources.mapped.reader import Mapped

KOMMUNE = {"uuid": "00000000-0000-4000-8000-000000000001", "name": "Havnbæk Kommune", "cvr": "99060816"}
FJORD = {"uuid": "00000000-0000-4000-8000-000000000002", "name": "Fjordlys Drift", "cvr": "99095431"}
SYSTEM = {"uuid": "00000000-0000-4000-8000-000000000011", "name": "Byggesag"}
OTHER = {"uuid": "00000000-0000-4000-8000-000000000012", "name": "Kort"}
PERSON = {"uuid": "00000000-0000-4000-8000-000000000021", "name": "Kim Mågesten", "email": "kim@havnbaek.example"}
CONTRACT = {
    "uuid": "00000000-0000-4000-8000-000000000031",
    "name": "Drift af byggesag",
    "organizationContext": KOMMUNE,
    "lastModified": "2026-01-02T03:04:05.678Z",
    "createdBy": {"uuid": "x", "name": "Kim Mågesten"},
    "parentContract": None,
    "general": {
        "contractId": "J-17",
        "notes": "Husk ferie",
        "validity": {"validFrom": "2025-01-01T00:00:00Z", "validTo": "2028-12-31T00:00:00Z"},
    },
    "supplier": {"organization": FJORD, "signedAt": "2024-11-30T00:00:00Z", "signedBy": "Kim Mågesten"},
    "agreementPeriod": {"durationYears": 4},
    "termination": {"terminatedAt": None},
    "systemUsages": [SYSTEM],
    "dataProcessingRegistrations": [],
    "roles": [
        {"user": PERSON, "role": {"uuid": "r1", "name": "Kontraktejer"}},
        {"user": PERSON, "role": {"uuid": "r2", "name": "Fryseransvarlig"}},
    ],
}
USAGE = {
    "uuid": SYSTEM["uuid"],
    "systemContext": {"uuid": "s", "name": "Byggesag"},
    "organizationContext": KOMMUNE,
    "general": {"isBusinessCritical": "Yes", "dataClassification": {"uuid": "c", "name": "Fortrolige oplysninger"}},
    "gdpr": {
        "dataSensitivityLevels": ["PersonData"],
        "riskAssessmentConductedDate": "2026-02-03T00:00:00Z",
        "userSupervisionDate": "0001-01-01T00:00:00Z",
    },
    "outgoingSystemRelations": [{"toSystemUsage": OTHER, "description": "kort til sagen"}],
    "roles": [],
}


def kitos(folder: Path, **changed: object) -> Path:
    """Kitos' objects of a contract and a system, with some keys of the contract changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("kontrakt", {**CONTRACT, **changed}), ("system", USAGE)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    return folder


def counts(mapped: Mapped) -> dict[str, int]:
    """How many things of each class were read."""
    classes = {
        str(quad.subject): v.local_name(getattr(quad.object, "value", ""))
        for source in mapped.sources.sources
        for quad in source.statements(v.RDF_TYPE)
    }
    return dict(Counter(classes.values()))


def codes(mapped: Mapped) -> dict[str, int]:
    """How many problems of each kind there were."""
    return dict(Counter(problem.code for problem in mapped.sources.problems))


def statements(mapped: Mapped) -> set[tuple[str, str, str]]:
    """What was read: ids, local names of properties, and values."""
    return {
        (
            getattr(quad.subject, "value", "").removeprefix("urn:graphsc:id:"),
            v.local_name(quad.predicate.value),
            getattr(quad.object, "value", "").removeprefix("urn:graphsc:id:").removeprefix(v.ROOT),
        )
        for source in mapped.sources.sources
        for quad in source.quads
    }
