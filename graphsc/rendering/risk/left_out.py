"""What the measures of risk leave out, since it is not recorded or could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from graphsc.analysis.concentration.shares import Base
from graphsc.analysis.risk import Assessment
from graphsc.core.text import Text
from graphsc.core.vocabulary import G_COUNTRY, G_CRITICALITY, REGISTER
from graphsc.rendering.sections import Section

_NAMESAKES = 5
"""How many groups of suppliers that may be one are named."""


def not_measured(assessment: Assessment) -> Section:
    """What was not measured, since it is not recorded or could not be read."""
    return Section(Text("Ikke målt", "Not measured"), points=tuple(_left_out(assessment)))


def _left_out(assessment: Assessment) -> Iterator[Text]:
    risk = assessment.risk
    if assessment.problems:
        count = len(assessment.problems)
        yield Text(
            f"Ikke alt kunne læses ({count} fejl), så tallene mangler noget.",
            f"Not all could be read ({count} {'error' if count == 1 else 'errors'}), so the figures lack something.",
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
    if placeless := len(risk.not_recorded.get(G_COUNTRY, ())):
        yield Text(
            f"Landet er ikke registreret for {placeless} af leverandørerne. De er ikke med i andelene efter land, og intet land standser dem.",
            f"The country is not recorded of {placeless} of the suppliers. They are in no share by country, and the loss of no country stops them.",
        )
    if chainless := len(risk.not_recorded.get(REGISTER + "subcontractors", ())):
        yield Text(
            f"Underleverandører registreres ikke for {chainless} af aftalerne. Dér følges kæden kun så langt, som den er registreret.",
            f"Subcontractors are not recorded of {chainless} of the agreements. There the chain is followed only as far as it is recorded.",
        )
    if unweighed := len(risk.not_recorded.get(G_CRITICALITY, ())):
        yield Text(
            f"Kritikaliteten er ikke registreret for {unweighed} af systemerne. At de standser, tæller ikke som kritisk.",
            f"The criticality is not recorded of {unweighed} of the systems. That they stop does not count as critical.",
        )
    yield from _namesakes(assessment)
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


def _namesakes(assessment: Assessment) -> Iterator[Text]:
    """That suppliers count as several whose names say that they may be one."""
    risk = assessment.risk
    for group in risk.namesakes[:_NAMESAKES]:
        names = Text.joined(Text(" og ", " and "), list(map(assessment.label, group)))
        yield Text(
            f"Leverandørerne {names.da} hedder det samme eller næsten det samme, men regnes for forskellige. Er de én, er koncentrationen højere. Har de hvert sit CVR-nummer, så notér det.",
            f"The suppliers {names.en} have the same name or nearly so, but count as different. If they are one, the concentration is higher. If each has a company number, record it.",
        )
    if (more := len(risk.namesakes) - _NAMESAKES) > 0:
        yield Text(
            f"Det samme gælder {more} grupper af leverandører til.",
            f"The same holds for {more} more groups of suppliers.",
        )
