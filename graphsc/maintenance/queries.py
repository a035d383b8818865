"""What is kept of a query so that its answer can be kept up to date."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pyoxigraph as ox

from graphsc.maintenance.reach import Reach, reach
from graphsc.maintenance.restricting import filled, prepared
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.serialising import text
from graphsc.sparql.syntax import Ask, Group, Select, Triple, Var

FEW = 1000
"""Up to so many keys, looking up is quicker than gathering."""


@dataclass(frozen=True, slots=True)
class IncrementalQuery:
    """A query, how changes reach its key, and the query for few keys and for many; None where it cannot be so asked."""

    query: str
    reach: Reach
    few: str | None
    many: str | None

    def of(self, keys: Collection[object]) -> str:
        """The query for some keys."""
        text = self.few if len(keys) <= FEW else self.many
        assert text is not None
        return filled(text, keys)


@dataclass(frozen=True, slots=True)
class Output:
    """Where the key stands in what a rule derives.

    With ``anchor``, the key is the object of that property of a subject that the rule makes up, and all that is said of
    the subject goes with it. Otherwise ``subject`` says whether it is the subject of every triple, or the object.
    """

    subject: bool = True
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A derivation rule to be kept up to date; ``output`` is None where its triples tell no key."""

    name: str
    kept: IncrementalQuery | None
    output: Output | None


@lru_cache(maxsize=4096)
def kept_select(query: str, key: str) -> IncrementalQuery:
    """A SELECT, kept by one of its variables. Raises ValueError for one that cannot be read."""
    read_query = read(query)
    if isinstance(read_query, Ask):
        raise ValueError("an ASK has no rows")  # noqa: TRY004 - it is what was written that is wrong
    few, many = (prepared(read_query, key, few=few) for few in (True, False))
    if not isinstance(few, Select) or not isinstance(many, Select):
        return IncrementalQuery(query, reach(read_query, key), None, None)
    return IncrementalQuery(query, reach(read_query, key), text(few), text(many))


@lru_cache(maxsize=4096)
def kept_rule(name: str, query: str) -> KeptRule:
    """A CONSTRUCT with a template, kept by a variable that tells its triples apart."""
    rule = read_construct(query)
    where = rule.where
    if rule.rows != Select((), where):  # it takes a few of its rows, or groups them
        return KeptRule(name, None, None)
    rules: list[KeptRule] = []
    for key, output in _keys(rule.template):
        few, many = (prepared(where, key, few=few) for few in (True, False))
        if isinstance(few, Group) and isinstance(many, Group):
            texts = (text(replace(rule, rows=Select((), group))) for group in (few, many))
            kept = IncrementalQuery(query, reach(where, key), *texts)
            if kept.reach.local:
                return KeptRule(name, kept, output)
            rules.append(KeptRule(name, kept, output))
    return rules[0] if rules else KeptRule(name, None, None)


def _keys(triples: Sequence[Triple]) -> Iterator[tuple[str, Output]]:
    """The variables by which the triples of a template can be told apart, the best first."""
    for subject in (True, False):
        ends = {triple.subject if subject else triple.object for triple in triples}
        if len(ends) == 1 and isinstance(end := ends.pop(), Var):
            yield end.name, Output(subject)
    if len({triple.subject for triple in triples}) == 1:
        for triple in triples:
            if isinstance(triple.object, Var) and isinstance(triple.predicate, ox.NamedNode):
                yield triple.object.name, Output(anchor=triple.predicate.value)
