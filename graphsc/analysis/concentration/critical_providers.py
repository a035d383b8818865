"""The indicators by which ICT providers are called critical for financial entities, as far as the graph can tell.

Commission Delegated Regulation (EU) 2024/1502 lets the European Supervisory Authorities designate critical ICT
third-party service providers; its sub-criteria are data (`ontology/analysis/critical-providers.toml`). Here the customers
of the graph stand where the regulation has financial entities, their kinds where it has categories of them, and what is
declared critical where it has critical or important functions. The shares are of the customers *in the graph*, not of a
whole sector, so they are indicators for a register's own keeper; who is critical in law is the authorities' to say, and no
verdict is given here.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from graphsc.core.resources import knowledge_text
from graphsc.core.text import Text

EVERYONE = ""
"""The category of a customer without one."""


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """That a customer relies on a provider, at any tier, for an item; whether the item is declared critical."""

    customer: str
    item: str
    provider: str
    critical: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """A count for a category of customers: a part of a whole, and the customers or items that it counts."""

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

    ``limit`` is the share from which it is met; None where its article sets none.
    """

    code: str
    step: int
    article: Text
    title: Text
    limit: float | None = None
    not_computed: Text | None = None
    values: tuple[Measured, ...] = ()


@cache
def sub_criteria() -> tuple[Indicator, ...]:
    """The sub-criteria without numbers, in the order of the regulation."""
    entries = tomllib.loads(knowledge_text("ontology/analysis/critical-providers.toml"))["indicator"]
    return tuple(
        Indicator(
            entry["code"],
            entry["step"],
            Text(**entry["article"]),
            Text(**entry["title"]),
            entry.get("limit"),
            Text(**entry["why"]) if "why" in entry else None,
        )
        for entry in entries
    )


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
    other supplier on record; ``subcontractors`` are those below each provider. An indicator that needs other facts is not
    computed, and says why.
    """
    uses = sorted(set(uses))
    provided = [use for use in uses if use.provider == provider and use.customer in customers]
    relying: dict[str, set[str]] = defaultdict(set)
    for use in provided:
        if use.critical:
            relying[use.customer].add(use.item)
    groups: dict[str, list[str]] = defaultdict(list)
    for customer in sorted(customers):
        groups[customers[customer]].append(customer)

    def of_members(counts: Callable[[str], bool]) -> tuple[Measured, ...]:
        counted = {category: tuple(filter(counts, members)) for category, members in sorted(groups.items())}
        return tuple(Measured(name, len(members), len(groups[name]), members) for name, members in counted.items())

    reliance = of_members(relying.__contains__)
    values = {
        "1.1": reliance,
        "1.3": tuple(
            replace(value, facts=tuple(sorted(set().union(*(relying[member] for member in value.facts)))))
            for value in reliance
        ),
        "1.4": (_shared_subcontractors(provider, uses, subcontractors),),
        "3.1": tuple(_criticality(category, members, provided) for category, members in sorted(groups.items())),
        "4.1": of_members(lambda member: not relying.get(member, set()).isdisjoint(without_alternative)),
    }
    return tuple(replace(entry, values=values.get(entry.code, ())) for entry in sub_criteria())


def _shared_subcontractors(provider: str, uses: list[Use], subcontractors: Mapping[str, Collection[str]]) -> Measured:
    others = {use.provider for use in uses} - {provider}
    below = sorted(set(subcontractors.get(provider, ())) - {provider})
    shared = tuple(item for item in below if any(item in subcontractors.get(other, ()) for other in others - {item}))
    return Measured(EVERYONE, len(shared), len(below), shared)


def _criticality(category: str, members: Collection[str], provided: list[Use]) -> Measured:
    items = {use.item for use in provided if use.customer in members}
    critical = sorted({use.item for use in provided if use.customer in members and use.critical})
    return Measured(category, len(critical), len(items), tuple(critical))
