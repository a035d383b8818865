"""A compact form for the data of the page: a table of texts, numbers for IRIs, and columns with few values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from graphsc.core.escape import brief
from graphsc.core.text import Language, Text, with_written_days
from graphsc.drawing.model import Picture

COMPOSED = (Text("{0} (under {1})", "{0} (under {1})"), Text("aftalen med {0}", "the agreement with {0}"))
"""The patterns by which most names of agreements are made of those of their parties: they save a third of all text."""
_FORMS = [
    (re.compile(re.escape(text.da).replace(r"\{0\}", "(.+)").replace(r"\{1\}", "(.+)")), text) for text in COMPOSED
]


class Texts:
    """The table of texts: each once, as one string where it is the same in both languages."""

    def __init__(self) -> None:
        self._number: dict[tuple[str, str], int] = {}

    def __call__(self, text: Text | None) -> int:
        """The number of a text; -1 for none."""
        if text is None:
            return -1
        key = (brief(with_written_days(text.da, Language.DA)), brief(with_written_days(text.en, Language.EN)))
        return self._number.setdefault(key, len(self._number))

    def table(self) -> list[str | list[Any]]:
        """The texts in the order of their numbers.

        A text that is composed of others by `COMPOSED` is the number of its pattern, then those of its parts.
        """
        return [self._composed(da, en) or (da if da == en else [da, en]) for da, en in self._number]

    def _composed(self, da: str, en: str) -> list[int] | None:
        for form, (pattern, written) in enumerate(_FORMS):
            match = pattern.fullmatch(da)
            parts = [(part, part) for part in match.groups()] if match else []
            if match and all(part in self._number for part in parts) and written.en.format(*match.groups()) == en:
                return [form, *(self._number[part] for part in parts)]
        return None


class Places:
    """The numbers of nodes and agreements by IRI, and the common prefix of the nodes' IRIs."""

    def __init__(self, picture: Picture, agreements: Iterable[str] = ()) -> None:
        self.node = {node.iri: place for place, node in enumerate(picture.nodes)}
        self.agreements = sorted({*(picture.agreements or {}), *agreements})
        self.agreement = {iri: place for place, iri in enumerate(self.agreements)}
        self.prefix = shared([*self.node, *self.agreements])

    def short(self, iri: str) -> str:
        """An IRI without the common prefix."""
        return iri.removeprefix(self.prefix)


def shared(iris: list[str]) -> str:
    """The common prefix of IRIs, up to a slash or hash."""
    if not iris:
        return ""
    first, last = min(iris), max(iris)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[: max(first.rfind("/", 0, same), first.rfind("#", 0, same)) + 1]


def digits(numbers: Iterable[int]) -> str:
    """A column of numbers of one digit each, as one text."""
    return "".join(map(str, numbers))


def sparse(pairs: Iterable[tuple[int, object]]) -> dict[str, object]:
    """A column with few values, by their numbers."""
    return {str(place): value for place, value in pairs}
