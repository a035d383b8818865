"""A SPARQL server in place of the embedded store: the same bytes, or one message and no claim."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from command import BROKEN, CLEAN, run
from repository import DEMO as FOLDER
from turns import share

from graphsc.core.problems import Unavailable
from graphsc.core.settings.endpoint import Endpoint
from graphsc.core.vocabulary import RDF_TYPE
from graphsc.graph.dataset import Dataset
from graphsc.graph.exchange import Exchange, Reply
from graphsc.graph.server import Server, open_server
from graphsc.validation import engine

DEMO = str(FOLDER)
SMALL = "small"
AS_OF = ("--as-of", "2026-11-25")
OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")

pytestmark = pytest.mark.skipif(OXIGRAPH is None, reason="the oxigraph server is not installed")


@contextmanager
def oxigraph(*options: str) -> Iterator[str]:
    """An Oxigraph server on a free port of this machine, its graphs in memory."""
    assert OXIGRAPH is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}", *options], stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert "Listening" in process.stderr.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory with a small folder in which there is something to find."""
    monkeypatch.chdir(tmp_path)
    Path(SMALL).mkdir()
    Path(SMALL, "x.yaml").write_text(BROKEN, encoding="utf-8")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oxigraph("--union-default-graph") as url:
        yield url


class Gate(BaseHTTPRequestHandler):
    """Stands in front of a server, and can be unwell; ``answers`` decides for each request, by its number."""

    behind = ""
    seen: list[Any]
    answers: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(self.headers)
        status = self.answers(len(self.seen), body)
        if status is None:  # gone in the middle of an answer
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        content, kind = b"the server is unwell\nand says more", "text/plain"
        if status == 200:
            request = urllib.request.Request(self.behind + self.path, body, method="POST")
            for name in ("Content-Type", "Accept"):
                request.add_header(name, self.headers[name])
            with urllib.request.urlopen(request) as answer:
                content, kind = answer.read(), answer.headers.get("Content-Type", "")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def gate(behind: str, answers: Any) -> Iterator[tuple[str, list[Any]]]:
    seen: list[Any] = []
    handler = type("AGate", (Gate,), {"behind": behind, "seen": seen, "answers": staticmethod(answers)})
    front = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=front.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{front.server_port}", seen
    finally:
        front.shutdown()
        front.server_close()


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "--format", "json"),
        ("query", "open-deviations"),
        ("risk", "--format", "json"),
        ("what-if", "--without", "taagehorn-drift"),
    ],
    ids=lambda words: words[0],
)
def test_a_server_gives_the_same_bytes(server: str, words: tuple[str, ...]) -> None:
    here = run(*words, DEMO, *AS_OF)
    there = run("--endpoint", server, *words, DEMO, *AS_OF)
    assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout)


def test_a_server_gives_the_same_bytes_of_a_large_graph(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("validate", DEMO, *AS_OF, "--format", "json")
    here = run(*words)
    monkeypatch.setattr(Dataset, "is_large", lambda _: True)
    monkeypatch.setattr(engine, "_WORTH_SHARING", 0)
    there = run("--endpoint", server, *words)
    assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout)


@pytest.mark.parametrize(
    "words",
    [
        ("report", "now", "--trend", "1"),
        ("report", "now", "--trend", "0", "--since", "before"),
        ("map", "now", "--dates", "2024-01-01"),
        ("report", "now", "--trend", "0", "--for", "L"),
    ],
    ids=lambda words: words[-2],
)
def test_pages_are_the_same_even_with_another_day_or_folder_or_for_one_party(
    server: str, words: tuple[str, ...]
) -> None:
    for name, text in (("now", BROKEN), ("before", CLEAN)):
        Path(name).mkdir()
        Path(name, "x.yaml").write_text(text, encoding="utf-8")
    words = (*words, "--as-of", "2024-06-15", "-o")
    assert run(*words, "here.html").exit_code == 0
    assert run("--endpoint", server, *words, "there.html").exit_code == 0
    assert Path("there.html").read_text(encoding="utf-8") == Path("here.html").read_text(encoding="utf-8")


def test_what_else_is_on_the_server_is_left_alone(server: str) -> None:
    theirs = "<urn:theirs:a> <urn:theirs:b> <urn:theirs:c>"
    store = open_server(Endpoint.at(server))
    store.update(f"INSERT DATA {{ GRAPH <urn:theirs:graph> {{ {theirs} }} }}")
    run("--endpoint", server, "validate", SMALL, *AS_OF)
    assert store.query(f"ASK {{ GRAPH <urn:theirs:graph> {{ {theirs} }} }}")
    store.remove_graph(ox.NamedNode("urn:theirs:graph"))


def test_graphs_are_sent_as_updates_where_the_server_has_no_graph_store(server: str) -> None:
    here = run("validate", SMALL, *AS_OF)
    Path("graphsc.toml").write_text(
        f'[endpoint]\nquery = "{server}/query"\nupdate = "{server}/update"\n', encoding="utf-8"
    )
    there = run("--endpoint", server, "validate", SMALL, *AS_OF)
    assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout)


def test_a_server_without_the_union_of_its_graphs_is_refused() -> None:
    with oxigraph() as url:
        result = run("--endpoint", url, "validate", SMALL, *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "named graphs as one" in result.stderr


def test_nobody_there() -> None:
    result = run("--endpoint", "http://127.0.0.1:1", "validate", SMALL, *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "Connection refused" in result.stderr


@pytest.mark.parametrize("text", ["ftp://a.example", "a.example", "http://", ""])
def test_what_is_no_address(text: str) -> None:
    result = run("--endpoint", text, "validate", SMALL, *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--endpoint must be an address" in result.stderr


@pytest.mark.parametrize("last", [5, 40, 120])
def test_a_server_that_dies_halfway_leaves_no_claim(server: str, last: int) -> None:
    with gate(server, lambda number, _: 200 if number <= last else None) as (url, seen):
        result = run("--endpoint", url, "validate", SMALL, *AS_OF)
    assert len(seen) > last
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"graphsc: the server {url}/query did not answer as it should")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("status", share([404, 405, 501], 3))
def test_graphs_go_as_updates_where_the_server_turns_out_to_take_none(server: str, status: int) -> None:
    """Each day it says so in another way."""
    sent: list[int] = []

    def answers(_: int, body: bytes) -> int:
        if body.startswith(b"<"):  # N-Triples: a graph
            sent.append(len(body))
            return status
        return 200

    with gate(server, answers) as (url, _):
        there = run("--endpoint", url, "validate", SMALL, *AS_OF)
    assert len(sent) == 1  # it is not tried again for each graph
    assert there.stdout == run("validate", SMALL, *AS_OF).stdout


def test_an_update_is_no_longer_than_servers_take(server: str) -> None:
    base = Endpoint.at(server)
    graph, step = ox.NamedNode("urn:graphsc:source:many"), ox.NamedNode("urn:x:step")
    lengths: list[int] = []

    def answers(_: int, body: bytes) -> int:
        lengths.append(body.count(b"\n"))
        return 200

    with gate(server, answers) as (url, _):
        store = open_server(Endpoint(base.query, f"{url}/update"))
        store.bulk_extend(ox.Quad(ox.NamedNode(f"urn:x:{n}"), step, ox.Literal(n), graph) for n in range(5000))
        assert sum(1 for _ in store.quads_for_pattern(None, step, None, graph)) == 5000
        store.remove_graph(graph)
    assert max(lengths) == 2001


def test_the_size_of_a_graph_is_known_without_fetching_it(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, kind = ox.NamedNode("urn:graphsc:source:typed"), ox.NamedNode("urn:x:Kind")
    dataset = Dataset(store := open_server(Endpoint.at(server)))
    store.bulk_extend(ox.Quad(ox.NamedNode(f"urn:x:{n}"), ox.NamedNode(RDF_TYPE), kind, graph) for n in range(3))
    number = sum(1 for _ in store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None, None))
    rows: list[int] = []
    whole = Exchange.post

    def post(exchange: Exchange, *request: Any) -> Reply:
        reply = whole(exchange, *request)
        rows.append(reply.data.count(b"value"))
        return reply

    monkeypatch.setattr(Exchange, "post", post)
    for many, large in ((number, False), (number - 1, True)):
        monkeypatch.setattr("graphsc.graph.dataset._MANY", many)
        assert dataset.is_large() is large
    assert rows == [0, 1]
    store.remove_graph(graph)


def test_a_server_whose_paths_lose_answers_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Server.query

    def lossy(self: Server, query: str, **rest: Any) -> Any:
        return whole(self, "ASK { FILTER(false) }" if "* <urn:x:4>" in query else query, **rest)

    monkeypatch.setattr(Server, "query", lossy)
    result = run("--endpoint", server, "validate", SMALL, *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "loses answers" in result.stderr


def test_a_cut_answer_is_no_answer(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphsc.graph.wire.cut", lambda *_: "X-SPARQL-MaxRows: 5")
    result = run("--endpoint", server, "validate", SMALL, *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "X-SPARQL-MaxRows: 5" in result.stderr


def renamed(body: bytes, name: Callable[[str], str]) -> bytes:
    """An answer with other names of its variables."""
    document = json.loads(body)
    document["head"]["vars"] = [name(variable) for variable in document["head"]["vars"]]
    rows = document["results"]["bindings"]
    document["results"]["bindings"] = [{name(one): term for one, term in row.items()} for row in rows]
    return json.dumps(document).encode()


MUTATIONS: dict[str, Callable[[bytes], bytes]] = {
    "a page": lambda _: b"<html>log in</html>",
    "half": lambda body: body[: len(body) // 2],
    "a member more": lambda body: body.rstrip()[:-1] + b',"stats":{"ms":[1]}}',
    "a member more of each term": lambda body: body.replace(b'"type":', b'"graph":"urn:x","type":'),
    "other variables": lambda body: renamed(body, lambda name: f"other_{name}"),
    "triples": lambda _: b"<urn:a> <urn:b> <urn:c> .\n",
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_mutated_answer_is_told_in_one_line_or_changes_nothing(
    server: str, monkeypatch: pytest.MonkeyPatch, mutation: str
) -> None:
    """Near the beginning, in the middle or near the end: another place each day."""
    whole, rows = Exchange.post, [0]
    here = run("validate", SMALL, *AS_OF)

    def mutated(self: Exchange, url: str, *rest: Any) -> Reply:
        reply = whole(self, url, *rest)
        rows[0] += b'"vars"' in reply.data
        return replace(reply, data=MUTATIONS[mutation](reply.data)) if rows[0] == place else reply

    monkeypatch.setattr(Exchange, "post", mutated)
    for place in share((1, 40, 200), 3):
        rows[0] = 0
        there = run("--endpoint", server, "validate", SMALL, *AS_OF)
        assert rows[0] >= place
        if there.exit_code == 2:
            assert (there.stdout, there.stderr.count("\n")) == ("", 1)
            assert there.stderr.startswith(f"graphsc: the server {server}/query did not answer as it should: ")
        else:
            assert (there.exit_code, there.stdout, there.stderr) == (here.exit_code, here.stdout, here.stderr)


def test_a_busy_server_is_asked_again(server: str) -> None:
    with gate(server, lambda number, _: 503 if number in (2, 3, 30) else 200) as (url, _):
        there = run("--endpoint", url, "validate", SMALL, *AS_OF)
    assert there.stderr == ""
    assert there.stdout == run("validate", SMALL, *AS_OF).stdout


def test_what_the_server_says_is_told_in_one_line(server: str) -> None:
    with gate(server, lambda *_: 400) as (url, seen):
        result = run("--endpoint", url, "validate", SMALL, *AS_OF)
    assert len(seen) == 1  # a request that is wrong is not made again
    assert (
        result.stderr == f"graphsc: the server {url}/query did not answer as it should: HTTP 400 the server is unwell\n"
    )


def test_name_and_password_are_sent_and_never_shown(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHSC_ENDPOINT_USER", "reader")
    monkeypatch.setenv("GRAPHSC_ENDPOINT_PASSWORD", "hemmelig")
    with gate(server, lambda *_: 401) as (url, seen):
        result = run("--endpoint", url.replace("//", "//other:secret@"), "validate", SMALL, *AS_OF)
    assert seen[0]["Authorization"] == "Basic cmVhZGVyOmhlbW1lbGln"
    assert (result.exit_code, "HTTP 401" in result.stderr) == (2, True)
    for word in ("secret", "hemmelig", "other"):
        assert word not in result.stderr


def test_a_token_goes_before_a_name(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHSC_ENDPOINT_USER", "reader")
    monkeypatch.setenv("GRAPHSC_ENDPOINT_TOKEN", "abc")
    with gate(server, lambda *_: 401) as (url, seen), pytest.raises(Unavailable):
        open_server(Endpoint.at(url))
    assert seen[0]["Authorization"] == "Bearer abc"
