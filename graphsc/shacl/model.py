"""The shapes of a graph as SHACL describes them, and why one is declined or refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox

from graphsc.core.cycles import reached
from graphsc.core.text import Text
from graphsc.core.vocabulary import OWL, RDF, RDF_TYPE, RDFS, RDFS_SUBCLASS_OF, XSD
from graphsc.core.vocabulary import SHACL as SH
from graphsc.sparql.syntax import Alternative, Inverse, Path, Repeat, Sequence


class Refused(Exception):  # noqa: N818 - it is what happens to the shape
    """The shape is ill-formed, or asks for what no engine may do: it is not judged."""

    def __init__(self, danish: str, english: str) -> None:
        super().__init__(english)
        self.text = Text(danish, english)


class Declined(Refused):
    """The shape may be right, but no plan is proved equal to it: the reference engine judges it."""


Node = ox.NamedNode | ox.BlankNode
Value = ox.NamedNode | ox.BlankNode | ox.Literal

_RDFS_CLASS = ox.NamedNode(RDFS + "Class")
_SHAPES = {ox.NamedNode(SH + "NodeShape"), ox.NamedNode(SH + "PropertyShape")}
_NIL = ox.NamedNode(RDF + "nil")
_REPEATS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target")
# A node with one of these parameters of constraint components is a shape (section 2.1).
PARAMETERS = frozenset({
    "and", "class", "closed", "datatype", "disjoint", "equals", "flags", "hasValue", "ignoredProperties", "in", "languageIn",
    "lessThan", "lessThanOrEquals", "maxCount", "maxExclusive", "maxInclusive", "maxLength", "minCount", "minExclusive",
    "minInclusive", "minLength", "node", "nodeKind", "not", "or", "pattern", "property", "qualifiedMaxCount", "qualifiedMinCount",
    "qualifiedValueShape", "qualifiedValueShapesDisjoint", "sparql", "uniqueLang", "xone",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape; of a property shape also its path, and the node of that path."""

    node: Node
    severity: str
    messages: tuple[ox.Literal, ...]
    path: Path | None = None
    path_node: Node | None = None


class ShapesGraph:
    """The triples of a shapes graph by subject and property; values have a fixed order."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._out: dict[Node, dict[str, list[Value]]] = defaultdict(partial(defaultdict, list))
        for subject, predicate, object_ in triples if isinstance(triples, frozenset) else set(triples):
            if not isinstance(subject, ox.Triple) and not isinstance(object_, ox.Triple):
                self._out[subject][predicate.value].append(object_)
        for properties in self._out.values():
            for values in properties.values():
                if len(values) > 1:
                    values.sort(key=str)

    # ------------------------------------------------------------------ triples

    def values(self, node: Value, predicate: str) -> list[Value]:
        """The values of a property; a name without a colon is one of SHACL's."""
        if isinstance(node, ox.Literal):
            return []
        return self._out.get(node, {}).get(predicate if ":" in predicate else SH + predicate, [])

    def predicates(self, node: Node) -> list[str]:
        """The properties that a node has, in order."""
        return sorted(self._out.get(node, {}))

    def subjects(self, predicate: str, value: Value) -> list[Node]:
        """The nodes that have a value of a property, in order."""
        name = predicate if ":" in predicate else SH + predicate
        return sorted((node for node, properties in self._out.items() if value in properties.get(name, ())), key=str)

    def nodes(self, node: Node, predicate: str) -> list[Node]:
        """The values of a property, none of which may be a literal. Raises Refused."""
        result = self.values(node, predicate)
        for value in result:
            if isinstance(value, ox.Literal):
                raise Refused(
                    f"værdien af {_short(predicate)} er en tekst", f"the value of {_short(predicate)} is a literal"
                )
        return [value for value in result if not isinstance(value, ox.Literal)]

    def single(self, node: Node, predicate: str) -> Value | None:
        """The only value of a property; None where it has none. Raises Refused for several."""
        nodes = self.values(node, predicate)
        if len(nodes) > 1:
            raise Refused(f"den har {_short(predicate)} mere end én gang", f"it has {_short(predicate)} more than once")
        return nodes[0] if nodes else None

    def integer(self, node: Node, predicate: str) -> int | None:
        """The integer that a property has; None where it has none. Raises Refused."""
        value = self.single(node, predicate)
        if value is None:
            return None
        if isinstance(value, ox.Literal) and value.datatype.value == XSD + "integer":
            try:
                return int(value.value)
            except ValueError:
                pass
        raise Refused(
            f"værdien af {_short(predicate)} er ikke et helt tal",
            f"the value of {_short(predicate)} is no whole number",
        )

    def flag(self, node: Node, predicate: str) -> bool:
        """The boolean that a property has; false where it has none. Raises Refused."""
        value = self.single(node, predicate)
        if value is None:
            return False
        if isinstance(value, ox.Literal) and value.datatype.value == XSD + "boolean" and value.value in _FLAGS:
            return _FLAGS[value.value]
        raise Refused(
            f"værdien af {_short(predicate)} er ikke true eller false",
            f"the value of {_short(predicate)} is not true or false",
        )

    def texts(self, node: Node, predicate: str) -> tuple[ox.Literal, ...]:
        """The literals of a property."""
        return tuple(value for value in self.values(node, predicate) if isinstance(value, ox.Literal))

    def items(self, head: Value, predicate: str = "list") -> list[Value]:
        """The members of a list. Raises Refused for an ill-formed one."""
        values: list[Value] = []
        seen: set[Value] = set()
        while head != _NIL:
            first, rest = self.values(head, RDF + "first"), self.values(head, RDF + "rest")
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise Refused(
                    f"værdien af {_short(predicate)} er ikke en liste",
                    f"the value of {_short(predicate)} is not a list",
                )
            seen.add(head)
            values.append(first[0])
            head = rest[0]
        return values

    def is_list(self, node: Value) -> bool:
        """Whether a node is the head of a list."""
        return node == _NIL or bool(self.values(node, RDF + "first"))

    # ------------------------------------------------------------------ shapes

    def shape(self, node: Node) -> Shape:
        """The shape of a node. Raises Refused where its path or severity is ill-formed."""
        severity = self.single(node, "severity")
        if severity is not None and not isinstance(severity, ox.NamedNode):
            raise Refused("dens sh:severity er ikke en IRI", "its sh:severity is no IRI")
        path_node = self.single(node, "path")
        messages = self.texts(node, "message")
        level = severity.value if severity is not None else SH + "Violation"
        if path_node is None:
            return Shape(node, level, messages)
        if isinstance(path_node, ox.Literal):
            raise Refused("dens sh:path er en tekst", "its sh:path is a literal")
        return Shape(node, level, messages, self.path(path_node), path_node)

    def path(self, node: Value, above: frozenset[Value] = frozenset()) -> Path:
        """The property path that a node stands for (section 2.3.1). Raises Refused."""
        if isinstance(node, ox.NamedNode) and node != _NIL and not self.values(node, RDF + "first"):
            return node
        if isinstance(node, ox.Literal) or node in above:
            raise Refused("dens sh:path er ikke en sti", "its sh:path is not a path")
        within = above | {node}
        if self.values(node, RDF + "first"):
            steps = tuple(self.path(step, within) for step in self.items(node, "path"))
            if len(steps) < 2:
                raise Refused(
                    "en rækkefølge i dens sti har under to led", "a sequence in its path has fewer than two steps"
                )
            return Sequence(steps)
        kinds = [name for name in ("inversePath", "alternativePath", *_REPEATS) if self.values(node, name)]
        if len(kinds) != 1:
            raise Refused("dens sh:path er ikke en sti", "its sh:path is not a path")
        value = self.single(node, kinds[0])
        assert value is not None
        if kinds[0] == "inversePath":
            return Inverse(self.path(value, within))
        if kinds[0] == "alternativePath":
            choices = tuple(self.path(choice, within) for choice in self.items(value, "alternativePath"))
            if len(choices) < 2:
                raise Refused(
                    "et valg i dens sti har under to led", "an alternative in its path has fewer than two members"
                )
            return Alternative(choices)
        return Repeat(self.path(value, within), _REPEATS[kinds[0]])

    def is_deactivated(self, node: Node) -> bool:
        """Whether a shape has sh:deactivated. Raises Refused."""
        return self.flag(node, "deactivated")

    def is_class(self, node: Node) -> bool:
        """Whether the graph makes the node an instance of rdfs:Class or of a subclass of it."""
        return any(self.makes_class(kind) for kind in self.values(node, RDF_TYPE))

    def makes_class(self, kind: Value) -> bool:
        """Whether the instances of a class are classes."""
        return _RDFS_CLASS in reached((kind,), lambda node: self.values(node, RDFS_SUBCLASS_OF))

    def roots(self) -> list[Node]:
        """The shapes that have targets, in order."""
        targets, parameters = ({SH + name for name in names} for names in (TARGETS, PARAMETERS))
        nodes: list[Node] = []
        for node, properties in self._out.items():
            is_shape = not _SHAPES.isdisjoint(properties.get(RDF_TYPE, ())) or not parameters.isdisjoint(properties)
            if not targets.isdisjoint(properties) or (
                is_shape and isinstance(node, ox.NamedNode) and self.is_class(node)
            ):
                nodes.append(node)
        return sorted(nodes, key=str)

    def prefixes(self, node: Node) -> dict[str, str]:
        """The prefixes of a query by sh:prefixes, also through owl:imports (section 5.2.1). Raises Refused."""
        result: dict[str, str] = {}
        ontologies = reached(self.values(node, "prefixes"), lambda ontology: self.values(ontology, OWL + "imports"))
        for declaration in (
            item for ontology in sorted(ontologies, key=str) for item in self.values(ontology, "declare")
        ):
            match self.values(declaration, "prefix"), self.values(declaration, "namespace"):
                case [ox.Literal() as name], [ox.Literal() as space]:
                    if result.setdefault(name.value, space.value) != space.value:
                        raise Refused(
                            f"præfikset {name.value}: er erklæret to gange",
                            f"the prefix {name.value}: is declared twice",
                        )
                case _:
                    raise Refused(
                        "et præfiks er ikke erklæret med ét navn og ét navnerum",
                        "a prefix is not declared with one name and one namespace",
                    )
        return result


_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def _short(predicate: str) -> str:
    return "sh:" + predicate.removeprefix(SH) if ":" not in predicate or predicate.startswith(SH) else predicate


def constant(value: Value) -> ox.NamedNode | ox.Literal:
    """A value as a constant of a query. Raises Declined for a blank node."""
    if isinstance(value, ox.BlankNode):
        raise Declined("den nævner en unavngiven node som værdi", "it names a blank node as a value")
    return value
