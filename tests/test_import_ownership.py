"""Who owns whom, from invented files in the structure of GLEIF's relationship records, BODS and an extract of CVR."""

from __future__ import annotations

import json
from pathlib import Path

from importing import codes, counts, said

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
    found = read_all([path], "ownership")
    assert (counts(found), codes(found)) == ({"Organisation": 2, "OwnerGroup": 1}, {})
    assert {(f"org/{one}", "ownerGroup", f"koncern/{PARENT}") for one in (CHILD, PARENT)} <= said(found)
    assert {one.path: one.count for one in found.unread} == {
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
    found = read_all([tmp_path], "ownership")
    assert (counts(found), codes(found)) == ({"Organisation": 4, "OwnerGroup": 2}, {})
    groups = {(s, o) for s, p, o in said(found) if p == "ownerGroup"}
    assert groups == {
        ("org/e1", "koncern/e2"),
        ("org/e2", "koncern/e2"),
        ("org/r1", "koncern/r2"),
        ("org/r2", "koncern/r2"),
    }
    assert {("koncern/e2", "label", "Lys Holding"), ("org/e1", "cvr", "99095431"), ("org/r2", "lei", PARENT)} <= said(
        found
    )
    assert not any("Mågesten" in value for _, _, value in said(found))


def test_an_extract_of_cvr(tmp_path: Path) -> None:
    path = tmp_path / "cvr.csv"
    path.write_text(
        "CVR-nummer;Navn;Ejers CVR-nummer;Ejers navn;Ejerandel\n"
        "99095431;Fjordlys Drift;99439297;Lys Holding;66,67-89,99 %\n"
        "99376198;Mågevig Hosting;99439297;Lys Holding;5-9,99 %\n",
        encoding="utf-8",
    )
    found = read_all([path], "ownership")
    assert (counts(found), codes(found)) == ({"Organisation": 3, "OwnerGroup": 1}, {})
    assert {(s, o) for s, p, o in said(found) if p == "ownerGroup"} == {
        ("org/cvr-99095431", "koncern/cvr-99439297"),
        ("org/cvr-99439297", "koncern/cvr-99439297"),
    }
