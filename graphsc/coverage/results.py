"""What each rendering of coverage shows: the results, with the names of all that they mention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from graphsc.core.location import Location
from graphsc.core.text import Text
from graphsc.coverage.checks import Check
from graphsc.coverage.statements import Recommendation, Statement
from graphsc.coverage.status import Cell, State
from graphsc.validation import Rule
from graphsc.validation.findings import ReadInput

_ENFORCED = frozenset({"shape", "obligation", "derivation"})


@dataclass(frozen=True, slots=True)
class Coverage(ReadInput):
    """What every rendering of the coverage shows.

    ``cells`` are empty where no input was given. ``checks`` are those of every rule, by its code, ``of_statement``
    the same by the statements that they are about. ``treatments`` names
    the ways of treating a statement, strongest first; ``labels`` every IRI that the cells mention; ``places`` has where
    each record is written that something rests on.
    """

    as_of: date
    rules: Mapping[str, Rule]
    statements: Mapping[str, Statement]
    recommendations: tuple[Recommendation, ...]
    agreements: tuple[str, ...]
    cells: tuple[Cell, ...]
    checks: Mapping[str, tuple[Check, ...]]
    of_statement: Mapping[str, tuple[Check, ...]]
    treatments: Mapping[str, Text]
    labels: Mapping[str, Text]
    places: Mapping[str, Location] = field(default_factory=dict)

    @property
    def exceptions(self) -> list[Statement]:
        """The statements that could be checked and are not: neither a check, an obligation nor a derivation."""
        return [
            statement
            for statement in self.statements.values()
            if statement.checkable and statement.treatment not in _ENFORCED
        ]

    def checked(self, recommendation: Recommendation) -> int:
        """How many of the statements that a recommendation gathers a rule holds."""
        held = {name for rule in self.rules.values() if not rule.of_records for name in rule.statements}
        return sum(1 for statement in recommendation.statements if statement in held)

    def of(self, recommendation: str) -> list[Cell]:
        """The cells of one recommendation: agreements first, then organisations."""
        return [cell for cell in self.cells if cell.recommendation == recommendation]

    def count(self, recommendation: str, state: State) -> int:
        """For how many agreements a recommendation is in a state."""
        return sum(1 for cell in self.of(recommendation) if cell.agreement and cell.state is state)


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement: the recommendations that gather it, and how it stands by itself, agreement by agreement."""

    statement: Statement
    recommendations: tuple[Recommendation, ...]
    treatments: Mapping[str, Text]
    cells: tuple[Cell, ...]
    labels: Mapping[str, Text]
    places: Mapping[str, Location] = field(default_factory=dict)
