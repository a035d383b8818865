"""SHACL shapes compiled to set-based SPARQL: one plan for the laptop and for a SPARQL 1.1 server.

``compile_graph`` makes the plans of a shapes graph; ``execution`` makes results of the rows of their queries. A shape that no
plan is proved equal to is declined, an ill-formed one is refused.
"""

from __future__ import annotations

from graphsc.shacl.compilation import Compiled, compile_graph
from graphsc.shacl.model import Declined, Refused, ShapesGraph
from graphsc.shacl.plan import Constraint, Plan

__all__ = ["Compiled", "Constraint", "Declined", "Plan", "Refused", "ShapesGraph", "compile_graph"]
