"""The constraint components of SHACL Core. Source: W3C SHACL, section 4."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from graphsc.core.vocabulary import SHACL as SH
from graphsc.shacl.compiler import Compiler, Component, Scope
from graphsc.shacl.domains import boxed, constants, has_datatype, instance
from graphsc.shacl.model import Declined, Node, Refused, Value, constant
from graphsc.shacl.plan import Domain, Violation
from graphsc.sparql.patterns import nullable
from graphsc.sparql.syntax import (
    FALSE,
    TRUE,
    Aggregate,
    Bind,
    Call,
    Expression,
    Filter,
    Group,
    Minus,
    Projected,
    Select,
    Triple,
    Union,
    Var,
    conjunction,
    disjunction,
    negation,
)


def counted(values: Domain, focus: Domain, sign: str, count: int) -> Select:
    """The chains to the focus nodes whose number of distinct values compares so (``sign``) with a count."""
    many = Aggregate("COUNT", values.node, distinct=True)
    return Select(
        tuple(Projected(variable) for variable in focus.variables), values.group,
        group_by=focus.variables, having=(Call(sign, (many, ox.Literal(count))),),
    )  # fmt: skip


def fewer(scope: Scope, values: Domain, component: str, least: int) -> Iterator[Violation]:
    """Focus nodes with fewer values than ``least``; none of these where it is 0."""
    if least > 0:
        enough = values.group if least == 1 else Group((counted(values, scope.focus, ">=", least),))
        yield scope.of_focus(component, Minus(enough))


def more(scope: Scope, values: Domain, component: str, most: int) -> Violation:
    """Focus nodes with more values than ``most``."""
    return Violation(scope.constraint(component), Group((counted(values, scope.focus, ">", most),)), scope.focus.chain)


def _min_count(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    least = compiler.graph.integer(scope.shape.node, "minCount")
    assert least is not None
    scope.require_path("minCount")
    yield from fewer(scope, scope.values, "MinCount", least)


def _max_count(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    most = compiler.graph.integer(scope.shape.node, "maxCount")
    assert most is not None
    scope.require_path("maxCount")
    yield more(scope, scope.values, "MaxCount", most)


def _unique_lang(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    scope.require_path("uniqueLang")
    if compiler.graph.single(scope.shape.node, "uniqueLang") != TRUE:  # "1" does not ask for it (section 4.4.5)
        return
    tag = Var(compiler.name("language"))
    spoken = Bind(Call("LCASE", (Call("LANG", (scope.node,)),)), tag)
    tagged = Group((*scope.values.group.parts, spoken, Filter(Call("!=", (tag, ox.Literal(""))))))
    several: Expression = Call(">", (Aggregate("COUNT", scope.node, distinct=True), ox.Literal(1)))
    names = (*scope.focus.variables, tag)
    repeated = Select(tuple(Projected(name) for name in names), tagged, group_by=names, having=(several,))
    yield Violation(scope.constraint("UniqueLang"), Group((repeated,)), scope.focus.chain, hidden=(tag.name,))


def _has_value(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for value in compiler.graph.values(scope.shape.node, "hasValue"):
        path = scope.shape.path
        if path is None:
            having = Group((constants(scope.node, [value]),))
        elif nullable(path):
            having = Group((*scope.values.group.parts, constants(scope.node, [value])))
        else:
            having = Group((*scope.focus.group.parts, Triple(scope.focus.node, path, boxed(constant(value)))))
        yield scope.of_focus("HasValue", Minus(having))


def _closed(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    graph, node = compiler.graph, scope.shape.node
    if not graph.flag(node, "closed"):
        return
    allowed = {path for entry in graph.nodes(node, "property") for path in graph.nodes(entry, "path")}
    head = graph.single(node, "ignoredProperties")
    allowed.update(constant(item) for item in (graph.items(head, "ignoredProperties") if head is not None else []))  # type: ignore[misc]
    property_, value = Var(compiler.name("property")), Var(compiler.name("other"))
    named_values = sorted((entry for entry in allowed if isinstance(entry, ox.NamedNode)), key=str)
    other = Filter(Call("NOT IN", (property_, *named_values)))
    group = Group((*scope.values.group.parts, Triple(scope.node, property_, value), other))
    hidden = () if scope.shape.path is None else (scope.value,)
    yield Violation(
        scope.constraint("Closed"), group, scope.focus.chain, value.name, path=property_.name, hidden=hidden
    )


def _properties(compiler: Compiler, scope: Scope, name: str) -> Iterator[ox.NamedNode]:
    for node in compiler.graph.values(scope.shape.node, name):
        if not isinstance(node, ox.NamedNode):
            raise Refused(f"dens sh:{name} er ikke en egenskab", f"its sh:{name} is no property")
        yield node


def _equals(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for other in _properties(compiler, scope, "equals"):
        yield scope.where("Equals", Minus(Group((Triple(scope.focus.node, other, scope.node),))))
        if scope.shape.path is not None:
            theirs = Triple(scope.focus.node, other, scope.node)
            group = Group((*scope.focus.group.parts, theirs, Minus(scope.values.group)))
            yield Violation(scope.constraint("Equals"), group, scope.focus.chain, scope.value)
            continue
        value = Var(compiler.name("other"))
        theirs = Triple(scope.focus.node, other, value)
        unequal = Filter(negation(Call("SAMETERM", (value, scope.focus.node))))
        yield Violation(
            scope.constraint("Equals"),
            Group((*scope.focus.group.parts, theirs, unequal)),
            scope.focus.chain,
            value.name,
        )


def _disjoint(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for other in _properties(compiler, scope, "disjoint"):
        yield scope.where("Disjoint", Triple(scope.focus.node, other, scope.node))


def _less_than(name: str, sign: str) -> Component:
    def compiled(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
        scope.require_path(name)
        for other in _properties(compiler, scope, name):
            theirs = Var(compiler.name("other"))
            less = Call(sign, (compiler.value_expression(scope.node), compiler.value_expression(theirs)))
            group = Group((
                *scope.values.group.parts, Triple(scope.focus.node, other, theirs),
                Filter(negation(Call("COALESCE", (less, FALSE)))),
            ))  # fmt: skip
            component = name[0].upper() + name[1:]
            yield Violation(scope.constraint(component), group, scope.focus.chain, scope.value, hidden=(theirs.name,))

    return compiled


def _node(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for node in compiler.graph.nodes(scope.shape.node, "node"):
        yield scope.where("Node", compiler.unconforming(node, scope.values))


def _property(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for node in compiler.graph.nodes(scope.shape.node, "property"):
        if not compiler.graph.values(node, "path"):
            raise Refused(
                "den nævner en form uden sh:path med sh:property", "it names a shape without sh:path by sh:property"
            )
        yield from compiler.violations(node, scope.values)


def _not(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for node in compiler.graph.nodes(scope.shape.node, "not"):
        yield scope.where("Not", Minus(Group((compiler.unconforming(node, scope.values),))))


def _members(compiler: Compiler, scope: Scope, name: str) -> Iterator[list[Node]]:
    for head in compiler.graph.values(scope.shape.node, name):
        yield [_shape(item, name) for item in compiler.graph.items(head, name)]


def _shape(item: Value, name: str) -> Node:
    if isinstance(item, ox.Literal):
        raise Refused(f"dens sh:{name} nævner en tekst som form", f"its sh:{name} names a literal as a shape")
    return item


def _and(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for members in _members(compiler, scope, "and"):
        failing = tuple(Group((compiler.unconforming(member, scope.values),)) for member in members)
        if failing:
            yield scope.where("And", failing[0].parts[0] if len(failing) == 1 else Union(failing))


def _or(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for members in _members(compiler, scope, "or"):
        yield scope.where("Or", *(compiler.unconforming(member, scope.values) for member in members))


def _xone(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for members in _members(compiler, scope, "xone"):
        which = Var(compiler.name("which"))
        conforming = tuple(
            Group((
                *scope.values.group.parts, Minus(Group((compiler.unconforming(member, scope.values),))),
                Bind(ox.Literal(place), which),
            ))
            for place, member in enumerate(members)
        )  # fmt: skip
        if not conforming:
            yield scope.where("Xone")
            continue
        tagged = Domain(Group((Union(conforming),)), (*scope.values.chain, which.name))
        exactly_one = counted(tagged, scope.values, "=", 1)
        yield scope.where("Xone", Minus(Group((exactly_one,))))


def _qualified(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    graph, node = compiler.graph, scope.shape.node
    scope.require_path("qualifiedValueShape")
    disjoint = graph.flag(node, "qualifiedValueShapesDisjoint")
    for item in graph.nodes(node, "qualifiedValueShape"):
        parts = [*scope.values.group.parts, Minus(Group((compiler.unconforming(item, scope.values),)))]
        if disjoint:
            parts += [compiler.unconforming(other, scope.values) for other in _siblings(compiler, node, item)]
        conforming = Domain(Group(tuple(parts)), scope.values.chain)
        least, most = graph.integer(node, "qualifiedMinCount"), graph.integer(node, "qualifiedMaxCount")
        if least is not None:
            yield from fewer(scope, conforming, "QualifiedMinCount", least)
        if most is not None:
            yield more(scope, conforming, "QualifiedMaxCount", most)


def _siblings(compiler: Compiler, node: Node, itself: Node) -> list[Node]:
    """The sibling shapes of a qualified value shape (section 4.7.3)."""
    graph = compiler.graph
    others = {
        sibling
        for parent in graph.subjects("property", node)
        for property_shape in graph.nodes(parent, "property")
        for sibling in graph.nodes(property_shape, "qualifiedValueShape")
    }
    return sorted(others - {itself}, key=str)


_KINDS = {
    "IRI": ("ISIRI",), "BlankNode": ("ISBLANK",), "Literal": ("ISLITERAL",), "BlankNodeOrIRI": ("ISBLANK", "ISIRI"),
    "BlankNodeOrLiteral": ("ISBLANK", "ISLITERAL"), "IRIOrLiteral": ("ISIRI", "ISLITERAL"),
}  # fmt: skip
_BOUNDS = {"minExclusive": "<", "minInclusive": "<=", "maxExclusive": ">", "maxInclusive": ">="}
# Regular expressions that mean the same in XPath, Oxigraph and Python; any other is left to the reference engine.
_PLAIN_PATTERN = re.compile(
    r"(?:[^\\\[\](){}*+?.^$|]|\\[.\\\[\](){}*+?^$|/\-tnrdsw]|\.|[*+?]\??|\{\d+(?:,\d*)?\}|\[\^?\]?(?:[^\\\[\]&~]|\\[.\\\[\](){}*+?^$|/\-tnrdsw])*\]|\((?!\?)|\(\?:|\)|[|^$])*\Z"
)


def _class(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    for node in compiler.graph.nodes(scope.shape.node, "class"):
        yield scope.where("Class", Minus(Group((instance(scope.node, node),))))


def _datatype(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    node = compiler.graph.single(scope.shape.node, "datatype")
    if not isinstance(node, ox.NamedNode):
        raise Refused("dens sh:datatype er ikke en IRI", "its sh:datatype is no IRI")
    yield scope.when("Datatype", negation(has_datatype(scope.node, node)))


def _node_kind(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    node = compiler.graph.single(scope.shape.node, "nodeKind")
    tests = _KINDS.get(node.value.removeprefix(SH)) if isinstance(node, ox.NamedNode) else None
    if tests is None:
        raise Refused("dens sh:nodeKind findes ikke i SHACL", "its sh:nodeKind is no node kind of SHACL")
    yield scope.when("NodeKind", negation(disjunction([Call(test, (scope.node,)) for test in tests])))


def _bound(name: str) -> Component:
    def compiled(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
        limit = compiler.graph.single(scope.shape.node, name)
        if not isinstance(limit, ox.Literal):
            raise Refused(f"dens sh:{name} er ikke en værdi", f"its sh:{name} is no literal")
        within = Call(_BOUNDS[name], (limit, compiler.value_expression(scope.node)))
        yield scope.when(name[0].upper() + name[1:], negation(Call("COALESCE", (within, FALSE))))

    return compiled


def _length(name: str, sign: str) -> Component:
    def compiled(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
        limit = compiler.graph.integer(scope.shape.node, name)
        assert limit is not None
        length = Call("STRLEN", (Call("STR", (scope.node,)),))
        wrong = Call(sign, (length, ox.Literal(limit)))
        yield scope.when(name[0].upper() + name[1:], _unless_blank(scope.node, wrong))

    return compiled


def _pattern(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    flags = compiler.graph.single(scope.shape.node, "flags")
    for pattern in compiler.graph.values(scope.shape.node, "pattern"):
        if not isinstance(pattern, ox.Literal) or not isinstance(flags, ox.Literal | None):
            raise Refused("dens sh:pattern er ikke en tekst", "its sh:pattern is no text")
        _check_pattern(pattern.value, flags.value if flags is not None else "")
        arguments = (Call("STR", (scope.node,)), ox.Literal(pattern.value))
        matches = Call("REGEX", (*arguments, ox.Literal(flags.value)) if flags is not None else arguments)
        yield scope.when("Pattern", _unless_blank(scope.node, negation(matches)))


def _check_pattern(pattern: str, flags: str) -> None:
    if not set(flags) <= set("ism"):
        raise Declined(f"sh:flags {flags} læses forskelligt", f"engines read sh:flags {flags} differently")
    try:
        re.compile(pattern)
    except re.error as error:
        raise Refused(f"dens sh:pattern kan ikke læses: {error}", f"its sh:pattern cannot be read: {error}") from None
    if not _PLAIN_PATTERN.match(pattern):
        raise Declined(
            "dens sh:pattern læses forskelligt af de to motorer", "the two engines read its sh:pattern differently"
        )


def _unless_blank(node: Var, wrong: Expression) -> Expression:
    """A condition on the text of a node that a blank node, which has none, always meets."""
    return disjunction([Call("ISBLANK", (node,)), Call("COALESCE", (wrong, FALSE))])


def _language_in(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    head = compiler.graph.single(scope.shape.node, "languageIn")
    assert head is not None
    tags = compiler.graph.items(head, "languageIn")
    if not all(isinstance(tag, ox.Literal) for tag in tags):
        raise Refused("dens sh:languageIn nævner andet end sprog", "its sh:languageIn names what is no language")
    spoken = Call("LANG", (scope.node,))
    ranges = [Call("LANGMATCHES", (spoken, ox.Literal(tag.value))) for tag in tags if isinstance(tag, ox.Literal)]
    allowed = conjunction([Call("ISLITERAL", (scope.node,)), disjunction(ranges)])
    yield scope.when("LanguageIn", negation(Call("COALESCE", (allowed, FALSE))))


def _in(compiler: Compiler, scope: Scope) -> Iterator[Violation]:
    head = compiler.graph.single(scope.shape.node, "in")
    assert head is not None
    allowed: list[Value] = compiler.graph.items(head, "in")
    yield scope.where("In", Minus(Group((constants(scope.node, allowed),))))


COMPONENTS: dict[str, Component] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    **{name: _bound(name) for name in _BOUNDS},
    "minLength": _length("minLength", "<"),
    "maxLength": _length("maxLength", ">"),
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
    "minCount": _min_count,
    "maxCount": _max_count,
    "uniqueLang": _unique_lang,
    "hasValue": _has_value,
    "closed": _closed,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less_than("lessThan", "<"),
    "lessThanOrEquals": _less_than("lessThanOrEquals", "<="),
    "node": _node,
    "property": _property,
    "not": _not,
    "and": _and,
    "or": _or,
    "xone": _xone,
    "qualifiedValueShape": _qualified,
}
"""Each by its parameter; of several parameters by one that must be there."""
