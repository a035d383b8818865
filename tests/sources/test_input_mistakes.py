"""Each class of mistake in the input is told as what it is, once, in both languages."""

# mypy: disable-error-code="misc"
# The lambdas that bind the variables of a loop.
from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from contextlib import chdir
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mistakes_page
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.service import open_paths, validate
from graphsc.service.coverage import coverage
from graphsc.sources.terms import load, normal


@pytest.mark.parametrize("mistake", mistakes_page.mistakes(), ids=lambda one: one["title"]["en"])
def test_a_mistake_is_told_as_what_it_is(mistake: dict[str, Any]) -> None:
    problems = mistakes_page.told(mistake)
    assert [problem.code for problem in problems] == mistake["code"].split()
    assert all(problem.message.da and problem.message.da != problem.message.en for problem in problems)


World = dict[str, list[dict[str, Any]]]
VALID: World = {
    "organisationer": [
        {"id": "org/kunde", "navn": "Kunde", "art": "kommune", "land": "Danmark", "registre": ["leverandørstyring"]},
        {"id": "org/firma", "navn": "Firma", "art": "virksomhed", "land": "SE", "størrelse": "stor"},
    ],
    "personer": [{"id": "person/p", "kompetencer": ["juridiske"]}],
    "systemer": [{"id": "system/s", "ejer": "org/kunde", "kritikalitet": "samfundskritisk", "personoplysninger": "ja"}],
    "kontrakter": [
        {"id": "kontrakt/k", "kunde": "org/kunde", "leverandør": "org/firma", "start": "2024-01-01", "slut": "2027-12-31",
         "systemer": ["system/s"], "registre": ["tilsyn"]},
    ],
    "roller": [{"id": "rolle/r", "person": "person/p", "rolle": "jura", "hos": "org/kunde", "gælder": "kontrakt/k", "fra": "2024-01-01"}],
    "aktiviteter": [{"id": "tilsyn/t", "art": "tilsyn", "vedrører": "kontrakt/k", "dato": "2025-03-01", "udført af": "org/kunde"}],
}  # fmt: skip
KEYS = [(container, key) for container, nodes in VALID.items() for key in nodes[0] if key not in ("id", "navn")]
FREE = {"fra", "dato", "start", "slut"}
"""Keys whose values another value of the same kind may replace without the input alone showing it."""


def problems_of(world: dict[str, list[dict[str, Any]]]) -> list[Problem]:
    return mistakes_page.told({"files": {"a.yaml": yaml.safe_dump(world, allow_unicode=True)}})


def test_the_data_that_is_mutated_is_valid() -> None:
    assert problems_of(VALID) == []


@settings(max_examples=int(os.environ.get("GRAPHSC_MUTATIONS", "60")), deadline=None)
@given(st.sampled_from(KEYS), st.sampled_from(["rename", "move", "misspell", "swap", "restate"]), st.data())
def test_no_mutation_of_a_key_or_value_passes_in_silence(
    place: tuple[str, str], kind: str, data: st.DataObject
) -> None:
    world = copy.deepcopy(VALID)
    container, key = place
    node = world[container][0]
    others = sorted({(c, k) for c, k in KEYS if k != key})
    if kind == "rename":
        node[key + "x"] = node.pop(key)
    elif kind == "move":  # to a thing of another class, which may not have it
        home = data.draw(st.sampled_from([c for c in VALID if (c, key) not in KEYS]))
        if not may_have(home, key):
            world[home][0][key] = node.pop(key)
    elif kind == "misspell":
        value = node[key]
        node[key] = [value[0] + "xq"] if isinstance(value, list) else f"{value}xq"
    elif kind == "swap":  # the value of another key, which cannot be one of this
        other, its = data.draw(st.sampled_from(others))
        if key in FREE and its in FREE:
            return
        value = VALID[other][0][its]
        if compatible(key, its) or names_a_value(key, value):
            return
        node[key] = value
    else:  # the same id, with the wrong things said
        world[container].append({"id": node["id"], key: "xq"})
    assert world == VALID or problems_of(world) != []


def may_have(container: str, key: str) -> bool:
    """Whether things of a container may have a key."""
    terms = load()
    return bool(terms.properties_for(key, terms.containers[normal(container)].iri))


def names_a_value(key: str, value: object) -> bool:
    """Whether the words of one list are words of another too, as those for a kind of activity are of a register."""
    terms = load()
    words = value if isinstance(value, list) else [value]
    return any(terms.concept(str(word), prop.schemes) for prop in terms.keys[normal(key)] for word in words)


def compatible(key: str, other: str) -> bool:
    """Whether the values of one key may be ones of another: of the same range or the same lists."""
    terms = load()
    for mine in terms.keys[normal(key)]:
        for its in terms.keys[normal(other)]:
            same_scheme = set(mine.schemes) & set(its.schemes)
            related = any(
                terms.is_a(a, b) or terms.is_a(b, a) for a in mine.ranges for b in its.ranges if a in terms.classes
            )
            references = not (mine.schemes or mine.literal or its.schemes or its.literal)
            anything = references and not (mine.ranges and its.ranges)
            if same_scheme or related or (mine.literal and its.literal and mine.range == its.range) or anything:
                return True
    return False


# ---------------------------------------------------------------------- facts that are dropped, reversed, doubled, swapped

AS_OF = date(2026, 1, 1)
WHOLE: World = {
    "organisationer": [*VALID["organisationer"], {"id": "org/under", "navn": "Under", "art": "virksomhed", "land": "DK"}],
    "personer": VALID["personer"],
    "systemer": VALID["systemer"],
    "kontrakter": [
        VALID["kontrakter"][0] | {"registre": ["tilsyn", "underleverandører", "krav"], "krav": ["krav/k"]},
        {"id": "kontrakt/u", "under": "kontrakt/k", "leverandør": "org/under", "start": "2024-02-01", "slut": "2027-11-30",
         "ydelse": "hosting", "viderefører": ["krav/k"], "godkendelse": {"dato": "2024-01-15", "udført af": "org/kunde"}},
    ],
    "krav": [{"id": "krav/k", "emne": "beredskab", "tekst": "Sikkerhedskopi hver dag"}],
    "roller": [VALID["roller"][0] | {"til": "2026-12-31"}],
    "aktiviteter": [
        *VALID["aktiviteter"],
        {"id": "tilsyn/u", "art": "tilsyn", "vedrører": "kontrakt/u", "dato": "2025-04-01", "udført af": "org/firma"},
    ],
}  # fmt: skip
NAMES = {"navn"}
"""What only says what to call a thing: nothing hangs on it, and without it the thing is called by its id."""
ENDS = {("kontrakter", 1, "slut"), ("roller", 0, "til")}
"""Ends that have not come on the day of judgement: not to be written yet says the same, until further notice."""
REVERSED = [
    ("kontrakter", 0, "kunde", "leverandør"), ("kontrakter", 0, "start", "slut"), ("kontrakter", 1, "start", "slut"),
    ("roller", 0, "fra", "til"), ("roller", 0, "person", "hos"), ("roller", 0, "hos", "gælder"),
]  # fmt: skip
TURNED = [
    ("kontrakter", 1, "under", "kontrakter", 0), ("systemer", 0, "ejer", "organisationer", 0),
    ("kontrakter", 0, "systemer", "systemer", 0), ("aktiviteter", 0, "vedrører", "kontrakter", 0),
    ("roller", 0, "person", "personer", 0), ("kontrakter", 1, "viderefører", "krav", 0),
]  # fmt: skip
"""Links, each with the thing at its other end, from which it may be written by mistake."""
OTHER = {
    "kunde": "org/under", "leverandør": "org/under", "start": "2024-06-01", "slut": "2026-06-01", "dato": "2025-05-01",
    "fra": "2024-06-01", "til": "2026-06-30", "land": "NO", "kritikalitet": "almindelig", "personoplysninger": "nej",
    "ejer": "org/firma", "rolle": "ledelsen", "hos": "org/firma", "gælder": "kontrakt/u", "vedrører": "kontrakt/u",
    "udført af": "org/under", "tekst": "Noget andet", "under": "kontrakt/v", "ydelse": "backup",
}  # fmt: skip
"""Another value that each key may have."""
Mutation = tuple[str, World]


def mutations() -> Iterator[Mutation]:
    """Every mutation of the whole world that breaks its meaning, by name."""
    for container, nodes in WHOLE.items():
        for at, node in enumerate(nodes):
            for key in sorted(node.keys() - {"id"} - NAMES):
                if (container, at, key) not in ENDS:
                    yield f"drop {container} {at} {key}", changed(lambda w, c=container, n=at, k=key: w[c][n].pop(k))
                if OTHER.get(key, node[key]) != node[key]:
                    twin = {"id": node["id"], key: OTHER[key]}
                    yield f"double {container} {at} {key}", changed(lambda w, c=container, t=twin: w[c].append(t))
            yield f"drop {container} {at}", changed(lambda w, c=container, n=at: w[c].pop(n))
        if len(nodes) > 1:  # two things exchange their ids
            yield f"swap {container}", changed(lambda w, c=container: swap(w[c][0], w[c][1], "id", "id"))
    for container, at, key, other in REVERSED:
        yield (
            f"reverse {container} {at} {key}",
            changed(lambda w, c=container, n=at, k=key, o=other: swap(w[c][n], w[c][n], k, o)),
        )
    for container, at, key, target, there in TURNED:
        yield (
            f"turn {container} {at} {key}",
            changed(lambda w, c=container, n=at, k=key, t=target, m=there: turn(w[c][n], w[t][m], k)),
        )


def changed(change: Callable[[World], object]) -> World:
    """The whole world after a change."""
    world = copy.deepcopy(WHOLE)
    change(world)
    return world


def swap(one: dict[str, Any], two: dict[str, Any], key: str, other: str) -> None:
    """Exchange two values."""
    one[key], two[other] = two[other], one[key]


def turn(start: dict[str, Any], end: dict[str, Any], key: str) -> None:
    """Write a link at its other end."""
    del start[key]
    end[key] = start["id"]


def outcome(world: World) -> set[tuple[str, ...]]:
    """All that is said of a world: problems, findings, what is not recorded and where, which rules were not judged, and
    which evidence is by nobody.

    What is not recorded is told in three ways: as a register or fact that is missing (REG001, REG002), as a rule that could
    not be judged, or as evidence of which it is not recorded who did it.
    """
    with TemporaryDirectory() as folder, chdir(folder):
        Path("a.yaml").write_text(yaml.safe_dump(world, allow_unicode=True, sort_keys=False), encoding="utf-8")
        opened = open_paths([Path("a.yaml")], Settings(as_of=AS_OF))
        report, rules = validate(opened)
        said = {("problem", problem.code, problem.message.en) for problem in report.problems}
        said |= {
            ("finding", finding.fingerprint, place)
            for finding in report.findings
            for place in (finding.consequences if finding.group else ("",))
        }
        said |= {("not judged", rule.code, rule.not_checked.en) for rule in report.rules if rule.not_checked}
        covered = coverage(opened, judged=(report, rules))
        records = {record for cell in covered.cells for record in cell.records}
        return said | {("by nobody", record.iri) for record in records if not record.performers and not record.person}


@cache
def whole() -> set[tuple[str, ...]]:
    """What is said of the world before it is mutated; that it can be read is the least."""
    said = outcome(WHOLE)
    assert not any(kind == "problem" for kind, *_ in said)
    return said


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "world"), [pytest.param(*one, id=one[0]) for one in mutations()])
def test_no_mutation_that_breaks_the_meaning_passes_in_silence(name: str, world: World) -> None:
    assert outcome(world) - whole(), name


@pytest.mark.exhaustive
@settings(max_examples=int(os.environ.get("GRAPHSC_MUTATIONS", "60")) // 15, deadline=None)
@given(st.sampled_from(list(mutations())))
def test_some_mutations_that_break_the_meaning(mutation: Mutation) -> None:
    name, world = mutation
    assert outcome(world) - whole(), name


@pytest.mark.parametrize("container", WHOLE)
def test_the_same_record_twice_changes_nothing(container: str) -> None:
    """Nothing is broken by it: what is said twice is said."""
    world = changed(lambda w: w[container].append(copy.deepcopy(w[container][0])))
    assert problems_of(world) == problems_of(WHOLE) == []
