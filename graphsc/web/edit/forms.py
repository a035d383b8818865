"""The form of a finding or a duty: the placeholders of its rule's example as fields, with the type of their keys."""

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
    """A field: its name in the form, its label, its kind of input, and its choices.

    ``latest`` is the last allowed day of a date on which something existed or was done; ``hint`` is from the ontology,
    ``value`` is the initial one.
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
    """The entries to write, with the fields in them, numbered in order."""

    entries: tuple[Entry, ...]
    fields: tuple[Field, ...]

    def too_late(self, values: Mapping[str, str]) -> list[Text]:
        """The fields of things that were done with a day in the future."""
        return [
            field.label
            for field in self.fields
            if field.latest is not None and _entered(values, field) > field.latest.isoformat()
        ]

    def filled(self, values: Mapping[str, str]) -> tuple[tuple[Entry, ...], list[Text]]:
        """The entries with the values, quoted so that they can only be values; and the labels of fields without one."""
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
                tuple((key, tuple(_OPEN.sub(value, text) for text in texts)) for key, texts in entry.pairs),
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
    """The form that would close a finding; None where nothing that is written would."""
    rule = state.rules.get(finding.code)
    if rule is None:
        return None
    return _form(state, examples.together(examples.example(rule, finding, state.report.base, language)))


def finding_of(state: State, duty: Duty) -> Finding:
    """The finding that a duty is not met, or one like it."""
    finding = findings_index(state).first("fingerprint", duty.finding)
    nothing = Text("", "")
    return finding or Finding(duty.rule, Severity.INFO, nothing, nothing, duty.subject, duty.value, actor=duty.holder)


def of_waiver(state: State, finding: Finding, language: Language) -> Form | None:
    """The form that would waive a finding until a day."""
    return _form(state, examples.waiver(finding, state.report.base, language))


def by_hand(state: State, kind: str, about: Finding | Duty, language: Language) -> list[str]:
    """What to write by hand, by sheet and column, for a subject in a workbook, since workbooks are not written to."""
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
    """A new id, in the form of most ids of such things."""
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
    """Whether a property is the date from which a thing exists."""
    knowledge = state.opened.dataset.store
    return any(knowledge.quads_for_pattern(NamedNode(iri), NamedNode(G + "existsFrom"), None, None))


def _things(state: State, classes: set[str]) -> Options:
    """The things of some classes, by their ids."""
    result = set[str]().union(*(state.opened.dataset.subjects(RDF_TYPE, cls) for cls in classes))
    if not 0 < len(result) <= _MOST:
        return ()
    return tuple((iri.removeprefix(state.report.base), name) for iri, name in named(state, result))
