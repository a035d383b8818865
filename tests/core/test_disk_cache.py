"""What is kept between runs: used again, worked out anew where it is damaged or of another state, and never in the way."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import pytest

from graphsc.core import disk_cache as module
from graphsc.core.disk_cache import cached


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHSC_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def worked() -> list[str]:
    return []


def work(worked: list[str], result: str = "result") -> str:
    worked.append(result)
    return result


def test_a_result_is_worked_out_once_for_each_key(folder: Path, worked: list[str]) -> None:
    assert [cached("a", lambda: work(worked)), cached("a", lambda: work(worked))] == ["result", "result"]
    assert cached(("a", 1), lambda: work(worked, "other")) == "other"
    assert worked == ["result", "other"]


@pytest.mark.parametrize("damaged", [b"", b"\x80\x05no pickle", pickle.dumps("result")[:-3]])
def test_a_damaged_file_is_worked_out_and_written_again(folder: Path, worked: list[str], damaged: bytes) -> None:
    cached("a", lambda: work(worked))
    (file,) = folder.iterdir()
    file.write_bytes(damaged)
    assert cached("a", lambda: work(worked)) == "result"
    assert pickle.loads(file.read_bytes()) == "result"
    assert worked == ["result"] * 2


def test_another_state_of_code_or_knowledge_is_another_result(
    folder: Path, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cached("a", lambda: work(worked))
    monkeypatch.setattr(module, "_state", lambda: "another")
    assert cached("a", lambda: work(worked, "new")) == "new"


def test_a_file_of_knowledge_that_changed_changes_the_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "knowledge", lambda name: tmp_path / name)
    for name in ("ontology", "shapes"):
        (tmp_path / name).mkdir()
    file = tmp_path / "ontology" / "rule.rq"
    states = set()
    for text in ("a", "ab"):
        file.write_text(text, encoding="utf-8")
        states.add(module._state.__wrapped__())
    file.unlink()
    states.add(module._state.__wrapped__())
    assert len(states) == 3


def test_a_folder_that_cannot_be_written_is_no_hindrance(
    tmp_path: Path, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in (str(tmp_path / "file"), ""):
        monkeypatch.setenv("GRAPHSC_CACHE", place)
        assert cached("a", lambda: work(worked)) == "result"
    assert len(worked) == 2


def test_the_oldest_go_first(folder: Path, worked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    for age, key in enumerate("cab"):
        before = set(folder.iterdir()) if folder.exists() else set()
        cached(key, lambda: work(worked))
        (new,) = set(folder.iterdir()) - before
        os.utime(new, (age, age))
    assert len(list(folder.iterdir())) == 2
    cached("b", lambda: work(worked))
    assert len(worked) == 3
    cached("c", lambda: work(worked))
    assert len(worked) == 4


def test_another_program_keeps_results_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "graphsc"
    monkeypatch.setattr(sys, "executable", str(program))
    states = set()
    for code in ("", "old", "newer"):
        program.write_text(code, encoding="utf-8")
        states.add(module._state.__wrapped__())
    assert len(states) == 3
