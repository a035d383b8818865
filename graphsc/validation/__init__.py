"""Validation: the shapes are judged on the derived dataset, and the results made into findings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import pyoxigraph as ox

from graphsc.core.problems import Location, Problem, by_place
from graphsc.core.resources import knowledge_text
from graphsc.core.settings import Settings
from graphsc.core.text import Text
from graphsc.core.vocabulary import G_EXPECTED_OF, RDF_TYPE, G, local_name
from graphsc.graph.backend import Term
from graphsc.graph.dataset import Dataset, plain
from graphsc.sources.model import Sources
from graphsc.validation import waivers
from graphsc.validation.answers import answers, renewals
from graphsc.validation.assembly import Assembler
from graphsc.validation.baseline import Baseline
from graphsc.validation.baseline import apply as apply_baseline
from graphsc.validation.dispatch import Engine, Judged, judge
from graphsc.validation.engine import counts
from graphsc.validation.examples.graphs import example_terms
from graphsc.validation.findings import SWITCHED_OFF, Finding, Holding, Report, RuleOutcome, inputs_of
from graphsc.validation.in_workbooks import in_workbooks
from graphsc.validation.rules import Rule
from graphsc.validation.rules import rules as read_rules
from graphsc.validation.shapes import Shape, Shapes, compile_shapes

__all__ = ["Engine", "Finding", "Report", "Rule", "holdings", "running", "selected", "unkept_reason", "validate"]

_BY_MANAGEMENT = knowledge_text("ontology/context/accepted-by-management.rq")
_APART = 3
"""Up to this many shapes that cannot be judged for the same reason are named one by one."""


def selected(code: str, settings: Settings) -> bool:
    """Whether a rule takes part: named by ``select`` (all when empty) and not by ``ignore``; a prefix names a family."""
    if settings.select and not any(code.startswith(name) for name in settings.select):
        return False
    return not any(code.startswith(name) for name in settings.ignore)


def unknown_code(settings: Settings, codes: Collection[str]) -> str | None:
    """The first name of a rule or family in the settings that no rule has; None where there is none."""
    names = (*settings.select, *settings.ignore, *settings.severity)
    return next((name for name in names if not name or not any(code.startswith(name) for code in codes)), None)


def validate(
    dataset: Dataset,
    sources: Sources,
    settings: Settings,
    *,
    engine: Engine = "compiled",
    problems: Sequence[Problem] = (),
    baseline: Baseline | None = None,
) -> tuple[Report, dict[str, Rule]]:
    """Judge every selected rule on a derived dataset; the report and the rules it speaks of.

    Rules on measures of risk take part once the organisation has set a limit.

    ``problems`` are those of reading the input, beyond the sources' own. Waivers in the data are applied,
    then the baseline.
    """
    compiled_shapes = compile_shapes(dataset)
    rules = read_rules(dataset, settings.severity, shapes=compiled_shapes)
    shapes = [
        shape
        for shape in compiled_shapes.shapes
        if selected(shape.code, settings) and (settings.limits or not rules[shape.code].measures)
    ]
    judged = judge(dataset, compiled_shapes, shapes, engine)
    due = renewals(dataset)
    assembler = Assembler(dataset, sources, rules, settings.severity, compiled_shapes, due)
    said = answers(dataset, sources, due)
    findings = [
        finding
        for finding in waivers.apply(
            said.apply(assembler.findings(judged.results), rules),
            _waivers(dataset, sources),
            settings.as_of,
            rules=rules,
            labels=assembler.labels,
        )
        if selected(finding.code, settings)
    ]
    outcomes = (*_outcomes(dataset, shapes, judged, rules, assembler.labels), *_switched_off(compiled_shapes, settings))
    hidden_count = fixed = 0
    if baseline is not None:
        new, hidden, gone = apply_baseline(findings, baseline)
        findings, hidden_count = list(new), len(hidden)
        unjudged = {outcome.code for outcome in outcomes if outcome.not_checked is not None}
        # what was not judged, or not everywhere, is not fixed
        fixed = sum(1 for entry in gone if selected(entry.code, settings) and entry.code not in unjudged)
    findings.sort(key=lambda finding: finding.order)
    base = sources.base or settings.base
    return (
        Report(
            as_of=settings.as_of,
            inputs=inputs_of(sources),
            problems=by_place([*problems, *sources.problems, *_not_judged(judged, compiled_shapes)]),
            rules=outcomes,
            findings=tuple(findings),
            labels=_labels(dataset, assembler, findings),
            holdings=holdings(dataset),
            running=running(dataset),
            known=hidden_count,
            fixed=0 if problems or sources.problems else fixed,  # what was not read is not fixed either
            base=base,
            unread=sources.unread,
            standing=in_workbooks(findings, sources),
        ),
        rules,
    )


def _not_judged(judged: Judged, shapes: Shapes) -> list[Problem]:
    """A problem for each shape that no engine judged; many with the same reason share one."""
    alike: dict[Text, list[str]] = {}
    for name, reason in {**shapes.refused, **judged.unjudged}.items():
        alike.setdefault(reason, []).append(name)
    return [
        Problem("unsupported-shape", _unjudged(names, reason), Location(names[0]))
        for reason, some in alike.items()
        for names in ([some] if len(some) > _APART else ([name] for name in some))
    ]


def _unjudged(names: Sequence[str], reason: Text) -> Text:
    if len(names) > 1:
        return Text(
            f"{len(names)} former kan ikke dømmes: {reason.da}", f"{len(names)} shapes cannot be judged: {reason.en}"
        )
    name = Text("uden navn", "without a name") if names[0].startswith("_:") else Text.same(names[0])
    return Text(f"formen {name.da} kan ikke dømmes: {reason.da}", f"the shape {name.en} cannot be judged: {reason.en}")


def _outcomes(
    dataset: Dataset,
    shapes: Sequence[Shape],
    judged: Judged,
    rules: Mapping[str, Rule],
    labels: Mapping[str, Text],
) -> tuple[RuleOutcome, ...]:
    """The outcome of each rule: how many nodes it judged, how many failed, and where it could not be judged."""
    failed: dict[str, set[Term]] = {}
    for result in judged.results:
        if not result.shape.late:
            failed.setdefault(result.shape.code, set()).add(result.focus)
    unkept: dict[str, set[Term]] = {}
    for quad in dataset.statements(G + "unkept"):
        if isinstance(quad.object, ox.NamedNode):
            unkept.setdefault(quad.object.value, set()).add(quad.subject)
    silent = counts(
        dataset,
        {
            shape.iri: f"SELECT DISTINCT ?this WHERE {{ {{ {shape.plan.targets} }} {_without(registers)} }}"
            for shape in shapes
            if shape.plan is not None
            and shape.iri not in judged.unjudged
            and (registers := sorted(unkept.keys() & rules[shape.code].registers))
        },
    )
    outcomes: dict[str, RuleOutcome] = {}
    for shape in shapes:
        if shape.late or shape.iri in judged.unjudged:
            continue
        focus, wrong = judged.focus.get(shape.iri, 0), failed.get(shape.code, set())
        quiet = silent.get(shape.iri, 0)
        registers = sorted(unkept.keys() & rules[shape.code].registers)
        if shape.plan is None:
            quiet = len(wrong & set[Term]().union(*(unkept[register] for register in registers)))
        reason = unkept_reason([labels[register] for register in registers], quiet, focus) if quiet else None
        outcomes[shape.code] = RuleOutcome(shape.code, focus, len(wrong), judged.engines[shape.iri], reason)
    return tuple(outcomes[code] for code in sorted(outcomes))


def _without(registers: Sequence[str]) -> str:
    """The graph pattern for nodes for which any of some registers is not kept."""
    return " UNION ".join(f"{{ ?this <{G}unkept> <{register}> }}" for register in registers)


def unkept_reason(registers: Sequence[Text], unkept: int, focus: int) -> Text:
    """Why a rule is not judged everywhere: for how many of its focus nodes its register, or one of them, is not kept."""
    if len(registers) > 1:
        named = Text.joined(Text(" og ", " and "), (Text(f"“{name.da}”", f"“{name.en}”") for name in registers))
        return Text(
            f"registrene {named.da} føres ikke alle for {unkept} af {focus}",
            f"the registers {named.en} are not all kept for {unkept} of {focus}",
        )
    (register,) = registers
    return Text(
        f"registeret “{register.da}” føres ikke for {unkept} af {focus}",
        f"the register “{register.en}” is not kept for {unkept} of {focus}",
    )


def _switched_off(shapes: Shapes, settings: Settings) -> Iterator[RuleOutcome]:
    """The rules that sh:deactivated switches off. They are reported, since an own shape could silence a shipped rule."""
    for code in shapes.off:
        if selected(code, settings):
            yield RuleOutcome(code, 0, 0, "compiled", SWITCHED_OFF)


def _waivers(dataset: Dataset, sources: Sources) -> list[waivers.Waiver]:
    """The waivers that the sources assert."""
    every = sorted(dataset.subjects(RDF_TYPE, G + "Waiver"))
    by_management = {plain(row["waiver"]) for row in dataset.select(_BY_MANAGEMENT)} if every else set()
    codes = {plain(quad.subject): plain(quad.object) for quad in dataset.statements(G + "code")} if every else {}
    result = []
    for waiver in every:

        def value(local: str, waiver: str = waiver) -> str | None:
            return min(dataset.values(waiver, G + local), default=None)

        rule, until = value("waives") or "", value("until")
        approver = value("approver")
        result.append(
            waivers.Waiver(
                iri=waiver,
                code=codes.get(rule, local_name(rule)),
                subject=value("waivedSubject") or "",
                value=value("waivedValue"),
                reason=value("reason"),
                approver=approver,
                until=date.fromisoformat(until) if until else None,
                location=sources.locate(waiver),
                approver_is_management=waiver in by_management,
            )
        )
    return result


def running(dataset: Dataset) -> int:
    """The number of agreements in force on the evaluation date, subcontracts and framework agreements included."""
    return len(dataset.subjects(RDF_TYPE, G + "ActiveAgreement"))


def holdings(dataset: Dataset) -> tuple[Holding, ...]:
    """The number of things read of each sort; last what is dated after the evaluation date and therefore left out."""
    words: dict[int, dict[str, tuple[str, str]]] = {}
    counts: dict[int, int] = {}
    for row in dataset.named_rows("context/holdings"):
        single, many = row["one"], row["many"]
        assert isinstance(single, ox.Literal)
        assert isinstance(many, ox.Literal)
        order = int(str(row["order"].value)) if isinstance(row["order"], ox.Literal) else 0
        counts[order] = int(row["count"].value) if isinstance(row["count"], ox.Literal) else 0
        words.setdefault(order, {})[single.language or ""] = (single.value, many.value)
    later = {quad.subject for quad in dataset.later if quad.predicate.value == RDF_TYPE}
    return (
        *(
            Holding(counts[order], Text(names["da"][0], names["en"][0]), Text(names["da"][1], names["en"][1]))
            for order, names in sorted(words.items())
        ),
        Holding(len(later), *_LATER),
    )


_LATER = (
    Text("ting, der er dateret senere og ikke tæller endnu", "thing that is dated later and does not count yet"),
    Text("ting, der er dateret senere og ikke tæller endnu", "things that are dated later and do not count yet"),
)


def _labels(dataset: Dataset, assembler: Assembler, findings: Sequence[Finding]) -> dict[str, Text]:
    """The names of everything that the findings mention; a missing property is named by the key to write."""
    labels = assembler.labels.of(set().union(*(finding.mentioned() for finding in findings)))
    missing = {f.group for f in findings if f.group is not None and f.group.startswith(G)}
    for predicate in missing & example_terms().properties.keys() if missing else ():
        labels[predicate] = _as_written(predicate, dataset)
    return labels


def _as_written(predicate: str, dataset: Dataset) -> Text:
    """The key of a property, and the top-level key of the things that have it, if there is only one."""
    terms = example_terms()
    prop = terms.properties[predicate]
    expected = [plain(cls) for cls in dataset.objects(ox.NamedNode(predicate), G_EXPECTED_OF)]
    cls = terms.classes.get(prop.domain or min(expected, default=""))
    if cls is None or not cls.containers:
        return prop.key
    under = {language: word for word, language in reversed(cls.containers)}
    return Text(f"{prop.key.da} under {under['da']}", f"{prop.key.en} under {under['en']}")
