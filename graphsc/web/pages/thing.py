"""The page of anything with an IRI: an organisation, a contract, a system, a person, or a term."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from graphsc.core.text import Text
from graphsc.drawing.chain import chain_of
from graphsc.drawing.model import Picture
from graphsc.drawing.projection import read
from graphsc.drawing.svg import draw
from graphsc.duties.duties import Duty
from graphsc.duties.duties import State as DutyState
from graphsc.duties.raci import Matrix, matrices
from graphsc.rendering.contract import both, place, written
from graphsc.service.duties import mentioned
from graphsc.validation.findings import Finding
from graphsc.web import things
from graphsc.web.answering import Page
from graphsc.web.desk import State
from graphsc.web.things import About, Fact
from graphsc.web.visit import NoSuchPage, Visit

_LARGEST = 120
_AGREEMENTS = ("Agreement", "DeliveryAgreement", "Subcontract", "RootAgreement")


def named(visit: Visit) -> Page:
    """The page at ``/thing?iri=…``."""
    return _page(visit, visit.query.get("iri", ""))


def page(visit: Visit) -> Page:
    """The page at the id of a thing."""
    iri = visit.addresses.found(visit.path)
    if iri is None:
        raise NoSuchPage
    return _page(visit, iri)


def _page(visit: Visit, iri: str) -> Page:
    state = visit.state
    found = things.about(state, iri)
    if found is None:
        raise NoSuchPage
    findings = _findings(state, iri)
    duties = _duties(state, found)
    context = {
        "about": found,
        "findings": findings,
        "duties": duties,
        "evidence": _evidence(duties),
        "matrix": _matrix(state, iri),
        "strip": things.upward(state, iri) if found.isa(*_AGREEMENTS) else (),
        "beneath": things.beneath(state, iri) if found.isa(*_AGREEMENTS) else (),
        "drawing": _drawing(visit, iri),
        "mine": found.isa("Person"),
    }
    return Page(
        "thing.html",
        context,
        json=lambda: _json(visit, found, findings, duties),
        triples=lambda: things.described(state, iri),
    )


def _findings(state: State, iri: str) -> list[Finding]:
    """The findings on a thing, or in which it must act; those on it first."""

    def near(one: Finding) -> bool:
        return iri in {one.subject, one.focus, one.value, one.actor.organisation, one.actor.person, *one.path}

    return sorted((one for one in state.report.findings if near(one)), key=lambda one: (one.subject != iri, one.order))


def _duties(state: State, found: About) -> list[Duty]:
    """The duties about a thing, or that it must meet; of a person, those that are theirs."""
    iri = found.iri

    def theirs(one: Duty) -> bool:
        return iri in {one.subject, one.holder.organisation, one.holder.person, one.holder.role, *one.agreements}

    return [one for one in state.duties if theirs(one)]


def _evidence(duties: Iterable[Duty]) -> list[tuple[Duty, str]]:
    """What is recorded towards the duties that are met: each record once."""
    found = {one.iri: duty for duty in duties if duty.state is DutyState.MET for one in duty.satisfied_by}
    return [(duty, iri) for iri, duty in sorted(found.items())]


def _matrix(state: State, iri: str) -> Matrix | None:
    every = state.once("matrices", lambda: {one.subject: one for one in matrices(state.opened.dataset, state.labels)})
    return every.get(iri)


def picture(state: State) -> Picture:
    """Everything that can be drawn of a state."""
    return state.once(
        "picture", lambda: read(state.opened.dataset, state.report.as_of, state.report.findings, state.labels)
    )


def _drawing(visit: Visit, iri: str) -> str:
    """The chain of a thing as SVG; empty where it is in none, or in one too large to read."""
    whole = picture(visit.state)
    focus = whole.find(iri)
    if focus is None:
        return ""
    part = chain_of(whole, [focus])
    if not 1 < len(part.nodes) <= _LARGEST:
        return ""
    name = visit.state.name(iri)
    title = Text(f"Kæden omkring {name.da}", f"The chain around {name.en}")
    return draw(part, visit.language, title=title, style=False)


def _json(visit: Visit, found: About, findings: Iterable[Finding], duties: Iterable[Duty]) -> str:
    state = visit.state

    def facts(some: Iterable[Fact]) -> list[dict[str, object]]:
        return [
            {
                "predicate": one.predicate,
                "label": both(state.labels[one.predicate]),
                "values": [
                    {"iri": value.iri, "label": both(state.name(value.iri))} if value.iri else {"value": value.text}
                    for value in one.values
                ],
            }
            for one in some
        ]

    owed = list(duties)
    named = set().union(*(mentioned(duty) for duty in islice(owed, 500))) if owed else set()
    return written(
        {
            "schema": "graphsc.thing/1",
            "iri": found.iri,
            "label": both(state.name(found.iri)),
            "classes": list(found.classes),
            "said": facts(found.said),
            "derived": facts(found.derived),
            "saidByOthers": facts(found.by_others),
            "places": [place(one) for one in found.places],
            "findings": [
                {"fingerprint": one.fingerprint, "code": one.code, "message": both(one.message)} for one in findings
            ],
            "duties": [
                {
                    "rule": one.rule,
                    "kind": one.kind,
                    "subject": one.subject,
                    "state": str(one.state),
                    "due": one.due.isoformat() if one.due else None,
                }
                for one in owed
            ],
            "labels": {iri: both(state.name(iri)) for iri in sorted(named)},
        }
    )
