"""Literals are judged as they were written, which the store does not remember."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.core.lexical_forms import box, is_kept, unboxed, well_formed
from graphsc.core.vocabulary import XSD
from graphsc.graph.dataset import SHAPES, Dataset
from graphsc.relational import choose
from graphsc.validation import engine
from graphsc.validation.dispatch import judge
from graphsc.validation.shapes import compile_shapes

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix e: <http://e.example/> .\n"
SOURCE = ox.NamedNode("urn:graphsc:source:a.ttl")


def dataset(data: str, shapes: str) -> Dataset:
    result = Dataset()
    for text, graph in ((data, SOURCE), (shapes, SHAPES)):
        triples = [quad.triple for quad in ox.parse(PREFIXES + text, ox.RdfFormat.TURTLE)]
        result.assert_all([ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples])
    return result


def failing(values: str, constraint: str, executor: str = "oxigraph") -> list[str]:
    """Which values of a property break a constraint, as they were written; "" for a result without one."""
    data = dataset(f"e:a e:p {values} .", f"e:S sh:targetNode e:a ; sh:property [ sh:path e:p ; {constraint} ] .")
    choose(data, executor)
    data.open_backend(())
    before = set(data.store)
    shapes = compile_shapes(data).shapes
    assert [shape.declined for shape in shapes] == [None]
    results = engine.judge(data, shapes, engine.focus_counts(data, shapes))
    assert set(data.store) == before, "the store is as it was"
    return sorted("" if result.value is None else str(result.value).replace(f"^^<{XSD}", "^^<") for result in results)


@pytest.mark.parametrize(
    ("values", "constraint", "expected"),
    [
        ('"300"^^xsd:byte , "3"^^xsd:byte', "sh:datatype xsd:byte", ['"300"^^<byte>']),
        ('"3"^^xsd:byte', "sh:datatype xsd:integer", ['"3"^^<byte>']),
        ('"4.0"^^xsd:decimal', "sh:datatype xsd:decimal", []),
        ('"4.0"^^xsd:decimal', 'sh:pattern "^4$"', ['"4.0"^^<decimal>']),
        ('"4.0"^^xsd:decimal', "sh:maxLength 2", ['"4.0"^^<decimal>']),
        ('"4.0"^^xsd:decimal', "sh:maxInclusive 4 ; sh:minInclusive 4", []),
        ('"01"^^xsd:integer , "1"^^xsd:integer', "sh:maxCount 1", [""]),
        ('"01"^^xsd:integer', "sh:hasValue 1", [""]),
        ('"01"^^xsd:integer', 'sh:hasValue "01"^^xsd:integer', []),
        ('"01"^^xsd:integer , 1', "sh:in ( 1 )", ['"01"^^<integer>']),
        ('"01"^^xsd:integer', "sh:minLength 2", []),
        ('"1"^^xsd:boolean , true', 'sh:in ( true )', ['"1"^^<boolean>']),
        ('"a"@en-US , "b"@en , "c"@da , "d"', 'sh:languageIn ( "en" )', ['"c"@da', '"d"']),
        ('"a"@en-US , "b"@EN-us , "c"@en', "sh:uniqueLang true", [""]),
        ('"2026-02-31"^^xsd:date , "2026-02-28"^^xsd:date', "sh:datatype xsd:date", ['"2026-02-31"^^<date>']),
        ('"2026-02-31"^^xsd:date', 'sh:minInclusive "2026-01-01"^^xsd:date', ['"2026-02-31"^^<date>']),
        ('"x"^^xsd:integer', "sh:minInclusive 1", ['"x"^^<integer>']),
    ],
)  # fmt: skip
def test_a_value_is_judged_as_it_was_written(values: str, constraint: str, expected: list[str]) -> None:
    assert failing(values, constraint) == expected
    if find_spec("duckdb"):
        assert failing(values, constraint, "duckdb") == expected


def test_the_store_is_as_it_was_after_judging_was_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    data = dataset(
        'e:a e:p "01"^^xsd:integer .', "e:S sh:targetNode e:a ; sh:property [ sh:path e:p ; sh:minLength 2 ] ."
    )
    shapes, before = compile_shapes(data).shapes, set(data.store)
    focus = engine.focus_counts(data, shapes)
    monkeypatch.setattr(Dataset, "run", broken_off)
    with pytest.raises(KeyboardInterrupt):
        engine.judge(data, shapes, focus)
    assert set(data.store) == before


def test_values_of_two_properties_are_compared_by_what_they_mean() -> None:
    shapes = "e:S sh:targetNode e:a ; sh:property [ sh:path e:p ; sh:lessThan e:q ] ; sh:property [ sh:path e:p ; sh:equals e:r ] ."
    data = dataset('e:a e:p "01"^^xsd:integer ; e:q "1.50"^^xsd:decimal ; e:r 1 .', shapes)
    known = compile_shapes(data).shapes
    results = engine.judge(data, known, engine.focus_counts(data, known))
    assert sorted((result.constraint.component.rsplit("#")[-1], str(result.value)) for result in results) == [
        ("EqualsConstraintComponent", f'"01"^^<{XSD}integer>'),
        ("EqualsConstraintComponent", f'"1"^^<{XSD}integer>'),
    ]


def test_a_query_that_looks_at_how_values_are_written_goes_to_the_reference_engine() -> None:
    shapes = """
e:S sh:targetNode e:a ; sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e.example/p> ?x FILTER(STR(?x) = '01') }" ] ."""
    for value, engine_ in (('"01"^^xsd:integer', "pyshacl"), ("1", "compiled")):
        data = dataset(f"e:a e:p {value} .", shapes)
        known = compile_shapes(data)
        judged = judge(data, known, known.shapes, "compiled")
        assert (judged.engines["http://e.example/S"], len(judged.results)) == (engine_, int(engine_ == "pyshacl"))


def test_what_two_sources_say_in_two_ways_is_put_back_as_it_was() -> None:
    data = Dataset()
    node, other = ox.NamedNode("http://e.example/a"), ox.NamedNode("urn:graphsc:source:b.ttl")
    number = ox.NamedNode(XSD + "integer")
    one, zero_one, zero_zero_one = (ox.Literal(text, datatype=number) for text in ("1", "01", "001"))
    data.assert_all([ox.Quad(node, node, value, SOURCE) for value in (one, zero_one)])
    data.assert_all([ox.Quad(node, node, value, other) for value in (zero_one, zero_zero_one)])
    before = set(data.store)
    assert len(before) == 2
    assert {str(quad.object) for quad in data.as_written()} == {str(one), str(zero_one), str(zero_zero_one)}
    with data.written.boxed(data.store):
        assert sorted(str(unboxed(quad.object)) for quad in data.store if quad.graph_name == SOURCE) == [
            str(zero_one),
            str(one),
        ]
        assert len({quad for quad in data.store if quad.graph_name == other}) == 2
    assert set(data.store) == before


def test_what_was_removed_since_does_not_come_back() -> None:
    data = dataset('e:a e:p "01"^^xsd:integer .', "")
    for quad in list(data.store):
        data.store.remove(quad)
    with data.written.boxed(data.store):
        assert set(data.store) == set()
    assert set(data.store) == set()


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("byte", ["-128", "127", "+5", "0" * 5000 + "5"], ["128", "-129", "5.0", " 5", "", "9" * 5000]),
        ("unsignedByte", ["0", "255"], ["-1", "256"]),
        ("positiveInteger", ["1"], ["0"]),
        ("decimal", ["1", "1.", ".5", "-0.50"], ["1e0", ".", "1,5"]),
        ("double", ["1e3", "INF", "-INF", "NaN", "1"], ["inf", "e3", "1e"]),
        ("boolean", ["true", "0"], ["True", "yes"]),
        ("date", ["2024-02-29", "2026-01-01Z", "2026-01-01+14:00", "-0001-01-01"], ["2023-02-29", "2026-13-01", "26-01-01", "2026-01-01+14:01", f"{'9' * 5000}-02-29"]),
        ("dateTime", ["2026-01-01T24:00:00", "2026-01-01T23:59:59.5Z"], ["2026-01-01", "2026-01-01T25:00:00", "2026-02-30T00:00:00"]),
        ("time", ["00:00:00"], ["24:00:01"]),
        ("gMonthDay", ["--02-29"], ["--02-30"]),
        ("duration", ["P1Y", "-P1DT2H", "PT0.5S"], ["P", "P1S", "PT"]),
    ],
)  # fmt: skip
def test_which_texts_belong_to_a_datatype(kind: str, good: list[str], bad: list[str]) -> None:
    datatype = ox.NamedNode(XSD + kind)
    assert [text for text in good if not well_formed(ox.Literal(text, datatype=datatype))] == []
    assert [text for text in bad if well_formed(ox.Literal(text, datatype=datatype))] == []


def test_a_line_break_after_a_number_does_not_belong_to_it() -> None:
    assert not well_formed(ox.Literal("5\n", datatype=ox.NamedNode(XSD + "integer")))
    assert not is_kept(ox.Literal("5\n", datatype=ox.NamedNode(XSD + "integer")))


@given(st.dates())
def test_a_day_that_python_knows_is_a_date(day: date) -> None:
    assert well_formed(ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date")))


_KINDS = ("integer", "decimal", "boolean", "double", "byte", "date", "string", "dateTime", "token")


@given(st.sampled_from(_KINDS), st.text(alphabet="0123456789+-.eETZ: truefalsINFNaN", max_size=20))
def test_what_is_said_to_be_kept_is_kept_and_a_boxed_literal_opens_again(kind: str, text: str) -> None:
    literal = ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
    node = ox.NamedNode("http://e.example/a")
    store = ox.Store()
    store.add(ox.Quad(node, node, literal))
    if is_kept(literal):
        assert next(iter(store)).object == literal
    store.add(ox.Quad(node, node, box(literal), node))
    (boxed,) = store.quads_for_pattern(None, None, None, node)
    assert unboxed(boxed.object) == literal
