"""Findings in the formats that other tools read: SARIF 2.1.0, JUnit XML, and SHACL's own validation report."""

from __future__ import annotations

import hashlib
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from graphsc.core import escape
from graphsc.core.problems import Location, Problem, is_url
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import SHACL
from graphsc.rendering.contract import written
from graphsc.rendering.findings.forges import within
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Report, RuleOutcome, Severity
from graphsc.validation.rules import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.BREACH: "error", Severity.QUESTION: "warning", Severity.NOTE: "note"}
_NO_PLACE = Text(
    "Fundet er udledt og står ikke noget enkelt sted; filen er en af dem, det bygger på.",
    "The finding is derived and written in no one place; the file is one of those it rests on.",
)

_Json: TypeAlias = dict[str, object]
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BASE = "https://w3id.org/graphsc"
_IRI = re.compile(r"(?:https?://|urn:)[^\s<>\"{}|\\^`\x00-\x20]+")


@dataclass(frozen=True, slots=True)
class _Run:
    """The common data of the parts of one run."""

    report: Report
    rules: Mapping[str, Rule]
    language: Language
    base: Path
    root: Path
    artifacts: dict[str, _Json] = field(default_factory=dict)

    def artifact(self, file: str) -> _Json:
        """The artifact location of a file: relative for a file in the repository, otherwise absolute."""
        if file not in self.artifacts:
            self.artifacts[file] = self._artifact(file)
        return dict(self.artifacts[file])

    def _artifact(self, file: str) -> _Json:
        relative = within(file, self.base, self.root)
        if relative is None:
            return {"uri": file if is_url(file) else Path(os.path.normpath(self.base.absolute() / file)).as_uri()}
        return {"uri": escape.uri_path(relative), "uriBaseId": _ROOT}

    def message(self, *texts: Text) -> _Json:
        return {"text": wording.sentences(*(escape.sarif(text[self.language]) for text in texts))}


def sarif(
    report: Report,
    rules: Mapping[str, Rule],
    *,
    language: Language,
    base: Path = Path(),
    root: Path | None = None,
    version: str = "",
) -> str:
    """Render one SARIF run.

    File names are relative to ``base`` and written relative to ``root``, the repository (default: ``base``). Waived findings
    are results with an accepted suppression; what is not recorded is a result of kind ``open``, which raises no alert, and a
    deferred finding one of kind ``review``. Where input could not be read, the invocation did not succeed, and gives the
    reasons; it also lists the rules that were not judged, or had nothing to judge. Only rules with results are described.
    """
    run = _Run(report, rules, language, base, root or base)
    codes = sorted({finding.code for finding in report.findings})
    index = {code: number for number, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    results = []
    for finding in wording.ordered(report):
        seen[finding.fingerprint] += 1
        results.append(_sarif_result(run, finding, index[finding.code], seen[finding.fingerprint]))
    driver: _Json = {
        "name": "graphsc",
        "informationUri": "https://w3id.org/graphsc/",
        "language": str(language),
        "rules": [_sarif_rule(run, code) for code in codes],
    }
    if version:
        driver["version"] = version
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [_invocation(run)],
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
                "columnKind": "unicodeCodePoints",
                "artifacts": [
                    {
                        "location": run.artifact(source.file),
                        **({"hashes": {"sha-256": source.sha256}} if source.sha256 else {}),
                    }
                    for source in sorted(report.inputs, key=lambda i: (i.file, i.sha256))
                ],
                "results": results,
                "properties": {
                    "asOf": report.as_of.isoformat(),
                    "summary": wording.counts(report, language),
                    "known": report.known,
                    "fixed": report.fixed,
                },
            }
        ],
    }
    return written(log)


def _sarif_rule(run: _Run, code: str) -> _Json:
    rule = run.rules.get(code)
    if rule is None:
        return {"id": code}
    other = Language.EN if run.language is Language.DA else Language.DA
    descriptions = [rule.description[tag] for tag in (run.language, other)]
    return {
        "id": code,
        "shortDescription": {"text": escape.sarif(rule.title[run.language])},
        "fullDescription": {"text": escape.sarif(rule.description[run.language])},
        "help": {
            "text": "\n\n".join(escape.sarif(text) for text in descriptions),
            "markdown": "\n\n".join(escape.markdown(text, limit=20_000) for text in descriptions),
        },
        "helpUri": rule.iri,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": sorted(set(rule.statements)),
            "title": rule.title,
            "description": rule.description,
            "references": sorted(reference.iri for reference in rule.references),
        },
    }


def _invocation(run: _Run) -> _Json:
    notes = [_problem(run, problem) for problem in wording.problems(run.report)]
    for text in wording.ending(run.report, run.language):
        message = {"text": escape.sarif(text)}
        notes.append({"descriptor": {"id": "acceptance-ends"}, "level": "warning", "message": message})
    for outcome in wording.outcomes(run.report):
        rule = {"id": outcome.code}
        if outcome.not_checked is not None:
            note = {"level": "warning", "message": run.message(outcome.not_checked)}
            notes.append({"descriptor": {"id": "not-checked"}, "associatedRule": rule, **note})
        elif not outcome.focus:
            note = {"level": "note", "message": run.message(wording.NOTHING_TO_CHECK)}
            notes.append({"descriptor": {"id": "nothing-to-check"}, "associatedRule": rule, **note})
    return {"executionSuccessful": not run.report.partial, "toolExecutionNotifications": notes}


def _problem(run: _Run, problem: Problem) -> _Json:
    return {
        "descriptor": {"id": problem.code},
        "level": "error",
        "message": run.message(problem.message),
        "locations": [{"physicalLocation": _physical(run, problem.location)}],
        "properties": {"message": problem.message},
    }


def _physical(run: _Run, location: Location) -> _Json:
    physical: _Json = {"artifactLocation": run.artifact(location.file)}
    if location.line is not None and location.cell is None:
        region = {"startLine": location.line}
        if location.column is not None:
            region["startColumn"] = location.column
        physical["region"] = region
    return physical


def _location(run: _Run, location: Location) -> _Json:
    written: _Json = {"physicalLocation": _physical(run, location)}
    if location.cell is not None:
        written["message"] = {"text": escape.sarif(f"{location.sheet}!{location.cell}")}
    return written


def _primary(run: _Run, finding: Finding) -> _Json:
    """The location of a finding; services refuse a result without a file."""
    if finding.location is not None:
        written = _location(run, finding.location)
    else:
        related = sorted(finding.related, key=lambda p: p.order)
        files = [p.file for p in related] or sorted(source.file for source in run.report.inputs)
        written = {"message": run.message(_NO_PLACE)}
        if files:
            written["physicalLocation"] = {"artifactLocation": run.artifact(files[0])}
    written["logicalLocations"] = [
        {"name": wording.label(run.report, finding.subject, run.language), "fullyQualifiedName": finding.subject}
    ]
    return written


def _sarif_result(run: _Run, finding: Finding, rule_index: int, occurrence: int) -> _Json:
    suppressions = [
        {
            "kind": "external",
            "status": "accepted",
            "justification": escape.line(waiver.reason),
            "properties": {"waiver": waiver.waiver, "approver": waiver.approver, "until": waiver.until},
        }
        for waiver in ([finding.waived] if finding.waived else [])
    ]
    related = sorted(set(finding.related), key=lambda p: p.order)
    recorded = finding.group is None and finding.deferred is None and not finding.stated
    return {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "kind": "fail" if recorded else "review" if finding.deferred is not None or finding.stated else "open",
        "level": _LEVELS[finding.severity] if recorded else "none",
        "message": run.message(finding.message, *(miss.text for miss in finding.near_misses), finding.remedy),
        "locations": [_primary(run, finding)],
        "relatedLocations": [{"id": n, **_location(run, p)} for n, p in enumerate(related, start=1)],
        "partialFingerprints": {
            "graphsc/v1": finding.fingerprint,
            # Keeps a service from computing its own out of the text of the line.
            "primaryLocationLineHash": f"{finding.fingerprint}:{occurrence}",
        },
        "suppressions": suppressions,
        "properties": {
            "tags": sorted(set(finding.statements)),
            "severity": str(finding.severity),
            "message": finding.message,
            "remedy": finding.remedy,
            "nearMisses": [{"record": miss.record, "text": miss.text} for miss in finding.near_misses],
            "subject": finding.subject,
            "value": finding.value,
            "path": list(finding.path),
            "deferred": finding.deferred,
            "group": finding.group,
            "consequences": sorted(set(finding.consequences)),
            "actor": finding.actor,
            "expiredWaiver": None if finding.expired is None else finding.expired.waiver,
            "location": finding.location,
        },
    }


def junit(
    report: Report,
    rules: Mapping[str, Rule],
    *,
    language: Language,
    fail_on: Severity | None = Severity.BREACH,
    base: Path = Path(),
    root: Path | None = None,
) -> str:
    """Render a document of test suites.

    The file of a case is named from ``root``, the repository (default: ``base``), which file names are relative to.
    A rule fails with findings at or above ``fail_on`` (None: never), as a run does; lesser ones stand in
    its output. A rule that was not checked or had nothing to check, or has only waived or deferred findings or registers
    that are not kept, is skipped. Each input that could not be read is an error in the suite ``input``.
    """
    document = ET.Element("testsuites", name="graphsc")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    suites: dict[str, list[ET.Element]] = {}
    if report.problems:
        problems = wording.problems(report)
        suites["input"] = [_unread(problem, number, language) for number, problem in enumerate(problems, 1)]
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
        if "file" in case.attrib:
            case.set("file", within(case.attrib["file"], base, root or base) or case.attrib["file"])
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
        suite = ET.SubElement(
            document, "testsuite", {"name": escape.xml(name), **{k: str(n) for k, n in numbers.items()}}
        )
        properties = ET.SubElement(suite, "properties")
        ET.SubElement(properties, "property", name="asOf", value=report.as_of.isoformat())
        for notice in wording.notices(report, language):
            ET.SubElement(properties, "property", name="notice", value=escape.xml(notice))
        suite.extend(cases)
    for key, number in totals.items():
        document.set(key, str(number))
    ET.indent(document)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(document, encoding="unicode")}\n'


def _family(code: str) -> str:
    match = re.match(r"[A-Za-z]+", code)
    return match[0] if match else code


def _unread(problem: Problem, number: int, language: Language) -> ET.Element:
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
        failure.text = "\n".join(_junit_line(finding, report, language) for finding in failing)
    elif not counted and (unchecked or findings or idle):
        numbers = (
            (len(deferred), wording.DEFERRED),
            (len(waived), wording.ACCEPTED),
            (len(unrecorded), Text("ikke registreret", "not recorded")),
        )
        skipped = [*unchecked, *(f"{number} {word[language]}" for number, word in numbers if number)]
        ET.SubElement(element, "skipped", message="; ".join(skipped or idle))
    output = [_junit_line(finding, report, language) for finding in (*lesser, *deferred, *waived, *unrecorded)]
    output += unchecked if counted else []
    output += [wording.outcome(outcome, language) for outcome in outcomes[-1:]]
    if output:
        ET.SubElement(element, "system-out").text = "\n".join(output)
    return element


def _junit_line(finding: Finding, report: Report, language: Language) -> str:
    place = wording.DERIVED[language] if finding.location is None else str(finding.location)
    parts = [f"{place}: {wording.severity(finding.severity, language)}: {finding.message[language]}"]
    parts.append(finding.remedy[language])
    acceptance = wording.acceptance(finding, report, language)
    parts.append(f"{wording.WAIVER[language]}: {acceptance}" if acceptance else "")
    return " — ".join(text for text in (escape.xml(part) for part in parts) if text)


def shacl(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:
    """Render SHACL's validation report as Turtle, for any tool that reads one.

    It holds violations: waived findings and those that something is not recorded are left out, so that ``sh:conforms`` agrees
    with the findings that count. ``rdfs:comment`` has the number of these, and whether some input could not be read. A deferred
    finding is a result like any other: the data do not conform. A rule that is not a SHACL constraint, such as the one about
    unused waivers, is named as its own constraint component.
    """
    prefixes = {"sh": SHACL, "rdfs": _RDFS, "xsd": _XSD}
    turtle = serialize(shacl_triples(report, rules, language), format=RdfFormat.TURTLE, prefixes=prefixes)
    assert turtle is not None
    return escape.turtle(turtle.decode())


def shacl_triples(report: Report, rules: Mapping[str, Rule], language: Language) -> Iterator[Triple]:
    """The report graph; messages are in both languages, the comment in ``language`` first."""
    kind = NamedNode(f"{_RDF}type")
    seen: Counter[str] = Counter()
    results: list[tuple[NamedNode, Finding]] = []
    for finding in [*wording.counted(report), *wording.later(report)]:
        seen[finding.fingerprint] += 1
        number = seen[finding.fingerprint]
        name = finding.fingerprint if number == 1 else f"{finding.fingerprint}-{number}"
        results.append((NamedNode(f"{_BASE}/result/{name}"), finding))
    key = "\n".join([report.as_of.isoformat(), *(node.value for node, _ in results)])
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    subject = NamedNode(f"{_BASE}/report/{report.as_of}-{digest}")

    yield Triple(subject, kind, NamedNode(f"{SHACL}ValidationReport"))
    conforms = "false" if results else "true"
    yield Triple(subject, NamedNode(f"{SHACL}conforms"), Literal(conforms, datatype=NamedNode(f"{_XSD}boolean")))
    comment = _comment(report)
    for tag in sorted(Language, key=lambda tag: tag is not language):
        yield Triple(subject, NamedNode(f"{_RDFS}comment"), _literal(comment[tag], tag))
    for node, _ in results:
        yield Triple(subject, NamedNode(f"{SHACL}result"), node)
    for node, finding in results:
        yield Triple(node, kind, NamedNode(f"{SHACL}ValidationResult"))
        for property_, value in _shacl_result(finding, report, rules):
            yield Triple(node, NamedNode(f"{SHACL}{property_}"), value)


def _shacl_result(
    finding: Finding, report: Report, rules: Mapping[str, Rule]
) -> Iterator[tuple[str, NamedNode | Literal]]:
    rule = rules.get(finding.code)
    itself = rule.iri if rule is not None else f"{_BASE}/rule/{escape.uri_path(finding.code)}"
    yield "focusNode", _node(finding.subject, is_iri=True)
    if finding.result_path is not None and _IRI.fullmatch(finding.result_path):
        yield "resultPath", NamedNode(finding.result_path)
    if finding.value is not None:
        yield "value", _node(finding.value, is_iri=finding.value in report.labels)
    yield "resultSeverity", NamedNode(finding.severity.shacl)
    yield "sourceConstraintComponent", _node(finding.component or itself, is_iri=True)
    yield "sourceShape", _node(finding.shape or itself, is_iri=True)
    yield "resultMessage", _literal(finding.message.da, Language.DA)
    yield "resultMessage", _literal(finding.message.en, Language.EN)


def _node(term: str, *, is_iri: bool) -> NamedNode | Literal:
    """An IRI as a node; a text, or what is no valid IRI after all, as a literal."""
    if is_iri or _IRI.fullmatch(term):
        try:
            return NamedNode(term)
        except ValueError:
            pass
    return Literal(_encodable(term))


def _literal(text: str, language: Language) -> Literal:
    return Literal(_encodable(text), language=str(language))


def _encodable(text: str) -> str:
    """A text without lone surrogates, which RDF does not allow."""
    return text.encode("utf-8", "replace").decode()


def _comment(report: Report) -> Text:
    registers = sum(len(group) for group in wording.not_recorded(report).values())
    left_out = Text(
        f"Pr. {report.as_of}. Udeladt: accepterede fund ({report.waived}), registre, der ikke føres ({registers}).",
        f"As of {report.as_of}. Left out: accepted findings ({report.waived}), registers not kept ({registers}).",
    )
    deferral = Text.per_language(lambda language: wording.deferral(report, language))
    partial = Text.per_language(lambda language: wording.partial(report, language))
    told = Text.per_language(lambda language: wording.sentences(*wording.notices(report, language)))
    return Text.joined(Text.same(" "), [left_out, deferral, told, *([partial] if report.partial else [])])
