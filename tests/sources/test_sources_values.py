from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import faults, read_files, triples

from graphsc.core import vocabulary as v
from graphsc.sources.mapped.reading import read
from graphsc.sources.terms import load
from graphsc.sources.values import date_fault, duration_fault, either, lexical_fault, literal


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_date_that_exists_is_one(day: date) -> None:
    assert date_fault(day.isoformat()) is None


@pytest.mark.parametrize(
    "text",
    ["2023-02-29", "2024-13-01", "2024-00-10", "0000-01-01", "2024-1-1", "2024-01-01 ", "२०२४-०१-०१", "", "i dag"],
)
def test_what_is_no_date(text: str) -> None:
    fault = date_fault(text)
    assert fault is not None
    assert fault[0] == "bad-date"


def test_a_date_written_the_danish_way_is_translated() -> None:
    fault = date_fault("31.12.2024")
    assert fault is not None
    assert fault[1].da == "“31.12.2024” er ikke en dato; skriv år-måned-dag, altså 2024-12-31."
    assert fault[1].en == "“31.12.2024” is not a date; write year-month-day, here 2024-12-31."
    other = date_fault("31-02-2024")
    assert other is not None
    assert other[1].en == "The date “31-02-2024” does not exist."


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1. marts 2025", "2025-03-01"), ("3 May 2025", "2025-05-03"), ("3. maj 2025", "2025-05-03"), ("1.okt 2025", "2025-10-01"),
        ("2025-3-1", "2025-03-01"), ("2025/03/01", "2025-03-01"), ("20250301", "2025-03-01"), ("2025-03-01T10:00:00", "2025-03-01"),
        ("3/31/2025", "such as"), ("45000", "2023-03-15"), ("19999", "such as"), ("1. blomst 2025", "such as"),
    ],
)  # fmt: skip
def test_a_date_in_another_form_is_told_in_the_right_one(text: str, meant: str) -> None:
    fault = date_fault(text)
    assert fault is not None
    assert meant in fault[1].en


@pytest.mark.parametrize("text", ["1-3-24", "31/12/26", "1. marts 24", "01.03.24 10:00", "24-03-01", "1 - 3 - 24"])
def test_a_year_of_two_digits_is_told_as_in_an_import(text: str) -> None:
    fault = date_fault(text)
    assert fault is not None
    assert fault[1].da == f"“{text}” har et årstal på to cifre; skriv hele året først, fx 2024-03-01."
    assert fault[1].en == f"“{text}” has a year of two digits; write the whole year first, such as 2024-03-01."
    assert read(text, v.XSD_DATE)[1] == fault


@pytest.mark.parametrize("text", ["2206-03-01", "0206-03-01", "1026-03-01"])
def test_a_year_out_of_reach_is_mistyped(text: str) -> None:
    fault = date_fault(text)
    assert fault is not None
    assert fault[1].en == f"The year of the date “{text}” is probably mistyped."
    assert date_fault("9999-12-31") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3 måneder", "P3M"), ("1 år", "P1Y"), ("2 weeks", "P2W"), ("14 dage", "P14D"), ("P30", "P30D"), ("30d", "P30D"),
        ("4 timer", "whole days"), ("PT4H", "whole days"), ("30 min.", "whole days"), ("tit", "P3M for three months"),
    ],
)  # fmt: skip
def test_a_length_of_time_in_another_form_is_told_in_the_right_one(text: str, said: str) -> None:
    fault = duration_fault(text)
    assert fault is not None
    assert said in fault[1].en


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4.200.000,50", "4200000.50"), ("4 200 000", "4200000"), ("2,5", "2.5"), ("1200 kr.", "1200"), ("mange", "such as 12.5"),
        ("99,85 %", "0.9985 for a share, 99.85 for a percentage"),
    ],
)  # fmt: skip
def test_a_number_in_another_form_is_told_in_the_right_one(text: str, said: str) -> None:
    fault = literal(text, v.XSD_DECIMAL)[1]
    assert fault is not None
    assert said in fault[1].en


@pytest.mark.parametrize(
    ("text", "share", "per_cent"),
    [
        ("99,85 %", "0.9985", "99.85"), ("99.85%", "0.9985", "99.85"), ("40\u00a0%", "0.4", "40"), ("100 %", "1", "100"),
        ("99,850 %", "0.9985", "99.85"), ("-3 %", "-0.03", "-3"),
    ],
)  # fmt: skip
def test_a_share_may_be_written_as_it_is_shown(text: str, share: str, per_cent: str) -> None:
    assert literal(text, v.XSD_DECIMAL, v.UNIT_FRACTION) == (share, None)
    assert literal(text, v.XSD_DECIMAL, v.UNIT_PERCENT) == (per_cent, None)
    assert literal(text, v.XSD_DECIMAL)[1] is not None


@pytest.mark.parametrize("text", ["1.000,5 %", "% 5", "5 %%", "5 kr.", "٣ %"])
def test_what_is_no_share_is_none_whatever_its_unit(text: str) -> None:
    assert literal(text, v.XSD_DECIMAL, v.UNIT_FRACTION)[1] is not None


@pytest.mark.parametrize(
    ("text", "two"), [("4.200", True), ("12.500", True), ("0.990", False), ("4.25", False), ("1200.500", False)]
)
def test_a_number_that_can_be_read_in_two_ways(text: str, two: bool) -> None:
    assert (either(text, v.XSD_DECIMAL) is not None) is two


@pytest.mark.parametrize(
    ("text", "computed"),
    [
        ("9" * 15, True), ("9" * 16, False), ("9" * 400, False), ("-" + "9" * 5000, False), ("0" * 30 + "1", True),
        ("0." + "1" * 18, True), ("0." + "1" * 19, False), ("1." + "0" * 400, True),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_computed_with_is_refused(text: str, computed: bool) -> None:
    kinds = [v.XSD_DECIMAL, *([] if "." in text else [v.XSD_INTEGER])]
    for fault in (f(text, kind) for kind in kinds for f in (lambda *both: literal(*both)[1], lexical_fault)):
        assert (fault is None) is computed
        assert fault is None or "at most 15" in fault[1].en
    share = literal(f"{text} %", v.XSD_DECIMAL, v.UNIT_FRACTION)
    assert (share[1] is None) is computed


@pytest.mark.parametrize("text", ["P1D", "P3M", "P1Y6M", "P2W", "P10Y"])
def test_durations(text: str) -> None:
    assert duration_fault(text) is None


@pytest.mark.parametrize("text", ["P", "PT1H", "3M", "P1M1Y", "P-1D", "P1.5Y", "p1d", "P1D\n", f"P{'9' * 5000}D"])
def test_no_durations(text: str) -> None:
    assert duration_fault(text) is not None


@pytest.mark.parametrize(
    ("text", "datatype", "lexical"),
    [
        ("Ja", v.XSD_BOOLEAN, "true"),
        ("FALSK", v.XSD_BOOLEAN, "false"),
        ("1", v.XSD_BOOLEAN, None),
        ("-3", v.XSD_INTEGER, "-3"),
        ("3.0", v.XSD_INTEGER, None),
        ("2.50", v.XSD_DECIMAL, "2.50"),
        ("2,5", v.XSD_DECIMAL, None),
        ("1e3", v.XSD_DECIMAL, None),
        ("NO", v.XSD_STRING, "NO"),
        ("01234567", None, "01234567"),
    ],
)
def test_what_people_write(text: str, datatype: str | None, lexical: str | None) -> None:
    form, fault = literal(text, datatype)
    assert (form if fault is None else None) == lexical


@pytest.mark.parametrize(("text", "good"), [("true", True), ("0", True), ("ja", False), ("TRUE", False)])
def test_rdf_truth_values_are_not_translated(text: str, good: bool) -> None:
    assert (lexical_fault(text, v.XSD_BOOLEAN) is None) is good


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DK", "DK"), ("dk", "DK"), ("DNK", "DK"), ("Danmark", "DK"), ("denmark", "DK"), ("Tyskland", "DE"), ("Germany", "DE"),
        ("Holland", "NL"), ("USA", "US"), ("UK", "GB"), ("EL", "GR"), ("Storbritannien", "GB"), ("Kongeriget", None), ("EU", None), ("XX", None), ("", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_codes_and_names(text: str, expected: str | None) -> None:
    iri = load().concept(text, [v.SCHEME + "country"])
    assert (iri and iri.removeprefix(v.COUNTRY)) == expected


def test_a_country_is_kept_as_its_node_and_anything_else_is_refused(tmp_path: Path) -> None:
    text = "organisationer: [{id: o/1, land: Tyskland}, {id: o/2, land: Kongeriget}, {id: o/3, land: Tysklnd}]\n"
    sources = read_files(tmp_path, {"a.yaml": text})
    assert faults(sources) == [("unknown-concept", "a.yaml:1:61"), ("unknown-concept", "a.yaml:1:90")]
    assert sources.problems[1].message.da.endswith("Mente du “Tyskland”?")
    assert {value for _, key, value in triples(sources) if key == "g:country"} == {"w3id:country/DE"}


def test_a_code_is_like_no_word_and_belongs_to_no_other_key(tmp_path: Path) -> None:
    text = "organisationer: [{id: o/1, land: DEN}, {id: o/2, art: it}]\n"
    messages = [problem.message.en for problem in read_files(tmp_path, {"a.yaml": text}).problems]
    assert messages[0] == "“DEN” is not a known value of “land”."
    assert messages[1].startswith("“it” is not a known value of “art” (")
    assert messages[1].endswith(").")
