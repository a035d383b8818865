"""What is derived and judged after a change is what deriving and judging anew gives, and little of it is done again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from graphsc.maintenance.changes import Delta, Surroundings
from graphsc.maintenance.deriving import Redone, rederive
from graphsc.maintenance.judging import answer_again, answered
from graphsc.maintenance.queries import kept_rule, kept_select
from graphsc.maintenance.remembering import Memory
from graphsc.maintenance.restricting import filled
from hypothesis import given, settings
from hypothesis import strategies as st
from turns import fewer

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import RDF_TYPE, G
from graphsc.derivation import Rule, derive
from graphsc.derivation import rules as catalogue
from graphsc.graph import dataset as graph
from graphsc.graph import loading
from graphsc.graph.dataset import RULE_PREFIX, SOURCE_PREFIX, Dataset
from graphsc.sources import read
from graphsc.validation.shapes import Shape, compile_shapes

DEMO = Path(__file__).parent.parent / "data" / "demo"
N = "https://n.example/"


@cache
def demo() -> Dataset:
    dataset = loading.load(read([DEMO]), Settings(as_of=date(2026, 11, 25)))
    derive(dataset)
    return dataset


@cache
def facts() -> tuple[ox.Quad, ...]:
    """What the demo's sources say."""
    return tuple(sorted(in_graphs(demo(), SOURCE_PREFIX), key=str))


@cache
def shapes() -> tuple[Shape, ...]:
    return compile_shapes(demo()).shapes


@cache
def before() -> dict[str, list[graph.Row]]:
    return answered(demo(), shapes())


def in_graphs(dataset: Dataset, prefix: str) -> set[ox.Quad]:
    return {
        quad
        for quad in dataset.knowledge
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(prefix)
    }


def change(dataset: Dataset, gone: Iterable[ox.Quad], new: Iterable[ox.Quad]) -> tuple[Delta, Surroundings]:
    gone, new = list(gone), list(new)
    for quad in gone:
        dataset.knowledge.remove(quad)
    dataset.knowledge.extend(new)
    around = Surroundings(dataset.knowledge)
    around.lost(quad.triple for quad in gone)
    return Delta(quad.triple for quad in (*gone, *new)), around


def anew(dataset: Dataset, rules: list[Rule] | None = None) -> Dataset:
    """The same facts, with everything derived from nothing."""
    found = dataset.copy()
    found.forget_derived()
    derive(found, rules)
    return found


def rows(answers: dict[str, list[graph.Row]]) -> dict[str, list[list[tuple[str, str]]]]:
    """Answers to compare: the rows of each query, whatever their order."""
    return {
        query: sorted(sorted((name, str(term)) for name, term in row.items()) for row in found)
        for query, found in answers.items()
    }


@st.composite
def edits(draw: st.DrawFn) -> tuple[set[ox.Quad], set[ox.Quad]]:
    """Some facts of the demo that go, and some that come: others like them, between other things."""
    known = facts()
    place = st.integers(0, len(known) - 1)
    gone = {known[n] for n in draw(st.lists(place, max_size=4))}
    new: set[ox.Quad] = set()
    for first, second in draw(st.lists(st.tuples(place, place), max_size=3)):
        one = known[first]
        like = [quad for quad in known if quad.predicate == one.predicate]
        new.add(ox.Quad(one.subject, one.predicate, like[second % len(like)].object, one.graph_name))
    return gone - new, new - set(known)


@settings(max_examples=fewer(8, 4))
@given(edits())
def test_after_any_change_the_same_is_derived_and_judged_as_anew(edit: tuple[set[ox.Quad], set[ox.Quad]]) -> None:
    dataset = demo().copy()
    delta, around = change(dataset, *edit)
    memory, redone = Memory(), Redone()
    rederive(dataset, catalogue.load(), delta, around, redone, memory)
    expected = anew(dataset)
    assert in_graphs(dataset, RULE_PREFIX) == in_graphs(expected, RULE_PREFIX)
    answers = answer_again(dataset, shapes(), before(), delta, around, redone, memory)
    assert rows(answers) == rows(answered(expected, shapes()))


def test_back_and_forth_leaves_everything_as_it_was() -> None:
    dataset = demo().copy()
    some = [quad for quad in facts() if quad.predicate.value == G + "supplier"][:3]
    for gone, new in ((some, []), ([], some)):
        delta, around = change(dataset, gone, new)
        rederive(dataset, catalogue.load(), delta, around, Redone(), Memory())
    assert dataset.triples() == demo().triples()


def test_one_fact_of_one_agreement_touches_one_agreement() -> None:
    """Taking away a clause is a matter of that agreement: of no rule is more than a handful of things done again."""
    dataset = demo().copy()
    clause = next(
        quad
        for quad in facts()
        if quad.predicate.value == G + "clauseTopic" and "kontrakt" in str(quad.subject) + str(quad.object)
    )
    delta, around = change(dataset, [clause], [])
    redone = Redone()
    rules = catalogue.load()
    rederive(dataset, rules, delta, around, redone, Memory())
    answer_again(dataset, shapes(), before(), delta, around, redone, Memory())
    assert {"has-clause"} <= redone.keys.keys()
    assert not {"keeper", "chain", "supplier-side", "part-of", "approved", "unkept"} & redone.keys.keys()
    assert len(redone.keys) < (len(rules) + len(before())) / 5
    most = sorted(keys or 10_000 for keys in redone.keys.values())
    assert most[-3] < 5
    assert most[-2] < 20  # two queries ask more: what evaluations and assessments consider is shared


@pytest.mark.parametrize("rule", catalogue.load(("nis2", "dora", "iso27001")), ids=lambda rule: rule.name)
def test_every_shipped_rule_is_kept_by_a_key(rule: Rule) -> None:
    kept = kept_rule(rule.name, rule.query)
    assert kept.kept is not None
    assert kept.output is not None


def test_only_what_all_facts_share_makes_a_rule_run_whole() -> None:
    """What no way leads from to the key is knowledge or context: dates, cut-offs, schemes, words. None of it is a source's."""
    own = {quad.predicate.value for quad in facts()}
    for rule in catalogue.load():
        kept = kept_rule(rule.name, rule.query).kept
        assert kept is not None
        for one in kept.reach.occurrences:
            if not one.ways and one.edge.properties is not None:
                constant = [end for end in (one.edge.source, one.edge.target) if not isinstance(end, str)]
                names = {name for name, _ in one.edge.properties}
                assert constant or not names & own, (rule.name, one.edge)


def rule(text: str) -> Rule:
    return catalogue.parse(
        "own",
        f"# reads: n:counts n:size n:age\nPREFIX n: <{N}> {text}" if "?p ?v" in text else f"PREFIX n: <{N}> {text}",
    )


def small(*rules: Rule, facts: str) -> Dataset:
    dataset = Dataset()
    quads = ox.parse(f"@prefix n: <{N}> . {facts}", ox.RdfFormat.TURTLE)
    source = ox.NamedNode(SOURCE_PREFIX + "x")
    dataset.knowledge.extend(ox.Quad(quad.subject, quad.predicate, quad.object, source) for quad in quads)
    derive(dataset, rules)
    return dataset


def quads(facts: str) -> Iterator[ox.Quad]:
    source = ox.NamedNode(SOURCE_PREFIX + "x")
    for quad in ox.parse(f"@prefix n: <{N}> . {facts}", ox.RdfFormat.TURTLE):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, source)


SMALL = {
    "a circle that loses its way in": (
        "CONSTRUCT { ?a n:reaches ?c } WHERE { { ?a n:to ?c } UNION { ?a n:reaches ?b . ?b n:to ?c } }",
        "n:a n:to n:b . n:b n:to n:c . n:c n:to n:b .", "n:a n:to n:b .", "",
    ),
    "an absence that fills": (
        "CONSTRUCT { ?a n:free true } WHERE { ?a a n:Thing . FILTER NOT EXISTS { ?b n:holds ?a } }",
        "n:a a n:Thing . n:b a n:Thing .", "", "n:x n:holds n:a .",
    ),
    "an absence below an absence": (
        "CONSTRUCT { ?a n:sure true } WHERE { ?a a n:Thing . FILTER NOT EXISTS { ?a n:part ?p . FILTER NOT EXISTS { ?q n:proves ?p } } }",
        "n:a a n:Thing ; n:part n:p . n:q n:proves n:p .", "n:q n:proves n:p .", "",
    ),
    "a count": (
        "CONSTRUCT { ?a n:number ?n } WHERE { { SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a n:has ?b } GROUP BY ?a } }",
        "n:a n:has n:x, n:y . n:b n:has n:x .", "n:a n:has n:y .", "n:b n:has n:z .",
    ),
    "an OPTIONAL before the key": (
        "CONSTRUCT { ?a n:name ?n } WHERE { OPTIONAL { ?a n:alias ?n } ?a a n:Thing }",
        "n:a a n:Thing ; n:alias 'x' . n:b a n:Thing .", "n:a n:alias 'x' .", "n:b n:alias 'y' .",
    ),
    "a path of any length": (
        "CONSTRUCT { ?a n:under ?b } WHERE { ?a (n:part|^n:whole)+ ?b . ?b a n:Top }",
        "n:a n:part n:b . n:t n:whole n:b . n:t a n:Top . n:b n:part n:t .", "n:t n:whole n:b . n:b n:part n:t .", "n:c n:part n:t .",
    ),
    "a subject that is made up": (
        "CONSTRUCT { ?l n:of ?a ; n:at ?b } WHERE { ?a n:near ?b . BIND(IRI(CONCAT(STR(?a), '-', STR(?b))) AS ?l) }",
        "n:a n:near n:b, n:c . n:d n:near n:b .", "n:a n:near n:c .", "n:d n:near n:c .",
    ),
    "two subjects, no key": (
        "CONSTRUCT { ?a n:pair ?b . ?b n:pair ?a } WHERE { ?a n:meets ?b }",
        "n:a n:meets n:b . n:c n:meets n:b .", "n:a n:meets n:b .", "n:d n:meets n:a .",
    ),
    "only the first of its rows": (
        "CONSTRUCT { ?a n:first ?b } WHERE { ?a n:near ?b } ORDER BY ?b LIMIT 1",
        "n:a n:near n:c . n:d n:near n:e .", "n:a n:near n:c .", "n:f n:near n:g .",
    ),
    "a property that a fact names": (
        "CONSTRUCT { ?a n:has ?v } WHERE { ?p n:counts true . ?a ?p ?v }",
        "n:size n:counts true . n:a n:size 1 ; n:age 2 .", "", "n:age n:counts true .",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_a_rule_of_each_form_is_brought_up_to_date(name: str) -> None:
    text, start, gone, new = SMALL[name]
    own = rule(text)
    writes = frozenset({N + "has"}) if name == "a property that a fact names" else own.writes
    assert writes
    dataset = small(own, facts=start)
    delta, around = change(dataset, quads(gone), quads(new))
    rederive(dataset, [own], delta, around, Redone(), Memory())
    expected = anew(dataset, [own])
    assert in_graphs(dataset, RULE_PREFIX) == in_graphs(expected, RULE_PREFIX)
    assert in_graphs(small(own, facts=start), RULE_PREFIX) != in_graphs(expected, RULE_PREFIX)


def test_what_was_found_out_of_a_query_reads_back_the_same(tmp_path: Path) -> None:
    first = Memory(tmp_path / "queries.json")
    rules = catalogue.load()
    texts = list(before())
    told = [first.rule(one.name, one.query) for one in rules], [first.select(text, "this") for text in texts]
    first.save()
    again = Memory(tmp_path / "queries.json")
    assert ([again.rule(one.name, one.query) for one in rules], [again.select(text, "this") for text in texts]) == told
    assert told[1] == [kept_select(text, "this") for text in texts]


def test_a_spoilt_memory_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "queries.json").write_text("{", encoding="utf-8")
    kept = Memory(tmp_path / "queries.json").select("SELECT ?this WHERE { ?this a <urn:x> }", "this")
    assert kept.few is not None


def test_several_rules_at_a_time_derive_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dataset, "is_large", lambda _: True)
    assert in_graphs(anew(demo()), RULE_PREFIX) == in_graphs(demo(), RULE_PREFIX)


def test_a_dataset_is_large_by_what_it_says_and_not_by_what_is_known() -> None:
    dataset = loading.load_knowledge(Settings())
    assert not dataset.is_large()
    kind, thing = ox.NamedNode(RDF_TYPE), ox.NamedNode(N + "Thing")
    source = ox.NamedNode(SOURCE_PREFIX + "x")
    dataset.assert_all([ox.Quad(ox.NamedNode(f"{N}{number}"), kind, thing, source) for number in range(10_000)])
    assert dataset.is_large()


QUERIES = {
    "a count of what a sub-select tells apart": (
        "SELECT ?this (COUNT(?x) AS ?n) WHERE { { SELECT DISTINCT ?this ?x WHERE { ?this n:has ?y . ?y n:of ?x } } } GROUP BY ?this"
    ),
    "rows as often as they come": "SELECT ?this WHERE { { SELECT DISTINCT ?this WHERE { ?this n:has ?y } } ?this n:of ?z }",
    "a sub-select with a variable of its own": (
        "SELECT DISTINCT ?this ?y WHERE { { SELECT ?this WHERE { ?this n:has ?y } } ?this n:of ?y }"
    ),
    "an OPTIONAL before and after": (
        "SELECT DISTINCT ?this ?x ?z WHERE { OPTIONAL { ?x n:of ?o } ?this n:has ?x OPTIONAL { ?this n:of ?z } }"
    ),
    "an absence of several steps": (
        "SELECT DISTINCT ?this WHERE { ?this n:has ?x MINUS { ?x n:of ?o . ?p n:of ?o . ?q n:has ?p FILTER(?q != ?this) } }"
    ),
    "an absence that shares another variable": (
        "SELECT DISTINCT ?this ?x WHERE { ?this n:has ?x MINUS { ?other n:of ?x . ?other n:has ?w } }"
    ),
    "an absence that shares nothing": "SELECT DISTINCT ?this WHERE { ?this n:has ?x MINUS { ?a n:of ?b . ?b n:of ?c } }",
    "branches of which one binds late": (
        "SELECT DISTINCT ?this ?x WHERE { { ?a n:has ?x BIND(?a AS ?this) } UNION { ?this n:of ?x } ?this n:has ?y }"
    ),
    "an existence within": "SELECT DISTINCT ?this WHERE { ?this n:has ?x FILTER EXISTS { ?x n:of ?y . ?z n:of ?y FILTER(?z != ?x) } }",
    "an OPTIONAL sub-select with a variable of its own": (
        "SELECT DISTINCT ?this ?z WHERE { ?this n:has ?x OPTIONAL { { SELECT ?this ?z WHERE { ?this n:of ?y . ?y n:has ?z } } } ?y n:of ?x }"
    ),
    "the least of what a sub-select tells apart": (
        "SELECT DISTINCT ?this ?n WHERE { { SELECT ?this (MIN(STR(?x)) AS ?n) WHERE { { SELECT DISTINCT ?this ?x WHERE { ?this n:has ?y . ?y n:of ?x } } } "
        "GROUP BY ?this HAVING(MAX(STR(?x)) > MIN(STR(?x))) } ?this n:of ?y }"
    ),
    "a count in what comes once": (
        "SELECT DISTINCT ?this ?n WHERE { { SELECT ?this (COUNT(?x) AS ?n) WHERE { { SELECT DISTINCT ?this ?x WHERE { ?this n:has ?y . ?y n:of ?x } } } "
        "GROUP BY ?this } ?this n:of ?y }"
    ),
    "the key from a path": "SELECT DISTINCT ?this ?x WHERE { ?x (n:has/n:of)* ?this . ?x n:has ?w }",
}


@st.composite
def graphs(draw: st.DrawFn) -> ox.Store:
    node = st.integers(0, 4).map(lambda number: ox.NamedNode(f"{N}{number}"))
    store = ox.Store()
    for subject, name, value in draw(st.lists(st.tuples(node, st.sampled_from(("has", "of")), node), max_size=14)):
        store.add(ox.Quad(subject, ox.NamedNode(N + name), value))
    return store


@pytest.mark.parametrize("name", QUERIES)
@settings(max_examples=fewer(100, 2))
@given(store=graphs())
def test_a_query_for_some_keys_gives_the_rows_of_these_keys(name: str, store: ox.Store) -> None:
    query = f"PREFIX n: <{N}> {QUERIES[name]}"
    kept = kept_select(query, "this")

    def found(text: str) -> list[list[str]]:
        return sorted([str(term) for term in row] for row in store.query(text))

    names = [variable.value for variable in store.query(query).variables]
    keys = [ox.NamedNode(f"{N}{number}") for number in (1, 3)]
    expected = [row for row in found(query) if row[names.index("this")] in {str(key) for key in keys}]
    assert kept.few is not None
    assert kept.many is not None
    assert found(filled(kept.few, keys)) == expected
    assert found(filled(kept.many, keys)) == expected


@pytest.mark.parametrize("name", QUERIES)
@settings(max_examples=fewer(100, 2))
@given(before=graphs(), after=graphs())
def test_rows_of_keys_that_a_change_does_not_reach_stay(name: str, before: ox.Store, after: ox.Store) -> None:
    query = f"PREFIX n: <{N}> {QUERIES[name]}"
    kept = kept_select(query, "this")
    gone, new = set(before) - set(after), set(after) - set(before)
    around = Surroundings(after)
    around.lost(quad.triple for quad in gone)
    keys = kept.reach.keys(Delta(quad.triple for quad in gone | new), around)
    if keys is None:
        return

    def found(text: str, store: ox.Store) -> list[list[str]]:
        return [[str(term) for term in row] for row in store.query(text)]

    place = [variable.value for variable in after.query(query).variables].index("this")
    left = [row for row in found(query, before) if row[place] not in {str(key) for key in keys}]
    assert sorted(left + found(kept.of(keys), after)) == sorted(found(query, after))
