"""``graphsc queries``."""

from itertools import dropwhile
from typing import Annotated, NoReturn

import typer

from graphsc.cli.common import fail, hint, read_settings
from graphsc.cli.options import Given, Lang, argument
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text
from graphsc.core.vocabulary import SCHEME, SKOS_IN_SCHEME, STATEMENT, G, local_name
from graphsc.graph.dataset import Dataset
from graphsc.graph.labels import Labels
from graphsc.graph.loading import load
from graphsc.graph.questions import TYPES, Parameter, Question, shipped
from graphsc.sources import Sources

DANISH = """Vis de spørgsmål, der følger med, og deres parametre."""


def run(
    names: Annotated[
        list[str] | None,
        argument(
            metavar="[NAME]...",
            da="Vis alt om disse: parametre, udsagn, forespørgsel.",
            en="Show all of these: parameters, statements, query.",
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """List the shipped questions and their parameters."""
    settings, _ = read_settings(Given(lang=lang))
    language = settings.language
    questions = shipped()
    for name in names or []:
        if name not in questions:
            no_question(name, list(questions))
    typer.echo("\n".join(_page(questions[name], language) for name in names) if names else _list(language))


def no_question(name: str, names: list[str]) -> NoReturn:
    """Stop because a name stands for no file and no shipped question."""
    near = hint(name, names)
    fail(
        f"{name} er hverken en fil eller et spørgsmål, der følger med.{near.da} graphsc queries viser dem.",
        f"{name} is neither a file nor a shipped question.{near.en} graphsc queries lists them.",
    )


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
    required = "".join(f" --param {parameter.name}=…" for parameter in question.parameters if parameter.required)
    lines = [
        question.title[language],
        "",
        question.description[language],
        "",
        f"    graphsc query {question.name}{required} {Text('STI', 'PATH')[language]}…",
    ]
    lines += [
        f"        {_parameter(parameter, language)}; {_values(parameter, dataset, labels)[language]}"
        for parameter in question.parameters
    ]
    lines += ["", *(f"{name}: {labels[STATEMENT + name][language]}" for name in question.statements), ""]
    query = dropwhile(lambda line: line.startswith("#"), question.text.splitlines())
    return "\n".join([*lines, *query, ""])


def _values(parameter: Parameter, dataset: Dataset, labels: Labels) -> Text:
    """Which values the parameter takes: of which classes, or which concepts there are."""
    if not parameter.sorts:
        return TYPES[parameter.type]
    if parameter.type == "concept":
        iris = [iri for scheme in parameter.sorts for iri in sorted(dataset.subjects(SKOS_IN_SCHEME, SCHEME + scheme))]
        return Text.same(" | ".join(local_name(iri) for iri in iris))
    return Text.joined(Text(" eller ", " or "), (labels[G + name] for name in parameter.sorts))
