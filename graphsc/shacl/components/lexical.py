"""How a plan speaks of literals that the store does not keep as they are written."""

from __future__ import annotations

import pyoxigraph as ox

from graphsc.core.lexical_forms import ILL, WELL, box, is_kept
from graphsc.sparql.syntax import Call, Expression, Var

_NOTHING = Call("/", (ox.Literal(1), ox.Literal(0)))
_START = ox.Literal(len(WELL) + 1)  # SUBSTR counts from one


def boxed(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
    """A constant that is compared as a term."""
    return box(term) if isinstance(term, ox.Literal) and not is_kept(term) else term


def value(variable: Var) -> Expression:
    """What a literal means, boxed or not; an error for one that means nothing."""
    kind = Call("STR", (Call("DATATYPE", (variable,)),))
    meant = Call("STRDT", (Call("STR", (variable,)), Call("IRI", (Call("SUBSTR", (kind, _START)),))))
    well = Call("IF", (Call("STRSTARTS", (kind, ox.Literal(WELL))), meant, variable))
    return Call("IF", (Call("STRSTARTS", (kind, ox.Literal(ILL))), _NOTHING, well))


def has_datatype(variable: Var, datatype: ox.NamedNode) -> Expression:
    """Whether a literal is of a datatype, and its text too."""
    kind = Call("DATATYPE", (variable,))
    of = Call("IN", (kind, datatype, ox.NamedNode(WELL + datatype.value)))
    return Call("&&", (Call("ISLITERAL", (variable,)), of))
