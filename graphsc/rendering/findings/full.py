"""The full rendering for people: each finding by itself, with its source line and every reference."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphsc.core import escape
from graphsc.core.location import Location
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.explanation.near_misses import MOST_FINDINGS
from graphsc.rendering import wording
from graphsc.rendering.findings.places import excerpts
from graphsc.rendering.findings.to_write import to_write
from graphsc.validation.findings import Finding, Report, Severity
from graphsc.validation.rules import Rule

COLOURS = {Severity.VIOLATION: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
BOLD, DIM = "1", "2"
_WIDTH = 100
_MOST = 5


@dataclass(frozen=True, slots=True)
class Pen:
    """What one rendering writes with; ``sources`` has the line of source at each place."""

    report: Report
    rules: Mapping[str, Rule]
    language: Language
    colour: bool
    sources: Mapping[Location, str]

    def paint(self, text: str, code: str) -> str:
        """The text in a colour, where there are colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def names(self, iris: tuple[str, ...], between: str) -> str:
        """What the first few are called, and how many more there are."""
        return between.join(wording.some([self.name(iri) for iri in iris], _MOST, self.language))

    def chain(self, iris: tuple[str, ...]) -> str:
        """The way down a chain, by name."""
        return " → ".join(map(self.name, iris))

    def name(self, iri: str) -> str:
        """What a thing is called."""
        return escape.brief(wording.label(self.report, iri, self.language), 80)


def render(
    report: Report,
    rules: Mapping[str, Rule],
    *,
    language: Language,
    color: bool = False,
    show_waived: bool = False,
    base: Path = Path(),
) -> str:
    """Render a report for a person.

    Files are read from ``base`` for their excerpts. Unreadable input comes first, then the findings,
    gravest first, then what is not recorded and not checked, and last the counts. Colour only doubles
    what the words say.
    """
    problems = wording.problems(report)
    findings = wording.counted(report)
    waived = wording.accepted(report) if show_waived else []
    places = [p.location for p in problems]
    places += [f.location for f in (*findings, *waived) if f.location is not None]
    pen = Pen(report, rules, language, color, excerpts(places, base))

    blocks = [problem_lines(pen, problem) for problem in problems]
    blocks += [_finding(pen, finding) for finding in (*findings, *waived)]
    blocks += [list(deferred(pen)), *(_finding(pen, finding) for finding in wording.later(report))]
    blocks += [list(block) for block in (not_recorded(pen), not_checked(pen))]
    if not problems and not findings:
        blocks.append([wording.nothing(report, language)])
    if len(findings) > MOST_FINDINGS:
        blocks.append([wording.NEAR_FEW[language]])
    return page(pen, blocks)


def page(pen: Pen, blocks: Iterable[Sequence[str]]) -> str:
    """Blocks of lines, and then what holds of the whole: that it is partial, what was read, and the counts."""
    report, language = pen.report, pen.language
    partial = pen.paint(wording.partial(report, language), COLOURS[Severity.VIOLATION]) if report.partial else ""
    every = [*blocks, [partial], [wording.holdings(report, language)]]
    text = "\n\n".join("\n".join(block) for block in every if any(block))
    return f"{text}\n\n{pen.paint(wording.counts(report, language), BOLD)}\n"


def problem_lines(pen: Pen, problem: Problem) -> list[str]:
    """What could not be read, and where."""
    head = pen.paint(f"{wording.ERROR[pen.language]}[{escape.brief(problem.code)}]", COLOURS[Severity.VIOLATION])
    message = escape.brief(problem.message[pen.language])
    return [f"{head}: {message}", *_place(pen, problem.location, Severity.VIOLATION)]


def _finding(pen: Pen, finding: Finding) -> list[str]:
    head = head_of(pen, finding, [finding.code])
    return [
        f"{head}: {escape.brief(finding.message[pen.language])}",
        *_place(pen, finding.location, finding.severity),
        *_notes(pen, finding),
    ]


def head_of(pen: Pen, finding: Finding, codes: Sequence[str]) -> str:
    """The word for a finding and the codes of what it breaks, in the colour of its severity."""
    word = wording.level(finding, pen.language)
    return pen.paint(f"{word}[{', '.join(escape.brief(code, 40) for code in codes)}]", COLOURS[finding.severity])


def _notes(pen: Pen, finding: Finding) -> Iterator[str]:
    def note(key: Text, value: str) -> str:
        return f"  {pen.paint('=', DIM)} {pen.paint(key[pen.language] + ':', BOLD)} {value}"

    if finding.parties or finding.path:
        yield note(wording.PATH, pen.chain(finding.parties or finding.path))
    if finding.consequences:
        yield note(wording.CONSEQUENCES, pen.names(tuple(sorted(finding.consequences)), ", "))
    for miss in finding.near:
        where = f" ({miss.location})" if miss.location is not None else ""
        yield note(wording.NEAR, escape.brief(f"{miss.text[pen.language]}{where}"))
    acceptance = wording.acceptance(finding, pen.report, pen.language)
    if acceptance:
        yield note(wording.WAIVER, escape.brief(acceptance))
    if finding.remedy[pen.language].strip():
        yield note(wording.HELP, escape.brief(finding.remedy[pen.language]))
    who = wording.actor(pen.report, finding.actor, pen.language)
    if who:
        yield note(wording.WHO, escape.brief(who))
    written = to_write([finding], pen.report, pen.rules, pen.language)
    if written:
        yield f"  {pen.paint('=', DIM)} {pen.paint(wording.WRITE[pen.language] + ':', BOLD)}"
        yield from (f"      {line}" for line in written)
    if finding.statements:
        yield note(wording.GUIDE, escape.brief(wording.guide(finding)))
    references = wording.references(finding, pen.rules, pen.language)
    if references:
        yield note(wording.REFERENCE if finding.statements else wording.SOURCE, escape.brief(", ".join(references)))
    for place in sorted(set(finding.related), key=lambda p: p.order):
        yield note(wording.RELATED, escape.brief(str(place)))
    yield note(wording.ID, finding.fingerprint)


def _place(pen: Pen, location: Location | None, level: Severity) -> Iterator[str]:
    arrow = pen.paint("-->", DIM)
    if location is None:
        yield f"  {arrow} {wording.DERIVED[pen.language]}"
        return
    yield f"  {arrow} {escape.brief(str(location))}"
    source = pen.sources.get(location)
    if source is None or not source.strip():
        return
    number = str(location.line)
    bar = pen.paint("|", DIM)
    margin = " " * len(number)
    excerpt, before = _window(source, (location.column or 1) - 1)
    yield f"{margin} {bar}"
    yield f"{pen.paint(number, DIM)} {bar} {excerpt}"
    if location.column is not None:
        yield f"{margin} {bar} {' ' * before}{pen.paint('^', COLOURS[level])}"


def _window(source: str, column: int) -> tuple[str, int]:
    """At most ``_WIDTH`` characters of a line around a column, and the cells before the column in them."""
    text = escape.source(source).rstrip()
    column = min(column, len(text))
    start = 0 if len(text) <= _WIDTH or column < _WIDTH * 3 // 4 else column - _WIDTH // 2
    cut = text[start : start + _WIDTH]
    before = sum(_cells(character) for character in text[start:column])
    if start > 0:
        cut, before = f"…{cut}", before + 1
    return (f"{cut}…" if start + _WIDTH < len(text) else cut), before


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def deferred(pen: Pen) -> Iterator[str]:
    """A line per agreement from before the day that is judged from: how many findings it has, and of which rules."""
    findings = wording.deferred(pen.report)
    if not findings:
        return
    yield wording.deferral(pen.report, pen.language)
    for agreement, deferred_findings in findings.items():
        name = pen.name(agreement)
        urgent = f" ({wording.URGENT[pen.language]})" if any(finding.urgent for finding in deferred_findings) else ""
        codes = " ".join(escape.brief(code, 40) for code in dict.fromkeys(f.code for f in deferred_findings))
        yield f"  {name}{urgent}: {wording.numbers(deferred_findings, pen.language)} – {codes}"


def not_recorded(pen: Pen) -> Iterator[str]:
    """A line per register that is not kept, or property that is missing: for how many it is not, and which rules that leaves unjudged."""
    registers = wording.not_recorded(pen.report)
    if not registers:
        return
    yield wording.unrecorded_note(pen.report, pen.language)
    unjudged = wording.unjudged(pen.report, pen.rules)
    for register, findings in registers.items():
        name = pen.name(register)
        places = {place for finding in findings for place in finding.consequences}
        codes = " ".join(escape.brief(code, 40) for code in unjudged.get(register, ()))
        yield f"  {name}: {wording.unkept(register, len(places), pen.language)}{f' – {codes}' if codes else ''}"


def not_checked(pen: Pen) -> Iterator[str]:
    """The rules not judged for another reason than a register that was named already."""
    named = wording.not_recorded(pen.report)
    unjudged = wording.unjudged(pen.report, pen.rules)
    explained = {code for register in named for code in unjudged.get(register, ())}
    skipped = [item for item in wording.not_checked(pen.report, pen.language) if item[0] not in explained]
    if skipped:
        yield f"{wording.NOT_CHECKED[pen.language]}:"
    for code, reason in skipped:
        yield f"  {escape.brief(code, 40)}: {escape.brief(reason)}"
