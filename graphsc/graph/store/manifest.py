"""What a version of a store says of itself: what it was made of and with, and what was worked out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graphsc.core.location import Location
from graphsc.core.text import Text
from graphsc.graph.dataset import Row, Term
from graphsc.graph.store import sealed
from graphsc.graph.store.sealed import Digests
from graphsc.sources.model import PlaceKey
from graphsc.sources.terms import Concept

_LINE = "<urn:x> <urn:x> {} .\n"


@dataclass(frozen=True, slots=True)
class Stored:
    """A source as it was loaded; ``sha256`` is that of its bytes, ``bases`` and ``words`` are as of the source."""

    file: str
    sha256: str
    bases: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Manifest:
    """What a version was made of, and what a reader need not work out again.

    ``made_with`` is a digest of everything beside the sources that reading and judging depend on; ``places`` are those that
    findings name; ``answers`` are the rows of the queries that judge, by their text; ``later`` is what the sources say of
    things after the evaluation date; ``unread`` are the files of the folders whose format nobody reads; ``lost`` are quads whose literals the store holds otherwise than they were written,
    and ``kept`` those that it holds so for another reason too. ``version`` is the name of the version's folder, and
    ``digests`` are those of the files in it.
    """

    made_with: str
    sources: list[Stored] = field(default_factory=list)
    concepts: list[Concept] = field(default_factory=list)
    places: Mapping[PlaceKey, Location | None] = field(default_factory=dict)
    answers: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    later: set[ox.Quad] = field(default_factory=set)
    lost: list[ox.Quad] = field(default_factory=list)
    kept: list[ox.Quad] = field(default_factory=list)
    unread: tuple[str, ...] = ()
    version: str = ""
    digests: Digests = field(default_factory=dict)


def write(path: Path, manifest: Manifest) -> None:
    """Write what a version says of itself. Raises OSError."""
    terms: dict[Term, int] = {}
    answers = {
        query: [{name: terms.setdefault(term, len(terms)) for name, term in row.items()} for row in rows]
        for query, rows in manifest.answers.items()
    }
    document: dict[str, Any] = {
        "version": manifest.version,
        "made_with": manifest.made_with,
        "sources": [asdict(source) for source in manifest.sources],
        "concepts": [asdict(concept) for concept in manifest.concepts],
        "places": [[*key, place and astuple(place)] for key, place in manifest.places.items()],
        "unread": manifest.unread,
        "answers": answers,
        "terms": "".join(map(_LINE.format, terms)),
        **{name: _text(getattr(manifest, name)) for name in ("later", "lost", "kept")},
        "digests": dict(manifest.digests),
    }
    sealed.write(path, document)


def read(path: Path) -> Manifest:
    """What a version says of itself. Raises Damaged, NotAStore and OSError."""
    document = sealed.read(path)
    terms = [quad.object for quad in _quads(document["terms"])]
    return Manifest(
        made_with=document["made_with"],
        sources=[_stored(**source) for source in document["sources"]],
        concepts=[_concept(**concept) for concept in document["concepts"]],
        places={
            (node, predicate, value): None if place is None else Location(*place)
            for node, predicate, value, place in document["places"]
        },
        answers={
            query: [{name: terms[place] for name, place in row.items()} for row in rows]
            for query, rows in document["answers"].items()
        },
        later=set(_quads(document["later"])),
        lost=_quads(document["lost"]),
        kept=_quads(document["kept"]),
        unread=tuple(document["unread"]),
        version=document["version"],
        digests=document["digests"],
    )


def _stored(file: str, sha256: str, bases: list[str], words: dict[str, list[str]]) -> Stored:
    return Stored(file, sha256, tuple(bases), {iri: tuple(some) for iri, some in words.items()})


def _concept(iri: str, label: dict[str, str], **lists: list[str]) -> Concept:
    return Concept(iri, Text(**label), **{name: tuple(some) for name, some in lists.items()})


def _text(quads: Iterable[ox.Quad]) -> str:
    return "".join(sorted(f"{quad} .\n" for quad in quads))


def _quads(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, ox.RdfFormat.N_QUADS, lenient=True))
