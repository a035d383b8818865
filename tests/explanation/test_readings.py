"""What is said of how a rule reads the data is so: the records that meet a duty are changed, and the rule judges as it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from case_files import all_cases

from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import RULE, G
from graphsc.coverage.statements import readings
from graphsc.derivation import derive
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset, plain
from graphsc.service import Opened, open_paths, validate

Met = tuple[str, str, str]
"""A duty that a record of a case meets: the code of the rule, what it is asked of, and the record."""
_RECORDS = """PREFIX g: <https://w3id.org/graphsc/ns#>
SELECT DISTINCT ?code ?this ?record WHERE {
  ?this g:timely ?rule .
  ?rule g:evidence ?kind ; g:code ?code .
  ?record g:concerns|g:roleUnder ?this ; g:kind ?kind .
  FILTER NOT EXISTS { ?rule g:recordedIn ?form . FILTER NOT EXISTS { ?record g:kind ?form } } }"""
_BEGUN = """PREFIX g: <https://w3id.org/graphsc/ns#>
SELECT ?code ?this WHERE { ?rule g:after ?beginning ; g:code ?code ; g:appliesTo ?class . ?this a ?class ; ?beginning ?day }"""


@cache
def cases() -> Opened:
    """The conforming graphs of the cases of one day as one input."""
    chosen = [case for case in all_cases() if case.mergeable]
    with TemporaryDirectory() as folder:
        for case in chosen:
            (Path(folder) / f"{case.name}.yaml").write_text(case.conforming, encoding="utf-8")
        return open_paths([Path(folder)], chosen[0].settings)


@cache
def met() -> frozenset[Met]:
    """The duties of the cases that a record meets, each in the case that is about it, and which are broken without it."""
    bases = {(case.code, case.base) for case in all_cases() if case.mergeable}
    duties = {
        (row["code"].value, plain(row["this"]), plain(row["record"]))
        for row in cases().dataset.select(_RECORDS)
        if any(plain(row["this"]).startswith(base) for code, base in bases if code == row["code"].value)
    }
    broken = judged_with(lambda quad: None if quad.subject.value in {record for *_, record in duties} else quad)
    return frozenset(duty for duty in duties if duty[:2] in broken)


def judged_with(change: Callable[[ox.Quad], ox.Quad | None]) -> set[tuple[str, str]]:
    """The findings, by code and focus node, once each quad of the sources is changed, or left out for None."""
    opened = cases()
    dataset = loading.load(opened.sources, opened.settings)
    store = dataset.store
    for source in opened.sources.sources:
        for quad in list(store.quads_for_pattern(None, None, None, ox.NamedNode(source.graph))):
            if isinstance(quad.subject, ox.NamedNode) and (other := change(quad)) != quad:
                store.remove(quad)
                if other is not None:
                    store.add(other)
    derive(dataset, opened.rules)
    report, _ = validate(replace(opened, dataset=dataset))
    return {(finding.code, finding.focus) for finding in report.findings if not finding.shape.endswith("/late")}


@cache
def knowledge() -> Dataset:
    return loading.load_knowledge(Settings())


@cache
def rules_of(name: str) -> set[str]:
    """The codes of the rules of which a reading tells."""
    (file,) = (file for file in knowledge_files("ontology/readings", ".rq") if file.name == f"{name}.rq")
    rules = {plain(row["rule"]) for row in knowledge().select_knowledge(file.read_text(encoding="utf-8"))}
    return {iri.removeprefix(RULE) for iri in rules}


def without(*predicates: str) -> set[tuple[str, str]]:
    """The findings where the records that meet a duty lack some properties."""
    records = {record for *_, record in met()}
    lost = {G + predicate for predicate in predicates}
    return judged_with(lambda q: None if q.subject.value in records and q.predicate.value in lost else q)


@pytest.mark.exhaustive
def test_each_reading_is_of_some_rule_and_says_all_in_both_languages() -> None:
    for name in sorted(file.name.removesuffix(".rq") for file in knowledge_files("ontology/readings", ".rq")):
        assert rules_of(name), name
    for rule in ("RSK001", "SUP005", "ROL004", "DPO005", "SCN002", "ITM001", "SUB001"):
        texts = readings(knowledge(), RULE + rule)
        assert len(texts) > 3
        for text in texts:
            assert "{?" not in text.da + text.en
            assert text.da != text.en


@pytest.mark.exhaustive
def test_a_record_without_a_performer_counts_where_it_says_so_and_not_where_it_does_not() -> None:
    broken, duties = without("performer", "employer", "asRole"), {duty[:2] for duty in met()}
    counts = rules_of("11-nobody-recorded") - {
        "RIN001"
    }  # what a supplier assessed is its input because it is the supplier's
    fails = rules_of("12-somebody-recorded") - rules_of("14-taken-over") | rules_of("13-by-role")
    assert [duty for duty in sorted(duties & broken) if duty[0] in counts] == []
    assert [duty for duty in sorted(duties - broken) if duty[0] in fails] == []


@pytest.mark.exhaustive
def test_a_record_without_a_date_counts_where_it_says_so_and_not_where_it_does_not() -> None:
    broken, duties = without("date", "from"), {duty[:2] for duty in met()}
    begun = {(plain(row["code"]), plain(row["this"])) for row in cases().dataset.select(_BEGUN)}
    assert [duty for duty in sorted(duties & broken) if duty[0] in rules_of("31-ageless")] == []
    assert [duty for duty in sorted(duties - broken) if duty[0] in rules_of("30-age")] == []
    assert sorted((duties & begun) - broken) == []


@pytest.mark.exhaustive
def test_a_record_of_something_else_does_not_count() -> None:
    records = {record: this for _, this, record in met()}

    def elsewhere(quad: ox.Quad) -> ox.Quad | None:
        if quad.subject.value in records and quad.object == ox.NamedNode(records[quad.subject.value]):
            return None
        return quad

    broken, duties = judged_with(elsewhere), {duty[:2] for duty in met()}
    itself = rules_of("20-of-the-very-thing") - {"RIN002"}  # input named on the supplier's counts for the subcontract
    assert [duty for duty in sorted(duties - broken) if duty[0] in itself] == []


@pytest.mark.exhaustive
def test_a_role_that_says_nothing_of_what_it_is_for_does_not_count() -> None:
    broken, duties = without("scope"), {duty[:2] for duty in met()}
    assert [duty for duty in sorted(duties - broken) if duty[0] in rules_of("21-roles")] == []
