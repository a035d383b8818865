"""Files are written in one way: all of them or none, each with its mode, and never over what is read."""

from __future__ import annotations

import ast
import os
import re
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from repository import REPOSITORY

from graphsc.core.problems import HeldOpenError, reason_of
from graphsc.core.writing import CannotBeNamed, IsRead, comma_separated, file_names, reading, write_all, write_whole

_ELSEWHERE = {
    "cli/beginning.py": "a temporary folder",
    "core/writing.py": "it is the way; and an empty file that is a lock",
    "graph/loading.py": "a temporary folder",
    "relational/spark.py": "a temporary folder",
    "relational/tables.py": "a temporary folder",
    "rendering/report/pdf.py": "a temporary folder",
    "web/serving.py": "a log that is appended to",
}
"""Where else a file is opened to write, and why nothing of a user's can be lost by it."""


def _writes(node: ast.AST) -> bool:
    """Whether a call writes a file by itself: by a method of a path, or by opening it in a mode that writes."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    modes = [part.value for part in given if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    opens = name == "open" and (any(re.fullmatch("[rwaxbt+]*[wax+][bt+]*", mode) for mode in modes))
    return (
        name in {"write_text", "write_bytes"}
        or opens
        or any("O_CREAT" in ast.unparse(part) for part in given if name == "open")
    )


def test_every_file_is_written_in_one_way() -> None:
    package = REPOSITORY / "graphsc"
    texts = {path.relative_to(package).as_posix(): path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    opening = {name: text for name, text in texts.items() if re.search(r"open\(|write_text|write_bytes", text)}
    assert {name for name, text in opening.items() if any(map(_writes, ast.walk(ast.parse(text))))} == set(_ELSEWHERE)


def test_several_files_are_all_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("old", encoding="utf-8")
    fsync, left = os.fsync, [1]

    def full(descriptor: int) -> None:
        if not left.pop():
            raise OSError(28, "No space left on device")
        left.append(0)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as failed:
        write_all({first: "new", second: "new"})
    assert failed.value.filename == str(second)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"first": "old"}


def test_of_several_files_one_that_is_read_keeps_all_from_being_written(tmp_path: Path) -> None:
    other, register = tmp_path / "other", tmp_path / "register"
    register.write_text("old", encoding="utf-8")
    with reading(lambda: [register]), pytest.raises(IsRead):
        write_all({other: "new", register: "new"}, folders=True)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]
    write_whole(register, "new")  # what another run read


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_what_is_private_is_private_from_the_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, modes = tmp_path / "private", list[int]()
    path.touch(0o600)
    fsync = os.fsync

    def noting(file: int) -> None:
        modes.append(os.fstat(file).st_mode & 0o777)
        fsync(file)

    monkeypatch.setattr(os, "fsync", noting)
    write_whole(path, "new")
    assert (modes, path.stat().st_mode & 0o777) == ([0o600], 0o600)


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


def test_one_file_that_is_read_is_written_over_only_on_purpose(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", encoding="utf-8")
    with reading(lambda: [file]):
        with pytest.raises(IsRead):
            write_whole(file, "new")
        assert file.read_text(encoding="utf-8") == "old"
        write_whole(file, "new", rewriting=True)
    assert file.read_text(encoding="utf-8") == "new"


def test_folders_are_made_where_that_is_asked_for(tmp_path: Path) -> None:
    for name in ("a/b/c.txt", "a/b/d.txt"):
        write_all({tmp_path / name: "x"}, folders=True)
        assert (tmp_path / name).read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("p07", "p07.eml"), ("CON", "_CON.eml"), ("con.x", "_con.x.eml"), ("com¹", "_com¹.eml"), ("console", "console.eml"),
        ("a:b", "a-b.eml"), ("../../x", "-..-x.eml"), ("a\\b\x00?", "a-b-.eml"), ("Ø. ", "Ø.eml"), ("...", "-.eml"), ("", "-.eml"),
        ("a" * 300, "a" * 100 + ".eml"), ("\ud800", "-.eml"),
    ],
)  # fmt: skip
def test_a_name_becomes_one_that_every_system_takes(name: str, file: str) -> None:
    assert file_names([name], ".eml") == [file]


def test_names_that_are_one_on_some_system_stay_apart() -> None:
    assert file_names(["Å", "A\u030a", "å", "a:b", "a?b"], ".eml") == [
        "Å.eml",
        "Å (2).eml",
        "å (3).eml",
        "a-b.eml",
        "a-b (2).eml",
    ]


def test_a_file_that_another_program_holds_open_keeps_all_from_being_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, held = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for file in (first, held):
        file.write_bytes(b"old")
    opened = Path.open

    def as_windows(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if path.name == held.name and "+" in mode:
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", as_windows)
    with pytest.raises(HeldOpenError) as failed:
        write_all({first: b"new", held: b"new"})
    assert failed.value.filename == str(held)
    assert "åben i et andet program, måske Excel" in reason_of(failed.value).da
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.xlsx": b"old", "b.xlsx": b"old"}


def test_a_file_that_is_opened_while_it_is_written_is_kept_and_said_to_be_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"old")

    def held(*_: Any) -> None:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(HeldOpenError):
        write_whole(file, b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.xlsx": b"old"}


@pytest.mark.parametrize("name", ["CON.xlsx", "nul.csv", "a:b.html", "a.", "lpt1.csv"])
def test_what_windows_takes_for_no_file_is_not_written_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("graphsc.core.writing.WINDOWS", True)
    with pytest.raises(CannotBeNamed):
        write_whole(tmp_path / name, "lost")
    assert not [*tmp_path.iterdir()]
    write_whole(tmp_path / ".register.v2.xlsx", "kept")


def test_the_longest_name_that_a_system_takes_is_written(tmp_path: Path) -> None:
    write_whole(tmp_path / f"{'a' * 250}.html", "kept")
    assert [len(path.name) for path in tmp_path.iterdir()] == [255]
