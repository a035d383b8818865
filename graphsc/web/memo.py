"""Values that are computed once for all readers; a reader waits only for a limited time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

R = TypeVar("R")
_TURN = threading.Lock()
"""Held by work that takes much memory."""
PATIENCE = 2.0
"""Seconds after which a reader gets a page that the value is being computed."""
_HERE = threading.local()
_MAKING = threading.BoundedSemaphore(4)
"""The most pages that are made at a time: more would only compete for the interpreter."""


class Pending(Exception):  # noqa: N818  # a state of what is asked for
    """The value is being computed, and will be there later."""


class Memo:
    """Values by keys, each computed once, in a thread of its own, on first access.

    A caller waits until the work has taken `PATIENCE` seconds; work that needs another value waits until that is there.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[Hashable, tuple[Future[Any], float]] = {}

    def __call__(self, key: Hashable, work: Callable[[], R]) -> R:
        """The value of a key. Raises Pending, and the exceptions of the work, after which the next caller has it tried again."""
        value, begun = self._future(key, work)
        if not value.done():
            patience = getattr(_HERE, "patience", None) or PATIENCE
            with _aside():
                wait([value], max(0.0, begun + patience - monotonic()))
            if not value.done():
                raise Pending
        return value.result()

    def in_turn(self, key: Hashable, work: Callable[[], R]) -> R:
        """The value of a key whose work takes much memory: such work is done one at a time, for all states together.

        It must not need other such work.
        """

        def alone() -> R:
            with _TURN:
                return work()

        return self(key, alone)

    def under_way(self) -> list[Hashable]:
        """The keys of values that are being computed, in the order of the requests."""
        with self._lock:
            return [key for key, (value, _) in self._values.items() if not value.done()]

    def begin(self, key: Hashable, work: Callable[[], object]) -> None:
        """Begin to compute a value that will be needed."""
        self._future(key, work)

    def keep(self, key: Hashable, value: object) -> None:
        """Keep a value that is there."""
        future: Future[Any] = Future()
        future.set_result(value)
        self._values[key] = future, 0.0

    def _future(self, key: Hashable, work: Callable[[], R]) -> tuple[Future[R], float]:
        with self._lock:
            value = self._values.get(key)
            if value is None or (value[0].done() and value[0].exception() is not None):
                value = self._values[key] = Future(), monotonic()
                try:
                    threading.Thread(target=_worked_out, args=(value[0], work), daemon=True).start()
                except RuntimeError:  # no memory for a thread: the next caller has it tried again
                    value[0].set_exception(Pending())
            return value


@contextmanager
def taking_turns() -> Iterator[None]:
    """The context in which a thread makes a page: it waits until few others do, and lets others in while it waits."""
    with _MAKING:
        _HERE.makes = True
        try:
            yield
        finally:
            _HERE.makes = False


@contextmanager
def _aside() -> Iterator[None]:
    """The context in which another page may be made in place of that of this thread."""
    if not getattr(_HERE, "makes", False):
        yield
        return
    _MAKING.release()
    try:
        yield
    finally:
        _MAKING.acquire()


@contextmanager
def waiting(seconds: float = threading.TIMEOUT_MAX / 2) -> Iterator[None]:
    """The context in which this thread waits for values until they are there, or work on them has taken so many seconds."""
    before, _HERE.patience = getattr(_HERE, "patience", None), seconds
    try:
        yield
    finally:
        _HERE.patience = before


def _worked_out(value: Future[R], work: Callable[[], R]) -> None:
    with waiting():
        try:
            value.set_result(work())
        except BaseException as error:
            value.set_exception(error)
