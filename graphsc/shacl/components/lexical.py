"""Expressions on literals that the store holds boxed, since it does not keep their lexical forms."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.core.lexical_forms import ILL, WELL, box, is_kept
from graphsc.sparql.syntax import Call, Expression, Var

_NOTHING = Call("/", (ox.Literal(1), ox.Literal(0)))
_START = ox.Literal(len(WELL) + 1)  # SUBSTR counts from one


def boxed(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
    """A constant as the store holds it, to be compared as a term."""
    return box(term) if isinstance(term, ox.Literal) and not is_kept(term) else term


def value(variable: Var) -> Expression:
    """The value of a literal, boxed or not; an error for an ill-typed one."""
    kind = Call("STR", (Call("DATATYPE", (variable,)),))
    meant = Call("STRDT", (Call("STR", (variable,)), Call("IRI", (Call("SUBSTR", (kind, _START)),))))
    well = Call("IF", (Call("STRSTARTS", (kind, ox.Literal(WELL))), meant, variable))
    return Call("IF", (Call("STRSTARTS", (kind, ox.Literal(ILL))), _NOTHING, well))


def has_datatype(variable: Var, datatype: ox.NamedNode) -> Expression:
    """Whether a literal has a datatype and is well-formed."""
    kind = Call("DATATYPE", (variable,))
    of = Call("IN", (kind, datatype, ox.NamedNode(WELL + datatype.value)))
    return Call("&&", (Call("ISLITERAL", (variable,)), of))
