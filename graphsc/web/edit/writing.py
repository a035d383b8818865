"""Writing into the served files: previewed, atomic, never over another change, and committed if the user asked for that."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import yaml

from graphsc.core import escape
from graphsc.core.problems import Reasoned
from graphsc.core.text import Language, Text
from graphsc.core.writing import lies_in, locked, write_whole
from graphsc.duties.duties import Duty
from graphsc.duties.duties import State as DutyState
from graphsc.rendering.duties import uid
from graphsc.service.opened import work_out
from graphsc.service.report.repository import git
from graphsc.sources.files import File, find
from graphsc.sources.reader import content_of, read_some
from graphsc.sources.terms import load, normal
from graphsc.validation.examples import Entry, flow
from graphsc.validation.findings import Finding
from graphsc.web.desk import Desk, Stamp, State, judged
from graphsc.whatif.model import compared_findings

Node = yaml.nodes.Node
_LONGEST = 100
_OWN_CHANGES = Text(
    "Der er ikke lavet en commit: Filen havde ændringer, som ikke var i git i forvejen.",
    "No commit was made: the file had changes before that are not in git.",
)
_YAML = {".yaml", ".yml"}
_KEPT = 50
_TOP = re.compile(r"^([^\s#\-:][^:\n]*):([^\n#]*)", re.MULTILINE)
_REMAINS = Text(
    "Fundet består: det, der bliver skrevet, lukker det ikke.",
    "The finding remains: what will be written does not close it.",
)
_CHANGED = Text(
    "Filen er ændret imens. Intet er skrevet; se på den igen.",
    "The file has changed meanwhile. Nothing was written; look at it again.",
)


class CannotInsert(Reasoned):
    """An entry cannot be inserted into a file, with the reason."""


def inserted(text: str, entry: Entry) -> str:
    """The text of a file with an entry. Raises CannotInsert."""
    root = _composed(text)
    if root is not None and (not isinstance(root, yaml.MappingNode) or root.flow_style):
        raise CannotInsert(Text("Filen er ikke nøgler med lister under.", "The file is not keys with lists beneath."))
    new = _into_mapping_of_id(text, root, entry) if root is not None else None
    if new is None:
        new = _beneath_its_key(text, root, entry)
    _composed(new)
    return new


def _composed(text: str) -> Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        reason = str(error).replace("\n", " ")
        raise CannotInsert(Text(f"Filen kan ikke læses: {reason}", f"The file cannot be read: {reason}")) from None


def _into_mapping_of_id(text: str, root: Node, entry: Entry) -> str | None:
    """The text with the keys of the entry in the mapping with its id; None where no mapping can take them."""
    head = entry.head
    target = next((mapping for mapping in _mappings(root) if head is not None and _id(mapping) == head[1]), None)
    if target is None:
        return None
    for key, values in entry.pairs[1:]:
        there = next((value for name, value in target.value if normal(_word(name)) == normal(key)), None)
        new = _key(text, target, key, values) if there is None else _with_values(text, there, values)
        if new is None:
            return None
        text = new
        root_again = _composed(text)
        target = next(mapping for mapping in _mappings(root_again) if head is not None and _id(mapping) == head[1])
    return text


def _mappings(node: Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _mappings(value)


def _id(mapping: yaml.MappingNode) -> str:
    return next((_word(value) for name, value in mapping.value if _word(name) == "id"), "")


def _word(node: Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _key(text: str, mapping: yaml.MappingNode, key: str, values: Sequence[str]) -> str:
    """The text with a further key in a mapping."""
    line = f"{key}: {flow(values)}"
    if mapping.flow_style:
        return _before_the_bracket(text, mapping, line)
    return _lines_after(text, mapping, [" " * mapping.start_mark.column + line])


def _with_values(text: str, there: Node, values: Sequence[str]) -> str | None:
    """The text with further values in a list; None where the node is no list."""
    if not isinstance(there, yaml.SequenceNode) or not there.value:
        return None
    fresh = [value for value in values if value.strip('"') not in {_word(item) for item in there.value}]
    if not fresh:
        return text
    if there.flow_style:
        return _before_the_bracket(text, there, ", ".join(fresh))
    return _lines_after(text, there, [f"{' ' * there.start_mark.column}- {value}" for value in fresh])


def _before_the_bracket(text: str, node: Node, member: str) -> str:
    """The text with a further member in brackets, after the last one."""
    members = node.value
    last: Node = members[-1][1] if isinstance(node, yaml.MappingNode) else members[-1]
    place = last.end_mark.index
    return f"{text[:place]}, {member}{text[place:]}"


def _lines_after(text: str, node: Node, lines: Sequence[str]) -> str:
    """The text with lines after the last line of a node."""
    place = text.find("\n", _end(text, node))
    newline = "\r\n" if "\r\n" in text else "\n"
    if place < 0:
        return text + newline + newline.join(lines) + newline
    return text[: place + 1] + "".join(line + newline for line in lines) + text[place + 1 :]


def _end(text: str, node: Node) -> int:
    """The end of the last word of a node, since the end of a block is after the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    place: int = node.end_mark.index
    while place > 0 and text[place - 1 : place] in {"\n", "\r"}:  # a text in lines ends after its last
        place -= 1
    return place


def _beneath_its_key(text: str, root: Node | None, entry: Entry) -> str:
    """The text with the entry last under its top-level key, which is added if missing."""
    same = _same_container(entry.container)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    there = next((value for name, value in pairs if same(_word(name))), None)
    if there is None:
        newline = "\r\n" if "\r\n" in text else "\n"
        apart = "" if not text.strip() else newline if text.endswith("\n") else newline * 2
        return f"{text}{apart}{entry.container}:{newline}  - {entry}{newline}"
    if not isinstance(there, yaml.SequenceNode) or not there.value:
        raise CannotInsert(
            Text(f"{entry.container} er ikke en liste i filen.", f"{entry.container} is no list in the file.")
        )
    if there.flow_style:
        return _before_the_bracket(text, there, str(entry))
    return _lines_after(text, there, [f"{' ' * there.start_mark.column}- {entry}"])


def _same_container(word: str) -> Callable[[str], bool]:
    """A test whether a top-level key means the same as another, in either language."""
    containers = load().containers
    container = containers.get(normal(word))
    return lambda other: (
        normal(other) == normal(word) or (container is not None and containers.get(normal(other)) is container)
    )


class Committing:
    """Commits single files; a file with other uncommitted changes is left to the user."""

    def why_not(self, path: Path) -> Text | None:
        """The reason why nothing in a folder can be committed; None where it can."""
        if which("git") is None:
            return Text("git er ikke installeret", "git is not installed")
        if git(path if path.is_dir() else path.parent, "rev-parse", "--is-inside-work-tree") is None:
            return Text(f"{path.as_posix()} ligger ikke i git", f"{path.as_posix()} is not in git")
        return None

    def clean(self, path: Path) -> bool:
        """Whether a file is the same as in the last commit."""
        tracked = _beside(path, "ls-files", "--error-unmatch", "--", path.name) is not None
        return tracked and _beside(path, "diff", "HEAD", "--quiet", "--", path.name) == ""

    def commit(self, path: Path, was_clean: bool, title: str, writer: str | None) -> Text | None:
        """Commit a file; the reason why that failed, or None."""
        if not was_clean:
            return _OWN_CHANGES
        message = escape.brief(title, _LONGEST) + "\n" + (f"\nBy: {escape.brief(writer, _LONGEST)}\n" if writer else "")
        if _beside(path, "commit", "--quiet", "--only", "--file=-", "--", path.name, stdin=message) is None:
            return Text(
                "Der er ikke lavet en commit: Git afviste den. Det, der er skrevet, står i filen.",
                "No commit was made: git refused. What was written stands in the file.",
            )
        return None


def _beside(path: Path, *words: str, stdin: str = "") -> str | None:
    """The output of git in the folder of a file, whose name is taken literally."""
    return git(path.parent, "--literal-pathspecs", *words, stdin=stdin)


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
        # the numbers of the latest change and its state, the state before
        self._past: tuple[int, int, State] | None = None
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


def _bytes(file: File) -> bytes:
    content = content_of(file)
    if isinstance(content, bytes):
        return content
    raise CannotInsert(content.message)


def _top(file: File) -> Mapping[str, str]:
    """The top-level keys of a file with the rest of their lines, without parsing, since every file is read."""
    try:
        text = file.path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return {}
    return {match[1].strip(): match[2].strip() for match in _TOP.finditer(text)}
