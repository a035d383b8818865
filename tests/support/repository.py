"""Where the tests find what lies in the repository."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
TESTS = REPOSITORY / "tests"
DEMO = REPOSITORY / "data" / "demo"
SHARED = Path(os.environ.get("GRAPHSC_SHARED", REPOSITORY.parent / "shared"))
"""Files of others that are not part of the project; tests that read them are skipped where they are missing."""
