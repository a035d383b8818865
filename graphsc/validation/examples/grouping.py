"""Merging what to write about the same thing, and grouping it by heading."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Protocol, Self, TypeVar


class Joined(Protocol):
    """Something to write, which can be merged with another about the same thing."""

    def __or__(self, other: Self, /) -> Self:
        """Both merged."""


J = TypeVar("J", bound=Joined)


def together(items: Iterable[J], key: Callable[[J], Hashable | None], heading: Callable[[J], str]) -> list[J]:
    """The items, with those of the same key merged, grouped by heading; an item without a key is never merged."""
    result: dict[object, J] = {}
    for number, item in enumerate(items):
        about = key(item)
        place = (number,) if about is None else (None, about)
        result[place] = result[place] | item if place in result else item
    places = {heading(item): place for place, item in reversed(list(enumerate(result.values())))}
    return sorted(result.values(), key=lambda item: places[heading(item)])


def under_headings(
    items: Iterable[J], heading: Callable[[J], str], title: Callable[[str], str], line: Callable[[J], str]
) -> Iterator[str]:
    """Each item as a line; the title of its heading comes before it where the heading changes."""
    last = None
    for item in items:
        if heading(item) != last:
            last = heading(item)
            yield title(last)
        yield line(item)
