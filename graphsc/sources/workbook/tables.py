"""The sheets, columns and rows of a workbook, which a person may have moved, renamed or added, and the row that a reference means."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from graphsc.core import vocabulary as v
from graphsc.core.closest import closest
from graphsc.core.identifiers import absolute, illegal_in_iri, is_absolute
from graphsc.core.problems import Cell
from graphsc.core.text import Language, Text
from graphsc.sources.files import IMPORTED
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.terms import Property, Terms, normal
from graphsc.sources.tree import Node, Scalar
from graphsc.sources.values import added_under
from graphsc.sources.workbook import layout as words
from graphsc.sources.workbook.file import RawBook, RawSheet
from graphsc.sources.workbook.layout import Column, Layout, Sheet, Value, reference, slug, text_of
from graphsc.sources.yaml.statements import (
    ID_KEYS,
    NAME_KEYS,
    PERIOD_KEYS,
    SCHEME_KEYS,
    TYPE_KEYS,
    Added,
    Statements,
    spelling,
)

_ROWS_BEFORE = 20
"""The number of rows in which headings are looked for."""
_FEWEST_HEADINGS = 2
"""The fewest known headings in a row that is not a thing."""

Meaning = Column | str
"""The contents of a column: a property, or ``id``, ``type``, ``name``, ``da``, ``en``, ``period`` or ``scheme``."""


@dataclass(slots=True)
class Row:
    """A row of a table: its place, and each filled cell with the meaning of its column."""

    place: Cell
    cells: list[tuple[Meaning, Value, Cell]]


@dataclass(slots=True)
class Table:
    """A recognised sheet of things: the sheet of the layout, and the meaning of each column, numbered from 0.

    ``passed`` are the rows below the headings, numbered from 1, that hold no thing. ``unknown`` says that a heading is unknown,
    ``unnamed`` that it is probably the one of the names or ids.
    """

    raw: RawSheet
    sheet: Sheet | None
    headings: int = 0
    columns: dict[int, Meaning] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)
    unknown: bool = False
    unnamed: bool = False

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty, also hidden ones."""
        for number, values in enumerate(self.raw.rows[self.headings + 1 :], self.headings + 2):
            if number in self.passed:
                continue
            cells = [
                (meaning, values[column], Cell(self.raw.name, number, column + 1))
                for column, meaning in self.columns.items()
                if column < len(values) and text_of(values[column]).strip()
            ]
            if cells:
                yield Row(Cell(self.raw.name, number, min(cell.column for _, _, cell in cells)), cells)


@dataclass(slots=True)
class Recognised:
    """The recognised sheets of a workbook; ``start`` and ``facts`` are those of that name."""

    tables: list[Table] = field(default_factory=list)
    concepts: list[Table] = field(default_factory=list)
    start: RawSheet | None = None
    facts: RawSheet | None = None

    @property
    def lost(self) -> list[Table]:
        """The sheets whose rows cannot all be told by their ids and names: what is found nowhere may stand there."""
        return [table for table in self.tables if not table.columns or table.unnamed]


def is_private(word: str) -> bool:
    """Whether a sheet or a column is the user's own: its name is in brackets."""
    return word.strip().startswith("(")


def is_start(name: str, layout: Layout) -> bool:
    """Whether a sheet is the first that we write: how to fill in the others, and what was to be done when it was written."""
    return normal(name) in _both(layout.name_of("start"))


def recognise(book: RawBook, layout: Layout, report: Reporter) -> Recognised:
    """Recognise each sheet and column, or report that it is unknown."""
    recognised, unknown = Recognised(), list[RawSheet]()
    _same_names(book, report)
    by_name = sheets_by_name(layout)
    for raw in book.sheets:
        word = normal(raw.name)
        if is_start(raw.name, layout):
            recognised.start = raw
        elif word in _both(layout.name_of("facts")):
            recognised.facts = raw
        elif word in _both(layout.name_of("concepts")):
            recognised.concepts.append(_table(raw, None, layout, report))
        elif word in by_name:
            recognised.tables.append(_table(raw, by_name[word], layout, report))
        elif not is_private(raw.name) and any(text_of(value).strip() for row in raw.rows for value in row):
            unknown.append(raw)
    nothing = recognised == Recognised()
    for raw in unknown:
        tail = IMPORTED if nothing and raw is unknown[0] else Text("", "")
        report.add(
            "unknown-sheet",
            f"Arket {quoted(raw.name)} er ukendt og er ikke læst. Er det jeres eget, så sæt navnet i parentes.{tail.da}",
            f"The sheet {quoted(raw.name)} is unknown and was not read. If it is your own, put its name in brackets.{tail.en}",
            Cell(raw.name, 1, 1), _likely(normal(raw.name), book, layout),
        )  # fmt: skip
    return recognised


def _likely(word: str, book: RawBook, layout: Layout) -> str | None:
    """The sheet name that a name was probably meant to be, in the languages of the workbook's other sheets."""
    called = [{normal(sheet.name[language]): sheet.name[language] for sheet in layout.sheets} for language in Language]
    in_use = [names for names in called if any(normal(raw.name) in names for raw in book.sheets)] or called
    names = {key: name for spoken in in_use for key, name in spoken.items()}
    near = closest(word, names)
    return None if near is None else names[near]


def _same_names(book: RawBook, report: Reporter) -> None:
    """Keep the first of sheets with the same name, since neither people nor programs can tell them apart."""
    seen: dict[str, RawSheet] = {}
    for sheet in book.sheets:
        if seen.setdefault(sheet.name, sheet) is not sheet:
            report.add(
                "duplicate-sheet", f"To ark hedder {quoted(sheet.name)}; kun det første er læst. Giv det andet et navn for sig.",
                f"Two sheets are called {quoted(sheet.name)}; only the first was read. Give the other a name of its own.",
                Cell(sheet.name, 1, 1),
            )  # fmt: skip
    book.sheets = list(seen.values())


def _both(text: Text) -> set[str]:
    return {normal(text.da), normal(text.en)}


def sheets_by_name(layout: Layout) -> dict[str, Sheet]:
    """The sheets by name in either language, then by the names of their classes."""
    names: dict[str, Sheet] = {}
    for sheet in layout.sheets:
        for word in _both(sheet.name):
            names.setdefault(word, sheet)
    for sheet in layout.sheets:
        for cls in sheet.classes:
            for word, _ in layout.terms.classes[cls].containers if cls in layout.terms.classes else ():
                names.setdefault(normal(word), sheet)
    return names


def _table(raw: RawSheet, sheet: Sheet | None, layout: Layout, report: Reporter) -> Table:
    table = Table(raw, sheet)
    key = "headings", None if sheet is None else sheet.iri
    meanings = layout.terms.computed(key, lambda: _headings(sheet, layout.terms))
    scores = [sum(_meaning(value, meanings) is not None for value in row) for row in raw.rows[:_ROWS_BEFORE]]
    if not any(scores):
        table.headings = len(raw.rows)
        if any(text_of(value).strip() for row in raw.rows for value in row):
            no_headings(table, report)
        return table
    table.headings = scores.index(max(scores))
    heads = [text_of(value).strip() for value in raw.rows[table.headings]]
    unknown: list[int] = []
    for at, head in enumerate(heads):
        meaning = _meaning(head, meanings)
        earlier = next((other for other, its in table.columns.items() if _sense(its) == _sense(meaning)), None)
        if meaning is not None and earlier is not None:
            _twice(head, Cell(raw.name, table.headings + 1, at + 1), heads[earlier], earlier, report)
        elif meaning is not None:
            table.columns[at] = meaning
        elif head and not is_private(head):
            unknown.append(at)
        elif not head:
            _headless(table, at, report)
    lost = _lost(table, layout) if unknown else None
    table.unknown, table.unnamed = bool(unknown), lost is not None
    tail = Text("", "") if lost is None else Text(
        f" Arket har ingen kolonne {quoted(lost.da)}. Hed den det før, så giv den navnet igen.",
        f" The sheet has no column {quoted(lost.en)}. If this was it, name it so again.",
    )  # fmt: skip
    for at in unknown:
        _unknown(heads[at], Cell(raw.name, table.headings + 1, at + 1), meanings, set(heads), tail, report)
        tail = Text("", "")
    _repeated(table, meanings, report)
    return table


def _meaning(value: Value, meanings: Mapping[str, Meaning]) -> Meaning | None:
    """The meaning of a heading, which may be in both languages."""
    head = text_of(value).strip()
    return (meanings.get(normal(head)) or meanings.get(normal(head.partition(" / ")[0]))) if head else None


def no_headings(table: Table, report: Reporter) -> None:
    """Report a sheet on which nothing tells what its columns are."""
    empty = Text("Arket er tomt", "The sheet is empty")
    bare = Text(
        "Arket har ingen række med kendte overskrifter, så det kan ikke læses",
        "The sheet has no row of known headings, so it cannot be read",
    )
    said = bare if table.raw.rows else empty
    report.add(
        "no-headings",
        f"{said.da}. Skriv overskrifterne igen (en ny arbejdsbog har dem: graphsc workbook -o ny.xlsx), eller slet arket, hvis det ikke bruges.",
        f"{said.en}. Write the headings again (a new workbook has them: graphsc workbook -o new.xlsx), or delete the sheet if it is not used.",
        Cell(table.raw.name, 1, 1),
    )  # fmt: skip


def _lost(table: Table, layout: Layout) -> Text | None:
    """The heading of names or ids that a sheet lacks; None where it has both, or nothing is known of its columns."""
    held = {meaning for meaning in table.columns.values() if isinstance(meaning, str)}
    if table.sheet is None:
        return None
    if layout.names(table.sheet) and not {"name", *Language} & held:
        return words.NAME
    return None if "id" in held else words.ID


def _repeated(table: Table, meanings: Mapping[str, Meaning], report: Reporter) -> None:
    """Report headings that stand again among the rows, with a title above them if any; what follows other headings is not read."""
    raw, same = table.raw, list[int]()
    titles: list[int] = []
    for number, row in enumerate(raw.rows[table.headings + 1 :], table.headings + 2):
        said = {at: _meaning(value, meanings) for at, value in enumerate(row) if text_of(value).strip()}
        known = [meaning for meaning in said.values() if meaning is not None]
        if len(known) < _FEWEST_HEADINGS or len(known) * 2 <= len(said):
            continue
        above = raw.rows[number - 2]
        if number - 2 > table.headings and sum(bool(text_of(value).strip()) for value in above) == 1:
            titles.append(number - 1)
        fitting = sum(_sense(table.columns.get(at)) == _sense(meaning) for at, meaning in said.items())
        if fitting * 2 > len(said):
            same.append(number)
            continue
        table.passed |= {*same, *titles, *range(number, len(raw.rows) + 1)}
        report.add(
            "repeated-headings", f"Her står overskrifter igen, men i andre kolonner end i række {table.headings + 1}; rækkerne herfra er ikke læst. Flyt værdierne ind under de første overskrifter.",
            f"Here stand headings again, but in other columns than in row {table.headings + 1}; the rows from here on were not read. Move the values under the first headings.",
            Cell(raw.name, number, 1),
        )  # fmt: skip
        table.unknown = table.unnamed = True
        break
    table.passed |= {*same, *titles}
    if same:
        listed = ", ".join(map(str, sorted({*same, *titles})))
        report.add(
            "repeated-headings", f"Overskrifterne står igen blandt rækkerne. Slet række {listed}; de andre er læst.",
            f"The headings stand again among the rows. Delete row {listed}; the others were read.", Cell(raw.name, same[0], 1),
        )  # fmt: skip


def _sense(meaning: Meaning | None) -> object:
    """What a column means, whatever its word."""
    return (meaning.prop.iri, meaning.inverse) if isinstance(meaning, Column) else meaning


def _twice(head: str, place: Cell, earlier: str, at: int, report: Reporter) -> None:
    """Report a column with the meaning of another one: it is unknown which of the two values is meant."""
    name = Cell(place.sheet, place.row, at + 1).name
    same = normal(head) == normal(earlier)
    report.add(
        "duplicate-heading",
        (f"Overskriften {quoted(head)} står også i {name}" if same else f"{quoted(head)} betyder det samme som {quoted(earlier)} i {name}")
        + "; kun den kolonne er læst. Saml værdierne dér, eller giv denne kolonne en anden overskrift.",
        (f"The heading {quoted(head)} is also in {name}" if same else f"{quoted(head)} means the same as {quoted(earlier)} in {name}")
        + "; only that column was read. Put the values there, or give this column another heading.",
        place,
    )  # fmt: skip


def _unknown(
    head: str, place: Cell, meanings: Mapping[str, Meaning], heads: set[str], lost: Text, report: Reporter
) -> None:
    missing = sorted(meanings.keys() - {normal(other) for other in heads})
    near = closest(normal(head), missing)

    def of(language: Language) -> str:
        """The nearest word of a language, else of either."""
        words = [word for word in missing if not isinstance(m := meanings[word], Column) or word in _words(m, language)]
        return closest(normal(head), words) or near or ""

    report.add(
        "unknown-column",
        f"Kolonnen {quoted(head)} er ukendt og er ikke læst. Er den jeres egen, så sæt overskriften i parentes.{lost.da}",
        f"The column {quoted(head)} is unknown and was not read. If it is your own, put its heading in brackets.{lost.en}",
        place, None if near is None else Text.per_language(of),
    )  # fmt: skip


def _words(column: Column, language: Language) -> set[str]:
    """The names of a column in a language."""
    keys = (key for key, its in column.prop.keys if its == language)
    return {normal(word) for word in (column.heading[language], column.prop.label[language], *keys)}


def _headless(table: Table, at: int, report: Reporter) -> None:
    for number, row in enumerate(table.raw.rows[table.headings + 1 :], table.headings + 2):
        if at < len(row) and text_of(row[at]).strip():
            report.add(
                "unknown-column", "Cellen står i en kolonne uden overskrift og er ikke læst.",
                "The cell stands in a column without a heading and was not read.", Cell(table.raw.name, number, at + 1),
            )  # fmt: skip
            return


def _headings(sheet: Sheet | None, terms: Terms) -> dict[str, Meaning]:
    """The meaning of each heading of a sheet, in small letters; the words of YAML are included."""
    meanings: dict[str, Meaning] = dict.fromkeys(ID_KEYS, "id")
    meanings |= dict.fromkeys(NAME_KEYS, "name")
    meanings |= {
        normal(text[1:]): language
        for language, names in words.NAMES.items()
        for text in (f" {names.da}", f" {names.en}")
    }
    if sheet is None:
        return meanings | dict.fromkeys(SCHEME_KEYS, "scheme")
    meanings |= dict.fromkeys(TYPE_KEYS, "type")
    meanings |= dict.fromkeys(PERIOD_KEYS, "period")
    for column in sheet.columns:
        for word in _both(column.heading):
            meanings.setdefault(word, column)
    for column in sheet.columns:
        for word in (*(key for key, _ in column.prop.keys), column.prop.label.da, column.prop.label.en):
            meanings.setdefault(normal(word), column)
    for word, properties in terms.keys.items():
        fitting = next((p for p in properties if _may_stand(p, sheet, terms)), None)
        if fitting is not None:
            meanings.setdefault(word, Column(fitting, fitting.label))
    return meanings


def _may_stand(prop: Property, sheet: Sheet, terms: Terms) -> bool:
    if prop.derived:
        return False
    bearers = terms.bearers(prop)
    return bearers is None or any(
        cls in bearers or any(terms.is_a(bearer, cls) for bearer in bearers) for cls in sheet.classes
    )


_PART = "\0"
"""The first character of the placeholder for a row without an id until its id is made; no id can have it."""


def id_of_name(name: str, cls: str) -> str:
    """The id of a thing of this class that only has a name."""
    return f"{v.local_name(cls).lower()}/{slug(name)}"


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

    ``words`` are the names and the id of each by IRI, ``parts`` the named rows without an id, ``lost`` the classes of which
    a row that is not found may stand on a sheet that could not be read.
    """

    base: str
    terms: Terms
    report: Reporter
    words: dict[str, tuple[str, ...]]
    lost: tuple[str, ...] = ()
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

    def referred(self, text: str, prop: Property, inverse: bool, place: Cell) -> str | None:
        """The id of a reference; None, and a problem, for an unknown or ambiguous name."""
        name, id_ = reference(text)
        if id_ is not None:
            self.words.setdefault(absolute(id_, self.base), (text,))
            return id_
        if is_absolute(name) or absolute(name, self.base) in self.ids:
            return name
        expected_class = prop.domain if inverse else prop.range
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
            return name  # it is found when every file is read
        kinds = prop.domains if inverse else prop.ranges
        if self.lost and (
            not kinds or any(self.terms.is_a(*pair) for k in kinds for c in self.lost for pair in ((k, c), (c, k)))
        ):
            return None
        if not prop.functional and any(normal(part) in self.named for part in name.split(",")):
            self.report.add(
                "unknown-name", f"Ingen række i arbejdsbogen hedder {quoted(name)}. Er det flere, så del med semikolon.",
                f"No row of the workbook is called {quoted(name)}. If these are several, put semicolons between.", place,
            )  # fmt: skip
            return None
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
