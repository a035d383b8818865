"""Collects problems, with quoted text and suggestions of what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Collection

from graphsc.core.closest import closest
from graphsc.core.escape import INVISIBLE
from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.sources.model import Place

_INVISIBLE = re.compile(f"[{INVISIBLE}\u00a0]")
_BLANK = re.compile(rf"[\s{INVISIBLE}]*\Z")
_LONGEST_QUOTE = 80
MOST_ALIKE = 100
"""The most problems of one code that are written out per file; the rest are counted."""


def is_blank(text: str) -> bool:
    """Whether a text says nothing: it is empty, or there is nothing in it that can be seen."""
    return _BLANK.match(text) is not None


def quoted(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """Text from a source, safe for a message: shortened, with invisible characters escaped."""
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    return "“" + _INVISIBLE.sub(lambda item: f"\\u{ord(item[0]):04x}", text) + "”"


def suggestion(candidate: str | Text | None) -> Text:
    """The end of a message that asks whether the candidate was meant, which may differ by language; empty without one."""
    if candidate is None:
        return Text("", "")
    da, en = (candidate, candidate) if isinstance(candidate, str) else (candidate.da, candidate.en)
    return Text(f" Mente du {quoted(da)}?", f" Did you mean {quoted(en)}?")


def hint(word: str, candidates: Collection[str]) -> Text:
    """The end of a message that asks whether the candidate most like the word was meant; empty when none is near."""
    return suggestion(closest(word, candidates))


Fault = tuple[str, Text]
"""The code of a problem, and its message."""


class Reporter:
    """The problems of one file; the first hundred of each code are written out, the rest are counted."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._counts: dict[str, int] = {}
        self._sought = 0

    def add(self, code: str, da: str, en: str, place: Place | None = None, meant: str | Text | None = None) -> None:
        """Add a problem at a place, with the candidate that was probably meant."""
        location = Location(self.file) if place is None else Location.at(self.file, place)
        self.note(code, da, en, location, meant)

    def note(self, code: str, da: str, en: str, location: Location, meant: str | Text | None = None) -> None:
        """Add a problem at a location, with the candidate that was probably meant."""
        count = self._counts[code] = self._counts.get(code, 0) + 1
        if count <= MOST_ALIKE:
            tail = suggestion(meant)
            self.problems.append(Problem(code, Text(da + tail.da, en + tail.en), location))

    def fault(self, fault: Fault | None, place: Place) -> bool:
        """Add the fault as a problem, if there is one; whether there is."""
        if fault is not None:
            self.add(fault[0], fault[1].da, fault[1].en, place)
        return fault is not None

    def too_deep(self, levels: int, place: Place) -> None:
        """Add the problem that something is nested deeper than the limit."""
        self.add(
            "too-deep", f"Indholdet ligger mere end {levels} niveauer dybt.",
            f"The contents lie more than {levels} levels deep.", place,
        )  # fmt: skip

    def duplicate_key(self, key: str, earlier: Place, place: Place) -> None:
        """Add the problem that an object has a key twice."""
        self.add(
            "duplicate-key", f"Nøglen {quoted(key)} står også på linje {earlier[0]}; kun den første bruges.",
            f"The key {quoted(key)} is also on line {earlier[0]}; only the first is used.", place,
        )  # fmt: skip

    def full(self, code: str) -> bool:
        """Whether further problems of this code are only counted."""
        return self._counts.get(code, 0) >= MOST_ALIKE

    def closest(self, word: str, candidates: Collection[str]) -> str | None:
        """The candidate most like the word; only for the first hundred words, since it takes time."""
        self._sought += 1
        return closest(word, candidates) if self._sought <= MOST_ALIKE else None

    def uncounted(self) -> list[Problem]:
        """For each code with more problems than are written out, a problem that gives the number of the others."""
        return [
            Problem(
                code,
                Text(
                    f"Der er {count - MOST_ALIKE} til af slagsen {code} i filen.",
                    f"There are {count - MOST_ALIKE} more of the kind {code} in the file.",
                ),
                Location(self.file),
            )
            for code, count in sorted(self._counts.items())
            if count > MOST_ALIKE
        ]
