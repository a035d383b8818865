"""The files to read, without duplicates, and their text."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from graphsc.core.problems import Location, Problem, is_url
from graphsc.core.text import Text
from graphsc.sources.model import Lines
from graphsc.sources.reporting import Reporter, quoted

RDF_SUFFIXES = frozenset({".ttl", ".trig", ".nt", ".nq", ".rdf", ".xml", ".owl", ".jsonld"})
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".ods", ".xls"})
CSV = frozenset({".csv", ".tsv"})
IMPORTED = Text(
    " Er det en liste fra et andet system, så viser graphsc import, hvad der kan tages ind.",
    " If it is a list of another system, graphsc import shows what can be taken over.",
)
"""The end of a message about a file that ``import`` may read."""
NEVER_DATA = frozenset({"", ".md", ".toml", ".html", ".rq", ".sarif", ".eml"})
"""Suffixes of files that are kept with data but are none: descriptions, settings, queries, and outputs of graphsc."""
SUFFIXES = RDF_SUFFIXES | {".json", ".yaml", ".yml"} | WORKBOOKS
STANDARD_INPUT = Path("-")
"""What is read where a path is a dash: YAML that another program writes. A file of that name is ``./-``."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: its path, its name as the user would write it, and whether the user named it."""

    path: Path
    name: str
    named: bool

    @property
    def suffix(self) -> str:
        """Its suffix in small letters."""
        return ".yaml" if self.path == STANDARD_INPUT else self.path.suffix.lower()


def display(path: Path) -> str:
    """A path as messages name it: as given, with ``/`` between the parts, and always encodable."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _problem(code: str, da: str, en: str, path: Path) -> Problem:
    return Problem(code, Text(da, en), Location(display(path)))


def _walk(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """The files under a folder in name order; hidden folders left out, linked ones entered once."""
    entered: set[str] = set()

    def unreadable(error: OSError) -> None:
        problems.append(
            _problem("unreadable", "Mappen kan ikke læses.", "The folder cannot be read.", Path(str(error.filename)))
        )

    for top, folders, names in os.walk(folder, followlinks=True, onerror=unreadable):
        real = os.path.realpath(top)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("~$"):  # a workbook that is open has a lock file beside it
                yield Path(top) / name


def _no_file(path: Path) -> Problem:
    return _problem("unreadable", "Det er ikke en fil.", "It is not a file.", path)


def missing(path: Path) -> Text:
    """The message that a path names nothing."""
    name = quoted(display(path))
    if is_url(display(path)):
        return Text(
            f"{name} er en URL. Skriv stien til en fil eller mappe; ligger dataene et andet sted, så hent dem først.",
            f"{name} is a URL. Write the path of a file or folder; if the data lie elsewhere, download them first.",
        )
    return Text(f"{name} findes ikke.", f"{name} does not exist.")


class _Finder:
    """Collects files, deduplicated by their resolved paths; in folders all files but those that a pattern ignores."""

    def __init__(self, ignored: Sequence[str], suffixes: frozenset[str]) -> None:
        self.ignored, self.suffixes = ignored, suffixes
        self.files: list[File] = []
        self.problems: list[Problem] = []
        self.unread: set[str] = set()
        self.taken: set[str] = set()

    def take(self, path: Path, named: bool) -> None:
        real = os.path.realpath(path)
        if real not in self.taken:
            self.taken.add(real)
            self.files.append(File(path, display(path), named))

    def folder(self, path: Path) -> None:
        before = len(self.problems)
        there = [item for item in _walk(path, self.problems) if not self.is_ignored(item, path)]
        hidden = {item for item in there if item.name.startswith(".")}
        inside = [item for item in there if item.suffix.lower() in self.suffixes and item not in hidden]
        unread = [item for item in hidden if item.suffix.lower() in self.suffixes]
        unread += [
            item for item in there if item.suffix.lower() not in self.suffixes | NEVER_DATA and item not in hidden
        ]
        self.unread.update(quoted(display(item)) for item in unread)
        if not inside and len(self.problems) == before:
            nothing = "Mappen har ingen filer, der kan læses.", "The folder has no file that can be read."
            self.problems.append(_problem("nothing-to-read", *nothing, path))
        for item in inside:
            if item.is_file() or not item.exists():
                self.take(item, False)
            else:  # a pipe that nobody writes into would be waited for, and a device read for ever
                self.problems.append(_no_file(item))

    def is_ignored(self, file: Path, folder: Path) -> bool:
        """Whether a pattern matches the file's name, its path in the folder, or its path as given."""
        names = (file.name, display(file.relative_to(folder)), display(file))
        return any(fnmatchcase(name, pattern) for pattern in self.ignored for name in names)

    def path(self, path: Path) -> None:
        if path == STANDARD_INPUT:
            self.take(path, True)
        elif path.is_dir():
            self.folder(path)
        elif not path.exists():
            self.missing(path)
        elif not path.is_file():
            self.problems.append(_no_file(path))
        elif path.suffix.lower() not in self.suffixes:
            self.problems.append(unknown_format(path, self.suffixes))
        else:
            self.take(path, True)

    def missing(self, path: Path) -> None:
        message = missing(path)
        self.problems.append(_problem("missing-path", message.da, message.en, path))


def find(
    paths: Sequence[Path], ignored: Sequence[str] = (), suffixes: frozenset[str] = SUFFIXES
) -> tuple[list[File], list[Problem], tuple[str, ...]]:
    """The distinct files that the paths name, in name order; the problems; and the names of files that are not read.

    The last are files in the folders that may hold data: in a format without a reader, such as CSV, or hidden by a dot.

    The order of the paths makes no difference. ``ignored`` are patterns, such as ``archive/*.json``, of files
    in folders that are left out; ``suffixes`` are those of readable files.
    """
    finder = _Finder(ignored, suffixes)
    for path in sorted(paths):
        try:
            finder.path(path)
        except (OSError, ValueError):  # a name that the file system cannot hold
            finder.missing(path)
    return sorted(finder.files, key=lambda file: file.name), finder.problems, tuple(sorted(finder.unread))


def unknown_format(path: Path, suffixes: frozenset[str] = SUFFIXES) -> Problem:
    """The problem of a file that the user named and that has no reader."""
    formats = ", ".join(sorted(suffixes))
    table = IMPORTED if path.suffix.lower() in CSV - suffixes else Text("", "")
    return _problem(
        "unknown-format",
        f"Filens format er ukendt. Det kan være {formats}.{table.da}",
        f"The format of the file is unknown. It may be {formats}.{table.en}",
        path,
    )


def decode(content: bytes, report: Reporter) -> str | None:
    """The text of a file in UTF-8, without a byte order mark; None, and a problem, where a byte is bad.

    Bad is also one that is zero: no text has it, but UTF-16 without a byte order mark is full of it.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
        if "\0" not in text:
            return text
        good = text[: text.index("\0")]
    except UnicodeDecodeError as error:
        good = content[: error.start].decode("utf-8")
    report.add(
        "not-utf8", "Her er en byte, der ikke er UTF-8; gem filen som UTF-8.",
        "There is a byte here that is not UTF-8; save the file as UTF-8.", Lines(good).place(len(good)),
    )  # fmt: skip
    return None
