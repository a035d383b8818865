"""What is recorded of links and parties, counted, and how strong that says they are.

A link is an agreement that runs. What counts for it, and against it, is said by `ontology/analysis/evidence.rq`:
every row is one thing that is due, and whether it is there. The strengths follow from the counts alone
(`graphsc.analysis.exposure.strength`), so each can be traced back to its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from graphsc import relational
from graphsc.analysis.exposure.strength import Aspect, Counts, Strength, strength
from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.spelling import same_but_for_form
from graphsc.core.garbage import without_garbage_collection
from graphsc.graph.dataset import Dataset, is_true, plain


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """One thing that is due of a link: about what, which duty, requirement or approval, and whether it is there."""

    link: str
    aspect: Aspect
    thing: str
    what: str
    there: bool


@dataclass(frozen=True, slots=True)
class GivenScores:
    """The figures that someone has given: strengths of parties and agreements, and availabilities of organisations."""

    strengths: Mapping[str, float]
    availabilities: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Strengths:
    """How strong links and parties are, and the records behind that.

    ``links`` has every running agreement, ``parties`` every organisation; a party's evidence is that of all links
    that it supplies.
    """

    records: tuple[Record, ...]
    links: Mapping[str, Strength]
    parties: Mapping[str, Strength]
    supplied: Mapping[str, tuple[str, ...]]

    def of(self, name: str) -> Strength | None:
        """The strength of a link or party; None for anything else."""
        return self.links.get(name) or self.parties.get(name)

    def is_known(self, name: str) -> bool:
        """Whether anything stands behind the strength of a link or party, or it is neither."""
        strong = self.of(name)
        return strong is None or strong.has_source

    def behind(self, name: str) -> tuple[Record, ...]:
        """The records that the strength of a link or party rests on."""
        links = {name, *self.supplied.get(name, ())}
        return tuple(record for record in self.records if record.link in links)

    def in_chains(self) -> dict[str, float]:
        """The strengths that count in chains.

        A party counts beside its links only where its strength was given, or where nothing else speaks for it: its
        evidence is that of its links, and what it owes another customer does not weaken this one's chain.
        """
        result = {name: strong.value for name, strong in self.links.items()}
        for name, strong in self.parties.items():
            if strong.given or name not in self.supplied:
                result[name] = strong.value
        return result


def records(dataset: Dataset) -> tuple[Record, ...]:
    """Every record of a derived dataset, in order."""
    rows = relational.named_rows(dataset, "analysis/evidence")
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
    """The figures that someone has given, from 0 to 1. Of several of one thing the smallest counts.

    What lies outside 0–1 is left out here; a rule finds it.
    """
    result: dict[str, dict[str, float]] = {"strength": {}, "availability": {}}
    for row in relational.named_rows(dataset, "analysis/given-scores"):
        thing = plain(row["thing"])
        for name, values in result.items():
            if name in row and 0 <= (value := float(plain(row[name]))) <= 1:
                values[thing] = min(value, values.get(thing, 1.0))
    return GivenScores(result["strength"], result["availability"])


def not_recorded(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """The things of which what the figures count with is not recorded, in order, by the IRI of the property."""
    result: dict[str, list[str]] = defaultdict(list)
    for row in relational.named_rows(dataset, "analysis/not-recorded"):
        result[plain(row["property"])].append(plain(row["thing"]))
    return {name: tuple(things) for name, things in result.items()}


def namesakes(dataset: Dataset) -> tuple[tuple[str, ...], ...]:
    """Suppliers that may be one and count as several: their names differ at most in case, punctuation and legal form.

    Those with different numbers are several. A name that two things share is a name once, and they are one group.
    """
    holders: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, set[str]] = defaultdict(set)
    for row in relational.named_rows(dataset, "analysis/names"):
        name = plain(row["name"])
        holders[name].add(plain(row["party"]))
        if "number" in row:
            numbers[name].add(plain(row["number"]))
    first = {name: min(some) for name, some in numbers.items()}
    alike = [(name,) for name in holders if len(numbers.get(name, ())) < 2]
    alike += same_but_for_form(holders, numbers=first)
    groups = {tuple(sorted({party for name in names for party in holders[name]})) for names in alike}
    return tuple(sorted(group for group in groups if len(group) > 1))


def _counts(records: Iterable[Record]) -> dict[str, Counts]:
    """The records of each link, counted."""
    of: dict[str, dict[Aspect, tuple[int, int]]] = defaultdict(dict)
    for record in records:
        there, due = of[record.link].get(record.aspect, (0, 0))
        of[record.link][record.aspect] = there + record.there, due + 1
    for counts in of.values():
        if Aspect.DEVIATIONS in counts:  # that there are records of them counts once, and each that is open against it
            closed, every = counts[Aspect.DEVIATIONS]
            counts[Aspect.DEVIATIONS] = 1, 1 + every - closed
    return {**of}


def _sum(counts: Iterable[Counts]) -> Counts:
    total: dict[Aspect, tuple[int, int]] = {}
    for aspect, (there, due) in (pair for some in counts for pair in some.items()):
        before, of = total.get(aspect, (0, 0))
        total[aspect] = before + there, of + due
    return total


@without_garbage_collection()
def strengths(every_record: Collection[Record], scores: GivenScores, graph: DependencyGraph) -> Strengths:
    """The strength of every running agreement and every organisation of a dependency graph."""
    counts = _counts(every_record)
    supplied: dict[str, list[str]] = defaultdict(list)  # in name order, as nodes are numbered
    for name, kind, needs in zip(graph.names, graph.kinds, graph.needs, strict=True):
        if kind == "agreement":
            for need in needs:
                if graph.kinds[need] == "organisation":
                    supplied[graph.names[need]].append(name)

    # Most things of a large graph have no records: none is made for each.
    bare = {score: strength({}, given=score) for score in {None, *scores.strengths.values()}}

    def measured(name: str, links: Iterable[str]) -> Strength:
        score, counted = scores.strengths.get(name), [counts[link] for link in links if link in counts]
        return strength(_sum(counted), given=score) if counted else bare[score]

    named = list(zip(graph.names, graph.kinds, strict=True))
    links = {name: measured(name, (name,)) for name, kind in named if kind == "agreement"}
    parties = {name: measured(name, supplied.get(name, ())) for name, kind in named if kind == "organisation"}
    return Strengths(
        tuple(every_record), links, parties, {name: tuple(those) for name, those in sorted(supplied.items())}
    )
