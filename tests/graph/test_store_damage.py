"""A store that is not whole is refused in one line, and the next load makes it whole."""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from command import AS_OF, BROKEN, run
from turns import share

from graphsc.core.settings import Settings
from graphsc.graph.store.folder import Folder
from graphsc.service.load import load

READERS = [["validate", "-f", "json"], ["risk"], ["duties"], ["query", "suppliers"], ["coverage"]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of one file, and a store that it was loaded into, to be copied."""
    source, store = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("out") / "store"
    (source / "a.yaml").write_text(BROKEN, encoding="utf-8")
    assert run("load", str(source), "--store", str(store), *AS_OF).exit_code == 0
    return source, store


@pytest.fixture
def store(loaded: tuple[Path, Path], tmp_path: Path) -> Path:
    """A store of one's own to damage."""
    shutil.copytree(loaded[1], tmp_path / "store")
    return tmp_path / "store"


def current(store: Path) -> Path:
    """The folder of a store's current version."""
    version = Folder(store).current()
    assert version is not None
    return version[0]


def validated(path: Path) -> tuple[int, str, str]:
    result = run("validate", "-f", "concise", "--store", str(path), *AS_OF)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("command", READERS, ids=lambda words: words[0])
def test_a_folder_that_is_no_whole_store_is_refused(command: list[str], tmp_path: Path) -> None:
    """As a first load leaves it that was killed."""
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / ".lock").touch()
    (folder / "scratch-1-0a1b").mkdir()
    for lang, words in (("en", "is not a whole store"), ("da", "er ikke et helt lager")):
        result = run(*command, "--store", str(folder), "--lang", lang)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
    (folder / "a.yaml").write_text(BROKEN, encoding="utf-8")
    assert run(*command, f"--store={folder}").exit_code == 2


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def empty(_: bytes) -> bytes:
    return b""


def zeros(content: bytes) -> bytes:
    return bytes(len(content))


def longer(content: bytes) -> bytes:
    return content + b"\n"


def flipped(content: bytes) -> bytes:
    chance = random.Random(len(content))
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]


def files(store: Path) -> list[Path]:
    """Those that hold something, without the copies that this process still works on."""
    own = (path for path in store.rglob("*") if not path.relative_to(store).parts[0].startswith((".", "scratch")))
    return sorted(path for path in own if path.is_file() and path.stat().st_size)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "harm", share([cut, empty, zeros, longer, flipped, None], 3), ids=lambda harm: getattr(harm, "__name__", "gone")
)
def test_a_damaged_store_answers_as_before_or_not_at_all_and_load_heals_it(
    harm: Callable[[bytes], bytes] | None, loaded: tuple[Path, Path], store: Path
) -> None:
    """Whichever of its files is harmed, in two of the ways each day: caches are done without, a harmed part of the version is
    said in one line.
    """
    before = validated(store)
    assert before[0] == 1
    refused = 0
    for path in files(store):
        content = path.read_bytes()
        if harm is None:
            path.unlink()
        elif path.suffix == ".sst":
            path.unlink()  # it is shared with the store that was copied, or with a version before
            path.write_bytes(harm(content))
        else:
            path.write_bytes(harm(content))
        after = validated(store)
        if after != before:
            assert (after[0], after[1], after[2].count("\n")) == (2, "", 1), path
            assert "internal error" not in after[2]
            assert "damaged" in after[2] or "whole store" in after[2] or "cannot be used: format" in after[2], after[2]
            refused += 1
        path.write_bytes(content)
    assert refused > 5
    for name in ("../../graphsc-store.json", "graph/CURRENT", "texts.zip"):
        (path,) = current(store).glob(name)
        if harm is None:
            path.unlink()
        else:
            path.write_bytes(harm(path.read_bytes()))
        assert run("load", str(loaded[0]), "--store", str(store), *AS_OF).exit_code == 0
        assert validated(store) == before


def test_a_table_with_one_bit_changed_is_refused_and_load_heals_it(loaded: tuple[Path, Path], store: Path) -> None:
    """RocksDB meets a damaged block only when it reads it, and a query over it need not end."""
    before = validated(store)
    table = max(current(store).glob("graph/*.sst"), key=lambda path: path.stat().st_size)
    content = table.read_bytes()
    table.unlink()
    table.write_bytes(flipped(content))
    after = validated(store)
    assert (after[0], after[1]) == (2, "")
    assert f"{table} is not as it was written" in after[2]
    assert load([loaded[0]], store, Settings(as_of=date(2025, 6, 15))).published
    assert validated(store) == before


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files")
def test_a_question_leaves_no_copy_of_the_store(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert run("query", "SELECT", "--store", str(store)).exit_code == 2
    ask = tmp_path / "q.rq"
    ask.write_text("ASK {}", encoding="utf-8")
    assert run("query", str(ask), "--store", str(store), *AS_OF).exit_code == 0
    assert not list(store.glob("scratch-*"))
    made: list[int] = []
    monkeypatch.setattr(
        "graphsc.graph.store.folder._copied", lambda _, folder: made.append(folder.stat().st_mode & 0o777)
    )
    version = current(store)
    Folder(store).copy(version)
    monkeypatch.setattr("graphsc.graph.store.folder._scratch_name", lambda: f"scratch-{os.getpid()}-0{len(made)}")
    (store / f"scratch-{os.getpid()}-01").touch()  # no folder can be made there
    where = Folder(store).copy(version)
    assert (made, where.parent) == ([0o700, 0o700], temporary)
