"""The first page: the verdict, three sentences that an adviser can repeat, and the trend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from graphsc.analysis.model import PARTIES, critical_nodes, of_kind
from graphsc.analysis.resilience.sentences import loss_sentence, nothing_alone
from graphsc.core.periods import Period
from graphsc.core.text import Language, Text, capital, short_day, written_day
from graphsc.drawing import charts
from graphsc.drawing.charts import Series
from graphsc.duties.duties import State
from graphsc.service.report.content import Group, Measured, Standing, Trend, Verdict
from graphsc.service.report.view import View
from graphsc.validation import wording
from graphsc.validation.findings import SEVERITIES, Report, Severity

_TITLES = {
    Standing.UNKNOWN: Text(
        "Kan ikke afgøres: Noget kunne ikke læses", "Cannot be determined: some input could not be read"
    ),
    Standing.BROKEN: Text("Kravene er ikke overholdt", "The requirements are not met"),
    Standing.RESERVED: Text("Ingen overtrædelser, men der er forbehold", "No breaches, with reservations"),
    Standing.NOTHING: Text("Der er intet at bedømme", "There is nothing to judge"),
    Standing.UNBROKEN: Text("Ingen krav er brudt", "No requirement is broken"),
}
_OVERDUE = (Text("pligt er forfalden", "duty is overdue"), Text("pligter er forfaldne", "duties are overdue"))
_BREACHES, _QUESTIONS = SEVERITIES[Severity.BREACH], SEVERITIES[Severity.QUESTION]


def verdict(view: View, groups: Sequence[Group]) -> Verdict:
    """The verdict, in a title and three sentences: what is wrong, what depends on it, what must be done."""
    standing = standing_of(view.report)
    return Verdict(standing, _TITLES[standing], (_judged(view.report), _at_stake(view), _to_do(view, groups)))


def standing_of(report: Report) -> Standing:
    """The verdict as one word: unbroken only if there are no findings and everything could be judged."""
    if report.count(Severity.BREACH):
        return Standing.BROKEN
    if report.partial:
        return Standing.UNKNOWN
    if not report.findings and (report.running == 0 or not wording.judged(report)):
        return Standing.NOTHING
    if report.findings or wording.not_judged(report, Language.EN):
        return Standing.RESERVED
    return Standing.UNBROKEN


def _judged(report: Report) -> Text:
    """What is wrong, and what could not be judged."""
    wrong = _wrong(report)
    open_ = Text.per_language(lambda language: wording.not_judged(report, language))
    return Text.per_language(lambda language: wrong[language] + (f" {capital(open_[language])}." if open_.en else ""))


def _wrong(report: Report) -> Text:
    found = {finding.code for finding in report.findings if finding.counts}
    judged = wording.judged(report) | found
    if report.running == 0 and not found:
        return Text(
            "Ingen aftale løber på vurderingsdatoen, så reglerne har ingen at kontrollere.",
            "No agreement runs on the evaluation date, so the rules have none to judge.",
        )
    if not judged:
        return Text(
            "Der er intet i det læste, som reglerne kan kontrollere.",
            "The rules have nothing to judge in what was read.",
        )
    if not found:
        return Text(
            f"Ingen af de {len(judged)} regler, der havde noget at kontrollere, er brudt.",
            f"None of the {len(judged)} rules that had something to judge is broken.",
        )
    numbers = Text.per_language(lambda language: wording.numbers(wording.counted(report), language))
    return Text(
        f"Der er {numbers.da}, fundet af {len(found)} af de {len(judged)} regler, der havde noget at kontrollere.",
        f"There {'is' if numbers.en.startswith('1 ') else 'are'} {numbers.en}, found by {len(found)} of the {len(judged)} rules that had something to judge.",
    )


def _at_stake(view: View) -> Text:
    """What depends on it: the heaviest single loss."""
    risk = view.assessment.risk
    heavy = next((loss for loss in risk.losses if risk.graph.nodes[loss.node]["kind"] in PARTIES and loss.count), None)
    if heavy is not None:
        return loss_sentence(risk.graph, heavy, view.assessment.label)
    if critical_nodes(risk.graph):
        return nothing_alone(risk.graph)
    parties = len(of_kind(risk.graph, "organisation"))
    chain = Text.counted(parties, Text("part", "party"), Text("parter", "parties"))
    if view.party is not None:  # a party may not see what the customer depends on
        return Text(f"Kæden her har {chain.da}.", f"The chain here has {chain.en}.")
    return Text(
        f"Kæden har {chain.da}; der er ikke registreret noget samfundskritisk, som afhænger af den.",
        f"The chain has {chain.en}; nothing society-critical is recorded as depending on it.",
    )


def _to_do(view: View, groups: Sequence[Group]) -> Text:
    overdue = sorted(duty.due for duty in view.duties if duty.state is State.OVERDUE and duty.due is not None)
    late = Text("", "")
    if overdue:
        many = Text.counted(len(overdue), *_OVERDUE)
        oldest = written_day(overdue[0])
        late = Text(f" {many.da}, den ældste siden {oldest.da}.", f" {many.en}, the oldest since {oldest.en}.")
    if not groups:
        open_ = Text(" i det, der kunne bedømmes", " in what could be judged")
        where = open_ if wording.not_judged(view.report, Language.EN) else Text(" nu", " now")
        return Text(f"Der er intet at rette{where.da}.{late.da}", f"There is nothing to mend{where.en}.{late.en}")
    first = max(groups, key=lambda group: len(group.items))
    total = sum(len(group.items) for group in groups)
    if sum(1 for group in groups if len(group.items) == len(first.items)) > 1:
        return Text(
            f"Fundene venter på {len(groups)} forskellige; ingen har flere end {first.who.da}: {len(first.items)} af {total}.{late.da}",
            f"The findings wait for {len(groups)} different parties; none has more than {first.who.en}: {len(first.items)} of {total}.{late.en}",
        )
    return Text(
        f"Flest fund venter på {first.who.da}: {len(first.items)} af {total}.{late.da}",
        f"Most findings wait for {first.who.en}: {len(first.items)} of {total}.{late.en}",
    )


def measured(report: Report) -> Measured:
    """One point of the trend."""
    return Measured(report.as_of, report.count(Severity.BREACH), report.count(Severity.QUESTION))


def trend(days: Sequence[Measured]) -> Trend | None:
    """The trend, the latest day last; None for a single day."""
    if len(days) < 2:
        return None
    sentence = _change(days[-2], days[-1])
    chart = {
        str(language): charts.over_time(
            "chart-trend",
            Text("Udviklingen", "The trend")[language],
            "; ".join(
                f"{written_day(day.day)[language]}: {Text.counted(day.breaches, *_BREACHES)[language]}, {Text.counted(day.questions, *_QUESTIONS)[language]}"
                for day in days
            ),
            [day.day for day in days],
            [
                Series(capital(_BREACHES[1][language]), tuple(day.breaches for day in days)),
                Series(capital(_QUESTIONS[1][language]), tuple(day.questions for day in days)),
            ],
            lambda day, language=language: short_day(day)[language],  # type: ignore[misc]
        )
        for language in Language
    }
    return Trend(tuple(days), sentence, chart)


def _change(before: Measured, now: Measured) -> Text:
    direction = _direction(before, now)
    breaches = _step(_BREACHES, before.breaches, now.breaches)
    questions = _step(_QUESTIONS, before.questions, now.questions)
    return Text(
        f"{direction.da} siden {written_day(before.day).da}: {breaches.da}, {questions.da}.",
        f"{direction.en} since {written_day(before.day).en}: {breaches.en}, {questions.en}.",
    )


def _step(words: tuple[Text, Text], before: int, now: int) -> Text:
    if before == now:
        same = Text.counted(now, *words)
        return Text(f"stadig {same.da}", f"still {same.en}")
    many = words[1]
    return Text(f"{many.da} fra {before} til {now}", f"{many.en} from {before} to {now}")


def _direction(before: Measured, now: Measured) -> Text:
    change = (now.breaches - before.breaches, now.questions - before.questions)
    if change == (0, 0):
        return Text("Uændret", "Unchanged")
    if max(change) <= 0:
        return Text("Bedre", "Better")
    if min(change) >= 0:
        return Text("Værre", "Worse")
    return Text("Både bedre og værre", "Both better and worse")


def earlier_days(as_of: date, quarters: int) -> list[date]:
    """The days before the evaluation date at intervals of a quarter, the earliest first."""
    return [Period.parse(f"P{3 * number}M").cutoff(as_of) for number in range(quarters, 0, -1)]
