"""Reduced ordered binary decision diagrams of monotone functions (Bryant 1986), with the operations that availability needs.

A diagram tells for every combination of events whether something fails. Equal functions have the same number, so a
cycle is solved when no number changes any more, and the probability of a function takes one pass over the nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NEVER = 0
ALWAYS = 1


class DiagramTooLargeError(Exception):
    """A function has no diagram within the limit of nodes."""


class Diagrams:
    """Diagrams over variables 0, 1, 2 … in that order, which share their nodes.

    A function is the number of its top node; ``NEVER`` and ``ALWAYS`` are the constants. Operations raise
    DiagramTooLargeError when there would be more nodes than the limit, intermediate results included.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._variable = [-1, -1]
        self._low = [NEVER, ALWAYS]
        self._high = [NEVER, ALWAYS]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._either: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self._variable)

    def event(self, variable: int) -> int:
        """The function that is true when the event of a variable happens."""
        return self._node(variable, NEVER, ALWAYS)

    def either(self, first: int, second: int) -> int:
        """The function that is true when one of two is."""
        return self._apply(self._either, ALWAYS, first, second)

    def both(self, first: int, second: int) -> int:
        """The function that is true when two are."""
        return self._apply(self._both, NEVER, first, second)

    def any_of(self, functions: Iterable[int]) -> int:
        """The function that is true when one of several is."""
        result = NEVER
        for function in self._from_the_end(functions):
            result = self.either(result, function)
        return result

    def at_least(self, functions: Sequence[int], enough: int) -> int:
        """The function that is true when at least ``enough`` of several are."""
        if enough < 1 or enough > len(functions):
            return NEVER
        reached = [ALWAYS] + [NEVER] * enough
        for place, function in enumerate(self._from_the_end(functions)):
            still = len(functions) - place
            for count in range(min(enough, place + 1), max(0, enough - still), -1):
                reached[count] = self.either(reached[count], self.both(reached[count - 1], function))
        return reached[enough]

    def probability(self, function: int, happens: Sequence[float]) -> float:
        """The probability of a function when events happen independently, each with its probability."""
        values = [0.0, 1.0]
        for variable, low, high in zip(self._variable[2 : function + 1], self._low[2:], self._high[2:], strict=False):
            values.append(values[low] + happens[variable] * (values[high] - values[low]))
        return values[function]

    def _from_the_end(self, functions: Iterable[int]) -> list[int]:
        """The functions, those with the last variables first, so that joining the next adds nodes on top and rebuilds none."""
        return sorted(functions, key=lambda function: (-self._variable[function], function))

    def _node(self, variable: int, low: int, high: int) -> int:
        if low == high:
            return low
        key = (variable, low, high)
        match = self._unique.get(key)
        if match is None:
            match = len(self._variable)
            if match > self._limit:
                raise DiagramTooLargeError
            self._unique[key] = match
            self._variable.append(variable)
            self._low.append(low)
            self._high.append(high)
        return match

    def _apply(self, memo: dict[tuple[int, int], int], absorbing: int, first: int, second: int) -> int:
        """Either or both of two functions; ``absorbing`` is the constant that decides the result alone."""
        neutral = 1 - absorbing
        done = _shortcut(absorbing, neutral, first, second)
        if done is not None:
            return done
        top = (first, second) if first < second else (second, first)
        stack = [top]
        while stack:
            pair = stack[-1]
            if pair in memo:
                stack.pop()
                continue
            lesser, greater = pair
            variable, other_variable = self._variable[lesser], self._variable[greater]
            top_variable = min(variable, other_variable)
            results: list[int] = []
            for branch in (self._low, self._high):
                left = branch[lesser] if variable == top_variable else lesser
                right = branch[greater] if other_variable == top_variable else greater
                result = _shortcut(absorbing, neutral, left, right)
                if result is None:
                    key = (left, right) if left < right else (right, left)
                    result = memo.get(key)
                    if result is None:
                        stack.append(key)
                        continue
                results.append(result)
            if len(results) == 2:
                memo[pair] = self._node(top_variable, results[0], results[1])
                if len(memo) > 8 * self._limit:
                    raise DiagramTooLargeError
                stack.pop()
        return memo[top]


def _shortcut(absorbing: int, neutral: int, first: int, second: int) -> int | None:
    """The result where a constant or equal functions decide it."""
    if absorbing in (first, second):
        return absorbing
    if first in (neutral, second):
        return second
    return first if second == neutral else None
