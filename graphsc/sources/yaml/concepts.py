"""Concepts that an organisation adds to the lists, written in YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import is_absolute
from graphsc.sources.reporting import quoted
from graphsc.sources.terms import normal
from graphsc.sources.tree import Mapping, Node, Scalar, Sequence
from graphsc.sources.yaml.statements import ID_KEYS, NAME_KEYS, SCHEME_KEYS

if TYPE_CHECKING:
    from graphsc.sources.yaml.reader import YamlReading


def own_concepts(reading: YamlReading, value: Node, base: str) -> None:
    """Read the concepts under ``begreber``: each with an id, the list it joins and a name."""
    items: list[tuple[Scalar | None, Node]] = []
    if isinstance(value, Mapping):
        items.extend(value.entries)
    elif isinstance(value, Sequence):
        items.extend((None, item) for item in value.items)
    elif not value.empty:
        items.append((None, value))
    for key, inner in items:
        if isinstance(inner, Mapping):
            _concept(reading, key, inner, base)
        else:
            reading.not_a_mapping(inner.place)


def _concept(reading: YamlReading, key: Scalar | None, mapping: Mapping, base: str) -> None:
    fields = {normal(name.text): entry for name, entry in mapping.entries}
    id_ = key or fields.get("id")
    scheme = next((fields[name] for name in sorted(SCHEME_KEYS) if name in fields), None)
    if not isinstance(id_, Scalar) or not isinstance(scheme, Scalar):
        reading.report.add(
            "missing-id", "Et begreb skal have et id og en liste, fx »liste: activity«.",
            "A concept must have an id and a scheme, such as “scheme: activity”.", mapping.place,
        )  # fmt: skip
        return
    iri, target = reading.iri(id_, base), _scheme(reading, scheme)
    if iri is None or target is None:
        return
    reading.places.node(iri, id_.place)
    reading.state(iri, v.RDF_TYPE, NamedNode(v.SKOS_CONCEPT), id_.place)
    reading.state(iri, v.SKOS_IN_SCHEME, NamedNode(target), scheme.place)
    for name, entry in mapping.entries:
        if normal(name.text) in NAME_KEYS:
            reading.name(iri, v.SKOS_PREF_LABEL, name, entry)
        elif normal(name.text) not in SCHEME_KEYS | ID_KEYS:
            reading.unknown_key(name, None)


def _scheme(reading: YamlReading, scheme: Scalar) -> str | None:
    """The IRI of a list; None, and a problem, when there is none of that name."""
    target = scheme.text if is_absolute(scheme.text) else v.SCHEME + scheme.text
    known = {s for concept in reading.terms.concepts.values() for s in concept.schemes}
    if target in known:
        return target
    reading.report.add(
        "unknown-concept", f"Der er ingen liste ved navn {quoted(scheme.text)}.",
        f"There is no scheme named {quoted(scheme.text)}.", scheme.place,
        reading.report.closest(scheme.text, {v.local_name(s) for s in known}),
    )  # fmt: skip
    return None
