"""Who is responsible: gaps, handovers and matrices for a terminal, as Markdown, CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from graphsc.core.document import Columns, Section, Words, table
from graphsc.core.text import Language, Text, capital
from graphsc.duties import words
from graphsc.duties.duties import State
from graphsc.duties.gaps import UNFILLED, Gap, LeftDuty, LeftRole
from graphsc.duties.results import Cell, Column, Gaps, Handover, Matrices, Matrix, Row
from graphsc.duties.words import Voice
from graphsc.rendering import sections
from graphsc.rendering.contract import document
from graphsc.validation import wording

FORMATS = ("text", "json", "csv", "markdown")
_TASK = Text("Opgave", "Task")
_GUIDE = Text("Vejledning", "Guide")
_EXAMPLE = Text(
    "Opgaver og roller er dem i vejledningens bilag 4, som er et eksempel (B4-00), og hvad kæden selv viser.",
    "The tasks and roles are those of annex 4 of the guide, which is an example (B4-00), and what the chain itself shows.",
)
_NO_AGREEMENTS = Text("Ingen løbende aftaler.", "No agreements under way.")
_NO_GAPS = Text("Ingen huller i ansvaret", "No gaps in responsibility")
_NO_RECORDED_GAPS = Text(
    "Ingen huller i det ansvar, der er registreret", "No gaps in the responsibility that is recorded"
)
_MOST = 5
_PRESSING = {State.OVERDUE, State.OPEN, State.WAIVED}


def render_matrices(shown: Matrices, form: str, *, language: Language) -> str:
    """Render the matrices in one of ``FORMATS``."""
    voice = Voice(shown.labels, language)
    match form:
        case "json":
            return document("raci", shown)
        case "csv":
            parts = ((matrix, row, cell) for matrix in shown.matrices for row in matrix.rows for cell in row.cells)
            return sections.csv(_matrix_columns(voice), parts)
    title = Text(f"Hvem gør hvad pr. {shown.as_of}", f"Who does what as of {shown.as_of}")
    warning = words.partial(len(shown.problems), language)
    return sections.page(form, title, _of_matrices(shown, voice), language, warning=warning)


def _matrix_title(matrix: Matrix, voice: Voice) -> str:
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


def _of_matrices(shown: Matrices, voice: Voice) -> Iterator[Section]:
    """A table of letters for each matrix, with its numbered columns explained above it."""
    if not shown.matrices:
        yield Section(sentences=(_NO_AGREEMENTS,))
    yield Section(sentences=(_legend(shown, voice), _EXAMPLE))
    for matrix in shown.matrices:
        who = [f"{number} {_heading(column, matrix, voice)}" for number, column in enumerate(matrix.columns, 1)]
        columns: Columns[Row] = {
            _TASK: lambda row: voice.name(row.task),
            **{str(number): _letters(column) for number, column in enumerate(matrix.columns, 1)},
            _GUIDE: lambda row: ", ".join(row.statements),
        }
        yield Section(_matrix_title(matrix, voice), points=tuple(who), tables=(table(columns, matrix.rows),))


def _letters(column: Column) -> Callable[[Row], str]:
    return lambda row: row.letters(column) or "·"


def _matrix_columns(voice: Voice) -> sections.CsvColumns[tuple[Matrix, Row, Cell]]:
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


def render_gaps(shown: Gaps, form: str, *, language: Language) -> str:
    """Render the gaps in one of ``FORMATS``."""
    voice = Voice(shown.labels, language)
    match form:
        case "json":
            return document("gaps", shown)
        case "csv":
            return sections.csv(_gap_columns(voice), shown.gaps)
    warning = words.partial(len(shown.problems), language)
    return sections.page(form, _gaps_title(shown, language), _of_gaps(shown, voice), language, warning=warning)


def _by_kind(shown: Gaps) -> list[tuple[str, list[list[Gap]]]]:
    """The gaps by kind; the same unfilled role of several organisations, without findings, is one line."""
    kinds: dict[str, dict[object, list[Gap]]] = {}
    for gap in shown.gaps:
        key: object = gap
        if gap.kind == UNFILLED and not gap.rules and gap.last is None:
            key = gap.role
        kinds.setdefault(gap.kind, {}).setdefault(key, []).append(gap)
    return [(kind, list(lines.values())) for kind, lines in kinds.items()]


def _gaps_title(shown: Gaps, language: Language) -> str:
    many, day = len(shown.gaps), shown.as_of
    if not many:
        none = _NO_RECORDED_GAPS if shown.unrecorded else _NO_GAPS
        return f"{none[language]} · {Text(f'pr. {day}', f'as of {day}')[language]}"
    counted = Text.counted(many, Text("hul", "gap"), Text("huller", "gaps"))
    return Text(f"{counted.da} i ansvaret · pr. {day}", f"{counted.en} in responsibility · as of {day}")[language]


def _of_gaps(shown: Gaps, voice: Voice) -> Iterator[Section]:
    for kind, lines in _by_kind(shown):
        yield Section(capital(voice.name(kind)), points=tuple(_gap(together, voice) for together in lines))
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


def _gap(together: Sequence[Gap], voice: Voice) -> str:
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


def _gap_columns(voice: Voice) -> sections.CsvColumns[Gap]:
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


def render_handover(shown: Handover, form: str, *, language: Language) -> str:
    """Render the handover in one of ``FORMATS``."""
    voice = Voice(shown.labels, language)
    match form:
        case "json":
            return document("handover", shown)
        case "csv":
            return sections.csv(_handover_columns(voice), shown.left.duties)
    who = voice.name(shown.left.person)
    title = Text(f"Hvis {who} er væk fra {shown.on}", f"If {who} is gone from {shown.on}")
    warning = words.partial(len(shown.problems), language)
    return sections.page(form, title, _of_handover(shown, voice), language, warning=warning)


def _of_handover(shown: Handover, voice: Voice) -> Iterator[Section]:
    """The roles, then the duties that pass to nobody, then those that pass to others."""
    left = shown.left
    if not left.roles:
        unknown = Text(
            "Personen har ingen registreret rolle på den dag, så det er ukendt, hvilke pligter der følger med.",
            "The person has no recorded role on that day, so it is unknown which duties go with it.",
        )
        yield Section(sentences=(unknown,))
    yield Section(Text("Roller", "Roles"), points=tuple(_left_role(role, voice) for role in left.roles))
    yield _left(
        Text("Pligter, som ingen andre er registreret til", "Duties for which nobody else is recorded"),
        left.orphaned,
        voice,
    )
    passing = [duty for duty in left.duties if duty.passes_to is not None]
    yield _left(Text("Pligter i roller, som andre også har", "Duties of roles that others hold too"), passing, voice)


def _left(title: Text, duties: Sequence[LeftDuty], voice: Voice) -> Section:
    """The duties that are pressing or have a day; all others are counted."""
    shown = [left for left in duties if left.duty.state in _PRESSING or left.duty.due is not None]
    points: list[Words] = [_left_duty(left, voice) for left in shown]
    if rest := len(duties) - len(shown):
        points.append(
            Text(
                f"{rest} til er opfyldt eller ikke registreret og har ingen frist",
                f"{rest} more are met or not recorded and have no due date",
            )
        )
    return Section(f"{title[voice.language]}: {len(duties)}", points=tuple(points))


def _left_role(role: LeftRole, voice: Voice) -> str:
    language = voice.language
    at = f", {voice.name(role.organisation)}" if role.organisation else ""
    candidates = voice.names(role.candidates) or Text("ingen registreret", "nobody recorded")[language]
    same = Text(f"samme rolle har {candidates}", f"the same role is held by {candidates}")[language]
    if not role.orphaned:
        return f"{voice.name(role.role)}{at}: {Text('andre er på plads', 'others are in place')[language]} ({same})"
    things = voice.names(role.orphaned)
    return f"{voice.name(role.role)}{at}: {Text('ingen til', 'nobody for')[language]} {things} ({same})"


def _left_duty(left: LeftDuty, voice: Voice) -> str:
    duty = left.duty
    day = duty.due.isoformat() if duty.due else words.NO_DATE[voice.language]
    to = f" → {voice.name(left.passes_to)}" if left.passes_to else ""
    state = f" ({words.STATE[duty.state][voice.language]})" if duty.state in _PRESSING else ""
    return f"{day} {voice.what(duty)}{state} – {voice.name(duty.holder.role)}{to} [{duty.rule}]"


def _handover_columns(voice: Voice) -> sections.CsvColumns[LeftDuty]:
    return {
        "state": lambda left: words.STATE[left.duty.state][voice.language],
        "due": lambda left: left.duty.due,
        "rule": lambda left: left.duty.rule,
        "what": lambda left: voice.name(left.duty.kind),
        "subject": lambda left: voice.name(left.duty.subject),
        "organisation": lambda left: voice.name(left.duty.holder.organisation),
        "role": lambda left: voice.name(left.duty.holder.role),
        "passes_to": lambda left: voice.name(left.passes_to),
        "subject_iri": lambda left: left.duty.subject,
        "organisation_iri": lambda left: left.duty.holder.organisation,
        "role_iri": lambda left: left.duty.holder.role,
        "passes_to_iri": lambda left: left.passes_to,
    }
