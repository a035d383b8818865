"""Where the tests find what lies in the repository."""

from __future__ import annotations

import os
import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
TESTS = REPOSITORY / "tests"
DEMO = REPOSITORY / "data" / "demo"
SHARED = Path(os.environ.get("GRAPHSC_SHARED", REPOSITORY.parent / "shared"))
"""Files of others that are not part of the project; tests that read them are skipped where they are missing."""


def shape_prologue() -> str:
    """The prefixes that the queries in shapes may use, as SPARQL declares them."""
    declared = (REPOSITORY / "shapes" / "prefixes.ttl").read_text(encoding="utf-8")
    pairs = re.findall(r'sh:prefix "(\w+)" ; sh:namespace "([^"]+)"', declared)
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in pairs)
