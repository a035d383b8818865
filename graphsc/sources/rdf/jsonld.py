"""JSON-LD, with contexts from the file itself or from the package, never from the network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urljoin

from pyoxigraph import RdfFormat

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import illegal_in_iri, named
from graphsc.core.text import Text
from graphsc.sources.generated import context_text
from graphsc.sources.model import Places
from graphsc.sources.rdf.places import resolved
from graphsc.sources.rdf.reader import RdfReading, read_rdf
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Terms, normal
from graphsc.sources.tree import Kind, Mapping, Node, Scalar, Sequence, read_json, write_json

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_MAPS = frozenset({"@language", "@index", "@id", "@type", "@graph", "@json"})
"""The containers in whose values the keys are no terms."""
_SCHEMES = frozenset({"urn", "tag", "info", "did", "doi", "oid"})
"""The schemes that an IRI of a class or a property may have without ``//`` after them."""


@dataclass(slots=True)
class _Words:
    """The definitions of words in the contexts of a file; enough to find places, not to expand the file."""

    terms: dict[str, str] = field(default_factory=dict)
    reverse: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=lambda: {"@id"})
    types: set[str] = field(default_factory=lambda: {"@type"})
    other: set[str] = field(default_factory=set)
    maps: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    vocab: str | None = None
    base: str | None = None

    def learn(self, context: Node, scoped: bool = False) -> None:
        """Add the definitions of a context and of contexts within it."""
        for part in context.items if isinstance(context, Sequence) else [context]:
            if isinstance(part, Mapping):
                for key, value in part.entries:
                    if not scoped or key.text not in ("@vocab", "@base"):
                        self._define(key.text, value)

    def _define(self, word: str, value: Node) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.entries:
                self._define_part(word, key.text, inner)
            if word not in self.terms and word not in self.reverse:
                self.other.add(word)
        elif isinstance(value, Scalar):
            self._define_plainly(word, value.text)

    def _define_part(self, word: str, key: str, inner: Node) -> None:
        if key == "@context":
            self.learn(inner, scoped=True)
        elif key == "@container" or (isinstance(inner, Scalar) and inner.text == "@json"):
            kinds = inner.items if isinstance(inner, Sequence) else [inner]
            if any(isinstance(kind, Scalar) and kind.text in _MAPS for kind in kinds):
                self.maps.add(word)
        elif key == "@reverse" and isinstance(inner, Scalar):
            self.reverse[word] = inner.text
        elif key == "@id" and isinstance(inner, Scalar):
            self._define_plainly(word, inner.text)
        elif key == "@type" and isinstance(inner, Scalar) and inner.text in ("@id", "@vocab"):
            self.links.add(word)

    def _define_plainly(self, word: str, text: str) -> None:
        if word == "@vocab":
            self.vocab = self.vocab or text
        elif word == "@base":
            self.base = text
        elif text == "@id":
            self.ids.add(word)
        elif text == "@type":
            self.types.add(word)
        elif text.startswith("@"):
            self.other.add(word)
        else:
            self.terms.setdefault(word, text)

    def term(self, word: str) -> str | None:
        """The IRI of a key, if the document alone defines it."""
        text = self.terms.get(word, word)
        if ":" in text:
            prefix, local = text.split(":", 1)
            return self.terms[prefix] + local if prefix in self.terms and not local.startswith("//") else text
        return self.vocab + text if self.vocab is not None else None

    def undeclared(self, word: str) -> str | None:
        """The undeclared prefix of a type or a key; None where there is none, or where the word is a whole IRI."""
        prefix, colon, local = self.terms.get(word, word).partition(":")
        whole = not colon or local.startswith("//") or prefix in self.terms or prefix.casefold() in _SCHEMES
        return None if whole or prefix.startswith(("@", "_")) else prefix

    def written(self, iris: Iterable[str]) -> set[str]:
        """The ways in which the file may write terms of the ontology: as words of its context, and with a prefix it declares."""
        iri_set = set(iris)
        prefixes = [word for word, iri in self.terms.items() if iri == v.G and not word.startswith("@")]
        words = {word for word in self.terms if self.term(word) in iri_set}
        return words | {
            f"{prefix}:{v.local_name(iri)}" for prefix in prefixes for iri in iri_set if iri.startswith(v.G)
        }

    def iri(self, text: str, base: str) -> str:
        """The IRI of an ``@id``, if the document alone defines it."""
        if ":" in text:
            return self.term(text) or text
        return urljoin(self.base, text) if self.base is not None else resolved(text, base)


def _contexts(root: Node) -> list[tuple[Mapping, int]]:
    """Each mapping that has an ``@context``, and the number of that entry."""
    result: list[tuple[Mapping, int]] = []
    open_: list[Node] = [root]
    while open_:
        node = open_.pop()
        if isinstance(node, Sequence):
            open_.extend(node.items)
        elif isinstance(node, Mapping):
            for number, (key, value) in enumerate(node.entries):
                if key.text == "@context":
                    result.append((node, number))
                open_.append(value)
    return result


@cache
def _shipped() -> Node:
    """The shipped context, parsed once, since it is larger than most documents that name it. It must not be changed."""
    tree = read_json(context_text(), Reporter("context.jsonld"))
    assert isinstance(tree, Mapping)
    inner = tree.get("@context")
    assert inner is not None
    return inner


def _read_contexts(root: Node, report: Reporter, words: _Words) -> bool:
    """Insert the shipped context where it is named; False, and problems, when another would have to be fetched."""
    shipped: Node | None = None
    good = True
    for mapping, number in _contexts(root):
        key, value = mapping.entries[number]
        parts = value.items if isinstance(value, Sequence) else [value]
        parts_read: list[Node] = []
        for part in parts:
            if isinstance(part, Scalar) and part.kind is Kind.STRING:
                if part.text != v.CONTEXT:
                    good = False
                    report.add(
                        "remote-context",
                        f"Konteksten {quoted(part.text)} hentes ikke; skriv den ind i filen, eller brug {v.CONTEXT}.",
                        f"The context {quoted(part.text)} is not fetched; write it into the file or use {v.CONTEXT}.",
                        part.place,
                    )
                    continue
                shipped = shipped or _shipped()
                parts_read.append(shipped)
            else:
                if isinstance(part, Mapping) and part.get("@import") is not None:
                    good = False
                    report.add(
                        "remote-context", "@import hentes ikke; skriv konteksten ind i filen.",
                        "@import is not fetched; write the context into the file.", part.place,
                    )  # fmt: skip
                parts_read.append(part)
        fresh: Node = Sequence(value.place, parts_read) if isinstance(value, Sequence) else (parts_read or [value])[0]
        mapping.entries[number] = (key, fresh)
        words.learn(fresh)
    return good


@dataclass(slots=True)
class _Check:
    """Reports keys, ids and types that are not understood, and notes the place of each node: its object, or else its first mention."""

    words: _Words
    base: str
    report: Reporter
    terms: Terms
    places: Places = field(default_factory=Places)
    named: Places = field(default_factory=Places)

    def run(self, root: Node) -> Places:
        """Check a document; gives the places of its nodes."""
        words = self.words
        context_words = {
            normal(word) for word in (*words.terms, *words.reverse, *words.ids, *words.types, *words.other)
        }
        open_: list[Node] = [root]
        while open_:
            node = open_.pop()
            if isinstance(node, Sequence):
                open_.extend(reversed(node.items))
            elif isinstance(node, Mapping):
                open_.extend(self.node(node, context_words))
        self.places.nodes = self.named.nodes | self.places.nodes
        return self.places

    def node(self, node: Mapping, context_words: set[str]) -> Iterator[Node]:
        """Check the keys of one object; gives the nodes to visit next."""
        words = self.words
        for key, value in node.entries:
            self.check(key, value)
            if key.text in words.ids and isinstance(value, Scalar) and len(node.entries) > 1:
                self.places.node(words.iri(value.text, self.base), node.place)
            if key.text == "@context" or key.text in words.ids:
                continue
            if key.text not in words.types and key.text not in words.maps:
                yield value
            known = key.text in words.types or words.term(words.reverse.get(key.text, key.text)) is not None
            if not known and not key.text.startswith("@") and key.text not in words.other:
                self.report.add(
                    "unknown-key", f"Nøglen {quoted(key.text)} er ukendt.", f"The key {quoted(key.text)} is unknown.",
                    key.place, self.report.closest(normal(key.text), context_words),
                )  # fmt: skip

    def check(self, key: Scalar, value: Node) -> None:
        """Report what a JSON-LD reader drops silently: a value that should be an IRI and is none, and an invalid language."""
        words, items = self.words, value.items if isinstance(value, Sequence) else [value]
        texts = [item for item in items if isinstance(item, Scalar) and item.kind is Kind.STRING]
        if key.text == "@language":
            for item in texts:
                if _LANGUAGE.fullmatch(item.text) is None:
                    self.report.add(
                        "bad-value", f"{quoted(item.text)} er ikke et sprog som da eller en-GB.",
                        f"{quoted(item.text)} is not a language such as da or en-GB.", item.place,
                    )  # fmt: skip
            return
        iris = [(key, words.term(words.reverse.get(key.text, key.text)))] if not key.text.startswith("@") else []
        for word in [*(word for word, _ in iris), *(texts if key.text in words.types else [])]:
            self.prefix(word, key.text in words.types and word is not key)
        if key.text in words.ids or key.text in words.links:
            # the value of a property may be a term of the context
            terms = words.terms if key.text in words.links else {}
            for item in texts:
                if item.text not in terms:
                    iris.append((item, words.iri(item.text, self.base)))
                    self.named.node(words.iri(item.text, self.base), item.place)
        elif key.text in words.types:
            iris += [(item, words.term(item.text) or words.iri(item.text, self.base)) for item in texts]
        for word, iri in iris:
            if iri is not None and not iri.startswith("_:") and (illegal_in_iri(iri) or named(iri) is None):
                self.report.add(
                    "bad-id", f"{quoted(word.text)} er ingen IRI.", f"{quoted(word.text)} is not an IRI.", word.place,
                )  # fmt: skip

    def prefix(self, word: Scalar, is_type: bool) -> None:
        """Report a type or a key with an undeclared prefix, which a JSON-LD reader takes for a whole IRI."""
        text = self.words.reverse.get(word.text, word.text)
        prefix = self.words.undeclared(text)
        if prefix is None:
            return
        terms = self.terms.classes if is_type else self.terms.properties
        meant = None
        if not self.report.full("unknown-prefix"):
            written = self.words.written(iri for iri, term in terms.items() if not term.derived)
            text = self.words.terms.get(text, text)
            local = text.partition(":")[2]
            same = sorted(other for other in written if normal(other.rpartition(":")[2]) == normal(local))
            meant = same[0] if same else self.report.closest(text, written)
        tail = (
            Text("", "")
            if meant
            else Text(" Erklær det dér, eller skriv hele IRI'en.", " Declare it there, or write the whole IRI.")
        )
        self.report.add(
            "unknown-prefix",
            f"{quoted(word.text)} er ikke forstået: Præfikset {quoted(prefix + ':')} er ikke erklæret i @context.{tail.da}",
            f"{quoted(word.text)} was not understood: The prefix {quoted(prefix + ':')} is not declared in @context.{tail.en}",
            word.place, meant,
        )  # fmt: skip


def is_jsonld(root: Node) -> bool:
    """Whether a JSON document is JSON-LD: it has ``@context``, ``@graph``, ``@id`` or the like at the top."""
    tops = root.items if isinstance(root, Sequence) else [root]
    return any(isinstance(top, Mapping) and any(key.text.startswith("@") for key, _ in top.entries) for top in tops)


def read_jsonld(root: Node, graph: str, report: Reporter, terms: Terms, base: str) -> tuple[RdfReading, Places]:
    """The statements of a JSON-LD document and their places."""
    words = _Words()
    if not _read_contexts(root, report, words):
        return RdfReading(complete=False), Places()
    places = _Check(words, base, report, terms).run(root)
    reading = read_rdf(write_json(root).encode(), RdfFormat.JSON_LD, graph, report, terms, base)
    return reading, places
