"""Each rule has a case that conforms and one that differs from it by a single fact, with the exact findings.

The cases are judged all together, which is as quick as one of them; also in small groups, and by pySHACL: nothing may come of that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import isqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from case_batches import CASES, IN_PARTS, MERGEABLE, PARTS_TWICE, Variant, everything, open_together, text_of
from case_files import Case, read_case, violating
from judged_questions import disagreements

from graphsc.coverage.checks import Checked, checks
from graphsc.graph.dataset import Dataset
from graphsc.service import Opened, validate
from graphsc.validation import Finding, Report, Rule
from graphsc.validation.engine import focus_counts, judge
from graphsc.validation.shapes import compile_shapes

MINISTRY = re.compile(r"tilsynsførende ministerium|supervising ministry")
# Whose findings name no organisation that must act, and why there is none to name.
NOBODY = {
    "ACC001": "that no one is accountable for the system is what is wrong",
    "AGR003": "that the agreement has no customer is what is wrong",
    "AGR004": "whose chain it is in is what is not recorded",
    "CHN001": "a chain in a circle hangs under no customer",
    "DAT008": "that it concerns nothing, and so is nobody's, is what is wrong",
    "DAT009": "things of every kind: whoever wrote it down twice mends it",
    "DAT010": "things of every kind: whoever wrote it down twice mends it",
    "DAT012": "things of every kind: whoever gave two things one id mends it",
    "DAT013": "things of every kind: whoever wrote the number mends it",
    "DAT014": "whoever keeps the data mends it, be it the unit or one of its suppliers'",
    "DAT019": "whose it is, is what is not recorded",
    "DAT021": "where the person is employed is what is not recorded",
    "IDN001": "whoever keeps the data mends it, and is not the party that has two names",
    "IDN002": "whoever keeps the data mends it, and is neither of the parties",
    "MEA001": "the limit is set for all who buy, not for one of them",
    "MEA002": "the limit is set for all who buy, not for one of them",
    "MEA003": "the limit is set for society, not for one party",
    "ANS001": "what it is about is what may not be recorded",
    "REG002": "a fact about a party or a system that many buy from or use",
    "WVR001": "a waiver names its approver, not for whom",
    "WVR002": "a waiver names its approver, not for whom",
}
NOT_ALWAYS = {"DAT001-approval", "DAT001-deadline", "DAT001-role"}
"""Cases of a rule that names the customer, where the thing is no agreement and has none."""
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@cache
def alone(case: Case, variant: Variant) -> tuple[Report, dict[str, Rule]]:
    """A case on its own, judged once for all tests."""
    with TemporaryDirectory() as folder:
        return validate(case.open(Path(folder), text_of(case, variant)))


@dataclass(frozen=True)
class Batch:
    """Cases that were opened and judged as one graph; the findings also by the base of their case."""

    opened: Opened
    report: Report
    rules: dict[str, Rule]
    findings: dict[str, list[Finding]]


@cache
def together(variant: Variant) -> Batch:
    """All cases that can be one graph, judged once for all tests."""
    with TemporaryDirectory() as folder:
        opened = open_together(MERGEABLE, variant, Path(folder))
        report, rules = validate(opened)
    return Batch(opened, report, rules, by_case(MERGEABLE, report))


def by_case(cases: Sequence[Case], report: Report) -> dict[str, list[Finding]]:
    """The findings of cases that were judged as one graph, by the base of their case."""
    findings: dict[str, list[Finding]] = {case.base: [] for case in cases}
    for finding in report.findings:
        findings[next(base for base in findings if finding.subject.startswith(base))].append(finding)
    return findings


def judged(case: Case, variant: Variant) -> tuple[list[str], list[Finding], dict[str, Rule]]:
    """What is wrong with the text of a case, its findings and the rules."""
    if case.mergeable:
        batch = together(variant)
        report, rules, findings = batch.report, batch.rules, batch.findings[case.base]
    else:
        report, rules = alone(case, variant)
        findings = list(report.findings)
    here = (problem for problem in report.problems if Path(problem.location.file).stem == case.name)
    return [f"line {problem.location.line}: {problem.message.en}" for problem in here], findings, rules


def standing(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that no waiver hides."""
    return [finding for finding in findings if finding.waived is None]


# ---------------------------------------------------------------------- one by one


@each_case
def test_the_conforming_case_has_no_findings(case: Case) -> None:
    problems, findings, _ = judged(case, "conforming")
    assert problems == []
    assert [str(case.as_expected(finding)) for finding in standing(findings)] == []


@each_case
def test_the_violating_case_has_exactly_the_findings_it_names(case: Case) -> None:
    problems, findings, rules = judged(case, "violating")
    assert problems == []
    assert sorted(str(case.as_expected(finding)) for finding in standing(findings)) == sorted(map(str, case.expected))
    for finding in findings:
        assert finding.statements == rules[finding.code].statements
        assert finding.severity == rules[finding.code].severity or finding.shape.endswith("/late")
        assert finding.statements
        for text in (finding.message.da, finding.message.en, finding.remedy.da, finding.remedy.en):
            assert text.strip()
            assert "{" not in text, "a placeholder was not filled"


@pytest.mark.parametrize("variant", ["conforming", "violating"])
def test_questions_about_what_rules_judge_name_what_the_rules_find(variant: Variant) -> None:
    batch = together(variant)
    assert disagreements(batch.opened, batch.report) == {}


@each_case
def test_the_case_is_about_its_own_rule(case: Case) -> None:
    assert case.code in {expected.code for expected in case.expected}


@each_case
def test_the_finding_names_who_must_act(case: Case) -> None:
    _, findings, _ = judged(case, "violating")
    unnamed = {finding.actor.organisation is None for finding in findings if finding.code == case.code}
    assert unnamed == {case.code in NOBODY or case.name in NOT_ALWAYS}


@each_case
def test_one_fact_makes_the_difference(case: Case) -> None:
    lines = zip(case.conforming.splitlines(), case.violating.splitlines(), strict=True)
    differing = [number for number, (one, other) in enumerate(lines, 1) if one != other]
    assert differing
    assert differing == list(range(differing[0], differing[-1] + 1)), "the fact does not stand in one place"


def test_the_story_comes_first() -> None:
    for case in CASES:
        head = case.conforming.partition("\nbase: ")[0].splitlines()
        assert re.match(r"# [A-ZÆØÅ0-9].*[a-z]", head[0]), case.name
        assert not head[0].startswith(("# finds", "# at", "# as-of")), case.name


def test_bases_and_names_are_all_different() -> None:
    assert len({case.base for case in CASES}) == len(CASES)


# ---------------------------------------------------------------------- all together


@pytest.mark.exhaustive
@pytest.mark.parametrize("variant", ["conforming", "violating"])
@pytest.mark.parametrize("digit", [0, 1])
def test_a_case_is_judged_alike_whichever_are_beside_it(variant: Variant, digit: int, tmp_path: Path) -> None:
    """The cases stand in a square: any two are apart by its rows or by its columns, so that none needs another."""
    among_all, side = together(variant).findings, isqrt(len(MERGEABLE) - 1) + 1
    for one in range(side):
        cases = [case for number, case in enumerate(MERGEABLE) if divmod(number, side)[digit] == one]
        (folder := tmp_path / str(one)).mkdir()
        report, _ = validate(open_together(cases, variant, folder))
        assert report.problems == ()
        here = by_case(cases, report)
        for case in cases:
            if not MINISTRY.search(
                text_of(case, variant)
            ):  # there is one ministry; together there are as many as cases with one
                assert list(map(everything, among_all[case.base])) == list(map(everything, here[case.base])), case.name


# ---------------------------------------------------------------------- by pySHACL

_SH = "http://www.w3.org/ns/shacl#"
Row = tuple[str, str | None, str | None, str, str, str]
"""Focus node, path, value, component, severity and source shape of a SHACL result."""


@pytest.mark.exhaustive
@pytest.mark.parametrize(("number", "variant"), PARTS_TWICE)
def test_pyshacl_gives_the_same_results_and_findings(
    number: int, variant: Variant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyshacl = pytest.importorskip("pyshacl")
    run, runs = pyshacl.validate, []

    def noted(*graphs: Any, **options: Any) -> Any:
        outcome = run(*graphs, **options)
        runs.append((options["shacl_graph"], outcome[1]))
        return outcome

    monkeypatch.setattr(pyshacl, "validate", noted)
    opened = open_together(IN_PARTS[number], variant, tmp_path)
    report, _ = validate(opened)
    oracle, _ = validate(opened, engine="pyshacl")
    assert list(map(everything, oracle.findings)) == list(map(everything, report.findings))
    assert oracle.problems == report.problems == ()
    ((shapes, results),) = runs
    from rdflib import URIRef

    counted = {
        str(node)
        for name in ("Class", "SubjectsOf", "ObjectsOf")
        for node in shapes.subjects(URIRef(f"{_SH}target{name}"))
    }
    assert oracle_results(shapes, results) == compiled_results(opened.dataset, counted)


def compiled_results(dataset: Dataset, only: set[str] | None = None) -> Counter[Row]:
    """What the compiled shapes (some of them) give on a dataset."""
    known = compile_shapes(dataset)
    shapes = [shape for shape in known.shapes if only is None or shape.iri in only]
    assert known.refused == {}
    return Counter(
        (
            str(result.focus),
            None if result.constraint.path_node is None else result.constraint.path_node.value,
            None if result.value is None else str(result.value),
            result.constraint.component,
            result.constraint.severity,
            result.shape.iri,
        )
        for result in judge(dataset, shapes, focus_counts(dataset, shapes))
    )


def oracle_results(shapes: Any, report: Any) -> Counter[Row]:
    """What pySHACL says, read from its own report and nothing else."""
    from rdflib import RDF, Namespace

    sh = Namespace(_SH)
    around = {inner: owner for owner, inner in shapes.subject_objects(sh.property)}
    counts: Counter[Row] = Counter()
    for result in report.subjects(RDF.type, sh.ValidationResult):
        path, value = report.value(result, sh.resultPath), report.value(result, sh.value)
        shape = report.value(result, sh.sourceShape)
        counts[
            report.value(result, sh.focusNode).n3(),
            None if path is None else str(path),
            None if value is None else value.n3(),
            str(report.value(result, sh.sourceConstraintComponent)),
            str(report.value(result, sh.resultSeverity)),
            str(around.get(shape, shape)),
        ] += 1
    return counts


def test_every_shape_has_a_finding_in_some_case() -> None:
    shapes = {shape.iri for shape in compile_shapes(together("violating").opened.dataset).shapes}
    violated = {finding.shape for case in CASES for finding in judged(case, "violating")[1]}
    assert sorted(iri for iri in shapes - violated if not iri.endswith("/late")) == []


def test_each_rule_can_be_met_by_what_its_own_case_records() -> None:
    """A rule whose pattern only matches what is wrong would never count as met; its query has to say what it looks at."""
    batch = together("conforming")
    met = {
        check.rule
        for check in checks(batch.opened.dataset, batch.report, batch.rules, {})
        if check.outcome is Checked.MET
    }
    tried = {case.code for case in MERGEABLE} & {outcome.code for outcome in batch.report.rules}
    judging = {code for code in tried if batch.rules[code].severity != "note" and not batch.rules[code].of_records}
    assert judging - met == set()


# ---------------------------------------------------------------------- how a case file is read


def test_what_the_marks_mean() -> None:
    text = "a: 1\nb: 2  #-\n  #+ c: 3\n  # d: 4\n#+ e: 5\n"
    assert violating(text) == "a: 1\n#\n  c: 3\n  # d: 4\ne: 5\n"


def test_a_place_must_be_given_without_doubt(tmp_path: Path) -> None:
    file = tmp_path / "SUB001.yaml"
    head = "# A story.\n# finds: SUB001 a b c\n# at: id: x\n\nbase: https://x.example/\n"
    file.write_text(f"{head}- id: x\n- id: x/1\n- id: x-2  #-\n", encoding="utf-8")
    (expected,) = read_case(file).expected
    assert (expected.subject, expected.value, expected.line) == ("a", "b c", 6)
    for lines, count in (("- id: x  #-\n", 0), ("- id: x\n- id: x\n", 2)):
        file.write_text(head + lines, encoding="utf-8")
        with pytest.raises(ValueError, match=f"stands on {count} lines"):
            read_case(file)


def test_a_case_without_base_or_findings_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "SUB001.yaml"
    for text in ("# finds: SUB001 a\n", "base: https://x.example/\n"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match="no base or finds nothing"):
            read_case(file)
