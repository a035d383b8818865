"""The changes that a scenario makes to the facts, as SPARQL in ``ontology/what-if``.

A change is one or two CONSTRUCT queries, whose triples are removed (``…-removes.rq``) or added (``…-adds.rq``). They see
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
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from graphsc.core.identifiers import SOURCE_PREFIX, digest, is_in
from graphsc.core.resources import knowledge_files
from graphsc.core.text import Text
from graphsc.core.vocabulary import XSD_DATE
from graphsc.derivation import Rule, derive
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset
from graphsc.graph.labels import Labels
from graphsc.graph.questions import Question, filled, parse
from graphsc.whatif.model import Scenario

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
    if any(organisation == NEW_SUPPLIER for _, organisation in scenario.alternatives):
        changes.append(Change("new-supplier", {"organisation": ox.NamedNode(NEW_SUPPLIER), **_name(NEW_SUPPLIER_NAME)}))
    for system, organisation in scenario.alternatives:
        option = f"{_GROUP}{digest([system, organisation])}"
        nodes = {"system": system, "organisation": organisation, "either": option, "today": f"{option}:today"}
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
