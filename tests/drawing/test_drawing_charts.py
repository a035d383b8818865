"""Charts: well-formed, told in words too, and true to their figures."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree as ET

import pytest

from graphsc.drawing import charts
from graphsc.drawing.charts import WIDTH, Bar, Pair, Series

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>&\"'\u202e" + "L" * 5000


def drawn(text: str) -> ET.Element:
    return ET.fromstring(text)


def widths(root: ET.Element) -> list[int]:
    return [
        int(rectangle.get("width") or 0)
        for rectangle in root.iter(f"{SVG}rect")
        if rectangle.get("class") == "chart-bar"
    ]


@pytest.mark.parametrize(
    ("share", "width"),
    [(0.0, 0), (0.0001, 2), (0.5, WIDTH // 2), (0.9999, WIDTH - 2), (1.0, WIDTH), (7.0, WIDTH), (-1.0, 0)],
)
def test_a_bar_is_as_long_as_its_share(share: float, width: int) -> None:
    assert widths(drawn(charts.bars("a", "t", "d", [Bar("x", share, "f")]))) == [width]


def test_every_figure_is_written_out_and_told() -> None:
    root = drawn(charts.bars("a", "Title", "One: 1", [Bar("One", 0.1, "1 of 10"), Bar("Two", 1, "10 of 10")]))
    assert [text.text for text in root.iter(f"{SVG}text")] == ["One", "1 of 10", "Two", "10 of 10", "0", "100 %"]
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "a-title a-description")
    assert [(one.get("id"), one.text) for one in root[:2]] == [("a-title", "Title"), ("a-description", "One: 1")]


def test_a_pair_is_told_apart_by_shape() -> None:
    root = drawn(charts.pairs("a", "t", "d", [Pair("x", 0.0, 1.0, ("0", "1"))], ("before", "after")))
    marks = [(circle.get("class"), circle.get("cx")) for circle in root.iter(f"{SVG}circle")][2:]
    assert marks == [("chart-dot", str(WIDTH - 8)), ("chart-ring", "8")]


def test_time_runs_in_proportion() -> None:
    days = [date(2025, 1, 1), date(2025, 1, 11), date(2025, 4, 11)]
    root = drawn(charts.over_time("a", "t", "d", days, [Series("one", (0, 5, 10)), Series("two", (0, 0, 0))]))
    dots = [(int(circle.get("cx") or 0), int(circle.get("cy") or 0)) for circle in root.iter(f"{SVG}circle")]
    assert [x for x, _ in dots] == [40, 76, WIDTH - 40]
    assert [y for _, y in dots] == [72, 55, 38]
    squares = [rectangle.get("y") for rectangle in root.iter(f"{SVG}rect")]
    assert len(set(squares)) == 1
    assert len(list(root.iter(f"{SVG}polyline"))) == 2


def test_one_day_lies_in_the_middle() -> None:
    root = drawn(charts.over_time("a", "t", "d", [date(2025, 1, 1)], [Series("one", (3,))]))
    assert [circle.get("cx") for circle in root.iter(f"{SVG}circle")] == [str(WIDTH // 2)]


def test_names_that_mean_harm_do_none() -> None:
    for text in (
        charts.bars("a", EVIL, EVIL, [Bar(EVIL, 0.5, EVIL)]),
        charts.pairs("a", EVIL, EVIL, [Pair(EVIL, 0.5, 0.5, (EVIL, EVIL))], (EVIL, EVIL)),
        charts.over_time("a", EVIL, EVIL, [date(2025, 1, 1)], [Series(EVIL, (1,))]),
    ):
        root = drawn(text)
        assert "script" not in {element.tag.removeprefix(SVG) for element in root.iter()}
        assert "\u202e" not in text
        assert max(len(element.text or "") for element in root.iter(f"{SVG}text")) < 100


def test_every_chart_has_an_axis_that_says_its_scale() -> None:
    root = drawn(charts.bars("a", "t", "d", [Bar("x", 1.0, "21")], "21"))
    scale = [text.text for text in root.iter(f"{SVG}text") if (text.get("class") or "").startswith("chart-scale")]
    assert scale == ["0", "21"]
    root = drawn(charts.pairs("a", "t", "d", [Pair("x", 0.0, 1.0, ("0", "1"))], ("before", "after")))
    scale = [text.text for text in root.iter(f"{SVG}text") if (text.get("class") or "").startswith("chart-scale")]
    assert scale == ["0 %", "50 %", "100 %"]
    root = drawn(charts.over_time("a", "t", "d", [date(2025, 1, 1)], [Series("one", (3,))]))
    assert [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "chart-scale"] == ["0"]
