"""``graphsc rules`` and ``graphsc explain``."""

import csv
import io
import json
from pathlib import Path
from textwrap import dedent

import pytest
from command import AS_OF, BROKEN, CLEAN, UNREADABLE, run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("clean", CLEAN), ("broken", BROKEN), ("unreadable", UNREADABLE)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def fingerprint(code: str) -> str:
    document = json.loads(run("validate", "broken.yaml", *AS_OF, "-f", "json").stdout)
    return next(str(finding["fingerprint"]) for finding in document["findings"] if finding["code"] == code)


def test_rules_in_text(here: Path) -> None:
    result = run("rules", "--select", "SUB00")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == [
        "SUB001  breach    The customer approved the supplier's subcontractor  (B2-04, B2-05)",
        "SUB002  question  The customer approved subcontractors further down the chain  (B2-04)",
        "SUB003  note      The approval came before the subcontractor started  (B2-04)",
    ]
    danish = run("rules", "--select", "SUB003", "--lang", "da").stdout
    assert danish == "SUB003  bemærkning    Godkendelsen kom, før underleverandøren begyndte  (B2-04)\n"


def test_rules_in_json(here: Path) -> None:
    document = json.loads(run("rules", "-f", "json", "--select", "SUB", "--ignore", "SUB00").stdout)
    assert document["schema"] == "graphsc.rules/1"
    codes = [rule["code"] for rule in document["rules"]]
    assert codes[:5] == ["SUB010", "SUB011", "SUB012", "SUB013", "SUB014"]
    assert codes == sorted(code for code in codes if code.startswith("SUB"))
    rule = document["rules"][1]
    assert rule["severity"] == "question"
    assert rule["title"] == {
        "da": "Aftalen kræver kundens godkendelse af underleverandører",
        "en": "The agreement demands approval of subcontractors",
    }
    assert rule["statements"] == ["B2-04"]
    assert rule["engine"] == "compiled"


def test_every_rule_has_both_languages_and_no_placeholder_on_its_page(here: Path) -> None:
    for rule in json.loads(run("rules", "-f", "json").stdout)["rules"]:
        assert rule["title"]["da"] != "", rule["code"]
        assert rule["title"]["da"] != rule["title"]["en"], rule["code"]
        assert rule["remedy"]["da"] != rule["remedy"]["en"], rule["code"]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["rules", "-f", "xml"], "graphsc: unknown format: xml. Choose text, json.\n"),
        (["rules", "--select", "SUB1"], "graphsc: unknown rule: SUB1. Did you mean “SUB001”?\n"),
        (
            ["explain", "SUB01"],
            "graphsc: SUB01 is neither a rule, a statement, a provision nor a finding of the input given. Did you mean “SUB001”?\n",
        ),
        (
            ["explain", "370cc1d250334644"],
            "graphsc: 370cc1d250334644 is neither a rule, a statement, a provision nor a finding of the input given. A finding is explained from its data: graphsc explain ID PATH.\n",
        ),
        (
            ["explain", "b2-04"],
            "graphsc: b2-04 is neither a rule, a statement, a provision nor a finding of the input given. Did you mean “B2-04”?\n",
        ),
    ],
)
def test_what_is_unknown(here: Path, words: list[str], message: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


def test_the_page_of_a_rule(here: Path) -> None:
    page = run("explain", "SUB001", "--lang", "da").stdout.splitlines(keepends=True)
    texts = [line for line in page if line.startswith(("    Ser på: ", "    Ser ikke: "))]
    terms = [line for line in page if line.startswith("  - »")]
    assert len(texts) == 4, "what is looked at and what is not seen, for both statements"
    assert "  - »er godkendt ved«: Den gyldige godkendelse, også den stiltiende, på vurderingsdatoen.\n" in terms
    assert (
        "".join(line for line in page if line not in texts + terms)
        == """\
SUB001  Kunden har godkendt leverandørens underleverandør

Alvor: overtrædelse

Fund: … er registreret som i gang under …, men en godkendelse fra … er ikke registreret
Gør: Notér godkendelsen med dato og journalnummer. Er den ikke givet, så godkend underleverandøren for netop denne aftale, eller kræv den udskiftet.

Vejledningen siger:
  B2-04  Kontrakten fastslår, at kunden skal godkende underleverandører.
  B2-05  Kontrakten pålægger leverandøren at give besked om underleverandører.

Sådan læses oplysningerne:
  - Gælder: underleverance. En aftale, hvormed en leverandør lader en anden udføre en del af sin leverance.
  - Føres registeret »underleverandører« ikke, er svaret »ikke registreret«.

Svarer også til:
  DORA art. 29, stk. 2 – Risici ved lange kæder af underleverandører
  DORA art. 30, stk. 2, litra a – Vilkår for underleverandører i kontrakten
  ISO/IEC 27001:2022 A.5.21 – Sikkerhed i ikt-forsyningskæden
  NIS 2-direktivet art. 21, stk. 2, litra d – Sikkerhed i forsyningskæden
  NIS 2-loven § 6 – Foranstaltninger til styring af cybersikkerhedsrisici
"""
    )


def test_the_page_of_a_rule_with_input_says_how_it_stands(here: Path) -> None:
    page = run("explain", "SUB001", "broken.yaml", *AS_OF).stdout
    assert page.splitlines()[-6:] == [
        "As of 2025-06-15: 1 of 1 fail",
        (
            "- Ærøskøbing Drift (under Løngang) is recorded as under way under the agreement with Løngang, but an approval from Kystvagten is not recorded"
            f" [broken.yaml:11:9]  {fingerprint('SUB001')}"
        ),
        "",
        "Write this in your data once it has been done:",
        "  contracts:",
        "    - {id: LU, approval: {date: <date>, by: K, document: <document number>, agreement: KL}}",
    ]


@pytest.mark.exhaustive
def test_the_page_of_a_statement(here: Path) -> None:
    page = run("explain", "B2-05").stdout
    assert page.splitlines()[0].startswith("B2-05  ")
    assert "  SUB001  breach    The customer approved the supplier's subcontractor  (B2-04, B2-05)" in page
    page = run("explain", "B2-05", "broken.yaml", *AS_OF).stdout
    assert "    As of 2025-06-15: 1 of 1 fail" in page


def test_from_a_statement_one_reaches_rule_text_cases_and_how_each_agreement_stands(here: Path) -> None:
    page = run("explain", "B2-05", "broken.yaml", *AS_OF, "--lang", "da").stdout.splitlines()
    assert page[2] == "Bilag 2 · aftale · bør"
    assert page[3].startswith("Hører til R-4.1: ")
    assert page[4].startswith("Behandling: kontrolregel (")
    stands = page.index("Aftale for aftale pr. 2025-06-15")
    assert page[stands + 1].startswith("  aftalen med Løngang  ikke opfyldt (")
    assert "SUB001" in page[stands + 1]
    assert page[stands + 2] == ""
    place = page.index("Står i shapes/subcontracting.ttl:")
    assert place > stands  # how it is made comes last
    assert page[place + 1].startswith('  rule:SUB001 a sh:NodeShape ; g:code "SUB001"')
    assert any(line.startswith("Prøvet med: SUB001, SUB001-") for line in page[place:])


@pytest.mark.exhaustive
def test_what_is_met_names_the_record_who_did_it_and_when(tmp_path: Path) -> None:
    met = """
        base: https://k.example/
        organisationer: [{id: K, navn: Kysten, art: kommune}, {id: L, navn: Løngang}]
        kontrakter:
          - {id: KL, navn: Driften, kunde: K, leverandør: L, periode: 2024-01-01/2028-12-31, registre: [risici]}
        aktiviteter:
          - {id: RV, navn: vurderingen, art: risikovurdering, vedrører: KL, dato: 2025-05-01, udført af: K}
    """
    file = tmp_path / "a.yaml"
    file.write_text(dedent(met), encoding="utf-8")
    page = run("explain", "S-5.4-02", str(file), *AS_OF).stdout.splitlines()
    last = page[page.index("Agreement by agreement as of 2025-06-15") :]
    last = last[: last.index("")]
    assert [line.split(" [")[0].strip() for line in last[1:]] == [
        "Driften  met (1 of 1)",
        "vurderingen (2025-05-01) – Kysten",
    ]
    assert "a.yaml:7:" in last[2]
    file.write_text(dedent(met).replace(", udført af: K", ""), encoding="utf-8")
    assert "vurderingen (2025-05-01) – not recorded who did it" in run("explain", "S-5.4-02", str(file), *AS_OF).stdout
    file.write_text(dedent(met[: met.index("        aktiviteter:")]).replace("[risici]", "[]"), encoding="utf-8")
    assert "Driften  not recorded (0 of 1)" in run("explain", "S-5.4-02", str(file), *AS_OF).stdout


def test_a_statement_that_nothing_checks_says_so_once(here: Path) -> None:
    page = run("explain", "I-04", "broken.yaml", *AS_OF, "--lang", "da").stdout.splitlines()
    assert page.count("  ikke kontrolleret – ingen regel kontrollerer det") == 1


def test_the_page_of_a_derivation_and_of_a_question_shows_the_query(here: Path) -> None:
    page = run("explain", "I-07").stdout
    assert "Written in queries/control-effort.rq:" in page
    assert "# title.da" not in page
    assert "SELECT" in page


@pytest.mark.exhaustive
def test_every_statement_has_a_page_in_both_languages(here: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("coverage", "-f", "csv").stdout)))
    for row in rows[::58]:
        for language in ("da", "en"):
            result = run("explain", row["statement"], "--lang", language)
            assert (result.exit_code, result.stderr) == (0, "")
            assert result.stdout.startswith(f"{row['statement']}  ")


def test_the_page_of_a_finding_and_its_depth(here: Path) -> None:
    name = fingerprint("FLW001")
    shallow = run("explain", name, "broken.yaml", *AS_OF, "--depth", "1", "--lang", "da")
    assert shallow.exit_code == 0
    assert (
        shallow.stdout
        == """\
spørgsmål[FLW001]: Er kravet R1 ført videre til Ærøskøbing Drift (under Løngang)? Ikke registreret: kravet i Ærøskøbing Drift (under Løngang) eller en undtagelse for leddet.
  --> broken.yaml:11:9
  hjælp: Før kravet videre, gerne skærpet, eller aftal en undtagelse med kunden for netop dette led.
  hvem: Løngang, leverandørens sikkerhedsansvarlige

Det bygger på:
  • Ærøskøbing Drift (under Løngang) er underleverance   [broken.yaml:11:9]
  → Ærøskøbing Drift (under Løngang) er løbende aftale
  • Ærøskøbing Drift (under Løngang) – er under: aftalen med Løngang   [broken.yaml:11:9]
  → aftalen med Løngang er løbende aftale
  → aftalen med Løngang er løbende outsourcing
  • aftalen med Løngang – kræver opfyldt: kravet R1   [broken.yaml:9:12]
  • aftalen med Løngang – fører register over: krav   [broken.yaml:8:35]
  • aftalen med Løngang – leverandør: Løngang   [broken.yaml:6:17]
  ✗ for Ærøskøbing Drift (under Løngang) er der ikke registreret »kræver opfyldt: kravet R1«
  ✗ for Ærøskøbing Drift (under Løngang) er der ikke registreret »dækker ved skærpelse: kravet R1«
  ✗ for Ærøskøbing Drift (under Løngang) er der ikke registreret »er undtaget fra: kravet R1«

Skriv det i dine data, når det er gjort:
  kontrakter:
    - {id: LU, viderefører: R1}

Vejledningen: B2-06, B2-07, FIG6-2
"""
    )
    deeper = run("explain", name, "broken.yaml", *AS_OF, "--depth", "2").stdout
    assert "    An active root agreement is outsourcing, " in deeper
    assert len(deeper) > len(shallow.stdout)


@pytest.mark.exhaustive
def test_every_finding_can_be_explained_in_both_languages(here: Path) -> None:
    document = json.loads(run("validate", "broken.yaml", *AS_OF, "-f", "json").stdout)
    assert len(document["findings"]) > 5
    one_of_each = {finding["code"]: finding for finding in document["findings"]}
    for finding in one_of_each.values():
        for language in ("da", "en"):
            result = run("explain", finding["fingerprint"], "broken.yaml", *AS_OF, "--lang", language)
            assert result.exit_code == 0
            assert f"[{finding['code']}]" in result.stdout
            assert "{?" not in result.stdout


def test_unreadable_input_is_said_after_the_page(here: Path) -> None:
    result = run("explain", "SUB001", "broken.yaml", "unreadable.yaml", *AS_OF)
    assert result.exit_code == 2
    assert "As of 2025-06-15: 1 of 1 fail" in result.stdout
    assert "unreadable.yaml:" in result.stderr
    assert "error[syntax]" in result.stderr


@pytest.mark.exhaustive
def test_the_page_of_a_provision(here: Path) -> None:
    assert run("explain", "nis2-23-4-a", "--lang", "en").stdout == (
        "NIS 2 Directive art. 23(4)(a) – Early warning within 24 hours\n\nRules that serve it:\n  none\n"
    )
    page = run("explain", "nis2-23-4-a", "--lang", "en", "--framework", "nis2").stdout
    assert "  NIS007  question  The early warning was sent within 24 hours" in page.splitlines()
    page = run("explain", "dora-30-3-e", "broken.yaml", *AS_OF, "--lang", "da").stdout
    assert page.startswith("DORA art. 30, stk. 3, litra e – Ret til løbende kontrol\n\nRegler, der tjener det:\n")
    assert "\n  CTL001  " in page


@pytest.mark.exhaustive
@pytest.mark.parametrize("what", ["S-1.2-03", "MAP002"])
def test_what_is_looked_at_and_what_is_not_seen(here: Path, what: str) -> None:
    english, danish = run("explain", what).stdout, run("explain", what, "--lang", "da").stdout
    for heading in ("Looks at: ", "Does not see: "):
        assert heading in english
    for heading in ("Ser på: ", "Ser ikke: "):
        assert heading in danish


def test_the_page_of_an_accepted_finding_says_who_accepts_it_until_when_and_why(tmp_path: Path) -> None:
    accepted = """
personer: [{id: p1}]
roller: [{id: r1, person: p1, rolle: ledelsen, hos: K, gælder: K, fra: 2020-01-01}]
accepterede fund:
  - {id: A1, regel: FLW001, genstand: LU, værdi: R1, begrundelse: Vi venter., accepteret af: p1, udløber: 2025-12-31}
"""
    file = tmp_path / "accepted.yaml"
    file.write_text(BROKEN + accepted, encoding="utf-8")
    findings = json.loads(run("validate", str(file), *AS_OF, "-f", "json").stdout)["findings"]
    name = next(finding["fingerprint"] for finding in findings if finding["code"] == "FLW001")
    page = run("explain", name, str(file), *AS_OF, "--lang", "en").stdout
    assert "is in force until 2025-12-31, given by p1: Vi venter." in page
    assert "  help: " in page


def test_of_a_rule_that_nothing_recorded_could_break_none_is_said_to_hold(here: Path) -> None:
    assert "As of 2025-06-15: nothing to check" in run("explain", "SUB021", "clean.yaml", *AS_OF, "--lang", "en").stdout
