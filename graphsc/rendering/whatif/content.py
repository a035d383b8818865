"""A comparison in sections for a person: the scenario, the result in a sentence, then figures and lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from graphsc.analysis.concentration.sentences import BASES, ITEMS, LEVELS, UNITS, merger_sentence
from graphsc.analysis.concentration.shares import Base, Concentration, Unit, View
from graphsc.analysis.exposure.sentences import points
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.analysis.wording import listing, percent
from graphsc.core.document import Section
from graphsc.core.text import Language, Text, capital
from graphsc.duties.duties import Duty
from graphsc.duties.words import STATE, STATES, Voice
from graphsc.graph.labels import duration
from graphsc.validation import wording
from graphsc.validation.findings import SEVERITIES, Finding, Severity
from graphsc.whatif.model import Dependence, Duties, Merging, Outcome, Standstill, WhatIf

T = TypeVar("T")
_NAMES = 12
_FINDINGS_NEW = (Text("fund kommer til", "finding is new"), Text("fund kommer til", "findings are new"))
_FINDINGS_GONE = (Text("forsvinder", "is gone"), Text("forsvinder", "are gone"))
MOST = 20
"""The most items of a list that are shown; the others are counted."""
SHOWN_UNITS = (Unit.GROUP, Unit.COUNTRY)
"""The units whose concentration is shown; a party without an owner group counts as one by itself."""
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


def title(comparison: WhatIf) -> Text:
    """The scenario as a question."""
    supposed = comparison.scenario
    clauses: list[Text] = []
    if supposed.without:
        who = Text.per_language(lambda language: names(comparison, supposed.without, language))
        verb = "is" if len(supposed.without) == 1 else "are"
        clauses.append(Text(f"{who.da} falder bort", f"{who.en} {verb} lost"))
    if supposed.without_countries:
        where = Text.per_language(lambda language: names(comparison, supposed.without_countries, language))
        clauses.append(Text(f"intet kan leveres fra {where.da}", f"nothing can be delivered from {where.en}"))
    if supposed.outage is not None:
        length = duration(supposed.outage)
        clauses = [Text(f"{clause.da} i {length.da}", f"{clause.en} for {length.en}") for clause in clauses]
    for pair in supposed.mergers:
        first, second = (comparison.labels[party] for party in pair)
        clauses.append(
            Text(f"{first.da} og {second.da} bliver én koncern", f"{first.en} and {second.en} become one owner group")
        )
    for other in supposed.alternatives:
        what, who = comparison.labels[other.system], comparison.labels[other.organisation]
        clauses.append(Text(f"{what.da} også kan leveres af {who.da}", f"{what.en} can also be delivered by {who.en}"))
    danish, english = (
        listing([clause[language] for clause in clauses], language, most=len(clauses)) for language in Language
    )
    return Text(f"Hvad hvis {danish}?", f"What if {english}?")


def summary(comparison: WhatIf) -> Text:
    """The comparison in one sentence."""
    return Text.per_language(lambda language: _summary(comparison, language))


def _summary(comparison: WhatIf, language: Language) -> str:
    parts: list[Text] = []
    if comparison.scenario.loses:
        critical = [
            standstill
            for standstill in comparison.standstill
            if standstill.critical and standstill.outcome is not Outcome.TOLERATED
        ]
        stopped = _functions_and_systems(critical, language)
        stops = "stops" if len(critical) == 1 else "stop"
        none = Text(
            "intet samfundskritisk standser, så vidt det er registreret",
            "nothing critical to society stops, as far as is recorded",
        )
        parts.append(Text(f"{stopped} standser", f"{stopped} {stops}") if critical else none)
    change = comparison.single_points.after - comparison.single_points.before
    if change:
        cases = Text.number(abs(change))[language]
        parts.append(
            Text(
                f"der bliver {cases} {'flere' if change > 0 else 'færre'} tilfælde, hvor noget kritisk hænger på én part alene",
                f"there {'is' if abs(change) == 1 else 'are'} {cases} {'more' if change > 0 else 'fewer'} {'case' if abs(change) == 1 else 'cases'} in which something critical hangs on one party alone",
            )
        )
    new, gone = len(comparison.findings.new), len(comparison.findings.gone)
    parts.append(
        Text(
            f"{_many(new, _FINDINGS_NEW, language)}, og {_many(gone, _FINDINGS_GONE, language)}",
            f"{_many(new, _FINDINGS_NEW, language)}, and {_many(gone, _FINDINGS_GONE, language)}",
        )
        if new or gone
        else Text("fundene er de samme", "the findings are the same")
    )
    return capital("; ".join(part[language] for part in parts)) + "."


def _many(value: int, words: tuple[Text, Text], language: Language) -> str:
    none = Text("ingen", "none")[language] if words is _FINDINGS_GONE else Text("ingen", "no")[language]
    return Text.counted(value, *words)[language] if value else f"{none} {words[1][language]}"


def _functions_and_systems(critical: Sequence[Standstill], language: Language) -> str:
    functions = sum(standstill.kind == "function" for standstill in critical)
    parts = [
        Text.counted(value, *ITEMS[base])[language]
        for value, base in (
            (functions, Base.SOCIETY_CRITICAL_FUNCTIONS),
            (len(critical) - functions, Base.CRITICAL_SYSTEMS),
        )
        if value
    ]
    return listing(parts, language)


def names(comparison: WhatIf, nodes: Sequence[str], language: Language) -> str:
    """The names of nodes as a sentence lists them."""
    return listing([comparison.labels[node][language] for node in nodes], language, most=_NAMES)


def sections(comparison: WhatIf, language: Language) -> Iterator[Section]:
    """The sections of a comparison, in order."""
    alone, findings, owed = comparison.single_points, comparison.findings, comparison.duties
    if comparison.scenario.loses:
        yield Section(Text("Hvad der standser", "What stops"), tuple(_stops(comparison, language)))
        yield Section(Text("Aftaler, der ophører", "Agreements that end"), (_ends(comparison, language),))
    yield Section(
        Text("Hvad der hænger på én alene", "What hangs on one party alone"),
        (
            _moved(_DEPENDENCES, alone.before, alone.after, language)
            if alone.targets > len(comparison.unsupported)
            else _no_target(comparison)[language],
        ),
        points=(
            *_listed(_NEW, _by_event(comparison, alone.new, language), language),
            *_listed(_GONE, _by_event(comparison, alone.gone, language), language),
        ),
    )
    for merging in comparison.mergers:
        name = comparison.labels[merging.group]
        title = Text(f"Koncernen {name.da}", f"The owner group {name.en}")
        yield Section(title, tuple(_merging(comparison, merging, language)))
    weakest = Text("Svageste led, styrke ud af 100", "Weakest links, strength out of 100")
    yield Section(weakest, tuple(_first(_chains(comparison, language), language)))
    yield Section(Text("Koncentration", "Concentration"), tuple(_concentration(comparison, language)))
    yield Section(
        Text("Fund", "Findings"),
        _each_moved({level: SEVERITIES[level][1] for level in Severity}, findings.before, findings.after, language),
        points=(
            *_listed(_NEW, _sentences(findings.new, language), language),
            *_listed(_GONE, _sentences(findings.gone, language), language),
        ),
    )
    yield Section(
        Text("Pligter", "Duties"),
        _each_moved(STATES, owed.before, owed.after, language),
        points=tuple(_duties(owed, Voice(comparison.labels, language))),
    )


def _no_target(comparison: WhatIf) -> Text:
    """Why there are no single points: nothing critical is recorded, or works any more, or has a recorded supplier."""
    if comparison.single_points.targets:
        return Text(
            "Det er ikke registreret, hvem det kritiske, der stadig virker, afhænger af, så her er intet at tælle.",
            "On whom what is critical and still works depends is not recorded, so there is nothing to count.",
        )
    if any(standstill.critical for standstill in comparison.standstill):
        return Text(
            "Intet kritisk virker mere, så her er intet at tælle.",
            "Nothing critical works any longer, so there is nothing to count.",
        )
    return Text(
        "Intet er registreret som samfundskritisk, så her er intet at tælle.",
        "Nothing is recorded as critical to society, so there is nothing to count.",
    )


def _each_moved(
    names: Mapping[T, Text], before: Mapping[T, int], after: Mapping[T, int], language: Language
) -> tuple[str, ...]:
    """The counts before and after, for each name with one that is not 0."""
    there = (key for key in names if before[key] or after[key])
    return tuple(_moved(names[key], before[key], after[key], language) for key in there)


def _moved(what: Text, before: int, after: int, language: Language) -> str:
    return f"{what[language]}: {Text.number(before)[language]} → {Text.number(after)[language]}"


def _stops(comparison: WhatIf, language: Language) -> Iterator[str]:
    """What stands still, and whether that is tolerable."""
    for working in comparison.working:
        yield _moved(WORKING[working.kind], working.before, working.after, language)
    if not comparison.standstill:
        yield Text(
            "Intet system og ingen funktion standser af den grund, så vidt det er registreret.",
            "No system and no function stops for that reason, as far as is recorded.",
        )[language]
    outage = "" if comparison.scenario.outage is None else duration(comparison.scenario.outage)[language]
    headings = {
        Outcome.STOPS: Text(f"Tåler ikke {outage}", f"Cannot bear {outage}") if outage else Text("Standser", "Stops"),
        Outcome.TOLERATED: Text(f"Tåler {outage}", f"Can bear {outage}"),
        Outcome.NOT_RECORDED: Text(
            "Ikke registreret, hvor længe det kan undværes, og regnet som standset",
            "Not recorded how long it can be done without, and counted as stopped",
        ),
    }
    for outcome, heading in headings.items():
        standstills = [standstill for standstill in comparison.standstill if standstill.outcome is outcome]
        if standstills:
            which = [_with_length(comparison, standstill, language) for standstill in standstills]
            yield f"{heading[language]}: {listing(which, language, most=_NAMES)}."
    yield from _unknown(comparison, language)


def _unknown(comparison: WhatIf, language: Language) -> Iterator[str]:
    """What is not recorded, so that more may stop than is shown."""
    headings = (
        (
            comparison.placeless,
            Text("Uden registreret land, og regnet som upåvirket", "No country recorded, and counted as not affected"),
        ),
        (
            comparison.unsupported,
            Text(
                "Uden registreret leverandør, og regnet som upåvirket",
                "No supplier recorded, and counted as not affected",
            ),
        ),
        (
            comparison.unweighed,
            Text(
                "Uden registreret kritikalitet, og ikke regnet som kritisk",
                "No criticality recorded, and not counted as critical",
            ),
        ),
    )
    for things, heading in headings:
        if things:
            yield f"{heading[language]}: {names(comparison, things, language)}."


def _with_length(comparison: WhatIf, standstill: Standstill, language: Language) -> str:
    name = comparison.labels[standstill.node][language]
    return name if standstill.tolerable is None else f"{name} ({duration(standstill.tolerable)[language]})"


def _ends(comparison: WhatIf, language: Language) -> str:
    if comparison.ended_agreements:
        counted = Text.counted(len(comparison.ended_agreements), *_AGREEMENTS)[language]
        return f"{counted}: {names(comparison, comparison.ended_agreements, language)}."
    if comparison.scenario.outage is None:
        return Text("Ingen aftale ophører.", "No agreement ends.")[language]
    return Text("Ingen aftale ophører, for tabet går over igen.", "No agreement ends, since the loss passes.")[language]


def _by_event(comparison: WhatIf, dependences: Sequence[Dependence], language: Language) -> Iterator[str]:
    for event, group in groupby(dependences, key=lambda dependence: dependence.event):
        targets = names(comparison, [dependence.target for dependence in group], language)
        name = comparison.labels[event][language]
        yield Text(f"{name} kan alene standse {targets}", f"{name} alone can stop {targets}")[language]


def _merging(comparison: WhatIf, merging: Merging, language: Language) -> Iterator[str]:
    for base, index in merging.index.items():
        named = replace(index, parties=merging.parties)  # the shares may be those of their owner groups
        sentence = merger_sentence(named, comparison.labels.__getitem__, comparison.concentration_scale)
        yield f"{capital(BASES[base][language])}: {sentence[language]}"
    if not merging.index:
        yield Text(
            "De to leverer ikke begge noget direkte, så koncentrationen ændrer sig ikke.",
            "The two do not both deliver anything directly, so the concentration does not change.",
        )[language]
    if merging.together:
        who = names(comparison, merging.together, language)
        yield Text(
            f"Falder de bort sammen, standser {who}; hver for sig gjorde de det ikke.",
            f"If they are lost together, {who} {'stops' if len(merging.together) == 1 else 'stop'}; neither did that alone.",
        )[language]


def _chains(comparison: WhatIf, language: Language) -> Iterator[str]:
    for chain in comparison.weakest_links:
        before, after = (_link(comparison, link, language) for link in (chain.before, chain.after))
        yield f"{comparison.labels[chain.before.target][language]}: {before} → {after}"


def _link(comparison: WhatIf, link: WeakestLink, language: Language) -> str:
    if link.node is None:
        return Text("intet svagt led", "no weak link")[language]
    return f"{comparison.labels[link.node][language]} ({points(link.strength, language)})"


def _concentration(comparison: WhatIf, language: Language) -> Iterator[str]:
    """The direct concentrations by owner group, where they change visibly."""
    if not comparison.scenario.loses and not comparison.scenario.alternatives:
        return  # the effect of mergers alone is in their own section
    for shift in comparison.concentration:
        if shift.unit in SHOWN_UNITS and shift.view is View.DIRECT:
            base, unit = BASES[shift.base], UNITS[shift.unit][0]
            by = Text(f"{base.da}, efter {unit.da}", f"{base.en}, by {unit.en}")[language]
            before, after = (_concentration_text(comparison, side, language) for side in (shift.before, shift.after))
            if before != after:
                yield f"{by}: {before} → {after}"


def _concentration_text(comparison: WhatIf, result: Concentration | None, language: Language) -> str:
    if result is None:
        return Text("ingen leverer noget", "nobody delivers anything")[language]
    top, index = result.shares[0], Text.number(result.hhi)[language]
    level = LEVELS[comparison.concentration_scale.level(result.hhi)][language]
    name, share = comparison.labels[top.node][language], percent(top.share, language)
    return Text(
        f"HHI {index} ({level}), størst {name} med {share}", f"HHI {index} ({level}), largest {name} with {share}"
    )[language]


def _sentences(findings: Iterable[Finding], language: Language) -> Iterator[str]:
    for finding in findings:
        yield f"{wording.severity(finding.severity, language)}[{finding.code}]: {finding.message[language]}"


def _duties(owed: Duties, voice: Voice) -> Iterator[str]:
    """The duties that are new, changed or gone; gone ones by subject, since they may be many."""
    language = voice.language
    new = (f"{voice.what(duty)} – {voice.holder(duty)}, {STATE[duty.state][language]}" for duty in owed.new)
    yield from _listed(_NEW, new, language)
    yield from _listed(_CHANGED, (_changed(pair.before, pair.after, voice) for pair in owed.changed), language)
    about = Counter(duty.subject for duty in owed.gone)
    lost = (
        f"{voice.name(subject)}: {Text.counted(many, *_FALLS)[language]}"
        for subject, many in sorted(about.items(), key=lambda entry: (-entry[1], entry[0]))
    )
    yield from _listed(_GONE, lost, language)


def _changed(old: Duty, new: Duty, voice: Voice) -> str:
    if old.holder.organisation == new.holder.organisation:
        before, after = STATE[old.state][voice.language], STATE[new.state][voice.language]
    else:
        before, after = voice.holder(old), voice.holder(new)
    return f"{voice.what(new)} – {before} → {after}"


def _listed(kind: Text, lines: Iterable[str], language: Language) -> Iterator[str]:
    """The first of the new, gone or changed items."""
    return (f"{kind[language]}: {line}" for line in _first(lines, language))


def _first(lines: Iterable[str], language: Language) -> Iterator[str]:
    """The first lines, and the number of the others."""
    every = list(lines)
    yield from every[:MOST]
    if len(every) > MOST:
        rest = Text.number(len(every) - MOST)[language]
        yield Text(f"{rest} til; --format json viser alle", f"{rest} more; --format json shows all")[language]
