"""What the measures of risk say, in sections: short first, then what each rests on."""

from __future__ import annotations

from collections.abc import Iterator

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.concentration.sentences import concentration_sentence
from graphsc.analysis.concentration.shares import Base, Concentration, Unit, View
from graphsc.analysis.exposure.sentences import weakest_sentence
from graphsc.analysis.resilience.sentences import fixes_sentence, loss_sentence, single_points_sentence
from graphsc.core.text import Text
from graphsc.rendering.risk.concentration import concentration, largest, overlaps
from graphsc.rendering.risk.exposure import better, reach, weakest
from graphsc.rendering.risk.losses import abroad, heavy, losses, targets
from graphsc.rendering.sections import Section


def title(assessment: Assessment) -> Text:
    """The heading of the whole."""
    day = assessment.as_of.isoformat()
    return Text(f"Risiko pr. {day}", f"Risk as of {day}")


def sections(assessment: Assessment, most: int = 10) -> tuple[Section, ...]:
    """Everything measured, with at most so many rows in each table."""
    return tuple(filter(None, _sections(assessment, most)))


def _sections(assessment: Assessment, most: int) -> Iterator[Section | None]:
    yield Section(Text("Kort fortalt", "In short"), points=tuple(_most_important(assessment)))
    yield losses(assessment, most)
    yield abroad(assessment, most)
    yield targets(assessment, most)
    yield concentration(assessment)
    yield largest(assessment, most)
    yield overlaps(assessment, most)
    yield weakest(assessment, most)
    yield reach(assessment, most)
    yield better(assessment)
    yield not_measured(assessment)


def _most_important(assessment: Assessment) -> Iterator[Text]:
    """The most important of each measure, a sentence each."""
    risk = assessment.risk
    heaviest = heavy(assessment)
    if heaviest:
        yield loss_sentence(risk.graph, heaviest[0], assessment.label)
    worst = max(risk.targets, key=lambda target: len(risk.points[target]), default=None)
    if worst is not None:
        yield single_points_sentence(risk.graph, worst, risk.points[worst], assessment.label)
    top = _most_telling(assessment)
    if top is not None:
        yield concentration_sentence(top, assessment.label, assessment.thresholds)
    weak = next((link for link in risk.weakest if link.node is not None), None)
    if weak is not None:
        yield weakest_sentence(weak, assessment.label)
    if not risk.graph.critical:
        yield Text(
            "Der er hverken registreret kritiske systemer eller samfundskritiske funktioner, så intet kan siges om, hvad et tab standser.",
            "No critical systems and no society-critical functions are recorded, so nothing can be said of what a loss stops.",
        )
    else:
        yield fixes_sentence(risk.graph, risk.fixes, assessment.label)


def not_measured(assessment: Assessment) -> Section:
    """What could not be measured, since it is not recorded or could not be read."""
    return Section(Text("Ikke målt", "Not measured"), points=tuple(_left_out(assessment)))


def _left_out(assessment: Assessment) -> Iterator[Text]:
    risk = assessment.risk
    if assessment.problems:
        count = len(assessment.problems)
        yield Text(
            f"Ikke alt kunne læses ({count} fejl), så tallene mangler noget.",
            f"Not all could be read ({count} errors), so the figures lack something.",
        )
    if not risk.purchases.spend:
        yield Text(
            "Årlige udgifter er ikke registreret, så koncentrationen kan ikke regnes i kroner.",
            "Yearly spend is not recorded, so concentration cannot be measured in money.",
        )
    elif unpaid := sum(
        1 for holding in risk.supply.holdings(Base.CONTRACTS) if holding.holder not in risk.purchases.spend
    ):
        yield Text(
            f"Den årlige udgift mangler for {unpaid} af kontrakterne.",
            f"The yearly spend is missing for {unpaid} of the contracts.",
        )
    if not risk.purchases.categories:
        yield Text("Ydelseskategorier er ikke registreret.", "Service categories are not recorded.")
    if not risk.availabilities:
        yield Text(
            "Oppetider er ikke registreret, så det er ikke beregnet, hvor meget af tiden funktionerne kan ventes at virke.",
            "Availabilities are not recorded, so how much of the time the functions can be expected to work is not computed.",
        )
    unknown = sum(1 for link in risk.strengths.links.values() if not link.has_source)
    if unknown:
        yield Text(
            f"Om {unknown} af {len(risk.strengths.links)} aftaler er intet registreret, som viser deres styrke; den er sat til 50.",
            f"Nothing that shows their strength is recorded of {unknown} of {len(risk.strengths.links)} agreements; it is set to 50.",
        )
    if len(risk.targets) > len(risk.cuts):
        yield Text(
            f"Kombinationer af tab er regnet ud for {len(risk.cuts)} af {len(risk.targets)}; --explain giver resten.",
            f"Combinations of losses were worked out for {len(risk.cuts)} of {len(risk.targets)}; --explain gives the rest.",
        )


def _most_telling(assessment: Assessment) -> Concentration | None:
    for base in (Base.CRITICAL_SYSTEMS, Base.SYSTEMS, Base.CONTRACTS, Base.ORGANISATIONS):
        concentration = assessment.risk.measured(Unit.GROUP, base, View.ULTIMATE)
        if concentration is not None:
            return concentration
    return None
