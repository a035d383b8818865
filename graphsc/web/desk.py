"""The served state: one validated reading of the input; and the desk that replaces it when a file is saved."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from graphsc.core.problems import Location, Problem, Unavailable, external_cause
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.coverage.checks import with_facts
from graphsc.duties.duties import Duty
from graphsc.duties.duties import duties as all_duties
from graphsc.graph.labels import Labels
from graphsc.graph.loading import depended_on
from graphsc.service import Opened, open_paths, validate
from graphsc.service.coverage import know_questions
from graphsc.service.lookup import UnknownNameError, find
from graphsc.service.report import scope
from graphsc.service.report.redaction import Redactor
from graphsc.service.report.scope import Scope
from graphsc.validation import Report, Rule, unknown_code
from graphsc.validation.findings import Finding
from graphsc.validation.rules import rules as catalogue

LOG = logging.getLogger("graphsc.serve")
R = TypeVar("R")
P = ParamSpec("P")
Configured = tuple[Settings, list[Problem]]
_BETWEEN = 20
"""The pause between checks of the files, as a multiple of the time that a check takes."""
Stamp = tuple[tuple[object, ...], ...]


class Memo:
    """Values by keys, each computed on first access; whoever else asks for one meanwhile waits until it is there."""

    def __init__(self) -> None:
        self._values: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, threading.Lock] = {}

    def __call__(self, key: Hashable, work: Callable[[], R]) -> R:
        """The value of a key. Raises the exceptions of the work, after which the next caller has it tried again."""
        with self._locks.setdefault(key, threading.Lock()):
            if key not in self._values:
                self._values[key] = work()
            value: R = self._values[key]
            return value


@dataclass(frozen=True, slots=True)
class State:
    """One validated reading of the input, from which every page is made until there is a newer one.

    ``number`` counts the readings of this process, ``memo`` caches values computed from this one. In a state for one
    party (``part``) all else is what that party may see. ``gone`` are files that earlier readings had.
    """

    number: int
    opened: Opened
    report: Report
    rules: Mapping[str, Rule]
    owed: Callable[[], Sequence[Duty]]
    labels: Labels
    read_at: datetime
    memo: Memo = field(default_factory=Memo)
    part: Part | None = None
    gone: tuple[str, ...] = ()

    @property
    def duties(self) -> Sequence[Duty]:
        """The duties, computed on first access."""
        return self.memo("duties", self.owed)

    @property
    def party(self) -> str | None:
        """The IRI of the party that it is for; None for the whole."""
        return self.part.party if self.part is not None else None

    def clean(self, value: R) -> R:
        """A value without names that the reader of this state may not see."""
        return value if self.part is None else self.part.cleaner.of(value)

    def name(self, iri: str) -> Text:
        """The name of a thing, the same as in findings."""
        return self.report.labels.get(iri) or self.labels[iri]


def per_state(work: Callable[Concatenate[State, P], R]) -> Callable[Concatenate[State, P], R]:
    """A function of a state, each value of which is computed once for each state."""

    @wraps(work)
    def kept(state: State, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return state.memo((work, *args, *kwargs.items()), lambda: work(state, *args, **kwargs))

    return kept


def read(paths: Sequence[Path], configured: Configured, number: int) -> State:
    """Read, derive and validate. Raises Unavailable and OSError where that is not possible."""
    settings, problems = configured
    opened = open_paths(paths, settings, problems)
    name = unknown_code(settings, catalogue(opened.dataset, settings.severity))
    if name is not None:  # with a misspelt ``select`` nothing would be judged
        raise Unavailable(Text(f"ukendt regel: {name}", f"unknown rule: {name}"))
    return judged(opened, number)


def judged(opened: Opened, number: int) -> State:
    """The state of an opened input."""
    report, rules = validate(opened)
    report = with_facts(opened.dataset, report)

    def owed() -> Sequence[Duty]:
        return all_duties(opened.dataset, opened.settings, report, rules)

    state = State(number, opened, report, rules, owed, Labels(opened.dataset), datetime.now(UTC))
    if opened.dataset.backend is not None:
        state.duties  # noqa: B018 - while the tables of a large graph exist
        opened.dataset.close_backend()  # pages read from the store; tables take memory
    know_questions(opened.dataset)  # at once: what a query counts must not depend on the pages computed so far
    return state


class Desk:
    """Holds the current state, and updates it.

    ``paths`` are served; ``configured`` gives the present settings and their problems. ``trouble`` are the problems of a newer
    reading, which does not replace a state without problems: the last good state is served, and every page says so.
    """

    def __init__(self, paths: Sequence[Path], configure: Callable[[], Configured]) -> None:
        self.paths, self.configured = tuple(paths), configure
        configured = configure()
        self._stamp: Stamp = stamp(self.paths, configured[0])
        self._loading = threading.Lock()
        self.state = read(self.paths, configured, 1)
        self.trouble: tuple[Problem, ...] = ()
        self.trouble_since: datetime | None = None
        self.swapped: list[Callable[[State], None]] = []

    def now(self) -> Stamp:
        """A stamp of the files and settings that a state depends on."""
        return stamp(self.paths, self.configured()[0])

    def changed(self) -> bool:
        """Whether something that the state depends on has changed since it was read."""
        return self.now() != self._stamp

    def reload(self) -> None:
        """Read again and replace the state; if only the new reading has problems, keep the state and note them as trouble."""
        with self._loading:
            self._read_again()

    def refresh(self) -> None:
        """Read again if something has changed."""
        with self._loading:
            if self.changed():
                self._read_again()

    def adopt(self, new: State, made_at: Stamp, path: Path, content: bytes) -> None:
        """Replace the state by one computed in advance, if since then only its file was written, with its content.

        ``made_at`` is the stamp at which the new state was computed. In all other cases everything is read again.
        """
        with self._loading:
            taken = self.now()
            others = [[row for row in rows if row[0] != str(path)] for rows in (taken, made_at)]
            if made_at == self._stamp and others[0] == others[1] and not self.trouble and path.read_bytes() == content:
                self._swap(replace(new, number=self.state.number + 1), taken)
            else:
                self._read_again()

    def _read_again(self) -> None:
        configured = self.configured()
        taken = stamp(self.paths, configured[0])
        try:
            new = read(self.paths, configured, self.state.number + 1)
            problems = new.report.problems
        except Exception as error:
            problems = (_unreadable(error),)
            new = None
        if new is None or (problems and not self.state.report.partial):
            self._stamp = taken
            self.trouble, self.trouble_since = problems, self.trouble_since or datetime.now(UTC)
            LOG.warning("kept the last good state: %s", problems[0].message.en)
            return
        self._swap(new, taken)

    def _swap(self, new: State, taken: Stamp) -> None:
        before, now = (frozenset(source.file for source in state.opened.sources.sources) for state in (self.state, new))
        new = replace(new, gone=tuple(sorted((before | set(self.state.gone)) - now)), read_at=datetime.now(UTC))
        self._stamp = taken
        self.state, self.trouble, self.trouble_since = new, (), None
        LOG.info("read again: state %d, %d findings", new.number, len(new.report.findings))
        for listener in self.swapped:
            listener(new)

    async def watch(self, every: float = 0.2) -> None:
        """Reload whenever something has changed and is stable again; until cancelled."""
        looked = 0.0
        while True:
            await asyncio.sleep(max(every, _BETWEEN * looked))
            begun = time.perf_counter()
            try:
                changed = await asyncio.to_thread(self.changed)
                looked = time.perf_counter() - begun
                if changed:
                    await asyncio.sleep(every / 2)  # a save in several steps is one save
                    await asyncio.to_thread(self.refresh)
            except Exception:
                LOG.exception("cannot look at the files")


def _unreadable(error: Exception) -> Problem:
    reason = external_cause(error)
    if reason is None:
        LOG.error("cannot read again", exc_info=error)
        reason = Text(f"Intern fejl: {type(error).__name__}", f"Internal error: {type(error).__name__}")
    return Problem("unreadable", reason, Location("–"))


def stamp(paths: Sequence[Path], settings: Settings) -> Stamp:
    """A stamp that differs when something that a reading depends on does: files, configuration, knowledge, evaluation date.

    It has the name, length, modification time and inode of each file, so that no file is read.
    """
    return ((settings.as_of.isoformat(),), *(_file_state(path) for path in depended_on(paths, settings)))


def _file_state(path: Path) -> tuple[object, ...]:
    try:
        about = path.stat()
    except (OSError, ValueError):
        return (str(path), None)
    return (str(path), about.st_size, about.st_mtime_ns, about.st_ino)


@dataclass(frozen=True, slots=True)
class Part:
    """The origin of a part: the whole state, the party (an IRI), its scope, and the redactor."""

    whole: State
    party: str
    seen: Scope
    cleaner: Redactor

    def findings(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings that the party may see, without names outside its part."""
        return self.cleaner.of(tuple(scope.within(findings, self.seen)))


@per_state
def narrowed(whole: State, name: str) -> State | None:
    """The part of a state for an organisation that the configuration names; None where the data have no such organisation."""
    opened = whole.opened
    try:
        party = find(opened.dataset, Labels(opened.dataset), name, "Organisation", base=whole.report.base)
    except UnknownNameError:
        return None
    part = scope.part_of(opened, whole.report, whole.rules, party)
    seen, cleaner = part.seen, part.cleaner
    prints = {
        finding.fingerprint: cleaner.of(shown).fingerprint
        for finding in whole.report.findings
        for shown in scope.within([finding], seen)
    }
    kept = {finding.fingerprint for finding in part.report.findings}

    def owed() -> Sequence[Duty]:
        duties = scope.owed(whole.duties, seen)
        return cleaner.of(
            tuple(
                replace(duty, finding=print_ if (print_ := prints.get(duty.finding or "")) in kept else None)
                for duty in duties
            )
        )

    # made of nothing but what is named here: what a state is given later is hidden until it is narrowed too
    return State(
        number=whole.number,
        opened=part.opened,
        report=part.report,
        rules={code: cleaner.of(rule) for code, rule in whole.rules.items()},
        owed=owed,
        labels=Labels(part.opened.dataset),
        read_at=whole.read_at,
        part=Part(whole, party, seen, cleaner),
    )
