"""Pages about rules, statements of the guide and findings, for the terminal; rules as JSON too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.coverage.statements import Statement
from graphsc.explanation.evidence import Fact
from graphsc.rendering import wording
from graphsc.rendering.contract import written
from graphsc.rendering.findings.to_write import to_write
from graphsc.validation.findings import Finding, Report
from graphsc.validation.rules import Reference, Rule


def provision(reference: Reference) -> Text:
    """A provision of another framework with what it asks, where that is known."""
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
        "register": rule.register,
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
    """A message before it is filled in: what will stand in its open places is left out."""
    return re.sub(r"\{[?$][^}]*\}", "…", text)


def rule_page(
    rule: Rule, known: Mapping[str, Statement], read: Sequence[Text], report: Report | None, language: Language
) -> str:
    """What a rule asks, why, what to do and how it reads the data; with a report, how it stands today."""
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
    cited = [text for name in rule.statements if name in known for text in _statement(known[name], language)]
    if cited:
        blocks.append([f"{_WORDS['guide'][language]}:", *cited])
    blocks.append(reading_lines(read, language))
    if rule.references:
        names = [f"  {escape.line(provision(reference)[language])}" for reference in rule.references]
        blocks.append([f"{_WORDS['also' if rule.statements else 'source'][language]}:", *names])
    if report is not None:
        blocks.append(today(rule.code, report, language))
        blocks.append(example_lines(rule, [f for f in report.findings if f.code == rule.code], report, language))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def reading_lines(read: Sequence[Text], language: Language) -> list[str]:
    """How a rule reads the data, a sentence a line; empty where nothing is known of it."""
    return [f"{_WORDS['read'][language]}:", *(f"  - {escape.line(text[language])}" for text in read)] if read else []


def example_lines(rule: Rule, findings: Sequence[Finding], report: Report, language: Language) -> list[str]:
    """What to write in the data where the findings were made; empty where there is nothing to add."""
    lines = to_write(findings, report, {rule.code: rule}, language)
    return [f"{_WORDS['write'][language]}:", *(f"  {line}" for line in lines)] if lines else []


def _statement(statement: Statement, language: Language) -> Iterator[str]:
    """A statement in short, and beneath it what is looked at and what is not seen."""
    yield f"  {statement.id}  {statement.text[language]}"
    for heading, text in wording.scope(statement):
        yield f"    {heading[language]}: {escape.line(text[language])}"


def provision_page(reference: Reference, rules: Mapping[str, Rule], report: Report | None, language: Language) -> str:
    """What a provision of another framework asks and which rules serve it; with a report, how they stand today."""
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
            lines += [f"    {text}" for text in today(rule.code, report, language)]
    return lines


def today(code: str, report: Report, language: Language) -> list[str]:
    """How a rule stands: how many it was asked of, how many failed, and each finding."""
    lines = []
    for outcome in report.rules:
        if outcome.code == code:
            lines.append(_WORDS["today"][language].format(failed=outcome.failed, focus=outcome.focus, day=report.as_of))
            if outcome.engine != "compiled":
                lines.append(_WORDS["engine"][language].format(engine=outcome.engine))
            if outcome.not_checked is not None:
                lines.append(f"{_WORDS['unchecked'][language]}: {outcome.not_checked[language]}")
    for finding in report.findings:
        if finding.code == code:
            place = f"  [{finding.location}]" if finding.location is not None else ""
            waived = f" ({_WORDS['waived'][language]})" if finding.waived is not None else ""
            lines.append(f"- {escape.line(f'{finding.message[language]}{waived}{place}')}  {finding.fingerprint}")
    return lines


def finding_page(
    finding: Finding, facts: Sequence[Fact], language: Language, rule: Rule | None = None, report: Report | None = None
) -> str:
    """A finding and the facts, or the absence, beneath it; with the report, who accepted it or must act, and what to write."""
    code = escape.line(finding.code)
    head = f"{wording.severity(finding.severity, language)}[{code}]: {escape.line(finding.message[language])}"
    blocks = [[head]]
    if facts:
        blocks.append([f"{_WORDS['rests'][language]}:", *(line for fact in facts for line in _fact(fact, language, 1))])
    near = [
        f"  {escape.line(miss.text[language])}{f'   [{miss.location}]' if miss.location else ''}"
        for miss in finding.near
    ]
    if near:
        blocks.append([f"{_WORDS['near'][language]}:", *near])
    if finding.location is not None:
        blocks[0].append(f"  --> {escape.line(str(finding.location))}")
    if report is not None:
        notes = (
            (wording.WAIVER, wording.acceptance(finding, report, language)),
            (wording.HELP, finding.remedy[language].strip()),
            (wording.WHO, wording.actor(report, finding.actor, language)),
        )
        blocks[0] += [f"  {name[language]}: {escape.line(text)}" for name, text in notes if text]
    if rule is not None and report is not None:
        blocks.append(example_lines(rule, [finding], report, language))
    if finding.statements:
        blocks.append([f"{_WORDS['statements'][language]}: {wording.guide(finding)}"])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _fact(fact: Fact, language: Language, level: int) -> list[str]:
    """One fact on a line, the rule behind it on the next, and what lies beneath it below."""
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
    "today": Text("Pr. {day}: {failed} af {focus} fejler", "As of {day}: {failed} of {focus} fail"),
    "unchecked": Text("Ikke kontrolleret", "Not checked"),
    "waived": Text("accepteret", "waived"),
    "rests": Text("Det bygger på", "It rests on"),
    "near": Text("Tæller ikke", "Does not count"),
    "write": Text("Skriv det i dine data, når det er gjort", "Write this in your data once it has been done"),
    "statements": Text("Vejledningen", "The guide"),
}
