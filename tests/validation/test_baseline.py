"""The baseline hides the known, shows the new and drops the fixed."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.validation import baseline
from graphsc.validation.baseline import Baseline, Entry
from graphsc.validation.findings import Acceptance, Finding, Severity

OLD = Finding(
    "SUB001",
    Severity.BREACH,
    Text.same("m"),
    Text.same("r"),
    subject="s:1",
    value="v:1",
    path=("a:1", "s:1"),
    location=Location("a.yaml", 3, 1),
)
NEW = replace(OLD, subject="s:2")
WAIVED = replace(OLD, subject="s:3", waived=Acceptance("w:1", "why", "p:1", date(2027, 1, 1)))
UNRECORDED = replace(OLD, subject="s:4", group="register:x")
HEAD = '{\n  "schema": "graphsc.baseline/1",\n'


def test_the_file_is_sorted_has_no_line_and_one_entry_per_line() -> None:
    text = baseline.dumps(Baseline.of([NEW, OLD, replace(OLD, value=None), WAIVED, UNRECORDED, OLD]))
    assert text == (
        HEAD + '  "findings": [\n'
        '    {"code": "SUB001", "severity": "breach", "subject": "s:1", "value": null, "path": ["a:1", "s:1"]},\n'
        '    {"code": "SUB001", "severity": "breach", "subject": "s:1", "value": "v:1", "path": ["a:1", "s:1"]},\n'
        '    {"code": "SUB001", "severity": "breach", "subject": "s:2", "value": "v:1", "path": ["a:1", "s:1"]}\n'
        "  ]\n}\n"
    )
    assert baseline.dumps(Baseline()) == HEAD + '  "findings": []\n}\n'


def test_new_known_and_fixed() -> None:
    gone = Entry("SUB009", Severity.NOTE, "s:9")
    moved = replace(OLD, location=Location("b.yaml", 99, 1))
    known = Baseline(frozenset({Entry.of(OLD), gone}))
    assert baseline.apply([moved, NEW], known) == ((NEW,), (moved,), (gone,))


def test_another_path_or_value_is_new() -> None:
    known = Baseline.of([OLD])
    other = [replace(OLD, path=("a:2", "s:1")), replace(OLD, value="v:2"), replace(OLD, value=None)]
    assert baseline.apply(other, known)[0] == tuple(other)


def test_a_finding_that_became_graver_is_new() -> None:
    known = Baseline.of([replace(OLD, severity=Severity.NOTE)])
    assert baseline.apply([OLD], known)[:2] == ((OLD,), ())


def test_what_does_not_count_is_passed_on_and_is_not_fixed() -> None:
    known = Baseline(frozenset({Entry.of(WAIVED), Entry.of(UNRECORDED)}))
    assert baseline.apply([WAIVED, UNRECORDED], known) == ((WAIVED, UNRECORDED), (), ())


TEXTS = st.text(max_size=12)
ENTRIES = st.builds(
    Entry, TEXTS, st.sampled_from(Severity), TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=3).map(tuple)
)


@given(st.frozensets(ENTRIES, max_size=6))
def test_what_is_written_is_read(entries: frozenset[Entry]) -> None:
    text = baseline.dumps(Baseline(entries))
    read = baseline.parse("b.json", text.encode())
    assert read == Baseline(entries)
    assert baseline.dumps(read) == text
    assert len(json.loads(text)["findings"]) == len(entries)


def test_write_is_atomic_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    baseline.write(path, Baseline.of([OLD]))
    path.chmod(0o640)
    baseline.write(path, Baseline.of([NEW]))
    assert baseline.read(path) == Baseline.of([NEW])
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["baseline.json"]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "baseline.json"
    baseline.write(path, Baseline.of([OLD]))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        baseline.write(path, Baseline.of([NEW]))
    assert baseline.read(path) == Baseline.of([OLD])
    assert [p.name for p in tmp_path.iterdir()] == ["baseline.json"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    baseline.write(tmp_path / "link.json", Baseline.of([OLD]))
    assert (tmp_path / "link.json").is_symlink()
    assert baseline.read(tmp_path / "real.json") == Baseline.of([OLD])


GOOD = '    {"code": "A", "severity": "note", "subject": "s", "value": null, "path": []},\n'


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        (b"", "baseline-syntax", 1, 1),
        (b'{\n  "schema": x', "baseline-syntax", 2, 13),
        (b"\n  \xff", "baseline-syntax", 2, 3),
        ("\nå\xff".encode("latin-1"), "baseline-syntax", 2, 1),
        (b"[]", "baseline-schema", 1, 1),
        (b'{"schema": "graphsc.baseline/2", "findings": []}', "baseline-schema", 1, 1),
        (b'{"schema": "graphsc.baseline/1"}', "baseline-schema", 1, 1),
        ((HEAD + '"findings":{"code":"A"}}').encode(), "baseline-schema", 1, 1),
        ((HEAD + '"findings":[{"code":1,"severity":"note","subject":"s"}]}').encode(), "baseline-finding", 3, 13),
        ((HEAD + '"findings":[{"code":"A","severity":"note"}]}').encode(), "baseline-finding", 3, 13),
        (
            (HEAD + '"findings":[{"code":"A","severity":"note","subject":"s","path":["s",1]}]}').encode(),
            "baseline-finding",
            3,
            13,
        ),
        ((HEAD + '  "findings": [\n' + GOOD + "    7\n]}").encode(), "baseline-finding", 4 + 1, 5),
        ((HEAD + '  "findings": [{"code": 1, "subject": "s"}]}').encode(), "baseline-finding", 3, 16),
        ((HEAD + '"findings":[{"code":"A","subject":"s"}]}').encode(), "baseline-finding", 3, 13),
        ((HEAD + '"findings":[{"code":"A","severity":"bad","subject":"s"}]}').encode(), "baseline-finding", 3, 13),
        ((HEAD + '"findings":[{"code":"A","severity":[],"subject":"s"}]}').encode(), "baseline-finding", 3, 13),
        (
            (HEAD + '"findings":[{"code":"A","severity":"note","subject":"s","line":3}]}').encode(),
            "baseline-finding",
            3,
            13,
        ),
        (
            (HEAD + '"findings":[{"code":"A","severity":"note","subject":"s","value":1}]}').encode(),
            "baseline-finding",
            3,
            13,
        ),
        (
            (HEAD + '"findings":[{"code":"A","severity":"note","subject":"s","path":"p"}]}').encode(),
            "baseline-finding",
            3,
            13,
        ),
        (b"[" * 100_000, "baseline-syntax", 1, 65),
    ],
)
def test_a_broken_file_is_a_problem_at_its_place(
    tmp_path: Path, content: bytes, code: str, line: int | None, column: int | None
) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(content)
    problem = baseline.read(path)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.location.line, problem.location.column) == (code, line, column)
    assert problem.location.file == path.as_posix()
    assert problem.message.da != problem.message.en


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    for name, reason in (("none.json", os.strerror(errno.ENOENT)), ("a\0b", "null byte")):
        problem = baseline.read(tmp_path / name)
        assert isinstance(problem, Problem)
        assert problem.code == "baseline-unreadable"
        assert problem.message.en.startswith("The baseline cannot be read: ")
        assert reason in problem.message.en
        assert "Errno" not in problem.message.en


@pytest.mark.parametrize("kind", ["is_char_device", "is_block_device"])
def test_a_device_which_may_have_no_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path = tmp_path / "baseline.json"
    baseline.write(path, Baseline.of([OLD]))
    monkeypatch.setattr(Path, kind, lambda _: True)
    problem = baseline.read(path)
    assert isinstance(problem, Problem)
    assert problem.code == "baseline-syntax"


def test_an_entry_without_a_path_or_a_value_is_read_and_a_wrong_one_is_told_what_it_may_be() -> None:
    text = HEAD + '"findings":[{"code":"A","severity":"note","subject":"s"}]}'
    assert baseline.parse("b.json", text.encode()) == Baseline(frozenset({Entry("A", Severity.NOTE, "s")}))
    wrong = baseline.parse("b.json", text.replace("note", "grave").encode())
    assert isinstance(wrong, Problem)
    assert "severity (breach/question/note)" in wrong.message.en
