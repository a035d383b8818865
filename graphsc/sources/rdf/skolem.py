"""Names for blank nodes that are the same at every parse and for any order of the statements."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graphsc.core.identifiers import NODE_PREFIX, digest, illegal_in_iri, minted

_ROUNDS = 32
"""Rounds of refinement for blank nodes in cycles; in practice more make no difference."""

Term = NamedNode | BlankNode | Literal | Triple
Statement = tuple[Term, NamedNode, Term]


class _Blanks:
    """The blank nodes of a file, with the statements that have them as subject or object."""

    def __init__(self, statements: list[Statement]) -> None:
        self.order: dict[str, int] = {}
        self.outgoing: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        self.incoming: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        for subject, predicate, object_ in statements:
            source = subject.value if isinstance(subject, BlankNode) else None
            target = object_.value if isinstance(object_, BlankNode) else None
            for blank in (source, target):
                if blank is not None:
                    self.order.setdefault(blank, len(self.order))
            if source is not None:
                self.outgoing[source].append((predicate.value, str(object_) if target is None else "", target))
            if target is not None:
                name = subject.value if isinstance(subject, NamedNode) else str(subject)
                self.incoming[target].append((predicate.value, name if source is None else "", source))

    def contents(self) -> dict[str, str]:
        """A digest of the statements of each blank node and of the blank nodes below it.

        Nodes in cycles, and those above them, are told apart by refinement instead; nodes that are alike even
        then are told apart by their order in the file, since they must not become one node.
        """
        result: dict[str, str] = {}
        lowest_first = TopologicalSorter(
            {blank: [target for *_, target in self.outgoing[blank] if target is not None] for blank in self.order}
        )
        with suppress(CycleError):  # nodes outside cycles are still given
            lowest_first.prepare()
        while ready := lowest_first.get_ready():
            result |= {blank: self._digest(blank, result) for blank in ready}
            lowest_first.done(*ready)
        circular = [blank for blank in self.order if blank not in result]
        if circular:
            result.update(self._refine(circular, result))
        return result

    def _digest(self, blank: str, digests: dict[str, str]) -> str:
        pairs = sorted((p, text if t is None else digests.get(t, "")) for p, text, t in self.outgoing[blank])
        return digest(part for pair in pairs for part in pair)

    def _refine(self, circular: list[str], digests: dict[str, str]) -> dict[str, str]:
        colours = dict.fromkeys(circular, "")
        kinds = 1
        for _ in range(_ROUNDS):
            before = digests | colours
            colours = {blank: self._colour(blank, before) for blank in circular}
            if len(set(colours.values())) <= kinds:
                break
            kinds = len(set(colours.values()))
        alike: dict[str, list[str]] = defaultdict(list)
        for blank in circular:
            alike[colours[blank]].append(blank)
        for group in alike.values():
            for number, blank in enumerate(group if len(group) > 1 else ()):
                colours[blank] = digest((colours[blank], str(number)))
        return colours

    def _colour(self, blank: str, digests: dict[str, str]) -> str:
        above = sorted((p, text if s is None else digests.get(s, "")) for p, text, s in self.incoming[blank])
        return digest(
            (digests.get(blank, ""), self._digest(blank, digests), *(part for pair in above for part in pair))
        )


def names(statements: list[Statement]) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """An IRI for each blank node, and for each such IRI the node and property it is written under.

    An IRI is made from the statements of the node and all paths to it. Two nodes get the same IRI only when
    they have the same statements and the same parents, so that merging them loses nothing.
    """
    blanks = _Blanks(statements)
    contents = blanks.contents()
    named: dict[str, str] = {}
    parents: dict[str, tuple[str, str]] = {}
    waiting = {b: sum(1 for *_, s in blanks.incoming[b] if s is not None) for b in blanks.order}
    ready = [blank for blank, count in waiting.items() if count == 0]
    # A node in a cycle never becomes ready: such nodes are taken in file order, with those parents that are named.
    rest = iter(sorted(blanks.order, key=lambda b: (contents[b], blanks.order[b])))
    while len(named) < len(blanks.order):
        blank = ready.pop() if ready else next(b for b in rest if b not in named)
        if blank in named:
            continue
        above = sorted({(text if s is None else named.get(s, contents[s]), p) for p, text, s in blanks.incoming[blank]})
        key = digest((contents[blank], *(part for pair in above for part in pair)))
        iri = NODE_PREFIX + key
        if len(above) == 1 and ":" in above[0][0]:
            parent, predicate = above[0]
            under = minted(parent, predicate, key)
            iri = under if illegal_in_iri(under) is None and len(under) < 300 else iri
        named[blank] = iri
        if above:
            first = next((pair for pair in above if ":" in pair[0]), None)
            if first is not None:
                parents.setdefault(iri, first)
        for _, _, below in blanks.outgoing[blank]:
            if below is not None:
                waiting[below] -= 1
                if waiting[below] == 0:
                    ready.append(below)
    return named, parents
