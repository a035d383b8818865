"""What single values in YAML refer to, once the nodes of every file are known."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import absolute, digest, is_absolute, minted
from graphsc.sources.reporting import quoted
from graphsc.sources.terms import Class, Property, normal
from graphsc.sources.values import duration_fault, literal
from graphsc.sources.yaml.names import Names
from graphsc.sources.yaml.reader import YamlReading
from graphsc.sources.yaml.statements import Pending


def settle(reading: YamlReading, known: Mapping[str, set[str]]) -> None:
    """Decide what each single value of an object property means, now that every node is known.

    ``known`` leads from the IRI of every node of every source to its classes.
    """
    while reading.pending:
        waiting, reading.pending = reading.pending, []
        for one in waiting:
            _settle(reading, one, known)


def _settle(reading: YamlReading, one: Pending, known: Mapping[str, set[str]]) -> None:
    scalar, prop = one.scalar, one.prop
    if prop.schemes:
        target = _concept(reading, one, known)
        if target is not None:
            reading.state(one.subject, prop.iri, NamedNode(target), scalar.place)
        return
    text = scalar.text.strip()
    whole = absolute(text, one.base)
    cls = reading.terms.classes.get(prop.range or "")
    fits = whole in known and (
        cls is None or cls.shorthand is None or any(reading.terms.is_a(k, cls.iri) for k in known[whole])
    )
    shorthand = reading.terms.properties.get(cls.shorthand or "") if cls is not None else None
    if not fits and cls is not None and shorthand is not None:
        _write_out(reading, one, cls, shorthand)
        return
    iri = reading.iri(scalar, one.base)
    if iri is not None:
        reading.link(one.subject, prop, iri, scalar.place)


def _write_out(reading: YamlReading, one: Pending, cls: Class, shorthand: Property) -> None:
    """Make the node that a bare value stands for, unless the value is not of the shorthand's type."""
    key = digest((shorthand.iri, *Names(reading.terms, one.base).content(one.scalar, cls.iri, shorthand)))
    iri = minted(one.subject, one.prop.iri, key)
    if shorthand.literal and literal(one.scalar.text, shorthand.range)[1] is not None:
        reading.literal(iri, shorthand, one.scalar)
        return
    reading.parents.setdefault(iri, (one.subject, one.prop.iri))
    reading.places.node(iri, one.scalar.place)
    reading.type(iri, cls.iri, one.scalar.place)
    reading.link(one.subject, one.prop, iri, one.scalar.place)
    reading.property(iri, shorthand, one.scalar, one.base)


def _concept(reading: YamlReading, one: Pending, known: Mapping[str, set[str]]) -> str | None:
    text, schemes = one.scalar.text.strip(), one.prop.schemes
    classes = known.get(one.subject, set())
    if v.PERIOD_SCHEME in schemes:
        written = text.removeprefix(v.PERIOD)
        fault = duration_fault(written)
        if fault is None:
            return v.PERIOD + written
        reading.report.add(fault[0], fault[1].da, fault[1].en, one.scalar.place)
        return None
    named = reading.terms.concept(text, schemes, classes)
    if named is not None:
        return named
    whole = absolute(text, one.base)
    if v.SKOS_CONCEPT in known.get(whole, ()):
        return whole
    if is_absolute(text):
        return reading.iri(one.scalar, one.base)
    da, en = reading.terms.values_of(schemes, classes)
    home = reading.terms.home_of(text, schemes)
    reading.report.add(
        "unknown-concept",
        f"{quoted(text)} er ikke en kendt værdi for {one.prop.label.da}{da}{f', men for {home.da}' if home else ''}.",
        f"{quoted(text)} is not a known value of {one.prop.label.en}{en}{f', but of {home.en}' if home else ''}.",
        one.scalar.place,
        None if home else reading.report.closest(normal(text), reading.terms.words_of(schemes, classes)),
    )
    return None
