"""Shapes from elsewhere, named on the command line: judged like the rules, and said to be wrong where they are."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from command import AS_OF, BROKEN, CLEAN, run

pytestmark = pytest.mark.exhaustive

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix my: <https://my.example/> .
"""


def judged(
    tmp_path: Path, *shapes: str, record: str = CLEAN, words: tuple[str, ...] = ()
) -> tuple[int, dict[str, Any]]:
    """A record judged by shapes, each text in a file of its own: the exit code and the report."""
    source = tmp_path / "record.yaml"
    source.write_text(record, encoding="utf-8")
    options = []
    for number, text in enumerate(shapes):
        file = tmp_path / f"s{number}.ttl"
        file.write_text(PREFIXES + text, encoding="utf-8")
        options += ["--shapes", str(file)]
    result = run("validate", str(source), *AS_OF, "--format", "json", *options, *words)
    return result.exit_code, json.loads(result.stdout)


def findings_of(report: dict[str, Any]) -> list[tuple[str, str, str | None, str, str]]:
    """Code, severity, value and both messages of each finding."""
    return [
        (finding["code"], finding["severity"], finding["value"], finding["message"]["da"], finding["message"]["en"])
        for finding in report["findings"]
    ]


def test_a_shape_without_words_of_its_own_says_what_it_demands(tmp_path: Path) -> None:
    shape = """
my:Party a sh:NodeShape ; sh:targetObjectsOf g:supplier ;
    sh:property [ sh:path rdfs:label ; sh:maxLength 3 ; sh:severity sh:Warning ] , [ sh:path g:ownerGroup ; sh:minCount 1 ] ."""
    code, report = judged(tmp_path, shape, words=("--select", "Party"))
    assert code == 1
    assert findings_of(report) == [
        ("Party", "breach", None, "Løngang skal have mindst 1 af koncern", "Løngang must have at least 1 of owner group"),
        (
            *("Party", "question", "Løngang"),
            "Løngang må højst have 3 tegn (navn for Løngang)",
            "Løngang must have at most 3 characters (name of Løngang)",
        ),
    ]  # fmt: skip
    assert report["rules"] == [{"code": "Party", "focus": 1, "failed": 1, "engine": "compiled", "notChecked": None}]
    assert [finding["location"]["line"] for finding in report["findings"]] == [2, 2]


def test_a_shape_may_demand_several_things_of_one_subject(tmp_path: Path) -> None:
    shape = """
my:S sh:targetObjectsOf g:supplier ; sh:property [ sh:path my:a ; sh:minCount 1 ] , [ sh:path my:b ; sh:minCount 1 ] ."""
    _, report = judged(tmp_path, shape, words=("--select", "S"))
    assert len(report["findings"]) == len({finding["fingerprint"] for finding in report["findings"]}) == 2


def test_messages_of_a_query_are_filled_from_its_row(tmp_path: Path) -> None:
    shape = """
my:S sh:targetObjectsOf g:supplier ; sh:sparql [ sh:message "{$this} har {?n}"@da , "{?this} has {?n}"@en ; sh:select '''
    SELECT $this (COUNT(?x) AS ?n) WHERE { ?x <https://w3id.org/graphsc/ns#supplier> $this } GROUP BY $this''' ] ."""
    _, report = judged(tmp_path, shape, words=("--select", "S"))
    assert [finding[3:] for finding in findings_of(report)] == [("Løngang har 1", "Løngang has 1")]


@pytest.mark.parametrize(
    ("asked", "code"),
    [("$this g:service ?value", 0), ("SERVICE <http://127.0.0.1:9/> { ?value ?p $this }", 2)],
)
def test_pyshacl_tells_a_property_named_service_from_another_server(asked: str, code: int, tmp_path: Path) -> None:
    shape = f"""
my:S sh:targetSubjectsOf g:supplier ; sh:sparql [ sh:message "har {{?value}}"@da , "has {{?value}}"@en ; sh:select '''
    PREFIX g: <https://w3id.org/graphsc/ns#>
    SELECT $this ?value WHERE {{ {asked} }}''' ] ."""
    result, report = judged(tmp_path, shape, words=("--select", "S", "--pyshacl"))
    assert result == code
    messages = [problem["message"]["en"] for problem in report.get("problems", [])]
    assert bool(messages) is (code == 2)
    assert all("SERVICE" in message for message in messages)


def test_names_of_shapes_that_are_the_same_are_told_apart(tmp_path: Path) -> None:
    shape = "<https://a.example/S> sh:targetObjectsOf g:supplier ; sh:nodeKind sh:Literal .\n"
    _, report = judged(
        tmp_path,
        shape,
        shape.replace("a.example", "b.example"),
        "[] sh:targetObjectsOf g:supplier ; sh:nodeKind sh:Literal .",
    )
    assert [rule["code"] for rule in report["rules"] if rule["code"] in {"S", "S-2", "shape"}] == ["S", "S-2", "shape"]
    assert {finding["code"] for finding in report["findings"]} >= {"S", "S-2", "shape"}


def test_a_shape_without_a_plan_is_judged_by_pyshacl_and_the_report_says_so(tmp_path: Path) -> None:
    pytest.importorskip("pyshacl")
    shape = """
my:Group sh:targetObjectsOf g:supplier ; sh:property [ sh:path g:ownerGroup ; sh:node my:Group ] ; sh:property my:Name .
my:Name sh:path rdfs:label ; sh:pattern "^K" ; sh:message "Navnet er {?value}"@da , "The name is {?value}"@en ."""
    code, report = judged(tmp_path, shape, words=("--select", "Group", "--select", "SUB"), record=BROKEN)
    engines = {rule["code"]: rule["engine"] for rule in report["rules"]}
    assert (code, engines["Group"], engines["SUB001"]) == (1, "pyshacl", "compiled")
    assert [finding[3:] for finding in findings_of(report) if finding[0] == "Group"] == [
        ("Navnet er Løngang", "The name is Løngang"),
        ("Navnet er Ærøskøbing Drift", "The name is Ærøskøbing Drift"),
    ]


def test_without_pyshacl_a_shape_without_a_plan_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "pyshacl.py").write_text("raise ImportError", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "without")
    code, report = judged(
        tmp_path, 'my:S sh:targetObjectsOf g:supplier ; sh:property [ sh:path g:x ; sh:pattern "(?=K)" ] .'
    )
    assert code == 2
    (problem,) = report["problems"]
    assert problem["message"]["en"] == (
        "the shape https://my.example/S cannot be judged: the two engines read its sh:pattern differently, "
        "and pySHACL cannot: pySHACL (graphsc[oracle]) is not installed"
    )


NEVER = {
    "pySHACL": """
my:Other sh:targetObjectsOf g:supplier ; sh:node my:T .
my:T a sh:NodeShape ; sh:node my:Other ; sh:property [ sh:path rdfs:label ; sh:pattern "^(L?ø?n?g?a?n?g?)*!$" ; sh:message "m" ] .""",
    "Oxigraph": """
my:Other sh:targetClass g:Organisation ; sh:sparql [ sh:message "m" ; sh:select """
    """"SELECT $this WHERE { $this ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(CONCAT(STR(?c), STR(?f), STR(?i))) < 0) }" ] .""",
    "the target": """
my:Other sh:property [ sh:path g:x ; sh:maxCount 0 ] ; sh:target [ a sh:SPARQLTarget ; sh:select """
    """"SELECT ?this WHERE { ?this ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(CONCAT(STR(?c), STR(?f), STR(?i))) < 0) }" ] .""",
}


@pytest.mark.parametrize(("name", "engine"), [*((name, "oxigraph") for name in NEVER), ("Oxigraph", "duckdb")])
def test_a_shape_that_keeps_an_engine_for_ever_is_stopped_and_the_others_are_judged(
    name: str, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever runs the shipped rules."""
    pytest.importorskip("duckdb" if engine == "duckdb" else "pyshacl")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "graphsc.toml").write_text("timeout = 3\n", encoding="utf-8")
    quick = "my:Quick sh:targetObjectsOf g:supplier ; sh:property [ sh:path rdfs:label ; sh:maxLength 3 ] ."
    record = CLEAN.replace("Løngang", "Løngang" * 9)
    code, report = judged(
        tmp_path,
        NEVER[name],
        quick,
        words=("--select", "Other", "--select", "Quick", "--engine", engine),
        record=record,
    )
    (problem,) = report["problems"]
    assert (code, problem["location"]["file"].endswith("s0.ttl")) == (2, True)
    assert problem["message"] == {
        "da": "formen https://my.example/Other kan ikke dømmes: den blev stoppet efter 3 sekunder; "
        "gør den snævrere, eller giv den mere tid med timeout i graphsc.toml",
        "en": "the shape https://my.example/Other cannot be judged: it was stopped after 3 seconds; "
        "narrow it, or give it more time with timeout in graphsc.toml",
    }
    assert {finding["code"] for finding in report["findings"]} == {"Quick"}


CROSS = "?k ?l ?b . ?m ?n ?d . ?o ?q ?e FILTER(STRLEN(CONCAT(STR(?b), STR(?d), STR(?e))) < 0)"


@pytest.mark.parametrize(
    "rule",
    [
        f"CONSTRUCT {{ ?a g:specialised true }} WHERE {{ ?a a g:Organisation . {CROSS} }}",
        "CONSTRUCT { ?n a g:Organisation } WHERE { ?s a g:Organisation BIND(IRI(CONCAT(STR(?s), 'x')) AS ?n) }",
    ],
    ids=["a cross product", "one that feeds itself"],
)
@pytest.mark.parametrize("engine", ["oxigraph", "duckdb"])
def test_a_derivation_rule_without_end_is_left_out(
    rule: str, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "duckdb":
        pytest.importorskip("duckdb")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    head = "# reads: g:Organisation\n" if "?k ?l" in rule else ""
    (tmp_path / "own" / "never.rq").write_text(
        f"{head}PREFIX g: <https://w3id.org/graphsc/ns#>\n{rule}", encoding="utf-8"
    )
    (tmp_path / "graphsc.toml").write_text('timeout = 0.5\nknowledge = ["own"]\n', encoding="utf-8")
    code, report = judged(tmp_path, record=BROKEN, words=("--engine", engine))
    (problem,) = report["problems"]
    assert (code, problem["location"]["file"]) == (2, "own/never.rq")
    assert problem["message"]["en"].startswith("the rule never cannot be used: it was stopped after 0.5 seconds;")
    assert "SUB001" in {finding["code"] for finding in report["findings"]}
    asked = run("query", "unapproved-subcontractors", "record.yaml", *AS_OF, "--engine", engine)
    assert (asked.exit_code, "own/never.rq" in asked.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("my:S a sh:NodeShape\n sh:targetClass my:C .", 6, "the file is not valid Turtle: A dot is expected at the end of statements"),
        ("\nmy:S sh:targetClass my:C ; sh:minCuont 1 .", 6, "the shape https://my.example/S cannot be judged: sh:minCuont is not a term of SHACL"),
        ("[] sh:targetClass my:C ; sh:nodeKind sh:Iri .", None, "the shape without a name cannot be judged: its sh:nodeKind is no node kind of SHACL"),
        ("my:S sh:targetClass my:C ; sh:severity sh:Grave .", 5, "a severity is sh:Violation, sh:Warning or sh:Info, not http://www.w3.org/ns/shacl#Grave"),
        ("my:S sh:targetClass my:C ; sh:and my:T .", 5, "the shape https://my.example/S cannot be judged: the value of sh:and is not a list"),
    ],
)  # fmt: skip
def test_a_wrong_shape_gives_one_message_with_its_place(
    tmp_path: Path, text: str, line: int | None, message: str
) -> None:
    code, report = judged(tmp_path, text)
    assert code == 2
    assert [
        (Path(problem["location"]["file"]).name, problem["location"]["line"], problem["message"]["en"])
        for problem in report["problems"]
    ] == [("s0.ttl", line, message)]


def test_a_file_of_shapes_that_is_not_there(tmp_path: Path) -> None:
    source = tmp_path / "record.yaml"
    source.write_text(CLEAN, encoding="utf-8")
    result = run("validate", str(source), *AS_OF, "--shapes", "nowhere.ttl", "--format", "concise")
    assert result.exit_code == 2
    assert "nowhere.ttl: error missing-path nowhere.ttl does not exist" in result.stdout


def test_a_value_may_be_found_fault_with_and_explained(tmp_path: Path) -> None:
    source = tmp_path / "record.yaml"
    source.write_text(CLEAN, encoding="utf-8")
    (tmp_path / "own.ttl").write_text(
        f"{PREFIXES}my:Name sh:targetObjectsOf rdfs:label ; sh:pattern '^K' .", encoding="utf-8"
    )
    (tmp_path / "graphsc.toml").write_text('knowledge = ["own.ttl"]', encoding="utf-8")
    cwd = Path.cwd()
    os.chdir(tmp_path)
    try:
        report = json.loads(run("validate", "record.yaml", *AS_OF, "--format", "json", "--select", "Name").stdout)
        name = next(finding["fingerprint"] for finding in report["findings"] if finding["subject"] == "Løngang")
        assert "Løngang does not match the pattern ^K" in run("explain", name, "record.yaml", *AS_OF).stdout
        page = run("explain", "Name").stdout
    finally:
        os.chdir(cwd)
    assert page == "Name  Name\n\nSeverity: breach\n"
