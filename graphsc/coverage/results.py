"""The results that renderings of coverage show, with the names of the nodes in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.coverage.checks import Check
from graphsc.coverage.statements import Recommendation, Statement
from graphsc.coverage.status import Cell, State
from graphsc.validation import Rule
from graphsc.validation.findings import ReadInput

_ENFORCED = frozenset({"shape", "obligation", "derivation"})


@dataclass(frozen=True, slots=True)
class Coverage(ReadInput):
    """The coverage of the guide.

    ``cells`` are empty where no input was given. ``checks`` are by the code of their rule, ``of_statement`` are the same by
    statement; those of a recommendation are those of all its statements. ``treatments`` names the kinds of treatment, strongest first; ``labels`` names every IRI in the cells; ``places``
    has the location of each record of evidence.
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
        """The number of statements of a recommendation that a rule checks."""
        checked = {name for rule in self.rules.values() if not rule.of_records for name in rule.statements}
        return sum(1 for statement in recommendation.statements if statement in checked)

    def of(self, recommendation: str) -> list[Cell]:
        """The cells of one recommendation: agreements first, then organisations."""
        return [cell for cell in self.cells if cell.recommendation == recommendation]

    def count(self, recommendation: str, state: State) -> int:
        """The number of agreements for which a recommendation is in a state."""
        return sum(1 for cell in self.of(recommendation) if cell.agreement and cell.state is state)


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement: the recommendations that include it, and its state for each agreement; a recommendation with all its statements."""

    statement: Statement
    recommendations: tuple[Recommendation, ...]
    treatments: Mapping[str, Text]
    cells: tuple[Cell, ...]
    labels: Mapping[str, Text]
    places: Mapping[str, Location] = field(default_factory=dict)
