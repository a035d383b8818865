"""The organisation's own knowledge: obligations, shapes, concepts and terms as Turtle, rules as SPARQL.

A folder of ``.ttl`` and ``.rq`` files is all it takes: another framework's duties are data, not code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from graphsc.core.periods import Period
from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.core.vocabulary import PERIOD, SHACL, G
from graphsc.sources.model import Positions
from graphsc.sources.rdf.places import turtle_places

_SUFFIXES = {".ttl", ".rq"}
_LENGTHS = {G + "every", G + "within", G + "grace", G + "period"}
_SEVERITIES = {SHACL + name for name in ("Violation", "Warning", "Info")}


@dataclass(slots=True)
class Additions:
    """The contents of the files in ``paths``: triples, the text and file of each derivation rule, and problems.

    ``blank_node_files`` is the file of each blank node.
    """

    paths: tuple[str, ...] = ()
    triples: list[ox.Triple] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    positions: list[Positions] = field(default_factory=list)
    blank_node_files: dict[str, str] = field(default_factory=dict)

    def locate(self, node: str, predicate: str | None = None) -> Location | None:
        """The place of a node or of one of its properties; None when it is in none of these files.

        For a blank node, given as ``_:label``, only the file is known.
        """
        if node in self.blank_node_files:
            return Location(self.blank_node_files[node])
        locations = (positions.locate(node, predicate) for positions in self.positions)
        return next((place for place in locations if place is not None), None)

    def add(self, code: str, da: str, en: str, place: Location) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, Text(da, en), place))


def read(paths: Sequence[str]) -> Additions:
    """Read the folders and files; problems in them raise nothing."""
    additions = Additions(tuple(paths))
    for name in paths:
        path = Path(name)
        if not path.exists():
            additions.add("missing-path", f"{name} findes ikke", f"{name} does not exist", Location(name))
        elif path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.is_file() and file.suffix in _SUFFIXES:
                    _read(file, additions)
        elif not path.is_file():
            additions.add("unreadable", f"{name} er ikke en fil", f"{name} is not a file", Location(name))
        elif path.suffix in _SUFFIXES:
            _read(path, additions)
        else:
            additions.add(
                "unknown-format",
                f"{name} er hverken Turtle (.ttl) eller en regel (.rq)",
                f"{name} is neither Turtle (.ttl) nor a rule (.rq)",
                Location(name),
            )
    return additions


def _read(file: Path, additions: Additions) -> None:
    name = file.as_posix()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        additions.add(
            "unreadable", f"{name} kan ikke læses som UTF-8", f"{name} cannot be read as UTF-8", Location(name)
        )
        return
    if file.suffix == ".rq":
        _rule(file.stem, name, text, additions)
    else:
        _turtle(name, text, additions)


def _rule(rule: str, name: str, text: str, additions: Additions) -> None:
    if rule in additions.rules:
        additions.add(
            "bad-rule",
            f"reglen {rule} står også i {additions.files[rule]}",
            f"the rule {rule} stands in {additions.files[rule]} too",
            Location(name),
        )
        return
    additions.rules[rule] = text
    additions.files[rule] = name


def _turtle(name: str, text: str, additions: Additions) -> None:
    positions = Positions(name, lambda: turtle_places(text))
    try:
        # Two files may use the same label for different blank nodes.
        triples = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE, rename_blank_nodes=True)]
    except SyntaxError as error:
        place = Location(name, error.lineno, error.offset) if error.lineno else Location(name)
        cause = re.sub(r"^Parser error at line \d+ (?:between )?column[^:]*: ", "", error.msg)
        additions.add(
            "syntax", f"filen er ikke gyldig Turtle: {cause}", f"the file is not valid Turtle: {cause}", place
        )
        return
    additions.positions.append(positions)
    additions.blank_node_files.update(
        {str(item.subject): name for item in triples if isinstance(item.subject, ox.BlankNode)}
    )
    for triple in triples:
        fault = _fault(triple)
        if fault is None:
            additions.triples.append(triple)
        else:
            subject = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else ""
            place = positions.locate(subject, triple.predicate.value) or Location(name)
            additions.problems.append(Problem("bad-value", fault, place))


def _fault(triple: ox.Triple) -> Text | None:
    """The fault of a value that rules compute with."""
    value = triple.object.value if isinstance(triple.object, (ox.NamedNode, ox.Literal)) else ""
    if triple.predicate.value == SHACL + "severity" and value not in _SEVERITIES:
        return Text(
            f"alvor er sh:Violation, sh:Warning eller sh:Info, ikke {value}",
            f"a severity is sh:Violation, sh:Warning or sh:Info, not {value}",
        )
    if triple.predicate.value in _LENGTHS and value.startswith(PERIOD):
        try:
            Period.parse(value.removeprefix(PERIOD))
        except ValueError:
            length = value.removeprefix(PERIOD)
            return Text(
                f"en varighed skrives som P1Y, P6M, P2W eller P30D, ikke {length}",
                f"a length of time is written like P1Y, P6M, P2W or P30D, not {length}",
            )
    return None
