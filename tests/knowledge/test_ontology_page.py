"""The ontology as a publication: versioned, each term settled or said not to be, with examples that hold."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import ontology_page
import pyoxigraph as ox
import pytest
import statuses
import terms
from mended import mended
from repository import REPOSITORY

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import OWL, RDF_TYPE, RDFS_SUBCLASS_OF, G
from graphsc.service import open_paths
from graphsc.sources import read

EXAMPLES = sorted(ontology_page.EXAMPLES.glob("*.yaml"))
STATUSES = {"stable", "testing", "archaic"}


@cache
def ontology() -> terms.Version:
    return terms.read(ontology_page.FOLDER)


@cache
def page() -> str:
    return (REPOSITORY / "docs" / "ontology.md").read_text(encoding="utf-8")


def turtle(*names: str) -> list[ox.Triple]:
    return [
        quad.triple
        for name in names
        for quad in ox.parse((REPOSITORY / "ontology" / name).read_bytes(), ox.RdfFormat.TURTLE)
    ]


# ---------------------------------------------------------------------- the header


def test_the_header_names_this_version_and_the_one_before() -> None:
    header = {t.predicate.value: t.object for t in turtle("graphsc.ttl") if str(t.subject) == f"<{G.rstrip('#')}>"}
    version, prior = (header[OWL + name] for name in ("versionInfo", "priorVersion"))
    assert isinstance(version, ox.Literal)
    assert isinstance(prior, ox.NamedNode)
    assert header[OWL + "versionIRI"] == ox.NamedNode(f"{G.rstrip('#')}/{version.value}")
    kept = sorted((REPOSITORY / "docs" / "versions").glob("*.ttl"))
    assert prior == ox.NamedNode(f"{G.rstrip('#')}/{kept[-1].stem}")
    assert [terms.read(file).name for file in kept] == [file.stem for file in kept]
    assert version.value not in {file.stem for file in kept}, "a version that was published is not changed any more"


# ---------------------------------------------------------------------- status


def test_every_term_has_one_status_and_the_file_speaks_of_no_other() -> None:
    text = statuses.FILE.read_text(encoding="utf-8")
    assert statuses.current(text, statuses.terms()) == text, "run: make docs"
    status_of: dict[str, list[str]] = {}
    for triple in turtle("publication/status.ttl"):
        assert triple.predicate.value == ontology_page.TERM_STATUS
        assert isinstance(triple.subject, ox.NamedNode)
        assert isinstance(triple.object, ox.Literal)
        status_of.setdefault(terms.short(triple.subject.value), []).append(triple.object.value)
    assert all(len(values) == 1 for values in status_of.values())
    assert {value for values in status_of.values() for value in values} <= STATUSES
    archaic = {term for term, values in status_of.items() if values == ["archaic"]}
    deprecated = {iri for iri, facts in ontology().terms.items() if "true" in facts.get(OWL + "deprecated", ())}
    assert archaic == {terms.short(iri) for iri in deprecated if iri.startswith(G)}


def test_a_new_term_begins_as_testing_and_an_old_status_stays() -> None:
    text = '# why\n\ng:b vs:term_status "stable" .\ng:gone vs:term_status "testing" .\n'
    assert statuses.current(text, {"g:b", "g:a"}) == (
        '# why\n\ng:a vs:term_status "testing" .\ng:b vs:term_status "stable" .\n'
    )


# ---------------------------------------------------------------------- examples


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_read_without_a_word_and_shows_its_class(file: Path) -> None:
    assert G + file.stem in ontology().terms
    sources = read([file])
    assert sources.problems == []
    types = {
        quad.object.value
        for source in sources.sources
        for quad in source.asserted()
        if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode)
    }
    assert G + file.stem in types
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 20


def test_every_class_that_is_no_conclusion_has_an_instance_to_look_at() -> None:
    """In the examples, in the knowledge itself, or at least in the cases; or else a class under it has one."""
    classes = {iri: facts for iri, facts in ontology().terms.items() if OWL + "Class" in facts.get(RDF_TYPE, ())}
    sources = read([REPOSITORY / "docs" / "examples", mended(), REPOSITORY / "tests" / "cases"])
    shown = {
        quad.object.value
        for source in sources.sources
        for quad in source.asserted()
        if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode)
    }
    opened = open_paths([], Settings())
    for row in opened.dataset.select("SELECT DISTINCT ?class WHERE { ?thing a ?class }"):
        shown.add(getattr(row["class"], "value", ""))
    shown |= {above for iri in shown & classes.keys() for above in classes[iri].get(RDFS_SUBCLASS_OF, ())}
    shown.add(G + "Question")  # the questions are described when they are asked for
    lacking = {iri for iri, facts in classes.items() if "true" not in facts.get(G + "derived", ())} - shown
    assert lacking == set()


# ---------------------------------------------------------------------- the page


def test_the_page_has_every_term_once_with_both_languages_and_a_status() -> None:
    sections = re.split(r"^### ", page(), flags=re.MULTILINE)[1:]
    named = {section.partition("</a>")[2].partition("\n")[0]: section for section in sections if '"g-' in section}
    own = {iri.removeprefix(G) for iri in ontology().terms if iri.startswith(G)}
    assert named.keys() == own
    assert len([section for section in sections if '"g-' in section]) == len(own)
    for name, section in named.items():
        assert "(en): " in section, name
        assert "(da): " in section, name
        assert re.search(r" · (stable|testing|archaic)( · derived)?$", section, re.MULTILINE), name


def test_every_link_of_the_page_leads_somewhere() -> None:
    anchors = set(re.findall(r'<a id="([^"]+)">', page()))
    assert len(anchors) == page().count("<a id=")
    assert set(re.findall(r"\]\(#([^)]+)\)", page())) <= anchors
    for other in ("rules.md", "queries.md"):
        text = (REPOSITORY / "docs" / other).read_text(encoding="utf-8")
        heads = {head.lower() for head in re.findall(r"^## (\S+)$", text, re.MULTILINE)}
        linked = set(re.findall(rf"\]\({re.escape(other)}#([^)]+)\)", page()))
        assert len(linked) > 20
        assert linked <= heads


def test_what_is_said_of_a_term_is_what_the_knowledge_says() -> None:
    section = page().partition('<a id="g-approvedBy"></a>')[2].partition("\n### ")[0]
    assert "`g:approvedBy` · object property · testing · derived" in section
    assert "- Of: [ChainLink](#g-ChainLink)" in section
    assert "- The guide: B2-04" in section
    assert "A notice without objection" in section or "Under a general authorisation" in section
    assert "[SUB001](rules.md#sub001)" in section
    assert "[unapproved-subcontractors](queries.md#unapproved-subcontractors)" in section
    section = page().partition('<a id="g-Organisation"></a>')[2].partition("\n### ")[0]
    assert "<http://www.w3.org/ns/org#Organization>" in section
    assert "`organisationer`" in section
    assert "```yaml\nbase: " in section


# ---------------------------------------------------------------------- changes

OLD = """
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix s: <https://w3id.org/graphsc/scheme/> .
@prefix c: <https://w3id.org/graphsc/clause/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://w3id.org/graphsc/ns> a owl:Ontology ; owl:versionInfo "1" .
g:A a owl:Class ; rdfs:label "a"@da , "a"@en ; skos:definition "old"@en .
g:B a owl:Class ; rdfs:label "b"@en .
g:p a owl:ObjectProperty ; rdfs:domain g:A ; g:key "p"@da , "pp"@en .
g:q a owl:ObjectProperty ; rdfs:label "q"@en .
g:r a owl:ObjectProperty ; rdfs:range g:A .
g:s a owl:ObjectProperty .
c:x a skos:Concept ; skos:inScheme s:clause ; skos:prefLabel "x"@en .
"""
NEW = (
    OLD.replace('"1"', '"2"')
    .replace('"old"', '"n|w"')
    .replace('g:B a owl:Class ; rdfs:label "b"@en .\n', 'g:C a owl:Class ; rdfs:label "c"@en .\n')
    .replace("rdfs:domain g:A", "rdfs:domain g:C")
    .replace('"p"@da , "pp"@en', '"p"@da , "ny"@da')
    .replace("g:r a owl:ObjectProperty ; rdfs:range g:A", "g:r a owl:ObjectProperty")
    .replace("g:s a owl:ObjectProperty", "g:s a owl:ObjectProperty ; rdfs:range g:A")
    .replace('rdfs:label "q"@en', 'rdfs:label "q"@en ; owl:deprecated true ; dcterms:isReplacedBy g:p')
    + 'c:y a skos:Concept ; skos:inScheme s:clause . c:x skos:altLabel "eks"@da .\n'
)


def test_the_difference_of_two_small_versions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.ttl").write_text(OLD, encoding="utf-8")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "terms.ttl").write_text(NEW, encoding="utf-8")
    assert terms.main([str(tmp_path / "old.ttl"), str(tmp_path / "new")]) == 0
    assert (
        capsys.readouterr().out
        == """\
## 1 → 2

### Removed

- class `g:B`: b (en)

### Deprecated

- property `g:q`: q (en); use `g:p`

### Changed, and data may need a change too

- `g:p`, domain: g:A → g:C
- `g:p`, key in YAML: pp (en) → ny (da)
- `g:s`, range: now also g:A

### Added

- class `g:C`: c (en)
- concepts of `scheme:clause`: `clause:y`

### Changed

- `clause:x`, other label: now also eks (da)
- `g:A`, definition: old (en) → n\\|w (en)
- `g:r`, range: no longer g:A
"""
    )
    assert terms.main([str(tmp_path / "new"), str(tmp_path / "new" / "terms.ttl")]) == 0
    assert capsys.readouterr().out == "## 2 → 2\n\nNothing changed.\n"


@pytest.mark.parametrize(
    ("words", "said"), [(["a"], "usage: "), (["a", "b"], "terms.py: "), (["bad.ttl", "bad.ttl"], "terms.py: bad.ttl: ")]
)
def test_what_cannot_be_compared_is_said_once(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.ttl").write_text("g:a a", encoding="utf-8")
    assert terms.main(words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(said)
    assert len(printed.err.splitlines()) == 1
