"""What a finding says to write is right: pasted beside the violating case, it makes the finding go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from case_files import Case, all_cases

from graphsc.core.text import Language, Text
from graphsc.service import open_paths, validate
from graphsc.validation import Finding, Report, Rule
from graphsc.validation.examples import example, lines, scalar, together

pytestmark = pytest.mark.exhaustive

CASES = [case for case in all_cases() if case.mergeable]
NOTHING_TO_ADD = {
    "ACC002", "CHN001", "CHN002", "FRM003", "FRM004", "IDN001", "IDN002", "PHA001", "PLN016", "REQ030", "ROL002", "RSK007", "RSK026", "SIT012", "SMT001",
    "SMT002", "SMT003", "SMT004", "SMT005", "SMT006", "SMT009", "SPL004", "SUB003", "SUB009", "SUB021", "TND001", "TND002", "TRF002",
    "WVR001",
}  # fmt: skip
"""The rules where something that is written must change, or where what to do is left open."""
CHANGED = {
    "CRT005-system", "DEV003-other-agreement", "DEV003-system", "DSP001-other-agreement", "RSK003-assessed", "RSK006-other",
    "SIT009-other-system", "SPL002-other-agreement", "WVR002-supplier",
}  # fmt: skip
"""Cases in which what is written must change, though the rule can be met by adding elsewhere."""
_PLACEHOLDER = re.compile(r"<([^<>]+)>")


_FILLED = {
    "dato": "", "nyt id": "ny/ting", "navn": "Ny ting", "tekst": "Leverandøren melder det inden for fire timer.", "journalnummer": "26-1187",
    "begrundelse": "Det er aftalt.", "person": "person/ny", "organisation": "org/ny", "leverandør": "org/ny",
    "kunde": "org/ny", "tal": "1", "periode, fx P1Y": "P1Y", "ja eller nej": "ja", "proces": "proces/ny", "risiko": "konkurs",
    "bilag og afsnit eller link": "bilag 14 afsnit 3", "standard": "ISO/IEC 27002", "rolle": "jura", "emne": "beredskab", "kompetencer": "juridiske",
    "indkøbsform": "udbud", "kritikalitet": "almindelig", "overførselsgrundlag": "undtagelse efter artikel 49",
}  # fmt: skip
"""What takes the place of a placeholder where the case says nothing else."""
_NEW = "personer: [person/ny]\norganisationer: [org/ny]\nprocesser: [proces/ny]\n"


def values_of(case: Case, names: list[str], date: str) -> list[str]:
    """What takes the place of placeholders, by their Danish names."""
    likewise = {name: value for other in CASES if other.code == case.code for name, value in other.fills}
    given = {**_FILLED, "dato": date, **likewise, **dict(case.fills)}
    return [name.split(" | ")[0] if " | " in name else given.get(name, f"<{name}>") for name in names]


def filled(case: Case, text: Text, date: str) -> Text:
    """An example whose placeholders are filled in, each alike in both languages."""
    values = values_of(case, _PLACEHOLDER.findall(text.da), date)

    def whole(language: Language) -> str:
        rest = iter(values)
        return _PLACEHOLDER.sub(lambda _: next(rest), text[language])

    return Text.per_language(whole)


def read(files: Mapping[str, str]) -> tuple[Report, dict[str, Rule]]:
    """Files by name, judged together."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        return validate(open_paths([Path(folder)], CASES[0].settings))


def key(finding: Finding) -> tuple[str, str, str | None]:
    return finding.code, finding.subject, finding.value


@cache
def examples() -> dict[str, dict[tuple[str, str, str | None], Text]]:
    """What the findings of each violating case say to write."""
    report, rules = read({f"{case.name}.yaml": case.violating for case in CASES})
    texts: dict[str, dict[tuple[str, str, str | None], Text]] = {case.name: {} for case in CASES}
    for finding in report.findings:
        case = next(case for case in CASES if finding.subject.startswith(case.base))
        if finding.group is None and finding.code == case.code:
            in_language = {
                language: "\n".join(lines(together(example(rules[finding.code], finding, case.base, language))))
                for language in Language
            }
            texts[case.name][key(finding)] = Text.per_language(in_language.__getitem__)
    return texts


@cache
def remaining(date: str) -> tuple[set[tuple[str, str, str | None]], dict[str, list[str]]]:
    """The findings left when each case has its examples, with a date, beside it; and what could not be read, by file."""
    files = {f"{case.name}.yaml": case.violating for case in CASES}
    for case in CASES:
        for number, text in enumerate(examples()[case.name].values()):
            written = filled(case, text, date or case.as_of.isoformat()).da
            new = "\n".join(line for line in _NEW.splitlines() if line.split("[")[1].strip("]") in written)
            files[f"{case.name}.{number}.yaml"] = f"base: {case.base}\n{written}\n"
            files[f"{case.name}.{number}.new.yaml"] = f"base: {case.base}\n{new}\n"
    report, _ = read(files)
    problems: dict[str, list[str]] = {}
    for problem in report.problems:
        problems.setdefault(Path(problem.location.file).name.partition(".")[0], []).append(problem.message.en)
    return {key(finding) for finding in report.findings}, problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_written_as_the_example_says_makes_the_finding_go(case: Case) -> None:
    """Some things must be done by today, others were to be done before the agreement was signed."""
    texts = {finding: text for finding, text in examples()[case.name].items() if text.da}
    if not texts or case.name in CHANGED:
        return
    assert all(text.en for text in texts.values())
    left_by_date = [remaining(date) for date in ("", "2024-01-01", "2025-08-06")]
    assert any(case.name not in problems for _, problems in left_by_date), left_by_date[0][1][case.name]
    assert any(not texts.keys() & left for left, _ in left_by_date)


def test_every_rule_has_an_example_but_none_where_something_written_must_change() -> None:
    given = {case.code for case in CASES if any(text.da for text in examples()[case.name].values())}
    assert given & NOTHING_TO_ADD == set()
    codes = {case.code for case in CASES if not case.code.startswith("DAT")} - NOTHING_TO_ADD
    assert codes - given == set()


def test_both_languages_say_the_same() -> None:
    """The examples read to the same statements, whichever language they are in."""

    def statements(language: Language) -> set[str]:
        files = {}
        with TemporaryDirectory() as folder:
            for case in CASES:
                for number, text in enumerate(examples()[case.name].values()):
                    written = filled(case, text, "2024-01-01")[language]
                    files[f"{case.name}-{number}.yaml"] = f"base: {case.base}\n{written}\n"
            for name, content in files.items():
                Path(folder, name).write_text(content, encoding="utf-8")
            sources = open_paths([Path(folder)], CASES[0].settings).sources
        return {str(quad.triple) for source in sources.sources for quad in source.asserted()}

    assert statements(Language.DA) == statements(Language.EN)


def test_a_value_that_could_be_read_as_another_stands_in_quotes() -> None:
    assert scalar("krav/log") == "krav/log"
    assert scalar("2026-01-01") == "2026-01-01"
    assert scalar("nej") == '"nej"'
    assert scalar("a: b, {c}") == '"a: b, {c}"'
    assert scalar('"\n- x') == r'"\"\n- x"'
