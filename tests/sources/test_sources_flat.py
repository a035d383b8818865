"""Plain N-Triples and N-Quads stay text; read statement by statement, they say the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pyoxigraph as ox
import pytest
from graphsc.sources.rdf.ntriples import _SIMPLE_NODE, _SIMPLE_PAIR, PlainReader, statements_of, without_graphs
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import faults, read_files, triples

from graphsc import relational
from graphsc.core.settings import Settings
from graphsc.graph import loading
from graphsc.service.own_knowledge import faults as faults_of_obligations
from graphsc.sources import Sources, read
from graphsc.sources.own_knowledge import Additions

G = "https://w3id.org/graphsc/ns#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
A, B = "<http://e.example/a>", "<http://e.example/b>"

SUBJECTS = [A, B, "<http://e.example/\\u0061>", "_:n", "<relative>"]
PREDICATES = [f"<{G}{name}>" for name in ("cvr", "supplier", "date", "spend", "unitOf", "keeper", "kind", "nonsense")] + [
    TYPE, "<http://www.w3.org/2004/02/skos/core#inScheme>", "<http://e.example/p>", "<http://www.w3.org/2000/01/rdf-schema#label>",
]  # fmt: skip
OBJECTS = [
    A, B, "<https://w3id.org/graphsc/scheme/kind>", "<https://w3id.org/graphsc/activity/risk-assessment>", f"<{G}Organisation>", f"<{G}Agreement>", "<http://www.w3.org/2004/02/skos/core#Concept>", '"10150817"', '"DK-10 15 08 17"',
    '"a \\"b\\" \\n c"', '"å"@da', '"2026-02-31"', "_:n",
    *(f'"{text}"^^<{XSD}{kind}>' for text, kind in (("2026-02-28", "date"), ("2026-02-31", "date"), ("4.0", "decimal"), ("4", "decimal"), ("01", "integer"))),
]  # fmt: skip
PLAIN = st.tuples(st.sampled_from(SUBJECTS[:2]), st.sampled_from(PREDICATES), st.sampled_from(OBJECTS[:-1]))
ANY = st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(PREDICATES), st.sampled_from(OBJECTS))
FILE = st.lists(PLAIN, min_size=1, max_size=8) | st.lists(ANY, min_size=1, max_size=6)


def _read(files: list[str], suffix: str) -> Sources:
    with TemporaryDirectory() as folder:
        for number, text in enumerate(files):
            Path(folder, f"{number}{suffix}").write_text(text)
        return read([Path(folder)])


def _says(sources: Sources, suffix: str) -> tuple[object, ...]:
    problems = [
        (
            problem.code,
            problem.message,
            problem.location.file.removesuffix(suffix)[-1],
            problem.location.line,
            problem.location.column,
        )
        for problem in sources.problems
    ]
    read_before = [{str(quad.triple) for quad in source.asserted()} for source in sources.sources]
    sizes = [len({str(quad.triple) for quad in source.asserted()}) <= source.size() for source in sources.sources]
    dataset = loading.load(sources, Settings(as_of=date(2026, 11, 25)))
    sources.read_from(dataset.partial, dataset.asserted_in)
    after = [{str(quad.triple) for quad in source.asserted()} for source in sources.sources]
    in_store = {str(quad.triple) for quad in dataset.store}
    places = [str(sources.locate(iri[1:-1])).replace(suffix, "")[-4:] for iri in (A, B)]
    return problems, read_before, sizes, after, in_store, places, sources.same_legal_unit, sources.concepts


@settings(max_examples=60)
@given(files=st.lists(FILE, min_size=1, max_size=3))
@pytest.mark.exhaustive
def test_read_as_a_whole_and_read_one_by_one_is_the_same(files: list[list[tuple[str, str, str]]]) -> None:
    texts = ["".join(f"{' '.join(statement)} .\n" for statement in file) for file in files]
    with patch.object(PlainReader, "read", return_value=None):
        expected = _says(_read(texts, ".nt"), ".nt")
    assert _says(_read(texts, ".nt"), ".nt") == expected
    assert _says(_read(texts, ".nq"), ".nq") == expected
    quads = [text.replace(" .\n", " <urn:g> .\n") for text in texts]
    assert _says(_read(quads, ".nq"), ".nq") == expected
    with patch("graphsc.graph.dataset._MANY", 0):
        assert _says(_read(texts, ".nt"), ".nt") == expected


@pytest.mark.exhaustive
@given(pair=st.from_regex(_SIMPLE_PAIR, fullmatch=True), node=st.from_regex(_SIMPLE_NODE, fullmatch=True))
@settings(max_examples=400)
def test_what_is_taken_as_it_is_the_reader_of_n_triples_takes(pair: str, node: str) -> None:
    (quad,) = statements_of([pair])
    assert f"{quad.predicate} {quad.object} ." == pair
    assert str(ox.NamedNode(node[1:-1])) == node


def test_a_text_without_the_language_that_its_datatype_demands_has_a_line() -> None:
    files = [
        f"{A} {TYPE} <{G}Organisation> .\n",
        f'{B} {TYPE} <{G}Organisation> .\n{B} <urn:n> "x"^^{TYPE[:-5]}langString> .\n',
    ]
    sources = _read(files, ".nt")
    assert [(p.code, Path(p.location.file).name, p.location.line) for p in sources.problems] == [("syntax", "1.nt", 2)]


@pytest.mark.parametrize("executor", ["oxigraph", "duckdb"])
def test_the_store_gets_what_plain_files_state_when_it_is_asked_for(executor: str) -> None:
    day = Settings(as_of=date(2026, 11, 25), executor=executor)
    later = f'{B} {TYPE} <{G}Activity> .\n{B} <{G}concerns> {A} .\n{B} <{G}date> "2027-01-01"^^<{XSD}date> .\n'
    organisation = f'{A} {TYPE} <{G}Organisation> .\n{A} <{G}cvr> "10150817" .\n{A} <urn:same> "{B[1:-1]}" .\n'
    texts = [f'{organisation}{A} <urn:n> "01"^^<{XSD}integer> .\n', later]
    with patch("graphsc.graph.dataset._MANY", 0):
        dataset = loading.load(_read(texts, ".nt"), day, (), relational.rows)
    assert faults_of_obligations(Additions(), dataset, day) == []
    about = [(None, ox.NamedNode(f"{G}cvr")), (ox.NamedNode("http://e.example/b"), None)]
    assert [len([*dataset.partial.quads_for_pattern(*some, None)]) for some in about] == [0, 0]
    assert dataset.select(f"SELECT ?x WHERE {{ ?x <{G}cvr> ?number ; <urn:n> 1 }}") == [{"x": ox.NamedNode(A[1:-1])}]
    assert [len([*dataset.partial.quads_for_pattern(*some, None)]) for some in about] == [1, 0]
    graphs = {quad.graph_name.value for quad in dataset.store if quad.predicate.value == f"{G}concerns"}
    assert graphs == set()
    assert [quad.object.value for quad in dataset.store if quad.predicate.value == "urn:same"] == [B[1:-1]]
    assert {quad.predicate.value for quad in dataset.later} == {TYPE[1:-1], f"{G}concerns", f"{G}date"}


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", f"{A} {TYPE} {B} .", f"{A} {TYPE} {B}.\n", f"{A}  {TYPE} {B} .\n", f"{A}\t{TYPE} {B} .\n", f"{A} {TYPE} {B} .\r\n",
        f"# a\n{A} {TYPE} {B} .\n", f"{A} {TYPE} {B} .\n\n", f"{A} {TYPE} {B} . # b\n", f" {A} {TYPE} {B} .\n", f"_:a {TYPE} {B} .\n",
        f"{A} {TYPE} _:b .\n", f"{A} <{G}unused> {B} .\n", f"{A} <relative> {B} .\n", f'{A} {TYPE} "a .\n', f'{A} {TYPE} "a"^^<x> .\n',
        f"{A} {TYPE} {B} . {A} {TYPE} {B} .\n", f"<< {A} {TYPE} {B} >> {TYPE} {B} .\n", f"{A} <{G}\\u0061> {B} .\n", f"{A} {TYPE} <a b> .\n", f"{A} <urn:p> {A},.\n", f"{A} <urn:p> {A}. \n",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_other_reader(text: str) -> None:
    assert PlainReader({G + "unused"}, ()).read(text, "urn:x") is None


@pytest.mark.parametrize(
    ("quads", "triples"),
    [
        (f"{A} {TYPE} {B} <urn:g> .\n{A} {TYPE} {A} .\n", f"{A} {TYPE} {B} .\n{A} {TYPE} {A} .\n"),
        (f'{A} {TYPE} "<urn:g> ."@da <urn:g> .\n', f'{A} {TYPE} "<urn:g> ."@da .\n'),
        (f"{A} {TYPE} {B} <urn:%zz> .\n", f"{A} {TYPE} {B} <urn:%zz> .\n"),
        (f"{A} {TYPE} {B} _:g .\n", f"{A} {TYPE} {B} _:g .\n"),
    ],
)
def test_the_graphs_of_n_quads_are_left_out_where_they_have_iris(quads: str, triples: str) -> None:
    assert without_graphs(quads) == triples


def test_no_object_is_made_of_a_plain_file_before_it_is_asked_for() -> None:
    sources = _read([f"{A} {TYPE} <{G}Organisation> .\n"], ".nt")
    assert sources.problems == []
    assert sources.sources[0].plain is not None
    assert sources.sources[0].quads == []
    assert triples(sources) == {("http://e.example/a", "rdf:type", "g:Organisation")}


def test_sources_can_be_loaded_twice() -> None:
    sources = _read(
        [f'{A} {TYPE} <{G}Organisation> .\n{A} <{G}founded> "x" .\n', f"{B} {TYPE} <{G}Organisation> .\n"], ".nt"
    )
    said = [set(loading.load(sources, Settings(as_of=day)).store) for day in [date(2026, 11, 25)] * 2]
    assert said[0] == said[1]


def test_a_plain_file_has_no_say_in_what_the_shapes_are() -> None:
    day = Settings(as_of=date(2026, 11, 25))
    known = loading.load_knowledge(day)
    rows = known.select(f"SELECT ?duty WHERE {{ ?duty a <{G}Obligation> }} ORDER BY ?duty LIMIT 1")
    line = f"{rows[0]['duty']} <http://www.w3.org/ns/shacl#severity> <http://www.w3.org/ns/shacl#Info> .\n"
    loading._edition.cache_clear()
    assert loading.load(_read([line], ".nt"), day).shapes() == known.shapes()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (f'<urn:x:o> <{G}signed> "2024-01-01"^^<{XSD}date> .\n', "misplaced-key"),
        (f"<urn:x:o> <{G}kind> <https://w3id.org/graphsc/activity/risk-assessment> .\n", "misplaced-value"),
        (f'<urn:x:n> <{G}cvr> "10150817" .\n', "missing-type"),
    ],
)
def test_a_plain_file_is_held_to_what_a_class_may_say(tmp_path: Path, statement: str, code: str) -> None:
    text = f"<urn:x:o> {TYPE} <{G}Organisation> .\n" + statement
    assert faults(read_files(tmp_path, {"a.nt": text})) == [(code, "a.nt:2:11")]


def test_a_class_or_a_scheme_may_be_stated_in_another_plain_file(tmp_path: Path) -> None:
    concept = f"{B} {TYPE} <{SKOS}Concept> .\n{B} <{SKOS}inScheme> <https://w3id.org/graphsc/scheme/kind> .\n"
    activity = f'{A} {TYPE} <{G}Activity> .\n{A} <{G}date> "2024-01-01"^^<{XSD}date> .\n'
    other = f"<urn:x:y> {TYPE} <{G}Activity> .\n<urn:x:y> <{G}performer> {A} .\n"
    files = {"a.nt": concept, "b.nt": activity + other, "c.nt": f"{A} <{G}kind> {B} .\n"}
    assert faults(read_files(tmp_path, files)) == [("wrong-type", "b.nt:4:11"), ("misplaced-value", "c.nt:1:22")]
    files["c.nt"] = f"{A} {TYPE} <{G}Organisation> .\n" + files["c.nt"]
    sources = read_files(tmp_path, files)
    assert sources.problems == []
    assert all(source.plain is not None for source in sources.sources)


def test_a_fault_that_plain_files_share_is_reported_in_each(tmp_path: Path) -> None:
    text = f'{A} {TYPE} <{G}Activity> .\n{A} <{G}date> "2026-02-31"^^<{XSD}date> .\n'
    shown = faults(read_files(tmp_path, {"a.nt": text, "b.nt": text, "c.nt": text.partition("\n")[0] + "\n"}))
    assert [place for _, place in shown] == ["a.nt:2:22", "b.nt:2:22"]
    text = f'{A} {TYPE} <{G}Activity> .\n{A} <urn:p> "x"^^<y> .\n'
    shown = faults(read_files(tmp_path, {"a.nt": text, "b.nt": text, "c.nt": text.partition("\n")[0] + "\n"}))
    assert [place.partition(":")[0] for _, place in shown] == ["a.nt", "b.nt"]
