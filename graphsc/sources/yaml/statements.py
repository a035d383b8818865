"""Collects the statements of a YAML file: typed values with their places, the class of a node, and a name for it when it has no id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import absolute, digest, illegal_in_iri, is_absolute, legal_in_iri, named
from graphsc.core.text import Text
from graphsc.sources.model import Place, Places
from graphsc.sources.reporting import Reporter, quoted, suggestion
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence
from graphsc.sources.values import date_fault, either, literal, typed

ID_KEYS = frozenset({"id"})
TYPE_KEYS = frozenset({"type"})
BASE_KEYS = frozenset({"base"})
NAME_KEYS = frozenset({"navn", "name"})
PERIOD_KEYS = frozenset({"periode", "period"})
LANGUAGES = frozenset({"da", "en"})
RESERVED = ID_KEYS | TYPE_KEYS | NAME_KEYS | PERIOD_KEYS

CONCEPT_CONTAINERS = frozenset({"begreber", "concepts"})
"""The top-level keys for an organisation's own concepts; the ontology has no class of ours for them."""

SCHEME_KEYS = frozenset({"liste", "scheme"})

_QUOTES = "“”„‟‘’‚"
"""The quotation marks of word processors, which YAML does not know."""


_ASIDE = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)|(?<!\d)0+(?=\d)")
"""What spellings of one id may differ in: blanks and signs, unless between two digits, and leading zeros."""


def spelling(word: str) -> str:
    """A word normalised so that spellings of one id are the same: P07, p7 and P-7 are one, P1 and P10 are two."""
    return _ASIDE.sub("", normal(word))


@dataclass(slots=True)
class Pending:
    """A scalar whose meaning depends on the other files; ``key`` is its key."""

    subject: str
    prop: Property
    key: str
    scalar: Scalar
    base: str


@dataclass(slots=True)
class Added:
    """A thing that a workbook only names: its statements are made if no file describes a thing of that name."""

    iri: str
    cls: str
    name: Scalar


@dataclass(slots=True)
class Statements:
    """The statements of one YAML file so far.

    - ``parents``: for a minted IRI the node and property it is written under
    - ``pending``: the values whose meaning is found once every file is read
    - ``bases_named``: the bases that the file itself names, and their places
    - ``words``: for an IRI the names and ids by which a workbook writes it
    - ``added``: the things that are only named, by the IRI that the name would be as an id
    """

    graph: NamedNode
    report: Reporter
    terms: Terms
    quads: dict[Quad, None] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    parents: dict[str, tuple[str, str]] = field(default_factory=dict)
    pending: list[Pending] = field(default_factory=list)
    bases_named: dict[str, Place] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    added: dict[str, Added] = field(default_factory=dict)

    # ------------------------------------------------------------------ statements

    def state(self, subject: str, predicate: str, object_: NamedNode | Literal, place: Place) -> None:
        """Store one triple, and the place of its value."""
        self.quads[Quad(NamedNode(subject), NamedNode(predicate), object_, self.graph)] = None
        self.places.value(subject, predicate, object_.value, place)

    def link(self, subject: str, prop: Property, object_: str, place: Place) -> None:
        """Store a property between two nodes, in the direction that is stored."""
        if prop.inverse_of is None:
            self.state(subject, prop.iri, NamedNode(object_), place)
        else:
            self.places.edge(object_, prop.inverse_of, place)
            self.state(object_, prop.inverse_of, NamedNode(subject), place)

    def type(self, subject: str, cls: str, place: Place) -> None:
        """Store the class of a node."""
        self.state(subject, v.RDF_TYPE, NamedNode(cls), place)

    def iri(self, scalar: Scalar, base: str, *, refers: bool = False) -> str | None:
        """The IRI of an id; None, and a problem, when it is invalid. ``refers``: it is a reference."""
        text = scalar.text.strip()
        bad = illegal_in_iri(text.strip(_QUOTES)) if text else ""
        if bad is None and text.strip(_QUOTES) != text:
            bad = text[0] if text[0] in _QUOTES else text[-1]
        whole = absolute(text, base)
        if bad is None and named(whole) is None:
            bad = text
        if bad is None:
            return whole
        if not text:
            self.report.add("bad-id", "Id'et er tomt.", "The id is empty.", scalar.place)
            return None
        signs = {" ": Text("mellemrum", "blanks")} | dict.fromkeys(_QUOTES, Text("anførselstegn", "quotation marks"))
        sign = signs.get(bad, Text.same(quoted(bad)))
        parts = [part.strip() for part in text.split(",")]
        if len(parts) > 1 and all(parts) and not any(map(illegal_in_iri, parts)):
            listed = quoted(f"[{', '.join(parts)}]")
            tail = Text(
                f" Er det flere, så skriv dem som en liste: {listed}.",
                f" If they are several, write them as a list: {listed}.",
            )
        elif refers and bad == " ":
            tail = Text(" Skriv tingens id, ikke dens navn.", " Write the id of the thing, not its name.")
        else:
            tail = suggestion(legal_in_iri(text.strip(_QUOTES)) or None)
        self.report.add(
            "bad-id", f"{quoted(text)} kan ikke være et id: Der må ikke stå {sign.da} i det.{tail.da}",
            f"{quoted(text)} cannot be an id: there may be no {sign.en} in it.{tail.en}", scalar.place,
        )  # fmt: skip
        return None

    def name_base(self, text: str, place: Place) -> bool:
        """Note a base of ids, or report it if it is invalid; whether it is valid."""
        if is_absolute(text) and illegal_in_iri(text) is None:
            self.bases_named.setdefault(text, place)
            return True
        self.report.add(
            "bad-id", "Som base ventes en hel IRI, fx https://example.org/id/.",
            "A whole IRI is expected as base, such as https://example.org/id/.", place,
        )  # fmt: skip
        return False

    def literal(self, subject: str, prop: Property, scalar: Scalar) -> None:
        """Store a value of the property's type in the ontology, or report it."""
        text, fault = literal(scalar.text, prop.range, prop.unit)
        if not self.report.fault(fault or either(text, prop.range), scalar.place):
            self.state(subject, prop.iri, typed(text, prop.range), scalar.place)

    def name(self, subject: str, predicate: str, key: Scalar, value: Node) -> None:
        """Store a name: plain, or one per language."""
        self.places.edge(subject, predicate, key.place)
        if isinstance(value, Mapping):
            for language, text in value.entries:
                if normal(language.text) not in LANGUAGES or not isinstance(text, Scalar):
                    self.report.add(
                        "unknown-key", f"{quoted(language.text)} er ikke et sprog her; skriv da eller en.",
                        f"{quoted(language.text)} is not a language here; write da or en.", language.place,
                    )  # fmt: skip
                elif text.empty:
                    self.report.add("missing-value", "Her mangler en værdi.", "A value is missing here.", text.place)
                else:
                    self.state(subject, predicate, Literal(text.text, language=normal(language.text)), text.place)
        elif isinstance(value, Sequence):
            self.report.add("wrong-type", "Et navn er en enkelt tekst.", "A name is a single text.", value.place)
        elif value.empty:
            self.report.add("missing-value", "Her mangler en værdi.", "A value is missing here.", value.place)
        else:
            self.state(subject, predicate, Literal(value.text), value.place)

    def period(self, subject: str, cls: str | None, key: Scalar, value: Node) -> None:
        """Store the two ends of ``2024-04-01/2028-03-31``, either of which may be left out."""
        if not isinstance(value, Scalar) or value.text.count("/") != 1 or value.text.strip() == "/":
            self.report.add(
                "bad-period", "En periode skrives 2024-04-01/2028-03-31; en ende, der er åben, udelades.",
                "A period is written 2024-04-01/2028-03-31; an end that is open is left out.", value.place,
            )  # fmt: skip
            return
        agreement = cls is not None and self.terms.is_a(cls, v.G_AGREEMENT)
        ends = (v.G_START, v.G_END) if agreement else (v.G_FROM, v.G_UNTIL)
        for predicate, part in zip(ends, value.text.split("/"), strict=True):
            text = part.strip()
            if not text or self.report.fault(date_fault(text), value.place):
                continue
            self.places.edge(subject, predicate, key.place)
            self.state(subject, predicate, typed(text, v.XSD_DATE), value.place)


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
