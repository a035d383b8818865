"""Questions in SPARQL: shipped ones and the user's own, read-only, with typed parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from graphsc import sparql
from graphsc.graph import Term
from graphsc.identifiers import absolute
from graphsc.periods import Period
from graphsc.resources import knowledge_files
from graphsc.settings import Settings
from graphsc.text import Text
from graphsc.vocabulary import XSD_DATE

_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
_TYPES = ("node", "date", "text", "number")
_PARAMETER = re.compile(r"(?P<type>\w+)(?:\s*=\s*(?P<default>\S+))?(?:\s*—\s*(?P<da>.*?)\s*/\s*(?P<en>.*))?")


class QuestionError(ValueError):
    """A question that is not asked, with the reason in both languages."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question: ``node``, ``date``, ``text`` or ``number``, with its default and what it is."""

    name: str
    type: str
    default: str | None
    description: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A query with what its header says of it.

    ``measures`` says that it reads what the analysis finds, which is put into the dataset before it is asked.
    """

    name: str
    text: str
    title: Text
    description: Text
    theme: Text
    statements: tuple[str, ...]
    role: str | None
    number: int | None
    measures: bool
    parameters: tuple[Parameter, ...]


def shipped() -> dict[str, Question]:
    """The questions that come with the product, by name, in the order of their numbers."""
    found = [
        parse(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8"))
        for file in knowledge_files("queries", ".rq")
    ]
    return {question.name: question for question in sorted(found, key=lambda q: (q.number or 0, q.name))}


def parse(name: str, text: str) -> Question:
    """A question from its text; a query without a header is a question without parameters.

    Raises QuestionError for a parameter line of the header that cannot be read.
    """
    header = sparql.header(text)
    parameters = []
    for key, value in header.items():
        if key.startswith("parameter."):
            match = _PARAMETER.fullmatch(value)
            if match is None or match["type"] not in _TYPES:
                types = ", ".join(_TYPES)
                raise QuestionError(
                    Text(
                        f"{name}: {key} skal begynde med en type ({types}), ikke: {value}",
                        f"{name}: {key} must begin with a type ({types}), not: {value}",
                    )
                )
            about = Text(match["da"] or "", match["en"] or "")
            parameters.append(Parameter(key.removeprefix("parameter."), match["type"], match["default"], about))
    return Question(
        name=name,
        text=text,
        title=Text(header.get("title.da", name), header.get("title.en", name)),
        description=Text(header.get("description.da", ""), header.get("description.en", "")),
        theme=Text(header.get("theme.da", ""), header.get("theme.en", "")),
        statements=tuple(header.get("statements", "").split()),
        role=header.get("role"),
        number=int(header["question"]) if header.get("question", "").isdigit() else None,
        measures=header.get("measures") == "yes",
        parameters=tuple(parameters),
    )


def check(text: str) -> None:
    """Refuse what is not a plain reading query, before anything runs. Raises QuestionError.

    Whether the query is well-formed is left to the engine, which says where it is not.
    """
    if sparql.fetches(text):
        raise QuestionError(
            Text(
                "Forespørgslen bruger SERVICE og ville hente data fra nettet. Det gør graphsc ikke.",
                "The query uses SERVICE and would fetch data from the network. graphsc does not do that.",
            )
        )
    words = (token.text.upper() for token in sparql.tokens(text) if token.kind == "word")
    form = next((word for word in words if word not in {"PREFIX", "BASE"}), "")
    if form in _UPDATES:
        raise QuestionError(
            Text(
                f"Forespørgslen begynder med {form} og ville ændre data. Kun SELECT, ASK, CONSTRUCT og DESCRIBE læser.",
                f"The query begins with {form} and would change data. Only SELECT, ASK, CONSTRUCT and DESCRIBE read.",
            )
        )


def bind(question: Question, values: Mapping[str, str], settings: Settings) -> dict[str, Term]:
    """The terms of a question's parameters, defaults included; a parameter without either stays open.

    Values become terms, never query text, so nothing can be injected. Raises QuestionError for an unknown
    parameter and for a value that is not of its type.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in values:
        if name not in known:
            names = ", ".join(known) or "—"
            raise QuestionError(
                Text(
                    f"Ukendt parameter: {name}. Spørgsmålet har: {names}.",
                    f"Unknown parameter: {name}. The question has: {names}.",
                )
            )
    bound: dict[str, Term] = {}
    for name, parameter in known.items():
        value = values.get(name, parameter.default)
        if value is not None:
            bound[name] = _term(parameter, value, settings)
    return bound


def filled(question: Question, bound: Mapping[str, Term]) -> str:
    """The query with its parameters given; written by the engine's own serialiser, a value cannot become query text."""
    return sparql.given(question.text, {name: str(term) for name, term in bound.items()})


def _term(parameter: Parameter, value: str, settings: Settings) -> Term:
    try:
        if parameter.type == "node":
            return ox.NamedNode(absolute(value, settings.base))
        if parameter.type == "date":
            day = Period.parse(value).after(settings.as_of) if value.startswith("P") else date.fromisoformat(value)
            return ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD_DATE))
        if parameter.type == "number":
            return ox.Literal(int(value))
    except (ValueError, OverflowError):
        raise QuestionError(
            Text(
                f"{parameter.name}={value} er ikke af typen {parameter.type}.",
                f"{parameter.name}={value} is not of type {parameter.type}.",
            )
        ) from None
    return ox.Literal(value)
