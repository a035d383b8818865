"""Findings and duties as triples, so that a question in SPARQL can use them.

The next day of a duty takes date arithmetic, and a finding the validation of every rule: both are beyond SPARQL 1.1. They are
added only for questions that need them, since each is a node of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE, ROOT, SHACL, XSD_DATE, G
from graphsc.duties.duties import Duty
from graphsc.validation import Report, Rule


def findings(report: Report, rules: Mapping[str, Rule]) -> Iterator[ox.Triple]:
    """The findings as SHACL's validation results: focus node, value, severity, rule, and the waiver or register, if any."""
    for finding in report.findings:
        node = ox.NamedNode(f"urn:graphsc:finding:{finding.fingerprint}")
        yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(SHACL + "ValidationResult"))
        yield from _link(node, SHACL + "focusNode", finding.focus or finding.subject)
        if finding.value is not None:
            yield from _link(node, SHACL + "value", finding.value)
        yield from _link(node, SHACL + "resultSeverity", SHACL + finding.severity.capitalize())
        yield from _link(node, G + "ofRule", rules[finding.code].iri)
        yield from _link(node, G + "acceptedBy", finding.waived.waiver if finding.waived else None)
        yield from _link(node, G + "notRecorded", finding.group)


def duties(owed: Iterable[Duty], rules: Mapping[str, Rule]) -> Iterator[ox.Triple]:
    """The duties with their rule, subject, bearer, state and, where they have one, day."""
    for duty in owed:
        parts = (duty.rule, duty.subject, duty.value, duty.kind, duty.holder.organisation, duty.holder.person, duty.due)
        key = hashlib.sha256("\n".join(str(part or "") for part in parts).encode()).hexdigest()[:16]
        node = ox.NamedNode(f"urn:graphsc:duty:{key}")
        yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + "Duty"))
        yield from _link(node, G + "ofRule", rules[duty.rule].iri)
        yield from _link(node, G + "about", duty.subject)
        yield from _link(node, G + "bearer", duty.holder.organisation)
        yield from _link(node, G + "bearingRole", duty.holder.role)
        yield from _link(node, G + "bearingPerson", duty.holder.person)
        yield from _link(node, G + "dutyState", f"{ROOT}duty-state/{duty.state.value.replace(' ', '-')}")
        if duty.due is not None:
            day = ox.Literal(duty.due.isoformat(), datatype=ox.NamedNode(XSD_DATE))
            yield ox.Triple(node, ox.NamedNode(G + "dueBy"), day)


def _link(node: ox.NamedNode, predicate: str, value: str | None) -> Iterator[ox.Triple]:
    """A triple with an IRI, or with a literal for a value that is no IRI; none for None."""
    if value is None:
        return
    try:
        term: ox.NamedNode | ox.Literal = ox.NamedNode(value)
    except ValueError:
        term = ox.Literal(value)
    yield ox.Triple(node, ox.NamedNode(predicate), term)
