"""The forms and their pages: fill in, preview the lines, save, undo. Each form has a token against cross-site requests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphsc.core.problems import reason_of
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import RDF_TYPE, XSD_DATE, G
from graphsc.duties.duties import Duty
from graphsc.sources.terms import Property, load, normal
from graphsc.validation import examples
from graphsc.validation.examples import Entry, rows, scalar
from graphsc.validation.examples.graphs import REPLIES
from graphsc.validation.findings import Finding, Severity
from graphsc.web import choices
from graphsc.web.access import noted
from graphsc.web.answering import Page, written
from graphsc.web.choices import Options, findings_index, named
from graphsc.web.desk import Desk, State
from graphsc.web.edit.writing import CannotInsert, Committing, Writing
from graphsc.web.pages import missing
from graphsc.web.tokens import Tokens
from graphsc.web.visit import NoSuchPage, Visit
from graphsc.web.words import WORDS

_OPEN = re.compile(r"<[\w .,|/-]+>")
_KEY_BEFORE = re.compile(r"([^\W\d][\w ]*): \[?$")
_MOST = 500
_LONGEST = 2000
_NEW_ID = Text("Id", "Id")
_SUGGESTED = Text(
    "Det, der bliver skrevet, kaldes sådan i filen. Skriv et andet, hvis I navngiver anderledes.",
    "What will be written is called so in the file. Write another if you name things differently.",
)
_COOKIE = "graphsc-desk"
_NOT_YOURS = WORDS["not_yours"]
Work = Callable[[Visit, Mapping[str, str]], Page]


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
    return finding or Finding(duty.rule, Severity.NOTE, nothing, nothing, duty.subject, duty.value, actor=duty.holder)


def of_reply(state: State, kind: str, finding: Finding, language: Language) -> Form | None:
    """The form that would answer a finding, or waive it until a day."""
    rule = state.rules[finding.code]
    if kind != "waiver" and not (rule.asks and finding.severity is Severity.QUESTION):
        return None
    return _form(state, examples.reply(kind, rule, finding, state.report.base, language))


def by_hand(state: State, kind: str, about: Finding | Duty, language: Language) -> list[str]:
    """What to write by hand, by sheet and column, for a subject in a workbook, since workbooks are not written to."""
    finding = about if isinstance(about, Finding) else finding_of(state, about)
    if kind in REPLIES:
        fitting = rows.reply(kind, state.rules[finding.code], finding, state.report, language)
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


class Editing:
    """The endpoints of the forms over a desk; ``visit`` gives the reader, ``secure`` is for requests over TLS.

    With ``committing`` each change is committed.
    """

    def __init__(
        self,
        desk: Desk,
        visit: Callable[[Request], Awaitable[Visit]],
        *,
        secure: bool,
        committing: Committing | None = None,
    ) -> None:
        self._writing, self._visit = Writing(desk, committing), visit
        self._tokens = Tokens(_COOKIE, secure=secure)

    def routes(self) -> list[Route]:
        """The routes of the forms."""
        return [
            Route("/edit/done", self._got(self._changes)),
            Route("/edit/done/{number:int}", self._got(self._done)),
            Route("/edit/undo/{number:int}", self._posted(self._undo), methods=["POST"]),
            Route("/edit/{kind}/{name}", self._got(self._form), methods=["GET"]),
            Route("/edit/{kind}/{name}", self._posted(self._filled), methods=["POST"]),
        ]

    def _got(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await self._answer(request, work, {})

        return endpoint

    def _posted(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            fields = await self._tokens.posted(request)
            if fields is None:
                return await self._answer(request, _refused(_NOT_YOURS, 403), {})
            return await self._answer(request, work, fields)

        return endpoint

    async def _answer(self, request: Request, work: Work, posted: Mapping[str, str]) -> Response:
        visit = await self._visit(request)
        cookie = self._tokens.cookie(request)
        extra = {
            "token": self._tokens.of(cookie),
            "kind": request.path_params.get("kind", ""),
            "name_": request.path_params.get("name", ""),
            "posted": request.method == "POST",
        }

        def make() -> Response:
            try:
                fields = {**posted, **{key: str(value) for key, value in request.path_params.items()}}
                page = work(visit, fields) if visit.editing else missing(visit)
            except NoSuchPage:
                page = missing(visit)
            except CannotInsert as error:
                page = _refused(error.reason, 409)(visit, posted)
            except OSError as error:
                reason = reason_of(error)
                page = _refused(
                    Text(f"Filen kan ikke skrives: {reason.da}", f"The file cannot be written: {reason.en}"), 507
                )(visit, posted)
            if page.whole is not None:
                return RedirectResponse(page.whole, 303)
            page = Page(page.template, {**page.context, **extra}, status=page.status)
            return written(page, visit, "html").response()

        response = await run_in_threadpool(make)
        self._tokens.give(response, cookie)
        return response

    def _form(self, visit: Visit, fields: Mapping[str, str]) -> Page:
        form, title, about = self._of(visit, fields["kind"], fields["name"])
        return Page("edit.html", self._context(visit, form, title, about, fields))

    def _context(
        self, visit: Visit, form: Form, title: Text, about: Finding | Duty, fields: Mapping[str, str]
    ) -> dict[str, Any]:
        return {
            "form": form,
            "title": title,
            "subject": about.subject,
            "files": [file.name for file in self._writing.candidates(about.subject, form.entries)],
            "by_hand": by_hand(visit.state, fields["kind"], about, visit.language),
            "given": fields,
            "missing": [],
            "late": [],
        }

    def _filled(self, visit: Visit, fields: Mapping[str, str]) -> Page:
        form, title, about = self._of(visit, fields["kind"], fields["name"])
        entries, lacking = form.filled(fields)
        late = form.too_late(fields)
        context = self._context(visit, form, title, about, fields)
        name = fields.get("file", "")
        if lacking or late or name not in context["files"]:
            return Page("edit.html", {**context, "missing": lacking, "late": late}, status=422)
        if fields.get("do") == "save":
            done = self._writing.save(
                name, entries, about, fields.get("was", ""), title=title, writer=visit.reader.name
            )
            noted("write", visit.reader.name, file=name, title=title.en, lines=done.preview.lines)
            return Page(whole=visit.addresses.page(f"edit/done/{done.number}"))
        return Page("preview.html", {**context, "preview": self._writing.preview(name, entries, about)})

    def _changes(self, visit: Visit, fields: Mapping[str, str]) -> Page:  # noqa: ARG002
        """The changes written by forms, the latest first."""
        return Page(
            "changes.html", {"changes": [(done, done.stands()) for done in reversed(self._writing.done.values())]}
        )

    def _done(self, visit: Visit, fields: Mapping[str, str]) -> Page:
        done = self._writing.done.get(int(fields["number"])) if visit.editing else None
        if done is None:
            raise NoSuchPage
        return Page("done.html", {"done": done, "preview": done.preview})

    def _undo(self, visit: Visit, fields: Mapping[str, str]) -> Page:
        try:
            undone, note = self._writing.undo(int(fields["number"]), visit.reader.name)
        except KeyError:
            raise NoSuchPage from None
        noted("undo", visit.reader.name, file=undone.preview.file, title=undone.title.en, lines=undone.preview.lines)
        taken_back = Text("Det er taget tilbage.", "It was taken back.")
        return Page("refused.html", {"heading": undone.title, "reason": taken_back, "note": note, "given": {}})

    def _of(self, visit: Visit, kind: str, name: str) -> tuple[Form, Text, Finding | Duty]:
        """The form at an address, its title, and its finding or duty. Raises NoSuchPage."""
        state = visit.state
        finding = choices.findings_index(state).first("fingerprint", name)
        duty = choices.duties_index(state).first("key", name) if kind == "duty" else None
        form, about = None, duty or finding
        language = self._writing.language(about.subject if about is not None else None, visit.language)
        if kind == "duty" and duty is not None:
            form, title = of_finding(state, finding_of(state, duty), language), state.name(duty.kind)
        elif finding is not None and (kind == "finding" or kind in REPLIES):
            made = (
                of_finding(state, finding, language) if kind == "finding" else of_reply(state, kind, finding, language)
            )
            form, title = made, finding.message
        if form is None or about is None:
            raise NoSuchPage
        return form, title, about


def _refused(reason: Text, status: int) -> Work:
    """The page with the reason why nothing was written, with a way back to the filled form."""
    return lambda _visit, fields: Page(
        "refused.html", {"heading": None, "reason": reason, "note": None, "given": fields}, status=status
    )
