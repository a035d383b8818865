"""JSON of any shape, read by a mapping that is data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import illegal_in_iri
from graphsc.sources.mapped.mapping import DocumentMapping, read_mapping
from graphsc.sources.mapped.reader import UnreadableError, load_mapping, mappings, read_all
from graphsc.sources.reporting import Reporter
from graphsc.sources.terms import load

CONTRACTS = """
title = { da = "Kontrakter", en = "Contracts" }

[[record]]
at = "deals[]"
class = "g:Organisation"
key = "buyer.name"
prefix = "org/"

[[record.field]]
at = "buyer.name"
property = "rdfs:label"

[[record.field]]
at = "size"
property = "g:size"
values = { S = "lille" }

[[record.field]]
at = 'sold."by.whom"[]'
property = "g:customer"
inverse = true

[record.field.record]
class = "g:Agreement"

[[record.field.record.field]]
at = "from"
property = "g:start"

[[record.field.record.field]]
at = "seller"
property = "g:supplier"

[record.field.record.field.record]
class = "g:Organisation"
key = "."
prefix = "org/"
"""


def mapping(text: str = CONTRACTS) -> DocumentMapping:
    result = read_mapping(text, "m.toml", load())
    assert result is not None
    return result


def faults(text: str) -> list[str]:
    report = Reporter("m.toml")
    assert read_mapping(text, "m.toml", load(), report) is None
    assert {problem.code for problem in report.problems} == {"bad-mapping"}
    return [problem.message.en for problem in report.problems]


def written(folder: Path, document: object, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document, indent=1), encoding="utf-8")
    return path


DEAL = {
    "buyer": {"name": "Nordlys & Søn"},
    "size": "S",
    "sold": {"by.whom": [{"from": "2024-03-01", "seller": "Fjord"}, {"from": "2025-01-01", "seller": "Fjord"}]},
}


def quads_of(path: Path, mapping: DocumentMapping) -> list[Quad]:
    sources = read_all([path], mapping).sources
    assert sources.problems == []
    return [quad for source in sources.sources for quad in source.quads]


def test_nested_things_inverse_properties_concepts_and_dates(tmp_path: Path) -> None:
    quads = quads_of(written(tmp_path, {"deals": [DEAL]}), mapping())
    buyer = NamedNode("urn:graphsc:id:org/Nordlys%20%26%20Søn")
    seller = NamedNode("urn:graphsc:id:org/Fjord")
    triples = {(q.subject, q.predicate.value, q.object) for q in quads}
    assert (buyer, v.RDFS_LABEL, Literal("Nordlys & Søn")) in triples
    assert (buyer, v.G + "size", NamedNode("https://w3id.org/graphsc/size/small")) in triples
    agreements = {s for s, p, o in triples if (p, o) == (v.RDF_TYPE, NamedNode(v.G_AGREEMENT))}
    assert len(agreements) == 2
    assert {(s, o) for s, p, o in triples if p == v.G_CUSTOMER} == {(agreement, buyer) for agreement in agreements}
    assert {(s, o) for s, p, o in triples if p == v.G_SUPPLIER} == {(agreement, seller) for agreement in agreements}
    starts = {o for _, p, o in triples if p == v.G_START}
    assert starts == {Literal(day, datatype=NamedNode(v.XSD_DATE)) for day in ("2024-03-01", "2025-01-01")}
    assert len(triples) == len(quads) == 3 + 1 + 2 * 4


def test_the_same_key_is_the_same_thing_in_every_file(tmp_path: Path) -> None:
    first = written(tmp_path, {"deals": [DEAL]})
    second = written(tmp_path, {"deals": [{"buyer": {"name": "Fjord"}}]}, "b.json")
    sources = read_all([tmp_path], mapping()).sources
    assert [source.file for source in sources.sources] == [first.as_posix(), second.as_posix()]
    labels = {q.subject.value for s in sources.sources for q in s.quads if q.predicate.value == v.RDFS_LABEL}
    assert "urn:graphsc:id:org/Fjord" in labels
    place = sources.locate("urn:graphsc:id:org/Fjord", v.RDFS_LABEL)
    assert place is not None
    assert (place.file, place.line) == (second.as_posix(), 5)


def test_the_order_of_lists_and_keys_changes_nothing(tmp_path: Path) -> None:
    one = written(tmp_path, {"deals": [DEAL, {"buyer": {"name": "B"}}]})
    quads = set(quads_of(one, mapping()))
    turned = {"deals": [{"buyer": {"name": "B"}}, dict(reversed(DEAL.items()))]}
    written(tmp_path, turned)
    assert set(quads_of(one, mapping())) == quads


@pytest.mark.parametrize(
    ("deal", "code"),
    [
        ({"buyer": {"name": " "}}, "missing-id"),
        ({"buyer": {}}, "missing-id"),
        ({"buyer": {"name": "A"}, "size": "kolossal"}, "unknown-concept"),
        ({"buyer": {"name": "A"}, "size": {"is": "S"}}, "wrong-type"),
        ({"buyer": {"name": "A"}, "sold": {"by.whom": [{"from": "31-02-2024", "seller": "B"}]}}, "bad-date"),
        ({"buyer": {"name": "A"}, "sold": {"by.whom": [{"from": "2024-02-31", "seller": "B"}]}}, "bad-date"),
    ],
)
def test_what_is_wrong_is_a_problem_with_a_place(tmp_path: Path, deal: object, code: str) -> None:
    path = written(tmp_path, {"deals": [deal, DEAL]})
    sources = read_all([path], mapping()).sources
    assert [(problem.code, problem.location.file) for problem in sources.problems] == [(code, path.as_posix())]
    assert sources.problems[0].location.line is not None
    assert len(sources.sources[0].quads) >= 12  # what could be read is there


@pytest.mark.parametrize("document", ['{"deals": [', "[1, 2", '{"a": 1, "a": 2}', "\udcff"])
def test_broken_files_are_problems(tmp_path: Path, document: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(document.encode("utf-8", "surrogateescape"))
    assert read_all([path], mapping()).sources.problems != []


def test_missing_and_foreign_files_are_problems(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("x: 1", encoding="utf-8")
    sources = read_all([tmp_path / "none.json", tmp_path / "a.txt", tmp_path / "a.yaml"], mapping()).sources
    assert [problem.code for problem in sources.problems] == ["unknown-format", "unknown-format", "missing-path"]


def test_null_absent_and_empty_say_nothing(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "deals": [
                {"buyer": {"name": "A"}, "size": None, "sold": {"by.whom": []}},
                {"buyer": {"name": "B"}, "size": ""},
            ]
        },
    )
    assert len(quads_of(path, mapping())) == 4
    assert quads_of(written(tmp_path, [1, "x", None]), mapping()) == []


@pytest.mark.parametrize(
    "name", ["a\u202eb", "x<y>", 'q"uote', "a b/c?d#e", "a\u0000b", "../../etc", "\ud800", "é" * 500]
)
def test_hostile_names_become_iris_that_hold_them(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, {"deals": [{"buyer": {"name": name}}]})
    subjects = {quad.subject.value for quad in quads_of(path, mapping())}
    (iri,) = subjects
    assert illegal_in_iri(iri) is None
    assert iri.startswith("urn:graphsc:id:org/")
    assert not set(iri) & set(' <>"{}|\\^`/?#\n') - {"/"}
    assert iri.count("/") == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('at = "deals[]"', 'at = "deals[0]"', "the path “deals[0]” cannot be read."),
        ('at = "deals[]"', 'where = "deals[]"', "the key “where” is unknown."),
        ('"g:Agreement"', '"g:Agrement"', "the class “https://w3id.org/graphsc/ns#Agrement” is unknown."),
        ('"g:Agreement"', '"g:RootAgreement"', "the class “https://w3id.org/graphsc/ns#RootAgreement” is unknown."),
        ('"g:start"', '"g:begin"', "the property “https://w3id.org/graphsc/ns#begin” is unknown."),
        ('"g:start"', '"x:start"', "“x:start” has an unknown prefix."),
        ('"g:start"', '"g:owner"', "record is missing: the property leads to other things."),
        ('"g:supplier"', '"g:service"', "the property leads to no other things."),
        ("inverse = true", 'inverse = "ja"', "inverse must be true or false."),
        ('{ S = "lille" }', "{ S = 1 }", "values must be texts."),
        ('prefix = "org/"', 'prefix = "org <x>"', "“ ” cannot stand in an IRI."),
        ('prefix = "org/"', "prefix = 3", "“prefix” must be a text."),
    ],
)
def test_a_wrong_mapping_says_what_and_where(old: str, new: str, message: str) -> None:
    problems = faults(CONTRACTS.replace(old, new, 1))
    assert any(problem.endswith(message) for problem in problems), problems


def test_a_mapping_that_is_no_toml_or_says_nothing() -> None:
    assert "not TOML" in faults("title = ")[0]
    assert faults("") == ["title is missing, in Danish and English.", "there is no [[record]]."]


def test_the_mappings_that_are_shipped() -> None:
    assert "services" in mappings()
    for name in mappings():
        assert load_mapping(name).title.da
    with pytest.raises(FileNotFoundError, match="services"):
        load_mapping("none")


def test_a_mapping_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(CONTRACTS, encoding="utf-8")
    assert load_mapping(own) == mapping()
    own.write_text("title = 1", encoding="utf-8")
    with pytest.raises(UnreadableError, match="title is missing"):
        load_mapping(own)


def test_a_mapping_is_text_in_utf_8(tmp_path: Path) -> None:
    """In another encoding its headings would be those of no table, and nothing would be read."""
    own = tmp_path / "own.toml"
    own.write_bytes(b"\xef\xbb\xbf" + CONTRACTS.encode())
    assert load_mapping(own) == mapping()
    for content in (f"# x\n# Leverandør{CONTRACTS}".encode("latin-1"), f"# x\n# Leverand\0{CONTRACTS}".encode()):
        own.write_bytes(content)
        with pytest.raises(UnreadableError) as caught:
            load_mapping(own)
        (problem,) = caught.value.problems
        assert (problem.code, problem.location.line) == ("not-utf8", 2)


def test_a_company_number_is_checked_and_unites(tmp_path: Path) -> None:
    text = """
title = { da = "Firmaer", en = "Companies" }
[[record]]
at = "[]"
class = "g:Organisation"
key = "name"
[[record.field]]
at = "cvr"
property = "g:cvr"
"""
    path = written(
        tmp_path,
        [{"name": "a", "cvr": "DK 10 15 08 17"}, {"name": "b", "cvr": 10150817}, {"name": "c", "cvr": "10150818"}],
    )
    sources = read_all([path], mapping(text)).sources
    assert [problem.code for problem in sources.problems] == ["bad-identifier"]
    assert sources.same_legal_unit == {"urn:graphsc:id:b": "urn:graphsc:id:a"}


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        ("https://x.example/a", "https://x.example/a"),
        ("https://x y/[", "urn:graphsc:id:https%3A%2F%2Fx%20y%2F%5B"),
        ("a:b", "a:b"),
        ("plain", "urn:graphsc:id:plain"),
    ],
)
def test_a_key_that_is_a_whole_iri_is_the_things(tmp_path: Path, key: str, subject: str) -> None:
    text = """
title = { da = "Firmaer", en = "Companies" }
[[record]]
at = "[]"
class = "g:Organisation"
key = "iri"
"""
    assert {quad.subject.value for quad in quads_of(written(tmp_path, [{"iri": key}]), mapping(text))} == {subject}
