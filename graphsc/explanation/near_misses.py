"""Near misses: records that do not count as evidence for a finding that something is missing, and why not.

Each reason is a query in ``ontology/near-misses`` with its sentence, run once for all findings: of obligations or, with
``# demands:`` in its header, of rules whose example has that property. Rows of a query with ``# fallback:`` are shown where
no other query has any; a query with ``# record:`` takes the records about the thing itself, and one with ``# kinds:`` is run
also where nothing of the kind asked for is recorded anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core.identifiers import named
from graphsc.core.resources import knowledge_files
from graphsc.core.text import Text, capital
from graphsc.core.vocabulary import G
from graphsc.graph.backend import Row
from graphsc.graph.dataset import Dataset, order, plain
from graphsc.graph.labels import Labels
from graphsc.sources.model import Sources
from graphsc.validation.examples.graphs import demanded
from graphsc.validation.findings import Finding, NearMiss
from graphsc.validation.result_messages import fill
from graphsc.validation.rules import Rule

_MOST = 2
"""The most records that are shown beneath a finding."""
_BATCH = 500
"""The most findings and records of one query."""
_RECORDS = 50
"""The most records about a thing that are looked at."""
MOST_FINDINGS = 2000
"""The most findings, the gravest first, for which near misses are looked up: nobody reads more, and each costs time."""
_FALLBACKS = 1000
"""The most things, the gravest findings first, for which records about something else are looked up."""
_ABOUT = f"""SELECT DISTINCT ?focus ?kind ?record WHERE {{{{
  VALUES ?focus {{{{ {{foci}} }}}}
  VALUES ?kind {{{{ {{kinds}} }}}}
  ?record <{G}concerns>|<{G}roleUnder> ?focus ; <{G}kind> ?kind
}}}}"""
_OF_KIND = f"SELECT DISTINCT ?kind WHERE {{{{ VALUES ?kind {{{{ {{kinds}} }}}} FILTER EXISTS {{{{ ?record <{G}kind> ?kind }}}} }}}}"
_PARAMETERS = re.compile(r"VALUES \(([?\w ]+)\) \{ \}")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A reason why a record may not count: a query with the parameters of findings, and the sentence on a record."""

    name: str
    query: str
    sentence: Text
    parameters: tuple[str, ...]
    demands: str | None
    fallback: bool
    about_itself: bool
    of_other_kinds: bool

    def text(self, keys: Iterable[Key]) -> str:
        """The query for some findings, each given by its values of the ``parameters``."""
        rows = " ".join(f"({' '.join(str(ox.NamedNode(iri)) for iri in key)})" for key in keys)
        return _PARAMETERS.sub(lambda match: f"VALUES ({match[1]}) {{ {rows} }}", self.query, count=1)


@lru_cache(maxsize=1)
def questions() -> tuple[Question, ...]:
    """The shipped reasons, in name order."""
    return tuple(
        _question(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8"))
        for file in knowledge_files("ontology/near-misses", ".rq")
    )


def _question(name: str, query: str) -> Question:
    header = sparql.header(query)
    values_clause = _PARAMETERS.search(query)
    assert values_clause is not None, f"{name} has no VALUES clause for its parameters"
    demands = header.get("demands")
    return Question(
        name,
        query,
        Text(header["said.da"], header["said.en"]),
        tuple(variable.removeprefix("?") for variable in values_clause[1].split()),
        None if demands is None else G + demands.removeprefix("g:"),
        "fallback" in header,
        "record" in header,
        "kinds" in header,
    )


def with_near_misses(
    findings: Sequence[Finding], dataset: Dataset, sources: Sources, rules: Mapping[str, Rule]
) -> tuple[Finding, ...]:
    """The findings, those that count with their near misses: the records with the fewest faults, newest first.

    Only the first ``MOST_FINDINGS`` that count are looked at.
    """
    counting = [(place, finding) for place, finding in enumerate(findings) if finding.counts][:MOST_FINDINGS]
    labels, recorded = Labels(dataset), _Recorded(dataset, (finding for _, finding in counting), rules)
    faults: dict[int, dict[str, list[tuple[str, Text]]]] = {}
    for question in sorted(questions(), key=lambda question: question.fallback):
        places: dict[Key, list[int]] = {}
        for place, finding in counting:
            for key in _keys(question, finding, rules.get(finding.code), recorded):
                places.setdefault(key, []).append(place)
        rows = [*_rows(question, dataset, list(places)[: _FALLBACKS if question.fallback else None])]
        labels.of(value for row in rows for term in row.values() if named(value := plain(term)) is not None)
        for row in rows:
            record = plain(row["record"])
            sentence = fill(question.sentence, {name: _name(labels, plain(term)) for name, term in row.items()})
            for place in places[tuple(plain(row[name]) for name in question.parameters)]:
                if question.fallback and place in faults and record not in faults[place]:
                    continue
                faults.setdefault(place, {}).setdefault(record, []).append((plain(row.get("date")), sentence))
    return tuple(
        replace(finding, near_misses=tuple(_nearest(faults[place], labels, sources))) if place in faults else finding
        for place, finding in enumerate(findings)
    )


class _Recorded:
    """The evidence that is recorded of the kinds that findings ask for; where there is none, no query needs to run."""

    def __init__(self, dataset: Dataset, findings: Iterable[Finding], rules: Mapping[str, Rule]) -> None:
        judged = [(finding.focus, rules[finding.code]) for finding in findings if finding.code in rules]
        foci = _values(focus for focus, _ in judged)
        kinds = _values(kind.iri for _, rule in judged for kind in rule.evidence)
        self._about: dict[tuple[str, str], list[str]] = {}
        for start in range(0, len(foci) if kinds else 0, _BATCH):
            query = _ABOUT.format(foci=" ".join(foci[start : start + _BATCH]), kinds=" ".join(kinds))
            for row in dataset.rows(query):
                self._about.setdefault((plain(row["focus"]), plain(row["kind"])), []).append(plain(row["record"]))
        rows = dataset.rows(_OF_KIND.format(kinds=" ".join(kinds))) if kinds else ()
        self._kinds = {plain(row["kind"]) for row in rows}

    def records(self, rule: Rule, subject: str) -> list[str]:
        """The evidence about a thing, of the kinds that an obligation asks for."""
        return sorted({record for kind in rule.evidence for record in self._about.get((subject, kind.iri), ())})

    def any(self, rule: Rule) -> bool:
        """Whether there is evidence about anything, of a kind that an obligation asks for."""
        return any(kind.iri in self._kinds for kind in rule.evidence)


def _keys(question: Question, finding: Finding, rule: Rule | None, recorded: _Recorded) -> list[Key]:
    """The values of a question's parameters for a finding; none where the question is not for that finding."""
    if rule is None or not finding.counts or finding.late:
        return []
    if question.demands is not None:
        records = [""] if question.demands in demanded(rule) else []
    elif question.about_itself:
        records = recorded.records(rule, finding.focus)[:_RECORDS]
    elif question.of_other_kinds:
        records = [""] if rule.evidence else []
    else:
        records = [""] if recorded.any(rule) else []
    if not records:
        return []
    bound = dict(finding.bound) | {"this": finding.focus, "obligation": rule.iri}
    keys = [tuple((bound | {"record": record}).get(name, "") for name in question.parameters) for record in records]
    return [key for key in keys if all(named(value) is not None for value in key)]


def _rows(question: Question, dataset: Dataset, keys: Sequence[Key]) -> Iterator[Row]:
    """The rows, one for each finding and record: the last by date and text, so that it is always the same."""
    seen: set[tuple[str, ...]] = set()
    for start in range(0, len(keys), _BATCH):
        query = question.text(keys[start : start + _BATCH])
        for row in sorted(dataset.rows(query), key=order, reverse=True):
            mark = (*(plain(row[name]) for name in question.parameters), plain(row["record"]))
            if mark not in seen:
                seen.add(mark)
                yield row


def _values(iris: Iterable[str]) -> list[str]:
    """The distinct IRIs among some names, in SPARQL."""
    return [str(node) for iri in dict.fromkeys(iris) if (node := named(iri)) is not None]


def _name(labels: Labels, value: str) -> Text:
    return labels[value] if named(value) is not None else Text.same(value)


def _nearest(records: Mapping[str, list[tuple[str, Text]]], labels: Labels, sources: Sources) -> Iterator[NearMiss]:
    """The nearest records: those with the fewest faults, of these the newest."""

    def nearness(record: str) -> tuple[int, list[int], str]:
        date = max(day for day, _ in records[record])
        return len(records[record]), [-ord(character) for character in date], record

    for record in sorted(records, key=nearness)[:_MOST]:
        date = max(day for day, _ in records[record])
        name, faults = labels[record], [sentence for _, sentence in records[record]]
        text = Text(
            _sentence(name.da, date, [fault.da for fault in faults], "og"),
            _sentence(name.en, date, [fault.en for fault in faults], "and"),
        )
        yield NearMiss(record, text, sources.locate(record))


def _sentence(name: str, date: str, faults: Sequence[str], last: str) -> str:
    """A record with its day and its faults: ``Supervision 2026-03-14 has …``."""
    named = f"{name} {date}" if date and date not in name else name
    sentence = f" {last} ".join(fault[:1].lower() + fault[1:] for fault in faults)
    return f"{capital(named)} {sentence}"
