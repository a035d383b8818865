"""Work within limits of time and memory, in a process of its own: no engine can stop a query, but a process can be ended."""

from __future__ import annotations

import atexit
import math
import os
import pickle
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from time import monotonic
from types import TracebackType
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar

import psutil

from graphsc.core.text import Text

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")
MEMORY = 2 << 30
"""How many bytes more than the data what did not come with graphsc may take."""
_LOOK = 0.05
"""Seconds between two looks at the memory of a process."""
_WORN = 64 << 20
"""Bytes that work may leave behind in its process; after more the process is replaced."""


class TimeUp(Exception):  # noqa: N818  # a limit was reached
    """The work took longer than it may."""


class OutOfMemory(Exception):  # noqa: N818
    """The work took more memory than it may, or than there is."""


class Own(NamedTuple):
    """The nodes of which an organisation's own knowledge states something, and the seconds that each of its rules may take."""

    nodes: frozenset[object] = frozenset()
    seconds: float = 60.0


def stopped(error: TimeUp | OutOfMemory, seconds: float) -> Text:
    """Why a shape or rule of the organisation's own was stopped."""
    if isinstance(error, OutOfMemory):
        return Text("den brugte for meget hukommelse", "it took too much memory")
    return Text(
        f"den blev stoppet efter {seconds:g} sekunder; gør den snævrere, eller giv den mere tid med timeout i graphsc.toml",
        f"it was stopped after {seconds:g} seconds; narrow it, or give it more time with timeout in graphsc.toml",
    )


class Worker(Generic[T]):
    """A process that does one piece of work after the other; it is started for the first, and anew after it was ended.

    It is a new Python (``spawn``), as every system has it: what is sent to it and back is pickled. ``prepare`` makes in it what
    work is done on, which counts for no limit. ``memory`` is how many bytes more than that a piece of work may take. It ends with
    this process, however that ends.
    """

    def __init__(self, prepare: Callable[[], T], memory: int | None = None) -> None:
        self._prepare, self._memory = prepare, memory
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._held = 0

    def __call__(
        self, seconds: float | None, work: Callable[Concatenate[T, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """The result of ``work`` on what was prepared. Raises TimeUp, OutOfMemory, and whatever was raised by the work.

        Only one thread may ask at a time.
        """
        if self._connection is None:
            self._start()
        assert self._connection is not None
        try:
            self._connection.send((work, args, kwargs))
        except OSError:  # it was ended while nobody asked
            self.close()
            self._start()
            self._connection.send((work, args, kwargs))
        result: R = self._received(seconds)
        if self._memory is not None and self._taken() - self._held > _WORN:
            self.close()
        return result

    def __enter__(self) -> Worker[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        context = get_context("spawn")
        self._connection, there = context.Pipe()
        process = context.Process(target=_work, args=(there, self._prepare))  # a daemon could have no worker of its own
        atexit.register(self.close)
        try:
            with there:
                process.start()
            self._process = process
            self._received(None)
        except BaseException:
            self.close()
            raise
        self._held = self._taken()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        atexit.unregister(self.close)
        process, connection, self._process, self._connection = self._process, self._connection, None, None
        if process is not None:
            process.kill()
            process.join()
            with suppress(ValueError):  # another thread has looked at it meanwhile
                process.close()
        if connection is not None:
            connection.close()

    def _received(self, seconds: float | None) -> Any:
        """What the process sends; it is ended where that does not come within the limits."""
        assert self._connection is not None
        try:
            self._wait(self._connection, math.inf if seconds is None else seconds)
            succeeded, outcome = self._connection.recv()
        except (EOFError, OSError):  # the system ended it
            self.close()
            raise OutOfMemory from None
        except BaseException:
            self.close()
            raise
        if isinstance(outcome, MemoryError):
            raise OutOfMemory from None
        if not succeeded:
            raise outcome
        return outcome

    def _wait(self, connection: Connection, seconds: float) -> None:
        """Wait until something comes. Raises TimeUp and OutOfMemory."""
        end = monotonic() + seconds
        most = math.inf if self._memory is None or seconds == math.inf else self._held + self._memory
        while not connection.poll(max(0.0, min(_LOOK, end - monotonic()))):
            if monotonic() >= end:
                raise TimeUp
            if self._taken() > most:
                raise OutOfMemory

    def _taken(self) -> int:
        """The bytes of memory that the process has now; none where it is gone."""
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss) if self._process is not None else 0
        except psutil.Error:
            return 0


def _work(connection: Connection, prepare: Callable[[], T]) -> None:
    """In the process: prepare, say so, and do what comes until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks handles the interrupt, and ends this process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Rust would print where it stopped
    with suppress(EOFError, OSError):
        held = _sent(connection, prepare, tells=False)
        while held is not None:
            work, args, kwargs = connection.recv()
            _sent(connection, lambda: work(held[0], *args, **kwargs))  # noqa: B023 - called at once


def _sent(connection: Connection, work: Callable[[], R], *, tells: bool = True) -> tuple[R] | None:
    """Do some work, and send its result (or only that it is done) or its exception; the result, or None after an exception."""
    try:
        result = work()
        message = pickle.dumps((True, result if tells else None))
    except BaseException as error:  # a panic of an engine is one
        connection.send_bytes(_as_bytes(error))
        return None
    connection.send_bytes(message)
    return (result,)


def _as_bytes(error: BaseException) -> bytes:
    """An exception to be raised on the other side; one that cannot be sent, or of a kind unknown there, in words."""
    try:
        message = pickle.dumps((False, error if isinstance(error, Exception) else RuntimeError(type(error).__name__)))
        pickle.loads(message)  # noqa: S301 - just made
    except Exception:
        message = pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return message


def _end_with_parent() -> None:
    """Wait for the end of who asks, and end with it, even within a query."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
