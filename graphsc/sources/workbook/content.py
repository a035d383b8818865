"""The content of the cells: every statement of the sources in its row and column, or as a fact if it has none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from pyoxigraph import Literal, NamedNode, Quad, Triple

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import DEFAULT_BASE, absolute, digest, is_absolute, minted
from graphsc.core.text import Language
from graphsc.sources.model import Sources
from graphsc.sources.terms import Property, Terms, load, normal
from graphsc.sources.workbook.layout import (
    Column,
    Layout,
    Sheet,
    Value,
    cell_of,
    joined,
    layout,
    make_column,
    plain,
    reference,
    referring,
    suits,
)

HEAD = 3
"""The row of the headings, from 0: above them are the purpose of the sheet, help and an example."""
_NAMES = ("name", "da", "en")


@dataclass(slots=True)
class Row:
    """A thing: its class, its shortened id, and its cells by ``name``, ``da``, ``en`` or property."""

    iri: str
    cls: str
    id: str
    cells: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Filled:
    """A sheet with its rows; ``columns`` are those of the layout and further ones that the data need."""

    sheet: Sheet
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)

    def uses(self, key: str) -> bool:
        """Whether any row has a value in the column of this key."""
        return any(key in row.cells for row in self.rows)


@dataclass(slots=True)
class Content:
    """A workbook: its sheets, the concepts that the organisation adds, the facts without a column, and the base of ids."""

    layout: Layout
    base: str
    sheets: list[Filled]
    concepts: list[Row]
    facts: list[tuple[str, str, str]]


def short(iri: str, base: str) -> str:
    """An IRI without the base, if that is read as the same IRI again."""
    rest = iri.removeprefix(base)
    fits = rest and rest.strip() == rest and not is_absolute(rest) and absolute(rest, base) == iri
    return rest if fits else iri


def narrowest(classes: Sequence[str], terms: Terms) -> str | None:
    """The class among several that is a superclass of none of the others; None without classes."""
    return min((c for c in classes if not any(o != c and terms.is_a(o, c) for o in classes)), default=None)


def type_word(cls: str, terms: Terms, language: Language) -> str:
    """The word for a class in a type column, in the language if it has one."""
    term = terms.classes[cls]
    keys = sorted(term.keys, key=lambda key: key[1] != language)
    words = (term.label[language], *(word for word, _ in keys), v.local_name(cls))
    return next((word for word in words if terms.class_words.get(normal(word)) is term), cls)


class Statements:
    """The distinct statements of quads by node and property, in their order.

    ``leading`` has the subjects of each property and value; ``rest`` are the statements, as N-Triples, that have no cell yet.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.about: dict[str, dict[str, list[NamedNode | Literal]]] = {}
        self.leading: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.rest: dict[tuple[str, str, str], None] = {}
        for quad in quads:
            subject, object_ = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(object_, NamedNode | Literal):
                values = self.about.setdefault(subject.value, {}).setdefault(quad.predicate.value, [])
                if object_ not in values:
                    values.append(object_)
                    self.rest[subject.value, quad.predicate.value, str(object_)] = None
                    if isinstance(object_, NamedNode):
                        self.leading[object_.value, quad.predicate.value].append(subject.value)
            elif not isinstance(subject, Triple):
                self.rest[str(subject), quad.predicate.value, str(object_)] = None

    def take(self, subject: str, predicate: str, value: NamedNode | Literal | str) -> None:
        """Note that a statement has a cell."""
        text = f"<{value}>" if isinstance(value, str) else str(value)
        self.rest.pop((subject, predicate, text), None)

    def values(self, subject: str, predicate: str) -> list[NamedNode | Literal]:
        """The values of a property of a node."""
        return self.about.get(subject, {}).get(predicate, [])

    def iris(self, subject: str, predicate: str) -> list[str]:
        """The values of a property of a node that are IRIs."""
        return [value.value for value in self.values(subject, predicate) if isinstance(value, NamedNode)]


class _Writer:
    def __init__(self, sources: Sources, terms: Terms, language: Language, base: str) -> None:
        self.statements = Statements(quad for source in sources.sources for quad in source.asserted())
        self.terms, self.language = terms, language
        self.layout = layout(terms)
        self.classes = {iri: self._class(iri) for iri in self.statements.about}
        self.base = sources.base or self._base(base)
        self.folded: set[str] = set()

    def _class(self, iri: str) -> str | None:
        """The narrowest class of a thing among those with a sheet."""
        classes = [c for c in self.statements.iris(iri, v.RDF_TYPE) if c in self.terms.classes]
        return narrowest([c for c in classes if self.layout.sheet_of(c) is not None], self.terms)

    def _base(self, default: str) -> str:
        """The most frequent prefix of ids, up to the third slash, or the default where that is a longer one."""
        counted: Counter[str] = Counter()
        for iri, cls in self.classes.items():
            parts = iri.split("/", 3)
            if cls is not None and len(parts) == 4 and parts[1] == "" and parts[3]:
                counted["/".join(parts[:3]) + "/"] += 1
        most = min(counted, key=lambda item: (-counted[item], item), default=default)
        return default if default.startswith(most) and any(map(str.startswith, self.classes, repeat(default))) else most

    def short(self, iri: str) -> str:
        """The shortened form of an id."""
        return short(iri, self.base)

    def name(self, iri: str) -> str:
        """The name of a thing in the language of the workbook, or in any; empty where it has none."""
        by = {o.language or "": o.value for o in self.statements.values(iri, v.RDFS_LABEL) if isinstance(o, Literal)}
        return by.get(self.language) or by.get("") or min(by.values(), default="")

    # ------------------------------------------------------------------ cells

    def concept(self, iri: str, prop: Property, cls: str) -> str:
        """A concept in a cell: its name where that is read as the same concept, otherwise its IRI."""
        concept = self.terms.concepts.get(iri)
        for word in (concept.label[self.language], *concept.words) if concept is not None else ():
            if self.terms.concept(word, prop.schemes, [cls]) == iri and joined([word]) is not None:
                return word
        return prop.code(iri)

    def shown(self, iri: str, prop: Property, cls: str) -> str:
        """An IRI in a cell: a thing with a row by name and id, anything else by its IRI."""
        if prop.worded:
            return self.concept(iri, prop, cls)
        if self.classes.get(iri) is None:
            return iri
        text = referring(self.name(iri), self.short(iri))
        return text if reference(text)[1] in (None, self.short(iri)) else iri

    def literals(self, row: Row, prop: Property) -> None:
        values = [o for o in self.statements.values(row.iri, prop.iri) if isinstance(o, Literal) and o.language is None]
        fitting = [o for o in values if o.datatype.value == (prop.range or v.XSD_STRING)]
        cells = [(o, cell) for o in fitting if (cell := cell_of(o.value, prop)) is not None]
        if prop.iri in self.layout.lists:
            cells = [(o, cell) for o, cell in cells if joined([o.value]) is not None]
            text = joined(o.value for o, _ in cells)
            if len(cells) > 1 and text is not None:
                row.cells[prop.iri] = text
                for o, _ in cells:
                    self.statements.take(row.iri, prop.iri, o)
                return
        for o, cell in cells[:1]:
            row.cells[prop.iri] = cell
            self.statements.take(row.iri, prop.iri, o)

    def references(self, row: Row, column: Column) -> None:
        prop, subject = column.prop, row.iri
        if prop.inverse_of is not None:
            texts = self.shorthands(row, prop)
        elif column.inverse:
            texts = {
                self.shown(owner, prop, row.cls): (owner, subject)
                for owner in self.statements.leading[subject, prop.iri]
            }
        else:
            texts = {self.shown(iri, prop, row.cls): (subject, iri) for iri in self.statements.iris(subject, prop.iri)}
        texts = {text: pair for text, pair in texts.items() if joined([text]) is not None}
        cell = joined(texts)
        if not texts or cell is None:
            return
        row.cells[prop.iri] = cell
        for owner, iri in texts.values():
            self.statements.take(owner, prop.iri, iri)

    def shorthands(self, row: Row, prop: Property) -> dict[str, tuple[str, str]]:
        """The parts of a thing that have a single value, such as a clause with only a topic."""
        assert prop.inverse_of is not None
        cls = self.terms.classes.get(prop.range or "")
        short = self.terms.properties.get(cls.shorthand or "") if cls is not None else None
        if cls is None or short is None or not short.schemes:
            return {}
        for part in self.statements.leading[row.iri, prop.inverse_of]:
            (value,) = self.statements.iris(part, short.iri) or [""]
            expected = minted(row.iri, prop.iri, digest((short.iri, value)))
            about = self.statements.about.get(part, {})
            size = sum(len(values) for values in about.values())
            if part == expected and size == 3 and self.statements.iris(part, v.RDF_TYPE) == [cls.iri]:
                text = self.concept(value, short, cls.iri)
                if self.terms.concept(text, short.schemes, [cls.iri]) != value or joined([text]) is None:
                    continue
                row.cells[prop.iri] = f"{row.cells[prop.iri]}\n{text}" if prop.iri in row.cells else text
                self.folded.add(part)
                for predicate, values in about.items():
                    for node in values:
                        self.statements.take(part, predicate, node)
        return {}

    def names(self, row: Row, predicate: str) -> None:
        for o in self.statements.values(row.iri, predicate):
            if isinstance(o, Literal) and o.datatype.value in (v.XSD_STRING, v.RDF_LANG_STRING):
                key = o.language or "name"
                if key in _NAMES and key not in row.cells and plain(o.value):
                    row.cells[key] = o.value
                    self.statements.take(row.iri, predicate, o)

    # ------------------------------------------------------------------ sheets

    def sheets(self) -> list[Filled]:
        filled = {sheet.iri: Filled(sheet, list(sheet.columns)) for sheet in self.layout.sheets}
        places: list[tuple[Filled, Row]] = []
        for iri, cls in self.classes.items():
            if cls is None or v.SKOS_CONCEPT in self.statements.iris(iri, v.RDF_TYPE):
                continue
            values = {
                o.value for objects in self.statements.about[iri].values() for o in objects if isinstance(o, NamedNode)
            }
            sheet = self.layout.sheet_of(cls, values)
            assert sheet is not None
            places.append((filled[sheet.iri], Row(iri, cls, self.short(iri))))
        for sheet_, row in places:
            for column in sheet_.columns:
                if column.prop.inverse_of is not None:
                    self.references(row, column)
        for sheet_, row in places:
            if row.iri not in self.folded:
                self._fill(sheet_, row)
                sheet_.rows.append(row)
        return list(filled.values())

    def _fill(self, filled: Filled, row: Row) -> None:
        self.statements.take(row.iri, v.RDF_TYPE, row.cls)
        self.names(row, v.RDFS_LABEL)
        properties = {column.prop.iri for column in filled.columns}
        for predicate in self.statements.about[row.iri]:
            prop = self.terms.properties.get(predicate)
            if (
                prop is not None
                and predicate not in properties | self.layout.inverses.keys()
                and self._fits(prop, row.cls)
            ):
                filled.columns.append(make_column(self.layout, prop, [row.cls]))
        for column in filled.columns:
            if column.prop.literal and self._fits(column.prop, row.cls):
                self.literals(row, column.prop)
            elif (
                not column.prop.literal
                and column.prop.inverse_of is None
                and (column.inverse or self._fits(column.prop, row.cls))
            ):
                self.references(row, column)

    def _fits(self, prop: Property, cls: str) -> bool:
        """Whether the class is in the domain of a property, so that a cell is read as its value."""
        if not prop.keys or prop.derived:
            return False
        return suits(self.terms, prop, cls)

    def concepts(self) -> list[Row]:
        rows: list[Row] = []
        for iri, about in self.statements.about.items():
            schemes = self.statements.iris(iri, v.SKOS_IN_SCHEME)
            if v.SKOS_CONCEPT not in self.statements.iris(iri, v.RDF_TYPE) or not schemes:
                continue
            if not schemes[0].startswith(v.SCHEME) or v.SKOS_PREF_LABEL not in about:
                continue
            row = Row(iri, v.SKOS_CONCEPT, self.short(iri), {"scheme": schemes[0].removeprefix(v.SCHEME)})
            self.statements.take(iri, v.RDF_TYPE, v.SKOS_CONCEPT)
            self.statements.take(iri, v.SKOS_IN_SCHEME, schemes[0])
            self.names(row, v.SKOS_PREF_LABEL)
            rows.append(row)
        return rows


def content(
    sources: Sources, *, language: Language, base: str = DEFAULT_BASE, additions: Iterable[Triple] = ()
) -> Content:
    """The content of a workbook from sources; it has exactly their statements, in cells or among the facts.

    ``base`` is the prefix of ids if those of the sources have none in common; ``additions`` are terms and concepts that are not
    shipped.
    """
    terms = load(additions).copy()
    for concept in sources.concepts:
        terms.add_concept(concept)
    writer = _Writer(sources, terms, language, base)
    concepts = writer.concepts()
    sheets = writer.sheets()
    facts = [(f"<{s}>", f"<{p}>", escaped(o)) for s, p, o in writer.statements.rest]
    return Content(writer.layout, writer.base, sheets, concepts, facts)


def escaped(term: str) -> str:
    """A term of N-Triples in which every character can stand in a cell."""
    return "".join(c if " " <= c < "\x7f" or "\xa0" < c < "\ud800" else _code(c) for c in term)


def _code(character: str) -> str:
    point = ord(character)
    return f"\\u{point:04X}" if point <= 0xFFFF else f"\\U{point:08X}"


def called(row: Row, language: Language) -> str:
    """The name of a thing in a row, in the language of the workbook where it has one."""
    return str(next((row.cells[key] for key in (str(language), "name", "da", "en") if key in row.cells), ""))
