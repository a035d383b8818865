"""Settings of the whole suite, and the browser that its tests share."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browsing import Browsing, open_browser
from hypothesis import settings
from turns import HOW_TO, fewer, share

# How long an example takes depends on what else the machine does; it says nothing of whether the code is right.
# Neither are they the same each day, also where CI is set.
settings.register_profile("whole", deadline=None, derandomize=False)
settings.register_profile("share", settings.get_profile("whole"), max_examples=fewer(100, 3))
settings.load_profile("whole")

EXHAUSTIVE = frozenset(
    {
        "test_cli_what_if",
        "test_derivation_approvals",
        "test_examples",
        "test_map_browser",
        "test_national",
        "test_own_shapes",
        "test_report_browser",
        "test_server",
        "test_server_jena",
        "test_server_rdflib",
        "test_spark",
        "test_shacl_differential",
        "test_store",
        "test_web_browser",
        "test_wheel",
    }
)
"""Modules whose tests take long: servers, stores that are killed, browsers, random graphs, whole what-ifs, every example."""
FOLDERS_IN_TURNS = frozenset({"cli", "coverage", "duties", "imports", "report", "service", "web", "whatif", "workbook"})
MODULES_IN_TURNS = frozenset(
    {
        "test_additions",
        "test_alignments",
        "test_docs",
        "test_drawing",
        "test_explain",
        "test_frameworks",
        "test_map_network",
        "test_ontology_page",
        "test_rendering_coverage",
        "test_rendering_duties",
        "test_treatment",
        "test_user_guide",
    }
)
"""These go through a whole command, page or workbook, of which a fifth is half of the time of `make test`.

It tries that fifth, others each day; ``make test-all`` also tries a sixth of them.
"""


def pytest_configure(config: pytest.Config) -> None:
    """``make test`` draws a third of the random examples of a property; other ones each day."""
    if config.getoption("markexpr") == "not exhaustive":
        settings.load_profile("share")


def pytest_sessionstart() -> None:
    """What is collected is there to stay: looking through it for garbage again and again took a third of the collection."""
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what ``make test`` leaves to ``make test-all``; single tests are marked where they stand."""
    gc.freeze()
    gc.enable()
    whole = [item for item in items if item.path.stem in MODULES_IN_TURNS or item.path.parent.name in FOLDERS_IN_TURNS]
    left = {*whole} - {*share(whole, 5)}
    for item in left - {*share(whole, 6)}:
        item.add_marker(pytest.mark.skip(reason="its turn comes every sixth day"))
    for item in items:
        if item.path.stem in EXHAUSTIVE or item in left:
            item.add_marker(pytest.mark.exhaustive)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how the same tests are run again on another day."""
    terminalreporter.write_line(HOW_TO)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browsing]:
    """One browser for the whole session; tests that need it are skipped where there is none, unless CI is set."""
    with open_browser() as opened:
        yield opened


@pytest.fixture
def judged_once(monkeypatch: pytest.MonkeyPatch) -> dict[object, Any]:
    """``validate`` opens and judges an input once in a test, which is about what is written of the result.

    The results can be cleared, to have it opened and judged again.
    """
    from graphsc.cli.commands import validate

    results: dict[object, Any] = {}

    def once(function: Callable[..., Any], key_of: Callable[..., object]) -> Callable[..., Any]:
        def remembering(what: Any, *words: Any, **options: Any) -> Any:
            key = (function, key_of(what), repr(words), repr(options))
            if key not in results:
                results[key] = function(what, *words, **options)
            return results[key]

        return remembering

    for name, key_of in (("open_paths", tuple), ("judge", id)):
        monkeypatch.setattr(validate, name, once(getattr(validate, name), key_of))
    return results


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each process has a run of neighbouring tests, which use the same inputs, and helps another when it is done."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)
