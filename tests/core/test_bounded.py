"""Work in a process of its own: what is prepared once, limits that really stop it, and what is said of its errors."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import psutil
import pytest

from graphsc.core import bounded
from graphsc.core.bounded import OutOfMemory, TimeUp, Worker
from graphsc.core.problems import Unavailable
from graphsc.core.text import Text


def _prepared(folder: Path) -> list[str]:
    (folder / str(os.getpid())).touch()
    return ["prepared"]


def _process(_: list[str]) -> int:
    return os.getpid()


def _noted(notes: list[str], word: str) -> list[str]:
    notes.append(word)
    return notes


def _for_ever(_: list[str]) -> None:
    while True:
        pass


def _grow(_: list[str]) -> None:
    held = bytearray()
    while True:
        held += b"x" * (1 << 20)


def _die(_: list[str]) -> None:
    os._exit(9)


def _raise(_: list[str], error: BaseException) -> None:
    raise error


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker[list[str]]]:
    with Worker(partial(_prepared, tmp_path), memory=64 << 20) as worker:
        yield worker
    assert not active_children()


def test_what_is_prepared_is_kept_for_all_that_is_asked(worker: Worker[list[str]], tmp_path: Path) -> None:
    assert worker(60, _noted, "one") == ["prepared", "one"]
    assert worker(None, _noted, "two") == ["prepared", "one", "two"]
    assert worker(60, _process) != os.getpid()
    assert len(list(tmp_path.iterdir())) == 1


def test_what_takes_too_long_or_too_much_is_ended_and_the_next_is_done(worker: Worker[list[str]]) -> None:
    with pytest.raises(TimeUp):
        worker(0.01, _for_ever)
    with pytest.raises(OutOfMemory):
        worker(600, _grow)
    with pytest.raises(OutOfMemory):
        worker(60, _die)
    with pytest.raises(OutOfMemory):
        worker(60, _raise, MemoryError())
    assert worker(60, _noted, "one") == ["prepared", "one"]


def test_a_process_that_was_ended_while_it_was_idle_is_replaced(worker: Worker[list[str]]) -> None:
    before = worker(60, _process)
    (process,) = active_children()
    process.kill()
    process.join()
    assert worker(60, _process) != before


def test_a_process_that_holds_too_much_is_replaced(worker: Worker[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "_WORN", -(1 << 40))  # whatever is left behind is too much
    assert worker(60, _process) != worker(60, _process)


class OddError(Exception):
    """An exception that cannot be made again from what it was made of."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def test_errors_are_raised_where_they_are_awaited(worker: Worker[list[str]]) -> None:
    with pytest.raises(Unavailable) as refused:
        worker(60, _raise, Unavailable(Text("dansk", "English")))
    assert refused.value.reason == Text("dansk", "English")
    with pytest.raises(KeyError, match="key"):
        worker(60, _raise, KeyError("key"))
    with pytest.raises(RuntimeError, match="OddError: onetwo"):
        worker(60, _odd)
    assert worker(60, _noted, "one") == ["prepared", "one"]


def _odd(_: list[str]) -> None:
    raise OddError("one", "two")


def test_where_it_cannot_be_prepared_each_who_asks_is_told(tmp_path: Path) -> None:
    with Worker(partial(_prepared, tmp_path / "none")) as worker:
        for _ in range(2):
            with pytest.raises(FileNotFoundError):
                worker(60, _process)


_KILLED = """
import os, sys
from graphsc.core.bounded import Worker
worker = Worker(list)
print(worker(None, list.__len__), worker._process.pid, flush=True)
worker._connection.send((__import__("time").sleep, (), {}))
os._exit(1)
"""


def test_it_ends_with_who_asks_however_that_ends() -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED], capture_output=True, text=True, timeout=60, check=False)
    length, process = map(int, done.stdout.split())
    assert length == 0
    if psutil.pid_exists(process):
        psutil.Process(process).wait(60)
