"""The sheets and columns of a workbook, made from the ontology by ``ontology/workbook``, and the text of its cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graphsc.core import vocabulary as v
from graphsc.core.resources import knowledge_files
from graphsc.core.text import Text
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.values import literal

Value = str | int | float | bool | date | datetime | time | timedelta
"""The value of a cell; the empty text is an empty cell."""

LONGEST = 32_767
"""The most characters in a cell."""

FIRST_DAY = date(1950, 1, 1)
"""The first date that is written to a cell as a number: an earlier one is more likely a year that was taken for a date."""

_LETTERS = {"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"}
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NAMED = re.compile(r"(?P<name>.*\S)\s*\[(?P<id>[^\[\]]+)\]", re.DOTALL)
_APART = re.compile(r"\n|;(?![^\[\]\n]*\])")


def text_of(value: Value) -> str:
    """The text that a person sees in the cell, dates as ``2024-03-01`` whatever the cell's format."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return _number(value)
    return str(value)


def _number(value: float) -> str:
    """A number with the 15 digits that a spreadsheet computes with: a third is not 0.3333333333333333148."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    shown = format(Decimal(f"{value:.15g}"), ".18f" if 1e-15 < abs(value) < 1 else "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def date_of(value: Value) -> str:
    """The text of a cell in a date column: the date, without a time of day."""
    return value.date().isoformat() if isinstance(value, datetime) else text_of(value)


def several(text: str) -> list[str]:
    """The values in a cell, one on each line or with ``;`` between."""
    return [part for piece in _APART.split(text.replace("\r\n", "\n")) if (part := piece.strip())]


def reference(text: str) -> tuple[str, str | None]:
    """The name and the id of a reference such as ``Fjord Hosting [org/fjord]``; a text without brackets is a name."""
    parts = _NAMED.fullmatch(text)
    return (text, None) if parts is None else (parts["name"], parts["id"].strip())


def is_single_name(name: str) -> bool:
    """Whether a name alone in a cell is read as that name."""
    return several(name) == [name] and reference(name)[1] is None


def referring(name: str, id_: str) -> str:
    """The text of a reference with name and id: readable, and still valid when the thing is renamed."""
    shown = " ".join(name.replace(";", ",").replace("[", "(").replace("]", ")").split())
    return f"{shown} [{id_}]" if shown and shown != id_ else id_


def plain(text: str) -> bool:
    """Whether a cell keeps the text unchanged: not empty, not too long, no blanks at its ends, no control characters."""
    return bool(text) and text == text.strip() and len(text) <= LONGEST and _ODD.search(text) is None


def joined(parts: Iterable[str]) -> str | None:
    """Several values in one cell; None where they would not be read back the same."""
    values = list(parts)
    text = "\n".join(values)
    return text if plain(text) and several(text) == values else None


def cell_of(text: str, prop: Property) -> Value | None:
    """A literal as the value of a cell in its property's column; None where it would not be read back the same."""
    value: Value = text
    if prop.range == v.XSD_DATE and _is_day(text):
        value = date.fromisoformat(text)
    elif prop.range in (v.XSD_INTEGER, v.XSD_DECIMAL):
        try:
            value = float(text)
        except ValueError:
            return None
    elif prop.range == v.XSD_BOOLEAN:
        return {"true": True, "false": False}.get(text)
    if text_of(value) != text:  # such as 12.50, which a number does not tell from 12.5
        value = text
    return value if plain(text) and literal(text, prop.range) == (text, None) else None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) >= FIRST_DAY
    except ValueError:
        return False


def slug(name: str) -> str:
    """A name as the last part of an id: small letters without accents, hyphens between."""
    text = "".join(_LETTERS.get(letter, letter) for letter in name.casefold())
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"


W = v.ROOT + "workbook/"

ID = Text("Id", "Id")
TYPE = Text("Type", "Type")
NAME = Text("Navn", "Name")
NAMES = {"da": Text("Navn (da)", "Name (da)"), "en": Text("Navn (en)", "Name (en)")}
SCHEME = Text("Liste", "Scheme")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: a property of the thing in the row, or, if ``inverse``, the property from its owner to it."""

    prop: Property
    heading: Text
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the classes of the things in it and its columns, of which the ``first`` ones are always visible.

    If several sheets are for one class, things with a concept in ``only`` belong in this one.
    ``inquiry`` are the properties that a supplier is asked about.
    """

    iri: str
    name: Text
    help: Text
    classes: tuple[str, ...]
    columns: tuple[Column, ...]
    first: int
    only: frozenset[str] = frozenset()
    inquiry: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Facts:
    """The statements of the files by subject and predicate, with lists expanded and subjects in file order."""

    about: dict[str, dict[str, list[NamedNode | Literal]]]

    def iris(self, subject: str, name: str) -> list[str]:
        return [o.value for o in self.about.get(subject, {}).get(W + name, []) if isinstance(o, NamedNode)]

    def text(self, subject: str, predicate: str) -> Text | None:
        return Text.of(self.about.get(subject, {}).get(predicate, []))

    def having(self, name: str) -> frozenset[str]:
        return frozenset(subject for subject, properties in self.about.items() if W + name in properties)

    def of_type(self, name: str) -> list[str]:
        type_node = NamedNode(W + name)
        return [subject for subject, properties in self.about.items() if type_node in properties.get(v.RDF_TYPE, [])]


@lru_cache(maxsize=1)
def _facts() -> _Facts:
    quads = [
        q for file in knowledge_files("ontology/workbook", ".ttl") for q in parse(file.read_bytes(), RdfFormat.TURTLE)
    ]
    lists = {(str(q.subject), q.predicate.value): q.object for q in quads if q.predicate.value.startswith(v.RDF)}

    def items(quad: Quad) -> Iterator[NamedNode | Literal]:
        node = quad.object
        if isinstance(node, NamedNode | Literal) and node.value != v.RDF + "nil":
            yield node
        while (item := lists.get((str(node), v.RDF + "first"))) is not None:
            if isinstance(item, NamedNode | Literal):
                yield item
            node = lists[str(node), v.RDF + "rest"]

    about: dict[str, dict[str, list[NamedNode | Literal]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            about.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).extend(items(quad))
    return _Facts(about)


@dataclass(slots=True)
class Layout:
    """The sheets of a workbook for some terms, including an organisation's own.

    - ``inverses``: the properties that are written in the rows of the parts
    - ``lists``: the literal properties of which a cell may hold several values
    - ``adds``: the properties whose cells may name a thing that has no row
    - ``held``: the classes that have a sheet in the files
    - ``asked_in``: the countries whose organisations are asked for a property
    - ``may_lack``: the properties of which an empty cell is no gap
    """

    terms: Terms
    sheets: list[Sheet] = field(default_factory=list)
    inverses: dict[str, Text] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    adds: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    asked_in: dict[str, frozenset[str]] = field(default_factory=dict)
    may_lack: frozenset[str] = frozenset()

    def name_of(self, name: str) -> Text:
        """The name of a sheet that is not for things: ``start``, ``facts`` (statements without a column) or ``concepts``."""
        return _facts().text(W + name, v.RDFS_LABEL) or Text.same(name)

    def sheet_of(self, cls: str, values: Iterable[str] = ()) -> Sheet | None:
        """The sheet for a thing of this class with these concepts as values; None when there is none."""
        among, above = set(values), [cls]
        while above:
            fitting = [sheet for sheet in self.sheets if above[0] in sheet.classes]
            for sheet in fitting:
                if not sheet.only or sheet.only & among:
                    return sheet
            term = self.terms.classes.get(above.pop(0))
            above += term.parents if term is not None else ()
        return None

    def names(self, sheet: Sheet) -> bool:
        """Whether the things of a sheet have names: those at the top level that are not evidence."""
        terms = self.terms
        return any(terms.classes[c].containers and not terms.is_a(c, v.G_EVIDENCE) for c in sheet.classes)

    def offered(self, column: Column) -> tuple[str, ...]:
        """The classes of the things in the choice lists of a column's cells, the most usual first."""
        offers = tuple(_facts().iris(column.prop.iri, "offers"))
        return offers or (column.prop.domains if column.inverse else column.prop.ranges)

    def help(self, prop: Property, sheet: Sheet) -> Text:
        """The help line of a column on a sheet."""
        facts = _facts()
        return facts.text(f"{sheet.iri}-help", prop.iri) or facts.text(prop.iri, W + "help") or prop.definition

    def help_of(self, name: str) -> Text:
        """The help line of the sheet ``facts`` or ``concepts``."""
        return _facts().text(W + name, W + "help") or Text("", "")

    def example_name(self, sheet: Sheet) -> Text:
        """The name of the thing in the example row of a sheet."""
        return _facts().text(f"{sheet.iri}-example", v.RDFS_LABEL) or Text("", "")

    def example_id(self, sheet: Sheet) -> Text:
        """The id in the example row of a sheet, if its things should have one."""
        return _facts().text(f"{sheet.iri}-example", W + "id") or Text("", "")

    def example(self, prop: Property, sheet: Sheet | None = None) -> Text:
        """An example value for a column: that of the sheet's example row, which makes sense as a whole."""
        example = _facts().text(f"{sheet.iri}-example", prop.iri) if sheet is not None else None
        example = example or _facts().text(prop.iri, W + "example")
        if example is not None:
            return example
        if prop.literal:
            return _EXAMPLES.get(prop.range or "", Text("tekst", "text"))
        labels = [c.label for c in self.terms.concepts_in(prop.schemes)]
        if prop.schemes:
            return labels[0] if labels else Text("begreb", "concept")
        return Text("navn eller id", "name or id")


_EXAMPLES = {
    v.XSD_DATE: Text.same("2025-04-01"),
    v.XSD_BOOLEAN: Text("ja", "yes"),
    v.XSD_INTEGER: Text.same("3"),
    v.XSD_DECIMAL: Text.same("12.5"),
}


def layout(terms: Terms) -> Layout:
    """Arrange the terms on sheets; a top-level class that is in no file gets a sheet of its own."""
    facts = _facts()
    book_layout = Layout(
        terms,
        inverses={iri: text for iri in facts.about if (text := facts.text(iri, W + "of")) is not None},
        lists=facts.having("lists"),
        adds=facts.having("adds"),
        asked_in={iri: frozenset(facts.iris(iri, "askedIn")) for iri in facts.having("askedIn")},
        may_lack=facts.having("mayLack"),
        held=frozenset(cls for sheet in facts.of_type("Sheet") for cls in facts.iris(sheet, "holds")),
    )
    book_layout.sheets = [*terms.computed("sheets", lambda: tuple(_sheets(replace(book_layout, sheets=[]), facts)))]
    return book_layout


def _sheets(book_layout: Layout, facts: _Facts) -> list[Sheet]:
    """The sheets of the files, added to a layout that has none yet, and one for each class beside them."""
    for iri in facts.of_type("Sheet"):
        classes = tuple(facts.iris(iri, "holds"))
        name = facts.text(iri, v.RDFS_LABEL) or Text.same(v.local_name(iri))
        help_ = facts.text(iri, W + "help") or Text("", "")
        book_layout.sheets.append(_sheet(book_layout, iri, name, help_, classes, facts))
    for iri, cls in sorted(book_layout.terms.classes.items()):
        if cls.containers and not cls.derived and book_layout.sheet_of(iri) is None:
            words = {language: word for word, language in reversed(cls.containers)}
            name = Text(words.get("da", cls.label.da), words.get("en", cls.label.en)).capitalised()
            book_layout.sheets.append(_sheet(book_layout, iri, name, cls.definition, (iri,), facts))
    return book_layout.sheets


def _sheet(book_layout: Layout, iri: str, name: Text, help_: Text, classes: tuple[str, ...], facts: _Facts) -> Sheet:
    terms = book_layout.terms
    usable = {p.iri: p for p in terms.properties.values() if p.keys and not p.derived}
    shown = [
        usable[item]
        for item in facts.iris(iri, "first")
        if item in usable and _may_stand(book_layout, usable[item], classes)
    ]
    rest = [
        p for p in sorted(usable.values(), key=lambda p: v.local_name(p.iri))
        if p not in shown and _belongs(book_layout, p, classes)
    ]  # fmt: skip
    columns: list[Column] = []
    taken: set[str] = set()
    for prop in [*shown, *rest]:
        column = make_column(book_layout, prop, classes)
        if {normal(column.heading.da), normal(column.heading.en)} & taken:
            column = Column(prop, prop.label.capitalised(), column.inverse)
        taken |= {normal(column.heading.da), normal(column.heading.en)}
        columns.append(column)
    return Sheet(
        iri,
        name,
        help_,
        classes,
        tuple(columns),
        len(shown),
        frozenset(facts.iris(iri, "only")),
        tuple(facts.iris(iri, "asks")),
    )


def make_column(book_layout: Layout, prop: Property, classes: Iterable[str]) -> Column:
    """The column of a property on a sheet that holds these classes."""
    inverse = leads_to(book_layout, prop, classes)
    return Column(prop, (book_layout.inverses[prop.iri] if inverse else prop.key).capitalised(), inverse)


def leads_to(book_layout: Layout, prop: Property, classes: Iterable[str]) -> bool:
    """Whether the property is written in the rows of these classes, although it belongs to their owners."""
    if prop.iri not in book_layout.inverses or prop.range is None:
        return False
    return any(book_layout.terms.is_a(cls, prop.range) for cls in classes)


def _belongs(book_layout: Layout, prop: Property, classes: Iterable[str]) -> bool:
    """Whether a property is a column of a sheet although the file does not name it there."""
    if leads_to(book_layout, prop, classes):
        return True
    if not prop.domains or prop.inverse_of is not None or prop.iri in book_layout.inverses:
        return False
    elsewhere = book_layout.held - set(classes)
    return any(
        suits(book_layout.terms, prop, cls)
        or any(book_layout.terms.is_a(domain, cls) for domain in prop.domains if domain not in elsewhere)
        for cls in classes
    )


def _may_stand(book_layout: Layout, prop: Property, classes: Iterable[str]) -> bool:
    """Whether a property that a file puts on a sheet fits the things there or their owners."""
    stored = prop if prop.inverse_of is None else book_layout.terms.properties.get(prop.inverse_of, prop)
    return (
        leads_to(book_layout, prop, classes)
        or stored is not prop
        or any(suits(book_layout.terms, prop, cls) for cls in classes)
    )


def suits(terms: Terms, prop: Property, cls: str) -> bool:
    """Whether a thing of exactly this class may have the property."""
    return not prop.domains or any(terms.is_a(cls, domain) for domain in prop.domains)
