"""In whose hands things lie: concentration, whom the systems rest on, hidden overlaps."""

from __future__ import annotations

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.concentration.sentences import ITEMS, UNITS, overlap_sentence
from graphsc.analysis.concentration.shares import Base, Concentration, Unit, View
from graphsc.analysis.wording import number
from graphsc.core.text import Language, Text
from graphsc.rendering.risk.wording import HOLDERS, LEVELS, SHOWN, SPEND, figures, share
from graphsc.rendering.sections import Bar, Cell, Section, Table


def concentration(assessment: Assessment) -> Section | None:
    """How much lies in how few hands, for each base and kind of holder."""
    rows: list[tuple[Cell, ...]] = []
    for base in SHOWN:
        for unit in HOLDERS:
            direct = assessment.risk.measured(unit, base, View.DIRECT)
            if direct is None:
                continue
            ultimate = assessment.risk.measured(unit, base, View.ULTIMATE)
            top = direct.shares[0]
            rows.append(
                (
                    SPEND if base is Base.SPEND else ITEMS[base][1],
                    UNITS[unit][0],
                    assessment.label(top.node),
                    Bar(top.share, share(top.share)),
                    _far(assessment, ultimate),
                    figures(direct.hhi),
                    LEVELS[assessment.thresholds.level(direct.hhi)],
                )
            )
    if not rows:
        return None
    columns = (
        Text("Andel af", "Share of"),
        Text("Fordelt på", "By"),
        Text("Størst", "Largest"),
        Text("Direkte", "Directly"),
        Text("Størst, når kæden følges til ende", "Largest at the end of the chain"),
        Text("HHI", "HHI"),
        Text("Niveau", "Level"),
    )
    scale = assessment.thresholds
    note = Text(
        f"HHI er summen af de kvadrerede procentandele: moderat fra {number(scale.moderate, 0, Language.DA)}, "
        f"høj over {number(scale.high, 0, Language.DA)} ({scale.source.da}).",
        f"The HHI is the sum of the squared percentages: moderate from {number(scale.moderate, 0, Language.EN)}, "
        f"high above {number(scale.high, 0, Language.EN)} ({scale.source.en}).",
    )
    return Section(Text("Koncentration", "Concentration"), (note,), (Table(columns, tuple(rows)),))


def largest(assessment: Assessment, most: int) -> Section | None:
    """Who holds most of the critical systems, directly and in the end, and on whom they rest at any tier."""
    base = (
        Base.CRITICAL_SYSTEMS
        if assessment.risk.measured(Unit.GROUP, Base.CRITICAL_SYSTEMS, View.ULTIMATE)
        else Base.SYSTEMS
    )
    direct = assessment.risk.measured(Unit.GROUP, base, View.DIRECT)
    ultimate = assessment.risk.measured(Unit.GROUP, base, View.ULTIMATE)
    if direct is None or ultimate is None:
        return None
    order = sorted(ultimate.shares, key=lambda item: (-item.reach, -item.share, item.node))
    rows: list[tuple[Cell, ...]] = [
        (
            assessment.label(item.node),
            Bar(item.reach, Text(f"{item.items} af {ultimate.items}", f"{item.items} of {ultimate.items}")),
            share(direct.of(item.node).share),
            share(item.share),
        )
        for item in order[:most]
    ]
    columns = (
        Text("Koncern eller leverandør", "Owner group or supplier"),
        Text("Afhænger af den i et eller andet led", "Depend on it at some tier"),
        Text("Direkte andel", "Share directly"),
        Text("Andel, når kæden følges til ende", "Share when the chain is followed to its end"),
    )
    heading = (
        Text("Hvem de kritiske systemer afhænger af", "Whom the critical systems depend on")
        if base is Base.CRITICAL_SYSTEMS
        else Text("Hvem systemerne afhænger af", "Whom the systems depend on")
    )
    return Section(heading, (), (Table(columns, tuple(rows), max(0, len(order) - most)),))


def overlaps(assessment: Assessment, most: int) -> Section | None:
    """Who stands behind suppliers that look independent."""
    hidden = assessment.risk.overlaps
    if not hidden:
        return None
    sentences = [overlap_sentence(overlap, assessment.label) for overlap in hidden[:most]]
    return Section(Text("Skjulte sammenfald", "Hidden overlaps"), points=tuple(sentences))


def _far(assessment: Assessment, ultimate: Concentration | None) -> Cell:
    if ultimate is None:
        return Text("", "")
    top = ultimate.shares[0]
    name, part = assessment.label(top.node), share(top.share)
    return Text(f"{name.da} {part.da}", f"{name.en} {part.en}")
