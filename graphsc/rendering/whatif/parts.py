"""A comparison as sections for a person: figures, sentences, and what comes, goes and changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from graphsc.analysis.concentration.sentences import BASES, LEVELS, UNITS, merger_sentence
from graphsc.analysis.concentration.shares import Concentration, Merger, Unit, View
from graphsc.analysis.exposure.sentences import points
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.analysis.wording import count, listing, number, percent
from graphsc.core.text import Language, Text, capital
from graphsc.duties.duties import Duty, State
from graphsc.graph.labels import duration
from graphsc.rendering import wording
from graphsc.rendering.duties.words import STATE, STATES, Voice
from graphsc.rendering.sections import Section
from graphsc.rendering.whatif.words import names
from graphsc.validation.findings import SEVERITIES, Severity
from graphsc.whatif.model import Dependence, Outcome, Standstill, WhatIf

MOST = 20
"""How many of a list are shown; the rest is counted."""
SHOWN_UNITS = (Unit.GROUP, Unit.COUNTRY)
"""By whom concentration is shown to a person: who is in no owner group counts as one of its own."""
_NAMES = 12
_NEW, _GONE, _CHANGED = Text("Nyt", "New"), Text("Væk", "Gone"), Text("Ændret", "Changed")

WORKING = {
    "function": Text("samfundsfunktioner, der virker", "societal functions that work"),
    "critical-system": Text("kritiske systemer, der virker", "critical systems that work"),
    "other-system": Text("andre systemer, der virker", "other systems that work"),
    "process": Text("forretningsprocesser, der virker", "business processes that work"),
}
"""What each row of the counts is about."""
_AGREEMENTS = (Text("aftale ophører", "agreement ends"), Text("aftaler ophører", "agreements end"))
_DEPENDENCES = Text(
    "tilfælde, hvor én parts bortfald standser noget kritisk, der stadig virker",
    "cases in which the loss of one party stops something critical that still works",
)
_FALLS = (Text("pligt falder bort", "duty falls away"), Text("pligter falder bort", "duties fall away"))


@dataclass(slots=True)
class _Part:
    """A section in one language: figures before and after, sentences, and a list of what comes, goes and changes."""

    title: str
    sentences: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)


def sections(comparison: WhatIf, language: Language) -> list[Section]:
    """Every part of a comparison, in the order in which they are read."""
    return [
        Section(Text.same(part.title), tuple(map(Text.same, part.sentences)), points=tuple(map(Text.same, part.points)))
        for part in _parts(comparison, language)
        if part.sentences or part.points
    ]


def _moved(what: str, before: int, after: int, language: Language) -> str:
    return f"{what}: {number(before, 0, language)} → {number(after, 0, language)}"


def _parts(comparison: WhatIf, language: Language) -> list[_Part]:
    return [
        *([_stops(comparison, language), _ends(comparison, language)] if comparison.scenario.loses else []),
        _dependence(comparison, language),
        *_merging(comparison, language),
        _chains(comparison, language),
        _concentration(comparison, language),
        _findings(comparison, language),
        _duties(comparison, language),
    ]


def _stops(comparison: WhatIf, language: Language) -> _Part:
    """What stands still, and how that is borne."""
    part = _Part(Text("Hvad der standser", "What stops")[language])
    part.sentences = [
        _moved(WORKING[working.kind][language], working.before, working.after, language)
        for working in comparison.working
    ]
    outage = "" if comparison.scenario.outage is None else duration(comparison.scenario.outage)[language]
    if not comparison.standstill:
        part.sentences.append(
            Text(
                "Intet system og ingen funktion standser af den grund.",
                "No system and no function stops for that reason.",
            )[language]
        )
    unknown = Text(
        "Ikke noteret, hvor længe det kan undværes, og regnet som standset",
        "Not recorded how long it can be done without, and counted as stopped",
    )
    for outcome, words in (
        (
            Outcome.STOPS,
            Text("Standser", "Stops") if not outage else Text(f"Tåler ikke {outage}", f"Cannot bear {outage}"),
        ),
        (Outcome.TOLERATED, Text(f"Tåler {outage}", f"Can bear {outage}")),
        (Outcome.NOT_RECORDED, unknown),
    ):
        which = [
            _with_length(comparison, standstill, language)
            for standstill in comparison.standstill
            if standstill.outcome is outcome
        ]
        if which:
            part.sentences.append(f"{words[language]}: {listing(which, language, most=_NAMES)}.")
    return part


def _with_length(comparison: WhatIf, standstill: Standstill, language: Language) -> str:
    name = comparison.labels[standstill.node][language]
    return name if standstill.tolerable is None else f"{name} ({duration(standstill.tolerable)[language]})"


def _ends(comparison: WhatIf, language: Language) -> _Part:
    part = _Part(Text("Aftaler, der ophører", "Agreements that end")[language])
    if comparison.ended:
        counted = count(len(comparison.ended), _AGREEMENTS, language)
        part.sentences.append(f"{counted}: {names(comparison, comparison.ended, language)}.")
    else:
        part.sentences.append(
            (
                Text("Ingen aftale ophører.", "No agreement ends.")
                if comparison.scenario.outage is None
                else Text("Ingen aftale ophører, for tabet går over igen.", "No agreement ends, since the loss passes.")
            )[language]
        )
    return part


def _dependence(comparison: WhatIf, language: Language) -> _Part:
    """The single points that come and go."""
    part = _Part(Text("Hvad der hænger på én alene", "What hangs on one party alone")[language])
    part.sentences.append(_moved(_DEPENDENCES[language], comparison.points.before, comparison.points.after, language))
    for kind, dependences in ((_NEW, comparison.points.new), (_GONE, comparison.points.gone)):
        part.points += _listed(kind, list(_by_event(comparison, dependences, language)), language)
    return part


def _by_event(comparison: WhatIf, dependences: Sequence[Dependence], language: Language) -> Iterator[str]:
    for event, group in groupby(dependences, key=lambda dependence: dependence.event):
        targets = names(comparison, [dependence.target for dependence in group], language)
        name = comparison.labels[event][language]
        yield Text(f"{name} kan alene standse {targets}", f"{name} alone can stop {targets}")[language]


def _merging(comparison: WhatIf, language: Language) -> Iterator[_Part]:
    for merging in comparison.mergings:
        name = comparison.labels[merging.group][language]
        part = _Part(Text(f"Koncernen {name}", f"The owner group {name}")[language])
        for base, index in merging.index:
            sentence = merger_sentence(
                _named(index, merging.parties), comparison.labels.__getitem__, comparison.thresholds
            )[language]
            part.sentences.append(f"{capital(BASES[base][language])}: {sentence}")
        if not merging.index:
            part.sentences.append(
                Text(
                    "De to leverer ikke begge noget direkte, så koncentrationen ændrer sig ikke.",
                    "The two do not both deliver anything directly, so the concentration does not change.",
                )[language]
            )
        if merging.together:
            who = names(comparison, merging.together, language)
            part.sentences.append(
                Text(
                    f"Falder de bort sammen, standser {who}; hver for sig gjorde de det ikke.",
                    f"If they are lost together, {who} {'stops' if len(merging.together) == 1 else 'stop'}; neither did that alone.",
                )[language]
            )
        yield part


def _named(index: Merger, parties: tuple[str, str]) -> Merger:
    """The merger told of the two that were named, also where their owner groups hold the shares."""
    return Merger(parties, index.share, index.before, index.after, index.change)


def _chains(comparison: WhatIf, language: Language) -> _Part:
    part = _Part(Text("Svageste led, styrke ud af 100", "Weakest links, strength out of 100")[language])
    for chain in comparison.chains[:MOST]:
        before, after = (_link(comparison, link, language) for link in (chain.before, chain.after))
        part.sentences.append(f"{comparison.labels[chain.before.target][language]}: {before} → {after}")
    if len(comparison.chains) > MOST:
        rest = number(len(comparison.chains) - MOST, 0, language)
        part.sentences.append(
            Text(f"{rest} til; --format json viser alle", f"{rest} more; --format json shows all")[language]
        )
    return part


def _link(comparison: WhatIf, link: WeakestLink, language: Language) -> str:
    if link.node is None:
        return Text("intet svagt led", "no weak link")[language]
    return f"{comparison.labels[link.node][language]} ({points(link.strength, language)})"


def _concentration(comparison: WhatIf, language: Language) -> _Part:
    """The direct concentrations by whom a person thinks of as a supplier, where they move visibly."""
    part = _Part(Text("Koncentration", "Concentration")[language])
    if not comparison.scenario.loses and not comparison.scenario.alternatives:
        return part  # what mergers alone do is said with them
    for shift in comparison.shifts:
        if shift.unit in SHOWN_UNITS and shift.view is View.DIRECT:
            by = Text(
                f"{BASES[shift.base].da}, efter {UNITS[shift.unit][0].da}",
                f"{BASES[shift.base].en}, by {UNITS[shift.unit][0].en}",
            )
            before, after = (
                _held(comparison, concentration, language) for concentration in (shift.before, shift.after)
            )
            if before != after:
                part.sentences.append(f"{by[language]}: {before} → {after}")
    return part


def _held(comparison: WhatIf, result: Concentration | None, language: Language) -> str:
    if result is None:
        return Text("ingen leverer noget", "nobody delivers anything")[language]
    top, index = result.shares[0], number(result.hhi, 0, language)
    level = LEVELS[comparison.thresholds.level(result.hhi)][language]
    name, share = comparison.labels[top.node][language], percent(top.share, language)
    return Text(
        f"HHI {index} ({level}), størst {name} med {share}", f"HHI {index} ({level}), largest {name} with {share}"
    )[language]


def _findings(comparison: WhatIf, language: Language) -> _Part:
    part = _Part(Text("Fund", "Findings")[language])
    part.sentences = [
        _moved(
            SEVERITIES[level][1][language],
            comparison.findings.before[level],
            comparison.findings.after[level],
            language,
        )
        for level in Severity
        if comparison.findings.before[level] or comparison.findings.after[level]
    ]
    for kind, findings in ((_NEW, comparison.findings.new), (_GONE, comparison.findings.gone)):
        lines = [f"{wording.severity(f.severity, language)}[{f.code}]: {f.message[language]}" for f in findings]
        part.points += _listed(kind, lines, language)
    return part


def _duties(comparison: WhatIf, language: Language) -> _Part:
    """The duties by their states; what falls away is told by what it is about, since it may be much."""
    part, voice = _Part(Text("Pligter", "Duties")[language]), Voice(comparison.labels, language)
    owed = comparison.duties
    part.sentences = [
        _moved(STATES[state][language], owed.before[state], owed.after[state], language)
        for state in State
        if owed.before[state] or owed.after[state]
    ]
    new = [f"{voice.what(duty)} – {voice.holder(duty)}, {STATE[duty.state][language]}" for duty in owed.new]
    part.points += _listed(_NEW, new, language)
    part.points += _listed(_CHANGED, [_changed(old, new, voice) for old, new in owed.changed], language)
    about = Counter(duty.subject for duty in owed.gone)
    lost = [
        f"{voice.name(subject)}: {count(many, _FALLS, language)}"
        for subject, many in sorted(about.items(), key=lambda entry: (-entry[1], entry[0]))
    ]
    part.points += _listed(_GONE, lost, language)
    return part


def _changed(old: Duty, new: Duty, voice: Voice) -> str:
    if old.holder.organisation == new.holder.organisation:
        before, after = STATE[old.state][voice.language], STATE[new.state][voice.language]
    else:
        before, after = voice.holder(old), voice.holder(new)
    return f"{voice.what(new)} – {before} → {after}"


def _listed(kind: Text, lines: Sequence[str], language: Language) -> list[str]:
    """The first of what comes, goes or changes, and how many there are beyond them."""
    shown = [f"{kind[language]}: {line}" for line in lines[:MOST]]
    if len(lines) > MOST:
        rest = number(len(lines) - MOST, 0, language)
        more = Text(f"{rest} til; --format json viser alle", f"{rest} more; --format json shows all")
        shown.append(f"{kind[language]}: {more[language]}")
    return shown
