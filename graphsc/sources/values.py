"""Typed values from text: dates, numbers, truth values, durations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from graphsc.core import vocabulary as v
from graphsc.core.closest import closest
from graphsc.core.identifiers import cvr, lei
from graphsc.core.text import Language, Text
from graphsc.sources.model import Place
from graphsc.sources.reporting import Fault, Reporter, quoted
from graphsc.sources.terms import Property, Terms

IDENTIFIERS = {v.G_CVR: (cvr, "CVR"), v.G_LEI: (lei, "LEI")}
"""The properties whose values are company numbers: the function that normalises a number, and its name."""
TRUE = frozenset({"ja", "yes", "true", "sand", "sandt"})
FALSE = frozenset({"nej", "no", "false", "falsk"})

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})[-./ ]{1,2}(?P<m>\d{1,2}|[^\W\d_]{3,9})[-./ ]{1,2}(?P<y>\d{4})\Z")
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})([-./]?)(?P<m>\d{1,2})\2(?P<d>\d{1,2})([T ]\d\d:\d\d.*)?\Z", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[-./ ]{1,3}(\d{1,2}|[^\W\d_]{3,9})[-./ ]{1,3}\d\d( .*)?\Z")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec", "may", "oct")
_YEARS = range(1900, 2200)
"""The years that a date may have besides 9999, which many write for no end; any other year is a typing error."""
_MOST_PLACES = 3
"""The most places to add a thing that a message names; with more it names none."""
_SERIAL = re.compile(r"[2-6]\d{4}\Z", re.ASCII)
"""A serial date of a spreadsheet, from 1954 to 2091: the number in a cell that has lost its date format."""
_INTEGER = re.compile(r"[+-]?\d+\Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_GROUPED = re.compile(r"([+-]?\d{1,3}(?:[. ]\d{3})+|[+-]?\d+)(?:,(\d+))? ?(?:kr\.?|dkk|%)?\Z", re.ASCII | re.IGNORECASE)
_SHARE = re.compile(r"([+-]?\d+)(?:[.,](\d+))? ?%\Z", re.ASCII)
"""A percentage in either language."""
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}\.\d\d0\Z", re.ASCII)
"""A number whose point may be for decimals or for thousands."""
_COMPUTED = re.compile(r"[+-]?0*(\d{0,15})(\.\d{0,18}0*)?\Z", re.ASCII)
"""Numbers that all can compute with: Oxigraph, SQL (15 digits and 18 decimals), and the floats of the measures of risk."""
_DURATION = re.compile(r"P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?\Z", re.ASCII)
_LONG = re.compile(r"[1-9]\d{5}", re.ASCII)
"""A part of a duration that goes beyond what a calendar holds, whatever its unit."""
_COUNTED = re.compile(r"P?(\d+) ?([^\W\d_]*)\.?\Z")
_UNITS = {"å": "Y", "y": "Y", "m": "M", "u": "W", "w": "W", "d": "D", "": "D"}
_SHORT = re.compile(r"(P\w*T.+|\d+ ?(t|timer?|h|hours?|min|minut(ter)?|minutes?)\.?)\Z", re.IGNORECASE)


def wrong_type(da: str, en: str) -> Fault:
    """The fault that a value is not of its type."""
    return "wrong-type", Text(da, en)


def bad_date(da: str, en: str) -> Fault:
    """The fault that a text is no date."""
    return "bad-date", Text(da, en)


def _meant(written: str | None) -> Text:
    """The end of a message that gives the right form of a value; empty where that is not known."""
    return Text("", "") if written is None else Text(f", altså {written}", f", here {written}")


def date_fault(text: str) -> Fault | None:
    """The fault of a date; None when it is written ``YYYY-MM-DD`` and exists."""
    parts = _DATE.match(text)
    other = None if parts is not None else _DAY_FIRST.match(text) or _YEAR_FIRST.match(text)
    year, month, day = _numbers(other) if other is not None else (0, 0, 0)
    if parts is not None:
        year, month, day = (int(part) for part in parts.groups())
    elif _SHORT_YEAR.match(text):
        return bad_date(
            f"{quoted(text)} har et årstal på to cifre; skriv hele året først, fx 2024-03-01.",
            f"{quoted(text)} has a year of two digits; write the whole year first, such as 2024-03-01.",
        )
    elif _SERIAL.match(text):
        day_counted = date(1899, 12, 30) + timedelta(days=int(text))
        return bad_date(
            f"{quoted(text)} er nok regnearkets tal for {day_counted}; skriv datoen sådan.",
            f"{quoted(text)} is probably the spreadsheet's number for {day_counted}; write the date like that.",
        )
    elif not (1 <= month <= 12):
        return bad_date(
            f"{quoted(text)} er ikke en dato; skriv år-måned-dag som 2024-03-01, eller intet, hvis der ingen er.",
            f"{quoted(text)} is not a date; write year-month-day such as 2024-03-01, or nothing where there is none.",
        )
    try:
        iso = date(year, month, day).isoformat()
    except ValueError:
        return bad_date(f"Datoen {quoted(text)} findes ikke.", f"The date {quoted(text)} does not exist.")
    if year not in _YEARS and year != 9999:
        return bad_date(
            f"Året i datoen {quoted(text)} er nok skrevet forkert.", f"The year of the date {quoted(text)} is probably mistyped."
        )  # fmt: skip
    if parts is not None:
        return None
    meant = _meant(iso)
    return bad_date(
        f"{quoted(text)} er ikke en dato; skriv år-måned-dag{meant.da}.",
        f"{quoted(text)} is not a date; write year-month-day{meant.en}.",
    )


def _numbers(written: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day of a date in another form; the month is 0 if its name is unknown."""
    month = written["m"]
    number = int(month) if month.isdecimal() else month_of(month)
    return int(written["y"]), number, int(written["d"])


def month_of(name: str) -> int:
    """The number of a month from its name or abbreviation in Danish or English; 0 for any other word."""
    number = next((number for number, short in enumerate(_MONTHS, 1) if name.casefold().startswith(short)), 0)
    return {13: 5, 14: 10}.get(number, number)


def duration_fault(text: str) -> Fault | None:
    """The fault of a period; None when it is an ISO 8601 duration in years, months, weeks, days."""
    if _DURATION.match(text):
        return None if _LONG.search(text) is None else ("bad-period", Text(
            f"{quoted(text)} er længere, end der kan regnes med.",
            f"{quoted(text)} is longer than can be computed with.",
        ))  # fmt: skip
    counted = _COUNTED.match(text)
    unit = _UNITS.get(counted[2][:1].casefold()) if counted is not None else None
    if _SHORT.match(text):
        return "bad-period", Text(
            f"{quoted(text)} kan ikke skrives her: Der regnes i hele dage; skriv fx P1D for en dag.",
            f"{quoted(text)} cannot be written here: Time is counted in whole days; write P1D for a day.",
        )
    if counted is not None and unit is not None:
        meant = _meant(f"P{counted[1]}{unit}")
        return "bad-period", Text(
            f"{quoted(text)} er ikke en varighed; skriv antal og enhed efter P{meant.da}.",
            f"{quoted(text)} is not a duration; write number and unit after P{meant.en}.",
        )
    return "bad-period", Text(
        f"{quoted(text)} er ikke en varighed; skriv fx P3M for tre måneder, P1Y for et år eller P14D for 14 dage.",
        f"{quoted(text)} is not a duration; write P3M for three months, P1Y for a year or P14D for 14 days.",
    )


def _plain(text: str) -> str | None:
    """The right form of a number that is written with thousands separators, a comma or a currency; None for others."""
    parts = _GROUPED.match(text)
    if parts is None:
        return None
    whole = re.sub(r"[. ]", "", parts[1])
    return f"{whole}.{parts[2]}" if parts[2] else whole


def literal(text: str, datatype: str | None, unit: str | None = None) -> tuple[str, Fault | None]:
    """The lexical form of a value that a person wrote, and its fault for the type, if any.

    Truth values may be written in either language. Numbers are written with a point; with a ``unit`` of share or
    per cent they may also be written as they are shown, such as 99,85 % or 99.85%.
    """
    if datatype == v.XSD_DECIMAL and unit in v.PER_CENT and (parts := _SHARE.match(text.replace("\u00a0", " "))):
        if (fault := _not_computed(f"{parts[1]}.{parts[2] or 0}")) is not None:
            return text, fault
        return f"{Decimal(f'{parts[1]}.{parts[2] or 0}').scaleb(-v.PER_CENT[unit]).normalize():f}", None
    if datatype == v.XSD_DATE:
        return text, date_fault(text)
    if datatype == v.XSD_BOOLEAN:
        word = text.casefold()
        if word in TRUE | FALSE:
            return ("true" if word in TRUE else "false"), None
        return text, wrong_type(f"{quoted(text)} er hverken ja eller nej.", f"{quoted(text)} is neither yes nor no.")
    if datatype == v.XSD_INTEGER and not _INTEGER.match(text):
        meant = _meant(_plain(text) if "," not in text else None)
        return text, wrong_type(
            f"{quoted(text)} er ikke et helt tal{meant.da}.", f"{quoted(text)} is not a whole number{meant.en}."
        )
    if datatype == v.XSD_DECIMAL and not _DECIMAL.match(text):
        plain = _plain(text)
        meant = _meant(plain) if plain is not None else Text(" som 12.5", " such as 12.5")
        if plain is not None and text.endswith("%"):
            share = f"{Decimal(plain).scaleb(-2):f}"
            meant = Text(
                f": {share} for en andel, {plain} for et antal procent",
                f": {share} for a share, {plain} for a percentage",
            )
        return text, wrong_type(
            f"{quoted(text)} er ikke et tal; skriv det med punktum og uden andre tegn{meant.da}.",
            f"{quoted(text)} is not a number; write it with a point and no other signs{meant.en}.",
        )
    return text, _not_computed(text) if datatype in (v.XSD_INTEGER, v.XSD_DECIMAL) else None


def _not_computed(number: str) -> Fault | None:
    """The fault of a number with more digits than can be computed with, in which rules would see nothing at all."""
    if _COMPUTED.match(number) is not None:
        return None
    return wrong_type(
        f"{quoted(number)} har flere cifre, end der kan regnes med: højst 15 før kommaet og 18 efter.",
        f"{quoted(number)} has more digits than can be computed with: at most 15 before the point and 18 after it.",
    )


def either(text: str, datatype: str | None) -> Fault | None:
    """The fault that a number which a person wrote is ambiguous: 4.200 is 4200 in Danish and 4.2 here."""
    if datatype != v.XSD_DECIMAL or not _EITHER.match(text):
        return None
    return either_number(text, text.replace(".", ""), text)


def either_number(text: str, thousands: str, decimal: str) -> Fault:
    """The fault that a text may be one of two numbers."""
    decimal = decimal.rstrip("0").rstrip(".")
    return wrong_type(
        f"{quoted(text)} kan læses både som {thousands} og som {decimal}; skriv det af dem, du mener.",
        f"{quoted(text)} can be read both as {thousands} and as {decimal}; write the one that you mean.",
    )


def identifier(text: str, prop: str) -> tuple[str, Fault | None]:
    """A normalised company number, and its fault, if any."""
    rule, name = IDENTIFIERS[prop]
    proper = rule(text)
    if proper is not None:
        return proper, None
    return text, (
        "bad-identifier",
        Text(
            f"{quoted(text)} er ikke et gyldigt {name}-nummer: Længden eller kontrolcifret passer ikke.",
            f"{quoted(text)} is not a valid {name} number: its length or check digit is wrong.",
        ),
    )


def typed(text: str, datatype: str | None) -> Literal:
    """A literal of a datatype; without one, a string."""
    return Literal(text, datatype=NamedNode(datatype or v.XSD_STRING))


def lexical_fault(text: str, datatype: str) -> Fault | None:
    """The fault of the lexical form of a literal in RDF, which is not converted."""
    if datatype == v.XSD_BOOLEAN:
        if text in ("true", "false", "1", "0"):
            return None
        return wrong_type(
            f"{quoted(text)} er ikke en sandhedsværdi; skriv true eller false.",
            f"{quoted(text)} is not a truth value; write true or false.",
        )
    return literal(text, datatype)[1]


def concept(text: str, prop: Property, terms: Terms, report: Reporter, place: Place) -> NamedNode | None:
    """The concept of a text as a value of a property; None, and a problem, when there is none."""
    named = terms.concept(text, prop.schemes)
    if named is not None:
        return NamedNode(named)
    meant = likely(text, prop.schemes, terms, report)
    da, en = terms.values_of(prop.schemes, near=meant is not None)
    report.add(
        "unknown-concept",
        f"{quoted(text)} er ikke en kendt værdi for {prop.label.da}{da}.",
        f"{quoted(text)} is not a known value of {prop.label.en}{en}.",
        place,
        meant,
    )
    return None


def likely(
    text: str, schemes: Collection[str], terms: Terms, report: Reporter, classes: Collection[str] = ()
) -> Text | None:
    """The word of a concept that a text was probably meant to be; preferably in the language of the message."""
    words = terms.candidates(text, schemes, classes)
    near = report.closest(text, words)
    if near is None:
        return None
    return Text(*(closest(text, words - terms.foreign(schemes, language)) or near for language in Language))


def added_under(terms: Terms, classes: Iterable[str], *, new: bool) -> Text:
    """The end of a message that says where to add a thing of one of the classes; empty with no place or many.

    ``new``: the message adds "if it is a new one", since an existing thing may be meant.
    """
    places = [
        Text(*(words.get(language, next(iter(words.values()))).capitalize() for language in Language))
        for containers in (terms.classes[cls].containers for cls in classes if cls in terms.classes)
        if (words := {language: word for word, language in reversed(containers)})
    ]
    if not 0 < len(places) <= _MOST_PLACES:
        return Text("", "")
    under = Text.joined(Text(" eller ", " or "), places)
    if new:
        return Text(f" Er den ny, så tilføj den under {under.da}.", f" If it is new, add it under {under.en}.")
    return Text(f" Tilføj den under {under.da}.", f" Add it under {under.en}.")
