"""SPARQL queries as tokens: enough to tell what a query touches, without parsing it.

``reading`` parses a query to the tree of ``syntax``; ``serialising`` writes such a tree as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\r\n]*)
      | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
      | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
      | (?P<variable>[?$]\w+)
      | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%](?:[\w.:%-]*[\w:%-])?|\\.)*)
      | (?P<word>[A-Za-z_][\w-]*)
      | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE = "SERVICE"
_SHORT = 1 << 16
_COUNTING = ("COUNT", "SUM", "AVG", "SAMPLE", "GROUP_CONCAT", "LIMIT", "OFFSET", "RAND", "UUID", "BNODE")
"""Keywords and functions whose result depends on how many rows there are."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a query: its kind, its text, and its offset in the query.

    Kinds are ``iri``, ``name``, ``variable``, ``word``, ``string``, ``language``, ``number`` and ``other``.
    """

    kind: str
    text: str
    start: int


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query, without white space and comments."""
    return iter(_cached(query)) if len(query) <= _SHORT else _tokens(query)


def _tokens(query: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "other"
        if kind != "space":
            yield Token(kind, match.group(), match.start())


@lru_cache(maxsize=8)
def _cached(query: str) -> tuple[Token, ...]:
    """The tokens of one of the last queries: several functions here are called for the same query in a row."""
    return tuple(_tokens(query))


def filled(query: str, terms: Mapping[str, str]) -> str:
    """The query with variables replaced by terms; ``terms`` has their SPARQL by the variable's name."""
    parts: list[str] = []
    end = 0
    for token in tokens(query):
        if token.kind == "variable" and token.text[1:] in terms:
            parts += [query[end : token.start], terms[token.text[1:]]]
            end = token.start + len(token.text)
    return "".join([*parts, query[end:]])


def with_values(query: str, terms: Mapping[str, str]) -> str:
    """The query with variables bound to terms by VALUES at the start of its pattern.

    Unlike a variable that is replaced, one bound by VALUES has a value in every FILTER of the pattern, also for ``BOUND``,
    and may be selected. A query without a pattern is returned as it is.
    """
    place = _pattern_start(query) if terms else None
    if place is None:
        return query
    values = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in sorted(terms.items()))
    return f"{query[:place]} {values} {query[place:]}"


def _pattern_start(query: str) -> int | None:
    """The offset after the brace that opens the pattern: the first one outside parentheses and CONSTRUCT's template."""
    parentheses = braces = 0
    before = ""
    for token in tokens(query):
        parentheses += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "{":
            if parentheses == 0 and braces == 0 and before != "CONSTRUCT":
                return token.start + 1
            braces += 1
        elif token.text == "}":
            braces -= 1
        before = token.text.upper()
    return None


def form(query: str) -> str:
    """The word that a query or an update begins with after its prologue, in capitals; empty where there is none."""
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((word for word in words if word not in {"PREFIX", "BASE"}), "")


def mentions(query: str, keyword: str) -> bool:
    """Whether a keyword stands in the query outside strings, names and comments."""
    return any(token.kind == "word" and token.text.upper() == keyword.upper() for token in tokens(query))


def depends_on_multiplicity(query: str) -> bool:
    """Whether the answer may depend on how often a solution occurs.

    It does not for ASK, nor for a SELECT DISTINCT without aggregates, LIMIT, OFFSET and functions that give another value
    for each row.
    """
    words = [token.text.upper() for token in tokens(query) if token.kind == "word"]
    begin = [word for word in words if word not in {"PREFIX", "BASE"}][:2]
    distinct = begin == ["SELECT", "DISTINCT"] or begin[:1] == ["ASK"]
    return not distinct or any(name in word for word in words for name in _COUNTING)


def fetches(query: str) -> bool:
    """Whether a query would ask another server: whether any engine could read a SERVICE in it.

    Codepoint escapes stand for their characters before tokens are read (SPARQL 1.1, section 19.2), so a query
    is looked at with and without them. Engines read keywords without a blank after them: ``SERVICE:a {``,
    ``SERVICEex:a {`` and ``trueSERVICE`` are calls too, while ``GRAPH service:a {`` names a graph.
    """
    plain = _ESCAPE.sub(lambda match: _character(match[1] or match[2]), query)
    return _has_service(query) or (plain != query and _has_service(plain))


def _has_service(query: str) -> bool:
    items = list(tokens(query))
    for before, token, after in zip([None, *items], items, [*items[1:], None], strict=False):
        if token.kind == "word" and _SERVICE in token.text.upper():
            return True
        if token.kind == "name" and _SERVICE in token.text.partition(":")[0].upper():
            is_graph = (
                before is not None and before.kind == "word" and before.text.upper() in {"GRAPH", "FROM", "NAMED"}
            )
            if not is_graph and after is not None and after.text == "{":
                return True
    return False


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else " "


def prefixes(query: str) -> dict[str, str]:
    """The prefixes that a query declares."""
    result: dict[str, str] = {}
    items = list(tokens(query))
    for before, name, iri in zip(items, items[1:], items[2:], strict=False):
        if before.kind == "word" and before.text.upper() == "PREFIX" and iri.kind == "iri":
            result[name.text[:-1]] = iri.text[1:-1]
    return result


def header(query: str) -> dict[str, str]:
    """The ``# key: value`` lines at the top of a query file."""
    result: dict[str, str] = {}
    for line in query.splitlines():
        match = re.match(r"#\s*([\w.-]+)\s*:\s*(.*)", line)
        if match:
            result[match[1]] = match[2].strip()
        elif line.strip() and not line.startswith("#"):
            break
    return result
