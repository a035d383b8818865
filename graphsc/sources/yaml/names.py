"""The class of a node in YAML, and a name for it when it has no id."""

from __future__ import annotations

from dataclasses import dataclass

from graphsc.core.identifiers import absolute, digest
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence
from graphsc.sources.yaml.statements import RESERVED, TYPE_KEYS


def class_of(mapping: Mapping, cls: str | None, terms: Terms, report: Reporter) -> str | None:
    """The class of a node: its ``type``, or else the class expected at its place, narrowed by its keys."""
    for key, value in mapping.entries:
        if normal(key.text) in TYPE_KEYS:
            named = _named_class(value, terms, report)
            if named is not None:
                if cls is not None and not terms.is_a(named, cls):
                    expected, got = terms.classes[cls].label, terms.classes[named].label
                    report.add(
                        "wrong-type", f"Her ventes en {expected.da}, ikke en {got.da}.",
                        f"A {expected.en} is expected here, not a {got.en}.", value.place,
                    )  # fmt: skip
                return named
    for key, _ in mapping.entries:
        candidates = terms.properties_for(key.text, cls)
        if len(candidates) == 1 and normal(key.text) not in RESERVED:
            domain = candidates[0].domain
            if domain is not None and (cls is None or (domain != cls and terms.is_a(domain, cls))):
                cls = domain
    return cls


def _named_class(value: Node, terms: Terms, report: Reporter) -> str | None:
    if not isinstance(value, Scalar):
        report.add("wrong-type", "En type er et enkelt ord.", "A type is a single word.", value.place)
        return None
    result = terms.class_words.get(normal(value.text)) or terms.classes.get(value.text)
    if result is None or result.derived:
        usable = [word for word, cls in terms.class_words.items() if not cls.derived]
        report.add(
            "unknown-type", f"Typen {quoted(value.text)} er ukendt.", f"The type {quoted(value.text)} is unknown.",
            value.place, report.closest(normal(value.text), usable),
        )  # fmt: skip
        return None
    return result.iri


@dataclass(frozen=True, slots=True)
class KeyMinter:
    """Keys for the blank nodes of a document whose ids are resolved against a base."""

    terms: Terms
    base: str

    def keys_of(self, prop: Property, items: list[Node]) -> list[str]:
        """A key for each value, for a minted IRI.

        The key is made from the identifying properties of a node (supplier, date, topic …), so that adding to a node
        does not rename it; siblings with the same ones are told apart by all their contents.
        """
        if prop.literal or prop.worded:
            return [""] * len(items)
        short = [self._identity(prop, item) for item in items]
        return [
            digest(self.content(item, prop.range))
            if isinstance(item, Mapping) and short.count(key) > 1
            else digest(key)
            for item, key in zip(items, short, strict=True)
        ]

    def _identity(self, prop: Property, item: Node) -> tuple[str, ...]:
        if not isinstance(item, Mapping):
            return self.content(item, prop.range)
        cls = class_of(item, prop.range, self.terms, Reporter(""))
        shorthand = self.terms.classes[cls].shorthand if cls in self.terms.classes else None
        parts = [
            (candidate.iri, *self.content(value, candidate.range, candidate))
            for key, value in item.entries
            for candidate in self.terms.properties_for(key.text, cls)[:1]
            if candidate.identifying or candidate.iri == shorthand
        ]
        return tuple(text for part in sorted(parts) for text in part) or self.content(item, prop.range)

    def content(self, node: Node, cls: str | None, prop: Property | None = None) -> tuple[str, ...]:
        """The content of a part of the document, the same for any order of keys and for either language."""
        if isinstance(node, Scalar):
            if prop is not None and prop.schemes:
                return (self.terms.concept(node.text, prop.schemes) or node.text,)
            if prop is not None and not prop.literal:
                return (absolute(node.text.strip(), prop.namespace or self.base),)
            return (node.text,)
        if isinstance(node, Sequence):
            inner = sorted(self.content(item, cls, prop) for item in node.items)
            return inner[0] if len(inner) == 1 else tuple(t for part in inner for t in ("[", *part, "]"))
        parts = []
        for key, value in node.entries:
            candidate = next(iter(self.terms.properties_for(key.text, cls)), None)
            name = candidate.iri if candidate is not None else normal(key.text)
            parts.append((name, *self.content(value, candidate.range if candidate else None, candidate)))
        return tuple(t for part in sorted(parts) for t in ("{", *part, "}"))
