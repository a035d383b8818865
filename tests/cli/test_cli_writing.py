"""No command writes over what it reads, by whatever name or link: each option that writes, from the program itself, is tried."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import BROKEN, CLEAN, run

from graphsc.cli.app import app  # noqa: F401  # the commands are complete once it is there
from graphsc.cli.group import COMMANDS, _ByModule, is_written
from graphsc.validation import baseline

_COMMANDS = _ByModule(COMMANDS)
_NEEDED = {
    "paths": ["data"],
    "files": ["export.csv", "exports"],
    "supplier": ["L"],
    "what": ["question.rq"],
    "output": ["-o", "new.xlsx"],
}
"""What a command must be given, by its name."""
_BESIDE = {"import": ["--as", "kitos", "--overwrite"], "workbook": ["--overwrite"], "ask": ["--overwrite"], "serve": ["--host", "192.0.2.1"]}  # fmt: skip
_REFUSED = ("is one of the files that are read", "is not a baseline", "must end in .yaml or .xlsx")


def writing() -> Iterator[tuple[str, Any]]:
    """Each command with each of its options that write a file."""
    for name in COMMANDS:
        command = _COMMANDS[name]
        yield from ((name, param) for param in command.params if is_written(param) and "DIR" not in str(param.metavar))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    texts = {
        "graphsc.toml": 'knowledge = ["rules"]\nbaseline = "known.json"\n',
        "data/register.yaml": CLEAN,
        "data/notices.json": "{}",
        "rules/own.ttl": "",
        "rules/own.rq": "",
        "known.json": baseline.dumps(baseline.Baseline()),
        "question.rq": "SELECT * WHERE { ?s ?p ?o }",
        "export.csv": "a;b\n",
        "exports/list.csv": "a;b\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def spelled(file: Path) -> Iterator[str]:
    """A file by other names: through another folder, from the root, and by links to it and to its folder."""
    yield str(file.parent / ".." / file.parent.resolve().name / file.name)
    yield str(file.absolute())
    soft, hard = Path(f"soft{file.suffix}"), Path(f"hard{file.suffix}")
    soft.symlink_to(file.resolve())
    yield str(soft)
    hard.hardlink_to(file)
    yield str(hard)
    Path("folder").symlink_to(file.parent.resolve(), target_is_directory=True)
    yield str(Path("folder") / file.name)


def test_the_commands_that_write_are_found() -> None:
    found = {f"{name} {param.name}" for name, param in writing()}
    assert {"validate output", "validate write_baseline", "serve access_log", "import output", "map output"} <= found
    assert len({name for name, _ in writing()}) >= 12


@pytest.mark.parametrize(("name", "param"), [pytest.param(*pair, id=f"{pair[0]} {pair[1].name}") for pair in writing()])
def test_nothing_that_is_read_is_written_over(name: str, param: Any, here: Path) -> None:
    words, command = [name, *_BESIDE.get(name, ())], _COMMANDS[name]
    inputs = ["graphsc.toml", "rules/own.ttl", "rules/own.rq"]
    if param.name != "write_baseline":  # which is for that file
        inputs.append("known.json")
    for other in command.params:
        if other is param or (is_written(other) and not other.required):
            continue
        if other.name in _NEEDED and (other.required or other.param_type_name == "argument"):
            words += _NEEDED[other.name]
        elif "Path" in str(other.type_descriptor.annotation):
            (here / f"{other.name}.yaml").write_text(BROKEN, encoding="utf-8")
            words += [other.opts[0], f"{other.name}.yaml"]
            inputs.append(f"{other.name}.yaml")
    if "question.rq" in words:
        inputs.append("question.rq")
    if "data" in words:
        inputs += ["data/notices.json", "data/register.yaml"]
    if "export.csv" in words:
        inputs += ["export.csv", "exports/list.csv"]
    option = max(param.opts, key=len)
    before = contents(here)
    for target in (*inputs, *spelled(Path(inputs[-1]))):
        result = run(*words, option, target)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), (target, result.output)
        assert any(reason in result.stderr for reason in _REFUSED), (target, result.stderr)
        assert contents(here).items() >= before.items(), target


@pytest.mark.parametrize("words", [("init", ".")])
def test_a_folder_with_other_files_is_not_filled(words: tuple[str, ...], here: Path) -> None:
    before = contents(here)
    assert run(*words).exit_code == 2
    assert contents(here) == before


def test_an_appendix_writes_no_input_over_and_then_no_report_either(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graphsc.rendering.report import appendix

    monkeypatch.setattr(appendix, "files", lambda _: {"new.txt": "", "register.yaml": "other"})
    before = contents(here / "data")
    (here / "graphsc.toml").unlink()
    result = run("report", "data/register.yaml", "-o", "report.html", "--brief", "--appendix", "data")
    assert (result.exit_code, "data/register.yaml is one of the files that are read" in result.stderr) == (2, True)
    assert contents(here / "data") == before
    assert not (here / "report.html").exists()


def test_a_baseline_is_written_anew_and_nothing_else_is_written_over_as_one(here: Path) -> None:
    (here / "graphsc.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    (here / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    words = ("validate", "broken.yaml", "--as-of", "2025-06-15", "--write-baseline")
    assert run(*words, "known.json").exit_code == 0
    assert "SUB001" in (here / "known.json").read_text(encoding="utf-8")
    (here / "notes.txt").write_text("mine", encoding="utf-8")
    refused = run(*words, "notes.txt", "-o", "findings.txt")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "graphsc: notes.txt is not a baseline; write to another file.\n",
    )
    assert (here / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not (here / "findings.txt").exists()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "is not writable"), ("da", "Fejl: --output (-o): out.txt er skrivebeskyttet.\n")]
)
def test_a_file_that_is_protected_stays(language: str, said: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "out.txt").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # the tests may run as one who may all
    result = run("validate", "data/register.yaml", "--lang", language, "-o", "out.txt")
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert (here / "out.txt").read_text(encoding="utf-8") == "mine"
