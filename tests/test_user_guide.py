"""The Danish user guide says what is so: its data reads, and gives the findings that it promises."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from pathlib import Path

import pytest

from graphsc.core.settings import Settings
from graphsc.service import open_paths, validate

GUIDE = (Path(__file__).parent.parent / "docs" / "brugervejledning.md").read_text(encoding="utf-8")
BLOCKS = [block for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if not block.startswith("#")]
FIRST, REMEDY = BLOCKS[:2]
AS_OF = date(2026, 11, 25)


def _findings(folder: Path, text: str) -> list[str]:
    (folder / "forsyning.yaml").write_text(text, encoding="utf-8")
    report, _ = validate(open_paths([folder], Settings(as_of=AS_OF)))
    assert report.problems == ()
    return [finding.code for finding in report.findings if finding.counts]


def test_the_first_example_gives_the_two_findings(tmp_path: Path) -> None:
    assert _findings(tmp_path, FIRST) == ["FLW001", "SUB001"]


def test_the_remedy_leaves_none(tmp_path: Path) -> None:
    start = FIRST.index("    underleverandører:")
    assert _findings(tmp_path, FIRST[:start] + REMEDY) == []


@pytest.mark.parametrize("block", BLOCKS[2:], ids=lambda block: block.strip().splitlines()[0][:30])
def test_every_other_example_is_understood(tmp_path: Path, block: str) -> None:
    """Read beside the first example; only what the example leaves out for brevity may dangle."""
    if block.startswith(" "):
        head = "kontrakter:\n  - id: kontrakt/eksempel\n    kunde: org/os\n    leverandør: org/fjord\n"
        block = head + textwrap.indent(textwrap.dedent(block), "    ")
    (tmp_path / "forsyning.yaml").write_text(FIRST, encoding="utf-8")
    (tmp_path / "eksempel.yaml").write_text("base: https://min-myndighed.example/\n" + block, encoding="utf-8")
    opened = open_paths([tmp_path], Settings(as_of=AS_OF))
    assert [problem for problem in opened.sources.problems if problem.code != "dangling-reference"] == []


def test_the_settings_example_is_taken(tmp_path: Path) -> None:
    from graphsc.core.settings import load

    examples = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "graphsc.toml").write_text("".join(reversed(examples)), encoding="utf-8")
    settings, problems = load(tmp_path)
    assert problems == []
    assert settings.parameters == {"supervision": "P1Y", "at-once": "P14D"}
    assert settings.limits == {"share-of-critical-systems": 0.5, "single-points": 0}
    assert settings.severity == {"LEG002": "violation"}
