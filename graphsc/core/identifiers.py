"""Identifiers: company numbers and their check digits, named graphs, and IRIs minted for nodes that have none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from urllib.parse import quote

import pyoxigraph as ox

from graphsc.core.contract import members
from graphsc.core.escape import INVISIBLE
from graphsc.core.problems import Location
from graphsc.core.text import Text
from graphsc.core.vocabulary import local_name

DEFAULT_BASE = "urn:graphsc:id:"
SOURCE_PREFIX = "urn:graphsc:source:"
RULE_PREFIX = "urn:graphsc:rule:"
NODE_PREFIX = "urn:graphsc:node:"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ILLEGAL = re.compile(
    r"[\x00-\x20<>\"{}|\\^`\x7f-\xa0]"
    r"|%(?![0-9A-Fa-f]{2})"
    # What cannot be seen, and what Unicode keeps for private use or for nobody.
    f"|[{INVISIBLE}\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U0010ffff]"
    f"|[{''.join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0x10000, 0xE0000, 0x10000))}]"
)


def cvr(text: str) -> str | None:
    """The eight digits of a CVR number, without ``DK`` and separators; None if its check digit is wrong."""
    from stdnum.dk import cvr as rule
    from stdnum.exceptions import ValidationError

    try:
        return str(rule.validate(text))
    except ValidationError:
        return None


def lei(text: str) -> str | None:
    """The twenty characters of an LEI (ISO 17442) in upper case; None if its check digits are wrong."""
    from stdnum import lei as rule
    from stdnum.exceptions import ValidationError

    try:
        return str(rule.validate(text))
    except ValidationError:
        return None


def illegal_in_iri(text: str) -> str | None:
    """The first character that an IRI may not hold (RFC 3987, and invisible ones), or None."""
    match = _ILLEGAL.search(text)
    return match[0] if match else None


def legal_in_iri(text: str) -> str:
    """The text with a hyphen for each run of characters that an IRI may not hold."""
    return re.sub(f"(?:{_ILLEGAL.pattern})+", "-", text).strip("-")


def is_absolute(text: str) -> bool:
    """Whether the text is a whole IRI by itself, such as ``https://…`` or ``urn:…``."""
    return _SCHEME.match(text) is not None


def absolute(text: str, base: str) -> str:
    """The IRI that an id stands for: itself when it has a scheme, else the base with the id after it."""
    return text if is_absolute(text) else base + text


def source_graph(file: str) -> str:
    """The IRI of the named graph that holds what a file says."""
    return SOURCE_PREFIX + quote(file.encode("utf-8", "replace"), safe="/")


def is_in(quad: ox.Quad, prefix: str | tuple[str, ...]) -> bool:
    """Whether a quad is in a named graph whose IRI begins so: that of a source, or of a derivation rule."""
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(prefix)


def digest(parts: Iterable[str]) -> str:
    """A short digest of some texts, the same in every run and on every platform."""
    state = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        state.update(str(len(encoded)).encode())
        state.update(b":")
        state.update(encoded)
    return state.hexdigest()[:16]


_MINTED = re.compile(r"[/:#](?=[0-9]*[a-f])[0-9a-f]{16}$")


def is_minted(iri: str) -> bool:
    """Whether an IRI ends in a digest, so that its end tells a person nothing: the node has no id of its own."""
    return _MINTED.search(iri) is not None


def minted(parent: str, predicate: str, key: str) -> str:
    """The IRI of a node without an id: a digest of its parent's IRI, the property that leads to it, and a key."""
    return f"{parent}/{local_name(predicate)}/{key}"


def named(iri: str) -> ox.NamedNode | None:
    """The node of an IRI; None for a text that is no IRI."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def iris(value: object) -> set[str]:
    """Every IRI in what is told of a value, but for texts in two languages and places."""
    match value:
        case str():
            return {str(value)} if ":" in value and named(value) is not None else set()
        case Text() | Location():
            return set()
        case Mapping():
            return iris((*value.keys(), *value.values()))
        case list() | tuple() | frozenset():
            return set[str]().union(*map(iris, value))
    if not is_dataclass(value) or isinstance(value, type):
        return set()
    return set[str]().union(*(iris(getattr(value, member.attribute)) for member in members(type(value))))
