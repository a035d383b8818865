"""The contents of the report of an input, whole or what one party may see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from graphsc import __version__
from graphsc.core.resources import knowledge_files, knowledge_text
from graphsc.core.text import Text
from graphsc.core.vocabulary import OWL, RDF_TYPE, ROOT, G
from graphsc.coverage.checks import with_facts
from graphsc.coverage.statements import statements
from graphsc.duties.duties import duties as all_duties
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels
from graphsc.service import Opened, near_misses, validate
from graphsc.service.opened import as_of
from graphsc.service.report import actors, chains, measures, scope, summary
from graphsc.service.report import rules as rule_states
from graphsc.service.report.content import ChangesSince, Contents, Cover, Earlier, Measured
from graphsc.service.report.earlier_report import Before, compare
from graphsc.service.report.repository import commits
from graphsc.service.report.scope import Scope
from graphsc.service.report.view import View
from graphsc.service.risk import assess
from graphsc.validation import wording
from graphsc.validation.findings import Finding

_MANY = 3
_ONTOLOGY = "https://w3id.org/graphsc/ns"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The options of a report.

    ``party`` is the IRI of the party that it is for, ``quarters`` the number of quarters of the trend, ``command`` the one
    that makes the same report again, ``paths`` those of the input.
    """

    party: str | None = None
    before: Before | None = None
    classification: str | None = None
    quarters: int = 4
    command: str = ""
    paths: tuple[Path, ...] = ()


def report(opened: Opened, options: ReportOptions) -> Contents:
    """The contents of a report."""
    judged, rules = validate(opened)
    owed = all_duties(opened.dataset, opened.settings, judged, rules)
    shown, part = opened, None
    if options.party is None:
        judged = with_facts(opened.dataset, near_misses(opened, judged, rules))
    else:  # properties of a record that are hidden from a party would seem to be missing
        part = scope.part_of(opened, judged, rules, options.party)
        shown, judged, owed = part.opened, part.report, scope.owed(owed, part.seen)
    labels = Labels(shown.dataset)
    view = View(
        dataset=shown.dataset,
        sources=shown.sources,
        settings=shown.settings,
        report=judged,
        rules=rules,
        duties=owed,
        assessment=assess(shown),
        derivation=shown.rules,
        labels=labels,
        statements=statements(shown.dataset),
        party=options.party,
    )
    contents = _gathered(view, opened, options, part.seen if part is not None else None)
    return contents if part is None else part.cleaner.of(contents)


def _gathered(view: View, opened: Opened, options: ReportOptions, seen: Scope | None) -> Contents:
    counted_before, changes = _changes_since(view, options, seen)
    items = actors.items(view, counted_before)
    groups = actors.groups(view, items)
    whole = chains.picture(view)
    drawn, more = chains.chains(view, whole)
    days = [*_earlier(opened, options), summary.measured(view.report)]
    return Contents(
        cover=_cover(view, options),
        verdict=summary.verdict(view, groups),
        trend=summary.trend(days),
        since=changes,
        counts=Text.per_language(lambda language: wording.counts(view.report, language)),
        holdings=Text.per_language(lambda language: wording.holdings(view.report, language)),
        problems=view.report.problems,
        groups=groups,
        accepted=actors.accepted(items),
        expired=actors.expired(items),
        unrecorded=actors.unrecorded(view),
        rules=rule_states.rules(view),
        chains=drawn,
        more_chains=more,
        concentration=measures.concentration(view),
        weakest=measures.weakest(view),
        coming=actors.coming(view),
        unknown=actors.unknown(view),
        suppliers=chains.suppliers(view, whole),
    )


def _cover(view: View, options: ReportOptions) -> Cover:
    inputs = tuple(sorted(view.report.inputs, key=lambda source: (source.file, source.sha256)))
    return Cover(
        authority=_authority(view),
        guide=view.labels[f"{ROOT}guide"],
        statements=len(view.dataset.subjects(RDF_TYPE, G + "Statement")),
        scope=Text.per_language(lambda language: wording.holdings(view.report, language)),
        as_of=view.as_of,
        tool=__version__,
        ontology=min(view.dataset.values(_ONTOLOGY, OWL + "versionInfo"), default=""),
        shapes=_digest(file.read_text(encoding="utf-8") for file in knowledge_files("shapes", ".ttl")),
        commits=tuple(commits(options.paths)) if view.party is None else (),
        inputs=inputs,
        digest=_digest(f"{source.file}\0{source.sha256}\n" for source in inputs)
        if view.party is None
        else _digest(f"{statement} .\n" for statement in scope.visible_statements(view.dataset)),
        command=options.command,
        classification=options.classification,
        party=None if view.party is None else view.labels[view.party],
    )


def _authority(view: View) -> Text:
    """The customers of the running agreements, or else of all: a few by name, many counted."""
    rows = view.dataset.select(knowledge_text("ontology/report/authorities.rq"))
    names = sorted({plain(row["customer"]) for row in rows})
    if len(names) > _MANY:
        return Text(f"{len(names)} kunder", f"{len(names)} customers")
    if not names:
        return Text("Ingen kunde registreret", "No customer recorded")
    return Text.joined(Text(" og ", " and "), (view.labels[name] for name in names))


def _digest(parts: Iterable[str]) -> str:
    result = hashlib.sha256()
    for part in parts:
        result.update(part.encode("utf-8", "surrogatepass"))
    return result.hexdigest()


def _earlier(opened: Opened, options: ReportOptions) -> Iterable[Measured]:
    """The same input validated as of earlier days, without things that came later."""
    for day in summary.earlier_days(opened.settings.as_of, options.quarters):
        then = as_of(opened, day)
        judged, _ = validate(then)
        if options.party is not None:
            seen = scope.scope(then.dataset, options.party)
            judged = replace(judged, findings=tuple(scope.within(judged.findings, seen)))
        if any(outcome.focus for outcome in judged.rules):
            yield summary.measured(judged)


def _changes_since(
    view: View, options: ReportOptions, seen: Scope | None
) -> tuple[frozenset[str] | None, ChangesSince | None]:
    before = options.before
    if before is None:
        return None, None
    if seen is not None and before.opened is not None and options.party is not None:
        older = scope.scope(before.opened.dataset, options.party)
        seen = Scope(
            seen.party,
            seen.whole | older.whole,
            seen.named | older.named,
            (seen.hidden | older.hidden) - seen.whole - seen.named - older.whole - older.named,
        )

    def same(finding: Finding) -> Finding | None:
        return finding if seen is None else next(scope.within([finding], seen), None)

    counted_before, gone = compare(view.report.findings, before.findings, same)
    now = {finding.fingerprint for finding in view.report.findings if finding.counts}
    return counted_before, ChangesSince(
        name=before.name,
        day=before.day,
        partial=before.partial,
        new=len(now - counted_before),
        still=len(now & counted_before),
        gone=tuple(
            Earlier(finding.code, finding.severity, finding.message, finding.fingerprint, accepted)
            for finding, accepted in gone
        ),
    )
