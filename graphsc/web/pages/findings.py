"""The findings: chosen and grouped; and the page of each, with the facts beneath it and what to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.explanation.evidence import Explainer
from graphsc.rendering import wording
from graphsc.rendering.findings import json as findings_json
from graphsc.rendering.findings import shacl
from graphsc.rendering.findings.folding import Item, blocks
from graphsc.rendering.findings.places import excerpts
from graphsc.rendering.findings.to_write import to_write
from graphsc.validation.findings import Finding
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.visit import NoSuchPage, Visit
from graphsc.web.words import WORDS

_GROUPS: Mapping[str, Callable[[Finding], str | None]] = {
    "who": lambda item: item.actor.organisation,
    "role": lambda item: item.actor.role,
    "thing": lambda item: item.subject,
    "rule": lambda item: item.code,
}
_GROUPED = {"who": WORDS["organisation"], "role": WORDS["role"], "thing": WORDS["thing"], "rule": WORDS["rule"]}
_DEPTH = 4


def page(visit: Visit) -> Page:
    """The findings that an address asks for."""
    state = visit.state
    asked = choices.asked_of_findings(state, visit.query)
    if asked.get("group"):
        choices.among("group", asked["group"], list(_GROUPS))
    chosen = choices.findings(state, asked)
    part = replace(state.report, findings=tuple(chosen))
    context = {
        "filters": choices.finding_filters(state, asked),
        "asked": asked,
        "grouped": _GROUPED,
        "groups": _groups(visit, chosen),
        "count": len(chosen),
        "unkept": wording.not_recorded(state.report) if not visit.query else {},
        "note": wording.unrecorded_note(state.report, visit.language),
        "nothing": wording.nothing(state.report, visit.language),
        "deferral": wording.deferral(state.report, visit.language),
        "unchecked": wording.not_checked(state.report, visit.language),
    }
    return Page(
        "findings.html",
        context,
        json=lambda: findings_json.render(part, state.rules, language=visit.language),
        triples=lambda: _report(shacl.render(part, state.rules, language=visit.language)),
    )


def _report(turtle: str) -> Iterator[ox.Triple]:
    yield from (quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE))


def _groups(visit: Visit, chosen: list[Finding]) -> list[tuple[Text, str, list[list[Item]]]]:
    """The findings as things to do, under headings where that is asked for: a heading, the IRI or code, the blocks."""
    by = _GROUPS.get(visit.query.get("group", ""))
    if by is None:
        return [(Text("", ""), "", blocks(chosen, visit.state.rules))]
    findings: dict[str, list[Finding]] = {}
    for finding in chosen:
        findings.setdefault(by(finding) or "", []).append(finding)

    def heading(key: str) -> Text:
        if key in visit.state.rules:
            title = visit.state.rules[key].title
            return Text(f"{key} {title.da}", f"{key} {title.en}")
        return visit.state.name(key) if key else WORDS["nobody"]

    named = sorted(findings, key=lambda key: (not key, heading(key)[visit.language].casefold()))
    return [(heading(key), key, blocks(findings[key], visit.state.rules)) for key in named]


def one(visit: Visit) -> Page:
    """The page of a finding."""
    state, fingerprint = visit.state, visit.path.rpartition("/")[2]
    finding = next((item for item in state.report.findings if item.fingerprint == fingerprint), None)
    if finding is None:
        raise NoSuchPage
    rule = state.rules.get(finding.code)
    shown = state.once(("facts", fingerprint), lambda: _facts(visit, finding))
    part = replace(state.report, findings=(finding,))
    context = {
        "finding": finding,
        "rule": rule,
        "shown": shown,
        "excerpt": _excerpt(visit, finding),
        "lines": to_write([finding], state.report, state.rules, visit.language),
        "duty": next((duty for duty in state.duties if duty.finding == fingerprint), None),
        "acceptance": wording.acceptance(finding, state.report, visit.language),
        "references": wording.references(finding, state.rules, visit.language),
    }
    return Page(
        "finding.html",
        context,
        json=lambda: findings_json.render(part, state.rules, language=visit.language),
        triples=lambda: _report(shacl.render(part, state.rules, language=visit.language)),
    )


def _facts(visit: Visit, finding: Finding) -> tuple[object, ...]:
    opened = visit.state.opened
    return visit.state.clean(tuple(Explainer(opened.dataset, opened.sources, opened.rules, _DEPTH).finding(finding)))


def _excerpt(visit: Visit, finding: Finding) -> str:
    """The line that a finding is about; a reader of one part is shown no lines, since others may stand in them."""
    if finding.location is None or visit.state.part is not None:
        return ""
    return excerpts([finding.location], Path()).get(finding.location, "").strip()
