"""The pages of the forms: fill in, preview the lines, save, undo. Each form has a token against cross-site requests."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphsc.core.problems import reason_of
from graphsc.core.text import Text
from graphsc.duties.duties import Duty
from graphsc.validation.findings import Finding
from graphsc.web import choices
from graphsc.web.access.log import noted
from graphsc.web.answering import Page, written
from graphsc.web.desk import Desk
from graphsc.web.edit.committing import Committing
from graphsc.web.edit.forms import Form, by_hand, finding_of, of_finding, of_waiver
from graphsc.web.edit.inserting import CannotInsert
from graphsc.web.edit.writing import Writing
from graphsc.web.memo import waiting
from graphsc.web.pages import missing
from graphsc.web.visit import NoSuchPage, Visit, typed

_COOKIE = "graphsc-desk"
_FORM = "application/x-www-form-urlencoded"
_NOT_YOURS = Text(
    "Formularen er ikke fra denne side, eller den er for gammel.", "The form is not from this site, or too old."
)
Work = Callable[[Visit, Mapping[str, str]], Page]


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
        self._secure = secure
        self._secret = secrets.token_bytes(32)

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
            media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            try:
                body = (await request.body()).decode("utf-8")
                posted = typed(parse_qsl(body, True, max_num_fields=80, errors="strict")) if media == _FORM else {}
            except ValueError:
                posted = {}
            cookie = request.cookies.get(_COOKIE, "")
            same_site = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
            if not (cookie and same_site and hmac.compare_digest(posted.get("token", ""), self._token(cookie))):
                return await self._answer(request, _refused(_NOT_YOURS, 403), {})
            return await self._answer(request, work, posted)

        return endpoint

    async def _answer(self, request: Request, work: Work, posted: Mapping[str, str]) -> Response:
        visit = await self._visit(request)
        cookie = request.cookies.get(_COOKIE) or secrets.token_urlsafe(24)
        extra = {
            "token": self._token(cookie),
            "kind": request.path_params.get("kind", ""),
            "name_": request.path_params.get("name", ""),
            "posted": request.method == "POST",
        }

        @waiting()
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
        response.headers["cache-control"] = "no-store"
        response.set_cookie(_COOKIE, cookie, httponly=True, samesite="strict", secure=self._secure, path="/")
        return response

    def _token(self, cookie: str) -> str:
        return hmac.new(self._secret, cookie.encode(), hashlib.sha256).hexdigest()

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
        elif kind in {"finding", "waiver"} and finding is not None:
            make = of_finding if kind == "finding" else of_waiver
            form, title = make(state, finding, language), finding.message
        if form is None or about is None:
            raise NoSuchPage
        return form, title, about


def _refused(reason: Text, status: int) -> Work:
    """The page with the reason why nothing was written, with a way back to the filled form."""
    return lambda _visit, fields: Page(
        "refused.html", {"heading": None, "reason": reason, "note": None, "given": fields}, status=status
    )
