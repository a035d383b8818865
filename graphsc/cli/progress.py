"""What is being done, on stderr, while someone waits at a terminal: nothing for what is quick, and nothing in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from graphsc.cli.common import spoken
from graphsc.core.text import Text

PATIENCE = 1.0
"""Seconds before anything is shown."""


@contextmanager
def progress() -> Iterator[Callable[[Text], None]]:
    """A function to tell what is being done next; a spinner shows the latest once it has taken a while."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    status = Console(stderr=True).status("")
    timer = Timer(PATIENCE, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda text: status.update(f"{text[spoken()]} …")
    finally:
        timer.cancel()
        timer.join()
        status.stop()
