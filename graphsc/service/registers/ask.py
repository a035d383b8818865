"""The inquiry to a supplier: its part of the chain, and what is missing in it."""

from __future__ import annotations

from pyoxigraph import NamedNode

from graphsc.core.resources import knowledge_text
from graphsc.core.text import Language
from graphsc.graph.dataset import plain
from graphsc.graph.differences import fact
from graphsc.rendering.register.content import content
from graphsc.rendering.register.inquiry import Inquiry
from graphsc.service import validate
from graphsc.service.opened import Opened
from graphsc.service.report.scope import party_of, redactor, scope, visible_quads
from graphsc.sources.model import Source, Sources

_GRAPH = NamedNode("urn:graphsc:source:asked")
OF_OTHERS = knowledge_text("ontology/report/evidence-of-others.rq")
"""The evidence that a supplier, ``party``, cannot answer for."""


def ask(opened: Opened, name: str) -> Inquiry:
    """The inquiry to a supplier, with only what it may see of the register. Raises UnknownNameError."""
    party = party_of(opened, name)
    quads = [quad for source in opened.sources.sources for quad in source.asserted()]
    seen = scope(opened.dataset, party)
    report, rules = validate(opened)
    cleaner = redactor(opened.dataset, seen, frozenset(rule.iri for rule in rules.values()))
    shown = visible_quads(quads, seen, cleaner)
    visible_sources = Sources([Source.unplaced(shown, _GRAPH)], [], concepts=opened.sources.concepts)
    facts = dict.fromkeys(map(fact, shown))
    arranged = content(visible_sources, language=Language.DA, additions=opened.additions.triples)
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
