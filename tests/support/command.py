"""Runs the command line in this process, and small records to run it on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

from once import ONCE
from typer.testing import CliRunner, Result

from graphsc.cli.app import app

AS_OF = ("--as-of", "2025-06-15")

CLEAN = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten}, {id: L, navn: Løngang}]
kontrakter:
  - {id: KL, kunde: K, leverandør: L, periode: 2024-04-01/2028-03-31}
"""

BROKEN = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten}, {id: L, navn: Løngang}, {id: U, navn: Ærøskøbing Drift}]
kontrakter:
  - id: KL
    kunde: K
    leverandør: L
    periode: 2024-04-01/2028-03-31
    registre: [underleverandører, krav]
    krav: [{id: R1}]
    underleverandører:
      - {id: LU, leverandør: U, start: 2024-06-01}
"""
"""Finds SUB001 and FLW001 (violations), both at 11:9, and registers that are not kept."""

WARNING = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten, art: statslig myndighed, registre: [beslutninger]}, {id: L, navn: Løngang}]
kontrakter:
  - {id: KL, kunde: K, leverandør: L, periode: 2024-04-01/2028-03-31}
"""
"""Finds warnings (MGT001 and others) and no violation."""

UNREADABLE = "kontrakter: [\n"


def run(
    *words: str, env: Mapping[str, str] | None = None, stdin: str | bytes | None = None, fresh: bool = False
) -> Result:
    """Run a command; crashes are not swallowed. What it opens and judges is that of an earlier one of the same input, unless ``fresh``."""
    clean = {"NO_COLOR": None, "GRAPHSC_LANG": "en", "GRAPHSC_AS_OF": None, "GITHUB_STEP_SUMMARY": None}
    with nullcontext() if fresh else ONCE.remembering():
        result = CliRunner().invoke(app, list(words), env={**clean, **(env or {})}, input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def process(
    *words: str, cwd: Path, env: Mapping[str, str] | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run ``python -m graphsc`` as a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRAPHSC_", "PYTHON", "LC_"))}
    return subprocess.run(
        [sys.executable, "-m", "graphsc", *words],
        cwd=cwd,
        env={**kept, **(env or {})},
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
