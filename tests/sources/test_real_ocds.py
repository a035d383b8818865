"""Procurement data that no one here wrote: the graph holds what it says, and asks for the rest without noise."""

from __future__ import annotations

from datetime import date

import pytest
from repository import SHARED

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.rendering import render
from graphsc.service import open_paths, validate

OCDS = SHARED / "real" / "ocds"

pytestmark = pytest.mark.skipif(not OCDS.is_dir(), reason=f"the public OCDS files are not at {OCDS}")


def test_the_graph_of_parties_contracts_and_frameworks() -> None:
    opened = open_paths([OCDS], Settings(as_of=date(2026, 11, 25)))
    assert opened.sources.problems == []
    rows = opened.dataset.select("""
        PREFIX g: <https://w3id.org/graphsc/ns#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?customer ?supplier WHERE {
          ?agreement a g:RootAgreement ; g:customer/rdfs:label ?customer ; g:supplier/rdfs:label ?supplier
        } ORDER BY ?customer""")
    assert [(row["customer"].value, row["supplier"].value) for row in rows] == [
        ("Direktoratet for samfunnssikkerhet og beredskap (DSB)", "Everbridge Norway AS"),
        ("London Borough of Barnet", "AnyCorp Cycle Provision"),
        (
            "The Common Services Agency (more commonly known as NHS National Services Scotland) (‘NSS’)",
            "Movianto UK",
        ),
    ]
    frameworks = opened.dataset.select(
        "PREFIX g: <https://w3id.org/graphsc/ns#> SELECT DISTINCT ?f WHERE { ?f a g:FrameworkAgreement }"
    )
    assert len(frameworks) == 1


def test_what_the_guide_still_asks_for_is_grouped() -> None:
    report, rules = validate(open_paths([OCDS], Settings(as_of=date(2026, 11, 25))))
    assert not report.partial
    assert [finding for finding in report.findings if finding.counts] == []
    groups = [(finding.code, finding.group) for finding in report.findings]
    assert len(groups) == len(set(groups))  # one line per register or kind of fact, whatever the number of contracts
    assert [code for code, _ in groups].count("REG001") == 19
    text = render("text", report, rules, language=Language.EN)
    assert "Not recorded: 19 registers are not kept." in text
    assert (
        "Read: 6 files – 10 organisations, 1 framework agreement, 1 active agreement with a supplier, 2 ended agreements with suppliers."
        in text
    )
    assert len(text.splitlines()) < 40
