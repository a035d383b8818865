"""Markdown that shows names and does nothing with them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from sample_report import CLEAN, EVIL, RICH, RULES
from syrupy.assertion import SnapshotAssertion

from graphsc.core.text import Language
from graphsc.rendering.findings.forges import markdown


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    assert markdown(RICH, RULES, language=language) == snapshot(name=f"rich-{language}")
    assert markdown(CLEAN, RULES, language=language) == snapshot(name=f"clean-{language}")


class Tags(HTMLParser):
    """Counts the elements of a page and keeps its text."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, int] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_names_make_no_element() -> None:
    text = markdown(EVIL, RULES, language=Language.EN)
    text.encode()
    page = Tags()
    page.feed(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text))
    assert set(page.seen) == {
        "h2", "h3", "p", "blockquote", "strong", "em", "br", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert "<script>alert(1)</script> is not approved." in page.text
    assert "a | b `c` *d* [e](https:/\u200b/evil.example) @\u200boctocat #\u200b12 $x$" in page.text


def test_every_row_has_the_cells_of_its_table() -> None:
    page = MarkdownIt("gfm-like", {"linkify": False}).render(markdown(EVIL, RULES, language=Language.EN))
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        widths = {len(re.findall(r"<t[hd]>", row)) for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)}
        assert len(widths) == 1
    rows = page.count("<tr>")
    tables = page.count("<table>")
    assert rows == tables + len(EVIL.problems) + len(EVIL.findings) + 1
