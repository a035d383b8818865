"""The text of a rule, its cases, and the sentences on how it reads the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.resources import cases, knowledge_files
from graphsc.core.text import Text
from graphsc.core.vocabulary import RULE
from graphsc.coverage.statements import Carrier
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import Labels
from graphsc.validation.result_messages import fill

_TURTLE = ("shapes", "ontology/obligations")
_QUERIES = {"derivation": "ontology/rules", "question": "queries"}


@dataclass(frozen=True, slots=True)
class RuleText:
    """The text of a rule or a query, and the file of the knowledge that has it."""

    file: str
    text: str


def rule_text(carrier: Carrier) -> RuleText | None:
    """The text of a check, an obligation, a derivation rule or a question; None for one that is not shipped."""
    if carrier.treatment in _QUERIES:
        folder = _QUERIES[carrier.treatment]
        for file in knowledge_files(folder, ".rq"):
            if file.name == f"{carrier.name}.rq":
                return RuleText(f"{folder}/{file.name}", _without_header(file))
        return None
    if not carrier.iri.startswith(RULE):
        return None
    start = f"rule:{carrier.iri.removeprefix(RULE)} "
    for folder in _TURTLE:
        for file in knowledge_files(folder, ".ttl"):
            block = _block(file.read_text(encoding="utf-8"), start)
            if block:
                return RuleText(f"{folder}/{file.name}", block)
    return None


def case_names(code: str) -> list[str]:
    """The names of the cases of a rule: each has a conforming graph and the one fact that violates the rule."""
    names = (file.name.removesuffix(".yaml") for file in cases())
    return sorted(name for name in names if name == code or name.startswith(f"{code}-"))


def _without_header(file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if not (line.startswith("# ") and sparql.header(line))]
    return "\n".join(body).strip()


def _block(text: str, start: str) -> str:
    """The lines of a Turtle file on a subject, from ``start`` to the full stop; empty when there are none."""
    result: list[str] = []
    quoted = False
    for line in text.splitlines():
        if not result and not line.startswith(start):
            continue
        result.append(line)
        quoted ^= line.count('"""') % 2 == 1
        if not quoted and line.rstrip().endswith("."):
            break
    return "\n".join(result)


def readings(dataset: Dataset, rule: str) -> list[Text]:
    """The sentences on how a rule, given as an IRI, reads the data, in the order of the files; from the knowledge alone."""
    labels = Labels(dataset)
    return [
        fill(sentence, {name: _named(term, labels) for name, term in row.items()})
        for query, sentence in _questions()
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
