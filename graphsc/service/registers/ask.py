"""The inquiry to a supplier: its part of the chain, and what is missing in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from graphsc.core.problems import Problem
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Language, Text
from graphsc.graph.dataset import plain
from graphsc.graph.differences import fact
from graphsc.service import validate
from graphsc.service.opened import Opened
from graphsc.service.report.scope import party_of, redactor, scope, visible_quads
from graphsc.sources.model import Source, Sources
from graphsc.sources.workbook.content import Content, content

_GRAPH = NamedNode("urn:graphsc:source:asked")
OF_OTHERS = knowledge_text("ontology/report/evidence-of-others.rq")
"""The evidence that a supplier, ``party``, cannot answer for."""

FACTS = "(spurgt - asked)"
"""The name of the sheet with the recorded facts; in brackets, so that it is not read as data."""
IDENTITY = {
    "party": "leverandør / supplier",
    "day": "spurgt den / asked on",
    "by": "besvaret af / answered by",
    "on": "besvaret den / answered on",
}
"""The labels on the first sheet of the party that was asked and the person who answered."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The inquiry to a supplier: the contents of its sheets, and the facts that are recorded today, as N-Triples.

    ``party`` is its IRI, ``whole`` are its things, which it may be asked about; ``findings`` are those that it or a
    subcontractor must act on: the thing, the message, and the remedy.
    """

    party: str
    day: date
    content: Content
    whole: frozenset[str]
    findings: tuple[tuple[str, Text, Text], ...]
    facts: tuple[tuple[str, str, str], ...]
    problems: tuple[Problem, ...]


def ask(opened: Opened, name: str) -> Inquiry:
    """The inquiry to a supplier, with only what it may see of the register. Raises UnknownNameError."""
    party = party_of(opened, name)
    quads = [quad for source in opened.sources.sources for quad in source.asserted()]
    seen = scope(opened.dataset, party)
    report, rules = validate(opened)
    cleaner = redactor(opened.dataset, seen, frozenset(rule.iri for rule in rules.values()))
    shown = visible_quads(quads, seen, cleaner)
    sources = opened.sources
    visible_sources = Sources([Source.unplaced(shown, _GRAPH, sources.base)], [], concepts=sources.concepts)
    facts = dict.fromkeys(map(fact, shown))
    arranged = content(
        visible_sources, language=Language.DA, base=opened.settings.base, additions=opened.additions.triples
    )
    titles = {code: rule.title for code, rule in rules.items()}
    answerable = [f for f in report.findings if f.counts and {f.subject, f.actor.organisation} <= seen.whole]
    return Inquiry(
        party,
        opened.settings.as_of,
        arranged,
        seen.whole - {plain(row["node"]) for row in opened.dataset.select(OF_OTHERS, party=NamedNode(party))},
        tuple((f.subject, cleaner.of(f.message), titles.get(f.code, f.remedy)) for f in answerable),
        tuple(facts),
        report.problems,
    )
