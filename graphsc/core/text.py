"""Text in the two languages of the product, which one to show, and days as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from pyoxigraph import BlankNode, Literal, NamedNode, Triple


class Language(StrEnum):
    """The languages that every text for a person exists in."""

    DA = "da"
    EN = "en"


def capital(text: str) -> str:
    """A text with a capital at its start."""
    return text[:1].upper() + text[1:]


_DANISH_MARKS = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text in Danish and English."""

    da: str  #: Danish.
    en: str  #: English.

    def __getitem__(self, language: Language) -> str:
        return self.da if language is Language.DA else self.en

    @classmethod
    def per_language(cls, write: Callable[[Language], str]) -> Text:
        """A text made by writing it in each language."""
        return cls(write(Language.DA), write(Language.EN))

    @classmethod
    def of(cls, terms: Iterable[NamedNode | BlankNode | Literal | Triple]) -> Text | None:
        """The text of the literals among some terms; None where there are none.

        For a language without a text, the text without a language is used, else the English one, else any. Of several
        texts in one language the first in alphabetical order counts.
        """
        from pyoxigraph import Literal

        literals = sorted((term for term in terms if isinstance(term, Literal)), key=str, reverse=True)
        texts = {(literal.language or "").split("-")[0]: literal.value for literal in literals}
        if not texts:
            return None
        other = texts.get("") or texts.get("en") or min(texts.values())
        return cls(texts.get("da", other), texts.get("en", other))

    @classmethod
    def number(cls, value: float | Decimal, decimals: int = 0) -> Text:
        """A number as each language writes it: 3.917,2 and 3,917.2."""
        english = f"{value:,.{decimals}f}"
        return cls(english.translate(_DANISH_MARKS), english)

    @classmethod
    def counted(cls, number: int, singular: Text, plural: Text) -> Text:
        """A number with its noun."""
        noun, written = singular if number == 1 else plural, cls.number(number)
        return cls(f"{written.da} {noun.da}", f"{written.en} {noun.en}")

    @classmethod
    def joined(cls, between: Text, texts: Iterable[Text]) -> Text:
        """Texts joined by another between them; empty ones are left out."""
        some = [text for text in texts if text.da or text.en]
        return cls.per_language(lambda language: between[language].join(text[language] for text in some))

    def capitalised(self) -> Text:
        """The same text with a capital at its start."""
        return Text(capital(self.da), capital(self.en))

    @classmethod
    def same(cls, value: str) -> Text:
        """A text that reads the same in both languages, such as a name."""
        return cls(value, value)


MONTHS = (
    ("januar", "January"), ("februar", "February"), ("marts", "March"), ("april", "April"), ("maj", "May"), ("juni", "June"),
    ("juli", "July"), ("august", "August"), ("september", "September"), ("oktober", "October"), ("november", "November"),
    ("december", "December"),
)  # fmt: skip
_ISO = re.compile(r"(?<![\w/.:-])(\d{4})-(\d\d)-(\d\d)(?![\w/-])")
"""A date in ISO 8601 that is a word by itself: not a part of a path, an id or a time."""


def written_day(day: date) -> Text:
    """A day as people write it: 25. november 2026, 25 November 2026."""
    danish, english = MONTHS[day.month - 1]
    return Text(f"{day.day}. {danish} {day.year}", f"{day.day} {english} {day.year}")


def short_day(day: date) -> Text:
    """A day in short: 25. nov. 2026, 25 Nov 2026."""
    danish, english = MONTHS[day.month - 1]
    dot = "." if len(danish) > 3 else ""  # maj is not shortened
    return Text(f"{day.day}. {danish[:3]}{dot} {day.year}", f"{day.day} {english[:3]} {day.year}")


def with_written_days(text: str, language: Language) -> str:
    """A text with its ISO dates written out; what is no date stays as it is."""

    def written(match: re.Match[str]) -> str:
        try:
            return written_day(date(*map(int, match.groups())))[language]
        except ValueError:
            return match[0]

    return _ISO.sub(written, text)
