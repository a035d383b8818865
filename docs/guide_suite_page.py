"""The page of the guide's test suite: each statement with its situations, and what graphsc does not get right yet."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from graphsc.core.escape import markdown

FOLDER = Path(__file__).parents[1] / "tests" / "guide"
_EXPECTED = {"silent": "Nothing is said.", "told": "Said{to}:", "open": "A doubt is named or a question put{to}:"}


def statements() -> list[dict[str, Any]]:
    """The files of the suite."""
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]


def page() -> str:
    """The page in Markdown."""
    wrong = set((FOLDER / "not-right.txt").read_text(encoding="utf-8").split())
    every = statements()
    situations = [(statement["statement"], item) for statement in every for item in statement["situations"]]
    disputed = [(name, item) for name, item in situations if "disputed" in item]
    kinds = Counter(item["kind"] for _, item in situations)
    return "\n\n".join(
        (
            "# A test suite of the guide",
            (f"{len(every)} statements of the guide that bind, with {len(situations)} situations written from the guide alone: in "
            f"{kinds['kept']} the statement is followed, in {kinds['broken']} one fact breaks it, and {kinds['borderline']} are easily "
            "misjudged. Each says what is recorded, what a faithful program says of it on 2026-11-01, and to whom. The suite is data for "
            "any program, with a schema and a licence of its own, in `tests/guide`."),
            (f"graphsc gets {len(situations) - len(wrong) - len(disputed)} of them right and {len(wrong)} not yet, which are marked ✗; "
            f"{len(disputed)} are disputed. `python tests/support/guide_suite.py` runs them."),
            "## Disputed",
            "\n".join(f"- {name}: {markdown(item['says'])} {markdown(item['disputed'])}" for name, item in disputed) or "None.",
            *(_statement(statement, wrong) for statement in every),
        )
    ) + "\n"  # fmt: skip


def _statement(statement: dict[str, Any], wrong: set[str]) -> str:
    name = statement["statement"]
    lines = [f"## {name}", "", markdown(" ".join(statement["asks"].split())), ""]
    for number, item in enumerate(statement["situations"], 1):
        mark = " ✗" if f"{name}.{number}" in wrong else ""
        lines.append(f"{number}. *{item['kind']}*{mark} {markdown(' '.join(item['facts'].split()))}  ")
        says = " ".join(item["says"].split())
        to = f" to {item['who']}" if item.get("who") else ""
        expected = _EXPECTED[item["expect"]].format(to=to)
        lines.append(f"   → {markdown(f'{expected} {says}')}")
    return "\n".join(lines)
