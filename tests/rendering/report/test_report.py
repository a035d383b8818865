"""The report: its contents against the findings and measures they are made from, and the page against its contents."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import authority
import pyoxigraph as ox
import pytest
from command import BROKEN, CLEAN, UNREADABLE, WARNING
from report_pages import DAY, Reader, contents, hostile, of, page
from repository import REPOSITORY
from syrupy.assertion import SnapshotAssertion

import graphsc.rendering.report as report_page
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text, with_written_days
from graphsc.coverage.checks import with_facts
from graphsc.drawing.model import Kind
from graphsc.drawing.projection import read as picture
from graphsc.rendering.report import appendix, decisions, gravest, render, render_brief
from graphsc.rendering.report.words import WORDS
from graphsc.service import open_paths, validate
from graphsc.service.coverage import coverage
from graphsc.service.opened import as_of
from graphsc.service.report.content import Contents, Measured, Standing, anchored
from graphsc.service.report.document import ReportOptions
from graphsc.service.report.summary import earlier_days, measured, standing_of, trend
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Report, RuleOutcome, Severity

ORDER = (
    "verdict", "trend", "cover", "contents-title", "summary", "method", "findings", "waivers", "rules", "chains", "concentration",
    "weakest", "duties", "suppliers", "appendix", "sign",
)  # fmt: skip


def read(made: Contents, language: Language = Language.DA) -> Reader:
    return Reader(render(made, language=language))


@pytest.mark.exhaustive
def test_every_finding_stands_once_under_who_must_act() -> None:
    report, _ = authority.judged()
    made = contents()
    shown = [item.finding.fingerprint for group in made.groups for item in group.items]
    assert sorted(shown) == sorted(finding.fingerprint for finding in report.findings if finding.counts)
    assert len(set(shown)) == len(shown)
    for group in made.groups:
        ranks = [item.finding.severity.rank for item in group.items]
        assert ranks == sorted(ranks)
        assert len({(item.finding.actor.organisation, item.finding.actor.role) for item in group.items}) == 1
    assert made.groups[0].count(Severity.BREACH) == max(group.count(Severity.BREACH) for group in made.groups)
    assert [item.finding.fingerprint for item in made.accepted] == [f.fingerprint for f in report.findings if f.waived]
    assert all(item.finding.counts for item in made.expired)
    assert made.expired


def test_every_rule_is_in_one_state_and_none_is_passed_over() -> None:
    report, rules = authority.judged()
    made = contents().rules
    states = Counter(
        state.rule.code
        for part in (made.broken, made.excused, made.passed, made.idle, made.unchecked)
        for state in part
    )
    assert set(states) == set(rules)
    assert set(states.values()) == {1}
    assert {state.rule.code for state in made.broken} == {finding.code for finding in report.findings if finding.counts}
    assert {state.rule.code for state in made.unchecked} == {"MEA001", "MEA002", "MEA003"}
    assert all(state.reason is not None for state in made.unchecked)
    assert all(state.outcome is not None and not state.outcome.failed for state in made.passed)
    queries = [state.query for state in made.all if not state.rule.code.startswith("WVR")]
    assert all(query.startswith("SELECT") for query in queries)
    for query in queries:  # what is printed can be asked
        ox.Store().query(f"{made.prefixes}\n{query}")


def test_a_rule_that_passed_names_whose_evidence_it_rests_on() -> None:
    whose = {state.rule.code: state.whose.en for state in contents().rules.passed}
    assert whose["ROL005"]
    assert any("latest" in said and "202" in said for said in whose.values())


def test_a_duty_behind_a_finding_gives_it_its_day() -> None:
    (item,) = (i for group in contents().groups for i in group.items if i.finding.code == "EXI003")
    assert item.due == date(2022, 11, 1)
    assert [fact.location for fact in item.facts if fact.kind == "asserted"]
    assert any(fact.kind == "absent" for fact in item.facts)
    assert all(triple.endswith(" .") for triple in item.triples)


def test_the_duties_are_overdue_or_near() -> None:
    made = contents()
    days = [item.duty.due for item in made.coming if item.duty.due is not None]
    assert len(days) == len(made.coming)
    assert days == sorted(days)
    assert all((day - DAY).days <= 90 for day in days)


def test_that_no_deadline_is_known_is_no_all_clear(tmp_path: Path) -> None:
    """A register that is not kept leaves it unknown what is overdue; a business-critical system is critical to somebody."""
    made = of(CLEAN + "systemer: [{id: S, ejer: K, kritikalitet: forretningskritisk}]\n", tmp_path)
    assert made.coming == ()
    text = Reader(render(made, language=Language.EN)).text
    assert "No deadlines, as far as is recorded." in text
    assert made.unknown is not None
    assert made.unknown.en in text
    assert re.fullmatch(r"For \d+ pligter er det ukendt, om noget er forfaldent, for .* føres ikke\.", made.unknown.da)
    assert "no system is recorded as society-critical or critical infrastructure" in text
    assert "nothing society-critical is recorded as depending on it" in text
    assert "critical systems and no society-critical" not in text


def test_each_chain_has_its_parties_with_their_way() -> None:
    chains = {chain.title.da: chain for chain in contents().chains}
    assert list(chains) == ["sikker sejlads", "varsling om stormflod"]
    deepest = max(chains["varsling om stormflod"].links, key=lambda link: link.tier)
    assert (deepest.tier, deepest.party.da, deepest.country and deepest.country.da, deepest.approval.da) == (
        4,
        "Tordenskræppe Net",
        "Nederlandene",
        "nej",
    )
    assert [step.da for step in deepest.path][-3:] == ["Hedelærke Data", "Skvalderlund Sky", "Krikandesø Kapacitet"]
    assert [who.da for who in deepest.supervisors] == ["Nordlysstyrelsen"]
    assert [code for _, code in deepest.findings] == ["SUB007"]


def test_the_register_has_every_supplier() -> None:
    made = contents()
    query = """PREFIX g: <https://w3id.org/graphsc/ns#> SELECT DISTINCT ?s WHERE { ?a a g:ActiveAgreement ; g:supplier ?s
               FILTER NOT EXISTS { ?a a g:FrameworkAgreement } FILTER NOT EXISTS { ?a a g:DataProcessingAgreement } }"""
    assert len(made.suppliers) == len(authority.opened().dataset.select(query))
    (one,) = (supplier for supplier in made.suppliers if supplier.name.da == "Kobberskum Datacenter")
    assert (one.tier, one.country.en, one.group and one.group.da) == (2, "Denmark", "Kobberskum-koncernen")


def test_only_where_nothing_is_broken_and_everything_was_judged_it_is_said_that_no_requirement_is(
    tmp_path: Path,
) -> None:
    """A note, or a finding that is deferred or accepted, is a reservation; so is a rule that was not judged everywhere."""
    made = of(CLEAN, tmp_path, as_of=date(2025, 6, 15))
    assert made.unrecorded
    assert all(places and register not in places for register, places, _ in made.unrecorded)
    judged = Report(
        as_of=DAY, inputs=(), problems=(), findings=(), labels={}, rules=(RuleOutcome("SUB001", 1, 0, "compiled"),)
    )
    note = Finding("IDN001", Severity.NOTE, Text.same("x"), Text.same("x"), "urn:x")
    assert standing_of(judged) is Standing.UNBROKEN
    assert standing_of(replace(judged, findings=(note,))) is Standing.RESERVED
    assert standing_of(replace(judged, findings=(replace(note, deferred="urn:k"),))) is Standing.RESERVED
    unkept = replace(judged.rules[0], code="SUB002", not_checked=Text.same("x"))
    assert standing_of(replace(judged, rules=(*judged.rules, unkept))) is Standing.RESERVED


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (BROKEN, Standing.BROKEN),
        (WARNING, Standing.RESERVED),
        (CLEAN, Standing.RESERVED),
        ("personer: [person/p01]", Standing.NOTHING),
        (UNREADABLE, Standing.UNKNOWN),
    ],
)
def test_the_verdict(text: str, standing: Standing, tmp_path: Path) -> None:
    made = of(text, tmp_path, as_of=date(2025, 6, 15))
    assert made.verdict.standing is standing
    assert len(made.verdict.sentences) == 3
    assert all(sentence.da.endswith(".") and sentence.en.endswith(".") for sentence in made.verdict.sentences)


def test_the_verdict_says_how_much_could_not_be_judged(tmp_path: Path) -> None:
    made = of(CLEAN, tmp_path, as_of=date(2025, 6, 15))
    wrong, _, to_do = made.verdict.sentences
    assert re.search(r"føres ikke.*, så \d+ regler kunne ikke bedømmes overalt\.$", wrong.da)
    assert re.search(r"not kept.*, so \d+ rules could not be judged everywhere\.$", wrong.en)
    assert to_do.da.startswith("Der er intet at rette i det, der kunne bedømmes.")
    assert to_do.en.startswith("There is nothing to mend in what could be judged.")


def test_the_trend_is_the_same_data_on_earlier_days() -> None:
    days = earlier_days(DAY, 4)
    assert days == [date(2025, 11, 25), date(2026, 2, 25), date(2026, 5, 25), date(2026, 8, 25)]
    made = contents()
    earlier, _ = validate(as_of(authority.opened(), days[-1]))
    now, _ = authority.judged()
    assert made.trend is not None
    assert made.trend.days == (measured(earlier), measured(now))
    assert made.trend.sentence.da.startswith(("Værre", "Bedre", "Både", "Uændret"))


def test_a_single_day_is_no_trend() -> None:
    assert trend([]) is None
    assert trend([measured(authority.judged()[0])]) is None


@pytest.mark.exhaustive
@pytest.mark.parametrize("language", list(Language))
def test_the_page_is_in_order_and_its_links_lead_somewhere(language: Language) -> None:
    reader = Reader(page("demo", language).read_text(encoding="utf-8"))
    headings = [name for name in reader.ids if name in ORDER]
    assert headings == list(ORDER)
    assert len(set(reader.ids)) == len(reader.ids)
    assert all(link.startswith("#") and link[1:] in reader.ids for link in reader.links)
    assert reader.tags[0] == ("html", {"lang": str(language)})


def test_the_page_needs_nothing_but_itself() -> None:
    text = page("demo").read_text(encoding="utf-8")
    reader = Reader(text)
    assert {tag for tag, _ in reader.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    assert not any(name.startswith("on") or name in {"style", "src"} for _, given in reader.tags for name in given)
    (policy,) = (given["content"] for _, given in reader.tags if given.get("http-equiv") == "Content-Security-Policy")
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert text.count("<style") == 1
    assert "url(" not in style
    assert "@import" not in style


def test_the_appendix_says_what_a_rule_looks_at_and_does_not_see_beneath_its_statements() -> None:
    known = {name: one for state in contents().rules.all for name, one in state.statements if one is not None}
    one = known["S-1.2-03"]
    assert one.looks_at is not None
    assert one.does_not_see is not None
    entries = [
        statement
        for rule in json.loads(appendix.files(contents())["rules.json"])
        for statement in rule["statements"]
        if statement["id"] == "S-1.2-03"
    ]
    assert entries[0]["looksAt"]["da"] == one.looks_at.da
    assert entries[0]["doesNotSee"]["en"] == one.does_not_see.en


def test_the_appendix_holds_every_query_and_triple() -> None:
    made = contents()
    beside = appendix.files(made)
    for state in made.rules.all:
        assert not state.query or state.query.strip() in beside[f"queries/{anchored(state.rule.code)}.rq"]
    items = [item for group in made.groups for item in group.items]
    by_id = {finding["id"]: finding for finding in json.loads(beside["findings.json"])}
    assert by_id.keys() == {item.finding.fingerprint for item in [*items, *made.accepted]}
    for item in items:
        if item.triples:
            assert set(item.triples) <= set(beside[by_id[item.finding.fingerprint]["triples"]].splitlines())
    store = ox.Store()
    for name, text in beside.items():
        if name.endswith(".ttl"):
            store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    assert len(store) > 100
    assert beside["SHA256SUMS"].count("\n") == len(made.cover.inputs)


def test_the_brief_says_what_to_decide_who_must_act_and_the_gravest() -> None:
    made = contents()
    reader = Reader(render_brief(made, language=Language.DA))
    assert [name for name in reader.ids if not name.startswith("chart")] == [
        "verdict", "decisions", "gravest", "changed", "basis",
    ]  # fmt: skip
    picked = gravest(made)
    assert len(picked) == 5
    assert len({item.finding.code for item in picked}) == 5
    everything = [item for group in made.groups for item in group.items]
    assert picked[0].finding.severity is Severity.BREACH
    grave = [item.finding for item in everything if item.finding.urgent and item.finding.severity is Severity.BREACH]
    assert max(len(finding.consequences) for finding in grave) == len(picked[0].finding.consequences)
    first = decisions(made)[0]
    group = made.groups[0]
    violations = group.count(Severity.BREACH)
    assert first.what.en.startswith(f"Mend {violations} breaches")
    assert first.due == group.next_due
    for item in picked:
        assert with_written_days(item.finding.message.da, Language.DA) in reader.text
    assert "25. november 2026" in reader.text


def test_findings_are_other_findings_only_beside_violations(tmp_path: Path) -> None:
    (decision,) = decisions(of(WARNING, tmp_path))
    assert (decision.what.da, decision.what.en) == ("Ret 4 fund", "Mend 4 findings")


def test_a_brief_of_nothing_wrong_says_so(tmp_path: Path) -> None:
    text = Reader(render_brief(of(CLEAN, tmp_path), language=Language.EN)).text
    assert "There are no findings." in text
    assert "Nothing earlier was compared with." in text


def test_the_first_page(snapshot: SnapshotAssertion) -> None:
    for language in Language:
        words = Reader(page("demo", language).read_text(encoding="utf-8")).words
        start, end = words.index(WORDS["report"][language], 1), words.index(WORDS["cover"][language])
        said = re.sub(r"\d+", "#", "\n".join(words[start:end]))  # how many are found is tested where they are found
        assert said == snapshot(name=str(language))


def test_days_are_written_as_people_write_them() -> None:
    text = "Afvigelse 2026-05-04 er lukket (2026-06-15), se data/2026-05-04/a.yaml, 2026-13-40 og x-2026-05-04"
    said = with_written_days(text, Language.DA)
    assert (
        said == "Afvigelse 4. maj 2026 er lukket (15. juni 2026), se data/2026-05-04/a.yaml, 2026-13-40 og x-2026-05-04"
    )
    reader = Reader(render_brief(contents(), language=Language.DA))
    assert not re.search(r"(?<![\w/-])\d{4}-\d\d-\d\d(?!\w)", reader.text)


def test_a_finding_as_it_stands(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    made = of(BROKEN, tmp_path, as_of=date(2025, 6, 15))
    made = replace(made, groups=made.groups[:1])
    text = render(made, language=Language.EN)
    part = text[
        text.index('<section class="sheet" aria-labelledby="findings">') : text.index('aria-labelledby="waivers"')
    ]
    assert part.replace(tmp_path.as_posix(), "FOLDER") == snapshot


def test_words_and_rules_are_in_both_languages() -> None:
    assert {name for name, text in WORDS.items() if text.da == text.en} == {"commit", "id"}
    folder = Path(report_page.__file__).parent
    pages = " ".join(file.read_text(encoding="utf-8") for file in [*folder.glob("*.html"), folder / "__init__.py"])
    assert {
        name for name in WORDS if not re.search(rf"\bw\.{name}\b|WORDS\['{name}'\]|WORDS\[\"{name}\"\]", pages)
    } == set()
    danish, english = read(contents()), read(contents(), Language.EN)
    assert [name for name in danish.ids if name not in english.ids] == []
    for word in ("Udviklingen", "Svageste led", "Ikke kontrolleret"):
        assert word in danish.text
        assert word not in english.text


@pytest.mark.exhaustive
def test_the_same_bytes_whatever_the_order_of_sets(tmp_path: Path) -> None:
    (tmp_path / "k.yaml").write_text(BROKEN, encoding="utf-8")
    words = [
        sys.executable,
        "-m",
        "graphsc",
        "report",
        "k.yaml",
        "--as-of",
        "2025-06-15",
        "--lang",
        "en",
        "--trend",
        "1",
    ]
    made = [
        subprocess.run(
            words,
            cwd=tmp_path,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]
    assert made[0].startswith(b"<!DOCTYPE html>\n")
    assert made[0].endswith(b"</html>\n")


def test_the_classification_stands_on_the_screen_and_on_every_printed_page() -> None:
    made = replace(contents(), cover=replace(contents().cover, classification='TIL "tjenestebrug"</style>'))
    text = render(made, language=Language.DA)
    assert text.count("TIL &#34;tjenestebrug&#34;&lt;/style&gt;") == 3
    assert text.count("</style>") == 1
    assert (
        len(
            re.findall(r'@(?:top|bottom)-center \{ content: "TIL\\20 \\22 tjenestebrug\\22 \\3c \\2f style\\3e "', text)
        )
        == 2
    )
    assert "@top-center { content: none" in render(contents(), language=Language.DA)


def test_names_that_mean_harm_do_none() -> None:
    for language in Language:
        reader = read(hostile(), language)
        assert {tag for tag, _ in reader.tags}.isdisjoint({"script", "img", "iframe"})
        assert not any(name.startswith("on") for _, given in reader.tags for name in given)
        assert "\u202e" not in reader.text
        assert "{{ 7*7 }}" in reader.text  # a template of someone else is a text like any other


def test_a_code_from_outside_makes_a_harmless_anchor() -> None:
    assert anchored("rule-A B\"'>1") == "rule-A_20B_22_27_3e1"
    assert anchored("rule-A B") != anchored("rule-A_20B_")


def test_what_could_not_be_read_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(UNREADABLE, encoding="utf-8")
    made = of(BROKEN, tmp_path, ReportOptions(quarters=0), date(2025, 6, 15))
    text = read(made, Language.EN).text
    assert text.index("Could not be read") < text.index("On one page")
    assert made.verdict.standing is Standing.BROKEN
    assert made.verdict.title == Text("Kravene er ikke overholdt", "The requirements are not met")


def test_no_rule_is_kept_on_what_is_not_recorded(tmp_path: Path) -> None:
    """Nothing tells of phases, subcontractors or numbers here, so no rule on them is kept, though none is broken."""
    made = of(CLEAN, tmp_path, as_of=date(2025, 6, 15))
    rules = made.rules
    passed, idle, unchecked = ({s.rule.code for s in part} for part in (rules.passed, rules.idle, rules.unchecked))
    assert {"SUB021", "IDN002"} <= idle
    assert "PHA001" in unchecked
    assert {"AGR002", "AGR003"} <= passed


def test_the_report_counts_the_rules_as_validate_does(tmp_path: Path) -> None:
    made = of(CLEAN, tmp_path, as_of=date(2025, 6, 15))
    opened = open_paths([tmp_path], Settings(as_of=date(2025, 6, 15), base="https://k.example/"))
    report, _ = validate(opened)
    report = with_facts(opened.dataset, report)
    number = len(wording.judged(report))
    assert f"{number} rules were checked wherever there was something" in wording.nothing(report, Language.EN)
    assert "19 registers are not kept and 4 kinds of facts are missing, so" in wording.nothing(report, Language.EN)
    assert made.verdict.sentences[0].en.startswith(f"None of the {number} rules that had something to judge is broken.")
    skipped = len(made.rules.unchecked) + len(made.rules.partly) - made.rules.left_out
    assert f"{skipped} rules not checked" in made.counts.en
    assert f"({len(made.rules.unchecked)}, of these left out or without a limit: 3)" in render(
        made, language=Language.EN
    )


def test_map_report_coverage_and_validate_count_the_same() -> None:
    (report, rules), made = authority.judged(), contents()
    shown = picture(authority.opened().dataset, DAY, report.findings)
    for severity in Severity:
        number = report.count(severity)
        assert sum(group.count(severity) for group in made.groups) == number
        assert sum(finding.counts and finding.severity is severity for finding in shown.findings) == number
    assert made.counts.en == wording.counts(report, Language.EN)
    assert len(made.suppliers) == sum(node.kind is Kind.SUPPLIER for node in shown.nodes)
    held = {holding.plural.en: holding.count for holding in report.holdings}
    agreements = sum(number for noun, number in held.items() if noun.endswith("agreements with suppliers"))
    covered = coverage(authority.opened(), judged=(report, rules), owed=())
    assert len(covered.agreements) == agreements
    assert held["systems"] == sum(node.kind is Kind.SYSTEM for node in shown.nodes)


_PART_OF_A_RULE = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten}, {id: L, navn: Løngang}, {id: U, navn: Ærøskøbing Drift}]
kontrakter:
  - {id: A, navn: Alfa, kunde: K, leverandør: L, start: 2024-04-01, registre: [krav], krav: [{id: R1}], underleverandører: [{id: AU, leverandør: U, start: 2024-06-01}]}
  - {id: B, navn: Beta, kunde: K, leverandør: L, start: 2024-04-01, underleverandører: [{id: BU, leverandør: U, start: 2024-06-01}]}
"""
"""In one chain a requirement does not flow down; of the other it is not known, since the register is not kept."""


def test_the_rules_in_numbers_add_up_where_one_is_broken_and_not_checked_everywhere(tmp_path: Path) -> None:
    made = of(_PART_OF_A_RULE, tmp_path, as_of=date(2025, 6, 15))
    rules = made.rules
    assert "FLW001" in {state.rule.code for state in rules.partly}
    parts = (rules.broken, rules.excused, rules.passed, rules.idle, rules.unchecked)
    assert sum(map(len, parts)) == len(rules.all)
    page = render(made, language=Language.EN)
    numbers = page[page.index('id="method"') :]
    for name, part in zip(("broken", "excused", "passed", "idle", "not-checked"), parts, strict=True):
        assert not part or re.search(rf'<a href="#{name}">[^<]*</a></th><td class="figure">{len(part)}<', numbers)
        assert not part or re.search(rf'id="{name}"[^>]*>(?:<summary><h3>|\s*)[^(]*\({len(part)}[,)]', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


MOST = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten, art: statslig myndighed, registre: [beslutninger]}, {id: L, navn: Løngang}, {id: U, navn: Ærø}]
kontrakter:
  - id: KL
    kunde: K
    leverandør: L
    periode: 2024-04-01/2028-03-31
    registre: [underleverandører]
    underleverandører: [{id: LU, leverandør: U, start: 2024-06-01}]
"""
"""One violation for the contract manager; more warnings for others."""


def test_whoever_has_most_findings_is_said_to_have_most(tmp_path: Path) -> None:
    made = of(MOST, tmp_path, as_of=date(2025, 6, 15))
    numbers = [len(group.items) for group in made.groups]
    assert numbers[0] < max(numbers)
    most = made.groups[numbers.index(max(numbers))]
    name = ", ".join(part.en for part in (most.organisation, most.role) if part)
    assert f"Most findings wait for {name}: {max(numbers)} of {sum(numbers)}." in made.verdict.sentences[2].en


def test_nobody_has_most_findings_where_two_have_as_many(tmp_path: Path) -> None:
    text = """\
base: https://k.example/
organisationer: [{id: K, navn: Klitten}, {id: M, navn: Marsken}, {id: L}]
kontrakter:
  - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, registre: [underleverandører]}
  - {id: ML, kunde: M, leverandør: L, start: 2024-01-01, registre: [underleverandører]}
"""
    wrong, _, to_do = of(text, tmp_path).verdict.sentences
    assert "found by 1 of the 6 rules that had something to judge." in wrong.en
    assert (
        to_do.en == "The findings wait for 2 different parties; none has more than Klitten, contract manager: 1 of 2."
    )
    assert to_do.da == "Fundene venter på 2 forskellige; ingen har flere end Klitten, kontraktansvarlig: 1 af 2."


def test_what_did_not_change_is_not_said_to_go_from_one_number_to_the_same() -> None:
    days = (Measured(date(2025, 3, 15), 1, 5), Measured(date(2025, 6, 15), 1, 1))
    made = trend(days)
    assert made is not None
    assert made.sentence == Text(
        "Bedre siden 15. marts 2025: stadig 1 overtrædelse, spørgsmål fra 5 til 1.",
        "Better since 15 March 2025: still 1 breach, questions from 5 to 1.",
    )


COMING = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten}, {id: L, navn: Løngang}, {id: F, navn: Fyrvæsenet}]
kontrakter:
  - {id: KL, kunde: K, leverandør: L, underskrevet: 2025-06-01, start: 2026-01-01}
"""
RUNNING = "  - {id: FL, kunde: F, leverandør: L, underskrevet: 2024-06-01, start: 2024-07-01}\n"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (COMING, Text.same("Kystvagten")),
        (COMING + RUNNING, Text.same("Fyrvæsenet")),
        ("base: https://k.example/\n", Text("Ingen kunde registreret", "No customer recorded")),
    ],
)
def test_the_customer_is_who_has_the_agreements_also_before_they_run(data: str, name: Text, tmp_path: Path) -> None:
    assert of(data, tmp_path, ReportOptions(quarters=0), date(2025, 6, 15)).cover.authority == name
