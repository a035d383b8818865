"""Reports for tests: made once a session, and read as a reader sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp

import authority
from casework import flush
from map_pages import hostile_text

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.rendering.report import render
from graphsc.service import open_paths
from graphsc.service.report.content import Contents
from graphsc.service.report.document import ReportOptions, report

DAY = authority.AS_OF
N = "https://nordlys.example/"


@lru_cache(maxsize=8)
def contents(party: str | None = None) -> Contents:
    """The contents of a report of the demo authority, or of one party's chain in it, with the quarter before."""
    iri = None if party is None else N + party
    return report(authority.opened(), ReportOptions(party=iri, quarters=1, command="graphsc report data/demo"))


@lru_cache(maxsize=1)
def hostile() -> Contents:
    """Those of a chain in which every name means harm."""
    folder = Path(mkdtemp())
    (folder / "k.yaml").write_text(flush(hostile_text()), encoding="utf-8")
    opened = open_paths([folder], Settings(as_of=DAY, base="https://k.example/"))
    harm = "</style></script><script>window.harmed=1</script>\u202e"
    return report(opened, ReportOptions(quarters=1, classification=harm, command=harm))


_PLAIN = ReportOptions(quarters=0)


def of(text: str, folder: Path, options: ReportOptions = _PLAIN, as_of: date = DAY) -> Contents:
    """The contents of a report of a text in YAML."""
    (folder / "k.yaml").write_text(flush(text), encoding="utf-8")
    return report(open_paths([folder], Settings(as_of=as_of, base="https://k.example/")), options)


@lru_cache(maxsize=8)
def page(which: str, language: Language = Language.DA) -> Path:
    """The file of a report: of the demo, of one party's chain in it, or of the harmful chain."""
    report_contents = hostile() if which == "hostile" else contents(None if which == "demo" else which)
    file = Path(mkdtemp()) / "report.html"
    file.write_text(render(report_contents, language=language), encoding="utf-8")
    return file


def shortened(report_contents: Contents) -> Contents:
    """The same report with a few of everything: a browser takes long to check a hundred rules that look alike."""
    rules = report_contents.rules
    short_lists = {name: getattr(rules, name)[:3] for name in ("broken", "excused", "passed", "idle", "unchecked")}
    groups = tuple(replace(group, items=group.items[:2]) for group in report_contents.groups[:4])
    return replace(
        report_contents,
        rules=replace(rules, **short_lists),
        groups=groups,
        coming=report_contents.coming[:5],
        suppliers=report_contents.suppliers[:5],
    )


@lru_cache(maxsize=4)
def short_page(which: str) -> Path:
    """The file of a shortened report."""
    file = Path(mkdtemp()) / "report.html"
    report_contents = shortened(hostile() if which == "hostile" else contents())
    file.write_text(render(report_contents, language=Language.DA), encoding="utf-8")
    return file


class Reader(HTMLParser):
    """What a page says, and how it is built: the text of each part by its heading's id, ids, and where links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._silent = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if attributes.get("id"):
            self.ids.append(attributes["id"] or "")
        if tag == "a":
            self.links.append(attributes.get("href") or "")
        self._silent += tag in {"style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.words.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        """All that can be read."""
        return " ".join(self.words)
