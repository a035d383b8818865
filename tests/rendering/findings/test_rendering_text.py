"""The text for people: what is the same is told once, nothing is left out, and names cannot forge it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from casework import case
from sample_report import APPROVAL, CLEAN, EVIL, RICH, RULES
from syrupy.assertion import SnapshotAssertion

from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.rendering.findings import text
from graphsc.rendering.findings.text import Item, apart, blocks
from graphsc.service import open_paths, validate
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Report, Severity

DA, EN = Language.DA, Language.EN
LACKING = """
organisationer: [{id: K, navn: Kommunen}, {id: A, navn: Alfa}, {id: B, navn: Beta}]
kontrakter:
  - {id: KA, navn: Driftsaftalen, kunde: K, leverandør: A, start: 2024-01-01, registre: [klausuler], klausuler: [kontrolret]}
  - {id: KB, navn: Netaftalen, kunde: K, leverandør: B, start: 2024-01-01, registre: [klausuler], klausuler: [kontrolret]}
"""


@pytest.mark.parametrize("language", list(Language))
def test_snapshot(language: Language, snapshot: SnapshotAssertion) -> None:
    for name, report in (("rich", RICH), ("clean", CLEAN), ("evil", EVIL)):
        assert text.render(report, RULES, language=language) == snapshot(name=f"{name}-{language}")
    assert text.render(RICH, RULES, language=language, show_waived=True) == snapshot(name=f"waived-{language}")
    assert text.render(RICH, RULES, language=language, first=0) == snapshot(name=f"every-{language}")


def test_colour_only_doubles_the_words() -> None:
    plain = text.render(RICH, RULES, language=EN)
    coloured = text.render(RICH, RULES, language=EN, color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31mbreach[SUB001]\x1b[0m: Sky Drift" in coloured
    assert "\x1b[1;33mquestion[SUB002]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("show_waived", [False, True])
def test_hostile_names_forge_nothing(show_waived: bool) -> None:
    shown = text.render(EVIL, RULES, language=EN, show_waived=show_waived, first=0)
    shown.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert max(map(len, shown.splitlines())) < 1000


def test_nothing_is_to_be_written_where_no_finding_has_an_example() -> None:
    bare = replace(CLEAN, findings=(APPROVAL,))
    for language, words in ((DA, "det indrykkede"), (EN, "the indented lines")):
        shown = text.render(bare, {}, language=language)
        assert "graphsc explain ID" in shown
        assert words not in shown


def test_all_shown_whole_say_what_they_go_back_to() -> None:
    shown = text.render(RICH, RULES, language=EN, first=0)
    brief = text.render(RICH, RULES, language=EN)
    for part in ("  = guide: B2-04", "  = also in: ", "  = see also: "):
        assert part in shown
        assert part not in brief


def test_many_consequences_are_counted() -> None:
    finding = replace(APPROVAL, consequences=tuple(f"https://example.org/k/{n}" for n in range(8)))
    shown = text.render(replace(CLEAN, findings=(finding,)), RULES, language=DA)
    assert "= følger: k/0, k/1, k/2, k/3, k/4, 3 til\n" in shown


def test_the_last_line_counts_and_partial_stands_above_it() -> None:
    *_, partial, blank, last = text.render(RICH, RULES, language=EN).splitlines()
    assert partial.startswith("INCOMPLETE:")
    assert blank == ""
    assert last.startswith("1 breach, 1 question, 1 note · 1 accepted")


def test_no_friendly_line_when_nothing_could_be_read() -> None:
    shown = text.render(replace(CLEAN, problems=RICH.problems), RULES, language=EN)
    assert "All clear" not in shown
    assert "INCOMPLETE" in shown


def test_the_demo_is_told_in_half_the_bytes_without_losing_a_finding() -> None:
    settings = Settings(as_of=date(2026, 11, 25))
    report, rules = validate(open_paths([Path("data/demo")], settings))
    whole = text.render(report, rules, language=EN, first=0)
    shown = text.render(report, rules, language=EN)
    assert 2 * len(shown.encode()) <= len(whole.encode())
    asked = wording.open_questions(wording.counted(report))
    for finding in report.findings:
        if finding.counts and finding.severity is not Severity.QUESTION:
            assert finding.fingerprint in shown
            assert str(finding.location) in shown
    for place, questions in asked.items():
        number = "1 open question" if len(questions) == 1 else f"{len(questions)} open questions"
        assert f"{wording.label(report, place, EN)}: {number}" in shown


def test_a_question_to_several_agreements_is_asked_once_and_many_are_counted_by_agreement() -> None:
    judged = case(LACKING, select=("SUB01", "FLW010"))
    report, rules = judged.report, validate(judged.opened)[1]
    folded = blocks(report.findings, rules)
    assert [[item.first.subject[-2:] for item in block] for block in folded] == [["KA", "KB"]] * 6
    assert text.render(report, rules, language=DA).startswith(
        "Driftsaftalen: 6 åbne spørgsmål\nNetaftalen: 6 åbne spørgsmål\nSvar på dem, eller se dem enkeltvis: graphsc questions\n"
    )
    whole = text.render(report, rules, language=DA, first=0)
    assert whole.count("fund: Hvor ") == 6
    assert all(finding.fingerprint in whole for finding in report.findings if finding.counts)


def test_one_finding_on_several_things_is_told_once_with_a_line_for_each() -> None:
    many = [replace(APPROVAL, subject=f"https://k.example/L{n}", severity=Severity.BREACH) for n in range(5)]
    report: Report = replace(CLEAN, findings=tuple(many))
    shown = text.render(report, RULES, language=EN)
    assert shown.startswith("breach[SUB001]")
    assert shown.count("  --> ") == 5
    assert all(finding.fingerprint in shown for finding in many)


def test_only_the_first_few_are_shown_when_asked_for_and_how_many_more_there_are() -> None:
    judged = case(LACKING, select=("SUB010", "SUB011"))
    report, rules = judged.report, validate(judged.opened)[1]
    shown = text.render(report, rules, language=EN, first=1)
    assert "… and 1 more thing to do (2 findings); --first 0 shows all." in shown
    assert ("SUB010" in shown, "SUB011" in shown) == (True, False)
    assert "SUB011" in text.render(report, rules, language=EN)


def test_what_society_depends_on_comes_first() -> None:
    critical = "systemer: [{id: S, navn: Vagt, ejer: K, kritikalitet: samfundskritisk}]\n"
    data = LACKING.replace("id: KB,", "id: KB, systemer: [S],") + critical
    judged = case(data, select=("SUB010",))
    rules = validate(judged.opened)[1]
    shown = text.render(judged.report, rules, language=DA)
    first, second = [line for line in shown.splitlines() if " --> " in line]
    assert shown.startswith(
        "spørgsmål[SUB010]: 2 fund: Hvor står der i …, hvordan underleverandører må bruges? Ikke registreret: brug af underleverandører.\n"
    )
    assert " samfundskritisk: Netaftalen" in first, "it is said of those alone that society depends on"
    assert "samfundskritisk" not in second
    only = replace(judged.report, findings=(judged.of("SUB010", "KB"),))
    assert text.render(only, rules, language=DA).startswith(
        "spørgsmål[SUB010] samfundskritisk: Hvor står der i Netaftalen, "
    )
    assert judged.of("SUB010", "KB").urgent
    assert not judged.of("SUB010", "KA").urgent


def test_what_has_yet_to_get_an_id_is_one_entry_for_each_thing() -> None:
    data = LACKING.replace("kunde: K,", "kunde: K, personoplysninger: ja,").replace(
        "registre: [", "registre: [persondata, "
    )
    judged = case(data, select=("DPA001",))
    shown = text.render(judged.report, validate(judged.opened)[1], language=DA)
    new = [line for line in shown.splitlines() if "{id: <nyt id>" in line]
    assert [re.findall("leverandør: ([^,]*),|aftale: ([^,]*),", line) for line in new] == [
        [("A", ""), ("", "KA")],
        [("B", ""), ("", "KB")],
    ]


def test_a_person_is_named_for_all_only_where_it_is_the_same_for_all() -> None:
    roles = "roller:\n" + "".join(
        f"  - {{rolle: kontraktansvarlig, person: {person}, fra: 2024-01-01, gælder: {agreement}}}\n"
        for person, agreement in (("P1", "KA"), ("P2", "KB"))
    )
    by_other = {}
    for other in ("P1", "P2"):
        judged = case(LACKING + "personer: [P1, P2]\n" + roles.replace("P2", other), select=("SUB010",))
        by_other[other] = text.render(judged.report, validate(judged.opened)[1], language=DA).split("\n\n")[0]
    assert "  = Kommunen, kontraktansvarlig (P1): " in by_other["P1"]
    assert by_other["P1"].count("(P1)") == 1
    assert "  = Kommunen, kontraktansvarlig: " in by_other["P2"]
    assert "Driftsaftalen (P1) (" in by_other["P2"]
    assert "Netaftalen (P2) (" in by_other["P2"]


def test_what_several_organisations_have_to_do_is_told_once_with_who_does_it_on_each_line() -> None:
    data = """
organisationer: [{id: K, navn: Kommunen}, {id: A, navn: Alfa}, {id: B, navn: Beta}, {id: U, navn: Under}, {id: V, navn: Ved}]
kontrakter:
  - {id: KA, navn: Drift, kunde: K, leverandør: A, start: 2024-01-01, registre: [krav], krav: [R], underleverandører: [{id: AU, leverandør: U}]}
  - {id: KB, navn: Net, kunde: K, leverandør: B, start: 2024-01-01, registre: [krav], krav: [R], underleverandører: [{id: BV, leverandør: V}]}
krav: [{id: R, navn: Backup, emne: beredskab, tekst: Leverandøren skal tage backup hver dag.}]
"""
    judged = case(data, select=("FLW001",))
    shown = text.render(judged.report, validate(judged.opened)[1], language=DA).split("\n\n")[0].splitlines()
    assert (
        shown[0]
        == "spørgsmål[FLW001]: 2 fund: Er Backup ført videre til …? Ikke registreret: kravet i … eller en undtagelse for leddet."
    )
    assert [re.sub(r".*/[^ ]* | \(\w{16}\)", "", line) for line in shown[1:3]] == [
        "Under (under Alfa) – Alfa",
        "Ved (under Beta) – Beta",
    ]
    assert shown[3].startswith("  = leverandørens sikkerhedsansvarlige: Før kravet videre")


def test_the_gist_of_messages_is_not_lost_between_two_names() -> None:
    findings = [
        replace(
            APPROVAL, expired=None, subject=n, message=Text.same(f"{n} is part of no assessment for {n} within a year")
        )
        for n in "abc"
    ]
    shown = text.render(replace(CLEAN, findings=tuple(findings)), RULES, language=EN)
    assert "a is part of no assessment for a within a year" in shown
    assert "…" not in shown.split("\n\n")[0]


def test_a_comma_stands_once_and_with_what_follows() -> None:
    messages = ["K uses a, but not well", "K uses b, but not well"]
    assert apart(messages) == ("K uses", ["a", "b"], ", but not well")
    findings = [replace(APPROVAL, message=Text.same(message), value=message) for message in messages]
    assert Item(tuple(findings)).message(EN) == "K uses a, b, but not well"


def test_a_colon_stands_once_and_with_what_follows() -> None:
    messages = ["Agreement with a: nobody checked it", "Agreement with b: nobody checked it"]
    assert apart(messages) == ("Agreement with", ["a", "b"], ": nobody checked it")
    assert apart(["Aftale A: Der er intet", "Bro: Der er intet"]) == ("", ["Aftale A", "Bro"], ": Der er intet")


def test_rules_are_told_as_one_only_where_their_messages_go_on_alike_in_both_languages() -> None:
    pairs = []
    for code, da in (("MUL002", "uden en strategi"), ("MUL003", "uden en fælles proces")):
        comma = "," if code == "MUL003" else ""
        message = Text(f"{{?this}} bruger flere leverandører{comma} {da}", f"{{?this}} uses several suppliers, {da}")
        rule = replace(RULES["SUB001"], code=code, message=message)
        said = Text(*(message[language].replace("{?this}", "Kommunen") for language in Language))
        pairs.append((replace(APPROVAL, code=code, expired=None, message=said), rule))
    rules = {rule.code: rule for _, rule in pairs}
    assert len(blocks([finding for finding, _ in pairs], rules)) == 2
    shown = text.render(replace(CLEAN, findings=tuple(finding for finding, _ in pairs)), rules, language=DA)
    assert "Kommunen bruger flere leverandører uden en strategi" in shown
    assert "Kommunen bruger flere leverandører, uden en fælles proces" in shown


def test_what_comes_after_the_first_few_is_a_line_each_with_the_names_of_all() -> None:
    def finding(code: str, message: str) -> Finding:
        return replace(
            APPROVAL, code=code, expired=None, message=Text.same(message), subject=f"https://k.example/{message}"
        )

    first = [finding(f"ABC{n:03}", f"Nummer {n} er brudt på sin egen måde {n}") for n in range(12)]
    last = [
        finding("XYZ001", f"Adgangen til {name} er stadig åben efter ophør") for name in ("Hegnet", "Kranen", "Porten")
    ]
    rules = {item.code: replace(RULES["SUB001"], code=item.code) for item in (*first, *last)}
    shown = text.render(replace(CLEAN, findings=(*first, *last)), rules, language=DA)
    (line,) = [line for line in shown.splitlines() if line.startswith("overtrædelse[XYZ001]")]
    assert line == "overtrædelse[XYZ001]: 3 fund: Adgangen til … er stadig åben efter ophør: Hegnet, Kranen, Porten"


def test_problems_of_one_kind_are_a_line_each() -> None:
    judged = case("organisationer: [{id: a b}, {id: c d}]\nkontrakter: [{id: K, start: i går}]\n")
    shown = text.render(judged.report, RULES, language=DA).splitlines()
    assert [re.sub("[^ ]*/", "", line) for line in shown if "bad-id" in line] == [
        "fejl[bad-id]: “a b” kan ikke være et id: Der må ikke stå mellemrum i det. Mente du “a-b”? --> case0.yaml:1:23",
        "fejl[bad-id]: “c d” kan ikke være et id: Der må ikke stå mellemrum i det. Mente du “c-d”? --> case0.yaml:1:34",
    ]
    assert (
        "fejl[bad-date]: “i går” er ikke en dato; skriv år-måned-dag som 2024-03-01, eller intet, hvis der ingen er."
        in shown
    )


def test_rules_that_a_register_leaves_unjudged_are_a_line_that_names_it() -> None:
    judged = case("systemer: [S]\nkontrakter: [{id: K, leverandør: org/a, systemer: S}]\norganisationer: [org/a]\n")
    shown = text.render(judged.report, RULES, language=DA).splitlines()
    start = shown.index("Ikke kontrolleret:")
    assert "  CRT006 MAP001 MAP002 MAP003: registeret “kortlægning” føres ikke for 1 af 1" in shown[start:]


def test_what_has_ended_is_counted_as_what_runs() -> None:
    ended = (
        LACKING
        + """
  - {id: D, type: databehandleraftale, kunde: K, leverandør: A, aftale: KA, start: 2023-01-01, slut: 2024-01-01}
  - {id: L, kunde: K, leverandør: A, kategori: softwarelicenser, start: 2023-01-01, slut: 2024-01-01}
  - {id: O, kunde: K, leverandør: A, start: 2023-01-01, slut: 2024-01-01}
rammeaftaler: [{id: R, navn: Rammen, leverandør: A, start: 2023-01-01, slut: 2024-01-01}]
"""
    )
    judged = case(ended)
    said = text.render(judged.report, validate(judged.opened)[1], language=DA)
    assert "2 løbende aftaler med leverandører, 1 ophørt aftale med en leverandør" in said


def test_words_that_messages_share_are_found_at_both_ends() -> None:
    assert apart(["a b x c d", "a b y z c d"]) == ("a b", ["x", "y z"], "c d")
    assert apart(["a b x c", "a b y z c"]) == ("a b", ["x c", "y z c"], "")
    assert apart(["same", "same"]) == ("same", ["", ""], "")
    assert apart(["one", "two"]) == ("", ["one", "two"], "")


def test_a_name_is_not_cut_where_others_share_its_words() -> None:
    messages = [f"Aftalen med {name} A/S er indgået uden råd" for name in ("Plejesystemer", "Lønhuset")]
    assert apart(messages) == ("Aftalen med", ["Plejesystemer A/S", "Lønhuset A/S"], "er indgået uden råd")
    messages = [f"I dag har {name} ingen ejer" for name in ("Datacenter Nord", "Datacenter Syd")]
    assert apart(messages) == ("I dag har", ["Datacenter Nord", "Datacenter Syd"], "ingen ejer")
