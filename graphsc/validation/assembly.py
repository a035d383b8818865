"""From SHACL results to findings: names, places, paths, consequences, who should act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pyoxigraph as ox

from graphsc.core.cycles import reached
from graphsc.core.identifiers import SOURCE_PREFIX, is_in
from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.core.vocabulary import RULE, SHACL, STATEMENT, G
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset, order, plain
from graphsc.graph.labels import Labels, duration
from graphsc.sources.model import Sources
from graphsc.validation.engine import Result
from graphsc.validation.findings import Actor, Finding, Severity
from graphsc.validation.people import People
from graphsc.validation.result_messages import Words, fill
from graphsc.validation.rules import Rule
from graphsc.validation.shapes import Shapes
from graphsc.validation.wording import sentences

_LATE = f"""
SELECT ?this ?obligation ?due (MIN(?date) AS ?first) WHERE {{{{
  ?obligation <{G}evidence> ?kind .
  ?this <{{limit}}> ?due .
  ?evidence <{G}concerns> ?this ; <{G}kind> ?kind ; <{G}date> ?date .
}}}} GROUP BY ?this ?obligation ?due"""
_PARTIES = (G + "customer", G + "supplier")
_KNOWLEDGE = (RULE, STATEMENT)


class Assembler:
    """Makes findings from the results on one dataset."""

    def __init__(
        self,
        dataset: Dataset,
        sources: Sources,
        rules: Mapping[str, Rule],
        overrides: Mapping[str, str],
        shapes: Shapes,
        renewals: Mapping[str, date],
    ) -> None:
        self._dataset = dataset
        self._sources = sources
        self._rules = rules
        self._overrides = overrides
        self._renewals = renewals
        self.labels = Labels(dataset)
        self.people = People(dataset)
        self._words = Words(dataset, self.labels, shapes)
        self._above: dict[str, dict[str, list[str]]] = {}
        self._critical: frozenset[str] | None = None

    def findings(self, results: Iterable[Result]) -> list[Finding]:
        """One finding per rule, subject, value and severity; grouped rules give one per value."""
        merged: dict[tuple[str, str, str, str, str], list[Result]] = defaultdict(list)
        for result in results:
            rule = self._rules[result.shape.code]
            value = plain(result.row.get("value"))
            subject = value if rule.grouped else plain(result.focus)
            kind = "" if rule.statements else _kind(result)
            merged[result.shape.iri, result.constraint.severity, subject, value, kind].append(result)
        findings = [
            self._finding(sorted(group, key=lambda result: order({**result.row, "this": result.focus})))
            for group in merged.values()
        ]
        return sorted(findings, key=lambda finding: finding.order)

    def _finding(self, group: Sequence[Result]) -> Finding:
        result = group[0]
        shape, rule = result.shape, self._rules[result.shape.code]
        row = dict(result.row) | {"this": result.focus}
        template = self._words.template(result, rule)
        if shape.late and shape.obligation is not None:
            template = self._late_message()
            row |= self._late_row(result.focus, shape.obligation)
        severity = Severity.of_shacl(result.constraint.severity)
        if rule.code in self._overrides and not shape.late:
            severity = Severity(self._overrides[rule.code])
        focus = plain(result.focus)
        value = plain(row["value"]) if "value" in row else None
        through, roots = ({plain(r.row[name]) for r in group if name in r.row} for name in ("parent", "root"))
        path = self._path(rule, focus, value, through, roots)
        subjects = sorted({plain(r.focus) for r in group})
        if rule.grouped:
            consequences: tuple[str, ...] = tuple(subjects)
            row["count"] = ox.Literal(str(len(subjects)))
        else:
            consequences = self._consequences(rule, focus, row)
        message = fill(template, self._words.names(result) | self._names(row))
        if rule.evidence and severity is Severity.QUESTION:
            looked_for = self._looked_for(rule)
            message = Text.per_language(lambda language: sentences(message[language], looked_for[language]))
        return Finding(
            code=rule.code,
            severity=severity,
            message=message,
            remedy=rule.remedy,
            subject=value if rule.grouped and value is not None else focus,
            value=None if rule.grouped else value,
            path=path,
            parties=self._parties(path),
            agreement=path[0] if path else self._agreement(focus),
            location=self._location(result.focus) if not rule.grouped else None,
            related=self._related(focus, row, subjects if rule.grouped else ()),
            statements=rule.statements,
            weight=rule.weight,
            references=tuple(reference.iri for reference in rule.references),
            actor=self._actor(rule, focus, row),
            group=value if rule.grouped else None,
            consequences=consequences,
            shape=shape.iri if isinstance(shape.node, ox.NamedNode) else "",
            component=result.constraint.component,
            result_path=_path(result),
            focus=focus,
            urgent=bool({focus, *path[:1]} & self._society_critical()),
            bound=tuple((name, plain(term)) for name, term in sorted(row.items())),
        )

    def _looked_for(self, rule: Rule) -> Text:
        """What was looked for where an obligation asks, and since when it counts."""
        kinds = Text.joined(Text(" eller ", " or "), [kind.label for kind in rule.evidence])
        day = self._renewals.get(rule.iri)
        since = Text(f" siden {day}", f" since {day}") if day else Text("", "")
        return Text(f"Ikke registreret: {kinds.da}{since.da}.", f"Not recorded: {kinds.en}{since.en}.")

    def _agreement(self, focus: str) -> str | None:
        """The root agreement of a thing, if it has one only."""
        agreements = self._along(G + "keeper").get(focus, ())
        return agreements[0] if len(agreements) == 1 else None

    def _location(self, focus: Term) -> Location | None:
        """The place of the focus node; for one that is only referred to, the first reference."""
        place = self._sources.locate(plain(focus))
        if place is not None or not isinstance(focus, ox.NamedNode):
            return place
        places = (
            self._sources.locate(plain(quad.subject), quad.predicate.value, focus.value)
            for quad in self._dataset.store.quads_for_pattern(None, None, focus, None)
            if is_in(quad, SOURCE_PREFIX)
        )
        return min(filter(None, places), key=lambda location: location.order, default=None)

    def _society_critical(self) -> frozenset[str]:
        """Everything that belongs to a society-critical system."""
        if self._critical is None:
            rows = self._dataset.named_rows("context/society-critical")
            self._critical = frozenset(plain(row["this"]) for row in rows)
        return self._critical

    def _late_message(self) -> Text:
        return Text.of(self._dataset.objects(ox.NamedNode(G + "fulfilledLate"), SHACL + "message")) or Text("", "")

    def _late_row(self, focus: Term, obligation: str) -> dict[str, Term]:
        node = ox.NamedNode(obligation)
        limits = map(plain, self._dataset.objects(node, G + "before"))  # named, or the store would be given every fact
        queries = [_LATE.format(limit=limit) for limit in limits]
        rows = [row for query in queries for row in self._dataset.select(query, this=focus, obligation=node)]
        earliest: Mapping[str, Term] = min(rows, key=lambda row: plain(row.get("due")), default={})
        return {**earliest, "obligation": node}

    def _names(self, row: Mapping[str, Term]) -> dict[str, Text]:
        """The text for each variable of a message, and the days between any two dates (``start..?end``)."""
        names = {name: self._name(term) for name, term in sorted(row.items())}
        dates = {name: day for name, term in row.items() if (day := _date(term)) is not None}
        for first, start in dates.items():
            for last, end in dates.items():
                names[f"{first}..?{last}"] = duration(f"P{(end - start).days}D")
        return names

    def _name(self, term: Term) -> Text:
        return self.labels[term.value] if isinstance(term, ox.NamedNode) else Text.same(plain(term))

    def _path(self, rule: Rule, subject: str, value: str | None, through: set[str], roots: set[str]) -> tuple[str, ...]:
        """The shortest path from the top of the chain down to the subject.

        It starts at ``value`` where that is on top, or at one of ``roots``, and its last step is from one of
        ``through`` where there are any. The search is breadth first from the subject, smaller IRIs first, so that of
        several paths the same one is always shown.
        """
        if rule.path_along is None:
            return ()
        above = self._along(rule.path_along)
        came: dict[str, str | None] = {subject: None}
        level = [subject]
        tops: list[str] = []
        while level:
            following: list[str] = []
            for node in level:
                if node not in above:
                    tops.append(node)
                for parent in sorted(through) if through and node == subject else above.get(node, ()):
                    if parent not in came:
                        came[parent] = node
                        following.append(parent)
            level = sorted(following)
        if through and not tops:  # a ring leads from there back to the subject alone
            return self._path(rule, subject, value, set(), roots)
        targets = {value} if value in tops else roots
        top = next((node for node in tops if node in targets), next(iter(tops), subject))
        path: list[str] = []
        step: str | None = top
        while step is not None:
            path.append(step)
            step = came[step]
        return tuple(path)

    def _parties(self, path: Sequence[str]) -> tuple[str, ...]:
        """The customer on top of a path and the supplier of each agreement on it; () where one is not known."""
        customer, supplier = _PARTIES
        result = [self._first(path[0], customer)] if path else []
        result += [self._first(agreement, supplier) for agreement in path]
        return tuple(party for party in result if party is not None) if None not in result else ()

    def _first(self, node: str, predicate: str) -> str | None:
        return min(self._dataset.values(node, predicate), default=None)

    def _along(self, predicate: str) -> dict[str, list[str]]:
        if predicate not in self._above:
            above: dict[str, set[str]] = defaultdict(set)
            for quad in self._dataset.statements(predicate):
                above[plain(quad.subject)].add(plain(quad.object))
            self._above[predicate] = {node: sorted(parents) for node, parents in above.items()}
        return self._above[predicate]

    def _consequences(self, rule: Rule, subject: str, row: Mapping[str, Term]) -> tuple[str, ...]:
        """The nodes that a finding affects, found step by step so that every path down is followed."""
        if rule.consequence_step is None or "value" not in row:
            return ()
        query, value = f"PREFIX g: <{G}>\n{rule.consequence_step}", row["value"]

        def following(node: str) -> list[str]:
            return [plain(step["next"]) for step in self._dataset.select(query, this=ox.NamedNode(node), value=value)]

        return tuple(sorted(reached((subject,), following) - {subject}))

    def _related(self, subject: str, row: Mapping[str, Term], subjects: Sequence[str]) -> tuple[Location, ...]:
        """The places of the other things that the finding mentions."""
        itself = self._sources.locate(subject)
        nodes = {t.value for n, t in row.items() if isinstance(t, ox.NamedNode) and n not in {"this", "actor", "root"}}
        places = {
            place
            for node in sorted(nodes | set(subjects))
            if not node.startswith(_KNOWLEDGE) and (place := self._sources.locate(node)) is not None
        }
        return tuple(sorted(places - ({itself} if not subjects else set()), key=lambda place: place.order))

    def _actor(self, rule: Rule, subject: str, row: Mapping[str, Term]) -> Actor:
        organisation = plain(row["actor"]) if "actor" in row else None
        if organisation is None and rule.holder is not None:
            organisation = self._first(subject, rule.holder)
        person = self.people.holder(rule.role, subject, organisation)
        return Actor(organisation, rule.role, person)


def _kind(result: Result) -> str:
    """A key that tells apart the results of a shape with several constraints."""
    return f"{result.constraint.component} {result.constraint.shape} {_path(result)}"


def _path(result: Result) -> str | None:
    """The property that a result is about, if its path is a single property."""
    path = result.path if result.path is not None else result.constraint.path_node
    return path.value if isinstance(path, ox.NamedNode) else None


def _date(term: Term) -> date | None:
    if isinstance(term, ox.Literal) and term.datatype.value.endswith("#date"):
        try:
            return date.fromisoformat(term.value)
        except ValueError:
            return None
    return None
