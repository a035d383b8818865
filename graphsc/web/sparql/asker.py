"""Answers queries in processes that are kept for the next ones, a few at a time, and explains limits."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool

from graphsc.core.bounded import OutOfMemory, TimeUp, Worker
from graphsc.core.text import Text
from graphsc.coverage.status import standing_triples
from graphsc.duties.duties import duty_triples, finding_triples
from graphsc.graph.dataset import COVERAGE, DUTIES, FINDINGS, MEASURES
from graphsc.graph.loading import save
from graphsc.service import Opened
from graphsc.web.answering import Cache
from graphsc.web.desk import LOG, State, per_state
from graphsc.web.pages import overview
from graphsc.web.pages.coverage import covered
from graphsc.web.sparql.answering import SHORT, Answer, Asking, Limits, Served, answer

_PARALLEL, _MOST, _EACH = 4, 64, 8
"""How many queries run at once, run or wait, and are of one reader."""
_ROOM = 16 << 20
"""Bytes of the cache of answers."""
_FRESH = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\b", re.IGNORECASE)
"""Functions whose queries have another answer each time."""
_BUSY = Text(
    "Der er for mange forespørgsler lige nu. Prøv igen om lidt.",
    "There are too many queries right now. Try again in a moment.",
)
_RESULTS: Mapping[str, tuple[ox.NamedNode, Callable[[State], Iterable[ox.Triple]]]] = {
    "measures": (MEASURES, overview.measures),
    "findings": (FINDINGS, lambda state: finding_triples(state.report, state.rules)),
    "duties": (DUTIES, lambda state: duty_triples(state.duties, state.rules)),
    "coverage": (COVERAGE, lambda state: standing_triples(covered(state).cells, covered(state).rules)),
}
"""The results that questions need, each with its graph."""


class Graph:
    """A state in a file, with the results that some questions need, and the idle processes that have read it."""

    def __init__(self, state: State, needs: frozenset[str]) -> None:
        self._folder = TemporaryDirectory(prefix="graphsc-", ignore_cleanup_errors=True)
        results = (
            ox.Quad(triple.subject, triple.predicate, triple.object, _RESULTS[need][0])
            for need in sorted(needs)
            for triple in _result(state, need)
        )
        saved = save(state.opened.dataset, Path(self._folder.name), results)
        self._served = Served(saved, state.opened.settings, state.opened.additions.triples)
        self.idle: list[Worker[Opened]] = []
        self._closed = False

    async def ask(self, asking: Asking) -> Answer:
        """The answer to a query, from an idle process or a new one."""
        limits = asking.limits
        worker = self.idle.pop() if self.idle else Worker(self._served.opened, limits.memory)
        try:
            return await run_in_threadpool(worker, limits.seconds, answer, asking)
        except TimeUp:
            reason = Text(
                f"Forespørgslen blev stoppet efter {limits.seconds:g} sekunder. Gør den snævrere.",
                f"The query was stopped after {limits.seconds:g} seconds. Narrow it.",
            )
            return Answer(refusal=reason, status=504)
        except OutOfMemory:
            reason = Text(
                f"Forespørgslen brugte mere end {limits.memory >> 20} MB hukommelse. Gør den snævrere.",
                f"The query took more than {limits.memory >> 20} MB of memory. Narrow it.",
            )
            return Answer(refusal=reason, status=507)
        except Exception as error:
            LOG.exception("no process to answer queries", exc_info=error)
            return Answer(refusal=_BUSY, status=503)
        finally:
            self.idle.append(worker)
            if self._closed:
                self.close()

    def close(self) -> None:
        """End its idle processes, and from now on each when it has answered."""
        self._closed = True
        while self.idle:
            self.idle.pop().close()
        self._folder.cleanup()


class Asker:
    """Answers queries on states; a few run at once, some wait, all others are told to come again."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._graphs: OrderedDict[tuple[int, str | None, frozenset[str]], Graph] = OrderedDict()
        self._room = asyncio.Semaphore(_PARALLEL)
        self._saving = asyncio.Lock()
        self._asked = 0
        self._running: Counter[str] = Counter()
        self._answers = Cache[Answer](_ROOM)

    async def ask(self, state: State, asking: Asking, name: str | None = None) -> Answer:
        """The answer to a query on a state, once for all who ask the same; for each reader, by ``name``, only a few at a time."""
        if name is not None and self._running[name] >= _EACH:
            return Answer(refusal=_BUSY, status=503)
        self._running[name or ""] += 1
        try:
            text = asking.question.text
            if len(text) > SHORT or _FRESH.search(text):
                return await self._ask(state, asking)
            key = (state.number, state.party, asking.custom, text, tuple(sorted(asking.values.items())), asking.media)
            return await self._answers.get(key, lambda: self._ask(state, asking))
        finally:
            self._running[name or ""] -= 1

    async def _ask(self, state: State, asking: Asking) -> Answer:
        if self._asked >= _MOST:
            return Answer(refusal=_BUSY, status=503)
        self._asked += 1
        try:
            graph = await self._graph(state, frozenset(asking.question.needs))
            async with asyncio.timeout(self.limits.seconds * 2) as patience, self._room:
                patience.reschedule(None)
                return await graph.ask(asking)
        except TimeoutError:
            return Answer(refusal=_BUSY, status=503)
        finally:
            self._asked -= 1
            while sum(len(other.idle) for other in self._graphs.values()) > _PARALLEL:
                next(other for other in self._graphs.values() if other.idle).idle.pop().close()

    async def _graph(self, state: State, needs: frozenset[str]) -> Graph:
        """The graph of a state with results that a query needs."""
        key = (state.number, state.party, needs)
        if key not in self._graphs:
            await run_in_threadpool(
                lambda: [_result(state, need) for need in needs]
            )  # without making other queries wait
        async with self._saving:
            if key not in self._graphs:
                self._graphs[key] = await run_in_threadpool(Graph, state, needs)
            self._graphs.move_to_end(key)
            while len(self._graphs) > _PARALLEL:
                self._graphs.popitem(last=False)[1].close()
            return self._graphs[key]

    def close(self) -> None:
        """End every process."""
        while self._graphs:
            self._graphs.popitem()[1].close()

    def forget(self, current: State) -> None:
        """End the processes of older states."""
        self._answers.clear()
        for key in [key for key in self._graphs if key[0] != current.number]:
            self._graphs.pop(key).close()


@per_state
def _result(state: State, need: str) -> list[ox.Triple]:
    return list(_RESULTS[need][1](state))
