"""Other frameworks than the guide: each is data that is switched on, and off it leaves no trace."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import authority
import pyoxigraph as ox
import pytest
from case_files import Case, framework_cases
from command import CLEAN, run
from repository import DEMO

from graphsc import derivation, sparql
from graphsc.core import frameworks
from graphsc.core.resources import knowledge
from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import RDF_TYPE, RDFS_LABEL, ROOT, RULE, SHACL, SKOS_DEFINITION, SKOS_PREF_LABEL, G
from graphsc.derivation import rules as derivation_rules
from graphsc.graph import dataset as graph
from graphsc.graph import loading
from graphsc.rendering import FORMATS, render
from graphsc.service import open_paths, validate
from graphsc.sources import Sources, terms
from graphsc.validation import Finding, Report, Rule
from graphsc.validation.rules import rules as read_rules

AS_OF = date(2026, 11, 25)
NAMES = frameworks.names()
CASES = framework_cases()
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
each_name = pytest.mark.parametrize("name", NAMES)


@cache
def with_frameworks(*names: str) -> graph.Dataset:
    """The knowledge alone, with these frameworks switched on."""
    return loading.load(Sources([], []), Settings(as_of=AS_OF, frameworks=names))


@cache
def own_rules(name: str) -> dict[str, Rule]:
    """The rules that a framework adds."""
    guide = read_rules(with_frameworks())
    return {code: rule for code, rule in read_rules(with_frameworks(name)).items() if code not in guide}


@cache
def judged(name: str, violating: bool) -> tuple[Report, dict[str, Rule]]:
    """All cases of a framework as one graph: their bases differ, and each is asked of its own rule only."""
    with TemporaryDirectory() as folder:
        for case in CASES:
            if case.framework == name:
                text = case.violating if violating else case.conforming
                Path(folder, f"{case.name}.yaml").write_text(text, encoding="utf-8")
        settings = Settings(as_of=AS_OF, frameworks=(name,), select=tuple(own_rules(name)))
        return validate(open_paths([Path(folder)], settings))


def own_findings(case: Case, report: Report) -> list[Finding]:
    """What the case's own rule finds in the case."""
    return [f for f in report.findings if f.code == case.code and f.subject.startswith(case.base)]


# ---------------------------------------------------------------------- the cases


@pytest.mark.exhaustive
@each_case
def test_a_case_conforms_and_one_fact_breaks_its_rule(case: Case) -> None:
    assert case.framework is not None
    assert case.as_of == AS_OF
    report, _ = judged(case.framework, False)
    assert own_findings(case, report) == []
    report, rules = judged(case.framework, True)
    findings = own_findings(case, report)
    assert [case.as_expected(finding) for finding in findings] == list(case.expected)
    for finding in findings:
        assert finding.references == tuple(reference.iri for reference in rules[finding.code].references)
        for text in (finding.message.da, finding.message.en, finding.remedy.da, finding.remedy.en):
            assert text.strip()
            assert "{" not in text, "a placeholder was not filled"


@each_name
@pytest.mark.parametrize("violating", [False, True])
def test_the_cases_are_read_without_a_word_and_each_rule_has_something_to_judge(name: str, violating: bool) -> None:
    report, _ = judged(name, violating)
    assert report.problems == ()
    assert {outcome.code for outcome in report.rules if outcome.focus == 0} & set(own_rules(name)) == set()


@each_case
def test_the_two_variants_differ_in_one_place(case: Case) -> None:
    lines = zip(case.conforming.splitlines(), case.violating.splitlines(), strict=True)
    differing = [number for number, (one, other) in enumerate(lines, 1) if one != other]
    assert differing
    assert differing == list(range(differing[0], differing[-1] + 1))


def test_the_cases_say_nothing_where_their_framework_is_off(tmp_path: Path) -> None:
    for case in CASES:
        (tmp_path / f"{case.name}.yaml").write_text(case.violating, encoding="utf-8")
    report, rules = validate(open_paths([tmp_path], Settings(as_of=AS_OF)))
    assert report.problems == (), "the words of a framework are read also where it is off"
    assert {case.code for case in CASES}.isdisjoint(rules)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {case.framework for case in CASES} == set(NAMES)
    for name in NAMES:
        assert sorted({case.code for case in CASES if case.framework == name}) == sorted(own_rules(name))


# ---------------------------------------------------------------------- the knowledge


def objects(dataset: graph.Dataset, node: str, predicate: str) -> list[ox.NamedNode | ox.Literal]:
    quads = dataset.store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(predicate), None, None)
    return [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode | ox.Literal)]


def both(dataset: graph.Dataset, node: str, predicate: str) -> None:
    texts = [value for value in objects(dataset, node, predicate) if isinstance(value, ox.Literal)]
    assert sorted(text.language or "" for text in texts) == ["da", "en"], f"{node} {predicate}"
    assert all(text.value.strip() for text in texts)


@each_name
def test_a_rule_is_complete_and_serves_a_provision_of_its_own_framework(name: str) -> None:
    dataset = with_frameworks(name)
    framework = f"{ROOT}framework/{name}"
    both(dataset, framework, SKOS_PREF_LABEL)
    assert len(own_rules(name)) > 5
    for code, rule in own_rules(name).items():
        assert re.fullmatch(r"[A-Z]{3}\d{3}", code)
        assert rule.iri == RULE + code
        assert rule.statements == (), "the guide does not say it, or its own rule would do"
        assert framework in {
            value.value for other in rule.references for value in objects(dataset, other.iri, G + "framework")
        }
        for predicate in (RDFS_LABEL, SHACL + "message", G + "remedy"):
            both(dataset, rule.iri, predicate)
        named = [set(re.findall(r"\{\?([^}]*)\}", rule.message[language])) for language in Language]
        assert named[0] == named[1]
        assert "this" in named[0]
        assert rule.role
        assert rule.registers
        for reference in rule.references:
            both(dataset, reference.iri, RDFS_LABEL)
            both(dataset, reference.iri, SKOS_DEFINITION)
            assert objects(dataset, reference.iri, G + "article")


@each_name
def test_a_framework_names_only_what_is_there(name: str) -> None:
    dataset = with_frameworks(name)
    described = {
        quad.subject.value
        for quad in dataset.store.quads_for_pattern(None, None, None, None)
        if isinstance(quad.subject, ox.NamedNode)
    }
    texts = [file.read_text(encoding="utf-8") for file in frameworks.derivations([name])]
    named = {iri for text in texts for iri in _iris(text)}
    for quad in dataset.store.quads_for_pattern(None, None, None, graph.SHAPES):
        named |= {term.value for term in (quad.predicate, quad.object) if isinstance(term, ox.NamedNode)}
    lacking = {iri for iri in named if iri.startswith(ROOT) and iri not in described and "/period/" not in iri}
    assert lacking - {f"{ROOT}ns"} == set()


def _iris(query: str) -> Iterator[str]:
    prefixes = sparql.prefixes(query)
    for token in sparql.tokens(query[query.index("CONSTRUCT") :]):
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            yield prefixes[prefix] + local


@each_name
def test_every_situation_and_word_of_a_framework_is_used(name: str) -> None:
    space = f"{ROOT}framework/{name}#"
    defined, used = set[str](), set[str]()
    for file in frameworks.descriptions([name]):
        for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(space):
                defined.add(quad.subject.value)
                if quad.predicate.value in (RDF_TYPE, SHACL + "message"):
                    continue
                if quad.predicate.value.endswith("broader"):
                    used.add(quad.subject.value)
            if isinstance(quad.object, ox.NamedNode):
                used.add(quad.object.value)
    for file in frameworks.derivations([name]):
        used |= set(_iris(file.read_text(encoding="utf-8")))
    assert defined - used == set()
    for term in defined:
        both(
            with_frameworks(name),
            term,
            SKOS_PREF_LABEL if objects(with_frameworks(name), term, SKOS_PREF_LABEL) else RDFS_LABEL,
        )


def test_a_word_names_one_concept_of_a_scheme() -> None:
    """All frameworks are read together with the guide's own words, so none may take a word that another has."""
    meant: dict[tuple[str, str], set[str]] = {}
    for concept in terms.load().concepts.values():
        for scheme in concept.schemes:
            for word in concept.words:
                meant.setdefault((scheme, terms.normal(word)), set()).add(concept.iri)
    assert {key: iris for key, iris in meant.items() if len(iris) > 1} == {}


@pytest.mark.parametrize(
    "chosen", [(), *((name,) for name in NAMES), NAMES], ids=lambda chosen: "+".join(chosen) or "none"
)
def test_the_rules_of_derivation_have_an_order_and_say_why(chosen: tuple[str, ...]) -> None:
    rules = derivation_rules.load(chosen)
    assert len(rules) == len({rule.name for rule in rules})
    derivation.order(rules, derivation.classes_of(with_frameworks(*chosen)))
    for rule in rules[len(derivation_rules.load()) :]:
        assert rule.name.startswith(chosen)
        assert rule.title.da != rule.title.en


# ---------------------------------------------------------------------- the switch


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The words that the readers know are read anew before and after, and are not cached on disk."""
    monkeypatch.setenv("GRAPHSC_CACHE", "")
    for known in (terms._facts, terms._with_additions):
        known.cache_clear()
    yield
    for known in (terms._facts, terms._with_additions):
        known.cache_clear()


@pytest.mark.exhaustive
@pytest.mark.usefixtures("words")
def test_a_file_in_the_folder_is_all_that_a_framework_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Python, no list to add it to: the file is put there, and its duty is listed, explained, judged and owed."""
    folder = tmp_path / "frameworks"
    shutil.copytree(str(knowledge("ontology/frameworks")), folder)
    (folder / "harbour.ttl").write_text(
        """@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix h: <https://w3id.org/graphsc/framework/harbour#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
h:drill a skos:Concept ; skos:inScheme <https://w3id.org/graphsc/scheme/activity> ; skos:prefLabel "havneøvelse"@da , "harbour drill"@en .
h:law-7 a g:Reference ; rdfs:label "Havneloven § 7"@da , "Harbour Act § 7"@en .
<https://w3id.org/graphsc/rule/HAR001> a g:Obligation ; g:code "HAR001" ; rdfs:label "Øvelse"@da , "Drill"@en ;
    g:appliesTo h:Quay ; g:evidence h:drill ; g:holder g:answerable ;
    g:actingRole <https://w3id.org/graphsc/role/contract-manager> ; g:register <https://w3id.org/graphsc/register/supervision> ;
    g:reference h:law-7 ; sh:severity sh:Violation ;
    sh:message "{?this} er ikke øvet"@da , "{?this} was not drilled"@en ; g:remedy "Øv."@da , "Drill."@en .
""",
        encoding="utf-8",
    )
    (folder / "harbour").mkdir()
    (folder / "harbour" / "harbour-quay.rq").write_text(
        "# title.da: Alt er kaj.\n# title.en: All is quay.\nPREFIX g: <https://w3id.org/graphsc/ns#>\n"
        "CONSTRUCT { ?a a <https://w3id.org/graphsc/framework/harbour#Quay> } WHERE { ?a a g:ActiveOutsourcing }\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("graphsc.core.frameworks.knowledge", lambda _: folder)
    monkeypatch.setattr(
        "graphsc.core.frameworks.knowledge_files",
        lambda name, suffix: sorted((tmp_path / name.removeprefix("ontology/")).glob(f"*{suffix}")),
    )
    assert frameworks.names() == ("dora", "harbour", "iso27001", "nis2")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "graphsc.toml").write_text('frameworks = ["harbour"]\nselect = ["HAR"]\n', encoding="utf-8")
    record = CLEAN.replace("2028-03-31}", "2028-03-31, registre: [tilsyn]}")
    (tmp_path / "a.yaml").write_text(record, encoding="utf-8")
    result = run("validate", "a.yaml", "--as-of", "2026-11-25", "--format", "concise")
    assert result.stdout.splitlines()[0] == ("a.yaml:4:5: breach HAR001 The agreement with Løngang was not drilled")
    assert result.exit_code == 1
    assert run("rules").stdout == "HAR001  breach    Drill\n"
    assert "Follows from:\n  Harbour Act § 7\n" in run("explain", "HAR001").stdout
    assert "HAR001" in run("explain", "law-7").stdout
    assert "Harbour drill: the agreement with Løngang" in run("duties", "a.yaml", "--as-of", "2026-11-25").stdout
    (tmp_path / "b.yaml").write_text(
        "base: https://k.example/\nactivities: [{kind: harbour drill, date: 2026-01-01, concerns: KL}]\n",
        encoding="utf-8",
    )
    assert run("validate", "a.yaml", "b.yaml", "--as-of", "2026-11-25").exit_code == 0


@pytest.mark.exhaustive
def test_off_the_demo_is_as_if_there_were_no_frameworks(monkeypatch: pytest.MonkeyPatch) -> None:
    as_shipped = authority.judged()
    on = validate(open_paths([DEMO], Settings(as_of=AS_OF, frameworks=("nis2",))))
    assert render("text", *on, language=Language.DA) != render("text", *as_shipped, language=Language.DA)
    monkeypatch.setattr("graphsc.core.frameworks.descriptions", lambda _chosen=None: [])
    monkeypatch.setattr("graphsc.core.frameworks.derivations", lambda _chosen: iter(()))
    without = validate(open_paths([DEMO], Settings(as_of=AS_OF)))
    for form in FORMATS:
        for language in Language:
            assert render(form, *without, language=language) == render(form, *as_shipped, language=language)


@pytest.mark.exhaustive
def test_on_the_demo_keeps_every_finding_it_had() -> None:
    before, _ = authority.judged()
    after, rules = validate(open_paths([DEMO], Settings(as_of=AS_OF, frameworks=NAMES)))
    assert after.problems == ()
    own = {code for name in NAMES for code in own_rules(name)}
    assert own <= set(rules)
    kept = [finding for finding in after.findings if finding.code not in own]
    assert [finding.fingerprint for finding in kept] == [finding.fingerprint for finding in before.findings]


@pytest.mark.parametrize("setting", ["file", "option"])
def test_an_unknown_framework_is_named_once_and_exits_2(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(CLEAN, encoding="utf-8")
    if setting == "file":
        (tmp_path / "graphsc.toml").write_text('frameworks = ["nis2", "nis3"]\n', encoding="utf-8")
        result = run("rules")
        assert result.stderr == (
            "graphsc.toml: error[bad-config]: unknown name under frameworks: nis3. There are dora, iso27001, nis2.\n"
        )
        assert run("validate", "a.yaml").exit_code == 2
    else:
        result = run("validate", "a.yaml", "--framework", "nis2", "--framework", "nis3")
        assert result.stderr == "graphsc: unknown framework: nis3. Choose dora, iso27001, nis2. Did you mean “nis2”?\n"
        assert result.stdout == ""
    assert result.exit_code == 2


def test_config_show_says_which_frameworks_are_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert re.search(r"^frameworks +- +default$", run("config", "show").stdout, re.MULTILINE)
    (tmp_path / "graphsc.toml").write_text('frameworks = ["nis2", "dora"]\n', encoding="utf-8")
    assert re.search(r"^frameworks +nis2, dora +graphsc.toml$", run("config", "show").stdout, re.MULTILINE)


# ---------------------------------------------------------------------- whom it holds for

TWO = """\
base: https://k.example/
organisationer:
  - {id: K, navn: Kystvagten, SUBJECT}
  - {id: M, navn: Molen}
  - {id: L, navn: Løngang}
kontrakter:
  - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, registre: [risici]}
  - {id: ML, kunde: M, leverandør: L, start: 2024-01-01, registre: [risici]}
"""


@pytest.mark.parametrize(
    ("said", "subjects"), [("", ["KL", "ML"]), ("underlagt: [NIS 2]", ["KL"]), ("underlagt: [DORA]", ["KL", "ML"])]
)
def test_a_framework_holds_for_those_subject_to_it_or_for_all(said: str, subjects: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TWO.replace("SUBJECT", said), encoding="utf-8")
    settings = Settings(as_of=AS_OF, frameworks=("nis2",), select=("NIS001",))
    report, _ = validate(open_paths([tmp_path / "a.yaml"], settings))
    assert report.problems == ()
    assert [finding.subject.rsplit("/", 1)[1] for finding in report.findings] == subjects


# ---------------------------------------------------------------------- the clock of a material change

CLOCK = """\
base: https://k.example/
organisationer: [{id: K, navn: Kassen}, {id: L, navn: Løngang}, {id: U, navn: Underled}]
systemer: [{id: S, navn: Kerne, ejer: K, kritikalitet: kritisk eller vigtig funktion}]
kontrakter:
  - id: KL
    kunde: K
    leverandør: L
    start: 2025-01-01
    systemer: [S]
    registre: [underleverandører]
    klausuler: [{klausulemne: generel godkendelse, indsigelsesfrist: P30D}]
    underleverandører:
      - id: LU
        leverandør: U
        start: 2026-06-01
        varsel:
          - {id: V, dato: 2026-04-01, MORE}
        APPROVAL
"""


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("as_of", "more", "approval", "state"),
    [
        ("2026-04-30", "", "", "notified"),
        ("2026-05-01", "", "", "notified"),
        ("2026-05-02", "", "", "accepted"),
        ("2026-04-20", "indsigelse: 2026-04-15", "", "objected"),
        ("2026-07-01", "indsigelse: 2026-05-01", "", "objected"),
        ("2026-07-01", "indsigelse: 2026-05-02", "", "accepted"),
        ("2026-04-20", "", "godkendelse: {dato: 2026-04-10, aftale: KL}", "approved"),
        ("2026-07-01", "indsigelse: 2026-04-15", "godkendelse: {dato: 2026-05-20, aftale: KL}", "approved"),
    ],
)
def test_a_notice_is_in_one_state(as_of: str, more: str, approval: str, state: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CLOCK.replace("MORE", more).replace("APPROVAL", approval), encoding="utf-8")
    opened = open_paths([tmp_path / "a.yaml"], Settings(as_of=date.fromisoformat(as_of), frameworks=("dora",)))
    assert opened.problems == [] == opened.sources.problems
    rows = opened.dataset.select(
        f"SELECT DISTINCT ?notice ?state WHERE {{ ?notice <{ROOT}framework/dora#state> ?state }}"
    )
    assert [(row["notice"].value, row["state"].value) for row in rows] == [
        ("https://k.example/V", f"{ROOT}framework/dora#{state}")
    ]


# ---------------------------------------------------------------------- the demo of the frameworks

HARBOUR = DEMO.parent / "demo-frameworks"


def test_the_demo_of_the_frameworks_has_the_problems_that_it_tells_of() -> None:
    own = tuple(code for name in NAMES for code in own_rules(name))
    settings = Settings(as_of=AS_OF, frameworks=NAMES, select=(*own, "SUB00"))
    report, _ = validate(open_paths([HARBOUR], settings))
    assert report.problems == ()
    findings = [
        (finding.severity.value, finding.code, finding.subject.split("example/")[1]) for finding in report.findings
    ]
    assert findings == [
        ("breach", "SUB006", "led/lodlinje"),
        ("question", "NIS009", "hændelse/løsepenge"),  # of what society depends on, so first
        ("question", "DOR005", "org/havblik"),
        ("question", "DOR033", "kontrakt/pension"),
        ("question", "ISO009", "kontrakt/intranet"),
        ("question", "NIS003", "kontrakt/afregning"),
        ("note", "NIS011", "varsling/løsepenge"),  # and so
        ("note", "DOR061", "led/lodlinje"),
    ]
    assert {outcome.code for outcome in report.rules if outcome.focus == 0} & set(own) <= {"NIS010", "DOR061", "ISO006"}


def test_the_states_of_the_notices_can_be_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "graphsc.toml").write_text('frameworks = ["dora"]\n', encoding="utf-8")
    result = run("query", str(HARBOUR / "varsler.rq"), str(HARBOUR), "--as-of", "2026-11-25", "-f", "csv")
    rows = [line.split(",") for line in result.stdout.splitlines()[1:]]
    assert [(row[0].rsplit("/")[-1], row[2], row[3].rsplit("#")[-1]) for row in rows] == [
        ("skumtop", "2026-02-09", "accepted"),
        ("ankertov", "2026-07-01", "approved"),
        ("lodlinje", "2026-09-19", "objected"),
        ("strandvagt", "2026-12-10", "notified"),
    ]
