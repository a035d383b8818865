"""YAML text as trees: types are not guessed, aliases not followed, and anything unusual is reported."""

from __future__ import annotations

import re
from typing import Any

from graphsc.sources.model import Lines, Place
from graphsc.sources.reporting import Reporter, quoted
from graphsc.sources.tree import DEPTH_LIMIT, Kind, Mapping, Node, Scalar, Sequence

SIZE_LIMIT = 32 * 1024 * 1024
"""The most characters in a YAML file."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _place(event: Any) -> Place:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


# The commonest messages of the YAML parser in Danish; others are quoted as they are.
_CAUSES = {
    "mapping values are not allowed": "et kolon står, hvor der ikke kan begynde en nøgle",
    "found character that cannot start any token": "et tegn (måske et tabulatortegn) kan ikke stå først her",
    "did not find expected key": "her ventes en nøgle",
    "did not find expected '-' indicator": "her ventes en bindestreg",
    "did not find expected node content": "her ventes en værdi",
    "did not find expected ',' or ']'": "her ventes komma eller ]",
    "did not find expected ',' or '}'": "her ventes komma eller }",
    "found unexpected end of stream": "filen slutter midt i en tekst i citationstegn",
    "could not find expected ':'": "her mangler et kolon",
    "found duplicate anchor": "et anker står to gange",
}


class _Builder:
    """Builds trees from events, with a stack instead of recursion."""

    def __init__(self, report: Reporter) -> None:
        self.report = report
        self.documents: list[Node] = []
        # Each open collection, the key that waits for its value, and the keys seen so far.
        self.stack: list[tuple[Mapping | Sequence, list[Scalar | None], dict[str, Place]]] = []

    def add(self, node: Node) -> None:
        """Add a finished scalar, or a collection that has just been opened, to its parent."""
        if not self.stack:
            self.documents.append(node)
            return
        owner, waiting, seen = self.stack[-1]
        if isinstance(owner, Sequence):
            owner.items.append(node)
        elif waiting:
            key = waiting.pop()
            if key is not None:
                owner.entries.append((key, node))
        else:
            waiting.append(self._key(node, seen))

    def _key(self, node: Node, seen: dict[str, Place]) -> Scalar | None:
        if not isinstance(node, Scalar):
            self.report.add(
                "bad-key", "En nøgle skal være et ord, ikke en liste eller en samling.",
                "A key must be a word, not a list or a mapping.", node.place,
            )  # fmt: skip
            return None
        if node.text == "<<" and node.kind is Kind.PLAIN:
            self._refuse_alias(node.place)
            return None
        if node.text in seen:
            self.report.duplicate_key(node.text, seen[node.text], node.place)
            return None
        seen[node.text] = node.place
        return node

    def _refuse_alias(self, place: Place) -> None:
        self.report.add(
            "yaml-alias",
            "Ankre (&), henvisninger (*) og fletning (<<) bruges ikke her: Skriv tingens id, og henvis til det.",
            "Anchors (&), aliases (*) and merges (<<) are not used here: write the thing's id and refer to it.", place,
        )  # fmt: skip

    def open(self, node: Mapping | Sequence) -> bool:
        """Begin a collection; False when it is nested too deep."""
        if len(self.stack) >= DEPTH_LIMIT:
            self.report.too_deep(DEPTH_LIMIT, node.place)
            return False
        self.add(node)
        self.stack.append((node, [], {}))
        return True

    def take(self, event: Any) -> bool:
        """Process one event; False when the rest of the file cannot be read."""
        import yaml

        if isinstance(event, yaml.AliasEvent):
            self._refuse_alias(_place(event))
            self.add(Scalar("", _place(event), Kind.NULL))
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                self._refuse_alias(_place(event))
            tag = getattr(event, "tag", None)
            if tag is not None and tag != "!":
                self.report.add(
                    "yaml-tag", f"Mærket {quoted(str(tag))} bruges ikke her; værdien læses som tekst.",
                    f"The tag {quoted(str(tag))} is not used here; the value is read as text.", _place(event),
                )  # fmt: skip
            if isinstance(event, yaml.ScalarEvent):
                kind = Kind.PLAIN if event.style in (None, "") else Kind.STRING
                self.add(Scalar(event.value, _place(event), kind))
            elif isinstance(event, yaml.MappingStartEvent):
                return self.open(Mapping(_place(event)))
            else:
                return self.open(Sequence(_place(event)))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        return True


def read_yaml(text: str, report: Reporter) -> tuple[list[Node], bool]:
    """The documents of a YAML text, and whether the whole of it could be read.

    After a syntax error the part before it is kept. Anchors, aliases, merge keys, tags, duplicate keys
    and collections as keys are reported.
    """
    import yaml

    if len(text) > SIZE_LIMIT:
        limit = SIZE_LIMIT // 1024 // 1024
        report.add("too-large", f"Filen er større end {limit} MB.", f"The file is larger than {limit} MB.")
        return [], False
    odd = _UNPRINTABLE.search(text)
    if odd is not None:
        report.add(
            "bad-character", f"Tegnet {quoted(odd[0])} må ikke stå i en YAML-fil.",
            f"The character {quoted(odd[0])} may not stand in a YAML file.", Lines(text).place(odd.start()),
        )  # fmt: skip
        return [], False
    builder = _Builder(report)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if not builder.take(event):
                return builder.documents, False
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = None if mark is None else (mark.line + 1, mark.column + 1)
        cause = error.problem or error.context or ""
        danish = next((text for english, text in _CAUSES.items() if cause.startswith(english)), cause)
        report.add(
            "syntax", f"YAML-filen kan ikke læses herfra: {quoted(danish)}. Se efter indrykning, kolon og citationstegn.",
            f"The YAML cannot be read from here: {quoted(cause)}. Check indentation, colons and quotes.", place,
        )  # fmt: skip
        return builder.documents, False
    except yaml.YAMLError as error:
        report.add(
            "syntax",
            f"YAML-filen kan ikke læses: {quoted(str(error))}.",
            f"The YAML cannot be read: {quoted(str(error))}.",
        )
        return builder.documents, False
    return builder.documents, True
