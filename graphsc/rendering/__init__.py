"""Renderings: one validation, any number of ways to show it.

``FORMATS`` lists them by name; ``render`` makes one. A rendering is loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from graphsc.core.text import Language, Text
from graphsc.validation.findings import Report, Severity
from graphsc.validation.rules import Rule

__all__ = ["FORMATS", "Format", "render"]


@dataclass(frozen=True, slots=True)
class Format:
    """A rendering as a user chooses it: its name, what it is for, and its usual file suffix.

    ``options`` names the keywords that its ``render`` takes beside the language.
    """

    name: str
    title: Text
    suffix: str
    options: frozenset[str] = frozenset()


FORMATS: Mapping[str, Format] = {
    entry.name: entry
    for entry in (
        Format(
            "text",
            Text("til mennesker: hvad der skal gøres og skrives", "for people: what to do and what to write"),
            ".txt",
            frozenset({"color", "show_waived", "first"}),
        ),
        Format(
            "full",
            Text(
                "til mennesker: hvert fund for sig, med uddrag af kilden",
                "for people: each finding, with excerpts of the source",
            ),
            ".txt",
            frozenset({"color", "show_waived", "base"}),
        ),
        Format("concise", Text("én linje pr. fund", "one line per finding"), ".txt"),
        Format("json", Text("for programmer, version 1", "for programs, version 1"), ".json"),
        Format(
            "sarif",
            Text("SARIF 2.1.0, til kodescanning", "SARIF 2.1.0, for code scanning"),
            ".sarif",
            frozenset({"base", "root", "version"}),
        ),
        Format(
            "junit",
            Text("JUnit XML, til byggeservere", "JUnit XML, for build servers"),
            ".xml",
            frozenset({"fail_on"}),
        ),
        Format(
            "github",
            Text("noter i en GitHub-kørsel", "annotations of a GitHub workflow run"),
            ".txt",
            frozenset({"base", "root"}),
        ),
        Format(
            "gitlab",
            Text("GitLabs rapport om kodekvalitet", "GitLab's code quality report"),
            ".json",
            frozenset({"base", "root"}),
        ),
        Format("csv", Text("en række pr. fund, til et regneark", "a row per finding, for a spreadsheet"), ".csv"),
        Format("statistics", Text("antal fund pr. regel", "number of findings per rule"), ".txt"),
        Format("markdown", Text("tabeller til en sag eller wiki", "tables for an issue or a wiki"), ".md"),
        Format("shacl", Text("SHACL's egen rapport i Turtle", "SHACL's own report in Turtle"), ".ttl"),
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
    chosen = FORMATS[name]
    options: dict[str, object] = {
        "color": color,
        "show_waived": show_waived,
        "fail_on": fail_on,
        "base": base,
        "version": version,
        "first": first,
    }
    if "root" in chosen.options:
        from graphsc.rendering.findings.places import repository_root

        options["root"] = repository_root(base) if root is None else root
    taken = {key: value for key, value in options.items() if key in chosen.options}
    module = import_module(f"{__name__}.findings.{chosen.name}")
    rendered: str = module.render(report, rules, language=language, **taken)
    return rendered
