from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import about, faults, read_files, triples

from graphsc.core import vocabulary as v
from graphsc.sources.reporting import Reporter
from graphsc.sources.tree import read_json, write_json

DOCUMENT = """\
{"@context": "https://w3id.org/graphsc/context.jsonld",
 "@graph": [
  {"id": "org/n", "type": "Organisation", "navn": {"da": "Nord"}, "land": "NO", "art": "myndighed"},
  {"id": "org/f", "type": "Organisation", "name": "Fjord"},
  {"id": "k/1", "type": "Agreement", "kunde": "org/n",
   "leverandør": "org/f",
   "underskrevet": "2024-02-29",
   "underleverandører": [{"type": "underleverance", "leverandør": "org/f"}],
   "krav": {"id": "r/1", "type": "sikkerhedskrav", "frekvens": "P3M", "emne": "beredskab"}}]}
"""


def test_the_shipped_context_gives_the_words_their_meaning(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.json": DOCUMENT})
    assert faults(sources) == []
    assert about(sources, ":org/n") == {
        ("rdf:type", "g:Organisation"), ("rdfs:label", '"Nord"@da'), ("g:country", "w3id:country/NO"), ("g:kind", "w3id:kind/authority"),
    }  # fmt: skip
    assert about(sources, ":k/1") == {
        ("rdf:type", "g:Agreement"), ("g:customer", ":org/n"), ("g:supplier", ":org/f"),
        ("g:signed", '"2024-02-29"^^xsd:date'), ("g:requires", ":r/1"),
    }  # fmt: skip
    assert ("g:frequency", "w3id:period/P3M") in about(sources, ":r/1")
    assert len([s for s, p, o in triples(sources) if (p, o) == ("g:under", ":k/1")]) == 1


def test_places(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.jsonld": DOCUMENT})
    assert str(sources.locate("urn:graphsc:id:k/1")).endswith("a.jsonld:5:3")
    assert str(sources.locate("urn:graphsc:id:k/1", v.G_SUPPLIER)).endswith("a.jsonld:5:3")
    assert str(sources.locate("urn:graphsc:id:k/1", v.G_SIGNED, "2024-02-29")).endswith("a.jsonld:5:3")
    (sub,) = [s for s, p, o in triples(sources) if (p, o) == ("g:under", ":k/1")]
    assert str(sources.locate(sub.replace(":", "urn:graphsc:id:", 1))).endswith("a.jsonld:5:3")


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"@context": "https://schema.org/",\n"@id": "urn:x:a"}', [("remote-context", "a.jsonld:1:14")]),
        (
            '{"@context": ["context.jsonld", {"@import": "x"}]}',
            [("remote-context", "a.jsonld:1:15"), ("remote-context", "a.jsonld:1:33")],
        ),
        (DOCUMENT.replace('"kunde"', '"kundee"'), [("unknown-key", "a.jsonld:5:38")]),
        (DOCUMENT.replace("2024-02-29", "2023-02-29"), [("bad-date", "a.jsonld:5:3")]),
        (
            DOCUMENT.replace('"leverandør": "org/f",', '"leverandør": "org/g",'),
            [("dangling-reference", "a.jsonld:5:3")],
        ),
        (DOCUMENT.replace('"land": "NO"', '"land": "NO", "land": "SE"'), [("duplicate-key", "a.jsonld:3:81")]),
        (
            DOCUMENT.replace('"id": "org/f"', '"id": "https://k.example/a b"'),
            [
                ("bad-id", "a.jsonld:4:10"),
                ("dangling-reference", "a.jsonld:5:3"),
            ],
        ),
        (
            DOCUMENT.replace('"leverandør": "org/f",', '"leverandør": "https://k.example/a>b",'),
            [("bad-id", "a.jsonld:6:18")],
        ),
        (
            DOCUMENT.replace('"type": "Organisation", "name"', '"type": "https://k.example/ab\\u202e", "name"'),
            [("bad-id", "a.jsonld:4:27")],
        ),
        (
            DOCUMENT.replace('"land": "NO"', '"https://w3id.org/graphsc/ns#country ": "NO"'),
            [("bad-id", "a.jsonld:3:67")],
        ),
        (
            DOCUMENT.replace('"navn": {"da": "Nord"}', '"rdfs:label": {"@value": "Nord", "@language": "da dk"}'),
            [("bad-value", "a.jsonld:3:89")],
        ),
        ('{"a": 1,}', [("syntax", "a.jsonld:1:9")]),
        ('{"a": 01}', [("syntax", "a.jsonld:1:7")]),
        ('{"a": NaN}', [("syntax", "a.jsonld:1:7")]),
        ('{"a": "\n"}', [("syntax", "a.jsonld:1:7")]),
        ('{"a" 1}', [("syntax", "a.jsonld:1:6")]),
        ('{"a": [1', [("syntax", "a.jsonld:1:9")]),
        ("[" * 100_000, [("too-deep", "a.jsonld:1:65")]),
        ("", [("empty-file", "a.jsonld")]),
    ],
)
def test_what_is_wrong_is_reported_where_it_is(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(read_files(tmp_path, {"a.jsonld": text})) == expected


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
)


@given(JSON, st.sampled_from([None, 2]), st.booleans())
def test_any_json_is_read_as_the_standard_library_reads_it(value: object, indent: int | None, ascii_: bool) -> None:
    report = Reporter("a.json")
    tree = read_json(json.dumps(value, indent=indent, ensure_ascii=ascii_), report)
    assert tree is not None
    assert json.loads(write_json(tree)) == value
    assert report.problems == []


@given(st.text(alphabet='{}[]:,"\\ \n0123456789.eE+-truefalsn/ub', max_size=30))
def test_what_is_json_is_what_the_standard_library_says(text: str) -> None:
    report = Reporter("a.json")
    tree = read_json(text, report)
    try:
        json.loads(text, object_pairs_hook=list, parse_constant=_refuse)
    except (ValueError, RecursionError):
        assert tree is None
        assert len(report.problems) >= 1
    else:
        assert tree is not None


def _refuse(text: str) -> None:
    raise ValueError(text)


CONTEXT = '{"@context": {"g": "https://w3id.org/graphsc/ns#", "s": "gg:start"},\n'


@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        ('"@type": "gg:Agreement"', "g:Agreement"),
        ('"@type": "gg:Agreemnt"', "g:Agreement"),
        ('"@type": "g:Agreement", "gg:signed": "2024-01-01"', "g:signed"),
        ('"@type": "g:Agreement", "s": "2024-01-01"', "g:start"),
        ('"@type": "g:Agreement", "xyz:qqqq": "2024-01-01"', None),
        ('"@type": ["g:Agreement", "urn:example:Thing", "https://example.org/Thing"]', "nothing is said"),
    ],
)
def test_a_prefix_that_is_not_declared_is_told_with_its_line(
    tmp_path: Path, written: str, suggested: str | None
) -> None:
    sources = read_files(tmp_path, {"a.jsonld": f'{CONTEXT}"@id": "urn:x:a",\n{written}}}'})
    undeclared = [problem for problem in sources.problems if problem.code == "unknown-prefix"]
    if suggested == "nothing is said":
        assert sources.problems == []
        return
    assert [problem.location.line for problem in undeclared] == [3]
    tail = f"Did you mean “{suggested}”?" if suggested else "Declare it there, or write the whole IRI."
    assert undeclared[0].message.en.endswith(tail)
