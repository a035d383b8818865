"""The process that holds a state for queries, and its children that answer them.

Oxigraph cannot stop a running query, but a process can be stopped. So the server forks once for each state, and that process,
which does nothing else, forks for each connection: a child has the data already and shares its memory. It answers one query
after another, since the first costs most, and sets its own limits: the kernel ends it if a query exceeds them.
"""

from __future__ import annotations

import csv
import errno
import gc
import io
import os
import pickle
import signal
import socket
from collections.abc import Iterable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any, NoReturn

import pyoxigraph as ox

from graphsc.core.problems import Reasoned
from graphsc.core.text import Text
from graphsc.graph.dataset import COVERAGE, DUTIES, FINDINGS, MEASURES
from graphsc.graph.query_syntax import not_read
from graphsc.graph.questions import QuestionError, filled
from graphsc.service import Opened
from graphsc.service.query.evaluation import NOTED, close_the_door, limit_memory, located
from graphsc.service.query.notes import notes
from graphsc.sources.terms import load
from graphsc.web.sparql.request import GRAPHS, LENGTH, SOLUTIONS, Answer, Asking, Limits, negotiated, out_of_memory

NEEDED = {"measures": MEASURES, "findings": FINDINGS, "duties": DUTIES, "coverage": COVERAGE}
"""The graph of each result that a question may need."""
Extra = Mapping[str, Iterable[ox.Triple]]
_PIECE = 1 << 16
_TRIED = "ASK { ?s ?p ?o }"
_WORN = 64 << 20
"""Bytes of memory growth after which a process is replaced."""


class TooMuch(Reasoned):
    """An answer is longer than its limit."""


def hold(control: socket.socket, opened: Opened, extra: Extra) -> NoReturn:
    """Report that all is ready, then fork for each new connection; end when the server does.

    ``extra`` are the results that questions need.
    """
    gc.disable()
    gc.freeze()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # child processes are not waited for
    _let_go_of_all_but(control.fileno())
    for need, triples in extra.items():
        opened.dataset.add(NEEDED[need], triples)
    opened.dataset.ask(_TRIED)
    load(opened.additions.triples)  # now, while files may still be opened
    gc.freeze()
    control.sendall(b"!")
    while True:
        try:
            _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        except OSError:
            os._exit(1)
        if not descriptors:
            os._exit(0)
        if os.fork() == 0:
            control.close()
            _converse(socket.socket(fileno=descriptors[0]), opened)
        os.close(descriptors[0])


def _let_go_of_all_but(kept: int) -> None:
    """Close the files of the server: a connection that is open here too would never end for its client."""
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else map(str, range(1024)):  # noqa: PTH208, PTH112
        number = int(name)
        if number > 2 and number != kept:
            try:
                os.close(number)
            except OSError:
                continue


def _converse(there: socket.socket, opened: Opened) -> NoReturn:
    """Answer the queries of a connection one after another, until it is closed or this process has grown too much."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    left_behind = None
    try:
        while True:
            asking: Asking = pickle.loads(_received(there))  # noqa: S301 - from the server itself
            if left_behind is None:
                left_behind = limit_memory(asking.limits.memory)
                close_the_door()
            signal.setitimer(signal.ITIMER_REAL, asking.limits.seconds)
            answer, body = _answer(asking, opened)
            signal.setitimer(signal.ITIMER_REAL, 0)
            answer = replace(answer, worn=answer.status >= 500 or left_behind() > _WORN)
            packed = pickle.dumps(answer)
            there.sendall(b"".join((LENGTH.pack(len(packed)), packed, LENGTH.pack(len(body)), body)))
            if answer.worn:
                break
    except (EOFError, OSError):
        pass
    finally:
        os._exit(0)


def _answer(asking: Asking, opened: Opened) -> tuple[Answer, bytes | memoryview]:
    """The answer to a query, or the reason why there is none."""
    try:
        begun = monotonic()
        written = _written(asking, opened)
        quick = (monotonic() - begun) * NOTED < asking.limits.seconds
        text = asking.question.text
        beside = tuple(notes(opened, text, custom=asking.custom, quick=quick))
        return Answer(written.media, notes=beside), written.getbuffer()
    except TooMuch as error:
        refusal = Answer(refusal=error.reason, status=507)
    except QuestionError as error:
        refusal = Answer(refusal=error.reason, status=400)
    except (ValueError, RuntimeError, OSError) as error:
        reason = Text(f"Forespørgslen kan ikke køres: {error}", f"The query cannot run: {error}")
        refusal = Answer(refusal=reason, status=400)
    except MemoryError:
        refusal = Answer(refusal=out_of_memory(asking.limits), status=507)
    except BaseException as error:  # a panic of the engine is one
        name = type(error).__name__
        refusal = Answer(refusal=Text(f"Intern fejl: {name}", f"Internal error: {name}"), status=500)
    return refusal, b""


def _written(asking: Asking, opened: Opened) -> _Written:
    question = asking.question
    bound = located(opened, question, asking.values, opened.settings)
    query = filled(question, bound)
    try:
        result = opened.dataset.ask(query)
    except SyntaxError as error:
        raise QuestionError(not_read(error, query)) from None
    solutions = isinstance(result, ox.QuerySolutions | ox.QueryBoolean)
    media = negotiated(asking.media, solutions)
    if media is None:
        there_is = ", ".join(SOLUTIONS if solutions else GRAPHS)
        raise QuestionError(Text(f"Svaret kan gives som {there_is}.", f"The answer can be had as {there_is}."))
    written = _Written(media, asking.limits.bytes)
    try:
        _write(result, written)
    except OSError:
        if written.full:
            raise TooMuch(_too_long(asking.limits)) from None
        raise
    if solutions and written.tell() > asking.limits.rows * 2 and (many := _rows(written)) > asking.limits.rows:
        raise TooMuch(_too_many(many, asking.limits))
    return written


def _write(solutions: Any, written: _Written) -> None:
    """Write the result of a query in the format of the media type."""
    if not isinstance(solutions, ox.QuerySolutions | ox.QueryBoolean):
        ox.serialize(solutions, written, format=GRAPHS[written.media])
        return
    form = SOLUTIONS[written.media]
    if isinstance(solutions, ox.QueryBoolean) and form in {ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.TSV}:
        written.write(b"true\n" if solutions else b"false\n")
    else:
        solutions.serialize(written, format=form)


class _Written(io.BytesIO):
    """A buffer for an answer, up to its limit; nothing is sent before it is complete."""

    def __init__(self, media: str, most: int) -> None:
        super().__init__()
        self.media, self._most = media, most
        self.full = False

    def write(self, data: Any) -> int:
        """Add to the answer. Raises OSError where it becomes too long."""
        if self.tell() + len(data) > self._most:
            self.full = True
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return super().write(data)


def _rows(written: _Written) -> int:
    """The number of rows of an answer."""
    written.seek(0)
    form = SOLUTIONS[written.media]
    if form == ox.QueryResultsFormat.CSV:
        return sum(1 for _ in csv.reader(io.StringIO(written.getvalue().decode()))) - 1
    answer = ox.parse_query_results(written, form)
    return sum(1 for _ in answer) if isinstance(answer, ox.QuerySolutions) else 0


def _too_long(limits: Limits) -> Text:
    return Text(
        f"Svaret er længere end {limits.bytes >> 20} MB. Spørg om mindre ad gangen.",
        f"The answer is longer than {limits.bytes >> 20} MB. Ask for less at a time.",
    )


def _too_many(many: int, limits: Limits) -> Text:
    return Text(
        f"Svaret har {many} rækker; der gives højst {limits.rows}. Skriv LIMIT, eller gør forespørgslen snævrere.",
        f"The answer has {many} rows; at most {limits.rows} are given. Write LIMIT, or narrow the query.",
    )


def _received(there: socket.socket) -> bytes:
    (length,) = LENGTH.unpack(_exactly(there, LENGTH.size))
    return _exactly(there, length)


def _exactly(there: socket.socket, length: int) -> bytes:
    parts: list[bytes] = []
    while length:
        part = there.recv(min(length, _PIECE))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
