"""Matrices of responsibility: for a terminal, as Markdown, as CSV and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

from graphsc.core.text import Language, Text
from graphsc.duties.duties import State
from graphsc.duties.results import Cell, Column, Involvement, Matrices, Matrix, Row
from graphsc.rendering import sections, spreadsheet
from graphsc.rendering.contract import NamedRead, names, read, written
from graphsc.rendering.duties import words
from graphsc.rendering.duties.words import Voice
from graphsc.rendering.sections import Columns, Section, table

FORMATS = ("text", "json", "csv", "markdown")
_TASK = Text("Opgave", "Task")
_GUIDE = Text("Vejledning", "Guide")
_EXAMPLE = Text(
    "Opgaver og roller er dem i vejledningens bilag 4, som er et eksempel (B4-00), og hvad kæden selv viser.",
    "The tasks and roles are those of annex 4 of the guide, which is an example (B4-00), and what the chain itself shows.",
)
_NONE = Text("Ingen løbende aftaler.", "No agreements under way.")


def render(shown: Matrices, form: str, *, language: Language) -> str:
    """Render the matrices in one of ``FORMATS``."""
    voice = Voice(shown.labels, language)
    match form:
        case "json":
            return _json(shown)
        case "csv":
            parts = ((matrix, row, cell) for matrix in shown.matrices for row in matrix.rows for cell in row.cells)
            return spreadsheet.csv(_columns(voice), parts)
    title = Text(f"Hvem gør hvad pr. {shown.as_of}", f"Who does what as of {shown.as_of}")
    warning = words.partial(len(shown.problems), language)
    return sections.page(form, title, _sections(shown, voice), language, warning=warning)


def _title(matrix: Matrix, voice: Voice) -> str:
    name = voice.name(matrix.subject)
    if not matrix.customers:
        return name
    return f"{name}: {voice.names(matrix.customers)} → {voice.names(matrix.suppliers)}"


def _heading(column: Column, matrix: Matrix, voice: Voice) -> str:
    """The role of a column, its organisation where that is not the customer, and its holders."""
    inside = column.organisation in {*matrix.customers, matrix.subject}
    at = voice.name(column.organisation)
    if column.role is None:
        return at
    return f"{voice.name(column.role)}{'' if inside else f', {at}'} ({_holders(column, voice) or words.NOBODY[voice.language]})"


def _holders(column: Column, voice: Voice) -> str:
    """The holders of a role, or that they are not recorded; empty where nobody holds it."""
    if column.persons or column.roles_kept or column.role is None:
        return voice.names(column.persons)
    return words.STATE[State.NOT_RECORDED][voice.language]


def _legend(shown: Matrices, voice: Voice) -> str:
    return " · ".join(f"{involvement.letter} {voice.name(involvement.iri)}" for involvement in shown.involvements)


def _sections(shown: Matrices, voice: Voice) -> Iterator[Section]:
    """A table of letters for each matrix, with its numbered columns explained above it."""
    if not shown.matrices:
        yield Section(sentences=(_NONE,))
    yield Section(sentences=(_legend(shown, voice), _EXAMPLE))
    for matrix in shown.matrices:
        who = [f"{number} {_heading(column, matrix, voice)}" for number, column in enumerate(matrix.columns, 1)]
        columns: Columns[Row] = {
            _TASK: lambda row: voice.name(row.task),
            **{str(number): _letters(column) for number, column in enumerate(matrix.columns, 1)},
            _GUIDE: lambda row: ", ".join(row.statements),
        }
        yield Section(_title(matrix, voice), points=tuple(who), tables=(table(columns, matrix.rows),))


def _letters(column: Column) -> Callable[[Row], str]:
    return lambda row: row.letters(column) or "·"


def _columns(voice: Voice) -> spreadsheet.Columns[tuple[Matrix, Row, Cell]]:
    return {
        "subject": lambda part: voice.name(part[0].subject),
        "task": lambda part: voice.name(part[1].task),
        "letter": lambda part: part[2].involvement.letter,
        "part": lambda part: voice.name(part[2].involvement.iri),
        "organisation": lambda part: voice.name(part[2].column.organisation),
        "role": lambda part: voice.name(part[2].column.role),
        "persons": lambda part: _holders(part[2].column, voice),
        "statements": lambda part: part[2].statements,
        "subject_iri": lambda part: part[0].subject,
        "task_iri": lambda part: part[1].task,
        "organisation_iri": lambda part: part[2].column.organisation,
        "role_iri": lambda part: part[2].column.role,
    }


class Document(NamedRead):
    """What `graphsc raci --format json` writes."""

    schema: Literal["graphsc.raci/1"]  #: The name and version of this contract.
    asOf: date  #: The day that the matrices are true of.
    involvements: list[Involvement]  #: The parts that one can take in a task, in order.
    matrices: list[Matrix]  #: First those of organisations, then those of agreements, by name.


def _json(shown: Matrices) -> str:
    contents: Document = {
        "schema": "graphsc.raci/1",
        "asOf": shown.as_of,
        **read(shown.inputs, shown.problems),
        "involvements": list(shown.involvements),
        "matrices": list(shown.matrices),
        "labels": names(shown.labels),
    }
    return written(contents)
