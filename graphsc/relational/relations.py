"""Relations: the rows of a SPARQL pattern as SQL, a column of term ids for each variable, NULL where it is unbound.

Rows are sets: the rows of derivation rules and of shapes' queries are distinct, and queries that count rows are not
compiled. Source: the algebra of SPARQL 1.1, section 18.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphsc.relational.database import Query
from graphsc.relational.tables import Tables


@dataclass(frozen=True, slots=True)
class Relation:
    """The name of a table or a common table expression, its columns, and those of them that may be NULL."""

    name: str
    columns: tuple[str, ...]
    nullable: frozenset[str] = frozenset()


def column(name: str, of: str = "") -> str:
    """A column as SQL, of a table where one is given."""
    quoted = '"' + name + '"'
    return f"{of}.{quoted}" if of else quoted


class Relations:
    """The steps of one query, each a common table expression.

    ``bound_outside`` are the variables bound by VALUES or as a predicate: their terms need not be nodes of the graph.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.bound_outside: set[str] = set()
        self._steps: list[tuple[str, str]] = []
        self._number = 0

    def fresh(self) -> str:
        """A name that is not used yet."""
        self._number += 1
        return f"x{self._number}"

    def step(self, sql: str, name: str = "") -> str:
        """Add a step to the query, and return its name."""
        name = name or self.fresh()
        self._steps.append((name, sql))
        return name

    def with_steps(self, sql: str) -> Query:
        """A query, with the steps so far as its WITH clause."""
        return Query(tuple(self._steps), sql)

    def unit(self) -> Relation:
        """One row without columns."""
        return Relation(self.step("SELECT 1 AS one"), ())

    def relation(self, sql: str, columns: Iterable[str], nullable: Iterable[str] = ()) -> Relation:
        """Add a step to the query, as a relation."""
        names = tuple(columns)
        return Relation(self.step(sql), names, frozenset(nullable) & frozenset(names))

    def projection(self, of: Relation, columns: Iterable[str]) -> Relation:
        """The distinct rows of some columns."""
        names = tuple(columns)
        return self.relation(f"SELECT DISTINCT {listed(names)} FROM {of.name}", names, of.nullable)

    def numbered(self, of: Relation) -> tuple[Relation, str]:
        """The rows with a number in a new column: stored, since the numbers may differ when they are computed again."""
        number = "#" + self.fresh()
        sql = f"SELECT *, row_number() OVER () AS {column(number)} FROM {of.name}"
        return Relation(self.tables.stored(self.with_steps(sql)), (*of.columns, number), of.nullable), number

    def join(self, left: Relation | None, right: Relation) -> Relation:
        """The joined compatible rows of both; ``right`` alone where ``left`` is None."""
        if left is None:
            return right
        shared = [name for name in right.columns if name in left.columns]
        selected = [
            f"coalesce(a.{column(name)}, b.{column(name)}) AS {column(name)}"
            if name in shared and name in left.nullable
            else column(name, "a")
            for name in left.columns
        ]
        selected += [column(name, "b") for name in right.columns if name not in left.columns]
        nullable = {name for name in left.nullable if name not in shared or name in right.nullable}
        nullable |= right.nullable - set(left.columns)
        return self.relation(
            f"SELECT {', '.join(selected) or '1 AS one'} FROM {left.name} a JOIN {right.name} b ON {matching(left, right, shared)}",
            dict.fromkeys((*left.columns, *right.columns)),
            nullable,
        )

    def left_join(self, left: Relation, right: Relation) -> Relation:
        """The rows of ``left``, each with those of ``right`` that agree with it; shared columns must not be nullable."""
        shared = [name for name in right.columns if name in left.columns]
        new = [name for name in right.columns if name not in left.columns]
        selected = [*(column(name, "a") for name in left.columns), *(column(name, "b") for name in new)]
        return self.relation(
            f"SELECT {', '.join(selected) or '1 AS one'} FROM {left.name} a LEFT JOIN {right.name} b ON {matching(left, right, shared)}",
            (*left.columns, *new),
            left.nullable | set(new),
        )

    def union(self, parts: Sequence[Relation]) -> Relation:
        """The rows of all parts."""
        columns = tuple(dict.fromkeys(name for part in parts for name in part.columns))
        texts = []
        for part in parts:
            cells = [column(name) if name in part.columns else f"NULL::BIGINT AS {column(name)}" for name in columns]
            texts.append(f"SELECT {', '.join(cells) or '1 AS one'} FROM {part.name}")
        nullable = {
            name for name in columns if any(name not in part.columns or name in part.nullable for part in parts)
        }
        return self.relation(" UNION ALL ".join(texts), columns, nullable)

    def semi_join(self, left: Relation, right: Relation, keys: Sequence[str], *, positive: bool) -> Relation:
        """The rows of ``left`` that have a row in ``right`` with the same keys, which must not be nullable; else those that have none."""
        same = " AND ".join(f"a.{column(key)} = b.{column(key)}" for key in keys) or "true"
        kind = "SEMI" if positive else "ANTI"
        return self.relation(
            f"SELECT {listed(left.columns, 'a')} FROM {left.name} a {kind} JOIN {right.name} b ON {same}",
            left.columns,
            left.nullable,
        )

    def minus(self, left: Relation, right: Relation) -> Relation:
        """The rows of ``left`` without those compatible with a row of ``right`` that shares a bound variable."""
        shared = [name for name in right.columns if name in left.columns]
        if not shared:
            return left
        if not any(name in left.nullable or name in right.nullable for name in shared):
            return self.semi_join(left, right, shared, positive=False)
        where = matching(left, right, shared)
        if all(name in left.nullable or name in right.nullable for name in shared):
            where += f" AND ({' OR '.join(f'(a.{column(name)} = b.{column(name)})' for name in shared)})"
        return self.relation(
            f"SELECT {listed(left.columns, 'a')} FROM {left.name} a WHERE NOT EXISTS (SELECT 1 FROM {right.name} b WHERE {where})",
            left.columns,
            left.nullable,
        )


def listed(names: Iterable[str], of: str = "") -> str:
    """A list of columns as SQL; a constant where there are none."""
    return ", ".join(column(name, of) for name in names) or "1 AS one"


def matching(left: Relation, right: Relation, shared: Sequence[str]) -> str:
    """The condition that rows ``a`` and ``b`` are compatible, as SQL."""
    return " AND ".join(_same(name, left, right) for name in shared) or "true"


def _same(name: str, left: Relation, right: Relation) -> str:
    a, b = column(name, "a"), column(name, "b")
    open_ = [f"{end} IS NULL" for end, of in ((a, left), (b, right)) if name in of.nullable]
    return f"({' OR '.join([f'{a} = {b}', *open_])})" if open_ else f"{a} = {b}"
