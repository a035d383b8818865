"""Random graphs, seeded, with the terms, paths and targets of shapes on them."""

from __future__ import annotations

from collections.abc import Sequence
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
    *('"a"', '"ab"', '"abc"', '"B c"', '""', '"a"@en', '"b"@en', '"b"@en-GB', '"c"@da', '"d"@da'),
    *("1", '"01"^^xsd:integer', "2", "7", "4.0", "4", '"2.50"^^xsd:decimal', '"3"^^xsd:byte', '"300"^^xsd:byte'),
    *('"x"^^xsd:integer', "true", '"1"^^xsd:boolean', "1.5e0"),
    *('"2026-01-02"^^xsd:date', '"2026-02-31"^^xsd:date', '"2025-12-31"^^xsd:date', '"2026-01-02T03:04:05"^^xsd:dateTime'),
)  # fmt: skip
# A query judges what literals mean, and a result shows that: of these a store keeps the form too.
KEPT = ('"a"', '"ab"', '"B c"', '"a"@en', '"c"@da', '"d"@da', "1", "2", "7", "2.5", "true", '"2026-01-02"^^xsd:date')
NUMBERS = ("1", '"01"^^xsd:integer', "2", "7", "4.0", '"2.50"^^xsd:decimal')
LIMITS = (*NUMBERS, "0", "9", '"ab"', '"2026-01-02"^^xsd:date')
# A literal of each datatype that is asked for.
DATATYPES = {
    '"ab"': "string", "7": "integer", '"2.50"^^xsd:decimal': "decimal", '"3"^^xsd:byte': "byte", "true": "boolean",
    '"2026-01-02"^^xsd:date': "date",
}  # fmt: skip
ALONE, ONLY = "ex:alone", "ex:only"
"""Nodes that lead to themselves and nowhere else: one by each property, the other by one."""
# A path by its kind: of a property that leads on and a last one.
PATHS: dict[str, str] = {
    "predicate": "{last}",
    "inverse": "[ sh:inversePath {step} ]",
    "sequence": "( {step} {last} )",
    "alternative": "[ sh:alternativePath ( {step} {last} ) ]",
    "zeroOrMore": "[ sh:zeroOrMorePath {step} ]",
    "oneOrMore": "[ sh:oneOrMorePath {step} ]",
    "zeroOrOne": "[ sh:zeroOrOnePath {last} ]",
    "nested": "( [ sh:zeroOrMorePath [ sh:inversePath {step} ] ] {last} )",
}
OF_ITSELF = ("node", "zeroOrMore", "zeroOrOne")
"""The focus node is one of the values itself."""


class Draw(Random):
    """Chance, and what a batch and a shape are about.

    ``fits`` are the few terms of a batch that its graph, its targets and its shapes all name, so that they meet.
    ``aimed`` is the one that a shape's target leads to, ``leading`` the nodes that lead to one by every property, and to
    nothing else. ``walked`` is the path of a shape.
    """

    def __init__(self, seed: int, literals: Sequence[str] = LITERALS) -> None:
        super().__init__(seed)
        self.literals = literals
        in_use = {*literals, *(NUMBERS if literals is LITERALS else ())}
        self.fits = {
            "number": self.choice([number for number in NUMBERS if number in in_use]),
            "text": self.choice([literal for literal in literals if literal.endswith('"') and literal != '""']),
            "tagged": self.choice([literal for literal in literals if "@" in literal]),
            "typed": self.choice([literal for literal in DATATYPES if literal in in_use]),
            "any": self.choice(literals),
            "node": self.choice(NODES),
        }
        self.leading: dict[str, str] = {}
        self.only = self.choice(PROPERTIES)
        self.aimed = self.severity = self.walked = ""

    @property
    def often(self) -> tuple[str, ...]:
        """The terms that a batch is about."""
        return (*self.fits.values(), ALONE)

    def term(self) -> str:
        """Any term."""
        return self.choice((*NODES, *LITERALS))

    def path(self, kind: str, steps: Sequence[str] = PROPERTIES, lasts: Sequence[str] = PROPERTIES) -> str:
        """A path of a kind."""
        return PATHS[kind].format(step=self.choice(steps), last=self.choice(lasts))


def graph(r: Draw) -> str:
    """A graph in Turtle, with blank nodes and literals of all sorts."""
    lines = ["ex:C1 rdfs:subClassOf ex:C0 . ex:C2 rdfs:subClassOf ex:C1 ."]
    things = (*NODES, "_:a", "_:b")
    lines += [f"{node} a ex:C{r.randrange(4)} ." for node in things if r.random() < 0.7]
    for _ in range(34):
        value = r.choice((*things, *r.often, *r.choices(r.literals, k=6)))
        lines.append(f"{r.choice(things)} {r.choice(PROPERTIES)} {value} .")
    tagged = [literal for literal in r.literals if "@" in literal]
    lines += [f"{r.choice(things)} {r.choice(PROPERTIES)} {r.choice(tagged)} ." for _ in range(6)]
    amounts = [number for number in NUMBERS if r.literals is LITERALS or number in r.literals]
    lines += [f"{r.choice(things)} ex:m {r.choice(amounts)} ." for _ in range(7)]
    lines += [f"{r.choice(things)} ex:k {r.choice((*amounts, '9', '9'))} ." for _ in range(7)]
    lines += [f"{r.choice(NODES)} ex:l {r.choice(NODES)} ." for _ in range(8)]
    lines.append(f"{ALONE} a ex:C2 , ex:Alone . {ONLY} a ex:Only ; {r.only} {ONLY} .")
    for predicate in PROPERTIES:
        lines.append(f"{ALONE} {predicate} {ALONE} .")
        lines += [f"{node} {predicate} {value} ." for node, value in r.leading.items()]
    return "\n".join(lines)


def aimed(r: Draw, among: Sequence[str], path: str) -> str:
    """A node that leads by a kind of path to one of some fits and to nothing else; the fit itself if no step is one."""
    name = r.choice(among)
    if path == "inverse" or name not in {*r.fits, "twice"}:
        r.aimed = ONLY if name == "only" else ALONE
        return r.aimed
    r.aimed = r.fits.get(name, '"c"@da')
    if path in OF_ITSELF and name != "twice":
        return r.aimed
    value = r.fits.get(name, '"c"@da, "d"@da')
    if path != "sequence":
        r.leading[f"ex:to-{name}"] = value
        return f"ex:to-{name}"
    r.leading |= {f"ex:far-{name}": f"ex:near-{name}", f"ex:near-{name}": value}
    return f"ex:far-{name}"


def target(r: Draw) -> str:
    """A target declaration; half of them one node, so that enough shapes are conformed to."""
    r.aimed = r.choice(r.often)
    single_node = f"sh:targetNode {r.choice((*NODES, ALONE, ALONE))}"
    return r.choice((
        single_node, single_node, single_node, single_node, f"sh:targetClass ex:C{r.choice((1, 2, 3, 3))}",
        f"sh:targetNode {r.choice(NODES)} , {r.term()}", f"sh:targetSubjectsOf {r.choice(PROPERTIES)}",
        f"sh:targetObjectsOf {r.choice(PROPERTIES)}",
    ))  # fmt: skip


def parsed(text: str) -> tuple[ox.Triple, ...]:
    """The triples of a text in Turtle, with the prefixes above."""
    return tuple(quad.triple for quad in ox.parse(PREFIXES + text, ox.RdfFormat.TURTLE, rename_blank_nodes=True))
