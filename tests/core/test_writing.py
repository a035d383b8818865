"""A file is written whole or not at all, and nothing is left beside it."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from graphsc.core.writing import comma_separated, write_whole


def beside(file: Path) -> list[str]:
    return sorted(path.name for path in file.parent.iterdir())


@pytest.mark.parametrize(
    ("content", "written"), [("ærlig\r\n", "ærlig\r\n".encode()), (b"\xff\x00", b"\xff\x00"), ("", b"")]
)
@pytest.mark.parametrize("before", [None, b"old and longer"])
def test_exactly_the_content_is_written(
    tmp_path: Path, content: str | bytes, written: bytes, before: bytes | None
) -> None:
    file = tmp_path / "a.yaml"
    if before is not None:
        file.write_bytes(before)
    write_whole(file, content)
    assert (file.read_bytes(), beside(file)) == (written, ["a.yaml"])


@pytest.mark.parametrize("before", [None, b"old"])
@pytest.mark.parametrize("failing", ["os.fsync", "pathlib.Path.replace"])
def test_a_failure_keeps_the_old_file_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, before: bytes | None
) -> None:
    file = tmp_path / "a.yaml"
    if before is not None:
        file.write_bytes(before)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(failing, full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, "new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == ({"a.yaml": before} if before else {})


def test_the_content_is_on_the_disk_before_it_takes_the_place_of_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")
    seen: list[tuple[str, str]] = []

    def synced(_: int) -> None:
        (temporary,) = (path for path in tmp_path.iterdir() if path != file)
        assert temporary.name.startswith(".a.yaml.")
        seen.append((temporary.read_text(encoding="utf-8"), file.read_text(encoding="utf-8")))

    monkeypatch.setattr(os, "fsync", synced)
    write_whole(file, "new")
    assert (seen, file.read_text(encoding="utf-8")) == ([("new", "old")], "new")


def test_a_folder_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(IsADirectoryError, match=os.strerror(21)):
        write_whole(tmp_path / "a.yaml", "new")
    assert beside(tmp_path / "a.yaml") == ["a.yaml"]


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "a.yaml", "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="there are no modes and no pipes in folders")
def test_the_mode_of_the_file_and_a_link_to_it_are_kept_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    file, link, pipe = tmp_path / "a.yaml", tmp_path / "link.yaml", tmp_path / "pipe"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o604)
    link.symlink_to(file)
    write_whole(link, "new")
    assert link.is_symlink()
    assert (file.read_text(encoding="utf-8"), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o604)
    os.mkfifo(pipe)
    read: list[bytes] = []
    reading = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reading.start()
    write_whole(pipe, "new")
    reading.join(60)
    assert (read, stat.S_ISFIFO(pipe.stat().st_mode)) == ([b"new"], True)


def test_rows_are_lines_whose_values_are_quoted_where_they_must_be() -> None:
    assert comma_separated([["a", 1, None], ['b,"c"', "d\ne", ""]]) == 'a,1,\n"b,""c""","d\ne",\n'
