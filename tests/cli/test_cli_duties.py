"""``graphsc duties`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import AS_OF, BROKEN, CLEAN, UNREADABLE, process, run
from repository import REPOSITORY

DEMO = str(REPOSITORY / "data" / "demo")
DAY = ("--as-of", "2026-11-25")


@pytest.mark.exhaustive
def test_the_list_of_one_person() -> None:
    result = run("duties", DEMO, *DAY, "--person", "p09", "--within", "90d", "--lang", "da")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Pligter: 2 forfaldne, 1 åben, 14 opfyldte, 3 andre fund · pr. 2026-11-25"
    assert lines[2] == "Nordlysstyrelsen, kontraktansvarlig (p09)"
    assert "p11" not in result.stdout


def test_a_state_and_a_holder() -> None:
    result = run("duties", DEMO, *DAY, "--state", "overdue", "--holder", "Sandvig Kommune", "--format", "json")
    contents = json.loads(result.stdout)
    assert [duty["rule"] for duty in contents["duties"]] == ["ROL007"]
    assert contents["asked"]["holder"] == "https://nordlys.example/org/sandvig-kommune"
    assert contents["asked"]["states"] == ["overdue"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("form", ["text", "json", "csv", "markdown", "html", "ics"])
def test_every_format_is_written_to_a_file_as_it_is_printed(form: str, tmp_path: Path) -> None:
    file = tmp_path / "duties"
    (tmp_path / "a.yaml").write_text(CLEAN.replace("2028-03-31}", "2028-03-31, registre: [tilsyn, risici]}"))
    command = ("duties", str(tmp_path / "a.yaml"), *DAY, "--format", form)
    printed = run(*command)
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert len(printed.stdout_bytes) > 500
    assert run(*command, "--output", str(file)).stdout == ""
    assert file.read_bytes() == printed.stdout_bytes
    if form == "ics":  # its line ends are its own, and no platform's
        done = process(*command, cwd=tmp_path, env={"PYTHONPATH": str(REPOSITORY)})
        assert (done.returncode, done.stdout, done.stderr) == (0, printed.stdout_bytes, b"")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--format", "jsn"),
            "unknown format: jsn. Choose text, json, csv, markdown, html, ics, mail. Did you mean “json”?",
        ),
        (("--within", "soon"), "--within is a length of time such as 30d, 2w, 3m or 1y, not soon"),
        (("--state", "overdu"), "unknown state: overdu."),
        (("--state", "not recorded"), "Did you mean “not-recorded”?"),
        (("--holder", "Kystvagte"), "Kystvagte is not in the input given. Did you mean “Kystvagten”?"),
        (("--role", "boss"), "boss is not in the input given."),
        (("--person", ""), "is not in the input given."),
        (("--format", "mail"), "mail is written to a folder: use --output FOLDER"),
        (("--lang", "xx"), "--lang is da or en"),
    ],
)
def test_what_cannot_be_asked(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    file = tmp_path / "k.yaml"
    file.write_text(CLEAN, encoding="utf-8")
    result = run("duties", str(file), *AS_OF, *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_what_could_be_read_is_shown_and_said_to_be_partial(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(UNREADABLE, encoding="utf-8")
    result = run("duties", str(tmp_path), *AS_OF)
    assert result.exit_code == 2
    assert "INCOMPLETE: 1 place in the input could not be read." in result.stdout
    assert "b.yaml:2:1: error" in result.stderr
    assert json.loads(run("duties", str(tmp_path), *AS_OF, "--format", "json").stdout)["partial"] is True


def test_drafts_are_written_to_a_folder_and_others_in_it_are_named(tmp_path: Path) -> None:
    (tmp_path / "k.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "p7.eml").write_text("", encoding="utf-8")
    result = run("duties", str(tmp_path / "k.yaml"), *AS_OF, "-f", "mail", "-o", str(tmp_path / "mail"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 draft written in" in result.stderr
    assert "there are also p7.eml, not written now" in result.stderr
    assert {file.name for file in (tmp_path / "mail").iterdir()} == {"p7.eml", "without a person.eml"}
    assert b"SUB001" in (tmp_path / "mail" / "without a person.eml").read_bytes()
