"""The words for findings that every output of them uses, and their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from graphsc.core.problems import Problem, by_place
from graphsc.core.text import Language, Text, capital
from graphsc.core.vocabulary import G
from graphsc.graph.labels import short
from graphsc.validation.findings import SEVERITIES, SWITCHED_OFF, Actor, Finding, Reply, Report, RuleOutcome, Severity
from graphsc.validation.rules import Rule

SEVERITY = {severity: word for severity, (word, _) in SEVERITIES.items()}
ERROR = Text("fejl", "error")
NOTICE = Text("påmindelse", "reminder")
HELP = Text("hjælp", "help")
WHO = Text("hvem", "who")
GUIDE = Text("vejledning", "guide")
REFERENCE = Text("også i", "also in")
SOURCE = Text("følger af", "follows from")
PATH = Text("kæde", "chain")
CONSEQUENCES = Text("følger", "consequences")
RELATED = Text("se også", "see also")
ACCEPTED = Text("accepteret", "accepted")
STATED = Text("oplyst", "stated")
ANSWER = Text("svar", "answer")
OUTCOMES = {
    Reply.YES: Text("ja", "yes"),
    Reply.PARTLY: Text("delvist", "partly"),
    Reply.NO: Text("nej", "no"),
    Reply.NOT_NEEDED: Text("ikke nødvendigt", "not needed"),
}
WAIVER = Text("accept", "acceptance")
DERIVED = Text("udledt; står ikke noget enkelt sted", "derived; written in no one place")
DEFERRED = Text("skal bringes på plads", "to be brought in step")
NEAR = Text("tæller ikke", "does not count")
URGENT = Text("samfundskritisk", "society-critical")
NOT_CHECKED = Text("Ikke kontrolleret", "Not checked")
NOTHING_TO_CHECK = Text("intet at kontrollere", "nothing to check")
_SOON = timedelta(days=30)
"""An acceptance that ends within this is told, so that it can be renewed or the finding put right in time."""
_NO_FINDINGS = Text("ingen fund", "no findings")
_PLACES = (Text("sted", "place"), Text("steder", "places"))
_RULES = (Text("regel", "rule"), Text("regler", "rules"))


def level(finding: Finding, language: Language) -> str:
    """The word for a finding, and whether it is waived or deferred."""
    word = SEVERITY[finding.severity][language]
    if finding.waived is not None:
        word = f"{ACCEPTED[language]} {word}"
    elif finding.stated:
        word = f"{STATED[language]} {word}"
    return word if finding.deferred is None else f"{DEFERRED[language]}: {word}"


def severity(value: Severity, language: Language) -> str:
    """The word for one finding of this severity."""
    return SEVERITY[value][language]


def ordered(report: Report) -> list[Finding]:
    """The findings, gravest first, in an order that does not depend on the engine."""
    return sorted(report.findings, key=_finding_order)


def problems(report: Report) -> list[Problem]:
    """The problems of reading, by place."""
    return list(by_place(report.problems))


def _finding_order(finding: Finding) -> tuple[object, ...]:
    place = finding.location.order if finding.location else ("", 0, 0, "", "")
    accepted = finding.waived is not None
    return (*finding.order, finding.path, place, finding.group or "", accepted)


def outcomes(report: Report) -> list[RuleOutcome]:
    """The outcomes of the rules, by code."""
    return sorted(report.rules, key=lambda o: (o.code, o.engine))


def not_checked(report: Report, language: Language) -> list[tuple[str, str]]:
    """The code of every rule that was not judged, or not everywhere, with the reason."""
    return [(o.code, o.not_checked[language]) for o in outcomes(report) if o.not_checked is not None]


def counted(report: Report) -> list[Finding]:
    """The findings that count: neither waived, deferred, nor that something is not recorded."""
    return [f for f in ordered(report) if f.counts]


def accepted(report: Report) -> list[Finding]:
    """The findings with a waiver in force."""
    return [f for f in ordered(report) if f.waived is not None]


def open_questions(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The questions among findings by agreement, or else by whoever must act or by what they are about; what society depends on first."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.QUESTION:
            groups.setdefault(finding.agreement or finding.actor.organisation or finding.subject, []).append(finding)
    return dict(sorted(groups.items(), key=lambda item: (-sum(f.urgent for f in item[1]), -len(item[1]), item[0])))


def asked(questions: Sequence[Finding], language: Language) -> str:
    """The number of open questions, and of those on what society depends on."""
    number = Text.counted(
        len(questions), Text("åbent spørgsmål", "open question"), Text("åbne spørgsmål", "open questions")
    )
    urgent = sum(finding.urgent for finding in questions)
    critical = Text(f", {urgent} om noget samfundskritisk", f", {urgent} on what is society-critical")
    return number[language] + (critical[language] if urgent else "")


def deferred(report: Report) -> dict[str, list[Finding]]:
    """The deferred findings by agreement: those that society depends on first, then by number of findings."""
    findings: dict[str, list[Finding]] = {}
    for finding in ordered(report):
        if finding.deferred is not None:
            findings.setdefault(finding.deferred, []).append(finding)

    def order(item: tuple[str, list[Finding]]) -> tuple[bool, list[int], str]:
        agreement, group = item
        numbers = Counter(finding.severity for finding in group)
        return not any(finding.urgent for finding in group), [-numbers[severity] for severity in Severity], agreement

    return dict(sorted(findings.items(), key=order))


def later(report: Report) -> list[Finding]:
    """The deferred findings, in the order of their agreements."""
    return [finding for group in deferred(report).values() for finding in group]


def deferral(report: Report, language: Language) -> str:
    """The number of deferred findings and of their agreements, and that these are not in order; empty without any."""
    findings, agreements = report.deferred, len(deferred(report))
    if not findings:
        return ""
    what = Text.counted(findings, Text("fund", "finding"), Text("fund", "findings"))
    where = Text.counted(agreements, Text("aftale", "agreement"), Text("aftaler", "agreements"))
    return Text(
        f"Skal bringes på plads: {what.da} på {where.da} fra før {report.judged_from}. De er ikke i orden, men tæller ikke med i resultatet.",
        f"To be brought in step: {what.en} on {where.en} from before {report.judged_from}. They are not in order, but fail no run.",
    )[language]


def numbers(findings: Iterable[Finding], language: Language) -> str:
    """The number of findings of each severity, in words."""
    return tally(Counter(finding.severity for finding in findings), language)


def tally(number: Mapping[Severity, int], language: Language) -> str:
    """Numbers of findings by severity in words, gravest first."""
    return ", ".join(Text.counted(number[level], *SEVERITIES[level])[language] for level in Severity if number[level])


def not_recorded(report: Report) -> dict[str, list[Finding]]:
    """The findings that something is not recorded: by register that is not kept, then by missing property."""
    findings: dict[str, list[Finding]] = {}
    for finding in ordered(report):
        if finding.group is not None and finding.waived is None:
            findings.setdefault(finding.group, []).append(finding)
    return dict(sorted(findings.items(), key=lambda item: (not is_register(item[0]), item[0])))


def is_register(group: str) -> bool:
    """Whether a group is a register that is not kept, rather than a missing property."""
    return not group.startswith(G)


def _missing(report: Report) -> tuple[int, int]:
    """The number of registers that are not kept, and of missing properties."""
    groups = not_recorded(report)
    registers = sum(len(members) for group, members in groups.items() if is_register(group))
    return registers, sum(1 for group in groups if not is_register(group))


def unjudged(report: Report, rules: Mapping[str, Rule]) -> dict[str, list[str]]:
    """The codes of the rules that were not judged, or not everywhere, by the registers that they read."""
    codes: dict[str, list[str]] = {}
    for result in outcomes(report):
        rule = rules.get(result.code)
        for register in rule.registers if result.not_checked is not None and rule is not None else ():
            codes.setdefault(register, []).append(result.code)
    return codes


def places(findings: Iterable[Finding], rules: int, language: Language) -> str:
    """The number of places where something is not recorded, and of rules that are not judged for it, if any."""
    number = len({place for finding in findings for place in finding.consequences})
    parts = [Text.counted(number, *_PLACES), *([Text.counted(rules, *_RULES)] if rules else [])]
    return ", ".join(part[language] for part in parts)


def label(report: Report, iri: str, language: Language) -> str:
    """The name of a thing, or the end of its IRI where it has none."""
    text = report.labels.get(iri)
    if text is not None and text[language].strip():
        return text[language]
    return short(iri)


def some(names: Sequence[str], most: int, language: Language) -> list[str]:
    """The first names, and the number of the others."""
    rest = len(names) - most
    return [*names[:most], *([Text(f"{rest} til", f"{rest} more")[language]] if rest > 0 else [])]


def sentences(*texts: str) -> str:
    """Texts in a row, each but the last ended as a sentence."""
    parts = [text.strip() for text in texts if text.strip()]
    return " ".join([*(part if part[-1] in ".!?" else f"{part}." for part in parts[:-1]), *parts[-1:]])


def message(finding: Finding, language: Language) -> str:
    """The message of a finding, with its near misses."""
    return sentences(finding.message[language], *(miss.text[language] for miss in finding.near_misses))


def actor(report: Report, who: Actor, language: Language) -> str:
    """Organisation, role and person in one phrase; empty where nobody is known."""
    named = [label(report, iri, language) for iri in (who.organisation, who.role) if iri]
    person = f" ({label(report, who.person, language)})" if who.person else ""
    return f"{', '.join(named)}{person}".strip()


def guide(finding: Finding) -> str:
    """The ids of the statements of the guide behind a finding."""
    return ", ".join(sorted(set(finding.statements)))


def references(finding: Finding, rules: Mapping[str, Rule], language: Language) -> list[str]:
    """The names of the provisions of other frameworks behind a finding."""
    rule = rules.get(finding.code)
    names = {reference.iri: reference.label[language] for reference in (rule.references if rule else ())}
    return [names.get(iri, iri) for iri in sorted(set(finding.references))]


def outcome(result: RuleOutcome, language: Language) -> str:
    """The number of focus nodes that failed, or that there were none."""
    if result.focus == 0:
        return NOTHING_TO_CHECK[language]
    return Text(f"{result.failed} af {result.focus}", f"{result.failed} of {result.focus}")[language]


def counts(report: Report, language: Language) -> str:
    """The last line: findings by severity, what is waived, in the baseline, not kept or not checked, and the date."""
    parts = [tally({level: report.count(level) for level in Severity}, language) or _NO_FINDINGS[language]]
    if report.deferred:
        older = f"{report.deferred} på aftaler fra før {report.judged_from}"
        parts.append(Text(older, f"{report.deferred} on agreements from before {report.judged_from}")[language])
    registers, facts = _missing(report)
    besides = (
        (report.waived, ACCEPTED, Text("accepterede", "accepted")),
        (report.stated, STATED, Text("oplyste", "stated")),
        (report.known, Text("kendt", "known"), Text("kendte", "known")),
        (report.fixed, Text("rettet", "fixed"), Text("rettede", "fixed")),
        (
            registers,
            Text("register føres ikke", "register not kept"),
            Text("registre føres ikke", "registers not kept"),
        ),
        (
            facts,
            Text("slags oplysning mangler", "kind of fact missing"),
            Text("slags oplysninger mangler", "kinds of facts missing"),
        ),
        (
            len(not_checked(report, language)),
            Text("regel ikke kontrolleret", "rule not checked"),
            Text("regler ikke kontrolleret", "rules not checked"),
        ),
        (len(report.problems), ERROR, Text("fejl", "errors")),
    )
    parts += [Text.counted(number, *nouns)[language] for number, *nouns in besides if number]
    parts.append(Text(f"pr. {report.as_of}", f"as of {report.as_of}")[language])
    return " · ".join(parts)


def partial(report: Report, language: Language) -> str:
    """A warning that some input could not be read."""
    where = Text.counted(len(report.problems), *_PLACES)
    return Text(
        f"UFULDSTÆNDIGT: {where.da} i det indlæste gav fejl. Kun det, der kunne læses, er kontrolleret; resultatet siger intet om resten.",
        f"INCOMPLETE: {where.en} in the input could not be read. Only what could be read was checked; the result says nothing about the rest.",
    )[language]


def judged(report: Report) -> set[str]:
    """The codes of the rules that had something to judge and judged all of it, without rules on whether anything is recorded."""
    silent = {finding.code for finding in report.findings if finding.group is not None}
    return {outcome.code for outcome in report.rules if outcome.not_checked is None and outcome.focus} - silent


def nothing(report: Report, language: Language) -> str:
    """A line for a run without findings, which claims no more than was checked."""
    checked = judged(report)
    unbroken = sum(1 for outcome in report.rules if outcome.code in checked and not outcome.failed)
    hidden = Text.counted(report.known, Text("kendt", "known"), Text("kendte", "known"))
    waived = Text.counted(report.waived, ACCEPTED, Text("accepterede", "accepted"))
    stated = Text.counted(report.stated, STATED, Text("oplyste", "stated"))
    every = ((report.known, hidden), (report.waived, waived), (report.stated, stated))
    apart = [text[language] for number, text in every if number]
    but = Text(" og ", " and ")[language].join(apart)
    start = Text("Ingen fund", "No findings")[language]
    if report.deferred:
        day = report.judged_from
        start += Text(f" på det, der er fra {day} eller senere", f" on what is from {day} or later")[language]
    if but:
        start += Text(f" ud over {but}", f" beyond {but}")[language]
    rules = Text.counted(unbroken, *_RULES)[language]
    open_ = not_judged(report, language)
    if report.running == 0:
        none = Text("men heller ingen løbende aftaler at kontrollere", "but no active agreements to check either")
        return f"{start}, {none[language]}." + (f" {capital(open_)}." if open_ else "")
    if open_:
        return Text(
            f"{start}, men {open_}. {rules} er kontrolleret overalt, hvor der var noget, og ikke brudt.",
            f"{start}, but {open_}. {rules} {'was' if unbroken == 1 else 'were'} checked wherever there was something, and not broken.",
        )[language]
    if apart or report.deferred:
        return Text(
            f"{start}. {rules} havde noget at kontrollere og er ikke brudt.",
            f"{start}. {rules} had something to check and {'is' if unbroken == 1 else 'are'} not broken.",
        )[language]
    if unbroken == 0:
        nothing = Text("Ingen fund, men heller intet at kontrollere.", "No findings, but nothing to check either.")
        return nothing[language]
    return Text(
        f"Ingen fund. {rules} havde noget at kontrollere, og ingen er brudt.",
        f"All clear: {rules} had something to check and none is broken.",
    )[language]


def not_judged(report: Report, language: Language) -> str:
    """What could not be judged, and the number of registers behind that; empty where everything could."""
    rules = len(not_checked(report, language))
    registers, facts = _missing(report)
    missing = (
        (
            registers,
            Text("register føres ikke", "register is not kept"),
            Text("registre føres ikke", "registers are not kept"),
        ),
        (
            facts,
            Text("slags oplysning mangler", "kind of facts is missing"),
            Text("slags oplysninger mangler", "kinds of facts are missing"),
        ),
    )
    because = Text(" og ", " and ")[language].join(
        Text.counted(number, *nouns)[language] for number, *nouns in missing if number
    )
    if not rules:
        return because
    therefore = Text(", så ", ", so ")[language] if because else ""
    unjudged = Text("kunne ikke bedømmes overalt", "could not be judged everywhere")[language]
    return f"{because}{therefore}{Text.counted(rules, *_RULES)[language]} {unjudged}"


def holdings(report: Report, language: Language) -> str:
    """The numbers of things that were read, and the files that were not; empty for neither."""
    parts = [
        Text.counted(holding.count, holding.singular, holding.plural)[language]
        for holding in report.holdings
        if holding.count
    ]
    sentences = []
    if parts:
        files = Text.counted(len(report.inputs), Text("fil", "file"), Text("filer", "files"))[language]
        sentences.append(Text(f"Læst: {files} – {', '.join(parts)}.", f"Read: {files} – {', '.join(parts)}.")[language])
    if report.unread:
        names = ", ".join(report.unread[:5]) + (" …" if len(report.unread) > 5 else "")
        unread = Text.counted(len(report.unread), Text("fil", "file"), Text("filer", "files"))
        sentences.append(
            Text(
                f"Ikke læst, da navnet begynder med punktum, eller formatet er ukendt: {unread.da} ({names}).",
                f"Not read, since the name begins with a dot or the format is unknown: {unread.en} ({names}).",
            )[language]
        )
    return " ".join(sentences)


def unrecorded_note(report: Report, language: Language) -> str:
    """What it means that registers are not kept, or that properties that decide which rules apply are missing."""
    registers, facts = _missing(report)
    if not registers:
        return Text(
            f"Ikke registreret: {facts} slags {'oplysning' if facts == 1 else 'oplysninger'}, der afgør, hvilke regler der gælder. Hvad de ville have vist, er ukendt og tæller ikke som opfyldt.",
            f"Not recorded: {facts} {'kind' if facts == 1 else 'kinds'} of facts that decide which rules hold. What they would have shown is unknown and does not count as met.",
        )[language]
    return Text(
        f"Ikke registreret: {'ét register' if registers == 1 else f'{registers} registre'} føres ikke. Hvad "
        f"{'det' if registers == 1 else 'de'} ville have vist, er ukendt og tæller ikke som opfyldt.",
        f"Not recorded: {'one register is' if registers == 1 else f'{registers} registers are'} not kept. What "
        f"{'it' if registers == 1 else 'they'} would have shown is unknown and does not count as met.",
    )[language]


def ending(report: Report, language: Language) -> list[str]:
    """A line for each acceptance that ends soon, the first first: its last day, and what comes back after it."""
    ends: dict[tuple[date, str], list[str]] = {}
    for finding in accepted(report):
        waiver = finding.waived
        if waiver is not None and waiver.until is not None and waiver.until - report.as_of <= _SOON:
            ends.setdefault((waiver.until, waiver.waiver), []).append(finding.code)
    return [
        Text(
            f"{label(report, iri, language)} gælder kun til og med {until}; derefter tæller {', '.join(codes)} igen",
            f"{label(report, iri, language)} is in force only until {until}; after that {', '.join(codes)} counts again",
        )[language]
        for (until, iri), codes in sorted(ends.items())
    ]


def notices(report: Report, language: Language) -> list[str]:
    """What is no finding and yet must not be missed: acceptances that end soon, and rules that are switched off."""
    off = [f"{code}: {why}" for code, why in not_checked(report, language) if why == SWITCHED_OFF[language]]
    return [*ending(report, language), *off]


def answered(finding: Finding, report: Report, language: Language) -> str:
    """The answer to a finding: whether it is done, where it stands or why not, who answered, and when; empty without one."""
    answer = finding.answer
    if answer is None:
        return ""
    where = ", ".join(text for text in (answer.written_in, answer.reason) if text)
    by = label(report, answer.by, language)
    until = f", {Text('gælder til og med', 'in force until')[language]} {answer.until}" if answer.until else ""
    return f"{OUTCOMES[answer.outcome][language]}{f', {where}' if where else ''} ({by} {answer.day}{until})"


def acceptance(finding: Finding, report: Report, language: Language) -> str:
    """The end, approver and reason of the waiver of a finding, in force or expired; empty without one."""
    waiver = finding.waived or finding.expired
    if waiver is None:
        return ""
    by = label(report, waiver.approver, language) if waiver.approver else "?"
    name = label(report, waiver.waiver, language)
    if finding.waived is not None:
        start = Text(f"{name} gælder til og med {waiver.until}", f"{name} is in force until {waiver.until}")
    else:
        start = Text(f"{name} udløb {waiver.until}", f"{name} expired on {waiver.until}")
    return f"{start[language]}, {Text('givet af', 'given by')[language]} {by}: {waiver.reason}"
