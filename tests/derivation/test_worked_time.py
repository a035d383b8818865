"""Worked cases 9 and 10: yearly duties to the day, and roles in their time. The docstring of each test is its fixture."""

from datetime import date
from typing import Any

import pytest
from casework import BASE, case, short

# ------------------------------------------------------------------ 9: risk assessments, to the day

ASSESSED = """
    organisationer: [K, L]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, start: 2019-01-01, registre: [risici]}
    aktiviteter:
      - {id: input, art: risikobidrag, dato: AS_OF, vedrører: KL}
      - {id: V, art: risikovurdering, dato: ASSESSED, vedrører: KL}
"""


def assessed(on: str, as_of: date, *events: tuple[str, str], **settings: Any) -> list[str]:
    """The codes found when the risk was assessed on a day and other things happened on other days."""
    text = ASSESSED.replace("ASSESSED", on).replace("AS_OF", as_of.isoformat())
    for number, (kind, day) in enumerate(events):
        text += f"      - {{id: e{number}, art: {kind}, dato: {day}, vedrører: KL}}\n"
    got = case(text, as_of, select=("RSK", "RIN"), **settings)
    assert got.report.problems == ()
    return got.codes


@pytest.mark.parametrize(
    ("on", "last_day"),
    [
        ("2024-06-15", date(2025, 6, 15)),
        ("2023-02-28", date(2024, 2, 28)),  # not the 29th
        ("2024-02-29", date(2025, 2, 28)),
        ("2024-02-28", date(2025, 2, 28)),
        ("2023-12-31", date(2024, 12, 31)),
    ],
)
def test_case_9_one_calendar_year_to_the_day(on: str, last_day: date) -> None:
    assert assessed(on, last_day) == []
    assert assessed(on, date.fromordinal(last_day.toordinal() + 1)) == ["RSK001"]


def test_case_9_message() -> None:
    """
    organisationer: [K, L]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, start: 2019-01-01, registre: [risici]}
    aktiviteter:
      - {id: input, art: risikobidrag, dato: 2025-06-01, vedrører: KL}
      - {id: V, art: risikovurdering, dato: 2024-06-14, vedrører: KL}
    """
    got = case(test_case_9_message.__doc__)
    assert got.results == [("question", "RSK001", "KL", None)]
    assert got.text("RSK001") == (
        "Hvornår er risikovurderingen af aftalen med L sidst ajourført? Ikke registreret: risikovurdering siden 2024-06-15.",
        "When was the risk assessment of the agreement with L last updated? Not recorded: risk assessment since 2024-06-15.",
    )
    assert short(got.of("RSK001").actor.organisation) == "K"
    assert got.of("RSK001").actor.role == "https://w3id.org/graphsc/role/system-data-owner"


@pytest.mark.parametrize("kind", ["hændelse", "væsentlig ændring"])
def test_case_9_an_incident_or_change_makes_it_due_again_after_the_grace_period(kind: str) -> None:
    happened = (kind, "2025-05-01")  # 30 days of grace end on 31 May
    assert assessed("2025-03-01", date(2025, 5, 31), happened) == []
    assert assessed("2025-03-01", date(2025, 6, 1), happened) == ["RSK001"]
    assert assessed("2025-03-01", date(2025, 6, 1), happened, ("risikovurdering", "2025-05-20")) == []
    assert assessed("2025-05-01", date(2025, 6, 1), happened) == []  # assessed the same day
    assert assessed("2025-03-01", date(2025, 6, 1), ("hændelse", "2025-02-28")) == []  # before the assessment


def test_case_9_the_organisation_sets_the_grace_period() -> None:
    happened = ("hændelse", "2025-01-31")
    month = {"reassessment": "P1M"}
    assert assessed("2025-01-01", date(2025, 2, 28), happened, parameters=month) == []  # the 31st is clipped
    assert assessed("2025-01-01", date(2025, 3, 1), happened, parameters=month) == ["RSK001"]


def test_case_9_a_second_incident_after_the_reassessment() -> None:
    first, again, second = ("hændelse", "2025-02-01"), ("risikovurdering", "2025-02-10"), ("hændelse", "2025-04-01")
    assert assessed("2025-01-01", date(2025, 5, 1), first, again, second) == []
    assert assessed("2025-01-01", date(2025, 5, 2), first, again, second) == ["RSK001"]


def test_a_yearly_review_is_first_due_a_year_after_the_start() -> None:
    """
    organisationer: [K, L]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, start: 2024-02-29, registre: [tilsyn]}
    """
    text = test_a_yearly_review_is_first_due_a_year_after_the_start.__doc__
    assert case(text, date(2025, 2, 28), select=("CON001",)).results == []
    assert case(text, date(2025, 3, 1), select=("CON001",)).results == [("question", "CON001", "KL", None)]


# ------------------------------------------------------------------ 10: roles

ROLES = """
    organisationer: [K, L]
    personer: [p1, p2]
    systemer: [{id: S, ejer: K, personoplysninger: DATA}]
    kontrakter:
      - {id: KL, kunde: K, leverandør: L, start: 2024-01-01, systemer: S, registre: [roller]}
    roller:
      - {id: a1, person: p1, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2024-01-01, til: 2025-06-14}
      - {id: a2, person: p2, rolle: kontraktansvarlig, hos: K, gælder: KL, fra: 2025-06-16}
"""


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2025, 6, 14), []),
        (date(2025, 6, 15), [("question", "ROL001", "KL", None)]),  # held until yesterday
        (date(2025, 6, 16), []),
    ],
)
def test_case_10_a_role_held_until_yesterday_is_unfilled_today(as_of: date, expected: Any) -> None:
    got = case(ROLES.replace("DATA", "nej"), as_of, select=("ROL001",))
    assert got.results == expected
    if expected:
        assert got.text("ROL001") == (
            "Hvem er kontraktansvarlig for aftalen med L? Ikke registreret: kontraktansvarlig.",
            "Who is the contract manager of the agreement with L? Not recorded: contract manager.",
        )
        assert got.of("ROL001").actor.person is None


def test_case_10_whoever_holds_the_role_today_is_named() -> None:
    text = ROLES.replace("DATA", "nej").replace("registre: [roller]", "registre: [tilsyn]")
    held = {
        day: case(text, day, select=("CON001",)).of("CON001").actor.person
        for day in (date(2025, 6, 14), date(2025, 6, 16))
    }
    assert held == {date(2025, 6, 14): BASE + "p1", date(2025, 6, 16): BASE + "p2"}


@pytest.mark.parametrize(
    ("data", "register", "expected"),
    [
        ("nej", "registre: [beslutninger]", []),  # where no personal data is processed there is nothing to report
        ("ja", "registre: [beslutninger]", [("question", "ROL007", "K", None)]),
        ("ja", "navn: K", []),  # where decisions are not recorded, absence says nothing
    ],
)
def test_case_10_a_data_protection_officer_where_there_are_personal_data(
    data: str, register: str, expected: Any
) -> None:
    text = ROLES.replace("DATA", data).replace("[K, L]", f"[{{id: K, {register}}}, L]")
    got = case(text, select=("ROL007",))
    assert got.report.problems == ()
    assert got.results == expected
