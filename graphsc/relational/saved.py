"""Derived quads as files of ids and of their terms, and how two versions of them differ: without a text for each quad."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphsc.relational.tables import Tables

if TYPE_CHECKING:
    from graphsc.relational.duck import DuckDB

QUADS, TERMS = "derived.parquet", "terms.parquet"
Differences = tuple[list[ox.Quad], list[ox.Quad]]
"""What came, and what went."""
_COLLIDING = "SELECT 1 FROM now_terms a JOIN before_terms b ON b.id = a.id WHERE b.text <> a.text LIMIT 1"
_ONLY = """
SELECT concat(a.text, ' ', b.text, ' ', c.text, ' ', d.text, ' .') FROM (
  SELECT x.* FROM {here}_quads x ANTI JOIN {there}_quads y ON y.s = x.s AND y.p = x.p AND y.o = x.o AND y.g = x.g LIMIT {most}
) q JOIN {here}_terms a ON a.id = q.s JOIN {here}_terms b ON b.id = q.p
JOIN {here}_terms c ON c.id = q.o JOIN {here}_terms d ON d.id = q.g
"""


def save(tables: Tables, database: DuckDB, folder: Path) -> int:
    """Write the kept facts of tables in a database to a folder; the number of quads."""
    database.save(tables.kept_ids(), folder / QUADS)
    database.save("SELECT id, text FROM term", folder / TERMS)
    database.saved("now_quads", folder / QUADS)
    ((number,),) = database.rows("SELECT count(*) FROM now_quads")
    return int(number)


def differences(database: DuckDB, now: Path, before: Path, most: int) -> Differences | None:
    """How what was saved to two folders differs.

    None where that is more than ``most`` quads, or where two terms have the same id; another version of DuckDB
    may give each term another, and then everything differs.
    """
    for name, folder in (("now", now), ("before", before)):
        database.saved(f"{name}_quads", folder / QUADS)
        database.saved(f"{name}_terms", folder / TERMS)
    if database.rows(_COLLIDING):
        return None
    new, gone = (
        [*database.rows(_ONLY.format(here=here, there=there, most=most + 1))]
        for here, there in (("now", "before"), ("before", "now"))
    )
    return None if len(new) + len(gone) > most else (_quads(new), _quads(gone))


def _quads(rows: Iterable[tuple[str]]) -> list[ox.Quad]:
    lines = "".join(f"{line}\n" for (line,) in rows)
    return list(ox.parse(lines, ox.RdfFormat.N_QUADS, lenient=True))
