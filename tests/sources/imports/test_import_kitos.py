"""Kitos: its API's objects and its Excel sheet, by the mapping that is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from importing import FJORD, KOMMUNE, OTHER, PERSON, SYSTEM, codes, counts, kitos, statements
from repository import SHARED

from graphsc.sources.mapped.reader import read_all, recognise

REAL = SHARED / "real"
CONTRACT = "kontrakt/00000000-0000-4000-8000-000000000031"


def test_contracts_systems_and_roles(tmp_path: Path) -> None:
    mapped = read_all([kitos(tmp_path)], "kitos")
    assert counts(mapped) == {
        "Agreement": 1, "ITSystem": 2, "Organisation": 2, "RoleAssignment": 1, "Person": 1, "Activity": 1,
    }  # fmt: skip
    facts = statements(mapped)
    system, role = f"system/{SYSTEM['uuid']}", f"rolle/{CONTRACT[9:]}/{PERSON['uuid']}/r1"
    assert {
        (CONTRACT, "label", "Drift af byggesag"),
        (CONTRACT, "customer", f"org/{KOMMUNE['uuid']}"),
        (CONTRACT, "supplier", f"org/{FJORD['uuid']}"),
        (CONTRACT, "signed", "2024-11-30"),
        (CONTRACT, "start", "2025-01-01"),
        (CONTRACT, "end", "2028-12-31"),
        (CONTRACT, "document", "J-17"),
        (CONTRACT, "serves", system),
        (f"org/{FJORD['uuid']}", "cvr", "99095431"),
        (system, "owner", f"org/{KOMMUNE['uuid']}"),
        (system, "criticality", "criticality/business-critical"),
        (system, "classification", "classification/confidential"),
        (system, "personalData", "true"),
        (system, "dependsOn", f"system/{OTHER['uuid']}"),
        (role, "role", "role/contract-manager"),
        (role, "scope", CONTRACT),
        (role, "person", f"person/{PERSON['uuid']}"),
        (role, "employer", f"org/{KOMMUNE['uuid']}"),
        (f"risikovurdering/{SYSTEM['uuid']}", "date", "2026-02-03"),
        (f"risikovurdering/{SYSTEM['uuid']}", "performer", f"org/{KOMMUNE['uuid']}"),
    } <= facts
    assert not any("Mågesten" in value or "@" in value for _, _, value in facts)


def test_what_is_not_understood_and_not_read_is_told(tmp_path: Path) -> None:
    mapped = read_all([kitos(tmp_path)], "kitos")
    assert codes(mapped) == {"unknown-concept": 1, "not-taken": 1}
    assert [str(p.location).rpartition("/")[2].partition(":")[0] for p in mapped.sources.problems] == [
        "kontrakt.json"
    ] * 2
    left = {value.path: value.count for value in mapped.unread if value.reason is None}
    assert left == {
        "lastModified": 1,
        "general.notes": 1,
        "agreementPeriod": 1,
        "systemContext.uuid": 1,
        "general.dataClassification.uuid": 1,
        "gdpr.userSupervisionDate": 1,
        "outgoingSystemRelations[].description": 1,
    }
    aside = {value.path: value.count for value in mapped.unread if value.reason is not None}
    assert aside == {"createdBy": 2, "supplier.signedBy": 1, "roles[].user.name": 2, "roles[].user.email": 2}


@pytest.mark.skipif(not REAL.is_dir(), reason="the public files are not there")
def test_the_real_objects() -> None:
    mapped = read_all([REAL / "kitos"], "kitos")
    assert counts(mapped) == {
        "Agreement": 2, "DataProcessingAgreement": 3, "ITSystem": 4, "Organisation": 8, "Activity": 1,
    }  # fmt: skip
    assert codes(mapped) == {"bad-identifier": 7, "unknown-concept": 8, "not-taken": 7}
    assert [Path(problem.location.file).name for problem in mapped.unrecognised] == [
        "it-contract-data-processings.json"
    ]


@pytest.mark.skipif(not REAL.is_dir(), reason="the public files are not there")
def test_the_real_sheet_of_contracts() -> None:
    sheet = REAL / "excel" / "kitos_valid_it_contract_example.xlsx"
    assert recognise([sheet])[0] == "kitos"
    mapped = read_all([sheet], "kitos")
    assert counts(mapped) == {"Agreement": 4, "Activity": 2}
    assert codes(mapped) == {}
    assert {
        ("kontrakt/kitos-33937", "signed", "2022-03-01"),
        ("kontrakt/kitos-33937", "end", "2022-03-02"),
    } <= statements(mapped)
    assert {(value.path, value.count) for value in mapped.unread} == {("[].Bemærkning", 2), ("[].Uopsigeligt til", 2)}
