"""Findings as SHACL's own validation report in Turtle, for any tool that reads one.

The report holds violations: waived findings and those that something is not recorded are left out, so that ``sh:conforms``
agrees with the findings that count. ``rdfs:comment`` has the number of these, and whether some input could not be read. A
deferred finding is a result like any other: the data do not conform. A rule that is not a SHACL constraint, such as the one about
unused waivers, is named as its own constraint component.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import SHACL
from graphsc.validation import wording
from graphsc.validation.findings import Finding, Report
from graphsc.validation.rules import Rule

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BASE = "https://w3id.org/graphsc"
_IRI = re.compile(r"(?:https?://|urn:)[^\s<>\"{}|\\^`\x00-\x20]+")


def render(report: Report, rules: Mapping[str, Rule], *, language: Language) -> str:
    """Render the report graph (``triples``)."""
    prefixes = {"sh": SHACL, "rdfs": _RDFS, "xsd": _XSD}
    turtle = serialize(triples(report, rules, language), format=RdfFormat.TURTLE, prefixes=prefixes)
    assert turtle is not None
    return escape.turtle(turtle.decode())


def triples(report: Report, rules: Mapping[str, Rule], language: Language) -> Iterator[Triple]:
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
        yield Triple(subject, NamedNode(f"{_RDFS}comment"), _text(comment[tag], tag))
    for node, _ in results:
        yield Triple(subject, NamedNode(f"{SHACL}result"), node)
    for node, finding in results:
        yield Triple(node, kind, NamedNode(f"{SHACL}ValidationResult"))
        for property_, value in _result(finding, report, rules):
            yield Triple(node, NamedNode(f"{SHACL}{property_}"), value)


def _result(finding: Finding, report: Report, rules: Mapping[str, Rule]) -> Iterator[tuple[str, NamedNode | Literal]]:
    rule = rules.get(finding.code)
    itself = rule.iri if rule is not None else f"{_BASE}/rule/{escape.uri_path(finding.code)}"
    yield "focusNode", _node(finding.subject, is_iri=True)
    if finding.result_path is not None and _IRI.fullmatch(finding.result_path):
        yield "resultPath", NamedNode(finding.result_path)
    if finding.value is not None:
        yield "value", _node(finding.value, is_iri=finding.value in report.labels)
    yield "resultSeverity", NamedNode(f"{SHACL}{finding.severity.capitalize()}")
    yield "sourceConstraintComponent", _node(finding.component or itself, is_iri=True)
    yield "sourceShape", _node(finding.shape or itself, is_iri=True)
    yield "resultMessage", _text(finding.message.da, Language.DA)
    yield "resultMessage", _text(finding.message.en, Language.EN)


def _node(term: str, *, is_iri: bool) -> NamedNode | Literal:
    """An IRI as a node; a text, or what is no valid IRI after all, as a literal."""
    if is_iri or _IRI.fullmatch(term):
        try:
            return NamedNode(term)
        except ValueError:
            pass
    return Literal(_encodable(term))


def _text(text: str, language: Language) -> Literal:
    return Literal(_encodable(text), language=str(language))


def _encodable(text: str) -> str:
    """A text without lone surrogates, which RDF does not allow."""
    return text.encode("utf-8", "replace").decode()


def _comment(report: Report) -> Text:
    registers = sum(len(group) for group in wording.not_recorded(report).values())
    left_out = Text(
        f"Pr. {report.as_of}. Udeladt: accepterede fund ({report.waived}), registre, der ikke føres ({registers}).",
        f"As of {report.as_of}. Left out: waived findings ({report.waived}), registers not kept ({registers}).",
    )
    deferral = Text.per_language(lambda language: wording.deferral(report, language))
    partial = Text.per_language(lambda language: wording.partial(report, language))
    return Text.joined(Text.same(" "), [left_out, deferral, *([partial] if report.partial else [])])
