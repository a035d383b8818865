"""The risk of an input on a day, for every rendering: the measures, and the names of the nodes in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graphsc.analysis.risk import Risk
from graphsc.analysis.thresholds import HhiThresholds
from graphsc.core.identifiers import absolute
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import COUNTRY, LOCATION
from graphsc.graph.labels import Labels
from graphsc.sources import Sources


@dataclass(frozen=True)
class Assessment:
    """The measures, their sources, and the names of nodes.

    ``problems`` name the input that could not be read and is missing from the figures; ``base`` completes the ids of `named`.
    """

    as_of: date
    sources: Sources
    problems: tuple[Problem, ...]
    risk: Risk
    labels: Labels
    base: str
    thresholds: HhiThresholds

    def label(self, node: str) -> Text:
        """The name of a node, for a person."""
        return self.labels[node]

    def named(self, text: str) -> list[str]:
        """The nodes that a text may mean: by IRI, by id, by country code, or by name in either language."""
        nodes = {*self.risk.graph, *self.risk.access}
        for exact in (text, absolute(text, self.base), COUNTRY + text.upper()):
            if exact in nodes:
                return [exact]
        ends = tuple(mark + text for mark in "/#:")
        result = sorted(node for node in nodes if node.endswith(ends) and not node.startswith((COUNTRY, LOCATION)))
        if result:
            return result
        name = text.casefold()
        return sorted(
            node for node in nodes if any(self.labels[node][language].casefold() == name for language in Language)
        )
