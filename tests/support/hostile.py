"""Names that would do harm if they were printed as they are, and schemas that allow nothing beside what they describe."""

from __future__ import annotations

from typing import Any

EVIL = '=HYPERLINK(\\"http://x\\")\\u202e|`[a](http://b)`\\r\\nEND:VCALENDAR;,\\\\<script>'
HOSTILE = f"""
    base: https://k.example/
    organisationer: [{{id: K, navn: "{EVIL}"}}, {{id: L, navn: "@{EVIL}"}}]
    kontrakter:
      - {{id: KL, navn: "{EVIL}", kunde: K, leverandør: L, periode: 2024-01-01/2030-01-01, registre: [tilsyn, risici]}}
"""


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, in which only what it describes is allowed."""
    result = {key: closed(value) if isinstance(value, dict) else value for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        result["additionalProperties"] = False
    if "anyOf" in schema:
        result["anyOf"] = [closed(option) for option in schema["anyOf"]]
    return result
