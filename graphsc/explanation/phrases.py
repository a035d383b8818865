"""Facts and absences in words: a triple, a pattern that has no match, the triples of a path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, XSD_DATE
from graphsc.graph.backend import Term
from graphsc.graph.context import RUN
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import Labels, spoken
from graphsc.sparql import syntax
from graphsc.sparql.patterns import Pattern, properties, repeated
from graphsc.sparql.syntax import Path, Repeat, Triple, Var


def path_triples(dataset: Dataset, start: Term, path: Var | Path, end: Term) -> list[ox.Triple] | None:
    """The triples of a shortest match between two nodes, of equal ones the first in order; None for other forms of path.

    The forms are ``p*``, ``p+``, and ``p/q*`` as in targets by class.
    """
    if (step := repeated(path)) is not None:
        return _along(dataset, start, step, end)
    match path:
        case syntax.Sequence((ox.NamedNode() as first, Repeat(ox.NamedNode() as further, "*"))):
            matches = [
                [triple, *_along(dataset, triple.object, further, end)] for triple in _from(dataset, start, first)
            ]
            return min(
                (steps for steps in matches if steps[-1].object == end),
                key=lambda steps: (len(steps), str(steps)),
                default=[],
            )
        case _:
            return None


def _from(dataset: Dataset, node: Term, step: ox.NamedNode) -> set[ox.Triple]:
    if isinstance(node, (ox.Literal, ox.Triple)):
        return set()
    return {quad.triple for quad in dataset.statements(step.value, node)}


def _along(dataset: Dataset, start: Term, step: ox.NamedNode, end: Term) -> list[ox.Triple]:
    """The triples of a shortest path along one property; empty where both ends are the same, or where there is no path."""
    previous: dict[Term, ox.Triple | None] = {start: None}
    frontier = [start]
    while frontier and end not in previous:
        new = {triple for node in frontier for triple in _from(dataset, node, step) if triple.object not in previous}
        previous |= {triple.object: triple for triple in sorted(new, key=str, reverse=True)}
        frontier = sorted({triple.object for triple in new}, key=str)
    result: list[ox.Triple] = []
    while (last := previous.get(end)) is not None:
        result.append(last)
        end = last.subject
    return result[::-1]


Bindings = Mapping[str, Term]
Place = syntax.Term | Path
"""A term or path of a triple pattern."""

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
    """The term of a place of a pattern under some bindings; None for an unbound variable and for a path."""
    if isinstance(term, Var):
        return row.get(term.name)
    return term if isinstance(term, ox.NamedNode | ox.Literal) else None


def _a(noun: str) -> str:
    """A noun with its indefinite article."""
    return f"{'an' if noun[:1].casefold() in 'aeio' else 'a'} {noun}"


@dataclass(frozen=True, slots=True)
class _Clause:
    """The triples of a pattern with one subject, in words; ``name`` is None for an unbound subject."""

    name: Text | None
    phrase: Text

    def text(self) -> Text:
        name = self.name or _SOMETHING
        return Text(f"{name.da} – {self.phrase.da}", f"{name.en} – {self.phrase.en}")

    def absent(self) -> Text:
        """That no such triples are recorded."""
        phrase = self.phrase
        if self.name is None:
            return Text(f"der er ikke registreret noget med »{phrase.da}«", f"nothing is recorded with “{phrase.en}”")
        return Text(
            f"for {self.name.da} er der ikke registreret »{phrase.da}«",
            f"for {self.name.en}, “{phrase.en}” is not recorded",
        )


class Phrases:
    """Puts facts and absences into words, with the labels of the dataset."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels

    def fact(self, subject: Term, verb: Term | Var | Path, value: Term) -> Text:
        """A triple in words; the verb may be a path."""
        first, second = self._name(subject), self._value(value, verb)
        if verb == _TYPE:
            return Text(f"{first.da} er {second.da}", f"{first.en} is {_a(second.en)}")
        between = self._verb(verb)
        return Text(f"{first.da} – {between.da}: {second.da}", f"{first.en} – {between.en}: {second.en}")

    def absence(self, group: Pattern, row: Bindings, stated: frozenset[Triple] = frozenset()) -> Text:
        """A pattern without a match in words, without the triples that were ``stated`` before it."""
        clauses, others, vague = self._read(group, row, stated)
        if len(clauses) == 1 and not others and not vague:
            return clauses[0].absent()
        what = self._pattern(group, row, stated)
        return Text(f"der er ikke registreret »{what.da}«", f"“{what.en}” is not recorded")

    def _pattern(self, group: Pattern, row: Bindings, stated: frozenset[Triple]) -> Text:
        clauses, others, vague = self._read(group, row, stated)

        def within(*kinds: str) -> list[Text]:
            return [self._pattern(inner, row, stated) for inner in others if inner.kind in kinds]

        choices = Text.joined(Text(" eller ", " or "), within("either"))
        text = Text.joined(_AND, [*(clause.text() for clause in clauses), *within("and", "optional"), choices])
        text = Text.joined(Text(", uden ", ", without "), [text, *within("absent")])
        if vague:
            return Text(f"{text.da} (under en nærmere betingelse)", f"{text.en} (on a further condition)")
        return text

    def _read(
        self, group: Pattern, row: Bindings, stated: frozenset[Triple]
    ) -> tuple[list[_Clause], Sequence[Pattern], bool]:
        """The clauses of a group, its children, and whether it says more than can be put into words."""
        limits, implied, vague = self._limits(group, row)
        fresh = [triple for triple in group.triples if triple not in stated] or group.triples
        return list(self._clauses([t for t in fresh if t not in implied], row, limits)), group.children, vague

    def _clauses(self, triples: Sequence[Triple], row: Bindings, limits: Mapping[Place, Text]) -> Iterator[_Clause]:
        """A clause for each subject; the triples of an unbound object stand in brackets after it."""
        about: dict[syntax.Term, list[Triple]] = {}
        for triple in triples:
            if ground(triple.subject, row) != RUN:
                about.setdefault(triple.subject, []).append(triple)
        bracketed = {
            triple.object
            for triple in triples
            if triple.object in about and triple.object != triple.subject and ground(triple.object, row) is None
        }
        if len(bracketed) == len(about):  # a cycle of unbound variables has to begin somewhere
            bracketed.clear()

        def parts(described: Sequence[Triple], above: frozenset[syntax.Term]) -> Text:
            result = []
            for triple in sorted(described, key=lambda triple: triple.predicate != _TYPE):  # classes first
                phrase = self._predicate_and_object(triple, row, limits)
                if triple.object in bracketed and triple.object not in above:
                    inside = parts(about[triple.object], above | {triple.object})
                    phrase = Text(f"{phrase.da} ({inside.da})", f"{phrase.en} ({inside.en})")
                result.append(phrase)
            return Text.joined(Text.same("; "), result)

        for subject, described in about.items():
            if subject in bracketed:
                continue
            term = ground(subject, row)
            yield _Clause(None if term is None else self._name(term), parts(described, frozenset({subject})))

    def _limits(self, group: Pattern, row: Bindings) -> tuple[dict[Place, Text], set[Triple], bool]:
        """The limits of a group's unbound variables, the triples that these limits express, and whether the group says more."""
        named = {triple.object for triple in group.triples if isinstance(triple.object, Var)}
        result, implied = self._shared(group, row)
        vague = group.conditional or any(inner.kind in {"tested", "select"} for inner in group.children)
        for comparison in group.comparisons:
            left, right = ground(comparison.left, row), ground(comparison.right, row)
            if left is None and right is not None and comparison.left in named:
                result[comparison.left] = self._limit(comparison.operator, right)
            elif right is None and left is not None and comparison.right in named:
                result[comparison.right] = self._limit(_FLIPPED[comparison.operator], left)
            elif left is None or right is None:
                vague = True
        return result, implied, vague

    def _shared(self, group: Pattern, row: Bindings) -> tuple[dict[Place, Text], set[Triple]]:
        """The unbound variables that are values of several subjects: "the same as for" a subject that is bound.

        With the triple of that subject, which then says nothing more. Where no subject is bound, several variables are
        numbered.
        """
        by_object: dict[Var, list[Triple]] = {}
        for triple in group.triples:
            if isinstance(triple.object, Var) and ground(triple.object, row) is None:
                by_object.setdefault(triple.object, []).append(triple)
        about = {triple.subject for triple in group.triples}
        result: dict[Place, Text] = {}
        implied: set[Triple] = set()
        numbered: list[Var] = []
        for var, triples in by_object.items():
            if var in about or len({triple.subject for triple in triples}) < 2:
                continue
            subject_bound = [triple for triple in triples if ground(triple.subject, row) not in {None, RUN}]
            if subject_bound and len({triple.predicate for triple in triples}) == 1:
                name = self._name(ground(subject_bound[-1].subject, row) or RUN)
                result[var] = Text(f"den samme som for {name.da}", f"the same as for {name.en}")
                implied.add(subject_bound[-1])
            else:
                numbered.append(var)
        for number, var in enumerate(numbered, 1):
            mark = f" ({number})" if len(numbered) > 1 else ""
            result[var] = Text(f"den samme{mark}", f"the same{mark}")
        return result, implied

    def _limit(self, operator: str, value: Term) -> Text:
        name = self._name(value)
        if operator == "=":
            return name
        words = _DATES if isinstance(value, ox.Literal) and value.datatype.value == XSD_DATE else _NUMBERS
        word = words.get(operator, _OTHER)
        return Text(f"{word.da} {name.da}", f"{word.en} {name.en}")

    def _predicate_and_object(self, triple: Triple, row: Bindings, limits: Mapping[Place, Text]) -> Text:
        """A triple pattern without its subject; an unbound object without a limit is left out."""
        verb = ground(triple.predicate, row)
        between = self._verb(triple.predicate if verb is None else verb)
        value = ground(triple.object, row)
        name = limits.get(triple.object) if value is None else self._value(value, verb)
        if triple.predicate == _TYPE and name is not None:
            return Text(f"er {name.da}", f"is {_a(name.en)}")
        return between if name is None else Text(f"{between.da}: {name.da}", f"{between.en}: {name.en}")

    def _verb(self, verb: Term | Var | Path) -> Text:
        if isinstance(verb, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple):
            return self._name(verb)
        parts = [self._labels[part] for part in properties(verb)]
        return Text.joined(Text.same("/"), parts) if parts else _SOMETHING

    def _value(self, value: Term, verb: Term | Var | Path | None) -> Text:
        if isinstance(value, ox.Literal) and isinstance(verb, ox.NamedNode):
            return spoken(value.value, value.datatype.value, self._labels.unit(verb.value))
        return self._name(value)

    def _name(self, term: Term) -> Text:
        if isinstance(term, ox.Literal):
            return spoken(term.value, term.datatype.value)
        return self._labels[term.value] if isinstance(term, ox.NamedNode) else Text.same(plain(term))
