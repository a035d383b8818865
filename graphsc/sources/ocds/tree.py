"""OCDS documents as trees: values at a path, the merging of releases, and slips in the keys that are read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from urllib.parse import quote

from graphsc.core.identifiers import digest
from graphsc.core.text import Text
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.tree import Kind, Mapping, Node, Scalar, Sequence

PREFIX = "urn:graphsc:ocds:"


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
    by_id: dict[str, Node] = {}
    for item in (*earlier.items, *later.items):
        name = text_of(item, "id")
        if name is None or not isinstance(item, Mapping):  # only an object has an id
            return later
        before = by_id.get(name.text)
        by_id[name.text] = merged(before, item) if isinstance(before, Mapping) else item
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
    return f"{PREFIX}{part(ocid)}/{kind}/{part(name.text) if name is not None else digest([str(node.place)])}"


Shape = dict[str, "Value"]
Value = Shape | list[Shape] | None
"""What stands under a key: an object, objects in an array, or else a text or several."""

_ALONE = frozenset({"releases", "records", "suppliers", "supplier"})
"""The keys of arrays under which a single object is read too."""

_ALIKE = 0.8
"""How similar, from 0 to 1, a key must be to one that is read; ``relatedLots`` is to ``relatedBids`` by 0.73."""
_SHORTEST = 4
"""The fewest letters of a key in which a slip is looked for, capitals and hyphens aside."""
_BETWEEN = re.compile(r"[\W_]+")

_PERIOD: Shape = dict.fromkeys(("startDate", "endDate"))
_IDENTIFIER: Shape = dict.fromkeys(("scheme", "id", "legalName"))
_ORGANISATION: Shape = {
    **dict.fromkeys(("id", "name", "roles")), "identifier": _IDENTIFIER, "additionalIdentifiers": [_IDENTIFIER],
    "address": dict.fromkeys(("country", "countryCode", "countryName")),
}  # fmt: skip
_RELATED: Shape = dict.fromkeys(("relationship", "identifier", "scheme", "title"))
_SUBCONTRACTING: Shape = {
    "subcontracts": [{"subcontractor": _ORGANISATION, "subcontractors": [_ORGANISATION]}],
}  # fmt: skip
_TECHNIQUES: Shape = {"hasFrameworkAgreement": None, "frameworkAgreement": {}}
_AGREED: Shape = {
    **dict.fromkeys(("id", "title", "status", "relatedBids")), "suppliers": [_ORGANISATION], "supplier": [_ORGANISATION],
    "contractPeriod": _PERIOD, "subcontracting": _SUBCONTRACTING,
}  # fmt: skip
_RELEASE: Shape = {
    **dict.fromkeys(("ocid", "date")), "parties": [_ORGANISATION], "buyer": _ORGANISATION, "relatedProcesses": [_RELATED],
    "tender": {
        "title": None, "procuringEntity": _ORGANISATION, "contractPeriod": _PERIOD, "techniques": _TECHNIQUES,
        "lots": [{"techniques": _TECHNIQUES}],
    },
    "bids": {"details": [{"id": None, "subcontracting": _SUBCONTRACTING}]},
    "awards": [_AGREED],
    "contracts": [
        _AGREED | {"awardID": None, "dateSigned": None, "period": _PERIOD, "buyers": [_ORGANISATION], "relatedProcesses": [_RELATED]}
    ],
}  # fmt: skip
_RECORD: Shape = {"ocid": None, "compiledRelease": _RELEASE, "releases": [_RELEASE]}
_DOCUMENT: Shape = {**_RELEASE, **_RECORD, "records": [_RECORD]}


def check_keys(root: Mapping, report: Reporter) -> None:
    """Report the keys of a document that are a slip for one that is read, and what stands under a key and is of no use there."""
    _check(root, _DOCUMENT, report)


def _check(node: Mapping, shape: Shape, report: Reporter) -> None:
    for key, value in node.entries:
        if key.text not in shape:
            meant = _meant(key.text, shape)
            if meant is not None and node.get(meant) is None:
                report.add(
                    "unknown-key", f"Nøglen {quoted(key.text)} er ukendt.", f"The key {quoted(key.text)} is unknown.",
                    key.place, meant,
                )  # fmt: skip
            continue
        expected = shape[key.text]
        inner = expected[0] if isinstance(expected, list) else expected
        listed = isinstance(value, Sequence) and not isinstance(expected, dict)
        for item in value.items if isinstance(value, Sequence) and listed else [value]:
            if isinstance(item, Scalar) and (inner is None or item.empty):
                continue
            if inner is None:
                report.add("wrong-type", "Her ventes en enkelt værdi.", "A single value is expected here.", item.place)
            elif not isinstance(item, Mapping) or (
                isinstance(expected, list) and not listed and key.text not in _ALONE
            ):
                what = (
                    Text("et objekt", "an object")
                    if isinstance(expected, dict)
                    else Text("objekter i en liste", "objects in an array")
                )
                name = quoted(key.text)
                report.add("wrong-type", f"I {name} ventes {what.da}.", f"Expected in {name}: {what.en}.", item.place)
            else:
                _check(item, inner, report)


def _meant(key: str, shape: Shape) -> str | None:
    """The key that is read and that this one is a slip for."""
    by_letters = {_letters(known): known for known in shape}
    word = _letters(key)
    near = difflib.get_close_matches(word, by_letters, n=1, cutoff=_ALIKE) if len(word) >= _SHORTEST else []
    alike = next((other for other in near if abs(len(other) - len(word)) <= 1), None)
    return by_letters.get(word) or (by_letters[alike] if alike is not None else None)


def _letters(key: str) -> str:
    return _BETWEEN.sub("", key).casefold()
