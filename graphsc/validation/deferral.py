"""Findings on agreements from before a day that the organisation has set: they are reported, but fail no run.

An agreement without a date does not count as old, and a finding that is also about a new agreement is not deferred.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from graphsc.core.identifiers import named
from graphsc.core.resources import knowledge_text
from graphsc.core.vocabulary import RDF_TYPE, G
from graphsc.graph.dataset import Dataset, plain
from graphsc.validation.findings import Finding


def defer(findings: Iterable[Finding], dataset: Dataset, judged_from: date) -> tuple[Finding, ...]:
    """The findings; those that are only about agreements from before the day are marked with the first of these."""
    began: dict[str, str] = {}
    for row in dataset.select(knowledge_text("ontology/context/agreements-begun.rq")):
        agreement = plain(row["agreement"])
        began[agreement] = max(plain(row["began"]), began.get(agreement, ""))  # of two the later is the cautious one
    roots = {*began, *dataset.subjects(RDF_TYPE, G + "RootAgreement")}
    old = {agreement for agreement, day in began.items() if day < judged_from.isoformat()}
    return tuple(_deferred(finding, _agreements(finding, dataset, roots), old) for finding in findings)


def _deferred(finding: Finding, about: set[str], old: set[str]) -> Finding:
    return replace(finding, deferred=min(about)) if finding.counts and about and about <= old else finding


def _agreements(finding: Finding, dataset: Dataset, roots: set[str]) -> set[str]:
    """The root agreements that a finding is about: the one on top of its chain, the one it names, or the one whose records it is in."""
    mentioned = {iri for iri in (*finding.path[:1], finding.value) if iri in roots}
    if mentioned:
        return mentioned
    if named(finding.focus) is None:  # a finding about the run itself, or about a value
        return set()
    return dataset.values(finding.focus, G + "keeper")
