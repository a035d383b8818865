"""What stands still, what hangs on one party alone, and how concentrated it is: before and after.

Availability is measured on the dependency graph with everything in its place, and the losses fail in it: an agreement
that has ended is needed by nothing, so a graph without it would show a system that lost its supplier as one that needs
none. Failure is the least fixpoint of `graphsc.analysis.resilience.failed`.

The tolerable outage of a thing (MTPD in ISO 22301) says how long its own outage can be borne. It does not keep what
depends on it running, so it shields nothing: each thing is held against its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from graphsc.analysis.concentration import merger, owner_groups
from graphsc.analysis.model import DependencyGraph
from graphsc.analysis.projection import COUNTRY, LOCATION
from graphsc.analysis.resilience import failed, losses
from graphsc.analysis.shares import Base, Concentration, Unit, View
from graphsc.graph import Dataset, plain
from graphsc.periods import Period
from graphsc.resources import knowledge_text
from graphsc.scenario.model import Dependence, Merging, Outcome, Points, Scenario, Shift, Standstill, Working
from graphsc.vocabulary import PERIOD

_KINDS = ("function", "critical-system", "other-system", "process")
