"""Pages about rules, statements of the guide, provisions and findings for the terminal, and rules as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import indent

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.coverage import words
from graphsc.coverage.checks import Checked
from graphsc.coverage.statements import Carrier, Statement, case_names, rule_text
from graphsc.coverage.status import Cell, Standing, State, newest
from graphsc.duties.words import NO_RECORD, Voice
from graphsc.explanation.evidence import Fact
from graphsc.rendering.contract import written
from graphsc.validation import wording
from graphsc.validation.examples.rows import to_write
from graphsc.validation.findings import Finding, Report
from graphsc.validation.rules import Reference, Rule

_MARKS = {"asserted": "•", "derived": "→", "known": "·", "absent": "✗"}
_WORDS = {
    "severity": Text("Alvor", "Severity"),
    "finding": Text("Fund", "Finding"),
    "remedy": Text("Gør", "Do"),
    "counts": Text("Det tæller", "What counts"),
    "engine": Text("Dømt af {engine}.", "Judged by {engine}."),
    "guide": Text("Vejledningen siger", "The guide says"),
    "read": Text("Sådan læses oplysningerne", "How the data are read"),
    "also": Text("Svarer også til", "Also serves"),
    "source": Text("Følger af", "Follows from"),
    "serve": Text("Regler, der tjener det", "Rules that serve it"),
    "none": Text("ingen", "none"),
    "today": Text("Pr. {day}: {how}", "As of {day}: {how}"),
    "fail": Text("{outcome} fejler", "{outcome} fail"),
    "rests": Text("Det bygger på", "It rests on"),
    "near": Text("Tæller ikke", "Does not count"),
    "write": Text("Skriv det i dine data, når det er gjort", "Write this in your data once it has been done"),
    "statements": Text("Vejledningen", "The guide"),
}
_TRIED = Text("Prøvet med", "Tried with")
_WRITTEN = Text("Står i", "Written in")
_TREATMENT, _BECAUSE = Text("Behandling", "Treatment"), Text("Begrundelse", "Reason")
_ALSO = Text("Også behandlet ved", "Also treated by")
_BELONGS = Text("Hører til", "Belongs to")
_SECTION = Text("Afsnit", "Section")
_BY_AGREEMENT = Text("Aftale for aftale pr. {day}", "Agreement by agreement as of {day}")
_MOST = 3
"""The most terms and records that are named."""


def provision(reference: Reference) -> Text:
    """A provision of another framework, with its definition where it has one."""
    label, asks = reference.label, reference.definition
    return Text(f"{label.da} – {asks.da}" if asks.da else label.da, f"{label.en} – {asks.en}" if asks.en else label.en)


def as_json(rules: Iterable[Rule]) -> str:
    """Rules as the document ``graphsc.rules/1``."""
    return written({"schema": "graphsc.rules/1", "rules": list(map(_as_json, rules))})


def _as_json(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "severity": rule.severity.value,
        "title": rule.title,
        "remedy": rule.remedy,
        "statements": list(rule.statements),
        "references": [reference.label.en for reference in rule.references],
        "registers": list(rule.registers),
        "role": rule.role,
        "engine": "compiled",
    }


def line(rule: Rule, language: Language) -> str:
    """A rule on one line."""
    width = max(len(word[language]) for word in wording.SEVERITY.values())
    statements = f"  ({', '.join(rule.statements)})" if rule.statements else ""
    severity = wording.severity(rule.severity, language)
    return f"{escape.line(rule.code)}  {severity:<{width}}  {escape.line(rule.title[language])}{statements}"


def template(text: str) -> str:
    """The template of a message, with … in place of its variables."""
    return re.sub(r"\{[?$][^}]*\}", "…", text)


def rule_page(
    rule: Rule, statements: Mapping[str, Statement], read: Sequence[Text], report: Report | None, language: Language
) -> str:
    """A rule: what it asks, why, what to do and how it reads the data; with a report also its outcome."""
    blocks = [
        [f"{escape.line(rule.code)}  {escape.line(rule.title[language])}"],
        [f"{_WORDS['severity'][language]}: {wording.severity(rule.severity, language)}"],
        [  # a shape from elsewhere may say neither
            f"{_WORDS[name][language]}: {escape.line(text)}"
            for name, text in (("finding", template(rule.message[language])), ("remedy", rule.remedy[language]))
            if text
        ],
    ]
    if rule.evidence:
        kinds = ", ".join(escape.line(kind.label[language]) for kind in rule.evidence)
        blocks[-1].append(f"{_WORDS['counts'][language]}: {kinds}")
    cited = [text for name in rule.statements if name in statements for text in _statement(statements[name], language)]
    names = [f"  {escape.line(provision(reference)[language])}" for reference in rule.references]
    blocks.append(_block("guide", cited, language))
    blocks.append(_readings(read, language))
    blocks.append(_block("also" if rule.statements else "source", names, language))
    if report is not None:
        blocks.append(_today(rule.code, report, language))
        blocks.append(_example(rule, [f for f in report.findings if f.code == rule.code], report, language))
    return _page(blocks)


def _page(blocks: Iterable[Sequence[str]]) -> str:
    """Blocks of lines with a blank line between."""
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _block(name: str, lines: Sequence[str], language: Language) -> list[str]:
    """Lines under a heading; empty where there are none."""
    return [f"{_WORDS[name][language]}:", *lines] if lines else []


def _readings(read: Sequence[Text], language: Language) -> list[str]:
    """The sentences on how a rule reads the data, a line each; empty where there are none."""
    return _block("read", [f"  - {escape.line(text[language])}" for text in read], language)


def _example(rule: Rule, findings: Sequence[Finding], report: Report, language: Language) -> list[str]:
    """What to write in the data for some findings; empty where there is nothing to add."""
    lines = to_write(findings, report, {rule.code: rule}, language)
    return _block("write", [f"  {line}" for line in lines], language)


def _statement(statement: Statement, language: Language) -> Iterator[str]:
    """A statement in short, with what is looked at and what is not seen."""
    yield f"  {statement.id}  {statement.text[language]}"
    for heading, text in statement.scope:
        yield f"    {heading[language]}: {escape.line(text[language])}"


def provision_page(reference: Reference, rules: Mapping[str, Rule], report: Report | None, language: Language) -> str:
    """A provision of another framework and the rules that serve it; with a report also their outcomes."""
    citing = [rule for rule in rules.values() if reference.iri in {other.iri for other in rule.references}]
    lines = [escape.line(provision(reference)[language]), "", f"{_WORDS['serve'][language]}:"]
    return "\n".join([*lines, *_citing(citing, report, language)]) + "\n"


def _citing(citing: Sequence[Rule], report: Report | None, language: Language) -> list[str]:
    lines = []
    if not citing:
        lines.append(f"  {_WORDS['none'][language]}")
    for rule in citing:
        lines.append(f"  {line(rule, language)}")
        if report is not None:
            lines += [f"    {text}" for text in _today(rule.code, report, language)]
    return lines


def _today(code: str, report: Report, language: Language) -> list[str]:
    """The outcome of a rule: its focus nodes, those that failed, and each finding."""
    lines = []
    for outcome in report.rules:
        if outcome.code == code:
            how = wording.outcome(outcome, language)
            if outcome.focus:
                how = _WORDS["fail"][language].format(outcome=how)
            lines.append(_WORDS["today"][language].format(how=how, day=report.as_of))
            if outcome.engine != "compiled":
                lines.append(_WORDS["engine"][language].format(engine=outcome.engine))
            if outcome.not_checked is not None:
                lines.append(f"{wording.NOT_CHECKED[language]}: {outcome.not_checked[language]}")
    for finding in report.findings:
        if finding.code == code:
            place = f"  [{finding.location}]" if finding.location is not None else ""
            waived = f" ({wording.ACCEPTED[language]})" if finding.waived is not None else ""
            lines.append(f"- {escape.line(f'{finding.message[language]}{waived}{place}')}  {finding.fingerprint}")
    return lines


def finding_page(finding: Finding, facts: Sequence[Fact], rule: Rule | None, report: Report, language: Language) -> str:
    """A finding and its evidence, the waiver or who must act, and what to write."""
    code = escape.line(finding.code)
    head = f"{wording.severity(finding.severity, language)}[{code}]: {escape.line(finding.message[language])}"
    blocks = [[head]]
    near = [
        f"  {escape.line(miss.text[language])}{f'   [{miss.location}]' if miss.location else ''}"
        for miss in finding.near_misses
    ]
    blocks.append(_block("rests", [line for fact in facts for line in _fact(fact, language, 1)], language))
    blocks.append(_block("near", near, language))
    if finding.location is not None:
        blocks[0].append(f"  --> {escape.line(str(finding.location))}")
    notes = (
        (wording.WAIVER, wording.acceptance(finding, report, language)),
        (wording.ANSWER, wording.answered(finding, report, language)),
        (wording.HELP, finding.remedy[language].strip()),
        (wording.WHO, wording.actor(report, finding.actor, language)),
    )
    blocks[0] += [f"  {name[language]}: {escape.line(text)}" for name, text in notes if text]
    if rule is not None:
        blocks.append(_example(rule, [finding], report, language))
    if finding.statements:
        blocks.append([f"{_WORDS['statements'][language]}: {wording.guide(finding)}"])
    return _page(blocks)


def _fact(fact: Fact, language: Language, level: int) -> list[str]:
    """A fact on a line, its rule on the next, and the facts beneath it indented below."""
    indent = "  " * level
    text = f"{indent}{_MARKS[fact.kind]} {escape.line(fact.text[language])}"
    if fact.location is not None:
        text += f"   [{escape.line(str(fact.location))}]"
    lines = [text]
    if fact.rule is not None and fact.beneath:
        statements = f" ({', '.join(fact.statements)})" if fact.statements else ""
        lines.append(f"{indent}  {escape.line(fact.rule[language])}{statements}")
    for beneath in fact.beneath:
        lines += _fact(beneath, language, level + 1)
    return lines


def statement_page(
    standing: Standing,
    rules: Mapping[str, Rule],
    read: Mapping[str, Sequence[Text]],
    report: Report | None,
    language: Language,
) -> str:
    """A statement, its treatment, with a report its state for each agreement, and last the source and the cases of its rules.

    ``read`` has the sentences on how each rule of the statement reads the data, by its IRI.
    """
    blocks = [list(_head(standing, language))]
    carriers, treatment = standing.statement.carriers, standing.statement.treatment
    shown = [carrier for carrier in carriers if carrier.treatment == treatment or carrier.name in rules]
    rest = [carrier for carrier in carriers if carrier not in shown]
    if treatment == "vocabulary":  # terms are named, and nothing else is
        shown, rest = [], [carrier for carrier in carriers if carrier.treatment == treatment]
    shown.sort(key=lambda carrier: carrier.treatment != treatment)
    blocks += [list(_carrier(carrier, rules, read.get(carrier.iri, ()), report, language)) for carrier in shown]
    if report is not None:
        blocks.append(list(_cells(standing, report, language)))
    blocks.append(list(_other_carriers(rest, standing, language)))
    blocks += [list(_source(carrier, rules, language)) for carrier in shown]
    return _page(blocks)


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
    for heading, text in statement.scope:
        yield f"{heading[language]}: {escape.line(text[language])}"


def _treated(statement: Statement, standing: Standing) -> Text:
    name, by = words.treatment(statement, standing), _names(statement.by)
    return Text(f"{name.da} ({by})", f"{name.en} ({by})") if by else name


def _names(names: Sequence[str]) -> str:
    """The first few names, and the number of the others."""
    more = f" +{len(names) - _MOST}" if len(names) > _MOST else ""
    return escape.line(", ".join(names[:_MOST])) + more


def _carrier(
    carrier: Carrier, rules: Mapping[str, Rule], read: Sequence[Text], report: Report | None, language: Language
) -> Iterator[str]:
    """A rule or query: what it asks, how it reads the data, and its outcome."""
    rule = rules.get(carrier.name)
    yield f"  {line(rule, language) if rule is not None else escape.line(carrier.name)}"
    yield from indent("\n".join(_readings(read, language)), "    ").splitlines()
    if rule is not None and report is not None:
        yield from (f"    {item}" for item in _today(rule.code, report, language))


def _source(carrier: Carrier, rules: Mapping[str, Rule], language: Language) -> Iterator[str]:
    """The text of a rule or query, and its cases."""
    text = rule_text(carrier)
    if text is not None:
        yield f"{_WRITTEN[language]} {text.file}:"
        yield indent("\n".join(escape.source(item) for item in text.text.splitlines()), "  ")
    names = case_names(carrier.name) if carrier.name in rules else []
    if names:
        yield f"{_TRIED[language]}: {', '.join(names)}"


def _other_carriers(others: Sequence[Carrier], standing: Standing, language: Language) -> Iterator[str]:
    """The other carriers of a statement, by kind, the first few by name."""
    if others:
        yield f"{_ALSO[language]}:"
    for kind, label in standing.treatments.items():
        names = [other.name for other in others if other.treatment == kind]
        if names:
            yield f"  {label[language]}: {_names(names)}"


def _cells(standing: Standing, report: Report, language: Language) -> Iterator[str]:
    """The state of the statement for each agreement and organisation, or in one line why there are no checks."""
    yield _BY_AGREEMENT[language].format(day=report.as_of)
    if not any(cell.denominator or cell.decision for cell in standing.cells):
        kinds = dict.fromkeys((words.STATE[cell.state], words.why(cell)) for cell in standing.cells)
        yield from (f"  {state[language]} – {why[language]}" for state, why in kinds)
        return
    named = [(escape.brief(words.column(cell, standing)[language], 60), cell) for cell in standing.cells]
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
    """The evidence of a met cell, newest first; or that it has no records."""
    met = [check for check in cell.checks if check.outcome is Checked.MET]
    margin, voice = " " * (width + 6), Voice(standing.labels, language)
    for record in newest(met)[:_MOST]:
        place = standing.places.get(record.iri)
        written_at = f" [{escape.brief(str(place))}]" if place is not None else ""
        yield f"{margin}{escape.brief(voice.performed(record), 160)}{written_at}"
    if len(newest(met)) > _MOST:
        yield f"{margin}+{len(newest(met)) - _MOST}"
    elif met and cell.state is State.MET and not newest(met):
        yield f"{margin}{NO_RECORD[language]}"
