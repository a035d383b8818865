"""The coverage of an input: the guide's statements with their treatment, and the states of its recommendations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from graphsc.core.identifiers import iris
from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.core.vocabulary import G, local_name
from graphsc.coverage.checks import Check, checks
from graphsc.coverage.statements import Recommendation, recommendations, statements, treatments
from graphsc.coverage.status import Cell, Coverage, Standing, cells, decisions, standing_triples
from graphsc.duties.duties import Duty, State
from graphsc.duties.duties import duties as all_duties
from graphsc.duties.facts import Evidence
from graphsc.graph import questions
from graphsc.graph.dataset import COVERAGE, QUESTIONS, Dataset, plain
from graphsc.graph.labels import Labels
from graphsc.service import Opened, validate
from graphsc.service.lookup import find
from graphsc.validation import Report, Rule


def know_questions(dataset: Dataset) -> None:
    """Add the shipped questions to a dataset as triples, so that queries can find the statements that they serve."""
    dataset.add(QUESTIONS, questions.described(questions.shipped().values()))


Judged = tuple[Report, Mapping[str, Rule]]
"""The report and the rules of a validation."""


def coverage(
    opened: Opened,
    *,
    agreement: str | None = None,
    judged: Judged | None = None,
    owed: Iterable[Duty] | None = None,
) -> Coverage:
    """The coverage of an opened input; with ``agreement``, as a person names it, of that one only.

    ``judged`` is an earlier validation, ``owed`` are its duties, where these are there already. Raises UnknownNameError.
    """
    dataset = opened.dataset
    know_questions(dataset)
    guide_statements = statements(dataset)
    gathered = recommendations(dataset, guide_statements)
    report, rules = judged or validate(opened)
    labels = Labels(dataset)
    agreement_iri = None if agreement is None else find(dataset, labels, agreement, "Agreement")
    roots = _roots(dataset, labels)
    owed = all_duties(dataset, opened.settings, report, rules) if owed is None else owed
    looked_at = list(checks(dataset, report, rules, _evidence(owed)))
    result = _cells(opened, gathered, rules, report, looked_at, roots)
    if agreement_iri is not None:
        result = [cell for cell in result if cell.agreement == agreement_iri]
    by_rule: dict[str, list[Check]] = defaultdict(list)
    by_statement: dict[str, list[Check]] = defaultdict(list)
    for check in looked_at:
        by_rule[check.rule].append(check)
        for statement in check.statements:
            by_statement[statement].append(check)
    # A recommendation stands as all that it comprises, here as in its cells.
    whole = {item.id: [c for name in item.statements for c in by_statement.get(name, ())] for item in gathered}
    return Coverage(
        as_of=report.as_of,
        inputs=report.inputs,
        problems=report.problems,
        rules=rules,
        statements=guide_statements,
        recommendations=tuple(gathered),
        agreements=tuple(root for root in roots if agreement_iri in {None, root}),
        cells=tuple(result),
        checks={code: tuple(checks_) for code, checks_ in sorted(by_rule.items())},
        of_statement={
            name: tuple(dict.fromkeys(checks_)) for name, checks_ in sorted((by_statement | whole).items()) if checks_
        },
        treatments=_kinds(dataset, labels),
        labels=labels.of(iris(result) | _named(looked_at)),
        places=_places(opened, looked_at),
    )


def add_coverage(opened: Opened) -> None:
    """Add the state of every recommendation to the dataset as triples, once, for questions that need it."""
    if not opened.dataset.size(COVERAGE):
        result = coverage(opened)
        opened.dataset.add(COVERAGE, standing_triples(result.cells, result.rules))


def standing(opened: Opened, name: str, judged: Judged) -> Standing | None:
    """The standing of one statement; None when the guide has none of that name."""
    dataset = opened.dataset
    know_questions(dataset)
    guide_statements = statements(dataset)
    if name not in guide_statements:
        return None
    report, rules = judged
    labels = Labels(dataset)
    looked_at = checks(dataset, report, rules, _evidence(all_duties(dataset, opened.settings, report, rules)))
    gathered = recommendations(dataset, guide_statements)
    alone = Recommendation(name, guide_statements[name].text, (name,))
    whole = next((item for item in gathered if item.id == name), alone)
    result = _cells(opened, [whole], rules, report, looked_at, _roots(dataset, labels))
    phase = guide_statements[name].phase
    named = iris(result) | ({phase} if phase else set())
    return Standing(
        statement=guide_statements[name],
        recommendations=tuple(recommendation for recommendation in gathered if name in recommendation.statements),
        treatments=_kinds(dataset, labels),
        cells=tuple(result),
        labels=labels.of(named),
        places=_places(opened, (check for cell in result for check in cell.checks)),
    )


def _kinds(dataset: Dataset, labels: Labels) -> dict[str, Text]:
    return {local_name(iri): labels[iri] for iri in treatments(dataset)}


def _cells(
    opened: Opened,
    gathered: Iterable[Recommendation],
    rules: Mapping[str, Rule],
    report: Report,
    looked_at: Iterable[Check],
    roots: list[str],
) -> list[Cell]:
    """The cells of an input; none for an input without anything to check."""
    if not report.inputs:
        return []
    citing: dict[str, list[str]] = defaultdict(list)
    for rule in (rule for rule in rules.values() if not rule.of_records):
        for statement in rule.statements:
            citing[statement].append(rule.code)
    judged = frozenset(outcome.code for outcome in report.rules)
    return cells(list(gathered), citing, looked_at, judged, roots, decisions(opened.dataset))


def _evidence(owed: Iterable[Duty]) -> dict[tuple[str, str], tuple[Evidence, ...]]:
    """The records of each met duty, by code and subject."""
    result: dict[tuple[str, str], dict[Evidence, None]] = defaultdict(dict)
    for duty in owed:
        if duty.state in {State.MET, State.OPEN}:
            result[duty.rule, duty.subject] |= dict.fromkeys(duty.satisfied_by)
    return {key: tuple(records) for key, records in result.items()}


def _roots(dataset: Dataset, labels: Labels) -> list[str]:
    """The agreements at the top of a chain, by name."""
    rows = dataset.select(f"SELECT DISTINCT ?root WHERE {{ ?root a <{G}RootAgreement> }}")
    return sorted((plain(row["root"]) for row in rows), key=lambda iri: (labels[iri].da, iri))


def _places(opened: Opened, looked_at: Iterable[Check]) -> dict[str, Location]:
    """The locations of the records of checks."""
    places = {iri: opened.sources.locate(iri) for iri in sorted({iri for check in looked_at for iri in check.evidence})}
    return {iri: place for iri, place in places.items() if place is not None}


def _named(looked_at: Iterable[Check]) -> set[str]:
    """Every IRI in the records of checks: the records and their performers."""
    records = {record for check in looked_at for record in check.records}
    return {iri for evidence in records for iri in (evidence.iri, evidence.person, *evidence.performers) if iri}
