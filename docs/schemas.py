"""The JSON Schema of every document that a command writes, made from the type that its writer fills."""

from __future__ import annotations

import inspect
import json
import re

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from typing_extensions import is_typeddict

from graphsc.core.problems import Location
from graphsc.rendering import duties, responsibility
from graphsc.rendering import whatif as what_if
from graphsc.rendering.contract import Place, document_fields
from graphsc.rendering.coverage import json as coverage
from graphsc.rendering.findings import diff
from graphsc.rendering.findings import json as findings
from graphsc.rendering.risk import json as risk

DOCUMENTS: dict[str, type] = {
    "coverage": coverage.Document,
    "diff": diff.Document,
    "duties": duties.Document,
    "findings": findings.Document,
    "gaps": responsibility.GapsDocument,
    "handover": responsibility.HandoverDocument,
    "raci": responsibility.MatricesDocument,
    "risk": risk.Document,
    "what-if": what_if.Document,
}
"""The documents by name; the name stands in the address of the schema and in the document."""


_NOTE = "Fields may be added within version 1, never changed or removed, so a reader should pass over what it does not know."
_PURPOSE = re.compile(r"^    (?:#: (.+)\n    (\w+):|(\w+): .*  #: (.+)$)", re.MULTILINE)
"""What a field is for, as the comment says that begins with ``#:``, behind the field or in the line above it."""


class _Plain(GenerateJsonSchema):
    """Schemas without a title for every field: its name says as much, and the comment behind it what it is for."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the library calls it so
        return False

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        """With what each field is for, also where it is taken over from another type."""
        made = super().typed_dict_schema(schema)
        for name, purpose in _purposes(schema["cls"]).items():
            made["properties"][name]["description"] = purpose
        return made

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """With every field by its name in a document, and what it is for; of a place, the two forms that it is written in."""
        kind: type = schema["cls"]
        if kind is Location:
            return self.generate_inner(TypeAdapter(Place).core_schema)
        made, purposes = super().dataclass_schema(schema), _purposes(kind)
        parts = {
            written: {**made["properties"][name], "description": purposes[name]}
            for written, name in document_fields(kind)
        }
        first = made["description"].partition("\n\n")[0]
        return {**made, "description": first, "properties": parts, "required": list(parts)}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Without the default: a document has every field."""
        return self.generate_inner(schema["schema"])


def _purposes(kind: type) -> dict[str, str]:
    """What each field of a type is for, by name, those that it takes over first."""
    taken_over = filter(is_typeddict, getattr(kind, "__orig_bases__", ()))
    matches = _PURPOSE.finditer(inspect.getsource(kind))
    own = {match[2] or match[3]: match[1] or match[4] for match in matches}
    return {name: purpose for base in taken_over for name, purpose in _purposes(base).items()} | own


def schema(name: str) -> str:
    """The schema of a document."""
    listed: type = list[DOCUMENTS[name]]  # type: ignore[valid-type]  # so that the document is a part like others
    parts = TypeAdapter(listed).json_schema(schema_generator=_Plain)["$defs"]
    document = parts.pop(DOCUMENTS[name].__name__)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://w3id.org/graphsc/schemas/{name}-1.schema.json",
        **document,
        "description": f"{document['description']} {_NOTE}",
        "title": f"graphsc {name}, version 1",
        "$defs": parts,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
