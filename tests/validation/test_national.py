"""The generated national graphs: what was planted is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import national
import pytest
from mended import mended

from graphsc.core.settings import Settings
from graphsc.service import open_paths, validate

pytestmark = pytest.mark.exhaustive


def findings_in(folder: Path) -> list[national.Planted]:
    opened = open_paths([folder], Settings(as_of=national.AS_OF))
    report, _ = validate(opened)
    assert report.problems == ()
    return sorted(
        (national.Planted(f.code, f.subject, f.value) for f in report.findings), key=lambda one: (one.code, one.subject)
    )


@pytest.mark.parametrize(("seed", "rate"), [(1, 0.02), (2, 0.5)])
def test_what_is_planted_is_found_and_nothing_else(tmp_path: Path, seed: int, rate: float) -> None:
    planted = national.write(tmp_path, 10_000, seed=seed, rate=rate)
    assert planted
    if rate > 0.2:
        assert {planted_fault.code for planted_fault in planted} == {kind.code for kind, _ in national.KINDS}
    of_the_pattern = {finding.code for finding in findings_in(mended())}  # none, or another test says so
    assert {planted_fault.code for planted_fault in planted}.isdisjoint(of_the_pattern)
    assert [finding for finding in findings_in(tmp_path) if finding.code not in of_the_pattern] == planted
