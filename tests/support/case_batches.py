"""Cases of the rules judged together, as one graph: what tests of the whole do with all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Literal

from case_files import Case, all_cases

from graphsc.service import Opened, open_paths
from graphsc.validation import Finding

Variant = Literal["conforming", "violating"]
CASES = all_cases()
MERGEABLE = [case for case in CASES if case.mergeable]
BATCHES = [MERGEABLE] + [[case] for case in CASES if not case.mergeable]
"""What is judged by other engines too: the cases that can be one graph, and those that must stand alone."""
JUDGED_TWICE = [(0, "violating"), *product(range(1, len(BATCHES)), ["violating", "conforming"])]
"""Which of them, by number and variant: beside its one wrong fact a violating case has all that conforms in it."""
IN_PARTS = [MERGEABLE[start : start + 50] for start in range(0, len(MERGEABLE), 50)] + BATCHES[1:]
"""The same for pySHACL, of which the time grows faster than the graph."""
PARTS_TWICE = [
    (number, variant)
    for number, part in enumerate(IN_PARTS)
    for variant in (["violating"] if len(part) > 1 else ["violating", "conforming"])
]
"""Which of those, as above."""


def text_of(case: Case, variant: Variant) -> str:
    return case.conforming if variant == "conforming" else case.violating


def open_together(cases: Sequence[Case], variant: Variant, folder: Path) -> Opened:
    """Several cases as one graph."""
    for case in cases:
        (folder / f"{case.name}.yaml").write_text(text_of(case, variant), encoding="utf-8")
    (settings,) = {repr(case.settings): case.settings for case in cases}.values()
    return open_paths([folder], settings)


def everything(finding: Finding) -> tuple[object, ...]:
    """All that a finding says, whichever file it was read from."""
    here = finding.location
    return (
        *(finding.code, finding.severity, finding.subject, finding.value, finding.message, finding.remedy),
        *(finding.path, finding.parties, finding.statements, finding.references, finding.actor, finding.group),
        *(finding.consequences, finding.waived, finding.expired, finding.fingerprint),
        (here.line, here.column) if here else None,
        tuple((place.line, place.column) for place in finding.related),
        *(finding.shape, finding.component, finding.result_path, finding.focus),
    )
