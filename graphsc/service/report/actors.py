"""The findings by actor, with their evidence, and the waived ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import pyoxigraph as ox

from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import RDF_TYPE, G
from graphsc.duties import duties
from graphsc.duties.duties import Duty, State
from graphsc.duties.words import NO_HOLDER, Voice
from graphsc.explanation.evidence import Explainer, Fact
from graphsc.service.report.content import Change, Coming, Group, Item
from graphsc.service.report.view import View, short_hash
from graphsc.validation import wording
from graphsc.validation.findings import Finding

NOBODY = Text("Organisation ikke oplyst", "Organisation not stated")
EXPLAINED = 400
"""The most findings with evidence in the report, the gravest first; for the others the page tells how to get it."""
SOON = timedelta(days=90)
"""How far ahead duties are listed."""
_PLACES = 4
"""The most places that are named where something is not recorded."""


def items(view: View, before: frozenset[str] | None) -> list[Item]:
    """Every finding with what is needed to act on it.

    ``before`` are the fingerprints of earlier findings; None without an earlier report.
    """
    due = {(duty.rule, duty.subject, duty.value): duty.due for duty in view.duties}
    explainer = Explainer(view.dataset, view.sources, view.derivation)
    return [
        _item(view, finding, due, explainer if number < EXPLAINED else None, before)
        for number, finding in enumerate(wording.ordered(view.report))
    ]


def _item(
    view: View,
    finding: Finding,
    due: Mapping[tuple[str, str, str | None], date | None],
    explainer: Explainer | None,
    before: frozenset[str] | None,
) -> Item:
    facts = tuple(_evidence(explainer.finding(finding))) if explainer and finding.group is None else ()
    change = None
    if before is not None and finding.counts:
        change = Change.STILL if finding.fingerprint in before else Change.NEW
    return Item(
        finding=finding,
        who=Text.per_language(lambda language: wording.actor(view.report, finding.actor, language)),
        due=due.get((finding.code, finding.subject, finding.value)),
        path=tuple(view.name(iri) for iri in finding.parties or finding.path),
        consequences=tuple(view.name(iri) for iri in sorted(finding.consequences)) if finding.group is None else (),
        facts=facts,
        unexplained=explainer is None,
        triples=tuple(dict.fromkeys(_triples(facts))),
        references=tuple(map(Text, *(wording.references(finding, view.rules, language) for language in Language))),
        acceptance=Text.per_language(lambda language: wording.acceptance(finding, view.report, language))
        if finding.waived or finding.expired
        else None,
        change=change,
    )


def _evidence(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The evidence of a finding: distinct asserted facts, then absences and limits."""
    top = tuple(facts)
    written = list(dict.fromkeys(_written(top)))
    telling = [fact for fact in written if fact.triple is None or fact.triple.predicate.value != RDF_TYPE]
    yield from telling or written  # the class of a thing tells little beside other facts
    yield from (fact for fact in top if fact.kind == "absent" or (fact.kind == "known" and fact.triple is None))


def _written(facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        if fact.kind == "asserted":
            yield fact
        yield from _written(fact.beneath)


def _triples(facts: Iterable[Fact]) -> Iterator[str]:
    """The triples beneath a finding, with the vocabulary's own terms shortened."""
    for fact in facts:
        if fact.triple is not None:
            subject, verb, value = (_term(term) for term in fact.triple)
            yield f"{subject} {verb} {value} ."


def _term(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        if term.value == RDF_TYPE:
            return "a"
        name = term.value.removeprefix(G)
        return f"g:{name}" if name != term.value and name.isalnum() else f"<{term.value}>"
    return str(term)


def groups(view: View, items: Iterable[Item]) -> tuple[Group, ...]:
    """The findings that count, by organisation and role: those with most breaches first."""
    by_actor: dict[tuple[str | None, str | None], list[Item]] = defaultdict(list)
    for item in items:
        if item.finding.counts:
            actor = item.finding.actor
            by_actor[actor.organisation, actor.role].append(item)
    by_actor_and_role = [
        Group(
            anchor=f"acts-{short_hash(f'{organisation} {role}')}",
            organisation=view.name(organisation) if organisation else NOBODY,
            role=view.name(role) if role else None,
            items=tuple(members),
        )
        for (organisation, role), members in by_actor.items()
    ]
    return tuple(
        sorted(
            by_actor_and_role,
            key=lambda group: (
                [-group.count(severity) for severity in wording.SEVERITY],
                group.organisation.en,
                group.role.en if group.role else "",
                group.anchor,
            ),
        )
    )


def accepted(items: Iterable[Item]) -> tuple[Item, ...]:
    """The findings with a waiver in force, the first to expire first."""
    return tuple(sorted((item for item in items if item.finding.waived is not None), key=_by_end))


def expired(items: Iterable[Item]) -> tuple[Item, ...]:
    """The findings whose waiver has expired, the longest expired first."""
    return tuple(sorted((item for item in items if item.finding.expired and not item.finding.waived), key=_by_end))


def _by_end(item: Item) -> tuple[date, str]:
    waiver = item.finding.waived or item.finding.expired
    return (waiver and waiver.until) or date.max, item.anchor


def unrecorded(view: View) -> tuple[tuple[Text, tuple[Text, ...], tuple[str, ...]], ...]:
    """The registers that are not kept, and the properties that are missing: the places, and the rules not judged for it."""
    codes = wording.unjudged(view.report, view.rules)
    return tuple(
        (view.name(register), _where(view, findings), tuple(codes.get(register, ())))
        for register, findings in wording.not_recorded(view.report).items()
    )


def _where(view: View, findings: Iterable[Finding]) -> tuple[Text, ...]:
    """The first places by name, and the number of the others."""
    places = list(dict.fromkeys(iri for finding in findings for iri in finding.consequences))
    more = len(places) - _PLACES
    rest = (Text(f"{more} til", f"{more} more"),) if more > 0 else ()
    return (*map(view.name, places[:_PLACES]), *rest)


def coming(view: View) -> tuple[Coming, ...]:
    """The duties that are overdue or fall due within the time ahead, the oldest first."""
    listed = duties.coming(view.duties, view.as_of, view.as_of + SOON)
    return tuple(_coming(view, duty) for duty in listed)


def unknown(view: View) -> Text | None:
    """Of how many duties nobody can tell whether they are overdue; None where that is known of all."""
    count = sum(1 for duty in view.duties if duty.state is State.NOT_RECORDED)
    if not count:
        return None
    many = Text.counted(count, Text("pligt", "duty"), Text("pligter", "duties"))
    return Text(
        f"For {many.da} er det ukendt, om noget er forfaldent, for registrene føres ikke.",
        f"Whether anything is overdue is unknown of {many.en}, since the registers are not kept.",
    )


def _coming(view: View, duty: Duty) -> Coming:
    holder, voices = duty.holder.organisation, {language: Voice(view.labels, language) for language in Language}
    return Coming(
        duty=duty,
        what=Text.per_language(lambda language: voices[language].what(duty)),
        who=Text.per_language(lambda language: voices[language].who(duty)),
        organisation=view.labels[holder] if holder else NO_HOLDER,
    )
