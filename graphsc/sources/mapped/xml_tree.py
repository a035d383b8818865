"""XML as a tree with places: an element is an object; an element with only text is a single value.

Names stand without their namespaces. An attribute is a key that begins with ``@``; the text of an element that has attributes
stands under ``#``. Elements of one name beside each other are a list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from graphsc.sources.mapped.paths import TEXT
from graphsc.sources.model import Place
from graphsc.sources.rdf.reader import is_dangerous
from graphsc.sources.reporting import Reporter
from graphsc.sources.tree import DEPTH_LIMIT, Mapping, Node, Scalar, Sequence

_SEPARATOR = "\n"


@dataclass(slots=True)
class _Element:
    name: str
    place: Place
    attributes: list[tuple[str, str]]
    children: dict[str, list[Node]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    def node(self) -> Node:
        text = "".join(self.text).strip()
        if not self.children and not self.attributes:
            return Scalar(text, self.place)
        entries: list[tuple[Scalar, Node]] = [
            (Scalar(f"@{name}", self.place), Scalar(value, self.place)) for name, value in self.attributes
        ]
        if text:
            entries.append((Scalar(TEXT, self.place), Scalar(text, self.place)))
        for name, nodes in self.children.items():
            value = nodes[0] if len(nodes) == 1 else Sequence(nodes[0].place, nodes)
            entries.append((Scalar(name, nodes[0].place), value))
        return Mapping(self.place, entries)


class _TooDeep(Exception):  # noqa: N818 - it never leaves this module
    pass


def read_xml(text: str, report: Reporter) -> Node | None:
    """The tree of an XML text, its root under its name; None, with a problem, when it is not XML."""
    if is_dangerous(text, report):
        return None
    parser = expat.ParserCreate("utf-8", namespace_separator=_SEPARATOR)
    open_ = [_Element("", (1, 1), [])]

    def here() -> Place:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > DEPTH_LIMIT:
            raise _TooDeep
        named = [(key.rpartition(_SEPARATOR)[2], value) for key, value in attributes.items()]
        open_.append(_Element(name.rpartition(_SEPARATOR)[2], here(), named))

    def end(_: str) -> None:
        done = open_.pop()
        open_[-1].children.setdefault(done.name, []).append(done.node())

    def characters(data: str) -> None:
        open_[-1].text.append(data)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        place = (error.lineno, error.offset + 1)
        report.add(
            "syntax", f"XML kan ikke læses: {expat.ErrorString(error.code)}.",
            f"The XML cannot be read: {expat.ErrorString(error.code)}.", place,
        )  # fmt: skip
        return None
    except _TooDeep:
        report.too_deep(DEPTH_LIMIT, here())
        return None
    return open_[0].node()
