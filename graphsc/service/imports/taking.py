"""Reading files of another system by a mapping, and comparing them with the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from graphsc.core import vocabulary as v
from graphsc.core.identifiers import DEFAULT_BASE
from graphsc.core.settings import Settings
from graphsc.graph.differences import Difference, Fact, Kind, Merged, Taken, fact, names, values
from graphsc.service.imports.alike import alike
from graphsc.service.imports.provenance import imported, is_mark, mark
from graphsc.sources import own_knowledge, read
from graphsc.sources.across import company_numbers, same_legal_unit, unite
from graphsc.sources.mapped.reader import FATAL, UnreadableError, load_mapping, read_all
from graphsc.sources.model import Source, Sources
from graphsc.sources.terms import Terms, load
from graphsc.sources.values import IDENTIFIERS


def take(
    files: Sequence[Path],
    mapping: str | Path,
    register: Sequence[Path],
    settings: Settings,
    output: Path | None = None,
) -> Taken:
    """Read files by a mapping and compare them with a register, in which ``output`` is the file of an earlier import.

    FileNotFoundError for an unknown mapping; UnreadableError when the mapping or a file is wrong, the files contradict
    themselves, nothing in them is read, or the register cannot be read.
    """
    additions = own_knowledge.read(settings.knowledge)
    terms = load(additions.triples)
    document_mapping = load_mapping(mapping, terms)
    ours = (
        read(register, base=settings.base, additions=additions.triples, ignored=settings.ignore_files)
        if register
        else Sources([], [])
    )
    if ours.problems:
        raise UnreadableError(ours.problems)
    base = settings.base if settings.base != DEFAULT_BASE else ours.base or settings.base
    mapped = read_all(files, document_mapping, base=base)
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
        document_mapping.title,
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
    """Whether a file of the register was written by an earlier import of the same files."""
    if output is not None and output.exists():
        return Path(source.file).exists() and Path(source.file).samefile(output)
    imported_files = imported(source.asserted())
    return any((name, Path(imported_source.file).name) in imported_files for imported_source in sources)


def _classes(sources: Sequence[Source]) -> dict[str, str]:
    """The class of each imported thing."""
    return {
        str(quad.subject): quad.object.value
        for source in sources
        for quad in source.statements(v.RDF_TYPE)
        if isinstance(quad.object, NamedNode) and not is_mark(quad)
    }


def _merge(sources: list[Source], held: Sequence[Source], within: dict[str, str]) -> tuple[Merged, ...]:
    """Merge imported organisations with those of the same company number; the register's id is kept."""
    theirs = set().union(*company_numbers(held).values())
    groups: dict[str, set[str]] = {}
    for iri, leader in same_legal_unit([*held, *sources]).items():
        groups.setdefault(leader, {leader}).add(iri)
    replaced: dict[str, str] = {}
    for group in groups.values():
        kept = min(group & theirs or group)
        replaced |= {iri: kept for iri in group - theirs if iri != kept}
    unite(sources, replaced)
    return tuple(Merged(iri, replaced.get(kept, kept)) for iri, kept in sorted({**within, **replaced}.items()))


def facts(quads: Iterable[Quad]) -> set[Fact]:
    """Statements without graphs and without provenance."""
    return {fact(quad) for quad in quads if not is_mark(quad)}


def single(terms: Terms) -> frozenset[str]:
    """The properties with a single value, as N-Triples; a name is one."""
    functional = {prop.iri for prop in terms.properties.values() if prop.functional}
    return frozenset(f"<{iri}>" for iri in (*functional, *IDENTIFIERS, v.RDFS_LABEL))


def overruled(stated: set[Fact], held: set[Fact], single_valued: Collection[str]) -> set[Fact]:
    """The imported values of single-valued properties for which the register has another value, which stands."""
    register_values = values(held)
    return {
        (subject, predicate, object_)
        for subject, predicate, object_ in stated
        if predicate in single_valued
        and (recorded := register_values.get((subject, predicate)))
        and object_ not in recorded
    }


def differences(
    stated: set[Fact], held: set[Fact], earlier: set[Fact], single_valued: Collection[str]
) -> list[Difference]:
    """Every difference; ``held`` are the facts of the register without those of an ``earlier`` import of the same files."""
    ours, then, now = values(held), values(earlier), values(stated)
    typed = f"<{v.RDF_TYPE}>"
    subjects = {subject for subject, _ in ours.keys() | then.keys()}
    against = overruled(stated, held, single_valued)
    result: list[Difference] = []
    for pair in sorted(now.keys() | then.keys()):
        before = ours.get(pair, set()) | then.get(pair, set())
        after = now.get(pair, set())
        added, gone = after - before, then.get(pair, set()) - after - ours.get(pair, set())
        if any((*pair, value) in against for value in after):
            kind = Kind.CONTRADICTING
        elif pair[0] not in subjects:
            if pair[1] != typed:
                continue
            kind = Kind.NEW
        elif added:
            kind = Kind.CHANGED if gone else Kind.NEW
        elif gone:
            kind = Kind.GONE
        else:
            continue
        result.append(Difference(kind, *pair, tuple(sorted(before)), tuple(sorted(after))))
    return result
