"""Approvals, yearly duties, time and copies on random graphs, judged by the rules and by plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from worlds import AS_OF, Fact, W, answer, part, world

from graphsc.derivation import rules as catalogue

pytestmark = pytest.mark.exhaustive

many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
few = settings(many, max_examples=20)
near = st.sampled_from([-61, -31, -30, -29, -1, 0, 1]).map(lambda days: AS_OF + timedelta(days))
"""The days that matter: about the evaluation date, and about the 30 days that most times are."""
maybe_near = st.none() | near


# ------------------------------------------------------------------ approvals

TASKS = ["'hosting", "'support"]


@st.composite
def approvals(draw: st.DrawFn) -> Any:
    """Two customers over one shared subcontract and one below it; approvals, notices and objections."""
    general = draw(st.sets(st.sampled_from(["A", "B"])))
    subs = {s: (draw(maybe_near), draw(st.sets(st.sampled_from(TASKS), max_size=1))) for s in ("shared", "deep")}
    subs = {s: (None if start is None or start > AS_OF else start, tasks) for s, (start, tasks) in subs.items()}
    shared = draw(st.booleans())
    given_ = draw(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(subs)), near, maybe_near, maybe_near, st.sets(st.sampled_from(TASKS), max_size=2),
                st.sampled_from([None, "A", "B"]), st.sampled_from([None, "K-A", "K-B", "person-A", "L"]), st.booleans(),
            ),
            max_size=4,
        )
    )  # fmt: skip
    notice = st.tuples(
        st.sampled_from(sorted(subs)), near, st.sampled_from([None, "A", "B"]), st.sampled_from([None, 1, 30, 30, 31])
    )
    notices = [
        (sub, day, named, None if after is None else day + timedelta(after))
        for sub, day, named, after in draw(st.lists(notice, max_size=2))
    ]
    kept = draw(st.sets(st.sampled_from(["A", "B"])))
    return general, subs, shared, given_, notices, kept


def approval_facts(general: Any, subs: Any, shared: Any, given_: Any, notices: Any, kept: Any) -> list[Fact]:
    facts: list[Fact] = [("as-A", "a", "RoleAssignment"), ("as-A", "person", "person-A"), ("as-A", "employer", "K-A")]
    facts += [("L", "a", "Organisation")]
    for root in "AB":
        facts += [
            (root, "a", "Agreement"),
            (root, "customer", f"K-{root}"),
            (root, "supplier", "L"),
            (f"K-{root}", "a", "Organisation"),
        ]
    for root in kept:
        facts.append((root, "keepsRegister", "register/subcontractors"))
    for root in general:
        facts += [
            (f"c-{root}", "a", "Clause"),
            (f"c-{root}", "clauseOf", root),
            (f"c-{root}", "clauseTopic", "clause/general-authorisation"),
        ]
    facts += [("shared", "under", "A"), ("deep", "under", "shared")] + ([("shared", "under", "B")] if shared else [])
    for sub, (start, tasks) in subs.items():
        facts += [(sub, "a", "Subcontract"), (sub, "supplier", f"U-{sub}"), *((sub, "service", t) for t in tasks)]
        facts += [(sub, "start", start)] if start else []
    for number, (sub, day, until, withdrawn, tasks, named, by, ratified) in enumerate(given_):
        name = f"g{number}"
        facts += [
            (name, "a", "Approval"),
            (name, "approves", sub),
            (name, "date", day),
            *((name, "service", t) for t in tasks),
        ]
        optional = (("until", until), ("withdrawn", withdrawn), ("forAgreement", named), ("performer", by))
        facts += [(name, key, value) for key, value in optional if value]
        facts += [(name, "ratification", True)] if ratified else []
    for number, (sub, day, named, objected) in enumerate(notices):
        name = f"n{number}"
        facts += [(name, "a", "Notice"), (name, "notifies", sub), (name, "date", day)]
        facts += [(name, "forAgreement", named)] if named else []
        if objected:
            facts += [
                (f"o{number}", "a", "Objection"),
                (f"o{number}", "objectsTo", name),
                (f"o{number}", "date", objected),
            ]
    return facts


def approval_state(
    root: str, sub: str, general: Any, subs: Any, shared: bool, given_: Any, notices: Any, kept: Any
) -> Any:
    """By what a link is approved, and which findings follow."""
    start, performed = subs[sub]
    deep = sub == "deep"
    seen = [(f"g{i}", *g) for i, g in enumerate(given_) if g[0] == sub and g[1] <= AS_OF]
    mine = [
        g for g in seen
        if (g[6] == root and g[7] in {None, f"K-{root}", f"person-{root}", "person-B"})
        or (g[6] is None and g[7] in {f"K-{root}", f"person-{root}"} - ({"person-B"}))
        or (g[6] is None and g[7] is None and not shared)
    ]  # fmt: skip

    def covers(g: Any) -> bool:
        return not g[5] or not performed or bool(g[5] & performed)

    def stands(g: Any) -> bool:
        return (g[3] is None or g[3] >= AS_OF) and (g[4] is None or g[4] > AS_OF)

    # what is approved adds up: together the approvals must cover all that is performed
    standing = [g for g in mine if stands(g)]
    whole = all(any(not g[5] or task in g[5] for g in standing) for task in performed)
    valid = {g[0] for g in standing if covers(g) and whole}
    notified = [
        (f"n{i}", day, day + timedelta(30), objected if objected and objected <= AS_OF else None)
        for i, (s, day, named, objected) in enumerate(notices)
        if s == sub and day <= AS_OF and named in {None, root}
    ] if root in general else []  # fmt: skip
    tacit = {
        n: day
        for n, day, deadline, objected in notified
        if deadline < AS_OF and not (objected and objected <= deadline)
    }
    lifting = [*(g[2] for g in mine), *tacit.values()]
    objections = [objected for _, _, deadline, objected in notified if objected and objected <= deadline]
    codes = {"SUB006" for objected in objections if all(day < objected for day in lifting)}
    if not (valid | tacit.keys()):
        if not mine:
            if root in kept and root not in general:
                codes.add("SUB002" if deep else "SUB001")
            if root in kept and root in general and not notified:
                codes.add("SUB007")
            if any(deadline >= AS_OF and not objected for _, _, deadline, objected in notified):
                codes.add("SUB008")
        codes |= {"SUB004" for g in mine if not stands(g)} | ({"SUB005"} if standing and not whole else set())
    if start and not any(g[8] for g in mine) and not any(g[2] <= start and covers(g) for g in mine):
        codes |= {"SUB003" for g in mine if g[0] in valid and g[2] > start}
    return valid | tacit.keys(), codes


CODES = tuple(f"SUB00{number}" for number in range(1, 9))
APPROVED = "?root ?sub ?by { ?l g:approvedBy ?by ; g:root ?root ; g:agreement ?sub }"
SUPERVISED = "?root ?sub ?who { ?l g:parentLink ?p ; g:root ?root ; g:agreement ?sub ; g:supervisor ?who }"


@many
@given(approvals())
def test_approvals_hold_for_the_right_customer_scope_and_time(made: Any) -> None:
    got = part(*CODES, questions=(APPROVED, SUPERVISED)).world(approval_facts(*made))
    links = [(root, sub) for root in ("A", "B") if root == "A" or made[2] for sub in ("shared", "deep")]
    expected = {link: approval_state(*link, *made) for link in links}
    assert got.answers[APPROVED] == {(*link, name) for link, (names, _) in expected.items() for name in names}
    assert got.results() == {(code, sub, root) for (root, sub), (_, codes) in expected.items() for code in codes}
    # Who has to supervise follows from it.
    above = {"shared": "L", "deep": "U-shared"}
    assert got.answers[SUPERVISED] == {
        (root, sub, above[sub] if names else f"K-{root}") for (root, sub), (names, _) in expected.items()
    }


@few
@given(approvals())
def test_the_rules_that_are_needed_find_what_all_rules_find(made: Any) -> None:
    some, facts = part(*CODES, questions=(APPROVED, SUPERVISED)), approval_facts(*made)
    got, everything = some.world(facts), world(facts)
    # Who acts is told by roles, which are not compared here and need rules of their own.
    assert got.results() == everything.results(*CODES)
    assert got.answers == {question: answer(everything.dataset, question) for question in some.questions}
    assert 10 < len(some.rules) < len(catalogue.load()) / 2


# ------------------------------------------------------------------ obligations

DAY = st.one_of(near, st.sampled_from([date(2024, 6, 14), date(2024, 6, 15), date(2024, 6, 16)]))
ACTIVITIES = st.fixed_dictionaries(
    {
        "risk-assessment": st.lists(DAY, max_size=2),
        "incident": st.lists(DAY, max_size=1),
        "significant-change": st.lists(DAY, max_size=1),
        "contract-review": st.lists(DAY, max_size=1),
    }
)
YEAR_AGO, MONTH_AGO = date(2024, 6, 15), AS_OF - timedelta(30)


@many
@given(ACTIVITIES, st.none() | DAY)
@example({"risk-assessment": [YEAR_AGO], "contract-review": [YEAR_AGO]}, None)
@example({"risk-assessment": [YEAR_AGO], "incident": [MONTH_AGO]}, YEAR_AGO)
@example({"risk-assessment": [MONTH_AGO], "incident": [MONTH_AGO]}, YEAR_AGO)
@example({"risk-assessment": [YEAR_AGO], "incident": [MONTH_AGO - timedelta(1)]}, YEAR_AGO - timedelta(1))
def test_yearly_duties_and_what_makes_them_due_again(done: Any, start: Any) -> None:
    activities = [(kind, day) for kind, days in done.items() for day in days]
    facts: list[Fact] = [
        ("K", "a", "Organisation"),
        ("A", "a", "Agreement"),
        ("A", "customer", "K"),
        ("A", "supplier", "L"),
    ]
    facts += [("A", "keepsRegister", f"register/{name}") for name in ("risk", "supervision")]
    facts += [("A", "start", start)] if start else []
    for number, (kind, day) in enumerate(activities):
        facts += [(f"x{number}", "a", "Activity"), (f"x{number}", "kind", f"activity/{kind}")]
        facts += [(f"x{number}", "concerns", "A"), (f"x{number}", "date", day)]
    past = defaultdict(list)
    for kind, day in activities:
        if day <= AS_OF:
            past[kind].append(day)

    def within_a_year(day: date) -> bool:
        return day >= date(AS_OF.year - 1, AS_OF.month, AS_OF.day)

    expected = set()
    if start is None or start <= AS_OF:
        assessed = past["risk-assessment"]
        events = [day for kind in ("incident", "significant-change") for day in past[kind]]
        reopened = any(max(assessed) < day and day + timedelta(30) < AS_OF for day in events) if assessed else False
        if not any(map(within_a_year, assessed)) or reopened:
            expected.add(("RSK001", "A", None))
        if not any(map(within_a_year, [*past["contract-review"], *([start] if start else [])])):
            expected.add(("CON001", "A", None))
    assert part("RSK001", "CON001").world(facts).results() == expected


# ------------------------------------------------------------------ time and copies

LATER = st.integers(1, 400).map(lambda days: AS_OF + timedelta(days))


@st.composite
def later_facts(draw: st.DrawFn, names: list[str]) -> list[Fact]:
    """Facts about known nodes by things that only exist after the evaluation date."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, 5))):
        new, day = f"later{number}", draw(LATER)
        some = draw(st.sampled_from(names))
        match draw(
            st.sampled_from(
                ["activity", "approval", "agreement", "assignment", "notice", "exemption", "clause", "objection"]
            )
        ):
            case "activity":
                kind = draw(st.sampled_from(["supervision", "incident", "risk-assessment", "deviation", "dispute"]))
                facts += [
                    (new, "a", "Activity"),
                    (new, "kind", f"activity/{kind}"),
                    (new, "concerns", some),
                    (new, "date", day),
                ]
            case "approval":
                facts += [
                    (new, "a", "Approval"),
                    (new, "approves", some),
                    (new, "date", day),
                    (new, "performer", "K-A"),
                ]
            case "agreement":
                facts += [
                    (new, "a", "Agreement"),
                    (new, "customer", "K-A"),
                    (new, "supplier", "L"),
                    (new, "signed", day),
                ]
                facts += [
                    (some, "under", new),
                    (new, "keepsRegister", "register/subcontractors"),
                    (new, "requires", "R"),
                ]
            case "assignment":
                facts += [(new, "a", "RoleAssignment"), (new, "role", "role/contract-manager"), (new, "person", "L")]
                facts += [(new, "employer", "K-A"), (new, "scope", some), (new, "from", day)]
            case "notice":
                facts += [(new, "a", "Notice"), (new, "notifies", some), (new, "date", day)]
            case "exemption":
                facts += [
                    (new, "a", "Exemption"),
                    (new, "exemptionFor", some),
                    (new, "requirement", "R"),
                    (new, "date", day),
                ]
            case "clause":
                facts += [
                    (new, "a", "Clause"),
                    (new, "clauseOf", some),
                    (new, "clauseTopic", "clause/general-authorisation"),
                    (new, "added", day),
                ]
            case "objection":
                facts += [(new, "a", "Objection"), (new, "objectsTo", "n0"), (new, "date", day)]
    return facts


def with_requirement(made: Any) -> list[Fact]:
    """The approvals' world with a requirement and every register, so that much is judged."""
    facts = [*approval_facts(*made), ("A", "requires", "R"), ("R", "a", "SecurityRequirement")]
    registers = ("requirements", "supervision", "risk", "roles", "clauses", "events")
    return facts + [(root, "keepsRegister", f"register/{name}") for root in "AB" for name in registers]


@few
@given(approvals(), st.data())
def test_later_facts_change_nothing(made: Any, data: Any) -> None:
    facts = with_requirement(made)
    # A fact about a subcontract that comes to be under a new agreement is itself as late as that agreement.
    more = data.draw(later_facts(["A", "B", "shared", "deep"]))
    before, after = world(facts), world(facts, more)
    assert after.report.findings == before.report.findings
    assert after.report.rules == before.report.rules
    known = {W + name for fact in facts for name in (fact[0], fact[2]) if isinstance(name, str)}
    assert after.derived(known) == before.derived(known)


@few
@given(approvals(), st.randoms(use_true_random=False))
def test_copies_and_order_change_nothing(made: Any, random: Any) -> None:
    facts = with_requirement(made)
    shuffled = random.sample(facts, len(facts))
    half = len(facts) // 2
    once, again = world(facts), world(shuffled[:half], shuffled, shuffled[half:])
    assert again.report.findings == once.report.findings
    assert again.report.rules == once.report.rules
    assert again.derived() == once.derived()
