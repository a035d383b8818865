"""Plans that were compiled before: the same as those compiled now, and used for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from shacl_generation import core
from shacl_queries import asked

from graphsc import frameworks
from graphsc.graph import SHAPES, Dataset
from graphsc.loading import load
from graphsc.settings import Settings
from graphsc.sources.model import Sources
from graphsc.validation import planned
from graphsc.validation.compiler import ShapesGraph, compile_graph
from graphsc.validation.compiler.storing import restored, stored
from graphsc.validation.generated import lines
from graphsc.vocabulary import G

FILE = Path(__file__).parent.parent / planned.FILE
LOST = [frozenset(), frozenset({G + "date", G + "start"}), frozenset({G + "plainText", G + "statement"})]


@pytest.fixture(scope="module")
def shipped() -> Dataset:
    return load(Sources([], []), Settings(as_of=date(2026, 11, 25), frameworks=frameworks.names()))


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    planned._known.cache_clear()
    yield
    planned._known.cache_clear()


def test_the_stored_plans_are_current() -> None:
    assert FILE.read_text(encoding="utf-8").splitlines() == list(lines()), "run: python -m graphsc.validation.generated"


@pytest.mark.parametrize("lost", LOST)
def test_a_stored_plan_is_what_compiling_gives(shipped: Dataset, lost: frozenset[str]) -> None:
    graph = ShapesGraph(shipped.shapes())
    known = planned.plans(graph, lost=lost)
    compiled = compile_graph(graph, SHAPES, lost=lost).plans
    assert known == {node: compiled[node] for node in known}
    assert len(known) > 0.9 * len(compiled)


@pytest.mark.parametrize("make", [core, asked])
@pytest.mark.parametrize("seed", range(5))
def test_every_plan_can_be_stored(make: object, seed: int) -> None:
    assert callable(make)
    graph = ShapesGraph(make(seed).shapes)
    plans = compile_graph(graph, SHAPES).plans
    assert plans == {node: restored(stored(plan), graph) for node, plan in plans.items()}


def test_a_shape_that_says_something_else_is_compiled(shipped: Dataset) -> None:
    triples = shipped.shapes()
    (old,) = (one for one in triples if one.predicate.value == G + "code" and one.object == ox.Literal("SUB001"))
    assert isinstance(old.subject, ox.NamedNode)
    before = planned.plans(ShapesGraph(triples), lost=frozenset())
    message = ox.Triple(old.subject, ox.NamedNode("http://www.w3.org/ns/shacl#message"), ox.Literal("Another."))
    after = planned.plans(ShapesGraph(triples | {message}), lost=frozenset())
    assert before.keys() - after.keys() == {old.subject}


def test_what_says_the_same_below_another_name_is_compiled(shipped: Dataset) -> None:
    graph = ShapesGraph(shipped.shapes())
    node = next(one for one in planned.plans(graph, lost=frozenset()) if isinstance(one, ox.NamedNode))
    other = ox.NamedNode(node.value + "-other")
    triples = {
        ox.Triple(other if one.subject == node else one.subject, one.predicate, one.object) for one in shipped.shapes()
    }
    assert other not in planned.plans(ShapesGraph(triples), lost=frozenset())


def test_plans_of_another_compiler_are_not_used(shipped: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "compiler", lambda: "another")
    assert planned.plans(ShapesGraph(shipped.shapes()), lost=frozenset()) == {}


def test_nothing_is_known_beside_components_of_ones_own(shipped: Dataset) -> None:
    own = """
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.example/> .
    e:Own a sh:ConstraintComponent ; sh:parameter [ sh:path e:most ] ; sh:validator [ sh:ask "ASK { FILTER(?value < 1) }" ] .
    """
    triples = {quad.triple for quad in ox.parse(own, ox.RdfFormat.TURTLE, rename_blank_nodes=True)}
    assert planned.plans(ShapesGraph(shipped.shapes() | triples), lost=frozenset()) == {}


def test_shapes_have_the_same_names_at_each_reading(shipped: Dataset) -> None:
    again = load(Sources([], []), Settings(as_of=date(2026, 11, 25), frameworks=frameworks.names()))
    assert again.shapes() == shipped.shapes()
