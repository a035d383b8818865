"""The dependency graph as a picture, and where its findings are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from graphsc.core.cycles import reached
from graphsc.core.identifiers import named
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.drawing.model import (
    Edge,
    EdgeKind,
    Kind,
    Node,
    Outline,
    Passing,
    Picture,
    Requirement,
    Supervision,
    lane_of,
)
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import Labels
from graphsc.validation.findings import Finding


def place_findings(picture: Picture, findings: Sequence[Finding], instead: Callable[[str], Sequence[str]]) -> Picture:
    """The picture with the findings in it, gravest first.

    A finding on an agreement is shown at its edges and at its suppliers; one on anything else that is not drawn, at the
    things that ``instead`` gives; failing that at its value, and last at the organisation that must act.
    """
    nodes: dict[str, set[int]] = defaultdict(set)  # by thing; of an agreement its suppliers
    edges: dict[str, set[int]] = defaultdict(set)  # by agreement
    for number, node in enumerate(picture.nodes):
        nodes[node.iri].add(number)
    for number, edge in enumerate(picture.edges):
        if edge.agreement is not None and edge.kind.needs:
            edges[edge.agreement].add(number)
            nodes[edge.agreement].add(edge.target)
    at_nodes: dict[int, list[int]] = defaultdict(list)
    at_edges: dict[int, list[int]] = defaultdict(list)
    unplaced: list[int] = []
    ordered = sorted(findings, key=lambda finding: finding.order)
    for number, finding in enumerate(ordered):
        thing = _place_of(finding, nodes, instead)
        if thing is None:
            unplaced.append(number)
            continue
        for node_number in sorted(nodes[thing]):
            at_nodes[node_number].append(number)
        for edge_number in sorted(edges.get(thing, ())):
            at_edges[edge_number].append(number)
    return replace(
        picture,
        findings=tuple(ordered),
        unplaced=tuple(unplaced),
        nodes=tuple(
            replace(node, findings=tuple(at_nodes[number])) if number in at_nodes else node
            for number, node in enumerate(picture.nodes)
        ),
        edges=tuple(
            replace(edge, findings=tuple(at_edges[number])) if number in at_edges else edge
            for number, edge in enumerate(picture.edges)
        ),
    )


def _place_of(finding: Finding, drawn: Container[str], instead: Callable[[str], Sequence[str]]) -> str | None:
    """The drawn thing that a finding is shown at."""
    for start in (finding.subject, finding.value, finding.actor.organisation):
        waiting, seen = [start] if start else [], set()
        while waiting:
            thing = waiting.pop(0)
            if thing in drawn:
                return thing
            if thing not in seen:
                seen.add(thing)
                waiting.extend(instead(thing))
    return None


CRITICAL = 3
_APPROVAL = {"approved": EdgeKind.APPROVED, "unapproved": EdgeKind.UNAPPROVED, "unrecorded": EdgeKind.UNRECORDED}
_STRONGEST = (EdgeKind.UNAPPROVED, EdgeKind.UNRECORDED, EdgeKind.APPROVED, EdgeKind.SUPPLIES)


def read(dataset: Dataset, as_of: date, findings: Sequence[Finding] = (), labels: Labels | None = None) -> Picture:
    """The picture of a derived dataset, with the findings at their nodes and edges.

    Only agreements that run on the evaluation date are drawn. Findings on registers that are not kept are left out:
    they are not about a link.
    """
    reading = _Projection(dataset, labels or Labels(dataset))
    reading.things()
    reading.ties()
    reading.links()
    reading.supervisors()
    picture = reading.picture(as_of)
    shown = tuple(finding for finding in findings if finding.group is None)

    @cache
    def instead(thing: str) -> list[str]:
        """The things at which one that is not drawn can be shown, the nearest first."""
        node = named(thing)
        places = rows(dataset, "subjects", thing=node) if node is not None else ()
        return list(dict.fromkeys(row["place"] for row in places))

    return place_findings(picture, shown, instead)


def rows(dataset: Dataset, name: str, **bound: Term) -> Iterator[dict[str, str]]:
    """The solutions of a query in ``ontology/drawing``: the bindings as IRIs or texts."""
    query = knowledge_text(f"ontology/drawing/{name}.rq")
    for row in dataset.select(query, **bound) if bound else dataset.rows(query):
        yield {key: plain(term) for key, term in row.items()}


@dataclass(slots=True)
class _Thing:
    """A candidate for a node."""

    kind: str
    level: int | None = None
    criticality: str | None = None
    country: str | None = None
    cvr: str | None = None
    owners: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Tie:
    """An edge between IRIs, before the nodes are numbered."""

    source: str
    target: str
    kind: EdgeKind
    agreement: str | None = None
    parent: str | None = None
    roots: set[str] = field(default_factory=set)
    tier: int | None = None
    alternative: tuple[int, int] | None = None


class _Projection:
    """Collects things and ties by IRI, then numbers them."""

    def __init__(self, dataset: Dataset, labels: Labels) -> None:
        self.dataset, self.labels = dataset, labels
        self.by_iri: dict[str, _Thing] = {}
        self.tied: dict[tuple[str, str, str, str], _Tie] = {}
        self.serving: dict[str, set[str]] = defaultdict(set)
        self.customers: dict[str, set[str]] = defaultdict(set)
        self.suppliers: dict[str, set[str]] = defaultdict(set)
        self.tiers: dict[str, int] = {}
        self.authorities: set[str] = set()
        self.supervised: list[tuple[str, str, str, str, Text | None]] = []

    def things(self) -> None:
        """Read the candidates for nodes. Of several criticalities of a thing the gravest counts, of several countries the first."""
        for row in rows(self.dataset, "things"):
            thing = self.by_iri.setdefault(row["thing"], _Thing(row["kind"]))
            if "level" in row:
                level = min(CRITICAL, max(0, int(float(row["level"]))))
                if thing.level is None or level > thing.level:
                    thing.level, thing.criticality = level, row.get("criticality")
            thing.country = thing.country or row.get("country")
            thing.cvr = thing.cvr or row.get("cvr")
            if "owner" in row and row["owner"] not in thing.owners:
                thing.owners.append(row["owner"])

    def ties(self) -> None:
        """Read the edges outside the chains."""
        operated: list[tuple[str, str]] = []
        for row in rows(self.dataset, "ties"):
            source, says, target = row["from"], row["says"], row["to"]
            if says == "served":
                self.serving[target].add(source)
            elif says == "customer":
                self.customers[target].add(source)
                self.authorities.add(source)
            elif says == "operates":
                operated.append((source, target))
            else:
                self.tie(source, target, EdgeKind(says))
        for iri, thing in self.by_iri.items():
            for owner in thing.owners:
                self.authorities.add(owner)
                self.tie(owner, iri, EdgeKind.ACCOUNTABLE)
        for system, operator in operated:
            self.tie(system, operator, EdgeKind.OPERATES)

    def links(self) -> None:
        """Read the chains: from a system, or from the customer of an agreement that serves none, down to the last link."""
        links = list(rows(self.dataset, "links"))
        for row in links:
            self.suppliers[row["agreement"]].add(row["supplier"])
            tier = int(row["tier"])
            self.tiers[row["supplier"]] = min(tier, self.tiers.get(row["supplier"], tier))
        for row in links:
            agreement, root, supplier = row["agreement"], row["root"], row["supplier"]
            if "parent" not in row:
                served = self.serving[agreement] & self.by_iri.keys() or self.customers[agreement]
                for item in sorted(served):
                    self.tie(item, supplier, EdgeKind.SUPPLIES, agreement=agreement, root=root, tier=1)
            else:
                kind = _APPROVAL.get(row["approval"], EdgeKind.SUPPLIES)
                for item in sorted(self.suppliers[row["parent"]]):
                    self.tie(
                        item,
                        supplier,
                        kind,
                        agreement=agreement,
                        parent=row["parent"],
                        root=root,
                        tier=int(row["tier"]),
                    )
        self._options()

    def _options(self) -> None:
        """Mark edges to one of several options, and add edges to options that are agreements without a system."""
        options: dict[str, set[str]] = defaultdict(set)
        enough: dict[str, int] = {}
        holders: set[tuple[str, str]] = set()
        for row in self.dataset.select(knowledge_text("ontology/analysis/options.rq")):
            group = plain(row["group"])
            options[group].add(plain(row["option"]))
            if "enough" in row:
                enough[group] = int(plain(row["enough"]))
            if "thing" in row:
                holders.add((plain(row["thing"]), group))
        for thing, group in sorted(holders):
            choice = (enough.get(group, 1), len(options[group]))
            for option in sorted(options[group]):
                if option in self.by_iri:
                    self.tie(thing, option, EdgeKind.DEPENDS, alternative=choice)
                for supplier in sorted(self.suppliers.get(option, ())):
                    self.tie(
                        thing, supplier, EdgeKind.SUPPLIES, agreement=option, root=option, tier=1, alternative=choice
                    )

    def supervisors(self) -> None:
        """Read the supervision of agreements."""
        supervisors = [*rows(self.dataset, "supervisors")]
        self.labels.of({row[name] for row in supervisors for name in ("layer", "about") if name in row})
        for row in supervisors:
            about = row.get("layer") or row.get("about")
            self.supervised.append(
                (row["root"], row["agreement"], row["supervisor"], row["rule"], self.labels[about] if about else None)
            )
            if row["supervisor"] not in self.tiers:
                self.authorities.add(row["supervisor"])
            for supplier in sorted(self.suppliers.get(row["agreement"], ())):
                if supplier != row["supervisor"]:
                    self.tie(
                        row["supervisor"], supplier, EdgeKind.SUPERVISES, agreement=row["agreement"], root=row["root"]
                    )

    def tie(
        self,
        source: str,
        target: str,
        kind: EdgeKind,
        *,
        agreement: str | None = None,
        parent: str | None = None,
        root: str | None = None,
        tier: int | None = None,
        alternative: tuple[int, int] | None = None,
    ) -> None:
        """Add an edge, or extend an existing one; a link that is unapproved under one of its roots is unapproved."""
        if source not in self.by_iri or target not in self.by_iri or source == target:
            return
        sort = "chain" if agreement is not None and kind is not EdgeKind.SUPERVISES else kind.value
        result = self.tied.setdefault(
            (source, target, sort, f"{agreement or ''}\n{parent or ''}"), _Tie(source, target, kind, agreement, parent)
        )
        if kind in _STRONGEST:
            result.kind = min(result.kind, kind, key=_STRONGEST.index)
        result.alternative = result.alternative or alternative
        if root is not None:
            result.roots.add(root)
        if tier is not None:
            result.tier = min(tier, result.tier or tier)

    def picture(self, as_of: date) -> Picture:
        """The picture, its nodes numbered in order of lane and name."""
        self.labels.of(self.by_iri)
        kinds = {iri: self._kind(iri, thing) for iri, thing in self.by_iri.items()}
        order = sorted(
            self.by_iri, key=lambda iri: (lane_of(kinds[iri], self.tiers.get(iri)), self.labels[iri].da, iri)
        )
        place = {iri: number for number, iri in enumerate(order)}
        supplied = {(tie.source, tie.target) for tie in self.tied.values() if tie.kind is EdgeKind.SUPPLIES}
        ties = [  # without operators that also supply the system
            tie
            for _, tie in sorted(self.tied.items())
            if tie.kind is not EdgeKind.OPERATES or (tie.source, tie.target) not in supplied
        ]
        requirements, dropped = self._requirements()
        edges = tuple(
            Edge(
                place[tie.source],
                place[tie.target],
                tie.kind,
                tie.agreement,
                tie.parent,
                tuple(sorted(tie.roots)),
                tie.tier,
                tuple(dropped.get(tie.agreement or "", ())) if tie.parent else (),
                tie.alternative,
            )
            for tie in ties
        )
        levels = _levels([self.by_iri[iri].level for iri in order], edges)
        nodes = tuple(
            Node(
                iri,
                self.labels[iri],
                kinds[iri],
                lane_of(kinds[iri], self.tiers.get(iri)),
                level,
                self.labels[criticality] if (criticality := self.by_iri[iri].criticality) else None,
                self.by_iri[iri].country,
                self.by_iri[iri].cvr,
                place.get(self.by_iri[iri].owners[0]) if self.by_iri[iri].owners else None,
            )
            for iri, level in zip(order, levels, strict=True)
        )
        named = {item for edge in edges for item in (edge.agreement, *edge.roots) if item}
        return Picture(
            as_of,
            nodes,
            edges,
            requirements=requirements,
            supervision=tuple(
                Supervision(root, agreement, place[supervisor], rule, about)
                for root, agreement, supervisor, rule, about in self.supervised
                if supervisor in place
            ),
            outlines=self._outlines(place),
            agreements=self.labels.of(named),
        )

    def _kind(self, iri: str, thing: _Thing) -> Kind:
        if thing.kind != "organisation":
            return Kind(thing.kind)
        if iri in self.tiers:
            return Kind.SUPPLIER
        return Kind.AUTHORITY if iri in self.authorities else Kind.OTHER

    def _requirements(self) -> tuple[tuple[Requirement, ...], dict[str, list[int]]]:
        passing: dict[tuple[str, str], dict[str, Passing]] = defaultdict(dict)
        for row in rows(self.dataset, "requirements"):
            passing[row["root"], row["requirement"]][row["agreement"]] = Passing(row["state"])
        self.labels.of(iri for _, iri in passing)
        requirements: list[Requirement] = []
        dropped: dict[str, list[int]] = defaultdict(list)
        for (root, iri), states in sorted(passing.items()):
            for agreement, state in states.items():
                if state is Passing.DROPPED:
                    dropped[agreement].append(len(requirements))
            requirements.append(Requirement(iri, self.labels[iri], root, states))
        return tuple(requirements), dropped

    def _outlines(self, place: dict[str, int]) -> tuple[Outline, ...]:
        members: dict[tuple[str, str], set[int]] = defaultdict(set)
        for row in rows(self.dataset, "outlines"):
            if row["member"] in place:
                members[row["kind"], row["outline"]].add(place[row["member"]])
        return tuple(
            Outline(iri, self.labels[iri], kind, tuple(sorted(places)))
            for (kind, iri), places in sorted(members.items())
        )


def _levels(recorded_levels: Sequence[int | None], edges: Iterable[Edge]) -> list[int | None]:
    """The criticality of each node: the recorded one, or else the greatest of the nodes that need it at any depth.

    The latter is carried on also through a node with a recorded criticality: the supplier of a less critical system that a
    critical system needs is as critical as that system.
    """
    below: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        if edge.kind.needs:
            below[edge.source].append(edge.target)
    carried: dict[int, int] = {}
    for level in range(CRITICAL, -1, -1):
        starts = [node for node, recorded in enumerate(recorded_levels) if recorded == level and node not in carried]
        fresh = reached(starts, lambda node: [other for other in below[node] if other not in carried])
        carried.update(dict.fromkeys(fresh, level))
    return [carried.get(node) if recorded is None else recorded for node, recorded in enumerate(recorded_levels)]
