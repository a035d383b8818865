"""Contrast of the drawing's colours, measured as WCAG 2.1 defines it, in light and dark."""

from __future__ import annotations

import re

import pytest

from graphsc.drawing.svg import palette

LIGHT, DARK = (dict(re.findall(r"--([a-z0-9]+):(#[0-9a-f]{6})", part)) for part in palette(":root").split("@media"))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "band"])
def test_words_and_signs_stand_out(colours: dict[str, str], ground: str) -> None:
    for text in ("ink", "soft", "breach", "question", "note", "watch", "answer"):
        assert contrast(colours[text], colours[ground]) >= 4.5, text
    assert contrast(colours["line"], colours[ground]) >= 3


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_stands_on_a_badge_and_around_a_shape_can_be_seen(colours: dict[str, str]) -> None:
    for badge in ("breach", "question", "note"):
        assert contrast(colours["onbadge"], colours[badge]) >= 4.5, badge
    for filling in ("unmarked", "violated", "warned", "noted"):
        assert contrast(colours["ink"], colours[filling]) >= 3, "the outline around a filling"


def test_the_measure_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
