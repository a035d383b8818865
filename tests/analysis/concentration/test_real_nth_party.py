"""Cloud services and their hosts, from a register that no one here wrote: what the measures must come to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad
from repository import SHARED
from scales import EU_2004
from supply_chains import concentration

from graphsc.analysis.concentration.sentences import concentration_sentence, ultimate_sentence
from graphsc.analysis.concentration.shares import Base, Concentration, Holding, Level, Purchases, Unit, View
from graphsc.analysis.concentration.supply import supply
from graphsc.analysis.model import project
from graphsc.analysis.spelling import Sign, proposals
from graphsc.core import vocabulary as v
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.derivation import derive
from graphsc.graph.loading import load
from graphsc.sources.mapped.reader import read_all

REGISTER = SHARED / "real" / "nth-party" / "gdpr-tracker"

pytestmark = pytest.mark.skipif(not REGISTER.is_dir(), reason=f"the public register is not at {REGISTER}")


def register() -> list[Quad]:
    return [quad for source in read_all([REGISTER], "services").sources.sources for quad in source.quads]


@pytest.fixture(scope="module")
def hosted() -> list[Holding]:
    """Which service is hosted by whom, by the names as they are written."""
    quads = register()
    names: dict[Any, str] = {quad.subject: quad.object.value for quad in quads if quad.predicate.value == v.RDFS_LABEL}
    edges = {(q.object, q.subject) for q in quads if q.predicate.value == v.G + "dependsOn"}
    return sorted(Holding(names[host], names[service]) for host, service in edges)


def by_host(hosted: list[Holding], units: dict[str, tuple[str]] | None = None, ultimate: bool = False) -> Concentration:
    below: dict[str, list[str]] = {}
    for row in hosted:
        below.setdefault(row.item, []).append(row.holder)
    measure = concentration(
        hosted,
        unit=Unit.ORGANISATION,
        base=Base.ORGANISATIONS,
        units=units,
        below=below if ultimate else None,
    )
    assert measure is not None
    return measure


def test_by_the_raw_names(hosted: list[Holding]) -> None:
    direct = by_host(hosted)
    assert len(hosted) == direct.total == 69
    assert direct.of("AWS").amount == 42
    assert round(direct.hhi, 1) == 3917.2
    assert direct.items == 52  # of 64 services, 12 say nothing of their hosting
    assert [(share.node, share.amount) for share in direct.shares[:3]] == [
        ("AWS", 42),
        ("Google Cloud", 9),
        ("Rackspace", 2),
    ]
    assert len(direct.shares) == 19
    assert round(direct.effective_suppliers, 2) == 2.55
    assert (round(direct.cr1, 4), round(direct.cr3, 4)) == (0.6087, 0.7681)
    assert EU_2004.level(direct.hhi) is Level.HIGH


def test_with_azure_and_microsoft_azure_as_one(hosted: list[Holding]) -> None:
    assert round(by_host(hosted, {"Azure": ("Microsoft Azure",)}).hhi, 1) == 3921.4


def test_the_spellings_that_are_proposed(hosted: list[Holding]) -> None:
    """Precision: every proposal is right, 1 of 1 among the hosts and 2 of 2 among all 78 names."""
    hosts = {row.holder for row in hosted}
    assert [(proposal.names, proposal.sign) for proposal in proposals(hosts, numbers={})] == [
        (("Azure", "Microsoft Azure"), Sign.SHORT_FORM)
    ]
    sources = read_all([REGISTER], "services").sources.sources
    labels = {q.object.value for s in sources for q in s.quads if q.predicate.value == v.RDFS_LABEL}
    assert len(labels) == 78
    assert [(proposal.names, proposal.sign) for proposal in proposals(labels, numbers={})] == [
        (("AWS", "Amazon Web Services (AWS)"), Sign.INITIALS),
        (("Azure", "Microsoft Azure"), Sign.SHORT_FORM),
    ]


def test_the_ultimate_share_of_aws_is_higher_than_the_direct_one(hosted: list[Holding]) -> None:
    """productboard is on Heroku, and Heroku on AWS: one delivery more ends at AWS, of a service that met it already."""
    direct, ultimate = by_host(hosted), by_host(hosted, ultimate=True)
    assert ultimate.total == pytest.approx(69)
    assert direct.of("AWS").share == 42 / 69
    assert ultimate.of("AWS").share == pytest.approx(43 / 69)
    assert direct.of("Heroku").amount == 1
    assert ultimate.of("Heroku").amount == 0
    assert ultimate.of("Heroku").items == 1
    assert direct.of("AWS").items == ultimate.of("AWS").items == 42
    assert ultimate.hhi == pytest.approx((43**2 + 9**2 + 2**2 + 2**2 + 13) * 10_000 / 69**2)  # Azure has 2 as well
    assert ultimate_sentence(direct, ultimate, "AWS", Text.same).da == (
        "AWS har direkte 60,9 % af leverancerne til organisationerne, og 62,3 %, når kæden følges til ende. "
        "I et eller andet led hviler 42 af 52 organisationer på AWS."
    )
    assert concentration_sentence(direct, Text.same, EU_2004).en == (
        "AWS accounts for 60.9% of the deliveries to the organisations. "
        "That is as concentrated as 2.6 equal suppliers (HHI 3,917: high concentration)."
    )


def test_countries_are_written_in_one_code() -> None:
    quads = register()
    countries = [quad.object.value for quad in quads if quad.predicate.value == v.G_COUNTRY]
    assert len(countries) == 64
    assert [countries.count(v.COUNTRY + code) for code in ("US", "GB", "UK")] == [40, 6, 0]


def test_people_are_not_read() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in sorted(REGISTER.glob("*.json")))
    assert "@" in written
    assert not any("@" in quad.object.value for quad in register() if quad.object)


def test_the_same_from_the_dataset(hosted: list[Holding]) -> None:
    """The way the command goes: files, dataset, dependency graph, measures."""
    sources = read_all([REGISTER], "services").sources
    assert sources.problems == []
    dataset = load(sources, Settings(as_of=date(2026, 11, 25)))
    derive(dataset)
    graph = project(dataset)
    supplies = supply(graph, Purchases())
    by = {
        measure.view: measure
        for measure in supplies.measure()
        if (measure.base, measure.unit) == (Base.ORGANISATIONS, Unit.ORGANISATION)
    }
    assert [round(by[view].hhi, 6) for view in View] == [
        round(by_host(hosted, ultimate=view is View.ULTIMATE).hhi, 6) for view in View
    ]
    assert by[View.ULTIMATE].shares[0].node == NamedNode("urn:graphsc:id:org/AWS").value
    countries = [
        measure for measure in supplies.measure() if measure.unit is Unit.COUNTRY and measure.view is View.DIRECT
    ]
    (known,) = countries
    assert known.covered == pytest.approx(13 / 69)  # only hosts that are services of the register have a country
