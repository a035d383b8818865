"""Silent mistakes in queries: patterns that match nothing, sums that count twice, dates as text.

Only certain mistakes are reported: patterns of the query are matched with the data, one or two at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import combinations

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core import vocabulary as v
from graphsc.core.text import Text
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import Labels
from graphsc.sources.terms import Terms
from graphsc.sparql import syntax
from graphsc.sparql.patterns import Pattern, pattern
from graphsc.sparql.reading import read
from graphsc.sparql.serialising import expression, group, text
from graphsc.sparql.syntax import COMPARISONS, Aggregate, Call, Projected, Select, Triple, Var, nodes

_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_TYPE = ox.NamedNode(v.RDF_TYPE)
_MOST = 3
"""The most things that are named."""


class Pitfalls:
    """The pitfalls of one query on one dataset; ``terms`` are those of the ontology and of the data."""

    def __init__(self, dataset: Dataset, query: str, terms: Terms) -> None:
        self._dataset, self._terms = dataset, terms
        self._prefixes = sorted(sparql.prefixes(query).items(), key=lambda item: -len(item[1]))
        self._tree = _tree(query)

    def written(self) -> Iterator[Text]:
        """Mistakes whatever the data are: dates as text, and durations used as numbers."""
        for literal in dict.fromkeys(_dates_as_text(self._tree)):
            shown = f'"{literal.value}"'
            yield Text(
                f"{shown} er tekst og ingen dato, så intet er mindre end, større end eller lig med den. Skriv {shown}^^xsd:date.",
                f"{shown} is text and no date, so nothing is before, after or equal to it. Write {shown}^^xsd:date.",
            )
        for call in dict.fromkeys(self._periods_as_numbers()):
            shown = " - ".join(f"?{variable}" for variable in call)
            days = f'xsd:integer(REPLACE(STR({shown}), "[PD]", ""))'
            yield Text(
                f"{shown} er et tidsrum som P21D og intet tal, så udregningen er uden værdi. Sammenlign med "
                f'"P30D"^^xsd:dayTimeDuration; antallet af dage er {days}, og 0 hvor de to er ens.',
                f"{shown} is a period such as P21D and no number, so the expression has no value. Compare with "
                f'"P30D"^^xsd:dayTimeDuration; the number of days is {days}, and 0 where the two are equal.',
            )

    def matched(self) -> Iterator[Text]:
        """Patterns that nothing in the data matches: single ones, or two with a common variable."""
        for inner, absent in self._conjunctions:
            if self._holds(*filter(_plain, inner.triples)):  # if all match together, each does
                continue
            never = [triple for triple in inner.triples if self._is_of_the_data(triple) and not self._holds(triple)]
            for triple in never:
                shown, hint = self._as_text(triple), self._hint(triple)
                so = Text("det mangler overalt", "it is missing everywhere") if absent else _NO_ROWS
                yield Text(
                    f"Intet i data passer på {shown}, så {so.da}.{hint.da}",
                    f"Nothing in the data matches {shown}, so {so.en}.{hint.en}",
                )
            if not never:
                yield from self._apart(inner.triples, absent=absent)

    def kept(self) -> Iterator[Text]:
        """Registers that are not kept and that a negation depends on."""
        negated = {
            node.value
            for inner, absent in self._conjunctions
            if absent
            for node in nodes(inner.triples)
            if isinstance(node, ox.NamedNode) and node.value in self._terms.concepts
        }
        labels = Labels(self._dataset)
        for concept in sorted(negated):
            without: dict[str, list[str]] = {}
            for row in self._dataset.select(_WITHOUT, concept=ox.NamedNode(concept)):
                without.setdefault(plain(row["register"]), []).append(plain(row["agreement"]))
            for register, agreements in sorted(without.items()):
                name, what = labels[register], listed(labels[agreement] for agreement in agreements)
                yield Text(
                    f"Registeret over {name.da} føres ikke for {what.da}: at noget mangler dér, siger intet.",
                    f"The register of {name.en} is not kept for {what.en}: that something is missing there says nothing.",
                )

    def repeated(self) -> Iterator[Text]:
        """Aggregates that count a thing several times, since the pattern has several rows for it; for a merge only."""
        for select in nodes(self._tree) if self._dataset.merged else ():
            if not isinstance(select, Select) or not select.aggregates:
                continue
            for aggregate in _aggregates(select):
                assert isinstance(aggregate.argument, Var)
                key = _key(select, aggregate)
                if key is None:
                    continue
                counted = Projected(Var("graphsc_times"), Aggregate("COUNT"))
                counting = replace(
                    select, projected=(*map(Projected, key), counted), distinct="", group_by=key, having=(),
                    order=(("DESC", counted.variable),), limit=1, offset=None, values=None,
                )  # fmt: skip
                rows = self._dataset.ask(text(counting))
                assert isinstance(rows, ox.QuerySolutions)
                times = max((int(row["graphsc_times"].value) for row in rows), default=0)
                if times > 1:
                    yield _repetition(aggregate, key, times)

    @cached_property
    def _conjunctions(self) -> list[tuple[Pattern, bool]]:
        """The patterns whose triples must all match, and those that must not (``absent``)."""
        if not isinstance(self._tree, Select | syntax.Ask):
            return []
        try:
            return list(_below(pattern(self._tree.where), absent=False))
        except ValueError:  # it has GRAPH or blank nodes
            return []

    def _is_of_the_data(self, triple: Triple) -> bool:
        """Whether a pattern is about recorded facts: derived ones may well be absent; unknown terms have a note of their own."""
        predicate, value = triple.predicate, triple.object
        if not isinstance(predicate, ox.NamedNode):
            return False
        if predicate == _TYPE:
            cls = self._terms.classes.get(value.value) if isinstance(value, ox.NamedNode) else None
            return cls is not None and not cls.derived
        prop = self._terms.properties.get(predicate.value)
        if isinstance(value, ox.NamedNode) and _is_ours(value) and value.value not in self._terms.concepts:
            return False
        if isinstance(value, ox.Literal) and _day_as_text(value):
            return False
        if prop is None:
            return isinstance(value, ox.Literal)
        return not prop.derived and prop.inverse_of is None

    def _holds(self, *triples: Triple) -> bool:
        return bool(self._dataset.run(f"SELECT * WHERE {group(syntax.Group(triples))} LIMIT 1"))

    def _apart(self, triples: Iterable[Triple], *, absent: bool) -> Iterator[Text]:
        """Pairs of patterns that each match, but never together, with the reason if their variable would need two classes."""
        for left, right in combinations(triples, 2):
            shared = sorted(_ends(left) & _ends(right))
            if not shared or not (_plain(left) and _plain(right)) or self._holds(left, right):
                continue
            name = next(
                (name for name in shared if not self._fit(self._classes(left, name), self._classes(right, name))), None
            )
            if name is not None:
                yield self._both(name, (left, self._classes(left, name)), (right, self._classes(right, name)))
            elif not absent and self._holds(left) and self._holds(right):
                first, second = self._as_text(left), self._as_text(right)
                yield Text(
                    f"Intet i data passer på både {first} og {second}, så {_NO_ROWS.da}.",
                    f"Nothing in the data matches both {first} and {second}, so {_NO_ROWS.en}.",
                )
            return

    def _both(self, name: str, left: tuple[Triple, tuple[str, ...]], right: tuple[Triple, tuple[str, ...]]) -> Text:
        first, second = self._being(*left, name), self._being(*right, name)
        ways = self._ways(left[1], right[1])
        hint = Text(f" Imellem de to fører {ways}.", f" Between the two lead {ways}.") if ways else Text("", "")
        return Text(
            f"Ingen rækker: ?{name} skulle både {first.da} og {second.da}.{hint.da}",
            f"No rows: ?{name} would have to {first.en} and to {second.en}.{hint.en}",
        )

    def _being(self, triple: Triple, classes: tuple[str, ...], name: str) -> Text:
        names = [self._short(ox.NamedNode(iri)) for iri in classes]
        if len(names) > _MOST:
            names[_MOST:] = ["…"]
        what = "/".join(names)
        if triple.predicate == _TYPE:
            return Text(f"være {what}", f"be {what}")
        shown = self._path(triple)
        if triple.subject == Var(name):
            return Text(f"have {shown}, som kun {what} har", f"have {shown}, which only {what} has")
        return Text(f"være værdi af {shown}, som er {what}", f"be a value of {shown}, which is {what}")

    def _ways(self, left: tuple[str, ...], right: tuple[str, ...]) -> str:
        """The properties that lead from a thing of one class to one of another."""
        if len(left) > 1 or len(right) > 1:
            return ""
        ways = [
            f"g:{v.local_name(prop.iri)}"
            for prop in self._terms.properties.values()
            if prop.domains and prop.ranges and prop.inverse_of is None
            for start, end in ((left, right), (right, left))
            if set(prop.domains) & set(start) and self._fit(prop.ranges, end)
        ]
        return ", ".join(sorted(set(ways))[:_MOST])

    def _classes(self, triple: Triple, name: str) -> tuple[str, ...]:
        """The classes of a variable by a pattern; none where it may be of any class."""
        predicate = triple.predicate
        if predicate == _TYPE:
            iri = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
            return (iri,) if iri in self._terms.classes and triple.subject == Var(name) else ()
        prop = self._terms.properties.get(predicate.value) if isinstance(predicate, ox.NamedNode) else None
        if prop is None or (triple.subject == triple.object):
            return ()
        return prop.domains if triple.subject == Var(name) else prop.ranges

    def _fit(self, left: Iterable[str], right: Iterable[str]) -> bool:
        """Whether a thing may be of a class of both; always where one has no classes."""
        is_a, these, those = self._terms.is_a, tuple(left), tuple(right)
        return not (these and those) or any(is_a(a, b) or is_a(b, a) for a in these for b in those)

    def _hint(self, triple: Triple) -> Text:
        """The value that was likely meant by a text that no record has."""
        value = triple.object
        if not isinstance(value, ox.Literal) or not isinstance(triple.predicate, ox.NamedNode):
            return _UNRECORDED
        prop = self._terms.properties.get(triple.predicate.value)
        if prop is not None and prop.worded:
            return _meant((iri := self._terms.meant(value.value, prop)) and self._short(ox.NamedNode(iri)))
        if prop is not None and not prop.literal:
            return Text(
                " Værdien er en ting og ikke en tekst: Spørg om dens rdfs:label.",
                " The value is a thing and not a text: ask for its rdfs:label.",
            )
        meant = (
            f"?any {expression(triple.predicate)} ?value . FILTER(STR(?value) = {expression(ox.Literal(value.value))})"
        )
        other = self._dataset.select(f"SELECT * WHERE {{ {meant} }} LIMIT 1")
        return _meant(str(other[0]["value"]) if other else None)

    def _periods_as_numbers(self) -> Iterator[tuple[str, ...]]:
        dates = {
            triple.object.name
            for triple in nodes(self._tree)
            if isinstance(triple, Triple) and isinstance(triple.object, Var) and self._is_date(triple.predicate)
        }
        for node in nodes(self._tree):
            match node:
                case Aggregate("SUM" | "AVG", argument):
                    taken: tuple[object, ...] = (argument,)
                case Call("*" | "/", arguments):
                    taken = arguments
                case Call(ox.NamedNode() as cast, arguments) if cast.value in v.NUMBERS:
                    taken = arguments
                case Call(str() as sign, arguments) if sign in COMPARISONS and any(
                    isinstance(term, ox.Literal) and term.datatype.value in v.NUMBERS for term in arguments
                ):
                    taken = arguments
                case _:
                    continue
            for call in taken:
                if isinstance(call, Call) and call.name == "-":
                    names = tuple(term.name for term in call.arguments if isinstance(term, Var))
                    if len(names) == len(call.arguments) and set(names) <= dates:
                        yield names

    def _is_date(self, predicate: object) -> bool:
        prop = self._terms.properties.get(predicate.value) if isinstance(predicate, ox.NamedNode) else None
        return prop is not None and v.XSD_DATE in (prop.range, *prop.ranges)

    def _as_text(self, triple: Triple) -> str:
        ends = (self._short(triple.subject), self._path(triple), self._short(triple.object))
        return f"“{' '.join(ends)}”"

    def _path(self, triple: Triple) -> str:
        if triple.predicate == _TYPE:
            return "a"
        return self._short(triple.predicate) if isinstance(triple.predicate, ox.NamedNode) else "…"

    def _short(self, term: syntax.Term) -> str:
        if isinstance(term, ox.NamedNode):
            for prefix, home in self._prefixes:
                if home and term.value.startswith(home):
                    return f"{prefix}:{term.value.removeprefix(home)}"
        return expression(term) if not isinstance(term, ox.BlankNode) else "[]"


_NO_ROWS = Text("der er ingen rækker", "there are no rows")
_UNRECORDED = Text(
    " Det er ikke registreret; at det ikke findes, er ikke sagt.",
    " It is not recorded; that there is none is not said.",
)
_WITHOUT = f"""
SELECT DISTINCT ?concept ?register ?agreement WHERE {{
  ?rule <{v.G}evidence> ?concept ; <{v.G}register> ?register ; <{v.G}appliesTo> ?situation .
  ?subject a ?situation ; <{v.G}unkept> ?register .
  OPTIONAL {{ ?subject <{v.G}keeper> ?keeper }}
  BIND(COALESCE(?keeper, ?subject) AS ?agreement)
}} ORDER BY ?register ?agreement"""


def _tree(query: str) -> Select | syntax.Ask | None:
    """The query as a tree; None for one that gives a graph, and for one that only the engine can parse."""
    try:
        return read(query)
    except ValueError:
        return None


def _below(inner: Pattern, *, absent: bool) -> Iterator[tuple[Pattern, bool]]:
    yield inner, absent
    for part in inner.children:
        if part.kind in {"and", "select"}:
            yield from _below(part, absent=absent)
        elif part.kind == "absent" and not absent:
            yield from _below(part, absent=True)


def _is_ours(node: ox.NamedNode) -> bool:
    return node.value.startswith(v.ROOT)


def _day_as_text(literal: ox.Literal) -> bool:
    return literal.datatype.value == v.XSD_STRING and _DAY.fullmatch(literal.value) is not None and "-" in literal.value


def _dates_as_text(tree: object) -> Iterator[ox.Literal]:
    """Texts that look like a date and are compared with a variable, or are the value of a property of the ontology."""
    for node in nodes(tree):
        match node:
            case Call(str() as sign, (left, right)) if sign in COMPARISONS:
                for literal, variable in ((left, right), (right, left)):
                    if isinstance(literal, ox.Literal) and isinstance(variable, Var) and _day_as_text(literal):
                        yield literal
            case Triple(_, ox.NamedNode() as predicate, ox.Literal() as value) if _is_ours(predicate):
                if _day_as_text(value):
                    yield value


def _plain(triple: Triple) -> bool:
    return isinstance(triple.predicate, ox.NamedNode)


def _ends(triple: Triple) -> set[str]:
    return {term.name for term in (triple.subject, triple.object) if isinstance(term, Var)}


def _aggregates(select: Select) -> list[Aggregate]:
    """The sums, averages and counts of one variable over all rows."""
    columns = [column.expression for column in select.projected if column.expression is not None]
    return [
        node
        for node in nodes((*columns, *select.having))
        if isinstance(node, Aggregate)
        and node.name in {"SUM", "AVG", "COUNT"}
        and not node.distinct
        and isinstance(node.argument, Var)
    ]


def _key(select: Select, aggregate: Aggregate) -> tuple[Var, ...] | None:
    """The variables that should be distinct in each group: the thing that is counted, or the thing with the number that is added."""
    assert isinstance(aggregate.argument, Var)
    if not all(isinstance(item, Var) for item in select.group_by):
        return None
    groups = tuple(item for item in select.group_by if isinstance(item, Var))
    if aggregate.name == "COUNT":
        return tuple(dict.fromkeys((aggregate.argument, *groups)))
    bearers = [
        part.subject
        for part in nodes(select.where)
        if isinstance(part, Triple) and part.object == aggregate.argument and isinstance(part.subject, Var)
    ]
    return tuple(dict.fromkeys((bearers[0], aggregate.argument, *groups))) if bearers else None


def _meant(candidate: str | None) -> Text:
    return Text("", "") if candidate is None else Text(f" Mente du {candidate}?", f" Did you mean {candidate}?")


def _repetition(aggregate: Aggregate, key: tuple[Var, ...], times: int) -> Text:
    assert isinstance(aggregate.argument, Var)
    name, first = f"{aggregate.name}(?{aggregate.argument.name})", f"?{key[0].name}"
    if aggregate.name == "COUNT":
        return Text(
            f"{name} tæller samme {first} op til {times} gange. Skriv COUNT(DISTINCT {first}) for at tælle hver én gang.",
            f"{name} counts the same {first} up to {times} times. Write COUNT(DISTINCT {first}) to count each once.",
        )
    return Text(
        f"{name} regner samme {first} med op til {times} gange, fordi resten af mønsteret giver flere rækker for den. "
        "Saml først med { SELECT DISTINCT … }.",
        f"{name} takes the same {first} up to {times} times, since the rest of the pattern gives several rows of it. "
        "Gather first with { SELECT DISTINCT … }.",
    )


def listed(names: Iterable[Text]) -> Text:
    """The first few names, and the number of the others."""
    every = list(names)
    more = len(every) - _MOST
    shown = Text.per_language(lambda language: ", ".join(name[language] for name in every[:_MOST]))
    return Text(f"{shown.da} og {more} til", f"{shown.en} and {more} more") if more > 0 else shown
