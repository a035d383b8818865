"""Weakest links and access paths in sentences for readers who do not know the measures.

Strengths are shown as points out of 100, so that they are not taken for probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from graphsc.analysis.concentration.sentences import UNITS
from graphsc.analysis.concentration.shares import Unit
from graphsc.analysis.exposure.access import AccessPath, BlastRadius
from graphsc.analysis.exposure.weakest_links import Aspect, Component, Improvement, Strength, WeakestLink
from graphsc.analysis.wording import Label, bilingual, listing, percent
from graphsc.core.text import Language, Text

PARTS = {
    Aspect.DUTIES: (Text("pligt", "duty"), Text("pligter", "duties"), Text("er opfyldt", "met")),
    Aspect.REQUIREMENTS: (
        Text("krav", "requirement"),
        Text("krav", "requirements"),
        Text("er ført videre", "passed on"),
    ),
    Aspect.APPROVALS: (Text("godkendelse", "approval"), Text("godkendelser", "approvals"), Text("gælder", "in force")),
    Aspect.CERTIFICATES: (
        Text("certifikat", "certificate"),
        Text("certifikater", "certificates"),
        Text("gælder", "in force"),
    ),
}
"""What each component counts, singular and plural, and what is true of those that are in order."""

DEVIATIONS = (Text("afvigelse", "deviation"), Text("afvigelser", "deviations"))
ASSETS = (Text("dataaktiv", "data asset"), Text("dataaktiver", "data assets"))
PARTIES = (Text("part", "party"), Text("parter", "parties"))


def points(value: float, language: Language) -> str:
    """A strength as points of 100; only 0 is shown as 0, and only 1 as 100."""
    whole = math.floor(round(100 * value, 6) + 0.5)
    if value > 0 and whole == 0:
        return "under 1"
    if value < 1 and whole == 100:
        return "over 99"
    return Text.number(whole)[language]


@bilingual
def strength_sentence(language: Language, name: str, strength: Strength, label: Label) -> Text:
    """The strength of a link or party, with its components."""
    who, value = label(name)[language], points(strength.value, language)
    parts = listing([_part(component, language) for component in strength.components], language, most=len(Aspect))
    if not strength.known:
        return Text(
            f"Intet er registreret om {who}; styrken er ukendt og sat til {value} ud af 100.",
            f"Nothing is recorded of {who}; the strength is unknown and set to {value} out of 100.",
        )
    if not strength.given:
        return Text(
            f"{who} har en styrke på {value} ud af 100: {parts}.",
            f"{who} has a strength of {value} out of 100: {parts}.",
        )
    start = Text(
        f"{who} er vurderet til en styrke på {value} ud af 100.", f"{who} is rated {value} out of 100 in strength."
    )
    if strength.evidence is None:
        return start
    alone = points(strength.evidence, language)
    return Text(
        f"{start.da} Det registrerede alene ville give {alone}: {parts}.",
        f"{start.en} The records alone would give {alone}: {parts}.",
    )


@bilingual
def weakest_sentence(language: Language, link: WeakestLink, label: Label, *, known: bool = True) -> Text:
    """The weakest link of the chain behind something, and the path to it.

    Where that link has no ``known`` strength, the strength of the chain is unknown too.
    """
    target = label(link.target)[language]
    if link.node is None:
        return Text(f"Der er ikke fundet noget svagt led bag {target}.", f"No weak link was found behind {target}.")
    node, value = label(link.node)[language], points(link.strength, language)
    if not known:
        return Text(
            f"Det er ukendt, hvor stærk kæden bag {target} er: Intet registreret viser styrken af {node}, så den er sat til {value} ud af 100.",
            f"It is unknown how strong the chain behind {target} is: nothing recorded shows the strength of {node}, so it is set to {value} out of 100.",
        )
    if link.node == link.target:
        return Text(
            f"Det svageste led i kæden bag {target} er {node} selv med en styrke på {value} ud af 100.",
            f"The weakest link in the chain behind {target} is {node} itself, with a strength of {value} out of 100.",
        )
    start = Text(
        f"Kæden bag {target} er ikke stærkere end {node}, som har en styrke på {value} ud af 100.",
        f"The chain behind {target} is no stronger than {node}, which has a strength of {value} out of 100.",
    )
    between = listing(link.path[1:-1], language, label)
    if not between:
        return start
    return Text(f"{start.da} Kæden går over {between}.", f"{start.en} The chain goes by way of {between}.")


@bilingual
def improvement_sentence(language: Language, improvement: Improvement, label: Label) -> Text:
    """The effect of bringing one link to full strength."""
    node, best = label(improvement.node)[language], improvement.lifts[0]
    target = label(best.target)[language]
    before, after = _apart(best.before, best.after, language)
    if len(improvement.lifts) == 1:
        return Text(
            f"Bringes {node} op på fuld styrke, går kæden bag {target} fra {before} til {after} ud af 100.",
            f"If {node} is brought to full strength, the chain behind {target} goes from {before} to {after} out of 100.",
        )
    many = Text.number(len(improvement.lifts))[language]
    return Text(
        f"Bringes {node} op på fuld styrke, bliver {many} kæder stærkere. "
        f"Mest vinder kæden bag {target}, der går fra {before} til {after} ud af 100.",
        f"If {node} is brought to full strength, {many} chains become stronger. "
        f"The one behind {target} gains most: it goes from {before} to {after} out of 100.",
    )


@bilingual
def stuck_sentence(language: Language, stuck: Sequence[str], label: Label) -> Text:
    """The chains that no single improvement makes stronger."""
    who = listing(stuck, language, label)
    if not stuck:
        return Text(
            "Hver svag kæde kan gøres stærkere ved at styrke ét led.",
            "Every weak chain can be made stronger by strengthening one link.",
        )
    return Text(
        f"Bag {who} er det ikke nok at styrke ét led; flere skal styrkes på én gang.",
        f"Behind {who} it is not enough to strengthen one link; several must be strengthened together.",
    )


@bilingual
def path_sentence(language: Language, path: AccessPath, label: Label) -> Text:
    """The most probable path from one node to another."""
    start, end = (label(path.nodes[place])[language] for place in (0, -1))
    if len(path.nodes) == 1:
        return Text(f"{end} er selv udgangspunktet.", f"{end} is itself the starting point.")
    chance = percent(path.probability, language)
    between = listing(path.nodes[1:-1], language, label)
    how = Text(f"går over {between}", f"goes by way of {between}") if between else Text("er direkte", "is direct")
    return Text(
        f"Den mest sandsynlige vej fra {start} til {end} {how.da}. Den beregnede sandsynlighed er {chance}.",
        f"The most probable way from {start} to {end} {how.en}. The computed probability is {chance}.",
    )


@bilingual
def blast_sentence(language: Language, radius: BlastRadius, label: Label) -> Text:
    """What someone who has broken in at a party can reach, and what most easily."""
    source = label(radius.source)[language]
    if not radius.things:
        return Text(
            f"Den, der bryder ind hos {source}, kan ikke nå nogen systemer eller data gennem de registrerede adgange.",
            f"Whoever breaks in at {source} can reach no systems or data through the access on record.",
        )
    kinds = [
        (sum(thing.kind == kind for thing in radius.things), words)
        for kind, words in (("system", UNITS[Unit.SYSTEM]), ("data", ASSETS))
    ]
    what = listing([Text.counted(many, *words)[language] for many, words in kinds if many], language)
    first = radius.things[0]
    easiest, chance = label(first.node)[language], percent(first.probability, language)
    if len(radius.things) == 1:
        return Text(
            f"Den, der bryder ind hos {source}, kan nå {easiest} (beregnet sandsynlighed {chance}).",
            f"Whoever breaks in at {source} can reach {easiest} (computed probability {chance}).",
        )
    return Text(
        f"Den, der bryder ind hos {source}, kan nå {what}. "
        f"Lettest er vejen til {easiest} (beregnet sandsynlighed {chance}).",
        f"Whoever breaks in at {source} can reach {what}. "
        f"The easiest way is the one to {easiest} (computed probability {chance}).",
    )


@bilingual
def who_sentence(language: Language, target: str, paths: Sequence[AccessPath], label: Label) -> Text:
    """How many parties can reach a thing, and which most easily; ``paths`` as `who_reaches` gives them."""
    thing = label(target)[language]
    if not paths:
        return Text(
            f"Ingen part kan nå {thing} gennem de registrerede adgange.",
            f"No party can reach {thing} through the access on record.",
        )
    many = Text.counted(len(paths), *PARTIES)[language]
    first, chance = label(paths[0].nodes[0])[language], percent(paths[0].probability, language)
    if len(paths) == 1:
        return Text(
            f"Kun {first} kan nå {thing} (beregnet sandsynlighed {chance}).",
            f"Only {first} can reach {thing} (computed probability {chance}).",
        )
    return Text(
        f"{many} kan nå {thing}. Lettest er det for {first} (beregnet sandsynlighed {chance}).",
        f"{many} can reach {thing}. It is easiest for {first} (computed probability {chance}).",
    )


def _part(component: Component, language: Language) -> str:
    """One component of a strength as part of a sentence."""
    if component.name is Aspect.DEVIATIONS:
        still_open = component.denominator - component.numerator
        if not still_open:
            return Text("ingen åbne afvigelser", "no open deviations")[language]
        what = Text.counted(still_open, *DEVIATIONS)[language]
        return Text(f"{what} er ikke lukket", f"{what} not closed")[language]
    single, plural, holds = PARTS[component.name]
    whole, part = (
        Text.counted(component.denominator, single, plural)[language],
        Text.number(component.numerator)[language],
    )
    verb = "is" if component.numerator == 1 else "are"
    return Text(f"{part} af {whole} {holds.da}", f"{part} of {whole} {verb} {holds.en}")[language]


def _apart(before: float, after: float, language: Language) -> tuple[str, str]:
    """Two strengths as points, with as many decimals (up to three) as it takes to tell them apart."""
    texts = points(before, language), points(after, language)
    for decimals in (1, 2, 3):
        if texts[0] != texts[1]:
            break
        texts = Text.number(100 * before, decimals)[language], Text.number(100 * after, decimals)[language]
    return texts
