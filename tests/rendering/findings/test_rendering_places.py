"""A line is read when it is there, and file names fit the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphsc.core.problems import Location
from graphsc.rendering.findings import forges


def test_several_lines_of_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("\ufeffone\r\ntwå\nthree".encode())
    wanted = [Location("a.yaml", 3, 1), Location("a.yaml", 1), Location("a.yaml", 2, 9)]
    assert [forges.line_at(place, tmp_path) for place in wanted] == ["three", "one", "twå"]


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text("one\n", encoding="utf-8")
    (tmp_path / "book.xlsx").write_text("one\n", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    wanted = [
        Location("short.yaml", 9, 1),
        Location("gone.yaml", 1, 1),
        Location("pipe", 1, 1),
        Location("-", 1, 1),
        Location("nul\x00", 1, 1),
        Location("book.xlsx", line=1, sheet="S", cell="A1"),
        Location("short.yaml"),
        Location(".", 1, 1),
    ]
    assert not any(forges.line_at(place, tmp_path) for place in wanted)


def test_other_encodings_are_shown_as_far_as_possible(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("blåbær".encode("latin-1"))
    place = Location("latin.yaml", 1, 1)
    assert forges.line_at(place, tmp_path) == "bl\ufffdb\ufffdr"


def test_repository_root(tmp_path: Path) -> None:
    inner = tmp_path / "repository" / "data"
    inner.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    assert forges.repository_root(inner) == tmp_path / "repository"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("a.yaml", "data/a.yaml"),
        ("./a.yaml", "data/a.yaml"),
        ("../b.yaml", "b.yaml"),
        ("../../elsewhere.yaml", None),
        ("..a.yaml", "data/..a.yaml"),
    ],
)
def test_within(tmp_path: Path, file: str, expected: str | None) -> None:
    root = tmp_path / "repository"
    assert forges.within(file, root / "data", root) == expected


def test_within_takes_full_paths(tmp_path: Path) -> None:
    assert forges.within(str(tmp_path / "x" / "a.yaml"), Path("/"), tmp_path) == "x/a.yaml"
    assert forges.within("/elsewhere/a.yaml", tmp_path, tmp_path) is None


def test_a_file_below_a_folder_with_a_colon_is_not_at_a_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old:").mkdir()
    (tmp_path / "old:" / "a.yaml").touch()
    monkeypatch.chdir(tmp_path)
    assert forges.within("old:/a.yaml", Path(), Path()) == "old:/a.yaml"
    assert forges.within("old:/b.yaml", Path(), Path()) is None
