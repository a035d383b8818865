"""The form of a finding or a duty: what its rule's example leaves open, each as a field of the kind that its key takes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from pyoxigraph import NamedNode

from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import RDF_TYPE, XSD_DATE, G
from graphsc.duties.duties import Duty
from graphsc.sources.terms import Property, load, normal
from graphsc.validation import examples
from graphsc.validation.examples import Entry, rows, scalar
from graphsc.validation.findings import Finding, Severity
from graphsc.web.choices import Options, findings_index, named
from graphsc.web.desk import State

_OPEN = re.compile(r"<[\w .,|/-]+>")
_KEY_BEFORE = re.compile(r"([^\W\d][\w ]*): \[?$")
_MOST = 500
_LONGEST = 2000
_NEW_ID = Text("Id", "Id")
_SUGGESTED = Text(
    "Det, der bliver skrevet, kaldes sådan i filen. Skriv et andet, hvis I navngiver anderledes.",
    "What will be written is called so in the file. Write another if you name things differently.",
)


@dataclass(frozen=True, slots=True)
class Field:
    """A value that only the writer knows: its name in the form, what it is, its kind of input, and its choices.

    ``latest`` is the last day that it may be, where the date says when something was there or was done; ``hint`` is what
    the model says of it, ``value`` what stands there at first.
    """

    name: str
    label: Text
    kind: str
    choices: Options = ()
    latest: date | None = None
    hint: Text | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What would be written, with the fields that are open in it, numbered as they come."""

    entries: tuple[Entry, ...]
    fields: tuple[Field, ...]

    def too_late(self, values: Mapping[str, str]) -> list[Text]:
        """The fields with a day that has not come yet, though they say what was done."""
        return [
            field.label
            for field in self.fields
            if field.latest is not None and _entered(values, field) > field.latest.isoformat()
        ]

    def filled(self, values: Mapping[str, str]) -> tuple[tuple[Entry, ...], list[Text]]:
        """The entries with the values, each written so that it can be nothing but a value; and the fields that lack one."""
        missing = [field.label for field in self.fields if not _entered(values, field)]
        number = 0

        def value(match: re.Match[str]) -> str:
            nonlocal number
            entered = _entered(values, self.fields[number])
            number += 1
            return scalar(entered) if entered else match[0]

        entries = tuple(
            Entry(
                entry.container,
                tuple((key, tuple(_OPEN.sub(value, text) for text in some)) for key, some in entry.pairs),
            )
            for entry in self.entries
        )
        return entries, missing


def _entered(values: Mapping[str, str], field: Field) -> str:
    text = values.get(field.name, "").strip()[:_LONGEST]
    if field.kind == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return ""
    return text


def of_finding(state: State, finding: Finding, language: Language) -> Form | None:
    """The form that would close a finding; None where nothing can be written that does."""
    rule = state.rules.get(finding.code)
    if rule is None:
        return None
    return _form(state, examples.together(examples.example(rule, finding, state.report.base, language)))


def of_duty(state: State, duty: Duty, language: Language) -> Form | None:
    """The form that would meet a duty."""
    return of_finding(state, finding_of(state, duty), language)


def finding_of(state: State, duty: Duty) -> Finding:
    """The finding that a duty is not met, or what it would be."""
    finding = findings_index(state).first("fingerprint", duty.finding)
    nothing = Text("", "")
    return finding or Finding(duty.rule, Severity.INFO, nothing, nothing, duty.subject, duty.value, actor=duty.holder)


def of_waiver(state: State, finding: Finding, language: Language) -> Form | None:
    """The form that would accept a finding until a day."""
    return _form(state, examples.waiver(finding, state.report.base, language))


def by_hand(state: State, kind: str, about: Finding | Duty, language: Language) -> list[str]:
    """The same as lines of text by sheet and column, where what it is about stands in a workbook, which is not written to."""
    finding = about if isinstance(about, Finding) else finding_of(state, about)
    if kind == "waiver":
        fitting = rows.waiver(finding, state.report, language)
    else:
        fitting = rows.rows(state.rules[finding.code], finding, state.report, language)
    return list(rows.lines(rows.together(fitting), language))


def _form(state: State, entries: Sequence[Entry]) -> Form | None:
    if not entries:
        return None
    fields: list[Field] = []
    for entry in entries:
        for key, some in entry.pairs:
            for text in some:
                for match in _OPEN.finditer(text):
                    inner = _KEY_BEFORE.search(text[: match.start()])
                    fields.append(_field(state, len(fields), inner[1] if inner else key, match[0][1:-1], entry))
    return Form(tuple(entries), tuple(fields))


def _field(state: State, number: int, key: str, label: str, entry: Entry) -> Field:
    name = f"v{number}"
    if key == "id":
        return Field(name, _NEW_ID, "text", hint=_SUGGESTED, value=_fresh_id(state, entry.container))
    properties: Sequence[Property] = load(state.opened.additions.triples).keys.get(normal(key), ())
    called = properties[0].label if properties else Text.same(key)
    hint = properties[0].definition if len(properties) == 1 else None
    if any(item.range == XSD_DATE for item in properties):
        dates = any(_exists_from(state, item.iri) for item in properties)
        return Field(name, called, "date", latest=state.report.as_of if dates else None, hint=hint)
    if " | " in label:
        return Field(name, called, "choice", tuple((part, Text.same(part)) for part in label.split(" | ")), hint=hint)
    choices = _things(
        state, {item.range for item in properties if item.range} | {r for item in properties for r in item.ranges}
    )
    return Field(name, called, "choice" if choices else "text", choices, hint=hint)


def _fresh_id(state: State, container: str) -> str:
    """An id that nothing has, made as most ids of things of the sort are."""
    dataset, base = state.opened.dataset, state.report.base
    cls = load(state.opened.additions.triples).containers.get(normal(container))
    things = dataset.subjects(RDF_TYPE, cls.iri) if cls is not None else ()
    ids = sorted(iri.removeprefix(base) for iri in things)
    stems = Counter(id_.partition("/")[0] for id_ in ids if id_.count("/") == 1 and ":" not in id_)
    stem = stems.most_common(1)[0][0] if stems else normal(container).replace(" ", "-")
    taken = (NamedNode(f"{base}{stem}/{number}") for number in count(1))
    fresh = next(node for node in taken if not any(dataset.store.quads_for_pattern(node, None, None, None)))
    return fresh.value.removeprefix(base)


def _exists_from(state: State, iri: str) -> bool:
    """Whether a property dates the thing itself, so that a day to come says that it is not there yet."""
    knowledge = state.opened.dataset.knowledge
    return any(knowledge.quads_for_pattern(NamedNode(iri), NamedNode(G + "existsFrom"), None, None))


def _things(state: State, classes: set[str]) -> Options:
    """The things of some classes, by the ids that data name them by."""
    result = set[str]().union(*(state.opened.dataset.subjects(RDF_TYPE, cls) for cls in classes))
    if not 0 < len(result) <= _MOST:
        return ()
    return tuple((iri.removeprefix(state.report.base), name) for iri, name in named(state, result))
