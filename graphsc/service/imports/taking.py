"""Files of another system read by a mapping, united with the register, and compared with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import NamedNode

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import DEFAULT_BASE
from graphsc.core.settings import Settings
from graphsc.graph.differences import Merged, Taken, fact, names
from graphsc.service.imports.alike import alike
from graphsc.service.imports.difference import differences, facts, overruled, single
from graphsc.service.imports.provenance import imported, is_mark, mark
from graphsc.sources import own_knowledge, read
from graphsc.sources.legal_units import parties, same_legal_unit, unite
from graphsc.sources.mapped.reader import FATAL, UnreadableError, load_mapping, read_all
from graphsc.sources.model import Source, Sources
from graphsc.sources.terms import load


def take(
    files: Sequence[Path],
    mapping: str | Path,
    register: Sequence[Path],
    settings: Settings,
    output: Path | None = None,
) -> Taken:
    """Read files by a mapping and compare them with a register, of which ``output`` is what an earlier import wrote.

    FileNotFoundError when there is no such mapping; UnreadableError when the mapping or a file is wrong, the files contradict
    themselves, nothing in them is read, or the register cannot be read.
    """
    own = own_knowledge.read(settings.knowledge)
    terms = load(own.triples)
    chosen = load_mapping(mapping, terms)
    ours = (
        read(register, base=settings.base, additions=own.triples, ignored=settings.ignore_files)
        if register
        else Sources([], [])
    )
    if ours.problems:
        raise UnreadableError(ours.problems)
    base = settings.base if settings.base != DEFAULT_BASE else ours.base or settings.base
    mapped = read_all(files, chosen, base=base)
    if mapped.fatal:
        raise UnreadableError(mapped.fatal)
    sources = mapped.sources.sources
    if not any(source.quads for source in sources):
        raise UnreadableError(mapped.unrecognised or mapped.sources.problems)
    name = mapping.stem if isinstance(mapping, Path) else mapping
    earlier = [source for source in ours.sources if _is_earlier(source, name, sources, output)]
    held = [source for source in ours.sources if source not in earlier]
    merged = _merge(sources, held, mapped.sources.same_legal_unit)
    counts = Counter(_classes(sources).values())
    problems = [p for p in mapped.sources.problems if p.code not in FATAL]
    stated, kept = _facts(sources), _facts(held)
    single_valued = single(terms)
    against = overruled(stated, kept, single_valued)
    quads = [q for source in sources for q in [*source.quads, *mark(source, name, settings.as_of, base)]]
    before = _facts(earlier)
    return Taken(
        name,
        chosen.title,
        tuple(source.file for source in sources),
        tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        (*mapped.unrecognised, *problems),
        tuple(mapped.unread),
        merged,
        tuple(alike([q for s in sources for q in s.quads], [q for s in held for q in s.asserted()])),
        tuple(differences(stated, kept, before, single_valued)) if register else None,
        names(quad for source in (*ours.sources, *sources) for quad in source.statements(v.RDFS_LABEL)),
        tuple(quad for quad in quads if fact(quad) not in against),
        base,
    )


def _facts(sources: Sequence[Source]) -> set[tuple[str, str, str]]:
    return facts(quad for source in sources for quad in source.asserted())


def _is_earlier(source: Source, name: str, sources: Sequence[Source], output: Path | None) -> bool:
    """Whether a file of the register was written by an earlier import of what is imported now."""
    if output is not None and output.exists():
        return Path(source.file).exists() and Path(source.file).samefile(output)
    known = imported(source.asserted())
    return any((name, Path(imported_source.file).name) in known for imported_source in sources)


def _classes(sources: Sequence[Source]) -> dict[str, str]:
    """The class of each imported thing."""
    return {
        str(quad.subject): quad.object.value
        for source in sources
        for quad in source.statements(v.RDF_TYPE)
        if isinstance(quad.object, NamedNode) and not is_mark(quad)
    }


def _merge(sources: list[Source], held: Sequence[Source], within: dict[str, str]) -> tuple[Merged, ...]:
    """Make imported organisations with the company number of another one; the register's id is the one that is kept."""
    known = [parties(source) for source in held]
    theirs = {holder for party in known for _, _, holder in party.numbers}
    groups: dict[str, set[str]] = {}
    for iri, leader in same_legal_unit([*known, *map(parties, sources)]).items():
        groups.setdefault(leader, {leader}).add(iri)
    replaced: dict[str, str] = {}
    for group in groups.values():
        kept = min(group & theirs or group)
        replaced |= {iri: kept for iri in group - theirs if iri != kept}
    unite(sources, replaced)
    return tuple(Merged(iri, replaced.get(kept, kept)) for iri, kept in sorted({**within, **replaced}.items()))
