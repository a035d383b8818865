"""Search over everything that has a name: things, rules, statements, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, G
from graphsc.coverage.statements import statements
from graphsc.graph.dataset import SOURCE_PREFIX, plain
from graphsc.graph.labels import readable
from graphsc.rendering.contract import written
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.paging import paged
from graphsc.web.visit import Visit
from graphsc.web.words import WORDS

_BLANK = str.maketrans("\t\n", "  ")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that can be looked for: its kind, and in words; what it is called, its path or IRI, the text that is searched.

    In the text each of its names stands between tabs, and then all else.
    """

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
    """The hits, best first: names that are just that, then those that begin so, then the rest."""
    wanted = words.casefold()
    hits = searched(state)
    for word in sorted(wanted.split(), key=len, reverse=True):  # the longest is likely in the fewest
        hits = [hit for hit in hits if word in hit.text]
    return sorted(hits, key=lambda hit: (f"\t{wanted}\t" not in hit.text, f"\t{wanted}" not in hit.text))


def searched(state: State) -> Sequence[Hit]:
    """What can be looked for in a state, in order of its name."""
    return state.once("search", lambda: sorted(_hits(state), key=lambda hit: (hit.label.da, hit.target)))


def _hits(state: State) -> Iterator[Hit]:
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


def _hit(kind: str, label: Text, target: str, more: str = "", sort: Text | None = None) -> Hit:
    names = dict.fromkeys(name.casefold().translate(_BLANK) for name in (label.da, label.en, target))
    return Hit(kind, sort or WORDS[f"kind_{kind}"], label, target, "\t".join(("", *names, f" {more.casefold()}")))


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
