"""The scope of one party: its own chain, and only the names of its counterparties.

A report that is sent to a supplier must not list the customer's other weak points. So the findings and duties are those of the
whole input, reduced to the party's own chain, and everything else that a rendering reads comes from a dataset without other
things, and from sources that know only the places of the party's own. The queries in ``ontology/report/`` select these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from graphsc.core.identifiers import RULE_PREFIX, SOURCE_PREFIX, is_in
from graphsc.core.problems import Location, Problem
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, RDFS_LABEL, ROOT, SKOS_PREF_LABEL, XSD, G
from graphsc.coverage.checks import with_facts
from graphsc.duties.duties import Duty
from graphsc.graph.backend import Term
from graphsc.graph.dataset import CONTEXT, GUIDE, RULES, SHAPES, Dataset, plain
from graphsc.graph.labels import Labels
from graphsc.service.lookup import find
from graphsc.service.opened import Opened
from graphsc.service.report.redaction import LEFT_OUT, Redactor
from graphsc.sources.model import Places, Positions, Source, Sources
from graphsc.validation import (
    Finding,
    Report,
    Rule,
    holdings,
    running,
    unkept_reason,
)
from graphsc.validation.engine import focus_nodes
from graphsc.validation.findings import SWITCHED_OFF, Actor, Input, RuleOutcome
from graphsc.validation.shapes import compile_shapes

_NAMING = frozenset({RDF_TYPE, RDFS_LABEL, SKOS_PREF_LABEL})
_KNOWLEDGE = (GUIDE, SHAPES, RULES)
_VALUES = frozenset(
    XSD + name
    for name in (
        "boolean",
        "date",
        "dateTime",
        "decimal",
        "double",
        "duration",
        "float",
        "gYear",
        "gYearMonth",
        "integer",
        "time",
    )
)
"""Datatypes whose values name nobody; a text of any other is cleaned, an address and what a datatype of others holds too."""
_SEEN = ox.NamedNode(f"{RULE_PREFIX}chain-as-seen")


def party_of(opened: Opened, name: str) -> str:
    """The IRI of an organisation, by a name as a person writes it. Raises UnknownNameError."""
    return find(opened.dataset, Labels(opened.dataset), name, "Organisation")


UNREAD = (
    Problem(
        "incomplete",
        Text(
            "Noget af det, som rapporten er lavet af, kunne ikke læses. Hvad det var, vises ikke her.",
            "Some of what the report is made from could not be read. What it was is not shown here.",
        ),
        Location("–"),
    ),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The things of a dataset that a party may see.

    ``whole`` are its own things, with their parts; of those in ``named`` it may see only the name.
    ``hidden`` are all other things of the input. All are IRIs.
    """

    party: str
    whole: frozenset[str]
    named: frozenset[str]
    hidden: frozenset[str]

    def shows(self, iri: str | None) -> bool:
        """Whether a thing may at least be named; anything that is not in the input, such as a rule or a role, may."""
        return iri not in self.hidden


def scope(dataset: Dataset, party: str) -> Scope:
    """The scope of a party in a derived dataset."""
    apart = _nodes(dataset, "standing-apart")
    whole = _nodes(dataset, "chain-of-party", party)
    named = _nodes(dataset, "named-beside", party) - whole
    around, things = _neighbours(dataset)
    persons: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in _rows(dataset, "persons"):
        persons[plain(row["person"])].add((plain(row.get("assignment")), plain(row.get("employer"))))
    barred = {
        assignment
        for held in persons.values()
        for assignment, employer in held
        if assignment and employer and employer not in whole
    }
    waiting = sorted(whole)
    while waiting:
        for other in sorted(around[waiting.pop()] - whole - named - apart - barred - persons.keys()):
            if (around[other] & apart) <= whole | named:
                whole.add(other)
                waiting.append(other)
    whole |= {person for person, held in persons.items() if any(assignment in whole for assignment, _ in held)}
    return Scope(party, frozenset(whole), frozenset(named), frozenset(things - whole - named))


@dataclass(frozen=True, slots=True)
class Part:
    """What one party may see of an input: its scope, the redactor, the input and the validation.

    Everything else is made from ``opened`` and ``report``, which hold nothing that the party may not see.
    """

    seen: Scope
    cleaner: Redactor
    opened: Opened
    report: Report


@dataclass(slots=True, kw_only=True)
class _VisibleSources(Sources):
    """The files with a party's own things, without their contents, and the places of these things in all ``others``."""

    others: Sources
    seen: Scope
    cleaner: Redactor

    def find(self, node: str, predicate: str | None, value: str | None) -> Location | None:
        """The place of one of the party's own things."""
        return self.cleaner.of(self.others.locate(node, predicate, value)) if node in self.seen.whole else None


def part_of(opened: Opened, report: Report, rules: Mapping[str, Rule], party: str) -> Part:
    """The part of a validated input that a party may see.

    A shipped rule may always be named; a rule of the organisation is hidden like other things.
    """
    seen = scope(opened.dataset, party)
    added = {plain(triple.subject) for triple in opened.additions.triples}
    shipped = frozenset(rule.iri for rule in rules.values() if rule.iri not in added)
    cleaner = redactor(opened.dataset, seen, shipped)
    dataset = narrowed(opened.dataset, seen, cleaner)
    judged = cleaner.of(findings(report, rules, seen, opened, dataset))
    # made of nothing but what is named here: what an input is given later is hidden until it is narrowed too
    part = Opened(
        sources=_VisibleSources(
            sources=[Source(source.file, "", source.sha256, [], Positions("", Places())) for source in judged.inputs],
            problems=[],
            others=opened.sources,
            seen=seen,
            cleaner=cleaner,
        ),
        dataset=dataset,
        settings=opened.settings,
        problems=list(judged.problems),
        rules=opened.rules,
        additions=opened.additions,
    )
    return Part(seen, cleaner, part, with_facts(dataset, judged))


def narrowed(dataset: Dataset, seen: Scope, redactor: Redactor) -> Dataset:
    """A dataset with the knowledge and only the part of the input that a party may see, without hidden names in texts."""
    result = Dataset()
    for graph in _KNOWLEDGE:
        result.store.bulk_extend(dataset.store.quads_for_pattern(None, None, None, graph))
    result.store.bulk_extend(
        _clean(quad, redactor) for quad in _input(dataset, context=True) if _is_visible(quad, seen)
    )
    for query in ("top-of-what-is-seen", "below-what-is-seen"):
        _repeat(result, knowledge_text(f"ontology/report/{query}.rq"))
    return result


def visible_statements(dataset: Dataset) -> list[str]:
    """The asserted and derived statements of a narrowed dataset, in a fixed order."""
    return sorted({str(quad.triple) for quad in _input(dataset)})


def visible_quads(quads: Iterable[ox.Quad], seen: Scope, redactor: Redactor) -> list[ox.Quad]:
    """The asserted statements that a party may see, without hidden names in texts."""
    return [_clean(quad, redactor) for quad in quads if _is_visible(quad, seen)]


def _clean(quad: ox.Quad, redactor: Redactor) -> ox.Quad:
    """A quad without hidden names in its literal, if it has one."""
    value = quad.object
    if not isinstance(value, ox.Literal) or value.datatype.value in _VALUES:
        return quad
    instead = LEFT_OUT.da if value.language == "da" else LEFT_OUT.en
    text = redactor.text(value.value, instead)
    if text == value.value:
        return quad
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(text, language=value.language), quad.graph_name)


def _repeat(dataset: Dataset, query: str) -> None:
    """Add the triples of a CONSTRUCT to the fixpoint: a chain whose top is hidden begins at its first visible link."""
    size = -1
    while size != (size := dataset.size(_SEEN)):
        dataset.add(_SEEN, list(dataset.construct(query)))


def findings(
    report: Report, rules: Mapping[str, Rule], seen: Scope, opened: Opened, narrowed_dataset: Dataset
) -> Report:
    """The report with the findings on a party's own chain, counted anew.

    ``opened`` is the whole input, ``narrowed_dataset`` the part that the party may see. The files are those with visible things,
    without digests, which would change with hidden things. Of a problem of reading it says only that there is one, since it is
    not known whose it is.
    """
    kept: dict[str, Finding] = {}
    for finding in within(report.findings, seen):
        kept.setdefault(finding.fingerprint, finding)
    unique = tuple(sorted(kept.values(), key=lambda finding: finding.order))
    named = set[str]().union(*(finding.mentioned() for finding in unique))
    files = {place.file for iri in sorted(seen.whole) if (place := opened.sources.locate(iri)) is not None}
    return Report(
        as_of=report.as_of,
        judged_from=report.judged_from,
        base=report.base,
        inputs=tuple(Input(source.file, "") for source in report.inputs if source.file in files),
        problems=UNREAD if report.problems else (),
        rules=tuple(_outcomes(report, rules, unique, seen, opened)),
        findings=unique,
        labels={iri: report.labels[iri] for iri in sorted(named) if iri in report.labels and seen.shows(iri)},
        standing={iri: place for iri, place in report.standing.items() if iri in seen.whole},
        holdings=holdings(narrowed_dataset),
        running=running(narrowed_dataset),
    )


def within(findings: Iterable[Finding], seen: Scope) -> Iterator[Finding]:
    """The findings on a party's own chain, each as the party may see it."""
    for finding in findings:
        if finding.group is not None:
            places = tuple(iri for iri in finding.consequences if iri in seen.whole)
            if places:  # other places, and which of them is first, are not shown
                actor = Actor(None, finding.actor.role, None)
                yield replace(narrow(finding, seen), consequences=places, focus=places[0], actor=actor, bound=())
        elif finding.subject in seen.whole and (finding.focus in seen.whole or not finding.focus):
            yield narrow(finding, seen)


def narrow(finding: Finding, seen: Scope) -> Finding:
    """A finding without names outside the scope; its fingerprint is then another."""

    def kept(iris: Iterable[str]) -> tuple[str, ...]:
        return tuple(iri for iri in iris if seen.shows(iri))

    waived, expired = (
        replace(waiver, approver=waiver.approver if seen.shows(waiver.approver) else None) if waiver else None
        for waiver in (finding.waived, finding.expired)
    )
    return replace(
        finding,
        value=finding.value if seen.shows(finding.value) else None,
        path=kept(finding.path),
        parties=kept(finding.parties),
        consequences=kept(finding.consequences),
        related=(),
        near_misses=(),
        bound=tuple((name, value) for name, value in finding.bound if seen.shows(value)),
        actor=_actor(finding.actor, seen),
        waived=waived,
        expired=expired,
        answer=finding.answer if finding.answer and seen.shows(finding.answer.by) else None,
    )


def owed(duties: Iterable[Duty], seen: Scope) -> list[Duty]:
    """The duties on a party's own chain, without names outside the scope."""
    return [
        replace(
            duty,
            holder=_actor(duty.holder, seen),
            value=duty.value if seen.shows(duty.value) else None,
            counterparties=tuple(iri for iri in duty.counterparties if seen.shows(iri)),
            agreements=tuple(iri for iri in duty.agreements if seen.shows(iri)),
            satisfied_by=tuple(
                evidence
                for evidence in duty.satisfied_by
                if all(seen.shows(iri) for iri in (evidence.iri, evidence.person, *evidence.performers))
            ),
            latest=duty.latest if duty.latest is not None and seen.shows(duty.latest.iri) else None,
            event=duty.event if duty.event is not None and seen.shows(duty.event.iri) else None,
        )
        for duty in duties
        if duty.subject in seen.whole
    ]


def redactor(dataset: Dataset, seen: Scope, spared: frozenset[str]) -> Redactor:
    """The redactor of the names of hidden things; ``spared`` are the IRIs of shipped rules."""
    labels = Labels(dataset)
    shown = {iri: labels[iri] for iri in seen.whole | seen.named}
    parties = dataset.subjects(RDF_TYPE, G + "Organisation") | dataset.subjects(RDF_TYPE, G + "OwnerGroup")
    apart = _nodes(dataset, "standing-apart") | {plain(row["person"]) for row in _rows(dataset, "persons")}
    hidden = {iri: labels[iri] for iri in seen.hidden}
    return Redactor(hidden, shown, apart=apart, parties=parties & shown.keys(), spared=spared)


def _actor(actor: Actor, seen: Scope) -> Actor:
    return Actor(
        actor.organisation if seen.shows(actor.organisation) else None,
        actor.role,
        actor.person if seen.shows(actor.person) else None,
    )


def _outcomes(
    report: Report, rules: Mapping[str, Rule], kept: Iterable[Finding], seen: Scope, opened: Opened
) -> Iterator[RuleOutcome]:
    """The outcome of each rule within a scope: its focus nodes there, those that failed, and those that are not recorded."""
    dataset = opened.dataset
    labels = Labels(dataset)
    judged = {outcome.code for outcome in report.rules}
    shapes = [shape for shape in compile_shapes(dataset).shapes if not shape.late and shape.code in judged]
    nodes = focus_nodes(dataset, shapes)
    within_scope = {shape.code: {plain(node) for node in nodes[shape.iri]} & seen.whole for shape in shapes}
    failed: dict[str, set[str]] = defaultdict(set)
    for finding in kept:
        if finding.component:
            failed[finding.code].update(finding.consequences if finding.group is not None else (finding.focus,))
    unkept: dict[str, set[str]] = defaultdict(set)
    for quad in dataset.statements(G + "unkept"):
        unkept[plain(quad.object)].add(plain(quad.subject))
    for outcome in report.rules:
        focus, rule, reason = within_scope.get(outcome.code, set()), rules.get(outcome.code), outcome.not_checked
        anywhere = reason not in (None, SWITCHED_OFF)
        registers = sorted(unkept.keys() & rule.registers) if anywhere and rule is not None else []
        if registers:  # those that are kept everywhere here are not named: that others do not keep them is not told
            silent = {register: focus & unkept[register] for register in registers if focus & unkept[register]}
            without = len(set[str]().union(*silent.values()))
            reason = unkept_reason([labels[register] for register in silent], without, len(focus)) if silent else None
        broken = min(len(failed[outcome.code]), len(focus))
        yield replace(outcome, focus=len(focus), failed=broken, not_checked=reason)


def _is_visible(quad: ox.Quad, seen: Scope) -> bool:
    subject = plain(quad.subject)
    if not seen.shows(subject) or isinstance(quad.object, ox.Triple):
        return False
    if subject in seen.named and quad.predicate.value not in _NAMING:
        return False
    return not isinstance(quad.object, ox.NamedNode) or seen.shows(quad.object.value)


def _input(dataset: Dataset, *, context: bool = False) -> Iterator[ox.Quad]:
    """The asserted and derived statements."""
    for quad in dataset.store:
        if is_in(quad, (SOURCE_PREFIX, RULE_PREFIX)) or (context and quad.graph_name == CONTEXT):
            yield quad


def _neighbours(dataset: Dataset) -> tuple[Mapping[str, set[str]], set[str]]:
    """The neighbours of each thing of the input, and all things that have statements."""
    product_terms = {
        plain(quad.subject) for graph in _KNOWLEDGE for quad in dataset.store.quads_for_pattern(None, None, None, graph)
    }
    around: dict[str, set[str]] = defaultdict(set)
    things: set[str] = set()
    for quad in _input(dataset):
        if not isinstance(quad.subject, ox.NamedNode) or _of_the_product(quad.subject.value, product_terms):
            continue
        things.add(quad.subject.value)
        if isinstance(quad.object, ox.NamedNode) and not _of_the_product(quad.object.value, product_terms):
            around[quad.subject.value].add(quad.object.value)
            around[quad.object.value].add(quad.subject.value)
            if quad.predicate.value != RDF_TYPE:
                things.add(quad.object.value)
    return around, things


def _of_the_product(iri: str, product_terms: set[str]) -> bool:
    """Whether an IRI is a term, a concept or a period, which belong to no party."""
    return iri in product_terms or iri.startswith(ROOT)


def _nodes(dataset: Dataset, name: str, party: str | None = None) -> set[str]:
    return {plain(row["node"]) for row in _rows(dataset, name, party)}


def _rows(dataset: Dataset, name: str, party: str | None = None) -> list[dict[str, Term]]:
    bound = {} if party is None else {"party": ox.NamedNode(party)}
    return dataset.select(knowledge_text(f"ontology/report/{name}.rq"), **bound)
