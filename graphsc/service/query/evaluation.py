"""Evaluating questions on an input, with a time limit that really stops a query."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from graphsc import sparql
from graphsc.core.bounded import MEMORY, OutOfMemory, TimeUp, Worker
from graphsc.core.problems import Problem, external_cause
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.duties.duties import duties, duty_triples, finding_triples
from graphsc.graph.backend import LOG, Term, report_to
from graphsc.graph.dataset import DUTIES, FINDINGS, Dataset, Solutions
from graphsc.graph.labels import Labels
from graphsc.graph.loading import merge
from graphsc.graph.questions import Parameter, Question, QuestionError, bind, check, filled, not_read, shipped
from graphsc.service import Opened, open_paths, validate
from graphsc.service.coverage import add_coverage
from graphsc.service.lookup import UnknownNameError, find
from graphsc.service.measure_triples import add_measures
from graphsc.service.query.notes import need_prefixes, notes
from graphsc.sources.terms import load

Render = Callable[[Solutions, Labels, Language, bool], str]
"""Writes an answer as text; rows whose order the query leaves open (False) are sorted."""
NOTED = 5
"""Notes that read the data are computed if this many times the time of the query is left."""


class Answer(NamedTuple):
    """An answer as text, the problems of its input, and notes for the reader."""

    text: str
    problems: tuple[Problem, ...]
    notes: list[Text]


def ask(opened: Opened, question: Question, bound: Mapping[str, Term], render: Render, language: Language) -> str:
    """The answer to a question on an opened input, as ``render`` writes it. Raises QuestionError.

    There is no time limit here: see `ask_within`. The results that the question needs are computed first.
    """
    check(question.text)
    prepare(opened, question)
    query = filled(question, bound)
    try:
        solutions = _merged(opened.dataset, query).ask(query)
        ordered = sparql.mentions(question.text, "ORDER")
        return render(solutions, Labels(opened.dataset), language, ordered)
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
        dataset.add(FINDINGS, finding_triples(*validate(opened)))
    if "duties" in question.needs and not dataset.size(DUTIES):
        report, rules = validate(opened)
        dataset.add(DUTIES, duty_triples(duties(dataset, opened.settings, report, rules), rules))
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


@dataclass(slots=True)
class _Opened:
    """What the process of a query has: the input, what the engine has logged, and the terms of the parameters once they are found."""

    opened: Opened
    logged: list[Text]
    render: Render
    bound: dict[str, Term] = field(default_factory=dict)
    custom: bool = True

    def readied(
        self, question: Question, values: Mapping[str, str]
    ) -> tuple[QuestionError | None, tuple[Problem, ...], list[Text]]:
        """Compute what the question needs, while files may still be opened.

        Gives why it cannot be asked, if it cannot, the problems of the input, and what was logged.
        """
        refused = None
        try:
            self.bound = located(self.opened, question, values, self.opened.settings)
            prepare(self.opened, question)
        except QuestionError as error:
            refused = error
        self.opened.dataset = _merged(self.opened.dataset, question.text)
        self.opened.dataset.close_backend()  # reading from them later would open files
        load(self.opened.additions.triples)
        self.custom = question not in shipped().values()
        close_the_door()
        return refused, self.opened.unread, self.logged

    def answer(self, question: Question, seconds: float) -> tuple[str, list[Text]]:
        """The answer, and notes for the reader."""
        begun = monotonic()
        text = ask(self.opened, question, self.bound, self.render, self.opened.settings.language)
        quick = (monotonic() - begun) * NOTED < seconds
        return text, notes(self.opened, question.text, custom=self.custom, quick=quick)


def ask_within(
    seconds: float,
    paths: Sequence[Path],
    settings: Settings,
    question: Question,
    values: Mapping[str, str],
    render: Render,
) -> Answer:
    """Evaluate a question in a process that is ended when the query has run for ``seconds``, or takes too much memory.

    Reading the input is not counted. Raises QuestionError, also when the time is up. What the process logs on its engine is
    logged here too.
    """
    check(question.text)
    need_prefixes(question.text)
    bind(question, values, settings)  # errors that do not depend on the input are raised before it is read
    opened = partial(_opened, list(paths), settings, LOG.level, render)
    try:
        with Worker(opened, MEMORY) as worker:
            refused, problems, logged = worker(None, _Opened.readied, question, dict(values))
            for text in logged:
                LOG.info(text)
            if refused is not None:
                raise refused  # noqa: TRY301 - it was raised in the process
            answered, beside = worker(seconds, _Opened.answer, question, seconds)
    except TimeUp:
        raise QuestionError(
            Text(
                f"Forespørgslen blev stoppet efter {seconds:g} sekunder. Gør den snævrere, eller giv den mere tid med --timeout.",
                f"The query was stopped after {seconds:g} seconds. Narrow it, or give it more time with --timeout.",
            )
        ) from None
    except OutOfMemory:
        raise QuestionError(
            Text(
                "Forespørgslen blev afbrudt, sandsynligvis fordi hukommelsen slap op.",
                "The query broke off, probably for lack of memory.",
            )
        ) from None
    except QuestionError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise QuestionError(
            external_cause(error) or Text(f"Intern fejl: {reason}", f"Internal error: {reason}")
        ) from None
    return Answer(answered, problems, beside)


def _opened(paths: list[Path], settings: Settings, level: int, render: Render) -> _Opened:
    """In the process: read the input. Raises all that `open_paths` does."""
    logged: list[Text] = []
    LOG.setLevel(level)
    report_to(logged.append)
    return _Opened(open_paths(paths, settings), logged, render)


def close_the_door() -> None:
    """Forbid this process to open further files or sockets: even a query that passes the check reaches no network."""
    try:
        import resource
    except ImportError:  # Windows has no such limit; there is only the check of the query
        return
    free = os.open(os.devnull, os.O_RDONLY)  # the lowest unused number
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))
