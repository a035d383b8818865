"""Questions in SPARQL: shipped ones and the user's own, read-only, with typed parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal, get_args

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core import escape
from graphsc.core.periods import Period
from graphsc.core.problems import Reasoned
from graphsc.core.resources import knowledge_files
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import QUESTION, RDF_TYPE, RDFS_LABEL, STATEMENT, XSD_DATE, XSD_DECIMAL, G
from graphsc.graph.backend import Term

_ERROR = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CLASS = re.compile(r"\[[^\]]*\]")
_LONGEST = 40
_STARTS = {
    "?": Text("en variabel", "a variable"),
    "<": Text("en IRI", "an IRI"),
    "'": Text("en tekst", "a text"),
    "+": Text("et tal", "a number"),
}
"""What begins with a character, in words."""
_MARKS = {"{", "}", "(", ")", ".", ";", ",", "*", "=", "]"}
_KEYWORDS = {"AS", "BY", "SELECT", "WHERE"}
"""Passed on as they are; the engine's list of other keywords is incomplete."""
_REASONS = {
    "Prefix not found": Text("et præfiks er ikke erklæret", "a prefix is not declared"),
    "IRI parsing failed": Text("en IRI er ikke gyldig", "an IRI is not valid"),
    "The SELECT contains a variable that is unbound": Text(
        "SELECT vælger en variabel, som mønsteret ikke binder, eller som der ikke er grupperet efter",
        "SELECT chooses a variable that the pattern does not bind, or that is not grouped by",
    ),
    "SELECT * is not authorized with GROUP BY": Text(
        "SELECT * kan ikke stå sammen med GROUP BY", "SELECT * cannot stand with GROUP BY"
    ),
    "The VALUES clause rows": Text(
        "en række i VALUES har flere eller færre værdier, end der er variable",
        "a row of VALUES has more or fewer values than there are variables",
    ),
    r'"\\"': Text("en tekst i citationstegn slutter ikke", "a text in quotation marks does not end"),
}


def not_read(error: SyntaxError, query: str) -> Text:
    """Why the engine could not read a query; its own message where that is in another form."""
    match = _ERROR.fullmatch(str(error.msg))
    if match is None:
        reason = Text.same(" ".join(str(error.msg).split()))
    elif not query.strip():
        reason = Text("den er tom", "it is empty")
    else:
        place, why = _place(query, int(match[1]), int(match[2])), _why(match[3])
        reason = Text(f"{place.da}{why.da}", f"{place.en}{why.en}")
    return Text(f"Forespørgslen kan ikke læses: {reason.da}.", f"The query cannot be read: {reason.en}.")


def _place(query: str, line: int, column: int) -> Text:
    """How far the engine got, with the word that stands there or, at an end, before it."""
    lines = query.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    there = re.match(r"\S+", text[column - 1 :])
    before = " ".join([*lines[: line - 1], text[: column - 1]]).split()
    where = Text(f"linje {line}, kolonne {column}", f"line {line}, column {column}")
    if there is not None or not before:
        word = escape.brief(there[0] if there is not None else "", _LONGEST)
        return Text(f"{where.da}, ved »{word}«", f"{where.en}, at “{word}”")
    word = escape.brief(before[-1], _LONGEST)
    return Text(f"{where.da}, ved eller lige før »{word}«", f"{where.en}, at or just before “{word}”")


def _why(expected: str) -> Text:
    """What the engine expected, without the entries that mean nothing to the author of the query."""
    for start, reason in _REASONS.items():
        if start in expected:
            return Text(f": {reason.da}", f": {reason.en}")
    choices = list(_choices(expected))
    if not choices:
        return Text("", "")
    da, en = (
        " ".join([", ".join(options[:-1]), word, options[-1]] if len(options) > 1 else options)
        for options, word in (([choice.da for choice in choices], "eller"), ([choice.en for choice in choices], "or"))
    )
    return Text(f": der ventes {da}", f": {en} is expected")


def _choices(expected: str) -> Iterator[Text]:
    quoted = [re.sub(r"\\(.)", r"\1", text) for text in _QUOTED.findall(expected)]
    yield from (_STARTS[text] for text in quoted if text in _STARTS)
    if not quoted and "['0'..='9']" in expected:
        yield Text("et tal", "a number")
    words = re.findall(r"\w+", _CLASS.sub("", _QUOTED.sub("", expected)))
    marks = [text for text in quoted if text in _MARKS] + [word for word in words if word in _KEYWORDS]
    yield from (Text(f"»{mark}«", f"“{mark}”") for mark in dict.fromkeys(marks))


Need = Literal["measures", "findings", "duties", "coverage"]
NEEDS: tuple[Need, ...] = get_args(Need)

_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
TYPES = {
    "node": Text("en ting", "a thing"),
    "concept": Text("et begreb", "a concept"),
    "date": Text(
        "en dato som 2026-12-31, eller en varighed fra vurderingsdatoen som P3M",
        "a date such as 2026-12-31, or a duration from the evaluation date such as P3M",
    ),
    "integer": Text("et helt tal", "a whole number"),
    "number": Text("et tal", "a number"),
    "text": Text("en tekst", "a text"),
}
_PARAMETER = re.compile(
    r"(?P<type>\w+)(?:\s+(?P<sorts>(?!required\b)\w+(?:\|\w+)*))?(?P<required>\s+required)?"
    r"(?:\s*=\s*(?P<default>\S+))?(?:\s*—\s*(?P<da>.*?)\s+/\s+(?P<en>.*))?"
)
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


class QuestionError(Reasoned, ValueError):
    """A question that is refused, with the reason in both languages."""


def _refusal(danish: str, english: str) -> QuestionError:
    return QuestionError(Text(danish, english))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question: its type, its default, whether it must be given, and what it is.

    Types are ``node`` (a thing of one of the classes ``sorts``, or any), ``concept`` (of one of the schemes ``sorts``),
    ``date``, ``integer``, ``number`` and ``text``.
    """

    name: str
    type: str
    sorts: tuple[str, ...]
    required: bool
    default: str | None
    description: Text

    @property
    def kind(self) -> str:
        """The type as the header writes it."""
        return " ".join([self.type, *(["|".join(self.sorts)] if self.sorts else [])])

    @property
    def named(self) -> bool:
        """Whether a value names a node of the input."""
        return self.type in {"node", "concept"}


Finder = Callable[[Parameter, str], str]
"""Looks up the IRI that a value names; raises QuestionError."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query with the fields of its header.

    ``needs`` names the results that must be in the dataset before it runs: what the analysis measures, the findings of the
    rules, the duties with their days, or the coverage of the guide.
    """

    name: str
    text: str
    title: Text
    description: Text
    theme: Text
    statements: tuple[str, ...]
    role: str | None
    number: int | None
    needs: tuple[Need, ...]
    parameters: tuple[Parameter, ...]


def shipped() -> dict[str, Question]:
    """The questions that come with the product, by name, in the order of their numbers."""
    questions = [
        parse(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8"))
        for file in knowledge_files("queries", ".rq")
    ]
    return {question.name: question for question in sorted(questions, key=lambda q: (q.number or 0, q.name))}


def described(questions: Iterable[Question]) -> Iterator[ox.Triple]:
    """The questions as triples: a title, and the guide's statements that they serve."""
    for question in questions:
        node = ox.NamedNode(QUESTION + question.name)
        yield ox.Triple(node, ox.NamedNode(RDF_TYPE), ox.NamedNode(G + "Question"))
        for language in Language:
            title = ox.Literal(question.title[language], language=language.value)
            yield ox.Triple(node, ox.NamedNode(RDFS_LABEL), title)
        for statement in question.statements:
            yield ox.Triple(node, ox.NamedNode(G + "statement"), ox.NamedNode(STATEMENT + statement))


def parse(name: str, text: str) -> Question:
    """A question from its text; a query without a header is a question without parameters.

    Raises QuestionError for a parameter line of the header that cannot be read.
    """
    header = sparql.header(text)
    parameters = []
    for key, value in header.items():
        if key.startswith("parameter."):
            match = _PARAMETER.fullmatch(value)
            if match is None or match["type"] not in TYPES:
                types = ", ".join(TYPES)
                raise _refusal(
                    f"{name}: {key} skal begynde med en type ({types}), ikke: {value}",
                    f"{name}: {key} must begin with a type ({types}), not: {value}",
                )
            parameters.append(
                Parameter(
                    name=key.removeprefix("parameter."),
                    type=match["type"],
                    sorts=tuple((match["sorts"] or "").split("|")) if match["sorts"] else (),
                    required=match["required"] is not None,
                    default=match["default"],
                    description=Text(match["da"] or "", match["en"] or ""),
                )
            )
    return Question(
        name=name,
        text=text,
        title=Text(header.get("title.da", name), header.get("title.en", name)),
        description=Text(header.get("description.da", ""), header.get("description.en", "")),
        theme=Text(header.get("theme.da", ""), header.get("theme.en", "")),
        statements=tuple(header.get("statements", "").split()),
        role=header.get("role"),
        number=int(header["question"]) if header.get("question", "").isdigit() else None,
        needs=tuple(need for need in NEEDS if need in header.get("needs", "").split()),
        parameters=tuple(parameters),
    )


def check(text: str) -> None:
    """Refuse what does more than read. Raises QuestionError.

    Syntax errors are left to the engine, which says where they are.
    """
    if sparql.fetches(text):
        raise _refusal(
            "Forespørgslen bruger SERVICE og ville hente data fra nettet. Det gør graphsc ikke.",
            "The query uses SERVICE and would fetch data from the network. graphsc does not do that.",
        )
    if sparql.mentions(text, "FROM"):
        raise _refusal(
            "FROM vælger ingen grafer her: Der spørges i det hele. Brug GRAPH <…> { … } i mønstret.",
            "FROM chooses no graphs here: all of them are asked. Use GRAPH <…> { … } in the pattern.",
        )
    form = sparql.form(text)
    if form in _UPDATES:
        raise _refusal(
            f"Forespørgslen begynder med {form} og ville ændre data. Kun SELECT, ASK, CONSTRUCT og DESCRIBE læser.",
            f"The query begins with {form} and would change data. Only SELECT, ASK, CONSTRUCT and DESCRIBE read.",
        )


def bind(
    question: Question, values: Mapping[str, str], settings: Settings, find: Finder | None = None
) -> dict[str, Term]:
    """The terms of a question's parameters, defaults included; a parameter with neither is left unbound.

    Values become terms, never query text, so nothing can be injected. ``find`` looks up what names a node of the input;
    without it such parameters are left out, so that all others can be checked before the input is read.
    Raises QuestionError for an unknown parameter, one that is missing, and a value that is not of its type.
    """
    parameters = {parameter.name: parameter for parameter in question.parameters}
    for name in values:
        if name not in parameters:
            names = ", ".join(parameters) or "—"
            raise _refusal(
                f"Ukendt parameter: {name}. Spørgsmålet har: {names}.",
                f"Unknown parameter: {name}. The question has: {names}.",
            )
    bound: dict[str, Term] = {}
    for name, parameter in parameters.items():
        value = values.get(name, parameter.default)
        if value is None:
            if parameter.required:
                about = parameter.description
                raise _refusal(
                    f"Spørgsmålet skal have --param {name}=…: {about.da}.",
                    f"The question must have --param {name}=…: {about.en}.",
                )
        elif not parameter.named:
            bound[name] = _term(parameter, value, settings)
        elif find is not None:
            bound[name] = ox.NamedNode(find(parameter, value))
    return bound


def filled(question: Question, bound: Mapping[str, Term]) -> str:
    """The query with its parameters bound; the engine serialises them, so that a value cannot become query text."""
    return sparql.with_values(question.text, {name: str(term) for name, term in bound.items()})


def _term(parameter: Parameter, value: str, settings: Settings) -> Term:
    try:
        match parameter.type:
            case "date":
                day = Period.parse(value).after(settings.as_of) if value.startswith("P") else date.fromisoformat(value)
                return ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD_DATE))
            case "integer" if _INTEGER.fullmatch(value):
                return ox.Literal(int(value))
            case "number" if (number := Decimal(value)).is_finite():
                return ox.Literal(f"{number:f}", datatype=ox.NamedNode(XSD_DECIMAL))
            case "text":
                value.encode()  # a lone surrogate is no character, and no engine takes it
                return ox.Literal(value)
    except (ValueError, OverflowError, InvalidOperation):
        pass
    expected = TYPES[parameter.type]
    raise _refusal(
        f"{parameter.name}={value} er ikke {expected.da}.",
        f"{parameter.name}={value} is not {expected.en}.",
    )
