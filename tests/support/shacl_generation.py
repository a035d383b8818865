"""Random graphs and shapes, seeded: every constraint component on every kind of path, in every severity.

What the reference engine is known to judge otherwise than the recommendation says is not generated; each is named where
it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from shacl_graphs import (
    DATATYPES,
    EX,
    LIMITS,
    LITERALS,
    NODES,
    NUMBERS,
    PATHS,
    PROPERTIES,
    SEVERITIES,
    Draw,
    aimed,
    graph,
    parsed,
    target,
)


@dataclass(frozen=True)
class GeneratedShape:
    """A shape as it was made: its name, component, kind of path and severity."""

    name: str
    component: str
    path: str
    severity: str


@dataclass(frozen=True)
class Batch:
    """A graph, many shapes on it, and what each was made to be."""

    data: tuple[ox.Triple, ...]
    shapes: tuple[ox.Triple, ...]
    generated: tuple[GeneratedShape, ...]


def _simple(r: Draw) -> str:
    """A constraint that may stand anywhere, to be nested in others."""
    return r.choice((
        f"sh:nodeKind sh:{r.choice(('IRI', 'Literal', 'BlankNodeOrIRI'))}", f"sh:class ex:C{r.randrange(4)}",
        f"sh:datatype xsd:{r.choice(('string', 'integer', 'byte', 'date'))}", f"sh:maxLength {r.choice((1, 2, 18))}",
        f"sh:in ( {' '.join(r.choice((*NODES, *LITERALS)) for _ in range(4))} )",
        f"sh:property [ sh:path {r.choice(PROPERTIES)} ; sh:{r.choice(('minCount', 'maxCount'))} {r.choice((1, 2))} ]",
        f"sh:property [ sh:path {r.choice(PROPERTIES)} ; sh:nodeKind sh:{r.choice(('IRI', 'Literal'))} ]",
        f"sh:not [ sh:class ex:C{r.randrange(4)} ]",
    ))  # fmt: skip


def _shapes(r: Draw, several: int) -> str:
    return " ".join(f"[ {_simple(r)} ]" for _ in range(several))


# Of any shape. sh:closed and the comparisons of a node shape with a property are among them.
ANYWHERE: dict[str, Callable[[Draw], str]] = {
    "class": lambda r: f"sh:class ex:C{r.choice((0, 0, 1, 2, 3))}",
    "datatype": lambda r: f"sh:datatype xsd:{r.choice((*DATATYPES.values(), *[DATATYPES[r.fits['typed']]] * 3))}",
    "nodeKind": lambda r: (
        f"sh:nodeKind sh:{r.choice(('IRI', 'Literal', 'BlankNode', 'BlankNodeOrIRI', 'BlankNodeOrLiteral', 'IRIOrLiteral'))}"
    ),
    "minExclusive": lambda r: f"sh:minExclusive {r.choice(LIMITS)}",
    "minInclusive": lambda r: f"sh:minInclusive {r.choice(LIMITS)}",
    "maxExclusive": lambda r: f"sh:maxExclusive {r.choice(LIMITS)}",
    "maxInclusive": lambda r: f"sh:maxInclusive {r.choice(LIMITS)}",
    # Of a blank node the reference engine says that it is long enough when no length is asked for.
    "minLength": lambda r: f"sh:minLength {r.choice((1, 2, 3, 19))}",
    "maxLength": lambda r: f"sh:maxLength {r.choice((0, 1, 2, 3, 19, 40))}",
    "pattern": lambda r: (
        'sh:pattern "'
        + r.choice(("^a", "b", "c$", "^[a-z]+$", "[0-9]", "n[0-4]", "x.example", "^.{1,3}$"))
        + r.choice(('"', '" ; sh:flags "i"'))
    ),
    "languageIn": lambda r: "sh:languageIn ( " + r.choice(('"en"', '"da"', '"en" "da"', '"en-GB"')) + " )",
    "in": lambda r: f"sh:in ( {' '.join((r.aimed, *(r.term() for _ in range(r.randrange(1, 12)))))} )",
    "hasValue": lambda r: f"sh:hasValue {r.choice((r.aimed, r.choice(r.often), r.term()))}",
    "equals": lambda r: f"sh:equals {r.choice(PROPERTIES)}",
    "disjoint": lambda r: f"sh:disjoint {r.choice(PROPERTIES)}",
    "not": lambda r: f"sh:not [ {_simple(r)} ]",
    "and": lambda r: f"sh:and ( {_shapes(r, 2)} )",
    "or": lambda r: f"sh:or ( {_shapes(r, 2)} )",
    "xone": lambda r: f"sh:xone ( {_shapes(r, r.choice((1, 2, 3)))} )",
    "node": lambda r: f"sh:node [ a sh:NodeShape ; {_simple(r)} ]",
    # The severity is that of the inner shape, whose results these are.
    "property": lambda r: (
        f"sh:property [ sh:path {r.path(r.choice(list(PATHS)))} ; sh:severity sh:{r.severity} ; {_simple(r)} ]"
    ),
    "closed": lambda r: (
        f"sh:closed true ; sh:ignoredProperties ( rdf:type {r.choice(PROPERTIES)} ) ; sh:property [ sh:path {r.choice((*PROPERTIES, r.only))} ]"
    ),
}
OF_PATHS: dict[str, Callable[[Draw], str]] = {
    "minCount": lambda r: f"sh:minCount {r.choice((0, 1, 1, 2, 3))}",
    "maxCount": lambda r: f"sh:maxCount {r.choice((0, 1, 1, 2, 3))}",
    "uniqueLang": lambda r: "sh:uniqueLang true",
    "lessThan": lambda r: f"sh:lessThan {r.choice(('ex:m', 'ex:k'))}",
    "lessThanOrEquals": lambda r: f"sh:lessThanOrEquals {r.choice(('ex:m', 'ex:k'))}",
    "qualifiedMin": lambda r: f"sh:qualifiedValueShape [ {_simple(r)} ] ; sh:qualifiedMinCount {r.choice((1, 2))}",
    "qualifiedMax": lambda r: f"sh:qualifiedValueShape [ {_simple(r)} ] ; sh:qualifiedMaxCount {r.choice((0, 1))}",
}
# Of a node shape, by the paths of its property shapes, each with a qualified shape beside the other's.
OF_SIBLINGS: dict[str, Callable[[Draw], str]] = {
    "qualifiedDisjoint": lambda r: " ; ".join(
        f"sh:property [ sh:path {r.walked} ; sh:severity sh:{r.severity} ; sh:qualifiedValueShape [ {_simple(r)} ] ;"
        f" sh:qualified{r.choice(('Min', 'Max'))}Count 1 ; sh:qualifiedValueShapesDisjoint true ]"
        for _ in range(2)
    ),
}
# The reference engine fails on a blank node and compares IRIs, and text with text of another language, as no SPARQL
# engine does: values are numbers and IRIs, and what they are compared with are numbers.
_COMPARED = ("lessThan", "lessThanOrEquals")
_LINKS, _AMOUNTS = ("ex:l",), ("ex:m", "ex:k", "ex:l")
_ORDERED = ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
# What a target is to lead to for a shape to be conformed to, or, of sh:uniqueLang, violated.
_AIMS: dict[str, tuple[str, ...]] = {
    "class": ("alone",), "datatype": ("typed",), "languageIn": ("tagged",), "pattern": ("text",), "uniqueLang": ("twice",),
    "and": ("alone", "node", "text"), "closed": ("only",), "disjoint": ("only", "node"), "equals": ("alone", "node", "any"),
    **dict.fromkeys(_ORDERED, ("number",)),
}  # fmt: skip
_ANY = ("alone", "number", "text", "tagged", "typed", "any", "node")


def _target(r: Draw, component: str, path: str) -> str:
    """A target of a shape of SHACL Core."""
    chance = r.random()
    if chance < 0.1:
        r.aimed = r.choice(LITERALS)
        return f"sh:targetNode {r.aimed}"
    if component in _COMPARED:
        return r.choice((
            f"sh:targetNode {r.choice(NODES)}", f"sh:targetNode {r.choice(NUMBERS)}",
            "sh:targetSubjectsOf ex:l", "sh:targetObjectsOf ex:m",
        ))  # fmt: skip
    if chance < 0.5:
        return f"sh:targetNode {aimed(r, _AIMS.get(component, _ANY), path)}"
    return target(r)


Kind = tuple[str, str, str]
"""A component, a kind of path and a severity."""


def kinds() -> list[Kind]:
    """Every kind of shape of SHACL Core that is made."""
    paths = {**dict.fromkeys(ANYWHERE, ("node", *PATHS)), **dict.fromkeys((*OF_PATHS, *OF_SIBLINGS), tuple(PATHS))}
    return [(component, path, severity) for component in paths for path in paths[component] for severity in SEVERITIES]


def core(seed: int, several: int = 56, among: Sequence[Kind] = ()) -> Batch:
    """A batch of shapes of SHACL Core, of each kind in turn, or of some."""
    r = Draw(seed)
    texts: list[str] = []
    generated: list[GeneratedShape] = []
    choices = among or kinds()
    for number in range(several):
        component, path, r.severity = choices[(seed * several + number) % len(choices)]
        lines = [f"ex:S{number} sh:severity sh:{r.severity}", _target(r, component, path)]
        r.walked = r.path(path, *(_LINKS, _AMOUNTS) if component in _COMPARED else ()) if path != "node" else ""
        has_path = path != "node" and component not in OF_SIBLINGS
        if has_path:
            lines.append(f"sh:path {r.walked}")
        lines.append({**ANYWHERE, **OF_PATHS, **OF_SIBLINGS}[component](r))
        texts.append(" ;\n  ".join(lines) + f" ; a sh:{'PropertyShape' if has_path else 'NodeShape'} .")
        generated.append(GeneratedShape(f"{EX}S{number}", component, path, r.severity))
    return Batch(parsed(graph(r)), parsed("\n".join(texts)), tuple(generated))


# What of a kind is impossible, by component, kind of path and whether it violates.
_SUBJECTS = "the values of an inverse path are subjects, and a literal is none"
IMPOSSIBLE: dict[tuple[str, str, bool], str] = {("uniqueLang", "inverse", True): f"{_SUBJECTS}: they have no language"}
# What conforms only where there is no value to judge; elsewhere a case counts as conforming only if there is one.
EMPTY: dict[tuple[str, str], str] = dict.fromkeys(
    [
        (component, "inverse")
        for component in ("datatype", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "languageIn")
    ],
    f"{_SUBJECTS}: each violates",
)


def can_be(kind: Kind, violating: bool) -> bool:
    """Whether a shape of a kind can be violated, or conformed to."""
    return (*kind[:2], violating) not in IMPOSSIBLE


def judges_nothing(kind: Kind) -> bool:
    """Whether a shape of a kind is conformed to only where it has no value to judge."""
    return kind[:2] in EMPTY
