"""Workbooks for tests: small ones written cell by cell, and what a source says as a set of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from graphsc.core.text import Language
from graphsc.rendering.register.book import render
from graphsc.rendering.register.tasks import ToDo
from graphsc.sources import Sources, read
from graphsc.sources.workbook.content import content

DAY = date(2026, 11, 25)
Facts = set[tuple[str, str, str]]


def facts(sources: Sources) -> Facts:
    """Every statement, whatever file it stands in."""
    return {
        (str(quad.subject), quad.predicate.value, str(quad.object))
        for source in sources.sources
        for quad in source.asserted()
    }


def problems(path: Path) -> list[str]:
    """What is wrong with a workbook, each with its place."""
    return [f"{p.location}: {p.code}: {p.message.en}".removeprefix(path.as_posix()) for p in read([path]).problems]


def write(path: Path, sheets: Mapping[str, Sequence[Any]], **options: Any) -> Path:
    """A workbook with these cells; a date is a date, a text that begins with = a formula without a value."""
    book = xlsxwriter.Workbook(path, {"strings_to_urls": False, "strings_to_formulas": False, **options})
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(number, column, value, None, "")
                elif value is not None:
                    sheet.write(number, column, value)
    book.close()
    return path


def as_workbook(sources: Sources, path: Path, language: Language = Language.DA) -> Path:
    """What the sources say, as a workbook."""
    path.write_bytes(render(content(sources, language=language), ToDo((), "", ""), language=language, as_of=DAY))
    return path
