"""Answers to questions: a table for people, CSV and JSON as the W3C defines them, Turtle for graphs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

import pyoxigraph as ox

from graphsc.core import escape
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import COLUMN, RDF_LANG_STRING, XSD_BOOLEAN, XSD_STRING
from graphsc.core.writing import comma_separated
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Solutions
from graphsc.graph.labels import Labels, spoken
from graphsc.graph.questions import QuestionError
from graphsc.rendering.contract import written
from graphsc.rendering.sections import aligned

Format = Literal["table", "csv", "json", "turtle"]
FORMATS: tuple[Format, ...] = get_args(Format)

_WIDEST = 120
_TEXTS = {RDF_LANG_STRING, XSD_BOOLEAN, XSD_STRING}

Row = Sequence[Term | None]

_PREFIXES = {"g": "https://w3id.org/graphsc/ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}


def render(form: Format, solutions: Solutions, labels: Labels, language: Language, ordered: bool) -> str:
    """The answer as text; rows whose order the query leaves open (not ``ordered``) are sorted.

    Raises QuestionError where the format does not fit the query. JSON is exactly that of SPARQL 1.1. CSV differs from it in
    three ways: texts are made harmless to a spreadsheet, lines end in a newline alone, and booleans are ``true`` and
    ``false``.
    """
    if not isinstance(solutions, ox.QuerySolutions | ox.QueryBoolean):
        return _triples(solutions)
    if form == "turtle":
        raise QuestionError(Text("Turtle er for CONSTRUCT og DESCRIBE.", "Turtle is for CONSTRUCT and DESCRIBE."))
    if isinstance(solutions, ox.QueryBoolean):
        return _boolean(bool(solutions), form, language)
    names = [variable.value for variable in solutions.variables]
    rows: list[Row] = [[row[name] for name in names] for row in solutions]
    if not ordered:
        rows.sort(key=lambda row: [str(term) for term in row])
    if form == "csv":
        return comma_separated([names, *(["" if term is None else _csv_cell(term) for term in row] for row in rows)])
    return _json(names, rows) if form == "json" else _table(names, rows, labels, language)


def _triples(graph: Iterable[ox.Triple]) -> str:
    """Turtle in a fixed order; blank nodes get labels that do not depend on the run."""
    dataset = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in graph)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = sorted((quad.triple for quad in dataset), key=str)
    turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=_PREFIXES)
    assert turtle is not None
    return escape.turtle(turtle.decode())


def _boolean(value: bool, form: Format, language: Language) -> str:
    if form == "json":
        return written({"head": {}, "boolean": value})
    if form == "csv":
        return f"{value}\n".lower()
    return spoken(str(value).lower(), XSD_BOOLEAN)[language] + "\n"


def _csv_cell(term: Term) -> str:
    """A term as plain text; a literal of a text is made harmless to a spreadsheet and a terminal."""
    text = isinstance(term, ox.Literal) and term.datatype.value in _TEXTS
    return escape.csv(_written(term)) if text else _written(term)


def _json(names: Sequence[str], rows: Sequence[Row]) -> str:
    bindings = [
        {name: _json_term(term) for name, term in zip(names, row, strict=True) if term is not None} for row in rows
    ]
    return written({"head": {"vars": list(names)}, "results": {"bindings": bindings}})


def _json_term(term: Term) -> dict[str, object]:
    if isinstance(term, ox.Literal):
        literal: dict[str, object] = {"type": "literal", "value": term.value}
        if term.language is not None:
            literal["xml:lang"] = term.language
        elif term.datatype.value != XSD_STRING:
            literal["datatype"] = term.datatype.value
        return literal
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}


def _table(names: Sequence[str], rows: Sequence[Row], labels: Labels, language: Language) -> str:
    """Aligned columns under their names; a node is shown by its name."""
    headings = [escape.line(labels[COLUMN + name][language]) for name in names]
    cells = [["" if term is None else _cell(term, labels, language) for term in row] for row in rows]
    count = Text.counted(len(rows), Text("række", "row"), Text("rækker", "rows"))
    return "\n".join([*aligned([headings, *cells], "-"), "", count[language]]) + "\n"


def _cell(term: Term, labels: Labels, language: Language) -> str:
    if isinstance(term, ox.NamedNode):
        text = labels[term.value][language]
    else:
        text = spoken(term.value, term.datatype.value)[language] if isinstance(term, ox.Literal) else _written(term)
    return escape.brief(text, _WIDEST)  # every row is as wide as the widest


def _written(term: Term) -> str:
    return term.value if isinstance(term, (ox.Literal, ox.NamedNode)) else str(term)
