"""The JSON-LD context, made from the ontology: the IRIs of the words in YAML and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from graphsc.core import vocabulary as v
from graphsc.sources.terms import Property, Terms, load, normal

Json = dict[str, Any]

_PREFIXES = {"g": v.G, "xsd": v.XSD, "rdfs": v.RDFS, "skos": v.SKOS}


def compact(iri: str) -> str:
    """An IRI with one of the context's prefixes where it has one."""
    for prefix, namespace in _PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def spellings(word: str) -> list[str]:
    """A word, and its spelling with underscores for blanks."""
    return [word] if " " not in word else [word, word.replace(" ", "_")]


def _concepts(terms: Terms, prop: Property) -> Json:
    """The words for the values of a property."""
    if prop.namespace is not None:
        return {"@vocab": prop.namespace}
    scoped: Json = {}
    for scheme in prop.schemes:
        for concept in sorted(terms.concepts.values(), key=lambda c: c.iri):
            if scheme in concept.schemes:
                for spelling in (spelling for word in concept.words for spelling in spellings(word)):
                    # JSON-LD takes a word with a colon or a slash for an IRI.
                    if not {":", "/"} & set(spelling):
                        scoped.setdefault(spelling, concept.iri)
    return dict(sorted(scoped.items()))


def _definition(terms: Terms, prop: Property) -> Json:
    if prop.inverse_of is not None:
        return {"@reverse": compact(prop.inverse_of), "@type": "@id"}
    if prop.worded:
        return {"@id": compact(prop.iri), "@type": "@vocab", "@context": _concepts(terms, prop)}
    if not prop.literal:
        return {"@id": compact(prop.iri), "@type": "@id"}
    if prop.range in (None, v.XSD_STRING):
        return {"@id": compact(prop.iri)}
    return {"@id": compact(prop.iri), "@type": compact(str(prop.range))}


def context(terms: Terms | None = None) -> Json:
    """The context document.

    A word that is both a top-level key and a key within a node means the latter here, and one that is both
    a class and a key means the key, since JSON-LD does not tell them apart by position; a class then goes by
    its English name in one word, and things of a container stand under ``@graph``. Shorthand and ``periode``
    belong to YAML alone.
    """
    terms = terms or load()
    words: Json = {}

    def add(names: Iterable[str], meaning: Json | str) -> None:
        for spelling in (spelling for name in names for spelling in spellings(name)):
            words.setdefault(spelling, meaning)

    for _, prop in sorted(terms.properties.items()):
        if not prop.derived:
            add((word for word, _ in prop.keys), _definition(terms, prop))
    classes = [cls for _, cls in sorted(terms.classes.items()) if not cls.derived and cls.iri.startswith(v.G)]
    for cls in classes:
        add([*(word for word, _ in cls.keys), cls.label.da, cls.label.en, v.local_name(cls.iri)], compact(cls.iri))
    for cls in classes:
        add((word for word, _ in cls.containers), "@included")
    head: Json = {"@version": 1.1, **_PREFIXES, "id": "@id", "type": "@type"}
    for name in ("navn", "name"):
        head[name] = {"@id": "rdfs:label", "@container": "@language"}
    return {"@context": {**head, **{word: words[word] for word in sorted(words) if normal(word) not in head}}}


def context_text(terms: Terms | None = None) -> str:
    """The context document as it is shipped."""
    return json.dumps(context(terms), ensure_ascii=False, indent=1) + "\n"
