"""The knowledge that the organisation adds, checked before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyoxigraph as ox

from graphsc import sparql
from graphsc.core import frameworks
from graphsc.core.problems import Location, Problem, by_place
from graphsc.core.resources import knowledge_text
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.vocabulary import RDFS, SHACL, G
from graphsc.derivation import Classes, Rule, classes_of, order
from graphsc.derivation import rules as catalogue
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset
from graphsc.graph.labels import readable
from graphsc.service.thresholds import thresholds
from graphsc.sources.own_knowledge import Additions

_WRITTEN = {G: "g:", RDFS: "rdfs:", SHACL: "sh:"}

_FAULTS = (
    (
        *("incomplete-rule", "incomplete-obligations", ("obligation",)),
        *("pligten {obligation} mangler {missing}", "the obligation {obligation} lacks {missing}"),
    ),
    (
        *("taken-code", "shared-codes", ("other", "rule")),
        *("koden {code} bruges af to regler", "the code {code} is used by two rules"),
    ),
    (
        *("bad-value", "lengthless-obligations", ("obligation",)),
        "{period} er ingen varighed: skriv per:P1Y eller en g:Parameter",
        "{period} is no length of time: write per:P1Y or a g:Parameter",
    ),
)
"""The checks of obligations: the code of the problem, its query, the variable it is about, and the message."""
_WITH_CONTEXT = frozenset({"lengthless-obligations"})
"""The queries that need the context of the run, not only the knowledge."""


def derivation_rules(additions: Additions, dataset: Dataset, settings: Settings) -> tuple[list[Rule], list[Problem]]:
    """The shipped derivation rules with those of the organisation, and the problems of rules that are left out."""
    rules = catalogue.load(settings.frameworks)
    shipped = {rule.name for rule in rules}
    classes = classes_of(dataset)
    problems: list[Problem] = []
    for name, text in additions.rules.items():
        reason = Text("en regel, der følger med, hedder det samme", "a shipped rule is called the same")
        if name not in shipped:
            admitted = _admitted(name, text, rules, classes)
            if isinstance(admitted, Rule):
                rules.append(admitted)
                continue
            reason = admitted
        problems.append(unused(additions, name, reason))
    return rules, problems


def unused(additions: Additions, name: str, reason: Text) -> Problem:
    """The problem of a derivation rule that is left out."""
    message = Text(f"reglen {name} kan ikke bruges: {reason.da}", f"the rule {name} cannot be used: {reason.en}")
    return Problem("bad-rule", message, Location(additions.files[name]))


def _admitted(name: str, text: str, rules: list[Rule], classes: Classes) -> Rule | Text:
    """The rule, if it can run together with the others, or the reason why it cannot."""
    if sparql.form(text) != "CONSTRUCT":
        return Text("den er ikke en CONSTRUCT", "it is no CONSTRUCT")
    try:
        rule = replace(catalogue.parse(name, text), own=True)
        order([*rules, rule], classes)
        Dataset().construct(text)  # of no facts, so that it ends at once
    except (ValueError, SyntaxError) as error:
        return Text.same(str(error))
    return rule


def faults(additions: Additions, dataset: Dataset, settings: Settings) -> list[Problem]:
    """Problems of incomplete obligations, codes in use, values that are no periods, and unknown names in the settings."""
    problems: list[Problem] = []
    for code, question, nodes, danish, english in _FAULTS:
        select = dataset.select if question in _WITH_CONTEXT else dataset.select_knowledge
        for row in select(knowledge_text(f"ontology/context/{question}.rq")):
            names = {key: (_written if key == "missing" else _name)(term) for key, term in row.items()}
            message = Text(danish.format(**names), english.format(**names))
            problems.append(Problem(code, message, _place(additions, [row[node] for node in nodes])))
    known = thresholds(dataset, settings)
    return [
        *by_place(dict.fromkeys(problems)),
        *_unknown(settings, "parameters", settings.parameters, [t.name for t in known if t.table == "parameters"]),
        *_unknown(settings, "limits", settings.limits, [t.name for t in known if t.table == "limits"]),
        *_unknown(settings, "frameworks", settings.frameworks, frameworks.names()),
    ]


def _unknown(settings: Settings, setting: str, names: Iterable[str], existing: Sequence[str]) -> list[Problem]:
    """A problem for each unknown parameter, limit or framework: a misspelt one would silently have no effect."""
    origin = settings.origin.get(setting, setting)
    return [
        Problem(
            "bad-config",
            Text(
                f"ukendt navn under {setting}: {name}. Der findes {', '.join(existing)}.",
                f"unknown name under {setting}: {name}. There are {', '.join(existing)}.",
            ),
            Location(origin),
        )
        for name in sorted(set(names))
        if name not in existing
    ]


def _place(additions: Additions, nodes: Iterable[Term]) -> Location:
    """The location of the first of the nodes that is a subject of the added knowledge."""
    places = (additions.locate(_iri(node)) for node in nodes)
    return next((place for place in places if place is not None), Location(", ".join(additions.paths)))


def _iri(term: Term) -> str:
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)


def _name(term: Term) -> str:
    return readable(_iri(term)) if isinstance(term, ox.NamedNode) else _iri(term)


def _written(term: Term) -> str:
    """A term of the knowledge in Turtle."""
    iri = _iri(term)
    for namespace, prefix in _WRITTEN.items():
        if iri.startswith(namespace):
            return prefix + iri.removeprefix(namespace)
    return iri
