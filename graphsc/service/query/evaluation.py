"""Evaluating questions on an input, with a time limit that really stops a query."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from graphsc import relational, sparql
from graphsc.core.problems import Problem, external_cause
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.duties import triples as recorded
from graphsc.duties.duties import duties
from graphsc.graph.dataset import DUTIES, FINDINGS, Dataset, Term
from graphsc.graph.labels import Labels
from graphsc.graph.merging import merge
from graphsc.graph.query_syntax import not_read
from graphsc.graph.questions import Parameter, Question, QuestionError, bind, check, filled, shipped
from graphsc.rendering import answer
from graphsc.rendering.answer import Format
from graphsc.service import Opened, open_paths, validate
from graphsc.service.coverage import add_coverage
from graphsc.service.lookup import UnknownNameError, find
from graphsc.service.measure_triples import add_measures
from graphsc.service.query.notes import need_prefixes, notes
from graphsc.sources.terms import load

MEMORY = 2 << 30
NOTED = 5
"""Notes that read the data are computed if this many times the time of the query is left."""


class Answer(NamedTuple):
    """An answer as text, the problems of its input, and notes for the reader."""

    text: str
    problems: tuple[Problem, ...]
    notes: list[Text]


def ask(opened: Opened, question: Question, bound: Mapping[str, Term], form: Format, language: Language) -> str:
    """The answer to a question on an opened input, as text in the format. Raises QuestionError.

    There is no time limit here: see `ask_within`. The results that the question needs are computed first.
    """
    check(question.text)
    prepare(opened, question)
    query = filled(question, bound)
    try:
        solutions = _merged(opened.dataset, query).ask(query)
        ordered = sparql.mentions(question.text, "ORDER")
        return answer.render(solutions, Labels(opened.dataset), form, language, ordered=ordered)
    except SyntaxError as error:
        raise QuestionError(not_read(error, query)) from None
    except QuestionError:
        raise
    except (RuntimeError, OSError, ValueError) as error:
        raise QuestionError(Text(f"Forespørgslen kan ikke køres: {error}", f"The query cannot run: {error}")) from None


def _merged(dataset: Dataset, query: str) -> Dataset:
    """The dataset for a query: the merge of its graphs where the query depends on how often a solution occurs."""
    return merge(dataset) if sparql.depends_on_multiplicity(query) else dataset


def prepare(opened: Opened, question: Question) -> None:
    """Add the results that a question needs to the dataset: measures, findings, duties or coverage. Raises QuestionError."""
    if "measures" in question.needs and (missing := add_measures(opened.dataset)):
        raise QuestionError(missing)
    dataset = opened.dataset
    if "findings" in question.needs and not dataset.size(FINDINGS):
        dataset.add(FINDINGS, recorded.findings(*validate(opened)))
    if "duties" in question.needs and not dataset.size(DUTIES):
        report, rules = validate(opened)
        dataset.add(DUTIES, recorded.duties(duties(dataset, opened.settings, report, rules), rules))
    if "coverage" in question.needs:
        add_coverage(opened)


def located(opened: Opened, question: Question, values: Mapping[str, str], settings: Settings) -> dict[str, Term]:
    """The terms of the parameters; names of nodes are looked up in the input. Raises QuestionError.

    An unknown name is refused: a misspelt one would give an empty answer.
    """
    labels = Labels(opened.dataset)

    def iri(parameter: Parameter, text: str) -> str:
        try:
            return find(opened.dataset, labels, text, *parameter.sorts, base=settings.base)
        except UnknownNameError as error:
            reason = error.reason
        raise QuestionError(Text(f"{parameter.name}: {reason.da}", f"{parameter.name}: {reason.en}"))

    return bind(question, values, settings, iri)


def ask_within(
    seconds: float,
    paths: Sequence[Path],
    settings: Settings,
    question: Question,
    values: Mapping[str, str],
    form: Format,
) -> Answer:
    """Evaluate a question in a child process, which is killed when the query has run for ``seconds``.

    Oxigraph cannot stop a running query, but a process can be stopped. Reading the input is not counted.
    Raises QuestionError, also when the time is up. What the child logs on its engine is logged here too.
    """
    check(question.text)
    need_prefixes(question.text)
    bind(question, values, settings)  # errors that do not depend on the input are raised before it is read
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=_work,
        args=(sender, list(paths), settings, question, dict(values), form, seconds, relational.LOG.level),
        daemon=True,
    )
    process.start()
    sender.close()

    def received() -> Any:
        outcome, logged = receiver.recv()
        for text in logged:
            relational.LOG.info(text)
        if isinstance(outcome, Text):
            raise QuestionError(outcome)
        return outcome

    try:
        problems = received()
        if not receiver.poll(seconds):
            raise QuestionError(
                Text(
                    f"Forespørgslen blev stoppet efter {seconds:g} sekunder. Gør den snævrere, eller giv den mere tid med --timeout.",
                    f"The query was stopped after {seconds:g} seconds. Narrow it, or give it more time with --timeout.",
                )
            )
        text, beside = received()
    except EOFError:
        raise QuestionError(
            Text(
                "Forespørgslen blev afbrudt, sandsynligvis fordi hukommelsen slap op.",
                "The query broke off, probably for lack of memory.",
            )
        ) from None
    finally:
        process.kill()
        process.join()
    return Answer(text, problems, beside)


def _work(
    sender: Connection,
    paths: list[Path],
    settings: Settings,
    question: Question,
    values: dict[str, str],
    form: Format,
    seconds: float,
    level: int,
) -> None:
    """The child process: read the input, report that, evaluate, send the answer. Errors are sent too, in words."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles the interrupt, and ends this process
    logged: list[Text] = []
    relational.LOG.setLevel(level)
    relational.report_to(logged.append)

    def send(outcome: object) -> None:
        sender.send((outcome, logged))
        logged.clear()

    try:
        opened = open_paths(paths, settings)
        bound = located(opened, question, values, settings)
        prepare(opened, question)  # now, while files may still be opened
        opened.dataset = _merged(opened.dataset, question.text)
        opened.dataset.drop_tables()  # reading from them later would open files
        custom = question not in shipped().values()
        load(opened.additions.triples)
        send(opened.unread)
        limit_memory()
        close_the_door()
        begun = monotonic()
        text = ask(opened, question, bound, form, settings.language)
        quick = (monotonic() - begun) * NOTED < seconds
        send((text, notes(opened, question.text, custom=custom, quick=quick)))
    except QuestionError as error:
        send(error.reason)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        send(external_cause(error) or Text(f"Intern fejl: {reason}", f"Internal error: {reason}"))


def limit_memory(more: int = MEMORY) -> Callable[[], int]:
    """Limit the memory of the query to so many bytes more than the input has taken; the process ends silently beyond that.

    Returns a function that gives the bytes in use since then, also when no file can be opened any more.
    """
    try:
        import resource

        statm = os.open("/proc/self/statm", os.O_RDONLY)
    except (ImportError, OSError):  # not Linux: there is no such limit, or it has no effect
        return lambda: 0

    def held() -> int:
        return int(os.pread(statm, 256, 0).split()[5]) * resource.getpagesize()

    data = held()
    resource.setrlimit(resource.RLIMIT_DATA, (data + more, data + more))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Rust would print where it stopped
    return lambda: held() - data


def close_the_door() -> None:
    """Forbid this process to open further files or sockets: even a query that passes the check reaches no network."""
    try:
        import resource
    except ImportError:  # Windows has no such limit; there is only the check of the query
        return
    free = os.open(os.devnull, os.O_RDONLY)  # the lowest unused number
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
