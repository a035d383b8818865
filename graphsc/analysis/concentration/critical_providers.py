"""The indicators by which ICT providers are called critical for financial entities, as far as the graph can tell.

Commission Delegated Regulation (EU) 2024/1502 (OJ L, 2024/1502, 30.5.2024) lets the European Supervisory
Authorities designate critical ICT third-party service providers in two steps (Article 1): quantitative
sub-criteria first, then judgement. Here the customers of the graph stand where the regulation has financial
entities, their kinds where it has categories of them, and what is declared critical where it has critical or
important functions. The shares are of the customers *in the graph*, not of a whole sector, so they are indicators
for a register's own keeper; who is critical in law is the authorities' to say, and no verdict is given here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from graphsc.core.text import Text

SOURCE = "Commission Delegated Regulation (EU) 2024/1502"
RELIANCE = 0.1
"""The share of the entities of a category from which sub-criterion 1.1 is met (Article 2(4))."""
EVERYONE = ""
"""The category of a customer of which none is given."""


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """That a customer relies on a provider, at any tier, for an item; whether the item is declared critical."""

    customer: str
    item: str
    provider: str
    critical: bool = True


_RELIANCE = Text(
    "Andel af kunderne i kategorien, som er afhængige af leverandøren til noget kritisk",
    "Share of the customers in the category that rely on the provider for something critical",
)
_ASSETS = Text(
    "De samme kunders andel af kategoriens samlede aktiver",
    "The same customers' share of the category's total assets",
)
_NO_ASSETS = Text(
    "Kundernes aktiver er ikke noteret.",
    "The customers' assets are not recorded.",
)
_INTERRUPTION = Text(
    "Hvor mange kunder et stop hos leverandøren rammer, og på hvad",
    "How many customers an interruption at the provider hits, and in what",
)
_SHARED = Text(
    "Hvor mange af leverandørens underleverandører der også står bag andre leverandører",
    "How many of the provider's subcontractors also stand behind other providers",
)
_SYSTEMIC = Text(
    "Hvor mange systemisk vigtige kreditinstitutter der er afhængige af leverandøren",
    "How many systemically important credit institutions rely on the provider",
)
_NO_SYSTEMIC = Text(
    "Det er ikke noteret, hvilke kunder en myndighed har udpeget som systemisk vigtige.",
    "It is not recorded which customers an authority has named systemically important.",
)
_SYSTEMIC_OTHER = Text(
    "Hvor mange andre systemiske finansielle enheder der er afhængige af leverandøren",
    "How many other systemic financial entities rely on the provider",
)
_NO_SYSTEMIC_OTHER = Text(
    "Tilsynsmyndighedernes udpegning af andre systemiske enheder indgår ikke i grafen.",
    "The supervisors' naming of other systemic entities is not part of the graph.",
)
_INTERDEPENDENCE = Text(
    "Om de systemisk vigtige kunder er afhængige af hinanden",
    "Whether the systemically important customers depend on one another",
)
_NO_INTERDEPENDENCE = Text(
    "Finansielle tjenester mellem kunderne indgår ikke i grafen.",
    "Financial services between the customers are not part of the graph.",
)
_CRITICALITY = Text(
    "Hvor meget af det, leverandøren bidrager til, som er erklæret kritisk",
    "How much of what the provider contributes to is declared critical",
)
_NO_ALTERNATIVE = Text(
    "Andel af kunderne i kategorien, som har noget kritisk uden en anden leverandør noteret",
    "Share of the customers in the category with something critical that has no other supplier on record",
)
_MIGRATION = Text(
    "Andel af kunderne, for hvem det er meget svært at flytte til en anden leverandør",
    "Share of the customers for whom it is very hard to move to another provider",
)
_NO_MIGRATION = Text(
    "Hvor svært et skifte er, kan ikke måles på det noterede; en exitplan siger kun, at der er en plan.",
    "How hard a change is cannot be measured from what is recorded; an exit plan only says that there is a plan.",
)
_SUBSTITUTION = Text(
    "Den samlede vurdering af, om leverandøren kan erstattes",
    "The overall judgement whether the provider can be replaced",
)
_NO_SUBSTITUTION = Text(
    "Markedets andre leverandører og deres kapacitet indgår ikke i grafen.",
    "The market's other providers and their capacity are not part of the graph.",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A number for a category of customers: a part of a whole, and who or what it counts."""

    category: str
    part: float
    whole: float
    facts: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part of the whole (0–1); 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One sub-criterion: ``code`` and ``article`` as in the regulation, its number per category, or why there is none.

    ``met`` says whether the limit that the article sets is reached in some category; None where it sets none or
    it cannot be told.
    """

    code: str
    step: int
    article: str
    title: Text
    values: tuple[Measured, ...] = ()
    met: bool | None = None
    not_computed: Text | None = None


def critical_provider_indicators(
    provider: str,
    uses: Iterable[Use],
    *,
    customers: Mapping[str, str],
    without_alternative: Collection[str],
    subcontractors: Mapping[str, Collection[str]],
) -> tuple[Indicator, ...]:
    """The indicators of one provider (or owner group, when ``uses`` name groups), in the order of the regulation.

    ``customers`` gives every customer its category (or ``EVERYONE``); ``without_alternative`` are the items with no
    other supplier on record; ``subcontractors`` what lies below each provider. What needs other facts than these is
    an indicator that cannot be computed, and says why.
    """
    uses = sorted(set(uses))
    own = [use for use in uses if use.provider == provider and use.customer in customers]
    by_customer: dict[str, list[str]] = defaultdict(list)
    for use in own:
        if use.critical:
            by_customer[use.customer].append(use.item)
    groups: dict[str, list[str]] = defaultdict(list)
    for customer in sorted(customers):
        groups[customers[customer]].append(customer)
    return (
        _reliance(groups, by_customer),
        _unknown("1.2", 1, "Article 2(1)(b)", _ASSETS, _NO_ASSETS),
        _interruption(groups, by_customer),
        _shared_subcontractors(provider, uses, subcontractors),
        _unknown("2.1", 1, "Article 3(1)(a)", _SYSTEMIC, _NO_SYSTEMIC),
        _unknown("2.2", 1, "Article 3(1)(b)", _SYSTEMIC_OTHER, _NO_SYSTEMIC_OTHER),
        _unknown("2.3", 2, "Article 3(4)", _INTERDEPENDENCE, _NO_INTERDEPENDENCE),
        _criticality(groups, own),
        _no_alternative(groups, by_customer, frozenset(without_alternative)),
        _unknown("4.2", 1, "Article 5(1)(b)", _MIGRATION, _NO_MIGRATION),
        _unknown("4, step 2", 2, "Article 5(5)", _SUBSTITUTION, _NO_SUBSTITUTION),
    )


def _reliance(groups: Mapping[str, list[str]], relying: Mapping[str, list[str]]) -> Indicator:
    values = tuple(
        Measured(category, len(item), len(members), item)
        for category, members in sorted(groups.items())
        for item in (tuple(member for member in members if member in relying),)
    )
    return Indicator("1.1", 1, "Article 2(1)(a)", _RELIANCE, values, any(value.share >= RELIANCE for value in values))


def _interruption(groups: Mapping[str, list[str]], relying: Mapping[str, list[str]]) -> Indicator:
    values = tuple(
        Measured(
            category,
            sum(1 for member in members if member in relying),
            len(members),
            tuple(sorted({item for member in members for item in relying.get(member, ())})),
        )
        for category, members in sorted(groups.items())
    )
    return Indicator("1.3", 2, "Article 2(5)(a)", _INTERRUPTION, values)


def _shared_subcontractors(provider: str, uses: list[Use], subcontractors: Mapping[str, Collection[str]]) -> Indicator:
    others = {use.provider for use in uses} - {provider}
    below = sorted(set(subcontractors.get(provider, ())) - {provider})
    shared = tuple(item for item in below if any(item in subcontractors.get(other, ()) for other in others - {item}))
    return Indicator("1.4", 2, "Article 2(5)(b)", _SHARED, (Measured(EVERYONE, len(shared), len(below), shared),))


def _criticality(groups: Mapping[str, list[str]], own: list[Use]) -> Indicator:
    values: list[Measured] = []
    for category, members in sorted(groups.items()):
        items = {use.item: use.critical for use in own if use.customer in members}
        items |= {use.item: True for use in own if use.customer in members and use.critical}
        critical = tuple(sorted(item for item, is_critical in items.items() if is_critical))
        values.append(Measured(category, len(critical), len(items), critical))
    return Indicator("3.1", 2, "Article 4(1)", _CRITICALITY, tuple(values))


def _no_alternative(
    groups: Mapping[str, list[str]], relying: Mapping[str, list[str]], without: frozenset[str]
) -> Indicator:
    values = tuple(
        Measured(category, len(item), len(members), item)
        for category, members in sorted(groups.items())
        for item in (tuple(member for member in members if without & set(relying.get(member, ()))),)
    )
    return Indicator("4.1", 1, "Article 5(1)(a)", _NO_ALTERNATIVE, values)


def _unknown(code: str, step: int, article: str, title: Text, why: Text) -> Indicator:
    return Indicator(code, step, article, title, not_computed=why)
