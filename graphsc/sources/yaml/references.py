"""Settles what single values in YAML refer to, once the nodes of every file are known."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import absolute, digest, is_absolute, minted
from graphsc.core.problems import Cell
from graphsc.core.text import Text
from graphsc.sources.reporting import quoted
from graphsc.sources.terms import Class, Property
from graphsc.sources.tree import Scalar
from graphsc.sources.values import duration_fault, likely, literal
from graphsc.sources.workbook.names import spelling
from graphsc.sources.yaml.names import KeyMinter
from graphsc.sources.yaml.reader import YamlReading
from graphsc.sources.yaml.statements import Added, Pending


def settle(reading: YamlReading, classes_of: Mapping[str, frozenset[str]]) -> None:
    """Settle what each single value of an object property means, after every node has been read.

    ``classes_of`` gives the classes of every node of every source.
    """
    _leave_out_other_spellings(reading, classes_of)
    while reading.pending:
        waiting, reading.pending = reading.pending, []
        for pending in waiting:
            _settle(reading, pending, classes_of)


def _leave_out_other_spellings(reading: YamlReading, classes_of: Mapping[str, frozenset[str]]) -> None:
    """Drop things that are only named, if another file describes one of the same class under another spelling."""
    if not reading.added:
        return
    classes = {added.cls for added in reading.added.values()}
    described = {(spelling(iri), cls) for iri, some in classes_of.items() for cls in classes & some}
    reading.added = {
        whole: added
        for whole, added in reading.added.items()
        if added.iri in classes_of or described.isdisjoint((spelling(iri), added.cls) for iri in (whole, added.iri))
    }


def _settle(reading: YamlReading, pending: Pending, classes_of: Mapping[str, frozenset[str]]) -> None:
    scalar, prop = pending.scalar, pending.prop
    if prop.schemes:
        target = _concept(reading, pending, classes_of)
        if target is not None:
            reading.state(pending.subject, prop.iri, NamedNode(target), scalar.place)
        return
    text = scalar.text.strip()
    if prop.namespace is not None:
        code = Scalar(reading.terms.codes.get(text, text), scalar.place)
        iri = reading.iri(code, prop.namespace, refers=True)
        if iri is not None:
            reading.state(pending.subject, prop.iri, NamedNode(iri), scalar.place)
        return
    whole = absolute(text, pending.base)
    added = reading.added.get(whole)
    if added is not None and whole not in classes_of:
        _add(reading, added, classes_of)
        reading.link(pending.subject, prop, added.iri, scalar.place)
        return
    cls = reading.terms.classes.get(prop.range or "")
    fits = whole in classes_of and (
        cls is None or cls.shorthand is None or any(reading.terms.is_a(k, cls.iri) for k in classes_of[whole])
    )
    shorthand = reading.terms.properties.get(cls.shorthand or "") if cls is not None else None
    if not fits and cls is not None and shorthand is not None:
        _write_out(reading, pending, cls, shorthand)
        return
    iri = reading.iri(scalar, pending.base, refers=True)
    if iri is not None:
        reading.link(pending.subject, prop, iri, scalar.place)


def _add(reading: YamlReading, added: Added, classes_of: Mapping[str, frozenset[str]]) -> None:
    """Make the statements of a thing that is only named, unless a file describes it."""
    if added.iri not in classes_of:
        reading.places.node(added.iri, added.name.place)
        reading.type(added.iri, added.cls, added.name.place)
        reading.state(added.iri, v.RDFS_LABEL, Literal(added.name.text), added.name.place)


def _write_out(reading: YamlReading, pending: Pending, cls: Class, shorthand: Property) -> None:
    """Make the node for a shorthand value, unless the value is not of the shorthand's type."""
    key = digest((shorthand.iri, *KeyMinter(reading.terms, pending.base).content(pending.scalar, cls.iri, shorthand)))
    iri = minted(pending.subject, pending.prop.iri, key)
    if shorthand.literal and literal(pending.scalar.text, shorthand.range, shorthand.unit)[1] is not None:
        reading.literal(iri, shorthand, pending.scalar)
        return
    reading.parents.setdefault(iri, (pending.subject, pending.prop.iri))
    reading.places.node(iri, pending.scalar.place)
    reading.type(iri, cls.iri, pending.scalar.place)
    reading.link(pending.subject, pending.prop, iri, pending.scalar.place)
    reading.property(iri, shorthand, pending.key, pending.scalar, pending.base)


def _concept(reading: YamlReading, pending: Pending, classes_of: Mapping[str, frozenset[str]]) -> str | None:
    text, schemes = pending.scalar.text.strip(), pending.prop.schemes
    classes = classes_of.get(pending.subject, ())
    if v.PERIOD_SCHEME in schemes:
        written = text.removeprefix(v.PERIOD)
        return None if reading.report.fault(duration_fault(written), pending.scalar.place) else v.PERIOD + written
    named = reading.terms.concept(text, schemes, classes)
    if named is not None:
        return named
    whole = absolute(text, pending.base)
    if v.SKOS_CONCEPT in classes_of.get(whole, ()):
        return whole
    if is_absolute(text):
        return reading.iri(pending.scalar, pending.base)
    home = reading.terms.home_of(text, schemes)
    if isinstance(pending.scalar.place, Cell) and not pending.prop.functional:
        parts = text.split(",")
        if len(parts) > 1 and any(reading.terms.concept(part.strip(), schemes, classes) for part in parts):
            reading.report.add(
                "unknown-concept", f"{quoted(text)} er ikke én kendt værdi. Er det flere, så del med semikolon.",
                f"{quoted(text)} is no single known value. If these are several, put semicolons between.", pending.scalar.place,
            )  # fmt: skip
            return None
    meant = likely(text, schemes, reading.terms, reading.report, classes)
    da, en = reading.terms.values_of(schemes, classes, near=meant is not None)
    of = Text(f"en kendt værdi for {quoted(pending.key)}", f"a known value of {quoted(pending.key)}")
    but = Text("men for", "but of")
    if isinstance(pending.scalar.place, Cell):  # its heading may be another word
        of, but = Text("på kolonnens liste", "on the list of its column"), Text("men hører til", "but belongs to")
    reading.report.add(
        "unknown-concept",
        f"{quoted(text)} er ikke {of.da}{da}{f', {but.da} {home.da}' if home else ''}.",
        f"{quoted(text)} is not {of.en}{en}{f', {but.en} {home.en}' if home else ''}.",
        pending.scalar.place,
        meant,
    )
    return None
