"""The base of files that are read together: a file that names none gets the base of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from graphsc.core.identifiers import DEFAULT_BASE
from graphsc.core.problems import Location, Problem
from graphsc.core.text import Text
from graphsc.sources.model import Source
from graphsc.sources.reporting import quoted


@dataclass(slots=True)
class _Waiting:
    """A source without a base: a function that reads it with one, and the text if it is RDF."""

    source: Source
    read: Callable[[str], None]
    text: str | None

    def is_relative(self) -> bool:
        """Whether something in it needs a base; for RDF, whether it cannot be read without one."""
        if self.text is None:
            return True
        return DEFAULT_BASE not in self.text and any(
            getattr(term, "value", "").startswith(DEFAULT_BASE)
            for quad in self.source.quads
            for term in (quad.subject, quad.predicate, quad.object)
        )


@dataclass(slots=True)
class Bases:
    """The bases that files name, each with its first place; and the files that wait for one.

    ``default`` is the base that the caller gives; it applies to every file without one.
    """

    default: str
    named: dict[str, Location] = field(default_factory=dict)
    waiting: list[_Waiting] = field(default_factory=list)

    def wait(self, source: Source, read: Callable[[str], None], text: str | None = None) -> None:
        """Read a file without a base at once if the caller gave one, otherwise after the other files.

        RDF, for which ``text`` is given, may name its own base or need none.
        """
        if self.default == DEFAULT_BASE:
            self.waiting.append(_Waiting(source, read, text))
        else:
            read(self.default)

    def read(self) -> list[Problem]:
        """Read the waiting files with the base of the others; several bases are a problem."""
        others = sorted(self.named)
        several = len(others) > 1
        unread: list[Source] = []
        for item in self.waiting:
            if not several or item.text is not None:
                item.read(others[0] if len(others) == 1 else self.default)
            if several and item.is_relative():
                item.source.complete, item.source.quads = False, []
                unread.append(item.source)
        return [_several_bases([source.file for source in unread], self.named)] if unread else []


def _several_bases(files: Sequence[str], bases: Mapping[str, Location]) -> Problem:
    """The problem that files name no base, while the others name several: ``bases``, each with where it is named first."""
    listed = [f"{quoted(base)} ({at})" for base, at in bases.items()][:2]
    more = len(files) - 1
    tail = Text(f" Det samme gælder {more} til.", f" The same goes for {more} more.") if more else Text("", "")
    return Problem(
        "several-bases",
        Text(
            f"Filen mangler en base, og de andre filer er ikke enige om en: {' og '.join(listed)}. Skriv base i filen; den er ikke læst.{tail.da}",
            f"The file has no base, and the other files do not agree on one: {' and '.join(listed)}. Write base in the file; it was not read.{tail.en}",
        ),
        Location.at(files[0], (1, 1)),
    )
