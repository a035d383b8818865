"""Redaction of a report for one party: names that it must not see are removed from every text.

The contents already leave out the names of others, but a text that someone wrote, such as the reason for an exemption or the
name of a file, may still have them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from graphsc.core.text import Text, capital
from graphsc.graph.labels import readable
from graphsc.validation.rules import Rule

T = TypeVar("T")
_WORD = re.compile(r"\w+")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_SHORTEST_ID = 3
LEFT_OUT = Text("[udeladt]", "[left out]")
"""The replacement of a name."""


class Redactor:
    """Removes names from texts, wherever they are words.

    ``hidden`` and ``shown`` are names by IRI; a shown name is never removed, even if something hidden has the same name. Nor
    is a name that is a part of the name of a shown party (``parties``, IRIs); but a shown agreement may be named after a hidden
    party. ``apart`` are the IRIs of independent things: an organisation or a system rather than a clause. ``spared`` are the
    IRIs of shipped rules, whose texts have no names.
    """

    def __init__(
        self,
        hidden: Mapping[str, Text],
        shown: Mapping[str, Text],
        apart: Collection[str] = frozenset(),
        parties: Collection[str] = frozenset(),
        spared: Collection[str] = frozenset(),
    ) -> None:
        self._spared = spared
        self._iris = frozenset(hidden)
        self._names: dict[str, list[str]] = {}
        kept = {*_names(shown, shown), *shown}
        self._gone = {name for name in _names(hidden, apart) if name not in kept}
        whole = set(_names({iri: shown[iri] for iri in parties}, parties)) - self._gone
        for name in whole | self._gone | {iri for iri in shown if ":" in iri}:
            first = _WORD.search(name)
            if first is not None:
                self._names.setdefault(first[0], []).append(name)
        for names in self._names.values():
            names.sort(key=lambda name: (-len(name), name))

    def text(self, text: str, instead: str) -> str:
        """A text in which each hidden name is replaced."""
        if ":" in text:
            text = _IRI.sub(lambda item: instead if item[0] in self._iris else item[0], text)
        parts: list[str] = []
        done = 0
        for word in _WORD.finditer(text):
            if word.start() < done or word[0] not in self._names:
                continue
            name = self._name_at(text, word)
            if name is None:
                continue
            start = word.start() - _before(name)
            parts.append(text[done:start])
            parts.append(instead if name in self._gone else name)
            done = start + len(name)
        return "".join([*parts, text[done:]])

    def _name_at(self, text: str, word: re.Match[str]) -> str | None:
        """The longest name that begins with this word."""
        for name in self._names[word[0]]:
            start = word.start() - _before(name)
            end = start + len(name)
            if start >= 0 and text[start:end] == name and not (text[end : end + 1].isalnum() and name[-1].isalnum()):
                return name
        return None

    def of(self, value: T) -> T:
        """A value with every text in it redacted, also in dataclasses, tuples and mappings."""
        return cast("T", self._redacted(value))

    def _redacted(self, value: object) -> object:
        if isinstance(value, Text):
            return Text(self.text(value.da, LEFT_OUT.da), self.text(value.en, LEFT_OUT.en))
        if type(value) is str:
            return self.text(value, LEFT_OUT.en)
        if isinstance(value, Rule) and value.iri in self._spared:
            return value
        if isinstance(value, tuple):
            return tuple(self._redacted(item) for item in value)
        if isinstance(value, Mapping):
            return {key: self._redacted(item) for key, item in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            changed = {field.name: self._redacted(getattr(value, field.name)) for field in fields(value) if field.init}
            return replace(value, **changed)
        return value


def _before(name: str) -> int:
    """The number of characters of a name before its first word."""
    first = _WORD.search(name)
    return first.start() if first is not None else 0


def _names(labels: Mapping[str, Text], apart: Collection[str]) -> Iterable[str]:
    """Every form of the names of things: labels, also with a capital at the start of a sentence, and the ends of IRIs.

    The end of an IRI that is an ordinary word, such as ``backup``, counts only for independent things (``apart``).
    """
    for iri, label in labels.items():
        end = readable(iri)
        telling = iri in apart or not end.isalpha()
        if telling and len(end) >= _SHORTEST_ID and not end.isdigit() and ":" not in end:
            yield end
        for name in (label.da.strip(), label.en.strip()):
            if name and not name.isdigit() and (telling or name != end):
                yield name
                yield capital(name)
