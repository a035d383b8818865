"""Short names as a person types them, and the nodes that they stand for."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from graphsc.identifiers import absolute, is_absolute
from graphsc.service import Opened


def candidates(opened: Opened, name: str) -> list[str]:
    """The nodes of an input that a name may stand for, none when it is not there.

    The name is an IRI, an id under the settings' base or, where nothing is said of that, an id under a file's own
    base. Raises ValueError for what is no IRI.
    """
    node = ox.NamedNode(absolute(name, opened.settings.base))
    if is_absolute(name) or any(opened.dataset.store.quads_for_pattern(node, None, None, None)):
        return [node.value]
    return sorted({one for one in _subjects(opened) if one.endswith((f"/{name}", f"#{name}", f":{name}"))})


def _subjects(opened: Opened) -> Iterator[str]:
    """What the sources say something of."""
    for source in opened.sources.sources:
        for quad in source.quads:
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value
