"""What the measures of concentration say, in sentences that need no knowledge of them."""

from __future__ import annotations

import re

from graphsc.analysis.concentration.critical_providers import EVERYONE, SOURCE, Indicator
from graphsc.analysis.concentration.measures import Merger
from graphsc.analysis.concentration.overlap import Overlap
from graphsc.analysis.concentration.shares import Base, Concentration, Unit, View
from graphsc.analysis.concentration.substitution import Substitutability
from graphsc.analysis.thresholds import HhiThresholds, Level
from graphsc.analysis.wording import Label, count, listing, number, percent
from graphsc.core.text import Language, Text

UNITS = {
    Unit.CONTRACT: (Text("kontrakt", "contract"), Text("kontrakter", "contracts")),
    Unit.CATEGORY: (Text("ydelseskategori", "service category"), Text("ydelseskategorier", "service categories")),
    Unit.SYSTEM: (Text("system", "system"), Text("systemer", "systems")),
    Unit.FUNCTION: (Text("samfundsfunktion", "societal function"), Text("samfundsfunktioner", "societal functions")),
    Unit.ORGANISATION: (Text("leverandør", "supplier"), Text("leverandører", "suppliers")),
    Unit.GROUP: (Text("koncern", "owner group"), Text("koncerner", "owner groups")),
    Unit.COUNTRY: (Text("land", "country"), Text("lande", "countries")),
    Unit.FRAMEWORK: (Text("rammeaftale", "framework agreement"), Text("rammeaftaler", "framework agreements")),
}
"""Each kind of unit, one and many."""

_NEUTER = frozenset({Unit.SYSTEM, Unit.COUNTRY})

BASES = {
    Base.SPEND: Text("udgifterne", "the spend"),
    Base.CONTRACTS: Text("kontrakterne", "the contracts"),
    Base.SYSTEMS: Text("leverancerne til systemerne", "the deliveries to the systems"),
    Base.CRITICAL_SYSTEMS: Text("leverancerne til de kritiske systemer", "the deliveries to the critical systems"),
    Base.SOCIETY_CRITICAL_FUNCTIONS: Text(
        "leverancerne til de samfundskritiske funktioner", "the deliveries to the society-critical functions"
    ),
    Base.ORGANISATIONS: Text("leverancerne til organisationerne", "the deliveries to the organisations"),
}
"""What the shares of each base are shares of."""

ITEMS = {
    Base.SPEND: (Text("udgiftspost", "item of spend"), Text("udgiftsposter", "items of spend")),
    Base.CONTRACTS: (Text("kontrakt", "contract"), Text("kontrakter", "contracts")),
    Base.SYSTEMS: (Text("system", "system"), Text("systemer", "systems")),
    Base.CRITICAL_SYSTEMS: (Text("kritisk system", "critical system"), Text("kritiske systemer", "critical systems")),
    Base.SOCIETY_CRITICAL_FUNCTIONS: (
        Text("samfundskritisk funktion", "society-critical function"),
        Text("samfundskritiske funktioner", "society-critical functions"),
    ),
    Base.ORGANISATIONS: (Text("organisation", "organisation"), Text("organisationer", "organisations")),
}
"""The things that each base counts, one and many."""

LEVELS = {
    Level.LOW: Text("lav koncentration", "low concentration"),
    Level.MODERATE: Text("moderat koncentration", "moderate concentration"),
    Level.HIGH: Text("høj koncentration", "high concentration"),
}


def concentration_sentence(result: Concentration, label: Label, thresholds: HhiThresholds) -> Text:
    """How concentrated something is: the largest share, and how few equal units that amounts to."""
    top = result.shares[0]
    level = LEVELS[thresholds.level(result.hhi)]
    one, many = UNITS[result.unit]

    def say(language: Language) -> str:
        name, base, share = label(top.node)[language], BASES[result.base][language], percent(top.share, language)
        index, equal = number(result.hhi, 0, language), number(result.effective_suppliers, 1, language)
        if result.view is View.DIRECT:
            start = Text(f"{name} står for {share} af {base}.", f"{name} accounts for {share} of {base}.")
        else:
            start = Text(
                f"Når kæden følges til ende, står {name} for {share} af {base}.",
                f"When the chain is followed to its end, {name} accounts for {share} of {base}.",
            )
        if top.share == 1:
            means = Text(
                f"Der er kun {'dette' if result.unit in _NEUTER else 'denne'} ene {one.da}",
                f"There is only this one {one.en}",
            )
        else:
            means = Text(
                f"Det er så koncentreret som {equal} lige store {many.da}",
                f"That is as concentrated as {equal} equal {many.en}",
            )
        return f"{start[language]} {means[language]} (HHI {index}: {level[language]})."

    return Text.per_language(say)


def ultimate_sentence(direct: Concentration, ultimate: Concentration, node: str, label: Label) -> Text:
    """What a unit's share is directly, what it is in the end, and how much meets it on the way."""
    near, far = direct.of(node), ultimate.of(node)

    def say(language: Language) -> str:
        name, base = label(node)[language], BASES[direct.base][language]
        first, last = percent(near.share, language), percent(far.share, language)
        if direct.base is Base.SPEND:
            met = percent(far.reach, language)
            tail = Text(
                f"I et eller andet led går {met} af dem gennem {name}.",
                f"At some tier {met} of it passes through {name}.",
            )
        else:
            met = number(far.items, 0, language) + Text(" af ", " of ")[language]
            met += count(ultimate.items, ITEMS[direct.base], language)
            verb = "rests" if far.items == 1 else "rest"
            tail = Text(f"I et eller andet led hviler {met} på {name}.", f"At some tier {met} {verb} on {name}.")
        start = Text(
            f"{name} har direkte {first} af {base}, og {last}, når kæden følges til ende.",
            f"{name} has {first} of {base} directly, and {last} when the chain is followed to its end.",
        )
        return f"{start[language]} {tail[language]}"

    return Text.per_language(say)


def merger_sentence(merged: Merger, label: Label, thresholds: HhiThresholds) -> Text:
    """What a merger would do to the concentration."""
    closer = (
        Text("Det bør undersøges nærmere.", "That deserves a closer look.")
        if thresholds.notable(merged.after, merged.change)
        else Text("Det er under grænsen for en nærmere undersøgelse.", "That is below the limit for a closer look.")
    )

    def say(language: Language) -> str:
        who = listing([label(name)[language] for name in merged.parties], language)
        share = percent(merged.share, language)
        before, after, change = (number(v, 0, language) for v in (merged.before, merged.after, merged.change))
        start = Text(
            f"Hvis {who} bliver til én, står den for {share}, og HHI går fra {before} til {after} (+{change}).",
            f"If {who} become one, it accounts for {share}, and the HHI goes from {before} to {after} (+{change}).",
        )
        return f"{start[language]} {closer[language]}"

    return Text.per_language(say)


def overlap_sentence(overlap: Overlap, label: Label) -> Text:
    """Who stands behind suppliers that look independent."""

    def say(language: Language) -> str:
        name = label(overlap.node)[language]
        who = listing([label(supplier)[language] for supplier in overlap.suppliers], language)
        many = number(len(overlap.suppliers), 0, language)
        if language is Language.DA:
            also = " og leverer selv direkte" if overlap.direct else ""
            return (
                f"{name} står bag {many} forskellige leverandører ({who}){also}. Svigter {name}, rammer det dem alle."
            )
        also = " and delivers directly as well" if overlap.direct else ""
        return f"{name} stands behind {many} different suppliers ({who}){also}. If {name} fails, all of them are hit."

    return Text.per_language(say)


def substitutability_sentence(result: Substitutability, base: Base) -> Text:
    """How many things have no other supplier to fall back on."""
    words, without, total = ITEMS[base], len(result.without), len(result.alternatives)
    if not total:
        return Text("Der er ingen leverandører at erstatte.", "There is no supplier to replace.")
    da = f"{number(without, 0, Language.DA)} af {count(total, words, Language.DA)}"
    en = f"{number(without, 0, Language.EN)} of {count(total, words, Language.EN)}"
    verb = "has" if without == 1 else "have"
    return Text(
        f"{da} har ingen anden leverandør at falde tilbage på.", f"{en} {verb} no other supplier to fall back on."
    )


def indicator_sentence(indicator: Indicator, label: Label) -> Text:
    """What an indicator of the regulation says, or why it says nothing."""
    source = Text(
        f"delegeret forordning (EU) 2024/1502, {_in_danish(indicator.article)}",
        f"{SOURCE.removeprefix('Commission ')}, {indicator.article}",
    )

    def say(language: Language) -> str:
        title = f"{indicator.title[language]} ({source[language]}):"
        if indicator.not_computed is not None:
            return f"{title} {Text('kan ikke beregnes', 'cannot be computed')[language]}. {indicator.not_computed[language]}"
        parts: list[str] = []
        for value in indicator.values:
            group = "" if value.category == EVERYONE else f"{label(value.category)[language]} "
            of = Text("af", "of")[language]
            parts.append(f"{group}{number(value.part, 0, language)} {of} {number(value.whole, 0, language)}")
        return f"{title} {'; '.join(parts) or '0'}."

    return Text.per_language(say)


def _in_danish(article: str) -> str:
    """An article as Danish law cites it: Article 2(1)(a) is artikel 2, stk. 1, litra a)."""
    match = re.fullmatch(r"Article (\d+)\((\d+)\)(?:\(([a-z])\))?", article)
    if match is None:
        return article
    number_, paragraph, letter = match.groups()
    return f"artikel {number_}, stk. {paragraph}" + (f", litra {letter})" if letter else "")
