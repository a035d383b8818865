"""Headings of tables as people write them, compared with those that a mapping names."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from graphsc.core.resources import knowledge
from graphsc.sources.terms import normal

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "\u00ad": None})
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_REST = re.compile(r"[^a-z0-9]+")


@cache
def _units() -> re.Pattern[str]:
    """What brackets in a heading hold that only say how its values are written."""
    units = tomllib.loads(knowledge("ontology/tables.toml").read_text(encoding="utf-8"))["units"]
    return re.compile(rf"(?<!\w)(?:{'|'.join(units)})(?!\w)", re.IGNORECASE)


def _without_units(heading: str) -> str:
    def kept(bracket: re.Match[str]) -> str:
        return bracket[0] if re.search(r"\w", _units().sub("", bracket[1])) else " "

    return _BRACKETS.sub(kept, heading).rstrip(" *:")


def plain(text: str) -> str:
    """A heading as small letters and digits: without blanks, hyphens, marks on letters, and brackets that hold units only."""
    decomposed = unicodedata.normalize("NFKD", _without_units(text).casefold().translate(_LETTERS))
    return _REST.sub("", decomposed).replace("oe", "o").replace("aa", "a")


class Headings:
    """The keys of the headings that a mapping reads.

    A heading is found in any case and with any blanks, hyphens, line breaks and marks on letters. A word of it that ends with
    a full stop stands for each word that begins so; where that fits several keys, the heading is none of them.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys: dict[str, list[str]] = defaultdict(list)
        for key in sorted(keys):
            self._keys[plain(key)].append(key)
        self._keys.pop("", None)

    def key(self, heading: str) -> str | None:
        """The key of a heading; None for one that is not read. Of keys that differ by case and hyphens alone, the nearest."""
        head = plain(heading)
        if head in self._keys:
            return min(self._keys[head], key=lambda key: (key != heading, normal(key) != normal(heading)))
        *abbreviated, rest = map(plain, _without_units(heading).split("."))
        if not all(abbreviated) or not abbreviated:
            return None
        pattern = re.compile("".join(f"{re.escape(part)}[a-z]*" for part in abbreviated) + re.escape(rest))
        keys = [key for known, several in self._keys.items() if pattern.fullmatch(known) for key in several]
        return keys[0] if len(keys) == 1 else None
