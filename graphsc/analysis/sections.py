"""The measures of risk in sections: in short first, then each with its details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphsc.analysis.concentration.sentences import (
    ITEMS,
    UNITS,
    concentration_sentence,
    overlap_sentence,
    substitutability_sentence,
)
from graphsc.analysis.concentration.shares import Base, Concentration, Level, Share, Unit, View
from graphsc.analysis.exposure.access import Radius
from graphsc.analysis.exposure.sentences import improvement_sentence, points, stuck_sentence, weakest_sentence
from graphsc.analysis.exposure.weakest_links import WeakestLink
from graphsc.analysis.model import PARTIES, critical_nodes
from graphsc.analysis.resilience.losses import Loss
from graphsc.analysis.resilience.sentences import (
    availability_sentence,
    cut_sets_sentence,
    fix_sentence,
    fixes_sentence,
    loss_sentence,
    single_points_sentence,
)
from graphsc.analysis.risk import HOLDERS, Assessment
from graphsc.analysis.wording import percent
from graphsc.core.document import Bar, Cell, Columns, Section, table
from graphsc.core.text import Text
from graphsc.core.vocabulary import G_COUNTRY, G_CRITICALITY, REGISTER

_WEIGHT = Text(
    "Vægten lægger det sammen, der standser. Det samfundskritiske vejer tungest.",
    "The weight adds up what stops. What is critical to society weighs most.",
)
_RECORDED = Text("land, hvor det er registreret", "country, where it is recorded")
_SPEND = Text("årlige udgifter", "yearly spend")
SHOWN = (Base.SPEND, Base.CONTRACTS, Base.CRITICAL_SYSTEMS, Base.SOCIETY_CRITICAL_FUNCTIONS)
_LEVELS = {Level.LOW: Text("lav", "low"), Level.MODERATE: Text("moderat", "moderate"), Level.HIGH: Text("høj", "high")}
KINDS = {
    "function": Text("samfundsfunktion", "societal function"),
    "process": Text("proces", "process"),
    "system": Text("system", "system"),
    "agreement": Text("aftale", "agreement"),
    "organisation": Text("organisation", "organisation"),
    "group": Text("koncern", "owner group"),
    "country": Text("land", "country"),
    "location": Text("dataplacering", "data location"),
    "gate": Text("valgmuligheder", "options"),
    "data": Text("dataaktiv", "data asset"),
}
"""The kinds of node."""
_NAMESAKES = 5
"""How many groups of suppliers that may be one are named."""


def share(value: float) -> Text:
    """A percentage in both languages."""
    return Text.per_language(lambda language: percent(value, language))


def path(assessment: Assessment, nodes: Sequence[str]) -> Text:
    """The names of the nodes of a path, in order."""
    return Text.per_language(lambda language: " → ".join(assessment.label(node)[language] for node in nodes))


def strength_bar(value: float) -> Bar:
    """A strength as a bar of points out of 100."""
    return Bar(value, Text.per_language(lambda language: points(value, language)))


def title(assessment: Assessment) -> Text:
    """The title."""
    day = assessment.as_of.isoformat()
    return Text(f"Risiko pr. {day}", f"Risk as of {day}")


def sections(assessment: Assessment, most: int = 10) -> tuple[Section, ...]:
    """All measures, with at most ``most`` rows in each table."""
    every = (
        Section(Text("Kort fortalt", "In short"), points=tuple(_most_important(assessment))),
        losses(assessment, most),
        abroad(assessment, most),
        targets(assessment, most),
        concentration(assessment),
        largest(assessment, most),
        overlaps(assessment, most),
        weakest(assessment, most),
        reach(assessment, most),
        better(assessment),
        not_measured(assessment),
    )
    return tuple(filter(None, every))


def _most_important(assessment: Assessment) -> Iterator[Text]:
    """The most important result of each measure, in a sentence each."""
    risk = assessment.risk
    if heaviest := _heavy(assessment):
        yield loss_sentence(risk.graph, heaviest[0], assessment.label)
    worst = max(risk.targets, key=lambda target: len(risk.points[target]), default=None)
    if worst is not None:
        yield single_points_sentence(risk.graph, worst, risk.points[worst], assessment.label)
    if (top := _most_telling(assessment)) is not None:
        yield concentration_sentence(top, assessment.label, assessment.thresholds)
    weak = next((link for link in risk.weakest if link.node is not None), None)
    if weak is not None:
        yield weakest_sentence(weak, assessment.label, known=risk.strengths.is_known(weak.node or weak.target))
    if not critical_nodes(risk.graph):
        yield Text(
            "Der er ikke registreret samfundskritiske funktioner, og intet system er registreret som samfundskritisk eller kritisk infrastruktur, så intet kan siges om, hvad et tab standser.",
            "No society-critical functions are recorded, and no system is recorded as society-critical or critical infrastructure, so nothing can be said of what a loss stops.",
        )
    else:
        yield fixes_sentence(risk.graph, risk.fixes, assessment.label)


def _most_telling(assessment: Assessment) -> Concentration | None:
    for base in (Base.CRITICAL_SYSTEMS, Base.SYSTEMS, Base.CONTRACTS, Base.ORGANISATIONS):
        measured = assessment.risk.measured(Unit.GROUP, base, View.ULTIMATE)
        if measured is not None:
            return measured
    return None


def losses(assessment: Assessment, most: int) -> Section | None:
    """The parties whose loss stops most."""
    risk, graph = assessment.risk, assessment.risk.graph
    gravest = _heavy(assessment)
    if not gravest:
        return None

    def functions(loss: Loss) -> int:
        return sum(graph.nodes[node]["kind"] == "function" for node in loss.stops)

    columns: Columns[Loss] = {
        Text("Falder bort", "Is lost"): lambda loss: assessment.label(loss.node),
        Text("Slags", "Kind"): lambda loss: KINDS[graph.nodes[loss.node]["kind"]],
        Text("Vægt", "Weight"): lambda loss: Bar(loss.weight / gravest[0].weight, Text.number(loss.weight)),
        Text("Funktioner", "Functions"): lambda loss: Text.number(functions(loss)),
        Text("Kritiske systemer", "Critical systems"): lambda loss: Text.number(loss.count - functions(loss)),
    }
    idle = sum(1 for loss in risk.losses if graph.nodes[loss.node]["kind"] in PARTIES and not loss.count)
    others = Text.number(idle)
    rest = Text(
        f"{others.da} andre parter standser intet kritisk, hvis de falder bort alene, så vidt det er registreret.",
        f"{others.en} other parties stop nothing critical if they alone are lost, as far as is recorded.",
    )
    if idle == 1:
        rest = Text(
            "Én anden part standser intet kritisk, hvis den falder bort alene, så vidt det er registreret.",
            "One other party stops nothing critical if it alone is lost, as far as is recorded.",
        )
    return Section(
        Text("Hvad der standser, hvis én part falder bort", "What stops if one party is lost"),
        (_WEIGHT, rest) if idle else (_WEIGHT,),
        (table(columns, gravest, most),),
    )


def abroad(assessment: Assessment, most: int) -> Section:
    """What depends on each country."""
    graph = assessment.risk.graph
    lost = [loss for loss in assessment.risk.losses if graph.nodes[loss.node]["kind"] not in PARTIES and loss.count]
    sentences = tuple(loss_sentence(graph, loss, assessment.label) for loss in lost[:most])
    return Section(Text("Lande og dataplaceringer", "Countries and data locations"), points=sentences)


def targets(assessment: Assessment, most: int) -> Section | None:
    """The single points of failure of each critical function, and the combinations of losses that stop it."""
    risk = assessment.risk
    if not risk.targets:
        return None
    sentences: list[Text] = []
    for target in [target for target in risk.targets if target in risk.cuts][:most]:
        sentences += target_sentences(assessment, target)
    systems = risk.substitutability[Base.CRITICAL_SYSTEMS]
    if systems.alternatives:
        sentences.append(substitutability_sentence(systems, Base.CRITICAL_SYSTEMS))
    heading = Text("Kritiske systemer", "Critical systems")
    if risk.graph.nodes[risk.targets[0]]["kind"] == "function":
        heading = Text("Samfundskritiske funktioner", "Society-critical functions")
    return Section(heading, points=tuple(sentences))


def target_sentences(assessment: Assessment, target: str) -> Iterator[Text]:
    """The single points of a system or function, its smallest cut sets, and its availability."""
    risk, label = assessment.risk, assessment.label
    yield from dict.fromkeys(
        (
            single_points_sentence(risk.graph, target, risk.points[target], label),
            cut_sets_sentence(risk.graph, risk.cuts[target], label),
        )
    )
    if target in risk.availability:
        yield availability_sentence(target, risk.availability[target], label)


def _heavy(assessment: Assessment) -> list[Loss]:
    """The losses of one party that stop something, gravest first."""
    graph = assessment.risk.graph
    return [loss for loss in assessment.risk.losses if graph.nodes[loss.node]["kind"] in PARTIES and loss.count]


def concentration(assessment: Assessment) -> Section | None:
    """Concentration, for each base and kind of holder."""
    measured, scale = assessment.risk.measured, assessment.thresholds
    direct = [result for base in SHOWN for unit in HOLDERS if (result := measured(unit, base, View.DIRECT)) is not None]
    if not direct:
        return None
    partly = {Unit.COUNTRY} if assessment.risk.not_recorded.get(G_COUNTRY) else frozenset[Unit]()
    columns: Columns[Concentration] = {
        Text("Andel af", "Share of"): lambda held: _SPEND if held.base is Base.SPEND else ITEMS[held.base][1],
        Text("Fordelt på", "By"): lambda held: _RECORDED if held.unit in partly else UNITS[held.unit][0],
        Text("Størst", "Largest"): lambda held: assessment.label(held.shares[0].node),
        Text("Direkte", "Directly"): lambda held: Bar(held.shares[0].share, share(held.shares[0].share)),
        Text("Størst, når kæden følges til ende", "Largest at the end of the chain"): lambda held: _far(
            assessment, measured(held.unit, held.base, View.ULTIMATE)
        ),
        Text("HHI", "HHI"): lambda held: Text.number(held.hhi),
        Text("Niveau", "Level"): lambda held: _LEVELS[scale.level(held.hhi)],
    }
    moderate, high, source = Text.number(scale.moderate), Text.number(scale.high), scale.source
    note = Text(
        f"HHI er summen af de kvadrerede procentandele: moderat fra {moderate.da}, høj over {high.da} ({source.da}).",
        f"The HHI is the sum of the squared percentages: moderate from {moderate.en}, high above {high.en} ({source.en}).",
    )
    return Section(Text("Koncentration", "Concentration"), (note,), (table(columns, direct),))


def largest(assessment: Assessment, most: int) -> Section | None:
    """The greatest shares of the critical systems: direct, ultimate and at any tier."""
    measured = assessment.risk.measured
    critical = measured(Unit.GROUP, Base.CRITICAL_SYSTEMS, View.ULTIMATE) is not None
    base = Base.CRITICAL_SYSTEMS if critical else Base.SYSTEMS
    direct, ultimate = (measured(Unit.GROUP, base, view) for view in View)
    if direct is None or ultimate is None:
        return None
    order = sorted(ultimate.shares, key=lambda item: (-item.reach, -item.share, item.node))
    columns: Columns[Share] = {
        Text("Koncern eller leverandør", "Owner group or supplier"): lambda item: assessment.label(item.node),
        Text("Afhænger af den i et eller andet led", "Depend on it at some tier"): lambda item: Bar(
            item.reach, Text(f"{item.items} af {ultimate.items}", f"{item.items} of {ultimate.items}")
        ),
        Text("Direkte andel", "Share directly"): lambda item: share(direct.of(item.node).share),
        Text("Andel, når kæden følges til ende", "Share when the chain is followed to its end"): lambda item: share(
            item.share
        ),
    }
    heading = (
        Text("Hvem de kritiske systemer afhænger af", "Whom the critical systems depend on")
        if critical
        else Text("Hvem systemerne afhænger af", "Whom the systems depend on")
    )
    return Section(heading, (), (table(columns, order, most),))


def overlaps(assessment: Assessment, most: int) -> Section:
    """The parties behind suppliers that look independent."""
    sentences = [overlap_sentence(overlap, assessment.label) for overlap in assessment.risk.overlaps[:most]]
    return Section(Text("Skjulte sammenfald", "Hidden overlaps"), points=tuple(sentences))


def _far(assessment: Assessment, ultimate: Concentration | None) -> Cell:
    if ultimate is None:
        return Text("", "")
    top = ultimate.shares[0]
    name, part = assessment.label(top.node), share(top.share)
    return Text(f"{name.da} {part.da}", f"{name.en} {part.en}")


def weakest(assessment: Assessment, most: int) -> Section | None:
    """The weakest link of each critical chain."""
    weak = [link for link in assessment.risk.weakest if link.node is not None]
    if not weak:
        return None
    known = assessment.risk.strengths.is_known
    columns: Columns[WeakestLink] = {
        Text("Kæden bag", "The chain behind"): lambda link: assessment.label(link.target),
        Text("Styrke", "Strength"): lambda link: (
            strength_bar(link.strength) if known(link.node or link.target) else Text("ukendt", "unknown")
        ),
        Text("Svageste led", "Weakest link"): lambda link: assessment.label(link.node or link.target),
        Text("Via", "By way of"): lambda link: path(assessment, link.path[1:-1]),
    }
    note = Text(
        "Styrken siger, hvor meget af det, der skal være på plads, der også er registreret; 100 er alt. Det er ingen sandsynlighed. Viser intet registreret styrken, er den ukendt og regnes for 50.",
        "The strength says how much of what should be in place is recorded; 100 is all. It is no probability. Where nothing recorded shows it, it is unknown and counts as 50.",
    )
    return Section(Text("Svageste led", "Weakest links"), (note,), (table(columns, weak, most),))


def reach(assessment: Assessment, most: int) -> Section:
    """What someone who has broken in at a party can reach."""
    far = [radius for radius in assessment.risk.radii if radius.reached]
    columns: Columns[Radius] = {
        Text("Indbrud hos", "Break-in at"): lambda radius: assessment.label(radius.node),
        Text("Vægt", "Weight"): lambda radius: Bar(
            radius.weight / far[0].weight if far[0].weight else 0.0, Text.number(radius.weight)
        ),
        Text("Systemer og dataaktiver inden for rækkevidde", "Systems and data assets within reach"): lambda radius: (
            Text.number(radius.reached)
        ),
    }
    heading = Text("Hvor langt et indbrud når", "How far a break-in reaches")
    return Section(heading, tables=(table(columns, far, most),))


def better(assessment: Assessment) -> Section:
    """The single changes that help most."""
    risk = assessment.risk
    sentences = [fix_sentence(fix, risk.fixes.before, assessment.label) for fix in risk.fixes.ranked[:3]]
    shown = [improvement for improvement in risk.improvements.ranked if risk.strengths.is_known(improvement.node)]
    sentences += [improvement_sentence(improvement, assessment.label) for improvement in shown[:3]]
    if risk.improvements.stuck:
        sentences.append(stuck_sentence(risk.improvements.stuck, assessment.label))
    return Section(Text("Hvad der hjælper mest", "What helps most"), points=tuple(sentences))


def not_measured(assessment: Assessment) -> Section:
    """What was not measured, since it is not recorded or could not be read."""
    return Section(Text("Ikke målt", "Not measured"), points=tuple(_left_out(assessment)))


def _left_out(assessment: Assessment) -> Iterator[Text]:
    risk = assessment.risk
    if assessment.problems:
        count = len(assessment.problems)
        yield Text(
            f"Ikke alt kunne læses ({count} fejl), så tallene mangler noget.",
            f"Not all could be read ({count} {'error' if count == 1 else 'errors'}), so the figures lack something.",
        )
    if not risk.purchases.spend:
        yield Text(
            "Årlige udgifter er ikke registreret, så koncentrationen kan ikke regnes i kroner.",
            "Yearly spend is not recorded, so concentration cannot be measured in money.",
        )
    elif unpaid := sum(
        1 for holding in risk.supply.holdings(Base.CONTRACTS) if holding.holder not in risk.purchases.spend
    ):
        yield Text(
            f"Den årlige udgift mangler for {unpaid} af kontrakterne.",
            f"The yearly spend is missing for {unpaid} of the contracts.",
        )
    if not risk.purchases.categories:
        yield Text("Ydelseskategorier er ikke registreret.", "Service categories are not recorded.")
    if placeless := len(risk.not_recorded.get(G_COUNTRY, ())):
        yield Text(
            f"Landet er ikke registreret for {placeless} af leverandørerne. De er ikke med i andelene efter land, og intet land standser dem.",
            f"The country is not recorded of {placeless} of the suppliers. They are in no share by country, and the loss of no country stops them.",
        )
    if chainless := len(risk.not_recorded.get(REGISTER + "subcontractors", ())):
        yield Text(
            f"Underleverandører registreres ikke for {chainless} af aftalerne. Dér følges kæden kun så langt, som den er registreret.",
            f"Subcontractors are not recorded of {chainless} of the agreements. There the chain is followed only as far as it is recorded.",
        )
    if unweighed := len(risk.not_recorded.get(G_CRITICALITY, ())):
        yield Text(
            f"Kritikaliteten er ikke registreret for {unweighed} af systemerne. At de standser, tæller ikke som kritisk.",
            f"The criticality is not recorded of {unweighed} of the systems. That they stop does not count as critical.",
        )
    yield from _namesakes(assessment)
    if not risk.availabilities:
        yield Text(
            "Oppetider er ikke registreret, så det er ikke beregnet, hvor meget af tiden funktionerne kan ventes at virke.",
            "Availabilities are not recorded, so how much of the time the functions can be expected to work is not computed.",
        )
    unknown = sum(1 for link in risk.strengths.links.values() if not link.known)
    if unknown:
        yield Text(
            f"Om {unknown} af {len(risk.strengths.links)} aftaler er intet registreret, som viser deres styrke; den er sat til 50.",
            f"Nothing that shows their strength is recorded of {unknown} of {len(risk.strengths.links)} agreements; it is set to 50.",
        )
    if len(risk.targets) > len(risk.cuts):
        yield Text(
            f"Kombinationer af tab er regnet ud for {len(risk.cuts)} af {len(risk.targets)}; --explain giver resten.",
            f"Combinations of losses were worked out for {len(risk.cuts)} of {len(risk.targets)}; --explain gives the rest.",
        )


def _namesakes(assessment: Assessment) -> Iterator[Text]:
    """That suppliers count as several whose names say that they may be one."""
    risk = assessment.risk
    for group in risk.namesakes[:_NAMESAKES]:
        names = Text.joined(Text(" og ", " and "), list(map(assessment.label, group)))
        yield Text(
            f"Leverandørerne {names.da} hedder det samme eller næsten det samme, men regnes for forskellige. Er de én, er koncentrationen højere. Har de hvert sit CVR-nummer, så notér det.",
            f"The suppliers {names.en} have the same name or nearly so, but count as different. If they are one, the concentration is higher. If each has a company number, record it.",
        )
    if (more := len(risk.namesakes) - _NAMESAKES) > 0:
        yield Text(
            f"Det samme gælder {more} grupper af leverandører til.",
            f"The same holds for {more} more groups of suppliers.",
        )
