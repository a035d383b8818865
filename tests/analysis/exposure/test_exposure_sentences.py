"""The sentences about weakest links and ways in, word for word in both languages."""

from __future__ import annotations

import pytest

from graphsc.analysis.exposure.access import Access, AccessPath, access_graph, blast_radius, who_reaches
from graphsc.analysis.exposure.sentences import (
    blast_sentence,
    improvement_sentence,
    path_sentence,
    points,
    strength_sentence,
    stuck_sentence,
    weakest_sentence,
    who_sentence,
)
from graphsc.analysis.exposure.weakest_links import Aspect, Improvement, Lift, WeakestLink, strength
from graphsc.core.text import Language, Text

NAMES = {"case": Text("Sagsstyring", "Case handling")}


def label(name: str) -> Text:
    return NAMES.get(name, Text.same(name))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (0.001, "under 1"), (0.404, "40"), (0.575, "58"), (0.99, "99"), (0.999, "over 99"), (1.0, "100")],
)
def test_points_never_hide_a_sliver(value: float, shown: str) -> None:
    assert {points(value, language) for language in Language} == {shown}


def test_a_strength_from_evidence() -> None:
    counts = {
        Aspect.DUTIES: (6, 8),
        Aspect.DEVIATIONS: (1, 2),
        Aspect.REQUIREMENTS: (1, 4),
        Aspect.APPROVALS: (1, 1),
        Aspect.CERTIFICATES: (0, 2),
    }
    assert strength_sentence("case", strength(counts), label) == Text(
        "Sagsstyring har en styrke på 58 ud af 100: 6 af 8 pligter er opfyldt, 1 afvigelse er ikke lukket, "
        "1 af 4 krav er ført videre, 1 af 1 godkendelse gælder og 0 af 2 certifikater gælder.",
        "Case handling has a strength of 58 out of 100: 6 of 8 duties are met, 1 deviation not closed, "
        "1 of 4 requirements is passed on, 1 of 1 approval is in force and 0 of 2 certificates are in force.",
    )
    assert strength_sentence("a", strength({Aspect.DEVIATIONS: (2, 2)}), label) == Text(
        "a har en styrke på 100 ud af 100: ingen åbne afvigelser.",
        "a has a strength of 100 out of 100: no open deviations.",
    )


def test_a_strength_that_is_given_or_unknown() -> None:
    assert strength_sentence("a", strength({Aspect.DUTIES: (1, 4)}, given=0.9), label) == Text(
        "a er vurderet til en styrke på 90 ud af 100. Det registrerede alene ville give 25: 1 af 4 pligter er opfyldt.",
        "a is rated 90 out of 100 in strength. The records alone would give 25: 1 of 4 duties is met.",
    )
    assert strength_sentence("a", strength({}, given=0.9), label) == Text(
        "a er vurderet til en styrke på 90 ud af 100.", "a is rated 90 out of 100 in strength."
    )
    assert strength_sentence("a", strength({}), label) == Text(
        "Intet er registreret om a; styrken er ukendt og sat til 50 ud af 100.",
        "Nothing is recorded of a; the strength is unknown and set to 50 out of 100.",
    )


def test_a_weakest_link() -> None:
    link = WeakestLink("case", 0.4, "U", ("case", "K", "L", "U"))
    assert weakest_sentence(link, label) == Text(
        "Kæden bag Sagsstyring er ikke stærkere end U, som har en styrke på 40 ud af 100. Kæden går over K og L.",
        "The chain behind Case handling is no stronger than U, which has a strength of 40 out of 100. "
        "The chain goes by way of K and L.",
    )
    assert weakest_sentence(WeakestLink("case", 0.4, "U", ("case", "U")), label).en.endswith("40 out of 100.")


def test_a_weakest_link_that_is_the_thing_itself_or_none() -> None:
    assert weakest_sentence(WeakestLink("case", 0.0, "case", ("case",)), label) == Text(
        "Det svageste led i kæden bag Sagsstyring er Sagsstyring selv med en styrke på 0 ud af 100.",
        "The weakest link in the chain behind Case handling is Case handling itself, with a strength of 0 out of 100.",
    )
    assert weakest_sentence(WeakestLink("case", 1.0, None, ("case",)), label) == Text(
        "Der er ikke fundet noget svagt led bag Sagsstyring.", "No weak link was found behind Case handling."
    )


def test_an_improvement() -> None:
    one = Improvement("U", 0.4, 0.15, (Lift("case", 0.4, 0.55),))
    assert improvement_sentence(one, label) == Text(
        "Bringes U op på fuld styrke, går kæden bag Sagsstyring fra 40 til 55 ud af 100.",
        "If U is brought to full strength, the chain behind Case handling goes from 40 to 55 out of 100.",
    )
    two = Improvement("U", 0.4, 0.2, (Lift("case", 0.4, 0.402), Lift("pay", 0.4, 0.401)))
    assert improvement_sentence(two, label) == Text(
        "Bringes U op på fuld styrke, bliver 2 kæder stærkere. "
        "Mest vinder kæden bag Sagsstyring, der går fra 40,0 til 40,2 ud af 100.",
        "If U is brought to full strength, 2 chains become stronger. "
        "The one behind Case handling gains most: it goes from 40.0 to 40.2 out of 100.",
    )


def test_chains_that_one_improvement_does_not_lift() -> None:
    assert stuck_sentence(["case", "pay"], label) == Text(
        "Bag Sagsstyring og pay er det ikke nok at styrke ét led; flere skal styrkes på én gang.",
        "Behind Case handling and pay it is not enough to strengthen one link; several must be strengthened together.",
    )
    assert stuck_sentence([], label) == Text(
        "Hver svag kæde kan gøres stærkere ved at styrke ét led.",
        "Every weak chain can be made stronger by strengthening one link.",
    )


def test_a_way_in() -> None:
    path = AccessPath(("U2", "U1", "L", "case"), 0.12)
    assert path_sentence(path, label) == Text(
        "Den mest sandsynlige vej fra U2 til Sagsstyring går over U1 og L. Den beregnede sandsynlighed er 12,0 %.",
        "The most probable way from U2 to Case handling goes by way of U1 and L. The computed probability is 12.0%.",
    )
    assert path_sentence(AccessPath(("L", "case"), 0.0001), label) == Text(
        "Den mest sandsynlige vej fra L til Sagsstyring er direkte. Den beregnede sandsynlighed er under 0,1 %.",
        "The most probable way from L to Case handling is direct. The computed probability is under 0.1%.",
    )
    assert path_sentence(AccessPath(("case",), 1.0), label).da == "Sagsstyring er selv udgangspunktet."


GRAPH = access_graph(
    {"U": "organisation", "L": "organisation", "case": "system", "pay": "system", "cpr": "data"},
    [Access("U", "L", 0.5), Access("L", "case", 0.5), Access("L", "pay", 0.2), Access("case", "cpr", 1.0)],
)


def test_how_far_a_break_in_reaches() -> None:
    assert blast_sentence(blast_radius(GRAPH, "U"), label) == Text(
        "Den, der bryder ind hos U, kan nå 2 systemer og 1 dataaktiv. "
        "Lettest er vejen til Sagsstyring (beregnet sandsynlighed 25,0 %).",
        "Whoever breaks in at U can reach 2 systems and 1 data asset. "
        "The easiest way is the one to Case handling (computed probability 25.0%).",
    )
    assert blast_sentence(blast_radius(GRAPH, "case"), label) == Text(
        "Den, der bryder ind hos Sagsstyring, kan nå cpr (beregnet sandsynlighed 100 %).",
        "Whoever breaks in at Case handling can reach cpr (computed probability 100%).",
    )
    assert blast_sentence(blast_radius(GRAPH, "pay"), label) == Text(
        "Den, der bryder ind hos pay, kan ikke nå nogen systemer eller data gennem de registrerede adgange.",
        "Whoever breaks in at pay can reach no systems or data through the access on record.",
    )


def test_who_can_get_at_a_thing() -> None:
    assert who_sentence("cpr", who_reaches(GRAPH, "cpr"), label) == Text(
        "2 parter kan nå cpr. Lettest er det for L (beregnet sandsynlighed 50,0 %).",
        "2 parties can reach cpr. It is easiest for L (computed probability 50.0%).",
    )
    assert who_sentence("cpr", who_reaches(GRAPH, "cpr")[1:], label) == Text(
        "Kun U kan nå cpr (beregnet sandsynlighed 25,0 %).", "Only U can reach cpr (computed probability 25.0%)."
    )
    assert who_sentence("L", [], label) == Text(
        "Ingen part kan nå L gennem de registrerede adgange.", "No party can reach L through the access on record."
    )
