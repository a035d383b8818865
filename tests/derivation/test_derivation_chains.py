"""Chains and flow-down on random graphs, judged by the rules and by plain Python written apart from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import AS_OF, Fact, answer, part, short, world

from graphsc.derivation import rules as catalogue

many = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
few = settings(many, max_examples=10)
near = st.sampled_from([-61, -31, -30, -29, -1, 0, 1]).map(lambda days: AS_OF + timedelta(days))
"""The days that matter: about the evaluation date, and about the 30 days that most times are."""
maybe_near = st.none() | near


# ------------------------------------------------------------------ chains


@st.composite
def chains(draw: st.DrawFn, circles: bool = True) -> Any:
    """Agreements on top, subcontracts, and which is under which; in rings too when ``circles``."""
    roots = [f"root{i}" for i in range(draw(st.integers(1, 3)))]
    subs = [f"sub{i}" for i in range(draw(st.integers(1, 6)))]
    under = {
        sub: draw(st.sets(st.sampled_from([*roots, *(subs if circles else subs[:i])]), min_size=1, max_size=3))
        for i, sub in enumerate(subs)
    }
    rarely = st.integers(0, 4).flatmap(lambda n: st.just((None, None)) if n else st.tuples(maybe_near, maybe_near))
    term = {agreement: draw(rarely) for agreement in [*roots, *subs]}
    return roots, under, term


def chain_facts(roots: Any, under: Any, term: Any) -> list[Fact]:
    facts: list[Fact] = []
    for root in roots:
        facts += [(root, "a", "Agreement"), (root, "customer", f"K-{root}"), (root, "supplier", f"L-{root}")]
    for sub, parents in under.items():
        facts += [(sub, "a", "Subcontract"), (sub, "supplier", f"U-{sub}"), *((sub, "under", p) for p in parents)]
    for agreement, (start, end) in term.items():
        facts += [(agreement, name, day) for name, day in (("start", start), ("end", end)) if day]
    parties = {value for _, name, value in facts if name in {"customer", "supplier"}}
    return facts + [(str(party), "a", "Organisation") for party in parties]


def ancestors(under: Any, node: Any) -> set[str]:
    """All that is above a node, itself only where it lies in a ring."""
    seen: set[str] = set()
    waiting = list(under.get(node, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += under.get(one, ())
    return seen


def active(roots: Any, under: Any, term: Any) -> set[str]:
    def runs(agreement: str) -> bool:
        start, end = term[agreement]
        return (start is None or start <= AS_OF) and (end is None or end >= AS_OF)

    running = {root for root in roots if runs(root)}
    while more := {s for s, parents in under.items() if s not in running and parents & running and runs(s)}:
        running |= more
    return running


TIERS = "?root ?a ?tier { ?l a g:ChainLink ; g:root ?root ; g:agreement ?a ; g:tier ?tier }"
STEPS = "?root ?a ?above { ?l g:root ?root ; g:agreement ?a ; g:parentLink [ g:agreement ?above ; g:root ?root ] }"
RUNNING, ENDED = "?a { ?a a g:ActiveAgreement }", "?a { ?a a g:EndedAgreement }"


@pytest.mark.exhaustive
@many
@given(chains())
def test_chains_and_their_tiers(made: Any) -> None:
    roots, under, term = made
    got = part("CHN001", questions=(TIERS, STEPS, RUNNING, ENDED)).world(chain_facts(*made))
    tiers, steps = set(), set()

    def down(root: Any, agreement: Any, tier: Any) -> None:
        tiers.add((root, agreement, str(tier)))
        for sub, parents in under.items():
            if agreement in parents and sub != agreement and sub not in ancestors(under, agreement):
                steps.add((root, sub, agreement))
                down(root, sub, tier + 1)

    for root in roots:
        down(root, root, 1)
    assert got.answers[TIERS] == tiers
    assert got.answers[STEPS] == steps
    assert got.answers[RUNNING] == {(a,) for a in active(*made)}
    ended = {a for a, (_, end) in term.items() if end is not None and end < AS_OF}
    assert got.answers[ENDED] == {(a,) for a in ended}
    assert got.results() == {("CHN001", s, None) for s in under if s in ancestors(under, s)}


# ------------------------------------------------------------------ flow-down


@st.composite
def requirements(draw: st.DrawFn) -> Any:
    """Chains with requirements on top, tightened ones, exemptions, and what each link passes on."""
    roots, under, term = draw(chains(circles=draw(st.booleans())))
    owned = {root: {f"r-{root}-{i}" for i in range(draw(st.integers(1, 2)))} for root in roots}
    originals = sorted(set().union(*owned.values()))
    stricter = [f"t{i}" for i in range(draw(st.integers(0, 3)))]
    refines = {t: draw(st.sampled_from([*originals, *stricter[:i]])) for i, t in enumerate(stricter)}
    everything = [*originals, *stricter]
    # Often all of what is above or nothing, so that much is dropped at one place and kept elsewhere.
    passed = {
        sub: draw(
            st.one_of(
                st.just(set()),
                st.sampled_from([set(originals), set(stricter)]),
                st.sets(st.sampled_from(everything), max_size=3),
            )
        )
        for sub in under
    }
    root = st.sampled_from(roots)
    by = st.none() | root.map("K-{}".format) | root.map("person-{}".format) | st.just("L")
    about_now = st.sampled_from([None, *(AS_OF + timedelta(days) for days in (-1, 0, 1))])
    one = st.tuples(st.sampled_from(sorted(under)), st.sampled_from(originals), about_now, about_now, by)
    exemptions = draw(st.lists(one, max_size=4))
    kept = draw(st.sets(st.sampled_from(roots), min_size=1))
    return (roots, under, term), owned, refines, passed, exemptions, kept


def requirement_facts(chain: Any, owned: Any, refines: Any, passed: Any, exemptions: Any, kept: Any) -> list[Fact]:
    facts = chain_facts(*chain)
    facts += [(a, "requires", r) for held in (owned, passed) for a, some in held.items() for r in some]
    facts += [(r, "a", "SecurityRequirement") for r in [*refines, *set().union(*owned.values())]]
    facts += [(t, "refines", r) for t, r in refines.items()]
    facts += [(root, "keepsRegister", "register/requirements") for root in kept]
    for root in chain[0]:
        facts += [
            (f"as-{root}", "person", f"person-{root}"),
            (f"as-{root}", "employer", f"K-{root}"),
            (f"as-{root}", "a", "RoleAssignment"),
        ]
    for number, (sub, requirement, given_on, until, by) in enumerate(exemptions):
        name = f"e{number}"
        facts += [(name, "a", "Exemption"), (name, "exemptionFor", sub), (name, "requirement", requirement)]
        facts += [
            (name, key, value) for key, value in (("date", given_on), ("until", until), ("performer", by)) if value
        ]
    return facts


def met_by(requirement: Any, refines: Any) -> set[str]:
    """A requirement and all that it tightens."""
    passed_on = set()
    while requirement is not None:
        passed_on.add(requirement)
        requirement = refines.get(requirement)
    return passed_on


def exempted(roots: Any, owned: Any, exemptions: Any) -> set[tuple[str, str]]:
    """Which subcontract is exempt from which requirement on the evaluation date."""
    return {
        (sub, requirement)
        for sub, requirement, since, until, by in exemptions
        for root in roots
        if requirement in owned[root]
        and (since is None or since <= AS_OF)
        and (until is None or until >= AS_OF)
        and by in {None, f"K-{root}", f"person-{root}"}
    }


def flow_down(
    chain: Any, owned: Any, refines: Any, passed: Any, exemptions: Any, kept: Any
) -> dict[tuple[str, str], set[str]]:
    """Each dropped requirement with what follows from it, found by walking."""
    roots, under, _ = chain
    running = active(*chain)
    exempt = exempted(roots, owned, exemptions)
    covered = {
        (agreement, met)
        for held in (owned, passed)
        for agreement, some in held.items()
        for one in some
        for met in met_by(one, refines)
    }

    # An exemption frees its own link alone: below it the requirement is still to be passed on.
    carried, more = set(covered), set(covered)
    while more:
        more = {
            (sub, requirement)
            for sub, requirement in exempt - carried
            if any(parent in running and (parent, requirement) in carried for parent in under[sub])
        }
        carried |= more

    def below(sub: Any, requirement: Any) -> set[str]:
        """The subcontracts just below that run and lack the requirement too."""
        return {
            c
            for c, parents in under.items()
            if sub in parents and c in running and (c, requirement) not in covered | exempt
        }

    results = {}
    for requirement in set().union(*(owned[root] for root in kept & running)):
        for sub in running - set(roots):
            given_above = any(parent in running and (parent, requirement) in carried for parent in under[sub])
            if given_above and (sub, requirement) not in covered | exempt:
                reached, waiting = {sub}, [sub]
                while waiting:
                    new = below(waiting.pop(), requirement) - reached
                    reached |= new
                    waiting += new
                results[sub, requirement] = reached - {sub}
    return results


@pytest.mark.exhaustive
@many
@given(requirements())
def test_dropped_requirements_and_their_consequences(made: Any) -> None:
    got = part("FLW001").world(requirement_facts(*made))
    consequences = {
        (short(f.subject), short(f.value)): {short(iri) for iri in f.consequences} for f in got.report.findings
    }
    assert consequences == flow_down(*made)


@pytest.mark.exhaustive
@many
@given(requirements())
def test_the_path_of_a_finding_is_a_way_down_from_an_agreement_on_top(made: Any) -> None:
    (_, under, _), owned, *_ = made
    for finding in part("FLW001").world(requirement_facts(*made)).report.findings:
        path = [short(iri) for iri in finding.path]
        assert path[-1] == short(finding.subject)
        assert all(above in under[below] for above, below in pairwise(path))
        assert path[0] not in under or path[0] in ancestors(under, path[0])
        mine = [root for root, some in owned.items() if short(finding.value) in some]
        # a way that leads round a ring through the subject itself is none
        beside = {below: above for below, above in under.items() if below != path[-1]}
        if set(mine) & ancestors(beside, path[-2]) or path[-2] in mine:
            assert path[0] in mine


# ------------------------------------------------------------------ parts


@pytest.mark.exhaustive
@few
@given(requirements())
def test_the_rules_that_are_needed_find_what_all_rules_find(made: Any) -> None:
    codes, questions = ("FLW001", "CHN001"), (TIERS, STEPS, RUNNING, ENDED)
    some = part(*codes, questions=questions)
    got, everything = some.world(requirement_facts(*made)), world(requirement_facts(*made))
    # under which agreement a finding stands is derived by rules that neither asks for
    assert [replace(finding, agreement=None) for finding in got.report.findings] == [
        replace(finding, agreement=None) for finding in everything.report.findings if finding.code in codes
    ]
    assert got.answers == {question: answer(everything.dataset, question) for question in questions}
    assert 5 < len(some.rules) < len(catalogue.load()) / 2
