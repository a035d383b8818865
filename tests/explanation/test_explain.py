"""Explanations, line by line: what a finding rests on, and that every derived triple can be traced."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import pyoxigraph as ox
import pytest
from casework import BASE, Case, case, short
from repository import REPOSITORY

from graphsc import service
from graphsc.core.identifiers import RULE_PREFIX
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.vocabulary import G
from graphsc.explanation.evidence import Explainer, Fact
from graphsc.explanation.phrases import path_triples
from graphsc.graph.backend import Row, Term
from graphsc.graph.dataset import Dataset
from graphsc.service import Opened
from graphsc.sparql.syntax import Repeat, Sequence

DATA = REPOSITORY / "data"

CHAIN = """\
base: https://k.example/
organisationer: [{id: K, navn: Kyst}, {id: L, navn: Lov}, {id: U, navn: Ur}, {id: V, navn: Vi}]
kontrakter:
  - id: KL
    kunde: K
    leverandør: L
    periode: 2023-04-01/2028-03-31
    registre: [underleverandører, krav, risici]
    krav: [{id: R1}]
    aktiviteter:
      - {slags: hændelse, dato: 2023-06-01}
      - {slags: risikovurdering, dato: 2024-11-01}
      - {slags: hændelse, dato: 2025-01-10}
    underleverandører:
      - id: LU
        leverandør: U
        start: 2024-01-01
        underleverandører:
          - {id: UV, leverandør: V, viderefører: R1, godkendelse: {dato: 2023-12-01, udløber: 2027-01-01}}
  - {id: tom, kunde: K}
"""

SPECIFIED = """\
base: https://k.example/
organisationer: [{id: K, navn: Kyst}, {id: L, navn: Lov}]
kontrakter:
  - id: KL
    kunde: K
    leverandør: L
    periode: 2023-04-01/2028-03-31
    registre: [kravspecifikation]
"""


@pytest.fixture(scope="module")
def judged() -> Case:
    return case(CHAIN)


def explainer(example: Case, depth: int | None = None) -> Explainer:
    return Explainer(example.opened.dataset, example.opened.sources, example.opened.rules, depth)


def lines(facts: Iterable[Fact], level: int = 0, *, danish: bool = False) -> list[tuple[int, str, str, str]]:
    """Each fact as level, kind, text and line of the file."""
    result = []
    for fact in facts:
        place = f"{fact.location.line}:{fact.location.column}" if fact.location else ""
        result.append((level, fact.kind, fact.text.da if danish else fact.text.en, place))
        result += lines(fact.beneath, level + 1, danish=danish)
    return result


def test_an_unapproved_subcontractor_at_tier_2(judged: Case) -> None:
    facts = explainer(judged, 1).finding(judged.of("SUB001"))
    assert lines(facts) == [
        (0, "asserted", "Ur (under Lov) is a subcontract", "15:9"),
        (0, "derived", "Ur (under Lov) is an active agreement", ""),
        (0, "derived", "the link Ur (under Lov) – is the link of: Ur (under Lov)", ""),
        (0, "derived", "the link Ur (under Lov) – is a link under: the agreement with Lov", ""),
        (0, "derived", "the link Ur (under Lov) – is tier: 2", ""),
        (0, "derived", "the agreement with Lov is an active outsourcing", ""),
        (0, "asserted", "the agreement with Lov – keeps a register of: subcontractors", "8:16"),
        (0, "asserted", "the agreement with Lov – customer: Kyst", "5:12"),
        (
            0,
            "absent",
            "nothing is recorded with “clause of: the agreement with Lov; clause topic: general authorisation”",
            "",
        ),
        (0, "absent", "for the link Ur (under Lov), “is approved by” is not recorded", ""),
        (0, "absent", "for the link Ur (under Lov), “has the customer's approval” is not recorded", ""),
    ]
    assert [text for _, _, text, _ in lines(facts, danish=True)][:3] == [
        "Ur (under Lov) er underleverance",
        "Ur (under Lov) er løbende aftale",
        "leddet Ur (under Lov) – er leddet for: Ur (under Lov)",
    ]


def test_the_rule_and_statements_behind_a_derived_fact(judged: Case) -> None:
    facts = explainer(judged).finding(judged.of("SUB001"))
    active = facts[1]
    assert active.text.en == "Ur (under Lov) is an active agreement"
    assert active.rule == Text(
        "En underleverance løber, når den selv og en aftale over den løber.",
        "A subcontract is active when it and an agreement above it are.",
    )
    assert active.statements == ("DEF-05",)
    assert lines(active.beneath) == [
        (0, "derived", "the agreement with Lov is an active agreement", ""),
        (1, "asserted", "the agreement with Lov is an agreement", "4:5"),
        (1, "absent", "for the agreement with Lov, “is a subcontract” is not recorded", ""),
        (1, "asserted", "the agreement with Lov – start: 2023-04-01", "7:14"),
        (1, "asserted", "the agreement with Lov – end: 2028-03-31", "7:14"),
        (0, "asserted", "Ur (under Lov) – is under: the agreement with Lov", "15:9"),
        (0, "asserted", "Ur (under Lov) – start: 2024-01-01", "17:16"),
    ]


def test_a_dropped_requirement(judged: Case) -> None:
    facts = explainer(judged, 1).finding(judged.of("FLW001"))
    assert lines(facts) == [
        (0, "asserted", "Ur (under Lov) is a subcontract", "15:9"),
        (0, "derived", "Ur (under Lov) is an active agreement", ""),
        (0, "asserted", "Ur (under Lov) – is under: the agreement with Lov", "15:9"),
        (0, "derived", "the agreement with Lov is an active agreement", ""),
        (0, "derived", "the agreement with Lov is an active outsourcing", ""),
        (0, "asserted", "the agreement with Lov – requires: requirement R1", "9:12"),
        (0, "asserted", "the agreement with Lov – keeps a register of: requirements", "8:35"),
        (0, "asserted", "the agreement with Lov – supplier: Lov", "6:17"),
        (0, "absent", "for Ur (under Lov), “requires: requirement R1” is not recorded", ""),
        (0, "absent", "for Ur (under Lov), “covers by tightening: requirement R1” is not recorded", ""),
        (0, "absent", "for Ur (under Lov), “is exempt from: requirement R1” is not recorded", ""),
    ]


def test_a_yearly_duty_that_an_incident_made_due_again(judged: Case) -> None:
    facts = explainer(judged, 1).finding(judged.of("RSK001"))
    assert lines(facts) == [
        (0, "derived", "the agreement with Lov is an active outsourcing", ""),
        (0, "asserted", "risk assessment 2024-11-01", "12:9"),
        (0, "asserted", "incident 2025-01-10 makes the obligation due again", "13:9"),
        (0, "known", "every: 1 year – cut-off 2024-06-15", ""),
        (0, "known", "grace: Reassessment after an incident or change – cut-off 2025-05-16", ""),
    ]
    assert [text for _, _, text, _ in lines(facts, danish=True)] == [
        "aftalen med Lov er løbende outsourcing",
        "risikovurdering 2024-11-01",
        "hændelse 2025-01-10 gør pligten aktuel igen",
        "hver: 1 år – skæringsdato 2024-06-15",
        "frist efter udløser: Ny risikovurdering efter hændelse eller ændring – skæringsdato 2025-05-16",
    ]


def test_an_overdue_yearly_duty_blames_no_incident_from_before_the_evidence() -> None:
    example = case(
        CHAIN.replace("dato: 2025-01-10", "dato: 2024-01-10").replace("dato: 2024-11-01", "dato: 2024-06-01")
    )
    assert lines(explainer(example, 1).finding(example.of("RSK001")))[1:] == [
        (0, "asserted", "risk assessment 2024-06-01", "12:9"),
        (0, "known", "every: 1 year – cut-off 2024-06-15", ""),
        (0, "known", "grace: Reassessment after an incident or change – cut-off 2025-05-16", ""),
    ]


def test_a_duty_towards_which_nothing_is_recorded() -> None:
    text = "\n".join(line for line in CHAIN.splitlines() if "slags:" not in line and "aktiviteter" not in line)
    example = case(text)
    assert lines(explainer(example, 1).finding(example.of("RSK001")))[1] == (
        0,
        "absent",
        "“risk assessment” is not recorded",
        "",
    )


def test_a_missing_property(judged: Case) -> None:
    facts = explainer(judged).finding(judged.of("AGR002"))
    assert lines(facts) == [
        (0, "asserted", "tom is an agreement", "20:5"),
        (0, "absent", "for tom, “supplier” is not recorded", ""),
    ]
    assert lines(facts, danish=True)[1][2] == "for tom er der ikke registreret »leverandør«"


def test_a_shape_of_the_core_rests_on_its_target_and_on_what_it_demands() -> None:
    example = case(SPECIFIED)
    finding = example.of("TPC016")
    facts = explainer(example, 1).finding(finding)
    assert lines(facts) == [
        (0, "derived", "the agreement with Lov is an active outsourcing", ""),
        (0, "absent", "for the agreement with Lov, “covers the topic: subcontractors” is not recorded", ""),
        (0, "asserted", "the agreement with Lov – keeps a register of: requirement specification", "8:16"),
    ]
    assert facts[0].rule is not None
    assert short(finding.actor.organisation) == "K"


def test_the_target_of_a_missing_property_is_traced(judged: Case) -> None:
    example = case(CHAIN.replace("{id: tom, kunde: K}", "{id: tom, leverandør: U}"))
    facts = lines(explainer(example, 2).finding(example.of("AGR003")))
    assert [line for line in facts if line[0] == 0] == [
        (0, "derived", "the agreement with Ur is a root agreement", ""),
        (0, "absent", "for the agreement with Ur, “customer” is not recorded", ""),
    ]
    assert (1, "asserted", "the agreement with Ur is an agreement", "20:5") in facts


def test_the_way_to_a_class_goes_over_its_subclasses() -> None:
    thing, verb, kind, above, top = (ox.NamedNode(f"https://k.example/{name}") for name in "xtkab")
    sub = ox.NamedNode("https://k.example/sub")
    triples = [ox.Triple(thing, verb, kind), ox.Triple(kind, sub, above), ox.Triple(above, sub, top)]
    dataset = Dataset()
    dataset.add(ox.NamedNode("urn:g"), triples)
    path = Sequence((verb, Repeat(sub, "*")))
    assert path_triples(dataset, thing, path, top) == triples
    assert path_triples(dataset, thing, path, kind) == triples[:1]
    assert path_triples(dataset, kind, Repeat(sub, "+"), top) == triples[1:]
    assert path_triples(dataset, thing, path, thing) == []
    assert path_triples(dataset, thing, Sequence((verb, sub)), above) is None


def test_registers_that_are_not_kept_are_explained_once_for_all(judged: Case) -> None:
    finding = next(f for f in judged.report.findings if f.group and f.group.endswith("/register/clauses"))
    assert finding.code == "REG001"
    facts = explainer(judged, 1).finding(finding)
    assert lines(facts) == [
        (0, "known", "clauses – kept for: active outsourcing", ""),
        (0, "derived", "the agreement with Lov is an active outsourcing", ""),
        (0, "asserted", "the agreement with Lov – customer: Kyst", "5:12"),
        (0, "absent", "for the agreement with Lov, “keeps a register of: clauses” is not recorded", ""),
        (0, "known", "the same holds in 1 other place", ""),
    ]
    assert lines(facts, danish=True)[-1][2] == "det samme gælder 1 andet sted"


def test_an_absence_names_the_limit_it_is_within(judged: Case) -> None:
    """The approval runs until 2027: "no end is recorded" would be false, "no end before today" is true."""
    triple = next(
        quad.triple for quad in judged.opened.dataset.store if quad.graph_name.value == f"{RULE_PREFIX}approved"
    )
    fact = explainer(judged).triple(triple)
    assert fact.text.en == "the link Vi (under Ur) – is approved by: approval 2023-12-01"

    def texts(one: Fact) -> list[str]:
        return [text for beneath in one.beneath for text in (beneath.text.en, *texts(beneath))]

    below = texts(fact)
    assert "for approval 2023-12-01, “withdrawn: by 2025-06-15” is not recorded" in below
    assert "for approval 2023-12-01, “until: before 2025-06-15” is not recorded" in below
    assert any(text.startswith("“approval 2023-12-01 – service and Vi (under Ur) – service") for text in below)


def test_only_the_branch_that_holds_is_shown(judged: Case) -> None:
    triple = next(
        quad.triple for quad in judged.opened.dataset.store if quad.graph_name.value == f"{RULE_PREFIX}approval-given"
    )
    texts = [fact.text.en for fact in explainer(judged, 2).triple(triple).beneath]
    assert "approval 2023-12-01 – approves: Vi (under Ur)" in texts
    assert not any("– performed by: " in text for text in texts)


def test_what_lies_beneath_a_link_is_not_sought_in_other_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    suppliers = [f"U{number}" for number in range(9)]
    chain = [f"{{id: L{name}, leverandør: {name}, start: 2024-01-01}}" for name in suppliers]
    example = case(f"{SPECIFIED}    underleverandører: [{', '.join(chain)}]\norganisations: [{', '.join(suppliers)}]\n")
    numbers = []
    select = Dataset.select

    def counted(self: Dataset, query: str, **bound: Term) -> list[Row]:
        rows: list[Row] = list(select(self, query, **bound))
        numbers.append(len(rows))
        return rows

    monkeypatch.setattr(Dataset, "select", counted)
    quads = example.opened.dataset.store.quads_for_pattern(None, ox.NamedNode(G + "parentLink"), None, None)
    fact = explainer(example).triple(next(quad.triple for quad in quads))
    assert fact.beneath
    assert max(numbers) == 1


def test_depth_cuts_off_and_leaves_the_rest_for_where_it_is_shown(judged: Case) -> None:
    def depth(facts: Iterable[Fact]) -> int:
        return max((1 + depth(fact.beneath) for fact in facts), default=0)

    finding = judged.of("SUB001")
    assert [depth(explainer(judged, n).finding(finding)) for n in (1, 2, 3)] == [1, 2, 3]
    facts = explainer(judged, 2).finding(finding)
    assert all(fact.beneath for fact in facts if fact.kind == "derived")


def test_an_explanation_is_the_same_each_time(judged: Case) -> None:
    first, second = explainer(judged), explainer(judged)
    for finding in judged.report.findings:
        assert first.finding(finding) == second.finding(finding) == first.finding(finding)


def test_every_finding_has_an_explanation(judged: Case) -> None:
    assert len(judged.report.findings) > 8
    for finding in judged.report.findings:
        facts = explainer(judged).finding(finding)
        assert facts, finding.code
        assert {fact.kind for fact in facts} <= {"asserted", "derived", "known", "absent"}


def test_a_way_along_one_property_is_shown_step_by_step() -> None:
    """And by a shortest way: the second assessment is of both the event and the first assessment of it."""
    example = case("""
        organisationer: [K, L]
        kontrakter: [{id: KL, kunde: K, leverandør: L, start: 2024-01-01}]
        aktiviteter:
          - {id: event, slags: hændelse, vedrører: KL, dato: 2025-01-10}
          - {id: first, slags: vurdering af begivenhed, vedrører: event, dato: 2025-01-11}
          - {id: second, slags: vurdering af begivenhed, vedrører: [event, first], dato: 2025-01-12}
    """)
    second, keeper, agreement = (ox.NamedNode(iri) for iri in (f"{BASE}second", f"{G}keeper", f"{BASE}KL"))
    beneath = explainer(example).triple(ox.Triple(second, keeper, agreement)).beneath
    assert [(fact.kind, short(str(fact.triple))) for fact in beneath] == [
        ("derived", "<KL> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <RootAgreement>"),
        ("derived", "<second> <partOf> <event>"),
        ("derived", "<event> <partOf> <KL>"),
    ]
    whole = explainer(example).triple(ox.Triple(agreement, keeper, agreement)).beneath
    assert [short(str(fact.triple)) for fact in whole] == [
        "<KL> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <RootAgreement>"
    ]


def test_two_agreements_that_are_under_each_other_can_be_explained() -> None:
    example = case("""
        organisationer: [K, L, M]
        kontrakter:
          - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, registre: [underleverandører]}
          - {id: A, type: underleverance, under: [KL, B], leverandør: L}
          - {id: B, type: underleverance, under: A, leverandør: M}
    """)
    assert example.findings
    for finding in example.findings:
        assert explainer(example).finding(finding)


def untraced(fact: Fact) -> Fact | None:
    """The first fact of an explanation that rests on nothing, or on itself; None when there is none."""
    explained = set()

    def collect(one: Fact) -> None:
        if one.beneath:
            explained.add(one.text)
        for below in one.beneath:
            collect(below)

    def search(one: Fact, above: frozenset[Text]) -> Fact | None:
        if one.kind == "derived" and not one.beneath and (one.text in above or one.text not in explained):
            return one
        return next((bad for below in one.beneath if (bad := search(below, above | {one.text}))), None)

    collect(fact)
    return search(fact, frozenset())


def derived(opened: Opened, most: int) -> list[ox.Triple]:
    """Derived triples, at most so many of each rule."""
    by_rule = defaultdict(list)
    for quad in opened.dataset.store:
        if quad.graph_name.value.startswith(RULE_PREFIX):
            by_rule[quad.graph_name.value].append(quad.triple)
    return [triple for graph in sorted(by_rule) for triple in sorted(by_rule[graph], key=str)[:most]]


def test_every_derived_triple_of_a_case_is_traceable(judged: Case) -> None:
    triples = derived(judged.opened, 1_000)
    assert len(triples) > 50
    explains = explainer(judged)
    for triple in triples:
        fact = explains.triple(triple)
        assert fact.kind in {"asserted", "derived"}
        assert fact.kind == "asserted" or (fact.rule is not None and fact.beneath), fact.text
        assert untraced(fact) is None, fact.text


@pytest.mark.exhaustive
@pytest.mark.skipif(not (DATA / "demo").is_dir(), reason="the demo is not part of this copy")
def test_every_rule_of_the_demo_is_traceable() -> None:
    opened = service.open_paths([DATA / "demo"], Settings(as_of=date(2026, 11, 25)))
    triples = derived(opened, 12)
    assert len(triples) > 300
    explains = Explainer(opened.dataset, opened.sources, opened.rules)
    for triple in triples:
        fact = explains.triple(triple)
        assert fact.kind == "asserted" or fact.beneath, fact.text
        assert untraced(fact) is None, fact.text


def test_what_the_knowledge_says_is_known(judged: Case) -> None:
    triple = ox.Triple(
        ox.NamedNode("https://w3id.org/graphsc/ns#Subcontract"),
        ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"),
        ox.NamedNode("https://w3id.org/graphsc/ns#Agreement"),
    )
    assert triple in {quad.triple for quad in judged.opened.dataset.store}
    assert explainer(judged).triple(triple).kind == "known"


def test_hostile_names_stay_values(judged: Case) -> None:
    example = case("organisationer: [{id: K, navn: '{?this} \\u202e'}]\nkontrakter: [{id: tom, kunde: K}]")
    facts = explainer(example).finding(example.of("AGR002"))
    assert isinstance(facts[0], Fact)
    assert BASE == "https://k.example/"


def _explained(code: str) -> list[str]:
    example = case(OPERATED)
    return [text for _, _, text, _ in lines(explainer(example).finding(example.of(code)))]


OPERATED = """\
base: https://k.example/
organisationer: [{id: KU, navn: Ku, registre: [systemer]}, {id: LE, navn: Lev}, {id: UN, navn: Ur}]
systemer: [{id: SY, navn: Sys, ejer: KU, drives af: LE}]
kontrakter:
  - {id: AF, kunde: KU, leverandør: LE, start: 2024-01-01, kategori: it-drift og vedligehold, registre: [underleverandører],
     underleverandører: [{id: UL, leverandør: UN, ydelse: drift, start: 2024-02-01, godkendelse: {dato: 2024-03-01, omfang: drift}}]}
"""


def test_an_exception_that_has_nothing_to_hold_of_is_not_told() -> None:
    """That an agreement only buys equipment is not so: which other categories it has is beside the point."""
    facts = _explained("SUB003")
    (category,) = [line for line in facts if "category" in line and line.endswith("is not recorded")]
    assert "category (purchase only: yes)" in category


def test_what_an_exception_rests_on_is_told_as_it_is() -> None:
    """The approval covers the task: that it has none other than the subcontract's is no absence to puzzle over."""
    facts = _explained("SUB003")
    assert not [line for line in facts if ", without " in line]
    assert [line for line in facts if line == "approval 2024-03-01 – service: drift"]


def test_a_value_that_two_would_have_to_share_is_told_as_the_same() -> None:
    facts = _explained("AGR001")
    assert "for Lev, “legal unit: the same as for Ku” is not recorded" in facts
