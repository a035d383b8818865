"""The files of the ontology folder that are made from the ontology: the JSON-LD context, and the JSON Schema of YAML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from graphsc.core import vocabulary as v
from graphsc.core.text import Text
from graphsc.core.writing import write_whole
from graphsc.sources.terms import Class, Property, Terms, load, normal
from graphsc.sources.values import FALSE, TRUE

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


Json = dict[str, Any]

SCHEMA = v.ROOT + "graphsc.schema.json"

_TEXT: Json = {"type": ["string", "number", "boolean"]}
_DATE: Json = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_DURATION = r"^P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$"
_PERIOD = r"^(\d{4}-\d{2}-\d{2}/(\d{4}-\d{2}-\d{2})?|/\d{4}-\d{2}-\d{2})$"
_ID: Json = {"$ref": "#/$defs/id"}


def _described(label: Text, definition: Text) -> Json:
    """Title and description in both languages."""
    title = label.da if label.da == label.en else f"{label.da} / {label.en}"
    text = "\n\n".join(dict.fromkeys(part for part in (definition.da, definition.en) if part))
    return {"title": title} | ({"description": text} if text else {})


def _literal(prop: Property) -> Json:
    if prop.range == v.XSD_DATE:
        return _DATE
    if prop.range == v.XSD_BOOLEAN:
        return {"enum": [True, False, *sorted(TRUE | FALSE)]}
    if prop.range == v.XSD_INTEGER:
        return {"type": ["integer", "string"], "pattern": r"^[+-]?\d+$"}
    if prop.range == v.XSD_DECIMAL:
        share = r"|^[+-]?\d+([.,]\d+)? ?%$" if prop.unit in v.PER_CENT else ""
        return {"type": ["number", "string"], "pattern": r"^[+-]?(\d+(\.\d*)?|\.\d+)$" + share}
    return _TEXT


def _concept(terms: Terms, prop: Property, of: str | None) -> Json:
    """The schema of a word for a concept of a property's schemes, as a value in a class."""
    if v.PERIOD_SCHEME in prop.schemes:
        return {"type": "string", "pattern": _DURATION, "examples": ["P1D", "P1M", "P3M", "P1Y"]}
    classes = () if of is None else (of,)
    concepts = [c for c in terms.concepts_in(prop.schemes) if terms.allows(c.iri, classes)]
    words = {spelling for concept in concepts for word in concept.words for spelling in spellings(word)}
    # The organisation's own concepts are written by their ids.
    added: Json = {"type": "string", "pattern": "[:/]"}
    return {"anyOf": [{"enum": sorted(words)}, added]}


def _property(terms: Terms, prop: Property, of: str | None = None) -> Json:
    if prop.literal:
        value = _literal(prop)
    elif prop.schemes:
        value = {"$ref": f"#/$defs/{_list(prop, of)}"}
    elif prop.namespace:
        value = _TEXT
    elif prop.range in terms.classes:
        cls = terms.classes[str(prop.range)]
        bare = _TEXT if cls.shorthand is not None else _ID
        value = {"anyOf": [bare, {"$ref": f"#/$defs/{v.local_name(cls.iri)}"}]}
    else:
        value = {"anyOf": [_ID, {"type": "object"}]}
    return {**_described(prop.label, prop.definition), "anyOf": [value, {"type": "array", "items": value}]}


def _list(prop: Property, of: str | None) -> str:
    """The name of the definition for the values of a property with schemes."""
    return "-".join(["one-of", *map(v.local_name, prop.schemes), *([v.local_name(of)] if of else [])])


def _narrowed(terms: Terms, prop: Property) -> bool:
    """Whether the allowed values of a property depend on the class."""
    return any(concept.said_of for concept in terms.concepts_in(prop.schemes))


def _below(terms: Terms, prop: Property, cls: Class) -> bool:
    """Whether a subclass, which the node may have as its type, has the property."""
    return any(terms.is_a(domain, cls.iri) for domain in prop.domains)


def _defined(terms: Terms, prop: Property, cls: Class) -> str:
    """The name of the definition of a property in a class."""
    name = v.local_name(prop.iri)
    home = next((d for d in prop.domains if terms.is_a(cls.iri, d) or terms.is_a(d, cls.iri)), None)
    return f"{name}-{v.local_name(home)}" if home is not None and _narrowed(terms, prop) else name


def _class(terms: Terms, cls: Class) -> Json:
    """The schema of a node: the keys of its class, of the superclasses, and of the subclasses, one of which it may be."""
    keys: Json = {
        "id": _ID,
        "type": {"$ref": "#/$defs/type"},
        "navn": {"$ref": "#/$defs/name"},
        "name": {"$ref": "#/$defs/name"},
        "periode": {"$ref": "#/$defs/period"},
        "period": {"$ref": "#/$defs/period"},
    }
    for word in sorted(terms.keys):
        fitting = (*terms.properties_for(word, cls.iri), *(p for p in terms.keys[word] if _below(terms, p, cls)))
        for prop in [prop for prop in fitting if not prop.derived][:1]:
            for key, _ in prop.keys:
                for spelling in spellings(key):
                    keys.setdefault(spelling, {"$ref": f"#/$defs/{_defined(terms, prop, cls)}"})
    return {
        **_described(cls.label, cls.definition),
        "type": "object",
        "properties": keys,
        "additionalProperties": False,
    }


def _container(cls: Class, terms: Terms) -> Json:
    node: Json = {"$ref": f"#/$defs/{v.local_name(cls.iri)}"}
    # evidence is identified by its content; only things that others refer to need an id
    with_id: Json = node if terms.is_a(cls.iri, v.G_EVIDENCE) else {"allOf": [node], "required": ["id"]}
    return {
        **_described(cls.label, cls.definition),
        "anyOf": [
            {"type": "array", "items": {"anyOf": [with_id, _ID]}},
            with_id,
            {"type": "object", "additionalProperties": {"anyOf": [node, {"type": "null"}, {"const": ""}]}},
            _ID,
        ],
    }


def _own_concepts(terms: Terms) -> Json:
    """What `begreber` holds: concepts that the organisation adds to a list."""
    schemes = sorted({v.local_name(s) for c in terms.concepts.values() for s in c.schemes})
    fields: Json = {"id": _ID, "navn": {"$ref": "#/$defs/name"}, "name": {"$ref": "#/$defs/name"}}
    fields |= {key: {"anyOf": [{"enum": schemes}, _ID]} for key in ("liste", "scheme")}
    concept: Json = {"type": "object", "properties": fields, "additionalProperties": False}
    return {
        "title": "begreber / concepts",
        "description": "Egne begreber.\n\nConcepts of your own.",
        "anyOf": [{"type": "array", "items": concept}, {"type": "object", "additionalProperties": concept}],
    }


def schema(terms: Terms | None = None) -> Json:
    """The schema (draft 2020-12) of a YAML document with containers at the top.

    Keys are listed as the ontology writes them and with underscores for blanks; the reader also takes
    hyphens and capitals.
    """
    terms = terms or load()
    classes = [cls for _, cls in sorted(terms.classes.items()) if not cls.derived and cls.iri.startswith(v.G)]
    words = sorted({s for cls in classes for w, c in terms.class_words.items() if c is cls for s in spellings(w)})
    name: Json = {
        "anyOf": [_TEXT, {"type": "object", "properties": {"da": _TEXT, "en": _TEXT}, "additionalProperties": False}]
    }
    definitions: Json = {
        "id": {"type": ["string", "number"], "title": "id", "pattern": '^[^\\s<>"{}|\\\\^`]+$'},
        "type": {"title": "type", "anyOf": [{"enum": words}, {"type": "string", "pattern": ":"}]},
        "name": {"title": "navn / name", **name},
        "period": {
            "title": "periode / period",
            "type": "string",
            "pattern": _PERIOD,
            "examples": ["2024-04-01/2028-03-31"],
        },
    }
    for cls in classes:
        definitions[v.local_name(cls.iri)] = _class(terms, cls)
    for _, prop in sorted(terms.properties.items()):
        if not prop.derived and prop.keys:
            for domain in (None, *(prop.domains if _narrowed(terms, prop) else ())):
                key = "-".join(v.local_name(iri) for iri in (prop.iri, domain) if iri)
                definitions.setdefault(key, _property(terms, prop, domain))
                if prop.schemes:
                    definitions.setdefault(_list(prop, domain), _concept(terms, prop, domain))
    top: Json = {"base": {"title": "base", "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:"}}
    for cls in classes:
        for word, _ in cls.containers:
            for spelling in spellings(word):
                top[spelling] = _container(cls, terms)
    top |= {word: _own_concepts(terms) for word in ("begreber", "concepts")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "graphsc",
        "type": "object",
        "properties": dict(sorted(top.items())),
        "additionalProperties": False,
        "$defs": definitions,
    }


def schema_text(terms: Terms | None = None) -> str:
    """The schema as it is shipped."""
    return json.dumps(schema(terms), ensure_ascii=False, indent=1) + "\n"


FILES: dict[str, Callable[[], str]] = {"context.jsonld": context_text, "graphsc.schema.json": schema_text}
"""The name of each file in ``ontology/``, and what makes its text."""


def write(folder: Path) -> None:
    """Write every generated file into a folder."""
    for name, text in sorted(FILES.items()):
        write_whole(folder / name, text())


if __name__ == "__main__":
    write(Path("ontology"))
