"""What was probably meant by an unknown word."""

from __future__ import annotations

import difflib
from collections.abc import Collection

MOST_CANDIDATES = 2_000
"""With more candidates than this, none is suggested."""
_MOST_ALIKE = 10
_ALIKE = 0.65
"""How similar two words must be, from 0 to 1, for one to be taken for a misspelling of the other."""
_SHORTEST_PART = 5
"""The fewest letters of a word that is looked for inside others."""


def closest(word: str, candidates: Collection[str]) -> str | None:
    """The candidate most like the word, capitals aside, else the shortest that it is a part of.

    None when there is neither, or there are too many to compare.
    """
    if len(word) > 200 or len(candidates) > MOST_CANDIDATES:
        return None
    alike = {candidate.casefold(): candidate for candidate in sorted(candidates, reverse=True)}
    folded = word.casefold()
    near = difflib.get_close_matches(folded, alike, n=_MOST_ALIKE, cutoff=_ALIKE)
    if not near:
        holding = [other for other in alike if len(folded) >= _SHORTEST_PART and folded in other]
        return alike[min(holding, key=lambda other: (len(other), other))] if holding else None
    best = min(near, key=lambda other: (-difflib.SequenceMatcher(None, other, folded).ratio(), other))
    return alike[best]
