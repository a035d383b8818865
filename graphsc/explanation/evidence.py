"""Why-provenance: the facts, or the absence of facts, beneath a finding or a derived triple.

A derived triple lies in the graph of its rule. The rule's template is matched to the triple, its pattern is run with these
bindings, and the triples of the first solution are the premises: asserted ones with their place in a file, derived ones
explained in turn, and patterns that must not match as absences (Buneman, Khanna and Tan, 2001; one witness per conclusion).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.identifiers import RULE_PREFIX, SOURCE_PREFIX, is_in, named
from graphsc.core.problems import Location
from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text
from graphsc.core.vocabulary import OWL, RDF_TYPE, G
from graphsc.derivation import rules as catalogue
from graphsc.explanation.phrases import Bindings, Phrases, ground, path_triples
from graphsc.graph.backend import Row, Term
from graphsc.graph.context import RUN
from graphsc.graph.dataset import Dataset, order, plain
from graphsc.graph.labels import Labels
from graphsc.sources.model import Sources
from graphsc.sparql.patterns import Pattern, matched, pattern, without_absences
from graphsc.sparql.reading import read, read_construct
from graphsc.sparql.serialising import group as written
from graphsc.sparql.syntax import Select, Triple, Var
from graphsc.validation.findings import Finding
from graphsc.validation.shapes import Shape, compile_shapes

_NO_MORE = Text("", "")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of an explanation, and the lines beneath it.

    ``kind`` is ``asserted`` (at ``location``), ``derived`` (by ``rule``), ``known`` (from the knowledge or the run itself) or
    ``absent``. ``triple`` is the triple that it puts into words, where it is a single one.
    """

    kind: str
    text: Text
    location: Location | None = None
    rule: Text | None = None
    statements: tuple[str, ...] = ()
    beneath: tuple[Fact, ...] = ()
    triple: ox.Triple | None = None


class Explainer:
    """Explains findings and triples of one derived dataset, ``depth`` levels down (all levels when None)."""

    def __init__(
        self, dataset: Dataset, sources: Sources, rules: Sequence[catalogue.Rule], depth: int | None = None
    ) -> None:
        self._dataset = dataset
        self._sources = sources
        self._labels = Labels(dataset)
        self._phrases = Phrases(self._labels)
        self._rules = {rule.name: rule for rule in rules}
        self._explained: set[ox.Triple] = set()
        self._depth = depth
        self._level = 1
        self._shapes = {shape.iri: shape for shape in compile_shapes(dataset).shapes}
        self._rows: dict[str, Mapping[Term, list[Row]]] = {}

    def finding(self, finding: Finding) -> tuple[Fact, ...]:
        """The facts beneath a finding; a triple that several lines rest on is explained the first time only."""
        self._explained.clear()
        shape = self._shapes.get(finding.shape)
        if shape is None:  # a rule about the run itself, such as one about waivers
            return self._class_facts(finding.subject)
        focus = named(finding.focus)
        if focus is None:  # a literal; nothing lies beneath it
            return ()
        if shape.obligation is not None:
            return self._obligation(shape.obligation, focus)
        if shape.query is None:
            query = shape.about_focus(finding.component, finding.result_path)
            return self._queried(query, {"this": focus}) or self._class_facts(finding.focus)
        value = finding.group or finding.value
        rows = [
            row
            for row in self._results(shape).get(focus, ())
            if value is None or plain(row.get("value")) in {value, ""}
        ]
        facts = self._queried(shape.query, {"this": focus, **_first(rows)})
        return self._class_facts(finding.focus) if facts is None else (*facts, *_elsewhere(finding))

    def _queried(self, query: str | None, bound: Bindings) -> tuple[Fact, ...] | None:
        """The premises of a query's row; None where there is no query, or it cannot be parsed."""
        try:
            return None if query is None else self._pattern(_selected(query), bound) or ()
        except ValueError:
            return None

    def _results(self, shape: Shape) -> Mapping[Term, list[Row]]:
        """The rows of a shape's query by focus node, cached: a report explains many findings of one shape."""
        if shape.iri not in self._rows:
            result: dict[Term, list[Row]] = {}
            for row in self._dataset.rows(shape.query) if shape.query else ():
                if "this" in row:
                    result.setdefault(row["this"], []).append(row)
            self._rows[shape.iri] = result
        return self._rows[shape.iri]

    def triple(self, triple: ox.Triple) -> Fact:
        """A triple and the facts beneath it; if it stands in several graphs, a source comes first."""
        self._explained.clear()
        return self._triple(triple)

    def _triple(self, triple: ox.Triple) -> Fact:
        text = self._phrases.fact(triple.subject, triple.predicate, triple.object)
        quads = self._dataset.statements(triple.predicate.value, triple.subject, triple.object)
        graphs = sorted(quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode))
        if any(name.startswith(SOURCE_PREFIX) for name in graphs):
            place = self._sources.locate(plain(triple.subject), triple.predicate.value, plain(triple.object))
            return Fact("asserted", text, location=place, triple=triple)
        derived = [name.removeprefix(RULE_PREFIX) for name in graphs if name.startswith(RULE_PREFIX)]
        if not derived:
            return Fact("known", text, triple=triple)
        rule = self._rules[derived[0]]
        beneath: tuple[Fact, ...] = ()
        if triple not in self._explained and (self._depth is None or self._level < self._depth):
            self._explained.add(triple)
            self._level += 1
            beneath = self._premises(rule, triple)
            self._level -= 1
        return Fact("derived", text, rule=rule.title, statements=rule.statements, beneath=beneath, triple=triple)

    def _class_facts(self, subject: str) -> tuple[Fact, ...]:
        """The asserted classes of a node."""
        node = named(subject)
        if node is None:
            return ()
        quads = self._dataset.statements(RDF_TYPE, node)
        triples = {quad.triple for quad in quads if is_in(quad, SOURCE_PREFIX)}
        return tuple(self._triple(triple) for triple in sorted(triples, key=str))

    def _premises(self, rule: catalogue.Rule, triple: ox.Triple) -> tuple[Fact, ...]:
        templates, where = _constructed(rule.query)
        for template in templates:
            bound = matched(template, triple)
            facts = None if bound is None else self._pattern(where, self._narrowed(rule, templates, bound))
            if facts is not None:
                return facts
        return ()

    def _narrowed(self, rule: catalogue.Rule, templates: Sequence[Triple], bound: Bindings) -> Bindings:
        """The bindings, with those of properties of which the rule derived a single value: so the query need not search all data."""
        graph, result = ox.NamedNode(RULE_PREFIX + rule.name), dict(bound)
        for subject, predicate, value in ((ground(t.subject, bound), t.predicate, t.object) for t in templates):
            if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode) and isinstance(value, Var):
                quads = self._dataset.statements(predicate.value, subject)
                derived = {quad.object for quad in quads if quad.graph_name == graph}
                if len(derived) == 1:
                    result.setdefault(value.name, derived.pop())
        return result

    def _pattern(self, where: Pattern, bound: Bindings) -> tuple[Fact, ...] | None:
        """The premises of a pattern under its first solution that agrees with the bindings; None without one."""
        visible = {
            term.name
            for triple, absent in where.walk()
            if not absent
            for term in (triple.subject, triple.predicate, triple.object)
            if isinstance(term, Var)
        }
        rows = self._dataset.select(
            f"SELECT DISTINCT * WHERE {written(where.group)}",
            **{name: term for name, term in bound.items() if name in visible},
        )
        # a variable of BIND cannot be bound from outside, so it is compared afterwards
        rows = [row for row in rows if all(row.get(name, term) == term for name, term in bound.items())]
        if not rows:
            return None
        solution = {**bound, **_first(rows)}
        stated = frozenset(triple for triple, absent in where.walk() if not absent)
        return tuple(dict.fromkeys(self._group(where, solution, stated)))

    def _group(self, group: Pattern, row: Bindings, stated: frozenset[Triple]) -> list[Fact]:
        facts: list[Fact] = []
        for triple in group.triples:
            facts += self._holds(triple, row)
        for inner in group.children:
            if inner.kind == "absent":
                facts += self._lacks(inner, row, stated)
            elif inner.kind == "and" or (inner.kind in {"either", "optional"} and self._applies(inner, row)):
                facts += self._group(inner, row, stated)
        return facts

    def _lacks(self, group: Pattern, row: Bindings, stated: frozenset[Triple]) -> list[Fact]:
        """The absence of a pattern; where it does match, the facts of a pattern in it that must not match but does.

        Where a fact that excludes the pattern is recorded, that fact alone.
        """
        if len(group.triples) == 1 and not group.children and (instead := self._instead(group.triples[0], row)):
            return instead
        bare = without_absences(group)
        try:
            solutions = [] if bare == group else self._select(bare, row)
        except SyntaxError:  # a sub-select projects a variable that is replaced by a term
            bare, solutions = group, []
        if not solutions:
            return [Fact("absent", self._phrases.absence(bare, row, stated))]
        facts: list[Fact] = []
        for solution in sorted(solutions, key=order):
            bindings = {**row, **solution}
            for inner in group.children:
                matches = self._select(inner, bindings) if inner.kind == "absent" else []
                if matches:
                    facts += self._group(inner, {**bindings, **_first(matches)}, stated)
                    break
        return facts

    def _instead(self, absent: Triple, row: Bindings) -> list[Fact]:
        """The facts of properties that are disjoint with that of an absent triple."""
        if not isinstance(verb := absent.predicate, ox.NamedNode):
            return []
        return [
            fact
            for other in self._dataset.objects(verb, OWL + "propertyDisjointWith")
            if isinstance(other, ox.NamedNode)
            for fact in self._holds(replace(absent, predicate=other), row)
        ]

    def _applies(self, group: Pattern, row: Bindings) -> bool:
        """Whether a branch of a UNION or an OPTIONAL matches under a row."""
        return all(self._true(triple, row) for triple in group.triples) and all(
            not self._select(inner, row, " LIMIT 1") if inner.kind == "absent" else self._applies(inner, row)
            for inner in group.children
            if inner.kind in {"absent", "and"}
        )

    def _select(self, group: Pattern, row: Bindings, end: str = "") -> Sequence[Row]:
        """The solutions of a pattern with the bindings of a row."""
        filled = sparql.filled(written(group.group), {name: str(term) for name, term in row.items()})
        return self._dataset.select(f"SELECT * WHERE {filled}{end}")

    def _holds(self, pattern: Triple, row: Bindings) -> list[Fact]:
        subject, verb, value = (ground(term, row) for term in (pattern.subject, pattern.predicate, pattern.object))
        if subject is None or value is None or isinstance(subject, (ox.Literal, ox.Triple)) or subject == RUN:
            return []
        if isinstance(verb, ox.NamedNode):
            return [self._triple(ox.Triple(subject, verb, value))] if self._true(pattern, row) else []
        if verb is not None:
            return []
        if (triples := path_triples(self._dataset, subject, pattern.predicate, value)) is not None:
            return [self._triple(triple) for triple in triples]
        return [Fact("known", self._phrases.fact(subject, pattern.predicate, value))]

    def _true(self, pattern: Triple, row: Bindings) -> bool:
        subject, verb, value = (ground(term, row) for term in (pattern.subject, pattern.predicate, pattern.object))
        # a variable that a sub-select does not project is unbound
        if not isinstance(verb, ox.NamedNode) or (subject is None and value is None):
            return not isinstance(pattern.predicate, Var | ox.NamedNode)
        if isinstance(subject, (ox.Literal, ox.Triple)):
            return False
        return any(True for _ in self._dataset.statements(verb.value, subject, value))

    def _obligation(self, iri: str, focus: ox.NamedNode) -> tuple[Fact, ...]:
        """The facts beneath an unmet obligation: situation, recorded evidence, events that made it due again, and its limits."""
        obligation = ox.NamedNode(iri)
        facts = [
            self._triple(ox.Triple(focus, ox.NamedNode(RDF_TYPE), value))
            for value in self._of_obligation(iri, "appliesTo")
        ]
        evidence = knowledge_text("ontology/explain/obligation.rq")
        rows = self._dataset.select(evidence, this=focus, obligation=obligation)
        facts += [self._recorded(row, "evidence") for row in rows]
        latest = max((plain(row.get("date")) for row in rows), default="")
        if any(self._dataset.statements(G + "reopened", focus, obligation)):
            again = Text(" gør pligten aktuel igen", " makes the obligation due again")
            trigger = knowledge_text("ontology/explain/trigger.rq")
            events = self._dataset.select(trigger, this=focus, obligation=obligation)
            facts += [self._recorded(row, "event", again) for row in events if plain(row["date"]) > latest]
        if not rows:
            facts.append(self._nothing(iri))
        return tuple(dict.fromkeys([*facts, *self._limits(iri, focus)]))

    def _recorded(self, row: Bindings, name: str, ending: Text = _NO_MORE) -> Fact:
        node = plain(row[name])
        label = self._labels[node]
        day = plain(row.get("date"))
        danish, english = label.da, label.en
        if day and day not in danish:
            danish, english = f"{danish}, {day}", f"{english}, {day}"
        if "role" in row:
            role = self._labels[plain(row["role"])]
            danish, english = f"{danish} ({role.da})", f"{english} ({role.en})"
        if "other" in row:
            other = self._labels[plain(row["other"])]
            ending = Text(f" tæller kun for {other.da}", f" counts for {other.en} only")
        return Fact("asserted", Text(danish + ending.da, english + ending.en), location=self._sources.locate(node))

    def _limits(self, iri: str, focus: ox.NamedNode) -> list[Fact]:
        """The cut-off dates of an obligation, and who must perform it."""
        result: list[Text] = []
        for local in ("every", "within", "grace"):
            for period in self._of_obligation(iri, local):
                for cut in self._dataset.objects(period, G + "cutoff"):
                    name, what = self._labels[plain(period)], self._labels[G + local]
                    result.append(
                        Text(
                            f"{what.da}: {name.da} – skæringsdato {plain(cut)}",
                            f"{what.en}: {name.en} – cut-off {plain(cut)}",
                        )
                    )
        for node in self._of_obligation(iri, "byRole"):
            role = self._labels[plain(node)]
            result.append(Text(f"kun {role.da} tæller", f"only {role.en} counts"))
        if ox.Literal(True) in self._dataset.objects(ox.NamedNode(iri), G + "byHolder"):
            for node in self._of_obligation(iri, "countsFrom") or self._of_obligation(iri, "holder"):
                for value in self._dataset.objects(focus, node.value):
                    holder = self._labels[plain(value)]
                    result.append(
                        Text(f"kun hvad {holder.da} selv gør, tæller", f"only what {holder.en} does itself counts")
                    )
        return [Fact("known", text) for text in sorted(set(result), key=result.index)]

    def _of_obligation(self, iri: str, local: str) -> list[ox.NamedNode]:
        """The values of a property of an obligation, in order."""
        values = self._dataset.objects(ox.NamedNode(iri), G + local)
        return sorted({value for value in values if isinstance(value, ox.NamedNode)}, key=str)

    def _nothing(self, iri: str) -> Fact:
        names = [self._labels[plain(kind)] for kind in self._of_obligation(iri, "evidence")]
        listed = Text.joined(Text.same(", "), names)
        return Fact("absent", Text(f"der er ikke registreret »{listed.da}«", f"“{listed.en}” is not recorded"))


@lru_cache(maxsize=512)
def _constructed(query: str) -> tuple[tuple[Triple, ...], Pattern]:
    """The template and the pattern of a rule."""
    construct = read_construct(query)
    return construct.template, pattern(construct.where)


@lru_cache(maxsize=512)
def _selected(query: str) -> Pattern:
    """The pattern of a shape's query."""
    select = read(query)
    if not isinstance(select, Select):
        raise ValueError("an ASK has no rows")  # noqa: TRY004 - the text is wrong, not its type
    return pattern(select.where)


def _elsewhere(finding: Finding) -> list[Fact]:
    """The number of other places of a grouped finding."""
    number = len(finding.consequences) - 1 if finding.group is not None else 0
    if number < 1:
        return []
    danish = f"det samme gælder {number} {'andet sted' if number == 1 else 'andre steder'}"
    english = f"the same holds in {number} other {'place' if number == 1 else 'places'}"
    return [Fact("known", Text(danish, english))]


def _first(rows: Iterable[Row]) -> Row:
    """The least of the rows by `order`; an empty row where there are none."""
    return min(rows, key=order, default={})
