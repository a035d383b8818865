"""What the commands do, as functions: open the input once, then validate, ask or explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphsc import additions, loading
from graphsc.additions import Additions
from graphsc.derivation import Rule as DerivationRule
from graphsc.derivation import derive
from graphsc.graph import Dataset
from graphsc.location import Location
from graphsc.problems import Problem, Unavailable
from graphsc.service.measures import add_measures
from graphsc.service.own import derivation_rules, faults
from graphsc.settings import Settings
from graphsc.sources import Sources, read
from graphsc.store.folder import is_store
from graphsc.store.sealed import NotAStore
from graphsc.store.sources import remember
from graphsc.text import Text
from graphsc.validation import Engine, Report, Rule
from graphsc.validation import validate as judge
from graphsc.validation.baseline import Baseline


@dataclass(slots=True)
class Opened:
    """An input that was read and derived from: the sources, the dataset, and the settings it was done with.

    ``problems`` are those found beside the sources, such as in the configuration or in rules of the
    organisation's own; ``rules`` are the derivation rules that ran, ``own`` what the organisation added.
    """

    sources: Sources
    dataset: Dataset
    settings: Settings
    problems: list[Problem] = field(default_factory=list)
    rules: list[DerivationRule] = field(default_factory=list)
    own: Additions = field(default_factory=Additions)


def open_paths(paths: Sequence[Path], settings: Settings, problems: Sequence[Problem] = ()) -> Opened:
    """Read files and folders, and derive what follows from them at the evaluation date.

    Never raises for what is wrong with the input: that becomes problems. A store on disk stands for what was loaded into
    it, and stands alone.
    """
    if stores := [path for path in paths if is_store(path)]:
        from graphsc.service.storing import open_store

        if len(paths) > 1:
            raise Unavailable(
                Text(
                    f"{stores[0]} er et lager; det kan ikke læses sammen med andet.",
                    f"{stores[0]} is a store; it cannot be read together with anything else.",
                )
            )
        if settings.endpoint is not None:
            raise Unavailable(
                Text(
                    f"{stores[0]} er et lager; det kan ikke bruges sammen med en server.",
                    f"{stores[0]} is a store; it cannot be used together with a server.",
                )
            )
        try:
            return open_store(stores[0], settings, problems)
        except NotAStore as error:
            raise Unavailable(
                Text(f"{stores[0]} kan ikke bruges: {error}", f"{stores[0]} cannot be used: {error}")
            ) from None
    own = additions.read(settings.knowledge)
    sources = read(paths, base=settings.base, additions=own.triples)
    return work_out(sources, settings, own, [*problems, *own.problems])


def work_out(sources: Sources, settings: Settings, own: Additions, problems: Sequence[Problem]) -> Opened:
    """Derive what follows from sources that were read, at the evaluation date; ``problems`` are those found so far."""
    dataset = loading.load(sources, settings, own.triples)
    if settings.endpoint is None:
        sources.leave_to(dataset.embedded, dataset.said)
    rules, wrong = derivation_rules(own, dataset, settings)
    found = [*problems, *wrong, *faults(own, dataset, settings)]
    derive(dataset, rules)
    return Opened(sources, dataset, settings, found, rules, own)


def validate(
    opened: Opened, *, engine: Engine = "compiled", baseline: Baseline | None = None
) -> tuple[Report, dict[str, Rule]]:
    """Judge the rules; the report, and the rule catalogue that its codes stand in.

    Where the organisation has set a limit on a measure of risk, the measures are worked out first.
    """
    problems = list(opened.problems)
    if opened.settings.limits and (missing := add_measures(opened.dataset)):
        problems.append(Problem("missing-analysis", missing, Location(opened.settings.origin.get("limits", "limits"))))
    report, rules = judge(
        opened.dataset,
        opened.sources,
        opened.settings,
        engine=engine,
        problems=problems,
        baseline=baseline,
    )
    remember(opened.sources)
    placed = (_placed(problem, opened.own) for problem in report.problems)
    return replace(report, problems=tuple(sorted(placed, key=lambda problem: problem.order))), rules


def _placed(problem: Problem, own: Additions) -> Problem:
    """A problem of a shape of the organisation's own, at the place where the shape is written."""
    place = own.locate(problem.location.file) if problem.code == "unsupported-shape" else None
    return problem if place is None else replace(problem, location=place)
