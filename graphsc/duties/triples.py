"""Findings and duties as facts of the graph, so that a question in SPARQL can ask for them.

A duty's next day takes date arithmetic, and a finding the judging of every rule: both are beyond SPARQL 1.1. They are
written for the questions that ask for them alone, since one node for each is more than most graphs need.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from graphsc.core.vocabulary import RDF_TYPE, ROOT, SHACL, XSD_DATE, G
from graphsc.duties.duties import Duty
from graphsc.validation import Report, Rule


def findings(report: Report, rules: Mapping[str, Rule]) -> Iterator[ox.Triple]:
    """What was found, as SHACL's results: focus node, value, severity; the rule; and the acceptance or register, if any."""
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
    """Each duty with its rule, subject, kind of evidence, bearer, state and, where it has one, day."""
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
    """A triple to an IRI; a text, which a finding's value may be, becomes a literal; none for nothing."""
    if value is None:
        return
    try:
        term: ox.NamedNode | ox.Literal = ox.NamedNode(value)
    except ValueError:
        term = ox.Literal(value)
    yield ox.Triple(node, ox.NamedNode(predicate), term)
