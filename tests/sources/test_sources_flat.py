"""N-Triples and N-Quads: what they say, alone and together, and where what is wrong stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import faults, read_files

from graphsc.core.settings import Settings
from graphsc.graph import loading
from graphsc.sources import Sources, read

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
ANY = st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(PREDICATES), st.sampled_from(OBJECTS))
FILE = st.lists(ANY, min_size=1, max_size=8)


def _read(files: list[str], suffix: str) -> Sources:
    with TemporaryDirectory() as folder:
        for number, text in enumerate(files):
            Path(folder, f"{number}{suffix}").write_text(text)
        return read([Path(folder)])


def _says(sources: Sources, suffix: str) -> tuple[object, ...]:
    before = [{str(quad.triple) for quad in source.asserted()} for source in sources.sources]
    dataset = loading.load(sources, Settings(as_of=date(2026, 11, 25)))
    sources.read_from(dataset.store, dataset.asserted_in)
    assert [{str(quad.triple) for quad in source.asserted()} for source in sources.sources] == before
    places = [str(sources.locate(iri[1:-1])).replace(suffix, "")[-4:] for iri in (A, B)]
    return (
        [(p.code, p.location.line) for p in sources.problems],
        before,
        places,
        sources.same_legal_unit,
        sources.concepts,
    )


@settings(max_examples=60)
@given(files=st.lists(FILE, min_size=1, max_size=3))
@pytest.mark.exhaustive
def test_quads_say_what_triples_say(files: list[list[tuple[str, str, str]]]) -> None:
    texts = ["".join(f"{' '.join(statement)} .\n" for statement in file) for file in files]
    expected = _says(_read(texts, ".nt"), ".nt")
    assert _says(_read(texts, ".nq"), ".nq") == expected
    assert _says(_read([text.replace(" .\n", " <urn:g> .\n") for text in texts], ".nq"), ".nq") == expected


def test_a_text_without_the_language_that_its_datatype_demands_has_a_line() -> None:
    files = [
        f"{A} {TYPE} <{G}Organisation> .\n",
        f'{B} {TYPE} <{G}Organisation> .\n{B} <urn:n> "x"^^{TYPE[:-5]}langString> .\n',
    ]
    sources = _read(files, ".nt")
    assert [(p.code, Path(p.location.file).name, p.location.line) for p in sources.problems] == [("syntax", "1.nt", 2)]


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
    assert read_files(tmp_path, files).problems == []


def test_a_fault_that_plain_files_share_is_reported_in_each(tmp_path: Path) -> None:
    text = f'{A} {TYPE} <{G}Activity> .\n{A} <{G}date> "2026-02-31"^^<{XSD}date> .\n'
    shown = faults(read_files(tmp_path, {"a.nt": text, "b.nt": text, "c.nt": text.partition("\n")[0] + "\n"}))
    assert [place for _, place in shown] == ["a.nt:2:22", "b.nt:2:22"]
    text = f'{A} {TYPE} <{G}Activity> .\n{A} <urn:p> "x"^^<y> .\n'
    shown = faults(read_files(tmp_path, {"a.nt": text, "b.nt": text, "c.nt": text.partition("\n")[0] + "\n"}))
    assert [place.partition(":")[0] for _, place in shown] == ["a.nt", "b.nt"]
