"""One thing has one word in each language, everywhere that people read it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from glossary import LANGUAGES, Term, inflected, terms, translations

HOMONYMS = Path(__file__).with_name("homonyms.toml")


@cache
def declared() -> dict[str, dict[str, dict[str, str]]]:
    """Of each language, the terms that are two things, with their names in the other and what each of them is."""
    return tomllib.loads(HOMONYMS.read_text("utf-8"))


@cache
def every() -> list[Term]:
    return list(terms())


def doubles(language: str) -> dict[str, dict[str, list[str]]]:
    """The terms of a language with more than one name in the other."""
    return {term: names for term, names in translations(every(), language).items() if len(names) > 1}


def test_terms_are_found_everywhere() -> None:
    texts = {(term.da, term.en, term.place.partition("/")[0]) for term in every()}
    assert {("kritikalitet", "criticality", "ontology"), ("opfyldt", "met", "graphsc")} <= texts
    assert len(texts) > 1500


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_has_one_name_in_the_other_language(language: str) -> None:
    known, other = declared()[language], LANGUAGES[language]
    wrong = [
        f"{term} is “{name}” in {', '.join(places[:4])}"
        for term, names in sorted(doubles(language).items())
        for name, places in names.items()
        if not any(inflected(name, meaning, other) for meaning in known.get(term, ()))
    ]
    assert not wrong, "choose one name, or declare a homonym in homonyms.toml:\n" + "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_homonym_is_declared_in_vain(language: str) -> None:
    found, other = doubles(language), LANGUAGES[language]
    idle = [
        f"{term}: {meaning}"
        for term, meanings in declared()[language].items()
        for meaning in meanings
        if not any(inflected(name, meaning, other) for name in found.get(term, ()))
    ]
    assert not idle


@pytest.mark.parametrize(
    ("language", "one", "other", "same"),
    [
        ("da", "forfalden pligt", "forfaldne pligter", True),
        ("da", "led", "leddet", True),
        ("da", "pligt", "pligten", True),
        ("da", "led", "ledelse", False),
        ("en", "the duty", "duties", True),
        ("en", "transfer basis", "transfer bases", True),
        ("en", "tier", "link", False),
        ("en", "due", "due by", False),
    ],
)
def test_inflections_are_one_term(language: str, one: str, other: str, same: bool) -> None:
    assert inflected(one, other, language) is same
