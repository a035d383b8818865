"""The basis of a report: one validated input, whole or the part that one party may see."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from graphsc.analysis.risk import Assessment
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.coverage.statements import Statement
from graphsc.derivation import Rule as DerivationRule
from graphsc.duties.duties import Duty
from graphsc.graph.dataset import Dataset
from graphsc.sources.model import Sources
from graphsc.validation import Report, Rule, wording


@dataclass(frozen=True)
class View:
    """A validated input with all results.

    ``labels`` names every IRI; ``party`` is the IRI of the party that the report is for, if any: then everything else is what
    that party may see. ``statements`` are the guide's, by id.
    """

    dataset: Dataset
    sources: Sources
    settings: Settings
    report: Report
    rules: Mapping[str, Rule]
    duties: Sequence[Duty]
    assessment: Assessment
    derivation: Sequence[DerivationRule]
    labels: Mapping[str, Text]
    statements: Mapping[str, Statement] = field(default_factory=dict)
    party: str | None = None

    @property
    def as_of(self) -> date:
        """The evaluation date."""
        return self.report.as_of

    def name(self, iri: str) -> Text:
        """The name of a thing."""
        if iri not in self.report.labels:
            return self.labels[iri]
        return Text.per_language(lambda language: wording.label(self.report, iri, language))


def short_hash(text: str) -> str:
    """A short hash of a text, for the ids of a page."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
