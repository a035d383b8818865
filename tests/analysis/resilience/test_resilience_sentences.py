"""Sentences on resilience: what a minister reads, in both languages, word for word."""

from __future__ import annotations

from dependency_graphs import BRIDGE, SHARED_HOSTING, graph_of

from graphsc.analysis.model import basic_events, dependency_graph
from graphsc.analysis.resilience.improvement import cheapest_fix
from graphsc.analysis.resilience.losses import availability, cut_sets, losses
from graphsc.analysis.resilience.sentences import (
    availability_sentence,
    cut_set_sentence,
    cut_sets_sentence,
    fewest_losses_sentence,
    fix_sentence,
    fixes_sentence,
    loss_sentence,
    single_points_sentence,
)
from graphsc.core.text import Text

CHAIN = dependency_graph(
    {
        "Heat": "function",
        "Power": "function",
        "Case": "system",
        "Fjord": "organisation",
        "Denmark": "country",
        "Idle": "organisation",
    },
    {"Heat": ["Case"], "Power": ["Case", "Fjord"], "Case": ["Fjord"], "Fjord": ["Denmark"]},
    critical=["Heat", "Power", "Case"],
)
LOSSES = {loss.node: loss for loss in losses(CHAIN)}
BRIDGE_TARGET = "works"


def test_a_loss_names_what_stops() -> None:
    assert loss_sentence(CHAIN, LOSSES["Fjord"], Text.same) == Text(
        "Hvis Fjord falder bort, standser 2 samfundskritiske funktioner og 1 kritisk system: Case, Heat og Power.",
        "If Fjord is lost, 2 society-critical functions and 1 critical system stop: Case, Heat and Power.",
    )
    (hosting, *_) = losses(SHARED_HOSTING)
    assert loss_sentence(SHARED_HOSTING, hosting, Text.same) == Text(
        "Hvis H falder bort, standser S.", "If H is lost, S stops."
    )


def test_a_country_is_not_lost_but_out_of_reach() -> None:
    sentence = loss_sentence(CHAIN, LOSSES["Denmark"], Text.same)
    assert sentence.da.startswith("Hvis ingen leverandør i Denmark kan levere, standser 2 samfundskritiske funktioner")
    assert sentence.en.startswith("If no supplier in Denmark can deliver, 2 society-critical functions")


def test_a_loss_that_stops_nothing_says_so() -> None:
    assert loss_sentence(CHAIN, LOSSES["Idle"], Text.same) == Text(
        "Hvis Idle falder bort, standser hverken en samfundskritisk funktion eller et kritisk system af den grund alene.",
        "If Idle is lost, no society-critical function and no critical system stops for that reason alone.",
    )


def test_single_points_are_what_a_thing_stands_or_falls_with() -> None:
    assert single_points_sentence(SHARED_HOSTING, "S", ["H"], Text.same) == Text(
        "S står og falder med H.", "S stands or falls with H."
    )
    assert single_points_sentence(CHAIN, "Heat", ["Denmark", "Fjord"], Text.same) == Text(
        "Heat står og falder med hver af disse 2: Denmark og Fjord.",
        "Heat stands or falls with each of these 2: Denmark and Fjord.",
    )
    assert single_points_sentence(BRIDGE, BRIDGE_TARGET, (), Text.same) == Text(
        "Intet enkelt tab blandt det, der er registreret, standser works.",
        "No single loss among what is recorded stops works.",
    )


def test_cut_sets_are_named_and_counted() -> None:
    cuts = cut_sets(BRIDGE, BRIDGE_TARGET)
    assert cut_sets_sentence(BRIDGE, cuts, Text.same) == Text(
        "works standses af 2 kombinationer af 2 tab og 2 kombinationer af 3 tab, når der regnes med op til 3 tab på samme tid.",
        "2 combinations of 2 losses and 2 combinations of 3 losses stop works, counting up to 3 losses at the same time.",
    )
    first, *_ = cuts
    assert cut_set_sentence(BRIDGE_TARGET, first, Text.same) == Text(
        "works standser, når 1 og 2 falder bort på samme tid, men ikke, hvis bare én af dem består.",
        "works stops when 1 and 2 are lost at the same time, but not if even one of them remains.",
    )
    assert cut_set_sentence("Heat", ["Fjord"], Text.same) == Text(
        "Heat standser, når Fjord falder bort.", "Heat stops when Fjord is lost."
    )


def test_no_cut_sets_are_said_up_to_the_size_that_was_looked_at() -> None:
    graph = graph_of({"S": ["a", "b", "c", "d"]}, at_least={"S": 1})
    assert cut_sets_sentence(graph, cut_sets(graph, "S"), Text.same) == Text(
        "Blandt det, der er registreret, er der ikke op til 3 tab på samme tid, som standser S.",
        "Among what is recorded, no combination of up to 3 losses at the same time stops S.",
    )
    assert cut_sets_sentence(graph, cut_sets(graph, "S", 1), Text.same) == Text(
        "Intet enkelt tab blandt det, der er registreret, standser S.", "No single loss among what is recorded stops S."
    )


def test_nothing_is_claimed_of_what_no_party_is_recorded_beneath() -> None:
    graph = dependency_graph({"Heat": "function", "Case": "system"}, {"Heat": ["Case"]})
    target = "Heat"
    unknown = Text(
        "Det er ikke registreret, hvem Heat afhænger af, så der kan ikke siges noget om tab.",
        "Whom Heat depends on is not recorded, so nothing can be said of losses.",
    )
    assert single_points_sentence(graph, target, (), Text.same) == unknown
    assert cut_sets_sentence(graph, cut_sets(graph, target), Text.same) == unknown


def test_availability_is_time_and_downtime() -> None:
    chances = dict.fromkeys(basic_events(BRIDGE), 0.9)
    assert availability_sentence(BRIDGE_TARGET, availability(BRIDGE, BRIDGE_TARGET, chances), Text.same) == Text(
        "works kan ventes at virke 97,848 % af tiden, altså at være ude af drift omkring 189 timer om året (beregnet ud fra de registrerede tilgængeligheder).",
        "works can be expected to work 97.848% of the time, that is to be down about 189 hours a year (computed from the availabilities recorded).",
    )


def test_nearly_always_is_not_always_and_what_is_not_worked_out_is_said_to_be_so() -> None:
    assert availability_sentence(BRIDGE_TARGET, 0.9999999, Text.same).da.startswith(
        "works kan ventes at virke 99,999 % af tiden, altså at være ude af drift under et minut om året"
    )
    assert availability_sentence(BRIDGE_TARGET, None, Text.same).en == (
        "How much of the time works can be expected to work is not computed: it can stop in too many ways."
    )


def test_a_fix_says_what_goes_and_for_whom() -> None:
    fixes = cheapest_fix(SHARED_HOSTING)
    assert fix_sentence(fixes.ranked[0], fixes.before, Text.same) == Text(
        "Hvis der kommer endnu en uafhængig mulighed i either, forsvinder 1 af 1 tilfælde, hvor et enkelt tab standser"
        " noget kritisk. Det styrker S.",
        "If either gets one more independent option, 1 of 1 case in which a single loss stops something critical"
        " disappears. That strengthens S.",
    )
    second = cheapest_fix(CHAIN)
    assert fixes_sentence(CHAIN, second, Text.same) == Text(
        "Hvis Case får et uafhængigt alternativ til Fjord, forsvinder 4 af 6 tilfælde, hvor et enkelt tab standser"
        " noget kritisk. Det styrker Case og Heat.",
        "If Case gets an independent alternative to Fjord, 4 of 6 cases in which a single loss stops something critical"
        " disappear. That strengthens Case and Heat.",
    )


def test_no_fix_says_why() -> None:
    assert (
        fixes_sentence(BRIDGE, cheapest_fix(BRIDGE), Text.same).en
        == "No single loss among what is recorded stops anything critical."
    )
    stuck = graph_of({"S": ["K1", "K2"], "K1": ["C"], "K2": ["C"]}, critical=["S"])
    assert fixes_sentence(stuck, cheapest_fix(stuck), Text.same) == Text(
        "Der er ikke ét alternativ, som alene fjerner afhængigheden af et enkelt tab.",
        "There is no one alternative that alone removes the dependence on a single loss.",
    )


def test_the_fewest_losses_say_how_much_it_takes() -> None:
    cuts = cut_sets(SHARED_HOSTING, "S")
    assert fewest_losses_sentence(cuts, Text.same) == Text(
        "Der skal mindst 1 tab til, før S standser, for eksempel H.",
        "It takes at least 1 loss to stop S, for instance H.",
    )
    bridge = cut_sets(BRIDGE, BRIDGE_TARGET)
    assert (
        fewest_losses_sentence(bridge, Text.same).en
        == "It takes at least 2 losses to stop works, for instance 1 and 2."
    )
