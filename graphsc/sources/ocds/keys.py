"""The keys that are read of OCDS: a slip in one of them is told, while extensions may add whatever other key they like."""

from __future__ import annotations

import difflib
import re

from graphsc.core.text import Text
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.tree import Mapping, Scalar, Sequence

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
