"""What is too much for every run takes turns: each day tries a share of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from time import strftime
from typing import TypeVar

DAY = int(os.environ.setdefault("GRAPHSC_DAY", strftime("%j")))
"""The day of the year whose share is tried, the same in all processes of a run, also over midnight."""
if (
    "--snapshot-update" in sys.argv
):  # what has its turn another day is to be written too; the processes of a run see it here
    os.environ["GRAPHSC_EVERY_RULE"] = "1"
EVERYTHING = "GRAPHSC_EVERY_RULE" in os.environ
HOW_TO = f"What takes turns by day: DAY={DAY} make test tries this share again, GRAPHSC_EVERY_RULE=1 all of it."

Item = TypeVar("Item")


def share(items: Iterable[Item], days: int) -> list[Item]:
    """The share of this day, when so many days have all between them.

    It is every so-manieth item, so that neighbours, which are of one kind, are in the shares of different days.
    """
    return list(items) if EVERYTHING else list(items)[DAY % days :: days]


def fewer(examples: int, days: int) -> int:
    """So many examples of a property, when so many days have all between them; Hypothesis draws others each day."""
    return examples if EVERYTHING else max(1, examples // days)
