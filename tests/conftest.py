"""Settings of the whole suite, and the browser that its tests share."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import Browsing, open_browser
from hypothesis import settings

# How long an example takes depends on what else the machine does; it says nothing of whether the code is right.
# Neither are they the same each day, also where CI is set.
settings.register_profile("unhurried", deadline=None, derandomize=False)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """What graphsc keeps between runs stands in a folder of this session, which its processes share, not in the user's."""
    if not hasattr(config, "workerinput"):
        os.environ["GRAPHSC_CACHE"] = tempfile.mkdtemp(prefix="graphsc-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["GRAPHSC_CACHE"], ignore_errors=True)


def pytest_sessionstart() -> None:
    """What is collected is there to stay: looking through it for garbage again and again took a third of the collection."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browsing]:
    """One browser for the whole session; tests that need it are skipped where there is none, unless CI is set."""
    with open_browser() as opened:
        yield opened


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each process has a run of neighbouring tests, which use the same inputs, and helps another when it is done."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)
