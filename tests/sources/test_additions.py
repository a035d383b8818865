"""Knowledge of the organisation's own: what is taken in, and what is said of the rest."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command import BROKEN, CLEAN, run

from graphsc import service
from graphsc.core.problems import Unavailable
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import G
from graphsc.sources import own_knowledge as additions

AS_OF = date(2025, 6, 15)
PREFIXES = """\
@prefix my: <https://my.example/> .
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix activity: <https://w3id.org/graphsc/activity/> .
@prefix period: <https://w3id.org/graphsc/period/> .
@prefix par: <https://w3id.org/graphsc/parameter/> .
@prefix register: <https://w3id.org/graphsc/register/> .
@prefix role: <https://w3id.org/graphsc/role/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
DUTY = (
    PREFIXES
    + """
my:drill a skos:Concept ; skos:inScheme <https://w3id.org/graphsc/scheme/activity> ; skos:prefLabel "øvelse"@da , "drill"@en .
my:BigAgreement a owl:Class ; rdfs:label "stor aftale"@da , "big agreement"@en .
my:nis a g:Reference ; rdfs:label "NIS 2"@da , "NIS 2"@en .
my:DRI001 a g:Obligation ; g:code "DRI001" ; rdfs:label "Der er holdt øvelse"@da , "A drill was held"@en ;
    g:appliesTo my:BigAgreement ; g:evidence my:drill ; g:every period:P1Y ;
    g:trigger activity:incident ; g:grace period:P30D ; g:holder g:customer ; g:actingRole role:contract-manager ;
    g:register register:supervision ; g:reference my:nis ; sh:severity sh:Violation ;
    sh:message "{?this} har ingen øvelse"@da , "{?this} has no drill"@en ;
    g:remedy "Hold en øvelse."@da , "Hold a drill."@en .
"""
)
BIG = """\
# title.da: En aftale med et system er stor.
# title.en: An agreement with a system is big.
PREFIX g: <https://w3id.org/graphsc/ns#>
CONSTRUCT { ?a a <https://my.example/BigAgreement> } WHERE { ?a a g:ActiveOutsourcing ; g:serves ?system }
"""
RECORD = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten}, {id: L, navn: Løngang}]
systemer: [{id: S, navn: Sag, ejer: K}]
kontrakter:
  - {id: KL, kunde: K, leverandør: L, start: 2023-01-01, registre: [tilsyn], systemer: [S], aktiviteter: [DRILLS]}
  - {id: KM, kunde: K, leverandør: L, start: 2023-01-01, registre: [tilsyn]}
"""


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., Any]:
    """Writes rules and a record, judges the record by them: subjects of DRI findings, problems, rules."""

    def judge(
        files: dict[str, str | bytes], drills: str = "", as_of: date = AS_OF, select: tuple[str, ...] = ("DRI",)
    ) -> Any:
        folder = tmp_path / "own"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        (tmp_path / "record.yaml").write_text(RECORD.replace("DRILLS", drills), encoding="utf-8")
        settings = Settings(as_of=as_of, knowledge=(str(folder),), select=select)
        opened = service.open_paths([tmp_path / "record.yaml"], settings)
        report, rules = service.validate(opened)
        problems = [
            (p.code, str(p.location).removeprefix(f"{folder.as_posix()}/"), p.message.en) for p in report.problems
        ]
        return report.findings, problems, rules

    return judge


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("drills", "subjects"),
    [
        ("", ["https://k.example/KL"]),
        ("{slags: øvelse, dato: 2024-06-15}", []),
        ("{slags: øvelse, dato: 2024-06-14}", ["https://k.example/KL"]),
        ("{slags: øvelse, dato: 2025-03-01}, {slags: hændelse, dato: 2025-05-01}", ["https://k.example/KL"]),
        ("{slags: øvelse, dato: 2025-03-01}, {slags: hændelse, dato: 2025-06-01}", []),
        ("{slags: drill, dato: 2025-05-20}, {slags: hændelse, dato: 2025-05-01}", []),
    ],
)
def test_an_own_obligation_with_condition_interval_trigger_and_reference(
    judged: Callable[..., Any], drills: str, subjects: Any
) -> None:
    findings, problems, rules = judged({"duty.ttl": DUTY, "deeper/big.rq": BIG}, drills)
    assert problems == []
    assert [finding.subject for finding in findings] == subjects
    assert [reference.label.en for reference in rules["DRI001"].references] == ["NIS 2"]
    for finding in findings:
        assert finding.message.da == "Aftalen med Løngang har ingen øvelse"
        assert finding.references == ("https://my.example/nis",)


def test_a_missing_folder_and_a_file_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    result = additions.read([str(tmp_path / "none"), str(tmp_path / "notes.txt")])
    assert [(problem.code, problem.location.file) for problem in result.problems] == [
        ("missing-path", str(tmp_path / "none")),
        ("unknown-format", str(tmp_path / "notes.txt")),
    ]
    assert (result.triples, result.rules) == ([], {})


def test_bad_turtle_is_named_with_its_place_and_hides_no_other_file(judged: Callable[..., Any]) -> None:
    findings, problems, rules = judged({"a.ttl": PREFIXES + "my:x a ;\n", "duty.ttl": DUTY, "big.rq": BIG})
    assert [(code, place) for code, place, _ in problems] == [("syntax", "a.ttl:12:8")]
    assert problems[0][2].startswith("the file is not valid Turtle: ")
    assert "DRI001" in rules
    assert len(findings) == 1


def test_what_is_not_utf8_is_named(judged: Callable[..., Any]) -> None:
    _, problems, _ = judged({"a.ttl": b"# \xe6\n", "duty.ttl": DUTY})
    assert [(code, place) for code, place, _ in problems] == [("unreadable", "a.ttl")]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("r", "CONSTRUCT { ?s a g:X } WHERE { ?s a g:Y }", "the rule r cannot be used: the prefix g: is not declared"),
        ("r", "SELECT * { ?s <a:b> ?o }", "the rule r cannot be used: it is no CONSTRUCT"),
        (
            "r",
            "CONSTRUCT { ?s <a:b> ?o } WHERE { ?s <a:c> ?o",
            "the rule r cannot be used: in line 1, } is expected, not the end",
        ),
        (
            "r",
            "CONSTRUCT { ?s <a:b> ?o } WHERE { SERVICE <http://x/> { ?s <a:c> ?o } }",
            "the rule r cannot be used: SERVICE would fetch from the network",
        ),
        (
            "r",
            "CONSTRUCT { ?s <a:b> ?o } WHERE { GRAPH ?g { ?s <a:c> ?o } }",
            "the rule r cannot be used: it has GRAPH, but is asked of all graphs together",
        ),
        (
            "r",
            "CONSTRUCT { ?s <a:b> ?o } WHERE { ?s <a:c> [ <a:d> ?o ] }",
            "the rule r cannot be used: a blank node stands in it: write a variable instead",
        ),
        (
            "r",
            "CONSTRUCT { ?s <a:b> [] } WHERE { ?s <a:c> ?o }",
            "the rule r cannot be used: a blank node in its template would be another one at every run",
        ),
        (
            "r",
            "CONSTRUCT { } WHERE { ?s <a:c> ?o }",
            "the rule r cannot be used: its template is empty: it derives nothing",
        ),
        (
            "r",
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s <a:c> ?o ; <a:d> ?p }",
            "the rule r cannot be used: rule r writes a variable property and does not say which in its header",
        ),
        (
            "r",
            "CONSTRUCT { ?s <a:b> 1 } WHERE { ?s <a:c> ?o FILTER NOT EXISTS { ?s <a:b> 1 } }",
            "the rule r cannot be used: rule r builds on the absence of a:b, which depends on the rule itself (r)",
        ),
        (
            "approved",
            "CONSTRUCT { ?s <a:b> ?o } WHERE { ?s <a:c> ?o }",
            "the rule approved cannot be used: a shipped rule is called the same",
        ),
    ],
)
def test_a_bad_rule_is_left_out_and_said(judged: Callable[..., Any], name: str, text: str, message: str) -> None:
    findings, problems, _ = judged({"duty.ttl": DUTY, "big.rq": BIG, f"{name}.rq": text})
    assert problems == [("bad-rule", f"{name}.rq", message)]
    assert len(findings) == 1


def test_two_rules_of_one_name(judged: Callable[..., Any]) -> None:
    findings, problems, _ = judged({"duty.ttl": DUTY, "a/big.rq": BIG, "b/big.rq": "CONSTRUCT {} WHERE {}"})
    assert [(code, place) for code, place, _ in problems] == [("bad-rule", "b/big.rq")]
    assert len(findings) == 1


def test_an_incomplete_obligation_names_what_is_missing(judged: Callable[..., Any]) -> None:
    head, duty = DUTY.split("my:DRI001 ")
    lines = duty.strip().removesuffix(" .").split(" ;")
    files, expected = {"big.rq": BIG}, []
    needed = (
        "g:appliesTo", "g:evidence", "g:holder", "g:actingRole", "g:register", "g:remedy", "rdfs:label", "sh:severity",
        "sh:message",
    )  # fmt: skip
    for number, lacking in enumerate(needed):
        code = f"DRI10{number}"
        parts = [part for part in lines if not part.strip().startswith(lacking + " ")]
        assert len(parts) == len(lines) - 1
        text = (head + "my:DRI001 " + " ;".join(parts) + " .\n").replace("DRI001", code)
        files[f"{code}.ttl"] = text
        line = text[: text.index(f"my:{code} a")].count("\n") + 1
        expected.append(("incomplete-rule", f"{code}.ttl:{line}:1", f"the obligation {code} lacks {lacking}"))
    _, problems, _ = judged(files, select=())
    assert problems == expected


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("period:P1Y", "period:P1X", "bad-value", "a length of time is written like P1Y, P6M, P2W or P30D, not P1X"),
        ("period:P1Y", "my:yearly", "bad-value", "yearly is no length of time: write per:P1Y or a g:Parameter"),
        (
            "sh:Violation",
            "sh:Grave",
            "bad-value",
            "a severity is sh:Violation, sh:Warning or sh:Info, not http://www.w3.org/ns/shacl#Grave",
        ),
        ('"DRI001"', '"SUB001"', "taken-code", "the code SUB001 is used by two rules"),
    ],
)
def test_a_wrong_value_is_said(judged: Callable[..., Any], old: str, new: str, code: str, message: str) -> None:
    _, problems, _ = judged({"duty.ttl": DUTY.replace(old, new), "big.rq": BIG}, select=())
    assert (code, message) in [(other, text) for other, _, text in problems]
    assert all(place.startswith("duty.ttl:") for _, place, _ in problems)


def test_a_parameter_serves_as_a_length_of_time(judged: Callable[..., Any]) -> None:
    text = (
        DUTY.replace("period:P1Y", "par:drills")
        + 'par:drills a g:Parameter ; g:period period:P2Y ; rdfs:label "Øvelser"@da , "Drills"@en .\n'
    )
    findings, problems, _ = judged({"duty.ttl": text, "big.rq": BIG}, "{slags: øvelse, dato: 2023-06-15}")
    assert (problems, findings) == ([], ())


SHAPE = (
    PREFIXES
    + """
my:OWN001 a sh:NodeShape ; g:code "OWN001" ; sh:targetClass g:ITSystem ; sh:severity sh:Warning ;
    rdfs:label "Egen"@da , "Own"@en ; g:actingRole role:management ;
    sh:message "{?this}: {?value}"@da , "{?this}: {?value}"@en ; g:remedy "Ret."@da , "Fix."@en ;
    CONSTRAINT .
"""
)
QUERY = 'sh:sparql [ sh:prefixes <https://w3id.org/graphsc/ns> ; sh:select "SELECT" ]'


@pytest.mark.exhaustive
def test_an_own_shape_is_judged(judged: Callable[..., Any]) -> None:
    query = QUERY.replace("SELECT", "SELECT DISTINCT $this ?value WHERE { $this a g:ITSystem ; g:owner ?value }")
    findings, problems, _ = judged({"own.ttl": SHAPE.replace("CONSTRAINT", query)}, select=("OWN",))
    assert problems == []
    assert [(f.code, f.message.en) for f in findings] == [("OWN001", "Sag: Kystvagten")]
    findings, problems, _ = judged(
        {"own.ttl": SHAPE.replace("CONSTRAINT", "sh:property [ sh:path g:criticality ; sh:minCount 1 ]")},
        select=("OWN",),
    )
    assert (problems, [f.subject for f in findings]) == ([], ["https://k.example/S"])


def test_a_finding_of_an_own_rule_is_accepted_by_its_code(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(SHAPE.replace("CONSTRAINT", "sh:nodeKind sh:Literal"), encoding="utf-8")
    accepted = (
        "personer: [P]\nroller: [{id: R, person: P, rolle: ledelsen, hos: K, gælder: K, fra: 2020-01-01}]\n"
        "accepterede fund: [{id: A, regel: OWN001, genstand: S, begrundelse: Kendt., accepteret af: P, til: 2025-12-31}]\n"
    )
    (tmp_path / "record.yaml").write_text(RECORD.replace("DRILLS", "") + accepted, encoding="utf-8")
    settings = Settings(as_of=AS_OF, knowledge=(str(tmp_path / "own.ttl"),), select=("OWN", "WVR"))
    opened = service.open_paths([tmp_path / "record.yaml"], settings)
    assert opened.dataset.values("https://k.example/A", G + "waives") == {"https://my.example/OWN001"}
    report, _ = service.validate(opened)
    assert report.problems == ()
    assert [(finding.code, finding.waived is not None) for finding in report.findings] == [("OWN001", True)]


UNJUDGED = [
    ("sh:property [ sh:path g:owner ; sh:maxCount 1.5 ]", "the value of sh:maxCount is no whole number"),
    ("sh:property [ sh:path ( g:owner ) ; sh:minCount 1 ]", "a sequence in its path has fewer than two steps"),
    ("sh:property [ sh:path g:owner ; sh:minCuont 1 ]", "sh:minCuont is not a term of SHACL"),
    ("sh:nodeKind sh:Iri", "its sh:nodeKind is no node kind of SHACL"),
    ('sh:js [ sh:jsFunctionName "f" ]', "sh:js is not judged: no foreign program is run"),
    (
        QUERY.replace("SELECT", "SELECT $this WHERE { SERVICE <http://x/> { $this a g:ITSystem } }"),
        "its query cannot be read: SERVICE would fetch from the network",
    ),
    (
        QUERY.replace("SELECT", "SELECT $this WHERE { $this a g:ITSystem MINUS { $this g:owner ?any } }"),
        "its query uses MINUS, which SHACL does not allow",
    ),
    (QUERY.replace("SELECT", "SELECT ?value WHERE { ?value a g:ITSystem }"), "its query does not select $this"),
    (QUERY.replace("SELECT", "ASK { $this a g:ITSystem }"), "its sh:select is no SELECT"),
    ("sh:sparql [ sh:prefixes <https://w3id.org/graphsc/ns> ]", "it has no sh:select, or more than one"),
]


def test_an_own_shape_that_cannot_be_judged_is_said(judged: Callable[..., Any]) -> None:
    files, expected = {}, []
    for number, (constraint, reason) in enumerate(UNJUDGED):
        code = f"OWN{number:03}"
        text = SHAPE.replace("CONSTRAINT", constraint).replace("OWN001", code)
        files[f"{code}.ttl"] = text
        place = f"{code}.ttl:{text[: text.index(f'my:{code}')].count(chr(10)) + 1}:1"
        expected.append(("unsupported-shape", place, f"the shape https://my.example/{code} cannot be judged: {reason}"))
    findings, problems, _ = judged(files, select=("OWN",))
    assert problems == expected
    assert findings == ()


def test_an_own_shape_whose_query_cannot_be_read(judged: Callable[..., Any]) -> None:
    _, problems, _ = judged({"own.ttl": SHAPE.replace("CONSTRAINT", QUERY)}, select=("OWN",))
    assert problems[0][0] == "unsupported-shape"
    assert "cannot be judged: its query cannot be read: " in problems[0][2]


def test_a_class_of_ones_own_is_what_it_is_a_subclass_of(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    server = 'my:Server a owl:Class ; rdfs:subClassOf g:ITSystem ; rdfs:label "server"@da , "server"@en .'
    (own / "server.ttl").write_text(PREFIXES + server, encoding="utf-8")
    record = PREFIXES + 'my:K a g:Organisation ; rdfs:label "K" . my:S a my:Server ; rdfs:label "S" ; g:owner my:K .'
    (tmp_path / "record.ttl").write_text(record, encoding="utf-8")
    opened = service.open_paths([tmp_path / "record.ttl"], Settings(as_of=AS_OF, knowledge=(str(own),)))
    report, _ = service.validate(opened)
    assert [finding.code for finding in report.findings if finding.code == "ACC001"] == []


@pytest.mark.exhaustive
def test_a_shipped_rule_that_is_switched_off_is_named(tmp_path: Path) -> None:
    own = tmp_path / "off.ttl"
    own.write_text(
        "<https://w3id.org/graphsc/rule/SUB002> <http://www.w3.org/ns/shacl#deactivated> true .", encoding="utf-8"
    )
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    result = run("validate", str(tmp_path / "a.yaml"), "--shapes", str(own), "--as-of", "2025-06-15")
    assert "SUB002: switched off with sh:deactivated" in result.stdout
    assert "SUB002" not in run("validate", str(tmp_path / "a.yaml"), "--as-of", "2025-06-15").stdout


def test_rules_that_never_come_to_an_end_are_stopped(
    judged: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphsc.derivation._ROUNDS", 20)
    rule = "PREFIX g: <https://w3id.org/graphsc/ns#> CONSTRUCT { ?n a g:Drill } WHERE { ?s a g:Drill BIND(IRI(CONCAT(STR(?s), 'x')) AS ?n) }"
    first = "PREFIX g: <https://w3id.org/graphsc/ns#> CONSTRUCT { ?s a g:Drill } WHERE { ?s a g:ITSystem }"
    with pytest.raises(Unavailable, match=r"do not end: after 20 rounds .*grow"):
        judged({"grow.rq": rule, "first.rq": first})


def test_shapes_nested_without_end_are_said(tmp_path: Path) -> None:
    own = tmp_path / "deep.ttl"
    deep = "[ sh:not " * 600 + "[ sh:minCount 1 ]" + " ]" * 600
    own.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix g: <https://w3id.org/graphsc/ns#> . "
        f"<urn:k:S> a sh:NodeShape ; sh:targetClass g:Organisation ; sh:not {deep} .",
        encoding="utf-8",
    )
    (tmp_path / "a.yaml").write_text(CLEAN, encoding="utf-8")
    result = run("validate", str(tmp_path / "a.yaml"), "--shapes", str(own))
    assert result.exit_code == 2
    assert "internal error" not in result.stderr
