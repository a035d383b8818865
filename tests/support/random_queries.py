"""Random queries of random graphs, as a database answers them and as Oxigraph does."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pyoxigraph as ox
from backends import opened

from graphsc.core.vocabulary import XSD
from graphsc.graph.backend import Row, Unsupported
from graphsc.graph.dataset import Dataset
from graphsc.relational.database import Database

TERMS = [
    *(f"<https://x.example/{name}>" for name in ("a", "b", "c", "d%20e", "f")),
    *(
        '"a"',
        '"b"',
        '"B"',
        '""',
        '"ÆØå ſK"',
        '"a\\nb"',
        '" \u00a0a\u0085\u2003 "',
        '"q\\"\\\\"',
        '"a"@en',
        '"a"@da',
        '"true"',
    ),
    *(f'"{number}"^^<{XSD}integer>' for number in ("1", "2", "-3", "10", "1234567890123456789")),
    *(f'"{number}"^^<{XSD}decimal>' for number in ("1.5", "2", "0.1")),
    *(f'"{day}"^^<{XSD}date>' for day in ("2024-02-29", "2025-01-01", "2025-02-30", "2025-01-01Z")),
    *(f'"{truth}"^^<{XSD}boolean>' for truth in ("true", "false")),
    *(f'"1.0E0"^^<{XSD}double>', f'"2025-01-01T00:00:00"^^<{XSD}dateTime>', f'"NaN"^^<{XSD}double>', '"x"^^<urn:t>'),
]
NODES, PROPERTIES = TERMS[:5], [f"<https://x.example/p{number}>" for number in range(4)]
VARIABLES = ["?x", "?y", "?z", "?w"]
PATHS = ["{}*", "{}+", "{}?", "^{}", "{}/{}", "{}|{}", "{}/{}*", "{}?/{}", "^{}/{}+"]


class Queries:
    """Random queries."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.bound = 0

    def query(self) -> str:
        projected = " ".join(self.chance.sample(VARIABLES, self.chance.randint(1, 3)))
        if self.chance.random() < 0.15:
            aggregate = self.chance.choice(["COUNT(DISTINCT ?z)", "MIN(?z)", "MAX(?z)"])
            return f"SELECT DISTINCT ?x ({aggregate} AS ?n) WHERE {{ {self.group(2)} }} GROUP BY ?x"
        return f"SELECT DISTINCT {projected} WHERE {{ {self.group(3)} }}"

    def group(self, depth: int) -> str:
        parts = [self.triple() for _ in range(self.chance.randint(1, 2))]
        parts += [self.part(depth - 1) for _ in range(self.chance.randint(0, 2)) if depth > 1]
        return " ".join(parts)

    def triple(self) -> str:
        subject = self.chance.choice([*VARIABLES * 2, *NODES])
        verb = self.chance.choice([*PROPERTIES * 4, "?w"])
        if self.chance.random() < 0.2:
            path = self.chance.choice(PATHS)
            verb = path.format(*self.chance.choices(PROPERTIES, k=2))
        return f"{subject} {verb} {self.chance.choice([*VARIABLES * 8, *TERMS])} ."

    def part(self, depth: int) -> str:
        kind = self.chance.choice(
            ["FILTER"] * 4 + ["EXISTS"] * 3 + ["OPTIONAL"] * 2 + ["MINUS", "UNION", "VALUES", "BIND", "SELECT"]
        )
        match kind:
            case "FILTER":
                return f"FILTER ({self.truth(2)})"
            case "EXISTS":
                return f"FILTER {self.chance.choice(['NOT ', ''])}EXISTS {{ {self.group(depth)} }}"
            case "UNION":
                return f"{{ {self.group(depth)} }} UNION {{ {self.group(depth)} }}"
            case "VALUES":
                rows = " ".join(
                    f"({self.chance.choice([*TERMS, 'UNDEF'])} {self.chance.choice(NODES)})" for _ in range(3)
                )
                return f"VALUES (?x ?y) {{ {rows} }}"
            case "BIND":
                self.bound += 1
                if self.chance.random() < 0.3:
                    return f"BIND ({self.number()} AS ?b{self.bound}) FILTER (?b{self.bound} != {self.chance.choice(TERMS)})"
                return f"BIND ({self.text(1)} AS ?b{self.bound}) FILTER (STR(?b{self.bound}) != {self.chance.choice(TERMS[5:9])})"
            case "SELECT":
                return f"{{ SELECT DISTINCT ?x ?y WHERE {{ {self.group(depth)} }} }}"
        return f"{kind} {{ {self.group(depth)} }}"

    def truth(self, depth: int) -> str:
        some = self.chance.choice
        if depth and self.chance.random() < 0.4:
            return some(["({} || {})", "({} && {})", "(! {})"]).format(self.truth(depth - 1), self.truth(depth - 1))
        first, second = some(VARIABLES), some([*VARIABLES, *TERMS])
        forms = [f"{first} {sign} {second}" for sign in ("=", "!=", "<", ">", "<=", ">=")]
        forms += [
            f"{first} IN ({second}, {some(TERMS)})",
            f"BOUND({first})",
            first,
            f"isIRI({first})",
            f"sameTerm({first}, {second})",
        ]
        forms += (
            [f"isLiteral({first})", f"{name}({self.text(1)}, {self.text(1)})"]
            if (name := some(["CONTAINS", "STRSTARTS", "STRENDS"]))
            else []
        )
        forms += [
            f"STRLEN({self.text(1)}) {some(['=', '<', '>='])} {some([second, self.number()])}",
            f"{self.number()} = {some([second, self.text(1)])}",
        ]
        forms += [
            f"{self.text(1)} = {some([second, self.text(1)])}",
            f"EXISTS {{ {self.triple()} }}",
            f'REGEX(STR({first}), "^[a-c]")',
        ]
        forms += [
            f"COALESCE({first}, {second}) = {second}",
            f"COALESCE({first} < {second}, {some(['true', 'false'])})",
            f"DATATYPE({first}) = <{XSD}{some(['string', 'integer', 'date'])}>",
            f"STRENDS(STR(DATATYPE({first})), '{some(['String', 't', 'ing'])}')",
            f"IF({some(VARIABLES)} = {second}, {first}, {second}) = {second}",
        ]
        return some(forms)

    def number(self) -> str:
        some, variable = self.chance.choice, self.chance.choice(VARIABLES)
        return some([f"({variable} + 1)", f"({variable} + STRLEN({self.text(0)}))", f"STRLEN({self.text(1)})"])

    def text(self, depth: int) -> str:
        some, variable = self.chance.choice, self.chance.choice(VARIABLES)
        if not depth:
            return some([f"STR({variable})", variable, f"LANG({variable})", f'CONCAT("", {variable})', '"a"', '"é b"'])
        inner = self.text(depth - 1)
        return some([inner, f"LCASE({inner})", f"CONCAT({inner}, {self.text(0)})", f"ENCODE_FOR_URI({inner})", f"STR({inner})",
                     f'REPLACE({inner}, "[^a-z]+", " ")', f'REPLACE({inner}, "^\\\\s+|\\\\s+$", "")', f'STRBEFORE({inner}, {self.text(0)})', f'IRI(CONCAT("https://x.example/", ENCODE_FOR_URI({inner})))'])  # fmt: skip


def graphs(chance: random.Random) -> Iterator[Dataset]:
    while True:
        dataset = Dataset()
        triples = [
            f"{chance.choice(NODES)} {chance.choice(PROPERTIES)} {chance.choice(NODES if chance.random() < 0.6 else TERMS)} ."
            for _ in range(30)
        ]
        quads = ox.parse("\n".join(triples), ox.RdfFormat.N_TRIPLES)
        dataset.add(ox.NamedNode("urn:graphsc:source:1"), [quad.triple for quad in quads])
        yield dataset


def as_set(rows: Sequence[Row]) -> set[frozenset[tuple[str, object]]]:
    return {frozenset(row.items()) for row in rows}


def compared(database: Database, seed: int, number: int) -> float:
    """Compare so many queries on a random graph; the share of them that ran as SQL."""
    chance = random.Random(seed)
    dataset = next(graphs(chance))
    tables = opened(dataset, database)
    done = 0
    for _ in range(number):
        query = Queries(chance).query()
        try:
            rows = tables.rows(query)
        except Unsupported:
            continue
        assert as_set(rows) == as_set(dataset.run(query)), query
        done += 1
    return done / number
