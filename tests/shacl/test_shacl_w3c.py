"""The W3C SHACL test suite, judged by the default engine."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from w3c_suite import FOLDER, Row, Suite, read_suite, shown

from graphsc.validation.dispatch import Judged, judge
from graphsc.validation.shapes import Shapes, compile_shapes

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the W3C SHACL test suite is not beside the checkout")
CORE = list(read_suite("core")) if FOLDER.is_dir() else []
SPARQL = list(read_suite("sparql")) if FOLDER.is_dir() else []


@cache
def judged(suite: Suite) -> tuple[Shapes, Judged]:
    """A test by the default engine."""
    dataset = suite.dataset()
    known = compile_shapes(dataset)
    return known, judge(dataset, known, known.shapes, "compiled")


def rows(judgement: Judged) -> Counter[Row]:
    """Results in the form that the suite expects them in."""
    return Counter(
        (
            shown(result.focus),
            ""
            if result.path is None and result.constraint.path is None
            else str(result.path or result.constraint.path),
            shown(result.value),
            result.constraint.component,
            result.constraint.severity,
            shown(result.constraint.shape),
        )
        for result in judgement.results
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize("suite", CORE + SPARQL, ids=lambda suite: suite.name)
def test_the_results_are_those_of_the_suite(suite: Suite) -> None:
    known, judgement = judged(suite)
    if suite.expected is None:
        assert known.refused
        return
    assert known.refused == judgement.unjudged == {}
    assert rows(judgement) == suite.expected


def test_how_much_is_judged_by_plans(capsys: pytest.CaptureFixture[str]) -> None:
    core = sum(set(judged(suite)[1].engines.values()) <= {"compiled"} for suite in CORE)
    answerable = [suite for suite in SPARQL if suite.expected is not None]
    compiled = sum(set(judged(suite)[1].engines.values()) <= {"compiled"} for suite in answerable)
    refused = sum(bool(judged(suite)[0].refused) for suite in SPARQL if suite.expected is None)
    with capsys.disabled():
        print(  # noqa: T201 - how much is compiled is a figure to see
            f"\nW3C SHACL suite: of {len(CORE)} core tests {core} by compiled plans; of {len(SPARQL)} sparql tests"
            f" {compiled} of {len(answerable)} answerable by compiled plans, {refused} refused"
        )
    assert (len(CORE), core, len(SPARQL), len(answerable), compiled, refused) == (98, 98, 22, 15, 15, 7)
