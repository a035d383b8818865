"""The comparison of findings and duties with those of older data: ``graphsc validate --diff OLD``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from graphsc.core.identifiers import iris
from graphsc.core.problems import Location, Problem, by_place
from graphsc.core.text import Text
from graphsc.core.vocabulary import G
from graphsc.duties.duties import duties
from graphsc.graph.labels import Labels
from graphsc.service import Opened, open_paths, validate
from graphsc.validation import Finding, Report, Rule
from graphsc.whatif.model import Diff, Differences, compared_duties, compared_findings, paired, reworded


def diff(opened: Opened, report: Report, rules: Mapping[str, Rule], old: Path) -> Diff:
    """Compare a validated input with an older one, a file or a folder, validated with the same settings as of the same day.

    ``report`` must be without baseline and deferral, so that nothing is left out of the comparison.
    """
    earlier = open_paths([old], replace(opened.settings, urls=()))
    before, older_rules = validate(earlier)
    findings = compared_findings(before, report)
    pairs = paired(findings.new, findings.gone)
    come, gone = {pair.after.fingerprint for pair in pairs}, {pair.before.fingerprint for pair in pairs}
    owed_before, owed_now = (
        duties(side.dataset, side.settings, judged, catalogue)
        for side, judged, catalogue in ((earlier, before, older_rules), (opened, report, rules))
    )
    owed = compared_duties(owed_before, owed_now)
    waived = {finding.fingerprint for finding in report.findings if finding.waived is not None}
    differences = Differences(
        before=findings.before,
        after=findings.after,
        new=tuple(item for item in findings.new if item.fingerprint not in come),
        gone=tuple(item for item in findings.gone if item.fingerprint not in gone),
        changed=(*pairs, *reworded(before.findings, report.findings)),
        accepted=frozenset(item.fingerprint for item in findings.gone if item.fingerprint in waived),
        no_longer_kept=tuple(_unkept(earlier, opened, rules)),
    )
    nothing = [] if earlier.sources.sources else [_nothing(old)]
    both = (differences.changed, owed.changed)
    was = iris((*both, differences.gone, owed.gone))
    now = iris((*both, differences.new, differences.no_longer_kept, owed.new))
    return Diff(
        inputs=report.inputs,
        problems=by_place({*before.problems, *report.problems, *nothing}),
        old=old.as_posix(),
        as_of=report.as_of,
        findings=differences,
        duties=owed,
        labels={**Labels(earlier.dataset).of(was), **Labels(opened.dataset).of(now)},
    )


def _unkept(earlier: Opened, opened: Opened, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The findings that something is not recorded any more, also of rules that the settings leave out."""
    codes = tuple(rule.code for rule in rules.values() if rule.grouped)
    now, _ = validate(replace(opened, settings=replace(opened.settings, select=codes, ignore=(), limits={})))
    for finding in now.findings:
        group = finding.group or ""
        was = [
            iri
            for iri in finding.consequences
            if group in earlier.dataset.values(iri, G + "keepsRegister") or earlier.dataset.values(iri, group)
        ]
        if was:
            yield replace(finding, consequences=tuple(was))


def _nothing(old: Path) -> Problem:
    return Problem(
        "diff-empty",
        Text("--diff: her er intet, der kan læses", "--diff: there is nothing here that can be read"),
        Location(old.as_posix()),
    )
