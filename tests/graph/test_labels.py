from typing import Any

import pyoxigraph as ox
import pytest
from worlds import Fact, W, triple

from graphsc.core.identifiers import SOURCE_PREFIX
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDFS_LABEL, SKOS_PREF_LABEL, UNIT_FRACTION, UNIT_PERCENT, XSD_DECIMAL, G
from graphsc.graph.dataset import Dataset
from graphsc.graph.labels import Labels, duration, readable, spoken
from graphsc.graph.loading import load_knowledge

SOURCE = ox.NamedNode(SOURCE_PREFIX + "x")


def labels(*facts: Fact, names: dict[str, list[ox.Literal]] | None = None, predicate: str = RDFS_LABEL) -> Labels:
    dataset = Dataset()
    dataset.add(SOURCE, map(triple, facts))
    for node, values in (names or {}).items():
        dataset.add(SOURCE, [ox.Triple(ox.NamedNode(W + node), ox.NamedNode(predicate), value) for value in values])
    return Labels(dataset)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ([ox.Literal("Navn")], ("Navn", "Navn")),
        (
            [ox.Literal("Styrelsen", language="da"), ox.Literal("The agency", language="en")],
            ("Styrelsen", "The agency"),
        ),
        ([ox.Literal("Styrelsen", language="da")], ("Styrelsen", "Styrelsen")),
        ([ox.Literal("Amt", language="de")], ("Amt", "Amt")),
        ([ox.Literal("Amt", language="de"), ox.Literal("Plain")], ("Plain", "Plain")),
        ([ox.Literal("Dansk", language="da"), ox.Literal("Plain")], ("Dansk", "Plain")),
        ([ox.Literal("Colour", language="en-GB")], ("Colour", "Colour")),
        # Of several names in a language always the same is shown.
        ([ox.Literal("B", language="da"), ox.Literal("A", language="da"), ox.Literal("C", language="da")], ("A", "A")),
    ],
)
@pytest.mark.parametrize("predicate", [RDFS_LABEL, SKOS_PREF_LABEL])
def test_a_name_of_its_own(values: Any, name: tuple[str, ...], predicate: Any) -> None:
    assert labels(names={"x": values}, predicate=predicate)[W + "x"] == Text(*name)
    assert labels(names={"x": values[::-1]}, predicate=predicate)[W + "x"] == Text(*name)


CHAIN: list[Fact] = [
    ("KL", "supplier", "L"), ("LU", "under", "KL"), ("LU", "supplier", "U"), ("link", "agreement", "LU"),
    ("F", "a", "FrameworkAgreement"), ("F", "supplier", "L"), ("F", "supplier", "M"), ("R", "a", "SecurityRequirement"),
    ("orphan", "supplier", "U"), ("orphan", "under", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("node", "da", "en"),
    [
        ("KL", "aftalen med Leverandøren", "the agreement with Leverandøren"),
        ("LU", "U (under Leverandøren)", "U (under Leverandøren)"),
        ("orphan", "U", "U"),
        ("link", "leddet U (under Leverandøren)", "the link U (under Leverandøren)"),
        ("F", "rammeaftalen F", "the framework F"),  # of several suppliers none names it
        ("R", "kravet R", "requirement R"),
        ("K%C3%B8benhavn", "København", "København"),
        ("deep/er/x", "x", "x"),
    ],
)
def test_a_name_made_from_what_it_is(node: str, da: str, en: str) -> None:
    assert labels(*CHAIN, names={"L": [ox.Literal("Leverandøren")]})[W + node] == Text(da, en)


def test_the_name_of_an_activity_is_its_narrowest_kind_and_day() -> None:
    made = labels(
        ("x", "kind", "activity/supervision"), ("x", "kind", "activity/inspection"), ("x", "date", "'2025-03-01")
    )
    skos = "http://www.w3.org/2004/02/skos/core#"
    kinds = {kind: ox.NamedNode(f"https://w3id.org/graphsc/activity/{kind}") for kind in ("supervision", "inspection")}
    dataset = made._dataset.store
    dataset.add(ox.Quad(kinds["inspection"], ox.NamedNode(skos + "broader"), kinds["supervision"], SOURCE))
    dataset.add(
        ox.Quad(
            kinds["inspection"], ox.NamedNode(skos + "prefLabel"), ox.Literal("fysisk tilsyn", language="da"), SOURCE
        )
    )
    assert made[W + "x"].da == "fysisk tilsyn 2025-03-01"


@pytest.mark.parametrize("days", [("2024-03-01", "2024-08-20"), ("2024-08-20", "2024-03-01")])
def test_of_several_days_the_first_names_it_in_whatever_order_they_are_read(days: tuple[str, ...]) -> None:
    made = labels(("x", "kind", "activity/x"), *(("x", "date", f"'{day}") for day in days))
    assert made[W + "x"].en == "x 2024-03-01"


def test_layers_and_access() -> None:
    facts: list[Fact] = [("app", "system", "S"), ("app", "layer", "layer/application"), ("key", "system", "S")]
    made = labels(*facts, names={"S": [ox.Literal("Sagssystemet")]})
    assert made[W + "app"] == Text("application til Sagssystemet", "application for Sagssystemet")
    assert made[W + "key"] == Text("adgang til Sagssystemet", "access to Sagssystemet")


@pytest.mark.parametrize(
    "facts",
    [
        [("x", "supplier", "x")],
        [("x", "supplier", "y"), ("y", "supplier", "x")],
        [("x", "supplier", "y"), ("x", "under", "x")],
        [("x", "agreement", "x")],
        [("x", "system", "y"), ("y", "system", "x")],
        [("x", "kind", "y"), ("x", "date", "'2025-01-01"), ("y", "kind", "x"), ("y", "date", "'2025-01-01")],
    ],
)
def test_what_refers_to_itself_still_has_a_name(facts: list[Fact]) -> None:
    assert labels(*facts)[W + "x"].en.strip()


def test_a_nameless_group_is_called_by_its_members() -> None:
    made = labels(("x", "member", "b"), ("x", "member", "a"))
    assert made[W + "x"] == Text("gruppen a, b", "the group a, b")


def test_thousands_stand_apart_in_numbers() -> None:
    assert [Text.number(1485), Text.number(-3), Text.number(3917.2, 1), Text.number(999)] == [
        Text("1.485", "1,485"), Text("-3", "-3"), Text("3.917,2", "3,917.2"), Text("999", "999"),
    ]  # fmt: skip
    assert duration("P1485D") == Text("1.485 dage", "1,485 days")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("0.9985", UNIT_FRACTION, Text("99,85 %", "99.85%")),
        ("1", UNIT_FRACTION, Text("100 %", "100%")),
        ("0.5", UNIT_FRACTION, Text("50 %", "50%")),
        ("99.9", UNIT_FRACTION, Text.same("99.9")),
        ("12.5", UNIT_PERCENT, Text("12,5 %", "12.5%")),
        ("0.9985", None, Text.same("0.9985")),
        ("1e9", UNIT_FRACTION, Text.same("1e9")),
    ],
)
def test_a_share_is_shown_in_per_cent(value: str, unit: str | None, shown: Text) -> None:
    assert spoken(value, XSD_DECIMAL, unit) == shown


def test_the_ontology_says_what_is_a_share() -> None:
    known = Labels(load_knowledge(Settings()))
    assert known.unit(G + "availability") == UNIT_FRACTION
    assert known.unit(G + "securityWeight") == UNIT_PERCENT
    assert known.unit(G + "yearlySpend") is None


def test_durations_in_words() -> None:
    assert [duration(text) for text in ("P1Y", "P3M", "P1D", "P1Y6M", "P2W", "P030D")] == [
        Text("1 år", "1 year"), Text("3 måneder", "3 months"), Text("1 dag", "1 day"),
        Text("1 år og 6 måneder", "1 year and 6 months"), Text("2 uger", "2 weeks"), Text("30 dage", "30 days"),
    ]  # fmt: skip
    assert labels()["https://w3id.org/graphsc/period/P90D"] == Text("90 dage", "90 days")


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("https://x/a#b", "b"), ("https://x/a/b", "b"), ("urn:x:b", "b"), ("https://x/a/", "a"), ("https://x/a%20b", "a b"),
        ("https://x/%FF", "\ufffd"), ("https://x/a%2Fb", "a/b"),
    ],
)  # fmt: skip
def test_the_readable_end_of_an_iri(iri: str, name: str) -> None:
    assert readable(iri) == name


def test_only_what_was_asked_for_is_listed() -> None:
    made = labels(*CHAIN)
    assert len(made) == 0
    assert made[W + "R"].en == "requirement R"
    assert list(made) == [W + "R"]
