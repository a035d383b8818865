"""Graphs made in memory: facts written as short tuples, loaded, derived from and judged like a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from graphsc import graph
from graphsc.derivation import derive
from graphsc.graph import Dataset
from graphsc.settings import Settings
from graphsc.sources.model import Places, Positions, Source, Sources
from graphsc.validation import Report, validate
from graphsc.vocabulary import RDF_TYPE, ROOT, XSD_BOOLEAN, XSD_DATE, G

W = "https://w.example/"
AS_OF = date(2025, 6, 15)

Fact = tuple[str, str, str | date | bool]
"""Subject, property and value by their short names; ``a`` is the class; a value with ``/`` is a concept, with ``'`` a text."""


def term(value: str | date | bool) -> ox.NamedNode | ox.Literal:
    """The term that a value of a fact stands for."""
    if isinstance(value, bool):
        return ox.Literal(str(value).lower(), datatype=ox.NamedNode(XSD_BOOLEAN))
    if isinstance(value, date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD_DATE))
    if value.startswith("'"):
        return ox.Literal(value[1:])
    return ox.NamedNode((ROOT if "/" in value else W) + value)


def triple(fact: Fact) -> ox.Triple:
    """The triple that a fact stands for."""
    subject, predicate, value = fact
    if predicate == "a":
        return ox.Triple(ox.NamedNode(W + subject), ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{G}{value}"))
    return ox.Triple(ox.NamedNode(W + subject), ox.NamedNode(G + predicate), term(value))


@dataclass(frozen=True, slots=True)
class World:
    """A judged graph."""

    dataset: Dataset
    report: Report

    def ask(self, pattern: str) -> set[tuple[str, ...]]:
        """The rows of a question, with short names."""
        rows = self.dataset.select(f"PREFIX g: <{G}> SELECT DISTINCT {pattern}")
        return {tuple(short(term.value) for term in row.values()) for row in rows}

    def found(self, *codes: str) -> set[tuple[str, str, str | None]]:
        """Code, subject and value of what was found by these rules (by all when none is named)."""
        return {
            (f.code, short(f.subject), f.value and short(f.value))
            for f in self.report.findings
            if not codes or f.code in codes
        }

    def derived(self, known: set[str] | None = None) -> set[ox.Triple]:
        """What the rules derived, about known nodes only where those are given."""
        found = set()
        for quad in self.dataset.store:
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(graph.RULE_PREFIX):
                names = [n.value for n in (quad.subject, quad.object) if isinstance(n, ox.NamedNode)]
                if known is None or all(name in known for name in names if name.startswith(W)):
                    found.add(quad.triple)
        return found


def short(text: str) -> str:
    """A name without its namespace."""
    return text.removeprefix(W).removeprefix(ROOT).removeprefix(G)


def world(*sources: Iterable[Fact], as_of: date = AS_OF) -> World:
    """Load, derive and judge facts; each argument is a source of its own."""
    made = []
    for number, facts in enumerate(sources):
        name = f"{graph.SOURCE_PREFIX}{number}"
        node = ox.NamedNode(name)
        quads = [ox.Quad(t.subject, t.predicate, t.object, node) for t in map(triple, facts)]
        made.append(Source(f"{number}", name, "", quads, Positions(f"{number}", Places())))
    settings = Settings(as_of=as_of)
    read = Sources(made, [])
    dataset = graph.load(read, settings)
    derive(dataset)
    report, _ = validate(dataset, read, settings)
    return World(dataset, report)
