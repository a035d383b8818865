"""Renews the first sheet of a workbook in place: what is to be done by what the workbook says now; all else stays byte for byte.

A workbook is a zip file of parts. Only the first sheet's rows, merged cells, links and filter are replaced, and the looks that
they need are added to the styles.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from graphsc.core.problems import Cell, Reasoned
from graphsc.core.text import Language, Text
from graphsc.rendering.register.book import TITLE
from graphsc.rendering.register.tasks import HEADS, Task, to_do, write_start
from graphsc.rendering.workbook import Book, place_in
from graphsc.service.registers.register import Standing
from graphsc.sources.terms import load
from graphsc.sources.workbook.file import RawSheet, sheet_parts
from graphsc.sources.workbook.layout import layout, text_of

_STYLES, _BOOK = "xl/styles.xml", "xl/workbook.xml"
_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges",
    "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr",
    "conditionalFormatting", "dataValidations", "hyperlinks",
)  # fmt: skip
"""The elements of a sheet in the order of the format, as far as the last that is replaced."""
_OURS = ("dimension", "sheetData", "autoFilter", "mergeCells", "hyperlinks")
_LOOKS = (("fonts", b"fontId"), ("fills", b"fillId"), ("borders", b"borderId"))
_FILTER = "_xlnm._FilterDatabase"


class CannotRenewError(Reasoned, ValueError):
    """A workbook cannot be renewed without losing something, or not at all; the reason in both languages."""


@dataclass(slots=True)
class _Element:
    """An element of a part: its name without prefix, its bytes from ``start`` to ``end``, and those within it."""

    name: str
    start: int
    inner: int
    end: int = 0
    close: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Element] = field(default_factory=list)

    def child(self, name: str) -> _Element | None:
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> Iterator[_Element]:
        """Every element of a name beneath this one."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)


@dataclass(slots=True)
class _Part:
    """A part: its bytes, its elements, and what is to be replaced in it."""

    content: bytes
    root: _Element
    edits: list[tuple[int, int, bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, content: bytes) -> _Part:
        """Parse a part. Raises CannotRenewError for what is not plain XML in UTF-8 without prefixes, as spreadsheets write it."""
        parser, open_ = ParserCreate(), list[_Element]()
        roots: list[_Element] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            at = parser.CurrentByteIndex
            tag = _TAG.match(content, at)
            if tag is None:
                raise CannotRenewError(_UNKNOWN_FORM)
            element = _Element(name, at, tag.end(), attributes=attributes)
            (open_[-1].children if open_ else roots).append(element)
            open_.append(element)

        def end(_: str) -> None:
            element = open_.pop()
            if content[element.inner - 2 : element.inner] == b"/>":
                element.close = element.end = element.inner
            else:
                element.close = parser.CurrentByteIndex
                element.end = content.index(b">", element.close) + 1

        def doctype(*_: object) -> None:
            raise CannotRenewError(_UNKNOWN_FORM)

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartDoctypeDeclHandler = doctype
        try:
            parser.Parse(content, True)
        except ExpatError:
            raise CannotRenewError(_UNKNOWN_FORM) from None
        (root,) = roots
        if ":" in root.name or content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise CannotRenewError(_UNKNOWN_FORM)
        return cls(content, root)

    def whole(self, element: _Element | None) -> bytes:
        """The bytes of an element; empty for none."""
        return b"" if element is None else self.content[element.start : element.end]

    def replace(self, element: _Element, new: bytes) -> None:
        """Replace an element."""
        self.edits.append((element.start, element.end, new))

    def written(self) -> bytes:
        """The bytes of the part with what was replaced."""
        pieces, at = list[bytes](), 0
        for start, end, new in sorted(self.edits, key=lambda edit: edit[:2]):
            pieces += [self.content[at:start], new]
            at = end
        return b"".join([*pieces, self.content[at:]])


_UNKNOWN_FORM = Text(
    "Arbejdsbogen er skrevet på en måde, som det første ark ikke kan opdateres i. Gem den igen fra Excel eller LibreOffice.",
    "The workbook is written in a way in which its first sheet cannot be renewed. Save it again from Excel or LibreOffice.",
)


def renewed(content: bytes, standing: Standing, *, language: Language) -> bytes:
    """The bytes of a workbook with a first sheet that says what is to be done by ``standing``; the same gives the same bytes.

    Raises `CannotRenewError` where something of the user's would be lost.
    """
    raw = _first(standing.start)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if len(set(names)) < len(names) or not {_STYLES, _BOOK} <= {*names}:
            raise CannotRenewError(_UNKNOWN_FORM)
        if any(name.startswith("_xmlsignatures/") for name in names):
            raise CannotRenewError(
                Text(
                    "Arbejdsbogen er underskrevet digitalt; en opdatering ville ophæve underskriften.",
                    "The workbook is signed digitally; renewing it would void the signature.",
                )
            )
        place = next((part for part, name in sheet_parts(archive).items() if name == raw.name), None)
        if place is None:
            raise CannotRenewError(_UNKNOWN_FORM)
        sheet, styles, book = (_Part.of(archive.read(name)) for name in (place, _STYLES, _BOOK))
        _require_ours(sheet, raw)
        filtered = _take_over(sheet, styles, _new_sheet(standing, raw.name, language))
        _move_filter(book, raw.name, filtered)
        parts = {place: sheet.written(), _STYLES: styles.written(), _BOOK: book.written()}
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w") as new:
            for info in archive.infolist():
                new.writestr(info, parts[info.filename] if info.filename in parts else archive.read(info))
    return result.getvalue()


def _first(start: RawSheet | None) -> RawSheet:
    if start is None:
        name = layout(load()).name_of("start")
        raise CannotRenewError(
            Text(
                f"Arbejdsbogen har ikke arket “{name.da}”, som opgaverne skrives på. Tilføj et tomt ark med det navn.",
                f"The workbook has no sheet “{name.en}”, on which the tasks are written. Add an empty sheet of that name.",
            )
        )
    return start


def _require_ours(sheet: _Part, raw: RawSheet) -> None:
    """Raise CannotRenewError where the first sheet has something that is not ours."""
    formula = next(sheet.root.all("f"), None)
    if formula is not None:
        cell = next(cell for cell in sheet.root.all("c") if cell.start < formula.start < cell.end)
        _refuse_at(raw.name, cell.attributes.get("r", ""))
    heads = [text.casefold() for head in HEADS[1:2] for text in (head.da, head.en)]
    head = next((at for at, row in enumerate(raw.rows) if len(row) > 1 and text_of(row[1]).casefold() in heads), None)
    for number, row in enumerate(raw.rows):
        filled = [at for at, value in enumerate(row) if text_of(value).strip()]
        beside = next((at for at in filled if at >= len(HEADS)), None)
        if beside is None and head is not None and number > head + 1 and filled and 1 not in filled:
            beside = filled[0]
        if beside is not None:
            _refuse(Cell(raw.name, number + 1, beside + 1))
    if next(sheet.root.all("tableParts"), None) is not None:
        _refuse_at(raw.name, "A1")


def _refuse(cell: Cell) -> None:
    _refuse_at(cell.sheet, cell.name)


def _refuse_at(sheet: str, cell: str) -> None:
    raise CannotRenewError(
        Text(
            f"{sheet}!{cell} er jeres eget og ville gå tabt, da opgaverne på arket skrives på ny. Flyt det til et ark, hvis navn står i parentes.",
            f"{sheet}!{cell} is your own and would be lost, since the tasks of the sheet are written anew. Move it to a sheet with its name in brackets.",
        )
    )


@dataclass(frozen=True, slots=True)
class _New:
    """The first sheet as it is written anew: its part, its texts, and its styles."""

    sheet: _Part
    texts: tuple[str, ...]
    styles: _Part


def _new_sheet(standing: Standing, name: str, language: Language) -> _New:
    book = Book(standing.report.as_of, TITLE[language])
    sheet = book.book.add_worksheet(name)
    todo = to_do(standing.report, standing.rules, standing.due, language)

    def link(task: Task) -> tuple[str, str] | None:
        place = task.location
        if place is None or place.cell is None or place.sheet is None:
            return None
        return place_in(place.sheet, place.cell), f"{place.sheet}!{place.cell}"

    write_start(book, sheet, standing.base, todo, standing.sheets, link, language)
    with zipfile.ZipFile(io.BytesIO(book.close())) as archive:
        shared = _Part.of(archive.read("xl/sharedStrings.xml"))
        texts = tuple(_text(shared, item) for item in shared.root.children)
        return _New(_Part.of(archive.read("xl/worksheets/sheet1.xml")), texts, _Part.of(archive.read(_STYLES)))


def _text(shared: _Part, item: _Element) -> str:
    """The XML of a text: the element ``t`` of an item of the shared strings."""
    return "".join(shared.whole(element).decode() for element in item.all("t"))


def _take_over(sheet: _Part, styles: _Part, new: _New) -> str:
    """Put what is new into the sheet and the styles; gives the cells of the filter, or an empty text."""
    looks = _add_looks(styles, new)
    rows = new.sheet.root.child("sheetData")
    assert rows is not None
    fresh = {name: new.sheet.whole(new.sheet.root.child(name)) for name in _OURS}
    fresh["sheetData"] = b"<sheetData>" + b"".join(_row(new, row, looks) for row in rows.children) + b"</sheetData>"
    filter_ = new.sheet.root.child("autoFilter")
    if filter_ is not None and sheet.root.child("autoFilter") is None:  # it had no tasks before
        fresh |= {name: new.sheet.whole(new.sheet.root.child(name)) for name in ("sheetViews", "cols")}
        fresh["cols"] = re.sub(rb' style="\d+"', b"", fresh["cols"])
    for name, content in fresh.items():
        there = sheet.root.child(name)
        if there is not None:
            sheet.replace(there, content)
        else:
            before = [child.end for child in sheet.root.children if child.name in _ORDER[: _ORDER.index(name)]]
            at = max(before, default=sheet.root.inner)
            sheet.edits.append((at, at, content))
    return "" if filter_ is None else filter_.attributes["ref"]


def _row(new: _New, row: _Element, looks: Mapping[str, int]) -> bytes:
    """A row with its texts in the cells, and the looks of the workbook that it is put into."""
    cells = []
    for cell in row.children:
        look = looks.get(cell.attributes.get("s", ""), 0)
        value = new.sheet.whole(cell.child("v"))
        kind, inner = "", value.decode()
        if cell.attributes.get("t") == "s":
            kind, inner = ' t="inlineStr"', f"<is>{new.texts[int(_within(new.sheet, cell.child('v')))]}</is>"
        cells.append(f'<c r="{cell.attributes["r"]}" s="{look}"{kind}>{inner}</c>')
    height = "".join(
        f' {key}="{escape(row.attributes[key])}"' for key in ("ht", "customHeight") if key in row.attributes
    )
    return f'<row r="{row.attributes["r"]}"{height}>{"".join(cells)}</row>'.encode()


def _within(part: _Part, element: _Element | None) -> bytes:
    return b"" if element is None else part.content[element.inner : element.close]


def _add_looks(styles: _Part, new: _New) -> dict[str, int]:
    """Add the looks of the new cells to the styles, unless they are there; the number of each by its number among the new."""
    ours, theirs = new.styles.root.child("cellXfs"), styles.root.child("cellXfs")
    if ours is None or theirs is None:
        raise CannotRenewError(_UNKNOWN_FORM)
    used = {cell.attributes["s"] for cell in new.sheet.root.all("c") if "s" in cell.attributes}
    added: dict[str, list[bytes]] = {}

    def number(name: str, content: bytes) -> int:
        there = styles.root.child(name)
        if there is None:
            raise CannotRenewError(_UNKNOWN_FORM)
        held = [styles.whole(child) for child in there.children] + added.setdefault(name, [])
        if content in held:
            return held.index(content)
        added[name].append(content)
        return len(held)

    looks = {}
    for key in sorted(used, key=int):
        look = new.styles.whole(ours.children[int(key)])
        for name, attribute in _LOOKS:
            listed = new.styles.root.child(name)
            at = re.search(attribute + rb'="(\d+)"', look)
            assert listed is not None
            assert at is not None
            its = number(name, new.styles.whole(listed.children[int(at[1])]))
            look = look[: at.start(1)] + str(its).encode() + look[at.end(1) :]
        looks[key] = number("cellXfs", look)
    for name, contents in added.items():
        there = styles.root.child(name)
        if contents and there is not None:
            count = len(there.children) + len(contents)
            inner = styles.content[there.inner : there.close] if there.close > there.inner else b""
            head = f'<{name} count="{count}">'.encode()
            styles.replace(there, head + inner + b"".join(contents) + f"</{name}>".encode())
    return looks


def _move_filter(book: _Part, sheet: str, cells: str) -> None:
    """The name by which spreadsheets know the filtered cells of the first sheet."""
    sheets = [element.attributes.get("name") for element in book.root.all("sheet")]
    for name in book.root.all("definedName"):
        if name.attributes.get("name") == _FILTER and name.attributes.get("localSheetId") == str(sheets.index(sheet)):
            if not cells:
                book.replace(name, b"")
                continue
            first, _, last = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", cells).partition(":")
            quoted = "'" + sheet.replace("'", "''") + "'"
            book.edits.append((name.inner, name.close, escape(f"{quoted}!{first}:{last}").encode()))
