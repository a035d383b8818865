"""A syntax error of a query in words: where, what stands there, and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphsc.core import escape
from graphsc.core.text import Text

_ERROR = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CLASS = re.compile(r"\[[^\]]*\]")
_LONGEST = 40
_STARTS = {
    "?": Text("en variabel", "a variable"),
    "<": Text("en IRI", "an IRI"),
    "'": Text("en tekst", "a text"),
    "+": Text("et tal", "a number"),
}
"""What begins with a character, in words."""
_MARKS = {"{", "}", "(", ")", ".", ";", ",", "*", "=", "]"}
_KEYWORDS = {"AS", "BY", "SELECT", "WHERE"}
"""Passed on as they are; the engine's list of other keywords is incomplete."""
_REASONS = {
    "Prefix not found": Text("et præfiks er ikke erklæret", "a prefix is not declared"),
    "IRI parsing failed": Text("en IRI er ikke gyldig", "an IRI is not valid"),
    "The SELECT contains a variable that is unbound": Text(
        "SELECT vælger en variabel, som mønsteret ikke binder, eller som der ikke er grupperet efter",
        "SELECT chooses a variable that the pattern does not bind, or that is not grouped by",
    ),
    "SELECT * is not authorized with GROUP BY": Text(
        "SELECT * kan ikke stå sammen med GROUP BY", "SELECT * cannot stand with GROUP BY"
    ),
    "The VALUES clause rows": Text(
        "en række i VALUES har flere eller færre værdier, end der er variable",
        "a row of VALUES has more or fewer values than there are variables",
    ),
    r'"\\"': Text("en tekst i citationstegn slutter ikke", "a text in quotation marks does not end"),
}


def not_read(error: SyntaxError, query: str) -> Text:
    """Why the engine could not read a query; its own message where that is in another form."""
    match = _ERROR.fullmatch(str(error.msg))
    if match is None:
        reason = Text.same(" ".join(str(error.msg).split()))
    elif not query.strip():
        reason = Text("den er tom", "it is empty")
    else:
        place, why = _place(query, int(match[1]), int(match[2])), _why(match[3])
        reason = Text(f"{place.da}{why.da}", f"{place.en}{why.en}")
    return Text(f"Forespørgslen kan ikke læses: {reason.da}.", f"The query cannot be read: {reason.en}.")


def _place(query: str, line: int, column: int) -> Text:
    """How far the engine got, with the word that stands there or, at an end, before it."""
    lines = query.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    there = re.match(r"\S+", text[column - 1 :])
    before = " ".join([*lines[: line - 1], text[: column - 1]]).split()
    where = Text(f"linje {line}, kolonne {column}", f"line {line}, column {column}")
    if there is not None or not before:
        word = escape.brief(there[0] if there is not None else "", _LONGEST)
        return Text(f"{where.da}, ved »{word}«", f"{where.en}, at “{word}”")
    word = escape.brief(before[-1], _LONGEST)
    return Text(f"{where.da}, ved eller lige før »{word}«", f"{where.en}, at or just before “{word}”")


def _why(expected: str) -> Text:
    """What the engine expected, without the entries that mean nothing to the author of the query."""
    for start, reason in _REASONS.items():
        if start in expected:
            return Text(f": {reason.da}", f": {reason.en}")
    choices = list(_choices(expected))
    if not choices:
        return Text("", "")
    da, en = (
        " ".join([", ".join(options[:-1]), word, options[-1]] if len(options) > 1 else options)
        for options, word in (([choice.da for choice in choices], "eller"), ([choice.en for choice in choices], "or"))
    )
    return Text(f": der ventes {da}", f": {en} is expected")


def _choices(expected: str) -> Iterator[Text]:
    quoted = [re.sub(r"\\(.)", r"\1", text) for text in _QUOTED.findall(expected)]
    yield from (_STARTS[text] for text in quoted if text in _STARTS)
    if not quoted and "['0'..='9']" in expected:
        yield Text("et tal", "a number")
    words = re.findall(r"\w+", _CLASS.sub("", _QUOTED.sub("", expected)))
    marks = [text for text in quoted if text in _MARKS] + [word for word in words if word in _KEYWORDS]
    yield from (Text(f"»{mark}«", f"“{mark}”") for mark in dict.fromkeys(marks))
