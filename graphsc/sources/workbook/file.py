"""Opens workbook files: the sheets as rows of values, and the cells whose values cannot be trusted."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree.ElementTree import ParseError, iterparse

from graphsc.core.problems import Cell, Reasoned
from graphsc.core.text import Text
from graphsc.sources.reporting import Reporter, is_blank, quoted
from graphsc.sources.workbook.layout import Value

LARGEST = 512 * 1024 * 1024
"""The most bytes of an unzipped workbook."""
MOST_CELLS = 20_000_000
"""The most cells from the first to the last filled one, including empty ones between them."""

_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>/])")
_REFERENCE = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>[^<]")
_ERROR = re.compile(rb"\bt=\"e\"")
_SHOWN = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<")
_ERROR_TEXT = re.compile(r"#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!)|Err:\d{3}")
_REPEATED = re.compile(rb"<table:table-(row|cell)\b[^>]*number-(?:rows|columns)-repeated=\"(\d{5,})\"[^>]*?(/?)>")


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_WORTH_A_LOOK = re.compile(rb"value-type=\"error\"|table:formula=|-spanned=\"(?!1\")")
_OPENED = re.compile(rb"""<table:table-cell\b((?:[^>"']|"[^"]*"|'[^']*')*)(?<!/)>""")
_TYPE = re.compile(rb"""\boffice:value-type=(?:"[^"]*"|'[^']*')""")
_TYPED = re.compile(rb"""\boffice:(?:(?:[a-z]+-)?value=|value-type=["']string["'])""")
_XLS_ERROR = re.compile(
    rb"\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a]\x01|\x06\x00[\x14-\xff].{7}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff",
    re.DOTALL,
)
"""In the format of Excel 97 (xls), a cell with an error (BOOLERR), or a formula whose result is one (FORMULA)."""
_OLE = b"\xd0\xcf\x11\xe0"


Corners = tuple[tuple[int, int], tuple[int, int]]


class UnreadableError(Reasoned):
    """A workbook cannot be read; has the code of the problem."""

    def __init__(self, code: str, danish: str, english: str) -> None:
        super().__init__(Text(danish, english))
        self.code = code


@dataclass(slots=True)
class RawSheet:
    """A sheet of the file; rows begin with row 1 and column A.

    ``merged`` are the corners of merged cells, row and column from 0.
    """

    name: str
    rows: list[list[Value]]
    merged: list[Corners] = field(default_factory=list)


@dataclass(slots=True)
class RawBook:
    """The sheets of a file, and the cells whose value cannot be known, with the text they show instead.

    ``merged`` are the corners of merged cells by sheet name, for OpenDocument files only.
    """

    sheets: list[RawSheet] = field(default_factory=list)
    unknown: dict[Cell, str] = field(default_factory=dict)
    merged: dict[str, list[Corners]] = field(default_factory=dict)

    def shown(self, cell: Cell, value: Value) -> str | None:
        """The error that a cell shows, or an empty text for a formula that was never calculated; None where its value is known."""
        if not (shown := self.unknown.get(cell)) and isinstance(value, str) and _ERROR_TEXT.fullmatch(value.strip()):
            return value.strip()
        return shown

    def is_known(self, cell: Cell, value: Value, report: Reporter) -> bool:
        """Whether the value of a cell is known; reports an unknown one."""
        shown = self.shown(cell, value)
        if shown:
            report.add(
                "error-in-cell", f"Cellen viser fejlen {quoted(shown)} og er ikke læst.",
                f"The cell shows the error {quoted(shown)} and was not read.", cell,
            )  # fmt: skip
        elif shown is not None:
            report.add(
                "formula-without-value",
                "Cellen har en formel, der ikke er regnet ud. Åbn arbejdsbogen i et regneark, og gem den igen.",
                "The cell has a formula that was never worked out. Open the workbook in a spreadsheet and save it again.", cell,
            )  # fmt: skip
        return shown is None


def open_reported(content: bytes, report: Reporter) -> RawBook | None:
    """Read a workbook's bytes; None, and a problem, when it cannot be read."""
    try:
        book = open_book(content)
    except UnreadableError as error:
        report.add(error.code, error.reason.da, error.reason.en)
        return None
    if content.startswith(_OLE) and _XLS_ERROR.search(content) is not None:
        report.add(
            "error-in-cell", "Celler, der viser en fejl, er læst som tomme. Gem arbejdsbogen som xlsx for at få at vide hvilke.",
            "Cells that show an error were read as empty. Save the workbook as xlsx to be told which.",
        )  # fmt: skip
    return book


def open_book(content: bytes) -> RawBook:
    """Read a workbook's bytes, of Excel (xlsx, xlsm, xls) or OpenDocument (ods). Raises `UnreadableError`."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    book = RawBook()
    if content.startswith(b"PK"):
        content = _look_into(content, book)
    try:
        opened = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for number, name in enumerate(opened.sheet_names):
            sheet = opened.get_sheet_by_index(number)
            width, height = sheet.total_width, sheet.total_height
            if width * height > MOST_CELLS:
                raise _too_large(name)
            merged = sheet.merged_cell_ranges or book.merged.get(name, [])
            rows = [[_said(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            book.sheets.append(RawSheet(name, rows, merged))
    except PasswordError:
        raise UnreadableError(*_LOCKED) from None
    except CalamineError as error:
        if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00" in content:
            raise UnreadableError(*_LOCKED) from None
        raise _broken(str(error)) from None
    return book


def _said(value: Value) -> Value:
    """The value of a cell; empty where its text says nothing."""
    return "" if isinstance(value, str) and is_blank(value) else value


_LOCKED = (
    "password",
    "Arbejdsbogen er låst med en adgangskode. Gem en kopi uden adgangskode, og brug den.",
    "The workbook is locked with a password. Save a copy without one, and use that.",
)


def _broken(why: str) -> UnreadableError:
    why = " ".join(why.split())[:200]
    return UnreadableError(
        "broken-workbook",
        f"Arbejdsbogen kan ikke læses; filen er måske afkortet eller ødelagt ({why}).",
        f"The workbook cannot be read; the file may be truncated or damaged ({why}).",
    )


def _too_large(name: str) -> UnreadableError:
    return UnreadableError(
        "too-large",
        f"Arket “{name}” har værdier så langt fra hinanden, at det ikke kan læses. Slet det, der står yderst.",
        f"The sheet “{name}” has values so far apart that it cannot be read. Delete what stands outermost.",
    )


def _look_into(content: bytes, book: RawBook) -> bytes:
    """Unzip a workbook in pieces and check its size, before it is read as a whole; gives it in the form that is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            bytes_left = LARGEST
            parts: dict[str, bytes] = {}
            for info in archive.infolist():
                is_content = info.filename.endswith(".xml") and (
                    "worksheets/" in info.filename or info.filename == "content.xml"
                )
                pieces = []
                with archive.open(info) as stream:
                    while piece := stream.read(1 << 20):
                        bytes_left -= len(piece)
                        if bytes_left < 0:
                            limit = LARGEST // 1024 // 1024
                            raise UnreadableError(
                                "too-large",
                                f"Arbejdsbogen fylder mere end {limit} MB, når den pakkes ud.",
                                f"The workbook takes more than {limit} MB when it is unfolded.",
                            )
                        if is_content:
                            pieces.append(piece)
                if is_content:
                    parts[info.filename] = b"".join(pieces)
            names = sheet_parts(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if "encrypted" in str(error) or "password" in str(error):
            raise UnreadableError(*_LOCKED) from None
        raise _broken(str(error)) from None
    for part, text in parts.items():
        if part == "content.xml":
            _look_at_ods(text)
            book.unknown |= dict(_of_ods(text, book.merged))
            content = _with_types(content, text)
        else:
            book.unknown |= dict(_look_at_sheet(names.get(part, part), text))
    return content


def _with_types(content: bytes, xml: bytes) -> bytes:
    """An OpenDocument workbook in which a cell that only shows a text, without a value, is a cell of text."""

    def typed(cell: re.Match[bytes]) -> bytes:
        if _TYPED.search(cell[1]) is not None:
            return cell[0]
        return b'<table:table-cell office:value-type="string"' + _TYPE.sub(b"", cell[1]) + b">"

    whole = _OPENED.sub(typed, xml)
    if whole == xml:
        return content
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        for info in old.infolist():
            new.writestr(info, whole if info.filename == "content.xml" else old.read(info))
    return result.getvalue()


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The name of the sheet in each part of an Excel file."""
    from xml.sax.saxutils import unescape

    held = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= held:
        return {}
    rels = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets: dict[str, str] = {}
    for element in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", rels):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', element))
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    names: dict[str, str] = {}
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    for element in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        attributes = dict(re.findall(r'([\w:]+)="([^"]*)"', element))
        id_ = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        if targets.get(id_) in held:
            names[targets[id_]] = unescape(attributes.get("name", ""), {"&quot;": '"', "&apos;": "'"})
    return names


def _look_at_sheet(name: str, xml: bytes) -> Iterator[tuple[Cell, str]]:
    """The cells of an Excel sheet with an error, or with a formula that was never calculated."""
    last_row = last_column = 0
    for attributes, inner in _cells(xml):
        place = _REFERENCE.search(attributes)
        if place is None:
            continue
        row, column = int(place[2]), _column(place[1])
        if _ERROR.search(attributes) is not None:
            shown = _SHOWN.search(inner)
            yield Cell(name, row, column), shown[1].decode("utf-8", "replace") if shown is not None else "#"
        elif _VALUE.search(inner) is None:
            if _FORMULA.search(inner) is not None and b't="str"' not in attributes:
                yield Cell(name, row, column), ""
            continue
        last_row, last_column = max(last_row, row), max(last_column, column)
    if last_row * last_column > MOST_CELLS:
        raise _too_large(name)


def _cells(xml: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The attributes and the contents of each cell; the contents of the last may include some text after it."""
    starts = [item.end() for item in _CELL.finditer(xml)]
    for start, stop in pairwise([*starts, len(xml)]):
        head = xml.find(b">", start, stop)
        if head >= 0:
            yield xml[start:head], xml[head + 1 : stop]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _look_at_ods(xml: bytes) -> None:
    """Refuse an OpenDocument sheet in which filled cells are repeated too often."""
    for item in _REPEATED.finditer(xml):
        if item[3] == b"/":
            continue
        end = xml.find(b"</table:table-" + item[1], item.end())
        if b"<text:" in xml[item.end() : end]:
            raise _too_large("content.xml")


def _of_ods(content: bytes, merged: dict[str, list[Corners]]) -> Iterator[tuple[Cell, str]]:
    """The cells of an OpenDocument sheet with an error, or with a formula that was never calculated (with empty text).

    The corners of merged cells are put into ``merged``. A document type declaration is never read: its entities could
    grow without bound.
    """
    if _WORTH_A_LOOK.search(content) is None or b"<!DOCTYPE" in content:
        return
    sheet, row, column, high = "", 0, 0, 1
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end")):  # noqa: S314 - it declares nothing
            if event == "start" and element.tag == f"{_TABLE}table":
                sheet, row = element.get(f"{_TABLE}name", ""), 0
            elif event == "start" and element.tag == f"{_TABLE}table-row":
                column, high = 0, int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            elif event == "end" and element.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                wide = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
                kind = element.get(f"{_CALC}value-type") or element.get(f"{_OFFICE}value-type")
                if kind == "error":
                    yield Cell(sheet, row + 1, column + 1), "".join(element.itertext()).strip() or "#"
                elif kind is None and element.get(f"{_TABLE}formula") is not None:
                    yield Cell(sheet, row + 1, column + 1), ""
                down, across = (int(element.get(f"{_TABLE}number-{way}-spanned", "1")) for way in ("rows", "columns"))
                if down * across > 1:
                    merged.setdefault(sheet, []).append(((row, column), (row + down - 1, column + across - 1)))
                column += wide
                element.clear()
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                row += high
                element.clear()
    except (ParseError, ValueError):
        return  # the reader of the workbook reports it
