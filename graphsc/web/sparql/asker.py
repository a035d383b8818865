"""The client side of query processes: keeps one for each state, sends it a few queries at a time, and explains limits."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import pickle
import re
import signal
import socket
import warnings
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool

from graphsc.core.text import Text
from graphsc.coverage import triples as covered_triples
from graphsc.duties import triples as recorded
from graphsc.graph.merging import merge
from graphsc.service import Opened
from graphsc.web.answering import Cache
from graphsc.web.desk import LOG, State
from graphsc.web.memo import waiting
from graphsc.web.pages import measures
from graphsc.web.pages.coverage import covered
from graphsc.web.sparql.answering import hold
from graphsc.web.sparql.request import LENGTH, SHORT, Answer, Asking, Limits

_PARALLEL, _WAITING, _EACH = 4, 64, 8
_HOLDERS = 6
_READY = 10.0
_LATE = 5.0
_PATIENCE = 10.0
"""Seconds to wait for results that a query needs before the reader is told to come again."""
_PIECE = 1 << 18
_ROOM = 16 << 20
"""Bytes of the cache of answers."""
_FRESH = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\b", re.IGNORECASE)
"""Functions whose queries have another answer each time."""
_BUSY = Text(
    "Der er for mange forespørgsler lige nu. Prøv igen om lidt.",
    "There are too many queries right now. Try again in a moment.",
)


@dataclass(slots=True)
class Holder:
    """A process that holds a state, with the results that some questions need: its id and the socket to it.

    ``idle`` are connections to its children that wait for a query.
    """

    pid: int
    control: socket.socket
    idle: list[socket.socket] = field(default_factory=list)

    def end(self) -> None:
        """End the process; running queries continue."""
        self.control.close()
        while self.idle:
            self.idle.pop().close()
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


class Asker:
    """Answers queries on states; a few run at once, some wait, all others are told to come again."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._holders: OrderedDict[tuple[int, str | None, frozenset[str]], Holder] = OrderedDict()
        self._room = asyncio.Semaphore(_PARALLEL)
        self._making = asyncio.Lock()
        self._waiting = 0
        self._running: Counter[str] = Counter()
        self._answers = Cache[Answer](_ROOM)

    async def ask(self, state: State, asking: Asking, name: str | None = None) -> Answer:
        """The answer to a query on a state; for each reader, by ``name``, only a few at a time."""
        if name is None:
            return await self._cached_answer(state, asking)
        if self._running[name] >= _EACH:
            return Answer(refusal=_BUSY, status=503)
        self._running[name] += 1
        try:
            return await self._cached_answer(state, asking)
        finally:
            self._running[name] -= 1

    async def _cached_answer(self, state: State, asking: Asking) -> Answer:
        """The answer, from the cache for the same query on the same state."""
        text = asking.question.text
        if len(text) > SHORT or _FRESH.search(text):
            return await self._ask(state, asking)
        key = (state.number, state.party, asking.custom, text, tuple(sorted(asking.values.items())), asking.media)
        return await self._answers.get(key, lambda: self._ask(state, asking))

    async def _ask(self, state: State, asking: Asking) -> Answer:
        if self._waiting >= _WAITING:
            return Answer(refusal=_BUSY, status=503)
        needs = frozenset(asking.question.needs)
        self._waiting += 1
        try:
            if (state.number, state.party, needs) not in self._holders:
                await run_in_threadpool(_needed, state, needs)  # without making other queries wait
            async with asyncio.timeout(self.limits.seconds * 2):
                await self._room.acquire()
        except TimeoutError:
            return Answer(refusal=_BUSY, status=503)
        finally:
            self._waiting -= 1
        try:
            try:
                holder = await self._holder(state, needs)
                here = _connected(holder)
            except OSError as error:
                LOG.exception("no process to answer queries", exc_info=error)
                return Answer(refusal=_BUSY, status=503)
            return await self._answer(holder, here, asking)
        finally:
            self._room.release()

    def close(self) -> None:
        """End every process."""
        while self._holders:
            self._holders.popitem()[1].end()

    def forget(self, current: State) -> None:
        """End the processes of older states."""
        self._answers.clear()
        for key in [key for key in self._holders if key[0] != current.number]:
            self._holders.pop(key).end()

    async def _holder(self, state: State, needs: frozenset[str]) -> Holder:
        key = (state.number, state.party, needs)
        async with self._making:
            held = self._holders.pop(key, None)
            if held is not None and not _lives(held):
                held.end()
                held = None
            self._holders[key] = held or await self._started(*await run_in_threadpool(_needed, state, needs))
            while len(self._holders) > _HOLDERS:
                self._holders.popitem(last=False)[1].end()
            return self._holders[key]

    async def _started(self, opened: Opened, extra: dict[str, list[ox.Triple]]) -> Holder:
        """A new process; one that is not ready in time, because of a lock of another thread, is ended and made again."""
        for _ in range(5):
            here, there = socket.socketpair()
            here.setblocking(False)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads, which is handled below
                pid = os.fork()
            if pid == 0:
                try:
                    hold(there, opened, extra)
                finally:
                    os._exit(1)
            there.close()
            holder = Holder(pid, here)
            try:
                async with asyncio.timeout(_READY):
                    if await asyncio.get_running_loop().sock_recv(here, 1) == b"!":
                        return holder
            except (TimeoutError, OSError):
                pass
            holder.end()
        raise OSError(errno.EAGAIN, "no process to answer queries can be made")

    async def _answer(self, holder: Holder, here: socket.socket, asking: Asking) -> Answer:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        answer = Answer(worn=True)
        try:
            request = pickle.dumps(asking)
            async with asyncio.timeout(asking.limits.seconds + _LATE):
                await loop.sock_sendall(here, LENGTH.pack(len(request)) + request)
                received = _Received(here)
                answered: Answer = pickle.loads(await received.part())  # noqa: S301 - from a process of ours
                answer = replace(answered, body=await received.part())  # the connection has no more data then
        except (EOFError, OSError, TimeoutError):
            late = loop.time() - begun >= asking.limits.seconds
            return Answer(refusal=_stopped(asking.limits, late), status=504 if late else 507)
        finally:
            if not answer.worn and holder.control.fileno() != -1:
                holder.idle.append(here)
            else:
                here.close()
        return answer


def _lives(holder: Holder) -> bool:
    try:
        return os.waitpid(holder.pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def _connected(holder: Holder) -> socket.socket:
    """A connection to an idle process, or to a new one. Raises OSError."""
    while holder.idle:
        here = holder.idle.pop()
        try:
            here.recv(1, socket.MSG_PEEK)
        except BlockingIOError:  # it is alive, and has sent nothing
            return here
        except OSError:
            pass
        here.close()  # its process was killed meanwhile
    here, there = socket.socketpair()
    here.setblocking(False)
    with there:
        socket.send_fds(holder.control, [b"?"], [there.fileno()])
    return here


class _Received:
    """Receives the parts of an answer, each preceded by its length."""

    def __init__(self, here: socket.socket) -> None:
        self._here, self._there = here, bytearray()

    async def part(self) -> bytes:
        """The next part. Raises EOFError if the process has ended."""
        (length,) = LENGTH.unpack(await self._exactly(LENGTH.size))
        return await self._exactly(length)

    async def _exactly(self, length: int) -> bytes:
        loop = asyncio.get_running_loop()
        while len(self._there) < length:
            came = await loop.sock_recv(self._here, _PIECE)
            if not came:
                raise EOFError
            self._there += came
        result = bytes(self._there[:length])
        del self._there[:length]
        return result


def _stopped(limits: Limits, late: bool) -> Text:
    if late:
        return Text(
            f"Forespørgslen blev stoppet efter {limits.seconds:g} sekunder. Gør den snævrere.",
            f"The query was stopped after {limits.seconds:g} seconds. Narrow it.",
        )
    return Text(
        f"Forespørgslen blev afbrudt, sandsynligvis fordi den brugte mere end {limits.memory >> 20} MB hukommelse.",
        f"The query broke off, probably because it took more than {limits.memory >> 20} MB of memory.",
    )


def _needed(state: State, needs: frozenset[str]) -> tuple[Opened, dict[str, list[ox.Triple]]]:
    """The input that a process holds, merged once for all, and the results that questions need. Raises Pending."""
    opened = state.opened
    with waiting(_PATIENCE):
        merged = state.memo("merged", lambda: merge(opened.dataset))
        return replace(opened, dataset=merged), _extra(state, needs)


def _extra(state: State, needs: Iterable[str]) -> dict[str, list[ox.Triple]]:
    """The results that questions need."""
    work = {
        "measures": lambda: measures.triples(state),
        "findings": lambda: list(recorded.findings(state.report, state.rules)),
        "duties": lambda: list(recorded.duties(state.duties, state.rules)),
        "coverage": lambda: list(covered_triples.standings(covered(state).cells, covered(state).rules)),
    }
    return {need: state.memo(("triples", need), work[need]) for need in sorted(needs)}
