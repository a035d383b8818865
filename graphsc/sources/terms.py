"""The terms of the ontology for the readers: the words and values of properties, and the concepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from graphsc.core import frameworks
from graphsc.core import vocabulary as v
from graphsc.core.cycles import reached
from graphsc.core.disk_cache import cached
from graphsc.core.identifiers import absolute
from graphsc.core.resources import knowledge_files, statements
from graphsc.core.text import Language, Text

R = TypeVar("R")
_APART = re.compile(r"[\s_-]+")
_WORD = re.compile(r"\w+")
_FEW, _MANY = 8, 30
"""The most values that a message names: together with the value that was probably meant, and without one."""
_LONGEST_CODE = 3
"""The most letters of a code, such as that of a country: so short a word is similar to many others, and may be an ordinary word."""


@lru_cache(maxsize=4096)
def normal(word: str) -> str:
    """A word normalised for comparing keys and concept names: small letters; blank, hyphen and underscore are alike."""
    return _APART.sub(" ", unicodedata.normalize("NFC", word)).strip().casefold()


@dataclass(frozen=True, slots=True)
class Class:
    """A class; ``keys`` and ``containers`` are pairs of word and language."""

    iri: str
    label: Text
    definition: Text
    parents: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    containers: tuple[tuple[str, str], ...]
    shorthand: str | None
    derived: bool


@dataclass(frozen=True, slots=True)
class Property:
    """A property; ``keys`` are pairs of word and language, ``schemes`` the IRIs of its concept schemes.

    A property with ``inverse_of`` is write-only: the inverse is stored. ``domains`` are the classes
    that may have it, any class if empty; ``domain`` is the class that a node with it must be of. ``ranges`` and
    ``range`` are the same for its values. Values that are written as a code are IRIs in its ``namespace``. Numbers are
    of its ``unit``, an IRI of QUDT.
    """

    iri: str
    label: Text
    definition: Text
    literal: bool
    domain: str | None
    range: str | None
    schemes: tuple[str, ...]
    inverse_of: str | None
    keys: tuple[tuple[str, str], ...]
    derived: bool
    identifying: bool
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    functional: bool = False
    namespace: str | None = None
    unit: str | None = None

    @property
    def key(self) -> Text:
        """Its key in YAML, which is also its column heading; an abbreviation has capitals if the label has."""
        by = {language: word for word, language in reversed(self.keys)}

        def written(language: Language) -> str:
            word, label = by.get(language) or self.label[language], self.label[language]
            return word.upper() if word.upper() in _WORD.findall(label) else word

        return Text.per_language(written)

    @property
    def worded(self) -> bool:
        """Whether its values are written as words or codes, and not as ids."""
        return bool(self.schemes) or self.namespace is not None

    def code(self, iri: str) -> str:
        """The text that is written for a value: the end of an IRI in the namespace, or else the whole IRI."""
        return iri.removeprefix(self.namespace or "")


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept; ``words`` are its local name and labels, as written.

    ``said_of`` are the classes that may have it as a value; any class if empty.
    """

    iri: str
    label: Text
    schemes: tuple[str, ...]
    words: tuple[str, ...]
    said_of: tuple[str, ...] = ()


@dataclass(slots=True)
class Terms:
    """The ontology, indexed for reading; ``codes`` are those of the user's own rules, which have namespaces of their own."""

    classes: dict[str, Class] = field(default_factory=dict)
    properties: dict[str, Property] = field(default_factory=dict)
    concepts: dict[str, Concept] = field(default_factory=dict)
    annotations: frozenset[str] = frozenset()
    keys: dict[str, list[Property]] = field(default_factory=dict)
    containers: dict[str, Class] = field(default_factory=dict)
    class_words: dict[str, Class] = field(default_factory=dict)
    concept_words: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    said_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    _computed: dict[Hashable, Any] = field(default_factory=dict)

    def computed(self, key: Hashable, work: Callable[[], R]) -> R:
        """What ``work`` makes of the classes and properties, once for these terms and their copies."""
        if key not in self._computed:
            self._computed[key] = work()
        result: R = self._computed[key]
        return result

    @property
    def inverses(self) -> dict[str, str]:
        """For each write-only property the inverse that is stored."""
        return {p.iri: p.inverse_of for p in self.properties.values() if p.inverse_of is not None}

    @property
    def listed(self) -> frozenset[str]:
        """The properties whose values are concepts."""
        return frozenset(p.iri for p in self.properties.values() if p.schemes)

    @property
    def writing(self) -> dict[str, str]:
        """For each stored property its write-only inverse, if any."""
        return {stored: iri for iri, stored in sorted(self.inverses.items(), reverse=True)}

    def superclasses(self, iri: str) -> frozenset[str]:
        """The class itself and all its superclasses."""
        classes = self.classes
        return self.computed(
            ("superclasses", iri),
            lambda: frozenset(reached((iri,), lambda cls: classes[cls].parents if cls in classes else ())),
        )

    def is_a(self, iri: str, ancestor: str) -> bool:
        """Whether the first class is the second or a subclass of it."""
        return ancestor in self.superclasses(iri)

    def bearers(self, prop: Property) -> frozenset[str] | None:
        """The classes of the ontology that may have a property, including superclasses of its domain; None for all."""

        def work() -> frozenset[str] | None:
            under = {c for c in self.classes if any(self.is_a(c, domain) for domain in prop.domains)}
            above = self.superclasses(prop.domain) if prop.domain is not None else frozenset()
            return frozenset(under | above) if prop.domains else None

        return self.computed(("bearers", prop.iri), work)

    def may_be(self, classes: frozenset[str], expected: tuple[str, ...]) -> bool:
        """Whether a node of these classes may be of an expected one; one whose classes are not ours may be anything."""
        return self.computed(
            (classes, expected),
            lambda: (
                any(self.is_a(c, item) or self.is_a(item, c) for c in classes for item in expected)
                or not classes <= self.classes.keys()
            ),
        )

    def allows(self, concept: str, classes: Collection[str]) -> bool:
        """Whether a thing of the classes may have a concept as a value; a thing without a known class may have any."""
        entry = self.concepts.get(concept)
        return entry is None or not entry.said_of or self.may_be(frozenset(classes), entry.said_of)

    def concept(self, word: str, schemes: Iterable[str], classes: Collection[str] = ()) -> str | None:
        """The IRI of the concept with this name in one of the schemes, or None.

        Of several, one that a thing of the ``classes`` may have comes first.
        """
        normalised = normal(word)
        named = [iri for scheme in schemes for iri in self.concept_words.get((scheme, normalised), ())]
        return next((iri for iri in named if self.allows(iri, classes)), next(iter(named), None))

    def meant(self, text: str, prop: Property) -> str | None:
        """The IRI of a text as a value of a property: that of a concept, or the namespace with the text as a code."""
        if prop.namespace is not None and not prop.schemes:
            return absolute(self.codes.get(text, text), prop.namespace)
        return self.concept(text, prop.schemes)

    def concepts_in(self, schemes: Iterable[str]) -> list[Concept]:
        """The concepts that are in one of the schemes."""
        among = set(schemes)
        return [concept for concept in self.concepts.values() if not among.isdisjoint(concept.schemes)]

    def candidates(self, text: str, schemes: Iterable[str], classes: Collection[str] = ()) -> set[str]:
        """The words of the schemes' concepts that an unknown text may be a misspelling of, without codes."""
        if len(text) <= _LONGEST_CODE:
            return set()
        fitting = (c for c in self.concepts_in(schemes) if self.allows(c.iri, classes))
        return {word for concept in fitting for word in concept.words if len(word) > _LONGEST_CODE}

    def foreign(self, schemes: Iterable[str], language: Language) -> set[str]:
        """The names of the schemes' concepts that are not names in this language: those in the other language and in IRIs."""
        fitting, other = self.concepts_in(schemes), next(item for item in Language if item is not language)
        called = {name for c in fitting for name in (c.label[other], v.local_name(c.iri))}
        return called - {c.label[language] for c in fitting}

    def values_of(
        self, schemes: Iterable[str], classes: Collection[str] = (), *, near: bool = False
    ) -> tuple[str, str]:
        """The concepts of the schemes as part of a message, in both languages; empty when there are many.

        ``near``: the message names the one that was probably meant, so fewer are already many.
        """
        labels = [c.label for c in self.concepts_in(schemes) if self.allows(c.iri, classes)]
        if not 0 < len(labels) <= (_FEW if near else _MANY):
            return "", ""
        return f" ({', '.join(label.da for label in labels)})", f" ({', '.join(label.en for label in labels)})"

    def labels_of(self, classes: Iterable[str], most: int = 5) -> Text:
        """The classes for a message: their labels, the first few of many."""
        labels = [self.classes[c].label for c in classes if c in self.classes]
        more = ["…"] if len(labels) > most else []
        return Text(*(", ".join([*(label[language] for label in labels[:most]), *more]) for language in Language))

    def home_of(self, word: str, besides: Collection[str]) -> Text | None:
        """The label of a property that takes a word as a value, outside the schemes ``besides``; None if no concept has it, or for a code."""
        normalised = normal(word)
        if len(normalised) <= _LONGEST_CODE:
            return None
        schemes = {scheme for scheme, name in self.concept_words if name == normalised} - set(besides)
        properties = (p for p in self.properties.values() if p.keys and not p.derived and schemes & set(p.schemes))
        first = min(properties, key=lambda p: (len(p.schemes), p.iri), default=None)
        return first.label if first is not None else None

    def copy(self) -> Terms:
        """A copy to which concepts can be added without changing these terms."""
        words = {word: list(named) for word, named in self.concept_words.items()}
        return replace(self, concepts=dict(self.concepts), concept_words=words)

    def add_concept(self, concept: Concept) -> None:
        """Add a concept; a word that another concept has in the same scheme stays with that one."""
        of = concept.said_of or tuple(item for scheme in concept.schemes for item in self.said_of.get(scheme, ()))
        self.concepts.setdefault(concept.iri, replace(concept, said_of=of))
        for scheme in concept.schemes:
            for word in concept.words:
                named = self.concept_words.setdefault((scheme, normal(word)), [])
                if concept.iri not in named:
                    named.append(concept.iri)

    def properties_for(self, word: str, cls: str | None) -> list[Property]:
        """The properties that a key may mean in a node of a class, the best fit first.

        A property of the class or a superclass comes first, then one of a subclass, then one without a domain.
        Empty when the word is no key, or a key of other classes only.
        """
        normalised = normal(word)

        def work() -> list[Property]:
            ranked: list[tuple[int, str, Property]] = []
            for candidate in self.keys.get(normalised, ()):
                if not candidate.domains or cls is None:
                    rank = 2
                elif any(self.is_a(cls, domain) for domain in candidate.domains):
                    rank = 0
                elif candidate.domain is not None and self.is_a(candidate.domain, cls):
                    rank = 1
                else:
                    continue
                ranked.append((rank, candidate.iri, candidate))
            return [candidate for _, _, candidate in sorted(ranked, key=lambda item: item[:2])]

        return self.computed(("properties", normalised, cls), work)


Facts = dict[str, dict[str, list["NamedNode | Literal"]]]


def _words(values: list[NamedNode | Literal]) -> tuple[tuple[str, str], ...]:
    return tuple((o.value, o.language or "") for o in values if isinstance(o, Literal))


def _iris(values: list[NamedNode | Literal]) -> tuple[str, ...]:
    return tuple(sorted(o.value for o in values if isinstance(o, NamedNode)))


def _classes(values: list[NamedNode | Literal]) -> tuple[str, ...]:
    """The classes of a domain or range; empty where everything is allowed, that is, for ``rdfs:Resource``."""
    return tuple(iri for iri in _iris(values) if iri != v.RDFS_RESOURCE)


def _true(values: list[NamedNode | Literal]) -> bool:
    return any(o.value in ("true", "1") for o in values)


def build(facts: Facts) -> Terms:
    """The terms from subject → predicate → objects of the ontology's files."""
    terms = Terms()
    terms.said_of = {iri: _iris(about[v.G_SAID_OF]) for iri, about in facts.items() if v.G_SAID_OF in about}
    terms.codes = {code.value: iri for iri, about in facts.items() for code in about.get(v.G_CODE, ())}
    annotations: set[str] = set()
    for iri in sorted(facts):
        about = facts[iri]

        def get(predicate: str, about: dict[str, list[NamedNode | Literal]] = about) -> list[NamedNode | Literal]:
            return about.get(predicate, [])

        kinds = set(_iris(get(v.RDF_TYPE)))
        label = Text.of(get(v.RDFS_LABEL)) or Text.same(v.local_name(iri))
        definition = Text.of(get(v.SKOS_DEFINITION)) or Text("", "")
        keys = _words(get(v.G_KEY))
        if v.OWL_CLASS in kinds:
            terms.classes[iri] = Class(
                iri, label, definition, _iris(get(v.RDFS_SUBCLASS_OF)), keys, _words(get(v.G_CONTAINER)),
                next(iter(_iris(get(v.G_SHORTHAND))), None), _true(get(v.G_DERIVED)),
            )  # fmt: skip
        elif kinds & {v.OWL_OBJECT_PROPERTY, v.OWL_DATATYPE_PROPERTY}:
            schemes = _iris(get(v.G_SCHEME))
            namespaces = [*get(v.G_NAMESPACE), *(o for s in schemes for o in facts.get(s, {}).get(v.G_NAMESPACE, ()))]
            terms.properties[iri] = Property(
                iri, label, definition, v.OWL_DATATYPE_PROPERTY in kinds,
                next(iter(_classes(get(v.RDFS_DOMAIN))), None), next(iter(_classes(get(v.RDFS_RANGE))), None),
                schemes, next(iter(_iris(get(v.OWL_INVERSE_OF))), None), keys,
                _true(get(v.G_DERIVED)), _true(get(v.G_IDENTIFYING)),
                _classes([*get(v.RDFS_DOMAIN), *get(v.DOMAIN_INCLUDES)]),
                _classes([*get(v.RDFS_RANGE), *get(v.RANGE_INCLUDES)]),
                v.OWL_FUNCTIONAL_PROPERTY in kinds, next((o.value for o in namespaces), None),
                next(iter(_iris(get(v.HAS_UNIT))), None),
            )  # fmt: skip
        elif v.OWL_ANNOTATION_PROPERTY in kinds:
            annotations.add(iri)
        elif v.SKOS_CONCEPT in kinds:
            names = [word for p in (v.SKOS_PREF_LABEL, v.SKOS_ALT_LABEL) for word, _ in _words(get(p))]
            terms.add_concept(
                Concept(
                    iri,
                    Text.of(get(v.SKOS_PREF_LABEL)) or Text.same(v.local_name(iri)),
                    _iris(get(v.SKOS_IN_SCHEME)),
                    (v.local_name(iri), *names),
                    terms.said_of.get(iri, ()),
                )
            )
    terms.annotations = frozenset(annotations)
    _index(terms)
    return terms


def _index(terms: Terms) -> None:
    """Give each write-only property the domain and range that follow from its inverse, and index the words of all terms."""
    for iri, prop in list(terms.properties.items()):
        other = terms.properties.get(prop.inverse_of or "")
        if other is not None:
            terms.properties[iri] = replace(
                prop, domain=prop.domain or other.range, range=prop.range or other.domain,
                domains=prop.domains or other.ranges, ranges=prop.ranges or other.domains,
            )  # fmt: skip
    for item in terms.properties.values():
        for word, _ in item.keys:
            if item not in terms.keys.setdefault(normal(word), []):
                terms.keys[normal(word)].append(item)
    for cls in terms.classes.values():
        for word, _ in cls.containers:
            terms.containers.setdefault(normal(word), cls)
        for word in (*(w for w, _ in cls.keys), cls.label.da, cls.label.en):
            terms.class_words.setdefault(normal(word), cls)
    for cls in terms.classes.values():
        terms.class_words.setdefault(normal(v.local_name(cls.iri)), cls)


@lru_cache(maxsize=1)
def _facts() -> Facts:
    """The statements of the ontology and all frameworks: the words of a framework are read even if it is switched off."""
    facts: Facts = {}
    for file in [*knowledge_files("ontology", ".ttl"), *frameworks.descriptions()]:
        for quad in statements(file):
            subject, object_ = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(object_, NamedNode | Literal):
                facts.setdefault(subject.value, {}).setdefault(quad.predicate.value, []).append(object_)
    return facts


@lru_cache(maxsize=4)
def _with_additions(additions: tuple[Triple, ...]) -> Terms:
    return cached(("terms", sorted(map(str, additions))), lambda: _built(additions))


def _built(additions: tuple[Triple, ...]) -> Terms:
    facts = {subject: {p: list(values) for p, values in about.items()} for subject, about in _facts().items()}
    for triple in additions:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            facts.setdefault(triple.subject.value, {}).setdefault(triple.predicate.value, []).append(triple.object)
    return build(facts)


def load(additions: Iterable[Triple] = ()) -> Terms:
    """The shipped ontology with an organisation's additions; cached, so concepts must only be added to a ``copy``."""
    return _with_additions(tuple(additions))
