"""Names that may be different spellings of one party: proposed to a person, never merged automatically.

A name is no identity. Each proposal comes with one of five signs, so that a person can judge it. Parties with different
company numbers are different, whatever their names.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text

SIMILAR = 0.9
"""The least ratio of matching letters (difflib's, 0–1) of two names of almost the same letters."""
SHORTEST = 4
"""The fewest letters of a name that is recognised as the end of a longer one."""
SHORTEST_INITIALS = 3
"""The fewest letters of initials."""

_SPECIAL = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": " og "})
_WORD = re.compile(r"[^\W_]+")
_BRACKET = re.compile(r"\(([^()]+)\)")
_ROMAN = re.compile(r"[ivx]+")
_WORDS: dict[str, list[str]] = tomllib.loads(knowledge_text("ontology/analysis/spelling.toml"))
_FORMS = sorted((tuple(form.split()) for form in _WORDS["forms"]), key=lambda form: (-len(form), form))
_COMMON, _SMALL = frozenset(_WORDS["common"]), frozenset(_WORDS["small"])
_LONGEST = 100
"""The most letters, and words, of a name that is compared in parts; a longer one is compared as a whole only."""
_SERIES = 50
"""More names than this that differ in one letter at the same place are a series, not misspellings."""


class Sign(StrEnum):
    """Why two names may be of one party."""

    LETTERS = "same-letters"
    LEGAL_FORM = "legal-form"
    SHORT_FORM = "short-form"
    INITIALS = "initials"
    ALMOST = "almost-the-same"


SIGNS = {
    Sign.LETTERS: Text(
        "de samme bogstaver, bortset fra store og små, mellemrum og tegn",
        "the same letters but for case, spaces and punctuation",
    ),
    Sign.LEGAL_FORM: Text("kun selskabsformen er forskellig", "only the legal form differs"),
    Sign.SHORT_FORM: Text("det ene navn er en kort form af det andet", "one name is a short form of the other"),
    Sign.INITIALS: Text("det ene navn er det andets forkortelse", "one name is the other's initials"),
    Sign.ALMOST: Text("næsten de samme bogstaver", "almost the same letters"),
}
"""Each sign in words."""


@dataclass(frozen=True, slots=True, order=True)
class Proposal:
    """Names (sorted, at least two) that may be one party, and why."""

    names: tuple[str, ...]
    sign: Sign


@dataclass(frozen=True, slots=True)
class _Name:
    """A name split into words: all, those without brackets and legal form, and those of a bracket; with the raw text."""

    raw: str
    words: tuple[str, ...]
    bare: tuple[str, ...]
    bracket: tuple[str, ...]

    @property
    def bare_key(self) -> str:
        return "".join(self.bare)


def proposals(names: Iterable[str], *, numbers: Mapping[str, str]) -> tuple[Proposal, ...]:
    """The names that may be one party, in name order; in time near linear in their number.

    ``numbers`` gives names their company number: different numbers are never proposed as one. A pair is proposed
    once, by its strongest sign.
    """
    parsed = [_parsed(name) for name in sorted(set(names))]
    result: list[Proposal] = []
    together: dict[str, str] = {}
    for sign, group in (*_same(parsed), *_short(parsed), *_initials(parsed), *_almost(parsed)):
        for members in _agreeing(sorted(set(group)), numbers):
            leaders = {_leader(together, name) for name in members}
            if len(leaders) > 1:
                for leader in leaders:
                    together[leader] = min(leaders)
                result.append(Proposal(tuple(members), sign))
    return tuple(sorted(result))


def same_but_for_form(names: Iterable[str], *, numbers: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """The names that differ at most in case, spaces, punctuation and legal form; ``numbers`` as of `proposals`."""
    parsed = [_parsed(name) for name in sorted(set(names))]
    groups = [
        members for sign, group in _same(parsed) if sign is Sign.LEGAL_FORM for members in _agreeing(group, numbers)
    ]
    return tuple(map(tuple, groups))


def _agreeing(group: list[str], numbers: Mapping[str, str]) -> Iterator[list[str]]:
    """The names of a group, parted by company number; a name without a number that fits two companies is left out."""
    distinct_numbers = sorted({numbers[name] for name in group if name in numbers})
    parts = (
        [group]
        if len(distinct_numbers) < 2
        else [[name for name in group if numbers.get(name) == item] for item in distinct_numbers]
    )
    yield from (part for part in parts if len(part) > 1)


def _leader(together: dict[str, str], name: str) -> str:
    while together.setdefault(name, name) != name:
        together[name] = together[together[name]]
        name = together[name]
    return name


def _words(text: str) -> tuple[str, ...]:
    """The words of a name in plain small letters."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SPECIAL)
    stripped = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return tuple(_WORD.findall(stripped))


def _without_form(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without legal forms at their end; at least one word remains."""
    changed = True
    while changed:
        changed = False
        for form in _FORMS:
            if len(words) > len(form) and words[-len(form) :] == form:
                words, changed = words[: -len(form)], True
    return words


def _parsed(raw: str) -> _Name:
    bracket = _BRACKET.search(raw)
    outer = _BRACKET.sub(" ", raw)
    words = _words(raw)
    bare = _without_form(_words(outer)) if _words(outer) else _without_form(words)
    return _Name(raw, words, bare, _words(bracket[1]) if bracket else ())


Group = tuple[Sign, list[str]]


def _same(names: list[_Name]) -> Iterator[Group]:
    """Names of the same letters, first with and then without their legal forms."""
    for sign, part in ((Sign.LETTERS, "words"), (Sign.LEGAL_FORM, "bare")):
        groups: dict[str, list[str]] = defaultdict(list)
        for name in names:
            groups["".join(getattr(name, part))].append(name.raw)
        yield from ((sign, group) for text, group in sorted(groups.items()) if text and len(group) > 1)


def _distinct(names: list[_Name]) -> dict[tuple[str, ...], str]:
    """The names by their bare words; of names with the same bare words the first."""
    return {name.bare: name.raw for name in reversed(names)}


def _short(names: list[_Name]) -> Iterator[Group]:
    """A name that is the end of just one longer one, or its start when only common words follow."""
    by_words = _distinct(names)
    longer: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for words, raw in by_words.items():
        for cut in range(1, len(words) if len(words) <= _LONGEST else 0):
            head, tail = words[:cut], words[cut:]
            if tail in by_words and _is_distinctive(tail) and len("".join(tail)) >= SHORTEST:
                longer[tail].append(raw)
            if head in by_words and _is_distinctive(head) and not _is_distinctive(tail) and not _numbering(tail):
                longer[head].append(raw)
    yield from (
        (Sign.SHORT_FORM, [by_words[words], whole[0]]) for words, whole in sorted(longer.items()) if len(whole) == 1
    )


def _initials(names: list[_Name]) -> Iterator[Group]:
    """A name in capitals that stands in brackets behind just one other, or is made of its first letters."""
    by_words = _distinct(names)
    spelled: dict[str, set[str]] = defaultdict(set)
    for name in names:
        spelled["".join(name.bracket)].add(name.raw)
        initials = "".join(word[0] for word in name.bare if word not in _SMALL)
        if len(initials) >= SHORTEST_INITIALS:
            spelled[initials].add(name.raw)
    for words, raw in sorted(by_words.items()):
        full = spelled.get("".join(words), set()) - {raw}
        if len(full) == 1 and len(words) == 1 and len(words[0]) >= SHORTEST_INITIALS - 1 and raw.isupper():
            yield Sign.INITIALS, [raw, *full]


def _almost(names: list[_Name]) -> Iterator[Group]:
    """Names one letter apart, found by the letters that remain when any one is left out."""
    shapes: dict[str, list[tuple[str, _Name]]] = defaultdict(list)
    for name in {name.bare: name for name in reversed(names) if len(name.bare_key) <= _LONGEST}.values():
        key = name.bare_key
        for shape in sorted({key, *(key[:place] + key[place + 1 :] for place in range(len(key)))}):
            shapes[shape].append((key, name))
    seen: set[tuple[str, str]] = set()
    for _, group in sorted(shapes.items(), key=lambda item: item[0]):
        if len(group) > _SERIES:
            continue
        for place, (key, name) in enumerate(group):
            for other_key, other in group[:place]:
                pair = (other.raw, name.raw) if other.raw < name.raw else (name.raw, other.raw)
                if pair in seen or key == other_key or _numbers(name) != _numbers(other):
                    continue
                seen.add(pair)
                first, second = sorted((key, other_key))
                if difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() >= SIMILAR:
                    yield Sign.ALMOST, list(pair)


def _is_distinctive(words: tuple[str, ...]) -> bool:
    """Whether one of the words is neither common nor a mere number."""
    return any(word not in _COMMON and not _numbering((word,)) for word in words)


def _numbering(words: tuple[str, ...]) -> bool:
    """Whether one of the words is a number or a letter of a series: digits, a single letter, a Roman number."""
    return any(len(word) == 1 or word.isdigit() or _ROMAN.fullmatch(word) is not None for word in words)


def _numbers(name: _Name) -> Counter[str]:
    """The digits and numbering words of a name: names that differ in these are different."""
    digits = [character for character in name.bare_key if character.isdigit()]
    return Counter([*digits, *(word for word in name.bare if _numbering((word,)))])
