"""In whose hands things lie: concentration, whom the systems rest on, hidden overlaps."""

from __future__ import annotations

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.concentration.sentences import ITEMS, UNITS, overlap_sentence
from graphsc.analysis.concentration.shares import Base, Concentration, Share, Unit, View
from graphsc.analysis.wording import number
from graphsc.core.text import Language, Text
from graphsc.rendering.risk.wording import HOLDERS, LEVELS, SHOWN, SPEND, figures, share
from graphsc.rendering.sections import Bar, Cell, Columns, Section, table


def concentration(assessment: Assessment) -> Section | None:
    """How much lies in how few hands, for each base and kind of holder."""
    measured = assessment.risk.measured
    direct = [held for base in SHOWN for unit in HOLDERS if (held := measured(unit, base, View.DIRECT)) is not None]
    if not direct:
        return None
    columns: Columns[Concentration] = {
        Text("Andel af", "Share of"): lambda held: SPEND if held.base is Base.SPEND else ITEMS[held.base][1],
        Text("Fordelt på", "By"): lambda held: UNITS[held.unit][0],
        Text("Størst", "Largest"): lambda held: assessment.label(held.shares[0].node),
        Text("Direkte", "Directly"): lambda held: Bar(held.shares[0].share, share(held.shares[0].share)),
        Text("Størst, når kæden følges til ende", "Largest at the end of the chain"): lambda held: _far(
            assessment, measured(held.unit, held.base, View.ULTIMATE)
        ),
        Text("HHI", "HHI"): lambda held: figures(held.hhi),
        Text("Niveau", "Level"): lambda held: LEVELS[assessment.thresholds.level(held.hhi)],
    }
    scale = assessment.thresholds
    note = Text(
        f"HHI er summen af de kvadrerede procentandele: moderat fra {number(scale.moderate, 0, Language.DA)}, "
        f"høj over {number(scale.high, 0, Language.DA)} ({scale.source.da}).",
        f"The HHI is the sum of the squared percentages: moderate from {number(scale.moderate, 0, Language.EN)}, "
        f"high above {number(scale.high, 0, Language.EN)} ({scale.source.en}).",
    )
    return Section(Text("Koncentration", "Concentration"), (note,), (table(columns, direct),))


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
    columns: Columns[Share] = {
        Text("Koncern eller leverandør", "Owner group or supplier"): lambda item: assessment.label(item.node),
        Text("Afhænger af den i et eller andet led", "Depend on it at some tier"): lambda item: Bar(
            item.reach, Text(f"{item.items} af {ultimate.items}", f"{item.items} of {ultimate.items}")
        ),
        Text("Direkte andel", "Share directly"): lambda item: share(direct.of(item.node).share),
        Text("Andel, når kæden følges til ende", "Share when the chain is followed to its end"): lambda item: share(
            item.share
        ),
    }
    heading = (
        Text("Hvem de kritiske systemer afhænger af", "Whom the critical systems depend on")
        if base is Base.CRITICAL_SYSTEMS
        else Text("Hvem systemerne afhænger af", "Whom the systems depend on")
    )
    return Section(heading, (), (table(columns, order, most),))


def overlaps(assessment: Assessment, most: int) -> Section:
    """Who stands behind suppliers that look independent."""
    sentences = [overlap_sentence(overlap, assessment.label) for overlap in assessment.risk.overlaps[:most]]
    return Section(Text("Skjulte sammenfald", "Hidden overlaps"), points=tuple(sentences))


def _far(assessment: Assessment, ultimate: Concentration | None) -> Cell:
    if ultimate is None:
        return Text("", "")
    top = ultimate.shares[0]
    name, part = assessment.label(top.node), share(top.share)
    return Text(f"{name.da} {part.da}", f"{name.en} {part.en}")
