"""Who is answered at the desk, and with what headers: each layer by itself, around an application that says who asks."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from desks import SECRET_FILE

pytest.importorskip("starlette")

from graphsc.core.settings.serving import Proxied
from graphsc.web.access import (
    LOCAL,
    POLICY,
    PROOF,
    Access,
    Guard,
    Hosts,
    Identified,
    Limits,
    Paced,
    Reader,
    Refused,
    _Bounded,
    noted,
    reader,
)

LIMITS = Limits(body=100, address=50)
PROXIED = Proxied.of(
    {
        "hosts": ["desk.example"],
        "identity-header": "X-User",
        "proxies": ["10.0.0.0/8"],
        "secret-file": SECRET_FILE,
        "readers": {"anna": "everything", "bo": "edit", "møller": "org/fjord"},
    }
)


def hosts() -> Hosts:
    return Hosts.loopback(8710, ["Desk.Example"])


@dataclass
class Answer:
    """What was sent for a request; ``asked`` is what the application inside was asked, if it was."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    asked: dict[str, Any] | None = None
    read: bytes = b""


def ask(
    layer: Callable[[Any], Any],
    *,
    method: str = "GET",
    path: str = "/en/",
    query: bytes = b"",
    headers: Iterable[tuple[str, str | bytes]] = (),
    host: str | None = "127.0.0.1:8710",
    client: str | None = "127.0.0.1",
    body: Iterable[bytes] = (),
    state: dict[str, Any] | None = None,
    sort: str = "http",
    sent: Iterable[tuple[bytes, bytes]] = (),
) -> Answer:
    """The answer of an application within a layer to one request; the application reads the whole body first."""
    answer = Answer()
    bodies = list(body)
    given = [*headers, *([("host", host)] if host is not None else [])]
    scope = {
        "type": sort,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [
            (name.lower().encode(), value if isinstance(value, bytes) else value.encode()) for name, value in given
        ],
        "client": None if client is None else (client, 1),
        "state": state if state is not None else {},
    }

    async def receive() -> dict[str, Any]:
        chunk = bodies.pop(0) if bodies else b""
        return {"type": "http.request", "body": chunk, "more_body": bool(bodies)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        answer.body += message.get("body", b"")

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        answer.asked = scope
        more = scope["type"] == "http"
        while more:
            message = await receive()
            answer.read += message["body"]
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": [*sent]})
        await send({"type": "http.response.body", "body": b"here"})

    with ThreadPoolExecutor(1) as aside:  # a browser test before this leaves a loop running in the main thread
        aside.submit(asyncio.run, layer(inside)(scope, receive, send)).result()
    return answer


def guarded(**request: Any) -> Answer:
    return ask(lambda app: Guard(app, hosts(), LIMITS), **request)


# ---------------------------------------------------------------------- the guard


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 200), ("HEAD", 200), ("POST", 200), ("PUT", 405), ("DELETE", 405)]
)
def test_only_what_the_pages_send_is_answered(method: str, status: int) -> None:
    answer = guarded(method=method)
    assert (answer.status, answer.asked is not None) == (status, status == 200)


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (["127.0.0.1:8710"], 200),
        (["LOCALHOST:8710"], 200),
        (["[::1]:8710"], 200),
        (["desk.example"], 200),
        (["desk.example:8710"], 421),
        (["127.0.0.1"], 421),
        (["127.0.0.1:8711"], 421),
        (["evil.example:8710"], 421),
        ([""], 421),
        ([], 421),
        (["127.0.0.1:8710", "127.0.0.1:8710"], 421),
    ],
)
def test_only_its_own_names_are_answered_to(hosts: list[str], status: int) -> None:
    answer = guarded(host=None, headers=[("host", host) for host in hosts])
    assert (answer.status, answer.asked is not None) == (status, status == 200)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8710", 200),
        ("HTTP://localhost:8710", 200),
        ("https://desk.example", 200),
        ("http://desk.example", 403),
        ("https://127.0.0.1:8710", 403),
        ("http://127.0.0.1:8711", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_only_its_own_pages_may_ask(origin: str, status: int) -> None:
    assert guarded(headers=[("origin", origin)]).status == status


@pytest.mark.parametrize(
    ("site", "mode", "method", "status"),
    [
        ("same-origin", "cors", "POST", 200),
        ("none", "navigate", "GET", 200),
        ("cross-site", "navigate", "GET", 200),  # a link that somebody follows
        ("cross-site", "navigate", "POST", 403),
        ("cross-site", "no-cors", "GET", 403),
        ("same-site", "no-cors", "GET", 403),
        ("same-site", "navigate", "POST", 403),
    ],
)
def test_pages_of_others_may_link_here_and_no_more(site: str, mode: str, method: str, status: int) -> None:
    assert guarded(method=method, headers=[("sec-fetch-site", site), ("sec-fetch-mode", mode)]).status == status


@pytest.mark.parametrize(
    ("path", "query", "status"), [("/" + "x" * 39, b"q" * 10, 200), ("/" + "x" * 40, b"q" * 10, 414), ("/" + "x" * 50, b"", 414)]
)  # fmt: skip
def test_an_address_may_be_so_long(path: str, query: bytes, status: int) -> None:
    assert guarded(path=path, query=query).status == status


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("0", 200),
        ("100", 200),
        ("101", 413),
        ("9" * 5000, 413),
        ("-1", 400),
        ("1e1", 400),
        ("", 400),
        (b"\xb2", 400),
        ("٣", 400),
    ],
)
def test_a_body_may_say_that_it_is_so_long(length: str | bytes, status: int) -> None:
    assert guarded(method="POST", headers=[("content-length", length)]).status == status


@pytest.mark.parametrize(("chunks", "status"), [([50, 50], 200), ([100], 200), ([50, 51], 413), ([101], 413)])
def test_a_body_may_be_so_long_whatever_it_says(chunks: list[int], status: int) -> None:
    answer = guarded(method="POST", body=[b"x" * size for size in chunks])
    assert answer.status == status
    assert len(answer.read) == (sum(chunks) if status == 200 else len(answer.read))
    assert len(answer.read) <= 100
    if status != 200:
        assert answer.headers["connection"] == "close"


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def silent() -> Any:
        await asyncio.Event().wait()

    def layer(app: Any) -> Any:
        guard = Guard(app, hosts(), Limits(sending=0.01))
        return lambda scope, _, send: guard(scope, silent, send)

    assert ask(layer, method="POST").status == 408


def test_a_body_is_waited_for_until_it_is_whole_and_its_end_for_ever() -> None:
    """Of what comes after the body, that the client leaves, nobody knows when."""
    messages = [{"type": "http.request", "body": b"x"}, {"type": "http.disconnect"}]

    async def slow() -> Any:
        for _ in range(3):
            await asyncio.sleep(0)
        return messages.pop(0)

    async def taken(sending: float, first: Any) -> Any:
        bounded = _Bounded(first, Limits(body=1, sending=sending))
        assert await bounded() == {"type": "http.request", "body": b"x"}
        bounded._receive = slow
        return await bounded()

    async def at_once() -> Any:
        return messages.pop(0)

    with ThreadPoolExecutor(1) as aside:
        given = aside.submit(asyncio.run, taken(60, slow)).result()
        messages[:] = [{"type": "http.request", "body": b"x"}, given]
        assert aside.submit(asyncio.run, taken(0, at_once)).result() == {"type": "http.disconnect"}


def test_what_is_refused_after_the_answer_began_breaks_off() -> None:
    """A second beginning would be taken for a part of the page."""

    def layer(app: Any) -> Any:
        async def late(scope: Any, receive: Any, send: Any) -> None:
            await app(scope, receive, send)
            raise Refused(413, "too much")

        return Guard(late, hosts())

    with pytest.raises(Refused):
        ask(layer)
    assert guarded(method="PUT").body == b"Only GET, HEAD and POST.\n"


def test_the_limits_where_nobody_sets_any() -> None:
    assert Limits() == Limits(body=1_048_576, address=16_384, sending=10, taking=60)
    assert Hosts(frozenset({"a"})).origins == frozenset()


def test_every_answer_has_the_headers_of_safety_also_a_refusal() -> None:
    for answer in (guarded(), guarded(host="evil.example")):
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "private, no-cache"
    assert POLICY.startswith("default-src 'none'; ")
    for part in (
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert f"; {part}" in POLICY
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


def test_a_page_may_have_a_policy_of_its_own() -> None:
    answer = guarded(sent=[(b"content-security-policy", b"sandbox"), (b"cache-control", b"no-store")])
    assert (answer.headers["content-security-policy"], answer.headers["cache-control"]) == ("sandbox", "no-store")


def test_what_is_no_request_is_passed_on() -> None:
    for layer in (lambda app: Guard(app, hosts()), lambda app: Identified(app, PROXIED), lambda app: Paced(app, 1)):
        assert ask(layer, sort="lifespan", host=None).asked is not None


def test_each_reader_has_a_rate() -> None:
    now = 0.0
    paced: dict[str, Paced] = {}

    def layer(app: Any) -> Any:
        limit = paced.setdefault("one", Paced(app, 0.2, lambda: now))
        limit._app = app
        return limit

    def status(name: str | None, path: str = "/en/") -> int:
        return ask(layer, path=path, state={"name": name}).status

    assert [status("anna") for _ in range(4)] == [200, 200, 429, 429]
    assert status("bo") == 200
    assert [status(None) for _ in range(4)] == [200] * 4, "the reader on this machine"
    assert [status("anna", path) for path in ("/health", "/metrics", "/en/health")] == [200, 200, 429]
    assert ask(layer, state={"name": "anna"}).headers["retry-after"] == "1"
    now = 4.9
    assert status("anna") == 429
    now = 5.0
    assert [status("anna") for _ in range(2)] == [200, 429]


# ---------------------------------------------------------------------- readers


def test_the_configuration_says_what_each_may() -> None:
    assert reader("anna", PROXIED) == Reader("anna", None, edits=False)
    assert reader("bo", PROXIED) == Reader("bo", None, edits=True)
    assert reader("møller", PROXIED) == Reader("møller", "org/fjord", edits=False)
    assert reader("nobody", PROXIED) is None
    assert (Reader().name, Reader().party, Reader().edits, LOCAL.edits) == (None, None, False, True)


def identified(
    *names: str, path: str = "/en/", client: str | None = "10.1.2.3", proxied: Proxied | None = PROXIED
) -> Answer:
    return ask(
        lambda app: Identified(app, proxied),
        headers=[(PROOF, PROXIED.secret().decode()), *(("x-user", name) for name in names)],
        path=path,
        client=client,
    )


def test_the_proxy_names_the_reader() -> None:
    for name, expected in (
        ("anna", Reader("anna")),
        ("bo", Reader("bo", edits=True)),
        ("møller", Reader("møller", "org/fjord")),
    ):
        answer = identified(name)
        assert answer.asked is not None
        assert (answer.status, answer.asked["state"]["reader"], answer.asked["state"]["name"]) == (200, expected, name)


@pytest.mark.parametrize(
    ("names", "client"),
    [
        (["nobody"], "10.1.2.3"),
        ([""], "10.1.2.3"),
        ([], "10.1.2.3"),
        (["anna", "anna"], "10.1.2.3"),
        (["anna"], "11.1.2.3"),
        (["anna"], "127.0.0.1"),
        (["anna"], "unix"),
        (["anna"], None),
    ],
)
def test_nobody_else_is_answered(names: list[str], client: str | None) -> None:
    answer = identified(*names, client=client)
    assert (answer.status, answer.asked) == (403, None)
    for path in ("/health", "/static/site.css"):
        answer = identified(*names, client=client, path=path)
        assert answer.asked is not None
        assert (answer.status, answer.asked["state"]) == (200, {"reader": Reader(), "name": None})
    assert identified(*names, client=client, path="/en/health").status == 403


def test_a_name_that_is_no_text_is_nobodys() -> None:
    def layer(app: Any) -> Any:
        within = Identified(app, PROXIED)

        async def answered(scope: Any, receive: Any, send: Any) -> None:
            scope["headers"] += [(PROOF.encode(), PROXIED.secret()), (b"x-user", b"m\xf8ller")]
            await within(scope, receive, send)

        return answered

    assert ask(layer, client="10.1.2.3").status == 403


def test_without_a_proxy_it_is_the_reader_on_this_machine() -> None:
    for path in ("/en/", "/metrics"):
        answer = identified("anna", proxied=None, path=path)
        assert answer.asked is not None
        assert (answer.asked["state"]["reader"], answer.asked["state"]["name"]) == (LOCAL, None)


@pytest.mark.parametrize(
    ("names", "client", "status"),
    [
        ([], "127.0.0.1", 200),
        ([], "::1", 200),
        (["anna"], "127.0.0.1", 403),  # a proxy on this machine, for somebody
        (["anna"], "10.1.2.3", 403),
        ([], "10.1.2.3", 403),
        ([], None, 403),
    ],
)
def test_the_figures_are_for_this_machine_itself(names: list[str], client: str | None, status: int) -> None:
    assert identified(*names, client=client, path="/metrics").status == status
    assert identified(client="127.0.0.1", path="/metrics/").status == 403


# ---------------------------------------------------------------------- the log


class Counted:
    """In place of the figures for Prometheus."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, int]] = []

    def note(self, method: str, status: int, seconds: float) -> None:
        assert seconds >= 0
        self.noted.append((method, status))


def test_the_log_has_a_line_for_each_request(caplog: pytest.LogCaptureFixture) -> None:
    counted = Counted()

    def layer(app: Any) -> Any:
        return Access(app, counted)  # type: ignore[arg-type]

    with caplog.at_level(logging.INFO, "graphsc.access"):
        ask(layer, query=b"q=\x1b[31m\r\nforged" + b"x" * 400, state={"name": "anna"})
        assert ask(layer, client=None, state={}, method="POST", body=[b"secret"]).body == b"here"
        assert ask(layer, sort="lifespan").asked is not None
    first, second = (json.loads(record.getMessage()) for record in caplog.records)
    assert {key: first[key] for key in ("client", "reader", "method", "status", "bytes")} == {
        "client": "127.0.0.1", "reader": "anna", "method": "GET", "status": 200, "bytes": 4,
    }  # fmt: skip
    assert first["target"].startswith("/en/?q=")
    assert len(first["target"]) <= 320
    assert "\x1b" not in caplog.text
    assert first["time"].endswith("+00:00")
    assert 0 <= first["ms"] < 60_000
    assert (second["client"], second["reader"], second["target"]) == ("", None, "/en/")
    assert "secret" not in caplog.text
    assert counted.noted == [("GET", 200), ("POST", 200)]
    caplog.clear()
    with caplog.at_level(logging.WARNING, "graphsc.access"):
        ask(layer)
    assert caplog.records == []
    assert len(counted.noted) == 3


def test_a_request_that_falls_is_in_the_log_too(caplog: pytest.LogCaptureFixture) -> None:
    counted = Counted()

    async def falling(*_: Any) -> None:
        raise RuntimeError

    with caplog.at_level(logging.INFO, "graphsc.access"), pytest.raises(RuntimeError):
        ask(lambda _: Access(falling, counted))  # type: ignore[arg-type]
    assert (json.loads(caplog.records[0].getMessage())["status"], counted.noted) == (0, [("GET", 0)])


def test_the_log_says_who_wrote_what_and_of_the_lines_only_the_new(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "graphsc.access"):
        noted("wrote", "bo", file="a.yaml", title="SUB001", lines=["@@ 1", " kept", "-gone", "+new", "+" + "x" * 400])
    line = json.loads(caplog.records[0].getMessage())
    del line["time"]
    assert line.pop("lines")[0] == "+new"
    assert line == {"reader": "bo", "did": "wrote", "file": "a.yaml", "for": "SUB001"}
    assert len(json.loads(caplog.records[0].getMessage())["lines"][1]) <= 320
