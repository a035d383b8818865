"""What of a result is told in JSON: each field of its dataclass and each `told` property, by its name in camelCase.

What a field is for stands behind it after ``#:``, what a property is for in its docstring; ``docs/schemas.py`` makes the JSON
Schema of both. A field that is not for readers is ``field(metadata=HIDDEN)``. The parts of a field ``INLINE`` stand beside
the other fields; of two by one name the later one counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

HIDDEN = {"told": "hidden"}
INLINE = {"told": "inline"}
Getter = TypeVar("Getter", bound=Callable[[Any], object])
_DIGITS = 12
"""The decimals of a figure that are no floating-point noise."""


@dataclass(frozen=True, slots=True)
class Member:
    """A part of a result that is told: its name in JSON and in code."""

    name: str
    attribute: str
    inline: bool = False


def told(getter: Getter) -> Getter:
    """Mark the getter of a property as told: ``@property`` above ``@told``."""
    getter.__dict__["told"] = True
    return getter


@cache
def members(kind: type) -> tuple[Member, ...]:
    """What is told of a dataclass: its fields, then its properties."""
    ways = {field.name: field.metadata.get("told") for field in fields(cast("Any", kind))}
    for base in reversed(kind.__mro__):
        ways |= {name: None for name, value in vars(base).items() if "told" in _marks(value)}
    return tuple(
        Member(re.sub("_(.)", lambda match: match[1].upper(), name), name, way == "inline")
        for name, way in ways.items()
        if way != "hidden"
    )


def _marks(value: object) -> dict[str, object]:
    return vars(value.fget) if isinstance(value, property) and value.fget is not None else {}


def plain(value: Any) -> Any:
    """A value as JSON has it: an object for a dataclass, ISO 8601 for a day, figures without the noise of floating point."""
    match value:
        case float():
            return round(value, _DIGITS)
        case date():
            return value.isoformat()
        case Mapping():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case frozenset():
            return [plain(item) for item in sorted(value)]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    record: dict[str, Any] = {}
    for member in members(type(value)):
        told_of = plain(getattr(value, member.attribute))
        record |= told_of if member.inline else {member.name: told_of}
    return record
