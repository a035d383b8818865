"""What if a supplier is lost, two merge, or a system gets an alternative: one input before and after.

Nothing is read again. The facts are changed in a copy of the opened dataset, the rules run on it, it is validated and measured
by the same functions, and both are compared.

A loss has two effects. What *stops* is measured with every agreement in place (see `graphsc.whatif.measures`). What has to be
*done* follows from validation after the agreements of the lost party have ended (see `graphsc.whatif.measures`): duties of running
agreements disappear, duties after the end arise. A loss of a given length passes, so it stops things but ends no agreement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import pyoxigraph as ox

from graphsc.analysis.records import not_recorded
from graphsc.analysis.resilience.losses import failed, remaining
from graphsc.analysis.resilience.sentences import unsupported
from graphsc.core.identifiers import iris
from graphsc.core.problems import Reasoned, by_place
from graphsc.core.text import Text
from graphsc.core.vocabulary import G_COUNTRY, G_CRITICALITY, RDF_TYPE, G
from graphsc.duties.duties import duties
from graphsc.graph.dataset import Dataset
from graphsc.graph.labels import Labels
from graphsc.service import Opened, validate
from graphsc.service.duties import span
from graphsc.service.lookup import UnknownNameError, find
from graphsc.service.risk import scale
from graphsc.whatif.measures import (
    NEW_SUPPLIER,
    State,
    altered,
    chains,
    losing,
    lost,
    mergings,
    points,
    rearranging,
    shifts,
    standstill,
    working,
)
from graphsc.whatif.model import Alternative, Scenario, WhatIf, compared_duties, compared_findings

NEW = "new"
"""The word for a supplier that is not in the data."""
_LOCATION = G + "dataLocation"
_ENDED = G + "EndedAgreement"
T = TypeVar("T")


class ScenarioError(Reasoned, ValueError):
    """An invalid scenario, with the reason in both languages."""


def scenario(
    opened: Opened,
    *,
    without: Iterable[str] = (),
    without_countries: Iterable[str] = (),
    mergers: Iterable[tuple[str, str]] = (),
    alternatives: Iterable[tuple[str, str]] = (),
    outage: str | None = None,
) -> Scenario:
    """A scenario from ids, IRIs or names, countries by code or name, and a length such as ``14d`` or ``P2W``.

    The organisation of an alternative may be ``new``, a supplier that is not in the data. Raises UnknownNameError for
    unknown names, ScenarioError for an invalid length, and for a scenario without changes.
    """
    dataset, labels = opened.dataset, Labels(opened.dataset)

    def supplier(name: str) -> str:
        return find(dataset, labels, name, "Organisation", "OwnerGroup")

    pairs = [(supplier(first), supplier(second)) for first, second in mergers]
    for pair in pairs:
        if not set.isdisjoint(*(_groups(dataset, party) for party in pair)):
            first, second = (labels[party] for party in pair)
            raise ScenarioError(
                Text(
                    f"{first.da} og {second.da} er allerede samme koncern.",
                    f"{first.en} and {second.en} are one owner group already.",
                )
            )
    result = Scenario(
        without=_without_repeats(map(supplier, without)),
        without_countries=_without_repeats(_country(dataset, labels, name) for name in without_countries),
        mergers=_without_repeats(pairs),
        alternatives=_without_repeats(
            Alternative(find(dataset, labels, system, "ITSystem"), _alternative(opened, labels, organisation))
            for system, organisation in alternatives
        ),
        outage=None if outage is None else _length(outage),
    )
    if not result.loses and not result.rearranges:
        raise ScenarioError(
            Text(
                "sig, hvad der skal antages: --without, --without-country, --merge eller --add-alternative.",
                "say what to suppose: --without, --without-country, --merge or --add-alternative.",
            )
        )
    if result.outage is not None and not result.loses:
        raise ScenarioError(
            Text(
                "--outage siger, hvor længe et tab varer, og kræver --without eller --without-country.",
                "--outage says how long a loss lasts, and needs --without or --without-country.",
            )
        )
    return result


def what_if(opened: Opened, supposed: Scenario) -> WhatIf:
    """Compare an opened input with the same input in a scenario."""
    before = State(opened.dataset)
    labels = Labels(opened.dataset)
    middle = after = before
    if supposed.rearranges:
        middle = after = State(altered(before.dataset, rearranging(supposed, labels), opened.rules))
        labels = Labels(middle.dataset)
    if supposed.loses and supposed.outage is None:
        after = State(altered(middle.dataset, losing(supposed, opened.settings.as_of), opened.rules))
    down = failed(middle.graph, lost(supposed, middle.graph))
    remaining_graph = remaining(middle.graph, down)
    still = standstill(middle, down, supposed.outage, opened.settings.as_of)
    unknown = not_recorded(middle.dataset) if supposed.loses else {}
    unweighed = frozenset(unknown.get(G_CRITICALITY, ()))
    report, rules = validate(opened)
    changed, _ = validate(replace(opened, dataset=after.dataset))
    owed_before, owed_after = (
        duties(state.dataset, opened.settings, judged, rules) for state, judged in ((before, report), (after, changed))
    )
    thresholds, wrong = scale(opened)
    comparison = WhatIf(
        scenario=supposed,
        as_of=opened.settings.as_of,
        standstill=still,
        placeless=unknown.get(G_COUNTRY, ()) if supposed.without_countries else (),
        unweighed=tuple(item.node for item in still if item.node in unweighed),
        unsupported=unsupported(middle.graph),
        working=working(middle.graph, still) if supposed.loses else (),
        ended_agreements=tuple(
            sorted(after.dataset.subjects(RDF_TYPE, _ENDED) - middle.dataset.subjects(RDF_TYPE, _ENDED))
        ),
        single_points=points(before.graph, remaining_graph, supposed.mergers),
        mergers=mergings(supposed, before, middle),
        weakest_links=chains(before.weakest(before.graph), middle.weakest(remaining_graph)),
        concentration=shifts(before, after),
        findings=compared_findings(report, changed),
        duties=compared_duties(owed_before, owed_after),
        concentration_scale=thresholds,
        labels={},
        inputs=report.inputs,
        problems=by_place({*report.problems, *wrong}),
    )
    return replace(comparison, labels=labels.of(iris(replace(comparison, inputs=(), problems=()))))


def _alternative(opened: Opened, labels: Labels, name: str) -> str:
    try:
        return find(opened.dataset, labels, name, "Organisation")
    except UnknownNameError:
        if name == NEW:
            return NEW_SUPPLIER
        raise


def _groups(dataset: Dataset, party: str) -> set[str]:
    """The party itself and its owner groups."""
    return {party, *dataset.values(party, G + "ownerGroup")}


def _country(dataset: Dataset, labels: Labels, name: str) -> str:
    """The country with a name or code. Raises UnknownNameError, and ScenarioError for one without suppliers and data."""
    country = find(dataset, labels, name, "country")
    countries = {
        quad.object.value
        for property_ in (G_COUNTRY, _LOCATION)
        for quad in dataset.statements(property_)
        if isinstance(quad.object, ox.NamedNode)
    }
    if country in countries:
        return country
    names = Text.per_language(lambda language: ", ".join(sorted(labels[iri][language] for iri in countries)) or "—")
    raise ScenarioError(
        Text(
            f"ingen organisation og ingen data er i landet {labels[country].da}. Landene er: {names.da}.",
            f"no organisation and no data are in the country {labels[country].en}. The countries are: {names.en}.",
        )
    )


def _length(text: str) -> str:
    """A period in ISO 8601; ``2w`` is ``P14D``."""
    try:
        length = span(text)
    except ValueError:
        raise ScenarioError(
            Text(
                f"--outage er en varighed som 14d, 2w, 1m eller P1M, ikke {text}",
                f"--outage is a length of time such as 14d, 2w, 1m or P1M, not {text}",
            )
        ) from None
    months = f"{length.months}M" if length.months else ""
    return f"P{months}{length.days}D" if length.days or not months else f"P{months}"


def _without_repeats(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
