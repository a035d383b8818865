"""What a question is told beside its answer: made-up terms, prefixes that are not declared, registers that are not kept."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from repository import REPOSITORY

from graphsc.core.settings import Settings
from graphsc.graph.loading import merge
from graphsc.graph.questions import QuestionError, shipped
from graphsc.service import Opened, open_paths
from graphsc.service.query.notes import names, need_prefixes, notes, unknown
from graphsc.sources.terms import load
from graphsc.sparql import header

G = "PREFIX g: <https://w3id.org/graphsc/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
PIPE = "\\|"
MORE = (
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    "PREFIX activity: <https://w3id.org/graphsc/activity/> PREFIX role: <https://w3id.org/graphsc/role/> "
)
DATA = "organisationer: [{id: o/1, registre: [kortlægning]}]\n"


CHAIN = """
organisationer: [{id: o/1, navn: Kystvæsenet}, {id: o/2, navn: Ror}, {id: o/3, navn: Anker}]
personer: [{id: p/1}]
roller: [{person: p/1, rolle: kontraktansvarlig, hos: o/1, gælder: k/1, fra: 2025-01-01}]
kontrakter:
  - {id: k/1, navn: {da: Driften, en: Operations}, kunde: o/1, leverandør: o/2, start: 2025-01-01, årlig udgift: 5, registre: [krav, tilsyn],
     aktiviteter: [{slags: risikovurdering, dato: 2025-03-01, godkendelse: {dato: 2025-03-08, af: p/1}}],
     underleverandører: [{id: u/1, leverandør: o/3, start: 2025-02-01, godkendelse: {dato: 2025-01-15, af: p/1}}]}
"""


def notes_on(folder: Path, query: str, data: str = DATA) -> list[str]:
    (folder / "a.yaml").write_text(data, encoding="utf-8")
    opened = open_paths([folder / "a.yaml"], Settings(as_of=date(2025, 6, 1)))
    opened.dataset = merge(opened.dataset)
    return [note.en for note in notes(opened, query)]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("?a g:suplier ?b", ["g:suplier is neither a property nor a class, so it gives no rows. Did you mean “g:supplier”?"]),
        ("?a g:leverandør ?b", ["g:leverandør is neither a property nor a class, so it gives no rows. Did you mean “g:supplier”?"]),
        ("?a g:approval ?b", ["g:approval is only for writing and gives no rows: the graph holds the other direction. Write ^g:approves."]),
        ("?a a g:Agrement", ["g:Agrement is neither a property nor a class, so it gives no rows. Did you mean “g:Agreement”?"]),
        (
            "?a <http://w3id.org/graphsc/ns#supplier> ?b",
            ["http://w3id.org/graphsc/ns#supplier gives no rows. Did you mean “https://w3id.org/graphsc/ns#supplier”?"],
        ),
        ("?a g:role <https://w3id.org/graphsc/role/legl>", ["There is no concept role:legl. Did you mean “legal”?"]),
        ("?a skos:foo ?b ; <urn:x:foo> ?c ; g:tier ?d", []),
        ("?a g:keepsRegister <https://w3id.org/graphsc/register/mapping>", []),
        (
            "?a g:unkept <https://w3id.org/graphsc/register/exit>",
            ["The register of exit is not kept, so the answer says nothing of what is missing."],
        ),
    ],
)  # fmt: skip
def test_what_a_question_is_told_beside_its_answer(tmp_path: Path, pattern: str, says: list[str]) -> None:
    assert notes_on(tmp_path, f"{G}SELECT * WHERE {{ {pattern} }}") == says


PARTLY = (
    CHAIN
    + """
  - {id: k/2, navn: Vagten, kunde: o/1, leverandør: o/3, start: 2025-01-01}
"""
)


def test_an_answer_says_where_nothing_is_recorded_of_what_it_rests_on(tmp_path: Path) -> None:
    """One agreement keeps the register, the other does not, and a party has no country: no row is then no none."""
    so = "The register of supervision is not kept for Vagten, so the answer says nothing of what is missing there."
    assert so in notes_on(tmp_path, shipped()["overdue-supervision"].text, PARTLY)
    nowhere = "The register of subcontractors is not kept, so the answer says nothing of what is missing."
    country = "Country is not recorded for Kystvæsenet, Ror, Anker; of that the answer says nothing."
    notes = notes_on(tmp_path, shipped()["systems-outside-eea"].text, PARTLY)
    assert {nowhere, country} <= set(notes)
    everywhere = PARTLY.replace("start: 2025-01-01}\n", "start: 2025-01-01, registre: [tilsyn]}\n")
    assert notes_on(tmp_path, shipped()["overdue-supervision"].text, everywhere) == []


def test_a_unit_without_a_country_belongs_to_that_of_its_organisation(tmp_path: Path) -> None:
    note = "Country is not recorded for Kystvæsenet; of that the answer says nothing."
    data = PARTLY.replace("navn: Ror}", "navn: Ror, land: DK}").replace("navn: Anker}", "navn: Anker, enhed i: o/2}")
    assert data.count("land:") == data.count("enhed i:") == 1
    notes = notes_on(tmp_path, shipped()["systems-outside-eea"].text, data)
    assert [text for text in notes if text.startswith("Country")] == [note]


RESTS_ON_NOTHING = {
    "calls-outside-framework", "framework-agreements", "framework-spend", "frameworks-without-agreement", "institutions",
    "link-strengths", "provenance", "recommendations-met", "rules-of-statement", "suppliers-off-framework",
}  # fmt: skip
"""Questions whose rows say themselves what is not recorded, or that are asked of what is there."""


def test_each_shipped_question_says_what_its_answer_rests_on() -> None:
    terms = load()
    known = {f"register:{iri.rpartition('/')[2]}" for iri in terms.concepts if "/register/" in iri}
    known |= {f"g:{iri.rpartition('#')[2]}" for iri in terms.properties}
    for name, question in shipped().items():
        rests = header(question.text).get("rests-on", "").split()
        assert set(rests) <= known, name
        assert bool(rests) is (name not in RESTS_ON_NOTHING), name


def test_an_agreement_without_an_end_may_end_soon(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CHAIN, encoding="utf-8")
    opened = open_paths([tmp_path / "a.yaml"], Settings(as_of=date(2025, 6, 1)))
    assert len(list(opened.dataset.select(shipped()["ending-without-exit-plan"].text))) == 1


def test_that_nobody_holds_a_duty_is_asked_only_where_roles_are_recorded(tmp_path: Path) -> None:
    question, rows = shipped()["duties-without-holder"].text, []
    for data in (CHAIN, CHAIN.replace("[krav, tilsyn]", "[krav, tilsyn, roller]")):
        said = notes_on(tmp_path, question, data)
        opened = open_paths([tmp_path / "a.yaml"], Settings(as_of=date(2025, 6, 1)))
        rows.append(len(list(opened.dataset.select(question))))
        assert ("The register of roles is not kept, so the answer says nothing of what is missing." in said) is (
            rows[-1] == 0
        )
    assert rows[0] == 0 < rows[1]


@pytest.mark.exhaustive
def test_a_graph_that_is_not_there_is_named_with_some_that_are(tmp_path: Path) -> None:
    query = "SELECT * WHERE { GRAPH <%s> { ?s ?p ?o } }"
    (there,) = notes_on(tmp_path, query % "urn:graphsc:source:b.yaml")
    assert there.startswith("There is no graph <urn:graphsc:source:b.yaml>, so GRAPH gives no rows there.")
    known = there.partition("among them <")[2].partition(">")[0]
    assert known.startswith("urn:graphsc:source:")
    assert known.endswith("a.yaml")
    assert notes_on(tmp_path, query % known) == []
    assert notes_on(tmp_path, "PREFIX u: <urn:x:> SELECT * WHERE { graph u:y { ?s ?p ?o } }")[0].startswith(
        "There is no graph <urn:x:y>"
    )
    assert notes_on(tmp_path, "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1") == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ('?a g:start ?d FILTER(?d > "2025-01-01")', '"2025-01-01" is text and no date'),
        ('?a g:start "2025-01-01"', '"2025-01-01" is text and no date'),
        ("?r g:date ?a . ?y g:approves ?r ; g:date ?b FILTER(?b - ?a > 30)", "?b - ?a is a period such as P21D and no number"),
        ('?a rdfs:label "Driften"', 'so there are no rows. Did you mean "Driften"@da?'),
        ('?a g:kind "tilsyn"', "Did you mean activity:supervision?"),
        ('?a g:customer "Kystvæsenet"', "The value is a thing and not a text: ask for its rdfs:label."),
        ('?a g:waives "SUB001"', "Did you mean <https://w3id.org/graphsc/rule/SUB001>?"),
        ("?a g:kind activity:incident", "“?a g:kind activity:incident”, so there are no rows. It is not recorded"),
        (
            "?k a g:Agreement FILTER NOT EXISTS { ?a g:concerns ?k ; g:kind activity:incident }",
            "Nothing in the data matches “?a g:kind activity:incident”, so it is missing everywhere.",
        ),
        (
            "?k a g:ActiveOutsourcing FILTER NOT EXISTS { ?a g:concerns ?k ; g:kind activity:risk-assessment }",
            "is not kept for Operations: that something is missing there says nothing.",
        ),
        (
            "?s a g:Subcontract ; g:approvedBy ?p",
            "and to have g:approvedBy, which only g:ChainLink has. Between the two lead g:agreement, g:root.",
        ),
        (
            "?l g:approvedBy ?p . ?p g:employer ?o",
            "Nothing in the data matches both “?l g:approvedBy ?p” and “?p g:employer ?o”, so there are no rows.",
        ),
    ],
)  # fmt: skip
def test_a_query_that_goes_wrong_without_a_word_is_told_why(tmp_path: Path, query: str, says: str) -> None:
    assert any(says in note for note in notes_on(tmp_path, f"{G}{MORE}SELECT * WHERE {{ {query} }}", CHAIN))


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("aggregate", "says"),
    [
        ("SUM(?v)", "SUM(?v) takes the same ?a up to 2 times"),
        ("COUNT(?a)", "COUNT(?a) counts the same ?a up to 2 times. Write COUNT(DISTINCT ?a)"),
        ("COUNT(DISTINCT ?a)", None),
        ("MAX(?v)", None),
    ],
)
def test_a_sum_that_counts_a_thing_twice_is_told(tmp_path: Path, aggregate: str, says: str | None) -> None:
    query = f"{G}SELECT ?s ({aggregate} AS ?n) WHERE {{ ?a g:supplier ?s ; g:yearlySpend ?v ; g:keepsRegister ?r }} GROUP BY ?s"
    notes = notes_on(tmp_path, query, CHAIN)
    assert notes == [] if says is None else notes[0].startswith(says)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "query",
    [
        "?s g:supplier ?o . ?o rdfs:label ?name",
        'FILTER(STR(?d) > "2025-01-01") ?s g:start ?d',
        '?s g:start ?d FILTER(?d > "2025-01-01"^^xsd:date)',
        "?l g:agreement ?s ; g:approvedBy ?a . ?a g:performer ?p . ?r g:person ?p ; g:role role:contract-manager",
        "?s a g:OpenDispute",
        "?s g:under ?o OPTIONAL { ?o g:end ?end }",
        "?r g:date ?a . ?y g:approves ?r ; g:date ?b BIND(?b - ?a AS ?days)",
    ],
)
def test_a_query_that_is_in_order_is_told_nothing(tmp_path: Path, query: str) -> None:
    assert notes_on(tmp_path, f"{G}{MORE}SELECT * WHERE {{ {query} }}", CHAIN) == []


def test_what_took_long_is_not_looked_for_in_the_data(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CHAIN, encoding="utf-8")
    opened = open_paths([tmp_path / "a.yaml"], Settings())
    assert notes(opened, f"{G}{MORE}SELECT * WHERE {{ ?a g:kind activity:incident }}", quick=False) == []


@pytest.mark.exhaustive
def test_what_joins_nodes_and_no_texts_is_told(tmp_path: Path) -> None:
    query = f"{G}SELECT ?k (GROUP_CONCAT(%s) AS ?all) WHERE {{ ?k g:serves ?s . ?k g:service ?n }} GROUP BY ?k"
    for joined in ("?s", "DISTINCT ?s; separator=', '"):
        assert any("Write STR(?s), or their names." in note for note in notes_on(tmp_path, query % joined, CHAIN))
    for joined in ("STR(?s)", "?n"):
        assert not any("GROUP_CONCAT" in note for note in notes_on(tmp_path, query % joined, CHAIN))


def test_prefixes_that_are_not_declared_are_told_with_the_lines_that_declare_them() -> None:
    with pytest.raises(QuestionError) as caught:
        need_prefixes(f"{G}SELECT * WHERE {{ ?a g:role role:legal }}")
    assert "write PREFIX role: <https://w3id.org/graphsc/role/> at the top" in caught.value.reason.en
    with pytest.raises(QuestionError) as caught:
        need_prefixes("SELECT * WHERE { ?a g:role role:legal ; g:role role:it-manager }")
    lines = "PREFIX g: <https://w3id.org/graphsc/ns#> PREFIX role: <https://w3id.org/graphsc/role/>"
    assert f"The prefixes “g:”, “role:” are not declared; write {lines} at the top" in caught.value.reason.en


def test_the_shipped_questions_name_only_what_is_there() -> None:
    terms = load()
    for question in shipped().values():
        need_prefixes(question.text)
        assert list(unknown(list(names(question.text)), terms)) == [], question.name


RECIPES = re.findall(
    r"^\| .* \| `(.*)` \|$", (REPOSITORY / "docs/parts/queries.md").read_text(encoding="utf-8"), re.MULTILINE
)


@cache
def demo() -> Opened:
    opened = open_paths([REPOSITORY / "data/demo"], Settings(as_of=date(2026, 11, 25)))
    opened.dataset = merge(opened.dataset)
    return opened


@pytest.mark.parametrize("pattern", RECIPES)
def test_each_pattern_of_the_page_has_rows_in_the_demo_and_nothing_to_note(pattern: str) -> None:
    register = "PREFIX register: <https://w3id.org/graphsc/register/> "
    query = f"{G}{MORE}{register}SELECT * WHERE {{ {pattern.replace(PIPE, '|')} }}"
    assert demo().dataset.select(f"{query} LIMIT 1")
    assert notes(demo(), query) == []


def test_there_are_patterns_on_the_page() -> None:
    assert len(RECIPES) == 10
