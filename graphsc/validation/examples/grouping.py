"""What to write put together: what is about one thing as one, and beneath one heading side by side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Protocol, Self, TypeVar


class Joined(Protocol):
    """Something to write that another about the same thing can be joined to."""

    def __or__(self, other: Self, /) -> Self:
        """Both as one."""


J = TypeVar("J", bound=Joined)


def together(items: Iterable[J], key: Callable[[J], Hashable | None], heading: Callable[[J], str]) -> list[J]:
    """The items, those of one key as one, those beneath one heading side by side; without a key each is alone."""
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
    """Each item as a line, beneath the title of its heading where that is another than before."""
    last = None
    for item in items:
        if heading(item) != last:
            last = heading(item)
            yield title(last)
        yield line(item)
