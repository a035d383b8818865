"""The report as PDF, by a browser or by WeasyPrint, whichever is installed."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from graphsc.core.problems import Reasoned
from graphsc.core.text import Text

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_SECONDS = 300
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_STAMP = re.compile(rb"/(CreationDate|ModDate) ?\(D:\d{14}[^)]*\)")
_NODE = re.compile(rb"\(node(\d{8})\)")
"""An element that others refer to, as the header of a table's cells; a browser numbers them differently in each run."""


class PrintingError(Reasoned, RuntimeError):
    """The page could not be printed; says why."""


def printer() -> str | None:
    """The printer: the path of a browser, ``weasyprint``, or None if neither is installed."""
    match = next((path for name in BROWSERS if (path := which(name)) is not None), None)
    if match is not None:
        return match
    return "weasyprint" if find_spec("weasyprint") is not None else None


def pdf(page: str, day: date) -> bytes:
    """A page of HTML as PDF, dated by the evaluation date. Raises PrintingError."""
    program = printer()
    if program is None:
        raise PrintingError(
            Text(
                "PDF kræver Chromium eller Chrome, eller WeasyPrint (pip install weasyprint); ingen af dem er her. Skriv HTML, og print den fra en browser.",
                "PDF needs Chromium or Chrome, or WeasyPrint (pip install weasyprint), and neither is here. Write HTML, and print it from a browser.",
            )
        )
    printed = _by_weasyprint(page) if program == "weasyprint" else _by_browser(program, page)
    return _renumbered(_STAMP.sub(lambda item: _stamp(item, day), printed))


def _stamp(match: re.Match[bytes], day: date) -> bytes:
    """The date entry of a PDF with the evaluation date, of the same length: the same report gives the same file."""
    start = b"/" + match[1] + match[0][len(match[1]) + 1 : match[0].index(b"D:") + 2]
    stamped = start + day.strftime("%Y%m%d000000").encode() + b"+00'00')"
    return stamped if len(stamped) == len(match[0]) else match[0]


def _renumbered(printed: bytes) -> bytes:
    """A PDF whose elements that others refer to are numbered from 1, in their order, by which a reader looks them up."""
    ids = sorted({item[1] for item in re.finditer(rb"/ID " + _NODE.pattern, printed)})
    numbers = {node: b"(node%08d)" % number for number, node in enumerate(ids, 1)}
    return _NODE.sub(lambda item: numbers.get(item[1], item[0]), printed)  # others are text of the report


def _by_browser(program: str, page: str) -> bytes:
    with TemporaryDirectory(prefix="graphsc-") as folder:
        source, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(page, encoding="utf-8", newline="\n")
        sandbox = (
            ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        )  # a browser refuses root its sandbox
        words = [
            program,
            *_QUIET,
            *sandbox,
            f"--user-data-dir={Path(folder, 'profile')}",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            ended = subprocess.run(words, capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603 - of PATH
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _failed(program, str(error)) from None
        if not target.is_file() or not target.stat().st_size:
            messages = ended.stderr.decode("utf-8", "replace").strip().splitlines()
            raise _failed(program, messages[-1] if messages else f"exit code {ended.returncode}")
        return target.read_bytes()


def _by_weasyprint(page: str) -> bytes:
    import weasyprint

    def refuse(url: str, *_: object, **__: object) -> dict[str, object]:
        raise ValueError(f"{url} is not fetched: the page needs nothing but itself")

    try:
        printed: bytes = weasyprint.HTML(string=page, url_fetcher=refuse).write_pdf()
    except Exception as error:
        raise _failed("WeasyPrint", f"{type(error).__name__}: {error}") from None
    return printed


def _failed(program: str, reason: str) -> PrintingError:
    return PrintingError(
        Text(f"{program} kunne ikke lave PDF: {reason}", f"{program} could not make the PDF: {reason}")
    )
