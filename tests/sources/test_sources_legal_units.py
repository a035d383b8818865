from __future__ import annotations

from pathlib import Path

from reading import about, read_files, triples

from graphsc.core import vocabulary as v

LEI = "213800KUD8LAJWSQ9D15"


def test_one_cvr_is_one_legal_unit_across_files_and_formats(tmp_path: Path) -> None:
    files = {
        "a.yaml": "organisationer: [{id: org/b, navn: Ét navn, cvr: 10150817}]\n",
        "b.ttl": '@prefix g: <https://w3id.org/graphsc/ns#> . <urn:x:b> a g:Organisation ; g:cvr "DK10150817" ; g:country <https://w3id.org/graphsc/country/DK> .\n'
        "<urn:x:k> a g:Agreement ; g:supplier <urn:x:b> .",
    }
    sources = read_files(tmp_path, files)
    assert sources.problems == []
    assert sources.same_legal_unit == {"urn:x:b": "urn:graphsc:id:org/b"}
    assert about(sources, ":org/b") == {
        ("rdf:type", "g:Organisation"), ("rdfs:label", '"Ét navn"'), ("g:cvr", '"10150817"'), ("g:country", "w3id:country/DK"),
    }  # fmt: skip
    assert ("urn:x:k", "g:supplier", ":org/b") in triples(sources)
    assert str(sources.sources[1].positions.locate("urn:graphsc:id:org/b")).endswith("b.ttl:1:45")
    assert str(sources.sources[1].positions.locate("urn:x:k", v.G_SUPPLIER, "urn:graphsc:id:org/b")).endswith(
        "b.ttl:2:38"
    )


def test_a_cvr_and_an_lei_chain_together(tmp_path: Path) -> None:
    text = f"organisationer:\n- {{id: c, cvr: 10150817}}\n- {{id: b, cvr: '10 15 08 17', lei: {LEI}}}\n- {{id: a, lei: {LEI.lower()}}}\n"
    assert read_files(tmp_path, {"a.yaml": text}).same_legal_unit == {
        "urn:graphsc:id:b": "urn:graphsc:id:a", "urn:graphsc:id:c": "urn:graphsc:id:a",
    }  # fmt: skip


def test_a_unit_of_an_organisation_stays_itself(tmp_path: Path) -> None:
    text = "organisationer:\n- {id: a, cvr: 10150817}\n- {id: b, cvr: 10150817, enhed i: a}\n"
    assert read_files(tmp_path, {"a.yaml": text}).same_legal_unit == {}


def test_neither_a_name_nor_a_wrong_number_makes_two_one(tmp_path: Path) -> None:
    text = "organisationer:\n- {id: a, navn: Ens, cvr: 12345678}\n- {id: b, navn: Ens, cvr: 12345678}\n- {id: c, navn: Ens}\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    assert sources.same_legal_unit == {}
    assert [p.code for p in sources.problems] == ["bad-identifier", "bad-identifier"]
