"""Gaps in responsibility: for a terminal, as Markdown, as CSV and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graphsc.core.document import Section
from graphsc.core.text import Language, Text, capital
from graphsc.duties import words
from graphsc.duties.gaps import UNFILLED, Gap
from graphsc.duties.results import Gaps
from graphsc.duties.words import Voice
from graphsc.rendering import sections, spreadsheet
from graphsc.rendering.contract import NamedRead, document, written
from graphsc.validation import wording

FORMATS = ("text", "json", "csv", "markdown")
_NONE = Text("Ingen huller i ansvaret", "No gaps in responsibility")
_NONE_RECORDED = Text("Ingen huller i det ansvar, der er registreret", "No gaps in the responsibility that is recorded")
_MOST = 5


def render(shown: Gaps, form: str, *, language: Language) -> str:
    """Render the gaps in one of ``FORMATS``."""
    voice = Voice(shown.labels, language)
    match form:
        case "json":
            return _json(shown)
        case "csv":
            return spreadsheet.csv(_columns(voice), shown.gaps)
    warning = words.partial(len(shown.problems), language)
    return sections.page(form, _title(shown, language), _sections(shown, voice), language, warning=warning)


def _by_kind(shown: Gaps) -> list[tuple[str, list[list[Gap]]]]:
    """The gaps by kind; the same unfilled role of several organisations, without findings, is one line."""
    kinds: dict[str, dict[object, list[Gap]]] = {}
    for gap in shown.gaps:
        key: object = gap
        if gap.kind == UNFILLED and not gap.rules and gap.last is None:
            key = gap.role
        kinds.setdefault(gap.kind, {}).setdefault(key, []).append(gap)
    return [(kind, list(lines.values())) for kind, lines in kinds.items()]


def _title(shown: Gaps, language: Language) -> str:
    many, day = len(shown.gaps), shown.as_of
    if not many:
        none = _NONE_RECORDED if shown.unrecorded else _NONE
        return f"{none[language]} · {Text(f'pr. {day}', f'as of {day}')[language]}"
    counted = Text.counted(many, Text("hul", "gap"), Text("huller", "gaps"))
    return Text(f"{counted.da} i ansvaret · pr. {day}", f"{counted.en} in responsibility · as of {day}")[language]


def _sections(shown: Gaps, voice: Voice) -> Iterator[Section]:
    for kind, lines in _by_kind(shown):
        yield Section(capital(voice.name(kind)), points=tuple(_line(together, voice) for together in lines))
    if many := shown.unrecorded:
        yield Section(sentences=(_unrecorded(many),))


def _unrecorded(many: int) -> Text:
    """That the role holders of so many duties are not recorded."""
    owed = Text.counted(many, Text("pligt", "duty"), Text("pligter", "duties"))
    return Text(
        f"Ikke registreret: hvem der har rollen bag {owed.da}, for dér føres der ikke register over roller.",
        f"Not recorded: who holds the role behind {owed.en}, since no register of roles is kept there.",
    )


def _names(iris: Sequence[str], voice: Voice) -> str:
    return ", ".join(wording.some([voice.name(iri) for iri in iris], _MOST, voice.language))


def _line(together: Sequence[Gap], voice: Voice) -> str:
    """A gap, or several of the same role, as a line."""
    language, gap = voice.language, together[0]
    parts: list[str] = []
    if gap.organisation:
        parts.append(_names([item.organisation for item in together if item.organisation], voice))
    if gap.other:
        parts[-1] += f" / {voice.name(gap.other)}"
    if gap.person:
        parts.append(voice.name(gap.person))
    if gap.role:
        parts.append(voice.name(gap.role))
    head = ": ".join(parts)
    details = [_names(gap.subjects, voice)] if gap.subjects and len(together) == 1 else []
    owed = sum(item.duties for item in together)
    if owed:
        details.append(Text.counted(owed, Text("pligt", "duty"), Text("pligter", "duties"))[language])
    if gap.count is not None:
        details.insert(0, Text(f"{gap.count}, højst {gap.most}", f"{gap.count}, at most {gap.most}")[language])
    if gap.last is not None:
        who = voice.name(gap.last.person)
        details.append(Text(f"senest {who} til {gap.last.until}", f"last {who} until {gap.last.until}")[language])
    codes = f" [{', '.join(gap.rules)}]" if gap.rules else ""
    return " – ".join([part for part in (head, "; ".join(details)) if part]) + codes


def _columns(voice: Voice) -> spreadsheet.Columns[Gap]:
    return {
        "gap": lambda gap: voice.name(gap.kind),
        "organisation": lambda gap: voice.name(gap.organisation),
        "role": lambda gap: voice.name(gap.role),
        "person": lambda gap: voice.name(gap.person),
        "other": lambda gap: voice.name(gap.other),
        "subjects": lambda gap: voice.names(gap.subjects),
        "duties": lambda gap: gap.duties,
        "rules": lambda gap: gap.rules,
        "last": lambda gap: gap.last and voice.name(gap.last.person),
        "last_until": lambda gap: gap.last and gap.last.until,
        "count": lambda gap: gap.count,
        "most": lambda gap: gap.most,
        "gap_iri": lambda gap: gap.kind,
        "organisation_iri": lambda gap: gap.organisation,
        "role_iri": lambda gap: gap.role,
        "person_iri": lambda gap: gap.person,
        "subject_iris": lambda gap: gap.subjects,
    }


class LastHolder(TypedDict):
    """Who last held a role."""

    person: str  #: The person, as an IRI.
    until: date | None  #: The last day.


class Lack(TypedDict):
    """A gap."""

    kind: str  #: The kind of gap, as the IRI of a concept of the gap scheme.
    organisation: str | None  #: Where the gap is, as an IRI.
    role: str | None  #: The role that nobody fills, or that duties without a holder fall to.
    person: str | None  #: Who is on both sides or has too much.
    other: str | None  #: The organisation on the other side.
    subjects: list[str]  #: What it is about: agreements, records or roles.
    duties: int  #: How many duties it touches.
    rules: list[str]  #: The codes of the findings that say it too.
    last: LastHolder | None  #: Who last held an unfilled role.
    count: int | None  #: How much the person has.
    most: int | None  #: How much one person should have at the most.


class Document(NamedRead):
    """What `graphsc duties --gaps --format json` writes."""

    schema: Literal["graphsc.gaps/1"]  #: The name and version of this contract.
    asOf: date  #: The day that the gaps are true of.
    gaps: list[Lack]  #: By kind; those that a finding speaks of first.
    unrecorded: int  #: Duties of which it is not recorded who has the role: no register of roles is kept there.


def _json(shown: Gaps) -> str:
    return written(document(Document, shown))
