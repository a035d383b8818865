"""The user guides say what is so: their tables and snippets read, give the findings they promise, and say the same."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from repository import REPOSITORY
from workbooks import write

from graphsc.cli.group import COMMANDS
from graphsc.core.settings import Settings, load
from graphsc.service import open_paths, validate
from graphsc.sources import Sources, read

DOCS = REPOSITORY / "docs"
GUIDES = {"da": (DOCS / "brugervejledning.md").read_text("utf-8"), "en": (DOCS / "user-guide.md").read_text("utf-8")}
AS_OF = date(2026, 11, 25)
BASE = "https://min-myndighed.example/"
both = pytest.mark.parametrize("lang", list(GUIDES))


def blocks(lang: str) -> list[str]:
    """The YAML of a guide: the first example, its remedy, and one of each kind."""
    matches = re.findall(r"```yaml\n(.*?)```", GUIDES[lang], re.DOTALL)
    return [block for block in matches if not block.startswith("#")]


def with_remedy(lang: str) -> str:
    """The first example with the subcontractor as the remedy has it."""
    first, remedy, *_ = blocks(lang)
    return first[: first.index(remedy.splitlines()[0])] + remedy


def sheets(text: str) -> dict[str, list[list[object]]]:
    """The tables that say what to write on which sheet: heading and rows."""
    tables: dict[str, list[list[object]]] = {}
    for name, table in re.findall(r"^(?:Ark|Sheet) \*\*(.+?)\*\*\n\n((?:\|.*\n)+)", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("| \n").split(" | ")] for line in table.splitlines()]
        tables[name] = [rows[0], *rows[2:]]
    return tables


def findings(folder: Path) -> list[str]:
    report, _ = validate(open_paths([folder], Settings(as_of=AS_OF, base=BASE)))
    assert report.problems == ()
    return [finding.code for finding in report.findings if finding.counts]


@both
def test_the_workbook_gives_the_two_findings_and_then_none(tmp_path: Path, lang: str) -> None:
    written = sheets(GUIDES[lang])
    assert len(written) == 6
    approvals = next(name for name in written if name in {"Godkendelser", "Approvals"})
    rest = {name: rows for name, rows in written.items() if name != approvals}
    write(tmp_path / "register.xlsx", rest)
    assert findings(tmp_path) == ["SUB001", "FLW001"]
    required = next(rows for name, rows in written.items() if name in {"Krav", "Requirements"})[1]
    required[1] = f"{required[1]}\nunderleverance/sky"
    write(tmp_path / "register.xlsx", written)
    assert findings(tmp_path) == []


@both
def test_the_first_example_gives_the_two_findings_and_the_remedy_leaves_none(tmp_path: Path, lang: str) -> None:
    (tmp_path / "a.yaml").write_text(blocks(lang)[0], encoding="utf-8")
    assert findings(tmp_path) == ["SUB001", "FLW001"]
    (tmp_path / "a.yaml").write_text(with_remedy(lang), encoding="utf-8")
    assert findings(tmp_path) == []


@pytest.mark.parametrize(
    ("lang", "number"), [(lang, number) for lang in GUIDES for number in range(2, len(blocks(lang)))]
)
def test_every_other_example_can_be_laid_beside_the_first(tmp_path: Path, lang: str, number: int) -> None:
    sources = read_beside_first(tmp_path, lang, number)
    assert [problem.message.en for problem in sources.problems] == []


def read_beside_first(folder: Path, lang: str, number: int) -> Sources:
    (folder / "a.yaml").write_text(blocks(lang)[0], encoding="utf-8")
    (folder / "b.yaml").write_text(blocks(lang)[number], encoding="utf-8")
    return read([folder])


def test_all_examples_stand_beside_each_other(tmp_path: Path) -> None:
    for number, block in enumerate(blocks("da")):
        if number != 1:
            (tmp_path / f"{number}.yaml").write_text(block, encoding="utf-8")
    assert [p.message.en for p in read([tmp_path]).problems] == []


def test_the_guides_say_the_same(tmp_path: Path) -> None:
    """Heading for heading, snippet for snippet; only names and texts are in another language."""
    levels = [
        re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE) for text in GUIDES.values()
    ]
    assert levels[0] == levels[1]
    assert len(blocks("da")) == len(blocks("en"))
    statements = []
    for lang in GUIDES:
        folder = tmp_path / lang
        folder.mkdir()
        triples = set()
        for number in range(len(blocks(lang))):
            if number != 1:
                for source in read_beside_first(folder, lang, number).sources:
                    triples |= {
                        (
                            str(q.subject),
                            q.predicate.value,
                            str(q.object) if "@" not in str(q.object) and " " not in str(q.object) else "",
                        )
                        for q in source.asserted()
                    }
        statements.append({triple for triple in triples if not _of_words(triple)})
    assert statements[0] == statements[1]


def _of_words(statement: tuple[str, str, str]) -> bool:
    """Whether a statement says what something is called, or is about something named after its words."""
    return "label" in statement[1] or "text" in statement[1] or bool(re.search("/[0-9a-f]{16}>", "".join(statement)))


@both
def test_the_settings_are_taken(tmp_path: Path, lang: str) -> None:
    examples = re.findall(r"```toml\n(.*?)```", GUIDES[lang], re.DOTALL)
    (tmp_path / "graphsc.toml").write_text(
        "\n".join(sorted(examples, key=lambda text: "[" in text.split("\n")[0])), "utf-8"
    )
    settings, problems = load(tmp_path)
    assert problems == []
    assert settings.parameters == {"supervision": "P1Y", "at-once": "P14D"}
    assert settings.severity == {"LEG002": "breach"}
    assert settings.judged_from == date(2026, 1, 1)
    assert settings.limits == {"share-of-critical-systems": 0.5, "single-points": 0}


@both
def test_every_command_is_there_and_every_link_leads_somewhere(lang: str) -> None:
    assert set(re.findall(r"(?:`|\$ )graphsc ([a-z-]+)", GUIDES[lang])) <= {*COMMANDS}
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDES[lang]):
        assert (DOCS / target).exists(), target
