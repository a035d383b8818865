"""Facts and absences in words: a triple, or a pattern that is not there, as a person would note it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, XSD_DATE
from graphsc.graph.context import RUN
from graphsc.graph.dataset import Term, plain
from graphsc.graph.labels import Labels, spoken
from graphsc.sparql import syntax
from graphsc.sparql.patterns import Pattern, properties
from graphsc.sparql.syntax import Path, Triple, Var

Bindings = Mapping[str, Term]
Place = syntax.Term | Path
"""What may stand in a triple pattern."""

_TYPE = ox.NamedNode(RDF_TYPE)
_SOMETHING = Text("noget", "something")
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_DATES = {
    "<": Text("før", "before"),
    "<=": Text("senest", "by"),
    ">": Text("efter", "after"),
    ">=": Text("tidligst", "not before"),
}
_NUMBERS = {
    "<": Text("under", "under"),
    "<=": Text("højst", "at most"),
    ">": Text("over", "over"),
    ">=": Text("mindst", "at least"),
}
_AND = Text(" og ", " and ")
_OTHER = Text("andet end", "other than")


def ground(term: Place, row: Bindings) -> Term | None:
    """What a place of a pattern stands for under some bindings; None for an open variable and for a path."""
    if isinstance(term, Var):
        return row.get(term.name)
    return term if isinstance(term, ox.NamedNode | ox.Literal) else None


class Phrases:
    """Puts facts and absences into words, with the names that the dataset has for things."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels

    def fact(self, subject: Term, verb: Term | Var | Path, value: Term) -> Text:
        """A triple; the verb may be a path."""
        start, end = self._name(subject), self._name(value)
        if verb == _TYPE:
            return Text(f"{start.da} er {end.da}", f"{start.en} is {end.en}")
        between = self._verb(verb)
        return Text(f"{start.da} – {between.da}: {end.da}", f"{start.en} – {between.en}: {end.en}")

    def absence(self, group: Pattern, row: Bindings, stated: frozenset[Triple] = frozenset()) -> Text:
        """What a pattern says must not be there, without what was ``said`` before it."""
        what = self._pattern(group, row, stated)
        return Text(f"ikke registreret: {what.da}", f"not recorded: {what.en}")

    def _pattern(self, group: Pattern, row: Bindings, stated: frozenset[Triple]) -> Text:
        limits, vague = self._limits(group, row)
        fresh = [triple for triple in group.triples if triple not in stated] or group.triples

        def within(*kinds: str) -> list[Text]:
            return [self._pattern(inner, row, stated) for inner in group.within if inner.kind in kinds]

        choices = Text.joined(Text(" eller ", " or "), within("either"))
        text = Text.joined(_AND, [*self._clauses(fresh, row, limits), *within("and", "optional"), choices])
        text = Text.joined(Text(", uden ", ", without "), [text, *within("absent")])
        if vague:
            return Text(f"{text.da} (under en nærmere betingelse)", f"{text.en} (on a further condition)")
        return text

    def _clauses(self, triples: Sequence[Triple], row: Bindings, limits: Mapping[Place, Text]) -> Iterator[Text]:
        """What is said of each subject; what is said of an open object stands in brackets after it."""
        about: dict[syntax.Term, list[Triple]] = {}
        for triple in triples:
            if ground(triple.subject, row) != RUN:
                about.setdefault(triple.subject, []).append(triple)
        bracketed = {
            triple.object
            for triple in triples
            if triple.object in about and triple.object != triple.subject and ground(triple.object, row) is None
        }
        if len(bracketed) == len(about):  # a ring of open variables has to begin somewhere
            bracketed.clear()

        def parts(subject: syntax.Term, above: frozenset[syntax.Term]) -> Text:
            result = []
            for triple in about[subject]:
                rest = self._rest(triple, row, limits)
                if triple.object in bracketed and triple.object not in above:
                    inside = parts(triple.object, above | {triple.object})
                    rest = Text(
                        f"{rest.da}: {_SOMETHING.da} ({inside.da})", f"{rest.en}: {_SOMETHING.en} ({inside.en})"
                    )
                result.append(rest)
            return Text.joined(Text.same("; "), result)

        for subject in about:
            if subject not in bracketed:
                term = ground(subject, row)
                name = _SOMETHING if term is None else self._name(term)
                stated = parts(subject, frozenset({subject}))
                yield Text(f"{name.da} – {stated.da}", f"{name.en} – {stated.en}")

    def _limits(self, group: Pattern, row: Bindings) -> tuple[dict[Place, Text], bool]:
        """What the FILTERs of a group say of its open variables, and whether they say more than that."""
        named = {triple.object for triple in group.triples if isinstance(triple.object, Var)}
        result: dict[Place, Text] = self._shared(group, row)
        vague = group.conditional or any(inner.kind in {"asked", "select"} for inner in group.within)
        for comparison in group.comparisons:
            left, right = ground(comparison.left, row), ground(comparison.right, row)
            if left is None and right is not None and comparison.left in named:
                result[comparison.left] = self._limit(comparison.operator, right)
            elif right is None and left is not None and comparison.right in named:
                result[comparison.right] = self._limit(_FLIPPED[comparison.operator], left)
            elif left is None or right is None:
                vague = True
        return result, vague

    def _shared(self, group: Pattern, row: Bindings) -> dict[Place, Text]:
        """The open variables that several subjects have for a value, numbered where they are several."""
        subjects: dict[Var, set[syntax.Term]] = {}
        for triple in group.triples:
            if isinstance(triple.object, Var) and ground(triple.object, row) is None:
                subjects.setdefault(triple.object, set()).add(triple.subject)
        about = {triple.subject for triple in group.triples}
        shared = [var for var, having in subjects.items() if len(having) > 1 and var not in about]
        return {
            var: Text(f"den samme{mark}", f"the same{mark}")
            for var, mark in zip(
                shared, [""] if len(shared) == 1 else [f" ({n})" for n, _ in enumerate(shared, 1)], strict=True
            )
        }

    def _limit(self, operator: str, value: Term) -> Text:
        name = self._name(value)
        if operator == "=":
            return name
        words = _DATES if isinstance(value, ox.Literal) and value.datatype.value == XSD_DATE else _NUMBERS
        word = words.get(operator, _OTHER)
        return Text(f"{word.da} {name.da}", f"{word.en} {name.en}")

    def _rest(self, triple: Triple, row: Bindings, limits: Mapping[Place, Text]) -> Text:
        """A triple pattern without its subject; an open object says nothing and is left out."""
        verb = ground(triple.predicate, row)
        between = self._verb(triple.predicate if verb is None else verb)
        value = ground(triple.object, row)
        name = limits.get(triple.object) if value is None else self._name(value)
        if triple.predicate == _TYPE and name is not None:
            return Text(f"er {name.da}", f"is {name.en}")
        return between if name is None else Text(f"{between.da}: {name.da}", f"{between.en}: {name.en}")

    def _verb(self, verb: Term | Var | Path) -> Text:
        if isinstance(verb, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple):
            return self._name(verb)
        parts = [self._labels[part] for part in properties(verb)]
        return Text.joined(Text.same("/"), parts) if parts else _SOMETHING

    def _name(self, term: Term) -> Text:
        if isinstance(term, ox.Literal):
            return spoken(term.value, term.datatype.value)
        return self._labels[term.value] if isinstance(term, ox.NamedNode) else Text.same(plain(term))
