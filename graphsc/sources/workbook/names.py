"""The names and ids of the rows of a workbook, and the row that a reference means."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from graphsc.core import vocabulary as v
from graphsc.core.closest import closest
from graphsc.core.identifiers import absolute, illegal_in_iri, is_absolute
from graphsc.core.problems import Cell
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.tree import Node, Scalar
from graphsc.sources.values import added_under
from graphsc.sources.workbook.cells import reference, slug
from graphsc.sources.workbook.tables import Row, Table
from graphsc.sources.yaml.statements import Added, Statements

_ASIDE = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)|(?<!\d)0+(?=\d)")
"""What spellings of one id may differ in: blanks and signs, unless between two digits, and leading zeros."""
_PART = "\0"
"""The first character of the placeholder for a row without an id until its id is made; no id can have it."""


def id_of_name(name: str, cls: str) -> str:
    """The id of a thing of this class that only has a name."""
    return f"{v.local_name(cls).lower()}/{slug(name)}"


def spelling(word: str) -> str:
    """A word normalised so that spellings of one id are the same: P07, p7 and P-7 are one, P1 and P10 are two."""
    return _ASIDE.sub("", normal(word))


@dataclass(slots=True)
class Thing:
    """A row to be read: its class if the sheet or a cell gives it, its id, its values and its owners.

    A row without an id is a part of the owner of its ``group``, and its ``iri`` is made from the owner's.
    """

    row: Row
    table: Table
    id: Scalar | None = None
    type: Scalar | None = None
    names: list[str] = field(default_factory=list)
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    owners: list[tuple[Property, str, Cell]] = field(default_factory=list)
    group: Group | None = None
    iri: str | None = None


@dataclass(slots=True)
class Group:
    """Rows without an id with the same owner and the same property from it; ``busy`` while their ids are being made."""

    owner: str
    prop: Property
    things: list[Thing] = field(default_factory=list)
    busy: bool = False


@dataclass(slots=True)
class Names:
    """The rows by id, by name, and by spelling and class.

    ``words`` are the names and the id of each by IRI, ``parts`` the named rows without an id.
    """

    base: str
    terms: Terms
    report: Reporter
    words: dict[str, tuple[str, ...]]
    ids: dict[str, Cell] = field(default_factory=dict)
    named: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    parts: dict[str, Thing] = field(default_factory=dict)
    spellings: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, thing: Thing, cls: str | None) -> None:
        """Note a row under its id and its names; one with a name only gets a placeholder for its id."""
        if thing.id is not None:
            whole = absolute(thing.id.text, self.base)
            if whole in self.ids:
                self._twice(thing.id, self.ids[whole])
            else:
                self.ids[whole] = thing.id.place if isinstance(thing.id.place, Cell) else thing.row.place
                self.words[whole] = (*thing.names, thing.id.text)
        elif thing.names:
            whole = f"{_PART}{len(self.parts)}"
            self.parts[whole] = thing
        for word in (*thing.names, *([thing.id.text] if thing.id else [])):
            self.spellings.setdefault((spelling(word), cls or ""), word)
        for name in {normal(name): name for name in reversed(thing.names)}.values():
            self.named.setdefault(normal(name), []).append((whole, cls or "", name))

    def add(self, text: str, prop: Property, reading: Statements, place: Cell) -> None:
        """Add a thing without a row, named where a name is enough; a text that looks like an id needs a row.

        Another spelling of an existing thing is not added: the writer must tell whether it is that thing.
        """
        name, id_ = reference(text)
        if id_ is not None or "/" in name or is_absolute(name) or prop.range is None:
            return
        whole, iri = absolute(name, self.base), absolute(id_of_name(name, prop.range), self.base)
        if normal(name) in self.named or whole in self.ids or iri in self.words:
            return
        if (spelling(name), prop.range) in self.spellings:
            return
        self.spellings[spelling(name), prop.range] = name
        self.named[normal(name)] = [(name, prop.range, name)]
        self.words[iri] = (name,)
        reading.added[whole] = Added(iri, prop.range, Scalar(name, place))

    def _twice(self, id_: Scalar, other: Cell) -> None:
        self.report.add(
            "duplicate-id",
            f"{quoted(id_.text)} står også i {other.sheet}!{other.name}; hver ting skal have én række og sit eget id.",
            f"{quoted(id_.text)} is also in {other.sheet}!{other.name}; each thing needs one row and an id of its own.",
            id_.place,
        )

    def referred(self, text: str, prop: Property, turned: bool, place: Cell) -> str | None:
        """The id of a reference; None, and a problem, for an unknown or ambiguous name."""
        name, id_ = reference(text)
        if id_ is not None:
            self.words.setdefault(absolute(id_, self.base), (text,))
            return id_
        if is_absolute(name) or absolute(name, self.base) in self.ids:
            return name
        expected_class = prop.domain if turned else prop.range
        having = self.named.get(normal(name), [])
        fitting = [
            iri for iri, cls, _ in having if not expected_class or not cls or self.terms.is_a(cls, expected_class)
        ]
        fitting = list(dict.fromkeys(fitting or [iri for iri, _, _ in having]))
        if len(fitting) == 1:
            return fitting[0]
        if len(fitting) > 1:
            self._ambiguous(name, fitting, place)
            return None
        shorthand = self.terms.classes[prop.range].shorthand if prop.range in self.terms.classes else None
        if shorthand is not None or illegal_in_iri(name) is None:
            self.words.setdefault(absolute(name, self.base), (name,))
            return name  # it is settled when every file is read
        if not prop.functional and any(normal(part) in self.named for part in name.split(",")):
            self.report.add(
                "unknown-name", f"Ingen række i arbejdsbogen hedder {quoted(name)}. Er det flere, så del med semikolon.",
                f"No row of the workbook is called {quoted(name)}. If these are several, put semicolons between.", place,
            )  # fmt: skip
            return None
        kinds = prop.domains if turned else prop.ranges
        meant = self.spellings.get((spelling(name), expected_class or "")) or closest(name, self._like(kinds))
        tail = added_under(self.terms, kinds, new=meant is not None)
        self.report.add(
            "unknown-name", f"Ingen række i arbejdsbogen hedder {quoted(name)}.{tail.da}",
            f"No row of the workbook is called {quoted(name)}.{tail.en}", place, meant,
        )  # fmt: skip
        return None

    def _like(self, kinds: Collection[str]) -> set[str]:
        """The names of the rows of these kinds, as written."""
        return {
            name for rows in self.named.values() for _, cls, name in rows
            if not kinds or not cls or any(self.terms.is_a(cls, kind) for kind in kinds)
        }  # fmt: skip

    def _ambiguous(self, name: str, fitting: list[str], place: Cell) -> None:
        if not self.parts.keys().isdisjoint(fitting):
            self.report.add(
                "ambiguous-name", f"{quoted(name)} hedder flere ting. Giv hver række sit id, og skriv det her.",
                f"Several things are called {quoted(name)}. Give each row an id, and write that here.", place,
            )  # fmt: skip
            return
        self.report.add(
            "ambiguous-name", f"{quoted(name)} hedder flere ting. Skriv id'et: {quoted(fitting[0])}, {quoted(fitting[1])} …",
            f"Several things are called {quoted(name)}. Write the id: {quoted(fitting[0])}, {quoted(fitting[1])} …", place,
        )  # fmt: skip
