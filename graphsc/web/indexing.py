"""Rows by the values of their fields, so that pages look rows up and do not scan all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

R = TypeVar("R")


class Index(Generic[R]):
    """Rows in an order, with an index of the values of their fields."""

    def __init__(self, rows: Sequence[R], fields: Mapping[str, Callable[[R], Iterable[str | None]]]) -> None:
        self.rows = rows
        self._counts: dict[str, Mapping[str, int]] = {}
        self._places: dict[str, dict[str, list[int]]] = {field: {} for field in fields}
        for place, row in enumerate(rows):
            for field, values in fields.items():
                for value in set(values(row)):
                    if value:
                        self._places[field].setdefault(value, []).append(place)

    def having(self, selection: Mapping[str, str]) -> Sequence[R]:
        """The rows that have all values of a selection, in order; names that are no fields are ignored."""
        matching = [
            self._places[field].get(value, []) for field, value in selection.items() if value and field in self._places
        ]
        if not matching:
            return self.rows
        least, *others = sorted(matching, key=len)
        sets = [set(places) for places in others]
        return [self.rows[place] for place in least if all(place in places for places in sets)]

    def first(self, field: str, value: str | None) -> R | None:
        """The first row with a value of a field; None without any."""
        places = self._places[field].get(value or "")
        return self.rows[places[0]] if places else None

    def counts(self, field: str) -> Mapping[str, int]:
        """The values of a field with their numbers of rows."""
        if field not in self._counts:
            self._counts[field] = {value: len(places) for value, places in self._places[field].items()}
        return self._counts[field]
