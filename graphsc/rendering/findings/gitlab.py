"""GitLab's code quality report, shown in a merge request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from graphsc.core import escape
from graphsc.core.location import Location
from graphsc.core.text import Language
from graphsc.rendering.findings import places
from graphsc.validation import wording
from graphsc.validation.findings import Report, Severity
from graphsc.validation.rules import Rule

_SEVERITY = {Severity.VIOLATION: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(
    report: Report,
    rules: Mapping[str, Rule],  # noqa: ARG001 every rendering is called alike
    *,
    language: Language,
    base: Path = Path(),
    root: Path | None = None,
) -> str:
    """Render what could not be read and the findings that count, as GitLab's ``codequality`` report wants them.

    Files are named from the repository; what stands in no file is named at the repository itself.
    """

    def entry(code: str, severity: str, text: str, place: Location | None, fingerprint: str) -> dict[str, object]:
        path = places.within(place.file, base, root or base) if place is not None else None
        return {
            "description": escape.line(text),
            "check_name": code,
            "fingerprint": fingerprint,
            "severity": severity,
            "location": {
                "path": path or (place.file if place is not None else "."),
                "lines": {"begin": (place.line if place is not None else None) or 1},
            },
        }

    entries = []
    for problem in wording.problems(report):
        key = f"{problem.code}\n{problem.location}".encode("utf-8", "surrogatepass")
        fingerprint = hashlib.sha256(key).hexdigest()[:16]
        entries.append(entry(problem.code, "blocker", problem.message[language], problem.location, fingerprint))
    for finding in (*wording.counted(report), *wording.later(report)):
        severity, text = _SEVERITY[finding.severity], wording.message(finding, language)
        if finding.deferred is not None:
            severity, text = "info", f"{wording.DEFERRED[language]}: {text}"
        text = wording.sentences(text, finding.remedy[language])
        entries.append(entry(finding.code, severity, text, finding.location, finding.fingerprint))
    return escape.json(json.dumps(entries, ensure_ascii=False, indent=2)) + "\n"
