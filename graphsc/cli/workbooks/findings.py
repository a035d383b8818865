"""``graphsc validate -f xlsx``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from graphsc.cli.common import fail
from graphsc.cli.workbooks.writing import free, need_workbook
from graphsc.core.text import Language, Text
from graphsc.service.opened import Opened
from graphsc.sources.files import WORKBOOKS
from graphsc.sources.workbook.file import RawBook, UnreadableError, open_book
from graphsc.sources.workbook.tables import own
from graphsc.validation import Report, Rule

FORM = "xlsx"


def renderer(opened: Opened, paths: list[Path], output: Path | None, language: Language) -> Callable[..., bytes]:
    """What renders the findings as a workbook, with the arguments of any rendering; leaves when that cannot be."""
    need_workbook(language)
    if output is None:
        fail(Text("xlsx skrives til en fil: brug --output", "xlsx is written to a file: use --output"), language)
    free(output, paths, True, language)

    def render(form: str, report: Report, rules: Mapping[str, Rule], *, language: Language, **_: object) -> bytes:  # noqa: ARG001
        from graphsc.rendering.register.marked import render
        from graphsc.service.registers.register import due_days

        return render(report, due_days(opened, report, rules), _books(report), language=language)

    return render


def _books(report: Report) -> dict[str, RawBook]:
    """The workbooks among the inputs, for the copy; one that cannot be read has no copy, and its problem says why."""
    books: dict[str, RawBook] = {}
    for one in report.inputs:
        if Path(one.file).suffix.lower() in WORKBOOKS:
            try:
                raw = open_book(Path(one.file).read_bytes())
                books[one.file] = replace(raw, sheets=[sheet for sheet in raw.sheets if not own(sheet.name)])
            except (OSError, UnreadableError):
                continue
    return books
