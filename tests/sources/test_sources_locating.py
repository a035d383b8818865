"""A node is looked for only in the sources that may write it, and found where looking in all of them finds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from reading import read_files
from repository import REPOSITORY

from graphsc.core.problems import Location
from graphsc.sources import Sources, read

DATA = REPOSITORY / "data"
FILES: dict[str, str | bytes] = {
    "a.yaml": "organisationer: [{id: org/b, navn: Ét navn, cvr: 10150817}, {id: org/c, navn: Andet, cvr: '10 15 08 17'}]\n",
    "b.ttl": '@prefix g: <https://w3id.org/graphsc/ns#> . <urn:x:b> a g:Organisation ; g:cvr "DK10150817" .\n'
    "<urn:x:k> a g:Agreement ; g:supplier <urn:x:b> ; g:requires [ a g:Requirement ] .\n",
    "c.nt": "<urn:x:k> <https://w3id.org/graphsc/ns#supplier> <urn:graphsc:id:org/c> .\n",
    "d.nq": '# c\n<urn:x:b> <http://www.w3.org/2000/01/rdf-schema#label> "B" .\n',
}


def everywhere(sources: Sources, node: str, predicate: str | None, value: str | None) -> Location | None:
    places = []
    for source in sources.sources:
        place = source.positions.locate(node, predicate, value)
        if place is not None:
            fine = predicate is not None and source.positions.locate(node) != place
            places.append((not fine, -source.describes(node), place))
    return min(places, key=lambda one: one[:2])[2] if places else None


@pytest.mark.parametrize("name", ["demo", "files"])
def test_a_node_is_found_where_looking_everywhere_finds_it(name: str, tmp_path: Path) -> None:
    sources = read([DATA / "demo"]) if name == "demo" else read_files(tmp_path, FILES)
    keys: set[tuple[str, str | None, str | None]] = {("urn:x:nowhere", None, None), ("", None, None)}
    for source in sources.sources:
        for quad in source.asserted():
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                node, predicate, value = quad.subject.value, quad.predicate.value, quad.object.value
                keys |= {(node, None, None), (node, predicate, None), (node, predicate, value), (value, None, None)}
    keys |= {(other, None, None) for other in sources.same_legal_unit}
    assert bool(sources.same_legal_unit) is (name == "files")
    for one in sorted(keys, key=str):
        assert sources.locate(*one) == everywhere(sources, *one), one
