"""The chain behind each critical service, as a picture and a list; and the register of all suppliers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from graphsc.analysis.sections import strength_bar, target_sentences
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Language, Text
from graphsc.drawing.chain import Links, chain_of, paths
from graphsc.drawing.model import Edge, EdgeKind, Picture
from graphsc.drawing.projection import read
from graphsc.drawing.svg import draw
from graphsc.duties.facts import day_of
from graphsc.graph.backend import Row
from graphsc.graph.dataset import plain
from graphsc.service.report.content import Chain, Link, Supplier
from graphsc.service.report.view import View, short_hash

MOST = 12
"""The most services whose chain is drawn, by weight."""
_APPROVAL = {
    EdgeKind.APPROVED: Text("ja", "yes"),
    EdgeKind.UNAPPROVED: Text("nej", "no"),
    EdgeKind.UNRECORDED: Text("ikke registreret", "not recorded"),
}
_NO_APPROVAL_NEEDED = Text("–", "–")
_UNKNOWN = Text("ikke registreret", "not recorded")


def picture(view: View) -> Picture:
    """The picture of the whole input."""
    return read(view.dataset, view.as_of, view.report.findings, view.assessment.labels)


def chains(view: View, whole: Picture) -> tuple[tuple[Chain, ...], int]:
    """The chains behind critical services, and the number of those that are not shown."""
    risk = view.assessment.risk
    named = list(risk.targets)
    if not named and view.party is not None:
        named = [view.party]
    links = Links(whole)
    drawn = [iri for iri in named if iri in links.places]
    return tuple(_chain(view, links, iri) for iri in drawn[:MOST]), max(0, len(drawn) - MOST)


def _chain(view: View, links: Links, iri: str) -> Chain:
    part = chain_of(links, [links.places[iri]])
    anchor, name = f"chain-{short_hash(iri)}", view.name(iri)
    title = Text(f"Kæden bag {name.da}", f"The chain behind {name.en}")
    return Chain(
        anchor=anchor,
        title=name,
        sentences=_sentences(view, iri),
        links=tuple(_links(view, part, iri)),
        picture={str(language): draw(part, language, title=title, name=f"{anchor}-picture") for language in Language},
    )


def _sentences(view: View, iri: str) -> tuple[Text, ...]:
    return tuple(target_sentences(view.assessment, iri)) if iri in view.assessment.risk.cuts else ()


def _links(view: View, part: Picture, iri: str) -> Iterable[Link]:
    """A line for each delivery of the chain, tier by tier."""
    focus = part.find(iri)
    ways = {} if focus is None else paths(Links(part), focus)
    watched: dict[str, list[int]] = defaultdict(list)
    for supervision in part.supervision:
        if supervision.about is None and supervision.supervisor not in watched[supervision.agreement]:
            watched[supervision.agreement].append(supervision.supervisor)
    edges = [edge for edge in part.edges if edge.agreement is not None and edge.kind.needs]
    for edge in sorted(
        _without_repeats(edges),
        key=lambda edge: (edge.tier or 0, part.nodes[edge.target].label.en, edge.agreement or ""),
    ):
        agreement = edge.agreement or ""
        node = part.nodes[edge.target]
        way = ways.get(edge.target, ())
        yield Link(
            tier=edge.tier or 1,
            party=node.label,
            country=view.labels[node.country] if node.country else None,
            path=tuple(part.nodes[step].label for step in way[1:-1]),
            agreement=view.name(agreement),
            approval=_APPROVAL.get(edge.kind, _NO_APPROVAL_NEEDED),
            supervisors=tuple(part.nodes[number].label for number in watched[agreement]),
            strength=_strength(view, agreement),
            findings=tuple(
                (f"finding-{part.findings[place].fingerprint}", part.findings[place].code) for place in edge.findings
            ),
        )


def _without_repeats(edges: Iterable[Edge]) -> list[Edge]:
    """One edge for each agreement and party, since an agreement that serves several systems has several."""
    result: dict[tuple[int, str | None], Edge] = {}
    for edge in edges:
        kept = result.setdefault((edge.target, edge.agreement), edge)
        if (edge.tier or 0) < (kept.tier or 0):
            result[edge.target, edge.agreement] = edge
    return list(result.values())


def _strength(view: View, name: str) -> Text:
    strength = view.assessment.risk.strengths.of(name)
    return _UNKNOWN if strength is None or not strength.known else strength_bar(strength.value).text


def suppliers(view: View, whole: Picture) -> tuple[Supplier, ...]:
    """Every party that delivers under a running agreement, by name."""
    tiers: dict[str, int] = {}
    for edge in whole.edges:
        if edge.agreement is not None and edge.tier is not None:
            tiers[edge.agreement] = min(edge.tier, tiers.get(edge.agreement, edge.tier))
    under: dict[str, list[Row]] = defaultdict(list)
    for row in view.dataset.select(knowledge_text("ontology/report/register.rq")):
        under[plain(row["supplier"])].append(row)
    facts: dict[str, list[Row]] = defaultdict(list)
    for row in view.dataset.select(knowledge_text("ontology/report/facts-of-party.rq")):
        facts[plain(row["party"])].append(row)
    result = [_supplier(view, party, rows, facts[party], tiers) for party, rows in under.items()]
    return tuple(sorted(result, key=lambda supplier: (supplier.name.da.casefold(), supplier.anchor)))


def _supplier(view: View, party: str, rows: Sequence[Row], facts: Sequence[Row], tiers: dict[str, int]) -> Supplier:
    agreements = sorted({plain(row["agreement"]) for row in rows})
    customers: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if "customer" in row:
            customers[plain(row["agreement"])].add(plain(row["customer"]))
    about = {party, *agreements}
    below = {plain(row["agreement"]) for row in rows if "parent" in row and customers[plain(row["agreement"])]}
    groups = sorted({plain(row["group"]) for row in facts if "group" in row})
    numbers = sorted({plain(row[name]) for row in facts for name in ("cvr", "lei") if name in row})
    ends = [day for row in rows if (day := day_of(row, "end")) is not None]
    return Supplier(
        anchor=f"supplier-{short_hash(party)}",
        name=view.labels[party],
        number=", ".join(numbers),
        country=_names(view, {plain(row["country"]) for row in facts if "country" in row}),
        group=view.labels[groups[0]] if groups else None,
        tier=min((tiers.get(agreement, 1) for agreement in agreements), default=1),
        delivers=tuple(
            (None if agreement in below else view.labels[agreement], _names(view, customers[agreement]))
            for agreement in agreements
        ),
        until=min(ends, default=None),
        findings=sum(1 for finding in view.report.findings if finding.counts and finding.subject in about),
        strength=_strength(view, party),
    )


def _names(view: View, iris: Iterable[str]) -> Text:
    return Text.joined(Text.same(", "), (view.labels[iri] for iri in sorted(iris)))
