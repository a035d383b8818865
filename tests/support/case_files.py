"""The case of a rule as a file: a graph that conforms, and the one fact that breaks the rule.

A case file is written in YAML and conforms as it stands. In the violating case the lines that end in ``#-``
are left out and the lines that begin with ``#+`` are read. Comments at the top tell what happened, in a sentence, and then
what is found:

    # The register of a town was copied before anyone looked up who delivers.
    # finds: CODE subject [value]
    # at: text of the line that the finding points to
    # as-of: 2026-11-25
    # limits: single-points=0
    # fill: <person> = person/oak

The last says what takes the place of a placeholder in the example that the finding comes with, where it matters. The last
three are left out where there is nothing to say. All rules judge all cases: of a case that another rule finds something in,
too, either is mended, or that finding is named as well.

The cases of another framework lie in a folder of its name. Only its own rule is asked: it would else have to carry all
that the framework asks of an agreement.

Ids are relative to the file's own base, concepts are written ``scheme:key``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from repository import TESTS

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import ROOT
from graphsc.service import Opened, open_paths
from graphsc.validation import Finding

FOLDER = TESTS / "cases"
FRAMEWORKS = FOLDER / "frameworks"
AS_OF = date(2026, 11, 25)
UNASKED = "REG"
"""The rules that ask for registers and facts: left out, or each case would have to keep and say all of them."""

_CONCEPT = re.compile(rf"{re.escape(ROOT)}([a-z]+)/([A-Za-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that is to be made; ``line`` counts from 1 and is None where nothing is said of the place."""

    code: str
    subject: str
    value: str | None
    line: int | None

    def __str__(self) -> str:
        return f"{self.code} {self.subject} {self.value or ''} (line {self.line})"


@dataclass(frozen=True, slots=True)
class Case:
    """One case file: the two graphs as text, and what is found in the violating one."""

    name: str
    as_of: date
    base: str
    conforming: str
    violating: str
    expected: tuple[Expected, ...]
    limits: tuple[tuple[str, float], ...] = ()
    framework: str | None = None
    fills: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        """The rule that the case is about: the file's name up to a hyphen."""
        return self.name.partition("-")[0]

    @property
    def settings(self) -> Settings:
        """How the case is judged."""
        if self.code.startswith(UNASKED):
            return Settings(as_of=self.as_of, select=(self.code,))
        return Settings(as_of=self.as_of, ignore=(UNASKED,), limits=dict(self.limits))

    @property
    def mergeable(self) -> bool:
        """Whether it can be judged together with the others."""
        return not self.code.startswith(UNASKED) and self.as_of == AS_OF and not self.limits

    def short(self, text: str) -> str:
        """An IRI as case files write it; any other text as it is."""
        if text.startswith(self.base):
            return text.removeprefix(self.base)
        concept = _CONCEPT.fullmatch(text)
        return f"{concept[1]}:{concept[2]}" if concept else text

    def open(self, folder: Path, text: str) -> Opened:
        """Read one of the two graphs."""
        file = folder / f"{self.name}.yaml"
        file.write_text(text, encoding="utf-8")
        return open_paths([file], self.settings)

    def as_expected(self, finding: Finding) -> Expected:
        """A finding in the terms of the case file."""
        return Expected(
            finding.code,
            self.short(finding.subject),
            None if finding.value is None else self.short(finding.value),
            finding.location.line if finding.location else None,
        )


def violating(text: str) -> str:
    """The violating variant of a case file; every line keeps its number."""
    lines = []
    for line in text.splitlines():
        if line.rstrip().endswith("#-"):
            lines.append("#")
        else:
            lines.append(re.sub(r"^( *)#\+ ", r"\1", line))
    return "\n".join(lines) + "\n"


def read_case(path: Path) -> Case:
    """Read a case file; ValueError when its head is not as it should be."""
    text = path.read_text(encoding="utf-8")
    broken = violating(text)
    as_of = AS_OF
    expected: list[Expected] = []
    limits: list[tuple[str, float]] = []
    fills: list[tuple[str, str]] = []
    for line in text.splitlines():
        key, _, rest = line.partition(": ")
        match key:
            case "# as-of":
                as_of = date.fromisoformat(rest)
            case "# limits":
                limits += [(name, float(number)) for name, _, number in (word.partition("=") for word in rest.split())]
            case "# fill":
                placeholder, _, value = rest.partition(" = ")
                fills.append((placeholder.strip("<>"), value))
            case "# finds":
                code, subject, *values = rest.split(" ", 2)
                expected.append(Expected(code, subject, values[0] if values else None, None))
            case "# at":
                last = expected.pop()
                expected.append(Expected(last.code, last.subject, last.value, _line_with(broken, rest, path)))
    base = re.search(r"^base: (\S+)$", text, re.MULTILINE)
    if base is None or not expected:
        raise ValueError(f"{path.name} has no base or finds nothing")
    framework = path.parent.name if path.parent.parent == FRAMEWORKS else None
    return Case(path.stem, as_of, base[1], text, broken, tuple(expected), tuple(limits), framework, tuple(fills))


def _line_with(text: str, name: str, path: Path) -> int:
    numbers = [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(rf"(?<![\w/-]){re.escape(name)}(?![\w/-])", line) and not line.startswith("#")
    ]
    if len(numbers) != 1:
        raise ValueError(f"{path.name}: {name!r} stands on {len(numbers)} lines, not on one")
    return numbers[0]


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case, in name order."""
    return tuple(read_case(path) for path in sorted(FOLDER.glob("*.yaml")))


def framework_cases() -> list[Case]:
    """Every case of the other frameworks, in name order."""
    return [read_case(path) for path in sorted(FRAMEWORKS.glob("*/*.yaml"))]
