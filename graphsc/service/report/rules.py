"""The outcomes of the rules: broken, passed, without anything to judge, and not judged, with the reasons."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from graphsc.core.text import Text
from graphsc.core.vocabulary import RDF_TYPE, G
from graphsc.duties.duties import State
from graphsc.duties.facts import Evidence
from graphsc.duties.words import whose
from graphsc.service.report.content import Rules, RuleState
from graphsc.service.report.view import View
from graphsc.validation import selected, waivers, wording
from graphsc.validation.findings import RuleOutcome
from graphsc.validation.rules import Rule
from graphsc.validation.shapes import Shape, compile_shapes

_PREFIX = re.compile(r"^PREFIX .*\n", re.MULTILINE)
_LEFT_OUT = Text(
    "fravalgt med --select, --ignore eller indstillingerne", "left out by --select, --ignore or the settings"
)
_NO_LIMIT = Text(
    "organisationen har ikke sat en grænse ([limits] i graphsc.toml)",
    "the organisation has set no limit ([limits] in graphsc.toml)",
)


def rules(view: View) -> Rules:
    """Every rule of the catalogue, by its state."""
    outcomes = {outcome.code: outcome for outcome in wording.outcomes(view.report)}
    shapes = [shape for shape in compile_shapes(view.dataset).shapes if not shape.late]
    texts = {shape.code: _query_text(shape) for shape in shapes}
    queries = {code: _PREFIX.sub("", query).strip() for code, query in texts.items()}
    prefixes = sorted({line for query in texts.values() for line in _PREFIX.findall(query)})
    met: dict[str, dict[Evidence, None]] = defaultdict(dict)
    for duty in view.duties:
        if duty.state in {State.MET, State.OPEN}:
            met[duty.rule] |= dict.fromkeys(duty.satisfied_by)
    counted = {finding.code for finding in view.report.findings if finding.counts}
    broken, excused, passed, idle, unchecked, partly = [], [], [], [], [], []
    for rule in view.rules.values():
        outcome = outcomes.get(rule.code) or _of_waivers(view, rule)
        reason = _reason(view, rule, outcome)
        statements = tuple((name, view.statements.get(name)) for name in rule.statements)
        state = RuleState(
            rule, outcome, reason, statements, queries.get(rule.code, ""), whose(met.get(rule.code, ()), view.name)
        )
        if rule.code in counted:
            broken.append(state)
        elif outcome is None or (reason is not None and not outcome.failed):
            unchecked.append(state)
            continue
        elif outcome.failed:
            excused.append(state)
        elif outcome.focus:
            passed.append(state)
        else:
            idle.append(state)
        if reason is not None:
            partly.append(state)
    broken.sort(key=lambda state: (state.rule.severity.rank, state.rule.code))
    return Rules(
        broken=tuple(broken),
        excused=tuple(excused),
        passed=tuple(passed),
        idle=tuple(idle),
        unchecked=tuple(unchecked),
        partly=tuple(partly),
        prefixes="".join(prefixes).strip(),
    )


def _reason(view: View, rule: Rule, outcome: RuleOutcome | None) -> Text | None:
    """Why a rule was not judged, or not everywhere; None where it was."""
    if outcome is not None:
        return outcome.not_checked
    if not selected(rule.code, view.settings):
        return _LEFT_OUT
    return (
        _NO_LIMIT if rule.measures else Text("reglen har ingen form, der kan dømmes", "the rule has no shape to judge")
    )


def _of_waivers(view: View, rule: Rule) -> RuleOutcome | None:
    """The outcome of a rule on waivers, which no shape judges."""
    if rule.code not in {waivers.UNUSED, waivers.INVALID} or not selected(rule.code, view.settings):
        return None
    count = len(view.dataset.subjects(RDF_TYPE, G + "Waiver"))
    failed = Counter(finding.code for finding in view.report.findings)[rule.code]
    return RuleOutcome(rule.code, count, failed, "waivers")


def _query_text(shape: Shape) -> str:
    """The query of a shape where it is written as one, otherwise those of its plan."""
    return shape.query or "\n\n".join(query.text for query in (shape.plan.queries if shape.plan else ()))
