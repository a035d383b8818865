"""The page of mistakes in the input: each class of them as it is written, and what is said of it in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import yaml

from graphsc.core.escape import markdown
from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.sources import read
from graphsc.sources.mapped.reader import read_all

MISTAKES = Path(__file__).parents[1] / "tests" / "data" / "input-mistakes.yaml"


def mistakes() -> list[dict[str, Any]]:
    """The mistakes: title in both languages, code, and the text of each file."""
    found: list[dict[str, Any]] = yaml.safe_load(MISTAKES.read_text(encoding="utf-8"))
    return found


def told(mistake: dict[str, Any]) -> list[Problem]:
    """What is said of a mistake."""
    with TemporaryDirectory() as folder, chdir(folder):  # messages name files as they lie here
        for name, text in mistake["files"].items():
            _write(Path(name), text)
        if any(name.endswith(".csv") for name in mistake["files"]):
            mapped = read_all([Path()], "contracts")
            return mapped.fatal or mapped.sources.problems
        return read([Path()]).problems


def _write(path: Path, text: str) -> None:
    """Write a file; that of a workbook is its sheet's name and then a line for each row."""
    if path.suffix != ".xlsx":
        path.write_text(text, encoding="utf-8")
        return
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title, *rows = text.splitlines()
    for row in rows:
        sheet.append(row.split(";"))
    book.save(path)


def page(contradictions: dict[str, tuple[Text, Text]]) -> str:
    """The page; ``contradictions`` are the rules on records that contradict themselves: title and remedy by code."""
    blocks = [
        "# Mistakes in the input",
        "What is not understood is said, with file, line and column, and the exit code is 2; what could be read is still judged.",
        "*Hvad der ikke forstås, bliver sagt, med fil, linje og kolonne, og afslutningskoden er 2.*",
    ]
    blocks += ["\n".join(_block(one)) for one in mistakes()]
    rows = ["| Rule | What holds | What to do |", "|---|---|---|"]
    for code, (title, remedy) in sorted(contradictions.items()):
        rows.append(
            f"| [{code}](rules.md) | {markdown(title.en)}<br>*{markdown(title.da)}* | {markdown(remedy.en)}<br>*{markdown(remedy.da)}* |"
        )
    blocks += [
        "## Records that contradict themselves",
        "What can be read but cannot be true is a finding, like any other.",
        "\n".join(rows),
    ]
    return "\n\n".join(blocks) + "\n"


def _block(mistake: dict[str, Any]) -> Iterator[str]:
    title = mistake["title"]
    yield f"## {title['en']} · {title['da']}\n"
    for name, text in mistake["files"].items():
        kind = name.rpartition(".")[2].replace("ttl", "turtle").replace("jsonld", "json").replace("xlsx", "text")
        yield f"```{kind}\n{text.rstrip()}\n```\n"
    for problem in told(mistake):
        yield f"- `{problem.code}`: {markdown(problem.message.en)}"
        yield f"  *{markdown(problem.message.da)}*"
