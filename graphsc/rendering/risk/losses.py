"""What stops when a party, a country or a place is lost."""

from __future__ import annotations

from collections.abc import Iterator

from graphsc.analysis.assessment import Assessment
from graphsc.analysis.concentration.sentences import substitutability_sentence
from graphsc.analysis.concentration.shares import Base
from graphsc.analysis.resilience.losses import Loss
from graphsc.analysis.resilience.sentences import (
    availability_sentence,
    cut_sets_sentence,
    loss_sentence,
    single_points_sentence,
)
from graphsc.analysis.risk import PARTIES
from graphsc.analysis.wording import number
from graphsc.core.text import Language, Text
from graphsc.rendering.risk.wording import KINDS, figures
from graphsc.rendering.sections import Bar, Columns, Section, table


def losses(assessment: Assessment, most: int) -> Section | None:
    """The parties whose loss stops most."""
    risk, graph = assessment.risk, assessment.risk.graph
    gravest = heavy(assessment)
    if not gravest:
        return None

    def functions(loss: Loss) -> int:
        return sum(graph.kinds[node] == "function" for node in loss.stops)

    columns: Columns[Loss] = {
        Text("Falder bort", "Is lost"): lambda loss: assessment.label(graph.names[loss.node]),
        Text("Art", "Kind"): lambda loss: KINDS[graph.kinds[loss.node]],
        Text("Vægt", "Weight"): lambda loss: Bar(loss.weight / gravest[0].weight, figures(loss.weight)),
        Text("Funktioner", "Functions"): lambda loss: figures(functions(loss)),
        Text("Kritiske systemer", "Critical systems"): lambda loss: figures(loss.count - functions(loss)),
    }
    idle = sum(1 for loss in risk.losses if graph.kinds[loss.node] in PARTIES and not loss.count)
    rest = (
        Text(
            f"{number(idle, 0, Language.DA)} andre parter standser intet kritisk, hvis de falder bort alene.",
            f"{number(idle, 0, Language.EN)} other parties stop nothing critical if they alone are lost.",
        ),
    )
    return Section(
        Text("Hvad der standser, hvis én part falder bort", "What stops if one party is lost"),
        rest if idle else (),
        (table(columns, gravest, most),),
    )


def abroad(assessment: Assessment, most: int) -> Section:
    """What hangs on each country."""
    graph = assessment.risk.graph
    lost = [loss for loss in assessment.risk.losses if graph.kinds[loss.node] not in PARTIES and loss.count]
    return Section(
        Text("Lande og dataplaceringer", "Countries and data locations"),
        points=tuple(loss_sentence(graph, loss, assessment.label) for loss in lost[:most]),
    )


def targets(assessment: Assessment, most: int) -> Section | None:
    """What each critical function stands or falls with, and which losses stop it together."""
    risk = assessment.risk
    if not risk.targets:
        return None
    sentences: list[Text] = []
    for target in [target for target in risk.targets if target in risk.cuts][:most]:
        sentences += target_sentences(assessment, target)
    systems = risk.substitutability[Base.CRITICAL_SYSTEMS]
    if systems.alternatives:
        sentences.append(substitutability_sentence(systems, Base.CRITICAL_SYSTEMS))
    functions = risk.graph.kinds[risk.targets[0]] == "function"
    heading = (
        Text("Samfundskritiske funktioner", "Society-critical functions")
        if functions
        else Text("Kritiske systemer", "Critical systems")
    )
    return Section(heading, points=tuple(sentences))


def target_sentences(assessment: Assessment, target: int) -> Iterator[Text]:
    """What a system or function stands or falls with, which losses stop it together, and how much it will work."""
    risk, label = assessment.risk, assessment.label
    yield single_points_sentence(risk.graph, target, risk.points[target], label)
    yield cut_sets_sentence(risk.graph, risk.cuts[target], label)
    if target in risk.availability:
        yield availability_sentence(risk.graph, target, risk.availability[target], label)


def heavy(assessment: Assessment) -> list[Loss]:
    """The losses of one party that stop something, gravest first."""
    graph = assessment.risk.graph
    return [loss for loss in assessment.risk.losses if graph.kinds[loss.node] in PARTIES and loss.count]
