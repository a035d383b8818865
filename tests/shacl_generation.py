"""Random graphs and shapes, seeded: every constraint component on every kind of path, in every severity.

What the reference engine is known to judge otherwise than the recommendation says is not generated; each is named where
it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import pyoxigraph as ox

EX = "http://x.example/"
PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://x.example/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SEVERITIES = ("Violation", "Warning", "Info")
NODES = tuple(f"ex:n{number}" for number in range(9))
PROPERTIES = ("ex:p", "ex:q", "ex:r")
# Written in more ways than one, ill-formed, of derived datatypes: what a store forgets is among them.
LITERALS = (
    *('"a"', '"ab"', '"abc"', '"B c"', '""', '"a"@en', '"b"@en-GB', '"c"@da', '"d"@da'),
    *("1", '"01"^^xsd:integer', "2", "7", "4.0", "4", '"2.50"^^xsd:decimal', '"3"^^xsd:byte', '"300"^^xsd:byte'),
    *('"x"^^xsd:integer', "true", '"1"^^xsd:boolean', "1.5e0"),
    *('"2026-01-02"^^xsd:date', '"2026-02-31"^^xsd:date', '"2025-12-31"^^xsd:date', '"2026-01-02T03:04:05"^^xsd:dateTime'),
)  # fmt: skip
# A query judges what literals mean, and a result shows that: of these a store keeps the form too.
KEPT = ('"a"', '"ab"', '"B c"', '"a"@en', '"c"@da', "1", "2", "7", "2.5", "true", '"2026-01-02"^^xsd:date')
NUMBERS = ("1", '"01"^^xsd:integer', "2", "7", "4.0", '"2.50"^^xsd:decimal')


@dataclass(frozen=True)
class Made:
    """A shape as it was made: its name, component, kind of path and severity."""

    name: str
    component: str
    path: str
    severity: str


@dataclass(frozen=True)
class Batch:
    """A graph, many shapes on it, and what each was made to be."""

    data: tuple[ox.Triple, ...]
    shapes: tuple[ox.Triple, ...]
    made: tuple[Made, ...]


PATHS: dict[str, Callable[[Random], str]] = {
    "predicate": lambda r: r.choice(PROPERTIES),
    "inverse": lambda r: f"[ sh:inversePath {r.choice(PROPERTIES)} ]",
    "sequence": lambda r: f"( {r.choice(PROPERTIES)} {r.choice(PROPERTIES)} )",
    "alternative": lambda r: f"[ sh:alternativePath ( {' '.join(r.sample(PROPERTIES, 2))} ) ]",
    "zeroOrMore": lambda r: f"[ sh:zeroOrMorePath {r.choice(PROPERTIES)} ]",
    "oneOrMore": lambda r: f"[ sh:oneOrMorePath {r.choice(PROPERTIES)} ]",
    "zeroOrOne": lambda r: f"[ sh:zeroOrOnePath {r.choice(PROPERTIES)} ]",
    "nested": lambda r: f"( [ sh:zeroOrMorePath [ sh:inversePath {r.choice(PROPERTIES)} ] ] {r.choice(PROPERTIES)} )",
}


def _term(r: Random) -> str:
    return r.choice((*NODES, *LITERALS))


def _simple(r: Random) -> str:
    """A constraint that may stand anywhere, to be nested in others."""
    return r.choice((
        f"sh:nodeKind sh:{r.choice(('IRI', 'Literal', 'BlankNodeOrIRI'))}", f"sh:class ex:C{r.randrange(4)}",
        f"sh:datatype xsd:{r.choice(('string', 'integer', 'byte', 'date'))}", f"sh:maxLength {r.choice((1, 2, 18))}",
        f"sh:in ( {' '.join(r.choice((*NODES, *LITERALS)) for _ in range(4))} )",
        f"sh:property [ sh:path {r.choice(PROPERTIES)} ; sh:{r.choice(('minCount', 'maxCount'))} {r.choice((1, 2))} ]",
        f"sh:property [ sh:path {r.choice(PROPERTIES)} ; sh:nodeKind sh:{r.choice(('IRI', 'Literal'))} ]",
        f"sh:not [ sh:class ex:C{r.randrange(4)} ]",
    ))  # fmt: skip


def _shapes(r: Random, several: int) -> str:
    return " ".join(f"[ {_simple(r)} ]" for _ in range(several))


# Of any shape. sh:closed and the comparisons of a node shape with a property are among them.
ANYWHERE: dict[str, Callable[[Random], str]] = {
    "class": lambda r: f"sh:class ex:C{r.randrange(4)}",
    "datatype": lambda r: f"sh:datatype xsd:{r.choice(('string', 'integer', 'decimal', 'byte', 'boolean', 'date'))}",
    "nodeKind": lambda r: (
        f"sh:nodeKind sh:{r.choice(('IRI', 'Literal', 'BlankNode', 'BlankNodeOrIRI', 'BlankNodeOrLiteral', 'IRIOrLiteral'))}"
    ),
    "minExclusive": lambda r: f"sh:minExclusive {r.choice(NUMBERS)}",
    "minInclusive": lambda r: f"sh:minInclusive {r.choice(NUMBERS)}",
    "maxExclusive": lambda r: f"sh:maxExclusive {r.choice(NUMBERS)}",
    "maxInclusive": lambda r: f"sh:maxInclusive {r.choice(NUMBERS)}",
    # Of a nameless node the reference engine says that it is long enough when no length is asked for.
    "minLength": lambda r: f"sh:minLength {r.choice((1, 2, 3, 19))}",
    "maxLength": lambda r: f"sh:maxLength {r.choice((0, 1, 2, 3, 19, 40))}",
    "pattern": lambda r: (
        'sh:pattern "'
        + r.choice(("^a", "b", "c$", "^[a-z]+$", "[0-9]", "n[0-4]", "^.{1,3}$"))
        + r.choice(('"', '" ; sh:flags "i"'))
    ),
    "languageIn": lambda r: "sh:languageIn ( " + r.choice(('"en"', '"da"', '"en" "da"', '"en-GB"')) + " )",
    "in": lambda r: f"sh:in ( {' '.join(_term(r) for _ in range(r.randrange(1, 16)))} )",
    "hasValue": lambda r: f"sh:hasValue {r.choice((*NODES[:3], _term(r)))}",
    "equals": lambda r: f"sh:equals {r.choice(PROPERTIES)}",
    "disjoint": lambda r: f"sh:disjoint {r.choice(PROPERTIES)}",
    "not": lambda r: f"sh:not [ {_simple(r)} ]",
    "and": lambda r: f"sh:and ( {_shapes(r, 2)} )",
    "or": lambda r: f"sh:or ( {_shapes(r, 2)} )",
    "xone": lambda r: f"sh:xone ( {_shapes(r, r.choice((1, 2, 3)))} )",
    "node": lambda r: f"sh:node [ a sh:NodeShape ; {_simple(r)} ]",
    "property": lambda r: (
        f"sh:property [ sh:path {r.choice(list(PATHS.values()))(r)} ; sh:severity sh:{r.choice(SEVERITIES)} ; {_simple(r)} ]"
    ),
    "closed": lambda r: (
        f"sh:closed true ; sh:ignoredProperties ( rdf:type {r.choice(PROPERTIES)} ) ; sh:property [ sh:path {r.choice(PROPERTIES)} ]"
    ),
}
OF_PATHS: dict[str, Callable[[Random], str]] = {
    "minCount": lambda r: f"sh:minCount {r.choice((0, 1, 1, 2, 3))}",
    "maxCount": lambda r: f"sh:maxCount {r.choice((0, 1, 1, 2, 3))}",
    "uniqueLang": lambda r: "sh:uniqueLang true",
    "lessThan": lambda r: f"sh:lessThan {r.choice(('ex:m', 'ex:k'))}",
    "lessThanOrEquals": lambda r: f"sh:lessThanOrEquals {r.choice(('ex:m', 'ex:k'))}",
    "qualifiedMin": lambda r: f"sh:qualifiedValueShape [ {_simple(r)} ] ; sh:qualifiedMinCount {r.choice((1, 2))}",
    "qualifiedMax": lambda r: f"sh:qualifiedValueShape [ {_simple(r)} ] ; sh:qualifiedMaxCount {r.choice((0, 1))}",
}
# The reference engine compares IRIs, and text with text of another language, as no SPARQL engine does: numbers only.
_COMPARED = ("lessThan", "lessThanOrEquals")


def graph(r: Random, literals: tuple[str, ...] = LITERALS) -> str:
    """A graph in Turtle, with nameless nodes and literals of all sorts."""
    lines = ["ex:C1 rdfs:subClassOf ex:C0 . ex:C2 rdfs:subClassOf ex:C1 ."]
    things = (*NODES, "_:a", "_:b")
    lines += [f"{node} a ex:C{r.randrange(4)} ." for node in things if r.random() < 0.7]
    for _ in range(34):
        value = r.choice((*things, *r.choices(literals, k=6)))
        lines.append(f"{r.choice(things)} {r.choice(PROPERTIES)} {value} .")
    tagged = [one for one in literals if "@" in one]
    lines += [f"{r.choice(things)} {r.choice(PROPERTIES)} {r.choice(tagged)} ." for _ in range(6)]
    lines += [
        f"{r.choice(things)} ex:{r.choice('mk')} {r.choice([one for one in NUMBERS if literals is LITERALS or one in literals])} ."
        for _ in range(14)
    ]
    return "\n".join(lines)


def target(r: Random) -> str:
    """A target declaration; half of them one node, so that enough shapes are conformed to."""
    one = f"sh:targetNode {r.choice(NODES)}"
    return r.choice((
        one, one, one, one, f"sh:targetClass ex:C{r.choice((1, 2, 3, 3))}",
        f"sh:targetNode {r.choice(NODES)} , {_term(r)}", f"sh:targetSubjectsOf {r.choice(PROPERTIES)}",
        f"sh:targetObjectsOf {r.choice(PROPERTIES)}",
    ))  # fmt: skip


Kind = tuple[str, str, str]
"""A component, a kind of path and a severity."""


def kinds() -> list[Kind]:
    """Every kind of shape that is made."""
    paths = {**dict.fromkeys(ANYWHERE, ("node", *PATHS)), **dict.fromkeys(OF_PATHS, tuple(PATHS))}
    paths |= dict.fromkeys(_COMPARED, ("predicate",))
    return [(component, path, severity) for component in paths for path in paths[component] for severity in SEVERITIES]


def core(seed: int, several: int = 56, among: Sequence[Kind] = ()) -> Batch:
    """A batch of shapes of SHACL Core, of any kind or among some."""
    r = Random(seed)
    texts: list[str] = []
    made: list[Made] = []
    choices = among or kinds()
    for number in range(several):
        component, path, severity = r.choice(choices)
        named = f"sh:targetNode {r.choice(LITERALS)}" if r.random() < 0.15 else target(r)
        said = [f"ex:S{number} sh:severity sh:{severity}", named]
        if component in _COMPARED:
            said.append("sh:path ex:m")
        elif path != "node":
            said.append(f"sh:path {PATHS[path](r)}")
        said.append({**ANYWHERE, **OF_PATHS}[component](r))
        texts.append(" ;\n  ".join(said) + f" ; a sh:{'NodeShape' if path == 'node' else 'PropertyShape'} .")
        made.append(Made(f"{EX}S{number}", component, path, severity))
    return Batch(_parsed(graph(r)), _parsed("\n".join(texts)), tuple(made))


def _parsed(text: str) -> tuple[ox.Triple, ...]:
    return tuple(quad.triple for quad in ox.parse(PREFIXES + text, ox.RdfFormat.TURTLE, rename_blank_nodes=True))


# ---------------------------------------------------------------------- queries

_PATTERNS = (
    "$this {p} ?value",
    "$this {p} ?value . OPTIONAL {{ ?value {q} ?x }} FILTER(!BOUND(?x))",
    "$this {p} ?value . FILTER NOT EXISTS {{ ?value {q} ?x . ?x {r} ?y }}",
    "$this {p} ?value . FILTER NOT EXISTS {{ $this {q} ?x . ?x {r} ?value }}",
    "$this {p} ?x . ?x {q} ?value . FILTER NOT EXISTS {{ ?y {r} $this . ?y a ex:C0 }}",
    "$this {p} ?value . FILTER EXISTS {{ ?value {q} ?x . FILTER(?x != $this) }}",
    "{{ $this {p} ?value }} UNION {{ ?value {q} $this }}",
    "{{ $this {p} ?value FILTER(ISIRI(?value)) }} UNION {{ $this {q} ?value FILTER(?value != $this) }}",
    "?value {p} ?x . FILTER(?x = $this)",
    "$this {p} ?x . BIND($this AS ?value) FILTER(ISIRI(?x))",
    "{{ $this {p} ?x }} BIND(IF(ISIRI(?x), ?x, $this) AS ?value)",
    "$this {p}+ ?value . FILTER(?value != $this)",
    "$this ({p}|^{q})/{r} ?value",
    "$this {p} ?x OPTIONAL {{ $this {q} ?value FILTER(ISIRI(?value)) }}",
    "$this {p} ?value . FILTER($this IN (ex:n0, ex:n1, ex:n2, ex:n3))",
    "{{ SELECT $this ?value WHERE {{ $this {p} ?value . FILTER(ISLITERAL(?value)) }} }}",
    "$this a ?value . FILTER NOT EXISTS {{ $this {p} ?x FILTER NOT EXISTS {{ ?x {q} ?y }} }}",
    "$this $PATH ?value . FILTER NOT EXISTS {{ ?value {q} ?x }}",
    "$this {p} ?x . [] {q} ?x ; {r} ?value",
    "$this {p} ?a , ?value . FILTER(!ISBLANK(?a) && !ISBLANK(?value) && STR(?a) < STR(?value))",
)
_COUNTS = (
    "SELECT $this (COUNT(DISTINCT ?x) AS ?n) WHERE {{ $this {p} ?x . }} GROUP BY $this HAVING (COUNT(DISTINCT ?x) > 1)",
    "SELECT $this (COUNT(?x) AS ?n) WHERE {{ ?x {p} $this . ?x {q} ?y }} GROUP BY $this HAVING (COUNT(?x) > 1)",
)


def asked(seed: int, several: int = 20) -> Batch:
    """A batch of shapes that judge by queries."""
    r = Random(seed)
    texts: list[str] = []
    made: list[Made] = []
    for number in range(several):
        names = dict(zip("pqr", r.choices(PROPERTIES, k=3), strict=True))
        severity = r.choice(SEVERITIES)
        place = r.randrange(len(_PATTERNS) + len(_COUNTS))
        pattern = _PATTERNS[place] if place < len(_PATTERNS) else ""
        query = f"SELECT DISTINCT $this ?value WHERE {{ {pattern.format(**names)} }}"
        if not pattern:
            query = _COUNTS[place - len(_PATTERNS)].format(**names)
        path = r.choice(tuple(PATHS)) if "$PATH" in query else "node"
        said = [f"ex:S{number} sh:severity sh:{severity}", target(r).replace('""', '"q"')]
        if path != "node":
            said.append(f"sh:path {PATHS[path](r)}")
        said.append(f'sh:sparql [ sh:prefixes ex: ; sh:select """{query}""" ]')
        texts.append(" ;\n  ".join(said) + f" ; a sh:{'NodeShape' if path == 'node' else 'PropertyShape'} .")
        made.append(Made(f"{EX}S{number}", f"sparql-{place}", path, severity))
    texts.append('ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://x.example/"^^xsd:anyURI ] .')
    return Batch(_parsed(graph(r, KEPT)), _parsed("\n".join(texts)), tuple(made))
