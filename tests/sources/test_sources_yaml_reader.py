from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import ID, about, faults, read_files, triples
from workbooks import write

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import DEFAULT_BASE
from graphsc.sources import Sources, read
from graphsc.sources.reporting import Reporter
from graphsc.sources.terms import load
from graphsc.sources.tree import read_yaml
from graphsc.sources.workbook.layout import layout
from graphsc.sources.yaml.reader import read_documents

CHAIN = """\
organisationer:
  - id: org/nordlys
    navn: Nordlysstyrelsen
    art: statslig myndighed
    land: NO
  - id: org/fjord
    navn: {da: Fjord, en: Fjord Hosting}
  - org/sky
systemer:
  system/sag: {navn: Sagsstyring, ejer: org/nordlys}
kontrakter:
  - id: kontrakt/drift
    kunde: org/nordlys
    leverandør: org/fjord
    periode: 2024-04-01/2028-03-31
    systemer: [system/sag]
    krav:
      - id: krav/backup
        emne: beredskab
        frekvens: P1D
    underleverandører:
      - leverandør: org/sky
        start: 2024-06-01
        viderefører: [krav/backup]
        godkendelse: 2024-05-12
"""


def sub_of(sources: Any, parent: str) -> str:
    (sub,) = [s for s, p, o in triples(sources) if p == "g:under" and o == parent]
    return sub


def test_the_chain_reads_as_it_is_nested(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.yaml": CHAIN})
    assert faults(sources) == []
    assert about(sources, ":org/nordlys") == {
        ("rdf:type", "g:Organisation"), ("rdfs:label", '"Nordlysstyrelsen"'),
        ("g:kind", "w3id:kind/state-authority"), ("g:country", "w3id:country/NO"),
    }  # fmt: skip
    assert about(sources, ":org/fjord") == {
        ("rdf:type", "g:Organisation"), ("rdfs:label", '"Fjord"@da'), ("rdfs:label", '"Fjord Hosting"@en'),
    }  # fmt: skip
    assert about(sources, ":system/sag") == {
        ("rdf:type", "g:ITSystem"), ("rdfs:label", '"Sagsstyring"'), ("g:owner", ":org/nordlys"),
    }  # fmt: skip
    assert about(sources, ":kontrakt/drift") == {
        ("rdf:type", "g:Agreement"), ("g:customer", ":org/nordlys"), ("g:supplier", ":org/fjord"),
        ("g:start", '"2024-04-01"^^xsd:date'), ("g:end", '"2028-03-31"^^xsd:date'),
        ("g:serves", ":system/sag"), ("g:requires", ":krav/backup"),
    }  # fmt: skip
    assert about(sources, ":krav/backup") == {
        ("rdf:type", "g:SecurityRequirement"), ("g:topic", "w3id:topic/contingency"), ("g:frequency", "w3id:period/P1D"),
    }  # fmt: skip
    sub = sub_of(sources, ":kontrakt/drift")
    assert sub.startswith(":kontrakt/drift/subcontract/")
    assert about(sources, sub) == {
        ("rdf:type", "g:Subcontract"), ("g:under", ":kontrakt/drift"), ("g:supplier", ":org/sky"),
        ("g:start", '"2024-06-01"^^xsd:date'), ("g:requires", ":krav/backup"),
    }  # fmt: skip
    (approval,) = [s for s, p, o in triples(sources) if (p, o) == ("g:approves", sub)]
    assert about(sources, approval) == {
        ("rdf:type", "g:Approval"), ("g:approves", sub), ("g:date", '"2024-05-12"^^xsd:date'),
    }  # fmt: skip


def test_every_node_property_and_value_has_its_place(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.yaml": CHAIN})
    positions = sources.sources[0].positions
    file = str(tmp_path / "a.yaml")

    def place(*parts: Any) -> str:
        return str(positions.locate(*parts)).removeprefix(file)

    assert place(ID + "kontrakt/drift") == ":12:5"
    assert place(ID + "kontrakt/drift", v.G_CUSTOMER) == ":13:5"
    assert place(ID + "kontrakt/drift", v.G_CUSTOMER, ID + "org/nordlys") == ":13:12"
    assert place(ID + "system/sag") == ":10:3"
    sub = sub_of(sources, ":kontrakt/drift").replace(":", ID, 1)
    assert place(sub) == ":22:9"
    assert place(sub, v.G_START) == ":23:9"
    assert place(sub, v.G + "requires", ID + "krav/backup") == ":24:23"
    assert place(sub, v.G + "signed") == ":22:9"
    assert positions.locate(ID + "org/unheard-of") is None


def test_both_languages_and_any_spelling_of_a_key_mean_the_same(tmp_path: Path) -> None:
    danish = read_files(tmp_path / "da", {"a.yaml": CHAIN})
    english = (
        CHAIN.replace("organisationer:", "Organisations:").replace("navn:", "name:").replace("art: statslig myndighed", "kind: state authority")
        .replace("land:", "COUNTRY:").replace("\nsystemer:", "\nsystems:").replace("ejer:", "owner:").replace("kontrakter:", "contracts:")
        .replace("kunde:", "customer:").replace("leverandør:", "supplier:").replace("periode:", "period:").replace("    systemer:", "    systems:")
        .replace("krav:", "requirements:").replace("emne: beredskab", "topic: Contingency").replace("frekvens:", "frequency:")
        .replace("underleverandører:", "subcontractors:").replace("viderefører:", "passes_on:").replace("godkendelse:", "approval:")
    )  # fmt: skip
    assert triples(read_files(tmp_path / "en", {"a.yaml": english})) == triples(danish)


def test_a_nameless_node_keeps_its_name_when_facts_are_added_and_lines_move(tmp_path: Path) -> None:
    before = sub_of(read_files(tmp_path / "1", {"a.yaml": CHAIN}), ":kontrakt/drift")
    grown = "# a comment\n" + CHAIN.replace(
        "        start: 2024-06-01\n", "        ydelse: drift\n        start: 2024-06-02\n"
    )
    assert sub_of(read_files(tmp_path / "2", {"a.yaml": grown}), ":kontrakt/drift") == before


def test_siblings_alike_in_what_identifies_them_stay_apart(tmp_path: Path) -> None:
    text = CHAIN + "      - {leverandør: org/sky, start: 2025-01-01}\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    subs = {s for s, p, o in triples(sources) if (p, o) == ("g:under", ":kontrakt/drift")}
    assert len(subs) == 2


def test_text_stays_text(tmp_path: Path) -> None:
    text = "organisationer:\n- {id: 'org/1', land: NO, navn: 0123}\n- {id: org/2, navn: 2024-01-01, land: no}\n- id: org/3\n  navn: 'yes'\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == []
    assert ("g:country", "w3id:country/NO") in about(sources, ":org/1")
    assert ("rdfs:label", '"0123"') in about(sources, ":org/1")
    assert ("rdfs:label", '"2024-01-01"') in about(sources, ":org/2")
    assert ("rdfs:label", '"yes"') in about(sources, ":org/3")


@pytest.mark.parametrize(
    ("written", "stored"),
    [("ja", "true"), ("Nej", "false"), ("yes", "true"), ("no", "false"), ("true", "true"), ("falsk", "false")],
)
def test_truth_values_in_both_languages(tmp_path: Path, written: str, stored: str) -> None:
    sources = read_files(tmp_path, {"a.yaml": f"systemer: [{{id: s/1, personoplysninger: {written}}}]\n"})
    assert ("g:personalData", f'"{stored}"^^xsd:boolean') in about(sources, ":s/1")


def test_the_class_follows_type_place_and_keys(tmp_path: Path) -> None:
    text = """\
rammeaftaler: [{id: r/1, periode: 2024-01-01/}]
kontrakter:
  - {id: k/1, rammeaftale: r/1}
  - {id: k/2, type: databehandleraftale}
  - {id: k/3, under: k/1}
roller:
  - {id: rolle/1, periode: /2025-12-31}
"""
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == []
    assert about(sources, ":r/1") == {("rdf:type", "g:FrameworkAgreement"), ("g:start", '"2024-01-01"^^xsd:date')}
    assert ("rdf:type", "g:DeliveryAgreement") in about(sources, ":k/1")
    assert ("rdf:type", "g:DataProcessingAgreement") in about(sources, ":k/2")
    assert ("rdf:type", "g:Subcontract") in about(sources, ":k/3")
    assert about(sources, ":rolle/1") == {("rdf:type", "g:RoleAssignment"), ("g:until", '"2025-12-31"^^xsd:date')}


def test_references_reach_other_files_and_formats(tmp_path: Path) -> None:
    turtle = "@prefix g: <https://w3id.org/graphsc/ns#> . <org/k> a g:Organisation . <urn:x:l> a g:Organisation ."
    text = "kontrakter: {k/1: {kunde: org/k, leverandør: 'urn:x:l'}}\n"
    sources = read_files(tmp_path, {"a.yaml": text, "b.ttl": turtle})
    assert faults(sources) == []
    assert {("g:customer", ":org/k"), ("g:supplier", "urn:x:l")} <= about(sources, ":k/1")


def test_base_of_the_file(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.yaml": "base: https://example.org/id/\norganisationer: [org/a]\n"})
    assert triples(sources) == {("https://example.org/id/org/a", "rdf:type", "g:Organisation")}


CUSTOMER = "organisationer: [org/k]\n"
CONTRACTS = "kontrakter: [{id: k/1, kunde: org/k}]\n"
HERE, THERE = "base: https://here.example/\n", "base: https://there.example/\n"


@pytest.mark.parametrize("said", ["a.yaml", "b.yaml"])
def test_a_file_without_a_base_takes_that_of_the_others(tmp_path: Path, said: str) -> None:
    texts = {"a.yaml": CUSTOMER, "b.yaml": CONTRACTS}
    sources = read_files(tmp_path, texts | {said: HERE + texts[said]}, base=DEFAULT_BASE)
    assert faults(sources) == []
    assert ("g:customer", "https://here.example/org/k") in about(sources, "https://here.example/k/1")


OTHERS = {
    "b.ttl": "@prefix g: <https://w3id.org/graphsc/ns#> . <k/1> a g:Agreement ; g:customer <org/k> .",
    "b.trig": "@prefix g: <https://w3id.org/graphsc/ns#> . { <k/1> a g:Agreement ; g:customer <org/k> }",
    "b.jsonld": '{"@context": "https://w3id.org/graphsc/context.jsonld", "id": "k/1", "type": "Agreement", "kunde": "org/k"}',
    "b.rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:g="https://w3id.org/graphsc/ns#">
<g:Agreement rdf:about="k/1"><g:customer rdf:resource="org/k"/></g:Agreement></rdf:RDF>""",
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", [*OTHERS, "b.xlsx"])
def test_a_file_of_another_format_takes_the_base_too(tmp_path: Path, name: str) -> None:
    def lay(folder: Path, texts: dict[str, str]) -> Sources:
        folder.mkdir()
        if name == "b.xlsx":
            write(folder / name, {"Kontrakter": [["Id", "Kunde"], ["k/1", "org/k"]]})
        else:
            texts = texts | {name: OTHERS[name]}
        return read_files(folder, texts, base=DEFAULT_BASE)

    sources = lay(tmp_path / "one", {"a.yaml": HERE + CUSTOMER})
    assert faults(sources) == []
    assert ("g:customer", "https://here.example/org/k") in about(sources, "https://here.example/k/1")
    sources = lay(tmp_path / "two", {"a.yaml": HERE + CUSTOMER, "c.yaml": THERE + "organisationer: [org/m]\n"})
    assert [code for code, _ in faults(sources)] == ["several-bases"]
    assert triples(sources) == {
        ("https://here.example/org/k", "rdf:type", "g:Organisation"),
        ("https://there.example/org/m", "rdf:type", "g:Organisation"),
    }


def test_a_workbook_gives_its_base_to_the_others(tmp_path: Path) -> None:
    start = [["base", "https://here.example/"]]
    write(
        tmp_path / "b.xlsx",
        {layout(load()).name_of("start").da: start, "Kontrakter": [["Id", "Kunde"], ["k/1", "org/k"]]},
    )
    sources = read_files(tmp_path, {"a.yaml": CUSTOMER}, base=DEFAULT_BASE)
    assert faults(sources) == []
    assert ("g:customer", "https://here.example/org/k") in about(sources, "https://here.example/k/1")


def test_an_empty_workbook_takes_the_base_of_the_others(tmp_path: Path) -> None:
    start = [["base", DEFAULT_BASE]]  # as `graphsc workbook` writes where there are no data yet
    write(
        tmp_path / "b.xlsx",
        {layout(load()).name_of("start").da: start, "Kontrakter": [["Id", "Kunde"], ["k/1", "org/k"]]},
    )
    sources = read_files(tmp_path, {"a.yaml": HERE + CUSTOMER}, base=DEFAULT_BASE)
    assert faults(sources) == []
    assert ("g:customer", "https://here.example/org/k") in about(sources, "https://here.example/k/1")


def test_absolute_ids_need_no_base(tmp_path: Path) -> None:
    turtle = (
        "@prefix g: <https://w3id.org/graphsc/ns#> . <urn:graphsc:id:k> a g:Organisation . <urn:x:k> a g:Organisation ."
    )
    texts = {"a.yaml": HERE + CUSTOMER, "b.yaml": THERE + CUSTOMER, "c.ttl": turtle}
    assert faults(read_files(tmp_path, texts, base=DEFAULT_BASE)) == []


SILENT = {
    "a.yaml": "# a: b\n", "b.yaml": "---\n---\n", "c.yaml": "kontrakter: []\n", "d.yaml": "kontrakter:\n", "e.yaml": HERE,
    "a.ttl": "# a\n@prefix g: <https://w3id.org/graphsc/ns#> .\n", "a.nt": "# a\n", "a.jsonld": "{}", "a.trig": "# a\n",
    "a.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "a.json": '{"releases": []}',
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_a_file_that_says_nothing_is_named(tmp_path: Path, name: str) -> None:
    assert faults(read_files(tmp_path, {name: SILENT[name]})) == [("empty-file", name)]


@pytest.mark.parametrize("name", ["c.yaml", "d.yaml", "e.yaml", "a.json"])
def test_beside_others_an_empty_list_says_that_there_is_none(tmp_path: Path, name: str) -> None:
    assert faults(read_files(tmp_path, {name: SILENT[name], "z.yaml": CUSTOMER})) == []


def test_a_base_of_the_settings_comes_before_that_of_other_files(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.yaml": CUSTOMER, "b.yaml": HERE}, base="https://settings.example/")
    assert triples(sources) == {("https://settings.example/org/k", "rdf:type", "g:Organisation")}


def test_different_bases_are_told_once_with_both_places(tmp_path: Path) -> None:
    texts = {"a.yaml": HERE + CUSTOMER, "b.yaml": "\n" + THERE + CUSTOMER, "c.yaml": CONTRACTS, "d.yaml": CONTRACTS}
    sources = read_files(tmp_path, texts, base=DEFAULT_BASE)
    assert faults(sources) == [("several-bases", "c.yaml:1:1")]
    message = sources.problems[0].message.en
    assert "“https://here.example/” (" in message
    assert "a.yaml:1:7) and “https://there.example/”" in message
    assert "b.yaml:2:7)" in message
    assert message.endswith(" The same goes for 1 more.")


def test_different_bases_matter_only_to_a_file_without_one(tmp_path: Path) -> None:
    assert (
        faults(read_files(tmp_path, {"a.yaml": HERE + CUSTOMER, "b.yaml": THERE + CUSTOMER}, base=DEFAULT_BASE)) == []
    )


def test_concepts_of_ones_own(tmp_path: Path) -> None:
    text = "begreber: [{id: akt/fest, liste: activity, navn: Kontraktfest}]\naktiviteter: [{id: a/1, art: kontraktfest}, {id: a/2, art: akt/fest}]\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == []
    assert ("g:kind", ":akt/fest") in about(sources, ":a/1")
    assert ("g:kind", ":akt/fest") in about(sources, ":a/2")


HOSTILE = [
    ("tab indentation", "a:\n\tb: 1\n", [("syntax", "a.yaml:2:1")]),
    ("unclosed bracket", "kontrakter: [\n", [("syntax", "a.yaml:2:1")]),
    ("control character", "organisationer: [a\x07b]\n", [("bad-character", "a.yaml:1:19")]),
    ("alias", "organisationer: &a [org/1]\nkoncerner: *a\n", [("yaml-alias", "a.yaml:1:17"), ("yaml-alias", "a.yaml:2:12")]),
    ("merge", "organisationer:\n- id: o/1\n  <<: {land: DK}\n", [("yaml-alias", "a.yaml:3:3")]),
    ("tag", "organisationer: [{id: !!python/object:os.system o/1}]\n", [("yaml-tag", "a.yaml:1:23")]),
    ("duplicate key", "organisationer:\n- id: o/1\n  land: DK\n  land: NO\n", [("duplicate-key", "a.yaml:4:3")]),
    ("unknown key", "organisationer:\n- id: o/1\n  lannd: DK\n", [("unknown-key", "a.yaml:3:3")]),
    ("unknown top key", "kontrakte: []\n", [("unknown-key", "a.yaml:1:1")]),
    ("misplaced key", "organisationer:\n- id: o/1\n  underskrevet: 2024-01-01\n", [("misplaced-key", "a.yaml:3:3")]),
    ("no id", "organisationer:\n- navn: A\n", [("missing-id", "a.yaml:2:3")]),
    ("empty id", "organisationer:\n- id:\n", [("bad-id", "a.yaml:2:6")]),
    ("id with blanks", "organisationer:\n- id: org/a b\n", [("bad-id", "a.yaml:2:7")]),
    ("id with bidi", "organisationer:\n- id: org/\u202ea\n", [("bad-id", "a.yaml:2:7")]),
    ("date that is not", "kontrakter:\n- id: k/1\n  start: 2026-02-31\n", [("bad-date", "a.yaml:3:10")]),
    ("Danish date", "kontrakter:\n- id: k/1\n  start: 31-12-2024\n", [("bad-date", "a.yaml:3:10")]),
    ("year alone", "kontrakter:\n- id: k/1\n  periode: 2024/2025\n", [("bad-date", "a.yaml:3:12")] * 2),
    ("half a period", "kontrakter:\n- id: k/1\n  periode: 2024-01-01\n", [("bad-period", "a.yaml:3:12")]),
    ("no duration", "kontrakter: {k/1: {krav: [{id: r/1, frekvens: kvartalsvis}]}}\n", [("bad-period", "a.yaml:1:47")]),
    ("no truth value", "systemer: [{id: s/1, personoplysninger: måske}]\n", [("wrong-type", "a.yaml:1:41")]),
    ("decimal comma", "kontrakter: {k/1: {krav: [{id: r/1, vægt: '2,5'}]}}\n", [("wrong-type", "a.yaml:1:43")]),
    ("unknown concept", "organisationer: [{id: o/1, størrelse: kæmpe}]\n", [("unknown-concept", "a.yaml:1:39")]),
    ("unknown type", "kontrakter: [{id: k/1, type: ramaftale}]\n", [("unknown-type", "a.yaml:1:30")]),
    ("wrong class", "kontrakter: [{id: k/1, type: person}]\n", [("wrong-type", "a.yaml:1:30")]),
    ("mapping for a date", "kontrakter: [{id: k/1, start: {a: b}}]\n", [("wrong-type", "a.yaml:1:31")]),
    ("list in a list", "kontrakter: [{id: k/1, start: [[2024-01-01]]}]\n", [("wrong-type", "a.yaml:1:32")]),
    ("no value", "kontrakter:\n- id: k/1\n  kunde:\n", [("missing-value", "a.yaml:3:9")]),
    ("dangling", "kontrakter:\n- id: k/1\n  kunde: org/ingen\n", [("dangling-reference", "a.yaml:3:10")]),
    ("nested without class", "systemer: [{id: s/1, understøtter: {navn: X}}]\n", [("missing-type", "a.yaml:1:36")]),
    ("a mapping as a key", "? {a: b}\n: c\n", [("bad-key", "a.yaml:1:3")]),
    ("text alone", "hej\n", [("wrong-type", "a.yaml:1:1")]),
    ("wrong check digit", "organisationer: [{id: o/1, cvr: 12345678}]\n", [("bad-identifier", "a.yaml:1:33")]),
    ("name in a third language", "organisationer: [{id: o/1, navn: {de: X}}]\n", [("unknown-key", "a.yaml:1:35")]),
    ("empty", "\n", [("empty-file", "a.yaml")]),
    ("bad byte", b"organisationer:\n- id: o/\xe6\n", [("not-utf8", "a.yaml:2:9")]),
    ("byte of UTF-16", "organisationer:\n- id: o/\0\n", [("not-utf8", "a.yaml:2:9")]),
    ("deep", "a: " + "[" * 100 + "]" * 100, [("too-deep", "a.yaml:1:67"), ("unknown-key", "a.yaml:1:1")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_what_is_wrong_is_reported_where_it_is(
    tmp_path: Path, text: str | bytes, expected: list[tuple[str, str]]
) -> None:
    assert sorted(faults(read_files(tmp_path, {"a.yaml": text}))) == sorted(expected)


def test_one_bad_line_hides_no_other(tmp_path: Path) -> None:
    text = "organisationer: [org/a, org/b]\nkontrakter:\n- {id: k/1, kunde: org/a, leverandør: org/b, start: 2024-02-30, slut: 2025-01-01}\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == [("bad-date", "a.yaml:3:53")]
    assert about(sources, ":k/1") == {
        ("rdf:type", "g:Agreement"), ("g:customer", ":org/a"), ("g:supplier", ":org/b"), ("g:end", '"2025-01-01"^^xsd:date'),
    }  # fmt: skip


def test_after_a_syntax_error_what_stood_before_it_is_kept_and_nothing_is_called_dangling(tmp_path: Path) -> None:
    text = "organisationer: [org/a]\nkontrakter:\n- {id: k/1, kunde: org/a, leverandør: org/b}\nkoncerner: ]\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == [("unchecked-reference", "a.yaml:3:39"), ("syntax", "a.yaml:4:12")]
    assert sources.problems[0].message.en.startswith(
        "“urn:graphsc:id:org/b” is not described in what was read, but may be in what cannot be read."
    )
    assert ("g:supplier", ":org/b") in about(sources, ":k/1")
    assert not sources.sources[0].complete


def test_messages_name_what_was_written_and_what_was_meant(tmp_path: Path) -> None:
    (problem,) = read_files(tmp_path, {"a.yaml": "organisationer:\n- {id: o/1, kuncern: x}\n"}).problems
    assert problem.message.da == "Nøglen “kuncern” er ukendt i organisation. Mente du “koncern”?"
    assert problem.message.en == "The key “kuncern” is unknown in organisation. Did you mean “koncern”?"


def test_hostile_names_in_messages_are_written_out(tmp_path: Path) -> None:
    (problem,) = read_files(tmp_path, {"a.yaml": '"\\e[31m\\u202e": 1\n'}).problems
    assert "\\u001b[31m\\u202e" in problem.message.da
    assert "\x1b" not in problem.message.da + problem.message.en


def test_a_bomb_of_aliases_is_not_expanded(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    sources = read_files(tmp_path, {"a.yaml": "\n".join(lines) + "\n"})
    assert {code for code, _ in faults(sources)} == {"yaml-alias", "unknown-key"}
    assert triples(sources) == set()


@pytest.mark.parametrize("text", ["[" * 200_000, "- " * 100_000 + "a", "{a: " * 100_000, "? " * 100_000])
def test_nesting_without_end_is_a_few_problems(tmp_path: Path, text: str) -> None:
    problems = faults(read_files(tmp_path, {"a.yaml": text}))
    assert {code for code, _ in problems} & {"too-deep", "syntax"}
    assert len(problems) <= 65


def test_a_nested_node_may_have_its_class_from_elsewhere(tmp_path: Path) -> None:
    text = "processer: [p/1]\nsystemer: [{id: s/1, understøtter: {id: p/1, navn: Løn}}]\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == []
    assert about(sources, ":p/1") == {("rdf:type", "g:BusinessProcess"), ("rdfs:label", '"Løn"')}


@pytest.mark.exhaustive
def test_a_flood_of_problems_is_counted(tmp_path: Path) -> None:
    text = "organisationer:\n- id: o/1\n" + "".join(f"  x{n}y: 1\n" for n in range(5_000))
    problems = read_files(tmp_path, {"a.yaml": text}).problems
    assert len(problems) == 101
    assert problems[0].message.da == "Der er 4900 til af slagsen unknown-key i filen."


def test_several_documents_crlf_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufefforganisationer: [org/a]\r\n---\r\nkoncerner:\r\n- id: kon/æ\r\n  navn: Å\r\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == []
    assert str(sources.sources[0].positions.locate(ID + "kon/æ", v.RDFS_LABEL)).endswith("a.yaml:5:3")


KEYS = st.sampled_from(
    [
        "kontrakter",
        "organisationer",
        "id",
        "type",
        "kunde",
        "start",
        "krav",
        "godkendelse",
        "navn",
        "periode",
        "underleverandører",
        "base",
        "vedrører",
        "begreber",
        "liste",
    ]
)
LEAVES = st.one_of(
    st.text(max_size=8), st.sampled_from(["org/a", "2024-01-01", "P1D", "ja", "aftale", "urn:x:y"]), st.none()
)
TREES = st.recursive(LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(KEYS, st.text(max_size=4)), inner, max_size=4)), max_leaves=20)  # fmt: skip


def _read(text: str) -> None:
    report, terms = Reporter("a.yaml"), load()
    documents, _ = read_yaml(text, report)
    reading = read_documents(documents, "urn:g", report, terms, ID)
    reading.resolve({})
    for problem in report.problems:
        assert problem.message.da
        assert problem.message.en


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_any_tree_is_read_or_reported(tree: object) -> None:
    import json

    _read(json.dumps(tree, ensure_ascii=True))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("abk:{}[]-\n \t,&*!|>'\"%@`#?<é\u202e\x00"), max_size=60))
def test_any_text_is_read_or_reported(text: str) -> None:
    _read(text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_reported(tmp_path: Path, content: bytes) -> None:
    for suffix in ("yaml", "ttl", "json", "jsonld", "rdf", "nt", "trig"):
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(content)
        read([path])


@pytest.mark.parametrize(
    ("text", "code", "place", "says"),
    [
        (
            "organisationer: [{id: o/1, personoplysninger: ja}]\n",
            "misplaced-key",
            "a.yaml:1:28",
            "The key “personoplysninger” belongs to agreement, data asset, IT system and may not stand in organisation.",
        ),
        (
            "organisationer: [{id: o/1, art: risikovurdering}]\n",
            "misplaced-value",
            "a.yaml:1:33",
            "“risk assessment” as kind belongs to activity, agreed control, security requirement and may not stand in organisation.",
        ),
        (
            "organisationer: [{id: o/1, registre: [tilsyn]}]\n",
            "misplaced-value",
            "a.yaml:1:39",
            "“supervision” as keeps a register of belongs to agreement and may not stand in organisation.",
        ),
        (
            "organisationer: [{id: o/1, størrelse: kommune}]\n",
            "unknown-concept",
            "a.yaml:1:39",
            "“kommune” is not a known value of “størrelse” (large, small), but of kind.",
        ),
        (
            "aktiviteter: [{id: t/1, slags: tilsynn, vedrører: t/1}]\n",
            "unknown-concept",
            "a.yaml:1:32",
            "“tilsynn” is not a known value of “slags”. Did you mean “tilsyn”?",
        ),
        (
            "base: https://here.example/id/\norganisationer: [org/a]\nroller: [{person: person/p9}]\n",
            "dangling-reference",
            "a.yaml:3:19",
            "“person/p9” is described in no file, but named under “person”. Add it under Persons.",
        ),
        (
            "personer: [person/p09, person/p10]\nroller: [{person: person/p9, rolle: ledelsen}]\n",
            "dangling-reference",
            "a.yaml:2:19",
            (
                "“urn:graphsc:id:person/p9” is described in no file, but named under “person”."
                " If it is new, add it under Persons. Did you mean “urn:graphsc:id:person/p09”?"
            ),
        ),
        (
            "accepterede fund: [{id: w/1, regel: 'https://other.example/rule'}]\n",
            "dangling-reference",
            "a.yaml:1:37",
            "“https://other.example/rule” is described in no file, but named under “rule”.",
        ),
        (
            "systemer: [{id: s/1, understøtter: s/1}]\n",
            "wrong-type",
            "a.yaml:1:36",
            "Expected under “supports”: business process, societal function. “urn:graphsc:id:s/1” is: IT system.",
        ),
        (
            "kontrakter: [{id: k/1, godkendelser: [{dato: 2024-01-01, vedrører: k/1}]}]\n",
            "misplaced-key",
            "a.yaml:1:58",
            "The key “vedrører” belongs to activity, answer, mandate and may not stand in approval.",
        ),
    ],
)
def test_what_a_class_may_not_say_is_told_with_where_it_belongs(
    tmp_path: Path, text: str, code: str, place: str, says: str
) -> None:
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == [(code, place)]
    assert sources.problems[0].message.en == says


def test_what_was_meant_is_asked_in_the_language_of_the_message(tmp_path: Path) -> None:
    sources = read_files(tmp_path, {"a.yaml": "personer: [p]\nroller: [{person: p, rolle: kontraktmanager}]\n"})
    assert sources.problems[0].message.da.endswith("Mente du “kontraktansvarlig”?")
    assert sources.problems[0].message.en.endswith("Did you mean “contract manager”?")


def test_a_node_described_in_two_files_may_say_only_what_its_class_may(tmp_path: Path) -> None:
    turtle = "@prefix g: <https://w3id.org/graphsc/ns#> .\n<urn:graphsc:id:o/1> g:personalData true .\n"
    sources = read_files(tmp_path, {"a.yaml": "organisationer: [{id: o/1}]\n", "b.ttl": turtle})
    assert faults(sources) == [("misplaced-key", "b.ttl:2:22")]
