"""What a result says: the shape's own message, the rule's, or that of the constraint component."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from graphsc.core.text import Language, Text, capital
from graphsc.core.vocabulary import SHACL as SH
from graphsc.graph.dataset import GUIDE, Dataset, plain
from graphsc.graph.labels import Labels, readable
from graphsc.shacl import Refused
from graphsc.shacl.model import Value
from graphsc.validation.engine import Result
from graphsc.validation.rules import Rule
from graphsc.validation.shapes import Shapes

_PLACEHOLDER = re.compile(r"\{[?$](\w+(?:\.\.\?\w+)?)\}")


def fill(template: Text, values: Mapping[str, Text]) -> Text:
    """Replace each ``{?name}`` of a template by the value of that name, in both languages.

    A name without a value stays as it is written. Values are never read as templates themselves, so a
    name from outside that looks like a placeholder is shown, not filled.
    """

    def in_language(language: Language) -> str:
        def value(match: re.Match[str]) -> str:
            text = values.get(match[1])
            return match[0] if text is None else text[language]

        filled = _PLACEHOLDER.sub(value, template[language])
        return capital(filled)  # a made name such as "the agreement with ..." may come first

    return Text.per_language(in_language)


_COMPONENT = "ConstraintComponent"
_DEFAULT = Text("{?this} opfylder ikke formen {?shape}", "{?this} does not conform to the shape {?shape}")


class Words:
    """The message of a result as a template, and what it can name."""

    def __init__(self, dataset: Dataset, labels: Labels, shapes: Shapes) -> None:
        self._store = dataset.store
        self._labels = labels
        self._graph = shapes.graph

    def template(self, result: Result, rule: Rule) -> Text:
        """The message: what the constraint or its shape says, what the rule says, what the component says."""
        stated = Text.of(result.constraint.messages)
        if stated is not None:
            return stated
        if rule.message.da or rule.message.en:
            return rule.message
        message = self._message(result.constraint.component)
        if message is None:
            return _DEFAULT
        of_property = self._message(SH + "PropertyShape")
        if result.constraint.path_node is None or "{?this}" in message.en or of_property is None:
            return message
        return Text(message.da + of_property.da, message.en + of_property.en)

    def _message(self, node: str) -> Text | None:
        quads = self._store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(SH + "message"), None, GUIDE)
        return Text.of(quad.object for quad in quads)

    def terms(self, result: Result) -> Iterator[Value]:
        """The terms that `names` has names of."""
        yield result.shape.node
        yield from filter(None, (result.value, result.path, result.constraint.path_node))
        yield from self._expected(result)

    def names(self, result: Result) -> dict[str, Text]:
        """What a component's message may name beside the focus node and the value: the path, and what is expected."""
        constraint = result.constraint
        results = {"shape": self._name(result.shape.node)}
        if isinstance(result.value, ox.NamedNode | ox.Literal):
            results["value"] = self._name(result.value)
        path = result.path if result.path is not None else constraint.path_node
        if isinstance(path, ox.NamedNode):
            results["path"] = results["PATH"] = self._name(path)
        elif (written := constraint.written_path) is not None:
            results["path"] = results["PATH"] = Text.same(written)
        expected = [self._name(value) for value in self._expected(result)]
        if expected:
            results["expected"] = Text.joined(Text.same(", "), expected)
        return results

    def _expected(self, result: Result) -> list[Value]:
        """The value of the parameter that a component is called by."""
        local = result.constraint.component.removeprefix(SH).removesuffix(_COMPONENT)
        name = local[:1].lower() + local[1:]
        values: Sequence[Value] = self._graph.values(result.constraint.shape, name)
        if len(values) == 1 and self._graph.is_list(values[0]):
            try:
                values = self._graph.items(values[0])
            except Refused:
                return []
        return [value for value in values if not isinstance(value, ox.BlankNode)]

    def _name(self, term: Value) -> Text:
        if isinstance(term, ox.BlankNode):
            return Text("uden navn", "without a name")
        if isinstance(term, ox.Literal):
            return Text.same(plain(term))
        if term.value.startswith(SH) or "XMLSchema#" in term.value:
            return Text.same(readable(term.value))
        return self._labels[term.value]
