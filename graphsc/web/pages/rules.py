"""The rules: what each asks for, why, and its outcome."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from graphsc.coverage.statements import readings
from graphsc.rendering import explanation as pages
from graphsc.validation import selected
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.visit import NoSuchPage, Visit


def page(visit: Visit) -> Page:
    """Every rule in force."""
    state = visit.state
    judged_rules = [rule for rule in state.rules.values() if selected(rule.code, state.opened.settings)]
    context = {"chosen": judged_rules, "outcomes": {outcome.code: outcome for outcome in state.report.rules}}
    return Page(
        "rules.html",
        context,
        json=lambda: pages.as_json(judged_rules),
        triples=lambda: (triple for rule in judged_rules for triple in _triples(visit, rule.iri)),
    )


def detail(visit: Visit) -> Page:
    """The page of a rule. Raises NoSuchPage."""
    state = visit.state
    rule = state.rules.get(visit.path.rpartition("/")[2])
    if rule is None:
        raise NoSuchPage
    context = {
        "rule": rule,
        "message": pages.template(rule.message[visit.language]),
        "provisions": [pages.provision(reference) for reference in rule.references],
        "read": state.memo(("read", rule.iri), lambda: readings(state.opened.dataset, rule.iri)),
        "outcome": next((outcome for outcome in state.report.rules if outcome.code == rule.code), None),
        "findings": choices.findings_index(state).having({"rule": rule.code}),
    }
    return Page(
        "rule.html",
        context,
        json=lambda: pages.as_json([rule]),
        triples=lambda: _triples(visit, rule.iri),
    )


def _triples(visit: Visit, iri: str) -> Iterable[ox.Triple]:
    """The triples of a rule in the knowledge, with its blank nodes."""
    knowledge = visit.state.opened.dataset.partial
    for quad in knowledge.quads_for_pattern(ox.NamedNode(iri), None, None, None):
        yield quad.triple
        if isinstance(quad.object, ox.BlankNode):
            yield from (inner.triple for inner in knowledge.quads_for_pattern(quad.object, None, None, None))
