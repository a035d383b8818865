"""The page of anything with an IRI: an organisation, a contract, a system, a person, or a term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from graphsc.core.identifiers import iris
from graphsc.core.text import Text
from graphsc.drawing.chain import Links, chain_of
from graphsc.drawing.model import Picture
from graphsc.drawing.projection import read
from graphsc.drawing.svg import draw
from graphsc.duties.duties import Duty
from graphsc.duties.duties import State as DutyState
from graphsc.duties.results import Matrix, matrices
from graphsc.rendering.contract import written
from graphsc.validation.findings import Finding
from graphsc.web import choices, things
from graphsc.web.answering import Page
from graphsc.web.desk import State, per_state
from graphsc.web.things import About, Fact, Value
from graphsc.web.visit import NoSuchPage, Visit, paged

_LARGEST = 120
_TO_DO = (DutyState.OVERDUE, DutyState.OPEN)
_AGREEMENTS = ("Agreement", "DeliveryAgreement", "Subcontract", "RootAgreement")


def named(visit: Visit) -> Page:
    """The page at ``/thing?iri=…``."""
    return _page(visit, visit.query.get("iri", ""))


def page(visit: Visit) -> Page:
    """The page at the id of a thing. Raises NoSuchPage."""
    iri = visit.addresses.iri(visit.path)
    if iri is None:
        raise NoSuchPage
    return _page(visit, iri)


def _page(visit: Visit, iri: str) -> Page:
    if visit.query.get("property"):
        return _values(visit, iri)
    state = visit.state
    about = things.about(state, iri)
    if about is None:
        raise NoSuchPage
    findings = _findings(state, iri)
    duties = choices.duties_index(state).having({"thing": iri})
    matrix = matrices_of(state).get(iri)
    context = {
        "about": about,
        "findings": findings,
        "duties": [duty for duty in duties if duty.state in _TO_DO],
        "other_duties": [duty for duty in duties if duty.state not in _TO_DO],
        "duty_counts": Counter(duty.state for duty in duties),
        "evidence": _evidence(duties),
        "matrix": matrix,
        "tasks": [(row.task, map(row.letters, matrix.columns)) for row in matrix.rows] if matrix is not None else [],
        "strip": things.upward(state, iri) if about.isa(*_AGREEMENTS) else (),
        "beneath": things.beneath(state, iri) if about.isa(*_AGREEMENTS) else (),
        "drawing": _drawing(visit, iri),
        "mine": about.isa("Person"),
    }
    return Page(
        "thing.html",
        context,
        json=lambda: _json(visit, about, findings, duties),
        triples=lambda: things.described(state, iri),
    )


def _values(visit: Visit, iri: str) -> Page:
    """All values of a property of a thing, or with ``reverse`` all subjects of which it is the value."""
    predicate, reverse = visit.query["property"], "reverse" in visit.query
    try:
        values = things.values(visit.state, iri, predicate, reverse=reverse)
    except ValueError:
        raise NoSuchPage from None
    if not values:
        raise NoSuchPage
    shown = paged(values, visit)
    document = {
        "schema": "graphsc.values/1",
        "iri": iri,
        "predicate": predicate,
        "reverse": reverse,
        "values": [_value(visit.state, value) for value in shown.rows],
    }
    context = {"iri": iri, "predicate": predicate, "reverse": reverse, "shown": shown}
    return Page("values.html", context, json=lambda: written(document), paged=shown)


def _findings(state: State, iri: str) -> list[Finding]:
    """The findings on a thing, then those on which it must act."""
    named = choices.findings_index(state).having({"thing": iri})
    return sorted(named, key=lambda finding: (finding.subject != iri, finding.order))


def _evidence(duties: Iterable[Duty]) -> list[tuple[Duty, str]]:
    """The evidence of met duties, each record once."""
    result = {evidence.iri: duty for duty in duties if duty.state is DutyState.MET for evidence in duty.satisfied_by}
    return [(duty, iri) for iri, duty in sorted(result.items())]


@per_state
def matrices_of(state: State) -> Mapping[str, Matrix]:
    """The RACI matrices by agreement."""
    return {matrix.subject: matrix for matrix in matrices(state.opened.dataset, state.labels)}


@per_state
def picture(state: State) -> Picture:
    """The picture of a whole state."""
    return read(state.opened.dataset, state.report.as_of, state.report.findings, state.labels)


@per_state
def _links(state: State) -> Links:
    return Links(picture(state))


def _drawing(visit: Visit, iri: str) -> str:
    """The chain of a thing as SVG; empty for a thing without a chain, or with one that is too large to read."""
    links = _links(visit.state)
    focus = links.places.get(iri)
    if focus is None:
        return ""
    part = chain_of(links, [focus])
    if not 1 < len(part.nodes) <= _LARGEST:
        return ""
    name = visit.state.name(iri)
    title = Text(f"Kæden omkring {name.da}", f"The chain around {name.en}")
    return draw(part, visit.language, title=title)


def _value(state: State, value: Value) -> dict[str, object]:
    return {"iri": value.iri, "label": state.name(value.iri)} if value.iri else {"value": value.text}


def _json(visit: Visit, about: About, findings: Iterable[Finding], duties: Iterable[Duty]) -> str:
    state = visit.state

    def facts(some: Iterable[Fact]) -> list[dict[str, object]]:
        return [
            {
                "predicate": fact.predicate,
                "label": state.labels[fact.predicate],
                "values": [_value(state, value) for value in fact.values],
                **({"total": fact.count} if fact.count > len(fact.values) else {}),
            }
            for fact in some
        ]

    owed = list(duties)
    named = iris(owed[:500])
    return written(
        {
            "schema": "graphsc.thing/1",
            "iri": about.iri,
            "label": state.name(about.iri),
            "classes": list(about.classes),
            "said": facts((*about.first, *about.stated)),
            "derived": facts(about.derived),
            "saidByOthers": facts(about.by_others),
            "places": list(about.places),
            "findings": [
                {"fingerprint": finding.fingerprint, "code": finding.code, "message": finding.message}
                for finding in findings
            ],
            "duties": [
                {
                    "rule": item.rule,
                    "kind": item.kind,
                    "subject": item.subject,
                    "state": str(item.state),
                    "due": item.due.isoformat() if item.due else None,
                }
                for item in owed
            ],
            "labels": {iri: state.name(iri) for iri in sorted(named)},
        }
    )
