"""Measures as facts: what the analysis finds, put into the dataset for questions and rules that read it."""

from __future__ import annotations

from graphsc.graph import MEASURES, Dataset
from graphsc.text import Text


def add_measures(dataset: Dataset) -> Text | None:
    """Put what the analysis finds into a derived dataset, once; what to say where the analysis is not installed."""
    if dataset.size(MEASURES):
        return None
    try:
        from graphsc.analysis.facts import facts
        from graphsc.analysis.risk import measure
    except ModuleNotFoundError as error:
        return Text(
            f"Risikomålene kan ikke regnes ud, for {error.name} mangler: pip install 'graphsc[risk]'.",
            f"The measures of risk cannot be worked out, since {error.name} is missing: pip install 'graphsc[risk]'.",
        )
    dataset.add(MEASURES, facts(measure(dataset)))
    return None
