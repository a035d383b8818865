"""Writes the pages that are made from the product itself: its commands, rules, questions and frameworks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from graphsc.cli.app import app
from graphsc.core import frameworks
from graphsc.core.escape import markdown
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import ROOT, G
from graphsc.graph.dataset import plain
from graphsc.graph.labels import Labels
from graphsc.graph.questions import shipped
from graphsc.service import open_paths, validate
from graphsc.validation import wording
from graphsc.validation.rules import references

sys.path.insert(0, str(Path(__file__).parent))

import guide_suite_page
import mistakes_page
import ontology_page
import schemas
import statuses
import terms

_WIDTH = "100"
_VERSIONS = Path(__file__).parent / "versions"
_PARTS = Path(__file__).parent / "parts"


def commands() -> list[tuple[str, ...]]:
    """The words of every command, the whole first; a group comes before its commands."""
    found: list[tuple[str, ...]] = [()]

    def below(command: object, words: tuple[str, ...]) -> None:
        for name, child in getattr(command, "commands", {}).items():
            found.append((*words, name))
            below(child, (*words, name))

    below(get_command(app), ())
    return found


def help_text(words: Iterable[str]) -> str:
    """What a command says when asked for help, 100 columns wide."""
    environment = {"COLUMNS": _WIDTH, "TERMINAL_WIDTH": _WIDTH, "NO_COLOR": "1", "GRAPHSC_LANG": "en"}
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="graphsc", env=environment)
    lines = (line.rstrip() for line in result.output.strip().splitlines())
    return "\n".join(lines)


def cli_page() -> str:
    """Every command with its help."""
    blocks = [
        "# Commands",
        (
            "What each command says of itself when given `--help`. Exit codes are the same in every format: 0 when nothing\n"
            "at or above `--fail-on` was found, 1 for findings, 2 when something could not be read or done."
        ),
    ]
    for words in commands():
        blocks += [f"## {' '.join(('graphsc', *words))}", f"```text\n{help_text(words)}\n```"]
    return _page(blocks)


def rules_page() -> str:
    """Every rule in both languages: code, severity, title, statements, references, remedy."""
    _, rules = validate(open_paths([], Settings()))
    blocks = [
        "# Rules · Regler",
        (
            f"{len(rules)} rules. Statements are those of the guide; `graphsc explain CODE` shows what they say.\n\n"
            f"{len(rules)} regler. Udsagnene er vejledningens; `graphsc explain KODE` viser, hvad de siger."
        ),
    ]
    for rule in rules.values():
        severity = wording.SEVERITY[rule.severity]
        lines = [f"*{severity.en} · {severity.da}*", "", *_both(rule.title), "", *_both(rule.remedy, bold=False)]
        if rule.statements:
            lines += ["", f"Statements · udsagn: {', '.join(rule.statements)}"]
        if rule.references:
            lines += ["", "See also · se også:", ""]
            lines += [f"- {_one(reference.label)}" for reference in rule.references]
        blocks += [f"## {rule.code}", "\n".join(lines)]
    return _page(blocks)


def queries_page() -> str:
    """Every shipped question in both languages: name, title, description, parameters, statements."""
    blocks = [
        "# Questions · Spørgsmål",
        (
            "Ask one with `graphsc query NAME PATH…`; give a parameter as `--param name=value`.\n\n"
            "Stil et med `graphsc query NAVN STI…`; en parameter skrives `--param navn=værdi`.\n\n"
            "A *node* is a thing in the data, given by its IRI, the end of it, or its name; a *concept* is one of a scheme, "
            "given likewise. A *date* may also be a duration from the evaluation date, such as `P3M`. A parameter with a "
            "star must be given.\n\n"
            "En *node* er en ting i data, givet ved sin IRI, enden af den eller sit navn; et *concept* er et begreb, givet "
            "på samme måde. En *date* kan også være en varighed fra vurderingsdatoen som `P3M`. En parameter med stjerne "
            "skal gives."
        ),
    ]
    for question in shipped().values():
        lines = [*_both(question.title), "", *_both(question.description, bold=False)]
        if question.parameters:
            lines += ["", "| parameter | type | default | English | dansk |", "|---|---|---|---|---|"]
            lines += [
                f"| `{p.name}`{' *' if p.required else ''} | {markdown(p.kind)} | {p.default or ''} "
                f"| {markdown(p.description.en)} | {markdown(p.description.da)} |"
                for p in question.parameters
            ]
        lines += ["", f"Statements · udsagn: {', '.join(question.statements)}"]
        blocks += [f"## {question.name}", "\n".join(lines)]
    return _page([*blocks, _part("queries")])


def _part(name: str) -> str:
    """What of a page is written by hand."""
    return (_PARTS / f"{name}.md").read_text(encoding="utf-8").rstrip()


def frameworks_page() -> str:
    """Every framework that can be switched on: its provisions, and the rules that serve each."""
    names = frameworks.names()
    opened = open_paths([], Settings(frameworks=names))
    _, rules = validate(opened)
    labels = Labels(opened.dataset)
    blocks = [_part("frameworks")]
    provisions = references(opened.dataset)
    for name in names:
        iri = f"{ROOT}framework/{name}"
        of = opened.dataset.select(
            f"SELECT DISTINCT ?reference ?article WHERE {{ ?reference <{G}framework> <{iri}> ; <{G}article> ?article }}"
        )
        chosen = {plain(row["reference"]) for row in of}
        lines = ["| provision | English | dansk | rules |", "|---|---|---|---|"]
        for local, provision in provisions.items():
            if provision.iri in chosen:
                codes = [code for code, rule in rules.items() if provision in rule.references]
                asks = provision.definition
                lines.append(
                    f"| `{local}` | {markdown(provision.label.en)}: {markdown(asks.en)} |"
                    f" {markdown(provision.label.da)}: {markdown(asks.da)} | {', '.join(codes)} |"
                )
        blocks += [f"## {labels[iri].en} (`{name}`)", "\n".join(lines)]
    return _page(blocks)


def changes_page() -> str:
    """What came, went and changed in the ontology, the newest first."""
    versions = [terms.read(file) for file in sorted(_VERSIONS.glob("*.ttl"))]
    versions.append(terms.read(ontology_page.FOLDER))
    steps = [terms.page(terms.difference(old, new)).rstrip() for old, new in pairwise(versions)]
    first = versions[0]
    return _page(
        [
            "# Changes of the ontology",
            (
                "What those who have data in our terms can newly say, what they say no longer, and what means something else.\n"
                "Made by `python docs/terms.py OLD NEW` from the versions in `docs/versions` and the ontology as it is."
            ),
            *reversed(steps),
            f"## {first.name}\n\nThe first version: {len(first.terms)} terms, concepts and schemes.",
        ]
    )


def _both(text: Text, *, bold: bool = True) -> list[str]:
    mark = "**" if bold else ""
    return [f"- {mark}{markdown(text[language])}{mark}" for language in (Language.EN, Language.DA)]


def _one(text: Text) -> str:
    return markdown(text.en) if text.da == text.en else f"{markdown(text.en)} · {markdown(text.da)}"


def _page(blocks: Iterable[str]) -> str:
    return "\n\n".join(blocks) + "\n"


def input_mistakes_page() -> str:
    """The classes of mistake in the input, and the rules on records that contradict themselves."""
    _, rules = validate(open_paths([], Settings()))
    return mistakes_page.page(
        {code: (rule.title, rule.remedy) for code, rule in rules.items() if code.startswith("DAT")}
    )


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "frameworks.md": frameworks_page,
    "guide-suite.md": guide_suite_page.page,
    "input-mistakes.md": input_mistakes_page,
    "ontology-changes.md": changes_page,
    "ontology.md": ontology_page.page,
    "queries.md": queries_page,
    "rules.md": rules_page,
    **{f"schemas/{name}-1.schema.json": partial(schemas.schema, name) for name in schemas.DOCUMENTS},
}
"""The name of each page in this folder, and what makes its text."""


def write(folder: Path) -> None:
    """Write every page into a folder, once every term has a status."""
    statuses.update()
    for name, text in sorted(PAGES.items()):
        (folder / name).write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(__file__).parent)
