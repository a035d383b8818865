"""Jena's TDB2 behind the protocol: the same facts and findings, on the demo and on cases of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jena
import pytest
from case_batches import Variant, text_of
from case_files import AS_OF, all_cases, framework_cases
from command import run
from pyoxigraph import NamedNode
from repository import DEMO as FOLDER
from turns import share

from graphsc.core.frameworks import names
from graphsc.core.identifiers import RULE_PREFIX
from graphsc.core.settings import Settings
from graphsc.core.settings.endpoint import Endpoint
from graphsc.core.text import Language
from graphsc.graph.dataset import Dataset
from graphsc.rendering import render
from graphsc.service import open_paths, validate
from graphsc.validation import engine

DEMO = str(FOLDER)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with jena.server() as url:
        yield url


@pytest.mark.skipif(not any(share([True, False, False], 3)), reason="the turn of the demo comes every third day")
@pytest.mark.parametrize("large", share((True, False), 2))
def test_jena_gives_the_same_bytes_of_the_demo(server: str, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("validate", DEMO, "--as-of", str(AS_OF), "--format", "json")
    here = run(*words)
    if large:
        monkeypatch.setattr(Dataset, "is_large", lambda _: True)
        monkeypatch.setattr(engine, "_WORTH_SHARING", 0)
    there = run("--endpoint", server, *words)
    assert (there.exit_code, there.stdout, there.stderr) == (here.exit_code, here.stdout, here.stderr)


@pytest.mark.parametrize("variant", share(("violating", "conforming"), 2))
def test_jena_derives_and_finds_the_same(server: str, tmp_path: Path, variant: Variant) -> None:
    """A case of a seventeenth of the rules, others each day, all as one graph, with every framework switched on.

    Of every rule it took Jena four minutes. By an odd number of days each rule has both its cases.
    """
    cases = {
        case.code: case
        for case in reversed([*all_cases(), *framework_cases()])
        if not case.limits and case.as_of == AS_OF
    }
    cases = {code: cases[code] for code in share(sorted(cases), 17)}
    for case in cases.values():
        (tmp_path / f"{case.name}.yaml").write_text(text_of(case, variant), encoding="utf-8")
    facts, shown = [], []
    for where in (None, Endpoint.at(server)):
        opened = open_paths([tmp_path], Settings(as_of=AS_OF, frameworks=names(), endpoint=where))
        store = opened.dataset.store
        derived = [graph for graph in store.named_graphs() if str(graph).startswith(f"<{RULE_PREFIX}")]
        facts.append(
            {
                str(quad)
                for graph in derived
                for quad in store.quads_for_pattern(None, None, None, NamedNode(graph.value))
            }
        )
        report, rules = validate(opened)
        assert variant == "conforming" or set(cases) <= {finding.code for finding in report.findings}
        shown.append(render("json", report, rules, language=Language.DA))
    assert facts[1] == facts[0]
    assert shown[1] == shown[0]
