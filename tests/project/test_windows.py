"""What Windows has otherwise: modules that it lacks, ends of lines, and consoles of another encoding."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from command import AS_OF, BROKEN, process, run
from repository import REPOSITORY

SOURCES = sorted((REPOSITORY / "graphsc").rglob("*.py"))
MODULES = {"resource", "fcntl", "pwd", "grp", "termios", "syslog", "pty", "tty"}


def unguarded(tree: ast.AST) -> list[str]:
    """The modules that Windows lacks and that are imported without another way for that."""
    guarded = {
        id(node)
        for attempt in ast.walk(tree)
        if isinstance(attempt, ast.Try) and any("ImportError" in ast.unparse(handler) for handler in attempt.handlers)
        for part in attempt.body
        for node in ast.walk(part)
    }
    names = []
    for node in ast.walk(tree):
        if id(node) not in guarded and isinstance(node, ast.Import | ast.ImportFrom):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            names += [name for name in named if name in MODULES]
    return names


def test_what_windows_lacks_is_imported_only_where_there_is_another_way() -> None:
    assert {file.name: names for file in SOURCES if (names := unguarded(ast.parse(file.read_text("utf-8"))))} == {}


def test_the_ends_of_lines_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = []
    for end in ("\n", "\r\n"):
        Path("register.yaml").write_bytes(BROKEN.replace("\n", end).encode())
        Path("more.ttl").write_bytes(
            f'<https://k.example/K> <https://w3id.org/graphsc/ns#country>{end} "XX" .{end}'.encode()
        )
        Path("graphsc.toml").write_bytes(f'lang = "da"{end}'.encode())
        shown.append(run("validate", "register.yaml", "more.ttl", *AS_OF, fresh=True).output)
    assert shown[0] == shown[1]
    assert "register.yaml:11:9" in shown[0]


def test_a_console_of_another_encoding_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "register.yaml").write_text(BROKEN, encoding="utf-8")
    environment = {"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "cp1252:strict", "PYTHONUTF8": "0"}
    done = process("duties", "register.yaml", *AS_OF, "--lang", "da", cwd=tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Ærøskøbing Drift" in done.stdout.decode("utf-8")
