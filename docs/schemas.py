"""The JSON Schema of every document that a command writes, made from the type that its writer is held to."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from typing_extensions import is_typeddict

from graphsc.rendering.coverage import json as coverage
from graphsc.rendering.duties import gaps, handover, raci
from graphsc.rendering.duties import json as duties
from graphsc.rendering.findings import diff
from graphsc.rendering.findings import json as findings
from graphsc.rendering.risk import document as risk
from graphsc.rendering.whatif import json as what_if

DOCUMENTS: dict[str, type] = {
    "coverage": coverage.Document,
    "diff": diff.Document,
    "duties": duties.Document,
    "findings": findings.Document,
    "gaps": gaps.Document,
    "handover": handover.Document,
    "raci": raci.Document,
    "risk": risk.Document,
    "what-if": what_if.Document,
}
"""The documents by name; the name stands in the address of the schema and in the document."""


_NOTE = "Fields may be added within version 1, never changed or removed, so a reader should pass over what it does not know."
_DOCUMENTED = ConfigDict(use_attribute_docstrings=True)


class _Plain(GenerateJsonSchema):
    """Schemas without a title for every field: its name says as much."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the library calls it so
        return False

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        """With what a field is for also where it is taken over from another type: its docstring stands there."""
        made = super().typed_dict_schema(schema)
        for base in filter(is_typeddict, getattr(schema.get("cls"), "__orig_bases__", ())):
            for name, field in _parts(base).get(base.__name__, {}).get("properties", {}).items():
                if "description" in field:
                    made["properties"][name].setdefault("description", field["description"])
        return made


def _parts(document: type) -> dict[str, Any]:
    """The schema of a type and of all that it is made of, by name."""
    # Pydantic takes a configuration only for what is not itself a TypedDict, and hands it down from there.
    listed = TypeAdapter(list[document], config=_DOCUMENTED)  # type: ignore[valid-type]
    parts: dict[str, Any] = listed.json_schema(schema_generator=_Plain).get("$defs", {})
    return parts


def schema(name: str) -> str:
    """The schema of a document."""
    parts = _parts(DOCUMENTS[name])
    document = parts.pop("Document")
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://w3id.org/graphsc/schemas/{name}-1.schema.json",
        **document,
        "description": f"{document['description']} {_NOTE}",
        "title": f"graphsc {name}, version 1",
        "$defs": parts,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
