"""Settings of a run and where each came from: command line over environment over file over default."""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from graphsc.core.endpoint import Endpoint
from graphsc.core.identifiers import DEFAULT_BASE, illegal_in_iri, is_absolute
from graphsc.core.location import Location
from graphsc.core.periods import Period
from graphsc.core.problems import Problem
from graphsc.core.serving import Proxied
from graphsc.core.text import Language, Text

FILE_NAME = "graphsc.toml"
SEVERITIES = ("violation", "warning", "info")


@dataclass(slots=True)
class Settings:
    """What a run depends on besides its input.

    ``judged_from`` is the day from which an agreement must be signed for its findings to fail a run, None for all of them;
    ``parameters`` overrides lengths of time that the guide leaves to the organisation, by the local name
    of the parameter; ``limits`` are those on measures of risk that it sets, by local name too, and
    ``concentration_scale`` names the scale by which concentration is called high; ``severity`` overrides the severity of rules by code;
    ``frameworks`` names those that are switched on beside the guide, and ``knowledge`` folders with rules of the
    organisation's own; ``ignore_files`` are patterns of files
    in folders that are not to be read; ``endpoint`` is the SPARQL server that does the work, where one is named, and ``offered`` one that
    only the file names: it may have come with the data, and is to be sent nothing. ``serve`` says who may
    read what at the desk behind a proxy. ``executor`` is ``oxigraph``, ``duckdb`` or ``spark``, or ``auto`` for a choice by size. ``origin`` says where each value came
    from.
    """

    as_of: date = field(default_factory=date.today)
    judged_from: date | None = None
    language: Language = Language.EN
    base: str = DEFAULT_BASE
    fail_on: str = "violation"
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
    endpoint: Endpoint | None = None
    offered: Endpoint | None = None
    serve: Proxied | None = None
    executor: str = "auto"
    origin: dict[str, str] = field(default_factory=dict)


_KEYS = {item.name.replace("_", "-") for item in fields(Settings)} - {"offered", "executor", "origin"}
"""What a configuration file may set: all but what a run knows by itself."""


def beside(settings: Settings, **other: Any) -> Settings:
    """The settings for another look at an input while the first is open, such as on another day (``as_of``).

    It is taken here, in process: a server has room for one dataset, and loading the other would clear the first.
    """
    return replace(settings, endpoint=None, **other)


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
    repository; paths in the file are relative to the folder that it is in. What the file says wrongly is returned as problems
    and left at its default.
    """
    settings = Settings(language=environment_language())
    problems: list[Problem] = []
    for folder in _folders(directory or Path()):
        values, name = _configuration(folder, problems)
        if values:
            _apply(settings, values, name, problems)
            settings.offered, settings.endpoint = settings.endpoint, None
            if folder != (directory or Path()):
                settings.baseline = settings.baseline and str(folder / settings.baseline)
                settings.knowledge = tuple(str(folder / path) for path in settings.knowledge)
            break
    if os.environ.get("GRAPHSC_LANG"):
        settings.language = environment_language()
        settings.origin["language"] = "GRAPHSC_LANG"
    if as_of := os.environ.get("GRAPHSC_AS_OF"):
        _apply(settings, {"as-of": as_of}, "GRAPHSC_AS_OF", problems)
    if endpoint := os.environ.get("GRAPHSC_ENDPOINT"):
        _apply(settings, {"endpoint": endpoint}, "GRAPHSC_ENDPOINT", problems)
    return settings, problems


def configurations(directory: Path | None = None) -> list[Path]:
    """Where a configuration may stand for a folder, whether or not one does."""
    return [folder / name for folder in _folders(directory or Path()) for name in (FILE_NAME, "pyproject.toml")]


def _folders(start: Path) -> Iterator[Path]:
    """A folder and those above it, up to the top of the repository; a folder outside any stands alone."""
    yield start
    above = start.absolute()
    chain = [above, *above.parents]
    top = next((place for place, folder in enumerate(chain) if (folder / ".git").exists()), 0)
    yield from chain[1 : top + 1]


def _configuration(folder: Path, problems: list[Problem]) -> tuple[dict[str, Any], str]:
    """What the configuration in a folder says, and the name of its file; nothing where there is none."""
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
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        problems.append(_problem(path.name, "er ikke UTF-8", "is not UTF-8"))
    except OSError:
        problems.append(_problem(path.name, "kan ikke læses", "cannot be read"))
    except RecursionError:
        problems.append(_problem(path.name, "er indlejret for dybt", "is nested too deeply"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        location = Location(path.name, int(place[1]), int(place[2])) if place else Location(path.name)
        problems.append(
            Problem(
                "bad-config",
                Text(f"filen kan ikke læses som TOML: {error}", f"the file is not TOML: {error}"),
                location,
            )
        )
    return {}


def _table(values: dict[str, Any], name: str) -> dict[str, Any]:
    """A table in a table; an empty one where something else stands."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _problem(file: str, danish: str, english: str) -> Problem:
    return Problem("bad-config", Text(f"{file} {danish}", f"{file} {english}"), Location(file))


def _apply(settings: Settings, values: dict[str, Any], origin: str, problems: list[Problem]) -> None:
    for key, value in values.items():
        if key not in _KEYS:
            problems.append(_problem(origin, f"har en ukendt indstilling: {key}", f"has an unknown setting: {key}"))
            continue
        try:
            _set(settings, key, value)
            settings.origin[key.replace("-", "_")] = origin
        except (TypeError, ValueError, AttributeError, KeyError):
            problems.append(
                _problem(origin, f"har en ugyldig værdi for {key}: {value}", f"has an invalid value for {key}: {value}")
            )


def _set(settings: Settings, key: str, value: Any) -> None:
    match key:
        case "as-of" | "judged-from":
            setattr(settings, key.replace("-", "_"), value if type(value) is date else date.fromisoformat(value))
        case "language":
            settings.language = Language(value)
        case "fail-on":
            settings.fail_on = _one_of("info" if value == "note" else value, (*SEVERITIES, "never"))
        case "base" | "baseline" | "concentration-scale":
            text = _base(value) if key == "base" else _text(value)
            setattr(settings, key.replace("-", "_"), text)
        case "select" | "ignore" | "ignore-files" | "frameworks" | "knowledge":
            if not isinstance(value, list):  # a lone text would be read letter by letter
                raise TypeError(value)
            setattr(settings, key.replace("-", "_"), tuple(_text(item) for item in value))
        case "endpoint" | "serve":
            _set_server(settings, key, value)
        case "parameters":
            for text in value.values():
                Period.parse(text)
            settings.parameters = dict(value)
        case "limits":
            settings.limits = {name: _limit(number) for name, number in value.items()}
        case "severity":
            settings.severity = {code: _one_of(level, SEVERITIES) for code, level in value.items()}


def _set_server(settings: Settings, key: str, value: Any) -> None:
    if key == "serve":
        settings.serve = Proxied.of(value)
    else:
        settings.endpoint = Endpoint.at(_text(value)) if isinstance(value, str) else Endpoint.of(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _base(value: Any) -> str:
    """What is put before ids: a whole IRI."""
    text = _text(value)
    if not is_absolute(text) or illegal_in_iri(text) is not None:
        raise ValueError(text)
    return NamedNode(text).value


def _limit(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise TypeError(value)
    return float(value)


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(value)
    return str(value)
