"""A report for one party holds its own chain and says nothing of others, anywhere."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import authority
import pyoxigraph as ox
import pytest
from casework import flush
from report_pages import DAY, N, contents, of, page

from graphsc.core.problems import Location
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import RDF_TYPE, RDFS_LABEL, XSD
from graphsc.duties.duties import Duty, State
from graphsc.duties.facts import Event, Evidence
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels, readable
from graphsc.rendering.report import appendix, render, render_brief
from graphsc.service import open_paths, validate
from graphsc.service.report import scope
from graphsc.service.report.document import ReportOptions
from graphsc.service.report.redaction import Redactor
from graphsc.validation.findings import Acceptance, Actor, Finding, NearMiss, Severity
from graphsc.validation.rules import Rule

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
        f"1 spørgsmål · pr. {DAY}",
        1,
    )
    assert made.trend is not None
    assert (made.trend.days[-1].breaches, made.trend.days[-1].questions) == (0, 1)
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
    assert narrow.severity is Severity.QUESTION


def test_a_narrowed_finding_keeps_nothing_hidden_in_any_of_its_fields() -> None:
    """Each field that can hold a thing or a place of others does so here, but those that a finding is chosen by."""
    hidden, shown, elsewhere = "urn:hidden", "urn:shown", Location("hidden.yaml", 3)
    acceptance = Acceptance("urn:waiver", "because", hidden, None)
    finding = Finding(
        "SUB001", Severity.BREACH, Text.same("m"), Text.same("r"), shown, hidden,
        path=(hidden, shown), parties=(hidden, shown), location=Location("shown.yaml", 2), related=(elsewhere,),
        actor=Actor(hidden, "urn:role", hidden), consequences=(hidden, shown), waived=acceptance, expired=acceptance,
        focus=shown, bound=(("x", hidden), ("y", shown)), near_misses=(NearMiss(hidden, Text.same("hidden"), elsewhere),),
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
    assert not any(sources.places.get((iri, None, None)) for iri in part.seen.named | part.seen.hidden)


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
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://w3id.org/graphsc/rule/SUB001> sh:deactivated true .
"""


def test_a_rule_that_is_judged_nowhere_is_so_in_a_report_for_a_party_too(tmp_path: Path) -> None:
    """Whether a register is kept there does not make it judged."""
    (tmp_path / "own.ttl").write_text(JUDGED_NOWHERE, encoding="utf-8")
    file = tmp_path / "k.yaml"
    file.write_text(OTHERS.replace("underleverandører, krav", "krav").replace(", ukendt: x", ""), encoding="utf-8")
    opened = open_paths([file], Settings(as_of=DAY, knowledge=(str(tmp_path / "own.ttl"),)))
    report, rules = validate(opened)
    narrow = scope.part_of(opened, report, rules, "https://k.example/N").report
    elsewhere, here = (
        {outcome.code for outcome in side.rules if outcome.not_checked and "switched off" in outcome.not_checked.en}
        for side in (report, narrow)
    )
    assert here == elsewhere != set()


SEEN = scope.Scope("urn:x:own", frozenset({"urn:x:own"}), frozenset({"urn:x:named"}), frozenset({"urn:x:hidden"}))


def test_a_finding_is_narrowed_to_what_may_be_named_and_to_its_own_place() -> None:
    """Where others wrote something is theirs, and no part of the finding that the party may see leads there."""
    iris = ("urn:x:own", "urn:x:named", "urn:x:hidden")
    own, other = Location("own.yaml", 1, 1), Location("other.yaml", 2, 1)
    accepted = Acceptance("urn:x:waiver", "since", "urn:x:hidden", date(2026, 1, 1))
    finding = Finding(
        "SUB001", Severity.BREACH, Text.same("m"), Text.same("r"), subject="urn:x:own", value="urn:x:hidden", path=iris,
        parties=iris, consequences=iris, location=own, related=(other,), waived=accepted, expired=accepted,
        actor=Actor("urn:x:hidden", "urn:x:role", "urn:x:hidden"),
    )  # fmt: skip
    shown = scope.narrow(finding, SEEN)
    assert (shown.subject, shown.location, shown.related, shown.value) == ("urn:x:own", own, (), None)
    assert {shown.path, shown.parties, shown.consequences} == {("urn:x:own", "urn:x:named")}
    assert shown.actor == Actor(None, "urn:x:role", None)
    assert (shown.waived, shown.expired) == (replace(accepted, approver=None),) * 2
    named = replace(finding, value="urn:x:named", actor=Actor("urn:x:named", None, "urn:x:own"), waived=None)
    shown = scope.narrow(named, SEEN)
    assert (shown.value, shown.actor, shown.waived) == (named.value, named.actor, None)
    by_own = replace(accepted, approver="urn:x:own")
    assert scope.narrow(replace(finding, waived=by_own), SEEN).waived == by_own


def test_a_party_is_told_of_its_own_findings_and_of_no_others() -> None:
    """A finding for a group says which of its places are the party's own, and not whose it is or what else it is about."""
    base = Finding(
        "SUB001", Severity.BREACH, Text.same("m"), Text.same("r"), subject="urn:x:own", path=("urn:x:hidden", "urn:x:own"),
        consequences=("urn:x:own", "urn:x:hidden", "urn:x:named"),
    )  # fmt: skip
    told = [
        base,
        replace(base, focus="urn:x:own"),
        replace(
            base, group="urn:x:register", subject="urn:x:hidden", focus="urn:x:hidden", bound=(("x", "y"),),
            consequences=("urn:x:hidden", "urn:x:named", "urn:x:own"), actor=Actor("urn:x:named", "urn:x:role", "urn:x:named"),
        ),
    ]  # fmt: skip
    others = [
        replace(base, subject="urn:x:hidden"),
        replace(base, subject="urn:x:named"),
        replace(base, focus="urn:x:hidden"),
        replace(base, group="urn:x:register", consequences=("urn:x:hidden", "urn:x:named")),
    ]
    first, second, group = scope.within([*told, *others], SEEN)
    assert (first, second) == (scope.narrow(told[0], SEEN), scope.narrow(told[1], SEEN))
    assert {first.path, second.path, group.path} == {("urn:x:own",)}
    assert first.consequences == ("urn:x:own", "urn:x:named")
    assert (group.consequences, group.focus, group.bound) == (("urn:x:own",), "urn:x:own", ())
    assert group.actor == Actor(None, "urn:x:role", None)


def test_a_duty_is_told_without_what_others_did_for_it() -> None:
    hidden, own = "urn:x:hidden", "urn:x:own"
    duty = Duty(
        "SUP001", own, "urn:x:kind", Actor(hidden, "urn:x:role", hidden), State.MET, value=hidden,
        counterparties=(hidden, "urn:x:named"), agreements=(own, hidden),
        satisfied_by=(
            Evidence(own, person=own, performers=(own,)), Evidence(hidden), Evidence(own, person=hidden),
            Evidence(own, performers=(own, hidden)),
        ),
        latest=Evidence(hidden), event=Event(hidden, DAY, DAY),
    )  # fmt: skip
    (shown,) = scope.owed([duty, replace(duty, subject="urn:x:named"), replace(duty, subject=hidden)], SEEN)
    assert shown == replace(
        duty, holder=Actor(None, "urn:x:role", None), value=None, counterparties=("urn:x:named",), agreements=(own,),
        satisfied_by=duty.satisfied_by[:1], latest=None, event=None,
    )  # fmt: skip
    mine = replace(shown, holder=Actor(own, None, own), value=own, latest=Evidence(own), event=Event(own, DAY, DAY))
    undone = replace(mine, latest=None, event=None)
    assert scope.owed([mine, undone], SEEN) == [mine, undone]


def test_a_statement_is_shown_when_all_that_it_names_may_be_seen() -> None:
    own, named, hidden = (ox.NamedNode(f"urn:x:{name}") for name in ("own", "named", "hidden"))
    is_a, label, other = ox.NamedNode(RDF_TYPE), ox.NamedNode(RDFS_LABEL), ox.NamedNode("urn:x:p")
    hamlet, fine = ox.Literal("of Hamlet", language="en"), ox.Literal("fine")
    quoted = ox.Triple(own, other, hidden)
    graph = ox.NamedNode("urn:x:graph")
    seen = [(own, other, named), (own, other, fine), (named, label, fine), (named, is_a, own), (own, other, own)]
    unseen = [
        (hidden, other, own), (own, other, hidden), (named, other, fine), (named, other, own), (hidden, label, fine),
        (own, other, quoted),
    ]  # fmt: skip
    redactor = Redactor({"urn:x:hidden": Text.same("Hamlet")}, {}, apart={"urn:x:hidden"})
    quads = [ox.Quad(subject, predicate, value, graph) for subject, predicate, value in (*seen, *unseen)]  # type: ignore[arg-type]
    assert scope.visible_quads(quads, SEEN, redactor) == quads[: len(seen)]
    texts = [
        (hamlet, ox.Literal("of [left out]", language="en")),
        (ox.Literal("om Hamlet", language="da"), ox.Literal("om [udeladt]", language="da")),
        (ox.Literal("Hamlet"), ox.Literal("[left out]")),
        *(
            (ox.Literal("Hamlet", datatype=ox.NamedNode(kind)), ox.Literal("[left out]"))
            for kind in ("urn:x:type", f"{XSD}anyURI", f"{XSD}token")
        ),
        *[(ox.Literal(True), ox.Literal(True))] * 2,
    ]
    (*shown,) = scope.visible_quads([ox.Quad(own, other, before, graph) for before, _ in texts], SEEN, redactor)
    assert shown == [ox.Quad(own, other, after, graph) for _, after in texts]


def test_which_names_are_taken_out_and_which_are_words_like_others() -> None:
    k = "https://k.example/"
    hidden = {
        f"{k}ab1": Text.same("Alfa"),
        f"{k}a2": Text.same("Beta"),
        f"{k}2024": Text.same("1234"),
        f"{k}backup": Text.same("backup"),
        f"{k}mosegris": Text("Gnaver", "Rodent"),
        f"{k}Nu": Text.same("Nu"),
        f"{k}delt": Text.same("Delta"),
        f"{k}data": Text.same("Nord Data A/S"),
        f"{k}net": Text.same("Syd Net"),
        f"{k}raab": Text.same("Vest!"),
        f"{k}tegn": Text.same("!!"),
        f"{k}tom": Text.same(""),
        f"{k}have": Text.same("lille gartner"),
        "urn:x:nord": Text.same("Kyst"),
    }
    shown = {f"{k}egen": Text.same("Delta"), "https://Kyst.example/vor": Text.same("Egen")}
    redactor = Redactor(hidden, shown, apart={f"{k}mosegris", f"{k}Nu"}, parties={f"{k}egen"})
    for text, expected in (
        ("ab1, a2 og 2024 på backup", "–, a2 og 2024 på backup"),
        ("Alfa, Beta og 1234", "–, – og 1234"),
        ("mosegris, Gnaver og Nu", "–, – og –"),
        ("Delta", "Delta"),
        ("hos lille gartner. Lille gartner", "hos –. –"),
        ("Nord er ikke Nord Data A/S", "Nord er ikke –"),
        ("Nord Data A/Sx, Syd Nets og Syd Net", "Nord Data A/Sx, Syd Nets og –"),
        ("Vest!x !!", "–x !!"),
        ("se https://Kyst.example/vor om Kyst", "se https://Kyst.example/vor om –"),
        (f"se {k}backup", "se –"),
    ):
        assert redactor.text(text, "–") == expected


class Sort(StrEnum):
    """A word of the product, which is no text that somebody wrote."""

    HAMLET = "Hamlet"


@dataclass(frozen=True)
class Held:
    """A value with a field that is worked out."""

    text: str
    sort: Sort = Sort.HAMLET
    more: tuple[object, ...] = ()
    worked_out: str = field(init=False, default="Hamlet")


def test_every_text_in_a_value_is_cleaned_and_nothing_else_is_touched() -> None:
    redactor = Redactor({"urn:h": Text.same("Hamlet")}, {}, apart={"urn:h"}, spared={"urn:shipped"})
    gone = "[left out]"
    assert redactor.of("at Hamlet") == f"at {gone}"
    assert redactor.of({"Hamlet": "Hamlet", "n": (1, ("Hamlet",))}) == {"Hamlet": gone, "n": (1, (gone,))}
    assert redactor.of(Held("Hamlet", more=(Held("Hamlet"), Held, None))) == Held(gone, more=(Held(gone), Held, None))
    hamlet = Text.same("Hamlet")
    own = Rule("OWN", "urn:own", Severity.NOTE, hamlet, hamlet, hamlet, (), (), None, (), hamlet)
    assert redactor.of(own).title == Text("[udeladt]", gone)
    shipped = replace(own, iri="urn:shipped")
    assert redactor.of((shipped,)) == (shipped,)
