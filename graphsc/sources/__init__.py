"""Reads the user's files, of any format, into quads with positions, and problems as values."""

from __future__ import annotations

from graphsc.sources.model import Positions, Source, Sources
from graphsc.sources.reader import read

__all__ = ["Positions", "Source", "Sources", "read"]
