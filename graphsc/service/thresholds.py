"""The thresholds that the guide leaves to the organisation: periods and limits."""

from __future__ import annotations

from typing import NamedTuple

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import PERIOD, G
from graphsc.graph.context import decimal
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import readable

_ALL = f"""SELECT DISTINCT ?threshold ?period WHERE {{
  {{ ?threshold a <{G}Parameter> ; <{G}period> ?period }} UNION {{ ?threshold a <{G}Limit> }}
}}"""


class Threshold(NamedTuple):
    """A threshold: its table of the settings, its name there, its IRI, and its value; empty for no limit."""

    table: str
    name: str
    iri: str
    value: str


def thresholds(dataset: Dataset, settings: Settings) -> list[Threshold]:
    """The limits and the parameters by name, with the value of the settings or else the default."""
    result: set[Threshold] = set()
    for row in dataset.select(_ALL):
        iri, default = plain(row["threshold"]), plain(row.get("period")).removeprefix(PERIOD)
        name = readable(iri)
        if default:
            result.add(Threshold("parameters", name, iri, settings.parameters.get(name, default)))
        else:
            limit = settings.limits.get(name)
            result.add(Threshold("limits", name, iri, "-" if limit is None else decimal(limit)))
    return sorted(result)
