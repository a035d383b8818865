"""SPARQL groups and sub-selects as relations. Source: SPARQL 1.1, section 18.2."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from graphsc.core.vocabulary import XSD_INTEGER
from graphsc.graph.backend import Unsupported
from graphsc.relational.database import quoted
from graphsc.relational.expressions import Expressions, ntriples, of_kind, sql_error
from graphsc.relational.paths import Patterns, may_be_empty
from graphsc.relational.relations import Relation, column, listed
from graphsc.relational.terms import KINDS
from graphsc.sparql.patterns import visible
from graphsc.sparql.syntax import (
    Aggregate,
    Bind,
    Call,
    Exists,
    Expression,
    Filter,
    Group,
    Minus,
    Optional,
    Part,
    Projected,
    Select,
    Triple,
    Union,
    Values,
    Var,
    nodes,
    variables,
)

_COMPUTED = '"#text"'
"""The column of the N-Triples of computed terms; no variable can have this name."""
_INTEGER = f'"^^<{XSD_INTEGER}>'


class Compiler(Patterns):
    """Compiles one query, part by part."""

    def group(self, group: Group, seed: Relation | None = None) -> Relation:
        """The rows of a group; the group of an EXISTS is joined to ``seed``, the rows around it. Raises Unsupported."""
        rows = seed
        triples: list[Triple] = []
        filters = [part.expression for part in group.parts if isinstance(part, Filter)]
        for place, part in enumerate(group.parts):
            if isinstance(part, Triple):
                triples.append(part)
            elif not isinstance(part, Filter):
                rows = self._triples(rows, triples)
                triples = []
                if rows is not None and filters:  # an early filter leaves fewer rows to join
                    later = visible(Group(group.parts[place:]))
                    rows = self._filtered(rows, [test for test in filters if later.isdisjoint(variables(test))])
                    filters = [test for test in filters if not later.isdisjoint(variables(test))]
                rows = self._part(rows, part, seed)
        return self._filtered(self._triples(rows, triples) or self.unit(), filters)

    def _filtered(self, rows: Relation, filters: Iterable[Expression]) -> Relation:
        for expression in filters:
            rows = self.filter(rows, expression)
        return rows

    def _triples(self, rows: Relation | None, triples: Iterable[Triple]) -> Relation | None:
        """The rows joined to triple patterns, each as soon as it can be compiled and shares a variable with those before."""
        remaining = list(triples)
        while remaining:
            possible = [triple for triple in remaining if self.can_start(triple, rows)]
            if not possible:
                raise Unsupported("a path of no length between unbound ends")
            known = set() if rows is None else {*rows.columns}
            triple = next((triple for triple in possible if not known.isdisjoint(variables(triple))), possible[0])
            remaining.remove(triple)
            rows = self.join(rows, self.pattern(triple, rows))
        return rows

    def _part(self, rows: Relation | None, part: Part, seed: Relation | None) -> Relation:
        match part:
            case Bind(expression, variable):
                return self.bind(rows or self.unit(), expression, variable.name)
            case Optional(inner):
                return self._optional(rows or self.unit(), inner)
            case Minus(inner):
                return self.minus(rows or self.unit(), self.group(inner))
            case Union(groups):
                return self.join(rows, self.union([self.group(inner, seed) for inner in groups]))
            case Group():
                return self.join(rows, self.group(part, seed))
            case Values():
                return self.join(rows, self._values(part))
            case Select():
                return self.join(rows, self.select(part))
        raise Unsupported(type(part).__name__)

    def _values(self, values: Values) -> Relation:
        names = [variable.name for variable in values.variables]
        if not values.rows or not names:
            raise Unsupported("VALUES of nothing")
        self.bound_outside |= {*names}
        cells = [
            ", ".join("NULL::BIGINT" if cell is None else self.tables.constant(cell) for cell in row)
            for row in values.rows
        ]
        nullable = {name for n, name in enumerate(names) if any(row[n] is None for row in values.rows)}
        rows = ", ".join(f"({row})" for row in cells)
        return self.relation(f"SELECT * FROM (VALUES {rows}) v({listed(names)})", names, nullable)

    def _optional(self, rows: Relation, group: Group) -> Relation:
        filters = [part.expression for part in group.parts if isinstance(part, Filter)]
        plain = self.group(Group(tuple(part for part in group.parts if not isinstance(part, Filter))))
        shared = [name for name in plain.columns if name in rows.columns]
        outside = {name for condition in filters for name in variables(condition)} & set(rows.columns) - set(
            plain.columns
        )
        if not outside and not any(name in rows.nullable or name in plain.nullable for name in shared):
            for condition in filters:
                plain = self.filter(plain, condition)
            return self.left_join(rows, plain)
        numbered, number = self.numbered(rows)
        matched = self.join(numbered, plain)
        for condition in filters:
            matched = self.filter(matched, condition)
        unmatched = self.semi_join(numbered, matched, [number], positive=False)
        both = self.union([matched, unmatched])
        return Relation(both.name, tuple(name for name in both.columns if name != number), both.nullable)

    # ------------------------------------------------------------------ filters

    def filter(self, rows: Relation, expression: Expression) -> Relation:
        """The rows for which an expression is true."""
        match expression:
            case Call("&&", arguments):
                for argument in arguments:
                    rows = self.filter(rows, argument)
                return rows
            case Call("!", (Exists(group, positive),)):
                return self._exists(rows, group, positive=not positive)
            case Exists(group, positive):
                return self._exists(rows, group, positive=positive)
        flagged, expressions = self._expressions(rows, expression)
        truth = expressions.truth(expression)
        return self.relation(
            f"SELECT {listed(rows.columns, 'a')} FROM {flagged.name} a{expressions.joins} WHERE {truth}",
            rows.columns,
            rows.nullable,
        )

    def _expressions(self, rows: Relation, expression: Expression) -> tuple[Relation, Expressions]:
        """The rows with a column for each EXISTS in an expression, and the compiler of the expression."""
        flags: dict[Exists, str] = {}
        wide = rows
        for exists in _exists_in(expression):
            numbered, number = self.numbered(wide)
            true = self._exists(numbered, exists.group, positive=exists.positive)
            flag = "#" + self.fresh()
            flags[exists] = flag
            wide = self.relation(
                f"SELECT a.*, b.{column(number)} IS NOT NULL AS {column(flag)} FROM {numbered.name} a "
                f"LEFT JOIN (SELECT {column(number)} FROM {true.name}) b ON a.{column(number)} = b.{column(number)}",
                (*numbered.columns, flag),
                rows.nullable,
            )
        return wide, Expressions(self.tables, rows.columns, flags)

    def _exists(self, rows: Relation, group: Group, *, positive: bool) -> Relation:
        used = [name for name in rows.columns if name in variables(group)]
        if not used:
            return self.semi_join(rows, self.group(group), (), positive=positive)
        if not any(name in rows.nullable for name in used):
            if any(set(used) <= variables(part) for part in _plain(group)):
                return self.semi_join(rows, self.projection(self.group(group), used), used, positive=positive)
            inner = self.group(group, self.projection(rows, used))
            return self.semi_join(rows, self.projection(inner, used), used, positive=positive)
        numbered, number = self.numbered(rows)
        inner = self.group(group, self.projection(numbered, (*used, number)))
        result = self.semi_join(numbered, self.projection(inner, [number]), [number], positive=positive)
        return Relation(result.name, rows.columns, rows.nullable)

    # ------------------------------------------------------------------ computed terms

    def bind(self, rows: Relation, expression: Expression, name: str) -> Relation:
        """The rows with the value of an expression in a new column, NULL where it is an error. Raises Unsupported."""
        if name in rows.columns:
            raise Unsupported("a variable that is bound twice")
        flagged, expressions = self._expressions(rows, expression)
        value = expressions.value(expression)
        start = f"SELECT {', '.join([*(column(existing, 'a') for existing in rows.columns), ''])}"
        source = f"FROM {flagged.name} a{expressions.joins}"
        columns, nullable = (*rows.columns, name), rows.nullable
        if not _has_value(expression, rows):
            nullable |= {name}
        if value.form == "term":
            return self.relation(f"{start}{value.sql} AS {column(name)} {source}", columns, nullable)
        return self._computed(f"{start}{ntriples(value)} AS {_COMPUTED} {source}", columns, nullable)

    def _computed(self, query: str, columns: tuple[str, ...], nullable: Iterable[str]) -> Relation:
        """The rows of a query that computes terms in its column ``#text``: stored, since their terms are interned."""
        table = self.tables.computed(self.with_steps(query))
        return self.relation(
            f"SELECT *, {self.tables.tid(_COMPUTED)} AS {column(columns[-1])} FROM {table}", columns, nullable
        )

    def select(self, query: Select) -> Relation:
        """The rows of a SELECT. Raises Unsupported."""
        if query.limit is not None or query.offset is not None:
            raise Unsupported("LIMIT")
        rows = self.group(query.where)
        if query.values is not None:
            rows = self.join(rows, self._values(query.values))
        if query.aggregates:
            return self._aggregated(query, rows)
        for projected in query.projected:
            if projected.expression is not None:
                rows = self.bind(rows, projected.expression, projected.variable.name)
        names = [projected.variable.name for projected in query.projected] or [
            name for name in rows.columns if not name.startswith(("_:", "#"))
        ]
        return self.projection(rows, [name for name in names if name in rows.columns])

    def _aggregated(self, query: Select, rows: Relation) -> Relation:
        keys: list[str] = []
        for key in query.group_by:
            if isinstance(key, Projected) and key.expression is not None:
                rows = self.bind(rows, key.expression, key.variable.name)
            variable = key.variable if isinstance(key, Projected) else key
            if not isinstance(variable, Var) or variable.name not in rows.columns:
                raise Unsupported("GROUP BY an expression")
            keys.append(variable.name)
        if not keys:
            raise Unsupported("an aggregate of all rows")
        computed = [projected for projected in query.projected if projected.expression is not None]
        grouped = [projected.variable.name for projected in query.projected if projected.expression is None]
        if not {*grouped} <= {*keys}:
            raise Unsupported("a variable that is not grouped")
        if len(computed) > 1:
            raise Unsupported("several aggregates")
        having = [self._having(condition, rows) for condition in query.having]
        ending = f"GROUP BY {listed(keys, 'a')}" + (f" HAVING {' AND '.join(having)}" if having else "")
        if not computed:
            return self.relation(f"SELECT {listed(grouped, 'a')} FROM {rows.name} a {ending}", grouped, rows.nullable)
        name, aggregate = computed[0].variable.name, computed[0].expression
        columns, nullable = (*grouped, name), {*rows.nullable, name}
        cells = "".join(column(key, "a") + ", " for key in grouped)
        if not isinstance(aggregate, Aggregate):
            raise Unsupported("an expression of an aggregate")
        if aggregate.name == "COUNT":
            text = f"'\"' || {self._count(aggregate, rows)} || {quoted(_INTEGER)}"
            return self._computed(f"SELECT {cells}{text} AS {_COMPUTED} FROM {rows.name} a {ending}", columns, nullable)
        extreme = self._extreme(aggregate, rows)
        argument = f"a.{column(_argument(aggregate, rows))}"
        joined = f"LEFT JOIN term t ON t.id = {argument} LEFT JOIN value v ON v.id = {argument}"
        return self.relation(
            f"SELECT {cells}{extreme} AS {column(name)} FROM {rows.name} a {joined} {ending}",
            columns,
            nullable,
        )

    def _count(self, aggregate: Aggregate, rows: Relation) -> str:
        if not aggregate.distinct:
            raise Unsupported("COUNT of rows")
        return f"count(DISTINCT a.{column(_argument(aggregate, rows))})"

    def _extreme(self, aggregate: Aggregate, rows: Relation) -> str:
        """The least or the greatest term, where all are dates, strings or IRIs, or all are integers."""
        if aggregate.name not in {"MIN", "MAX"}:
            raise Unsupported(aggregate.name)
        term = f"a.{column(_argument(aggregate, rows))}"
        best = f"arg_{aggregate.name.lower()}({term}, {{}})"
        alike = f"count({term}) = count(*) AND min({term} & 15) = max({term} & 15)"
        return (
            f"CASE WHEN {alike} AND min({term} & 15) IN {of_kind('s', 'i')} THEN {best.format('t.lex')} "
            f"WHEN {alike} AND min({term} & 15) = {KINDS['d']} THEN {best.format('v.num')} "
            f"WHEN {alike} AND min({term} & 15) = {KINDS['n']} AND NOT bool_or(contains(t.text, '#decimal')) THEN {best.format('v.num')} "
            f"ELSE {sql_error('least or greatest of values of several kinds')} END"
        )

    def _having(self, expression: Expression, rows: Relation) -> str:
        match expression:
            case Call(
                "<" | ">" | "<=" | ">=" | "=" | "!=" as name, (Aggregate("COUNT") as count, ox.Literal(value=number))
            ):
                if number.isdigit():
                    return f"{self._count(count, rows)} {'<>' if name == '!=' else name} {number}"
        raise Unsupported("HAVING")


def _argument(aggregate: Aggregate, rows: Relation) -> str:
    if not isinstance(aggregate.argument, Var) or aggregate.argument.name not in rows.columns:
        raise Unsupported("an aggregate of an expression")
    return aggregate.argument.name


def _exists_in(expression: Expression) -> Iterable[Exists]:
    """The outermost EXISTS of an expression."""
    if isinstance(expression, Exists):
        yield expression
    elif isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _exists_in(argument)


def _has_value(expression: Expression, rows: Relation) -> bool:
    """Whether an expression has a value in every row for certain."""
    match expression:
        case Var(name):
            return name in rows.columns and name not in rows.nullable
        case Call("COALESCE", arguments):
            return any(_has_value(argument, rows) for argument in arguments)
    return isinstance(expression, ox.NamedNode | ox.Literal)


def _plain(group: Group) -> list[Triple]:
    """The triple patterns of a group of nothing but these and filters of their variables; of any other group none."""
    triples: list[Triple] = []
    filtered: set[str] = set()
    for part in group.parts:
        if isinstance(part, Triple) and not isinstance(part.predicate, Var) and not may_be_empty(part.predicate):
            triples.append(part)
        elif isinstance(part, Filter) and not any(isinstance(node, Exists) for node in nodes(part)):
            filtered |= variables(part)
        else:
            return []
    return triples if filtered <= {name for triple in triples for name in variables(triple)} else []
