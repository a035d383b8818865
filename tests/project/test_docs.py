"""The documentation is true: its commands run, its output is what comes, its generated pages are current."""

import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from command import run
from repository import REPOSITORY

DOCS = REPOSITORY / "docs"

_spec = importlib.util.spec_from_file_location("graphsc_docs_generate", DOCS / "generate.py")
assert _spec is not None
assert _spec.loader is not None
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_generated_page_is_current(name: Any) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == generate.PAGES[name](), "run: make docs"


def test_every_command_is_documented() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    documented = re.findall(r"^## graphsc ?(.*)$", page, re.MULTILINE)
    assert documented == [" ".join(words) for words in generate.commands()], "run: make docs"
    assert {"", "validate", "rules", "explain", "query", "queries", "config", "config show"} <= set(documented)


def test_every_rule_and_question_has_both_languages() -> None:
    for name in ("rules.md", "queries.md"):
        for section in (DOCS / name).read_text(encoding="utf-8").split("\n## ")[1:]:
            bold = re.findall(r"^- \*\*(.+)\*\*$", section, re.MULTILINE)
            assert len(bold) == 2, section
            assert bold[0] != bold[1], section


def blocks(text: str) -> list[tuple[str, str | None, str]]:
    """Language, the file name on the line above if there is one, and content of each fenced block."""
    pattern = re.compile(r"(?:^`([\w./-]+)`\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [(match[2], match[1], match[3]) for match in pattern.finditer(text)]


@pytest.mark.exhaustive
def test_adding_an_obligation_works_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for language, name, content in blocks((DOCS / "adding-an-obligation.md").read_text(encoding="utf-8")):
        if name is not None:
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
        elif language == "console":
            command, _, expected = content.partition("\n")
            words = shlex.split(command.removeprefix("$ "))
            assert words[0] == "graphsc"
            result = run(*words[1:])
            assert result.stdout == expected, command
            assert result.exit_code == 0, command
            ran += 1
    assert ran == 5


@pytest.mark.exhaustive
def test_what_the_page_says_of_an_incomplete_obligation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    *_, (language, _, said) = examples = blocks((DOCS / "adding-an-obligation.md").read_text(encoding="utf-8"))
    for _, name, content in examples:
        if name is not None:
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
    duty = tmp_path / "rules" / "exit-test.ttl"
    text = duty.read_text(encoding="utf-8")
    duty.write_text(re.sub(r" ;\n    g:remedy .*?@en \.", " .", text, flags=re.DOTALL), encoding="utf-8")
    result = run("validate", "contract.yaml", "--as-of", "2026-11-25", "--format", "concise", "--lang", "en")
    assert language == "text"
    assert said.strip().replace("error[incomplete-rule]:", "error incomplete-rule") in result.stdout
    assert result.exit_code == 2
    result = run("rules", "--lang", "en")
    assert result.stderr == said
    assert result.exit_code == 2


def test_programs_in_the_documentation_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(DOCS.parent)
    programs = re.findall(r"```python\n(.*?)```", (DOCS / "risk.md").read_text(encoding="utf-8"), re.DOTALL)
    assert programs
    for program in programs:
        exec(compile(program, "risk.md", "exec"), {})
    assert capsys.readouterr().out == "7 0.777777777778\n"
