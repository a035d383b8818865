"""Case 18 and its like: copies change nothing, cases side by side leave each other alone, two engines agree."""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
import test_worked_approvals as approvals
import test_worked_cases as cases
import test_worked_flow_down as flow_down
import test_worked_time as time
from casework import AS_OF, BASE, Case, case, flush

from graphsc import service
from graphsc.core.settings import Settings
from graphsc.graph.dataset import GUIDE, SHAPES
from graphsc.validation import Engine, Finding


def texts() -> dict[str, str]:
    """The fixture of every worked case, by the name of its test."""
    inputs = {
        name: test.__doc__
        for module in (approvals, cases, flow_down, time)
        for name, test in sorted(vars(module).items())
        if name.startswith("test_") and test.__doc__ and "ENDS" not in test.__doc__
    }
    inputs["statens_it"] = cases.STATENS_IT + cases.FM_REPORT
    inputs["roles"] = time.ROLES.replace("DATA", "ja")
    inputs["risk_input"] = approvals.RISK_INPUT
    inputs["general"] = approvals.GENERAL.replace("NOTICE", "varsel: {dato: 2025-06-01}")
    inputs["critical"] = (
        cases.CRITICAL.replace("KIND", "statslig myndighed")
        .replace("CRITICALITY", "samfundskritisk")
        .replace("SIGNED", "2024-03-01")
        .replace("CLAUSES", "navn: kontrakten")
    )
    inputs["ended"] = cases.ENDED.replace("EXTRA", cases.KEPT)
    inputs["diamond"] = flow_down.DIAMOND.replace("FIRST", "viderefører: R1").replace("SECOND", "")
    inputs["exempted"] = flow_down.EXEMPTED
    inputs["stricter"] = flow_down.STRICTER.replace("SECOND", "R2b").replace("THIRD", "R0")
    inputs["shared"] = flow_down.SHARED.replace("PASSED", "viderefører: R-k1").replace("EXEMPTIONS", flow_down.BY_K1)
    return inputs


TEXTS = texts()
EVERY = dict(enumerate(TEXTS.values()))
"""Every case by its number."""


def content(finding: Finding) -> tuple[object, ...]:
    """All that a finding says, but for the folder its file is in."""
    places = [place and (place.line, place.column) for place in (finding.location, *finding.related)]
    return (
        finding.fingerprint, finding.code, finding.severity, finding.subject, finding.value, finding.message,
        finding.path, finding.parties, finding.consequences, finding.actor, finding.group, finding.focus, *places,
    )  # fmt: skip


def together(texts: Mapping[int, str], folder: Path, *, copies: int = 1, engine: Engine = "compiled") -> Case:
    """Cases, each under a base of its own, in so many files with the same content, judged at once."""
    folder.mkdir(exist_ok=True)
    for number, text in texts.items():
        own = f"base: {own_base(number)}{flush(text)}".replace(BASE, own_base(number))
        for copy in range(copies):
            (folder / f"case{number:03}-{copy}.yaml").write_text(own, encoding="utf-8")
    opened = service.open_paths([folder], Settings(as_of=AS_OF))
    return Case(opened, engine)


def facts(judged: Case) -> set[ox.Triple]:
    """Every triple beside the knowledge, which is the same for all."""
    return {quad.triple for quad in judged.opened.dataset.store if quad.graph_name not in (GUIDE, SHAPES)}


def own_base(number: int) -> str:
    return f"https://k{number:03}.example/"


def test_case_18_every_triple_copied_into_a_second_source_changes_nothing(tmp_path: Path) -> None:
    once, twice = together(EVERY, tmp_path / "once"), together(EVERY, tmp_path / "twice", copies=2)
    assert [content(f) for f in twice.report.findings] == [content(f) for f in once.report.findings]
    assert twice.report.rules == once.report.rules
    assert twice.report.labels == once.report.labels
    assert facts(twice) == facts(once)


@pytest.mark.exhaustive
def test_cases_side_by_side_leave_each_other_alone(tmp_path: Path) -> None:
    everything = together(EVERY, tmp_path)
    for number, name in enumerate(TEXTS):
        here = [f for f in everything.findings if f.subject.startswith(own_base(number))]
        expected = [
            (f.code, f.severity, f.message, f.value and f.value.replace(BASE, own_base(number)))
            for f in case(TEXTS[name]).findings
        ]
        assert [(f.code, f.severity, f.message, f.value) for f in here] == expected, name


@pytest.mark.exhaustive
def test_pyshacl_finds_the_same(tmp_path: Path) -> None:
    compiled, oracle = together(EVERY, tmp_path), together(EVERY, tmp_path, engine="pyshacl")
    assert [content(f) for f in oracle.report.findings] == [content(f) for f in compiled.report.findings]
    assert len(compiled.findings) > 10
