"""A comparison as sections of sentences, figures and lists, for every rendering that a person reads.

Nothing is escaped here: a rendering does that for its format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from graphsc.analysis.concentration import Merger
from graphsc.analysis.concentration_sentences import BASES, ITEMS, LEVELS, UNITS, merger_sentence
from graphsc.analysis.exposure import WeakestLink
from graphsc.analysis.exposure_sentences import points
from graphsc.analysis.shares import Base, Concentration, Unit, View
from graphsc.analysis.thresholds import DEFAULT
from graphsc.analysis.wording import count, listing, number, percent
from graphsc.labels import duration, readable
from graphsc.rendering import wording
from graphsc.rendering.responsibility.words import NO_HOLDER, STATE, STATES, Voice
from graphsc.responsibility.duties import Duty, State
from graphsc.scenario.measures import places
from graphsc.scenario.model import Dependence, Outcome, Standstill, WhatIf
from graphsc.text import Language, Text
from graphsc.validation.findings import Finding, Severity

MOST = 20
"""How many of a list are shown; the rest is counted."""
SHOWN_UNITS = (Unit.GROUP, Unit.COUNTRY)
"""By whom concentration is shown to a person: who is in no owner group counts as one of its own."""
_NAMES = 12

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
_SEVERITIES = {
    Severity.VIOLATION: Text("overtrædelser", "violations"),
    Severity.WARNING: Text("advarsler", "warnings"),
    Severity.INFO: Text("bemærkninger", "notes"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A figure, before and after."""

    what: str
    before: str
    after: str


@dataclass(slots=True)
class Section:
    """A part of the comparison: sentences, figures, and lists of what comes (``+``), goes (``-``) and changes (``±``)."""

    heading: str
    sentences: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    items: list[tuple[str, str]] = field(default_factory=list)


def title(found: WhatIf, language: Language) -> str:
    """What is supposed, as a question."""
    supposed = found.scenario
    clauses: list[Text] = []
    if supposed.without:
        who = Text(*(_listing(found, supposed.without, one) for one in (Language.DA, Language.EN)))
        verb = "is" if len(supposed.without) == 1 else "are"
        clauses.append(Text(f"{who.da} falder bort", f"{who.en} {verb} lost"))
    if supposed.without_countries:
        names = [places(code)[0] for code in supposed.without_countries]
        where = Text(*(_listing(found, names, one) for one in (Language.DA, Language.EN)))
        clauses.append(Text(f"intet kan leveres fra {where.da}", f"nothing can be delivered from {where.en}"))
    if supposed.outage is not None:
        length = duration(supposed.outage)
        clauses = [Text(f"{clause.da} i {length.da}", f"{clause.en} for {length.en}") for clause in clauses]
    for pair in supposed.mergers:
        one, other = (found.labels[party] for party in pair)
        clauses.append(
            Text(f"{one.da} og {other.da} bliver én koncern", f"{one.en} and {other.en} become one owner group")
        )
    for system, organisation in supposed.alternatives:
        one, other = found.labels[system], found.labels[organisation]
        clauses.append(
            Text(f"{one.da} også kan leveres af {other.da}", f"{one.en} can also be delivered by {other.en}")
        )
    said = listing([clause[language] for clause in clauses], language, most=len(clauses))
    return Text(f"Hvad hvis {said}?", f"What if {said}?")[language]


def sections(found: WhatIf, language: Language) -> list[Section]:
    """Every part of a comparison, in the order in which they are read."""
    parts = [
        *([_stops(found, language), _ends(found, language)] if found.scenario.loses else []),
        _dependence(found, language),
        *(_merging(found, language)),
        *(_chains(found, language)),
        _concentration(found, language),
        _findings(found, language),
        _duties(found, language),
    ]
    return [part for part in parts if part.sentences or part.rows or part.items]


def summary(found: WhatIf, language: Language) -> str:
    """The comparison in one sentence."""
    parts: list[Text] = []
    if found.scenario.loses:
        critical = [one for one in found.standstill if one.critical and one.outcome is not Outcome.TOLERATED]
        stopped = _counted(critical, language)
        stops = "stops" if len(critical) == 1 else "stop"
        parts.append(
            Text(f"{stopped} standser", f"{stopped} {stops}")
            if critical
            else Text("intet kritisk standser", "nothing critical stops")
        )
    change = found.points.after - found.points.before
    if change:
        cases = number(abs(change), 0, language)
        parts.append(
            Text(
                f"der bliver {cases} {'flere' if change > 0 else 'færre'} tilfælde, hvor noget kritisk hænger på én part alene",
                f"there are {cases} {'more' if change > 0 else 'fewer'} {'case' if abs(change) == 1 else 'cases'} in which something critical hangs on one party alone",
            )
        )
    new, gone = len(found.findings.new), len(found.findings.gone)
    parts.append(
        Text(
            f"{_many(new, _NEW, language)}, og {_many(gone, _GONE, language)}",
            f"{_many(new, _NEW, language)}, and {_many(gone, _GONE, language)}",
        )
        if new or gone
        else Text("fundene er de samme", "the findings are the same")
    )
    said = "; ".join(part[language] for part in parts)
    return said[0].upper() + said[1:] + "."


_NEW = (Text("fund kommer til", "finding is new"), Text("fund kommer til", "findings are new"))
_GONE = (Text("forsvinder", "is gone"), Text("forsvinder", "are gone"))


def _many(value: int, words: tuple[Text, Text], language: Language) -> str:
    none = Text("ingen", "none")[language] if words is _GONE else Text("ingen", "no")[language]
    return count(value, words, language) if value else f"{none} {words[1][language]}"


def _counted(critical: Sequence[Standstill], language: Language) -> str:
    functions = sum(one.kind == "function" for one in critical)
    parts = [
        count(value, ITEMS[base], language)
        for value, base in (
            (functions, Base.SOCIETY_CRITICAL_FUNCTIONS),
            (len(critical) - functions, Base.CRITICAL_SYSTEMS),
        )
        if value
    ]
    return listing(parts, language)


def _stops(found: WhatIf, language: Language) -> Section:
    """What stands still, and how that is borne."""
    part = Section(Text("Hvad der standser", "What stops")[language])
    part.rows = [
        Row(WORKING[one.kind][language], number(one.before, 0, language), number(one.after, 0, language))
        for one in found.working
    ]
    outage = "" if found.scenario.outage is None else duration(found.scenario.outage)[language]
    stopped, borne, unknown = (
        [one for one in found.standstill if one.outcome is outcome]
        for outcome in (Outcome.STOPS, Outcome.TOLERATED, Outcome.NOT_RECORDED)
    )
    if not found.standstill:
        part.sentences.append(
            Text(
                "Intet system og ingen funktion standser af den grund.",
                "No system and no function stops for that reason.",
            )[language]
        )
    lead = Text("Standser", "Stops") if not outage else Text(f"Tåler ikke {outage}", f"Cannot bear {outage}")
    for ones, words in (
        (stopped, lead),
        (borne, Text(f"Tåler {outage}", f"Can bear {outage}")),
        (
            unknown,
            Text(
                "Ikke noteret, hvor længe det kan undværes, og regnet som standset",
                "Not recorded how long it can be done without, and counted as stopped",
            ),
        ),
    ):
        if ones:
            names = listing([_with_length(found, one, language) for one in ones], language, most=_NAMES)
            part.sentences.append(f"{words[language]}: {names}.")
    return part


def _with_length(found: WhatIf, one: Standstill, language: Language) -> str:
    name = found.labels[one.node][language]
    return name if one.tolerable is None else f"{name} ({duration(one.tolerable)[language]})"


def _ends(found: WhatIf, language: Language) -> Section:
    part = Section(Text("Aftaler, der ophører", "Agreements that end")[language])
    if found.ended:
        counted = count(len(found.ended), _AGREEMENTS, language)
        part.sentences.append(f"{counted}: {_listing(found, found.ended, language)}.")
    else:
        part.sentences.append(
            (
                Text("Ingen aftale ophører.", "No agreement ends.")
                if found.scenario.outage is None
                else Text("Ingen aftale ophører, for tabet går over igen.", "No agreement ends, since the loss passes.")
            )[language]
        )
    return part


def _dependence(found: WhatIf, language: Language) -> Section:
    """The single points that come and go."""
    part = Section(Text("Hvad der hænger på én alene", "What hangs on one party alone")[language])
    before, after = found.points.before, found.points.after
    part.rows.append(Row(_DEPENDENCES[language], number(before, 0, language), number(after, 0, language)))
    for mark, ones in (("+", found.points.new), ("-", found.points.gone)):
        part.items += _capped(mark, list(_by_event(found, ones, mark, language)), language)
    return part


def _by_event(found: WhatIf, ones: Sequence[Dependence], mark: str, language: Language) -> Iterator[str]:
    for event, group in groupby(ones, key=lambda one: one.event):
        targets = _listing(found, [one.target for one in group], language)
        name = found.labels[event][language]
        yield (
            Text(f"{name} kan alene standse {targets}", f"{name} alone can stop {targets}")
            if mark == "+"
            else Text(f"{name} kan ikke længere alene standse {targets}", f"{name} alone can no longer stop {targets}")
        )[language]


def _merging(found: WhatIf, language: Language) -> Iterator[Section]:
    for one in found.mergings:
        name = found.labels[one.group][language]
        part = Section(Text(f"Koncernen {name}", f"The owner group {name}")[language])
        for base, index in one.index:
            said = merger_sentence(_named(index, one.parties), found.labels.__getitem__)[language]
            head = BASES[base][language]
            part.sentences.append(f"{head[0].upper()}{head[1:]}: {said}")
        if not one.index:
            part.sentences.append(
                Text(
                    "De to leverer ikke begge noget direkte, så koncentrationen ændrer sig ikke.",
                    "The two do not both deliver anything directly, so the concentration does not change.",
                )[language]
            )
        if one.together:
            who = _listing(found, one.together, language)
            part.sentences.append(
                Text(
                    f"Falder de bort sammen, standser {who}; hver for sig gjorde de det ikke.",
                    f"If they are lost together, {who} {'stops' if len(one.together) == 1 else 'stop'}; neither did that alone.",
                )[language]
            )
        yield part


def _named(index: Merger, parties: tuple[str, str]) -> Merger:
    """The merger told of the two that were named, also where their owner groups hold the shares."""
    return Merger(parties, index.share, index.before, index.after, index.change)


def _chains(found: WhatIf, language: Language) -> Iterator[Section]:
    part = Section(Text("Svageste led, styrke ud af 100", "Weakest links, strength out of 100")[language])
    part.rows = [
        Row(
            found.labels[chain.before.target][language],
            *(_link(found, one, language) for one in (chain.before, chain.after)),
        )
        for chain in found.chains[:MOST]
    ]
    yield part


def _link(found: WhatIf, link: WeakestLink, language: Language) -> str:
    if link.node is None:
        return Text("intet svagt led", "no weak link")[language]
    return f"{found.labels[link.node][language]} ({points(link.strength, language)})"


def _concentration(found: WhatIf, language: Language) -> Section:
    """The direct concentrations by whom a person thinks of as a supplier, where they move visibly."""
    part = Section(Text("Koncentration", "Concentration")[language])
    told = not found.scenario.loses and not found.scenario.alternatives  # what mergers alone do is said with them
    for shift in found.shifts:
        if shift.unit in SHOWN_UNITS and shift.view is View.DIRECT and not told:
            by = Text(
                f"{BASES[shift.base].da}, efter {UNITS[shift.unit][0].da}",
                f"{BASES[shift.base].en}, by {UNITS[shift.unit][0].en}",
            )
            before, after = (_held(found, one, language) for one in (shift.before, shift.after))
            if before != after:
                part.rows.append(Row(by[language], before, after))
    return part


def _held(found: WhatIf, result: Concentration | None, language: Language) -> str:
    if result is None:
        return Text("ingen leverer noget", "nobody delivers anything")[language]
    top, index = result.shares[0], number(result.hhi, 0, language)
    level = LEVELS[DEFAULT.level(result.hhi)][language]
    name, share = found.labels[top.node][language], percent(top.share, language)
    return Text(
        f"HHI {index} ({level}), størst {name} med {share}", f"HHI {index} ({level}), largest {name} with {share}"
    )[language]


def _findings(found: WhatIf, language: Language) -> Section:
    part = Section(Text("Fund", "Findings")[language])
    part.rows = [
        Row(
            _SEVERITIES[level][language],
            number(found.findings.before[level], 0, language),
            number(found.findings.after[level], 0, language),
        )
        for level in Severity
        if found.findings.before[level] or found.findings.after[level]
    ]
    for mark, ones in (("+", found.findings.new), ("-", found.findings.gone)):
        part.items += _capped(mark, [_finding(one, language) for one in ones], language)
    return part


def _finding(finding: Finding, language: Language) -> str:
    return f"{wording.severity(finding.severity, language)}[{finding.code}]: {finding.message[language]}"


def _duties(found: WhatIf, language: Language) -> Section:
    """The duties by their states; what falls away is told by what it is about, since it may be much."""
    part, voice = Section(Text("Pligter", "Duties")[language]), Voice(found.labels, language)
    owed = found.duties
    part.rows = [
        Row(STATES[state][language], number(owed.before[state], 0, language), number(owed.after[state], 0, language))
        for state in State
        if owed.before[state] or owed.after[state]
    ]
    part.items += _capped("+", [_owed(duty, voice) for duty in owed.new], language)
    part.items += _capped("±", [_changed(one, other, voice) for one, other in owed.changed], language)
    about = Counter(duty.subject for duty in owed.gone)
    lost = [
        f"{voice.name(subject)}: {count(many, _FALLS, language)}"
        for subject, many in sorted(about.items(), key=lambda entry: (-entry[1], entry[0]))
    ]
    part.items += _capped("-", lost, language)
    return part


def _owed(duty: Duty, voice: Voice) -> str:
    holder = voice.name(duty.holder.organisation) or NO_HOLDER[voice.language].lower()
    return f"{voice.what(duty)} – {holder}, {STATE[duty.state][voice.language]}"


def _changed(one: Duty, other: Duty, voice: Voice) -> str:
    if one.holder.organisation == other.holder.organisation:
        before, after = STATE[one.state][voice.language], STATE[other.state][voice.language]
    else:
        before, after = (
            voice.name(duty.holder.organisation) or NO_HOLDER[voice.language].lower() for duty in (one, other)
        )
    return f"{voice.what(other)} – {before} → {after}"


def _capped(mark: str, lines: Sequence[str], language: Language) -> list[tuple[str, str]]:
    """The first lines of a list, and how many there are beyond them."""
    shown = [(mark, line) for line in lines[:MOST]]
    if len(lines) > MOST:
        rest = number(len(lines) - MOST, 0, language)
        shown.append(
            (mark, Text(f"{rest} til; --format json viser alle", f"{rest} more; --format json shows all")[language])
        )
    return shown


def _listing(found: WhatIf, names: Sequence[str], language: Language) -> str:
    return listing(
        [found.labels[name][language] if name in found.labels else readable(name) for name in names],
        language,
        most=_NAMES,
    )
