"""The command line: parse, call, print. Results go to stdout, all else to stderr."""

from __future__ import annotations

from graphsc.cli.app import main

__all__ = ["main"]
