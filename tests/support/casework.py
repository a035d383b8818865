"""Worked cases: a text in YAML becomes an opened and validated graph, and what came of it is shown briefly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

from graphsc import service
from graphsc.core.settings import Settings
from graphsc.core.vocabulary import ROOT, G
from graphsc.service import Opened
from graphsc.validation import Engine, Finding, Report

BASE = "https://k.example/"
AS_OF = date(2025, 6, 15)
"""The day on which a case is judged unless it says another."""

PREFIXES = f"PREFIX g: <{G}>\n" + "".join(
    f"PREFIX {name}: <{ROOT}{name}/>\n" for name in ("role", "activity", "clause", "rule", "phase")
)


def short(text: str | None) -> str:
    """A value without the namespaces that the cases use; what is needed must be there."""
    assert text is not None
    return re.sub(f"{re.escape(BASE)}|{re.escape(G)}|{re.escape(ROOT)}", "", text)


@dataclass(frozen=True)
class Case:
    """A case as it was read; it is judged when that is first asked for."""

    opened: Opened
    engine: Engine = "compiled"

    @cached_property
    def report(self) -> Report:
        """What was found."""
        return service.validate(self.opened, engine=self.engine)[0]

    @property
    def findings(self) -> list[Finding]:
        """What counts: without the notes on registers that are not kept."""
        return [finding for finding in self.report.findings if finding.group is None]

    @property
    def results(self) -> list[tuple[str, str, str, str | None]]:
        """Severity, code, subject and value of each finding, in the order they are shown."""
        return [(f.severity.value, f.code, short(f.subject), f.value and short(f.value)) for f in self.findings]

    @property
    def codes(self) -> list[str]:
        """The code of each finding."""
        return [finding.code for finding in self.findings]

    def of(self, code: str, subject: str | None = None) -> Finding:
        """The one finding of a rule (about a subject)."""
        (finding,) = (f for f in self.findings if f.code == code and subject in {None, short(f.subject)})
        return finding

    def subjects(self, code: str) -> list[str]:
        """What a rule finds fault with."""
        return sorted(short(f.subject) for f in self.findings if f.code == code)

    def text(self, code: str) -> tuple[str, str]:
        """The message of the one finding of a rule, in Danish and English."""
        message = self.of(code).message
        return message.da, message.en

    def consequences(self, code: str, subject: str | None = None) -> list[str]:
        """What follows from the one finding of a rule (about a subject)."""
        return [short(iri) for iri in self.of(code, subject).consequences]

    def path(self, code: str, subject: str | None = None) -> list[str]:
        """The path of the one finding of a rule (about a subject), from the top of the chain down."""
        return [short(iri) for iri in self.of(code, subject).path]

    def ask(self, pattern: str) -> list[tuple[str, ...]]:
        """The distinct rows of a question about the derived graph, shortened and sorted.

        ``pattern`` is what follows SELECT DISTINCT.
        """
        rows = self.opened.dataset.select(f"{PREFIXES}SELECT DISTINCT {pattern}")
        return sorted({tuple(short(term.value) for term in row.values()) for row in rows})

    def supervisors(self) -> dict[str, str]:
        """Who supervises each agreement of a chain, each layer and each special requirement."""
        links = self.ask("?what ?who { ?link g:agreement ?what ; g:supervisor ?who }")
        others = self.ask("?what ?who { ?what g:supervisor ?who FILTER NOT EXISTS { ?what g:agreement ?any } }")
        supervisors: dict[str, str] = {}
        for what, who in links + others:
            supervisors[what] = f"{supervisors[what]}, {who}" if what in supervisors else who
        return supervisors


def flush(text: str) -> str:
    """A docstring without its indentation, which some Python versions strip and others keep."""
    first, rest = text.split("\n", 1) if "\n" in text else (text, "")
    return f"{first}\n{dedent(rest)}"


def case(
    text: str | None,
    as_of: date = AS_OF,
    *,
    copies: int = 1,
    select: tuple[str, ...] = (),
    parameters: dict[str, str] | None = None,
    engine: Engine = "compiled",
) -> Case:
    """Read a text in YAML, written as so many files with the same content."""
    assert text is not None
    settings = Settings(as_of=as_of, base=BASE, select=select, parameters=parameters or {})
    with TemporaryDirectory() as folder:
        for number in range(copies):
            Path(folder, f"case{number}.yaml").write_text(flush(text), encoding="utf-8")
        opened = service.open_paths([Path(folder)], settings)
    return Case(opened, engine)
