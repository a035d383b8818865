"""What is worked out of the shipped knowledge, kept in the user's cache folder, so that the next run need not do it again."""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import platformdirs
import pyoxigraph

from graphsc.core.resources import knowledge
from graphsc.core.writing import write_whole

R = TypeVar("R")
_FOLDER = "GRAPHSC_CACHE"
"""The environment variable with the folder; nothing is kept where it is not set, as in a program that imports graphsc."""
_MOST = 24
"""The most files that are kept; the oldest go first."""


def use_folder() -> None:
    """Keep results in the user's cache folder, in processes that this one starts too, unless the environment names another."""
    os.environ.setdefault(_FOLDER, platformdirs.user_cache_dir("graphsc", appauthor=False))


def cached(key: object, work: Callable[[], R]) -> R:
    """The result of ``work``, which must depend on nothing but the package, its knowledge and ``key``, whose repr is stable.

    What cannot be read there, or not written, is worked out: the folder may be deleted at any time.
    """
    folder = os.environ.get(_FOLDER)
    if not folder:
        return work()
    name = hashlib.sha256(repr((key, _state())).encode()).hexdigest()
    file = Path(folder, f"{name}.pickle")
    with suppress(Exception):  # a pickle that was cut off may raise anything
        result: R = pickle.loads(file.read_bytes())  # noqa: S301 - the folder is the user's own
        return result
    result = work()
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL))
        for old in sorted(file.parent.glob("*.pickle"), key=lambda path: path.stat().st_mtime)[:-_MOST]:
            old.unlink()
    return result


@cache
def _state() -> str:
    """A digest of the versions of Python and Oxigraph, and of the name, time and size of every file of code and knowledge.

    What runs is one of them: a program that needs no Python has the code in it.
    """
    found: list[tuple[str, int, int]] = []
    with suppress(OSError):
        program = Path(sys.executable).stat()
        found.append((sys.executable, program.st_mtime_ns, program.st_size))
    waiting = [Path(__file__).parent.parent, *map(knowledge, ("ontology", "shapes"))]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name == "__pycache__":
                    continue
                if entry.is_dir():
                    waiting.append(Path(entry.path))
                else:
                    stat = entry.stat()
                    found.append((entry.path, stat.st_mtime_ns, stat.st_size))
    return hashlib.sha256(repr((sys.version, pyoxigraph.__version__, sorted(found))).encode()).hexdigest()
