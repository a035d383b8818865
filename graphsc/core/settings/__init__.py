"""Settings of a run and where each came from: command line over environment over file over default."""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from graphsc.core.closest import closest
from graphsc.core.identifiers import DEFAULT_BASE, illegal_in_iri, is_absolute
from graphsc.core.periods import Period
from graphsc.core.problems import Location, Problem
from graphsc.core.settings.serving import Proxied
from graphsc.core.text import Language, Text

FILE_NAME = "graphsc.toml"
SEVERITIES = ("breach", "question", "note")


@dataclass(slots=True)
class Settings:
    """What a run depends on besides its input.

    - ``judged_from``: findings on agreements signed before this day fail no run; None: all findings count
    - ``parameters``: lengths of time that the guide leaves to the organisation, by the local name of the parameter
    - ``limits``: the organisation's limits on measures of risk, by local name
    - ``concentration_scale``: the scale by which concentration is called high
    - ``severity``: the severity of rules where it is not the shipped one, by code
    - ``frameworks``: the frameworks that are switched on in addition to the guide
    - ``knowledge``: folders with the organisation's own rules
    - ``timeout``: how many seconds each derivation rule and shape of the organisation's own may take
    - ``ignore_files``: patterns of files in folders that are not read
    - ``serve``: who may read what at the desk behind a proxy
    - ``executor``: ``oxigraph``, ``duckdb``, ``spark``, or ``auto`` for a choice by size
    - ``urls``: those among the input, whose data the executor reads itself
    - ``origin``: where each value came from
    """

    as_of: date = field(default_factory=date.today)
    judged_from: date | None = None
    language: Language = Language.EN
    base: str = DEFAULT_BASE
    fail_on: str = "breach"
    parameters: dict[str, str] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    concentration_scale: str = "eu-2004"
    severity: dict[str, str] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ignore_files: tuple[str, ...] = ()
    baseline: str | None = None
    frameworks: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    timeout: float = 60.0
    serve: Proxied | None = None
    executor: str = "auto"
    urls: tuple[str, ...] = ()
    origin: dict[str, str] = field(default_factory=dict)


_KEYS = {item.name.replace("_", "-") for item in fields(Settings)} - {"executor", "urls", "origin"}
"""The keys of a configuration file: all settings but those that the run itself decides."""

_DATE = Text("en dato som 2026-11-25", "a date such as 2026-11-25")
_EXPECTED: Mapping[str, Text] = {
    "as-of": _DATE,
    "judged-from": _DATE,
    "language": Text('"da" eller "en"', '"da" or "en"'),
    "fail-on": Text('"breach", "question", "note" eller "never"', '"breach", "question", "note" or "never"'),
    "base": Text('en hel IRI som "https://example.org/id/"', 'a whole IRI such as "https://example.org/id/"'),
    "select": Text('en liste som ["SUB001"]', 'a list such as ["SUB001"]'),
    "ignore": Text('en liste som ["SUB001"]', 'a list such as ["SUB001"]'),
    "ignore-files": Text('en liste som ["arkiv/*.json"]', 'a list such as ["archive/*.json"]'),
    "frameworks": Text('en liste som ["nis2"]', 'a list such as ["nis2"]'),
    "knowledge": Text('en liste som ["regler"]', 'a list such as ["rules"]'),
    "timeout": Text("et antal sekunder", "a number of seconds"),
    "parameters": Text('en varighed som "P1Y" eller "P14D"', 'a duration such as "P1Y" or "P14D"'),
    "limits": Text("et tal, der ikke er negativt", "a number that is not negative"),
    "severity": Text('"breach", "question" eller "note"', '"breach", "question" or "note"'),
}
"""What each setting must be, for messages; for a table, what each of its entries must be."""


class _EntryError(ValueError):
    """An entry of a table has an invalid value; holds its name and its value."""

    def __init__(self, name: str, value: Any) -> None:
        super().__init__(name)
        self.name, self.value = name, value


def environment_language() -> Language:
    """Danish where the environment says Danish, otherwise English."""
    for name in ("GRAPHSC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return Language.DA if value.lower().startswith("da") else Language.EN
    return Language.EN


def load(directory: Path | None = None) -> tuple[Settings, list[Problem]]:
    """The settings before the command line: defaults, then ``graphsc.toml`` or ``[tool.graphsc]``, then environment.

    Looks in ``directory`` (the current one by default), and then in each folder above it as far as the top of the
    repository; paths in the file are relative to the folder that it is in. An invalid setting is returned as a problem
    and keeps its default.
    """
    settings = Settings(language=environment_language())
    problems: list[Problem] = []
    for folder in _folders(directory or Path()):
        values, name = _configuration(folder, problems)
        if values:
            _apply(settings, values, name, problems, folder / name)
            if folder != (directory or Path()):
                settings.baseline = settings.baseline and (folder / settings.baseline).as_posix()
                settings.knowledge = tuple((folder / path).as_posix() for path in settings.knowledge)
            break
    if os.environ.get("GRAPHSC_LANG"):
        settings.language = environment_language()
        settings.origin["language"] = "GRAPHSC_LANG"
    if as_of := os.environ.get("GRAPHSC_AS_OF"):
        _apply(settings, {"as-of": as_of}, "GRAPHSC_AS_OF", problems)
    return settings, problems


def configurations() -> list[Path]:
    """The files that may hold the configuration for the current folder, whether or not they exist."""
    return [folder / name for folder in _folders(Path()) for name in (FILE_NAME, "pyproject.toml")]


def _folders(start: Path) -> Iterator[Path]:
    """A folder and those above it, up to the top of the repository; outside a repository the folder alone."""
    yield start
    above = start.absolute()
    chain = [above, *above.parents]
    top = next((place for place, folder in enumerate(chain) if (folder / ".git").exists()), 0)
    yield from chain[1 : top + 1]


def _configuration(folder: Path, problems: list[Problem]) -> tuple[dict[str, Any], str]:
    """The configuration in a folder, and the name of its file; empty where there is none."""
    for path, table in ((folder / FILE_NAME, None), (folder / "pyproject.toml", "graphsc")):
        if path.is_file():
            values = _read(path, problems)
            if table is not None:
                values = _table(_table(values, "tool"), table)
            if values:
                return values, path.name
    return {}, ""


def _read(path: Path, problems: list[Problem]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(_problem(path.name, "er ikke UTF-8", "is not UTF-8", line))
    except OSError:
        problems.append(_problem(path.name, "kan ikke læses", "cannot be read"))
    except RecursionError:
        problems.append(_problem(path.name, "er indlejret for dybt", "is nested too deeply"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        location = Location(path.name, int(place[1]), int(place[2])) if place else Location(path.name)
        cause = str(error)[: place.start()] if place else str(error)
        problems.append(
            Problem(
                "bad-config",
                Text(
                    f"filen kan ikke læses som TOML: {cause}. Sæt tekst i anførselstegn, og skriv datoer som 2026-11-25.",
                    f"the file is not TOML: {cause}. Put text in quotes, and write dates as 2026-11-25.",
                ),
                location,
            )
        )
    return {}


def _table(values: dict[str, Any], name: str) -> dict[str, Any]:
    """A table in a table; an empty one where the value is no table."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _problem(file: str, danish: str, english: str, line: int | None = None) -> Problem:
    return Problem("bad-config", Text(f"{file} {danish}", f"{file} {english}"), Location(file, line))


def _apply(
    settings: Settings, values: dict[str, Any], origin: str, problems: list[Problem], path: Path | None = None
) -> None:
    """Set the values; an invalid one is a problem, at its line where they come from a file."""
    for key, value in values.items():
        if key not in _KEYS:
            near = closest(key.replace("_", "-"), _KEYS)
            da, en = (f". Mente du {near}?", f". Did you mean {near}?") if near else ("", "")
            fault = f"har en ukendt indstilling: {key}{da}", f"has an unknown setting: {key}{en}"
            problems.append(_problem(origin, *fault, _line(path, key)))
            continue
        try:
            _set(settings, key, value)
            settings.origin[key.replace("-", "_")] = origin
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            what, entered, line = key, value, _line(path, key)
            if isinstance(error, _EntryError):
                what, entered, line = f"{key}.{error.name}", error.value, _line(path, error.name) or line
            expected = _EXPECTED.get(key)
            da, en = (f". Skriv {expected.da}.", f". Write {expected.en}.") if expected else ("", "")
            fault = f"har en ugyldig værdi for {what}: {entered}{da}", f"has an invalid value for {what}: {entered}{en}"
            problems.append(_problem(origin, *fault, line))


def _line(path: Path | None, key: str) -> int | None:
    """The first line of a configuration that has a key or a table, in ``pyproject.toml`` within our table; None where there is none."""
    if path is None:
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    written = re.compile(rf"""\s*(?:["']?{re.escape(key)}["']?\s*=|\[(?:tool\.graphsc\.)?{re.escape(key)}\])""")
    start = 0 if path.name == FILE_NAME else next((at for at, line in enumerate(lines) if "tool.graphsc" in line), 0)
    return next((at for at, line in enumerate(lines[start:], start + 1) if written.match(line)), None)


def _set(settings: Settings, key: str, value: Any) -> None:
    match key:
        case "as-of" | "judged-from":
            setattr(settings, key.replace("-", "_"), value if type(value) is date else date.fromisoformat(value))
        case "language":
            settings.language = Language(value)
        case "fail-on":
            settings.fail_on = _one_of(value, (*SEVERITIES, "never"))
        case "base" | "baseline" | "concentration-scale":
            text = _base(value) if key == "base" else _text(value)
            setattr(settings, key.replace("-", "_"), text)
        case "select" | "ignore" | "ignore-files" | "frameworks" | "knowledge":
            if not isinstance(value, list):  # a lone text would be read letter by letter
                raise TypeError(value)
            setattr(settings, key.replace("-", "_"), tuple(_text(item) for item in value))
        case "serve":
            settings.serve = Proxied.of(value)
        case "parameters":
            _entries(value, Period.parse)
            settings.parameters = dict(value)
        case "limits":
            settings.limits = _entries(value, _limit)
        case "timeout":
            settings.timeout = _seconds(value)
        case "severity":
            settings.severity = _entries(value, lambda level: _one_of(level, SEVERITIES))


def _entries(table: dict[str, Any], read: Callable[[Any], Any]) -> dict[str, Any]:
    """The entries of a table, each parsed by ``read``.

    Raises:
        _EntryError: one of them is invalid.
    """
    result: dict[str, Any] = {}
    for name, value in table.items():
        try:
            result[name] = read(value)
        except (TypeError, ValueError, AttributeError):
            raise _EntryError(name, value) from None
    return result


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _base(value: Any) -> str:
    """The base of ids, which must be an absolute IRI."""
    text = _text(value)
    if not is_absolute(text) or illegal_in_iri(text) is not None:
        raise ValueError(text)
    return NamedNode(text).value


def _limit(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise TypeError(value)
    return float(value)


def _seconds(value: Any) -> float:
    seconds = _limit(value)
    if not seconds:
        raise ValueError(value)
    return seconds


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(value)
    return str(value)
