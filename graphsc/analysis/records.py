"""Counts of the evidence on links and parties, and the strengths that follow.

A link is a running agreement. Each row of `ontology/analysis/evidence.rq` is one piece of evidence that is due of it, and
whether it is there. The strengths follow from the counts alone (`graphsc.analysis.exposure.weakest_links`), so each can be traced
back to its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from graphsc.analysis.exposure.weakest_links import Aspect, Counts, Strength, strength
from graphsc.analysis.model import DependencyGraph, of_kind
from graphsc.analysis.spelling import same_but_for_form
from graphsc.core.garbage import without_garbage_collection
from graphsc.graph.dataset import Dataset, is_true, plain


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """A piece of evidence that is due of a link, for a duty, requirement or approval ``thing``, and whether it is there."""

    link: str
    aspect: Aspect
    thing: str
    what: str
    there: bool


@dataclass(frozen=True, slots=True)
class GivenScores:
    """Figures that the sources state: strengths of parties and agreements, and availabilities of organisations."""

    strengths: Mapping[str, float]
    availabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Strengths:
    """The strengths of links and parties, and the records behind them.

    ``links`` has every running agreement, ``parties`` every organisation; a party's evidence is that of the links that it
    supplies, which ``supplied`` names.
    """

    records: tuple[Record, ...]
    links: Mapping[str, Strength]
    parties: Mapping[str, Strength]
    supplied: Mapping[str, tuple[str, ...]]

    def of(self, name: str) -> Strength | None:
        """The strength of a link or party; None for anything else."""
        return self.links.get(name) or self.parties.get(name)

    def is_known(self, name: str) -> bool:
        """Whether the strength of a link or party rests on evidence or a score; true for any other name."""
        strong = self.of(name)
        return strong is None or strong.known

    def behind(self, name: str) -> tuple[Record, ...]:
        """The records that the strength of a link or party rests on."""
        links = {name, *self.supplied.get(name, ())}
        return tuple(record for record in self.records if record.link in links)

    def in_chains(self) -> dict[str, float]:
        """The strengths to use in chains.

        A party counts beside its links only where its strength was given or where it has no links: its evidence is that of
        its links, and a duty towards one customer does not weaken another customer's chain.
        """
        result = {name: strong.value for name, strong in self.links.items()}
        for name, strong in self.parties.items():
            if strong.given or name not in self.supplied:
                result[name] = strong.value
        return result


def records(dataset: Dataset) -> tuple[Record, ...]:
    """Every record of a derived dataset, in order."""
    rows = dataset.named_rows("analysis/evidence")
    return tuple(
        sorted(
            Record(
                plain(row["agreement"]),
                Aspect(plain(row["aspect"])),
                plain(row["thing"]),
                plain(row["what"]),
                is_true(row["there"]),
            )
            for row in rows
        )
    )


def given_scores(dataset: Dataset) -> GivenScores:
    """The given figures, from 0 to 1; of several for the same thing the smallest.

    A figure outside 0–1 is left out here; a rule finds it.
    """
    result: dict[str, dict[str, float]] = {"strength": {}, "availability": {}}
    for row in dataset.named_rows("analysis/given-scores"):
        thing = plain(row["thing"])
        for name, values in result.items():
            if name in row and 0 <= (value := float(plain(row[name]))) <= 1:
                values[thing] = min(value, values.get(thing, 1.0))
    return GivenScores(result["strength"], result["availability"])


def not_recorded(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """The things that lack a property which the figures need, in order, by the IRI of the property."""
    result: dict[str, list[str]] = defaultdict(list)
    for row in dataset.named_rows("analysis/not-recorded"):
        result[plain(row["property"])].append(plain(row["thing"]))
    return {name: tuple(things) for name, things in result.items()}


def namesakes(dataset: Dataset) -> tuple[tuple[str, ...], ...]:
    """Suppliers that may be one and count as several: their names differ at most in case, punctuation and legal form.

    Those with two numbers of one kind are several: two CVR numbers, or two LEI codes. Things that share a name are one group.
    """
    holders: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, dict[str, set[str]]] = {kind: defaultdict(set) for kind in ("cvr", "lei")}
    for row in dataset.named_rows("analysis/names"):
        name = plain(row["name"])
        holders[name].add(plain(row["party"]))
        for kind in numbers.keys() & row.keys():
            numbers[kind][name].add(plain(row[kind]))
    alike: list[tuple[str, ...]] = [
        (name,) for name in holders if all(len(by_name.get(name, ())) < 2 for by_name in numbers.values())
    ]
    groups = [tuple(holders)]
    for by_name in numbers.values():
        first = {name: min(some) for name, some in by_name.items()}
        groups = [part for group in groups for part in same_but_for_form(group, numbers=first)]
    alike += groups
    parties = {tuple(sorted({party for name in names for party in holders[name]})) for names in alike}
    return tuple(sorted(group for group in parties if len(group) > 1))


def _counts(records: Iterable[Record]) -> dict[str, Counts]:
    """The records of each link, counted."""
    result: dict[str, dict[Aspect, tuple[int, int]]] = defaultdict(dict)
    for record in records:
        there, due = result[record.link].get(record.aspect, (0, 0))
        result[record.link][record.aspect] = there + record.there, due + 1
    for counts in result.values():
        if Aspect.DEVIATIONS in counts:  # a record of deviations counts once for the link, each open one against it
            closed, total = counts[Aspect.DEVIATIONS]
            counts[Aspect.DEVIATIONS] = 1, 1 + total - closed
    return {**result}


def _sum(counts: Iterable[Counts]) -> Counts:
    total: dict[Aspect, tuple[int, int]] = {}
    for aspect, (there, due) in (pair for link in counts for pair in link.items()):
        before, all_due = total.get(aspect, (0, 0))
        total[aspect] = before + there, all_due + due
    return total


@without_garbage_collection()
def strengths(every_record: Collection[Record], scores: GivenScores, graph: DependencyGraph) -> Strengths:
    """The strength of every running agreement and every organisation of a dependency graph."""
    counts = _counts(every_record)
    agreements, organisations = of_kind(graph, "agreement"), of_kind(graph, "organisation")
    under: dict[str, list[str]] = {}
    for agreement in agreements:
        for need in graph.succ[agreement]:
            if graph.nodes[need]["kind"] == "organisation":
                under.setdefault(need, []).append(agreement)
    supplied = {party: tuple(links) for party, links in sorted(under.items())}
    # Most nodes of a large graph have no records: these share one object per score.
    without_records = {score: strength({}, given=score) for score in {None, *scores.strengths.values()}}

    def measured(name: str, links: Iterable[str]) -> Strength:
        return strength(_sum(counts[link] for link in links if link in counts), given=scores.strengths.get(name))

    links, parties = (
        {name: without_records[scores.strengths.get(name)] for name in names} for names in (agreements, organisations)
    )
    for name in sorted(links.keys() & counts.keys()):
        links[name] = measured(name, (name,))
    for name, its in supplied.items():
        if not counts.keys().isdisjoint(its):
            parties[name] = measured(name, its)
    return Strengths(tuple(every_record), links, parties, supplied)
