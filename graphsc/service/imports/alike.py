"""Imported things that look like others: proposed with the reason, never merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.analysis.spelling import SIGNS, proposals
from graphsc.core import vocabulary as v
from graphsc.core.text import Text
from graphsc.graph.differences import Alike
from graphsc.sources.terms import normal

_SAME = Text("de har samme navn", "they have the same name")
_NUMBERS = (v.G_CVR, v.G_LEI)


def alike(taken: Iterable[Quad], recorded: Iterable[Quad]) -> list[Alike]:
    """Things that look alike, at least one of them imported: those of the same class and name, and organisations by spelling."""
    ours, theirs = list(taken), list(recorded)
    new = {quad.subject.value for quad in ours if isinstance(quad.subject, NamedNode)}
    names, classes, numbers = _indexes([*ours, *theirs])
    result: dict[tuple[str, ...], Alike] = {}
    same: dict[tuple[str, str], set[str]] = defaultdict(set)
    for thing, name in names.items():
        for cls in classes.get(thing, ()):
            same[cls, normal(name)].add(thing)
    for things in same.values():
        if len(things) > 1 and things & new and not _differ(things, numbers):
            group = tuple(sorted(things))
            result[group] = Alike(tuple(sorted({names[thing] for thing in group})), group, _SAME)
    holders: dict[str, list[str]] = defaultdict(list)
    for thing, name in sorted(names.items()):
        if v.G_ORGANISATION in classes.get(thing, ()):
            holders[name].append(thing)
    by_name = {name: number for name, having in holders.items() if (number := numbers.get(having[0])) is not None}
    for proposal in proposals(holders, numbers=by_name):
        group = tuple(sorted(thing for name in proposal.names for thing in holders[name]))
        if new & set(group):
            result.setdefault(group, Alike(proposal.names, group, SIGNS[proposal.sign]))
    return [result[group] for group in sorted(result)]


def _indexes(quads: Iterable[Quad]) -> tuple[dict[str, str], dict[str, set[str]], dict[str, str]]:
    names: dict[str, str] = {}
    classes: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, str] = {}
    for quad in quads:
        subject, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        if quad.predicate.value == v.RDFS_LABEL:
            names.setdefault(subject, value)
        elif quad.predicate.value == v.RDF_TYPE:
            classes[subject].add(value)
        elif quad.predicate.value in _NUMBERS and isinstance(quad.object, Literal):
            numbers[subject] = value
    return names, classes, numbers


def _differ(things: Iterable[str], numbers: Mapping[str, str]) -> bool:
    """Whether all things have company numbers, and different ones."""
    company_numbers = [numbers.get(thing) for thing in things]
    return None not in company_numbers and len(set(company_numbers)) == len(company_numbers)
