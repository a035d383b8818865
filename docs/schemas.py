"""The JSON Schema of every document that a command writes, made from the type that its writer is held to."""

from __future__ import annotations

import json

from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

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


class _Plain(GenerateJsonSchema):
    """Schemas without a title for every field: its name says as much."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the library calls it so
        return False


def schema(name: str) -> str:
    """The schema of a document."""
    # Pydantic takes a configuration only for what is not itself a TypedDict, and hands it down from there.
    listed = TypeAdapter(list[DOCUMENTS[name]], config=ConfigDict(use_attribute_docstrings=True))  # type: ignore[misc]
    parts = listed.json_schema(schema_generator=_Plain)["$defs"]
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://w3id.org/graphsc/schemas/{name}-1.schema.json",
        **parts.pop("Document"),
        "title": f"graphsc {name}, version 1",
        "$defs": parts,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
