"""A number on a page is the same wherever else it stands: at the other end of its link, in the map, the report and a query."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from desks import AS_OF, DEMO, Served, served

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import G
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels
from graphsc.service import open_paths
from graphsc.service.map import mapped
from graphsc.service.report.document import ReportOptions, report
from graphsc.web import things
from graphsc.web.pages.coverage import covered

_TIERS = f"""PREFIX g: <{G}>
SELECT ?root ?agreement (MIN(?number) AS ?tier) WHERE {{ ?link g:root ?root ; g:agreement ?agreement ; g:tier ?number }}
GROUP BY ?root ?agreement"""


@pytest.fixture(scope="module")
def demo() -> Iterator[Served]:
    with served(DEMO) as desk:
        yield desk


@pytest.mark.exhaustive
def test_every_count_on_the_coverage_page_is_that_of_the_page_it_links_to(demo: Served) -> None:
    page = demo.get("/coverage").text
    links = re.findall(r'<a href="([^"]*coverage\?[^"]*)#standings">[^<]*: (\d+)</a>', page)
    assert len(links) > 20
    for address, number in links:
        shown = re.search(r'<h2 id="standings">[^<]*\((\d+)\)', demo.get(unescape(address)).text)
        assert (address, shown and shown[1]) == (address, number)


def test_a_recommendation_is_judged_alike_in_its_cells_and_on_its_page(demo: Served) -> None:
    coverage = covered(demo.desk.state)
    for recommendation in coverage.recommendations:
        page = demo.get(f"/statements/{recommendation.id}", accept="application/json").json()
        checks = {check for cell in coverage.of(recommendation.id) for check in cell.checks}
        assert (recommendation.id, page["denominator"]) == (recommendation.id, len(checks))
        not_met = any(cell.state == "not met" for cell in coverage.of(recommendation.id))
        shown = demo.get(f"/statements/{recommendation.id}").text
        assert (recommendation.id, not_met) == (recommendation.id, "outcome=broken" in shown)
        assert page["numerator"] == sum(1 for check in checks if check.outcome == "met")


@pytest.mark.exhaustive
def test_the_counts_of_statements_are_those_of_their_pages(demo: Served) -> None:
    for statement in demo.get("/statements", accept="application/json").json()["statements"]:
        page = demo.get(f"/statements/{statement['id']}", accept="application/json").json()
        assert (page["numerator"], page["denominator"]) == (statement["numerator"], statement["denominator"])


def _random_chain(folder: Path, seed: int) -> Path:
    """An agreement with subcontracts at random depths, and a second one with some of its own."""
    draw = random.Random(seed)
    lines = [f"@prefix g: <{G}> . @base <https://k.example/> . <sys/0> a g:System . <org/k> a g:Organisation ."]
    for number in range(14):
        lines.append(
            f"<org/s{number}> a g:Organisation . <c/{number}> g:supplier <org/s{number}> ; g:start '2025-01-01'^^xsd:date ."
        )
        kind = (
            f"a g:Subcontract ; g:under <c/{draw.randrange(number)}>"
            if number > 1
            else "a g:Agreement ; g:customer <org/k> ; g:serves <sys/0>"
        )
        lines.append(f"<c/{number}> {kind} .")
    lines.insert(0, "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .")
    path = folder / "chain.ttl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_the_tree_the_map_the_report_and_a_query_have_one_number_for_a_tier(tmp_path: Path, seed: int | None) -> None:
    path = DEMO if seed is None else _random_chain(tmp_path, seed)
    settings = Settings(as_of=AS_OF)
    opened = open_paths([path], settings)
    tiers = {
        (plain(row["root"]), plain(row["agreement"])): int(plain(row["tier"])) for row in opened.dataset.select(_TIERS)
    }
    nearest: dict[str, int] = {}
    for (_, agreement), tier in tiers.items():
        nearest[agreement] = min(tier, nearest.get(agreement, tier))
    assert max(nearest.values()) > 2
    with served(path) as desk:
        for root in {root for root, _ in tiers}:
            tree = {iri: tier for iri, _, tier in things.beneath(desk.desk.state, root)}
            assert tree == {iri: tier for (top, iri), tier in tiers.items() if top == root and iri != root}
        deep = max(tiers, key=lambda pair: tiers[pair])
        page = desk.get(f"/thing?iri={deep[0]}").text
        assert f"Tier {tiers[deep]}:" in page
    edges = [edge for edge in mapped([path], settings, [], []).picture.edges if edge.agreement and edge.tier]
    assert edges
    for edge in edges:
        assert (edge.agreement, edge.tier) == (edge.agreement, nearest[edge.agreement or ""])
    contents = report(opened, ReportOptions(quarters=0, command=""))
    names = {Labels(opened.dataset)[iri].en: tier for iri, tier in nearest.items()}
    for link in (link for chain in contents.chains for link in chain.links):
        assert (link.agreement.en, link.tier) == (link.agreement.en, names[link.agreement.en])
