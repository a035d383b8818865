"""The JSON Schema of every document that a command writes, made from the dataclass of its result."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from graphsc.core.contract import Member, members
from graphsc.duties.results import Gaps, Handover, Matrices
from graphsc.rendering import duties
from graphsc.rendering import whatif as what_if
from graphsc.rendering.coverage import json as coverage
from graphsc.rendering.findings import json as findings
from graphsc.rendering.risk import json as risk
from graphsc.service.questions import Questions
from graphsc.whatif.model import Diff

DOCUMENTS: dict[str, tuple[str, type]] = {
    "coverage": ("coverage", coverage.Document),
    "diff": ("validate --diff OLD", Diff),
    "duties": ("duties", duties.Document),
    "findings": ("validate", findings.Document),
    "gaps": ("duties --gaps", Gaps),
    "handover": ("duties --if-leaves", Handover),
    "questions": ("questions", Questions),
    "raci": ("raci", Matrices),
    "risk": ("risk", risk.Document),
    "what-if": ("what-if", what_if.Document),
}
"""The command that writes each document, and its type; the name stands in the address of the schema and in the document."""

_NOTE = "Fields may be added within version 1, never changed or removed, so a reader should pass over what it does not know."
_PURPOSE = re.compile(r"^(?:((?:    #: .+\n)+)    (\w+):|    (\w+): .*  #: (.+)$)", re.MULTILINE)
"""What a field is for, as the comment says that begins with ``#:``, behind the field or in the lines above it."""
_SIMPLE: dict[object, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
}


class _Parts:
    """The schemas of the parts of a document, by the names of their types."""

    def __init__(self) -> None:
        self.schemas: dict[str, dict[str, Any]] = {}
        self._kinds: dict[str, object] = {}

    def of(self, hint: Any) -> dict[str, Any]:
        """The schema of a type."""
        origin, args = get_origin(hint) or hint, get_args(hint)
        if hint in _SIMPLE:
            return _SIMPLE[hint]
        if origin is Literal:
            return {"enum": list(args)}
        if origin in {Union, UnionType}:
            return {"anyOf": [self.of(arg) for arg in args]}
        if is_dataclass(origin) or issubclass(origin, Enum):
            return self._reference(hint, origin, args)
        if issubclass(origin, Mapping):
            key, value = map(self.of, args)
            return {"type": "object", "additionalProperties": value} | ({} if "type" in key else {"propertyNames": key})
        if origin is tuple and args[-1] is not ...:
            few = {"minItems": len(args), "maxItems": len(args)}
            return {"type": "array", "prefixItems": [self.of(arg) for arg in args], **few}
        if issubclass(origin, (frozenset, Sequence)):
            return {"type": "array", "items": self.of(args[0])}
        raise TypeError(f"{hint} has no place in JSON")

    def _reference(self, hint: Any, kind: Any, args: tuple[Any, ...]) -> dict[str, Any]:
        name = "".join(part.__name__ for part in (*args, kind))
        if name not in self._kinds:
            self._kinds[name] = hint
            self.schemas[name] = {}  # its place, also where it has a part of its own kind
            self.schemas[name] |= self.whole(hint) if is_dataclass(kind) else _enumeration(kind)
        assert self._kinds[name] == hint, f"two kinds of part are called {name}"
        return {"$ref": f"#/$defs/{name}"}

    def whole(self, hint: Any) -> dict[str, Any]:
        """The schema of a dataclass."""
        kind = get_origin(hint) or hint
        properties = self._properties(kind, dict(zip(getattr(kind, "__parameters__", ()), get_args(hint), strict=True)))
        about = {"description": _first(kind), "type": "object"}
        return {**about, "properties": properties, "required": list(properties)}

    def _properties(self, kind: type, given: Mapping[TypeVar, type]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for member in members(kind):
            hint, purpose = _described(kind, member)
            hint = given.get(hint, hint)
            if member.inline:
                result |= self._properties(hint, {})
            else:
                result[member.name] = {"description": purpose, **self.of(hint)}
        return result


def _described(kind: type, member: Member) -> tuple[Any, str]:
    """The type of a member, and what it is for."""
    name = member.attribute
    stated = getattr(kind, name, None)
    if isinstance(stated, property):
        return get_type_hints(stated.fget)["return"], _first(stated)
    base = next(base for base in kind.__mro__ if name in inspect.get_annotations(base))
    hint = eval(base.__annotations__[name], vars(sys.modules[base.__module__]))
    found = _PURPOSE.finditer(inspect.getsource(base))
    purposes = {match[2] or match[3]: match[4] or " ".join(re.findall("#: (.+)", match[1])) for match in found}
    return hint, "" if member.inline else purposes[name]


def _first(thing: object) -> str:
    """The first paragraph of a docstring."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def _enumeration(kind: type[Enum]) -> dict[str, Any]:
    return {"description": _first(kind), "enum": [item.value for item in kind], "type": "string"}


def schema(name: str) -> str:
    """The schema of a document."""
    command, kind = DOCUMENTS[name]
    parts = _Parts()
    whole = parts.whole(kind)
    version = {"const": f"graphsc.{name}/1", "description": "The name and version of this contract.", "type": "string"}
    about = f"What `graphsc {command} --format json` writes. {whole['description']} {_NOTE}"
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://w3id.org/graphsc/schemas/{name}-1.schema.json",
        "title": f"graphsc {name}, version 1",
        "description": about,
        "type": "object",
        "properties": {"schema": version, **whole["properties"]},
        "required": ["schema", *whole["required"]],
        "$defs": dict(sorted(parts.schemas.items())),
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"
