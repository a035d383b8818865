"""Each class of mistake in the input is told as what it is, once, in both languages."""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsc.core.problems import Problem
from graphsc.sources.terms import load, normal

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))

import mistakes_page


@pytest.mark.parametrize("mistake", mistakes_page.mistakes(), ids=lambda one: one["title"]["en"])
def test_a_mistake_is_told_as_what_it_is(mistake: dict[str, Any]) -> None:
    problems = mistakes_page.told(mistake)
    assert [problem.code for problem in problems] == [mistake["code"]]
    assert all(problem.message.da and problem.message.da != problem.message.en for problem in problems)


VALID: dict[str, list[dict[str, Any]]] = {
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
