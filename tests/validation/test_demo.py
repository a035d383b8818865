"""The demo authority: clean means clean, and the demo has exactly the problems that its page tells of."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import authority
import jsonschema
import mended
import pytest
import yaml
from command import run
from pyoxigraph import RdfFormat, Triple, serialize
from repository import REPOSITORY
from stdnum.dk import cvr

from graphsc.core.resources import knowledge
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import ROOT as W3ID
from graphsc.rendering import FORMATS, render
from graphsc.service import Opened, open_paths, validate
from graphsc.validation import Finding, Report, Rule

DATA = REPOSITORY / "data"
DEMO, CLEAN = DATA / "demo", mended.mended()
AS_OF = date(2026, 11, 25)
BASE = "https://nordlys.example/"
PREFIXES = "PREFIX g: <https://w3id.org/graphsc/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
CONCEPTS = ("activity", "clause", "register", "role")


@dataclass(frozen=True)
class Judged:
    """A folder that was opened and validated."""

    opened: Opened
    report: Report
    rules: dict[str, Rule]


def judge(*paths: Path, **settings: Any) -> Judged:
    opened = open_paths(paths, Settings(as_of=AS_OF, **settings))
    report, rules = validate(opened)
    return Judged(opened, report, rules)


@cache
def judged(folder: Path) -> Judged:
    return Judged(authority.opened(), *authority.judged()) if folder == DEMO else judge(folder)


def test_every_shape_is_judged_by_its_plan() -> None:
    """What falls to pySHACL is judged all the same, but takes as long as all the others together."""
    assert {outcome.engine for outcome in judged(DEMO).report.rules} == {"compiled"}


def rows(folder: Path, query: str) -> list[dict[str, str]]:
    """The rows of a SELECT over the derived dataset of a folder, as plain text."""
    solutions = judged(folder).opened.dataset.select(PREFIXES + query)
    return [{name: getattr(term, "value", "") for name, term in row.items()} for row in solutions]


def files(folder: Path, *suffixes: str) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in suffixes)


# ---------------------------------------------------------------------- the page against the findings


@dataclass(frozen=True, order=True)
class Problem:
    """One row of PROBLEMS.md, or the same of a finding."""

    code: str
    severity: str
    subject: str
    value: str
    state: str


def whole(short: str) -> str:
    """The IRI that the page shortens; empty for the dash that stands for no value."""
    text = short.strip().strip("`")
    if text == "-":
        return ""
    prefix, _, name = text.partition(":")
    return f"{W3ID}{prefix}/{name}" if prefix in CONCEPTS else BASE + text


def documented() -> list[tuple[str, Problem]]:
    """The file and the problem of each row of the table."""
    problems: list[tuple[str, Problem]] = []
    for line in (DEMO / "PROBLEMS.md").read_text(encoding="utf-8").splitlines():
        if re.match(r"\| \d+ \|", line):
            number, _, file, code, severity, subject, value, state = line.strip("| ").split(" | ")
            assert int(number) == len(problems) + 1
            problems.append((file.strip("`"), Problem(code, severity, whole(subject), whole(value), state)))
    return problems


def state(finding: Finding) -> str:
    if finding.waived is not None:
        return f"waived until {finding.waived.until}"
    if finding.expired is not None:
        return f"back since {finding.expired.until}"
    return "not recorded" if finding.group is not None else "counts"


def test_the_findings_are_those_of_the_page() -> None:
    findings = [Problem(f.code, f.severity, f.subject, f.value or "", state(f)) for f in judged(DEMO).report.findings]
    assert sorted(findings) == sorted(problem for _, problem in documented())
    assert len(findings) == 26
    assert judged(DEMO).report.problems == ()


def test_the_page_says_where_each_problem_was_made() -> None:
    mends = tomllib.loads((DATA / "demo-mended.toml").read_text(encoding="utf-8"))["mend"]
    assert {(mend["problem"], mend["file"]) for mend in mends} == {
        (number, file) for number, (file, _) in enumerate(documented(), 1)
    }


@pytest.mark.exhaustive
@pytest.mark.parametrize("number", range(1, 27))
def test_mending_a_problem_ends_its_finding_and_no_other(number: int, tmp_path: Path) -> None:
    """Where the finding was accepted, the acceptance is said to be for nothing."""
    mended.write(tmp_path / "demo", [number])
    _, problem = documented()[number - 1]
    before, left = (
        {(finding.code, finding.subject, finding.value or "") for finding in findings}
        for findings in (judged(DEMO).report.findings, judge(tmp_path / "demo").report.findings)
    )
    needless = {finding for finding in left if finding[0] == "WVR001"}
    assert left - needless == before - {(problem.code, problem.subject, problem.value)}
    assert len(needless) == problem.state.startswith(("waived", "back"))


def test_consequences_hang_on_their_cause() -> None:
    below = {f.code: f.consequences for f in judged(DEMO).report.findings if f.consequences}
    assert below == {"FLW001": (BASE + "underleverance/koeling",), "REG001": (BASE + "kontrakt/tryk-2024",)}


def test_each_finding_is_found_where_its_subject_is_written() -> None:
    for finding in judged(DEMO).report.findings:
        if finding.group is not None:
            continue
        place = finding.location
        assert place is not None
        assert place.line is not None
        line = Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
        assert finding.subject.removeprefix(BASE) in line, finding.code


def test_each_finding_reads_well_in_both_languages() -> None:
    for finding in judged(DEMO).report.findings:
        assert finding.statements, finding.code
        assert finding.actor.role, finding.code
        for language in Language:
            text = finding.message[language] + finding.remedy[language]
            assert "{?" not in text
            assert "://" not in text, "everything that a message names has a name"


# ---------------------------------------------------------------------- the clean folder


def test_clean_is_clean() -> None:
    report = judged(CLEAN).report
    assert report.problems == ()
    assert report.findings == ()


def test_every_rule_has_something_to_check_in_the_clean_folder() -> None:
    generous = {"hhi-critical-systems": 10_000, "share-of-critical-systems": 1, "single-points": 100}
    report = judge(CLEAN, limits=generous).report
    outcomes = report.rules
    assert (report.problems, report.findings) == ((), ())
    assert [o.code for o in outcomes if o.focus == 0 or o.not_checked is not None] == []
    assert {o.code for o in outcomes} == {code for code in judged(CLEAN).rules if not code.startswith("WVR")}


def test_every_situation_has_a_subject_in_the_clean_folder() -> None:
    pattern = "{ ?shape <http://www.w3.org/ns/shacl#targetClass> ?class } UNION { ?obligation g:appliesTo ?class }"
    empty = rows(CLEAN, f"SELECT DISTINCT ?class WHERE {{ {pattern} FILTER NOT EXISTS {{ ?subject a ?class }} }}")
    assert empty == []


# ---------------------------------------------------------------------- the story


def test_the_size_of_the_story() -> None:
    def count(what: str) -> int:
        return len(rows(CLEAN, f"SELECT DISTINCT ?thing WHERE {{ {what} }}"))

    authority = f"g:customer <{BASE}org/nordlysstyrelsen>"
    assert count(f"?agreement a g:RootAgreement ; {authority} ; g:supplier ?thing") == 13  # 12 and Statens IT
    assert count("?agreement a g:Subcontract ; g:supplier ?thing") == 25
    assert count("?thing a g:ITSystem") == 30
    assert count(f"?thing a g:ITSystem ; g:criticality <{W3ID}criticality/society-critical>") == 4
    assert count("?link a g:ChainLink ; g:tier ?thing") == 4
    assert count("?delivery g:operatingModel ?thing") == 2
    assert count(f"?agreement {authority} ; g:underFramework ?frame . ?frame g:owner ?thing") == 2
    assert count("?organisation g:ownerGroup ?thing") == 2


def test_a_company_is_reached_by_three_ways() -> None:
    ways: dict[str, set[str]] = defaultdict(set)
    for row in rows(
        CLEAN,
        f"""SELECT DISTINCT ?party ?first WHERE {{
              ?root g:customer <{BASE}org/nordlysstyrelsen> ; g:supplier ?first .
              ?link g:root ?root ; g:agreement ?agreement ; g:parentLink ?above . ?agreement g:supplier ?party }}""",
    ):
        ways[row["party"]].add(row["first"].removeprefix(BASE))
    assert {party: first for party, first in ways.items() if len(first) > 2} == {
        BASE + "org/kobberskum-datacenter": {"org/taagehorn-drift", "org/hedelaerke-data", "org/marehalmsvig-net"}
    }


def test_a_hosting_contract_serves_two_customers() -> None:
    answer = rows(
        CLEAN,
        f"""SELECT DISTINCT ?customer WHERE {{
              ?link g:agreement <{BASE}underleverance/hosting> ; g:root ?root . ?root g:customer ?customer }}""",
    )
    assert sorted(row["customer"].removeprefix(BASE) for row in answer) == [
        "org/nordlysstyrelsen",
        "org/sandvig-kommune",
    ]


def test_a_system_is_served_by_either_of_two_suppliers() -> None:
    answer = rows(
        CLEAN,
        """SELECT DISTINCT ?system ?k ?supplier WHERE {
             ?system g:needs ?group . ?group g:atLeast ?k ; g:member ?agreement . ?agreement g:supplier ?supplier ; g:serves ?system }""",
    )
    assert {row["system"] for row in answer} == {BASE + "system/varsling"}
    assert {row["k"] for row in answer} == {"1"}
    assert len(answer) == 2


def test_people_are_pseudonyms() -> None:
    persons = rows(CLEAN, "SELECT DISTINCT ?person WHERE { ?person a g:Person }")
    assert all(re.fullmatch(BASE + r"person/p\d\d", row["person"]) for row in persons)
    assert rows(CLEAN, "SELECT ?name WHERE { ?person a g:Person ; rdfs:label ?name }") == []


def test_two_years_of_evidence() -> None:
    for year in (2025, 2026):
        kinds = rows(
            CLEAN,
            f"""SELECT DISTINCT ?kind WHERE {{
                  ?activity a g:Activity ; g:kind ?kind ; g:date ?date . FILTER(STRSTARTS(STR(?date), "{year}")) }}""",
        )
        names = {row["kind"].removeprefix(W3ID + "activity/") for row in kinds}
        assert {"risk-assessment", "supervision", "contract-review", "risk-input", "fm-report"} <= names


def test_no_number_belongs_to_anyone() -> None:
    """The numbers have a valid check digit, but begin with 99, which the register does not give out."""
    numbers = [row["number"] for row in rows(DEMO, "SELECT ?number WHERE { ?organisation g:cvr ?number }")]
    assert len(numbers) == len(set(numbers)) > 20
    assert all(number.startswith("99") and cvr.is_valid(number) for number in numbers)


# ---------------------------------------------------------------------- the format


class PlainLoader(yaml.SafeLoader):
    """Reads dates as the text they are written as, which is what a JSON Schema judges."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def validator() -> Any:
    return jsonschema.Draft202012Validator(json.loads(knowledge("ontology/graphsc.schema.json").read_bytes()))


@pytest.mark.parametrize(
    "path", [*files(CLEAN, ".yaml"), *files(DEMO, ".yaml")], ids=lambda path: "/".join(path.parts[-2:])
)
def test_files_follow_the_schema(path: Path) -> None:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader)
    assert [f"{error.json_path}: {error.message[:200]}" for error in validator().iter_errors(document)] == []


# ---------------------------------------------------------------------- the same output every time


def renderings(done: Judged, base: Path) -> Iterator[tuple[str, str]]:
    """The report in every format and both languages, with the name of each."""
    for name in FORMATS:
        for language in Language:
            text = render(name, done.report, done.rules, language=language, base=base, root=base, show_waived=True)
            yield f"{name} {language}", text


@pytest.mark.exhaustive
def test_doubling_every_triple_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder)
    once = judge(folder)
    triples = sorted(
        {
            Triple(quad.subject, quad.predicate, quad.object)
            for source in once.opened.sources.sources
            for quad in source.asserted()
        },
        key=str,
    )
    double = tmp_path / "double.nt"
    serialize(triples, double, RdfFormat.N_TRIPLES)
    twice = judge(folder, double)
    assert len(twice.report.inputs) == len(once.report.inputs) + 1
    assert twice.report.findings == once.report.findings
    same = replace(twice, report=replace(twice.report, inputs=once.report.inputs))
    for (name, first), (_, second) in zip(renderings(once, tmp_path), renderings(same, tmp_path), strict=True):
        assert first == second, name


SCRIPT = """
from test_demo import DEMO, judge, renderings
for name, text in renderings(judge(DEMO), DEMO):
    print("#", name)
    print(text)
"""


def test_every_run_gives_the_same_bytes() -> None:
    """Another process, with another order of hashes and another time zone, writes what this one does."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONHASHSEED": "4242",
        "TZ": "Pacific/Auckland",
        "PYTHONIOENCODING": "utf-8",
    }
    other = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True).stdout
    here = "".join(f"# {name}\n{text}\n" for name, text in renderings(judged(DEMO), DEMO)).encode()
    assert other == here
    assert here.count(b"SUB004") > len(FORMATS)


@pytest.mark.exhaustive
def test_pyshacl_agrees() -> None:
    """Of REQ014 it joins the unions for minutes on the demo; like all others that rule is held to pySHACL by its cases."""
    opened = replace(judged(DEMO).opened, settings=replace(judged(DEMO).opened.settings, ignore=("REQ014",)))
    compiled, oracle = (validate(opened, engine=engine)[0] for engine in ("compiled", "pyshacl"))
    assert oracle.findings == compiled.findings
    assert len(oracle.findings) > 20


# ---------------------------------------------------------------------- the command


@pytest.mark.parametrize(("folder", "status"), [(CLEAN, 0), (DEMO, 1)], ids=["clean", "demo"])
def test_the_command_leaves_with(folder: Path, status: int) -> None:
    done = run("validate", str(folder), "--as-of", AS_OF.isoformat(), "--format", "concise")
    assert done.exit_code == status, done.stderr
