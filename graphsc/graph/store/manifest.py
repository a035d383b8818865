"""The manifest of a version of a store: its sources, the program and settings, and its results."""

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
    """A source as it was loaded; ``sha256`` is of its bytes, ``bases`` and ``words`` are those of `Source`."""

    file: str
    sha256: str
    bases: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Manifest:
    """The sources of a version, and the results that a reader need not compute again.

    - ``made_with``: a digest of everything beside the sources that reading and judging depend on.
    - ``places``: the locations that findings name.
    - ``answers``: the rows of the queries of rules, by their text.
    - ``later``: what the sources say of things after the evaluation date.
    - ``unread``: files of the folders in a format that is not read.
    - ``lost``, ``kept``: what `WrittenForms.restore` takes.
    - ``version``: the name of the version's folder; ``digests``: those of the files in it.
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
    """Write a manifest. Raises OSError."""
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
    """Read a manifest. Raises Damaged, NotAStore and OSError."""
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
            query: [{name: terms[index] for name, index in row.items()} for row in rows]
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
    return Stored(file, sha256, tuple(bases), {iri: tuple(names) for iri, names in words.items()})


def _concept(iri: str, label: dict[str, str], **lists: list[str]) -> Concept:
    return Concept(iri, Text(**label), **{name: tuple(items) for name, items in lists.items()})


def _text(quads: Iterable[ox.Quad]) -> str:
    return "".join(sorted(f"{quad} .\n" for quad in quads))


def _quads(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, ox.RdfFormat.N_QUADS, lenient=True))
