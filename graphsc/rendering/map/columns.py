"""The means of telling a page much in little room: a table of texts, numbers for IRIs, and columns with few values."""

from __future__ import annotations

from collections.abc import Iterable

from graphsc.core.escape import brief
from graphsc.core.text import Text
from graphsc.drawing.model import Picture


class Texts:
    """The table of texts: each once, as one string where both languages say the same."""

    def __init__(self) -> None:
        self._number: dict[tuple[str, str], int] = {}

    def __call__(self, text: Text | None) -> int:
        """The number of a text; -1 for none."""
        if text is None:
            return -1
        key = brief(text.da), brief(text.en)
        return self._number.setdefault(key, len(self._number))

    def table(self) -> list[str | list[str]]:
        """The texts in the order of their numbers."""
        return [da if da == en else [da, en] for da, en in self._number]


class Places:
    """Places of nodes and agreements by IRI, and the part that all IRIs of nodes begin with."""

    def __init__(self, picture: Picture, agreements: Iterable[str] = ()) -> None:
        self.node = {node.iri: place for place, node in enumerate(picture.nodes)}
        self.agreements = sorted({*(picture.agreements or {}), *agreements})
        self.agreement = {iri: place for place, iri in enumerate(self.agreements)}
        self.prefix = shared([*self.node, *self.agreements])

    def short(self, iri: str) -> str:
        """An IRI without what all begin with."""
        return iri.removeprefix(self.prefix)


def shared(iris: list[str]) -> str:
    """What all IRIs begin with, up to a slash or hash."""
    if not iris:
        return ""
    first, last = min(iris), max(iris)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[: max(first.rfind("/", 0, same), first.rfind("#", 0, same)) + 1]


def sparse(pairs: Iterable[tuple[int, object]]) -> dict[str, object]:
    """A column of which few places have a value."""
    return {str(place): value for place, value in pairs}
