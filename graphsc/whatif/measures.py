"""What a scenario changes in the facts, and in what is measured of them.

The changes are SPARQL in ``ontology/what-if``. A change is one or two CONSTRUCT queries, whose triples are removed (``…-removes.rq``) or added (``…-adds.rq``). They see
the derived facts too, such as which agreements are active. The triples are changed in a copy of the dataset without derived
facts, on which the rules run again. They are CONSTRUCT queries, as derivation rules are, since an update does not see the
union of the graphs in Oxigraph.

The changes:

- *without*: every active agreement with the lost supplier (its units, or the members of the owner group that is lost)
  has its last day on the day before the evaluation date, so that what the guide asks for after the end applies on
  that date. A framework agreement with several suppliers goes on.
- *without-country*: the same for the agreements with suppliers of the country and with data there: an agreement that
  cannot be carried out ends.
- *merge*: the two, and all who are in their owner groups, are one owner group from now on.
- *add-alternative*: the organisation could deliver to the system instead. It becomes one more option in each group of
  options that the system needs, and an option beside all the agreements together that it else needs. What the system
  needs of other systems it still needs.
- *new-supplier*: an organisation that is connected with nobody and depends on nobody.

What is measured are standstills, single points, chains and concentration. Losses are nodes that fail in the dependency graph before the change: nothing needs an agreement that has ended, so in a graph
without it a system that lost its supplier would seem to need none. Failure is the least fixpoint of
`graphsc.analysis.resilience.losses.failed`; single points and chains are then those of what still works. Concentration is that
of the remaining agreements.

The tolerable outage of a thing (MTPD in ISO 22301) is that of its own outage. It does not keep things that depend on it
running: each thing is compared with its own tolerable outage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import quote

import pyoxigraph as ox

from graphsc.analysis.concentration.shares import Base, Concentration, Merger, Unit, View, merger, purchases
from graphsc.analysis.concentration.supply import Supply, supply
from graphsc.analysis.exposure.weakest_links import WeakestLink, chain_strengths, weakest_links
from graphsc.analysis.model import PARTIES, DependencyGraph, critical_nodes, of_kind, project
from graphsc.analysis.records import given_scores, records, strengths
from graphsc.analysis.resilience.losses import losses
from graphsc.core.identifiers import SOURCE_PREFIX, digest, is_in
from graphsc.core.periods import Period
from graphsc.core.resources import knowledge_files, knowledge_text
from graphsc.core.text import Text
from graphsc.core.vocabulary import LOCATION, PERIOD, XSD_DATE
from graphsc.derivation import Rule, derive
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import Labels
from graphsc.graph.questions import Question, filled, parse
from graphsc.whatif.model import Changed, Dependence, Merging, Outcome, Points, Scenario, Shift, Standstill, Working

SUPPOSED = ox.NamedNode(f"{SOURCE_PREFIX}?what-if")
"""The graph of added facts: asserted like a source, but of no file, since no name of a source has a bare "?"."""
NEW_SUPPLIER = "urn:graphsc:what-if:new-supplier"
"""The IRI of a supplier that is not in the data."""
NEW_SUPPLIER_NAME = Text("en ny leverandør", "a new supplier")
_GROUP = "urn:graphsc:what-if:group:"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its name in ``ontology/what-if`` and the terms of its parameters."""

    name: str
    terms: Mapping[str, Term]


def queries() -> dict[str, Question]:
    """The shipped changes by the names of their files, without the suffix."""
    return {
        name: parse(name, file.read_text(encoding="utf-8"))
        for file in knowledge_files("ontology/what-if", ".rq")
        for name in [file.name.removesuffix(".rq")]
    }


def rearranging(scenario: Scenario, labels: Labels) -> list[Change]:
    """The changes of mergers and alternatives."""
    changes: list[Change] = []
    names: dict[str, Text] = {}
    groups: dict[str, str] = {}
    for left, right in scenario.mergers:
        group = merged(left, right)
        first, second = (names.get(groups.get(party, party), labels[party]) for party in (left, right))
        names[group] = Text(f"{first.da} + {second.da}", f"{first.en} + {second.en}")
        groups |= {left: group, right: group}
        changes.extend(
            Change("merge", {"party": ox.NamedNode(party), "merged": ox.NamedNode(group), **_name(names[group])})
            for party in (left, right)
        )
    if any(other.organisation == NEW_SUPPLIER for other in scenario.alternatives):
        changes.append(Change("new-supplier", {"organisation": ox.NamedNode(NEW_SUPPLIER), **_name(NEW_SUPPLIER_NAME)}))
    for other in scenario.alternatives:
        option = f"{_GROUP}{digest([other.system, other.organisation])}"
        nodes = {
            "system": other.system,
            "organisation": other.organisation,
            "either": option,
            "today": f"{option}:today",
        }
        changes.append(Change("add-alternative", {name: ox.NamedNode(node) for name, node in nodes.items()}))
    return changes


def losing(scenario: Scenario, as_of: date) -> list[Change]:
    """The changes that end the agreements of lost parties and countries."""
    day = date.fromordinal(max(as_of.toordinal() - 1, 1))
    last = ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD_DATE))
    return [
        *(Change("without", {"lost": ox.NamedNode(lost), "last": last}) for lost in scenario.without),
        *(Change("without-country", {"country": ox.NamedNode(c), "last": last}) for c in scenario.without_countries),
    ]


def merged(first: str, second: str) -> str:
    """The IRI of the owner group of two merged parties, which does not depend on their order."""
    return f"{_GROUP}{digest(sorted((first, second)))}"


def altered(dataset: Dataset, changes: Iterable[Change], rules: Sequence[Rule]) -> Dataset:
    """A copy of a derived dataset with the changes made, one after the other, and derived anew.

    Each change sees the facts that earlier changes added, and those that were derived before all changes.
    """
    named_queries = queries()
    copy = dataset.copy()
    for change in changes:
        removed, added = (
            _triples(copy, named_queries.get(f"{change.name}-{verb}"), change.terms) for verb in ("removes", "adds")
        )
        _retract(copy, removed)
        copy.add(SUPPOSED, added)
    copy.forget_derived()
    derive(copy, rules)
    return copy


def _triples(dataset: Dataset, question: Question | None, terms: Mapping[str, Term]) -> list[ox.Triple]:
    """The triples of one query of a change; none where it has no such query. KeyError for a missing parameter."""
    if question is None:
        return []
    bound = {parameter.name: terms[parameter.name] for parameter in question.parameters}
    return list(dataset.construct(filled(question, bound)))


def _retract(dataset: Dataset, triples: Iterable[ox.Triple]) -> None:
    """Remove triples from every source that states them, and from the graph of added facts."""
    for triple in triples:
        for quad in list(dataset.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)):
            if is_in(quad, SOURCE_PREFIX):
                dataset.store.remove(quad)


def _name(name: Text) -> dict[str, Term]:
    return {"danish": ox.Literal(name.da), "english": ox.Literal(name.en)}


_KINDS = ("function", "critical-system", "other-system", "process")

Measured = tuple[Base, Unit, View]


@dataclass(frozen=True)
class State:
    """A derived dataset, before or after, with its measures, which are computed on access."""

    dataset: Dataset

    @cached_property
    def graph(self) -> DependencyGraph:
        """Its dependency graph."""
        return project(self.dataset)

    @cached_property
    def supply(self) -> Supply:
        """The holdings and chains."""
        return supply(self.graph, purchases(self.dataset))

    @cached_property
    def concentration(self) -> Mapping[Measured, Concentration]:
        """Every concentration by its base, unit and view."""
        return {(item.base, item.unit, item.view): item for item in self.supply.measure()}

    def weakest(self, graph: DependencyGraph) -> dict[str, WeakestLink]:
        """The weakest link behind each critical target of a graph: its own, or one of what remains of that."""
        link_strengths = strengths(records(self.dataset), given_scores(self.dataset), self.graph).in_chains()
        return {link.target: link for link in weakest_links(chain_strengths(graph, link_strengths))}


def lost(scenario: Scenario, graph: DependencyGraph) -> frozenset[str]:
    """The nodes that fail by themselves: lost parties and countries, and the data in these countries."""
    locations = [LOCATION + quote(country, safe="") for country in scenario.without_countries]
    names = [*scenario.without, *scenario.without_countries, *locations]
    return frozenset(name for name in names if name in graph)


def standstill(state: State, down: Iterable[str], outage: str | None, as_of: date) -> tuple[Standstill, ...]:
    """The functions, systems and processes that stand still: functions first, then by weight."""
    graph = state.graph
    longest = _tolerances(state.dataset)
    standstills = []
    for node in down:
        kind = graph.nodes[node]["kind"]
        if kind in {"function", "system", "process"}:
            tolerable = longest.get(node)
            outcome = _outcome(tolerable, outage, as_of)
            standstills.append(Standstill(node, kind, graph.nodes[node]["critical"], tolerable, outcome))
    order = ("function", "system", "process")
    standstills.sort(key=lambda item: (order.index(item.kind), -graph.nodes[item.node]["weight"], item.node))
    return tuple(standstills)


def working(graph: DependencyGraph, still: Sequence[Standstill]) -> tuple[Working, ...]:
    """For each kind the number of things, and of those that do not stand still."""
    before, stopped, tolerated = (dict.fromkeys(_KINDS, 0) for _ in range(3))
    for node in of_kind(graph, "function", "system", "process"):
        before[_sort(graph.nodes[node]["kind"], graph.nodes[node]["critical"])] += 1
    for item in still:
        kind = _sort(item.kind, item.critical)
        stopped[kind] += 1
        tolerated[kind] += item.outcome is Outcome.TOLERATED
    return tuple(
        Working(kind, before[kind], before[kind] - stopped[kind], tolerated[kind]) for kind in _KINDS if before[kind]
    )


def points(before: DependencyGraph, after: DependencyGraph, mergers: Iterable[tuple[str, str]]) -> Points:
    """The single points of what still works, before and after; an owner group that was merged counts as the new group."""
    merged_into = {side: group for side, group in groups_after(before, mergers).items() if _is_group(before, side)}
    works = set(critical_nodes(after))
    old = {pair for pair in _pairs(before, merged_into) if pair.target in works}
    new = _pairs(after, merged_into)
    return Points(len(old), len(new), tuple(sorted(new - old)), tuple(sorted(old - new)), len(works))


def mergings(scenario: Scenario, before: State, after: State) -> tuple[Merging, ...]:
    """The effect of each merger by itself, compared with the state before all changes."""
    stops = {state: _stops(state.graph) for state in (before, after)} if scenario.mergers else {}
    group_of = groups_after(before.graph, scenario.mergers)
    results = []
    for pair in scenario.mergers:
        sides = _sides(before.graph, pair)
        group = group_of[sides[0]]
        alone = set().union(*(stops[before].get(party, set()) for party in (*pair, *sides)))
        index: dict[Base, Merger] = {}
        for base in Base:
            result = before.concentration.get((base, Unit.GROUP, View.DIRECT))
            if result is not None and all(result.of(side).share > 0 for side in sides) and len(set(sides)) > 1:
                index[base] = merger(result, sides)
        results.append(Merging(pair, group, index, tuple(sorted(stops[after].get(group, set()) - alone))))
    return tuple(results)


def shifts(before: State, after: State) -> tuple[Shift, ...]:
    """The concentrations that differ before and after, in the order of their bases, units and views."""
    bases, units, views = tuple(Base), tuple(Unit), tuple(View)
    keys = sorted(
        {*before.concentration, *after.concentration},
        key=lambda key: (bases.index(key[0]), units.index(key[1]), views.index(key[2])),
    )
    result = [Shift(*key, before.concentration.get(key), after.concentration.get(key)) for key in keys]
    return tuple(shift for shift in result if _figures(shift.before) != _figures(shift.after))


def chains(before: Mapping[str, WeakestLink], after: Mapping[str, WeakestLink]) -> tuple[Changed[WeakestLink], ...]:
    """The critical things that still work and whose weakest link, or its strength, has changed."""
    return tuple(
        Changed(before[target], link)
        for target, link in sorted(after.items())
        if target in before and (before[target].node, before[target].strength) != (link.node, link.strength)
    )


def _outcome(tolerable: str | None, outage: str | None, as_of: date) -> Outcome:
    if outage is None:
        return Outcome.STOPS
    if tolerable is None:
        return Outcome.NOT_RECORDED
    bears = Period.parse(tolerable).after(as_of) >= Period.parse(outage).after(as_of)
    return Outcome.TOLERATED if bears else Outcome.STOPS


def _tolerances(dataset: Dataset) -> dict[str, str]:
    """The tolerable outage of each thing; of several the shortest. One that is no period was reported on reading."""
    result: dict[str, tuple[date, str]] = {}
    for row in dataset.select(knowledge_text("ontology/analysis/tolerances.rq")):
        thing, text = plain(row["thing"]), plain(row["period"]).removeprefix(PERIOD)
        try:
            length = Period.parse(text).after(date(2000, 1, 1))
        except ValueError:
            continue
        result[thing] = min((length, text), result.get(thing, (date.max, text)))
    return {thing: text for thing, (_, text) in result.items()}


def _sort(kind: str, critical: bool) -> str:
    return kind if kind != "system" else "critical-system" if critical else "other-system"


def groups_after(graph: DependencyGraph, mergers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each merged party, or its owner group, the owner group that it is in after all mergers."""
    result: dict[str, str] = {}
    for pair in mergers:
        group, sides = merged(*pair), _sides(graph, pair)
        joined = {result[side] for side in sides if side in result}
        result = {side: group if old in joined else old for side, old in result.items()} | dict.fromkeys(sides, group)
    return result


def _is_group(graph: DependencyGraph, name: str) -> bool:
    return name in graph and graph.nodes[name]["kind"] == "group"


def _sides(graph: DependencyGraph, pair: tuple[str, str]) -> tuple[str, ...]:
    """The owner group of each of two merging parties, or the party itself where it has none."""
    result = []
    for party in pair:
        needs = graph.succ[party] if party in graph else ()
        groups = sorted(need for need in needs if graph.nodes[need]["kind"] == "group")
        result.append(groups[0] if groups else party)
    return tuple(result)


def _stops(graph: DependencyGraph) -> dict[str, frozenset[str]]:
    """The critical things that the loss of each organisation and owner group alone stops."""
    return {loss.node: loss.stops for loss in losses(graph) if loss.stops and graph.nodes[loss.node]["kind"] in PARTIES}


def _pairs(graph: DependencyGraph, merged_into: Mapping[str, str]) -> set[Dependence]:
    return {
        Dependence(merged_into.get(event, event), target)
        for event, targets in _stops(graph).items()
        for target in targets
    }


def _figures(result: Concentration | None) -> object:
    if result is None:
        return None
    return round(result.hhi, 6), [(share.node, round(share.share, 9)) for share in result.shares]
