"""Every statement of the guide is treated, and what treats it is really there."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from functools import cache, partial
from typing import Any

import authority
import pyoxigraph as ox
import pytest
from case_files import all_cases
from repository import REPOSITORY, SHARED

from graphsc.core.identifiers import RULE_PREFIX
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import STATEMENT, G, local_name
from graphsc.coverage.statements import Statement, case_names, recommendations, rule_text, statements, treatments
from graphsc.graph import questions
from graphsc.graph.dataset import Dataset, plain
from graphsc.rendering.answer import render
from graphsc.service import Opened, open_paths
from graphsc.service.coverage import know_questions
from graphsc.service.query.evaluation import ask
from graphsc.service.risk import assess

CATALOGUE = SHARED / "guide" / "catalogue.csv"
ENFORCED = {"shape", "obligation", "derivation"}


@cache
def demo() -> Opened:
    opened = authority.opened()
    know_questions(opened.dataset)
    return opened


def without_input() -> Dataset:
    dataset = open_paths([], Settings(as_of=date(2026, 11, 25))).dataset
    know_questions(dataset)
    return dataset


STATEMENTS = statements(without_input())


def treated(kind: str) -> list[Statement]:
    return [statement for statement in STATEMENTS.values() if statement.treatment == kind]


def names(kind: str) -> list[str]:
    return sorted({name for statement in treated(kind) for name in statement.by})


# ---------------------------------------------------------------------- each statement


def test_every_statement_is_treated() -> None:
    assert len(STATEMENTS) == 464
    assert [statement.id for statement in STATEMENTS.values() if statement.treatment is None] == []
    kinds = {local_name(iri) for iri in treatments(demo().dataset)}
    assert {statement.treatment for statement in STATEMENTS.values()} == kinds


def test_what_could_be_checked_is_or_it_is_said_why_not() -> None:
    core = [statement for statement in STATEMENTS.values() if statement.checkable]
    assert len(core) == 285
    assert [
        statement.id for statement in core if statement.treatment not in ENFORCED and statement.reason is None
    ] == []


def test_a_reason_stands_only_where_one_is_needed() -> None:
    for statement in STATEMENTS.values():
        needed = statement.treatment == "none" or (statement.checkable and statement.treatment not in ENFORCED)
        assert (statement.reason is not None) == needed, statement.id
        if statement.reason is not None:
            assert statement.reason.da.strip()
            assert statement.reason.en.strip()
            assert statement.reason.da != statement.reason.en


def test_that_nothing_treats_a_statement_is_written_only_where_it_is_so() -> None:
    rows = demo().dataset.select(f"SELECT DISTINCT ?s WHERE {{ ?s <{G}treatedAs> ?any }}")
    assert sorted(local_name(plain(row["s"])) for row in rows) == sorted(statement.id for statement in treated("none"))
    assert all(not statement.carriers for statement in treated("none"))


REWORDED = {"I-03", "L-06", "S-2.3-05"}
"""Statements whose Danish is put in other words than the catalogue's, which are hard to read."""


def test_the_statements_are_those_of_the_catalogue() -> None:
    if not CATALOGUE.is_file():
        pytest.skip("the catalogue of the guide is not beside the checkout")
    with CATALOGUE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sorted(row["id"] for row in rows) == sorted(STATEMENTS)
    for row in rows:
        one = STATEMENTS[row["id"]]
        assert (one.section, one.addressee, one.weight) == (row["section"], row["actor"], row["weight"]), one.id
        assert one.text.en == row["text_en"], one.id
        assert one.text.da == row["text_da"] or one.id in REWORDED, one.id
        core = row["check"] in {"shape", "evidence", "inference"} and row["weight"] in {"must", "should"}
        assert one.checkable == core, one.id


# ---------------------------------------------------------------------- what is looked at, and what is not seen


SCOPES = [
    (file.name, quad.triple)
    for file in knowledge_files("ontology/treatment", ".ttl")
    for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)
]


def test_what_is_looked_at_is_said_of_statements_of_the_guide_once_in_each_language() -> None:
    said: Counter[Any] = Counter()
    for file, triple in SCOPES:
        assert triple.subject.value.removeprefix(STATEMENT) in STATEMENTS, f"{file}: {triple.subject}"
        assert triple.predicate.value in {G + "looksAt", G + "doesNotSee"}, f"{file}: {triple.predicate}"
        assert isinstance(triple.object, ox.Literal), f"{file}: {triple.object}"
        said[triple.subject.value, triple.predicate.value, triple.object.language] += 1
    assert [entry for entry, number in said.items() if number > 1] == []
    for subject, predicate, _ in said:
        assert (subject, predicate, "da") in said, f"{subject} {predicate} is not said in Danish"
        assert (subject, predicate, "en") in said, f"{subject} {predicate} is not said in English"
        assert (subject, G + "looksAt", "da") in said, f"{subject}: what is looked at is not said"


def test_what_is_looked_at_reads_as_a_sentence_in_both_languages() -> None:
    for statement in STATEMENTS.values():
        for text in (statement.looks_at, statement.does_not_see):
            if text is not None:
                assert text.da != text.en, statement.id
                for said in (text.da, text.en):
                    assert said == said.strip(), statement.id
                    assert said.endswith("."), statement.id
                    assert len(said) <= 600, statement.id


# ---------------------------------------------------------------------- what treats them


@pytest.mark.parametrize("code", sorted({*names("shape"), *names("obligation")}))
def test_a_rule_is_written_somewhere_and_a_case_breaks_it(code: str) -> None:
    """That the case yields findings of the rule, citing its statements, is tested with the cases themselves."""
    cases = {case.name: case for case in all_cases() if code in {expectation.code for expectation in case.expected}}
    assert set(case_names(code)) & set(cases), code
    carrier = next(c for statement in STATEMENTS.values() for c in statement.carriers if c.name == code)
    text = rule_text(carrier)
    assert text is not None
    assert f'g:code "{code}"' in text.text
    assert (REPOSITORY / text.file).is_file()


@pytest.mark.parametrize("name", names("derivation"))
def test_a_derivation_that_treats_a_statement_derives_something(name: str) -> None:
    graph = ox.NamedNode(RULE_PREFIX + name)
    assert next(iter(demo().dataset.store.quads_for_pattern(None, None, None, graph)), None) is not None


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", names("question"))
def test_a_question_that_treats_a_statement_has_an_answer(name: str) -> None:
    question = questions.shipped()[name]
    answer = ask(demo(), question, questions.bind(question, {}, demo().settings), partial(render, "csv"), Language.EN)
    assert len(answer.splitlines()) > 1


def test_every_measure_is_measured() -> None:
    import json

    from graphsc.rendering.risk import render

    document = json.loads(render("json", assess(demo()), language=Language.EN))
    rows = demo().dataset.select(f"SELECT DISTINCT ?name WHERE {{ ?m a <{G}Measure> ; <{G}shownAs> ?name }}")
    shown = [plain(row["name"]) for row in rows]
    assert len(shown) >= 10
    assert [name for name in shown if not document.get(name)] == []


# ---------------------------------------------------------------------- recommendations


def test_each_recommendation_gathers_its_section_and_what_elaborates_it() -> None:
    gathered = recommendations(demo().dataset, STATEMENTS)
    assert [statement.id for statement in gathered] == [
        statement.id for statement in STATEMENTS.values() if statement.id.startswith("R-")
    ]
    assert len(gathered) == 17
    for one in gathered:
        section = STATEMENTS[one.id].section
        assert one.statements[0] == one.id
        assert {s.id for s in STATEMENTS.values() if s.section == section} <= set(one.statements)
        others = [STATEMENTS[name] for name in one.statements if STATEMENTS[name].section != section]
        assert all(not other.section[:1].isdigit() for other in others)
    counted = [name for statement in gathered for name in statement.statements]
    assert len(counted) == len(set(counted))
