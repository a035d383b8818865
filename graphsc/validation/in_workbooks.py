"""The rows of workbooks for the things in findings, so that the remedy can name sheet and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from graphsc.core.problems import Location
from graphsc.sources.files import WORKBOOKS
from graphsc.sources.model import Sources
from graphsc.sources.terms import normal
from graphsc.sources.workbook.layout import is_single_name, referring
from graphsc.validation.findings import Finding, Standing


def in_workbooks(findings: Iterable[Finding], sources: Sources) -> dict[str, Standing]:
    """The things that the findings mention and that are in a workbook; empty where no workbook was read."""
    if not any(Path(source.file).suffix.lower() in WORKBOOKS for source in sources.sources):
        return {}
    words = {iri: written for source in sources.sources for iri, written in source.words.items()}
    names = Counter(normal(name) for written in words.values() for name in {*written})
    result = {}
    for iri in {iri for finding in findings for iri in _mentioned(finding)}:
        location = sources.locate(iri) if ":" in iri else None
        if location is not None and location.cell is not None:
            result[iri] = standing_of(location, words.get(iri, ()), names)
    return result


def _mentioned(finding: Finding) -> Iterator[str]:
    actor = finding.actor
    yield from (finding.subject, finding.focus, *(text for _, text in finding.bound), *finding.consequences)
    yield from (iri for iri in (finding.value, actor.organisation, actor.person) if iri is not None)


def standing_of(location: Location, written: tuple[str, ...], names: Mapping[str, int]) -> Standing:
    """A row is referred to by its name if no other row has it and a cell is read as that name, else by name and id.

    ``written`` are its names, the name first and the id last; ``names`` is how many rows have each name.
    """
    if not written:
        return Standing(location, None)
    if names.get(normal(written[0]), 0) <= 1 and is_single_name(written[0]):
        return Standing(location, written[0])
    return Standing(location, written[-1] if len(written) == 1 else referring(written[0], written[-1]))
