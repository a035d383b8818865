"""The folder that starts by a double click: without Python it opens the start page, makes a register and answers queries."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from repository import REPOSITORY

PROGRAM = REPOSITORY / "build" / "app" / "graphsc" / ("graphsc.exe" if os.name == "nt" else "graphsc")
pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(not PROGRAM.is_file(), reason="`make app` has not built it"),
]
KEPT = ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "USERPROFILE", "HOME", "LOCALAPPDATA")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the start page is, of a program that was started as by a double click."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with subprocess.Popen(
        [PROGRAM], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, encoding="utf-8"
    ) as started:
        assert started.stderr is not None
        told = started.stderr.readline()
        shown = re.search(r"http://127\.0\.0\.1:\d+/begin/\S+", told)
        try:
            assert shown, told + started.stderr.read()
            yield shown[0]
        finally:
            started.kill()


def ask(address: str, form: dict[str, str] | None = None, cookie: str = "") -> tuple[str, str]:
    """The page at an address, or the answer to a form, and the cookie that it gives."""
    body = urlencode(form).encode() if form is not None else None
    with urlopen(Request(address, body, {"cookie": cookie}), timeout=60) as answer:
        given = SimpleCookie(answer.headers["set-cookie"] or "")
        return answer.read().decode(), "; ".join(f"{name}={morsel.value}" for name, morsel in given.items())


def test_it_makes_a_register_and_serves_it(address: str, tmp_path: Path) -> None:
    page, cookie = ask(address)
    token = re.findall('name="token" value="([^"]+)"', page)[0]
    ask(address, {"token": token, "do": "make", "folder": str(tmp_path / "nyt"), "name": "Prøvestyrelsen"}, cookie)
    assert (tmp_path / "nyt" / "data" / "register.xlsx").is_file()
    site = address.partition("/begin/")[0]
    assert "Prøvestyrelsen" in ask(f"{site}/da/search?{urlencode({'q': 'Prøvestyrelsen'})}")[0]
    for path in ("map", "report", "risk", "duties?view=todo"):
        assert "<html" in ask(f"{site}/da/{path}")[0]
    rows, _ = ask(f"{site}/sparql?{urlencode({'query': 'ASK { ?s ?p ?o }'})}")  # in a process of its own
    assert '"boolean":true' in rows.replace(" ", "")
