"""What the signs of a drawing are called, in both languages."""

from __future__ import annotations

from collections import Counter

from graphsc.core.text import Language, Text
from graphsc.drawing.model import Kind, Passing, Picture, Says

KINDS = {
    Kind.AUTHORITY: Text("myndighed", "authority"),
    Kind.FUNCTION: Text("samfundsfunktion", "societal function"),
    Kind.PROCESS: Text("proces", "process"),
    Kind.SYSTEM: Text("system", "system"),
    Kind.SUPPLIER: Text("leverandør", "supplier"),
    Kind.OTHER: Text("anden organisation", "other organisation"),
}

LEVELS = (
    Text("almindelig", "ordinary"),
    Text("forretningskritisk", "business-critical"),
    Text("kritisk infrastruktur", "critical infrastructure"),
    Text("samfundskritisk", "society-critical"),
)
NO_LEVEL = Text("kritikalitet ikke angivet", "criticality not stated")

SAYS = {
    Says.SUPPORTS: Text("understøttes af", "supported by"),
    Says.DEPENDS: Text("afhænger af", "depends on"),
    Says.SUPPLIES: Text("leveres af", "supplied by"),
    Says.APPROVED: Text("underleverandør, godkendt", "subcontractor, approved"),
    Says.UNAPPROVED: Text("underleverandør, ikke godkendt", "subcontractor, not approved"),
    Says.UNRECORDED: Text("godkendelse ikke registreret", "approval not recorded"),
    Says.SUPERVISES: Text("fører tilsyn med", "supervises"),
    Says.ACCOUNTABLE: Text("ansvarlig for", "accountable for"),
    Says.OPERATES: Text("drives af", "operated by"),
}
STOPS_HERE = Text("et krav stopper her", "a requirement stops here")

PASSING = {
    Passing.SET: Text("stillet", "set"),
    Passing.TIGHTENED: Text("skærpet", "tightened"),
    Passing.EXEMPT: Text("undtaget", "exempt"),
    Passing.DROPPED: Text("tabt her", "dropped here"),
    Passing.MISSING: Text("mangler, tabt ovenfor", "missing, dropped above"),
}


def amount(findings: int) -> Text:
    """So many findings."""
    return Text.counted(findings, Text("fund", "finding"), Text("fund", "findings"))


def described(picture: Picture) -> Text:
    """What a picture shows, in a sentence, for whoever cannot see it."""
    counts = Counter(node.kind for node in picture.nodes)
    things = [Text.counted(counts[kind], KINDS[kind], _MANY[kind]) for kind in KINDS if counts[kind]]
    danish, english = (", ".join(thing[language] for thing in things) for language in Language)
    placed = {number for node in picture.nodes for number in node.findings if picture.findings[number].counts}
    text = amount(len(placed))
    missing = sum(edge.says is Says.UNAPPROVED for edge in picture.edges)

    def links(count: int) -> str:
        return f"{count} link{'' if count == 1 else 's'}"

    stopped = sum(bool(edge.dropped) for edge in picture.edges)
    return Text(
        f"{danish}. {text.da}. {missing} led uden kundens godkendelse, {stopped} led, hvor et krav stopper.",
        f"{english}. {text.en}. {links(missing)} without the customer's approval, {links(stopped)} where a requirement stops.",
    )


_MANY = {
    Kind.AUTHORITY: Text("myndigheder", "authorities"),
    Kind.FUNCTION: Text("samfundsfunktioner", "societal functions"),
    Kind.PROCESS: Text("processer", "processes"),
    Kind.SYSTEM: Text("systemer", "systems"),
    Kind.SUPPLIER: Text("leverandører", "suppliers"),
    Kind.OTHER: Text("andre organisationer", "other organisations"),
}
