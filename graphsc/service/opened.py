"""An opened input: sources that were read and a dataset with the derived facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from graphsc import relational
from graphsc.core.problems import Problem, by_place
from graphsc.core.settings import Settings
from graphsc.derivation import NeverEnding, derive
from graphsc.derivation import Rule as DerivationRule
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.service.own_knowledge import derivation_rules, faults, unused
from graphsc.sources import Sources
from graphsc.sources.own_knowledge import Additions


@dataclass(slots=True)
class Opened:
    """An opened input: the sources, the dataset with derived facts, and the settings.

    ``problems`` are those outside the sources, such as in the configuration or in rules that the organisation added;
    ``rules`` are the derivation rules that ran, ``additions`` the knowledge that the organisation added.
    """

    sources: Sources
    dataset: Dataset
    settings: Settings
    problems: list[Problem] = field(default_factory=list)
    rules: list[DerivationRule] = field(default_factory=list)
    additions: Additions = field(default_factory=Additions)

    @property
    def unread(self) -> tuple[Problem, ...]:
        """Everything that could not be read, by place."""
        return by_place({*self.problems, *self.sources.problems})


def work_out(sources: Sources, settings: Settings, additions: Additions, problems: Sequence[Problem]) -> Opened:
    """Run the derivation rules on sources, as of the evaluation date; ``problems`` are those so far."""
    dataset = loading.load(sources, settings, additions.triples)
    relational.choose(dataset, settings.executor)
    sources.read_from(dataset.store, dataset.asserted_in)
    rules, refused = derivation_rules(additions, dataset, settings)
    result = [*problems, *refused, *faults(additions, dataset, settings)]
    while True:
        try:
            derive(dataset, rules)
        except NeverEnding as error:  # the others are run without those
            result += [unused(additions, rule.name, error.why) for rule in error.rules]
            rules = [rule for rule in rules if rule.name not in {wrong.name for wrong in error.rules}]
            dataset.forget_derived()
        else:
            return Opened(sources, dataset, settings, result, rules, additions)


def as_of(opened: Opened, day: date) -> Opened:
    """The input as of another day: derived again, not read again."""
    settings = replace(opened.settings, as_of=day)
    dataset = loading.load(opened.sources, settings, opened.additions.triples)
    dataset.new_backend = opened.dataset.new_backend
    derive(dataset, opened.rules)
    return replace(opened, dataset=dataset, settings=settings)
