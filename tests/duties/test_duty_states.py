"""How a duty stands, and which duties are chosen: each case apart, without a graph."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from graphsc.core.text import Text
from graphsc.duties import duties as judging
from graphsc.duties.duties import Duty, State, coming
from graphsc.duties.facts import Event, Owed, Timing
from graphsc.duties.results import DutyFilter
from graphsc.validation.findings import Acceptance, Actor, Finding, Severity

TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)
FINDING = Finding("SUP001", Severity.QUESTION, Text.same("m"), Text.same("r"), subject="urn:x:s")
ACCEPTED = Acceptance("urn:x:w", "since", None, TODAY)
EVENT = Event("urn:x:e", TODAY, TODAY)


def state(
    *,
    met: bool = False,
    due: date | None = None,
    event: Event | None = None,
    finding: Finding | None = FINDING,
    kept: bool = True,
) -> State:
    owed = Owed("urn:x:rule", "urn:x:s", "urn:x:kind", "urn:x:K", Timing(due, (), None, event), met)
    return judging._state(owed, finding, TODAY, kept=kept)


def test_a_duty_is_overdue_from_the_day_after_it_was_due() -> None:
    assert [state(due=day) for day in (None, TODAY + DAY, TODAY, TODAY - DAY)] == [
        State.OPEN,
        State.OPEN,
        State.OPEN,
        State.OVERDUE,
    ]
    assert state(due=TODAY - DAY, finding=None) is State.OVERDUE


def test_evidence_meets_a_duty_until_something_reopens_it() -> None:
    for kept in (True, False):
        assert state(met=True, due=TODAY - DAY, finding=None, kept=kept) is State.MET
        assert state(met=True, event=EVENT, kept=kept) is State.OPEN


def test_without_its_register_nothing_is_known_and_what_is_accepted_is_not_overdue() -> None:
    waived = replace(FINDING, waived=ACCEPTED)
    assert state(due=TODAY - DAY, kept=False) is State.NOT_RECORDED
    assert state(due=TODAY - DAY, kept=False, finding=waived) is State.NOT_RECORDED
    assert state(due=TODAY - DAY, finding=waived) is State.WAIVED
    assert state(due=TODAY - DAY, finding=replace(FINDING, expired=ACCEPTED)) is State.OVERDUE


def duty(standing: State, due: date | None = TODAY, **more: Any) -> Duty:
    holder = Actor("urn:x:K", "urn:x:role", "urn:x:p")
    made = Duty("SUP001", "urn:x:s", "urn:x:kind", holder, standing, due, agreements=("urn:x:KL",))
    return replace(made, **more)


@pytest.mark.parametrize(
    ("standing", "shown"),
    [
        (State.OVERDUE, {-1, 0, 1, 2}),
        (State.OPEN, {0, 1, 2}),
        (State.MET, {0, 1, 2}),
        (State.STATED, set()),
        (State.WAIVED, set()),
        (State.NOT_RECORDED, set()),
    ],
)
def test_what_is_coming_is_late_or_falls_due_by_the_day(standing: State, shown: set[int]) -> None:
    """Of the days before, on and after today, and after the day that was asked about, which is in two days."""
    duties = [duty(standing, TODAY + number * DAY) for number in (3, 2, 0, 1, -1)]
    found = coming([*duties, duty(standing, None)], TODAY, TODAY + 2 * DAY)
    assert [each.due for each in found] == [TODAY + number * DAY for number in sorted(shown)], "the oldest first"


def test_the_most_pressing_duty_comes_first() -> None:
    states = list(State)
    ordered = [duty(each, day) for each in states for day in (TODAY, TODAY + DAY, None)]
    given = ordered[::-1]
    assert sorted(given, key=lambda each: each.order) == ordered
    assert [each.value for each in states] == ["overdue", "open", "stated", "waived", "met", "not recorded"]
    for name in ("rule", "subject", "value", "kind"):
        said: list[dict[str, Any]] = [{name: "a"}, {name: "b"}]
        first, second = (replace(duty(State.OPEN), **more) for more in said)
        assert first.order < second.order


@pytest.mark.parametrize(
    ("name", "own"), [("holder", "urn:x:K"), ("role", "urn:x:role"), ("person", "urn:x:p"), ("agreement", "urn:x:KL")]
)
def test_a_duty_is_chosen_by_each_criterion(name: str, own: str) -> None:
    owed = duty(State.OPEN)
    assert owed.roles_kept
    assert DutyFilter().takes(owed)
    assert DutyFilter(**{name: own}).takes(owed)  # type: ignore[arg-type]
    assert not DutyFilter(**{name: "urn:x:other"}).takes(owed)  # type: ignore[arg-type]
    assert DutyFilter(agreement="urn:x:s").takes(owed), "the agreement itself"


def test_a_duty_is_chosen_by_its_state() -> None:
    for each in State:
        chosen = DutyFilter(states=frozenset({State.OPEN, State.MET})).takes(duty(each))
        assert chosen is (each in {State.OPEN, State.MET})


def test_a_duty_is_chosen_by_the_day_by_which_it_must_be_done() -> None:
    by = DutyFilter(until=TODAY)
    days = (TODAY - DAY, TODAY, TODAY + DAY, None)
    taken = {each: [by.takes(duty(each, day)) for day in days] for each in State}
    assert taken == {
        State.OVERDUE: [True] * 4,
        State.OPEN: [True, True, False, True],
        State.MET: [True, True, False, False],
        State.STATED: [False] * 4,
        State.WAIVED: [False] * 4,
        State.NOT_RECORDED: [True] * 4,
    }
    lasting = [
        by.takes(duty(State.WAIVED, waived=replace(ACCEPTED, until=None if days is None else TODAY + days * DAY)))
        for days in (-1, 0, 1, None)
    ]
    assert lasting == [True, True, False, False]
