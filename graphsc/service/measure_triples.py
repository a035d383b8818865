"""Measures as triples in the dataset, for questions and rules that need them."""

from __future__ import annotations

from graphsc.core.text import Text
from graphsc.graph.dataset import MEASURES, Dataset


def add_measures(dataset: Dataset) -> Text | None:
    """Add the measures to a derived dataset, once; a message where the analysis is not installed."""
    if dataset.size(MEASURES):
        return None
    try:
        from graphsc.analysis.risk import measure, risk_triples
    except ModuleNotFoundError as error:
        return Text(
            f"Risikomålene kan ikke regnes ud, for {error.name} mangler: pip install 'graphsc[risk]'.",
            f"The measures of risk cannot be worked out, since {error.name} is missing: pip install 'graphsc[risk]'.",
        )
    dataset.add(MEASURES, risk_triples(measure(dataset)))
    return None
