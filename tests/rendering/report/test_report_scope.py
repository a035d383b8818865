"""A report for one party holds its own chain and says nothing of others, anywhere."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import authority
import pyoxigraph as ox
import pytest
from casework import flush
from report_pages import DAY, N, contents, of, page

from graphsc.core.location import Location
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels, readable
from graphsc.rendering.report import appendix, render, render_brief
from graphsc.service import open_paths, validate
from graphsc.service.report import scope
from graphsc.service.report.document import ReportOptions
from graphsc.service.report.redaction import Redactor
from graphsc.validation.findings import Acceptance, Actor, Finding, NearMiss, Severity

SIVSANGERBO = {"org/sivsangerbo-hosting", "underleverance/hosting", "underleverance/datacenter", "underleverance/koeling",
               "org/kobberskum-datacenter", "org/mosekonebryg-koeling"}  # fmt: skip
BESIDE = {"org/taagehorn-drift", "koncern/kobberskum"}
EVERYWHERE = {"org/statens-it", "org/fm-departement", "org/ski", "org/statens-indkoeb"}
"""Bodies that the guide itself names, so that the rules' own texts do."""


@lru_cache(maxsize=1)
def named() -> dict[str, set[str]]:
    """What every organisation, agreement, system, function and person of the demo is called, by id."""
    labels = Labels(authority.opened().dataset)
    query = """PREFIX g: <https://w3id.org/graphsc/ns#> SELECT DISTINCT ?x WHERE { ?x a ?c . VALUES ?c { g:Organisation
        g:OwnerGroup g:Agreement g:ITSystem g:SocietalFunction g:BusinessProcess g:DataAsset g:Person g:SecurityRequirement } }"""
    mentions = {}
    for row in authority.opened().dataset.select(query):
        iri = plain(row["x"])
        if iri.startswith(N):
            end = readable(iri)
            names = {labels[iri].da, labels[iri].en, end, iri}
            # a word like any other names nobody
            mentions[iri.removeprefix(N)] = names - {end} if end.isalpha() else names
    return mentions


def spoken_of(text: str, allowed: Iterable[str]) -> set[str]:
    """The ids of what a text speaks of beyond what is allowed."""
    fine = {name for key in allowed for name in named()[key]}
    return {
        one
        for one, names in named().items()
        for name in names
        if name not in fine and name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    }


COMMON = {"system/mail", "system/intranet", "system/arkiv", "system/journal", "system/netvaerk", "system/identitet", "system/loen",
          "system/tryk", "system/regnskab", "system/hjemmeside", "data/personale"}  # fmt: skip
"""Systems that are called by a common word, which the texts of rules may use."""


@pytest.mark.parametrize("language", list(Language))
def test_no_other_name_is_in_the_report_of_a_subcontractor(language: Language) -> None:
    text = html.unescape(page("org/sivsangerbo-hosting", language).read_text(encoding="utf-8"))
    assert spoken_of(text, SIVSANGERBO | BESIDE) <= EVERYWHERE
    assert "Sivsangerbo Hosting" in text
    made = contents("org/sivsangerbo-hosting")
    brief = html.unescape(render_brief(made, language=language))
    assert spoken_of(brief, SIVSANGERBO | BESIDE) <= EVERYWHERE
    beside = appendix.files(made)
    assert "SHA256SUMS" not in beside, "what others wrote is not theirs to check"
    for part in (text, brief, *beside.values()):
        assert "Nordlysstyrelsen" not in part
        assert "sandvig" not in part.lower()
    body_text = "".join(body for name, body in beside.items() if name.startswith(("triples/", "findings", "report")))
    assert spoken_of(body_text, SIVSANGERBO | BESIDE) <= EVERYWHERE
    assert spoken_of("".join(beside.values()), SIVSANGERBO | BESIDE) <= EVERYWHERE | COMMON


def test_what_a_party_owns_is_all_there() -> None:
    made = contents("org/sivsangerbo-hosting")
    assert [item.finding.code for group in made.groups for item in group.items] == ["FLW001"]
    assert {supplier.name.da for supplier in made.suppliers} == {
        "Sivsangerbo Hosting",
        "Kobberskum Datacenter",
        "Mosekonebryg Køling",
    }
    (chain,) = made.chains
    assert [(link.tier, link.party.da, link.approval.da) for link in chain.links] == [
        (1, "Sivsangerbo Hosting", "–"),
        (2, "Kobberskum Datacenter", "ikke registreret"),
        (3, "Mosekonebryg Køling", "ikke registreret"),
    ]
    assert made.cover.party == Text.same("Sivsangerbo Hosting")
    assert {file.file for file in made.cover.inputs} < {file.file for file in contents().cover.inputs}


def test_the_counts_are_those_of_the_chain() -> None:
    made = contents("org/sivsangerbo-hosting")
    assert (made.counts.da, made.rules.broken[0].outcome and made.rules.broken[0].outcome.focus) == (
        f"1 overtrædelse · pr. {DAY}",
        1,
    )
    assert made.trend is not None
    assert made.trend.days[-1].violations == 1
    everything = {state.rule.code: state.outcome.focus for state in contents().rules.all if state.outcome}
    assert all(state.outcome.focus <= 18 for state in made.rules.all if state.outcome)
    assert everything["DAT010"] > 100


@pytest.mark.exhaustive
def test_an_authority_sees_its_own_and_not_its_neighbour() -> None:
    made = contents("org/nordlysstyrelsen")
    text = html.unescape(render(made, language=Language.DA))
    assert "sandvig" not in text.lower()
    own = {item.finding.subject for group in made.groups for item in group.items}
    whole = {f.subject for f in authority.judged()[0].findings if f.counts}
    assert N + "org/sandvig-kommune" in whole - own
    assert all("sandvig" in subject for subject in whole - own)
    assert {chain.title.da for chain in made.chains} == {"sikker sejlads", "varsling om stormflod"}


TWO = """
    organisationer: [{id: K, navn: Kystvagten}, {id: B, navn: Bjergvagten}, {id: L, navn: Løngang}, {id: U, navn: Udhus},
      {id: M, navn: Mosegris}]
    kontrakter:
      - id: KL
        navn: Kystkontrakten (som hos Bjergvagten)
        kunde: K
        leverandør: L
        periode: 2024-04-01/2028-03-31
        registre: [underleverandører, krav]
        krav: [{id: R1}]
        underleverandører: [{id: LU, leverandør: U, start: 2024-06-01}]
      - {id: BM, navn: Bjergkontrakten, kunde: B, leverandør: M, periode: 2024-04-01/2028-03-31, registre: [underleverandører],
         underleverandører: [{id: MU, leverandør: U, start: 2024-06-01}]}
"""


def test_a_name_in_another_text_is_taken_out(tmp_path: Path) -> None:
    (tmp_path / "Mosegris.yaml").write_text("organisationer: [{id: L}]", encoding="utf-8")
    made = of(
        TWO, tmp_path, ReportOptions(party="https://k.example/L", quarters=0, command="graphsc report Mosegris.yaml")
    )
    text = html.unescape(render(made, language=Language.DA))
    assert "Løngang" in text
    assert "Kystvagten" in text
    assert "Kystkontrakten (som hos [udeladt])" in text
    for name in ("Bjergvagten", "Bjergkontrakten", "Mosegris", "https://k.example/B", "MU"):
        assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is None, name


def test_what_is_not_recorded_of_the_chain_is_not_taken_for_met(tmp_path: Path) -> None:
    """The two registers of the agreement are kept, and the register of subcontractors for another customer alone."""
    for kept, registers in (
        ("[underleverandører, krav]", {"subcontractors", "requirements"}),
        ("[krav]", {"requirements"}),
    ):
        text = TWO.replace("[underleverandører, krav]", kept)
        made = of(text, tmp_path, ReportOptions(party="https://k.example/L", quarters=0))
        codes = {state.rule.code for state in made.rules.passed}
        read = {register for state in made.rules.passed for register in state.rule.registers}
        assert read <= {f"https://w3id.org/graphsc/register/{name}" for name in registers}
        assert not codes & {"REG001", "REG002"}
        assert ("SUB020" in codes) is ("subcontractors" in registers)
        missing = {name.en for name, _, _ in made.unrecorded}
        assert {"clauses", "supervision"} <= missing
        assert ("subcontractors" in missing) is ("subcontractors" not in registers)
        assert "registers are not kept" in made.verdict.sentences[0].en


def test_a_shared_subcontractor_does_not_join_its_customers(tmp_path: Path) -> None:
    (tmp_path / "k.yaml").write_text(TWO.replace("\n    ", "\n"), encoding="utf-8")
    opened = open_paths([tmp_path], Settings(as_of=DAY, base="https://k.example/"))
    one = scope.scope(opened.dataset, "https://k.example/L")
    other = scope.scope(opened.dataset, "https://k.example/M")
    assert "https://k.example/U" in one.whole & other.whole
    assert {"https://k.example/LU", "https://k.example/KL"} <= one.whole & other.hidden
    assert {"https://k.example/MU", "https://k.example/BM", "https://k.example/B"} <= other.whole | other.named
    assert one.hidden.isdisjoint(one.whole | one.named)


def test_every_scope_parts_all_things() -> None:
    things = set(named())
    parties = sorted(thing for thing in things if thing.startswith("org/"))[::8]
    for party in parties:
        seen = scope.scope(authority.opened().dataset, N + party)
        assert N + party in seen.whole
        assert {N + thing for thing in things} <= seen.whole | seen.named | seen.hidden
        assert seen.hidden.isdisjoint(seen.whole | seen.named)


def test_nothing_hidden_is_left_in_the_narrowed_data() -> None:
    dataset = authority.opened().dataset
    seen = scope.scope(dataset, N + "org/taagehorn-drift")
    left = scope.narrowed(dataset, seen, scope.redactor(dataset, seen, frozenset()))
    assert all(seen.shows(plain(term)) for quad in left.store for term in (quad.subject, quad.object))
    texts = {quad.object.value for quad in left.store if isinstance(quad.object, ox.Literal)}
    assert not any("Klintugle" in text for text in texts)


def test_accepted_and_narrowed_findings_keep_no_hidden_parts() -> None:
    judged, _ = authority.judged()
    seen = scope.scope(authority.opened().dataset, N + "org/sivsangerbo-hosting")
    (finding,) = (finding for finding in judged.findings if finding.code == "FLW001")
    narrow = scope.narrow(finding, seen)
    assert (finding.value, narrow.value) == (N + "krav/drift-underretning", None)
    assert narrow.fingerprint != finding.fingerprint
    assert narrow.path == (N + "underleverance/hosting", N + "underleverance/datacenter")
    assert narrow.related == ()
    assert narrow.severity is Severity.VIOLATION


def test_a_narrowed_finding_keeps_nothing_hidden_in_any_of_its_fields() -> None:
    """Each field that can hold a thing or a place of others does so here, but those that a finding is chosen by."""
    hidden, shown, elsewhere = "urn:hidden", "urn:shown", Location("hidden.yaml", 3)
    acceptance = Acceptance("urn:waiver", "because", hidden, None)
    finding = Finding(
        "SUB001", Severity.VIOLATION, Text.same("m"), Text.same("r"), shown, hidden,
        path=(hidden, shown), parties=(hidden, shown), location=Location("shown.yaml", 2), related=(elsewhere,),
        actor=Actor(hidden, "urn:role", hidden), consequences=(hidden, shown), waived=acceptance, expired=acceptance,
        focus=shown, bound=(("x", hidden), ("y", shown)), near=(NearMiss(hidden, Text.same("hidden"), elsewhere),),
    )  # fmt: skip
    seen = scope.Scope(shown, frozenset({shown}), frozenset(), frozenset({hidden}))
    (narrow,) = scope.within([finding], seen)
    assert "hidden" not in repr(narrow)
    assert (narrow.path, narrow.bound, narrow.location) == ((shown,), (("y", shown),), finding.location)


def test_the_sources_of_a_part_know_only_its_own_places_and_no_digest(tmp_path: Path) -> None:
    (tmp_path / "theirs.yaml").write_text("base: https://k.example/\norganisationer: [{id: X, navn: Xenia}]", "utf-8")
    (tmp_path / "both.yaml").write_text("base: https://k.example/\n" + textwrap.dedent(TWO), "utf-8")
    opened = open_paths([tmp_path], Settings(as_of=DAY))
    report, rules = validate(opened)
    part = scope.part_of(opened, report, rules, "https://k.example/L")
    sources = part.opened.sources
    assert [(Path(source.file).name, source.sha256) for source in sources.sources] == [("both.yaml", "")]
    assert all((part.seen.whole, part.seen.named, part.seen.hidden))
    assert all(sources.locate(iri) == opened.sources.locate(iri) for iri in part.seen.whole)
    assert all(opened.sources.locate(iri) for iri in ("https://k.example/K", "https://k.example/X"))
    assert not any(map(sources.locate, part.seen.named | part.seen.hidden))
    assert not any(map(sources.places.get, part.seen.named | part.seen.hidden))


def test_names_are_taken_out_as_words_and_the_longest_first() -> None:
    hidden = {
        "urn:x:drift": Text.same("drift"),
        "urn:x:k-1": Text("kravet k-1", "requirement k-1"),
        "urn:a": Text("Nord", "North"),
        "urn:b": Text("Nord Data A/S", "Nord Data A/S"),
        "urn:c": Text("@x!", "@x!"),
    }
    shown = {"urn:s": Text("Nord Havn", "Nord Havn"), "urn:t": Text.same("Vest")}
    redactor = Redactor(hidden, shown, apart={"urn:a", "urn:b"}, parties={"urn:s"})
    for text, expected in (
        ("Nord leverer", "– leverer"),
        ("Nordlys leverer", "Nordlys leverer"),
        ("hos Nord Data A/S, Nord Havn og Nord", "hos –, Nord Havn og –"),
        ("fra @x! til Vest", "fra – til Vest"),
        ("<urn:a> og urn:ab", "<–> og urn:ab"),
        ("Vest (efter Nord)", "Vest (efter –)"),
        ("Kravet k-1 til drift", "– til drift"),
        ("", ""),
    ):
        assert redactor.text(text, "–") == expected
    assert redactor.of((Text("hos Nord", "at North"), 3, None)) == (Text("hos [udeladt]", "at [left out]"), 3, None)


def test_an_unknown_or_ambiguous_party_is_refused(tmp_path: Path) -> None:
    from command import BROKEN, run

    file = tmp_path / "k.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    result = run("report", str(file), "--for", "Kystvagtn", "--as-of", "2025-06-15", "--trend", "0")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "graphsc: Kystvagtn is not in the input given. Did you mean “Kystvagten”?\n"


OTHERS = """
    base: https://k.example/
    organisationer: [{id: B2, navn: Fjeldvagten, art: statslig myndighed, registre: [beslutninger]}, {id: N, navn: Nattergal, cvr: 1}]
    kontrakter:
      - {id: BN, navn: Fjeldkontrakten, kunde: B2, leverandør: N, periode: 2024-04-01/2028-03-31, registre: [underleverandører, krav],
         krav: [{id: R9}], underleverandører: [{id: NU, leverandør: M, start: 2024-06-01}], ukendt: x}
"""


def test_nothing_in_a_report_for_a_party_depends_on_what_it_may_not_see(tmp_path: Path) -> None:
    """Another customer's agreements beside, also in the file of one's own, and what is wrong with them."""
    pages = []
    for name, more, beside in (("a", "", ""), ("b", OTHERS[OTHERS.index("      - {id: BN") :], OTHERS)):
        folder = tmp_path / name
        folder.mkdir()
        if beside:
            (folder / "others.yaml").write_text(flush(beside), encoding="utf-8")
        party = ReportOptions(party="https://k.example/L", quarters=1, command="graphsc report PATH", paths=(folder,))
        made = of(TWO.rstrip() + "\n" + more, folder, party)
        text = html.unescape(render(made, language=Language.EN)).replace(str(folder), "")
        for word in ("Fjeld", "Nattergal", "others.yaml", "ukendt", "R9"):
            assert word not in text, word
        assert bool(made.problems) == bool(beside)
        pages.append(re.sub(r"\s*<div class=\"alarm.*?</div>", "", text, flags=re.DOTALL).replace(" · 1 error", ""))
        pages[-1] = pages[-1].replace("<li>Not all could be read (1 error), so the figures lack something.</li>\n", "")
    assert "SHA-256 of what is shown" in pages[0]
    assert pages[0] == pages[1]


def test_the_command_for_a_party_names_no_files(tmp_path: Path) -> None:
    from command import BROKEN, run

    for name in ("Mosegris", "Nattergal"):
        (tmp_path / f"{name}.yaml").write_text(
            BROKEN if name == "Nattergal" else "organisationer: [{id: Z}]", encoding="utf-8"
        )
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    result = run("report", *files, "--for", "U", "--trend", "0", "--as-of", "2025-06-15")
    assert "Mosegris" not in result.stdout
    assert "graphsc report PATH --as-of" in result.stdout


JUDGED_NOWHERE = """
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/graphsc/rule/SUB001> sh:deactivated true .
<urn:own> a sh:NodeShape ; g:code "OWN001" ; sh:targetClass g:ActiveOutsourcing ; sh:message "x"@en ;
    g:register <https://w3id.org/graphsc/register/subcontractors> ; sh:property [ sh:path g:spend ; sh:datatype xsd:byte ] .
"""


def test_a_rule_that_is_judged_nowhere_is_so_in_a_report_for_a_party_too(tmp_path: Path) -> None:
    """Whether a register is kept there does not make it judged."""
    (tmp_path / "own.ttl").write_text(JUDGED_NOWHERE, encoding="utf-8")
    file = tmp_path / "k.yaml"
    file.write_text(OTHERS.replace("underleverandører, krav", "krav").replace(", ukendt: x", ""), encoding="utf-8")
    opened = open_paths([file], Settings(as_of=DAY, knowledge=(str(tmp_path / "own.ttl"),)))
    opened.dataset.written = None  # as of a store that something else filled
    report, rules = validate(opened)
    narrow = scope.part_of(opened, report, rules, "https://k.example/N").report
    for reason in ("switched off", "how values are written"):
        elsewhere, here = (
            {outcome.code for outcome in side.rules if outcome.not_checked and reason in outcome.not_checked.en}
            for side in (report, narrow)
        )
        assert here == elsewhere != set()
