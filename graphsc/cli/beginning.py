"""The files of a folder to begin with: what ``init`` writes, and what the start page of ``serve`` makes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from graphsc import __version__
from graphsc.core.problems import Unavailable
from graphsc.core.resources import knowledge
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.core.writing import write_all
from graphsc.sources.files import missing

BASE = "https://example.org/id/"
NAME = Text("Vores organisation", "Our organisation")
DATA = "data"
BOOK = "register.xlsx"


def first_files(
    folder: Path, name: str, settings: Settings, imported: tuple[str, str] | None = None, *, workbook: bool
) -> dict[Path, str | bytes]:
    """Settings, first data, a README and checks for GitHub and GitLab, by path; ids begin with the base of the settings.

    The data are examples, or those ``imported``: the name and the text of their file; as a ``workbook`` or as YAML.
    Raises Unavailable where one of the files is there.
    """
    files: dict[Path, str | bytes] = {
        folder / path: text.replace("@VERSION@", __version__)
        .replace("@BASE@", settings.base)
        .replace("@NAME@", json.dumps(name, ensure_ascii=False))
        for path, text in _templates(knowledge(f"ontology/start/{settings.language.value}"))
    }
    if imported is not None:
        files = {path: text for path, text in files.items() if path.parent.name != DATA}
        files[folder / DATA / imported[0]] = imported[1]
    if workbook:
        (data,) = (path for path in files if path.parent.name == DATA)
        files[data.with_name(BOOK)] = _as_workbook(str(files.pop(data)), settings)
    taken = next((path for path in files if os.path.lexists(path)), None)  # a link to nothing is there too
    if taken is not None:
        raise Unavailable(
            Text(
                f"{taken.as_posix()} findes i forvejen; der er intet skrevet.",
                f"{taken.as_posix()} is there already; nothing was written.",
            )
        )
    return files


def _as_workbook(text: str, settings: Settings) -> bytes:
    """The first data, given as YAML, as a workbook."""
    from graphsc.rendering.register.book import workbook
    from graphsc.service.registers.register import register

    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.yaml"
        path.write_text(text, encoding="utf-8")
        return workbook(register([path], settings), settings.language)


def _templates(folder: Path, within: str = "") -> Iterator[tuple[str, str]]:
    """Each file beneath a folder of the knowledge: its relative path, and its text."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _templates(entry, f"{within}{entry.name}/")
        else:
            yield f"{within}{entry.name}", entry.read_text(encoding="utf-8")


def begun(fields: Mapping[str, str], settings: Settings) -> tuple[Path, str]:
    """The folder or workbook that a form of the start page is about, opened, made, or made of a list, and what to tell of that.

    Raises Unavailable, and OSError where a file cannot be used, and has then written nothing.
    """
    if fields.get("do") == "open":
        path = _path(fields, "path")
        if not path.exists():
            raise Unavailable(missing(path))
        return path, ""
    folder, told = _path(fields, "folder"), ""
    settings.base = BASE
    imported = None
    if fields.get("do") == "bring":
        data, content, told = _brought_in(_path(fields, "list"), settings)
        imported = data, content
    name = fields.get("name", "").strip() or NAME[settings.language]
    files = first_files(folder, name, settings, imported, workbook=True)
    write_all(files, folders=True)
    written = "\n".join(path.as_posix() for path in files if path.parent.name == DATA)
    return folder, "\n\n".join(filter(None, (told, written)))


def _path(fields: Mapping[str, str], name: str) -> Path:
    """A path as a person pastes it: the file manager of Windows puts it in quotation marks. Raises Unavailable for none."""
    text = fields.get(name, "").strip().strip('"').strip()
    if not text or "\0" in text:
        raise Unavailable(Text("Skriv en sti.", "Write a path."))
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:  # ~ of somebody who is not there
        return Path(text).absolute()


def _brought_in(file: Path, settings: Settings) -> tuple[str, str, str]:
    """The name and the text of the file that holds what a list says, and what was read and not understood. Raises Unavailable."""
    from graphsc.cli.importing import summary_of
    from graphsc.service.imports.taking import take
    from graphsc.service.imports.writing import as_yaml
    from graphsc.sources.mapped.reader import UnreadableError, recognise

    if not file.is_file():
        raise Unavailable(missing(file))
    fitting = recognise([file])
    if not fitting:
        raise Unavailable(
            Text(
                f"{file.as_posix()} ligner ingen liste, der kan læses her.",
                f"{file.as_posix()} looks like no list that can be read here.",
            )
        )
    try:
        taken = take([file], fitting[0], [], settings)
    except UnreadableError as error:
        problem = error.problems[0]
        message = (f"{problem.location}: {problem.message[language]}" for language in Language)
        raise Unavailable(Text(*message)) from None
    return f"{file.stem}.yaml", as_yaml(taken, settings), summary_of(taken, settings.language)
