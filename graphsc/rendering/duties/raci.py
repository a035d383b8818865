"""Matrices of responsibility: for a terminal, as Markdown, as CSV and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graphsc.core.text import Language, Text
from graphsc.duties.duties import State
from graphsc.duties.raci import Cell, Column, Matrix, Row
from graphsc.duties.results import Matrices
from graphsc.rendering import sections, spreadsheet
from graphsc.rendering.contract import NamedRead, from_attributes, names, read, written
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
    return sections.page(form, title, _sections(shown, voice), language)


def _title(matrix: Matrix, voice: Voice) -> str:
    name = voice.name(matrix.subject)
    if not matrix.customers:
        return name
    return f"{name}: {voice.names(matrix.customers)} → {voice.names(matrix.suppliers)}"


def _who(column: Column, matrix: Matrix, voice: Voice) -> str:
    """A column's role, whose it is where it is not the customer's, and who holds it."""
    inside = column.organisation in {*matrix.customers, matrix.subject}
    at = voice.name(column.organisation)
    if column.role is None:
        return at
    return f"{voice.name(column.role)}{'' if inside else f', {at}'} ({_held(column, voice) or words.NOBODY[voice.language]})"


def _held(column: Column, voice: Voice) -> str:
    """Who holds a role, or that it is not recorded; empty where nobody does."""
    if column.persons or column.roles_kept or column.role is None:
        return voice.names(column.persons)
    return words.STATE[State.NOT_RECORDED][voice.language]


def _legend(shown: Matrices, voice: Voice) -> str:
    return " · ".join(f"{involvement.letter} {voice.name(involvement.iri)}" for involvement in shown.involvements)


def _sections(shown: Matrices, voice: Voice) -> Iterator[Section]:
    """A table of letters for each matrix; what its columns are is written out above it, by number."""
    if shown.problems:
        yield Section(sentences=(words.partial(len(shown.problems), voice.language),))
    if not shown.matrices:
        yield Section(sentences=(_NONE,))
    yield Section(sentences=(_legend(shown, voice), _EXAMPLE))
    for matrix in shown.matrices:
        who = [f"{number} {_who(column, matrix, voice)}" for number, column in enumerate(matrix.columns, 1)]
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
        "persons": lambda part: _held(part[2].column, voice),
        "statements": lambda part: part[2].statements,
        "subject_iri": lambda part: part[0].subject,
        "task_iri": lambda part: part[1].task,
        "organisation_iri": lambda part: part[2].column.organisation,
        "role_iri": lambda part: part[2].column.role,
    }


class Part(TypedDict):
    """A part that one can take in a task."""

    part: str  #: The part, as the IRI of a concept.
    #: R performs, A accountable, V assures, S approves, C consulted, I informed; an organisation may add others.
    letter: str


class RoleColumn(TypedDict):
    """A role that takes part."""

    organisation: str  #: Whose role it is, as an IRI.
    role: str | None  #: A role of annex 4, as an IRI; null for the organisation itself.
    persons: list[str]  #: Who holds it, as IRIs.
    #: Whether a register of roles is kept; where it is not, no persons means that it is not recorded, not that it is nobody.
    rolesKept: bool


class TakenPart(Part, RoleColumn):
    """One part that one role takes in a task."""

    statements: list[str]  #: The guide's statements that say so.


class Task(TypedDict):
    """A task."""

    task: str  #: The task, as an IRI.
    cells: list[TakenPart]  #: Who takes which part, in the order of the letters.


class SubjectMatrix(TypedDict):
    """A matrix."""

    subject: str  #: The agreement, or the organisation that outsources, as an IRI.
    customers: list[str]  #: The customer of the agreement; empty for an organisation.
    suppliers: list[str]  #: Its supplier; empty for an organisation.
    columns: list[RoleColumn]  #: The roles that take part: the customer's first.
    rows: list[Task]  #: The tasks, in the order of the guide's phases.


class Document(NamedRead):
    """What `graphsc raci --format json` writes."""

    schema: Literal["graphsc.raci/1"]  #: The name and version of this contract.
    asOf: date  #: The day that the matrices are true of.
    parts: list[Part]  #: The parts that one can take in a task, in order.
    matrices: list[SubjectMatrix]  #: First those of organisations, then those of agreements, by name.


def _json(shown: Matrices) -> str:
    contents: Document = {
        "schema": "graphsc.raci/1",
        "asOf": shown.as_of,
        **read(shown.inputs, shown.problems),
        "parts": [{"part": involvement.iri, "letter": involvement.letter} for involvement in shown.involvements],
        "matrices": [
            from_attributes(SubjectMatrix, matrix, rows=[_row(row) for row in matrix.rows]) for matrix in shown.matrices
        ],
        "labels": names(shown.labels),
    }
    return written(contents)


def _row(row: Row) -> Task:
    return {
        "task": row.task,
        "cells": [
            {
                "letter": cell.involvement.letter,
                "part": cell.involvement.iri,
                **from_attributes(RoleColumn, cell.column),
                "statements": list(cell.statements),
            }
            for cell in row.cells
        ],
    }
