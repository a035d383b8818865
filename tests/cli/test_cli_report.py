"""``graphsc report``: what it writes where, how it leaves, and what it says when it cannot."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest
import typer
from command import AS_OF, BROKEN, UNREADABLE, run
from report_pages import Reader

from graphsc.cli.commands import report as command
from graphsc.rendering.report import pdf as printing


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "k.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    return file


def test_it_is_written_to_a_file_or_to_stdout_and_is_no_verdict(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    result = run("report", str(data), *AS_OF, "--trend", "0", "-o", str(target))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"The report is written: {target}\n")
    printed = run("report", str(data), *AS_OF, "--trend", "0")
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert printed.stdout == target.read_text(encoding="utf-8")


@pytest.mark.exhaustive
def test_the_command_in_it_makes_the_same_report(data: Path) -> None:
    words = (
        "report",
        str(data),
        *AS_OF,
        "--lang",
        "da",
        "--for",
        "L",
        "--classification",
        "Til 'L'",
        "--trend",
        "1",
        "--ignore",
        "REG",
    )
    first = run(*words)
    reader = Reader(first.stdout)
    (said,) = (word for word in reader.words if word.startswith("graphsc report "))
    again = shlex.split(said)[1:]
    assert again[-2:] == ["-o", "report.html"]
    assert run(*again[:-2]).stdout == first.stdout


def test_a_brief_and_an_appendix_are_written_beside(data: Path, tmp_path: Path) -> None:
    beside, target = tmp_path / "a" / "b", tmp_path / "brief.html"
    result = run("report", str(data), *AS_OF, "--trend", "0", "--brief", "--appendix", str(beside), "-o", str(target))
    assert result.exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert "To be decided" in text
    assert {"SHA256SUMS", "rules.json", "findings.json", "report.json", "queries", "triples"} == {
        path.name for path in beside.iterdir()
    }
    assert " --brief " in json.loads((beside / "report.json").read_text(encoding="utf-8"))["command"]
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = run("report", str(data), *AS_OF, "--trend", "0", "--appendix", str(tmp_path / "file"), "-o", str(target))
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1


def test_unreadable_input_is_said_and_what_could_be_read_is_written(data: Path, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(UNREADABLE, encoding="utf-8")
    result = run("report", str(tmp_path), *AS_OF, "--trend", "0")
    assert result.exit_code == 2
    assert "SUB001" in Reader(result.stdout).text
    assert "x.yaml" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "docx"), "unknown format: docx. Choose html, pdf."),
        (("--format", "pdf"), "the report is a file: name it with -o, such as -o report.pdf"),
        (("--classification", " "), "--classification is empty; say what to write"),
        (("--for", "Nobody"), "Nobody is not in the input given."),
        (("--for", "KL"), "KL is something other than organisation."),
        (("--select", "NIX"), "unknown rule: NIX."),
        (("--lang", "sv"), "--lang is da or en, not sv"),
    ],
)
def test_what_cannot_be_is_one_message(words: tuple[str, ...], said: str, data: Path) -> None:
    result = run("report", str(data), *AS_OF, *words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"graphsc: {said}\n")


def test_a_terminal_is_not_filled_with_html(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with pytest.raises(typer.Exit):
        command._check("html", None, None)
    assert capsys.readouterr().err.endswith("-o report.html\n")
    command._check("html", Path("r.html"), None)


def test_without_a_printer_the_message_says_what_to_do(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "printer", lambda: None)
    target = tmp_path / "r.pdf"
    result = run("report", str(data), *AS_OF, "--trend", "0", "-o", str(target))  # its name says PDF
    assert result.exit_code == 2
    assert result.stderr == (
        "graphsc: PDF needs Chromium or Chrome, or WeasyPrint (pip install weasyprint), and neither is here. Write HTML, and print it from a browser.\n"
    )
    assert not target.exists()


def test_a_printer_that_fails_is_one_message(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'no display' >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(printing, "printer", lambda: str(broken))
    result = run("report", str(data), *AS_OF, "--trend", "0", "--format", "pdf", "-o", str(tmp_path / "r.pdf"))
    assert (result.exit_code, result.stderr) == (2, f"graphsc: {broken} could not make the PDF: no display\n")


def test_without_jinja_the_message_says_what_to_install(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.util import find_spec

    monkeypatch.setattr("graphsc.cli.common.find_spec", lambda name: None if name == "jinja2" else find_spec(name))
    result = run("report", str(data), *AS_OF)
    assert (result.exit_code, result.stderr) == (
        2,
        "graphsc: jinja2 is not installed; it comes with graphsc[report].\n",
    )


def test_the_day_of_a_pdf_is_that_of_the_report() -> None:
    from datetime import date

    stamped = printing._STAMP.sub(
        lambda match: printing._stamp(match, date(2025, 6, 15)),
        b"<</Title (x)\n/CreationDate (D:20300102030405+00'00')\n/ModDate (D:20300102030405+00'00')>>",
    )
    assert stamped == b"<</Title (x)\n/CreationDate (D:20250615000000+00'00')\n/ModDate (D:20250615000000+00'00')>>"
