"""Datasets on the backends that run rules and queries in place of Oxigraph, and what these log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from graphsc.core.text import Text
from graphsc.graph.backend import LOG, report_to
from graphsc.graph.dataset import Dataset
from graphsc.relational import choose
from graphsc.relational.database import Database
from graphsc.relational.execution import Relational

LEFT = " is left to Oxigraph: "
"""What is logged of a rule or a shape that a backend cannot run."""


def copy_on(dataset: Dataset, executor: str) -> Dataset:
    """A copy of a dataset whose rules and shapes run on an executor."""
    copy = dataset.copy()
    choose(copy, executor)
    return copy


def opened(dataset: Dataset, database: Database) -> Relational:
    """A backend on a database, with the triples of a dataset."""
    backend = Relational("the database", lambda: database)
    backend.open(dataset.store)
    return backend


@contextmanager
def logged() -> Iterator[list[Text]]:
    """What backends log meanwhile, each text once."""
    texts: list[Text] = []
    level, handlers = LOG.level, LOG.handlers
    LOG.setLevel(logging.DEBUG)
    report_to(texts.append)
    try:
        yield texts
    finally:
        LOG.setLevel(level)
        LOG.handlers = handlers
