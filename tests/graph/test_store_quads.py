"""A store on disk that is changed holds, quad by quad, what one that is filled anew holds."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from unittest.mock import patch
from zipfile import ZipFile

import national
import pyoxigraph as ox
import pytest
from repository import DEMO
from turns import share

from graphsc.core.identifiers import RULE_PREFIX
from graphsc.core.settings import Settings
from graphsc.graph.store import quads
from graphsc.graph.store.folder import Folder
from graphsc.service import open_paths
from graphsc.service.load import load

ON_THE_DAY = Settings(as_of=date(2026, 11, 25))


def held(store: Path) -> set[ox.Quad]:
    version = Folder(store).current()
    assert version is not None
    return set(ox.Store.read_only(str(version[0] / "graph")))


def is_filled(source: Path, store: Path, settings: Settings) -> bool:
    """Load; whether the store was filled anew."""
    with patch.object(quads, "_filled", wraps=quads._filled) as filled:
        assert load([source], store, settings).published
    return bool(filled.called)


def room(store: Path) -> int:
    """How many quads may come or go before a store is filled anew."""
    version = Folder(store).current()
    assert version is not None
    with ZipFile(version[0] / quads.QUADS) as texts:
        return int(texts.comment)


def with_line(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{line}\n")


def without_lines(path: Path, chance: random.Random) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = {*chance.sample(range(len(lines)), 5)}
    path.write_text("".join(line for at, line in enumerate(lines) if at not in gone), encoding="utf-8")


KNOWN = "<https://x.example/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/graphsc/ns#Organisation> .\n"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
NAMED = f'<https://a1.example/org/new> {LABEL} "caf\\u00E9 \\"x\\" \\\\ y" .'
STEPS: dict[str, Callable[[Path], object]] = {
    "something new": lambda nation: with_line(nation / "nation.nt", NAMED),
    "the same twice": lambda nation: with_line(nation / "nation.nt", NAMED.replace("\\u00E9", "\u00e9")),
    "something gone": lambda nation: without_lines(min(nation.glob("*.nt")), random.Random(1)),
    "a file more": lambda nation: (nation / "b.ttl").write_text(
        f'<https://a1.example/org/b> a <https://w3id.org/graphsc/ns#Organisation> ; {LABEL} "B"@DA, "01"^^<http://www.w3.org/2001/XMLSchema#integer>, [ {LABEL} "c" ] .',
        encoding="utf-8",
    ),
    "a file less": lambda nation: (nation / "b.ttl").unlink(),
}


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings by which the smallest graph is derived in tables, and what files say stays text."""
    pytest.importorskip("duckdb")
    monkeypatch.setattr("graphsc.graph.dataset._MANY", 0)
    return Settings(as_of=national.AS_OF, executor="duckdb")


def agreement(folder: Path) -> Path:
    """A file of an agreement, of which much is derived."""
    folder.mkdir()
    n, day = "https://w3id.org/graphsc/ns#", "<http://www.w3.org/2001/XMLSchema#date>"
    terms = {"customer": "<https://x.example/x>", "supplier": "<https://x.example/y>"}
    terms |= {"start": f'"2024-01-01"^^{day}', "end": f'"2030-12-31"^^{day}'}
    lines = [KNOWN, KNOWN.replace("example/x", "example/y"), KNOWN.replace("example/x", "example/a")]
    lines[2] = lines[2].replace("Organisation", "Agreement")
    lines += [f"<https://x.example/a> <{n}{name}> {value} .\n" for name, value in terms.items()]
    lines += [f'<https://x.example/{n}> {LABEL} "{n}" .\n' for n in range(20)]
    (folder / "nation.nt").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "engine",
    ["oxigraph", *(pytest.param(name, marks=pytest.mark.exhaustive) for name in share(("duckdb", "nation"), 4))],
)
def test_what_is_changed_is_as_if_filled_anew(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """With everything in Oxigraph's store, or with what is derived in tables and what files say as text."""
    settings = Settings(as_of=national.AS_OF) if engine == "oxigraph" else request.getfixturevalue("tables")
    nation, store = tmp_path / "in", tmp_path / "store"
    if engine == "nation":
        national.write(nation, 500, seed=3, rate=0.5)
    else:
        agreement(nation)
    assert is_filled(nation, store, settings)
    for name, step in STEPS.items():
        before = held(store)
        assert before == set(open_paths([nation], settings).dataset.store)
        step(nation)
        assert not is_filled(nation, store, settings), name
        assert (before == held(store)) == (name == "the same twice")
    assert held(store) == set(open_paths([nation], settings).dataset.store)


def test_files_whose_names_are_shown_alike_keep_their_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be decoded in a name is shown as one character, and the name of its graph is made of what is shown."""
    pytest.importorskip("duckdb")
    monkeypatch.setattr("graphsc.graph.dataset._MANY", 0)
    source, store, settings = tmp_path / "in", tmp_path / "store", Settings(as_of=ON_THE_DAY.as_of, executor="duckdb")
    source.mkdir()
    for byte in (b"\xe6", b"\xf8"):
        file = source / os.fsdecode(b"kr" + byte + b"v.nt")
        file.write_text(KNOWN.replace("example/x", f"example/{byte.hex()}"), encoding="utf-8")
    assert is_filled(source, store, settings)
    assert held(store) == set(open_paths([source], settings).dataset.store)


def test_what_is_derived_differs_where_the_files_do(tables: Settings, tmp_path: Path) -> None:
    source, store = agreement(tmp_path / "in"), tmp_path / "store"
    assert is_filled(source, store, tables)
    before, file = held(store), source / "nation.nt"
    file.write_text(file.read_text(encoding="utf-8").replace("2030", "2025"), encoding="utf-8")
    assert not is_filled(source, store, tables)
    assert {quad.graph_name.value.startswith(RULE_PREFIX) for quad in before - held(store)} == {True, False}
    assert held(store) == set(open_paths([source], tables).dataset.store)


@pytest.mark.exhaustive
def test_ids_of_another_version_of_duckdb_do_no_harm(
    tables: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from graphsc.relational.duck import DuckDB

    source, store = agreement(tmp_path / "in"), tmp_path / "store"
    assert is_filled(source, store, tables)
    with_line(source / "nation.nt", NAMED)
    monkeypatch.setattr(DuckDB, "hash", DuckDB.hash.replace("hash({})", "hash(concat('other', {}))"))
    assert load([source], store, tables).published
    assert held(store) == set(open_paths([source], tables).dataset.store)


def test_ids_that_two_versions_give_to_different_terms_are_not_compared(tables: Settings, tmp_path: Path) -> None:
    import duckdb

    source, store = agreement(tmp_path / "in"), tmp_path / "store"
    assert is_filled(source, store, tables)
    version = Folder(store).current()
    assert version is not None
    before, other = shutil.copytree(version[0], tmp_path / "before"), tmp_path / "other"
    terms = before / quads.DERIVED / "terms.parquet"
    changed = f"SELECT id, CASE WHEN text = '{LABEL}' THEN '<urn:x:other>' ELSE text END AS text FROM '{terms}'"
    duckdb.sql(f"COPY ({changed}) TO '{other}' (FORMAT parquet)")
    shutil.move(other, terms)
    opened = open_paths([source], tables)
    (tmp_path / "new").mkdir()
    assert quads.write_graph(opened.dataset, tmp_path / "new", before) is None
    assert set(ox.Store.read_only(str(tmp_path / "new" / "graph"))) == set(opened.dataset.store)


def test_what_a_cluster_derived_is_kept_as_text(tables: Settings, tmp_path: Path) -> None:
    """Its executors may see no folder of this machine."""
    opened = open_paths([agreement(tmp_path / "in")], tables)
    opened.dataset.executor = "spark"
    (tmp_path / "new").mkdir()
    assert quads.write_graph(opened.dataset, tmp_path / "new", None) is None
    assert not (tmp_path / "new" / quads.DERIVED).exists()
    assert set(ox.Store.read_only(str(tmp_path / "new" / "graph"))) == set(opened.dataset.store)


@pytest.mark.exhaustive
def test_a_store_is_filled_anew_where_tables_are_used_for_the_first_time_or_no_longer(
    tables: Settings, tmp_path: Path
) -> None:
    source, store = agreement(tmp_path / "in"), tmp_path / "store"
    for engine in ("oxigraph", "duckdb", "oxigraph"):
        settings = Settings(as_of=tables.as_of, executor=engine)
        with_line(source / "nation.nt", NAMED)
        assert is_filled(source, store, settings)
        assert held(store) == set(open_paths([source], settings).dataset.store)


@pytest.fixture
def demo(tmp_path: Path) -> tuple[Path, Path]:
    """The demo, and a store that it was loaded into."""
    shutil.copytree(DEMO, tmp_path / "in")
    assert is_filled(tmp_path / "in", tmp_path / "store", ON_THE_DAY)
    return tmp_path / "in", tmp_path / "store"


def test_a_store_is_filled_anew_once_much_came_or_went(demo: tuple[Path, Path]) -> None:
    source, store = demo
    full = room(store)
    assert len(held(store)) // quads._PART == full > 1000
    some, rest = (
        KNOWN + "".join(f'<https://x.example/{name}{n}> {LABEL} "{n}" .\n' for n in range(many))
        for name, many in (("a", full // 2), ("b", full - full // 2 + 1))
    )
    (source / "more.nt").write_text(some, encoding="utf-8")
    assert not is_filled(source, store, ON_THE_DAY)
    assert 0 <= room(store) <= full - full // 2
    (source / "still-more.nt").write_text(rest, encoding="utf-8")
    assert is_filled(source, store, ON_THE_DAY)
    assert room(store) == len(held(store)) // quads._PART
    assert held(store) == set(open_paths([source], ON_THE_DAY).dataset.store)


def test_a_store_whose_text_says_something_else_is_filled_anew(demo: tuple[Path, Path], tmp_path: Path) -> None:
    """So would be one whose text names a quad in two ways, of which one went."""
    source, store = demo
    version = Folder(store).current()
    assert version is not None
    before = tmp_path / "before"
    shutil.copytree(version[0], before)
    with ZipFile(before / quads.QUADS) as old, ZipFile(tmp_path / "texts", "w") as new:
        new.comment = old.comment
        for graph in old.namelist():
            lines = old.read(graph).splitlines(keepends=True)
            new.writestr(graph, b"".join(lines[1:] if graph == "urn:graphsc:context" else lines))
    shutil.move(tmp_path / "texts", before / quads.QUADS)
    store_of = ox.Store(str(before / "graph"))
    gone = next(store_of.quads_for_pattern(None, None, None, ox.NamedNode("urn:graphsc:guide")))
    store_of.remove(gone)
    store_of.flush()
    del store_of
    opened = open_paths([source], ON_THE_DAY)
    (tmp_path / "new").mkdir()
    with patch.object(quads, "_filled", wraps=quads._filled) as filled:
        quads.write_graph(opened.dataset, tmp_path / "new", before)
    assert filled.called
    assert set(ox.Store.read_only(str(tmp_path / "new" / "graph"))) == set(opened.dataset.store)


def test_a_store_without_text_beside_it_is_filled_anew(demo: tuple[Path, Path]) -> None:
    """As the stores of earlier versions."""
    source, store = demo
    opened = open_paths([source], ON_THE_DAY)
    version = Folder(store).current()
    assert version is not None
    (version[0] / quads.QUADS).unlink()
    (store / "new").mkdir()
    quads.write_graph(opened.dataset, store / "new", version[0])
    assert set(ox.Store.read_only(str(store / "new" / "graph"))) == set(opened.dataset.store)
