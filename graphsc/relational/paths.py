"""Triple patterns and property paths as tables of pairs. Source: SPARQL 1.1, sections 9 and 18.4."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.graph.backend import Unsupported
from graphsc.relational.relations import Relation, Relations, column
from graphsc.sparql.syntax import Alternative, Inverse, Path, Repeat, Sequence, Term, Triple, Var, nodes


class Patterns(Relations):
    """Compiles triple patterns."""

    def pattern(self, triple: Triple, rows: Relation | None) -> Relation:
        """The rows of a triple pattern; a path that may have no length starts from the ``rows`` before it.

        Raises Unsupported.
        """
        predicate = triple.predicate
        ends = [(triple.subject, "s"), (triple.object, "o")]
        if isinstance(predicate, Var):
            source = "triple"
            self.bound_outside.add(predicate.name)
            ends.append((predicate, "p"))
        elif may_be_empty(predicate):
            source = self._star(triple, rows)
        else:
            source = self._pairs(predicate)
        columns: dict[str, str] = {}
        where: list[str] = []
        for term, end in ends:
            name = _name(term)
            if name is None:
                assert isinstance(term, ox.NamedNode | ox.Literal)
                where.append(f"{end} = {self.tables.constant(term)}")
            elif name in columns:
                where.append(f"{end} = {columns[name]}")
            else:
                columns[name] = end
        selected = ", ".join(f"{end} AS {column(name)}" for name, end in columns.items()) or "1 AS one"
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        return self.relation(f"SELECT {selected} FROM {source}{condition}", columns)

    def can_start(self, triple: Triple, rows: Relation | None) -> bool:
        """Whether a pattern can be compiled after these rows: a path that may have no length needs an end that is bound."""
        if isinstance(triple.predicate, Var) or not may_be_empty(triple.predicate):
            return True
        return self._bound_end(triple, rows) is not None

    def _bound_end(self, triple: Triple, rows: Relation | None) -> str | None:
        """The query of the nodes at an end that is bound, without terms that are not in the graph, as in Oxigraph."""
        is_node = "IN (SELECT s FROM triple UNION ALL SELECT o FROM triple)"
        for term in (triple.subject, triple.object):
            name = _name(term)
            if name is None:
                assert isinstance(term, ox.NamedNode | ox.Literal)
                return f"SELECT {self.tables.constant(term)} AS n WHERE n {is_node}"
            if rows is not None and name in rows.columns and name not in rows.nullable:
                where = f" WHERE n {is_node}" if name in self.bound_outside else ""
                return f"SELECT DISTINCT {column(name)} AS n FROM {rows.name}{where}"
        return None

    def _star(self, triple: Triple, rows: Relation | None) -> str:
        """The pairs of a path that may have no length, from the end that is bound."""
        nodes = self._bound_end(triple, rows)
        if nodes is None:
            raise Unsupported("a path of no length between unbound ends")
        assert isinstance(triple.predicate, Repeat)
        return self.step(
            f"SELECT s, o FROM {self._at_least_one_step(triple.predicate)} UNION SELECT n, n FROM ({nodes})"
        )

    def _at_least_one_step(self, path: Repeat) -> str:
        return self._pairs(path.path if path.sign == "?" else Repeat(path.path, "+"))

    def _pairs(self, path: Path) -> str:
        """The table of the pairs of a path of one step or more; that of a path with ``*`` or ``+`` is kept for all queries."""
        if not any(isinstance(step, Repeat) and step.sign in "*+" for step in nodes(path)):
            return self._steps_of(path)
        inner = Patterns(self.tables)
        repeated = isinstance(path, Repeat) and path.sign == "+"
        pairs = inner._pairs(path.path) if isinstance(path, Repeat) and repeated else inner._steps_of(path)
        properties = [step.value for step in nodes(path) if isinstance(step, ox.NamedNode)]
        return self.tables.path(inner.with_steps(f"SELECT s, o FROM {pairs}"), properties, repeated=repeated)

    def _steps_of(self, path: Path) -> str:
        match path:
            case ox.NamedNode(value=iri):
                return self.tables.table(iri)
            case Inverse(inner):
                return self.step(f"SELECT o AS s, s AS o FROM {self._pairs(inner)}")
            case Alternative(paths):
                return self.step(" UNION ".join(f"SELECT s, o FROM {self._pairs(branch)}" for branch in paths))
            case Sequence(paths):
                return self._sequence(paths)
        raise Unsupported(f"the path {type(path).__name__}")

    def _sequence(self, paths: tuple[Path, ...]) -> str:
        first = next((n for n, path in enumerate(paths) if not may_be_empty(path)), None)
        if first is None:
            raise Unsupported("a path of no length between unbound ends")
        table = self._pairs(paths[first])
        for path in paths[first + 1 :]:
            table = self._then(table, path, "a.s, b.o FROM {a} a JOIN {b} b ON a.o = b.s")
        for path in reversed(paths[:first]):
            table = self._then(table, path, "b.s, a.o FROM {a} a JOIN {b} b ON b.o = a.s")
        return table

    def _then(self, table: str, path: Path, joined: str) -> str:
        if not may_be_empty(path):
            return self.step("SELECT " + joined.format(a=table, b=self._pairs(path)))
        assert isinstance(path, Repeat)
        further = joined.format(a=table, b=self._at_least_one_step(path))
        return self.step(f"SELECT s, o FROM {table} UNION SELECT {further}")


def may_be_empty(path: Path) -> bool:
    """Whether a path is a repetition that may have no length."""
    return isinstance(path, Repeat) and path.sign in "*?"


def _name(term: Term) -> str | None:
    if isinstance(term, Var):
        return term.name
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else None
