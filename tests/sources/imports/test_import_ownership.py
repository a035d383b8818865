"""Who owns whom, from invented files in the structure of GLEIF's relationship records, BODS and an extract of CVR."""

from __future__ import annotations

import json
from pathlib import Path

from importing import codes, counts, statements

from graphsc.sources.mapped.reader import read_all, recognise

CHILD, PARENT, OTHER = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12", "HWUPKR0MPOU8FGXBT394"


def test_gleif_relationship_records(tmp_path: Path) -> None:
    head = "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,Relationship.RelationshipType,Relationship.RelationshipStatus,Registration.RegistrationStatus"
    rows = [
        f"{CHILD},{PARENT},IS_ULTIMATELY_CONSOLIDATED_BY,ACTIVE,PUBLISHED",
        f"{OTHER},{PARENT},IS_ULTIMATELY_CONSOLIDATED_BY,INACTIVE,PUBLISHED",
        f"{CHILD},{OTHER},IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE,PUBLISHED",
    ]
    path = tmp_path / "rr.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    assert recognise([path])[0] == "ownership"
    mapped = read_all([path], "ownership")
    assert (counts(mapped), codes(mapped)) == ({"Organisation": 2, "OwnerGroup": 1}, {})
    assert {(f"org/{one}", "ownerGroup", f"koncern/{PARENT}") for one in (CHILD, PARENT)} <= statements(mapped)
    assert {value.path: value.count for value in mapped.unread} == {
        '[]."Relationship.StartNode.NodeID"': 2,
        '[]."Relationship.EndNode.NodeID"': 2,
        '[]."Relationship.RelationshipType"': 2,
        '[]."Relationship.RelationshipStatus"': 2,
        '[]."Registration.RegistrationStatus"': 3,
    }


def test_bods_statements_of_both_versions(tmp_path: Path) -> None:
    old = [
        {"statementID": "e1", "statementType": "entityStatement", "name": "Fjordlys Drift", "identifiers": [
            {"scheme": "DK-CVR", "id": "99095431"}, {"scheme": "XX", "id": "1"}], "incorporatedInJurisdiction": {"code": "DK"}},
        {"statementID": "e2", "statementType": "entityStatement", "name": "Lys Holding", "identifiers": []},
        {"statementID": "p1", "statementType": "personStatement", "names": [{"fullName": "Kim Mågesten"}]},
        {"statementID": "o1", "statementType": "ownershipOrControlStatement", "subject": {"describedByEntityStatement": "e1"},
         "interestedParty": {"describedByEntityStatement": "e2"}, "interests": [{"type": "shareholding", "share": {"exact": 75.5}}]},
        {"statementID": "o2", "statementType": "ownershipOrControlStatement", "subject": {"describedByEntityStatement": "e2"},
         "interestedParty": {"describedByPersonStatement": "p1"}, "interests": [{"type": "shareholding", "share": {"exact": 100}}]},
    ]  # fmt: skip
    new = [
        {"recordId": "r1", "recordType": "entity", "recordDetails": {"name": "Sivbo", "jurisdiction": {"code": "DK"}, "identifiers": []}},
        {"recordId": "r2", "recordType": "entity", "recordDetails": {"name": "Siv Holding", "identifiers": [{"scheme": "XI-LEI", "id": PARENT}]}},
        {"recordId": "r3", "recordType": "relationship", "recordDetails": {"subject": "r1", "interestedParty": "r2", "interests": [{"share": {"minimum": 66.67}}]}},
        {"recordId": "r4", "recordType": "relationship", "recordDetails": {"subject": "r2", "interestedParty": "r1", "interests": [{"share": {"exact": 5}}]}},
    ]  # fmt: skip
    for name, content in (("old", old), ("new", new)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    mapped = read_all([tmp_path], "ownership")
    assert (counts(mapped), codes(mapped)) == ({"Organisation": 4, "OwnerGroup": 2}, {})
    groups = {(s, o) for s, p, o in statements(mapped) if p == "ownerGroup"}
    assert groups == {
        ("org/e1", "koncern/e2"),
        ("org/e2", "koncern/e2"),
        ("org/r1", "koncern/r2"),
        ("org/r2", "koncern/r2"),
    }
    assert {
        ("koncern/e2", "label", "Lys Holding"),
        ("org/e1", "cvr", "99095431"),
        ("org/r2", "lei", PARENT),
    } <= statements(mapped)
    assert not any("Mågesten" in value for _, _, value in statements(mapped))


def test_an_extract_of_cvr(tmp_path: Path) -> None:
    path = tmp_path / "cvr.csv"
    path.write_text(
        "CVR-nummer;Navn;Ejers CVR-nummer;Ejers navn;Ejerandel\n"
        "99095431;Fjordlys Drift;99439297;Lys Holding;66,67-89,99 %\n"
        "99376198;Mågevig Hosting;99439297;Lys Holding;5-9,99 %\n",
        encoding="utf-8",
    )
    mapped = read_all([path], "ownership")
    assert (counts(mapped), codes(mapped)) == ({"Organisation": 3, "OwnerGroup": 1}, {})
    assert {(s, o) for s, p, o in statements(mapped) if p == "ownerGroup"} == {
        ("org/cvr-99095431", "koncern/cvr-99439297"),
        ("org/cvr-99439297", "koncern/cvr-99439297"),
    }


def test_answers_of_gleif(tmp_path: Path) -> None:
    """A list of records and a relationship, as the API gives them (JSON:API)."""
    register = {"id": "RA000170"}
    records = [
        {"type": "lei-records", "id": CHILD, "attributes": {"lei": CHILD, "entity": {
            "legalName": {"name": "Fjordlys Drift", "language": "da"}, "legalAddress": {"city": "Ry", "country": "DK"},
            "registeredAt": register, "registeredAs": "99095431"}}},
        {"type": "lei-records", "id": PARENT, "attributes": {"lei": PARENT, "entity": {
            "legalName": {"name": "Lys Holding"}, "legalAddress": {"country": "NO"}, "registeredAt": {"id": "RA000472"}, "registeredAs": "1"}}},
    ]  # fmt: skip
    relation = {"startNode": {"id": CHILD, "type": "LEI"}, "endNode": {"id": PARENT, "type": "LEI"}, "status": "ACTIVE",
                "type": "IS_ULTIMATELY_CONSOLIDATED_BY"}  # fmt: skip
    related = {"type": "relationship-records", "id": "r", "attributes": {"relationship": relation}}
    for name, data in (("records", records), ("relationship", related)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"meta": {}, "data": data}), encoding="utf-8")
    assert recognise([tmp_path / "records.json"])[0] == "ownership"
    mapped = read_all([tmp_path], "ownership")
    assert (counts(mapped), codes(mapped)) == ({"Organisation": 2, "OwnerGroup": 1}, {})
    assert statements(mapped) >= {
        (f"org/{CHILD}", "label", "Fjordlys Drift"), (f"org/{CHILD}", "cvr", "99095431"), (f"org/{CHILD}", "country", "country/DK"),
        (f"org/{CHILD}", "ownerGroup", f"koncern/{PARENT}"), (f"org/{PARENT}", "ownerGroup", f"koncern/{PARENT}"),
    }  # fmt: skip
    assert not any(p == "cvr" for s, p, _ in statements(mapped) if s == f"org/{PARENT}")


def test_what_the_distribution_of_cvr_answers(tmp_path: Path) -> None:
    """Only what a company owns more than half of today makes a group; persons and shares of the past do not."""

    def participant(kind: str, number: int, name: str, share: str, until: str | None) -> dict[str, object]:
        value = {"vaerdi": share, "periode": {"gyldigFra": "2020-01-01", "gyldigTil": until}}
        attributes = [{"type": "EJERANDEL_PROCENT", "vaerdier": [value]}, {"type": "FUNKTION", "vaerdier": []}]
        names = [
            {"navn": "Før", "periode": {"gyldigTil": "2021-01-01"}},
            {"navn": name, "periode": {"gyldigTil": None}},
        ]
        organisations = [{"hovedtype": "REGISTER", "medlemsData": [{"attributter": attributes}]}]
        return {
            "deltager": {"enhedstype": kind, "forretningsnoegle": number, "navne": names},
            "organisationer": organisations,
        }

    companies = [
        ("Fjordlys Drift", 99095431, [participant("VIRKSOMHED", 99439297, "Lys Holding", "0.6667", None)]),
        ("Mågevig Hosting", 99376198, [participant("VIRKSOMHED", 99439297, "Lys Holding", "0.9", "2023-01-01"),
                                       participant("PERSON", 4000, "Kim Mågesten", "1.0", None)]),
    ]  # fmt: skip
    hits = [
        {"_source": {"Vrvirksomhed": {"cvrNummer": number, "deltagerRelation": participants, "virksomhedMetadata": {
            "nyesteNavn": {"navn": name}, "nyesteBeliggenhedsadresse": {"landekode": "DK"}}}}}
        for name, number, participants in companies
    ]  # fmt: skip
    path = tmp_path / "cvr.json"
    path.write_text(json.dumps({"hits": {"total": 2, "hits": hits}}), encoding="utf-8")
    assert recognise([path])[0] == "ownership"
    mapped = read_all([path], "ownership")
    assert (counts(mapped), codes(mapped)) == ({"Organisation": 3, "OwnerGroup": 1}, {})
    assert {(s, o) for s, p, o in statements(mapped) if p == "ownerGroup"} == {
        ("org/cvr-99095431", "koncern/cvr-99439297"),
        ("org/cvr-99439297", "koncern/cvr-99439297"),
    }
    assert {
        ("org/cvr-99376198", "label", "Mågevig Hosting"),
        ("org/cvr-99095431", "country", "country/DK"),
        ("koncern/cvr-99439297", "label", "Lys Holding"),
    } <= statements(mapped)
    assert not any("Mågesten" in value for _, _, value in statements(mapped))
