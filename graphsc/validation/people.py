"""Who holds which role for what on the evaluation date."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from graphsc.graph import Dataset
from graphsc.vocabulary import G

_ASSIGNMENTS = f"""
SELECT DISTINCT ?role ?person ?employer ?scope WHERE {{
  ?run <{G}asOf> ?asOf .
  ?assignment <{G}role> ?role ; <{G}person> ?person .
  OPTIONAL {{ ?assignment <{G}employer> ?employer }}
  OPTIONAL {{ ?assignment <{G}scope> ?scope }}
  FILTER NOT EXISTS {{ ?assignment <{G}until> ?until . FILTER(?until < ?asOf) }}
}}"""


class People:
    """The role assignments in force."""

    def __init__(self, dataset: Dataset) -> None:
        self._assignments: dict[str, list[tuple[str, str | None, str | None]]] = defaultdict(list)
        for row in dataset.select(_ASSIGNMENTS):
            values = {name: term.value for name, term in row.items() if isinstance(term, ox.NamedNode)}
            if "role" in values and "person" in values:
                entry = (values["person"], values.get("employer"), values.get("scope"))
                self._assignments[values["role"]].append(entry)
        self._parts: dict[str, set[str]] = defaultdict(set)
        for local in ("partOf", "serves"):
            for quad in dataset.store.quads_for_pattern(None, ox.NamedNode(G + local), None, None):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                    self._parts[quad.subject.value].add(quad.object.value)

    def holders(self, role: str) -> set[str]:
        """Everyone who holds the role, for whatever and wherever."""
        return {person for person, _, _ in self._assignments.get(role, ())}

    def holder(self, role: str | None, subject: str, organisation: str | None) -> str | None:
        """Who holds the role at the organisation for the subject: the nearest scope wins, then the smallest id.

        An assignment for the subject itself comes before one for what it is part of, and that before one
        for the whole organisation. Where the organisation is not known, only an assignment for the subject or
        what it is part of tells who it is: a stranger with the same role is not named.
        """
        if role is None:
            return None
        held = [a for a in self._assignments.get(role, ()) if organisation is None or a[1] in {None, organisation}]
        seen: set[str] = set()
        level = {subject}
        while level:
            here = sorted(person for person, _, scope in held if scope in level)
            if here:
                return here[0]
            seen |= level
            level = set().union(*(self._parts.get(node, set()) for node in level)) - seen
        if organisation is None:
            return None
        return min((person for person, _, scope in held if scope is None or scope == organisation), default=None)
