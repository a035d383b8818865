"""The lexical forms of literals, of which a SPARQL store keeps only the values.

Oxigraph stores ``"01"^^xsd:integer`` as 1, ``"4.0"^^xsd:decimal`` as 4 and ``"300"^^xsd:byte`` as an integer, and
``"2026-02-31"^^xsd:date`` as a date that does not exist. SHACL judges the lexical form. Such a literal is therefore
kept outside the store too, and is *boxed* in the store while lexical forms are judged: a literal with the same text,
and a datatype that gives the original datatype and whether the text is valid for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache

import pyoxigraph as ox

from graphsc.core.vocabulary import XSD

BOX = "urn:graphsc:written:"
WELL, ILL = BOX + "+:", BOX + "-:"
"""The prefixes of the datatype of a boxed literal: its text is valid for the original datatype, or is not."""

_SIGNED = re.compile(r"([+-]?)0*([0-9]+)\Z")
_RANGES: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None), "long": (-(2**63), 2**63 - 1), "int": (-(2**31), 2**31 - 1), "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127), "nonNegativeInteger": (0, None), "positiveInteger": (1, None), "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1), "unsignedShort": (0, 2**16 - 1), "unsignedByte": (0, 255),
    "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
}  # fmt: skip
_DIGITS = 30
"""More digits than any bound above has: how many of a number decide on which side of it the number lies."""
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_PATTERNS = {
    name: re.compile(pattern + r"\Z")
    for name, pattern in {
        "boolean": "(?:true|false|1|0)",
        "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
        "double": r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN)",
        "float": r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN)",
        "date": rf"(?P<y>{_YEAR})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}}){_ZONE}",
        "dateTime": rf"(?P<y>{_YEAR})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})T{_TIME}{_ZONE}",
        "dateTimeStamp": rf"(?P<y>{_YEAR})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})T{_TIME}{_ZONE[:-1]}",
        "time": rf"{_TIME}{_ZONE}",
        "gYear": rf"{_YEAR}{_ZONE}",
        "gYearMonth": rf"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}",
        "gMonth": rf"--(?:0[1-9]|1[0-2]){_ZONE}",
        "gDay": rf"---(?:0[1-9]|[12][0-9]|3[01]){_ZONE}",
        "gMonthDay": rf"--(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9])){_ZONE}",
        "duration": r"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9.])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?",
        "dayTimeDuration": r"-?P(?=[0-9T])(?:[0-9]+D)?(?:T(?=[0-9.])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?",
        "yearMonthDuration": r"-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?",
        "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    }.items()
}
_PLAIN = {XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", XSD + "anyURI"}
_STORED_AS_WRITTEN = {
    XSD + "integer": re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z"),
    XSD + "decimal": re.compile(r"(?:0|-?(?:[1-9][0-9]{0,14}(?:\.[0-9]{0,13}[1-9])?|0\.[0-9]{0,13}[1-9]))\Z"),
    XSD + "boolean": re.compile(r"(?:true|false)\Z"),
}
_YEARS = 400
"""The Gregorian calendar repeats after this many years, so the last four digits of a year say which it is like."""


@lru_cache(maxsize=65536)
def well_formed(literal: ox.Literal) -> bool:
    """Whether the text of a literal is valid for its datatype; true for datatypes that are not XML Schema's.

    Source: XML Schema 1.1, part 2.
    """
    kind = literal.datatype.value
    if not kind.startswith(XSD):
        return True
    name = kind[len(XSD) :]
    if name in _RANGES:
        low, high = _RANGES[name]
        signed = _SIGNED.match(literal.value)
        if signed is None:
            return False
        number = int(signed[1] + signed[2][:_DIGITS])
        return (low is None or number >= low) and (high is None or number <= high)
    pattern = _PATTERNS.get(name)
    if pattern is None:
        return True
    match = pattern.match(literal.value)
    if match is None:
        return False
    parts = match.groupdict()
    return not parts or _is_day(int(parts["y"][-4:]), int(parts["m"]), int(parts["d"]))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year % _YEARS + _YEARS, month, day)
    except ValueError:
        return False
    return True


def box(literal: ox.Literal) -> ox.Literal:
    """The boxed form of a literal."""
    prefix = WELL if well_formed(literal) else ILL
    return ox.Literal(literal.value, datatype=ox.NamedNode(prefix + literal.datatype.value))


def unboxed(
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple,
) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    """The original of a boxed literal; any other term as it is."""
    if isinstance(term, ox.Literal) and term.datatype.value.startswith(BOX):
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype.value[len(WELL) :]))
    return term


@lru_cache(maxsize=65536)
def is_kept(literal: ox.Literal) -> bool:
    """Whether a store keeps the lexical form of the literal, and it is valid for its datatype."""
    kind = literal.datatype.value
    if kind in _PLAIN or not kind.startswith(XSD):
        return True
    simple = _STORED_AS_WRITTEN.get(kind)
    if simple is not None and simple.match(literal.value):
        return True
    store = ox.Store()
    node = ox.NamedNode("urn:x")
    store.add(ox.Quad(node, node, literal))
    return next(iter(store)).object == literal and well_formed(literal)


class WrittenForms:
    """The quads of a store whose lexical forms it has lost; `boxed` puts them into the store."""

    def __init__(self) -> None:
        self._lost: dict[ox.Quad, ox.Quad] = {}
        self._kept: set[ox.Quad] = set()

    def __bool__(self) -> bool:
        return bool(self._lost)

    def note(self, quads: Sequence[ox.Quad]) -> None:
        """Remember those of these quads whose lexical forms a store loses; they are all the quads of one source."""
        lost = [quad for quad in quads if isinstance(quad.object, ox.Literal) and not is_kept(quad.object)]
        if not lost:
            return
        stored = dict(zip(lost, map(_stored, lost), strict=True))
        self._lost.update(stored)
        merged = set(stored.values())
        self._kept.update(quad for quad in quads if quad in merged and quad not in stored)

    def properties(self) -> frozenset[str]:
        """The properties of the remembered quads."""
        return frozenset(quad.predicate.value for quad in self._lost)

    def copy(self) -> WrittenForms:
        """A copy, for a copy of the store."""
        other = WrittenForms()
        other._lost, other._kept = dict(self._lost), set(self._kept)
        return other

    def written(self, quads: Iterable[ox.Quad]) -> set[ox.Quad]:
        """Quads of the store with their original lexical forms."""
        result = set(quads)
        forms = {quad: stored for quad, stored in self._lost.items() if stored in result}
        return (result - (set(forms.values()) - self._kept)) | set(forms)

    @contextmanager
    def boxed(self, store: ox.Store) -> Iterator[tuple[Collection[ox.Quad], Collection[ox.Quad]]]:
        """Replace these literals in the store by boxed ones; gives the quads that were added and those that were removed."""
        forms = {
            ox.Quad(quad.subject, quad.predicate, box(_literal(quad)), quad.graph_name): stored
            for quad, stored in self._lost.items()
            if stored in store
        }
        gone = set(forms.values()) - self._kept
        store.extend(forms)
        for quad in gone:
            store.remove(quad)
        try:
            yield forms, gone
        finally:
            store.extend(gone)
            for quad in forms:
                store.remove(quad)


def _stored(quad: ox.Quad) -> ox.Quad:
    store = ox.Store()
    store.add(quad)
    stored: ox.Quad = next(iter(store))
    return stored


def _literal(quad: ox.Quad) -> ox.Literal:
    assert isinstance(quad.object, ox.Literal)
    return quad.object
