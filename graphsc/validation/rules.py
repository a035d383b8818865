"""The rule catalogue: what every finding's code stands for."""

from __future__ import annotations

from dataclasses import dataclass

from graphsc.core.text import Text
from graphsc.validation.findings import Severity

_UNSAID = Text("", "")


@dataclass(frozen=True, slots=True)
class Reference:
    """A provision of another framework that a rule serves, such as ISO/IEC 27001:2022 A.5.19.

    ``definition`` says in short what it asks; it is empty where nobody wrote that down.
    """

    iri: str
    label: Text
    definition: Text = _UNSAID


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of evidence that meets an obligation; ``schemes`` are the IRIs of the lists that it is from."""

    iri: str
    label: Text
    schemes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as the catalogue describes it.

    ``statements`` are the guide's ids, such as ``B2-04``; ``role`` and ``registers`` are IRIs of the role
    that should act and of the registers the rule reads: an obligation reads one. ``measures`` says that it judges by measures of risk, and only
    where a limit is set; ``of_records`` that it judges how things are written down, which shows nothing of what the guide
    asks. ``evidence`` are the kinds of evidence that meet an obligation, and ``by_role`` the one role
    whose evidence counts; ``counts_from`` is the property that leads to whose evidence counts where that is not the holder's.
    """

    code: str
    iri: str
    severity: Severity
    title: Text
    message: Text
    remedy: Text
    statements: tuple[str, ...]
    references: tuple[Reference, ...]
    role: str | None
    registers: tuple[str, ...]
    description: Text
    path_along: str | None = None
    consequence_step: str | None = None
    grouped: bool = False
    holder: str | None = None
    measures: bool = False
    of_records: bool = False
    evidence: tuple[Kind, ...] = ()
    by_role: str | None = None
    counts_from: str | None = None
