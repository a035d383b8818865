"""Findings as JUnit XML, for build servers: a suite per family of rules, a case per rule."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Mapping, Sequence

from graphsc.core import escape
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Report, RuleOutcome, Severity
from graphsc.validation.rules import Rule


def render(
    report: Report, rules: Mapping[str, Rule], *, language: Language, fail_on: Severity | None = Severity.VIOLATION
) -> str:
    """Render a document of test suites.

    A rule fails with findings at or above ``fail_on`` (None: never), as a run does; lesser ones stand in
    its output. A rule that was not checked or had nothing to check, or has only waived or deferred findings or registers
    that are not kept, is skipped. Each input that could not be read is an error in the suite ``input``.
    """
    root = ET.Element("testsuites", name="graphsc")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    suites: dict[str, list[ET.Element]] = {}
    if report.problems:
        problems = wording.problems(report)
        suites["input"] = [_error(problem, number, language) for number, problem in enumerate(problems, 1)]
    outcomes: dict[str, list[RuleOutcome]] = defaultdict(list)
    for outcome in wording.outcomes(report):
        outcomes[outcome.code].append(outcome)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in wording.ordered(report):
        findings[finding.code].append(finding)
    for code in sorted({*outcomes, *findings}):
        rule = rules.get(code)
        name = f"{escape.xml(code)} {escape.xml(rule.title[language] if rule else '')}".strip()
        case = _testcase(code, name, outcomes[code], findings[code], report, language, fail_on)
        suites.setdefault(_family(code), []).append(case)
    for name, cases in suites.items():
        numbers = {
            "tests": len(cases),
            "failures": sum(1 for case in cases if case.find("failure") is not None),
            "errors": sum(1 for case in cases if case.find("error") is not None),
            "skipped": sum(1 for case in cases if case.find("skipped") is not None),
        }
        for key, number in numbers.items():
            totals[key] += number
        suite = ET.SubElement(root, "testsuite", {"name": escape.xml(name), **{k: str(n) for k, n in numbers.items()}})
        properties = ET.SubElement(suite, "properties")
        ET.SubElement(properties, "property", name="asOf", value=report.as_of.isoformat())
        suite.extend(cases)
    for key, number in totals.items():
        root.set(key, str(number))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _family(code: str) -> str:
    match = re.match(r"[A-Za-z]+", code)
    return match[0] if match else code


def _error(problem: Problem, number: int, language: Language) -> ET.Element:
    place = escape.xml(str(problem.location))
    case = ET.Element("testcase", classname="graphsc.input", name=f"{number}. {place}")
    message = escape.xml(problem.message[language])
    error = ET.SubElement(case, "error", message=message, type=escape.xml(problem.code))
    error.text = f"{place}: {message}"
    return case


def _testcase(
    rule: str,
    name: str,
    outcomes: Sequence[RuleOutcome],
    findings: Sequence[Finding],
    report: Report,
    language: Language,
    fail_on: Severity | None,
) -> ET.Element:
    """One rule: what it found, and how it went."""
    counted = [finding for finding in findings if finding.counts]
    waived = [finding for finding in findings if finding.waived is not None]
    others = [finding for finding in findings if not finding.counts and finding.waived is None]
    deferred = [finding for finding in others if finding.deferred is not None]
    unrecorded = [finding for finding in others if finding.deferred is None]
    reasons = [outcome.not_checked[language] for outcome in outcomes if outcome.not_checked is not None]
    unchecked = [f"{wording.NOT_CHECKED[language]}: {escape.xml(reason)}" for reason in reasons[-1:]]
    idle = [wording.NOTHING_TO_CHECK[language] for outcome in outcomes[-1:] if not outcome.focus]

    element = ET.Element("testcase", classname=f"graphsc.{escape.xml(_family(rule))}", name=name)
    place = next((f.location for f in counted if f.location is not None), None)
    if place is not None:
        element.set("file", escape.xml(place.file))
        if place.line is not None and place.cell is None:
            element.set("line", str(place.line))
    worst = -1 if fail_on is None else fail_on.rank
    failing = [f for f in counted if f.severity.rank <= worst]
    lesser = [f for f in counted if f.severity.rank > worst]
    if failing:
        first = escape.xml(failing[0].message[language])
        more = len(failing) - 1
        summary = first if not more else Text(f"{first} (og {more} til)", f"{first} (and {more} more)")[language]
        kind = str(failing[0].severity)
        failure = ET.SubElement(element, "failure", message=summary, type=kind)
        failure.text = "\n".join(_line(finding, report, language) for finding in failing)
    elif not counted and (unchecked or findings or idle):
        numbers = (
            (len(deferred), wording.DEFERRED),
            (len(waived), wording.ACCEPTED),
            (len(unrecorded), Text("ikke registreret", "not recorded")),
        )
        skipped = [*unchecked, *(f"{number} {word[language]}" for number, word in numbers if number)]
        ET.SubElement(element, "skipped", message="; ".join(skipped or idle))
    output = [_line(finding, report, language) for finding in (*lesser, *deferred, *waived, *unrecorded)]
    output += unchecked if counted else []
    output += [wording.outcome(outcome, language) for outcome in outcomes[-1:]]
    if output:
        ET.SubElement(element, "system-out").text = "\n".join(output)
    return element


def _line(finding: Finding, report: Report, language: Language) -> str:
    place = wording.DERIVED[language] if finding.location is None else str(finding.location)
    parts = [f"{place}: {wording.severity(finding.severity, language)}: {finding.message[language]}"]
    parts.append(finding.remedy[language])
    acceptance = wording.acceptance(finding, report, language)
    parts.append(f"{wording.WAIVER[language]}: {acceptance}" if acceptance else "")
    return " — ".join(text for text in (escape.xml(part) for part in parts) if text)
