"""What an import says otherwise than the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pyoxigraph import Quad

from graphsc.core import vocabulary as v
from graphsc.graph.differences import Difference, Fact, Kind, fact, values
from graphsc.service.imports.provenance import is_mark
from graphsc.sources.terms import Terms
from graphsc.sources.values import IDENTIFIERS


def facts(quads: Iterable[Quad]) -> set[Fact]:
    """Statements about the world, without graphs and without where they come from."""
    return {fact(quad) for quad in quads if not is_mark(quad)}


def single(terms: Terms) -> frozenset[str]:
    """The properties that have one value, as in N-Triples; a name is one."""
    functional = {prop.iri for prop in terms.properties.values() if prop.functional}
    return frozenset(f"<{iri}>" for iri in (*functional, *IDENTIFIERS, v.RDFS_LABEL))


def overruled(said: set[Fact], held: set[Fact], single_valued: Collection[str]) -> set[Fact]:
    """What an import says of a property with one value that the register itself says otherwise; the register stands."""
    known = values(held)
    return {
        (subject, predicate, object_)
        for subject, predicate, object_ in said
        if predicate in single_valued and (recorded := known.get((subject, predicate))) and object_ not in recorded
    }


def differences(
    said: set[Fact], held: set[Fact], earlier: set[Fact], single_valued: Collection[str]
) -> list[Difference]:
    """Every difference; ``held`` is what the register says besides what it has from an ``earlier`` import of the file."""
    ours, then, now = values(held), values(earlier), values(said)
    typed = f"<{v.RDF_TYPE}>"
    known = {subject for subject, _ in ours.keys() | then.keys()}
    against = overruled(said, held, single_valued)
    result: list[Difference] = []
    for pair in sorted(now.keys() | then.keys()):
        before = ours.get(pair, set()) | then.get(pair, set())
        after = now.get(pair, set())
        added, gone = after - before, then.get(pair, set()) - after - ours.get(pair, set())
        if any((*pair, value) in against for value in after):
            kind = Kind.CONTRADICTING
        elif pair[0] not in known:
            if pair[1] != typed:
                continue
            kind = Kind.NEW
        elif added:
            kind = Kind.CHANGED if gone else Kind.NEW
        elif gone:
            kind = Kind.GONE
        else:
            continue
        result.append(Difference(kind, *pair, tuple(sorted(before)), tuple(sorted(after))))
    return result
