"""The start page of ``graphsc serve``: who may use it, what it makes and opens, and that it is then the desk over that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from command import run
from desks import AS_OF, HOST, REGISTER

pytest.importorskip("starlette")

from starlette.testclient import TestClient

from graphsc.cli.commands.serve import start_page
from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.web.access import Hosts

LIST = "Kontrakt;Leverandør;CVR\nDriftsaftale Æ;Fjord Hosting;\n"


class Start:
    """The start page in a browser that has opened it."""

    def __init__(self, client: Any, path: str) -> None:
        self.client, self.path = client, path
        page = client.get(f"/da{path}")
        assert page.status_code == 200
        self.token = re.findall('name="token" value="([^"]+)"', page.text)[0]

    def send(self, do: str, **fields: object) -> Any:
        form = {"do": do, "token": self.token, **{name: str(value) for name, value in fields.items()}}
        return self.client.post(f"/da{self.path}", data=form, follow_redirects=False)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.chdir(tmp_path)

    def configure() -> tuple[Settings, list[Problem]]:
        return Settings(as_of=AS_OF), []

    page = start_page(Hosts.loopback(8710), configure, Language.EN, editing=False)
    with TestClient(page, base_url=f"http://{HOST}") as client:
        yield Start(client, page.path)


def test_nobody_begins_anything_from_elsewhere(start: Start, tmp_path: Path) -> None:
    (tmp_path / "k.yaml").write_text(REGISTER, encoding="utf-8")
    form = {"do": "open", "path": str(tmp_path / "k.yaml"), "token": start.token}
    for refused in (
        start.client.get("/"),
        start.client.get("/begin/guessed"),
        start.client.post("/begin/guessed", data=form),
        start.client.post(start.path, data={**form, "token": "x"}),
        start.client.post(start.path, data=form, headers={"sec-fetch-site": "cross-site"}),
        start.client.post(start.path, data=form, headers={"origin": "https://elsewhere.example"}),
        start.client.get(start.path, headers={"host": "elsewhere.example"}),
        TestClient(start.client.app, base_url=f"http://{HOST}").post(start.path, data=form),
    ):
        assert refused.status_code in {403, 404, 405, 421}
    assert start.client.get(start.path).status_code == 200  # nothing was begun


def test_a_register_is_opened_and_served_in_its_place(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "k.yaml").write_text(REGISTER, encoding="utf-8")
    opened = start.send("open", path=f'"{tmp_path / "data" / "k.yaml"}"')
    assert (opened.status_code, opened.headers["location"]) == (303, "/da/")
    page = start.client.get("/da/findings")
    assert "SUB001" in page.text
    assert start.send("open", path=tmp_path).status_code in {404, 405}  # the form is gone


def test_a_register_is_made_in_a_new_folder_and_opened(start: Start, tmp_path: Path) -> None:
    made = start.send("make", folder=tmp_path / "nyt", name="Prøvestyrelsen <b>")
    assert made.status_code == 200
    assert (tmp_path / "nyt" / "data" / "register.xlsx").is_file()
    assert "nyt/data/register.xlsx" in made.text
    organisations = start.client.get("/da/search", params={"q": "Prøvestyrelsen"}).text
    assert "Prøvestyrelsen &lt;b&gt;" in organisations


def test_a_list_becomes_a_register_and_what_was_read_is_told(start: Start, tmp_path: Path) -> None:
    (tmp_path / "liste.csv").write_text(LIST, encoding="utf-8")
    made = start.send("bring", list=tmp_path / "liste.csv", folder=tmp_path / "nyt", name="Prøvestyrelsen")
    assert made.status_code == 200
    assert "aftale: 1" in made.text
    assert (tmp_path / "liste.csv").read_text(encoding="utf-8") == LIST
    assert "Fjord Hosting" in start.client.get("/da/search", params={"q": "Fjord"}).text


@pytest.mark.parametrize(
    ("do", "fields", "said"),
    [
        ("open", {"path": "none"}, "findes ikke"),
        ("open", {"path": " "}, "Skriv en sti"),
        ("open", {"path": "a\0b"}, "Skriv en sti"),
        ("make", {"folder": "taken", "name": "X"}, "findes i forvejen; der er intet skrevet"),
        ("bring", {"list": "odd.csv", "folder": "nyt", "name": "X"}, "ligner ingen liste"),
        ("bring", {"list": "none.csv", "folder": "nyt", "name": "X"}, "findes ikke"),
    ],
)
def test_what_cannot_be_begun_is_said_on_the_page_and_nothing_written(
    do: str, fields: dict[str, str], said: str, start: Start, tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "graphsc.toml").write_text("", encoding="utf-8")
    (tmp_path / "odd.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    refused = start.send(do, **fields)
    assert refused.status_code == 422
    assert said in unescape(refused.text)
    assert sorted(tmp_path.rglob("*")) == before
    assert Path.cwd() == tmp_path


@pytest.mark.parametrize("words", [("--host", "0.0.0.0"), ("--edit", "--commit")])
def test_the_start_page_is_for_this_machine_alone(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run("serve", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "this machine" in refused.stderr or "other machines" in refused.stderr
