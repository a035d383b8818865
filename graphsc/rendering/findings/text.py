"""Findings for people at a terminal: what is wrong, where, who should do what, and what to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from graphsc.core import escape
from graphsc.core.problems import Problem
from graphsc.core.text import Language, Text
from graphsc.explanation.near_misses import MOST_FINDINGS
from graphsc.validation import wording
from graphsc.validation.examples.rows import to_write
from graphsc.validation.findings import Actor, Finding, Report, Severity
from graphsc.validation.rules import Rule

COLOURS = {Severity.BREACH: "1;31", Severity.QUESTION: "1;33", Severity.NOTE: "1;36"}
BOLD, DIM = "1", "2"
_WHOLE = 5
"""The things to do that are shown in full, with who should do them and what to write; all others have a line or two."""
_MOST = 3
"""The things in a block that have an example."""
_NAMED = 3
"""A chain of this length is already in the message: the subcontractor, the supplier it is under, and the customer."""
_WIDTH = 600
_CONSEQUENCES = 5
_INDENT = "    "
_TO_WRITE = Text(
    "Skriv det indrykkede i dine data, når det er gjort; <…> udfylder du selv. ",
    "Write the indented lines in your data once it is done; <…> is yours to fill in. ",
)
_WHY = Text("graphsc explain ID STI viser baggrunden.", "graphsc explain ID PATH says why.")
_AS_WORKBOOK = Text(
    "-f xlsx -o fund.xlsx giver dig fundene i et regneark, med mærker i de celler, de handler om.",
    "-f xlsx -o findings.xlsx gives you the findings in a workbook, with marks in the cells they are about.",
)
_QUESTIONS = 5
"""More questions than this are counted by agreement, since they are answered in one go."""
_TO_ANSWER = Text(
    "Svar på dem, eller se dem enkeltvis: graphsc questions",
    "Answer them, or see them one by one: graphsc questions",
)
_ALL = Text(
    "--first 0 viser også ved disse, hvem der skal gøre hvad, og hvad du kan skrive.",
    "--first 0 shows of these too who should do what, and what to write.",
)

_NEAR_MISSES_LIMITED = Text(
    f"Hvad der var lige ved at tælle, er kun undersøgt for de {MOST_FINDINGS} alvorligste fund.",
    f"What nearly counted was looked for only beneath the {MOST_FINDINGS} gravest findings.",
)
_THIS = re.compile(r"\{[?$]this\}( \S+){3}")
_ALIKE = 3
"""The fewest words that messages must share to be combined."""


@dataclass(frozen=True, slots=True)
class Pen:
    """The report and the options of one rendering; with ``every`` all facts about a finding are written."""

    report: Report
    rules: Mapping[str, Rule]
    language: Language
    colour: bool
    every: bool

    def paint(self, text: str, code: str) -> str:
        """The text in a colour, if colours are on."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def names(self, iris: tuple[str, ...], between: str) -> str:
        """The names of the first few, and the number of the others."""
        return between.join(wording.some([self.name(iri) for iri in iris], _CONSEQUENCES, self.language))

    def chain(self, iris: tuple[str, ...]) -> str:
        """The names of the parties of a chain, from the top."""
        return " → ".join(map(self.name, iris))

    def name(self, iri: str) -> str:
        """The name of a thing."""
        return escape.brief(wording.label(self.report, iri, self.language), 80)


def render(
    report: Report,
    rules: Mapping[str, Rule],
    *,
    language: Language,
    color: bool = False,
    show_waived: bool = False,
    first: int | None = None,
) -> str:
    """Render a report for a person; what is the same is written once.

    Unreadable input comes first, then what to do: breaches before notes, and what society depends on before the rest. Questions
    are counted by agreement if they are many, since `graphsc questions` lists them to be answered. The first few are shown in full, the others in short; where ``first`` is given, so many are shown in full and the others only
    counted. For 0 all are, with what they go back to and what is deferred. Then comes what is not recorded and not checked, and last the counts. Colour only doubles what the words say.
    """
    problems = wording.problems(report)
    pen = Pen(report, rules, language, color, every=first == 0)
    counted = wording.counted(report)
    many = not pen.every and sum(finding.severity is Severity.QUESTION for finding in counted) > _QUESTIONS
    tasks = blocks([item for item in counted if not (many and item.severity is Severity.QUESTION)], rules)
    whole = _WHOLE if first is None else first or len(tasks)
    shown, rest = tasks[:whole], tasks[whole:]

    paragraphs = list(_problems(pen, problems))
    told = [list(_block(pen, block)) for block in shown]
    paragraphs += told
    if rest and first is None:
        paragraphs.append([line for block in rest for line in _short(pen, block)])
        paragraphs.append([pen.paint(_ALL[language], DIM)])
    elif rest:
        paragraphs.append([_not_shown(rest, language)])
    questions = list(_questions(pen)) if many else []
    if questions:
        paragraphs.append([*questions, pen.paint(_TO_ANSWER[language], DIM)])
    if show_waived:
        paragraphs += [list(_block(pen, block)) for block in blocks(wording.accepted(report), rules)]
    paragraphs.append(list(_deferred(pen)))
    if pen.every:
        paragraphs += [list(_block(pen, block)) for block in blocks(wording.later(report), rules)]
    if shown:
        to_be_written = any(line.startswith(_INDENT) for lines in told for line in lines)
        paragraphs.append([pen.paint((_TO_WRITE[language] if to_be_written else "") + _WHY[language], DIM)])
        if any(item.first.location is not None and item.first.location.sheet for block in tasks for item in block):
            paragraphs[-1].append(pen.paint(_AS_WORKBOOK[language], DIM))
    paragraphs.append([escape.brief(line) for line in wording.ending(report, language)])
    paragraphs += [list(part) for part in (_unkept(pen), _not_checked(pen))]
    if not problems and not tasks and not questions:
        paragraphs.append([wording.nothing(report, language)])
    if sum(len(item.findings) for block in shown for item in block) > MOST_FINDINGS:
        paragraphs.append([pen.paint(_NEAR_MISSES_LIMITED[language], DIM)])
    return _page(pen, paragraphs)


def _page(pen: Pen, blocks: Iterable[Sequence[str]]) -> str:
    """Blocks of lines, then whether the input is incomplete, what was read, and the counts."""
    report, language = pen.report, pen.language
    partial = pen.paint(wording.partial(report, language), COLOURS[Severity.BREACH]) if report.partial else ""
    every = [*blocks, [partial], [wording.holdings(report, language)]]
    text = "\n\n".join("\n".join(block) for block in every if any(block))
    return f"{text}\n\n{pen.paint(wording.counts(report, language), BOLD)}\n"


def _problems(pen: Pen, problems: Sequence[Problem]) -> Iterator[list[str]]:
    """The problems of reading; several of the same code in a block, a line each."""
    for _, group in groupby(problems, lambda problem: problem.code):
        written = [_problem_lines(pen, problem) for problem in group]
        yield written[0] if len(written) == 1 else [" ".join(line.strip() for line in lines) for lines in written]


def _problem_lines(pen: Pen, problem: Problem) -> list[str]:
    """A problem of reading, and its location."""
    head = pen.paint(f"{wording.ERROR[pen.language]}[{escape.brief(problem.code)}]", COLOURS[Severity.BREACH])
    message = escape.brief(problem.message[pen.language])
    return [f"{head}: {message}", f"  {pen.paint('-->', DIM)} {escape.brief(str(problem.location))}"]


def _short(pen: Pen, block: Sequence[Item]) -> Iterator[str]:
    """A thing to do on one line: what is wrong, and where or with what."""
    lines = list(_message(pen, block))
    alike = pattern(block, pen.language) if len(block) > 1 else None
    if alike is not None:
        lines = [f"{lines[0]}: {', '.join(_names(pen, alike[1], block))}"]
    elif len(block) == 1:
        lines[:2] = [f"{lines[0]} {lines[1].strip()}"]
    yield from lines
    yield from _near(pen, block)
    yield from _acceptance(pen, block[0].first)


def _names(pen: Pen, parts: Sequence[str], block: Sequence[Item]) -> Iterator[str]:
    """What tells the things of a block apart: each part of a message, or the thing's name where there is none; several alike by place.

    A thing on which society depends is marked, if it does not depend on all of them.
    """
    names = [part or pen.name(item.first.subject) for item, part in zip(block, parts, strict=True)]
    some_urgent = len({item.urgent for item in block}) > 1
    for item, name in zip(block, names, strict=True):
        place = item.first.location if names.count(name) > 1 else None
        marks = [
            str(mark) for mark in (place, wording.URGENT[pen.language] if some_urgent and item.urgent else "") if mark
        ]
        yield escape.brief(name) + (f" ({escape.brief(', '.join(marks))})" if marks else "")


def _acceptance(pen: Pen, finding: Finding) -> Iterator[str]:
    notes = ((wording.WAIVER, wording.acceptance), (wording.ANSWER, wording.answered))
    for word, written in notes:
        if text := written(finding, pen.report, pen.language):
            yield _note(pen, word[pen.language], text)


def _questions(pen: Pen) -> Iterator[str]:
    """A line for each agreement with open questions: how many, and the command that lists them to be answered."""
    for place, questions in wording.open_questions(wording.counted(pen.report)).items():
        yield f"{pen.name(place)}: {wording.asked(questions, pen.language)}"


def _unkept(pen: Pen) -> Iterator[str]:
    """The registers that are not kept with the number of rules that are not judged for it; then missing properties."""
    groups = wording.not_recorded(pen.report)
    if not groups:
        return
    yield wording.unrecorded_note(pen.report, pen.language)
    unjudged = wording.unjudged(pen.report, pen.rules)
    missing = {True: "", False: Text("mangler: ", "missing: ")[pen.language]}
    for register, start in missing.items():
        named = [
            f"{pen.name(group)} ({wording.places(findings, len(unjudged.get(group, ())), pen.language)})"
            for group, findings in groups.items()
            if wording.is_register(group) is register
        ]
        if named:
            yield f"  {start}{', '.join(named)}"


def _deferred(pen: Pen) -> Iterator[str]:
    """A line per agreement older than the day from which rules apply: its number of findings, and their rules."""
    findings = wording.deferred(pen.report)
    if not findings:
        return
    yield wording.deferral(pen.report, pen.language)
    for agreement, deferred_findings in findings.items():
        name = pen.name(agreement)
        urgent = f" ({wording.URGENT[pen.language]})" if any(finding.urgent for finding in deferred_findings) else ""
        codes = " ".join(escape.brief(code, 40) for code in dict.fromkeys(f.code for f in deferred_findings))
        yield f"  {name}{urgent}: {wording.numbers(deferred_findings, pen.language)} – {codes}"


def _not_shown(blocks_: Sequence[Sequence[Item]], language: Language) -> str:
    things = Text.counted(len(blocks_), Text("ting mere", "more thing"), Text("ting mere", "more things"))
    number = sum(len(item.findings) for block in blocks_ for item in block)
    findings = Text.counted(number, Text("fund", "finding"), Text("fund", "findings"))
    return Text(
        f"… og {things.da} at gøre ({findings.da}); --first 0 viser alt.",
        f"… and {things.en} to do ({findings.en}); --first 0 shows all.",
    )[language]


def _block(pen: Pen, block: Sequence[Item]) -> Iterator[str]:
    """One thing to do: what is wrong, where, by whom it should be done, and what to write then."""
    finding = block[0].first
    actor = _shared(block)
    yield from _message(pen, block, actor)
    if len(block) == 1:
        yield from _chain(pen, block[0].findings)
    yield from _near(pen, block)
    yield from _acceptance(pen, finding)
    remedies = list(dict.fromkeys(f.remedy[pen.language].strip() for item in block for f in item.findings))
    who = wording.actor(pen.report, actor, pen.language)
    if len(remedies) == 1 and remedies[0]:
        yield _note(pen, who or wording.HELP[pen.language], remedies[0])
    elif who:
        yield _note(pen, wording.WHO[pen.language], who)
    yield from _example(pen, block)
    if pen.every:
        yield from _sources(pen, [finding for item in block for finding in item.findings])


def _sources(pen: Pen, findings: Sequence[Finding]) -> Iterator[str]:
    """The statements and provisions behind findings, and other places worth looking at."""
    statements = sorted({statement for finding in findings for statement in finding.statements})
    if statements:
        yield _note(pen, wording.GUIDE[pen.language], ", ".join(statements))
    references = {name for finding in findings for name in wording.references(finding, pen.rules, pen.language)}
    if references:
        heading = wording.REFERENCE if statements else wording.SOURCE
        yield _note(pen, heading[pen.language], ", ".join(sorted(references)))
    related = sorted({place for finding in findings for place in finding.related}, key=lambda place: place.order)
    if related:
        yield _note(pen, wording.RELATED[pen.language], ", ".join(map(str, related)))


def _head(pen: Pen, finding: Finding, codes: Sequence[str]) -> str:
    """The word for a finding and the codes of its rules, in the colour of its severity."""
    word = wording.level(finding, pen.language)
    return pen.paint(f"{word}[{', '.join(escape.brief(code, 40) for code in codes)}]", COLOURS[finding.severity])


def _shared(block: Sequence[Item]) -> Actor:
    """The actor of all things of a block: the organisation, and the person, only if it is the same for all."""
    actors = [finding.actor for item in block for finding in item.findings]
    organisations, people = {actor.organisation for actor in actors}, {actor.person for actor in actors}
    return Actor(
        actors[0].organisation if len(organisations) == 1 else None,
        actors[0].role,
        actors[0].person if len(people) == 1 else None,
    )


def _message(pen: Pen, block: Sequence[Item], shared: Actor | None = None) -> Iterator[str]:
    """The message and the place; of several things the common words, and a line for each.

    The actor of each is on its line, as far as it is not ``shared``.
    """
    finding = block[0].first
    message, remainders = block[0].message(pen.language), [""]
    if len(block) > 1:
        messages = [item.message(pen.language) for item in block]
        message, remainders = pattern(block, pen.language) or ("", messages)
    number = sum(len(item.findings) for item in block)
    if number > 1:
        message = f"{number} {Text('fund', 'findings')[pen.language]}{': ' if message else ''}{message}"
    head = _head(pen, finding, block[0].codes) + (
        f" {wording.URGENT[pen.language]}" if all(item.urgent for item in block) else ""
    )
    yield f"{head}: {escape.brief(message, _WIDTH)}"
    some_urgent = len({item.urgent for item in block}) > 1
    for item, part in zip(block, remainders, strict=True):
        place = wording.DERIVED[pen.language] if item.first.location is None else str(item.first.location)
        ids = f"({', '.join(f.fingerprint for f in item.findings)})"
        urgent = f"{wording.URGENT[pen.language]}:" if some_urgent and item.urgent else ""
        who = _besides(pen, item.first.actor, shared) if shared is not None else ""
        parts = (
            pen.paint("-->", DIM),
            escape.brief(place),
            urgent,
            escape.brief(part),
            escape.brief(who),
            pen.paint(ids, DIM),
        )
        yield f"  {' '.join(filter(None, parts))}"


def _besides(pen: Pen, actor: Actor, shared: Actor) -> str:
    """The actor, as far as it is not the same for all things of a block."""
    apart = Actor(None if shared.organisation else actor.organisation, None, None if shared.person else actor.person)
    who = wording.actor(pen.report, apart, pen.language)
    return who if who.startswith("(") or not who else f"– {who}"


def _chain(pen: Pen, findings: Sequence[Finding]) -> Iterator[str]:
    finding = findings[0]
    if len(finding.parties or finding.path) > _NAMED:
        yield _note(pen, wording.PATH[pen.language], pen.chain(finding.parties or finding.path))
    consequences = tuple(sorted({iri for item in findings for iri in item.consequences}))
    if consequences:
        yield _note(pen, wording.CONSEQUENCES[pen.language], pen.names(consequences, ", "))


def _near(pen: Pen, block: Sequence[Item]) -> Iterator[str]:
    """The nearest record for each finding of a block, the first few."""
    misses = [miss for item in block for finding in item.findings for miss in finding.near_misses[:1]]
    near = list(dict.fromkeys(miss.text[pen.language] for miss in misses))
    for text in wording.some(near, _MOST, pen.language):
        yield _note(pen, wording.NEAR[pen.language], text)


def _note(pen: Pen, key: str, value: str) -> str:
    return f"  {pen.paint('=', DIM)} {pen.paint(escape.brief(key) + ':', BOLD)} {escape.brief(value)}"


def _example(pen: Pen, block: Sequence[Item]) -> Iterator[str]:
    """What to write for the first few things of a block, and the number of others with the same."""
    findings = [finding for item in block[:_MOST] for finding in item.findings]
    written = to_write(findings, pen.report, pen.rules, pen.language)
    for line in written:
        yield f"{_INDENT}{line}"
    if written and len(block) > _MOST:
        times = Text.counted(len(block) - _MOST, Text("gang til", "more time"), Text("gange til", "more times"))
        start = Text("… og tilsvarende", "… and likewise")
        yield f"{_INDENT}  # {start[pen.language]} {times[pen.language]}"


def _not_checked(pen: Pen) -> Iterator[str]:
    """The rules that are not judged for another reason than a register that is named above."""
    named = wording.not_recorded(pen.report)
    unjudged = wording.unjudged(pen.report, pen.rules)
    explained = {code for register in named for code in unjudged.get(register, ())}
    skipped = [item for item in wording.not_checked(pen.report, pen.language) if item[0] not in explained]
    if skipped:
        yield f"{wording.NOT_CHECKED[pen.language]}:"
    codes: dict[str, list[str]] = {}
    for code, reason in skipped:
        codes.setdefault(reason, []).append(escape.brief(code, 40))
    for reason, alike in codes.items():
        yield f"  {' '.join(alike)}: {escape.brief(reason)}"


@dataclass(frozen=True, slots=True)
class Item:
    """Findings on one thing whose messages differ in one part, such as each clause that an agreement lacks."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for all."""
        return self.findings[0]

    @property
    def urgent(self) -> bool:
        """Whether society depends on it."""
        return any(finding.urgent for finding in self.findings)

    @property
    def gravity(self) -> tuple[int, ...]:
        """That of its gravest finding."""
        return min(finding.gravity for finding in self.findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The distinct codes."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    def message(self, language: Language) -> str:
        """The combined message, with all the parts in which the messages differ."""
        messages = list(dict.fromkeys(finding.message[language] for finding in self.findings))
        start, middles, end = apart(messages)
        between = "; " if any("," in middle for middle in middles) else ", "
        return messages[0] if len(messages) == 1 else _joined(start, between.join(middles), end)


def blocks(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[list[Item]]:
    """The findings as things to do: a finding on several things is one, all that one thing lacks is one.

    The gravest come first.
    """
    items: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        rule = rules.get(finding.code)
        start = _alike(rule.message) if rule is not None else None
        about = (finding.subject, finding.location, finding.actor, finding.severity, finding.waived, finding.expired)
        items.setdefault((*about, start or finding.code), []).append(finding)
    result: dict[tuple[object, ...], list[Item]] = {}
    for key, group in items.items():
        item = Item(tuple(group))
        alone: object = key if len(item.codes) > 1 or item.first.waived or item.first.expired else None
        same = (item.first.severity, item.codes, item.first.actor.role, alone)
        result.setdefault(same, []).append(item)
    ordered = (sorted(block, key=_within) for block in result.values())
    return sorted(ordered, key=lambda block: block[0].gravity)


def _alike(message: Text) -> tuple[str, str] | None:
    """The words at the start of a message by which messages of several rules are combined, in both languages."""
    da, en = _THIS.match(message.da), _THIS.match(message.en)
    return (da[0], en[0]) if da is not None and en is not None else None


def _within(item: Item) -> tuple[tuple[int, ...], str, str]:
    """A sort key: the gravest first, then by organisation and person."""
    actor = item.first.actor
    return item.gravity, actor.organisation or "", actor.person or ""


def apart(messages: Sequence[str]) -> tuple[str, list[str], str]:
    """The common words at the start of messages, the part of each that differs, and the common words at the end.

    A name is not cut: a capitalised word beside the differing part belongs to that, unless a colon stands between.
    A comma or colon after it belongs to the words that follow.
    """
    words = [message.split(" ") for message in messages]
    shortest = min(map(len, words))
    start = next((n for n in range(shortest) if len({tuple(word[: n + 1]) for word in words}) > 1), shortest)
    rest = shortest - start
    end = next((n for n in range(rest) if len({tuple(word[len(word) - n - 1 :]) for word in words}) > 1), rest)
    while start > 1 and words[0][start - 1][:1].isupper():
        start -= 1
    while end and words[0][-end][:1].isupper() and not all(word[-end - 1 :][0].endswith(":") for word in words):
        end -= 1
    end = end if end > 1 else 0  # one word alike at the end is chance
    middles = [" ".join(word[start : len(word) - end]) for word in words]
    tail = " ".join(words[0][len(words[0]) - end :])
    for mark in ",:":
        if tail and all(middle.endswith(mark) for middle in middles):
            middles, tail = [middle.removesuffix(mark) for middle in middles], f"{mark} {tail}"
    return " ".join(words[0][:start]), middles, tail


def _joined(start: str, middle: str, end: str) -> str:
    """The parts of a message joined, without a space before a comma or colon."""
    head = " ".join(part for part in (start, middle) if part)
    return head + end if end.startswith((",", ":")) else " ".join(part for part in (head, end) if part)


def _named_twice(parts: Sequence[str]) -> tuple[str, list[str]] | None:
    """The words between, where each part is a name, the same words, and that name again: a question and what was looked for."""
    first = parts[0]
    if "? " not in first:
        return None
    for length in range((len(first) - 1) // 2, 0, -1):
        words = first[length:-length]
        names = [part[: (len(part) - len(words)) // 2] for part in parts]
        if all(name and part == name + words + name for name, part in zip(names, parts, strict=True)):
            return words, names
    return None


def pattern(block: Sequence[Item], language: Language) -> tuple[str, list[str]] | None:
    """The common words of the messages of a block, with … for the differing part, and the differing part of each.

    None where there are few, or fewer than the differing parts have in common: the gist is then between two names.
    Where all messages are the same, no part differs and each is empty.
    """
    messages = [item.message(language) for item in block]
    if len(set(messages)) == 1:
        return messages[0], [""] * len(messages)
    start, middles, end = apart(messages)
    if (twice := _named_twice(middles)) is not None:
        words, names = twice
        return _joined(start, f"…{words}…", end), names
    between = set.intersection(*(set(middle.split()) for middle in middles))
    if len(f"{start} {end}".split()) < max(_ALIKE, len(between)):
        return None
    return _joined(start, "…", end), middles
