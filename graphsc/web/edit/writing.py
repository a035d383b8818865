"""Writing into the served files: previewed, atomic, and never over another change."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from graphsc.core.locking import locked
from graphsc.core.text import Language, Text
from graphsc.core.writing import lies_in, write_whole
from graphsc.duties.duties import Duty
from graphsc.duties.duties import State as DutyState
from graphsc.rendering.duties.calendar import uid
from graphsc.service.opened import work_out
from graphsc.sources.files import File, find
from graphsc.sources.reader import content_of, read_some
from graphsc.sources.terms import load, normal
from graphsc.validation.examples import Entry
from graphsc.validation.findings import Finding
from graphsc.web.desk import Desk, State, judged
from graphsc.web.edit.committing import Committing
from graphsc.web.edit.inserting import CannotInsert, inserted
from graphsc.web.watching import Stamp
from graphsc.whatif.model import compared_findings

_YAML = {".yaml", ".yml"}
_KEPT = 50
_TOP = re.compile(r"^([^\s#\-:][^:\n]*):([^\n#]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Preview:
    """A change before it is written: the file with the digest of its present bytes and its new content, the lines, and the effect.

    ``still`` says that the finding or duty of the form would remain; None where it would not.
    """

    file: str
    digest: str
    content: bytes
    lines: tuple[str, ...]
    closed: tuple[Finding, ...]
    opened: tuple[Finding, ...]
    problems: tuple[Text, ...]
    still: Text | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A written change, which can be undone while the file is unchanged since.

    ``number`` is random and unique, so that the address of an older page never means a newer change. ``title`` is that of its
    form, ``writer`` the reader who signed in; ``note`` is the reason why a commit failed.
    """

    number: int
    path: Path
    before: bytes
    after: str
    preview: Preview
    title: Text
    writer: str | None
    when: datetime
    note: Text | None = None

    def stands(self) -> bool:
        """Whether the file is unchanged since."""
        try:
            return digest(self.path.read_bytes()) == self.after
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class _Trial:
    """A state computed for a file with other content: for which state, and at which stamp."""

    beside: int
    file: str
    content: str
    state: State
    stamp: Stamp


def digest(content: bytes) -> str:
    """The digest of a file's content."""
    return hashlib.sha256(content).hexdigest()


class Writing:
    """Writes into the files of a desk, and keeps the changes."""

    def __init__(self, desk: Desk, committing: Committing | None = None) -> None:
        self._desk, self._committing = desk, committing
        self._trial: _Trial | None = None
        self._past: tuple[int, int, State] | None = (
            None  # the numbers of the latest change and its state, the state before
        )
        self.done: dict[int, Written] = {}

    def files(self) -> list[File]:
        """The served YAML files that may be written to, by name; none that a link in a folder leads out to."""
        settings = self._desk.state.opened.settings
        files, _, _ = find(self._desk.paths, settings.ignore_files)
        return [
            file
            for file in files
            if file.suffix in _YAML
            and file.path.is_file()
            and os.access(file.path, os.W_OK)
            and lies_in(file.path, self._desk.paths)
        ]

    def language(self, subject: str | None, default: Language) -> Language:
        """The language of most keys of the file of a subject, or else of all files."""
        words = {
            tag: {normal(word) for c in load().classes.values() for word, t in c.containers if t == tag}
            for tag in Language
        }
        place = self._desk.state.opened.sources.locate(subject) if subject else None
        files = self.files()
        its = [file for file in files if place is not None and file.name == place.file]
        keys = [normal(key) for file in its or files for key in _top(file)]
        counts = {tag: sum(1 for key in keys if key in words[tag]) for tag in Language}
        return max(Language, key=lambda tag: (counts[tag], tag is default))

    def candidates(self, subject: str, entries: Iterable[Entry]) -> list[File]:
        """The files that entries may be written to, the likeliest first: the one of the subject, or of similar things."""
        base = self._desk.state.report.base
        place = self._desk.state.opened.sources.locate(subject)
        containers = {entry.container for entry in entries}
        result: list[tuple[bool, bool, str, File]] = []
        for file in self.files():
            keys = _top(file)
            if keys.get("base", base) != base:
                continue
            holds_subject = place is not None and place.file == file.name
            result.append((not holds_subject, not containers & keys.keys(), file.name, file))
        return [file for *_, file in sorted(result, key=lambda item: item[:3])]

    def preview(self, name: str, entries: Sequence[Entry], about: Finding | Duty) -> Preview:
        """The preview of writing entries into a file, with the effect on a finding or duty and on all others. Raises CannotInsert."""
        file = self._file(name)
        before = _bytes(file)
        try:
            text = before.decode("utf-8")
        except UnicodeDecodeError:
            raise CannotInsert(Text("Filen er ikke UTF-8.", "The file is not UTF-8.")) from None
        new = text
        for entry in entries:
            new = inserted(new, entry)
        content = new.encode("utf-8")
        closed, opened, problems, still = self._effect(file, content, about)
        lines = difflib.unified_diff(text.splitlines(), new.splitlines(), name, name, n=3, lineterm="")
        return Preview(name, digest(before), content, tuple(lines)[2:], closed, opened, problems, still)

    def save(
        self, name: str, entries: Sequence[Entry], about: Finding | Duty, was: str, *, title: Text, writer: str | None
    ) -> Written:
        """Write entries into a file whose digest still is ``was``. Raises CannotInsert, and OSError where it cannot be written."""
        shown = self.preview(name, entries, about)
        if shown.problems:
            raise CannotInsert(shown.problems[0])
        if shown.digest != was:
            raise CannotInsert(_CHANGED)
        file = self._file(name)
        trial, number = self._trial, secrets.randbits(52)
        before, note = self._replace(file.path, was, shown.content, title.en, writer)
        self.done[number] = Written(
            number, file.path, before, digest(shown.content), shown, title, writer, datetime.now(UTC), note
        )
        while len(self.done) > _KEPT:
            del self.done[next(iter(self.done))]
        if trial is not None and (trial.beside, trial.content) == (self._desk.state.number, digest(shown.content)):
            past = self._desk.state
            self._desk.adopt(trial.state, trial.stamp, file.path, shown.content)
            self._past = (number, self._desk.state.number, past)
        else:
            self._desk.reload()
        self._trial = None
        return self.done[number]

    def _replace(
        self, path: Path, was: str, content: bytes, title: str, writer: str | None
    ) -> tuple[bytes, Text | None]:
        """Write over a file whose digest still is ``was``, and commit it if commits are made: one step for all desks.

        Gives the content before, and the reason why the commit failed. Raises CannotInsert and OSError.
        """
        with locked(path.resolve().parent):
            before = path.read_bytes()
            if digest(before) != was:
                raise CannotInsert(_CHANGED)
            clean = self._committing is not None and self._committing.clean(path)
            write_whole(path, content, rewriting=True)
            return before, None if self._committing is None else self._committing.commit(path, clean, title, writer)

    def undo(self, number: int, writer: str | None = None) -> tuple[Written, Text | None]:
        """Undo a change, if the file is unchanged since. Raises CannotInsert, KeyError and OSError."""
        written = self.done[number]
        path = self._file(written.preview.file).path
        past, taken = self._past, self._desk.now()
        _, note = self._replace(path, written.after, written.before, f"Undo: {written.title.en}", writer)
        del self.done[number]
        if past is not None and past[:2] == (number, self._desk.state.number):
            self._desk.adopt(past[2], taken, written.path, written.before)
        else:
            self._desk.reload()
        self._past = None
        return written, note

    def _file(self, name: str) -> File:
        file = next((item for item in self.files() if item.name == name), None)
        if file is None:
            raise CannotInsert(Text(f"{name} kan ikke skrives her.", f"{name} cannot be written here."))
        return file

    def _effect(
        self, changed: File, content: bytes, about: Finding | Duty
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Text, ...], Text | None]:
        """The findings that a change closes and opens, its problems of reading, and whether its finding or duty remains."""
        state: State = self._desk.state
        state_after = self._state_with(state, changed, content)
        changes = compared_findings(state.report, state_after.report)
        if isinstance(about, Finding):
            counted = (finding.fingerprint for finding in state_after.report.findings if finding.counts)
            still = _REMAINS if about.fingerprint in counted else None
        else:
            still = _owed(about, state_after.duties)
        messages_before = {problem.message for problem in state.report.problems}
        return (
            changes.gone,
            changes.new,
            tuple(item.message for item in state_after.report.problems if item.message not in messages_before),
            still,
        )

    def _state_with(self, state: State, changed: File, content: bytes) -> State:
        """The state with other content of a file; the latest is kept, since a preview is mostly saved."""
        trial, key = self._trial, (state.number, changed.name, digest(content))
        if trial is not None and (trial.beside, trial.file, trial.content) == key:
            return trial.state
        opened, taken = state.opened, self._desk.now()
        files, missing, _ = find(self._desk.paths, opened.settings.ignore_files)
        contents = [(file, content if file.name == changed.name else content_of(file)) for file in files]
        readable = [(file, bytes_) for file, bytes_ in contents if isinstance(bytes_, bytes)]
        sources = read_some(readable, base=opened.settings.base, additions=opened.additions.triples)
        problems = [*self._desk.configured()[1], *opened.additions.problems]
        new = judged(work_out(sources, opened.settings, opened.additions, problems), state.number + 1)
        whole = not missing and len(readable) == len(contents)
        self._trial = _Trial(*key, new, taken) if whole else None
        return new


def _owed(before: Duty, after: Iterable[Duty]) -> Text | None:
    """A text that a duty is still unmet, if it is."""
    for duty in after:
        if uid(duty) == uid(before) and duty.state in {DutyState.OVERDUE, DutyState.OPEN}:
            when = (f", frist {duty.due}", f", due {duty.due}") if duty.due else ("", "")
            if duty.state is DutyState.OVERDUE:
                return Text(f"Pligten er stadig forfalden{when[0]}.", f"The duty is still overdue{when[1]}.")
            return Text(f"Pligten er stadig ikke opfyldt{when[0]}.", f"The duty is still open{when[1]}.")
    return None


_REMAINS = Text(
    "Fundet består: det, der bliver skrevet, lukker det ikke.",
    "The finding remains: what will be written does not close it.",
)
_CHANGED = Text(
    "Filen er ændret imens. Intet er skrevet; se på den igen.",
    "The file has changed meanwhile. Nothing was written; look at it again.",
)


def _bytes(file: File) -> bytes:
    content = content_of(file)
    if isinstance(content, bytes):
        return content
    raise CannotInsert(content.message)


def _top(file: File) -> Mapping[str, str]:
    """The top-level keys of a file with the rest of their lines, without parsing, since every file is read."""
    try:
        about = file.path.stat()
        return _top_of(file.path, about.st_size, about.st_mtime_ns, about.st_ino)
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=1000)
def _top_of(path: Path, *_stamp: int) -> Mapping[str, str]:
    """The same of a file as it is at a stamp."""
    text = path.read_text(encoding="utf-8-sig")
    return {match[1].strip(): match[2].strip() for match in _TOP.finditer(text)}
