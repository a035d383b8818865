"""The register as YAML: each thing under the key of its class, with the keys of one language."""

from __future__ import annotations

from collections.abc import Iterable

import yaml
from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import DEFAULT_BASE
from graphsc.core.text import Language
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.workbook.content import Statements, narrowest, short, type_word
from graphsc.sources.yaml.statements import RESERVED

_WIDTH = 118
_KEPT = ("bool", "null", "merge", "value")
"""Plain text that other readers of YAML may take for something else, so that it is quoted; dates and numbers are not."""


class _Dumper(yaml.SafeDumper):
    """Writes every value as text, quoted only where necessary."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


_Dumper.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in _KEPT]
    for letter, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


class _Writer:
    def __init__(self, quads: Iterable[Quad], terms: Terms, language: Language, base: str) -> None:
        self.terms, self.language, self.base = terms, language, base
        self.about = Statements(quads).about

    def short(self, iri: str) -> str:
        """The shortened form of an id."""
        return short(iri, self.base)

    def word(self, words: Iterable[tuple[str, str]]) -> list[str]:
        """Words in order of preference: those of the language first."""
        pairs = list(words)
        return [w for w, tag in pairs if tag == self.language] + [w for w, tag in pairs if tag != self.language]

    def container(self, cls: str) -> str | None:
        """The class whose key things of a class are listed under: this one or a superclass."""
        waiting = [cls]
        while waiting:
            term = self.terms.classes.get(waiting.pop(0))
            if term is not None and term.containers:
                return term.iri
            waiting += term.parents if term is not None else ()
        return None

    def class_of(self, iri: str) -> str | None:
        """The narrowest class of a thing."""
        classes = [o.value for o in self.about[iri].get(v.RDF_TYPE, []) if o.value in self.terms.classes]
        return narrowest(classes, self.terms)

    def key(self, prop: Property, cls: str) -> str | None:
        """A key for a property in a thing of a class."""
        for word in self.word(prop.keys):
            fitting = [candidate for candidate in self.terms.properties_for(word, cls) if not candidate.derived]
            if fitting and fitting[0] is prop and normal(word) not in RESERVED:
                return word
        return None

    def value(self, value: NamedNode | Literal, prop: Property, cls: str) -> str:
        if isinstance(value, Literal):
            if prop.range == v.XSD_BOOLEAN:
                yes, no = ("ja", "nej") if self.language is Language.DA else ("yes", "no")
                return yes if value.value in ("true", "1") else no
            return value.value
        if not prop.worded:
            return self.short(value.value)
        concept = self.terms.concepts.get(value.value)
        words = (concept.label[self.language], *concept.words) if concept is not None else ()
        return next(
            (w for w in words if self.terms.concept(w, prop.schemes, [cls]) == value.value), prop.code(value.value)
        )

    def thing(self, iri: str, cls: str, listed: str | None) -> dict[str, object]:
        """A thing as keys and values; ``listed`` is the class that follows from its place."""
        entry: dict[str, object] = {"id": self.short(iri)}
        if cls != listed:
            entry["type"] = type_word(cls, self.terms, self.language)
        labels = [o for o in self.about[iri].get(v.RDFS_LABEL, []) if isinstance(o, Literal)]
        name = "navn" if self.language is Language.DA else "name"
        if labels and labels[0].language is None:
            entry[name] = labels[0].value
        elif labels:
            entry[name] = {str(label.language): label.value for label in labels}
        for predicate, values in self.about[iri].items():
            prop = self.terms.properties.get(predicate)
            key = self.key(prop, cls) if prop is not None else None
            if prop is not None and key is not None:
                texts = sorted(self.value(value, prop, cls) for value in values)
                entry[key] = texts[0] if len(texts) == 1 else texts
        return entry


def render(quads: Iterable[Quad], terms: Terms, *, language: Language, base: str, head: Iterable[str] = ()) -> str:
    """The statements as a YAML file, after lines of comment; the same statements give the same text.

    Statements without a key in YAML are left out: a caller that must not lose any reads the text again and compares.
    """
    writer = _Writer(quads, terms, language, base)
    listed: dict[str, list[dict[str, object]]] = {}
    loose: list[dict[str, object]] = []
    for iri in sorted(writer.about):
        cls = writer.class_of(iri)
        if cls is None:
            continue
        home = writer.container(cls)
        thing = writer.thing(iri, cls, home)
        if home is None:
            loose.append({**thing, "id": iri})
        else:
            word = writer.word(terms.classes[home].containers)[0]
            listed.setdefault(word, []).append(thing)
    documents: list[object] = [{**({"base": base} if base != DEFAULT_BASE else {}), **listed}]
    documents += [loose] if loose else []
    texts = [
        yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=False)
        for document in documents
    ]
    return "".join(f"# {line}\n" for line in head) + "---\n".join(texts)
