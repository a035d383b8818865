"""The order of the rules, computed from what they read and write.

Source: stratified Datalog (Apt, Blair and Walker, 1988): a rule that negates a term runs after all rules that derive it;
a cycle through a negation has no meaning and is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from graphsc.core.cycles import strongly_connected
from graphsc.derivation.rules import Rule


class UnstratifiedError(ValueError):
    """Rules that depend on the absence of what they themselves derive."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes that ``any_situation`` of a rule reads and ``any_superclass`` writes."""

    situations: frozenset[str] = frozenset()
    superclasses: frozenset[str] = frozenset()

    def read(self, rule: Rule) -> frozenset[str]:
        """All terms that a rule reads."""
        return rule.reads | rule.negates | (self.situations if rule.any_situation else frozenset())

    def written(self, rule: Rule) -> frozenset[str]:
        """All terms that a rule writes."""
        return rule.writes | (self.superclasses if rule.any_superclass else frozenset())


NO_CLASSES = Classes()


def order(rules: Sequence[Rule], classes: Classes = NO_CLASSES) -> list[list[Rule]]:
    """Groups of rules in the order to run them; a group of rules that feed each other runs to a fixpoint.

    Raises UnstratifiedError.
    """
    return [list(group) for group in _order(tuple(rules), classes)]


@lru_cache(maxsize=16)
def _order(rules: tuple[Rule, ...], classes: Classes) -> list[list[Rule]]:
    needs = {
        rule.name: sorted(other.name for other in rules if classes.written(other) & classes.read(rule))
        for rule in rules
    }
    by_name = {rule.name: rule for rule in rules}
    ordered: list[list[Rule]] = []
    for group in strongly_connected(needs):
        members = [by_name[name] for name in sorted(group)]
        written = frozenset().union(*map(classes.written, members))
        for rule in members:
            clash = rule.negates & written
            if clash and (len(members) > 1 or rule.name in needs[rule.name]):
                raise UnstratifiedError(
                    f"rule {rule.name} builds on the absence of {', '.join(sorted(clash))}, "
                    f"which depends on the rule itself ({', '.join(sorted(group))})"
                )
        ordered.append(members)
    return ordered


def levels(groups: Sequence[Sequence[Rule]], classes: Classes = NO_CLASSES) -> list[list[Sequence[Rule]]]:
    """Ordered groups gathered into levels: the groups of a level read nothing that another of them writes."""
    written: dict[str, int] = {}
    result: list[list[Sequence[Rule]]] = []
    for group in groups:
        read = frozenset().union(*map(classes.read, group))
        level = max((written[term] + 1 for term in read if term in written), default=0)
        result += [[] for _ in range(level + 1 - len(result))]
        result[level].append(group)
        for term in frozenset().union(*map(classes.written, group)):
            written[term] = max(written.get(term, 0), level)
    return result


def recursive(group: Sequence[Rule]) -> bool:
    """Whether a group has to run to a fixpoint."""
    return len(group) > 1 or bool(group[0].writes & group[0].reads)
