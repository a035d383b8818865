"""Renderings: one validation, any number of ways to show it.

``FORMATS`` lists them by name; ``render`` makes one. A rendering is loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from pathlib import Path

from graphsc.core.text import Language, Text
from graphsc.rendering.findings.places import repository_root
from graphsc.validation.findings import Report, Severity
from graphsc.validation.rules import Rule

__all__ = ["FORMATS", "Format", "render"]


@dataclass(frozen=True, slots=True)
class Format:
    """A rendering as a user chooses it: its name, what it is for, and its usual file suffix."""

    name: str
    title: Text
    suffix: str


FORMATS: Mapping[str, Format] = {
    name: Format(name, Text(danish, english), suffix)
    for name, suffix, danish, english in (
        ("text", ".txt", "til mennesker: hvad der skal gøres og skrives", "for people: what to do and what to write"),
        (
            *("full", ".txt", "til mennesker: hvert fund for sig, med uddrag af kilden"),
            "for people: each finding, with excerpts of the source",
        ),
        ("concise", ".txt", "én linje pr. fund", "one line per finding"),
        ("json", ".json", "for programmer, version 1", "for programs, version 1"),
        ("sarif", ".sarif", "SARIF 2.1.0, til kodescanning", "SARIF 2.1.0, for code scanning"),
        ("junit", ".xml", "JUnit XML, til byggeservere", "JUnit XML, for build servers"),
        ("github", ".txt", "noter i en GitHub-kørsel", "annotations of a GitHub workflow run"),
        ("gitlab", ".json", "GitLabs rapport om kodekvalitet", "GitLab's code quality report"),
        ("csv", ".csv", "en række pr. fund, til et regneark", "a row per finding, for a spreadsheet"),
        ("statistics", ".txt", "antal fund pr. regel", "number of findings per rule"),
        ("markdown", ".md", "tabeller til en sag eller wiki", "tables for an issue or a wiki"),
        ("shacl", ".ttl", "SHACL's egen rapport i Turtle", "SHACL's own report in Turtle"),
    )
}


def render(
    name: str,
    report: Report,
    rules: Mapping[str, Rule],
    *,
    language: Language,
    color: bool = False,
    show_waived: bool = False,
    fail_on: Severity | None = Severity.VIOLATION,
    base: Path = Path(),
    root: Path | None = None,
    version: str = "",
    first: int | None = None,
) -> str:
    """Render a report in the format of that name; every format ends with a newline.

    ``base`` is the folder that file names are relative to, ``root`` the repository that SARIF and GitHub
    name files from (default: the git work tree around ``base``); ``first`` shows so many things to do only. Options that
    a format does not know are passed over. Raises ``KeyError`` for an unknown name.
    """
    made: Callable[..., str] = import_module(f"{__name__}.findings.{FORMATS[name].name}").render
    taken = signature(made).parameters
    options: dict[str, object] = {
        "color": color,
        "show_waived": show_waived,
        "fail_on": fail_on,
        "base": base,
        "version": version,
        "first": first,
    }
    if "root" in taken:
        options["root"] = root or repository_root(base)
    return made(report, rules, language=language, **{key: value for key, value in options.items() if key in taken})
