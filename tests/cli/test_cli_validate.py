"""``graphsc validate``: exit codes, streams, files, and what it says when something is wrong."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from command import AS_OF, BROKEN, CLEAN, UNREADABLE, WARNING, process, run
from junitparser import JUnitXml
from typer.testing import Result

import graphsc.service
from graphsc.cli import app as application
from graphsc.cli.commands.validate import _exit_code as exit_code
from graphsc.cli.group import COMMANDS, Commands
from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.rendering import FORMATS
from graphsc.validation.findings import Finding, Report, Severity

ALL = sorted(FORMATS)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("clean", CLEAN), ("broken", BROKEN), ("question", WARNING), ("unreadable", UNREADABLE)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in json.loads(result.stdout)["findings"] if not finding["group"]]


# --- exit codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["clean.yaml"], 0),
        (["broken.yaml"], 1),
        (["clean.yaml", "unreadable.yaml"], 2),
        (["broken.yaml", "unreadable.yaml"], 2),
        (["missing.yaml"], 2),
        (["broken.yaml", "--exit-zero"], 0),
        (["broken.yaml", "unreadable.yaml", "--exit-zero"], 2),
        (["broken.yaml", "--fail-on", "never"], 0),
        (["question.yaml"], 0),
        (["question.yaml", "--fail-on", "question"], 1),
    ],
)
def test_the_exit_code_is_the_same_in_every_format(here: Path, words: list[str], code: int) -> None:
    exit_codes = {form: run("validate", *words, *AS_OF, "--format", form).exit_code for form in ALL}
    assert exit_codes == dict.fromkeys(ALL, code)


@pytest.mark.parametrize("threshold", [*Severity, None])
@pytest.mark.parametrize("severity", [*Severity, None])
def test_a_finding_at_the_threshold_fails_the_run(severity: Severity | None, threshold: Severity | None) -> None:
    """The order from the gravest is that of the severities; what does not count fails nothing, and what was not read is 2."""
    text = Text.same("x")
    findings = () if severity is None else (Finding("SUB001", severity, text, text, subject="urn:x:s"),)
    report = Report(inputs=(), problems=(), as_of=date(2026, 1, 1), rules=(), findings=findings, labels={})
    graveness = [*Severity, None]
    fails = None not in (severity, threshold) and graveness.index(severity) <= graveness.index(threshold)
    assert exit_code(report, threshold) == int(fails)
    registers = tuple(replace(finding, group="urn:x:register") for finding in findings)
    assert exit_code(replace(report, findings=registers), threshold) == 0
    assert exit_code(replace(report, problems=(Problem("syntax", text, Location("a.yaml")),)), threshold) == 2


def test_a_finding_on_what_is_only_referred_to_stands_at_the_reference(here: Path) -> None:
    text = "organisationer: [{id: K, navn: K}, {id: L, navn: L}]\nkontrakter:\n  - {id: a, kunde: K, leverandør: L, systemer: stavet-forkert}\n"
    (here / "a.yaml").write_text(text, encoding="utf-8")
    result = run("validate", "a.yaml", *AS_OF, "--select", "ACC001", "--format", "concise")
    assert "a.yaml:3:48: question ACC001" in result.stdout


def test_no_format_says_that_a_rule_is_kept_where_what_it_looks_at_is_not_recorded(here: Path) -> None:
    """Nobody recorded a notice or a number in the files, with findings and without, so nothing is said of those rules."""
    idle = {"SUB021", "IDN002"}
    for file in ("broken.yaml", "clean.yaml"):
        output = {form: run("validate", file, *AS_OF, "--format", form).stdout for form in ("json", "junit", "sarif")}
        checked = {rule["code"]: rule["focus"] for rule in json.loads(output["json"])["rules"]}
        assert {code for code in idle if checked[code] == 0} == idle
        cases = {
            case.name.split()[0]: case for suite in JUnitXml.fromstring(output["junit"].encode()) for case in suite
        }
        assert {code for code in idle if cases[code].is_skipped} == idle
        (invocation,) = json.loads(output["sarif"])["runs"][0]["invocations"]
        notes = {
            note["associatedRule"]["id"]: note["descriptor"]["id"] for note in invocation["toolExecutionNotifications"]
        }
        assert {code for code in idle if notes[code] == "nothing-to-check"} == idle
        passed = {code for code, case in cases.items() if case.is_passed}
        assert passed == {code for code, focus in checked.items() if focus} & passed
        assert not passed & set(notes)
        assert "AGR002" in passed


def test_a_build_server_still_sees_what_fails_where_the_exit_code_does_not_say(here: Path) -> None:
    result = run("validate", "broken.yaml", *AS_OF, "--format", "junit", "--exit-zero")
    assert result.exit_code == 0
    assert "<failure" in result.stdout


def test_fail_on_info_counts_notes_but_not_registers_that_are_not_kept(here: Path) -> None:
    assert run("validate", "clean.yaml", *AS_OF, "--fail-on", "note").exit_code == 0
    approved = BROKEN.replace(
        "start: 2024-06-01}", "start: 2024-06-01, viderefører: R1, godkendelse: {dato: 2024-07-01}}"
    )
    (here / "late.yaml").write_text(approved, encoding="utf-8")
    result = run("validate", "late.yaml", *AS_OF, "-f", "json", "--fail-on", "note", "--select", "SUB")
    assert codes(result) == ["SUB003"]
    assert result.exit_code == 1
    assert run("validate", "late.yaml", *AS_OF, "--fail-on", "question", "--select", "SUB").exit_code == 0


def test_a_missing_path_is_named(here: Path) -> None:
    result = run("validate", "missing.yaml", *AS_OF)
    assert "error[missing-path]: “missing.yaml” does not exist." in result.stdout
    assert "Traceback" not in result.output


def test_what_could_be_read_is_still_checked_and_marked_partial(here: Path) -> None:
    result = run("validate", "broken.yaml", "unreadable.yaml", *AS_OF)
    assert "breach[SUB001]" in result.stdout
    assert "error[syntax]" in result.stdout
    assert "--> unreadable.yaml:" in result.stdout
    assert "INCOMPLETE: 1 place in the input could not be read." in result.stdout
    document = json.loads(run("validate", "broken.yaml", "unreadable.yaml", *AS_OF, "-f", "json").stdout)
    assert document["partial"] is True
    assert (document["summary"]["breach"], document["summary"]["question"]) == (1, 1)


def test_no_path_is_a_usage_error(here: Path) -> None:
    result = run("validate")
    assert result.exit_code == 2
    assert "Missing argument" in result.stderr
    assert result.stdout == ""


# --- options


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["SUB001", "FLW001"]),
        (["--select", "SUB"], ["SUB001"]),
        (["--select", "SUB001", "--select", "FLW"], ["SUB001", "FLW001"]),
        (["--ignore", "SUB"], ["FLW001"]),
        (["--select", "SUB", "--ignore", "SUB001"], []),
        (["--ignore", "SUB", "--ignore", "FLW001"], []),
    ],
)
def test_select_and_ignore(here: Path, words: Any, expected: Any) -> None:
    result = run("validate", "broken.yaml", *AS_OF, "-f", "json", *words)
    assert codes(result) == expected
    assert result.exit_code == int("SUB001" in expected)  # FLW001 is a question


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--select", "SUB0O1"], "graphsc: unknown rule: SUB0O1. Did you mean “SUB001”?\n"),
        (["--select", "sub001"], "graphsc: unknown rule: sub001. Did you mean “SUB001”?\n"),
        (["--ignore", "FLW1"], "graphsc: unknown rule: FLW1. Did you mean “FLW001”?\n"),
        (["--ignore", "æøå"], "graphsc: unknown rule: æøå.\n"),
        (["--select", ""], "graphsc: unknown rule: .\n"),
        (
            ["--format", "jsn"],
            "graphsc: unknown format: jsn. Choose text, concise, json, sarif, junit, github, gitlab, csv, statistics, markdown, shacl, xlsx. Did you mean “json”?\n",
        ),
        (["--as-of", "2025-02-29"], "graphsc: --as-of must be a date such as 2026-11-25, not 2025-02-29\n"),
        (["--as-of", "yesterday"], "graphsc: --as-of must be a date such as 2026-11-25, not yesterday\n"),
        (["--lang", "sv"], "graphsc: --lang is da or en, not sv\n"),
        (["--fail-on", "error"], "graphsc: --fail-on is breach, question, note or never, not error\n"),
        (["--engine", "jena"], "graphsc: unknown engine: jena. Choose oxigraph, duckdb, spark.\n"),
        (
            ["--format", "\x1b[31mred\u202e"],
            "graphsc: unknown format: \\x1b[31mred\\u202e. Choose text, concise, json, sarif, junit, github, gitlab, csv, statistics, markdown, shacl, xlsx.\n",
        ),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_2(here: Path, words: list[str], message: str) -> None:
    result = run("validate", "broken.yaml", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


def test_language_of_messages_and_output(here: Path) -> None:
    danish = run("validate", "broken.yaml", *AS_OF, "--lang", "da")
    assert "overtrædelse[SUB001]: Ærøskøbing Drift (under Løngang) er registreret som i gang" in danish.stdout
    assert run("validate", "broken.yaml", "--select", "XX", "--lang", "da").stderr == "graphsc: ukendt regel: XX.\n"
    from_environment = run("validate", "broken.yaml", *AS_OF, env={"GRAPHSC_LANG": "da"})
    assert from_environment.stdout == danish.stdout


def test_as_of_decides_what_exists(here: Path) -> None:
    assert codes(run("validate", "broken.yaml", "--as-of", "2024-05-31", "-f", "json")) == ["SUB020"]
    assert codes(run("validate", "broken.yaml", "--as-of", "2024-06-01", "-f", "json")) == ["SUB001", "FLW001"]


# --- output


def test_output_to_a_file_is_what_would_be_printed(here: Path) -> None:
    for form in ALL:
        printed = run("validate", "broken.yaml", *AS_OF, "-f", form)
        written = run("validate", "broken.yaml", *AS_OF, "-f", form, "-o", f"out.{form}")
        assert (here / f"out.{form}").read_bytes() == printed.stdout_bytes
        assert (written.stdout, written.exit_code) == ("", 1)


def test_output_replaces_the_whole_file_or_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = here / "out.txt"
    target.write_text("old", encoding="utf-8")

    def full(self: Path, other: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    result = run("validate", "broken.yaml", *AS_OF, "-o", "out.txt")
    assert (result.exit_code, result.stderr) == (2, "graphsc: out.txt cannot be written: no space\n")
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in here.glob("*out*")) == ["out.txt"]
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("no/such/folder/out.txt", "No such file or directory"),
        ("clean.yaml/out.txt", "Not a directory"),
        (".", "Is a directory"),
    ],
)
def test_output_that_cannot_be_written(here: Path, output: str, reason: str) -> None:
    result = run("validate", "clean.yaml", *AS_OF, "-o", output)
    assert (result.exit_code, result.stderr) == (2, f"graphsc: {output} cannot be written: {reason}\n")


def test_output_through_a_link_keeps_the_link_and_its_mode(here: Path) -> None:
    target = here / "real.txt"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    (here / "link.txt").symlink_to(target)
    run("validate", "broken.yaml", *AS_OF, "-o", "link.txt")
    assert (here / "link.txt").is_symlink()
    assert "SUB001" in target.read_text(encoding="utf-8")
    assert target.stat().st_mode & 0o777 == 0o640


def test_output_to_a_pipe_writes_into_it(here: Path) -> None:
    os.mkfifo(here / "pipe")
    reader = os.open(here / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert run("validate", "clean.yaml", *AS_OF, "-f", "concise", "-o", "pipe").exit_code == 0
        assert os.read(reader, 10_000).startswith(b"# no findings")
    finally:
        os.close(reader)
    assert (here / "pipe").is_fifo()


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", ["da", "en"])
def test_output_is_the_same_bytes_each_time(here: Path, language: str) -> None:
    words = ("validate", "broken.yaml", "question.yaml", *AS_OF, "--lang", language)
    first = {form: run(*words, "-f", form).stdout_bytes for form in ALL}
    assert {form: run(*words, "-f", form, fresh=True).stdout_bytes for form in ALL} == first


@pytest.mark.exhaustive
def test_output_does_not_depend_on_hash_order(here: Path) -> None:
    outputs = {
        process("validate", "broken.yaml", *AS_OF, "-f", "json", cwd=here, env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_colour_only_when_asked_for(here: Path) -> None:
    assert "\x1b[" not in run("validate", "broken.yaml", *AS_OF).stdout
    assert "\x1b[" in run("validate", "broken.yaml", *AS_OF, "--color").stdout
    assert "\x1b[" not in run("validate", "broken.yaml", *AS_OF, "--no-color").stdout
    run("validate", "broken.yaml", *AS_OF, "--color", "-o", "out.txt")
    assert "\x1b[" not in (here / "out.txt").read_text(encoding="utf-8")


def test_no_color_wins_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from graphsc.cli.common import colored

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert colored(None) is True
    monkeypatch.setenv("NO_COLOR", "1")
    assert colored(None) is False
    assert colored(True) is True


def test_github_writes_the_summary_of_the_step(here: Path) -> None:
    summary = here / "summary.md"
    summary.write_text("# Before\n", encoding="utf-8")
    environment = {"GITHUB_STEP_SUMMARY": str(summary)}
    result = run("validate", "broken.yaml", *AS_OF, "-f", "github", env=environment)
    assert "::error file=broken.yaml,line=11,col=9,title=SUB001" in result.stdout
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("# Before\n")
    assert "SUB001" in text
    run("validate", "broken.yaml", *AS_OF, "-f", "text", env=environment)
    assert summary.read_text(encoding="utf-8") == text


def test_github_summary_that_cannot_be_written(here: Path) -> None:
    environment = {"GITHUB_STEP_SUMMARY": str(here / "no" / "summary.md")}
    result = run("validate", "broken.yaml", *AS_OF, "-f", "github", env=environment)
    assert result.exit_code == 2
    assert "SUB001" in result.stdout
    assert "summary.md cannot be written: No such file or directory" in result.stderr


# --- baseline


def test_baseline_hides_the_known_counts_the_fixed_and_shows_the_new(here: Path) -> None:
    result = run("validate", "broken.yaml", *AS_OF, "--write-baseline", "base.json")
    assert result.exit_code == 0, "a shell with -e goes on"
    assert [entry["code"] for entry in json.loads((here / "base.json").read_text(encoding="utf-8"))["findings"]] == [
        "FLW001",
        "SUB001",
    ]
    same = run("validate", "broken.yaml", *AS_OF, "--baseline", "base.json")
    assert same.exit_code == 0
    assert "breach[" not in same.stdout
    assert same.stdout.splitlines()[-1].startswith("no findings · 2 known")

    text = BROKEN.replace("start: 2024-06-01}", "start: 2024-06-01, viderefører: R1}")  # FLW001 is fixed
    text += "      - {id: LX, leverandør: U, start: 2024-07-01, viderefører: R1}\n"  # SUB001 once more
    (here / "broken.yaml").write_text(text, encoding="utf-8")
    changed = run("validate", "broken.yaml", *AS_OF, "--baseline", "base.json", "-f", "json")
    findings = [f for f in json.loads(changed.stdout)["findings"] if not f["group"]]
    assert [(f["code"], f["subject"]) for f in findings] == [("SUB001", "https://k.example/LX")]
    assert changed.exit_code == 1
    last = run("validate", "broken.yaml", *AS_OF, "--baseline", "base.json").stdout.splitlines()[-1]
    assert last.startswith("1 breach · 1 known · 1 fixed")


def test_baseline_from_the_configuration(here: Path) -> None:
    run("validate", "broken.yaml", *AS_OF, "--write-baseline", "base.json")
    (here / "graphsc.toml").write_text('baseline = "base.json"\n', encoding="utf-8")
    assert run("validate", "broken.yaml", *AS_OF).exit_code == 0


def test_what_was_not_judged_or_not_read_is_not_fixed(here: Path) -> None:
    run("validate", "broken.yaml", *AS_OF, "--write-baseline", "base.json")
    selected = run("validate", "clean.yaml", *AS_OF, "--baseline", "base.json", "--select", "SUB")
    assert selected.stdout.splitlines()[-1].startswith("no findings · 1 fixed")
    partial = run("validate", "clean.yaml", "unreadable.yaml", *AS_OF, "--baseline", "base.json")
    assert "fixed" not in partial.stdout.splitlines()[-1]
    (here / "unkept.yaml").write_text(
        BROKEN.replace("registre: [underleverandører, krav]", "registre: [krav]"), encoding="utf-8"
    )
    unkept = run("validate", "unkept.yaml", *AS_OF, "--baseline", "base.json").stdout.splitlines()[-1]
    assert "fixed" not in unkept
    assert "1 known" in unkept


def test_broken_baseline_is_named_with_its_place(here: Path) -> None:
    (here / "base.json").write_text('{\n  "schema": oops\n}\n', encoding="utf-8")
    result = run("validate", "broken.yaml", *AS_OF, "--baseline", "base.json")
    assert result.exit_code == 2
    assert "--> base.json:2:13" in result.stdout
    assert "breach[SUB001]" in result.stdout
    assert run("validate", "broken.yaml", *AS_OF, "--baseline", "none.json").exit_code == 2


def test_no_baseline_is_written_after_a_partial_run(here: Path) -> None:
    result = run("validate", "broken.yaml", "unreadable.yaml", *AS_OF, "--write-baseline", "base.json")
    assert result.exit_code == 2
    assert "no baseline is written when some input could not be read" in result.stderr
    assert "breach[SUB001]" in result.stdout
    assert not (here / "base.json").exists()


def test_baseline_that_cannot_be_written(here: Path) -> None:
    result = run("validate", "broken.yaml", *AS_OF, "--write-baseline", "no/base.json")
    assert result.exit_code == 2
    assert "no/base.json cannot be written: No such file or directory" in result.stderr


# --- waivers

WAIVER = """\
personer: [{id: P}]
roller: [{person: P, rolle: ledelse, hos: K, gælder: K}]
accepterede fund:
  - {id: W, regel: SUB001, genstand: LU, begrundelse: Skiftes ud til sommer., accepteret af: P, udløber: UNTIL}
"""


def waived(here: Path, until: str) -> str:
    text = BROKEN + WAIVER.replace("UNTIL", until)
    (here / "waived.yaml").write_text(text, encoding="utf-8")
    return "waived.yaml"


def test_a_waiver_in_the_records_hides_its_finding_and_is_counted(here: Path) -> None:
    path = waived(here, "2025-12-31")
    result = run("validate", path, *AS_OF, "--select", "SUB")
    assert result.exit_code == 0, result.output
    assert "breach[" not in result.stdout
    assert "1 accepted" in result.stdout.splitlines()[-1]
    shown = run("validate", path, *AS_OF, "--select", "SUB", "--show-waived")
    assert "accepted breach[SUB001]" in shown.stdout
    assert "Skiftes ud til sommer." in shown.stdout
    assert shown.exit_code == 0


def test_after_its_expiry_the_finding_is_back_and_names_the_waiver(here: Path) -> None:
    result = run("validate", waived(here, "2025-06-14"), *AS_OF, "--select", "SUB")
    assert result.exit_code == 1
    assert "breach[SUB001]" in result.stdout
    assert "expired on 2025-06-14" in result.stdout


# --- processes


@pytest.mark.exhaustive
def test_a_reader_that_leaves_early_gets_no_traceback(here: Path) -> None:
    text = BROKEN + "".join(f"      - {{id: L{n}, leverandør: U, start: 2024-06-01}}\n" for n in range(300))
    (here / "many.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "graphsc", "validate", "many.yaml", *AS_OF, "-f", "json"]  # more than a pipe holds
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        errors = running.stderr.read()
        assert running.wait(60) == 2
    assert errors == b""


def test_an_internal_crash_is_one_line_and_exit_code_2(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("boom \x1b[31m\nand more")

    monkeypatch.setattr(graphsc.service, "read", crash)
    monkeypatch.setattr(sys, "argv", ["graphsc", "validate", "clean.yaml"])
    monkeypatch.delenv("GRAPHSC_DEBUG", raising=False)
    with pytest.raises(SystemExit) as left:
        application.main()
    assert left.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "graphsc: intern fejl / internal error: RuntimeError: boom \\x1b[31m and more "
        "(GRAPHSC_DEBUG=1 viser hvor / shows where)\n"
    )
    monkeypatch.setenv("GRAPHSC_DEBUG", "1")
    with pytest.raises(RuntimeError):
        application.main()


@pytest.mark.parametrize("cause", [KeyboardInterrupt, typer.Abort])  # the second is typer's, at a question
def test_an_interrupt_is_one_line_and_exit_code_130(
    here: Path, monkeypatch: pytest.MonkeyPatch, cause: type[BaseException]
) -> None:
    def interrupt(*_args: Any, **_more: Any) -> None:
        raise cause

    monkeypatch.setattr(graphsc.service, "read", interrupt)
    result = run("validate", "clean.yaml")
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "graphsc: interrupted\n")


@pytest.mark.exhaustive
@pytest.mark.parametrize("environment", [{"LANG": "C"}, {"LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}])
def test_output_is_utf8_in_any_locale(here: Path, environment: dict[str, str]) -> None:
    (here / "æøå.yaml").write_text(BROKEN, encoding="utf-8")
    done = process("validate", "æøå.yaml", *AS_OF, "--lang", "da", "-f", "text", cwd=here, env=environment)
    assert done.returncode == 1, done.stderr
    text = done.stdout.decode("utf-8")
    assert "Ærøskøbing Drift (under Løngang)" in text
    assert done.stderr == b""


# --- what a file may not say


def test_a_source_does_not_change_what_a_rule_says(here: Path) -> None:
    """Rules are the guide's and the organisation's own knowledge; a file of data that speaks of one changes nothing."""
    plain = run("validate", "broken.yaml", *AS_OF, "-f", "json")
    (here / "rule.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix g: <https://w3id.org/graphsc/ns#> .
        <https://w3id.org/graphsc/rule/SUB001> sh:severity sh:Info ; sh:deactivated true ; sh:message "nothing"@en .
        """,
        encoding="utf-8",
    )
    beside = run("validate", "broken.yaml", "rule.ttl", *AS_OF, "-f", "json")
    assert codes(plain)
    for part in ("findings", "rules"):
        assert json.loads(beside.stdout)[part] == json.loads(plain.stdout)[part]


@pytest.mark.parametrize(
    ("language", "names"),
    [("da", "fra under roller (1 sted)"), ("en", "from under roles (1 place)")],
)
def test_what_is_missing_is_called_as_it_is_written(tmp_path: Path, language: str, names: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "base: https://x.example/\norganisationer: [{id: k, navn: Kysten}]\npersoner: [{id: p1, navn: A}]\n"
        "roller: [{person: p1, rolle: kontraktansvarlig, hos: k}]\n",
        encoding="utf-8",
    )
    lines = run("validate", str(file), *AS_OF, "--lang", language).stdout.splitlines()
    (missing,) = (line for line in lines if line.startswith(("  mangler: ", "  missing: ")))
    assert names in missing
    assert {"da": "art under organisationer", "en": "kind under organisations"}[language] in missing


BEFORE = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten, art: kommune, land: DK}, {id: L, navn: Løngang, art: virksomhed, land: DK}]
systemer: [{id: S, ejer: K, kritikalitet: samfundskritisk, personoplysninger: nej}]
kontrakter: [{id: KL, kunde: K, leverandør: L, periode: 2026-11-26/2028-12-31, underskrevet: 2026-11-01, systemer: S}]
"""


def test_before_the_first_agreement_runs_nothing_is_clear(here: Path) -> None:
    (here / "before.yaml").write_text(BEFORE, encoding="utf-8")
    shown = run("validate", "before.yaml", "--as-of", "2026-11-25", "--lang", "en").stdout
    assert "No findings, but no active agreements to check either." in shown
    assert "1 agreement that has not begun" in shown
    assert "All clear" not in shown
    report = run("report", "before.yaml", "--as-of", "2026-11-25", "--lang", "en", "--trend", "0", "-o", "page.html")
    page = (here / "page.html").read_text(encoding="utf-8")
    assert (report.exit_code, "There is nothing to judge" in page, "No requirement is broken" in page) == (
        0,
        True,
        False,
    )
    assert "On whom the critical systems and functions depend is not recorded" in page
    covered = run("coverage", "before.yaml", "--as-of", "2026-11-25", "--lang", "en").stdout
    assert "0 of 17 recommendations are met wherever relevant" in covered


@pytest.mark.exhaustive
@pytest.mark.parametrize("command", [["validate"], ["map", "-o", "map.html"], ["risk"]], ids=lambda words: words[0])
def test_an_engine_that_is_named_runs_a_command_and_is_told_of_if_it_gives_up(
    command: list[str], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb")
    command = [*command, "clean.yaml", *AS_OF]
    assert "DuckDB" not in run(*command, "--engine", "duckdb", fresh=True).stderr
    monkeypatch.setattr("graphsc.relational.duck.DuckDB.hash", "0::BIGINT")
    told = "DuckDB gave up; Oxigraph runs the rest: two terms with one hash\n"
    assert told in run(*command, "--engine", "duckdb", fresh=True).stderr
    assert run(*command, "--engine", "duckdb", "--verbose", fresh=True).stderr.count("gave up") == 1
    assert "DuckDB" not in run(*command, "--engine", "oxigraph", fresh=True).stderr
    assert "DuckDB" not in run(*command, fresh=True).stderr


@pytest.mark.exhaustive
@pytest.mark.parametrize("command", [["validate"], ["query", "unapproved-subcontractors"]], ids=lambda words: words[0])
def test_what_runs_rules_and_what_is_left_to_oxigraph_is_told_on_request(command: list[str], here: Path) -> None:
    pytest.importorskip("duckdb")
    command = [*command, "clean.yaml", *AS_OF]
    assert "run on Oxigraph" not in run(*command, fresh=True).stderr
    assert "Rules and shapes run on Oxigraph.\n" in run(*command, "--verbose", fresh=True).stderr
    stderr = run(*command, "--verbose", "--engine", "duckdb", fresh=True).stderr
    assert stderr.count("Rules and shapes run on DuckDB.\n") == 1
    assert "ranked-for-value is left to Oxigraph: AVG\n" in stderr


def test_what_runs_rules_can_be_told_wherever_it_can_be_chosen() -> None:
    options = {name: {word for item in Commands().commands[name].params for word in item.opts} for name in COMMANDS}
    assert {name for name in COMMANDS if "--engine" in options[name]} == {
        name for name in COMMANDS if "--verbose" in options[name]
    }


def test_a_dash_is_yaml_on_standard_input() -> None:
    judged = run("validate", "-", *AS_OF, "--format", "concise", stdin=BROKEN, fresh=True)
    assert (judged.exit_code, judged.stdout.startswith("-:11:9: ")) == (1, True)
    refused = run("validate", "-", *AS_OF, stdin=UNREADABLE, fresh=True)
    assert (refused.exit_code, "--> -:2:1" in refused.stdout) == (2, True)


def test_junit_names_files_from_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "data")
    assert 'file="data/a.yaml"' in run("validate", "a.yaml", *AS_OF, "--format", "junit").stdout
