"""SHACL shapes compiled to set-based SPARQL: one plan for the laptop and for a SPARQL 1.1 server.

``compile_graph`` reads a shapes graph; ``running`` asks the queries of a plan and reads their rows. What a plan cannot be proved equal to is
declined, what is no shape is refused.
"""

from __future__ import annotations

from graphsc.validation.compiler.compiling import Compiled, compile_graph
from graphsc.validation.compiler.model import ShapesGraph
from graphsc.validation.compiler.plan import Constraint, Plan
from graphsc.validation.compiler.reasons import Declined, Refused

__all__ = ["Compiled", "Constraint", "Declined", "Plan", "Refused", "ShapesGraph", "compile_graph"]
