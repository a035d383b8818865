"""Text in the two languages of the product, and which one to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
