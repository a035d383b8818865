"""Measures as facts: what the analysis finds, put into the dataset for questions and rules that read it."""

from __future__ import annotations

from graphsc.core.text import Text
from graphsc.graph.dataset import MEASURES, Dataset


def add_measures(dataset: Dataset) -> Text | None:
    """Put what the analysis finds into a derived dataset, once; what to say where the analysis is not installed."""
    if dataset.size(MEASURES):
        return None
    try:
        from graphsc.analysis.risk import measure
        from graphsc.analysis.triples import facts
    except ModuleNotFoundError as error:
        return Text(
            f"Risikomålene kan ikke regnes ud, for {error.name} mangler: pip install 'graphsc[risk]'.",
            f"The measures of risk cannot be worked out, since {error.name} is missing: pip install 'graphsc[risk]'.",
        )
    dataset.add(MEASURES, facts(measure(dataset)))
    return None
