"""The coverage of the guide: its recommendations for each agreement, and its statements."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graphsc.core.document import Section
from graphsc.core.identifiers import iris
from graphsc.core.text import Text
from graphsc.coverage import words
from graphsc.coverage.checks import Check, Checked
from graphsc.coverage.status import Cell, Coverage, standing_triples
from graphsc.coverage.status import State as Standing
from graphsc.duties.words import NO_RECORD
from graphsc.graph.loading import load
from graphsc.rendering import coverage as covering
from graphsc.rendering.contract import written
from graphsc.rendering.coverage import content
from graphsc.service.coverage import coverage as cover
from graphsc.sources import Sources
from graphsc.web import choices
from graphsc.web.answering import Page
from graphsc.web.choices import Filter, Index
from graphsc.web.desk import State, per_state
from graphsc.web.visit import BATCH, SCREENFUL, NoSuchPage, Visit, paged
from graphsc.web.words import WORDS

Counts = Mapping[tuple[str, str], int]
"""The number of cells by recommendation and state."""


@per_state
def covered(state: State) -> Coverage:
    """The coverage of the guide in a state.

    For one party only the statements and their treatment: its part cannot tell whether they are met.
    """
    if state.part is None:
        return cover(state.opened, judged=(state.report, dict(state.rules)), owed=state.duties)
    nothing = load(Sources([], []), state.opened.settings, state.opened.additions.triples)
    report = replace(state.report, findings=(), inputs=(), rules=())
    return state.clean(cover(replace(state.opened, dataset=nothing), judged=(report, dict(state.rules))))


@per_state
def cells(state: State) -> Index[Cell]:
    """The cells of the coverage, those that need attention first."""
    shown, states = covered(state), list(Standing)
    place = {recommendation.id: place for place, recommendation in enumerate(shown.recommendations)}

    def order(cell: Cell) -> tuple[int, int, str, str]:
        where = cell.agreement or cell.organisation or ""
        return states.index(cell.state), place[cell.recommendation], words.name(where, shown).da, where

    return Index(
        sorted(shown.cells, key=order),
        {
            "recommendation": lambda cell: (cell.recommendation,),
            "state": lambda cell: (str(cell.state),),
            "agreement": lambda cell: (cell.agreement,),
            "organisation": lambda cell: (cell.organisation,),
        },
    )


@per_state
def in_short(state: State) -> tuple[Section, Counts]:
    """The coverage in a few sentences, and counted."""
    shown = covered(state)
    return content.in_short(shown), Counter((cell.recommendation, str(cell.state)) for cell in shown.cells)


def coverage(visit: Visit) -> Page:
    """The recommendations: counts, and then the selected cells."""
    state, result = visit.state, covered(visit.state)
    index = cells(state)
    selection = choices.resolved(
        state, visit.query, {"agreement": ("Agreement",), "organisation": ("Organisation",)}, _filters(state, {})
    )
    rows = index.having(selection)
    shown = paged(rows, visit, 0 if len(rows) <= BATCH else SCREENFUL)  # each has all its checks
    short, counts = in_short(state)
    context = {
        "short": short,
        "counts": counts,
        "states": {str(item): words.STATE[item].capitalised() for item in Standing},
        "filters": _filters(state, selection),
        "selection": selection,
        "shown": shown,
        "coverage": result,
        "words": words,
        "about": [(cell, *_about(cell, result)) for cell in shown.rows] if visit.form == "html" else [],
    }
    return Page(
        "coverage.html",
        context,
        json=lambda: _json(result, shown.rows, visit),
        triples=lambda: standing_triples(shown.rows, result.rules),
        paged=shown,
    )


def _filters(state: State, selection: Mapping[str, str]) -> tuple[Filter, ...]:
    index, shown = cells(state), covered(state)
    return (
        Filter("state", WORDS["state"], tuple((str(item), words.STATE[item].capitalised()) for item in Standing)),
        Filter(
            "recommendation",
            WORDS["recommendation"],
            tuple((item.id, Text.same(item.id)) for item in shown.recommendations),
        ),
        choices.filter_of(state, selection, "agreement", "agreement", index),
        choices.filter_of(state, selection, "organisation", "organisation", index),
    )


def _about(cell: Cell, shown: Coverage) -> tuple[tuple[str, ...], Text]:
    """The last columns of a cell: the broken rules, and the reason of its state or the performers of its evidence."""
    if cell.state is Standing.MET and cell.denominator:
        return (), words.whose(cell.records, shown) if cell.records else NO_RECORD
    rules = cell.rules or tuple(sorted({check.rule for check in cell.checks if check.outcome is not Checked.MET}))
    why, who = words.why(cell), words.decider(cell, shown) if cell.decision is not None else Text("", "")
    return rules, Text.per_language(lambda lang: f"{why[lang]} ({who[lang]})" if who[lang] else why[lang])


def _json(result: Coverage, rows: Sequence[Cell], visit: Visit) -> str:
    """The coverage in the format of the command; of several pages only the recommendations, since statements have their page."""
    if len(rows) == len(result.cells):
        return str(covering.render("json", result, language=visit.language))
    named = iris(tuple(rows))
    labels = {iri: result.labels[iri] for iri in named if iri in result.labels}
    places = {iri: result.places[iri] for iri in named if iri in result.places}
    part = replace(result, cells=tuple(rows), statements={}, of_statement={}, labels=labels, places=places)
    document = json.loads(str(covering.render("json", part, language=visit.language)))
    return written({key: value for key, value in document.items() if key != "statements"})


@per_state
def checked(state: State, name: str) -> Index[Check]:
    """The checks of a statement, broken ones first."""
    checks = sorted(covered(state).of_statement.get(name, ()), key=lambda check: check.order)
    return Index(checks, {"outcome": lambda check: (_outcome(check.outcome),)})


def _outcome(outcome: Checked) -> str:
    return str(outcome).replace(" ", "_")


def statements(visit: Visit) -> Page:
    """Every statement of the guide, with its treatment and the outcomes of its checks."""
    state, result = visit.state, covered(visit.state)
    counts = {
        name: Counter(_outcome(check.outcome) for check in result.of_statement.get(name, ()))
        for name in result.statements
    }
    by_section: dict[str, list[object]] = {}
    for item in result.statements.values():
        by_section.setdefault(item.section, []).append(item)
    return Page(
        "statements.html",
        {"by_section": by_section, "coverage": result, "counts": counts, "words": words},
        json=lambda: written(
            {
                "schema": "graphsc.statements/1",
                "statements": [_described(state, name, counts[name]) for name in result.statements],
            }
        ),
    )


def statement(visit: Visit) -> Page:
    """The page of one statement of the guide. Raises NoSuchPage."""
    state, result = visit.state, covered(visit.state)
    statement = result.statements.get(visit.path.rpartition("/")[2])
    if statement is None:
        raise NoSuchPage
    index = checked(state, statement.id)
    counts = index.counts("outcome")
    if outcome := visit.query.get("outcome"):
        choices.among("outcome", outcome, [_outcome(item) for item in Checked])
    shown = paged(index.having(visit.query), visit)
    context = {
        "statement": statement,
        "coverage": result,
        "shown": shown,
        "counts": counts,
        "recommendations": [item for item in result.recommendations if statement.id in item.statements],
        "scope": statement.scope,
        "carriers": [carrier.name for carrier in statement.carriers],
        "weight": words.WEIGHT.get(statement.weight, WORDS["weight"]),
        "words": words,
    }
    return Page(
        "statement.html",
        context,
        json=lambda: written(
            {
                "schema": "graphsc.statement/1",
                **_described(state, statement.id, counts),
                "checks": [_check(check) for check in shown.rows],
                "labels": _labels(state, shown.rows),
            }
        ),
        paged=shown,
    )


def _described(state: State, name: str, counts: Mapping[str, int]) -> dict[str, object]:
    statement = covered(state).statements[name]
    return {
        "id": statement.id,
        "section": statement.section,
        "weight": statement.weight,
        "text": statement.text,
        "treatment": statement.treatment,
        "by": list(statement.by),
        "numerator": counts.get(_outcome(Checked.MET), 0),
        "denominator": sum(counts.values()),
    }


def _check(check: Check) -> dict[str, object]:
    return {
        "rule": check.rule,
        "subject": check.subject,
        "outcome": str(check.outcome),
        "agreements": list(check.agreements),
        "finding": check.finding,
        "evidence": list(check.evidence),
    }


def _labels(state: State, checks: Iterable[Check]) -> dict[str, object]:
    named = {iri for check in checks for iri in (check.subject, *check.agreements, *check.evidence)}
    return {iri: state.name(iri) for iri in sorted(named)}
