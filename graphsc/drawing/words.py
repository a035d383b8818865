"""The names of the signs of a drawing."""

from __future__ import annotations

from collections import Counter

from graphsc.core.text import Language, Text
from graphsc.drawing.model import EdgeKind, Kind, Passing, Picture

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

EDGE_KINDS = {
    EdgeKind.SUPPORTS: Text("understøttes af", "supported by"),
    EdgeKind.DEPENDS: Text("afhænger af", "depends on"),
    EdgeKind.SUPPLIES: Text("leveres af", "supplied by"),
    EdgeKind.APPROVED: Text("underleverandør, godkendt", "subcontractor, approved"),
    EdgeKind.UNAPPROVED: Text("underleverandør, ikke godkendt", "subcontractor, not approved"),
    EdgeKind.UNRECORDED: Text("godkendelse ikke registreret", "approval not recorded"),
    EdgeKind.SUPERVISES: Text("fører tilsyn med", "supervises"),
    EdgeKind.ACCOUNTABLE: Text("ansvarlig for", "accountable for"),
    EdgeKind.OPERATES: Text("drives af", "operated by"),
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
    """A number of findings in words."""
    return Text.counted(findings, Text("fund", "finding"), Text("fund", "findings"))


def described(picture: Picture) -> Text:
    """A picture in a sentence, for screen readers."""
    counts = Counter(node.kind for node in picture.nodes)
    things = [Text.counted(counts[kind], KINDS[kind], _MANY[kind]) for kind in KINDS if counts[kind]]
    danish, english = (", ".join(thing[language] for thing in things) for language in Language)
    placed = {number for node in picture.nodes for number in node.findings if picture.findings[number].counts}
    text = amount(len(placed))
    missing = sum(edge.kind is EdgeKind.UNAPPROVED for edge in picture.edges)

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
