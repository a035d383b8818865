"""Loading into a store on disk, and opening what is there: the same as reading the files, without doing it again."""

from __future__ import annotations

import hashlib
import shutil
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from graphsc import __version__
from graphsc.core import frameworks
from graphsc.core.identifiers import source_graph
from graphsc.core.problems import Problem
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.derivation import Rule
from graphsc.graph import dataset as graph
from graphsc.graph import loading
from graphsc.graph.dataset import Dataset
from graphsc.graph.store import manifest as records
from graphsc.graph.store.changing import Change, FileChanges, compare_files, difference, entries, stored_source
from graphsc.graph.store.folder import Folder
from graphsc.graph.store.manifest import Context, Manifest
from graphsc.graph.store.sealed import Damaged
from graphsc.graph.store.sources import stored_sources
from graphsc.maintenance.changes import Delta
from graphsc.maintenance.deriving import Redone, rederive
from graphsc.maintenance.judging import Answers, answer_again, answered
from graphsc.maintenance.remembering import Memory
from graphsc.maintenance.sources import Changed, bring_up
from graphsc.service.opened import Opened, work_out
from graphsc.service.own_knowledge import derivation_rules, faults
from graphsc.sources import own_knowledge as additions
from graphsc.sources.files import File, find
from graphsc.sources.model import Sources
from graphsc.sources.own_knowledge import Additions
from graphsc.sources.reader import read_some
from graphsc.validation.catalogue import rules as read_rules
from graphsc.validation.shapes import Shape, compile_shapes

_FOLDERS = (
    ("ontology", (".ttl", ".rq")),
    ("ontology/obligations", (".ttl",)),
    ("ontology/treatment", (".ttl",)),
    ("ontology/rules", (".rq",)),
    ("ontology/context", (".rq",)),
    ("shapes", (".ttl",)),
)


_SHARE, _MANY = 0.02, 500
"""When more of the triples change than this share, and more than so many, it is quicker to work out everything anew."""


@dataclass(slots=True)
class Loaded:
    """What loading did.

    ``whole`` says that everything was read and worked out anew; otherwise ``redone`` says what was. With ``problems``
    the store is as it was.
    """

    read: int = 0
    unchanged: int = 0
    gone: int = 0
    came: int = 0
    went: int = 0
    whole: bool = False
    published: bool = False
    redone: Redone = field(default_factory=Redone)
    problems: list[Problem] = field(default_factory=list)


def load(paths: Sequence[Path], directory: Path, settings: Settings) -> Loaded:
    """Have a store hold what the files say, and nothing else, at the evaluation date.

    What is wrong with the files is returned, and then nothing changes. Raises Busy, NotAStore and OSError.
    """
    own = additions.read(settings.knowledge)
    files, problems = find(paths, settings.ignore_files)
    if problems or own.problems:
        return Loaded(problems=[*problems, *own.problems])
    folder = Folder(directory)
    with folder.loading():
        before = _sound(folder)
        result = compare_files(files, before[1].sources if before is not None else ())
        if result.problems:
            return Loaded(problems=result.problems)
        if before is not None and (before[1].knowledge, before[1].context) == (_digest(settings), _context(settings)):
            loaded = _by_difference(folder, before, result, settings, own)
            if loaded is not None:
                return loaded
        return _whole(folder, before, files, settings, own)


Version = tuple[Path, Manifest]


def _sound(folder: Folder) -> Version | None:
    """The current version and what it says of itself; None where there is none, and where it is damaged: it is made anew."""
    with suppress(Damaged):
        version = folder.current()
        if version is not None:
            known = records.read(version)
            folder.check(version, known.digests)
            return version, known
    return None


def open_store(directory: Path, settings: Settings, problems: Sequence[Problem] = ()) -> Opened:
    """A store as it was loaded, or as it is on another day or with other settings. Raises NotAStore and Damaged."""
    own = additions.read(settings.knowledge)
    folder = Folder(directory)
    version = folder.current()
    assert version is not None
    known = records.read(version)
    folder.check(version, known.digests)
    result = [*problems, *own.problems]
    if known.knowledge != _digest(settings) or known.context != _context(settings):
        return _read_again(folder, known, settings, own, result)
    copy = folder.copy(version)
    dataset = _dataset(copy, known, settings, own)
    weakref.finalize(dataset, shutil.rmtree, copy, ignore_errors=True)
    rules, wrong = derivation_rules(own, dataset, settings)
    dataset.answers = records.answers(version)
    sources = stored_sources(folder, known, dataset, base=settings.base, additions=own.triples)
    result += [*wrong, *faults(own, dataset, settings)]
    return Opened(sources, dataset, settings, result, rules, own)


def _whole(folder: Folder, before: Version | None, files: Sequence[File], settings: Settings, own: Additions) -> Loaded:
    """Read everything and work out everything, in a version of its own."""
    result = compare_files(files, ())
    sources = read_some(
        ((file, content) for file, content, _ in result.other.values()), base=settings.base, additions=own.triples
    )
    if result.problems or sources.problems:
        return Loaded(problems=[*result.problems, *sources.problems])
    listed = entries(Change(sources, [], []), result)
    opened = work_out(sources, settings, own, [])
    if opened.problems:
        return Loaded(problems=opened.problems)
    dataset = opened.dataset
    answers = answered(dataset, _shapes(dataset))
    Memory(folder.queries).learn(opened.rules, answers)
    with folder.scratch(None) as made:
        store = ox.Store(str(made / "graph"))
        store.bulk_extend(dataset.embedded)  # a store on disk is slow to be put in bit by bit
        _publish(folder, before, store, _manifest(settings, dataset, sources, listed), answers, result)
        del store
    return Loaded(read=len(sources.sources), whole=True, published=True)


def _by_difference(
    folder: Folder, before: Version, result: FileChanges, settings: Settings, own: Additions
) -> Loaded | None:
    """Apply what changed to a copy of the version; None when everything must be read again."""
    version, known = before
    there = {stored.file for stored in result.same}
    if not result.other and there == {source.file for source in known.sources}:
        return Loaded(unchanged=len(there))
    with folder.scratch(version) as made:
        dataset = _dataset(made, known, settings, own)
        change = difference(dataset, known, result, folder, base=settings.base, additions=own.triples)
        if change is None:
            return None
        if change.read.problems:
            return Loaded(problems=change.read.problems)
        rules, wrong = derivation_rules(own, dataset, settings)
        if wrong := [*wrong, *faults(own, dataset, settings)]:
            return Loaded(problems=wrong)
        gone = [ox.NamedNode(source_graph(file)) for file in change.gone]
        dataset.answers = records.answers(version)
        memory = Memory(folder.queries)
        changed = bring_up(dataset, settings, memory, change.read.sources, gone)
        if changed.came + changed.went > max(_MANY, _SHARE * sum(stored.triples for stored in known.sources)):
            return None
        loaded = Loaded(
            len(change.read.sources), len(change.same), len(change.gone), changed.came, changed.went, published=True
        )
        answers = _update(dataset, changed, rules, loaded.redone, memory)
        sources = Sources(change.read.sources, [], known.same_legal_unit, known.concepts)
        listed = entries(change, result)
        _publish(folder, before, dataset.embedded, _manifest(settings, dataset, sources, listed), answers, result)
        del dataset
    return loaded


def _update(dataset: Dataset, changed: Changed, rules: Sequence[Rule], redone: Redone, memory: Memory) -> Answers:
    """Bring up to date what follows from a change: what is derived, and the answers of the shapes."""
    rederive(dataset, rules, changed.delta, changed.around, redone, memory)
    touched = Delta([*changed.delta, *changed.written])
    answers = answer_again(dataset, _shapes(dataset), dataset.answers, touched, changed.around, redone, memory)
    memory.save()
    return answers


def _publish(
    folder: Folder, before: Version | None, store: ox.Store, manifest: Manifest, answers: Answers, result: FileChanges
) -> None:
    """Make a version of a copy of the store, since one that is open still changes its files."""
    texts = {source.sha256 for source in manifest.sources}
    for _, content, _ in result.other.values():
        folder.keep_text(hashlib.sha256(content).hexdigest(), content)
    with folder.scratch(None) as made:
        store.flush()
        store.backup(str(made / "graph"))
        records.write_answers(made, answers)
        manifest.digests = folder.digests(made, texts, (before[0], before[1].digests) if before is not None else None)
        records.write(made, manifest)
        folder.publish(made, before[0] if before is not None else None)
    folder.tidy(texts | ({source.sha256 for source in before[1].sources} if before is not None else set()))


def _manifest(settings: Settings, dataset: Dataset, sources: Sources, listed: list[records.Stored]) -> Manifest:
    assert dataset.written is not None
    lost, kept = dataset.written.snapshot(graph.SOURCE_PREFIX)
    return Manifest(
        _digest(settings),
        _context(settings),
        listed,
        sources.concepts,
        sources.same_legal_unit,
        dataset.later,
        lost,
        kept,
    )


def _dataset(folder: Path, known: Manifest, settings: Settings, own: Additions) -> Dataset:
    dataset = loading.load_knowledge(settings, own.triples).with_store(ox.Store(str(folder / "graph")))
    dataset.folder = folder / "graph"
    assert dataset.written is not None
    dataset.written.restore(known.lost, known.kept)
    dataset.later = set(known.later)
    return dataset


def _read_again(folder: Folder, known: Manifest, settings: Settings, own: Additions, problems: list[Problem]) -> Opened:
    """What a store holds, worked out anew for another day or with knowledge that it was not loaded with.

    So much hangs on the day that finding out what does takes longer.
    """
    sources = read_some(
        (stored_source(folder, source) for source in known.sources), base=settings.base, additions=own.triples
    )
    return work_out(sources, settings, own, problems)


def _shapes(dataset: Dataset) -> list[Shape]:
    """The shapes whose answers are kept: all but those that judge measures, which are worked out when they are asked for."""
    known = compile_shapes(dataset)
    rules = read_rules(dataset, shapes=known)
    return [shape for shape in known.shapes if not rules[shape.code].measures]


def _context(settings: Settings) -> Context:
    return Context(settings.as_of, dict(settings.parameters), dict(settings.limits))


def _digest(settings: Settings) -> str:
    """A digest of everything but the sources and the context that a graph depends on."""
    state = hashlib.sha256(f"{__version__} {settings.base} {' '.join(settings.frameworks)}\n".encode())
    for name, content in _knowledge(settings):
        state.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return state.hexdigest()


def _knowledge(settings: Settings) -> Iterator[tuple[str, bytes]]:
    for folder, suffixes in _FOLDERS:
        for suffix in suffixes:
            for file in knowledge_files(folder, suffix):
                yield f"{folder}/{file.name}", file.read_bytes()
    for file in (*frameworks.descriptions(), *frameworks.derivations(settings.frameworks)):
        yield f"framework {file.name}", file.read_bytes()
    for name in settings.knowledge:
        for file in sorted(Path(name).rglob("*")) if Path(name).is_dir() else [Path(name)]:
            if file.is_file():
                yield f"own {file.name}", file.read_bytes()
