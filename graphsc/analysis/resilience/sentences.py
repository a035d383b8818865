"""The measures of resilience in sentences for readers who do not know them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection

import networkx as nx

from graphsc.analysis.concentration.sentences import ITEMS
from graphsc.analysis.concentration.shares import Base
from graphsc.analysis.model import DependencyGraph, critical_nodes
from graphsc.analysis.resilience.improvement import Fix, Fixes
from graphsc.analysis.resilience.losses import CutSets, Loss
from graphsc.analysis.wording import Label, bilingual, listing
from graphsc.core.text import Language, Text

_FUNCTIONS = ITEMS[Base.SOCIETY_CRITICAL_FUNCTIONS]
_SYSTEMS = ITEMS[Base.CRITICAL_SYSTEMS]
_WAYS = (Text("kombination", "combination"), Text("kombinationer", "combinations"))
_SINGLE = (Text("enkelt tab", "single loss"), Text("enkelte tab", "single losses"))
_CASES = (Text("tilfælde", "case"), Text("tilfælde", "cases"))
_LOSSES = (Text("tab", "loss"), Text("tab", "losses"))
_HOURS = (Text("time", "hour"), Text("timer", "hours"))
_MINUTES = (Text("minut", "minute"), Text("minutter", "minutes"))
_HOURS_OF_A_YEAR = 8760


_GONE = Text("Hvis {} falder bort, ", "If {} is lost, ")
_LOST = {
    "country": Text("Hvis ingen leverandør i {} kan levere, ", "If no supplier in {} can deliver, "),
    "location": Text("Hvis {} ikke kan nås, ", "If {} cannot be reached, "),
}
"""How the loss of each kind of basic event begins a sentence."""


@bilingual
def loss_sentence(language: Language, graph: DependencyGraph, loss: Loss, label: Label) -> Text:
    """What stops when one party, country or place is lost."""
    stops = sorted(loss.stops)
    name = label(loss.node)[language]
    start = _LOST.get(graph.nodes[loss.node]["kind"], _GONE)[language].format(name)
    if not stops:
        return Text(
            f"{start}standser hverken en samfundskritisk funktion eller et kritisk system af den grund alene.",
            f"{start}no society-critical function and no critical system stops for that reason alone.",
        )
    who = listing(stops, language, label)
    if len(stops) == 1:
        return Text(f"{start}standser {who}.", f"{start}{who} stops.")
    counted = _functions_and_systems(graph, loss.stops, language)
    return Text(f"{start}standser {counted}: {who}.", f"{start}{counted} stop: {who}.")


@bilingual
def single_points_sentence(
    language: Language, graph: DependencyGraph, target: str, points: Collection[str], label: Label
) -> Text:
    """What a system or function stands or falls with."""
    others = sorted(node for node in points if node != target)
    name = label(target)[language]
    if not others:
        return _no_loss(graph, target, name, _SINGLE[0])
    who = listing(others, language, label)
    if len(others) == 1:
        return Text(f"{name} står og falder med {who}.", f"{name} stands or falls with {who}.")
    many = Text.number(len(others))[language]
    return Text(
        f"{name} står og falder med hver af disse {many}: {who}.",
        f"{name} stands or falls with each of these {many}: {who}.",
    )


@bilingual
def cut_set_sentence(language: Language, target: str, events: Collection[str], label: Label) -> Text:
    """Which losses together stop a system or function."""
    names = sorted(events)
    name = label(target)[language]
    who = listing(names, language, label, most=len(names))
    if len(names) == 1:
        return Text(f"{name} standser, når {who} falder bort.", f"{name} stops when {who} is lost.")
    return Text(
        f"{name} standser, når {who} falder bort på samme tid, men ikke, hvis bare én af dem består.",
        f"{name} stops when {who} are lost at the same time, but not if even one of them remains.",
    )


@bilingual
def cut_sets_sentence(language: Language, graph: DependencyGraph, cuts: CutSets, label: Label) -> Text:
    """How many combinations of losses stop a system or function, by their size."""
    sizes: Counter[int] = Counter()
    for pattern in cuts.patterns:
        sizes[len(pattern)] += math.prod(map(len, pattern))
    name, most = label(cuts.target)[language], Text.number(cuts.most)[language]
    if not sizes and (cuts.most == 1 or not _rests_on_parties(graph, cuts.target)):
        return _no_loss(graph, cuts.target, name, _SINGLE[0])
    if not sizes:
        return Text(
            f"Blandt det, der er registreret, er der ikke op til {most} tab på samme tid, som standser {name}.",
            f"Among what is recorded, no combination of up to {most} losses at the same time stops {name}.",
        )
    parts = [
        Text.counted(ways, *_SINGLE)[language]
        if size == 1
        else Text.counted(ways, *_WAYS)[language]
        + Text(" af ", " of ")[language]
        + Text.counted(size, *_LOSSES)[language]
        for size, ways in sorted(sizes.items())
    ]
    total = listing(parts, language, most=len(parts))
    verb = "stops" if sum(sizes.values()) == 1 else "stop"
    return Text(
        f"{name} standses af {total}, når der regnes med op til {most} tab på samme tid.",
        f"{total} {verb} {name}, counting up to {most} losses at the same time.",
    )


@bilingual
def availability_sentence(language: Language, target: str, chance: float | None, label: Label) -> Text:
    """How much of the time something can be expected to work; ``chance`` is None where it was not computed."""
    name = label(target)[language]
    if chance is None:
        return Text(
            f"Hvor meget af tiden {name} kan ventes at virke, er ikke beregnet: Det kan standse på for mange måder.",
            f"How much of the time {name} can be expected to work is not computed: it can stop in too many ways.",
        )
    share, down = _share(chance, language), _downtime(1.0 - chance, language)
    return Text(
        f"{name} kan ventes at virke {share} af tiden, altså at være ude af drift {down} om året (beregnet ud fra de registrerede tilgængeligheder).",
        f"{name} can be expected to work {share} of the time, that is to be down {down} a year (computed from the availabilities recorded).",
    )


@bilingual
def fix_sentence(language: Language, fix: Fix, before: int, label: Label) -> Text:
    """What one added alternative would change; ``before`` counts the single points there are now."""
    node = label(fix.node)[language]
    gone, total = Text.number(fix.removed)[language], Text.counted(before, *_CASES)[language]
    who = listing(fix.targets, language, label)
    start = Text(f"Hvis der kommer endnu en uafhængig mulighed i {node}", f"If {node} gets one more independent option")
    if fix.need is not None:
        need = label(fix.need)[language]
        start = Text(
            f"Hvis {node} får et uafhængigt alternativ til {need}",
            f"If {node} gets an independent alternative to {need}",
        )
    verb = "disappears" if fix.removed == 1 else "disappear"
    return Text(
        f"{start.da}, forsvinder {gone} af {total}, hvor et enkelt tab standser noget kritisk. Det styrker {who}.",
        f"{start.en}, {gone} of {total} in which a single loss stops something critical {verb}. That strengthens {who}.",
    )


def fixes_sentence(graph: DependencyGraph, fixes: Fixes, label: Label) -> Text:
    """Which one alternative helps most, or why none does."""
    if not fixes.before:
        return nothing_alone(graph)
    if fixes.ranked:
        return fix_sentence(fixes.ranked[0], fixes.before, label)
    return Text(
        "Der er ikke ét alternativ, som alene fjerner afhængigheden af et enkelt tab.",
        "There is no one alternative that alone removes the dependence on a single loss.",
    )


@bilingual
def fewest_losses_sentence(language: Language, cuts: CutSets, label: Label) -> Text:
    """The fewest losses that stop a system or function of which there are cut sets."""
    events = next(iter(cuts))
    name, who = label(cuts.target)[language], listing(sorted(events), language, label)
    losses = Text.counted(len(events), *_LOSSES)[language]
    return Text(
        f"Der skal mindst {losses} til, før {name} standser, for eksempel {who}.",
        f"It takes at least {losses} to stop {name}, for instance {who}.",
    )


def _rests_on_parties(graph: DependencyGraph, target: str) -> bool:
    """Whether anything that can be lost is recorded below a node: otherwise "no loss stops it" would be a false all-clear."""
    return any(graph.nodes[node]["basic"] for node in nx.descendants(graph, target))


def unsupported(graph: DependencyGraph) -> tuple[str, ...]:
    """The critical systems and functions of which it is not recorded on whom they depend: no loss seems to stop them."""
    return tuple(target for target in critical_nodes(graph) if not _rests_on_parties(graph, target))


def losses_are_recorded(graph: DependencyGraph) -> bool:
    """Whether it is recorded of anything critical on whom it depends: without that, nothing can be said of losses."""
    return len(unsupported(graph)) < len(critical_nodes(graph))


def nothing_alone(graph: DependencyGraph) -> Text:
    """That no loss alone stops anything critical, or that the dependencies are not recorded."""
    if not losses_are_recorded(graph):
        return Text(
            "Det er ikke registreret, hvem de kritiske systemer og funktioner afhænger af, så der kan ikke siges noget om tab.",
            "On whom the critical systems and functions depend is not recorded, so nothing can be said of losses.",
        )
    return Text(
        "Intet enkelt tab blandt det, der er registreret, standser noget kritisk.",
        "No single loss among what is recorded stops anything critical.",
    )


def _no_loss(graph: DependencyGraph, target: str, name: str, loss: Text) -> Text:
    if not _rests_on_parties(graph, target):
        return Text(
            f"Det er ikke registreret, hvem {name} afhænger af, så der kan ikke siges noget om tab.",
            f"Whom {name} depends on is not recorded, so nothing can be said of losses.",
        )
    return Text(
        f"Intet {loss.da} blandt det, der er registreret, standser {name}.",
        f"No {loss.en} among what is recorded stops {name}.",
    )


def _functions_and_systems(graph: DependencyGraph, nodes: Collection[str], language: Language) -> str:
    functions = sum(graph.nodes[node]["kind"] == "function" for node in nodes)
    systems = len(nodes) - functions
    parts = [
        Text.counted(value, *words)[language]
        for value, words in ((functions, _FUNCTIONS), (systems, _SYSTEMS))
        if value
    ]
    return listing(parts, language)


def _share(value: float, language: Language) -> str:
    """A probability in per cent with at most three decimals, rounded down so that less than 1 is never shown as 100 %."""
    cut_off = int(round(value * 1e5, 6)) / 1e3
    decimals = next(places for places in (0, 1, 2, 3) if round(cut_off, places) == cut_off)
    return Text.number(cut_off, decimals)[language] + Text(" %", "%")[language]


def _downtime(share: float, language: Language) -> str:
    hours = share * _HOURS_OF_A_YEAR
    if hours >= 1:
        return Text("omkring ", "about ")[language] + Text.counted(round(hours), *_HOURS)[language]
    minutes = hours * 60
    if minutes >= 1:
        return Text("omkring ", "about ")[language] + Text.counted(round(minutes), *_MINUTES)[language]
    return Text("under et minut", "less than a minute")[language]
