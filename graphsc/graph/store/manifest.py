"""What a version of a store says of itself: what it was made of and with, and the answers that its shapes gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.graph.dataset import Row, Term
from graphsc.graph.store import sealed
from graphsc.graph.store.sealed import Digests
from graphsc.sources.model import Parties
from graphsc.sources.terms import Concept


@dataclass(frozen=True, slots=True)
class Context:
    """The settings that the context of a graph depends on."""

    as_of: date
    parameters: Mapping[str, str]
    limits: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stored:
    """A source as it was loaded.

    ``stamp`` is the size and time of change of its file, where that tells that it is unchanged; ``triples`` is how many
    it says; ``told`` is false for a file that says nothing that we read; ``by_statement`` as of its
    positions, ``bases`` as of the source.
    """

    file: str
    suffix: str
    sha256: str
    stamp: tuple[int, int] | None
    parties: Parties = field(default_factory=Parties)
    told: bool = True
    triples: int = 0
    by_statement: bool = False
    bases: tuple[str, ...] = ()


@dataclass(slots=True)
class Manifest:
    """What a version was made of.

    ``knowledge`` is a digest of everything beside the sources that reading and judging depend on; ``later`` is what the
    sources say of things after the evaluation date; ``lost`` are quads whose literals the store holds otherwise than they
    were written, and ``kept`` those that it holds so for another reason too; ``digests`` are those of the version's other
    files and of the texts.
    """

    knowledge: str
    context: Context
    sources: list[Stored] = field(default_factory=list)
    concepts: list[Concept] = field(default_factory=list)
    same_legal_unit: dict[str, str] = field(default_factory=dict)
    later: set[ox.Quad] = field(default_factory=set)
    lost: list[ox.Quad] = field(default_factory=list)
    kept: list[ox.Quad] = field(default_factory=list)
    digests: Digests = field(default_factory=dict)


def write(folder: Path, manifest: Manifest) -> None:
    """Write what a version says of itself into its folder."""
    said: dict[str, Any] = {
        "knowledge": manifest.knowledge,
        "context": asdict(manifest.context) | {"as_of": manifest.context.as_of.isoformat()},
        "sources": [asdict(source) for source in manifest.sources],
        "concepts": [asdict(concept) for concept in manifest.concepts],
        "same_legal_unit": manifest.same_legal_unit,
        **{name: _quads_text(getattr(manifest, name)) for name in ("later", "lost", "kept")},
        "digests": dict(manifest.digests),
    }
    sealed.write(folder / "manifest.json", said)


def write_answers(folder: Path, answers: Mapping[str, list[Row]]) -> None:
    """Write the answers that the shapes of a version gave into its folder."""
    rows = {
        query: [{name: _cell(term) for name, term in row.items()} for row in solutions]
        for query, solutions in answers.items()
    }
    sealed.write(folder / "answers.json", rows)


def read(folder: Path) -> Manifest:
    """What a version says of itself. Raises Damaged."""
    said = sealed.read(folder / "manifest.json")
    context = said["context"]
    return Manifest(
        knowledge=said["knowledge"],
        context=Context(date.fromisoformat(context["as_of"]), context["parameters"], context["limits"]),
        sources=[_stored(source) for source in said["sources"]],
        concepts=[_concept(concept) for concept in said["concepts"]],
        same_legal_unit=said["same_legal_unit"],
        later=set(_quads(said["later"])),
        lost=_quads(said["lost"]),
        kept=_quads(said["kept"]),
        digests=said["digests"],
    )


def answers(folder: Path) -> dict[str, list[Row]]:
    """The answers that the shapes of a version gave. Raises Damaged."""
    said = sealed.read(folder / "answers.json")
    return {query: [{name: _term(cell) for name, cell in row.items()} for row in rows] for query, rows in said.items()}


def _stored(said: dict[str, Any]) -> Stored:
    parties = Parties(
        tuple((name, number, holder) for name, number, holder in said["parties"]["numbers"]),
        tuple(said["parties"]["units"]),
    )
    stamp = said["stamp"]
    return Stored(
        said["file"],
        said["suffix"],
        said["sha256"],
        (stamp[0], stamp[1]) if stamp else None,
        parties,
        said["told"],
        said["triples"],
        said["by_statement"],
        tuple(said.get("bases", ())),
    )


def _concept(said: dict[str, Any]) -> Concept:
    return Concept(said["iri"], Text(**said["label"]), tuple(said["schemes"]), tuple(said["words"]))


def _quads_text(quads: Iterable[ox.Quad]) -> str:
    return "".join(sorted(f"{quad} .\n" for quad in quads))


def _quads(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, ox.RdfFormat.N_QUADS))


def _cell(term: Term) -> list[str | None]:
    match term:
        case ox.NamedNode():
            return ["iri", term.value]
        case ox.BlankNode():
            return ["blank", term.value]
        case ox.Literal():
            return ["text", term.value, term.language, None if term.language else term.datatype.value]
        case _:
            return ["triple", str(term)]


def _term(cell: list[Any]) -> Term:
    match cell:
        case ["iri", value]:
            return ox.NamedNode(value)
        case ["blank", value]:
            return ox.BlankNode(value)
        case ["text", value, language, datatype]:
            if language:
                return ox.Literal(value, language=language)
            return ox.Literal(value, datatype=ox.NamedNode(datatype))
        case [_, value]:
            line = f"<urn:graphsc:row> <urn:graphsc:row> <<( {value} )>> ."
            term: Term = next(iter(ox.parse(line, ox.RdfFormat.N_TRIPLES))).object
            return term
        case _:
            raise ValueError(f"no term: {cell}")
