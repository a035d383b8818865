"""``graphsc serve`` as a process: it begins, answers, sees a save, refuses other machines, and stops when told."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from desks import REGISTER, register
from repository import REPOSITORY

pytest.importorskip("uvicorn")


@dataclass
class Process:
    port: int
    child: subprocess.Popen[str]
    printed: str  # before it said where it serves

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "graphsc", "serve", *words, "--as-of", "2026-11-25", "--lang", "en"]


@contextmanager
def serving(*words: str) -> Iterator[Process]:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    child = subprocess.Popen(command(*words, "--port", "0"), stderr=subprocess.PIPE, text=True, env=environment)
    assert child.stderr is not None
    try:
        printed = ""
        while (opened := re.search(r"http://127\.0\.0\.1:(\d+)/", line := child.stderr.readline())) is None:
            assert line, printed
            printed += line
        yield Process(int(opened[1]), child, printed)
    finally:
        child.kill()
        child.wait()
        child.stderr.close()


def test_it_serves_sees_a_save_and_stops_when_told(tmp_path: Path) -> None:
    folder = register(tmp_path / "data")
    with serving(str(folder), "--verbose") as process:
        assert process.printed == "Rules and shapes run on Oxigraph.\n"
        assert process.get("/health")[0] == 200
        assert process.get("/health", {"Host": "evil.example"})[0] == 421
        before = process.get("/version")[1]
        register(folder, REGISTER.replace("Sky Drift", "Himmel Drift"))
        end = time.monotonic() + 20
        while process.get("/version")[1] == before and time.monotonic() < end:
            time.sleep(0.05)  # the process looks at its files by itself
        assert process.get("/version")[1] != before
        process.child.send_signal(signal.SIGTERM)
        assert process.child.wait(20) == 0
        assert process.child.stderr is not None
        assert "run on Oxigraph" not in process.child.stderr.read()


def test_other_machines_are_refused_without_a_proxy(tmp_path: Path) -> None:
    done = subprocess.run(
        command(str(register(tmp_path)), "--host", "0.0.0.0"),
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )
    assert done.returncode == 2
    assert "can be reached by other machines" in done.stderr


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            command(str(register(tmp_path)), "--port", str(taken.getsockname()[1])),
            capture_output=True,
            check=False,
            text=True,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        )
    assert done.returncode == 2
    assert "cannot be used" in done.stderr


def test_the_access_log_is_kept_in_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    with serving(str(register(tmp_path / "data")), "--access-log", str(file)) as process:
        process.get("/health")
        process.child.send_signal(signal.SIGTERM)
        process.child.wait(20)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(line["target"], line["status"]) for line in lines] == [("/health", 200)]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--commit"], "--commit takes --edit"),
        (["--edit", "--commit"], "is not in git"),
        (["--access-log", "/nowhere/access.log"], "/nowhere/access.log cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_before_it_begins(tmp_path: Path, words: list[str], message: str) -> None:
    done = subprocess.run(
        command(str(register(tmp_path)), *words),
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )
    assert done.returncode == 2
    assert message in done.stderr


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    import asyncio

    from graphsc.web.serving import listening

    async def without_delay() -> int:
        option: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            option.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listening("127.0.0.1", 0) as listener:
            server = await asyncio.start_server(answer, sock=listener)
            _, writer = await asyncio.open_connection(*listener.getsockname())
            result = await option
            writer.close()
            server.close()
            return result

    with ThreadPoolExecutor(1) as aside:  # a browser test before this leaves a loop running in the main thread
        assert aside.submit(lambda: asyncio.run(without_delay())).result() == 1
