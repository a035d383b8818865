"""What to write: the statements that would satisfy a rule, in YAML, filled in with what a finding names.

What only the reader knows, such as a date, stays a placeholder in angle brackets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphsc.core import vocabulary as v
from graphsc.core.text import Language, Text
from graphsc.validation.examples import grouping
from graphsc.validation.examples.graphs import (
    NODE,
    Filled,
    Open,
    Stated,
    TextValue,
    Value,
    example_terms,
    filled,
    label,
    replied,
)
from graphsc.validation.findings import Finding
from graphsc.validation.rules import Rule

_PLAIN = re.compile(r"[^\W\d_](?:[\w/.æøåÆØÅ'() -]*\w)?|<[\w .,|/-]+>|\d{4}-\d\d-\d\d|\d+")
_TRUTH = {"yes", "no", "true", "false", "null", "on", "off", "y", "n", "ja", "nej", "sand", "falsk"}
_TRUTH_VALUES = (Text("ja", "yes"), Text("nej", "no"))


@dataclass(frozen=True, slots=True)
class _Context:
    """The base of ids, the language, and the names of evidence, for writing an example."""

    base: str
    language: Language
    labels: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry under a top-level key: its keys, each with its values as YAML."""

    container: str
    pairs: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        return f"{{{', '.join(f'{key}: {flow(values)}' for key, values in self.pairs)}}}"

    @property
    def head(self) -> tuple[str, str] | None:
        """The top-level key and the id, which entries about the same thing share; None where the id is a placeholder."""
        if not self.pairs or self.pairs[0][0] != "id" or self.pairs[0][1][0].startswith("<"):
            return None
        return self.container, self.pairs[0][1][0]

    def __or__(self, other: Entry) -> Entry:
        pairs = dict(self.pairs)
        for key, values in other.pairs:
            pairs[key] = tuple(dict.fromkeys((*pairs.get(key, ()), *values)))
        return Entry(self.container, tuple(pairs.items()))


def example(rule: Rule, finding: Finding, base: str, language: Language) -> list[Entry]:
    """What would satisfy the rule of a finding; empty where there is nothing to add.

    ``base`` is the IRI that the ids of the data are relative to.
    """
    return entries(filled(rule, finding), base, language)


def reply(kind: str, rule: Rule, finding: Finding, base: str, language: Language) -> list[Entry]:
    """An answer to a finding or a waiver of it, one of ``REPLIES``: what only the reader knows are placeholders."""
    return entries(replied(kind, rule, finding), base, language)


def entries(example: Filled, base: str, language: Language) -> list[Entry]:
    """Statements as entries of YAML."""
    context = _Context(base, language, example.labels)
    return [_entry(stated, context) for stated in example.stated]


def together(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, with those about the same thing merged, grouped by top-level key."""
    return grouping.together(entries, lambda entry: entry.head, lambda entry: entry.container)


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as lines of YAML, each under its top-level key."""
    return grouping.under_headings(
        entries, lambda entry: entry.container, lambda container: f"{container}:", lambda entry: f"  - {entry}"
    )


def _entry(stated: Stated, context: _Context) -> Entry:
    """One node of an example as an entry under a top-level key."""
    cls = example_terms().classes[stated.cls]
    pairs = list(_pairs(stated, context))
    if not cls.containers:  # it stands among those of the class above, and says what it is
        pairs.insert(1, ("type", (cls.label[context.language],)))
        cls = example_terms().classes[cls.parents[0]]
    return Entry(next(word for word, tag in cls.containers if tag == context.language.value), tuple(pairs))


def _pairs(stated: Stated, context: _Context) -> Iterator[tuple[str, tuple[str, ...]]]:
    for predicate, values in stated.pairs:
        texts = tuple(sorted(text for value in values if (text := _value(value, predicate, context)) is not None))
        if texts:
            yield _word(predicate, context.language), texts


def flow(values: Sequence[str]) -> str:
    """Values of one key as YAML on one line."""
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _word(predicate: str, language: Language) -> str:
    """The key of a property in a language."""
    if predicate == NODE:
        return "id"
    called = label(predicate)
    if called is not None:
        return called[language]
    return next(word for word, tag in example_terms().properties[predicate].keys if tag == language.value)


def _value(value: Value, predicate: str, context: _Context) -> str | None:
    """A value as YAML; None for a text in another language."""
    if isinstance(value, Stated):
        return str(Entry("", tuple(_pairs(value, context))))
    if isinstance(value, Open):
        return f"<{value.label[context.language]}>"
    if isinstance(value, TextValue):
        text = value.text[context.language]
        return (text if value.text in _TRUTH_VALUES else scalar(text)) if text else None
    return _named(value.iri, predicate, context)


def _named(iri: str, predicate: str, context: _Context) -> str:
    """An IRI or the text of a value as it is written in the data."""
    terms = example_terms()
    concept, prop = terms.concepts.get(iri), terms.properties.get(predicate)
    if concept is not None:
        text = concept.label[context.language]
        schemes = prop.schemes if prop is not None and prop.schemes else concept.schemes
        return scalar(text if terms.concept(text, schemes) == iri else v.local_name(iri))
    if iri in context.labels and context.labels[iri][context.language]:  # a concept of the organisation's own
        return scalar(context.labels[iri][context.language])
    iri = prop.code(iri) if prop is not None else iri
    return scalar(iri.removeprefix(context.base) if iri != context.base else iri)


def scalar(text: str) -> str:
    """A text as one YAML value, quoted where it would otherwise be read as something else."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _TRUTH:
        return text
    return json.dumps(text, ensure_ascii=False)
