"""Risk from the data to the measures: worked cases whose answers are written down here, and what each figure rests on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graphsc.analysis.concentration.shares import Base, Unit, View
from graphsc.analysis.exposure.access import blast_radius
from graphsc.analysis.exposure.weakest_links import LEAST_LIKELIHOOD, Aspect
from graphsc.analysis.resilience.losses import failure_path
from graphsc.analysis.risk import Assessment
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import COUNTRY, G_COUNTRY
from graphsc.service import open_paths
from graphsc.service.risk import assess

BASE = "https://risk.example/"
NAMES = "base: https://risk.example/\norganisationer:\n"


def assessed(folder: Path, *parts: str, **settings: object) -> Assessment:
    """The risk of some YAML as of 15 June 2025."""
    for number, text in enumerate(parts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    opened = open_paths([folder], Settings(as_of=date(2025, 6, 15), base=BASE, **settings))  # type: ignore[arg-type]
    return assess(opened)


def organisations(*names: str, **more: str) -> str:
    return NAMES + "".join(f"  - {{id: {name}, navn: {name}{more.get(name, '')}}}\n" for name in names)


def short(iris: object) -> list[str]:
    return [str(iri).removeprefix(BASE) for iri in iris]  # type: ignore[attr-defined]


def stops(assessment: Assessment, name: str) -> set[str]:
    """What the loss of an organisation stops."""
    loss = next(loss for loss in assessment.risk.losses if loss.node == BASE + name)
    return {node.removeprefix(BASE) for node in loss.stops}


SYSTEM = "systemer: [{id: S, navn: S, ejer: K, kritikalitet: samfundskritisk}]\n"


def test_a_unit_of_which_no_country_is_recorded_counts_in_that_of_its_organisation(tmp_path: Path) -> None:
    assessment = assessed(
        tmp_path,
        organisations("K", "L", "U", L=", land: SE", U=", enhed i: L"),
        "base: https://risk.example/\n" + SYSTEM + "kontrakter:\n"
        "  - {id: KU, kunde: K, leverandør: U, start: 2024-01-01, systemer: [S]}\n",
    )
    (countries,) = (
        measure
        for measure in assessment.risk.supply.measure()
        if (measure.base, measure.unit, measure.view) == (Base.CONTRACTS, Unit.COUNTRY, View.DIRECT)
    )
    assert countries.of(COUNTRY + "SE").share == 1
    assert G_COUNTRY not in assessment.risk.not_recorded


def test_one_subcontractor_behind_two_suppliers_is_an_overlap(tmp_path: Path) -> None:
    """Worked case 6: U serves K through two suppliers."""
    assessment = assessed(
        tmp_path,
        organisations("K", "L", "M", "U"),
        "base: https://risk.example/\n" + SYSTEM + "kontrakter:\n"
        "  - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, systemer: [S], underleverandører: [{id: LU, leverandør: U}]}\n"
        "  - {id: KM, kunde: K, leverandør: M, start: 2024-01-01, systemer: [S], underleverandører: [{id: MU, leverandør: U}]}\n",
    )
    (overlap,) = assessment.risk.overlaps
    assert (short([overlap.node]), short(overlap.suppliers), overlap.direct) == (["U"], ["L", "M"], False)
    assert [short(path) for path in overlap.paths] == [["KL", "LU"], ["KM", "MU"]]
    direct, ultimate = (
        assessment.risk.measured(Unit.ORGANISATION, Base.CRITICAL_SYSTEMS, view)
        for view in (View.DIRECT, View.ULTIMATE)
    )
    assert direct is not None
    assert ultimate is not None
    assert (direct.hhi, direct.of(BASE + "U").share) == (5000, 0)
    assert (ultimate.hhi, ultimate.of(BASE + "U").share) == (10_000, 1)


def test_what_two_options_rest_on_is_the_single_point(tmp_path: Path) -> None:
    """Worked case 13: A or B serve the system, both on hosting H."""
    assessment = assessed(
        tmp_path,
        organisations("K", "A", "B", "H"),
        "base: https://risk.example/\n"
        "systemer: [{id: S, navn: S, ejer: K, kritikalitet: samfundskritisk, kræver: {mindst: 1, medlemmer: [KA, KB]}}]\n"
        "kontrakter:\n"
        "  - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S], underleverandører: [{id: AH, leverandør: H}]}\n"
        "  - {id: KB, kunde: K, leverandør: B, start: 2024-01-01, systemer: [S], underleverandører: [{id: BH, leverandør: H}]}\n",
    )
    graph, target = assessment.risk.graph, BASE + "S"
    assert short(assessment.risk.points[target]) == ["H"]
    assert sorted(sorted(short(cut)) for cut in assessment.risk.cuts_of(target)) == [
        ["A", "B"],
        ["H"],
    ]
    path = failure_path(graph, BASE + "H", target)
    assert short(step for step in path if graph.nodes[step]["kind"] != "gate") == ["S", "KA", "AH", "H"]
    assert failure_path(graph, BASE + "A", target) == ()


def test_a_delivery_recorded_on_a_subcontract_makes_the_system_rest_on_it(tmp_path: Path) -> None:
    assessment = assessed(
        tmp_path,
        organisations("K", "A", "H"),
        "base: https://risk.example/\n" + SYSTEM + "kontrakter:\n"
        "  - {id: KA, kunde: K, leverandør: A, start: 2024-01-01,\n"
        "     underleverandører: [{id: AH, leverandør: H, leverancer: [{system: S, lag: infrastruktur}]}]}\n",
    )
    assert stops(assessment, "H") == {"S"}
    assert stops(assessment, "A") == {"S"}


@pytest.mark.parametrize(
    ("operator", "contracts", "stopped"),
    [
        ("X", "", {"S"}),  # nothing but who runs it is recorded
        ("X", "  - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S]}\n", {"S"}),
        ("K", "", set()),  # the owner runs it itself: no dependency on another
        ("X", "  - {id: KX, kunde: K, leverandør: X, start: 2024-01-01, systemer: [S]}\n", {"S"}),
    ],
)
def test_a_system_rests_on_whoever_runs_it_without_an_agreement(
    operator: str, contracts: str, stopped: set[str], tmp_path: Path
) -> None:
    assessment = assessed(
        tmp_path,
        organisations("K", "A", "X"),
        "base: https://risk.example/\n"
        f"systemer: [{{id: S, navn: S, ejer: K, drives af: {operator}, kritikalitet: samfundskritisk}}]\n"
        + (f"kontrakter:\n{contracts}" if contracts else ""),
    )
    assert stops(assessment, operator) == stopped


def test_an_operator_among_options_is_no_need_beside_them(tmp_path: Path) -> None:
    assessment = assessed(
        tmp_path,
        organisations("K", "A", "B"),
        "base: https://risk.example/\n"
        "systemer: [{id: S, navn: S, ejer: K, drives af: A, kritikalitet: samfundskritisk, kræver: {mindst: 1, medlemmer: [KA, KB]}}]\n"
        "kontrakter:\n"
        "  - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S]}\n"
        "  - {id: KB, kunde: K, leverandør: B, start: 2024-01-01, systemer: [S]}\n",
    )
    assert stops(assessment, "A") == stops(assessment, "B") == set()


@pytest.mark.parametrize(
    ("part", "stopped"),
    [
        ("ydelse: hosting", {"S"}),
        ("ydelse: hosting, uundværlig: nej", set()),
        ("ydelse: Backup", set()),
        ("ydelse: backup, uundværlig: ja", {"S"}),
    ],
)
def test_a_part_that_can_be_done_without_stops_nothing_but_stays_in_the_chain(
    part: str, stopped: set[str], tmp_path: Path
) -> None:
    assessment = assessed(
        tmp_path,
        organisations("K", "A", "U"),
        "base: https://risk.example/\n" + SYSTEM + "kontrakter:\n"
        f"  - {{id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S], underleverandører: [{{id: AU, leverandør: U, {part}}}]}}\n",
    )
    assert stops(assessment, "U") == stopped
    ultimate = assessment.risk.measured(Unit.ORGANISATION, Base.CRITICAL_SYSTEMS, View.ULTIMATE)
    assert ultimate is not None
    assert ultimate.of(BASE + "U").share == 1


def test_two_suppliers_of_one_group_are_one_in_the_view_of_groups(tmp_path: Path) -> None:
    """Worked case 14."""
    assessment = assessed(
        tmp_path,
        organisations("K", "A", "B", A=", koncern: G", B=", koncern: G") + "koncerner: [{id: G, navn: G}]\n",
        "base: https://risk.example/\n" + SYSTEM + "kontrakter:\n"
        "  - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S]}\n"
        "  - {id: KB, kunde: K, leverandør: B, start: 2024-01-01, systemer: [S]}\n",
    )
    for unit, hhi in ((Unit.ORGANISATION, 5000), (Unit.GROUP, 10_000)):
        one = assessment.risk.measured(unit, Base.CONTRACTS, View.DIRECT)
        assert one is not None
        assert (unit, one.hhi) == (unit, hhi)
    assert stops(assessment, "G") == {"S"}


def test_mutual_subcontractors_end(tmp_path: Path) -> None:
    """Worked case 15: A and B subcontract to each other under different roots."""
    assessment = assessed(
        tmp_path,
        organisations("K", "A", "B"),
        "base: https://risk.example/\n" + SYSTEM + "kontrakter:\n"
        "  - {id: KA, kunde: K, leverandør: A, start: 2024-01-01, systemer: [S], underleverandører: [{id: AB, leverandør: B}]}\n"
        "  - {id: KB, kunde: K, leverandør: B, start: 2024-01-01, underleverandører: [{id: BA, leverandør: A}]}\n",
    )
    assert stops(assessment, "A") == stops(assessment, "B") == {"S"}
    assert assessment.risk.measured(Unit.ORGANISATION, Base.CONTRACTS, View.ULTIMATE) is not None


RECORDED = (
    "base: https://risk.example/\n" + SYSTEM + "kontrakter:\n"
    "  - id: KL\n"
    "    kunde: K\n"
    "    leverandør: L\n"
    "    start: 2024-01-01\n"
    "    systemer: [S]\n"
    "    registre: [underleverandører, krav]\n"
    "    krav: [{id: R1}, {id: R2}]\n"
    "    underleverandører:\n"
    "      - {id: LU, leverandør: U, start: 2024-02-01, viderefører: [R1]}\n"
)


def test_the_strength_of_a_link_is_what_is_recorded_of_it(tmp_path: Path) -> None:
    """One of two requirements is passed on and the approval is missing: (2 · 1/2 + 2 · 0/1) / 4 = 1/4, and no duties."""
    assessment = assessed(tmp_path, organisations("K", "L", "U"), RECORDED)
    strength = assessment.risk.strengths.links[BASE + "LU"]
    parts = {part.name: (part.numerator, part.denominator) for part in strength.components}
    assert parts[Aspect.REQUIREMENTS] == (1, 2)
    assert parts[Aspect.APPROVALS] == (0, 1)
    missing = [one for one in assessment.risk.strengths.behind(BASE + "LU") if not one.there]
    assert (Aspect.APPROVALS, BASE + "KL") in [(gap.aspect, gap.what) for gap in missing]
    assert (Aspect.REQUIREMENTS, BASE + "R2") in [(gap.aspect, gap.what) for gap in missing]
    weakest = assessment.risk.chains.weakest(BASE + "S")
    assert weakest.node == BASE + "LU"
    assert short(weakest.path) == ["S", "KL", "LU"]


def test_an_open_deviation_weakens_the_link_until_it_is_closed(tmp_path: Path) -> None:
    def value(closed: str) -> tuple[int, int]:
        folder = tmp_path / (closed or "open")
        folder.mkdir()
        assessment = assessed(
            folder,
            organisations("K", "L"),
            "base: https://risk.example/\nkontrakter: [{id: KL, kunde: K, leverandør: L, start: 2024-01-01}]\n"
            f"aktiviteter: [{{art: afvigelse, vedrører: KL, dato: 2025-03-01{closed}}}]\n",
        )
        parts = {part.name: part for part in assessment.risk.strengths.links[BASE + "KL"].components}
        return parts[Aspect.DEVIATIONS].numerator, parts[Aspect.DEVIATIONS].denominator

    assert value("") == (1, 2)
    assert value(", lukket: 2025-05-01") == (1, 1)


def test_a_given_strength_takes_precedence_and_counts_in_the_chain(tmp_path: Path) -> None:
    assessment = assessed(
        tmp_path, organisations("K", "L", "U", U=", vurderet styrke: 0.1"), RECORDED.replace("[R1]", "[R1, R2]")
    )
    assert assessment.risk.strengths.parties[BASE + "U"].given
    weakest = assessment.risk.chains.weakest(BASE + "S")
    assert (weakest.node, weakest.strength) == (BASE + "U", 0.1)


def test_spend_counts_what_the_customer_pays_and_nothing_twice(tmp_path: Path) -> None:
    """30/30/20/20 of the spend is an index of 2600; what a supplier pays on is not counted again."""
    names = ("A", "B", "C", "D")
    contracts = "".join(
        f"  - {{id: K{name}, kunde: K, leverandør: {name}, start: 2024-01-01, årlig udgift: {spend}, kategori: hosting"
        + (", underleverandører: [{id: AU, leverandør: U, årlig udgift: 5000000}]" if name == "A" else "")
        + "}\n"
        for name, spend in zip(names, (30, 30, 20, 20), strict=True)
    )
    assessment = assessed(
        tmp_path, organisations("K", "U", *names), "base: https://risk.example/\nkontrakter:\n" + contracts
    )
    one = assessment.risk.measured(Unit.ORGANISATION, Base.SPEND, View.DIRECT)
    assert one is not None
    assert (one.hhi, one.total) == (pytest.approx(2600), 100)
    category = assessment.risk.measured(Unit.CATEGORY, Base.SPEND, View.DIRECT)
    assert category is not None
    assert category.of("https://w3id.org/graphsc/category/hosting").share == 1


def test_frameworks_and_data_processing_agreements_are_no_contracts_of_their_own(tmp_path: Path) -> None:
    assessment = assessed(
        tmp_path,
        organisations("K", "L", "SKI"),
        "base: https://risk.example/\n"
        "rammeaftaler: [{id: F, ejer: SKI, leverandør: L, start: 2024-01-01}]\n"
        "kontrakter:\n"
        "  - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, rammeaftale: F}\n"
        "  - {id: D, type: databehandleraftale, kunde: K, leverandør: L, start: 2024-01-01, aftale: KL}\n",
    )
    assert not assessment.problems
    assert [short([holding.holder]) for holding in assessment.risk.supply.holdings(Base.CONTRACTS)] == [["KL"]]
    assert assessment.risk.purchases.frameworks == {BASE + "KL": (BASE + "F",)}


def test_access_leads_from_subcontractors_to_systems_and_their_data(tmp_path: Path) -> None:
    assessment = assessed(
        tmp_path,
        organisations("K", "L", "U"),
        RECORDED.replace("ejer: K,", "ejer: K, klassifikation: følsom, data: D,").replace(
            "    systemer: [S]\n", "    systemer: [S]\n    adgange: [{system: S}]\n"
        )
        + "dataaktiver: [{id: D, navn: D, klassifikation: følsom}]\n",
    )
    assert not assessment.problems
    radius = blast_radius(assessment.risk.access, BASE + "U")
    assert short(node.node for node in radius.reached) == ["L", "S", "D"]
    strength = assessment.risk.strengths.links
    expected = max(LEAST_LIKELIHOOD, 1 - strength[BASE + "LU"].value) * max(
        LEAST_LIKELIHOOD, 1 - strength[BASE + "KL"].value
    )
    assert radius.reached[2].probability == pytest.approx(expected)
    assert {radius.node.removeprefix(BASE): (radius.reached, radius.weight) for radius in assessment.risk.radii} == {
        "L": (2, 6.0),
        "U": (2, 6.0),
    }


def test_nothing_recorded_is_unknown_and_half(tmp_path: Path) -> None:
    assessment = assessed(
        tmp_path,
        organisations("K", "L"),
        "base: https://risk.example/\nkontrakter: [{id: KL, kunde: K, leverandør: L, start: 2024-01-01}]\n",
    )
    strength = assessment.risk.strengths.links[BASE + "KL"]
    assert (strength.value, strength.known) == (0.5, False)


def test_nothing_at_all_is_measured_without_a_crash(tmp_path: Path) -> None:
    assessment = assessed(tmp_path, organisations("K"))
    assert (
        assessment.risk.weakest,
        assessment.risk.overlaps,
        assessment.risk.targets,
        assessment.risk.concentration,
    ) == ((), (), (), ())


def test_availability_is_exact_where_it_is_given(tmp_path: Path) -> None:
    """2-of-3 suppliers at 0.9 each: 0.972."""
    assessment = assessed(
        tmp_path,
        organisations("K", "A", "B", "C", A=", oppetid: 0.9", B=", oppetid: 0.9", C=", oppetid: 0.9"),
        "base: https://risk.example/\n"
        "samfundsfunktioner: [{id: F, navn: F}]\n"
        "systemer: [{id: S, navn: S, ejer: K, understøtter: F, kræver: {mindst: 2, medlemmer: [KA, KB, KC]}}]\n"
        "kontrakter:\n"
        + "".join(
            f"  - {{id: K{name}, kunde: K, leverandør: {name}, start: 2024-01-01, systemer: [S]}}\n" for name in "ABC"
        ),
    )
    assert list(assessment.risk.availability.values()) == [pytest.approx(0.972)]


@pytest.mark.parametrize(
    ("text", "names"),
    [("U", ["U"]), ("https://risk.example/U", ["U"]), ("u", ["U"]), ("nobody", []), ("KL", ["KL"])],
)
def test_a_node_by_id_iri_or_name(tmp_path: Path, text: str, names: list[str]) -> None:
    assert short(assessed(tmp_path, organisations("K", "L", "U"), RECORDED).named(text)) == names


def test_an_unknown_scale_is_said_and_the_default_used(tmp_path: Path) -> None:
    assessment = assessed(tmp_path, organisations("K"), concentration_scale="xx-1999")
    assert [problem.code for problem in assessment.problems] == ["bad-config"]
    assert assessment.thresholds.name == "eu-2004"
