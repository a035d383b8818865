"""Cells whose value cannot be known, in the formats where the reader of workbooks gives an empty cell for them."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import ParseError, iterparse

from graphsc.core.location import Cell

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_WORTH_A_LOOK = re.compile(rb"value-type=\"error\"|table:formula=")
_SHEET = re.compile(rb"\x09\x08.\x00\x00\x06\x10\x00", re.DOTALL)
"""The beginning of a sheet's records in the format of Excel 97 (xls): BOF, of the kind worksheet."""
_RECORD = re.compile(
    rb"\x05\x02\x08\x00(?P<at>.{4})..(?P<code>[\x00\x07\x0f\x17\x1d\x24\x2a])\x01"
    rb"|\x06\x00[\x14-\xff].(?P<formula>.{4})..\x02.(?P<result>[\x00\x07\x0f\x17\x1d\x24\x2a])...\xff\xff",
    re.DOTALL,
)
"""A cell with an error (BOOLERR), or a formula whose result is one (FORMULA)."""
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def of_ods(content: bytes) -> Iterator[tuple[Cell, str]]:
    """The cells of an OpenDocument sheet that show an error, or a formula that was never worked out (then the text is empty).

    A document type declaration is never read: what it declares could fill anything.
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
                column += wide
                element.clear()
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                row += high
                element.clear()
    except (ParseError, ValueError):
        return  # whoever reads the workbook says so


def of_xls(content: bytes, names: Sequence[str]) -> Iterator[tuple[Cell, str]]:
    """The cells of an Excel 97 workbook that show an error; ``names`` are its sheets, in order.

    The records are sought in the file as it lies, so one may be named that is none: what has a value is no such cell.
    """
    starts = [item.start() for item in _SHEET.finditer(content)]
    for item in _RECORD.finditer(content):
        number = sum(1 for start in starts if start < item.start()) - 1
        if 0 <= number < len(names):
            row, column = struct.unpack("<HH", item["at"] or item["formula"])
            code = (item["code"] or item["result"])[0]
            yield Cell(names[number], row + 1, column + 1), _ERRORS[code]
