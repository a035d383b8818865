"""Numbers, counts and lists as the sentences about measures write them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from graphsc.core.text import Language, Text

Label = Callable[[str], Text]
"""The name of a node, for a person."""
P = ParamSpec("P")


def bilingual(write: Callable[Concatenate[Language, P], Text]) -> Callable[P, Text]:
    """Make a function of a language that writes a sentence into one that writes it with the names and numbers of each language."""

    @wraps(write)
    def both(*args: P.args, **kwargs: P.kwargs) -> Text:
        return Text.per_language(lambda language: write(language, *args, **kwargs)[language])

    return both


def percent(share: float, language: Language) -> str:
    """A share (0–1) as a percentage with one decimal, halves up; only 0 is shown as 0 %, and only 1 as 100 %."""
    value = 100 * share
    if 0 < value < 0.1:
        lead, value = "under ", 0.1
    elif 99.9 < value < 100:
        lead, value = "over ", 99.9
    else:
        lead, value = "", math.floor(round(10 * value, 6) + 0.5) / 10
    return lead + Text.number(value, 0 if value in (0, 100) else 1)[language] + Text(" %", "%")[language]


def listing(names: Sequence[str], language: Language, label: Label = Text.same, most: int = 5) -> str:
    """Names, or the labels of nodes, as a list in a sentence; those beyond ``most`` are only counted."""
    and_ = {Language.DA: " og ", Language.EN: " and "}[language]
    shown = [label(name)[language] for name in (names if len(names) <= most else names[: most - 1])]
    if len(names) > most:
        rest = len(names) - len(shown)
        shown.append(Text(f"{rest} andre", f"{rest} others")[language])
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + and_ + shown[-1] if shown else ""
