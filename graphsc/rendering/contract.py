"""The common parts of the JSON documents: texts, places, inputs and problems, and their serialisation.

Every JSON document is a `TypedDict` whose name ends in ``Document``, in the module that writes it: the writer fills it, and
``docs/generate.py`` makes the JSON Schema in ``docs/schemas/`` from it. Its parts are dataclasses of the product where the
document holds all their fields, and otherwise a `TypedDict` of their own. Fields may be added to a document, never changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from typing_extensions import TypedDict, is_typeddict

from graphsc.core import escape
from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.duties.duties import State
from graphsc.duties.facts import Evidence
from graphsc.sources.model import Source
from graphsc.validation.findings import Actor, Finding, Input, Severity

if TYPE_CHECKING:
    from graphsc.whatif.model import Duties

Record = TypeVar("Record")
_CAPITAL = re.compile("[A-Z]")
_DIGITS = 12
_hints = cache(get_type_hints)


class LinePlace(TypedDict):
    """A place in a text file, counted from 1."""

    file: str  #: As the user named it, with / between the parts.
    line: int | None  #: The line; null where only the file is known.
    column: int | None  #: The column.


class CellPlace(TypedDict):
    """A cell of a workbook."""

    file: str  #: As the user named it, with / between the parts.
    sheet: str | None  #: The sheet.
    cell: str  #: The cell, such as F14.


Place = LinePlace | CellPlace


class Read(TypedDict):
    """What was read."""

    inputs: list[Input]  #: The files that were read, by name.
    partial: bool  #: Whether some input could not be read; what it would have said is then missing.
    problems: list[Problem]  #: What could not be read, by place.


class NamedRead(Read):
    """What was read, and what everything is called."""

    labels: dict[str, Text]  #: The name of every IRI that is mentioned.


class Recorded(TypedDict):
    """A record that counts towards a duty, and whose it is."""

    record: str  #: The record, as an IRI.
    date: date | None  #: Its day; null where none is recorded.
    until: date | None  #: The last day on which it holds; null where it holds for good.
    performers: list[str]  #: Who did it, as IRIs; empty where that is not recorded.
    person: str | None  #: Who holds the role, where the record is that someone does.


def written(contents: object) -> str:
    """Contents as JSON that is also safe in a page: dates in ISO 8601, dataclasses as objects of their fields."""
    return escape.json(json.dumps(contents, ensure_ascii=False, indent=2, default=_plain)) + "\n"


def _plain(value: object) -> object:
    """A value that JSON has no form of, as one that it has. Raises TypeError."""
    match value:
        case date():
            return value.isoformat()
        case Location():
            return _place(value)
        case frozenset():
            return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, attribute) for name, attribute in document_fields(type(value))}
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def rounded(value: Any) -> Any:
    """A figure, or all figures of a document, rounded to the digits that are no floating-point noise."""
    match value:
        case float():
            return round(value, _DIGITS)
        case dict():
            return {key: rounded(item) for key, item in value.items()}
        case list() | tuple():
            return [rounded(item) for item in value]
    return rounded(_plain(value)) if is_dataclass(value) else value


@cache
def document_fields(kind: type) -> list[tuple[str, str]]:
    """The fields of a dataclass, each with its name in documents and its name in code: passesTo, passes_to."""
    names = (field.name for field in fields(cast("Any", kind)))
    return [(re.sub("_(.)", lambda match: match[1].upper(), name), name) for name in names]


def names(labels: Mapping[str, Text]) -> dict[str, Text]:
    """The labels, in the order of their IRIs."""
    return dict(sorted(labels.items()))


def from_attributes(kind: type[Record], thing: object, **explicit: object) -> Record:
    """A `TypedDict` from an object: its fields are the ``explicit`` values, or else the attributes of the same names.

    The field ``passesTo`` is the attribute ``passes_to``. A field that is itself a `TypedDict`, or a list of them, is filled
    in the same way.
    """
    hints = _hints(cast("Any", kind))
    assert explicit.keys() <= hints.keys()
    record = {
        name: explicit[name]
        if name in explicit
        else _value(hint, getattr(thing, _CAPITAL.sub(r"_\g<0>", name).lower()))
        for name, hint in hints.items()
    }
    return cast("Record", record)


def document(kind: type[Record], shown: Any, *, head: int = 2, **explicit: object) -> Record:
    """A result as a document: the ``explicit`` fields, and all others from the attributes of the result.

    The first ``head`` fields of the document's own come before what was read, the others after it, and the labels last.
    """
    (schema,) = get_args(_hints(cast("Any", kind))["schema"])
    fields = cast(
        "dict[str, object]", from_attributes(kind, shown, schema=schema, labels=names(shown.labels), **explicit)
    )
    own = [name for name in fields if name not in NamedRead.__annotations__]
    order = [*own[:head], *Read.__annotations__, *own[head:], "labels"]
    return cast("Record", {name: fields[name] for name in order})


def _value(hint: Any, value: Any) -> object:
    if get_origin(hint) is list:
        return [_value(get_args(hint)[0], item) for item in value]
    if get_origin(hint) is UnionType and value is not None:
        return _value(get_args(hint)[0], value)
    return from_attributes(hint, value) if is_typeddict(hint) else value


def recorded(evidence: Evidence) -> Recorded:
    """A record of evidence with its day and performers."""
    return from_attributes(Recorded, evidence, record=evidence.iri, date=evidence.day)


def _place(location: Location) -> Place:
    """A location in documents: line and column, or sheet and cell."""
    if location.cell is not None:
        return {"file": location.file, "sheet": location.sheet, "cell": location.cell}
    return {"file": location.file, "line": location.line, "column": location.column}


def read(inputs: Iterable[Input | Source], problems: Sequence[Problem]) -> Read:
    """The files that were read, whether the input is incomplete, and the problems."""
    return {
        "inputs": [Input(source.file, source.sha256) for source in inputs],
        "partial": bool(problems),
        "problems": list(problems),
    }


class Levels(TypedDict):
    """How many findings of each severity count."""

    violation: int  #: Violations.
    warning: int  #: Warnings.
    info: int  #: Notes.


class BriefFinding(TypedDict):
    """A finding, in short."""

    code: str  #: The code of the rule.
    severity: Severity  #: How grave it is.
    message: Text  #: What is wrong.
    remedy: Text  #: What would put it right.
    subject: str  #: What it is about, as an IRI.
    value: str | None  #: Which of several.
    location: Location | None  #: Where the subject is written; null for what is derived.
    statements: list[str]  #: Ids of the guide's statements.
    actor: Actor  #: Who should act.
    fingerprint: str  #: A name that survives edits elsewhere in the file.


class BriefDuty(TypedDict):
    """A duty, in short."""

    rule: str  #: The code of the rule.
    kind: str  #: The kind of evidence owed, as an IRI.
    subject: str  #: What it is about, as an IRI.
    value: str | None  #: Which of several.
    holder: Actor  #: Who owes it.
    state: State  #: How it stands.
    due: date | None  #: By when; null where no day is given.


class ChangedDuty(TypedDict):
    """A duty that is in another state or has another holder."""

    before: BriefDuty  #: As it was.
    after: BriefDuty  #: As it is.


class DutyChanges(TypedDict):
    """The duties of all parties."""

    before: dict[State, int]  #: How many are in each state, before.
    after: dict[State, int]  #: And after.
    new: list[BriefDuty]  #: Duties that come, most pressing first.
    gone: list[BriefDuty]  #: Duties that fall away.
    changed: list[ChangedDuty]  #: Duties that are in another state or have another holder.


def levels(counts: Mapping[Severity, int]) -> Levels:
    """How many findings of each severity."""
    return {"violation": counts[Severity.VIOLATION], "warning": counts[Severity.WARNING], "info": counts[Severity.INFO]}


def brief_finding(finding: Finding) -> BriefFinding:
    """A finding, in short."""
    return from_attributes(BriefFinding, finding, statements=sorted(set(finding.statements)))


def duty_changes(duties: Duties) -> DutyChanges:
    """The changes of duties."""
    return from_attributes(
        DutyChanges,
        duties,
        before={state: duties.before[state] for state in State},
        after={state: duties.after[state] for state in State},
        changed=[
            {"before": from_attributes(BriefDuty, old), "after": from_attributes(BriefDuty, new)}
            for old, new in duties.changed
        ],
    )
