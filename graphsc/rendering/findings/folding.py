"""Findings grouped into things to do: similar findings on one thing, and one finding on several things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphsc.core.text import Language, Text
from graphsc.validation.findings import Finding
from graphsc.validation.rules import Rule

_THIS = re.compile(r"\{[?$]this\}( \S+){3}")
_ALIKE = 3
"""The fewest words that messages must share to be combined."""


@dataclass(frozen=True, slots=True)
class Item:
    """Findings on one thing whose messages differ in one part, such as each clause that an agreement lacks."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for all."""
        return self.findings[0]

    @property
    def urgent(self) -> bool:
        """Whether society depends on it."""
        return any(finding.urgent for finding in self.findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, each once."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    def message(self, language: Language) -> str:
        """The combined message, with all the parts in which the messages differ."""
        messages = list(dict.fromkeys(finding.message[language] for finding in self.findings))
        start, middles, end = apart(messages)
        between = "; " if any("," in middle for middle in middles) else ", "
        return messages[0] if len(messages) == 1 else _joined(start, between.join(middles), end)


def blocks(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[list[Item]]:
    """The findings as things to do: a finding on several things is one, all that one thing lacks is one.

    Gravest first, and what society depends on before the rest.
    """
    items: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        rule = rules.get(finding.code)
        start = _alike(rule.message) if rule is not None else None
        about = (finding.subject, finding.location, finding.actor, finding.severity, finding.waived, finding.expired)
        items.setdefault((*about, start or finding.code), []).append(finding)
    result: dict[tuple[object, ...], list[Item]] = {}
    for key, group in items.items():
        item = Item(tuple(group))
        alone: object = key if len(item.codes) > 1 or item.first.waived or item.first.expired else None
        same = (item.first.severity, item.codes, item.first.actor.role, alone)
        result.setdefault(same, []).append(item)
    ordered = (sorted(block, key=_within) for block in result.values())
    return sorted(ordered, key=lambda block: (block[0].first.severity.rank, not block[0].urgent))


def _alike(message: Text) -> tuple[str, str] | None:
    """The words at the start of a message by which messages of several rules are combined, in both languages."""
    da, en = _THIS.match(message.da), _THIS.match(message.en)
    return (da[0], en[0]) if da is not None and en is not None else None


def _within(item: Item) -> tuple[bool, str, str]:
    """A sort key: what society depends on first, then by organisation and person."""
    actor = item.first.actor
    return not item.urgent, actor.organisation or "", actor.person or ""


def apart(messages: Sequence[str]) -> tuple[str, list[str], str]:
    """The common words at the start of messages, the part of each that differs, and the common words at the end.

    A name is not cut: a capitalised word beside the differing part belongs to that, unless a colon stands between.
    A comma or colon after it belongs to the words that follow.
    """
    words = [message.split(" ") for message in messages]
    shortest = min(map(len, words))
    start = next((n for n in range(shortest) if len({tuple(word[: n + 1]) for word in words}) > 1), shortest)
    rest = shortest - start
    end = next((n for n in range(rest) if len({tuple(word[len(word) - n - 1 :]) for word in words}) > 1), rest)
    while start > 1 and words[0][start - 1][:1].isupper():
        start -= 1
    while end and words[0][-end][:1].isupper() and not all(word[-end - 1 :][0].endswith(":") for word in words):
        end -= 1
    end = end if end > 1 else 0  # one word alike at the end is chance
    middles = [" ".join(word[start : len(word) - end]) for word in words]
    tail = " ".join(words[0][len(words[0]) - end :])
    for mark in ",:":
        if tail and all(middle.endswith(mark) for middle in middles):
            middles, tail = [middle.removesuffix(mark) for middle in middles], f"{mark} {tail}"
    return " ".join(words[0][:start]), middles, tail


def _joined(start: str, middle: str, end: str) -> str:
    """The parts of a message joined, without a space before a comma or colon."""
    head = " ".join(part for part in (start, middle) if part)
    return head + end if end.startswith((",", ":")) else " ".join(part for part in (head, end) if part)


def pattern(block: Sequence[Item], language: Language) -> tuple[str, list[str]] | None:
    """The common words of the messages of a block, with … for the differing part, and the differing part of each.

    None where there are few, or fewer than the differing parts have in common: the gist is then between two names.
    Where all messages are the same, no part differs and each is empty.
    """
    messages = [item.message(language) for item in block]
    if len(set(messages)) == 1:
        return messages[0], [""] * len(messages)
    start, middles, end = apart(messages)
    between = set.intersection(*(set(middle.split()) for middle in middles))
    if len(f"{start} {end}".split()) < max(_ALIKE, len(between)):
        return None
    return _joined(start, "…", end), middles
