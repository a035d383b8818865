"""How a rule reads the data: what it is asked of, whose records count, and what is assumed where the data leave it open.

None of it is written down rule by rule. Each query of ``ontology/readings`` selects the rules (``?rule``) that read the data
in one way, from how they are defined; its header has the sentence, in which ``{?name}`` stands for a binding.
"""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.resources import knowledge_files
from graphsc.core.text import Text
from graphsc.graph.dataset import Dataset, Term, plain
from graphsc.graph.labels import Labels
from graphsc.validation.templates import fill


def readings(dataset: Dataset, rule: str) -> list[Text]:
    """The sentences on how a rule, an IRI, reads the data, in the order of the files; no source has a say in it."""
    labels = Labels(dataset)
    return [
        fill(said, {name: _named(term, labels) for name, term in row.items()})
        for query, said in _questions()
        for row in dataset.select_knowledge(query, rule=ox.NamedNode(rule))
    ]


@cache
def _questions() -> list[tuple[str, Text]]:
    """The queries and their sentences."""
    texts = [file.read_text(encoding="utf-8") for file in knowledge_files("ontology/readings", ".rq")]
    headers = [sparql.header(text) for text in texts]
    return [(text, Text(header["said.da"], header["said.en"])) for text, header in zip(texts, headers, strict=True)]


def _named(term: Term, labels: Labels) -> Text:
    return Text.same(term.value) if isinstance(term, ox.Literal) else labels[plain(term)]
