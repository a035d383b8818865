"""Search over everything that has a name: things, rules, statements, findings."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, G, local_name
from graphsc.graph.dataset import SOURCE_PREFIX, plain
from graphsc.graph.labels import readable
from graphsc.rendering.contract import both, written
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.pages.measures import covered
from graphsc.web.visit import Visit
from graphsc.web.words import WORDS

_MOST = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that can be looked for: its kind, and in words; what it is called, its path or IRI, the text that is searched."""

    kind: str
    sort: Text
    label: Text
    target: str
    text: str

    def address(self, visit: Visit) -> str:
        """Where it is."""
        return visit.addresses.of(self.target) if self.kind == "thing" else visit.addresses.page(self.target)


def page(visit: Visit) -> Page:
    """What is like the words asked for: all of them must be there."""
    asked = visit.query.get("q", "").strip()[:200]
    hits = search(visit.state, asked) if asked else []
    return Page(
        "search.html",
        {"asked": asked, "hits": hits[:_MOST], "more": max(0, len(hits) - _MOST)},
        json=lambda: written(
            {
                "schema": "graphsc.search/1",
                "asked": asked,
                "hits": [
                    {"kind": hit.kind, "label": both(hit.label), "address": hit.address(visit)} for hit in hits[:_MOST]
                ],
                "truncated": len(hits) > _MOST,
            }
        ),
    )


def search(state: State, asked: str) -> list[Hit]:
    """The hits, best first: names that are just that, then those that begin so, then the rest."""
    every = state.once("search", lambda: _index(state))
    wanted = asked.casefold()
    words = wanted.split()
    hits = [hit for hit in every if all(word in hit.text for word in words)]

    def order(hit: Hit) -> tuple[bool, bool, str, str]:
        names = (hit.label.da.casefold(), hit.label.en.casefold(), hit.target.casefold())
        return wanted not in names, not any(name.startswith(wanted) for name in names), hit.label.da, hit.target

    return sorted(hits, key=order)


def _index(state: State) -> list[Hit]:
    things = _things(state)
    hits = [
        _hit("thing", state.name(iri), iri, readable(iri), local_name(iri), sort=things[iri]) for iri in sorted(things)
    ]
    hits += [
        _hit("rule", Text(f"{rule.code} {rule.title.da}", f"{rule.code} {rule.title.en}"), f"rules/{rule.code}")
        for rule in state.rules.values()
    ]
    hits += [
        _hit(
            "statement",
            Text(f"{statement.id} {statement.text.da}", f"{statement.id} {statement.text.en}"),
            f"statements/{statement.id}",
        )
        for statement in covered(state).statements.values()
    ]
    hits += [
        _hit("finding", finding.message, f"findings/{finding.fingerprint}", finding.code, finding.fingerprint)
        for finding in state.report.findings
    ]
    return hits


def _hit(kind: str, label: Text, target: str, *more: str, sort: Text | None = None) -> Hit:
    return Hit(
        kind, sort or WORDS[f"kind_{kind}"], label, target, " ".join((label.da, label.en, target, *more)).casefold()
    )


def _things(state: State) -> dict[str, Text]:
    """What the sources say something of, and the terms, each with the sort of thing that it is."""
    dataset = state.opened.dataset
    terms = dataset.knowledge.quads_for_pattern(None, None, None, None)
    known = (q.subject.value for q in terms if isinstance(q.subject, ox.NamedNode))
    result = {iri: WORDS["kind_term"] for iri in known if iri.startswith(G)}
    for graph in dataset.store.named_graphs():
        if isinstance(graph, ox.NamedNode) and graph.value.startswith(SOURCE_PREFIX):
            quads = dataset.store.quads_for_pattern(None, None, None, graph)
            for quad in quads:
                if isinstance(quad.subject, ox.NamedNode):
                    result.setdefault(quad.subject.value, WORDS["kind_thing"])
                    if quad.predicate.value == RDF_TYPE:
                        result[quad.subject.value] = state.labels[plain(quad.object)]
    return result
