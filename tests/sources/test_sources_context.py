from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from reading import faults, read_files, triples
from repository import REPOSITORY

from graphsc.core import vocabulary as v
from graphsc.core.resources import knowledge
from graphsc.sources.generated import FILES, context, schema, write
from graphsc.sources.terms import load, normal

BASE = "https://example.org/id/"
DOCUMENT = """\
organisationer:
- {id: org/n, type: Organisation, navn: {da: Nord, en: North}, art: statslig myndighed, land: NO, cvr: '10150817'}
- {id: org/f, type: Organisation, name: Fjord, koncern: {id: kon/x, type: OwnerGroup, navn: X}, størrelse: lille}
- {id: s/1, type: ITSystem, ejer: org/n, personoplysninger: 'true', kritikalitet: forretningskritisk}
- id: k/1
  type: Agreement
  kunde: org/n
  leverandør: [org/f]
  underskrevet: '2024-03-01'
  systemer: s/1
  registre: [krav, tilsyn]
  krav:
  - {id: r/1, type: SecurityRequirement, emne: beredskab, tekst: Backup hver dag., frekvens: P1D, vægt: '2.5'}
  underleverandører:
  - {id: k/2, type: underleverance, leverandør: org/f, start: '2024-06-01', godkendelse: {id: g/1, type: Approval, dato: '2024-05-12'}}
- {id: w/1, type: Waiver, regel: SUB001, genstand: k/2}
- {id: f/1, type: Answer, udsagn: R-2.3, vedrører: k/1}
"""


def test_the_generated_files_are_those_that_are_shipped(tmp_path: Path) -> None:
    write(tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_text(encoding="utf-8") == knowledge("ontology/" + name).read_text(
            encoding="utf-8"
        ), "the ontology has changed: run python -m graphsc.sources.generated"


def _as_jsonld() -> str:
    document = yaml.load(DOCUMENT, Loader=yaml.BaseLoader)
    (items,) = document.values()
    return json.dumps({"@context": [context()["@context"], {"@base": BASE}], "@graph": items})


def test_yaml_means_what_the_context_says_to_rdflib(tmp_path: Path) -> None:
    import rdflib

    def plain(term: object) -> tuple[str, str, str]:
        if isinstance(term, rdflib.Literal):
            datatype = "" if term.datatype is None or str(term.datatype) == v.XSD_STRING else str(term.datatype)
            return str(term), datatype, term.language or ""
        return str(term), "iri", ""

    graph = rdflib.Graph()
    graph.parse(data=_as_jsonld(), format="json-ld")
    theirs = {(plain(s), plain(p), plain(o)) for s, p, o in graph}
    sources = read_files(tmp_path, {"a.yaml": DOCUMENT.replace("organisationer:\n", "", 1)}, base=BASE)
    assert faults(sources) == []
    ours = rdflib.Graph()
    for quad in sources.sources[0].quads:
        ours.parse(data=f"{quad.subject} {quad.predicate} {quad.object} .", format="nt")
    assert {(plain(s), plain(p), plain(o)) for s, p, o in ours} == theirs
    assert len(theirs) == 42


def test_yaml_means_what_the_context_says_to_our_own_reader(tmp_path: Path) -> None:
    ours = read_files(tmp_path / "yaml", {"a.yaml": DOCUMENT.replace("organisationer:\n", "", 1)}, base=BASE)
    theirs = read_files(tmp_path / "json", {"a.jsonld": _as_jsonld()})
    assert faults(theirs) == []
    assert triples(ours) == triples(theirs)


def test_no_key_is_ambiguous_within_a_class() -> None:
    terms = load()
    for word in terms.keys:
        for cls in terms.classes:
            fits = [p for p in terms.properties_for(word, cls) if not p.derived]
            tight = [p for p in fits if p.domain is not None and terms.is_a(cls, p.domain)]
            loose = [p for p in fits if p.domain is None]
            assert len(tight) <= 1, (word, cls, [p.iri for p in tight])
            assert len(loose) <= 1, (word, cls, [p.iri for p in loose])


def test_every_concept_word_is_of_one_concept_per_list() -> None:
    terms = load()
    for concept in terms.concepts.values():
        for scheme in concept.schemes:
            for word in concept.words:
                assert terms.concept_words[scheme, normal(word)] == [concept.iri]


def test_every_shorthand_scheme_and_inverse_exists() -> None:
    terms = load()
    schemes = {s for c in terms.concepts.values() for s in c.schemes} | {v.PERIOD_SCHEME}
    for cls in terms.classes.values():
        assert cls.shorthand is None or cls.shorthand in terms.properties
        assert all(parent in terms.classes for parent in cls.parents if parent.startswith(v.G))
    for prop in terms.properties.values():
        assert set(prop.schemes) <= schemes
        assert prop.inverse_of is None or prop.inverse_of in terms.properties


VALIDATOR = jsonschema.Draft202012Validator(schema())


@pytest.mark.exhaustive
def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def errors(text: str) -> list[str]:
    """Where a YAML text breaks the schema, as an editor would show it."""
    paths: list[str] = []
    open_ = list(VALIDATOR.iter_errors(yaml.load(text, Loader=yaml.BaseLoader)))
    while open_:
        error = open_.pop()
        open_.extend(error.context or [])
        paths.append("/".join(str(part) for part in error.absolute_path))
    return sorted(set(paths))


@pytest.mark.parametrize(
    "text",
    [
        "organisationer: [org/a, {id: org/b, land: NO, cvr: 01234567}]\n",
        "contracts: {k/1: {customer: org/a, period: 2024-01-01/}}\n",
        "kontrakter:\n- {id: k/1, udbud_offentliggjort: 2024-01-01, godkendelse: 2024-01-01, klausuler: [kontrolret, {klausulemne: fortrolighed}]}\n",
        "systemer: [{id: s/1, personoplysninger: ja, understøtter: {id: p/1, type: forretningsproces}}]\n",
        "begreber: [{id: x/y, liste: topic, navn: {da: X}}]\nbase: 'urn:x:'\n",
    ],
)
def test_what_the_reader_takes_the_schema_takes(tmp_path: Path, text: str) -> None:
    assert errors(text) == []
    assert {code for code, _ in faults(read_files(tmp_path, {"a.yaml": text}))} <= {
        "dangling-reference",
        "bad-identifier",
    }


@pytest.mark.parametrize(
    "text",
    [
        "kontrakte: []\n",
        "kontrakter: [{id: k/1, kundee: x}]\n",
        "kontrakter: [{id: k/1, start: 31-12-2024}]\n",
        "kontrakter: [{id: k/1, type: ramaftale}]\n",
        "systemer: [{id: s/1, kritikalitet: kæmpe}]\n",
        "organisationer: [{id: o/1, underskrevet: 2024-01-01}]\n",
        "kontrakter: [{kunde: x}]\n",
        "organisationer: [{id: o/1, personoplysninger: ja}]\n",
        "organisationer: [{id: o/1, art: risikovurdering}]\n",
        "organisationer: [{id: o/1, registre: [underleverandører]}]\n",
        "aktiviteter: [{id: a/1, art: kommune}]\n",
    ],
)
def test_what_the_reader_reports_the_schema_refuses(tmp_path: Path, text: str) -> None:
    assert errors(text) != []
    assert faults(read_files(tmp_path, {"a.yaml": text})) != []


def test_the_demonstration_keeps_to_the_schema() -> None:
    files = sorted((REPOSITORY / "data").rglob("*.yaml"))
    if not files:
        pytest.skip("there is no demonstration in this checkout")
    for file in files:
        assert errors(file.read_text(encoding="utf-8")) == [], file.name
