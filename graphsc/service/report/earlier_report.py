"""The findings of an earlier report: read from its JSON, or computed from an older data folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from graphsc.core.problems import Location, Problem
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.service import Opened, open_paths, validate
from graphsc.validation.findings import SCHEMA, Acceptance, Finding, Severity


@dataclass(frozen=True, slots=True)
class Before:
    """The findings of an earlier report: its name, its day, and whether some of its input could not be read.

    ``opened`` is the older input, where there is one.
    """

    name: Text
    day: date
    partial: bool
    findings: tuple[Finding, ...]
    opened: Opened | None = None


class EarlierError(ValueError):
    """An earlier report cannot be read; the problem says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message.en)
        self.problem = problem


def earlier(path: Path, settings: Settings) -> Before:
    """The earlier findings: from JSON, or by validating an older folder with today's rules and date.

    Raises EarlierError for a file that is no such report, or when there is nothing at the path.
    """
    if path.is_dir():
        opened = open_paths([path], replace(settings, urls=()))
        report, _ = validate(opened)
        if not opened.sources.sources:
            raise _wrong(path, Text("mappen har intet, der kan læses", "the folder has nothing that can be read"))
        name = path.as_posix()
        called = Text(f"mappen {name} efter de samme regler", f"the folder {name} by the same rules")
        return Before(called, report.as_of, report.partial, report.findings, opened)
    return _document(path)


def _document(path: Path) -> Before:
    try:
        document = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _wrong(path, Text(f"kan ikke læses: {reason}", f"cannot be read: {reason}")) from None
    except UnicodeDecodeError:
        raise _wrong(path, Text("er ikke UTF-8", "is not UTF-8")) from None
    except json.JSONDecodeError as error:
        message = Text("er ikke gyldig JSON her", "is not valid JSON here")
        raise _wrong(path, message, error.lineno, error.colno) from None
    except (ValueError, RecursionError):
        raise _wrong(path, Text("kan ikke læses som JSON", "cannot be read as JSON")) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        message = Text(
            f"er ikke fund fra graphsc validate --format json ({SCHEMA})",
            f"is not the findings of graphsc validate --format json ({SCHEMA})",
        )
        raise _wrong(path, message, 1, 1)
    try:
        day = date.fromisoformat(document["asOf"])
        return Before(
            name=Text(f"rapporten pr. {day}", f"the report as of {day}"),
            day=day,
            partial=document["partial"] is True,
            findings=tuple(_finding(item) for item in document["findings"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = Text(
            f"et fund eller en oplysning mangler eller er forkert: {error}",
            f"a finding or a field is missing or wrong: {error}",
        )
        raise _wrong(path, message) from None


def _finding(entry: Mapping[str, object]) -> Finding:
    """A finding from JSON; KeyError, TypeError or ValueError for an invalid one."""
    message = entry["message"]
    if not isinstance(message, Mapping):
        raise TypeError("message")
    waived = entry.get("waived")
    return Finding(
        code=_text(entry["code"]),
        severity=Severity(_text(entry["severity"])),
        message=Text(_text(message["da"]), _text(message["en"])),
        remedy=Text("", ""),
        subject=_text(entry["subject"]),
        value=None if entry.get("value") is None else _text(entry["value"]),
        group=None if entry.get("group") is None else _text(entry["group"]),
        waived=Acceptance("", "", None, None) if waived is not None else None,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(str(value)[:40])
    return value


def _wrong(path: Path, message: Text, line: int | None = None, column: int | None = None) -> EarlierError:
    about = Text(f"--since: {message.da}", f"--since: {message.en}")
    return EarlierError(Problem("since-unreadable", about, Location(path.as_posix(), line, column)))


def compare(
    now: Iterable[Finding], before: Iterable[Finding], same: Callable[[Finding], Finding | None]
) -> tuple[frozenset[str], tuple[tuple[Finding, bool], ...]]:
    """The fingerprints of earlier findings that counted, and the gone findings, each with whether it is waived now.

    ``same`` gives the part of an earlier finding that may be shown; None for nothing.
    """
    today = tuple(now)
    counted = {finding.fingerprint for finding in today if finding.counts}
    accepted = {finding.fingerprint for finding in today if finding.waived is not None}
    counted_before = {
        shown.fingerprint: shown for finding in before if finding.counts and (shown := same(finding)) is not None
    }
    gone = sorted((shown for name, shown in counted_before.items() if name not in counted), key=lambda item: item.order)
    return frozenset(counted_before), tuple((item, item.fingerprint in accepted) for item in gone)
