"""The baseline: the findings that existed when one began, so that only new ones fail a build.

An entry is a rule, its severity, its subject, its value and its path, but no line number: edits elsewhere in a file
change nothing, and a finding that becomes graver is new. The file is sorted JSON with an entry per line, fit for git.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphsc.core.problems import Location, Problem, Unavailable
from graphsc.core.text import Text
from graphsc.core.writing import write_whole
from graphsc.sources import tree
from graphsc.sources.files import decode
from graphsc.sources.reporting import Reporter
from graphsc.validation.findings import Finding, Severity

SCHEMA = "graphsc.baseline/1"
_KEYS = ("code", "severity", "subject", "value", "path")
_SEVERITIES = "/".join(Severity)


class NotABaseline(Unavailable):
    """A file that is to be written over is no baseline."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"{path} er ikke en baseline; skriv til en anden fil.",
                f"{path} is not a baseline; write to another file.",
            )
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding in a baseline; all but ``code`` and ``severity`` are IRIs, ``value`` may be a literal."""

    code: str
    severity: Severity
    subject: str
    value: str | None = None
    path: tuple[str, ...] = ()

    @classmethod
    def of(cls, finding: Finding) -> Entry:
        """The entry for a finding."""
        return cls(finding.code, finding.severity, finding.subject, finding.value, finding.path)

    @property
    def order(self) -> tuple[str, str, bool, str, tuple[str, ...], int]:
        """A sort key: by code, subject, value (none first), path and severity."""
        return (self.code, self.subject, self.value is not None, self.value or "", self.path, self.severity.rank)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A set of known findings."""

    entries: frozenset[Entry] = field(default_factory=frozenset)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Baseline:
        """The baseline of a run: the findings that count, without those that are waived or not recorded."""
        return cls(frozenset(Entry.of(finding) for finding in findings if finding.counts))


def apply(
    findings: Iterable[Finding], baseline: Baseline
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Entry, ...]]:
    """Split findings into new ones and those of the baseline, and give the entries that are fixed.

    Findings that do not count, as they are waived or not recorded, are given with the new ones, where renderings
    expect them. A waived finding still exists, so its entry is not fixed. After a run that could not read
    everything, a "fixed" entry may only not have been read.
    """
    new: list[Finding] = []
    matched: list[Finding] = []
    seen: set[Entry] = set()
    for finding in findings:
        entry = Entry.of(finding)
        seen.add(entry)
        (matched if finding.counts and entry in baseline.entries else new).append(finding)
    fixed = sorted(baseline.entries - seen, key=lambda entry: entry.order)
    return tuple(new), tuple(matched), tuple(fixed)


def dumps(baseline: Baseline) -> str:
    """The text of a baseline file, ending with a newline."""
    lines = [
        json.dumps({key: getattr(entry, key) for key in _KEYS})
        for entry in sorted(baseline.entries, key=lambda entry: entry.order)
    ]
    body = ",\n".join(f"    {line}" for line in lines)
    findings = f"[\n{body}\n  ]" if lines else "[]"
    return f'{{\n  "schema": "{SCHEMA}",\n  "findings": {findings}\n}}\n'


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline, over an older one too; see `write_all`. Raises NotABaseline over another file, and OSError."""
    require_own(path)
    write_whole(path, dumps(baseline), rewriting=True)


def require_own(path: Path) -> None:
    """Raise NotABaseline unless a path is free for a baseline: nothing is there, or a baseline, if only an older one."""
    there = read(path) if path.is_file() else None
    if isinstance(there, Problem) and there.code != "baseline-finding":
        raise NotABaseline(path)


def read(path: Path) -> Baseline | Problem:
    """Read a baseline file; an invalid file gives one problem, at its place."""
    file = path.as_posix()
    try:
        # A pipe is accepted, also one that a shell makes; a device may have no end.
        device = path.is_char_device() or path.is_block_device()
        content = b"" if device else path.read_bytes()
    except (OSError, ValueError) as error:  # or a name that no file can have
        reason = getattr(error, "strerror", None) or f"{error}"
        message = Text(f"Baseline kan ikke læses: {reason}.", f"The baseline cannot be read: {reason}.")
        return Problem("baseline-unreadable", message, Location(file))
    return parse(file, content)


def parse(file: str, content: bytes) -> Baseline | Problem:
    """Parse the bytes of a baseline file; an invalid file gives one problem, at its place."""
    report = Reporter(file)
    text = decode(content, report)
    root = tree.read_json(text, report) if text is not None else None
    if text is None or report.problems:
        return replace(report.problems[0], code="baseline-syntax")
    document = json.loads(text)
    if not isinstance(root, tree.Mapping) or document.get("schema") != SCHEMA:
        message = Text(
            f"Filen er ikke en baseline: Den skal begynde med schema {SCHEMA}.",
            f"The file is not a baseline: it must state the schema {SCHEMA}.",
        )
        return Problem("baseline-schema", message, Location(file, 1, 1))
    findings = root.get("findings")
    if not isinstance(findings, tree.Sequence):
        message = Text("Baseline mangler listen findings.", "The baseline has no list of findings.")
        return Problem("baseline-schema", message, Location(file, 1, 1))
    entries = set()
    for item, node in zip(document["findings"], findings.items, strict=True):
        entry = _entry(item)
        if entry is None:
            message = Text(
                f"Et fund i baseline skal have code og subject (tekst), severity ({_SEVERITIES}), value (tekst eller null) "
                "og path (en liste af tekster) og intet andet. Skriv filen igen med --write-baseline.",
                f"A finding in the baseline must have code and subject (text), severity ({_SEVERITIES}), value (text or null) "
                "and path (a list of texts), and nothing else. Write the file again with --write-baseline.",
            )
            return Problem("baseline-finding", message, Location.at(file, node.place))
        entries.add(entry)
    return Baseline(frozenset(entries))


def _entry(item: object) -> Entry | None:
    if not isinstance(item, dict) or set(item) - set(_KEYS):
        return None
    code, severity, subject, value, path = (item.get(key) for key in _KEYS)
    steps = [] if path is None else path
    if not isinstance(code, str) or not isinstance(subject, str) or not isinstance(value, str | None):
        return None
    if severity not in list(Severity):
        return None
    if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
        return None
    return Entry(code, Severity(severity), subject, value, tuple(steps))
