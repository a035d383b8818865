"""The measures of concentration in sentences for readers who do not know them."""

from __future__ import annotations

from graphsc.analysis.concentration.shares import (
    Base,
    Concentration,
    HhiThresholds,
    Level,
    Merger,
    Substitutability,
    Unit,
    View,
)
from graphsc.analysis.concentration.supply import Overlap
from graphsc.analysis.wording import Label, bilingual, listing, percent
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
"""Each kind of unit, singular and plural."""

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
"""The things that each base counts, singular and plural."""

LEVELS = {
    Level.LOW: Text("lav koncentration", "low concentration"),
    Level.MODERATE: Text("moderat koncentration", "moderate concentration"),
    Level.HIGH: Text("høj koncentration", "high concentration"),
}


@bilingual
def concentration_sentence(language: Language, result: Concentration, label: Label, thresholds: HhiThresholds) -> Text:
    """How concentrated something is: the largest share, and how few equal units that amounts to."""
    top = result.shares[0]
    level = LEVELS[thresholds.level(result.hhi)]
    single, many = UNITS[result.unit]
    name, base, share = label(top.node)[language], BASES[result.base][language], percent(top.share, language)
    index, equal = Text.number(result.hhi)[language], Text.number(result.effective_suppliers, 1)[language]
    if result.view is View.DIRECT:
        start = Text(f"{name} står for {share} af {base}.", f"{name} accounts for {share} of {base}.")
    else:
        start = Text(
            f"Følges kæden, så langt den er registreret, står {name} for {share} af {base}.",
            f"When the chain is followed as far as it is recorded, {name} accounts for {share} of {base}.",
        )
    if top.share == 1:
        means = Text(
            f"Der er kun {'dette' if result.unit in _NEUTER else 'denne'} ene {single.da}",
            f"There is only this one {single.en}",
        )
    else:
        means = Text(
            f"Det er så koncentreret som {equal} lige store {many.da}",
            f"That is as concentrated as {equal} equal {many.en}",
        )
    return Text(
        f"{start.da} {means.da} (HHI {index}: {level.da}).", f"{start.en} {means.en} (HHI {index}: {level.en})."
    )


@bilingual
def ultimate_sentence(
    language: Language, direct: Concentration, ultimate: Concentration, node: str, label: Label
) -> Text:
    """A unit's share directly and at the end of the chain, and how much passes through it on the way."""
    near, far = direct.of(node), ultimate.of(node)
    name, base = label(node)[language], BASES[direct.base][language]
    first, last = percent(near.share, language), percent(far.share, language)
    if direct.base is Base.SPEND:
        met = percent(far.reach, language)
        tail = Text(
            f"I et eller andet led går {met} af dem gennem {name}.", f"At some tier {met} of it passes through {name}."
        )
    else:
        met, total = Text.number(far.items)[language], Text.counted(ultimate.items, *ITEMS[direct.base])[language]
        verb = "rests" if far.items == 1 else "rest"
        tail = Text(
            f"I et eller andet led hviler {met} af {total} på {name}.",
            f"At some tier {met} of {total} {verb} on {name}.",
        )
    return Text(
        f"{name} har direkte {first} af {base}, og {last}, når kæden følges til ende. {tail.da}",
        f"{name} has {first} of {base} directly, and {last} when the chain is followed to its end. {tail.en}",
    )


@bilingual
def merger_sentence(language: Language, merged: Merger, label: Label, thresholds: HhiThresholds) -> Text:
    """What a merger would do to the concentration."""
    closer = (
        Text("Det bør undersøges nærmere.", "That deserves a closer look.")
        if thresholds.notable(merged.after, merged.change)
        else Text("Det er under grænsen for en nærmere undersøgelse.", "That is below the limit for a closer look.")
    )
    who = listing(merged.parties, language, label)
    share = percent(merged.share, language)
    before, after, change = (Text.number(v)[language] for v in (merged.before, merged.after, merged.change))
    return Text(
        f"Hvis {who} bliver til én, står den for {share}, og HHI går fra {before} til {after} (+{change}). {closer.da}",
        f"If {who} become one, it accounts for {share}, and the HHI goes from {before} to {after} (+{change}). {closer.en}",
    )


@bilingual
def overlap_sentence(language: Language, overlap: Overlap, label: Label) -> Text:
    """Who stands behind suppliers that look independent."""
    name = label(overlap.node)[language]
    who, many = listing(overlap.suppliers, language, label), Text.number(len(overlap.suppliers))[language]
    also = Text(" og leverer selv direkte", " and delivers directly as well") if overlap.direct else Text("", "")
    return Text(
        f"{name} står bag {many} forskellige leverandører ({who}){also.da}. Svigter {name}, rammer det dem alle.",
        f"{name} stands behind {many} different suppliers ({who}){also.en}. If {name} fails, all of them are hit.",
    )


@bilingual
def substitutability_sentence(language: Language, result: Substitutability, base: Base) -> Text:
    """How many things have no other supplier to fall back on."""
    if not result.alternatives:
        return Text("Der er ingen leverandører at erstatte.", "There is no supplier to replace.")
    without, total = (
        Text.number(len(result.without))[language],
        Text.counted(len(result.alternatives), *ITEMS[base])[language],
    )
    verb = "has" if len(result.without) == 1 else "have"
    return Text(
        f"{without} af {total} har ingen anden leverandør at falde tilbage på.",
        f"{without} of {total} {verb} no other supplier to fall back on.",
    )
