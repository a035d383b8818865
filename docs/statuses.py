"""How settled each term is, kept in ``ontology/publication/status.ttl``: what is new there begins as testing."""

from __future__ import annotations

import re
from pathlib import Path

from terms import read, short

from graphsc.core.vocabulary import G

FILE = Path(__file__).parents[1] / "ontology" / "publication" / "status.ttl"
_LINE = re.compile(r"^(g:\S+) vs:term_status ", re.MULTILINE)


def current(text: str, terms: set[str]) -> str:
    """The file with a line for each term, in order; what it says of those that are there stays, the rest goes."""
    head, lines = [], {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            head.append(line)
        elif match[1] in terms:
            lines[match[1]] = line
    for term in terms - lines.keys():
        lines[term] = f'{term} vs:term_status "testing" .'
    return "\n".join([*head, *(line for _, line in sorted(lines.items()))]) + "\n"


def terms() -> set[str]:
    """The terms of the ontology, as the file writes them."""
    return {short(iri) for iri in read(FILE.parents[1]).terms if iri.startswith(G)}


def update() -> None:
    """Bring the file up to date."""
    FILE.write_text(current(FILE.read_text(encoding="utf-8"), terms()), encoding="utf-8", newline="\n")
