"""Everything that an output names has a name: never an empty one, and never the digest that stands for a node without an id."""

from __future__ import annotations

import io
import re
from pathlib import Path
from textwrap import dedent

import openpyxl
import pytest
from case_batches import BATCHES, open_together
from map_pages import DAY
from pyoxigraph import NamedNode
from repository import DEMO, TESTS

from graphsc import service
from graphsc.core.identifiers import is_minted
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.graph.labels import Labels
from graphsc.rendering import render
from graphsc.rendering.map.page import render as render_map
from graphsc.rendering.register.tasks import marked as render_workbook
from graphsc.rendering.report import render as render_report
from graphsc.service import Opened
from graphsc.service.map import mapped
from graphsc.service.report.document import ReportOptions, report

pytestmark = pytest.mark.exhaustive

NEARLY_EMPTY = sorted((TESTS / "data" / "nearly-empty").glob("*.yaml"))
_EMPTY = re.compile(r": ,|, ,|,  |“\s*”|»\s*«|\(\s*\)")
ALIKE = (
    "base: https://k.example/\norganisations: [{id: org/k, name: Kystvagten}, {id: org/l, name: Løngang}]\ncontracts:\n"
    + "".join(
        dedent(f"""\
      - id: contract/{number}
        name: Seeds {number}
        customer: org/k
        supplier: org/l
        start: 2026-04-01
        registers: [roles]
        activities: [{{kind: risk assessment, date: 2026-02-25, in the role: legal}}]
    """)
        for number in range(5)
    )
)
"""Five findings with the same message, each about a record without an id."""


@pytest.fixture(scope="module", params=[DEMO, "alike", *NEARLY_EMPTY], ids=lambda param: Path(param).stem)
def paths(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    if request.param != "alike":
        return [request.param]
    path = tmp_path_factory.mktemp("alike") / "alike.yaml"
    path.write_text(ALIKE, encoding="utf-8")
    return [path]


def _digests(opened: Opened) -> re.Pattern[str]:
    """The ends of all nodes that have no id of their own."""
    ends = {q.subject.value[-16:] for q in opened.dataset.store if is_minted(getattr(q.subject, "value", ""))}
    return re.compile("|".join(ends) or r"(?!)")


@pytest.mark.parametrize("language", Language)
def test_no_output_has_an_empty_name_or_a_digest_for_one(paths: list[Path], language: Language) -> None:
    settings = Settings(as_of=DAY, language=language)
    opened = service.open_paths(paths, settings)
    found, rules = service.validate(opened)
    found, digests = service.near_misses(opened, found, rules), _digests(opened)
    texts = {name: render(name, found, rules, language=language) for name in ("text", "concise", "markdown")}
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(found, rules, {}, {}, language=language)))
    tasks = [
        "; ".join(str(row[at]) for at in (0, 1, 2, 3, 5)) for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    texts["workbook"] = "\n".join(tasks)
    for name, text in texts.items():
        assert (name, _EMPTY.findall(text), digests.findall(text)) == (name, [], [])
    pages = {
        "map": render_map(mapped(paths, settings, [], []), title=Text.same("Map"), language=language),
        "report": render_report(report(opened, ReportOptions(quarters=0, command="")), language=language),
    }
    for name, page in pages.items():
        assert (name, digests.findall(page)) == (name, [])
    assert not re.findall(r"<(a|th|bdi|h\d)\b[^>]*>\s*</\1>", pages["report"])


def test_no_thing_of_a_case_is_called_nothing_or_by_a_digest(tmp_path: Path) -> None:
    opened = open_together(BATCHES[0], "violating", tmp_path)
    labels, digests = Labels(opened.dataset), _digests(opened)
    nodes = (
        node for quad in opened.dataset.store for node in (quad.subject, quad.object) if isinstance(node, NamedNode)
    )
    for iri in {node.value for node in nodes}:
        for text in (labels[iri].da, labels[iri].en):
            assert (iri, bool(text.strip()), digests.findall(text)) == (iri, True, [])
    found, rules = service.validate(opened)
    for language in Language:
        for name in ("text", "concise", "markdown"):
            text = render(name, found, rules, language=language)
            assert (name, _EMPTY.findall(text), digests.findall(text)) == (name, [], [])
