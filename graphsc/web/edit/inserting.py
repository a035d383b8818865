"""Inserting an entry into a YAML file: lines, or words in a line, are added, and nothing else is rewritten.

So comments, order and spacing stay byte for byte, which no YAML library guarantees. Keys of a thing that has an entry are added
there; otherwise a new entry comes last under its top-level key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import yaml

from graphsc.core.problems import Reasoned
from graphsc.core.text import Text
from graphsc.sources.terms import load, normal
from graphsc.validation.examples import Entry, flow

Node = yaml.nodes.Node


class CannotInsert(Reasoned):
    """An entry cannot be inserted into a file, with the reason."""


def inserted(text: str, entry: Entry) -> str:
    """The text of a file with an entry. Raises CannotInsert."""
    root = _composed(text)
    if root is not None and (not isinstance(root, yaml.MappingNode) or root.flow_style):
        raise CannotInsert(Text("Filen er ikke nøgler med lister under.", "The file is not keys with lists beneath."))
    new = _into_mapping_of_id(text, root, entry) if root is not None else None
    if new is None:
        new = _beneath_its_key(text, root, entry)
    _composed(new)
    return new


def _composed(text: str) -> Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        reason = str(error).replace("\n", " ")
        raise CannotInsert(Text(f"Filen kan ikke læses: {reason}", f"The file cannot be read: {reason}")) from None


def _into_mapping_of_id(text: str, root: Node, entry: Entry) -> str | None:
    """The text with the keys of the entry in the mapping with its id; None where no mapping can take them."""
    head = entry.head
    target = next((mapping for mapping in _mappings(root) if head is not None and _id(mapping) == head[1]), None)
    if target is None:
        return None
    for key, values in entry.pairs[1:]:
        there = next((value for name, value in target.value if normal(_word(name)) == normal(key)), None)
        new = _key(text, target, key, values) if there is None else _with_values(text, there, values)
        if new is None:
            return None
        text = new
        root_again = _composed(text)
        target = next(mapping for mapping in _mappings(root_again) if head is not None and _id(mapping) == head[1])
    return text


def _mappings(node: Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _mappings(value)


def _id(mapping: yaml.MappingNode) -> str:
    return next((_word(value) for name, value in mapping.value if _word(name) == "id"), "")


def _word(node: Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _key(text: str, mapping: yaml.MappingNode, key: str, values: Sequence[str]) -> str:
    """The text with a further key in a mapping."""
    line = f"{key}: {flow(values)}"
    if mapping.flow_style:
        return _before_the_bracket(text, mapping, line)
    return _lines_after(text, mapping, [" " * mapping.start_mark.column + line])


def _with_values(text: str, there: Node, values: Sequence[str]) -> str | None:
    """The text with further values in a list; None where the node is no list."""
    if not isinstance(there, yaml.SequenceNode) or not there.value:
        return None
    fresh = [value for value in values if value.strip('"') not in {_word(item) for item in there.value}]
    if not fresh:
        return text
    if there.flow_style:
        return _before_the_bracket(text, there, ", ".join(fresh))
    return _lines_after(text, there, [f"{' ' * there.start_mark.column}- {value}" for value in fresh])


def _before_the_bracket(text: str, node: Node, member: str) -> str:
    """The text with a further member in brackets, after the last one."""
    members = node.value
    last: Node = members[-1][1] if isinstance(node, yaml.MappingNode) else members[-1]
    place = last.end_mark.index
    return f"{text[:place]}, {member}{text[place:]}"


def _lines_after(text: str, node: Node, lines: Sequence[str]) -> str:
    """The text with lines after the last line of a node."""
    place = text.find("\n", _end(text, node))
    newline = "\r\n" if "\r\n" in text else "\n"
    if place < 0:
        return text + newline + newline.join(lines) + newline
    return text[: place + 1] + "".join(line + newline for line in lines) + text[place + 1 :]


def _end(text: str, node: Node) -> int:
    """The end of the last word of a node, since the end of a block is after the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    place: int = node.end_mark.index
    while place > 0 and text[place - 1 : place] in {"\n", "\r"}:  # a text in lines ends after its last
        place -= 1
    return place


def _beneath_its_key(text: str, root: Node | None, entry: Entry) -> str:
    """The text with the entry last under its top-level key, which is added if missing."""
    same = _same_container(entry.container)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    there = next((value for name, value in pairs if same(_word(name))), None)
    if there is None:
        newline = "\r\n" if "\r\n" in text else "\n"
        apart = "" if not text.strip() else newline if text.endswith("\n") else newline * 2
        return f"{text}{apart}{entry.container}:{newline}  - {entry}{newline}"
    if not isinstance(there, yaml.SequenceNode) or not there.value:
        raise CannotInsert(
            Text(f"{entry.container} er ikke en liste i filen.", f"{entry.container} is no list in the file.")
        )
    if there.flow_style:
        return _before_the_bracket(text, there, str(entry))
    return _lines_after(text, there, [f"{' ' * there.start_mark.column}- {entry}"])


def _same_container(word: str) -> Callable[[str], bool]:
    """A test whether a top-level key means the same as another, in either language."""
    containers = load().containers
    container = containers.get(normal(word))
    return lambda other: (
        normal(other) == normal(word) or (container is not None and containers.get(normal(other)) is container)
    )
