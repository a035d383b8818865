"""From the dataset to the access graph: the ways on for someone who has broken in at a party."""

from __future__ import annotations

from graphsc.analysis.exposure.access import Access, AccessGraph, likelihood
from graphsc.analysis.records import Strengths
from graphsc.core.resources import knowledge_text
from graphsc.graph.dataset import Dataset, plain


def access_graph(dataset: Dataset, strengths: Strengths) -> AccessGraph:
    """Who can get on to what in a derived dataset, as `ontology/analysis/access.rq` says.

    A step by an agreement, or by a party that runs a system, is as likely as its strength makes it
    (`access.likelihood`); one from a system to the data in it is certain. What is reached weighs as
    `ontology/analysis/worth.rq` says.
    """
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}
    for row in dataset.select(knowledge_text("ontology/analysis/worth.rq")):
        thing = plain(row["thing"])
        kinds[thing] = plain(row["kind"])
        weights[thing] = float(plain(row["worth"]))
    steps: list[Access] = []
    for row in dataset.select(knowledge_text("ontology/analysis/access.rq")):
        holder, reaches = plain(row["holder"]), plain(row["reaches"])
        for node in (holder, reaches):
            kinds.setdefault(node, "organisation")
        strength = strengths.of(plain(row["link"])) if "link" in row else None
        likely = likelihood(strength.value) if strength is not None else 1.0
        steps.append(Access(holder, reaches, likely, plain(row["right"])))
    return AccessGraph.build(kinds, steps, weights)
