"""The page of one statement of the guide: what it says, what treats it, how that is written and tried, how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.coverage.checks import Checked
from graphsc.coverage.results import Standing
from graphsc.coverage.rule_texts import tried_with, written
from graphsc.coverage.statements import Carrier, Statement
from graphsc.coverage.status import Cell, State, newest
from graphsc.rendering import whose, wording
from graphsc.rendering.coverage import words
from graphsc.rendering.explanation.finding import line, reading_lines, today
from graphsc.validation.findings import Report
from graphsc.validation.rules import Rule

_TRIED = Text("Prøvet med", "Tried with")
_WRITTEN = Text("Skrevet i", "Written in")
_TREATMENT, _BECAUSE = Text("Behandling", "Treatment"), Text("Grund", "Reason")
_ALSO = Text("Også behandlet ved", "Also treated by")
_BELONGS = Text("Hører til", "Belongs to")
_SECTION = Text("Afsnit", "Section")
_BY_AGREEMENT = Text("Aftale for aftale pr. {day}", "Agreement by agreement as of {day}")
_MISSING = Text("mangler", "missing")
_MOST = 3
"""How many terms and records are named."""


def render(
    standing: Standing,
    rules: Mapping[str, Rule],
    read: Mapping[str, Sequence[Text]],
    report: Report | None,
    language: Language,
) -> str:
    """The page, for a terminal; with a report, how the statement stands for each agreement.

    ``read`` says how each rule of the statement reads the data, by its IRI.
    """
    blocks = [list(_head(standing, language))]
    carriers, treatment = standing.statement.carriers, standing.statement.treatment
    shown = [carrier for carrier in carriers if carrier.treatment == treatment or carrier.name in rules]
    rest = [carrier for carrier in carriers if carrier not in shown]
    if treatment == "vocabulary":  # terms are named, and nothing else is
        shown, rest = [], [carrier for carrier in carriers if carrier.treatment == treatment]
    shown.sort(key=lambda carrier: carrier.treatment != treatment)
    blocks += [list(_carrier(carrier, rules, read.get(carrier.iri, ()), report, language)) for carrier in shown]
    blocks.append(list(_others(rest, standing, language)))
    if report is not None:
        blocks.append(list(_cells(standing, report, language)))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(standing: Standing, language: Language) -> Iterator[str]:
    statement = standing.statement
    yield f"{statement.id}  {escape.line(statement.text[language])}"
    yield ""
    weight = words.WEIGHT.get(statement.weight, Text.same(statement.weight))[language]
    phase = [standing.labels[statement.phase][language]] if statement.phase else []
    section = statement.section if not statement.section[:1].isdigit() else f"{_SECTION[language]} {statement.section}"
    yield " · ".join([section, *phase, weight])
    for recommendation in standing.recommendations:
        if recommendation.id != statement.id:
            yield f"{_BELONGS[language]} {recommendation.id}: {escape.line(recommendation.text[language])}"
    yield f"{_TREATMENT[language]}: {_treated(statement, standing)[language]}"
    if statement.reason is not None:
        yield f"{_BECAUSE[language]}: {escape.line(statement.reason[language])}"
    for heading, text in wording.scope(statement):
        yield f"{heading[language]}: {escape.line(text[language])}"


def _treated(statement: Statement, standing: Standing) -> Text:
    if statement.treatment is None:
        return _MISSING
    name = standing.treatments.get(statement.treatment, Text.same(statement.treatment))
    by = ", ".join(statement.by[:_MOST]) + (f" +{len(statement.by) - _MOST}" if len(statement.by) > _MOST else "")
    return Text(f"{name.da} ({by})", f"{name.en} ({by})") if by else name


def _carrier(
    carrier: Carrier, rules: Mapping[str, Rule], read: Sequence[Text], report: Report | None, language: Language
) -> Iterator[str]:
    """A rule or query: what it asks, how it reads the data, the cases it is tried with, its text, and how it stands."""
    rule = rules.get(carrier.name)
    yield f"  {line(rule, language) if rule is not None else escape.line(carrier.name)}"
    yield from indent("\n".join(reading_lines(read, language)), "    ").splitlines()
    names = tried_with(rule.code) if rule is not None else []
    if names:
        yield f"    {_TRIED[language]}: {', '.join(names)}"
    text = written(carrier)
    if text is not None:
        yield f"    {_WRITTEN[language]} {text.file}:"
        yield indent("\n".join(escape.source(item) for item in text.text.splitlines()), "      ")
    if rule is not None and report is not None:
        yield from (f"    {item}" for item in today(rule.code, report, language))


def _others(others: Sequence[Carrier], standing: Standing, language: Language) -> Iterator[str]:
    """What else cites the statement, by kind, the first few by name."""
    if others:
        yield f"{_ALSO[language]}:"
    for kind, label in standing.treatments.items():
        names = [other.name for other in others if other.treatment == kind]
        if names:
            more = f" +{len(names) - _MOST}" if len(names) > _MOST else ""
            yield f"  {label[language]}: {escape.line(', '.join(names[:_MOST]))}{more}"


def _cells(standing: Standing, report: Report, language: Language) -> Iterator[str]:
    """How the statement stands for each agreement and organisation, or in one line why it is nowhere looked at."""
    yield _BY_AGREEMENT[language].format(day=report.as_of)
    if not any(cell.denominator or cell.decision for cell in standing.cells):
        kinds = dict.fromkeys((words.STATE[cell.state], words.why(cell)) for cell in standing.cells)
        yield from (f"  {state[language]} – {why[language]}" for state, why in kinds)
        return
    named = [(_place(cell.agreement or cell.organisation, standing, language), cell) for cell in standing.cells]
    width = max((len(name) for name, _ in named), default=0)
    for name, cell in named:
        counts = words.of(cell.numerator, cell.denominator)[language] if cell.denominator else ""
        why = words.why(cell)[language]
        parts = [words.STATE[cell.state][language], f"({counts})" if counts else "", f"– {why}" if why else ""]
        codes = " ".join(cell.rules) if cell.state is State.NOT_MET else ""
        state = " ".join(part for part in (*parts, codes) if part)
        yield f"  {name:<{width}}  {escape.line(state)}"
        yield from _rests_on(cell, standing, width, language)


def _rests_on(cell: Cell, standing: Standing, width: int, language: Language) -> Iterator[str]:
    """What is met by whose evidence, newest first; or that no record of its own stands behind it."""
    met = [check for check in cell.checks if check.outcome is Checked.MET]
    margin = " " * (width + 6)
    for record in newest(met)[:_MOST]:
        place = standing.places.get(record.iri)
        written_at = f" [{escape.brief(str(place))}]" if place is not None else ""
        yield f"{margin}{escape.brief(whose.line(record, standing.labels, language), 160)}{written_at}"
    if len(newest(met)) > _MOST:
        yield f"{margin}+{len(newest(met)) - _MOST}"
    elif met and cell.state is State.MET and not newest(met):
        yield f"{margin}{whose.NO_RECORD[language]}"


def _place(iri: str | None, standing: Standing, language: Language) -> str:
    name = words.NOTHING_ELSE if iri is None else standing.labels.get(iri, Text.same(iri))
    return escape.brief(name[language], 60)
