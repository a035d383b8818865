"""Messages from templates: a rule's text with the names of one finding filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graphsc.core.text import Language, Text, capital

_PLACEHOLDER = re.compile(r"\{[?$](\w+(?:\.\.\?\w+)?)\}")


def fill(template: Text, values: Mapping[str, Text]) -> Text:
    """Replace each ``{?name}`` of a template by the value of that name, in both languages.

    A name without a value stays as it is written. Values are never read as templates themselves, so a
    name from outside that looks like a placeholder is shown, not filled.
    """

    def in_language(language: Language) -> str:
        def value(match: re.Match[str]) -> str:
            text = values.get(match[1])
            return match[0] if text is None else text[language]

        filled = _PLACEHOLDER.sub(value, template[language])
        return capital(filled)  # a made name such as "the agreement with ..." may come first

    return Text.per_language(in_language)
