"""Search in everything with a name: things, rules, statements, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.core.identifiers import SOURCE_PREFIX
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, G
from graphsc.coverage.statements import statements
from graphsc.graph.dataset import plain
from graphsc.graph.labels import readable
from graphsc.rendering.contract import written
from graphsc.web.answering import Page
from graphsc.web.desk import State, per_state
from graphsc.web.visit import Visit, paged
from graphsc.web.words import WORDS

_BLANK = str.maketrans("\t\n", "  ")


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result: its kind, the word for that, its label, and its path or IRI."""

    kind: str
    sort: Text
    label: Text
    target: str

    def address(self, visit: Visit) -> str:
        """The address of its page."""
        return visit.addresses.of(self.target) if self.kind == "thing" else visit.addresses.page(self.target)


def page(visit: Visit) -> Page:
    """The results for some words, all of which must match."""
    words = visit.query.get("q", "").strip()[:200]
    shown = paged(search(visit.state, words) if words else [], visit)
    return Page(
        "search.html",
        {"words": words, "shown": shown},
        json=lambda: written(
            {
                "schema": "graphsc.search/1",
                "asked": words,
                "hits": [{"kind": hit.kind, "label": hit.label, "address": hit.address(visit)} for hit in shown.rows],
                "truncated": shown.following is not None,
            }
        ),
        paged=shown,
    )


def search(state: State, words: str) -> list[Hit]:
    """The hits, best first: names that are equal, then names with that beginning, then all others."""
    every, folded = searched(state), words.casefold()
    places = [
        (f"\t{folded}\t" not in text, f"\t{folded}" not in text, place)
        for place, (_, text) in enumerate(every)
        if all(word in text for word in folded.split())
    ]
    return [every[place][0] for _, _, place in sorted(places)]


@per_state
def searched(state: State) -> Sequence[tuple[Hit, str]]:
    """All hits in order of their labels, each with its text: its names between tabs, then everything else."""
    return sorted(_hits(state), key=lambda pair: (pair[0].label.da, pair[0].target))


def _hits(state: State) -> Iterator[tuple[Hit, str]]:
    things = _things(state)
    for iri, sort in things.items():
        yield _hit("thing", state.name(iri), iri, readable(iri) if "%" in iri else "", sort=sort)
    for rule in state.rules.values():
        yield _hit("rule", Text(f"{rule.code} {rule.title.da}", f"{rule.code} {rule.title.en}"), f"rules/{rule.code}")
    for statement in statements(state.opened.dataset).values():
        label = Text(f"{statement.id} {statement.text.da}", f"{statement.id} {statement.text.en}")
        yield _hit("statement", label, f"statements/{statement.id}")
    for finding in state.report.findings:
        yield _hit("finding", finding.message, f"findings/{finding.fingerprint}", finding.code)


def _hit(kind: str, label: Text, target: str, more: str = "", sort: Text | None = None) -> tuple[Hit, str]:
    names = dict.fromkeys(name.casefold().translate(_BLANK) for name in (label.da, label.en, target))
    hit = Hit(kind, sort or WORDS[f"kind_{kind}"], label, target)
    return hit, "\t".join(("", *names, f" {more.casefold()}\n"))


def _things(state: State) -> dict[str, Text]:
    """The subjects of asserted statements, and the terms, each with the word for its kind."""
    dataset = state.opened.dataset
    terms = dataset.store.quads_for_pattern(None, None, None, None)
    subjects = (q.subject.value for q in terms if isinstance(q.subject, ox.NamedNode))
    result = {iri: WORDS["kind_term"] for iri in subjects if iri.startswith(G)}
    for graph in dataset.store.named_graphs():
        if isinstance(graph, ox.NamedNode) and graph.value.startswith(SOURCE_PREFIX):
            quads = dataset.store.quads_for_pattern(None, None, None, graph)
            for quad in quads:
                if isinstance(quad.subject, ox.NamedNode):
                    result.setdefault(quad.subject.value, WORDS["kind_thing"])
                    if quad.predicate.value == RDF_TYPE:
                        result[quad.subject.value] = state.labels[plain(quad.object)]
    return result
