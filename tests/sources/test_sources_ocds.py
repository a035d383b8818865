from __future__ import annotations

import json
from pathlib import Path

import pytest
from reading import about, faults, read_files, triples
from repository import SHARED

from graphsc.sources import Sources, read

SHARED = SHARED / "real" / "ocds"
P = "ocds:ocds-1"


def release(**fields: object) -> dict[str, object]:
    return {
        "ocid": "ocds-1", "id": "1", "date": "2024-01-01T00:00:00Z", "tag": ["contract"],
        "parties": [
            {"id": "B", "name": "Buyer", "roles": ["buyer"], "identifier": {"scheme": "DK-CVR", "id": "10150817"}, "address": {"countryName": "dk"}},
            {"id": "S", "name": "Supplier", "roles": ["supplier"], "address": {"countryName": "Denmark"}},
            {"id": "U", "name": "Under"},
        ],
        "buyer": {"id": "B", "name": "Buyer"},
        "awards": [{"id": "a", "status": "active", "suppliers": [{"id": "S", "name": "Supplier"}]}],
        "contracts": [{"id": "c", "awardID": "a", "title": "Drift", "dateSigned": "2024-01-31T23:30:00+02:00", "period": {"startDate": "2024-02-01", "endDate": "2026-01-31T00:00:00Z"}}],
    } | fields  # fmt: skip


def read_one(folder: Path, document: object) -> Sources:
    return read_files(folder, {"a.json": json.dumps(document)})


def test_a_release(tmp_path: Path) -> None:
    sources = read_one(tmp_path, release())
    assert faults(sources) == []
    assert triples(sources) == {
        ("ocds:DK-CVR:10150817", "rdf:type", "g:Organisation"), ("ocds:DK-CVR:10150817", "rdfs:label", '"Buyer"'),
        ("ocds:DK-CVR:10150817", "g:cvr", '"10150817"'), ("ocds:DK-CVR:10150817", "g:country", "w3id:country/DK"),
        (f"{P}/party/S", "rdf:type", "g:Organisation"), (f"{P}/party/S", "rdfs:label", '"Supplier"'), (f"{P}/party/S", "g:country", "w3id:country/DK"),
        (f"{P}/party/U", "rdf:type", "g:Organisation"), (f"{P}/party/U", "rdfs:label", '"Under"'),
        (f"{P}/contract/c", "rdf:type", "g:Agreement"), (f"{P}/contract/c", "rdfs:label", '"Drift"'),
        (f"{P}/contract/c", "g:customer", "ocds:DK-CVR:10150817"), (f"{P}/contract/c", "g:supplier", f"{P}/party/S"),
        (f"{P}/contract/c", "g:signed", '"2024-01-31"^^xsd:date'), (f"{P}/contract/c", "g:start", '"2024-02-01"^^xsd:date'),
        (f"{P}/contract/c", "g:end", '"2026-01-31"^^xsd:date'),
    }  # fmt: skip


def test_packages_and_records_say_the_same_as_their_release(tmp_path: Path) -> None:
    plain = triples(read_one(tmp_path / "1", release()))
    assert triples(read_one(tmp_path / "2", {"version": "1.1", "releases": [release()]})) == plain
    record = {
        "ocid": "ocds-1",
        "compiledRelease": release(),
        "releases": [{"url": "https://example.org/1", "date": "2020-01-01"}],
    }
    assert triples(read_one(tmp_path / "3", {"records": [record]})) == plain
    assert triples(read_one(tmp_path / "4", record)) == plain


def test_releases_are_laid_over_one_another_in_the_order_of_their_dates(tmp_path: Path) -> None:
    later = {
        "ocid": "ocds-1", "id": "2", "date": "2025-01-01T00:00:00Z",
        "contracts": [{"id": "c", "title": "Drift og udvikling", "period": {"endDate": "2027-01-31"}}, {"id": "d", "title": "Ny"}],
        "buyer": {"id": "U"},
    }  # fmt: skip
    sources = read_one(tmp_path, {"releases": [later, release()]})
    said = about(sources, f"{P}/contract/c")
    assert ("rdfs:label", '"Drift og udvikling"') in said
    assert ("g:start", '"2024-02-01"^^xsd:date') in said
    assert ("g:end", '"2027-01-31"^^xsd:date') in said
    assert {o for p, o in said if p == "g:customer"} == {f"{P}/party/U"}
    assert ("rdf:type", "g:Agreement") in about(sources, f"{P}/contract/d")


def test_a_framework_and_what_is_bought_on_it_across_files(tmp_path: Path) -> None:
    framework = release(
        tender={"title": "Ramme", "techniques": {"hasFrameworkAgreement": True}}, contracts=[],
        awards=[{"id": "a", "suppliers": [{"id": "S"}], "contractPeriod": {"startDate": "2024-01-01", "endDate": "2027-12-31"}}],
    )  # fmt: skip
    related = [{"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": "ocds-1"}]
    call_off = release(ocid="ocds-2", relatedProcesses=related)
    sources = read_files(tmp_path, {"b.json": json.dumps(framework), "a.json": json.dumps(call_off)})
    assert faults(sources) == []
    assert about(sources, f"{P}/framework") == {
        ("rdf:type", "g:FrameworkAgreement"), ("rdfs:label", '"Ramme"'), ("g:owner", "ocds:DK-CVR:10150817"),
        ("g:supplier", f"{P}/party/S"), ("g:start", '"2024-01-01"^^xsd:date'), ("g:end", '"2027-12-31"^^xsd:date'),
    }  # fmt: skip
    assert {("rdf:type", "g:DeliveryAgreement"), ("g:underFramework", f"{P}/framework")} <= about(
        sources, "ocds:ocds-2/contract/c"
    )


def test_a_framework_belongs_to_whoever_ran_the_procurement(tmp_path: Path) -> None:
    parties = [
        {"id": "B", "name": "Buyer", "roles": ["buyer"]},
        {"id": "P", "name": "Purchasing", "roles": ["procuringEntity"]},
        {"id": "S", "name": "Supplier"},
    ]
    framework = release(parties=parties, tender={"techniques": {"hasFrameworkAgreement": True}})
    assert ("g:owner", f"{P}/party/P") in about(read_one(tmp_path, framework), f"{P}/framework")
    assert ("g:owner", f"{P}/party/B") not in about(read_one(tmp_path, framework), f"{P}/framework")


def test_what_is_bought_on_a_framework_is_a_delivery_agreement_whatever_technique_it_names(tmp_path: Path) -> None:
    related = [{"id": "1", "relationship": ["framework"], "identifier": "ocds-2"}]
    award = {"id": "a", "suppliers": [{"id": "S"}], "contractPeriod": {"startDate": "2024-01-01"}}
    bought = release(
        contracts=[],
        awards=[award],
        relatedProcesses=related,
        tender={"techniques": {"hasFrameworkAgreement": True}},
    )
    assert {("rdf:type", "g:DeliveryAgreement"), ("g:underFramework", "ocds:ocds-2/framework")} <= about(
        read_one(tmp_path, bought), f"{P}/award/a"
    )


@pytest.mark.parametrize("named", [{"supplier": {"id": "S"}}, {"suppliers": {"id": "S"}}, {"suppliers": [{"id": "S"}]}])
def test_a_contract_has_the_suppliers_that_it_names_not_all_of_its_award(
    tmp_path: Path, named: dict[str, object]
) -> None:
    awards = [{"id": "a", "suppliers": [{"id": "S"}, {"id": "U"}]}]
    sources = read_one(tmp_path, release(awards=awards, contracts=[{"id": "c", "awardID": "a"} | named]))
    suppliers = {value for key, value in about(sources, f"{P}/contract/c") if key == "g:supplier"}
    assert suppliers == {f"{P}/party/S"}


def test_a_country_goes_by_its_code_or_its_name(tmp_path: Path) -> None:
    def country(address: dict[str, str]) -> Sources:
        return read_one(tmp_path, release(parties=[{"id": "B", "name": "Buyer", "address": address}]))

    assert ("g:country", "w3id:country/DK") in about(country({"countryName": "Denmark"}), f"{P}/party/B")
    assert faults(country({"countryName": "Kongeriget"}))[0][0] == "unknown-concept"


@pytest.mark.parametrize(
    ("award", "agreements"),
    [
        ({"id": "b", "suppliers": [{"id": "S"}], "contractPeriod": {"startDate": "2024-01-01"}}, 1),
        ({"id": "b", "suppliers": [{"id": "S"}]}, 0),
        (
            {
                "id": "b",
                "status": "cancelled",
                "suppliers": [{"id": "S"}],
                "contractPeriod": {"startDate": "2024-01-01"},
            },
            0,
        ),
    ],
)
def test_an_award_without_contract_counts_when_it_stands_and_has_a_period(
    tmp_path: Path, award: dict[str, object], agreements: int
) -> None:
    sources = read_one(tmp_path, release(awards=[award], contracts=[]))
    assert len([s for s, p, o in triples(sources) if (p, o) == ("rdf:type", "g:Agreement")]) == agreements


def test_a_cancelled_contract_is_no_agreement(tmp_path: Path) -> None:
    sources = read_one(tmp_path, release(contracts=[{"id": "c", "awardID": "a", "status": "cancelled"}]))
    assert not [s for s, p, o in triples(sources) if (p, o) == ("rdf:type", "g:Agreement")]


def test_subcontracts_that_are_listed_or_follow_from_a_role(tmp_path: Path) -> None:
    award = {
        "id": "a",
        "suppliers": [{"id": "S"}],
        "subcontracting": {"subcontracts": [{"id": "1", "subcontractor": {"id": "U"}}]},
    }
    listed = read_one(tmp_path / "1", release(awards=[award]))
    bid = {"id": "t", "subcontracting": {"subcontracts": [{"id": "1", "subcontractor": {"id": "U"}}]}}
    through_bid = read_one(
        tmp_path / "2",
        release(bids={"details": [bid]}, awards=[{"id": "a", "relatedBids": ["t"], "suppliers": [{"id": "S"}]}]),
    )
    by_role = release()
    by_role["parties"][2]["roles"] = ["subcontractor"]  # type: ignore[index]
    for sources in (listed, through_bid, read_one(tmp_path / "3", by_role)):
        (sub,) = [s for s, p, o in triples(sources) if (p, o) == ("rdf:type", "g:Subcontract")]
        assert about(sources, sub) == {
            ("rdf:type", "g:Subcontract"),
            ("g:under", f"{P}/contract/c"),
            ("g:supplier", f"{P}/party/U"),
        }


def test_a_subcontractor_of_one_of_several_agreements_is_not_guessed(tmp_path: Path) -> None:
    document = release(contracts=[{"id": "c", "awardID": "a"}, {"id": "d", "awardID": "a"}])
    document["parties"][2]["roles"] = ["subcontractor"]  # type: ignore[index]
    assert [code for code, _ in faults(read_one(tmp_path, document))] == ["unclear-subcontractor"]


def test_a_process_that_a_contract_names_as_its_subcontract(tmp_path: Path) -> None:
    related = [{"id": "1", "relationship": ["subContract"], "scheme": "ocid", "identifier": "ocds-2"}]
    upper = release(contracts=[{"id": "c", "awardID": "a", "relatedProcesses": related}])
    sources = read_one(tmp_path, {"releases": [upper, release(ocid="ocds-2")]})
    assert {("rdf:type", "g:Subcontract"), ("g:under", f"{P}/contract/c")} <= about(sources, "ocds:ocds-2/contract/c")


def test_an_lei_among_the_additional_identifiers(tmp_path: Path) -> None:
    document = release()
    document["parties"][1]["additionalIdentifiers"] = [{"scheme": "XI-LEI", "id": "213800KUD8LAJWSQ9D15"}]  # type: ignore[index]
    assert ("g:lei", '"213800KUD8LAJWSQ9D15"') in about(read_one(tmp_path, document), f"{P}/party/S")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('{"releases": [{"id": "1"}]}', [("missing-id", "a.json:1:15")]),
        ('{"releases": ["x"]}', [("wrong-type", "a.json:1:15")]),
        ('{"ocid": "o",\n"buyer": {"id": " "}}', [("missing-id", "a.json:2:10")]),
        (
            '{"ocid": "o",\n"contracts": [{"id": "c",\n"dateSigned": "2024-02-31T00:00:00Z"}]}',
            [("bad-date", "a.json:3:15")],
        ),
        (
            '{"records": [{"ocid": "o", "releases": [{"url": "https://example.org"}]}]}',
            [("remote-release", "a.json:1:41")],
        ),
        (
            '{"ocid": "o", "parties": [{"id": "p", "identifier": {"scheme": "DK-CVR",\n"id": "12345678"}}]}',
            [("bad-identifier", "a.json:2:7")],
        ),
        ('{"ocid": "o", "ocid": "p"}', [("duplicate-key", "a.json:1:15")]),
        (
            '{"ocid": "o", "parties": 1, "awards": {"a": []}, "contracts": [1, null], "tender": "x"}',
            [("wrong-type", f"a.json:1:{column}") for column in (26, 39, 64, 84)],
        ),
        ('{"ocid": "o", "buyer": [{"id": "b"}], "contracts": [{"id": "c", "title": {"da": "x"}}]}',
         [("wrong-type", "a.json:1:24"), ("wrong-type", "a.json:1:74")]),
        ('{"ocid": "o", "contracts": [{"id": "c",\n"period": {"enddate": "2026-01-31"}}]}', [("unknown-key", "a.json:2:12")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported_where_it_is(tmp_path: Path, document: str, expected: list[tuple[str, str]]) -> None:
    assert faults(read_files(tmp_path, {"a.json": document})) == expected


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("enddate", "endDate"), ("end_date", "endDate"), ("endDat", "endDate"), ("sartDate", "startDate"),
        ("maxExtentDate", None), ("durationInDays", None),
    ],
)  # fmt: skip
def test_a_slip_in_a_key_that_is_read_is_told_and_a_key_of_an_extension_is_not(
    tmp_path: Path, slip: str, meant: str | None
) -> None:
    contract = {"id": "c", "period": {slip: "2026-01-31"}, "relatedLots": ["1"], "x_own": {"enddate": "2020-01-01"}}
    bids = {"details": [{"id": "1", "hasSubcontracting": True}]}
    document = {"uri": "urn:x", "releases": [release(contracts=[contract], bids=bids)], "records": [{"release": {}}]}
    told = [p for p in read_one(tmp_path, document).problems if p.code == "unknown-key"]
    expected = [f"The key “{slip}” is unknown. Did you mean “{meant}”?"] if meant else []
    assert [p.message.en for p in told] == [*expected, "The key “release” is unknown. Did you mean “releases”?"]


def test_a_text_in_which_nothing_can_be_seen_is_absent(tmp_path: Path) -> None:
    contract = {"id": "c", "title": "\u200b", "dateSigned": " "}
    sources = read_one(tmp_path, release(contracts=[contract], tender={"title": "Bistand"}))
    assert faults(sources) == []
    assert ("rdfs:label", '"Bistand"') in about(sources, f"{P}/contract/c")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published notices are not here; GRAPHSC_SHARED names their folder")
def test_published_notices() -> None:
    sources = read([SHARED])
    assert sources.problems == []
    facts = triples(sources)
    kinds = {kind: sorted(s for s, p, o in facts if (p, o) == ("rdf:type", f"g:{kind}")) for kind in ("Agreement", "FrameworkAgreement", "DeliveryAgreement", "Subcontract")}  # fmt: skip
    nhs = "ocds:ocds-r6ebe6-9af22e2f-5307-4e98-bff6-1ebffbff343d"
    assert kinds == {
        "Agreement": [
            "ocds:ocds-213czf-000-00001/contract/ocds-213czf-000-00001-contract-01",
            "ocds:ocds-abcd1234-df8f2e5d-9eb6-4dc7-bf9e-06e30e6ab5d7/contract/CON-0001",
        ],
        "FrameworkAgreement": [f"{nhs}/framework"],
        "DeliveryAgreement": ["ocds:ocds-r6ebe6-95f19d21-d066-4931-a431-071211033960/award/1"],
        "Subcontract": [],
    }
    assert about(sources, f"{nhs}/framework") == {
        ("rdf:type", "g:FrameworkAgreement"), ("rdfs:label", '"Storage and Distribution of Seasonal Influenza Vaccine"'),
        ("g:owner", "ocds:GB-NHS:YA7"), ("g:supplier", f"{nhs}/party/1"),
    }  # fmt: skip
    assert {("g:signed", '"2022-09-30"^^xsd:date'), ("g:customer", "ocds:ocds-abcd1234-df8f2e5d-9eb6-4dc7-bf9e-06e30e6ab5d7/party/ORG-0001")} <= about(sources, kinds["Agreement"][1])  # fmt: skip
    assert not any("Liv Riseth" in o for _, _, o in facts)
