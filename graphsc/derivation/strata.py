"""The order of the rules, computed from what they read and write.

Source: stratified Datalog (Apt, Blair and Walker, 1988): a rule that builds on the absence of something runs
after all that could derive it; a cycle through such an absence has no meaning and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphsc.derivation.rules import Rule


class UnstratifiedError(ValueError):
    """Rules that build on the absence of what they themselves derive."""


def order(rules: Sequence[Rule], situations: Iterable[str] = ()) -> list[list[Rule]]:
    """Groups of rules in the order to run them; a group of rules that feed each other runs to a fixpoint.

    ``situations`` are the classes that rules with ``any_situation`` read. Raises UnstratifiedError.
    """
    classes = frozenset(situations)
    needs = {rule.name: sorted(other.name for other in rules if other.writes & _reads(rule, classes)) for rule in rules}
    groups = _components([rule.name for rule in rules], needs)
    by_name = {rule.name: rule for rule in rules}
    ordered: list[list[Rule]] = []
    for group in groups:
        members = [by_name[name] for name in sorted(group)]
        written = frozenset().union(*(rule.writes for rule in members))
        for rule in members:
            clash = rule.negates & written
            if clash and (len(members) > 1 or rule.name in needs[rule.name]):
                raise UnstratifiedError(
                    f"rule {rule.name} builds on the absence of {', '.join(sorted(clash))}, "
                    f"which depends on the rule itself ({', '.join(sorted(group))})"
                )
        ordered.append(members)
    return ordered


def recursive(group: Sequence[Rule]) -> bool:
    """Whether a group has to run until nothing new comes."""
    return len(group) > 1 or bool(group[0].writes & group[0].reads)


def _reads(rule: Rule, situations: frozenset[str]) -> frozenset[str]:
    return rule.reads | rule.negates | (situations if rule.any_situation else frozenset())


def _components(names: Sequence[str], needs: dict[str, list[str]]) -> list[list[str]]:
    """Strongly connected components, those needed by others first (Tarjan, 1972), without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_stack: set[str] = set()
    stack: list[str] = []
    found: list[list[str]] = []
    for start in names:
        if start in index:
            continue
        work = [(start, iter(needs[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            name, rest = work[-1]
            following = next(rest, None)
            if following is not None:
                if following not in index:
                    index[following] = low[following] = len(index)
                    stack.append(following)
                    on_stack.add(following)
                    work.append((following, iter(needs[following])))
                elif following in on_stack:
                    low[name] = min(low[name], index[following])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[name])
            if low[name] == index[name]:
                component = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    component.append(member)
                    if member == name:
                        break
                found.append(component)
    return found
