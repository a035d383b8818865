"""``graphsc query`` and ``graphsc queries``."""

from __future__ import annotations

import sys
from itertools import dropwhile
from pathlib import Path
from typing import NoReturn, get_args

import typer
from pyoxigraph import NamedNode

from graphsc.cli.common import fail, hint, put, settings, show_problems
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import SCHEME, SKOS_IN_SCHEME, STATEMENT, G, local_name
from graphsc.graph.dataset import Dataset, plain
from graphsc.graph.labels import Labels
from graphsc.graph.loading import load
from graphsc.graph.questions import TYPES, Parameter, Question, QuestionError, parse, shipped
from graphsc.rendering.answer import Format
from graphsc.service.query import ask_within
from graphsc.sources import Sources


def query(
    what: str,
    paths: list[Path],
    parameters: list[str],
    form: str,
    output: Path | None,
    timeout: float,
    as_of: str | None,
    language: str | None,
) -> None:
    """Ask one question and print the answer; exit code 2 when it cannot be asked or some input not read."""
    found, problems = settings(as_of=as_of, language=language)
    chosen: Format | None = next((name for name in get_args(Format) if name == form), None)
    if chosen is None:
        fail(Text(f"ukendt format: {form}", f"unknown format: {form}"), found.language)
    question = _question(what, found)
    values: dict[str, str] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals:
            fail(
                Text(f"--param skrives navn=værdi, ikke {parameter}", f"--param is name=value, not {parameter}"),
                found.language,
            )
        values[name] = value
    try:
        answer = ask_within(timeout, paths, found, question, values, chosen)
    except QuestionError as error:
        fail(error.reason, found.language)
    put(answer.text, output, found.language)
    for note in answer.notes:
        typer.echo(note[found.language], err=True)
    problems += answer.problems
    show_problems(problems, found.language)
    if problems:
        typer.echo(
            Text(
                "Svaret er ufuldstændigt: noget kunne ikke læses.",
                "The answer is partial: some input could not be read.",
            )[found.language],
            err=True,
        )
        raise typer.Exit(2)


def _question(what: str, found: Settings) -> Question:
    known = shipped()
    if what in known:
        return known[what]
    path = Path(what)
    try:
        if what == "-":
            return parse("stdin", sys.stdin.buffer.read().decode("utf-8-sig"))
        if path.is_file():
            return parse(path.name, path.read_text(encoding="utf-8-sig"))
    except QuestionError as error:
        fail(error.reason, found.language)
    except (OSError, UnicodeDecodeError):
        fail(Text(f"{what} kan ikke læses som UTF-8", f"{what} cannot be read as UTF-8"), found.language)
    return _unknown(what, list(known), found.language)


def _unknown(what: str, known: list[str], language: Language) -> NoReturn:
    near = hint(what, known)
    fail(
        Text(
            f"{what} er hverken en fil eller et spørgsmål, der følger med.{near.da} graphsc queries viser dem.",
            f"{what} is neither a file nor a shipped question.{near.en} graphsc queries lists them.",
        ),
        language,
    )


def list_questions(names: list[str], language: str | None) -> None:
    """Print the shipped questions in short, or those named with all that can be said of each."""
    found, _ = settings(language=language)
    known = shipped()
    for name in names:
        if name not in known:
            _unknown(name, list(known), found.language)
    typer.echo("\n".join(_page(known[name], found.language) for name in names) if names else _list(found.language))


def _list(language: Language) -> str:
    lines = []
    for question in shipped().values():
        lines.append(f"{question.name}\n    {question.title[language]}. {question.description[language]}")
        lines += [f"    {_parameter(parameter, language)}" for parameter in question.parameters]
        lines.append(f"    {', '.join(question.statements)}")
    return "\n".join(lines)


def _parameter(parameter: Parameter, language: Language) -> str:
    default = f" = {parameter.default}" if parameter.default else ""
    must = Text(" (skal gives)", " (must be given)")[language] if parameter.required else ""
    return f"--param {parameter.name}{default}: {parameter.description[language]}{must}"


def _page(question: Question, language: Language) -> str:
    """A question, how to ask it, and its query."""
    dataset = load(Sources([], []), Settings())
    labels = Labels(dataset)
    given = "".join(f" --param {one.name}=…" for one in question.parameters if one.required)
    lines = [
        question.title[language],
        "",
        question.description[language],
        "",
        f"    graphsc query {question.name}{given} {Text('STI', 'PATH')[language]}…",
    ]
    lines += [
        f"        {_parameter(parameter, language)}; {_kind(parameter, dataset, labels)[language]}"
        for parameter in question.parameters
    ]
    lines += ["", *(f"{name}: {labels[STATEMENT + name][language]}" for name in question.statements), ""]
    query = dropwhile(lambda line: line.startswith("#"), question.text.splitlines())
    return "\n".join([*lines, *query, ""])


def _kind(parameter: Parameter, dataset: Dataset, labels: Labels) -> Text:
    """What a value of the parameter is: of which classes, or which concepts there are."""
    kind = TYPES[parameter.type]
    if not parameter.sorts:
        return kind
    if parameter.type == "concept":
        iris = [iri for sort in parameter.sorts for iri in _concepts(dataset, sort)]
        names = [local_name(iri) for iri in iris]
        return Text.same(" | ".join(names))
    classes = [labels[G + sort] for sort in parameter.sorts]
    return Text(" eller ".join(one.da for one in classes), " or ".join(one.en for one in classes))


def _concepts(dataset: Dataset, scheme: str) -> list[str]:
    """The concepts of a scheme that comes with the product."""
    quads = dataset.store.quads_for_pattern(None, NamedNode(SKOS_IN_SCHEME), NamedNode(SCHEME + scheme), None)
    return sorted(plain(quad.subject) for quad in quads)
