"""Terms as they stand in the tables: by an id, and what SQL can read from their N-Triples.

A term's id is a hash of its N-Triples with its kind in the last bits, so that most comparisons need no more than the id:
``i`` is an IRI, ``b`` a blank node, ``s`` a string, ``l`` a language-tagged string, ``n`` an integer or a decimal, ``d`` a
date without a time zone, ``t`` true or false, and ``o`` any other literal; comparing one of these is left to Oxigraph.
"""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from graphsc.core.lexical_forms import is_kept
from graphsc.core.vocabulary import XSD
from graphsc.graph.backend import Term, Unsupported

KINDS = {"i": 0, "b": 2, "s": 1, "l": 3, "n": 5, "d": 7, "t": 9, "o": 11}
"""The last four bits of an id by the kind of its term: those of literals are odd."""


def as_constant(term: Term) -> str:
    """The N-Triples of a term of a query. Raises Unsupported for a literal whose lexical form a store does not keep."""
    if isinstance(term, ox.Literal) and not is_kept(term):
        raise Unsupported(f"the constant {term}")
    return str(term)


@lru_cache(maxsize=65536)
def parsed(text: str) -> Term:
    """The term of an N-Triples text."""
    (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.N_TRIPLES)
    term: Term = quad.object
    return term


def kind(x: str) -> str:
    """The kind of a term as SQL, from the SQL of its N-Triples."""
    return rf"""CASE
  WHEN starts_with({x}, '<<') THEN error('a triple in a triple') WHEN starts_with({x}, '<') THEN {KINDS["i"]}
  WHEN starts_with({x}, '_') THEN {KINDS["b"]} WHEN ends_with({x}, '"') THEN {KINDS["s"]} WHEN NOT ends_with({x}, '>') THEN {KINDS["l"]}
  WHEN regexp_matches({x}, '^"(0|-?[1-9][0-9]{{0,17}})"\^\^<{XSD}integer>$')
    OR regexp_matches({x}, '^"-?[0-9]{{1,15}}(\.[0-9]{{1,18}})?"\^\^<{XSD}decimal>$') THEN {KINDS["n"]}
  WHEN regexp_matches({x}, '^"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"\^\^<{XSD}date>$') AND {x} > '"0001'
    AND try_cast(substring({x}, 2, 10) AS DATE) IS NOT NULL THEN {KINDS["d"]}
  WHEN regexp_matches({x}, '^"(true|false)"\^\^<{XSD}boolean>$') THEN {KINDS["t"]}
  WHEN {x} IS NOT NULL THEN {KINDS["o"]} END"""


def ending(x: str) -> str:
    """The language tag or datatype of a literal as SQL, from the SQL of its N-Triples."""
    return rf"""regexp_extract({x}, '"(@[A-Za-z0-9-]+|\^\^<[^<>"]*>)?$', 1)"""


def inside(x: str) -> str:
    """The text of a term as SQL, from the SQL of its N-Triples, in which there must be no escapes."""
    return (
        f"""CASE WHEN starts_with({x}, '"') THEN substring({x}, 2, length({x}) - length({ending(x)}) - 2) """
        f"WHEN starts_with({x}, '<') THEN substring({x}, 2, length({x}) - 2) ELSE {x} END"
    )
