"""Random shapes that judge by queries, seeded: SPARQL-based constraints on node shapes and on every kind of path."""

from __future__ import annotations

from collections.abc import Sequence

from shacl_generation import Batch, GeneratedShape, Kind
from shacl_graphs import ALONE, EX, KEPT, ONLY, PATHS, PROPERTIES, SEVERITIES, Draw, graph, parsed, target

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


# Components of the shapes graph's own. The reference engine binds ?value before it asks a SELECT, so none finds any other.
COMPONENTS = """
ex:Reaching a sh:ConstraintComponent ; sh:parameter [ sh:path ex:reaching ] ;
  sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes ex: ; sh:ask "ASK { $value $reaching ?x }" ] .
ex:Lacking a sh:ConstraintComponent ; sh:parameter [ sh:path ex:lacking ] ;
  sh:nodeValidator [ a sh:SPARQLSelectValidator ; sh:prefixes ex: ;
    sh:select "SELECT DISTINCT $this WHERE { $this $lacking ?x . FILTER (?x != $this) }" ] ;
  sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes ex: ;
    sh:select "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value . FILTER NOT EXISTS { ?value $lacking ?x } }" ] .
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://x.example/"^^xsd:anyURI ] .
"""
OWN = ("reaching", "lacking")


def query_kinds() -> list[Kind]:
    """Every kind of shape that judges by a query: by the number of its pattern, or the name of its component."""
    paths = {
        f"sparql-{place}": tuple(PATHS) if "$PATH" in pattern else ("node",)
        for place, pattern in enumerate((*_PATTERNS, *_COUNTS))
    } | dict.fromkeys(OWN, ("node", *PATHS))
    return [(component, path, severity) for component in paths for path in paths[component] for severity in SEVERITIES]


def query_based(seed: int, several: int = 20, among: Sequence[Kind] = ()) -> Batch:
    """A batch of shapes that judge by queries, of each kind in turn, or of some."""
    r = Draw(seed, KEPT)
    texts: list[str] = []
    generated: list[GeneratedShape] = []
    choices = among or query_kinds()
    for number in range(several):
        component, path, severity = choices[(seed * several + number) % len(choices)]
        lines = [f"ex:S{number} sh:severity sh:{severity}", _target(r)]
        if path != "node":
            lines.append(f"sh:path {r.path(path)}")
        lines.append(_judged(r, component))
        texts.append(" ;\n  ".join(lines) + f" ; a sh:{'NodeShape' if path == 'node' else 'PropertyShape'} .")
        generated.append(GeneratedShape(f"{EX}S{number}", component, path, severity))
    return Batch(parsed(graph(r)), parsed("\n".join(texts) + COMPONENTS), tuple(generated))


def _target(r: Draw) -> str:
    if r.random() < 0.3:
        return r.choice(
            (f"sh:targetNode {ALONE}", "sh:targetClass ex:Alone", f"sh:targetNode {ONLY}", "sh:targetClass ex:Only")
        )
    return target(r).replace('""', '"q"')


def _judged(r: Draw, component: str) -> str:
    if component in OWN:
        return f"ex:{component} {r.choice(PROPERTIES)}"
    names = dict(zip("pqr", r.choices(PROPERTIES, k=3), strict=True))
    pattern = (*_PATTERNS, *_COUNTS)[int(component.removeprefix("sparql-"))].format(**names)
    query = pattern if pattern.startswith("SELECT") else f"SELECT DISTINCT $this ?value WHERE {{ {pattern} }}"
    return f'sh:sparql [ sh:prefixes ex: ; sh:select """{query}""" ]'
