"""A server that misbehaves on purpose: one message in good time, whatever it sends."""

from __future__ import annotations

import gzip
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from command import CLEAN, run

from graphsc.core.problems import Unavailable
from graphsc.core.settings.endpoint import Endpoint
from graphsc.graph.exchange import Exchange, NoReply
from graphsc.graph.server import open_server

Peer = socket.socket
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
EMPTY = b'{"head":{"vars":["g"]},"results":{"bindings":[]}}'


def whole(
    body: bytes, status: bytes = b"200 OK", more: bytes = b"", length: int | None = None
) -> Callable[[Peer, bytes], None]:
    said = HEAD.replace(b"200 OK", status) + b"Content-Length: %d\r\n%s\r\n" % (
        len(body) if length is None else length,
        more,
    )
    return lambda peer, _: peer.sendall(said + body)


def asking(yes: bytes, else_: bytes) -> Callable[[Peer, bytes], None]:
    return lambda peer, body: whole(yes if b"ASK" in body else else_)(peer, body)


def repeated(first: bytes, piece: bytes, pause: float = 0.0) -> Callable[[Peer, bytes], None]:
    def answer(peer: Peer, _: bytes) -> None:
        peer.sendall(first)
        while True:
            peer.sendall(piece)
            time.sleep(pause)  # of the server, in a thread of its own

    return answer


def gone(peer: Peer, _: bytes) -> None:
    peer.shutdown(socket.SHUT_RDWR)


def left(answer: Callable[[Peer, bytes], None]) -> Callable[[Peer, bytes], None]:
    """An answer after which the server hangs up."""

    def then_gone(peer: Peer, body: bytes) -> None:
        answer(peer, body)
        gone(peer, body)

    return then_gone


def silent(peer: Peer, _: bytes) -> None:
    peer.recv(1)  # until the other side leaves


@contextmanager
def server(answer: Callable[[Peer, bytes], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine that reads a request and answers as it likes; and the requests that came."""
    seen: list[bytes] = []

    def talk(peer: Peer) -> None:
        with suppress(OSError), peer:
            while True:
                head = b""
                while b"\r\n\r\n" not in head:
                    if not (piece := peer.recv(1 << 16)):
                        return
                    head += piece
                head, _, body = head.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                while length is not None and len(body) < int(length[1]):
                    body += peer.recv(1 << 16)
                seen.append(head)
                answer(peer, body)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(door.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", seen


TRUE = b'{"head":{},"boolean":true}'
ROWS = b'{"head":{"vars":["g"]},"results":{"bindings":['
MODES = {
    "a table for yes or no": whole(EMPTY),
    "another page": whole(b"<html>log in</html>"),
    "nothing": whole(b""),
    "cut": whole(EMPTY[:30]),
    "shorter than said": left(whole(EMPTY[:30], length=len(EMPTY))),
    "a negative length": left(whole(EMPTY, length=-5)),
    "many headers": whole(EMPTY, more=b"".join(b"X-%d: y\r\n" % n for n in range(5000))),
    "noise": left(lambda peer, _: peer.sendall(bytes(range(256)) * 2)),
    "gone": gone,
    "elsewhere": whole(b"", b"307 X", b"Location: http://127.0.0.1:9/steal\r\n"),
    "a file": whole(b"", b"302 X", b"Location: file:///etc/passwd\r\n"),
    "busy for a day": whole(b"busy", b"503 Busy", b"Retry-After: 100000\r\n"),
    "too many for a day": whole(b"busy", b"429 Busy", b"Retry-After: 100000\r\n"),
    "an endless error": repeated(HEAD.replace(b"200 OK", b"400 Bad") + b"\r\n", b"A" * (1 << 16)),
    "deep": whole(b"[" * 200_000),
    "deep terms": whole(ROWS + b'{"g":{"type":"triple","value":{"subject":' * 20_000),
    "no graph's name": asking(TRUE, ROWS + b'{"g":{"type":"uri","value":"urn:graphsc:x> } ; DROP ALL #"}}]}}'),
    "other variables": asking(TRUE, EMPTY.replace(b'"g"', b'"zzz"')),
    "no datatype": asking(TRUE, ROWS + b'{"g":{"type":"literal","value":"1","datatype":"x y"}}]}}'),
}


@pytest.mark.parametrize("mode", MODES)
def test_a_server_that_says_anything_but_an_answer(mode: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CLEAN, encoding="utf-8")
    with server(MODES[mode]) as (url, seen):
        result = run("--endpoint", url, "validate", str(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"graphsc: the server {url}/query ")
    assert len(result.stderr) < 500
    assert all(b"/steal" not in head for head in seen)


@pytest.mark.parametrize(
    "answer",
    [silent, repeated(HEAD + b"Content-Length: 100000\r\n\r\n", b" ", 0.05), repeated(HEAD, b"X-A: b\r\n", 0.05)],
    ids=["silent", "a drip", "a drip of headers"],
)
def test_a_server_that_never_comes_to_an_end(answer: Callable[[Peer, bytes], None]) -> None:
    with server(answer) as (url, _), pytest.raises(Unavailable, match="timeout"):
        open_server(Endpoint.at(url), first_timeout=0.3)


BOMB = gzip.compress(b" " * 5_000_000)


@pytest.mark.parametrize(
    "answer",
    [
        repeated(HEAD + b"\r\n", b" " * (1 << 16)),
        repeated(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * (1 << 16) + b"\r\n"),
        whole(b" " * 3_000_000, length=10 << 30),
        whole(BOMB, more=b"Content-Encoding: gzip\r\n"),
    ],
    ids=["endless", "endless pieces", "a length of 10 GB", "packed"],
)
def test_no_more_is_taken_than_fits(answer: Callable[[Peer, bytes], None]) -> None:
    with server(answer) as (url, _), pytest.raises(NoReply, match="> 2 MB"):
        Exchange(largest=1 << 21).post(url, b"ASK {}", {}, seconds=30)
