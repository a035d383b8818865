"""The holders of roles on the evaluation date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import pyoxigraph as ox

from graphsc.core.vocabulary import G
from graphsc.graph.dataset import Dataset

_ASSIGNMENTS = f"""
SELECT DISTINCT ?role ?person ?employer ?scope WHERE {{
  ?assignment <{G}role> ?role ; <{G}person> ?person .
  OPTIONAL {{ ?assignment <{G}employer> ?employer }}
  OPTIONAL {{ ?assignment <{G}scope> ?scope }}
  MINUS {{ ?run <{G}asOf> ?asOf . ?assignment <{G}until> ?until . FILTER(?until < ?asOf) }}
}}"""

PARTS = (G + "partOf", G + "serves")
"""The properties from a thing to what it is part of or serves."""

_Assignment = tuple[str, str | None, str | None]
"""A person, the organisation where they hold a role, and the thing they hold it for."""


class People:
    """The role assignments in force, without those of the persons in ``without``."""

    def __init__(self, dataset: Dataset, without: Collection[str] = ()) -> None:
        self._assignments: dict[str, list[_Assignment]] = defaultdict(list)
        self._at: dict[tuple[str, str | None], list[_Assignment]] = defaultdict(list)
        for row in dataset.select(_ASSIGNMENTS):
            values = {name: term.value for name, term in row.items() if isinstance(term, ox.NamedNode)}
            if "role" in values and "person" in values and values["person"] not in without:
                entry = (values["person"], values.get("employer"), values.get("scope"))
                self._assignments[values["role"]].append(entry)
                self._at[values["role"], entry[1]].append(entry)
        self._dataset = dataset
        self._parts: dict[str, set[str]] = {}

    def holders(self, role: str, organisation: str | None) -> set[str]:
        """Everyone who holds the role for anything; at the organisation, or anywhere if that is None."""
        held = self._assignments.get(role, ())
        return {person for person, employer, _ in held if organisation is None or employer == organisation}

    def holder(self, role: str | None, subject: str, organisation: str | None) -> str | None:
        """The person who holds the role at the organisation for the subject: of those with the nearest scope, the smallest id."""
        return next(iter(self.nearest(role, subject, organisation)), None)

    def nearest(self, role: str | None, subject: str, organisation: str | None) -> list[str]:
        """The persons with the role at the organisation for the subject whose scope is the nearest, in order of their ids.

        An assignment for the subject itself is nearer than one for what it is part of, and that is nearer than one
        for the whole organisation. Where the organisation is not known, only assignments for the subject or
        what it is part of count, so that a person elsewhere with the same role is not named.
        """
        if role is None:
            return []
        held = self._assignments.get(role, ()) if organisation is None else self._holders(role, organisation)
        seen: set[str] = set()
        level = {subject}
        while level:
            here = sorted({person for person, _, scope in held if scope in level})
            if here:
                return here
            seen |= level
            level = set().union(*(self._part_of(node) for node in level)) - seen
        if organisation is None:
            return []
        return sorted({person for person, _, scope in held if scope is None or scope == organisation})

    def _holders(self, role: str, organisation: str) -> list[_Assignment]:
        """Who hold the role at the organisation, or at none that is recorded."""
        return [*self._at.get((role, None), ()), *self._at.get((role, organisation), ())]

    def _part_of(self, node: str) -> set[str]:
        """What a node is part of or serves."""
        if node not in self._parts:
            self._parts[node] = set().union(*(self._dataset.values(node, name) for name in PARTS))
        return self._parts[node]
