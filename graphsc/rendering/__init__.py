"""Renderings of results as text, pages and files.

``FORMATS`` are those of a report of findings, which ``render`` makes; each module is imported on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import signature
from pathlib import Path

from graphsc.core.text import Language
from graphsc.rendering.findings.forges import repository_root
from graphsc.validation.findings import Report, Severity
from graphsc.validation.rules import Rule

__all__ = ["FORMATS", "render"]


_WRITERS = {
    "text": "text.render",
    "concise": "lines.concise",
    "json": "json.render",
    "sarif": "standards.sarif",
    "junit": "standards.junit",
    "github": "forges.github",
    "gitlab": "forges.gitlab",
    "csv": "lines.csv",
    "statistics": "lines.statistics",
    "markdown": "forges.markdown",
    "shacl": "standards.shacl",
}
"""The module of `graphsc.rendering.findings` and the function in it that write each format."""
FORMATS = tuple(_WRITERS)
OUTCOMES = ("json", "sarif", "junit", "markdown", "github")
"""The formats with the outcome of each rule, also where there are findings."""


def render(
    name: str,
    report: Report,
    rules: Mapping[str, Rule],
    *,
    language: Language,
    color: bool = False,
    show_waived: bool = False,
    fail_on: Severity | None = Severity.BREACH,
    base: Path = Path(),
    root: Path | None = None,
    version: str = "",
    first: int | None = None,
) -> str:
    """Render a report in the format of that name; every format ends with a newline.

    ``base`` is the folder that file names are relative to, ``root`` the repository that SARIF and GitHub
    name files from (default: the git work tree around ``base``); ``first`` is the number of things to do that are shown.
    Options that a format does not have are ignored. Raises ``KeyError`` for an unknown name.
    """
    module, _, function = _WRITERS[name].partition(".")
    write: Callable[..., str] = getattr(import_module(f"{__name__}.findings.{module}"), function)
    parameters = signature(write).parameters
    options: dict[str, object] = {
        "color": color,
        "show_waived": show_waived,
        "fail_on": fail_on,
        "base": base,
        "version": version,
        "first": first,
    }
    if "root" in parameters:
        options["root"] = root or repository_root(base)
    return write(
        report, rules, language=language, **{key: value for key, value in options.items() if key in parameters}
    )
