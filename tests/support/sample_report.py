"""A small, rich report written by hand: what every rendering is tested on."""

from __future__ import annotations

from datetime import date

from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.validation.findings import (
    Acceptance,
    Actor,
    Finding,
    Input,
    Report,
    RuleOutcome,
    Severity,
)
from graphsc.validation.rules import Reference, Rule

AS_OF = date(2026, 11, 25)
HERE = "https://example.org/"
FILE = "data/drift.yaml"
# Every way we know in which a name may try to be more than a name.
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "table": "a | b `c` *d* [e](https://evil.example) @octocat #12 $x$",
    "ansi": "\x1b[31mred\x1b[0m \x9b2J \x07",
    "bidi": "ab\u202egpj.exe \u2066x\u2069",
    "long": "L" * 5000,
    "newline": "one\ntwo\r\n::error::forged",
    "cdata": "]]> <!-- & --> ]]>",
    "percent": "%0A%0D::error file=x::y",
    "illegal": "nul\x00 bs\x08 \ufffe \ud800 \U000e0041 \u200b",
    "braces": "{0} {{?name}} ${{ secrets.X }}",
    "backslash": 'C:\\temp\\"quoted"',
    "slash": "back\\",
    "list": "1. first",
    "command": "::error file=a::forged",
    "www": "www.evil.example ##[error]x",
}
ISO = "https://w3id.org/graphsc/framework/iso27001/A.5.19"


def rule(code: str, severity: Severity, title: Text, remedy: Text) -> Rule:
    """A rule of the catalogue with the texts that renderings read."""
    return Rule(
        code=code,
        iri=f"https://w3id.org/graphsc/rule/{code}",
        severity=severity,
        title=title,
        message=Text("{?subject}", "{?subject}"),
        remedy=remedy,
        statements=("B2-04", "B2-05"),
        references=(Reference(ISO, Text.same("ISO/IEC 27001:2022 A.5.19")),),
        role=None,
        registers=(),
        description=Text(f"Hvad {code} <kræver>.", f"What {code} <asks>."),
    )


RULES = {
    r.code: r
    for r in (
        rule(
            "SUB001",
            Severity.BREACH,
            Text("Underleverandør uden godkendelse", "Subcontractor without approval"),
            Text("Indhent kundens godkendelse.", "Obtain the customer's approval."),
        ),
        rule(
            "SUB002",
            Severity.QUESTION,
            Text("Godkendelse uden omfang", "Approval without a scope"),
            Text("Skriv omfanget.", "State the scope."),
        ),
        rule("EXI001", Severity.NOTE, Text("Exitplan", "Exit plan"), Text("Lav en plan.", "Make a plan.")),
        rule("RSK001", Severity.BREACH, Text("Risikovurdering", "Risk assessment"), Text("", "")),
    )
}

APPROVAL = Finding(
    code="SUB001",
    severity=Severity.BREACH,
    message=Text("Sky Drift er ikke godkendt af kunden.", "Sky Drift is not approved by the customer."),
    remedy=Text("Indhent kundens godkendelse.", "Obtain the customer's approval."),
    subject=f"{HERE}kontrakt/drift/sky",
    value=f"{HERE}org/sky",
    path=(f"{HERE}kontrakt/drift", f"{HERE}kontrakt/drift/sky"),
    location=Location(FILE, 6, 9),
    related=(Location(FILE, 3, 12), Location("data/krav.xlsx", sheet="Krav", cell="B4")),
    statements=("B2-04", "B2-05"),
    references=(ISO,),
    actor=Actor(f"{HERE}org/nordlys", "https://w3id.org/graphsc/role/contract-manager", f"{HERE}person/p-17"),
    consequences=(f"{HERE}kontrakt/drift/kabel",),
    expired=Acceptance(f"{HERE}accept/1", "Ny aftale på vej", f"{HERE}person/p-1", date(2026, 9, 30)),
    shape="https://w3id.org/graphsc/shape/SUB001",
    component="http://www.w3.org/ns/shacl#SPARQLConstraintComponent",
    result_path="https://w3id.org/graphsc/ns#approval",
)
SCOPE = Finding(
    code="SUB002",
    severity=Severity.QUESTION,
    message=Text("Godkendelsen siger ikke, hvad den gælder.", "The approval does not say what it is for."),
    remedy=Text("Skriv omfanget.", "State the scope."),
    subject=f"{HERE}kontrakt/drift/sky",
    value="hosting?",
    location=Location("data/krav.xlsx", sheet="Krav & mål", cell="B4"),
    statements=("B2-04",),
)
DERIVED = Finding(
    code="EXI001",
    severity=Severity.NOTE,
    message=Text("Aftalen har ingen exitplan.", "The agreement has no exit plan."),
    remedy=Text("Lav en plan.", "Make a plan."),
    subject=f"{HERE}kontrakt/drift",
)
WAIVED = Finding(
    code="SUB001",
    severity=Severity.BREACH,
    message=Text("Kabel Nord er ikke godkendt af kunden.", "Kabel Nord is not approved by the customer."),
    remedy=Text("Indhent kundens godkendelse.", "Obtain the customer's approval."),
    subject=f"{HERE}kontrakt/drift/kabel",
    location=Location(FILE, 7, 9),
    waived=Acceptance(f"{HERE}accept/2", "Udfases i foråret", f"{HERE}person/p-1", date(2027, 3, 31)),
)
UNRECORDED = Finding(
    code="EXI001",
    severity=Severity.NOTE,
    message=Text("Tilsyn er ikke registreret.", "Supervision is not recorded."),
    remedy=Text("Før et register over tilsyn.", "Keep a register of supervision."),
    subject="https://w3id.org/graphsc/register/supervision",
    related=(Location(FILE, 2, 5),),
    consequences=(f"{HERE}kontrakt/drift",),
    group="https://w3id.org/graphsc/register/supervision",
)
LABELS = {
    f"{HERE}kontrakt/drift": Text("Driftskontrakten", "The hosting contract"),
    f"{HERE}kontrakt/drift/sky": Text.same("Sky Drift ApS"),
    f"{HERE}kontrakt/drift/kabel": Text.same("Kabel Nord A/S"),
    f"{HERE}org/nordlys": Text("Nordlysstyrelsen", "The Aurora Agency"),
    f"{HERE}org/sky": Text.same("Sky Drift"),
    f"{HERE}person/p-17": Text.same("p-17"),
    f"{HERE}person/p-1": Text.same("p-1"),
    f"{HERE}accept/1": Text.same("accept/1"),
    "https://w3id.org/graphsc/role/contract-manager": Text("kontraktansvarlig", "contract manager"),
    "https://w3id.org/graphsc/register/supervision": Text("tilsyn", "supervision"),
}
INPUTS = (Input("data/krav.xlsx", "b" * 64), Input(FILE, "a" * 64))
OUTCOMES = (
    RuleOutcome("SUB001", 41, 2, "compiled"),
    RuleOutcome("EXI001", 3, 1, "compiled"),
    RuleOutcome("SUB002", 5, 1, "compiled"),
    RuleOutcome("RSK001", 0, 0, "oracle", Text("Reglen kunne ikke oversættes.", "The rule could not be compiled.")),
)
PROBLEM = Problem(
    "unknown-key",
    Text("Ukendt nøgle »leverandor«. Mente du »leverandør«?", 'Unknown key "leverandor". Did you mean "leverandør"?'),
    Location(FILE, 4, 5),
)

RICH = Report(
    as_of=AS_OF,
    inputs=INPUTS,
    problems=(PROBLEM,),
    rules=OUTCOMES,
    findings=(UNRECORDED, WAIVED, DERIVED, SCOPE, APPROVAL),
    labels=LABELS,
    known=2,
    fixed=1,
)
CLEAN = Report(
    as_of=AS_OF,
    inputs=INPUTS,
    problems=(),
    rules=(RuleOutcome("SUB001", 41, 0, "compiled"), RuleOutcome("EXI001", 3, 0, "compiled")),
    findings=(),
    labels={},
)


def _hostile(key: str, name: str) -> Finding:
    return Finding(
        code="SUB001",
        severity=Severity.BREACH,
        message=Text(f"{name} er ikke godkendt.", f"{name} is not approved."),
        remedy=Text(f"Spørg {name}.", f"Ask {name}."),
        subject=f"{HERE}hostile/{key}",
        value=name,
        path=(f"{HERE}hostile/{key}", f"{HERE}org/nordlys"),
        location=Location(f"data/{name[:200]}.yaml", 1, 1),
        related=(Location("data/bog.xlsx", sheet=name[:100], cell="A1"),),
        statements=("B2-04", name[:50]),
        actor=Actor(organisation=f"{HERE}hostile/{key}"),
        consequences=(f"{HERE}hostile/{key}",),
        expired=Acceptance(f"{HERE}hostile/{key}", name, f"{HERE}hostile/{key}", date(2026, 1, 1)),
    )


EVIL = Report(
    as_of=AS_OF,
    inputs=(Input("data/<&>.yaml", "c" * 64),),
    problems=tuple(
        Problem(f"code-{key}", Text.same(name), Location(f"data/{name[:100]}", 1, 1)) for key, name in HOSTILE.items()
    ),
    rules=(RuleOutcome("SUB001", 99, 15, "compiled", Text.same(HOSTILE["ansi"])),),
    findings=(
        *(_hostile(key, name) for key, name in HOSTILE.items()),
        *(
            Finding(
                code=f"EVL-{key}",
                severity=Severity.NOTE,
                message=Text.same(name),
                remedy=Text.same(name),
                subject=f"{HERE}hostile/{key}",
                group=name,
            )
            for key, name in HOSTILE.items()
        ),
    ),
    labels={f"{HERE}hostile/{key}": Text.same(name) for key, name in HOSTILE.items()},
)
