"""What changed since: against the findings as JSON, against an older folder, and what is no report at all."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from command import AS_OF, BROKEN, CLEAN, run
from report_pages import Reader

from graphsc.core.settings import Settings
from graphsc.service import open_paths
from graphsc.service.report.content import Change, Contents
from graphsc.service.report.document import ReportOptions, report
from graphsc.service.report.earlier_report import EarlierError, earlier

SETTINGS = Settings(as_of=date(2025, 6, 15))
K = "https://k.example/"


def folder(tmp_path: Path, name: str, text: str) -> Path:
    made = tmp_path / name
    made.mkdir()
    (made / "k.yaml").write_text(text, encoding="utf-8")
    return made


def compared(old: Path, new: Path, party: str | None = None) -> Contents:
    return report(open_paths([new], SETTINGS), ReportOptions(quarters=0, before=earlier(old, SETTINGS), party=party))


def changes(made: Contents) -> dict[str, Change | None]:
    return {item.finding.code: item.change for group in made.groups for item in group.items}


MENDED = BROKEN.replace(
    "- {id: LU, leverandør: U, start: 2024-06-01}", "- {id: LU, leverandør: U, start: 2024-06-01, viderefører: [R1]}"
)


@pytest.mark.exhaustive
@pytest.mark.parametrize("form", ["json", "folder"])
def test_new_gone_and_still(form: str, tmp_path: Path) -> None:
    old, new = folder(tmp_path, "old", BROKEN), folder(tmp_path, "new", MENDED)
    if form == "json":
        file = tmp_path / "old.json"
        run("validate", str(old), *AS_OF, "-f", "json", "-o", str(file))
        old = file
    made = compared(old, new)
    assert changes(made) == {"SUB001": Change.STILL}
    assert made.since is not None
    assert (made.since.new, made.since.still, [finding.code for finding in made.since.gone]) == (0, 1, ["FLW001"])
    assert "2025-06-15" in made.since.name.da or "old" in made.since.name.da
    back = compared(new, folder(tmp_path, "back", BROKEN))
    assert changes(back) == {"SUB001": Change.STILL, "FLW001": Change.NEW}


def test_nothing_changes_where_nothing_did(tmp_path: Path) -> None:
    one = folder(tmp_path, "one", BROKEN)
    made = compared(one, folder(tmp_path, "same", BROKEN))
    assert set(changes(made).values()) == {Change.STILL}
    assert made.since is not None
    assert (made.since.new, made.since.gone) == (0, ())


def test_a_finding_that_is_accepted_now_is_gone_and_says_so(tmp_path: Path) -> None:
    accepted = BROKEN + (
        "personer: [P]\nroller: [{person: P, rolle: ledelsen, hos: K, gælder: K, fra: 2020-01-01}]\n"
        "accepterede fund: [{id: A, regel: SUB001, genstand: LU, begrundelse: Kendt., accepteret af: P, udløber: 2026-01-01}]\n"
    )
    made = compared(folder(tmp_path, "old", BROKEN), folder(tmp_path, "new", accepted))
    assert made.since is not None
    assert [(finding.code, finding.accepted) for finding in made.since.gone] == [("SUB001", True)]


def test_what_changed_for_others_is_not_told(tmp_path: Path) -> None:
    other = BROKEN + (
        "  - {id: XL, kunde: X, leverandør: Y, periode: 2024-04-01/2028-03-31, registre: [underleverandører],\n"
        "     underleverandører: [{id: XU, leverandør: Z, start: 2024-06-01}]}\n"
    )
    made = compared(folder(tmp_path, "old", other), folder(tmp_path, "new", MENDED), K + "L")
    assert made.since is not None
    assert [finding.code for finding in made.since.gone] == ["FLW001"]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        ("{", ":1:2", "is not valid JSON here"),
        ("[]", ":1:1", "is not the findings of graphsc validate"),
        ('{"schema": "graphsc.baseline/1"}', ":1:1", "is not the findings of graphsc validate"),
        ('{"schema": "graphsc.findings/1"}', "", "a finding or a field is missing or wrong: 'asOf'"),
        (
            '{"schema": "graphsc.findings/1", "asOf": "2025-01-01", "partial": false, "findings": [{"code": 3}]}',
            "",
            "missing or wrong",
        ),
        (b"\xff", "", "is not UTF-8"),
        (None, "", "cannot be read: No such file"),
    ],
)
def test_what_is_no_earlier_report(content: str | bytes | None, place: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    new = folder(tmp_path, "new", CLEAN)
    result = run("report", str(new), *AS_OF, "--since", str(file), "--trend", "0")
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{file.as_posix()}{place}: error[since-unreadable]: --since: ")
    assert said in line


def test_an_empty_folder_is_no_earlier_report(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(EarlierError):
        earlier(empty, SETTINGS)


def test_a_partial_earlier_report_is_said_to_be(tmp_path: Path) -> None:
    new = folder(tmp_path, "new", BROKEN)
    file = tmp_path / "old.json"
    document = json.loads(run("validate", str(new), *AS_OF, "-f", "json").stdout)
    file.write_text(json.dumps({**document, "partial": True}), encoding="utf-8")
    result = run("report", str(new), *AS_OF, "--since", str(file), "--trend", "0")
    assert result.exit_code == 0
    assert "Some input could not be read then" in Reader(result.stdout).text
