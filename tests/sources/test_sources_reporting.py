from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsc.core.closest import closest
from graphsc.sources.model import Places, Positions
from graphsc.sources.reporting import quoted


@given(st.text())
def test_what_is_quoted_is_short_and_visible(text: str) -> None:
    shown = quoted(text)
    assert len(shown) <= 2 + 80 * 7
    assert not set(shown) & {"\n", "\x1b", "\x00", "\u202e", "\u2066", "\u200b", "\ufeff"}
    shown.encode()


def test_the_nearest_word() -> None:
    assert closest("leveradør", {"leverandør", "kunde"}) == "leverandør"
    assert closest("xyz", {"leverandør", "kunde"}) is None
    assert closest("a" * 10_000, {"a" * 10_001}) is None


def test_a_place_is_found_at_the_finest_level_there_is() -> None:
    places = Places()
    places.node("n", (1, 1))
    places.edge("n", "p", (2, 3))
    places.value("n", "p", "v", (2, 6))
    places.node("n", (9, 9))
    positions = Positions("f", places, {"m": ("n", "p"), "x": ("y", "p"), "y": ("x", "p")})
    assert [str(positions.locate(*key)) for key in (("n",), ("n", "p"), ("n", "p", "v"), ("n", "p", "w"), ("n", "q"), ("m",))] == [
        "f:1:1", "f:2:3", "f:2:6", "f:2:3", "f:1:1", "f:2:3",
    ]  # fmt: skip
    assert positions.locate("x") is None
    positions.aliases = {"k": ("n",)}
    assert str(positions.locate("k", "p", "v")) == "f:2:6"


def test_places_are_read_when_they_are_asked_for() -> None:
    readings: list[int] = []

    def places() -> Places:
        readings.append(1)
        return Places()

    positions = Positions("f", places)
    assert readings == []
    assert positions.locate("n") is None
    assert positions.locate("n") is None
    assert readings == [1]


@pytest.mark.parametrize("character", ["\u180e", "\u206a", "\ufff9", "\U000e0041", "\u00ad", "\u200d", "\u00a0"])
def test_what_cannot_be_seen_is_written_out(character: str) -> None:
    assert quoted(f"a{character}b") == f"“a\\u{ord(character):04x}b”"
