"""Every short text in Danish and English of the product, as pairs of one term in both languages."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import rdflib
from rdflib.namespace import RDFS, SKOS
from repository import REPOSITORY

from graphsc.core.vocabulary import G

#: Each language, and the one that its terms are translated to.
LANGUAGES = {"da": "en", "en": "da"}
#: The longest text, in words, that is taken for a term and not for a sentence.
LONGEST = 3
#: The properties that name a thing; a synonym (`skos:altLabel`), an example or a help text need not be the one term.
_KEYS = (G + "key", G + "container")
NAMING = (str(RDFS.label), str(SKOS.prefLabel), *_KEYS)
_SAY = re.compile(r"""\bsay\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'),\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_PASSED_OVER = {"da": {"er"}, "en": {"the", "a", "an", "is", "are"}}
_ENDINGS = {
    "da": ("ernes", "erne", "ede", "ene", "ens", "ets", "er", "en", "et", "ne", "te", "e", "r", "n", "t", "s"),
    "en": ("ing", "es", "is", "s"),
}


class Term(NamedTuple):
    """A text in both languages, and where it stands."""

    da: str
    en: str
    place: str


def terms() -> Iterator[Term]:
    """Every text of at most `LONGEST` words in both languages: of code, of pages and of the ontology and shapes."""
    for da, en, place in (*_of_code(), *_of_pages(), *_of_knowledge()):
        term = Term(_plain(da), _plain(en), place)
        if term.da and term.en and max(len(term.da.split()), len(term.en.split())) <= LONGEST:
            yield term


def translations(every: list[Term], language: str) -> dict[str, dict[str, list[str]]]:
    """Of each term of a language, what it is called in the other, and where; inflections are one."""
    result: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for term in every:
        own, other = (term.da, term.en) if language == "da" else (term.en, term.da)
        known = result[own]
        same = next((name for name in known if inflected(name, other, LANGUAGES[language])), other)
        known[same].append(term.place)
    return {own: dict(known) for own, known in result.items()}


def _plain(text: str) -> str:
    """The text without capitals, marks around it, brackets and what is filled in."""
    return " ".join(re.sub(r"\{\w*\}|\(.*?\)", "", text).casefold().split()).strip(" .:;,!?…–")


def inflected(one: str, other: str, language: str) -> bool:
    """Whether two texts have the same words, whatever their endings, articles and copulas."""
    first, second = (_words(text, language) for text in (one, other))
    return len(first) == len(second) and all(
        _stems(a, language) & _stems(b, language) for a, b in zip(first, second, strict=True)
    )


def _words(text: str, language: str) -> list[str]:
    return [word for word in text.split() if word not in _PASSED_OVER[language]] or [text]


def _stems(word: str, language: str) -> set[str]:
    """The word and what is left of it without each ending, with one consonant where the ending doubled it."""
    stems = {word}
    for ending in _ENDINGS[language]:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 2:
            stems |= {stem, stem[:-1]} if stem[-2:-1] == stem[-1] else {stem}
    return stems | ({word.removesuffix("ies") + "y"} if language == "en" and word.endswith("ies") else set())


def _of_code() -> Iterator[Term]:
    for path in sorted((REPOSITORY / "graphsc").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                values = [arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if len(values) == len(given) == 2:
                    yield Term(values[0], values[1], f"{_name(path)}:{node.lineno}")


def _of_pages() -> Iterator[Term]:
    for path in sorted(path for suffix in ("html", "js") for path in (REPOSITORY / "graphsc").rglob(f"*.{suffix}")):
        text = path.read_text("utf-8")
        for match in _SAY.finditer(text):
            da, en = (ast.literal_eval(part) for part in match.groups())
            yield Term(da, en, f"{_name(path)}:{text.count(chr(10), 0, match.start()) + 1}")


def _of_knowledge() -> Iterator[Term]:
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    places: dict[tuple[str, str], str] = {}
    for folder in ("ontology", "shapes"):
        for path in sorted((REPOSITORY / folder).rglob("*.ttl")):
            for node, naming, value in rdflib.Graph().parse(path):
                if str(naming) in NAMING and isinstance(value, rdflib.Literal) and value.language:
                    key = str(node), str(naming)
                    found[key][value.language].append(str(value))
                    places[key] = f"{_name(path)} ({str(node).rpartition('/')[2]})"
    for (subject, predicate), texts in sorted(found.items()):
        label = found.get((subject, str(RDFS.label)), {})
        if len(texts["da"]) == len(texts["en"]) == 1 and not (predicate in _KEYS and _short_form(texts, label)):
            yield Term(texts["da"][0], texts["en"][0], places[subject, predicate])


def _short_form(texts: dict[str, list[str]], label: Mapping[str, list[str]]) -> bool:
    """Whether a key in YAML only leaves out words that the label of its property has."""
    return any(
        set(_words(_plain(own), language)) < set(_words(_plain(whole), language))
        for language in ("da", "en")
        for own in texts[language]
        for whole in label.get(language, ())
    )


def _name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))
