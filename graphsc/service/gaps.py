"""Gaps in responsibility and what a leaver leaves behind, named: ``graphsc duties --gaps`` and ``--if-leaves``."""

from __future__ import annotations

from collections.abc import Mapping

from graphsc.core.vocabulary import ROOT
from graphsc.duties.duties import duties as all_duties
from graphsc.duties.gaps import gaps as all_gaps
from graphsc.duties.handover import leaves
from graphsc.duties.results import DutyFilter, Gaps, Handover
from graphsc.graph.labels import Labels
from graphsc.service import Opened, validate
from graphsc.service.duties import mentioned
from graphsc.service.lookup import find

_ANY = DutyFilter()


def gaps(opened: Opened, wanted: DutyFilter = _ANY, most: Mapping[str, int] | None = None) -> Gaps:
    """The gaps in responsibility of an opened input, in the order of their kinds.

    Of ``wanted``, holder, role, person and agreement choose among them. ``most`` says how much one person may have, by
    the short name of the gap (``many-roles``, ``many-agreements``, ``many-duties``).
    """
    report, rules = validate(opened)
    duties = all_duties(opened.dataset, opened.settings, report, rules)
    limits = {f"{ROOT}gap/{name}": number for name, number in (most or {}).items()}
    result = [
        gap
        for gap in all_gaps(opened.dataset, duties, report.as_of, limits)
        if wanted.holder in {None, gap.organisation, gap.other}
        and wanted.role in {None, gap.role}
        and wanted.person in {None, gap.person}
        and (wanted.agreement is None or wanted.agreement in gap.subjects)
    ]
    labels = Labels(opened.dataset)
    named: set[str] = set()
    for gap in result:
        some = {gap.kind, gap.organisation, gap.role, gap.person, gap.other, gap.last.person if gap.last else None}
        named |= {iri for iri in some if iri} | set(gap.subjects)
    return Gaps(
        as_of=report.as_of,
        inputs=report.inputs,
        problems=report.problems,
        gaps=tuple(result),
        labels=labels.of(named),
    )


def if_leaves(opened: Opened, person: str) -> Handover:
    """What a person leaves behind if gone from the evaluation date of the input.

    ``person`` is named as a person writes it. Raises UnknownNameError.
    """
    labels = Labels(opened.dataset)
    who = find(opened.dataset, labels, person, "Person")
    report, rules = validate(opened)
    duties = all_duties(opened.dataset, opened.settings, report, rules)
    left = leaves(opened.dataset, duties, who, report.as_of)
    named = {who} | {duty.passes_to for duty in left.duties if duty.passes_to}
    for duty in left.duties:
        named |= mentioned(duty.duty)
    for role in left.roles:
        named |= {role.role, *role.scopes, *role.candidates} | ({role.organisation} if role.organisation else set())
    return Handover(
        on=report.as_of,
        inputs=report.inputs,
        problems=report.problems,
        left=left,
        rules=rules,
        labels=labels.of(named),
    )
