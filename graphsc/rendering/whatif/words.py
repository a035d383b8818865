"""What is supposed, and what comes of it, in a sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from graphsc.analysis.concentration.sentences import ITEMS
from graphsc.analysis.concentration.shares import Base
from graphsc.analysis.wording import count, listing, number
from graphsc.core.text import Language, Text, capital
from graphsc.graph.labels import duration
from graphsc.whatif.model import Outcome, Standstill, WhatIf

_NAMES = 12
_NEW = (Text("fund kommer til", "finding is new"), Text("fund kommer til", "findings are new"))
_GONE = (Text("forsvinder", "is gone"), Text("forsvinder", "are gone"))


def title(comparison: WhatIf) -> Text:
    """What is supposed, as a question."""
    supposed = comparison.scenario
    clauses: list[Text] = []
    if supposed.without:
        who = Text.per_language(lambda language: names(comparison, supposed.without, language))
        verb = "is" if len(supposed.without) == 1 else "are"
        clauses.append(Text(f"{who.da} falder bort", f"{who.en} {verb} lost"))
    if supposed.without_countries:
        where = Text.per_language(lambda language: names(comparison, supposed.without_countries, language))
        clauses.append(Text(f"intet kan leveres fra {where.da}", f"nothing can be delivered from {where.en}"))
    if supposed.outage is not None:
        length = duration(supposed.outage)
        clauses = [Text(f"{clause.da} i {length.da}", f"{clause.en} for {length.en}") for clause in clauses]
    for pair in supposed.mergers:
        first, second = (comparison.labels[party] for party in pair)
        clauses.append(
            Text(f"{first.da} og {second.da} bliver én koncern", f"{first.en} and {second.en} become one owner group")
        )
    for system, organisation in supposed.alternatives:
        what, who = comparison.labels[system], comparison.labels[organisation]
        clauses.append(Text(f"{what.da} også kan leveres af {who.da}", f"{what.en} can also be delivered by {who.en}"))
    danish, english = (
        listing([clause[language] for clause in clauses], language, most=len(clauses)) for language in Language
    )
    return Text(f"Hvad hvis {danish}?", f"What if {english}?")


def summary(comparison: WhatIf) -> Text:
    """The comparison in one sentence."""
    return Text.per_language(lambda language: _summary(comparison, language))


def _summary(comparison: WhatIf, language: Language) -> str:
    parts: list[Text] = []
    if comparison.scenario.loses:
        critical = [
            standstill
            for standstill in comparison.standstill
            if standstill.critical and standstill.outcome is not Outcome.TOLERATED
        ]
        stopped = _counted(critical, language)
        stops = "stops" if len(critical) == 1 else "stop"
        parts.append(
            Text(f"{stopped} standser", f"{stopped} {stops}")
            if critical
            else Text("intet kritisk standser", "nothing critical stops")
        )
    change = comparison.points.after - comparison.points.before
    if change:
        cases = number(abs(change), 0, language)
        parts.append(
            Text(
                f"der bliver {cases} {'flere' if change > 0 else 'færre'} tilfælde, hvor noget kritisk hænger på én part alene",
                f"there are {cases} {'more' if change > 0 else 'fewer'} {'case' if abs(change) == 1 else 'cases'} in which something critical hangs on one party alone",
            )
        )
    new, gone = len(comparison.findings.new), len(comparison.findings.gone)
    parts.append(
        Text(
            f"{_many(new, _NEW, language)}, og {_many(gone, _GONE, language)}",
            f"{_many(new, _NEW, language)}, and {_many(gone, _GONE, language)}",
        )
        if new or gone
        else Text("fundene er de samme", "the findings are the same")
    )
    return capital("; ".join(part[language] for part in parts)) + "."


def _many(value: int, words: tuple[Text, Text], language: Language) -> str:
    none = Text("ingen", "none")[language] if words is _GONE else Text("ingen", "no")[language]
    return count(value, words, language) if value else f"{none} {words[1][language]}"


def _counted(critical: Sequence[Standstill], language: Language) -> str:
    functions = sum(standstill.kind == "function" for standstill in critical)
    parts = [
        count(value, ITEMS[base], language)
        for value, base in (
            (functions, Base.SOCIETY_CRITICAL_FUNCTIONS),
            (len(critical) - functions, Base.CRITICAL_SYSTEMS),
        )
        if value
    ]
    return listing(parts, language)


def names(comparison: WhatIf, nodes: Sequence[str], language: Language) -> str:
    """The names of nodes as a sentence lists them."""
    return listing([comparison.labels[node][language] for node in nodes], language, most=_NAMES)
