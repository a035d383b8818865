"""OCDS documents as trees: values at a path, and the merging of releases."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from graphsc.core.identifiers import digest
from graphsc.sources.tree import Kind, Mapping, Node, Scalar, Sequence


def part(text: str) -> str:
    """A text as one segment of an IRI."""
    return quote(text, safe="")


def text_of(node: Node | None, *path: str) -> Scalar | None:
    """The text at a path of keys; None where there is none or it is blank."""
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node if isinstance(node, Scalar) and not node.empty else None


def text_at(node: Node | None, *path: str) -> str:
    """The text at a path of keys, or an empty one."""
    scalar = text_of(node, *path)
    return scalar.text if scalar is not None else ""


def child(node: Node | None, key: str) -> Mapping | None:
    """The object under a key, or None."""
    scalar = node.get(key) if isinstance(node, Mapping) else None
    return scalar if isinstance(scalar, Mapping) else None


def children(node: Node | None, key: str) -> list[Mapping]:
    """The objects in the array under a key."""
    scalar = node.get(key) if isinstance(node, Mapping) else None
    return [item for item in scalar.items if isinstance(item, Mapping)] if isinstance(scalar, Sequence) else []


def texts(node: Node | None, key: str) -> set[str]:
    """The texts in the array under a key, or the single text there."""
    scalar = node.get(key) if isinstance(node, Mapping) else None
    items = scalar.items if isinstance(scalar, Sequence) else [scalar]
    return {item.text for item in items if isinstance(item, Scalar)}


def merged(earlier: Mapping, later: Mapping) -> Mapping:
    """An object merged with that of a later release: by key, and in arrays by id; null removes."""
    fields: dict[str, tuple[Scalar, Node]] = {key.text: (key, value) for key, value in earlier.entries}
    for key, value in later.entries:
        before = fields.get(key.text)
        if isinstance(value, Scalar) and value.kind is Kind.NULL:
            fields.pop(key.text, None)
        elif before is not None and isinstance(before[1], Mapping) and isinstance(value, Mapping):
            fields[key.text] = (key, merged(before[1], value))
        elif before is not None and isinstance(before[1], Sequence) and isinstance(value, Sequence):
            fields[key.text] = (key, _merged_arrays(before[1], value))
        else:
            fields[key.text] = (key, value)
    return Mapping(earlier.place, list(fields.values()))


def _merged_arrays(earlier: Sequence, later: Sequence) -> Sequence:
    ids = [text_of(item, "id") for item in (*earlier.items, *later.items)]
    if any(identifier is None for identifier in ids):
        return later
    by_id: dict[str, Node] = {}
    for item in (*earlier.items, *later.items):
        name = text_of(item, "id")
        before = by_id.get(name.text) if name is not None else None
        if name is not None:
            by_id[name.text] = (
                merged(before, item) if isinstance(before, Mapping) and isinstance(item, Mapping) else item
            )
    return Sequence(later.place, list(by_id.values()))


def related(holder: Mapping, relationship: str) -> Iterator[tuple[Scalar, Mapping]]:
    """The processes that a release or contract names with a relationship: their ocid, and where they are named."""
    for related in children(holder, "relatedProcesses"):
        name, scheme = text_of(related, "identifier"), text_of(related, "scheme")
        if (
            relationship in texts(related, "relationship")
            and name is not None
            and (scheme is None or scheme.text == "ocid")
        ):
            yield name, related


def agreement_iri(ocid: str, kind: str, node: Mapping) -> str:
    """The IRI of a contract or award within its process."""
    name = text_of(node, "id")
    return f"urn:graphsc:ocds:{part(ocid)}/{kind}/{part(name.text) if name is not None else digest([str(node.place)])}"
