"""``graphsc rules`` and ``graphsc explain``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from graphsc.cli.common import fail, hint, known_codes, put, settings, show_problems
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.coverage.statements import statements
from graphsc.explanation.evidence import Explainer
from graphsc.rendering.explanation import finding as pages
from graphsc.rendering.explanation import statement as statement_page
from graphsc.service import Opened, open_paths, validate
from graphsc.service.coverage import standing
from graphsc.validation import Report, Rule, selected
from graphsc.validation.catalogue import references

_SCHEMA = "graphsc.rules/1"


def list_rules(
    form: str,
    language: str | None,
    select: list[str] | None,
    ignore: list[str] | None,
    frameworks: list[str] | None = None,
) -> None:
    """Print the rule catalogue; exit code 2 when the configuration or a rule of one's own could not be read."""
    found, problems = settings(language=language, select=select, ignore=ignore, frameworks=frameworks)
    if form not in {"text", "json"}:
        fail(Text(f"ukendt format: {form}", f"unknown format: {form}"), found.language)
    opened = open_paths([], found, problems)
    report, rules = validate(opened)
    known_codes(found, rules, report.problems)
    chosen = [rule for rule in rules.values() if selected(rule.code, found)]
    if form == "json":
        document = {"schema": _SCHEMA, "rules": [pages.as_json(rule) for rule in chosen]}
        put(json.dumps(document, ensure_ascii=False, indent=2) + "\n", None, found.language)
    else:
        put("".join(f"{pages.line(rule, found.language)}\n" for rule in chosen), None, found.language)
    _leave(report.problems, found.language)


def explain(
    what: str,
    paths: list[Path],
    as_of: str | None,
    language: str | None,
    depth: int,
    frameworks: list[str] | None = None,
) -> None:
    """Print the page of a rule, a statement, a provision or a finding; exit code 2 when something could not be read."""
    found, problems = settings(as_of=as_of, language=language, frameworks=frameworks)
    opened = open_paths(paths, found, problems)
    report, rules = validate(opened)
    known = statements(opened.dataset)
    today = report if paths else None
    page = _finding(what, opened, (report, rules), found.language, depth)
    if page is None and what in rules:
        page = pages.rule_page(rules[what], known, today, found.language)
    elif page is None and (one := standing(opened, what, (report, rules))) is not None:
        page = statement_page.render(one, rules, today, found.language)
    elif page is None and what in (provisions := references(opened.dataset)):
        page = pages.provision_page(provisions[what], rules, today, found.language)
    elif page is None:
        show_problems(report.problems, found.language)
        near = hint(what, [*rules, *known, *provisions])
        fail(
            Text(
                f"{what} er hverken en regel, et udsagn, en bestemmelse eller et fund i det, der er givet.{near.da}",
                f"{what} is neither a rule, a statement, a provision nor a finding of the input given.{near.en}",
            ),
            found.language,
        )
    put(page, None, found.language)
    _leave(report.problems, found.language)


def _finding(
    fingerprint: str, opened: Opened, judged: tuple[Report, Mapping[str, Rule]], language: Language, depth: int
) -> str | None:
    report, rules = judged
    finding = next((finding for finding in report.findings if finding.fingerprint == fingerprint), None)
    if finding is None:
        return None
    facts = Explainer(opened.dataset, opened.sources, opened.rules, depth).finding(finding)
    return pages.finding_page(finding, facts, language, rules.get(finding.code), report)


def _leave(problems: Sequence[Problem], language: Language) -> None:
    if problems:
        show_problems(problems, language)
        raise typer.Exit(2)
