from datetime import date
from typing import Any

import pyoxigraph as ox
import pytest
from casework import case
from repository import DEMO, shape_prologue

from graphsc import sparql
from graphsc.core.identifiers import SOURCE_PREFIX
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import RDF_TYPE, G
from graphsc.derivation import UnstratifiedError, derive
from graphsc.derivation.rules import load, parse
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.sources import read as read_files
from graphsc.sources.model import Sources
from graphsc.sparql import syntax
from graphsc.sparql.patterns import visible
from graphsc.sparql.reading import read, read_construct

PREFIX = "PREFIX g: <https://w3id.org/graphsc/ns#>\n"


def touched(query: str) -> tuple[set[str], ...]:
    """What a rule writes, reads and builds on the absence of, shortened."""
    rule = parse("r", PREFIX + query)
    return tuple({name.removeprefix(G) for name in names} for names in (rule.writes, rule.reads, rule.negates))


@pytest.mark.parametrize(
    ("query", "writes", "reads", "negates"),
    [
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y }", "a", "b", ""),
        ("CONSTRUCT { ?x a g:C ; g:a 1 , 2 } WHERE { ?x a g:D ; g:b ?y , ?z . }", "C a", "D b", ""),
        # Parentheses in parentheses, and an absence within an absence.
        (
            "CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y FILTER((?y > 1 && (?y < (3 + 4))) || !BOUND(?z)) FILTER NOT EXISTS { ?x g:c ?q . FILTER((?q > 1)) FILTER NOT EXISTS { ?q g:d ?x } } }",
            "a", "b c d", "c d",
        ),
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y FILTER(?y > 1 && NOT EXISTS { ?y g:c ?x }) }", "a", "b c", "c"),
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y FILTER EXISTS { ?y g:c ?x } }", "a", "b c", ""),
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y MINUS { ?x g:c ?y . ?y a g:D } }", "a", "b c D", "c D"),
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y OPTIONAL { ?x g:c ?z } }", "a", "b c", ""),
        ("CONSTRUCT { ?x g:a ?y } WHERE { { ?x g:b ?y } UNION { ?x g:c ?y } UNION { { ?x g:d ?y } } }", "a", "b c d", ""),
        # Property paths.
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b*/g:c+ ?y }", "a", "b c", ""),
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x (g:b|^g:c)/(g:d*) ?y }", "a", "b c d", ""),
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y FILTER NOT EXISTS { ?x g:b/g:c* ?z } }", "a", "b c", "b c"),
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x ^g:b ?y }", "a", "b", ""),
        # A sub-select that counts needs all of what it reads; one that only chooses variables does not.
        ("CONSTRUCT { ?x g:a ?y } WHERE { ?x a g:C . { SELECT DISTINCT ?x ?y WHERE { ?x g:b ?y } } }", "a", "C b", ""),
        (
            "CONSTRUCT { ?x g:a ?n } WHERE { ?x a g:C . { SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x g:b ?y } GROUP BY ?x } }",
            "a", "C b", "b",
        ),
        # Too much is safe: an IRI in any place counts as read.
        ("CONSTRUCT { ?x g:a g:b } WHERE { ?x g:c g:d }", "a", "c d", ""),
        # Names in texts, comments and IRIs are none of it.
        ("CONSTRUCT { ?x g:a 'g:b' } WHERE { ?x g:c 'MINUS { ?x g:d ?y }' # g:e\n }", "a", "c", ""),
        ("CONSTRUCT { ?x <https://w3id.org/graphsc/ns#a> ?y } WHERE { ?x <https://w3id.org/graphsc/ns#b> ?y }", "a", "b", ""),
    ],
)  # fmt: skip
def test_what_a_rule_touches(query: str, writes: str, reads: str, negates: str) -> None:
    assert touched(query) == tuple(set(names.split()) for names in (writes, reads, negates))


def test_a_variable_property_has_to_be_declared() -> None:
    with pytest.raises(ValueError, match="rule r writes a variable property"):
        parse("r", PREFIX + "CONSTRUCT { ?x ?p ?y } WHERE { ?x g:b ?y }")
    with pytest.raises(ValueError, match="rule r reads a variable property"):
        parse("r", PREFIX + "CONSTRUCT { ?x g:a ?y } WHERE { ?x ?p ?y }")
    with pytest.raises(ValueError, match="rule r reads a variable property"):
        parse("r", PREFIX + "CONSTRUCT { ?x g:a ?c } WHERE { ?x a ?c }")
    declared = parse(
        "r", "# reads: situations g:b\n# writes: g:c\n" + PREFIX + "CONSTRUCT { ?x ?p ?y } WHERE { ?x ?p ?y }"
    )
    assert (declared.reads, declared.writes, declared.any_situation) == ({G + "b"}, {G + "c"}, True)


@pytest.mark.parametrize(
    "query", ["", "ASK { ?x g:a ?y }", "CONSTRUCT { ?x g:a ?y }", "CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y "]
)
def test_what_is_no_rule_is_refused(query: str) -> None:
    with pytest.raises(ValueError, match=r"in line 2, (CONSTRUCT|\{|\}) is expected, not (the end|ASK)"):
        parse("r", PREFIX + query)


def test_the_shipped_rules_are_named_dated_and_stated() -> None:
    for rule in load():
        assert rule.title.da, rule.name
        assert rule.title.en != rule.name
        assert rule.statements, rule.name
        assert rule.writes or rule.any_superclass, rule.name


def test_derived_triples_lie_in_the_graph_of_their_rule() -> None:
    dataset = Dataset()
    source = ox.NamedNode(SOURCE_PREFIX + "x")
    x, y, z = (ox.NamedNode(f"https://w.example/{name}") for name in "xyz")
    dataset.add(source, [ox.Triple(x, ox.NamedNode(G + "under"), y), ox.Triple(y, ox.NamedNode(G + "under"), z)])
    rules = [
        parse("first", PREFIX + "CONSTRUCT { ?x g:partOf ?y } WHERE { ?x g:under ?y }"),
        parse("closed", PREFIX + "CONSTRUCT { ?x g:partOf ?z } WHERE { ?x g:partOf ?y . ?y g:partOf ?z }"),
    ]
    derive(dataset, rules)
    part_of = ox.NamedNode(G + "partOf")
    assert {q.triple for q in dataset.store.quads_for_pattern(None, None, None, ox.NamedNode(rules[0].graph))} == {
        ox.Triple(x, part_of, y),
        ox.Triple(y, part_of, z),
    }
    assert {q.triple for q in dataset.store.quads_for_pattern(None, None, None, ox.NamedNode(rules[1].graph))} == {
        ox.Triple(x, part_of, z)
    }
    before = set(dataset.store)
    derive(dataset, rules)  # nothing new comes of running them again
    assert set(dataset.store) == before


def test_rules_without_an_order_are_refused_before_any_runs() -> None:
    dataset = Dataset()
    with pytest.raises(UnstratifiedError):
        derive(
            dataset,
            [parse("own", PREFIX + "CONSTRUCT { ?x g:a ?y } WHERE { ?x g:b ?y FILTER NOT EXISTS { ?x g:a ?z } }")],
        )
    assert not list(dataset.store)


# ------------------------------------------------------------------ scopes


def queries() -> dict[str, str]:
    """Every query of the knowledge, by the file or rule it is in."""
    texts = {
        f"{folder}/{file.name}": file.read_text(encoding="utf-8")
        for folder in ("ontology/rules", "ontology/context", "ontology", "queries")
        for file in knowledge_files(folder, ".rq")
    }
    dataset = loading.load(Sources([], []), Settings())
    head = shape_prologue()
    for row in dataset.select(
        f"SELECT ?shape ?query {{ ?shape <{G}code> ?code . "
        f"{{ ?shape <http://www.w3.org/ns/shacl#sparql>/<http://www.w3.org/ns/shacl#select> ?query }} UNION {{ ?shape <{G}consequenceStep> ?query }} }}"
    ):
        texts[f"{row['shape'].value} {len(texts)}"] = head + row["query"].value
    return texts


def where(query: str) -> syntax.Group:
    """The pattern of a query of any form."""
    return (read_construct(query) if sparql.form(query) == "CONSTRUCT" else read(query)).where


def strangers(query: str) -> set[str]:
    """Variables of the pattern around a group in braces that the group's filters speak of but do not see.

    A group in braces is evaluated by itself: a filter in it on a variable from outside is an error, which
    drops every row, and a NOT EXISTS in it asks about anything at all.
    """
    unbound: set[str] = set()

    def apart(group: syntax.Group, around: set[str]) -> None:
        unbound.update((syntax.variables(group) - bound(group)) & around)
        walk(group, around)

    def walk(group: syntax.Group, around: set[str]) -> None:
        around = around.union(*(bound(part) for part in group.parts if isinstance(part, syntax.Triple)))
        for part in group.parts:
            match part:
                case syntax.Group():
                    apart(part, around)
                case syntax.Union(groups):
                    for inner in groups:
                        apart(inner, around)
                case syntax.Select():
                    apart(part.where, around)
                case syntax.Optional(inner) | syntax.Minus(inner) | syntax.Named(_, inner):
                    walk(inner, around)
                case syntax.Filter(expression) | syntax.Bind(expression, _):
                    for one in syntax.nodes(expression):
                        if isinstance(one, syntax.Exists):
                            walk(one.group, around)

    walk(where(query), set())
    return unbound


def bound(part: object) -> set[str]:
    """What has a value in or below a part of a pattern, its FILTERs left aside."""
    match part:
        case syntax.Triple():
            return syntax.variables(part)
        case syntax.Select():
            return visible(part) | bound(part.where)
        case syntax.Union(parts) | syntax.Group(parts):
            return set[str]().union(*map(bound, parts))
        case syntax.Optional(group) | syntax.Named(_, group):
            return visible(part) | bound(group)
        case _:
            return visible(part)


def test_strangers_are_seen() -> None:
    assert strangers(PREFIX + "SELECT ?x { ?x g:a ?day { ?x g:b ?y FILTER(?y < ?day) } UNION { ?x g:c ?y } }") == {
        "day"
    }
    assert strangers(PREFIX + "SELECT ?x { ?x g:a ?y { FILTER NOT EXISTS { ?x g:b ?z } } UNION { ?x g:c ?y } }") == {
        "x"
    }
    assert (
        strangers(
            PREFIX
            + "SELECT ?x { ?x g:a ?y OPTIONAL { ?x g:b ?z FILTER(?z < ?y) } FILTER EXISTS { ?x g:c ?w FILTER(?w < ?y) } }"
        )
        == set()
    )
    assert (
        strangers(PREFIX + "SELECT ?x { ?x g:a ?y { ?x g:a ?y FILTER NOT EXISTS { ?x g:b ?z } } UNION { ?x g:c ?y } }")
        == set()
    )


QUERIES = queries()


@pytest.mark.parametrize("name", QUERIES)
def test_no_filter_in_the_knowledge_speaks_of_what_it_cannot_see(name: Any) -> None:
    assert strangers(QUERIES[name]) == set()


def test_rdf_type_itself_is_never_read() -> None:
    assert all(RDF_TYPE not in rule.reads | rule.negates for rule in load())


def test_buying_equipment_or_licences_alone_is_not_outsourcing() -> None:
    kinds = {
        "A": "",
        "B": ", kategori: hardware",
        "C": ", kategori: softwarelicenser",
        "D": ", kategori: [hardware, it-drift og vedligehold]",
        "E": ", kategori: hosting",
    }
    agreements = "\n".join(
        f"      - {{id: {name}, kunde: K, leverandør: L, start: 2024-01-01{category}}}"
        for name, category in kinds.items()
    )
    judged = case(f"""
    base: https://k.example/
    organisationer: [{{id: K, navn: Kystvagten}}, {{id: L, navn: Løngang}}]
    kontrakter:
{agreements}
    """)
    assert judged.ask("?a { ?a a g:ActiveOutsourcing }") == [("A",), ("D",), ("E",)]


@pytest.mark.exhaustive
def test_several_rules_at_a_time_derive_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def derived() -> set[ox.Triple]:
        dataset = loading.load(read_files([DEMO]), Settings(as_of=date(2026, 11, 25), executor="oxigraph"))
        derive(dataset)
        return {quad.triple for quad in dataset.store}

    alone = derived()
    monkeypatch.setattr(Dataset, "is_large", lambda _: True)
    assert derived() == alone


def test_a_dataset_is_large_by_what_it_says_and_not_by_what_is_known() -> None:
    dataset = loading.load_knowledge(Settings())
    assert not dataset.is_large()
    kind, thing, source = (ox.NamedNode(name) for name in (RDF_TYPE, G + "Thing", SOURCE_PREFIX + "x"))
    dataset.assert_all([ox.Quad(ox.NamedNode(f"{G}{number}"), kind, thing, source) for number in range(10_000)])
    assert dataset.is_large()
