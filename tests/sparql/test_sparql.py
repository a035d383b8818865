import ast
from pathlib import Path
from typing import Any

import pytest

from graphsc import sparql

FOLDER = Path(sparql.__file__).parent


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "select * { service silent ?where { ?s ?p ?o } }",
        "SELECT * {?s ?p ?o.SERVICE<http://x/>{}}",
        "SELECT * { ?s ?p 'it\\'s' SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p ''' ' '' ''' . SERVICE <http://x/> {} }",
        'SELECT * { ?s ?p """a " b\n""" . SERVICE <http://x/> {} }',
        "SELECT * { ?s ?p '' . SERVICE <http://x/> {} }",
        "# nothing\nSELECT * { SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p <http://x/#frag> . SERVICE <http://x/> {} }",
        "SELECT * { FILTER(?a < 3) SERVICE <http://x/> {} FILTER(?b > 3) }",
    ],
)
def test_a_real_keyword_is_seen(query: str) -> None:
    assert sparql.mentions(query, "SERVICE")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE' }",
        'SELECT * { ?s ?p "a \\" SERVICE" }',
        "SELECT * { ?s ?p '''it's a\nSERVICE''' }",
        'SELECT * { ?s ?p """a "SERVICE" b""" }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/>",
        "SELECT * { ?s <http://x/SERVICE> ?o }",
        "SELECT * { ?s <http://x/a#SERVICE> ?o }",
        "SELECT * { ?s x:SERVICE ?o }",
        "SELECT * { ?s SERVICE:x ?o }",
        "SELECT * { ?s SERVICE: ?o }",
        "SELECT * { ?s :SERVICE ?o }",
        "SELECT * { ?s x:a.SERVICE ?o }",
        "SELECT * { ?SERVICE $SERVICE ?o }",
        "SELECT * { ?s ?p ?SERVICES }",
        "SELECT * { ?s ?p MYSERVICE_SERVICE }",
        "SELECT * { ?s x:a\\-SERVICE ?o }",
    ],
)
def test_a_name_or_text_is_no_keyword(query: str) -> None:
    assert not sparql.mentions(query, "SERVICE")


def test_tokens_have_kind_text_and_place() -> None:
    query = "SELECT ?x { ?x a g:Risk ; <http://p> 'a' } # end"
    assert [(t.kind, t.text) for t in sparql.tokens(query)] == [
        ("word", "SELECT"), ("variable", "?x"), ("other", "{"), ("variable", "?x"), ("word", "a"), ("name", "g:Risk"),
        ("other", ";"), ("iri", "<http://p>"), ("string", "'a'"), ("other", "}"),
    ]  # fmt: skip
    assert all(query[t.start :].startswith(t.text) for t in sparql.tokens(query))


def test_a_dot_after_a_name_ends_the_triple() -> None:
    assert [t.text for t in sparql.tokens("?x g:a g:b. ?y g:c 1.5 .")] == [
        "?x", "g:a", "g:b", ".", "?y", "g:c", *[t.text for t in sparql.tokens("1.5")], ".",
    ]  # fmt: skip


def test_prefixes() -> None:
    query = 'PREFIX g: <http://g/>\nprefix : <http://e/> # PREFIX no: <http://no/>\nSELECT * { ?s ?p "PREFIX x: <http://x/>" }'
    assert sparql.prefixes(query) == {"g": "http://g/", "": "http://e/"}


def test_header() -> None:
    query = "# title.da: Kæden\n#title.en:  The chain: all of it \n\n# reads: \nSELECT *\n# late: no\n"
    assert sparql.header(query) == {"title.da": "Kæden", "title.en": "The chain: all of it", "reads": ""}


@pytest.mark.parametrize("module", sorted(FOLDER.glob("*.py")), ids=lambda file: file.name)
def test_what_reads_sparql_stands_on_the_ground(module: Any) -> None:
    """Rules, explanations and the compiler of shapes all build on it: it knows none of them."""
    nodes = ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    names = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module.startswith("graphsc")}
    assert {name for name in names if not name.startswith("graphsc.sparql")} <= {"graphsc.core.vocabulary"}
