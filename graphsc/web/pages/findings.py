"""The findings and the rules: the findings, selected and grouped, the page of each, with its evidence and what to write; and what each rule asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.coverage.statements import readings
from graphsc.rendering import explanation as pages
from graphsc.rendering.findings import json as findings_json
from graphsc.rendering.findings.forges import line_at
from graphsc.rendering.findings.standards import shacl_triples
from graphsc.rendering.findings.text import Item, blocks
from graphsc.service import explained
from graphsc.validation import selected, wording
from graphsc.validation.examples.rows import to_write
from graphsc.validation.findings import Finding, Severity
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.visit import SCREENFUL, NoSuchPage, Paged, Visit, paged
from graphsc.web.words import WORDS

_GROUPS: Mapping[str, tuple[str, Text, Callable[[Finding], str | None]]] = {
    "who": ("organisation", WORDS["organisation"], lambda item: item.actor.organisation),
    "role": ("role", WORDS["role"], lambda item: item.actor.role),
    "thing": ("subject", WORDS["thing"], lambda item: item.subject),
    "rule": ("rule", WORDS["rule"], lambda item: item.code),
}
"""The groupings of findings: the filter that selects one group, the word for it, and the group of a finding."""
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Findings under a heading: its IRI or code, their number, the address of these alone, and the blocks.

    If there is more than a page of findings, groups have no blocks.
    """

    heading: Text
    key: str
    count: int
    alone: str
    blocks: list[list[Item]]


def page(visit: Visit) -> Page:
    """The selected findings."""
    state = visit.state
    selection = choices.finding_selection(state, visit.query)
    by = selection.get("group", "")
    if by:
        choices.among("group", by, list(_GROUPS))
    selected = choices.findings(state, selection)
    grouped = _groups(visit, selected, by) if by and visit.form == "html" else []
    shown: Paged[Any] = paged(grouped if len(selected) > SCREENFUL and grouped else selected, visit)
    if not by:
        grouped = [Group(Text("", ""), "", len(selected), "", blocks(shown.rows, state.rules))]
    elif len(selected) > SCREENFUL:
        grouped = list(shown.rows)
    whole = replace(state.report, findings=tuple(selected))
    part = (
        whole
        if shown.pages == 1 or visit.form == "html"
        else replace(whole, findings=tuple(shown.rows), labels=_labels(state, shown.rows))
    )
    context = {
        "filters": choices.finding_filters(state, selection),
        "selection": selection,
        "grouped": {name: word for name, (_, word, _) in _GROUPS.items()},
        "groups": grouped,
        "by": by,
        "count": len(selected),
        "shown": shown,
        "unkept": wording.not_recorded(state.report) if not visit.query else {},
        "note": wording.unrecorded_note(state.report, visit.language),
        "nothing": wording.nothing(state.report, visit.language),
        "deferral": wording.deferral(state.report, visit.language),
        "unchecked": wording.not_checked(state.report, visit.language),
    }
    return Page(
        "findings.html",
        context,
        json=lambda: findings_json.render(part, state.rules, language=visit.language, counted=whole),
        triples=lambda: shacl_triples(part, state.rules, visit.language),
        paged=shown,
    )


def _labels(state: State, findings: Iterable[Finding]) -> dict[str, Text]:
    """The labels of the IRIs in findings."""
    named: set[str | None] = set()
    for finding in findings:
        waiver = finding.waived or finding.expired
        named |= finding.mentioned() | {finding.focus, finding.deferred, *finding.references}
        named |= {waiver.waiver, waiver.approver} if waiver else set()
        named |= {miss.record for miss in finding.near_misses}
    return {iri: state.report.labels[iri] for iri in named if iri in state.report.labels}


def _groups(visit: Visit, selected: Sequence[Finding], by: str) -> list[Group]:
    """The findings under headings, in the order of these; as things to do if they are few enough to show all."""
    filter_name, _, group_of = _GROUPS[by]
    findings: dict[str, list[Finding]] = {}
    for finding in selected:
        findings.setdefault(group_of(finding) or "", []).append(finding)

    def heading(key: str) -> Text:
        if key in visit.state.rules:
            title = visit.state.rules[key].title
            return Text(f"{key} {title.da}", f"{key} {title.en}")
        return visit.state.name(key) if key else WORDS["nobody"]

    def alone(key: str) -> str:
        only = {"group": "", "page": "", filter_name: key or choices.NOBODY}
        return visit.addresses.page("findings", **{**visit.query, **only})

    small = len(selected) <= SCREENFUL
    named = sorted(findings, key=lambda key: (not key, heading(key)[visit.language].casefold()))
    return [
        Group(
            heading(key), key, len(findings[key]), alone(key), blocks(findings[key], visit.state.rules) if small else []
        )
        for key in named
    ]


def detail(visit: Visit) -> Page:
    """The page of a finding. Raises NoSuchPage."""
    state, fingerprint = visit.state, visit.path.rpartition("/")[2]
    finding = choices.findings_index(state).first("fingerprint", fingerprint)
    if finding is None:
        raise NoSuchPage
    rule, opened = state.rules.get(finding.code), state.opened
    part = replace(state.report, findings=(finding,))
    context = {
        "finding": finding,
        "rule": rule,
        "shown": state.clean(explained(opened, finding, _DEPTH)),
        # for a reader of one part no source line, since others may be in it
        "excerpt": line_at(finding.location).strip() if finding.location is not None and state.part is None else "",
        "lines": to_write([finding], state.report, state.rules, visit.language),
        "duty": choices.duties_index(state).first("finding", fingerprint),
        "asked": finding.severity is Severity.QUESTION and bool(state.rules[finding.code].asks),
        "answer": wording.answered(finding, state.report, visit.language),
        "acceptance": wording.acceptance(finding, state.report, visit.language),
        "references": wording.references(finding, state.rules, visit.language),
    }
    return Page(
        "finding.html",
        context,
        json=lambda: findings_json.render(part, state.rules, language=visit.language),
        triples=lambda: shacl_triples(part, state.rules, visit.language),
    )


def rules(visit: Visit) -> Page:
    """Every rule in force."""
    state = visit.state
    judged_rules = [rule for rule in state.rules.values() if selected(rule.code, state.opened.settings)]
    context = {"chosen": judged_rules, "outcomes": {outcome.code: outcome for outcome in state.report.rules}}
    return Page(
        "rules.html",
        context,
        json=lambda: pages.as_json(judged_rules),
        triples=lambda: (triple for rule in judged_rules for triple in _triples_of_rule(visit, rule.iri)),
    )


def rule(visit: Visit) -> Page:
    """The page of a rule. Raises NoSuchPage."""
    state = visit.state
    rule = state.rules.get(visit.path.rpartition("/")[2])
    if rule is None:
        raise NoSuchPage
    context = {
        "rule": rule,
        "message": pages.template(rule.message[visit.language]),
        "provisions": [pages.provision(reference) for reference in rule.references],
        "read": readings(state.opened.dataset, rule.iri),
        "outcome": next((outcome for outcome in state.report.rules if outcome.code == rule.code), None),
        "findings": choices.findings_index(state).having({"rule": rule.code}),
    }
    return Page(
        "rule.html", context, json=lambda: pages.as_json([rule]), triples=lambda: _triples_of_rule(visit, rule.iri)
    )


def _triples_of_rule(visit: Visit, iri: str) -> Iterable[ox.Triple]:
    """The triples of a rule in the knowledge, with its blank nodes."""
    knowledge = visit.state.opened.dataset.store
    for quad in knowledge.quads_for_pattern(ox.NamedNode(iri), None, None, None):
        yield quad.triple
        if isinstance(quad.object, ox.BlankNode):
            yield from (inner.triple for inner in knowledge.quads_for_pattern(quad.object, None, None, None))
