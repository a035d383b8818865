"""The documentation as a site: it builds without a warning, every link leads somewhere, and nothing is fetched."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from repository import REPOSITORY

pytest.importorskip("sphinx", reason="`make site` installs what builds it")


class Page(HTMLParser):
    """The ids of a page, where its links lead, and what a browser loads for it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids |= {value for name in ("id", "name") if (value := values.get(name))}
        if tag == "a":
            self.links.append(values.get("href") or "")
        elif tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload"}:
            self.loaded.append(values.get("href") or "")
        else:
            self.loaded.append(values.get("src") or "")


@pytest.mark.exhaustive
def test_the_site_is_built_whole_and_fetches_nothing(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sphinx", "-q", "-W", str(REPOSITORY / "docs"), str(tmp_path)]
    built = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*.html")}
    assert {path.stem for path in pages} >= {path.stem for path in (REPOSITORY / "docs").glob("*.md")}
    for path, page in pages.items():
        assert [address for address in page.loaded if urlsplit(address).netloc] == [], path.name
        for link in page.links:
            address, fragment = urldefrag(link)
            if urlsplit(address).scheme:
                continue
            there = path if not address else tmp_path / unquote(address)
            assert there.exists(), f"{path.name}: {link}"
            if fragment and there in pages:
                assert unquote(fragment) in pages[there].ids, f"{path.name}: {link}"
