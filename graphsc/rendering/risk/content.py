"""What the measures of risk say, in sections: short first, then what each rests on."""

from __future__ import annotations

from collections.abc import Iterator

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.concentration_sentences import (
    ITEMS,
    UNITS,
    concentration_sentence,
    overlap_sentence,
    substitutability_sentence,
)
from graphsc.analysis.exposure import WeakestLink
from graphsc.analysis.exposure_sentences import improvement_sentence, points, stuck_sentence, weakest_sentence
from graphsc.analysis.resilience import Loss
from graphsc.analysis.resilience_sentences import (
    availability_sentence,
    cut_sets_sentence,
    fix_sentence,
    fixes_sentence,
    loss_sentence,
    single_points_sentence,
)
from graphsc.analysis.risk import PARTIES
from graphsc.analysis.shares import Base, Concentration, Unit, View
from graphsc.analysis.thresholds import Level
from graphsc.analysis.wording import number, percent
from graphsc.rendering.sections import Bar, Cell, Section, Table
from graphsc.text import Language, Text

SPEND = Text("årlige udgifter", "yearly spend")
SHOWN = (Base.SPEND, Base.CONTRACTS, Base.CRITICAL_SYSTEMS, Base.SOCIETY_CRITICAL_FUNCTIONS)
HOLDERS = (Unit.ORGANISATION, Unit.GROUP, Unit.COUNTRY)
_LEVEL = {Level.LOW: Text("lav", "low"), Level.MODERATE: Text("moderat", "moderate"), Level.HIGH: Text("høj", "high")}
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
"""What the nodes of the graphs are."""


def figures(value: float, decimals: int = 0) -> Text:
    """A number in both languages."""
    return Text(number(value, decimals, Language.DA), number(value, decimals, Language.EN))


def share(value: float) -> Text:
    """A percentage in both languages."""
    return Text(percent(value, Language.DA), percent(value, Language.EN))


def strength_bar(value: float) -> Bar:
    """A strength as a bar of points out of 100."""
    return Bar(value, Text(points(value, Language.DA), points(value, Language.EN)))


def title(found: Assessment) -> Text:
    """The heading of the whole."""
    day = found.as_of.isoformat()
    return Text(f"Risiko pr. {day}", f"Risk as of {day}")


def sections(found: Assessment, most: int = 10) -> tuple[Section, ...]:
    """Everything measured, with at most so many rows in each table."""
    return tuple(section for section in _sections(found, most) if section is not None)


def _sections(found: Assessment, most: int) -> Iterator[Section | None]:
    yield in_short(found)
    yield losses(found, most)
    yield abroad(found, most)
    yield targets(found, most)
    yield concentration(found)
    yield largest(found, most)
    yield overlaps(found, most)
    yield weakest(found, most)
    yield reach(found, most)
    yield better(found)
    yield not_measured(found)


def in_short(found: Assessment) -> Section:
    """The most important of each measure, one sentence each."""
    risk = found.risk
    said: list[Text] = []
    heaviest = _heavy(found)
    if heaviest:
        said.append(loss_sentence(risk.graph, heaviest[0], found.label))
    worst = max(risk.targets, key=lambda target: len(risk.points[target]), default=None)
    if worst is not None:
        said.append(single_points_sentence(risk.graph, worst, risk.points[worst], found.label))
    top = _most_telling(found)
    if top is not None:
        said.append(concentration_sentence(top, found.label, found.thresholds))
    weak = next((one for one in risk.weakest if one.node is not None), None)
    if weak is not None:
        said.append(weakest_sentence(weak, found.label))
    if not risk.graph.critical:
        said.append(
            Text(
                "Der er hverken noteret kritiske systemer eller samfundskritiske funktioner, så intet kan siges om, hvad et tab standser.",
                "No critical systems and no society-critical functions are recorded, so nothing can be said of what a loss stops.",
            )
        )
    else:
        said.append(fixes_sentence(risk.graph, risk.fixes, found.label))
    return Section(Text("Kort fortalt", "In short"), points=tuple(said))


def losses(found: Assessment, most: int) -> Section | None:
    """The parties whose loss stops most."""
    risk, graph = found.risk, found.risk.graph
    heavy = _heavy(found)
    if not heavy:
        return None
    rows: list[tuple[Cell, ...]] = []
    for loss in heavy[:most]:
        functions = sum(graph.kinds[node] == "function" for node in loss.stops)
        rows.append(
            (
                found.label(graph.names[loss.node]),
                KINDS[graph.kinds[loss.node]],
                Bar(loss.weight / heavy[0].weight, figures(loss.weight)),
                figures(functions),
                figures(loss.count - functions),
            )
        )
    columns = (
        Text("Falder bort", "Is lost"),
        Text("Art", "Kind"),
        Text("Vægt", "Weight"),
        Text("Funktioner", "Functions"),
        Text("Kritiske systemer", "Critical systems"),
    )
    idle = sum(1 for loss in risk.losses if graph.kinds[loss.node] in PARTIES and not loss.count)
    rest = (
        Text(
            f"{number(idle, 0, Language.DA)} andre parter standser intet kritisk, hvis de falder bort alene.",
            f"{number(idle, 0, Language.EN)} other parties stop nothing critical if they alone are lost.",
        ),
    )
    return Section(
        Text("Hvad der standser, hvis én part falder bort", "What stops if one party is lost"),
        rest if idle else (),
        (Table(columns, tuple(rows), max(0, len(heavy) - most)),),
    )


def abroad(found: Assessment, most: int) -> Section | None:
    """What hangs on each country."""
    graph = found.risk.graph
    lost = [loss for loss in found.risk.losses if graph.kinds[loss.node] not in PARTIES and loss.count]
    if not lost:
        return None
    return Section(
        Text("Lande og dataplaceringer", "Countries and data locations"),
        points=tuple(loss_sentence(graph, loss, found.label) for loss in lost[:most]),
    )


def targets(found: Assessment, most: int) -> Section | None:
    """What each critical function stands or falls with, and which losses stop it together."""
    risk = found.risk
    if not risk.targets:
        return None
    said: list[Text] = []
    for target in [one for one in risk.targets if one in risk.cuts][:most]:
        said.append(single_points_sentence(risk.graph, target, risk.points[target], found.label))
        said.append(cut_sets_sentence(risk.graph, risk.cuts[target], found.label))
        if target in risk.availability:
            said.append(availability_sentence(risk.graph, target, risk.availability[target], found.label))
    systems = risk.substitutability[Base.CRITICAL_SYSTEMS]
    if systems.alternatives:
        said.append(substitutability_sentence(systems, Base.CRITICAL_SYSTEMS))
    functions = risk.graph.kinds[risk.targets[0]] == "function"
    heading = (
        Text("Samfundskritiske funktioner", "Society-critical functions")
        if functions
        else Text("Kritiske systemer", "Critical systems")
    )
    return Section(heading, points=tuple(said))


def concentration(found: Assessment) -> Section | None:
    """How much lies in how few hands, for each base and kind of holder."""
    rows: list[tuple[Cell, ...]] = []
    for base in SHOWN:
        for unit in HOLDERS:
            direct = found.risk.measured(unit, base, View.DIRECT)
            if direct is None:
                continue
            ultimate = found.risk.measured(unit, base, View.ULTIMATE)
            top = direct.shares[0]
            rows.append(
                (
                    SPEND if base is Base.SPEND else ITEMS[base][1],
                    UNITS[unit][0],
                    found.label(top.node),
                    Bar(top.share, share(top.share)),
                    _far(found, ultimate),
                    figures(direct.hhi),
                    _LEVEL[found.thresholds.level(direct.hhi)],
                )
            )
    if not rows:
        return None
    columns = (
        Text("Andel af", "Share of"),
        Text("Fordelt på", "By"),
        Text("Størst", "Largest"),
        Text("Direkte", "Directly"),
        Text("Størst, når kæden følges til ende", "Largest at the end of the chain"),
        Text("HHI", "HHI"),
        Text("Niveau", "Level"),
    )
    scale = found.thresholds
    note = Text(
        f"HHI er summen af de kvadrerede procentandele: moderat fra {number(scale.moderate, 0, Language.DA)}, "
        f"høj over {number(scale.high, 0, Language.DA)} ({scale.source.da}).",
        f"The HHI is the sum of the squared percentages: moderate from {number(scale.moderate, 0, Language.EN)}, "
        f"high above {number(scale.high, 0, Language.EN)} ({scale.source.en}).",
    )
    return Section(Text("Koncentration", "Concentration"), (note,), (Table(columns, tuple(rows)),))


def largest(found: Assessment, most: int) -> Section | None:
    """Who holds most of the critical systems, directly and in the end, and on whom they rest at any tier."""
    base = (
        Base.CRITICAL_SYSTEMS if found.risk.measured(Unit.GROUP, Base.CRITICAL_SYSTEMS, View.ULTIMATE) else Base.SYSTEMS
    )
    direct = found.risk.measured(Unit.GROUP, base, View.DIRECT)
    ultimate = found.risk.measured(Unit.GROUP, base, View.ULTIMATE)
    if direct is None or ultimate is None:
        return None
    order = sorted(ultimate.shares, key=lambda one: (-one.reach, -one.share, one.node))
    rows: list[tuple[Cell, ...]] = [
        (
            found.label(one.node),
            Bar(one.reach, Text(f"{one.items} af {ultimate.items}", f"{one.items} of {ultimate.items}")),
            share(direct.of(one.node).share),
            share(one.share),
        )
        for one in order[:most]
    ]
    columns = (
        Text("Koncern eller leverandør", "Owner group or supplier"),
        Text("Hviler på den i et eller andet led", "Rest on it at some tier"),
        Text("Direkte andel", "Share directly"),
        Text("Andel, når kæden følges til ende", "Share when the chain is followed to its end"),
    )
    heading = (
        Text("Hvem de kritiske systemer hviler på", "Whom the critical systems rest on")
        if base is Base.CRITICAL_SYSTEMS
        else Text("Hvem systemerne hviler på", "Whom the systems rest on")
    )
    return Section(heading, (), (Table(columns, tuple(rows), max(0, len(order) - most)),))


def overlaps(found: Assessment, most: int) -> Section | None:
    """Who stands behind suppliers that look independent."""
    hidden = found.risk.overlaps
    if not hidden:
        return None
    said = [overlap_sentence(one, found.label) for one in hidden[:most]]
    return Section(Text("Skjulte sammenfald", "Hidden overlaps"), points=tuple(said))


def weakest(found: Assessment, most: int) -> Section | None:
    """The link that decides how strong each critical chain is."""
    weak = [one for one in found.risk.weakest if one.node is not None]
    if not weak:
        return None
    rows = tuple(_weak(found, one) for one in weak[:most])
    columns = (
        Text("Kæden bag", "The chain behind"),
        Text("Styrke", "Strength"),
        Text("Svageste led", "Weakest link"),
        Text("Via", "By way of"),
    )
    note = Text(
        "Styrken siger, hvor meget af det, der skal være på plads, der også er noteret; 100 er alt. Det er ingen sandsynlighed.",
        "The strength says how much of what should be in place is recorded; 100 is all. It is no probability.",
    )
    return Section(Text("Svageste led", "Weakest links"), (note,), (Table(columns, rows, max(0, len(weak) - most)),))


def reach(found: Assessment, most: int) -> Section | None:
    """How much lies within reach of someone who has broken in at a party."""
    far = [one for one in found.risk.radii if one.reached]
    if not far:
        return None
    rows = tuple(
        (
            found.label(one.source),
            Bar(one.weight / far[0].weight if far[0].weight else 0.0, figures(one.weight)),
            figures(one.reached),
        )
        for one in far[:most]
    )
    columns = (
        Text("Indbrud hos", "Break-in at"),
        Text("Vægt", "Weight"),
        Text("Systemer og dataaktiver inden for rækkevidde", "Systems and data assets within reach"),
    )
    return Section(
        Text("Hvor langt et indbrud når", "How far a break-in reaches"),
        (),
        (Table(columns, rows, max(0, len(far) - most)),),
    )


def better(found: Assessment) -> Section | None:
    """The single changes that help most."""
    risk = found.risk
    said = [fix_sentence(risk.graph, fix, risk.fixes.before, found.label) for fix in risk.fixes.ranked[:3]]
    said += [improvement_sentence(one, found.label) for one in risk.improvements.ranked[:3]]
    if risk.improvements.stuck:
        said.append(stuck_sentence(risk.improvements.stuck, found.label))
    if not said:
        return None
    return Section(Text("Hvad der hjælper mest", "What helps most"), points=tuple(said))


def not_measured(found: Assessment) -> Section | None:
    """What could not be measured, since it is not recorded or could not be read."""
    risk = found.risk
    said: list[Text] = []
    if found.problems:
        count = len(found.problems)
        said.append(
            Text(
                f"Ikke alt kunne læses ({count} fejl), så tallene mangler noget.",
                f"Not all could be read ({count} errors), so the figures lack something.",
            )
        )
    if not risk.purchases.spend:
        said.append(
            Text(
                "Årlige udgifter er ikke noteret, så koncentrationen kan ikke regnes i kroner.",
                "Yearly spend is not recorded, so concentration cannot be measured in money.",
            )
        )
    elif unpaid := sum(1 for one in risk.supply.holdings(Base.CONTRACTS) if one.holder not in risk.purchases.spend):
        said.append(
            Text(
                f"Den årlige udgift mangler for {unpaid} af kontrakterne.",
                f"The yearly spend is missing for {unpaid} of the contracts.",
            )
        )
    if not risk.purchases.categories:
        said.append(
            Text("Ydelseskategorier er ikke noteret.", "Service categories are not recorded."),
        )
    if not risk.availabilities:
        said.append(
            Text(
                "Oppetider er ikke noteret, så det er ikke beregnet, hvor meget af tiden funktionerne kan ventes at virke.",
                "Availabilities are not recorded, so how much of the time the functions can be expected to work is not computed.",
            )
        )
    unknown = sum(1 for one in risk.strengths.links.values() if not one.known)
    if unknown:
        said.append(
            Text(
                f"Om {unknown} af {len(risk.strengths.links)} aftaler er intet noteret, som viser deres styrke; den er sat til 50.",
                f"Nothing that shows their strength is recorded of {unknown} of {len(risk.strengths.links)} agreements; it is set to 50.",
            )
        )
    if len(risk.targets) > len(risk.cuts):
        said.append(
            Text(
                f"Kombinationer af tab er regnet ud for {len(risk.cuts)} af {len(risk.targets)}; --explain giver resten.",
                f"Combinations of losses were worked out for {len(risk.cuts)} of {len(risk.targets)}; --explain gives the rest.",
            )
        )
    return Section(Text("Ikke målt", "Not measured"), points=tuple(said)) if said else None


def _heavy(found: Assessment) -> list[Loss]:
    graph = found.risk.graph
    return [loss for loss in found.risk.losses if graph.kinds[loss.node] in PARTIES and loss.count]


def _most_telling(found: Assessment) -> Concentration | None:
    for base in (Base.CRITICAL_SYSTEMS, Base.SYSTEMS, Base.CONTRACTS, Base.ORGANISATIONS):
        one = found.risk.measured(Unit.GROUP, base, View.ULTIMATE)
        if one is not None:
            return one
    return None


def _far(found: Assessment, ultimate: Concentration | None) -> Cell:
    if ultimate is None:
        return Text("", "")
    top = ultimate.shares[0]
    name, part = found.label(top.node), share(top.share)
    return Text(f"{name.da} {part.da}", f"{name.en} {part.en}")


def _weak(found: Assessment, one: WeakestLink) -> tuple[Cell, ...]:
    between = [found.label(step) for step in one.path[1:-1]]
    return (
        found.label(one.target),
        strength_bar(one.strength),
        found.label(one.node or one.target),
        Text(" → ".join(text.da for text in between), " → ".join(text.en for text in between)),
    )
