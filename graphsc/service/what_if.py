"""What if a supplier is lost, two merge, or a system gets an alternative: before and after, from one input.

Nothing is read again. The facts are changed in a copy of the opened dataset, the rules run on it, it is judged and
measured by the same functions as before, and the two are compared.

Two readings of a loss are followed, since both are asked for. What *stops* is measured with every agreement in its
place (see `graphsc.scenario.measures`). What has to be *done* is judged with the agreements of the lost at an end (see
`graphsc.scenario.edits`): what is asked of running agreements falls away, what is asked after the end arises. A loss
of a given length passes, so it stops things but ends no agreement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TypeVar

import pyoxigraph as ox

from graphsc.analysis.resilience import failed, remaining
from graphsc.graph import Dataset
from graphsc.identifiers import is_absolute
from graphsc.labels import Labels
from graphsc.periods import Period
from graphsc.scenario.edits import NEW_SUPPLIER, altered, losing, rearranging
from graphsc.scenario.measures import State, chains, lost, mergings, places, points, shifts, standstill, working
from graphsc.scenario.model import Findings, Scenario, WhatIf
from graphsc.service import Opened, validate
from graphsc.service.names import candidates
from graphsc.text import Text
from graphsc.validation import Report
from graphsc.validation.findings import Severity
from graphsc.vocabulary import G_COUNTRY, G_ORGANISATION, RDF_TYPE, G

NEW = "new"
"""The word for a supplier that is in no data yet."""
_GROUP, _SYSTEM, _LOCATION = G + "OwnerGroup", G + "ITSystem", G + "dataLocation"
_ENDED = ox.NamedNode(G + "EndedAgreement")
_SUPPLIERS = (
    frozenset({G_ORGANISATION, _GROUP}),
    Text("en organisation eller koncern", "an organisation or owner group"),
)
_ORGANISATIONS = (frozenset({G_ORGANISATION}), Text("en organisation", "an organisation"))
_SYSTEMS = (frozenset({_SYSTEM}), Text("et system", "a system"))


T = TypeVar("T")


class ScenarioError(ValueError):
    """A scenario that cannot be supposed, with the reason in both languages.

    ``name`` is what the input does not know, ``known`` what it knows in its place, for a suggestion.
    """

    def __init__(self, reason: Text, name: str = "", known: Collection[str] = ()) -> None:
        super().__init__(reason.en)
        self.reason, self.name, self.known = reason, name, known


def scenario(
    opened: Opened,
    *,
    without: Iterable[str] = (),
    without_countries: Iterable[str] = (),
    mergers: Iterable[tuple[str, str]] = (),
    alternatives: Iterable[tuple[str, str]] = (),
    outage: str | None = None,
) -> Scenario:
    """A scenario from what a person writes: short ids or IRIs, country codes, and a length such as ``14d`` or ``P2W``.

    The organisation of an alternative may be ``new``, a supplier that is in no data yet. Raises ScenarioError for what
    the input does not know, for a length that is none, and when nothing is supposed.
    """
    supplier, organisation, system = (_Finder(opened, *wanted) for wanted in (_SUPPLIERS, _ORGANISATIONS, _SYSTEMS))
    pairs = [(supplier.find(one), supplier.find(other)) for one, other in mergers]
    for one, other in pairs:
        if one == other:
            raise ScenarioError(Text(f"{one} kan ikke gå sammen med sig selv.", f"{one} cannot merge with itself."))
    found = Scenario(
        without=_once(supplier.find(name) for name in without),
        without_countries=_once(_country(opened.dataset, code) for code in without_countries),
        mergers=_once(pairs),
        alternatives=_once((system.find(one), _alternative(organisation, other)) for one, other in alternatives),
        outage=None if outage is None else _length(outage),
    )
    if not found.loses and not found.rearranges:
        raise ScenarioError(
            Text(
                "sig, hvad der skal antages: --without, --without-country, --merge eller --add-alternative.",
                "say what to suppose: --without, --without-country, --merge or --add-alternative.",
            )
        )
    if found.outage is not None and not found.loses:
        raise ScenarioError(
            Text(
                "--outage siger, hvor længe et tab varer, og kræver --without eller --without-country.",
                "--outage says how long a loss lasts, and needs --without or --without-country.",
            )
        )
    return found


def what_if(opened: Opened, supposed: Scenario) -> WhatIf:
    """Compare an opened input with what it would be."""
    before = State(opened.dataset)
    labels = Labels(opened.dataset)
    middle = after = before
    if supposed.rearranges:
        middle = after = State(altered(before.dataset, rearranging(supposed, labels), opened.rules))
        labels = Labels(middle.dataset)
    if supposed.loses and supposed.outage is None:
        after = State(altered(middle.dataset, losing(supposed, opened.settings.as_of), opened.rules))
    down = failed(middle.graph, lost(supposed, middle.graph))
    left = remaining(middle.graph, down)
    still = standstill(middle, down, supposed.outage, opened.settings.as_of)
    report, _ = validate(opened)
    changed, _ = validate(replace(opened, dataset=after.dataset))
    found = WhatIf(
        scenario=supposed,
        as_of=opened.settings.as_of,
        standstill=still,
        working=working(middle.graph, still) if supposed.loses else (),
        ended=tuple(sorted(_ended(after.dataset) - _ended(middle.dataset))),
        points=points(before.graph, left, supposed.mergers),
        mergings=mergings(supposed, before, middle),
        chains=chains(before.weakest(before.graph), middle.weakest(left)),
        shifts=shifts(before, after),
        findings=_findings(report, changed),
        labels={},
        inputs=report.inputs,
        problems=report.problems,
    )
    return replace(found, labels={name: labels[name] for name in sorted(_mentioned(found))})


class _Finder:
    """Finds the nodes of some classes by the names that a person writes."""

    def __init__(self, opened: Opened, classes: Collection[str], what: Text) -> None:
        self._opened, self._what = opened, what
        self._nodes = {
            quad.subject.value
            for cls in classes
            for quad in opened.dataset.store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(cls), None)
            if isinstance(quad.subject, ox.NamedNode)
        }

    def find(self, name: str) -> str:
        """The one node of that name. Raises ScenarioError when there is none or several."""
        try:
            found = [node for node in candidates(self._opened, name) if node in self._nodes]
        except ValueError:
            found = []
        if len(found) > 1:
            several = ", ".join(found)
            raise ScenarioError(Text(f"{name} kan være {several}.", f"{name} may be {several}."))
        if not found:
            raise ScenarioError(
                Text(
                    f"{name} er ikke {self._what.da} i det, der er givet.",
                    f"{name} is not {self._what.en} in the input given.",
                ),
                name,
                sorted(self._nodes) if is_absolute(name) else sorted(map(_short, self._nodes)),
            )
        return found[0]


def _short(node: str) -> str:
    """The last parts of an IRI, as ids are mostly written: org/ski."""
    path = node.partition("://")[2].partition("/")[2] or node.rpartition(":")[2]
    return "/".join(path.split("/")[-2:])


def _alternative(organisations: _Finder, name: str) -> str:
    try:
        return organisations.find(name)
    except ScenarioError:
        if name == NEW:
            return NEW_SUPPLIER
        raise


def _country(dataset: Dataset, code: str) -> str:
    """The code as the data writes it. Raises ScenarioError for a country that has neither suppliers nor data."""
    known = {
        quad.object.value
        for property_ in (G_COUNTRY, _LOCATION)
        for quad in dataset.store.quads_for_pattern(None, ox.NamedNode(property_), None, None)
        if isinstance(quad.object, ox.Literal)
    }
    for written in (code, code.upper()):
        if written in known:
            return written
    there = ", ".join(sorted(known)) or "—"
    raise ScenarioError(
        Text(
            f"ingen organisation og ingen data er i landet {code}. Landene er: {there}.",
            f"no organisation and no data are in the country {code}. The countries are: {there}.",
        )
    )


def _length(text: str) -> str:
    """A length of time as ISO 8601 writes it; ``14d`` is ``P14D``."""
    written = text.strip().upper()
    written = written if written.startswith("P") else f"P{written}"
    try:
        Period.parse(written)
    except ValueError:
        raise ScenarioError(
            Text(
                f"--outage er en længde som 14d, 2w eller P1M, ikke {text}",
                f"--outage is a length such as 14d, 2w or P1M, not {text}",
            )
        ) from None
    return written


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _ended(dataset: Dataset) -> set[str]:
    quads = dataset.store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), _ENDED, None)
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}


def _findings(before: Report, after: Report) -> Findings:
    """The findings that count, compared by their fingerprints."""
    old, new = ({f.fingerprint: f for f in report.findings if f.counts} for report in (before, after))
    return Findings(
        before={level: before.count(level) for level in Severity},
        after={level: after.count(level) for level in Severity},
        new=tuple(sorted((f for name, f in new.items() if name not in old), key=lambda f: f.order)),
        gone=tuple(sorted((f for name, f in old.items() if name not in new), key=lambda f: f.order)),
    )


def _mentioned(found: WhatIf) -> set[str]:
    """Every IRI in a comparison."""
    supposed = found.scenario
    names = {
        *supposed.without,
        *(places(code)[0] for code in supposed.without_countries),
        *found.ended,
        *(one.node for one in found.standstill),
    }
    names |= {name for pair in (*supposed.mergers, *supposed.alternatives) for name in pair}
    names |= {name for one in (*found.points.new, *found.points.gone) for name in (one.event, one.target)}
    names |= {name for one in found.mergings for name in (one.group, *one.together)}
    names |= {name for chain in found.chains for link in (chain.before, chain.after) for name in link.path}
    names |= {side.shares[0].node for shift in found.shifts for side in (shift.before, shift.after) if side is not None}
    names |= {finding.subject for finding in (*found.findings.new, *found.findings.gone)}
    return names
