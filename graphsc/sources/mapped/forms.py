"""Values in the forms that other systems use: dates with a time, Danish dates and numbers."""

from __future__ import annotations

import re

from graphsc.core import vocabulary as v
from graphsc.sources.reporting import Fault, quoted
from graphsc.sources.values import bad_date, date_fault, either_number, literal, month_of

_ISO = re.compile(r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)(?:[T ]\d\d:\d\d\S*)?(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_DAY_FIRST = re.compile(
    r"(\d{1,2})\s?[-./ ]\s?(\d{1,2})\s?[-./ ]\s?(\d{4})(?: (?:kl\. ?)?\d\d?[:.]\d\d.*)?\Z", re.ASCII
)
_NAMED = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s+([^\W\d]{3,})\.?,?\s+(\d{4})\Z")
_NOTHING = re.compile(r"0001-01-01|1900-01-00|0000-00-00|9999-12-31")
"""Dates that systems write for none, or for never."""
_MONEY = re.compile(r"(?:kr\.?|dkk)?\s*([+-]?[\d.,\s'\u00a0]*\d)\s*(?:,-|kr\.?|dkk)?\Z", re.IGNORECASE)


def read(text: str, datatype: str | None, *, number: bool = False) -> tuple[str, Fault | None]:
    """The lexical form of a value, and its fault if it is not understood; ``number``: it was written as a number in JSON."""
    if datatype == v.XSD_DATE:
        return _day(text)
    if datatype in (v.XSD_DECIMAL, v.XSD_INTEGER) and not number:
        return _number(text, datatype)
    return literal(text, datatype)


def _day(text: str) -> tuple[str, Fault | None]:
    if _NOTHING.match(text):
        return text, bad_date(
            f"{quoted(text)} står for, at der ingen dato er.", f"{quoted(text)} stands for there being no date."
        )
    iso = _ISO.match(text)
    if iso is not None:
        day = "-".join(iso.groups())
        return day, date_fault(day)
    first = _DAY_FIRST.match(text)
    if first is not None and int(first[2]) > 12 >= int(first[1]):
        return text, bad_date(
            f"{quoted(text)} har ingen måned {int(first[2])}; er måneden skrevet først?",
            f"{quoted(text)} has no month {int(first[2])}; is the month written first?",
        )
    named = _NAMED.match(text)
    if first is not None:
        text = f"{first[3]}-{int(first[2]):02}-{int(first[1]):02}"
    elif named is not None and (month := month_of(named[2])):
        text = f"{named[3]}-{month:02}-{int(named[1]):02}"
    return text, date_fault(text)


def _number(text: str, datatype: str) -> tuple[str, Fault | None]:
    """A number with Danish or English separators; one that can be read in both ways has a fault."""
    match = _MONEY.match(text)
    if match is None:
        return literal(text, datatype)
    digits = re.sub(r"[\s'\u00a0]", "", match[1])
    marks = re.findall(r"[.,]", digits)
    tail = len(digits) - 1 - max(digits.rfind("."), digits.rfind(",")) if marks else 0
    if len(set(marks)) == 2:
        digits = digits.replace("." if marks[-1] == "," else ",", "").replace(",", ".")
    elif len(marks) > 1:
        digits = digits.replace(marks[0], "")
    elif marks and tail == 3:
        return text, either_number(text, digits.replace(marks[0], ""), digits.replace(",", "."))
    else:
        digits = digits.replace(",", ".")
    return literal(digits, datatype)
