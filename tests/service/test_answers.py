"""The shipped questions answered on the demo: the expected rows, parameters that narrow, and another engine's answer.

Each answer is a file in ``tests/answers``: the command that asks it, then the rows as CSV with short IRIs. Input and
parameters are read from that line, so a file is made anew, with those that it has, by ``pytest --snapshot-update``.
"""

from __future__ import annotations

import csv
import io
import shlex
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
import rdflib
from command import BROKEN
from rdflib.plugins.sparql.parser import parseQuery
from repository import REPOSITORY, TESTS

from graphsc import service, sparql
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import COLUMN, ROOT
from graphsc.graph.labels import Labels
from graphsc.graph.questions import Question, filled, shipped
from graphsc.service import Opened
from graphsc.service.query.evaluation import located, prepare

ANSWERS = TESTS / "answers"
BASES = {"data/demo": "https://nordlys.example/", "tests/answers/requirements.yaml": "https://k.example/"}
AS_OF = date(2026, 11, 25)
QUESTIONS = shipped()

# They tell which rule a fact was derived by, and a derived fact lies in the graph of its rule.
BY_RULE = {"supervisors-of-system", "provenance"}
# rdflib takes up to a minute for these on the demo, so they are asked of one agreement with one subcontract.
SLOW: dict[str, dict[str, str]] = {
    "responsibility-matrix": {},
    "provenance": {"subject": "LU"},
}

each_question = pytest.mark.parametrize("name", sorted(QUESTIONS))

Row = tuple[str, ...]


@cache
def opened_at(path: str) -> Opened:
    """An input with all that some question needs."""
    opened = service.open_paths([REPOSITORY / path], Settings(as_of=AS_OF, base=BASES[path]))
    assert opened.sources.problems == []
    for question in QUESTIONS.values():
        prepare(opened, question)
    return opened


def demo() -> Opened:
    return opened_at("data/demo")


def short(text: str) -> str:
    text = text.replace(f"{REPOSITORY.as_posix()}/", "")  # a source is named as it was given
    for start in (*BASES.values(), ROOT):
        text = text.removeprefix(start)
    return text


def answer(opened: Opened, question: Question, values: Mapping[str, str]) -> tuple[list[str], list[Row]]:
    """The columns and rows of an answer, as they are."""
    solutions = opened.dataset.store.query(text_of(opened, question, values), use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return names, [tuple("" if row[name] is None else row[name].value for name in names) for row in solutions]


def text_of(opened: Opened, question: Question, values: Mapping[str, str]) -> str:
    return filled(question, located(opened, question, values, opened.settings))


def written(question: Question, values: Mapping[str, str]) -> str:
    """The file of an answer."""
    path = asked_of(question.name)
    names, rows = answer(opened_at(path), question, values)
    stream = io.StringIO(newline="")
    words = [question.name, path, "--as-of", str(AS_OF)]
    words += [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
    stream.write(f"# graphsc query {shlex.join(words)}\n")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([short(cell) for cell in row] for row in rows)
    return stream.getvalue()


def command(name: str) -> list[str]:
    """The words of the command that the file of an answer begins with."""
    file = ANSWERS / f"{name}.csv"
    return shlex.split(file.read_text(encoding="utf-8").partition("\n")[0]) if file.is_file() else []


def asked_of(name: str) -> str:
    """The input of an answer: the demo, unless its file says another."""
    return next((word for word in command(name) if word in BASES), "data/demo")


def parameters(name: str) -> dict[str, str]:
    """The parameters that the file of an answer says it was asked with; none without a file."""
    words = command(name)
    return dict(word.split("=", 1) for before, word in pairwise(words) if before == "-p")


@pytest.mark.exhaustive
@each_question
def test_the_answer_on_the_demo(name: str, request: pytest.FixtureRequest) -> None:
    file = ANSWERS / f"{name}.csv"
    now = written(QUESTIONS[name], parameters(name))
    if request.config.option.update_snapshots:
        file.write_text(now, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == now
    assert now.count("\n") > 2, "a question that nothing answers"


@pytest.mark.exhaustive
@each_question
def test_every_column_has_a_heading_in_both_languages(name: str) -> None:
    opened = opened_at(asked_of(name))
    dataset = opened.dataset
    names, _ = answer(opened, QUESTIONS[name], parameters(name))
    for column in names:
        assert any(dataset.store.quads_for_pattern(ox.NamedNode(COLUMN + column), None, None, None)), column
    for language in Language:
        headings = [Labels(dataset)[COLUMN + column][language] for column in names]
        assert len(set(headings)) == len(headings), "two columns of one name"


def test_no_answer_is_left_of_a_question_that_is_gone() -> None:
    assert {file.stem for file in ANSWERS.glob("*.csv")} == set(QUESTIONS)


# ---------------------------------------------------------------------- parameters

NARROWING = [
    (name, parameter.name)
    for name, question in sorted(QUESTIONS.items())
    for parameter in question.parameters
    if parameter.type in {"node", "concept"}
]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "parameter"), NARROWING)
def test_a_parameter_keeps_the_rows_of_its_value(name: str, parameter: str) -> None:
    """What a parameter names stands in a column, and given it, exactly the rows with it are left."""
    question = QUESTIONS[name]
    column = {"duties-of-person": "holder"}.get(name, parameter)
    others = {key: value for key, value in parameters(name).items() if key != parameter}
    if any(one.required and one.name == parameter for one in question.parameters):
        pytest.skip("it must be given, so there is nothing to narrow")
    default = next(one for one in question.parameters if one.name == parameter).default
    if default is not None:
        pytest.skip("it has a default, so there is nothing to narrow")
    opened = opened_at(asked_of(name))
    names, rows = answer(opened, question, others)
    place = names.index(column)
    for value in sorted({row[place] for row in rows} - {""})[:2]:
        assert answer(opened, question, others | {parameter: value})[1] == [row for row in rows if row[place] == value]


# ---------------------------------------------------------------------- another engine


@cache
def small() -> Opened:
    """One agreement with one subcontract, and two findings."""
    with TemporaryDirectory() as folder:
        Path(folder, "a.yaml").write_text(BROKEN, encoding="utf-8")
        opened = service.open_paths([Path(folder)], Settings(as_of=date(2025, 6, 15), base="https://k.example/"))
        for question in QUESTIONS.values():
            prepare(opened, question)
    return opened


@cache
def merged(path: str | None) -> rdflib.Graph:
    """All that an input or the small one says, in one graph of another engine: no named graphs."""
    opened = small() if path is None else opened_at(path)
    graph = rdflib.Graph()
    graph.parse(data="\n".join(f"{quad.triple} ." for quad in opened.dataset.store), format="nt")
    return graph


@cache
def separate(path: str | None) -> rdflib.Dataset:
    """The same with a graph for each source and rule."""
    opened = small() if path is None else opened_at(path)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data="\n".join(f"{quad} ." for quad in opened.dataset.store), format="nquads")
    return dataset


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_another_engine_gives_the_same_rows(name: str) -> None:
    question = QUESTIONS[name]
    by_rule = sparql.mentions(question.text, "GRAPH")
    assert by_rule == (name in BY_RULE), "a question does not depend on which graph a fact lies in"
    path = None if name in SLOW else asked_of(name)
    opened, values = (small(), SLOW[name]) if path is None else (opened_at(path), parameters(name))
    text = text_of(opened, question, values)
    graph = (separate if by_rule else merged)(path)
    theirs = Counter(tuple("" if term is None else str(term) for term in row) for row in graph.query(text))
    assert theirs == Counter(answer(opened, question, values)[1])
    assert theirs


@pytest.mark.exhaustive
@each_question
def test_a_question_is_plain_sparql(name: str) -> None:
    """It is read by another parser, and calls no function beyond those of the standard."""
    text = QUESTIONS[name].text
    parseQuery(text)
    functions = [
        one for one, after in pairwise(sparql.tokens(text)) if one.kind in {"name", "iri"} and after.text == "("
    ]
    assert functions == []
