"""What if: the comparison of before and after as text, as Markdown, and as JSON, version 1 of the contract."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from typing_extensions import TypedDict

from graphsc.analysis.concentration.shares import Concentration, View
from graphsc.core.document import Section
from graphsc.core.text import Language, Text
from graphsc.rendering import sections
from graphsc.rendering.contract import (
    BriefFinding,
    DutyChanges,
    Levels,
    NamedRead,
    brief_finding,
    document,
    duty_changes,
    from_attributes,
    levels,
    rounded,
    written,
)
from graphsc.rendering.whatif import content
from graphsc.whatif.model import Chain, Merging, Points, Standstill, WhatIf, Working

Format = Literal["text", "json", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(form: Format, comparison: WhatIf, *, language: Language, colour: bool = False) -> str:
    """The comparison in a format; JSON holds everything, in both languages."""
    if form == "json":
        return _json(comparison)
    day = Text(f"Pr. {comparison.as_of}.", f"As of {comparison.as_of}.")
    shown = [
        Section(Text("Kort fortalt", "In short"), (content.summary(comparison), day)),
        *content.sections(comparison, language),
    ]
    return sections.page(form, content.title(comparison), shown, language, colour=colour)


class Alternative(TypedDict):
    """Who could deliver to a system instead."""

    system: str  #: The system.
    organisation: str  #: Who could deliver; urn:graphsc:what-if:new-supplier is in no data yet.


class Supposed(TypedDict):
    """What is supposed; the parts hold together."""

    without: list[str]  #: Organisations and owner groups that are lost.
    withoutCountries: list[str]  #: IRIs of countries from which nothing can be delivered.
    mergers: list[list[str]]  #: Pairs that become one owner group.
    alternatives: list[Alternative]  #: Who could deliver to a system instead.
    outage: str | None  #: How long the losses last (ISO 8601); null where no length is given.


class IndexChange(TypedDict):
    """The change of the index by 2ab, where a and b are the shares that merge."""

    base: str  #: What the shares are shares of.
    share: float  #: Of the two together.
    before: float  #: The index before.
    after: float  #: The index after.
    change: float  #: What it rises by.


class Merger(TypedDict):
    """What a merger does."""

    parties: list[str]  #: The two.
    group: str  #: The owner group that they become.
    index: list[IndexChange]  #: The index of owner groups, per base in which both hold a share.
    #: Critical systems and functions that stop with the group, though neither of the two stopped them.
    together: list[str]


class LargestShare(TypedDict):
    """The largest share."""

    node: str  #: Whose.
    share: float  #: How much, from 0 to 1.


class Held(TypedDict):
    """An index of concentration."""

    hhi: float  #: Herfindahl–Hirschman index.
    effectiveSuppliers: float  #: How many equal ones would be as concentrated.
    largest: LargestShare


class ConcentrationChange(TypedDict):
    """A concentration that is not the same."""

    base: str  #: What the shares are shares of.
    unit: str  #: By whom.
    view: View  #: At the first tier, or where the chains end.
    before: Held | None  #: As it was; null where nothing is held.
    after: Held | None  #: As it is then.


class FindingChanges(TypedDict):
    """The findings that count."""

    before: Levels  #: How many there are.
    after: Levels  #: How many there are then.
    new: list[BriefFinding]  #: Those that come, gravest first.
    gone: list[BriefFinding]  #: Those that go.


class Document(NamedRead):
    """What `graphsc what-if --format json` writes. Nodes are IRIs."""

    schema: Literal["graphsc.what-if/1"]  #: The name and version of this contract.
    asOf: date  #: The day that both sides are judged on.
    scenario: Supposed  #: What is supposed.
    title: Text  #: What is supposed, as a question.
    summary: Text  #: The comparison in one sentence.
    working: list[Working]  #: How many things work, before and after; empty without a loss.
    standstill: list[Standstill]  #: What stands still because of the losses: functions first, then what weighs most.
    placeless: list[str]  #: Suppliers of which no country is recorded, so that the loss of a country leaves them.
    unweighed: list[str]  #: What stops and does not count as critical, since its criticality is not recorded.
    unsupported: list[str]  #: What is critical and is stopped by no loss, since it is not recorded on whom it depends.
    endedAgreements: list[str]  #: Agreements that end with the losses.
    singlePoints: Points  #: Single points of failure, before and after.
    mergers: list[Merger]  #: What each merger does.
    #: Critical systems and functions that still work and whose weakest link is another or of another strength.
    weakestLinks: list[Chain]
    concentrationScale: str  #: The scale that says when concentration is high.
    concentration: list[ConcentrationChange]  #: The concentrations that are not the same.
    findings: FindingChanges
    duties: DutyChanges


def _json(comparison: WhatIf) -> str:
    """The whole comparison; every text, also the ``labels`` of all IRIs, is in both languages.

    Fields may be added to the contract, never changed.
    """
    alternatives = [{"system": system, "organisation": other} for system, other in comparison.scenario.alternatives]
    findings = comparison.findings
    return written(
        rounded(
            document(
                Document,
                comparison,
                scenario=from_attributes(Supposed, comparison.scenario, alternatives=alternatives),
                title=content.title(comparison),
                summary=content.summary(comparison),
                endedAgreements=list(comparison.ended),
                singlePoints=comparison.points,
                mergers=[_merging(merging) for merging in comparison.mergings],
                weakestLinks=list(comparison.chains),
                concentrationScale=comparison.thresholds.name,
                concentration=[
                    from_attributes(
                        ConcentrationChange,
                        shift,
                        before=_concentration(shift.before),
                        after=_concentration(shift.after),
                    )
                    for shift in comparison.shifts
                ],
                findings=from_attributes(
                    FindingChanges,
                    findings,
                    before=levels(findings.before),
                    after=levels(findings.after),
                    new=list(map(brief_finding, findings.new)),
                    gone=list(map(brief_finding, findings.gone)),
                ),
                duties=duty_changes(comparison.duties),
            )
        )
    )


def _merging(merging: Merging) -> Merger:
    index = [from_attributes(IndexChange, change, base=str(base)) for base, change in merging.index]
    return from_attributes(Merger, merging, index=index)


def _concentration(result: Concentration | None) -> Held | None:
    if result is None:
        return None
    top = result.shares[0]
    return from_attributes(Held, result, largest={"node": top.node, "share": top.share})
