"""``graphsc explain``."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from graphsc.cli.common import fail, hint, read_settings, show_problems, stop_if_unread, write_output
from graphsc.cli.options import Framework, Given, argument, option
from graphsc.core.text import Language, Text
from graphsc.coverage.checks import with_facts
from graphsc.coverage.statements import readings, statements
from graphsc.rendering import explanation as pages
from graphsc.service import Opened, explained, near_misses, open_paths, validate
from graphsc.service.coverage import standing
from graphsc.validation import Report, Rule
from graphsc.validation.rules import references

DANISH = """Forklar en regel, et udsagn i vejledningen eller et fund.

En bestemmelse i et andet regelsæt kan også forklares. Et fund kræver de data, det er i, og nævnes ved sit
fingeraftryk (i JSON og SARIF og i parentes efter stedet i teksten)."""


def run(
    what: Annotated[
        str,
        argument(
            da="En regels kode, et udsagns eller en bestemmelses id eller et funds fingeraftryk.",
            en="A rule's code, the id of a statement or provision, or a finding's fingerprint.",
        ),
    ],
    paths: Annotated[
        list[Path] | None,
        argument(
            da="Med data: dagens tilstand og de kendsgerninger, den bygger på.",
            en="With input: today's state and the facts beneath it.",
        ),
    ] = None,
    *,
    given: Given,
    depth: Annotated[
        int,
        option(
            min=1, da="Hvor langt ned udledte kendsgerninger skal følges.", en="How far down to follow derived facts."
        ),
    ] = 3,
    framework: Framework = None,
) -> None:
    """Explain a rule, a statement of the guide or a finding.

    A provision of another framework is explained too. A finding takes the input that it is in, and is named by its
    fingerprint (in JSON and SARIF output, and in brackets behind the place in the text).
    """
    settings, problems = read_settings(given, frameworks=framework)
    language = settings.language
    opened = open_paths(paths or [], settings, problems)
    report, rules = validate(opened)
    today = with_facts(opened.dataset, report) if paths else None
    page = _finding_page(what, opened, (report, rules), language, depth)
    guide_statements = statements(opened.dataset)
    provisions = references(opened.dataset)
    if page is None and what in rules:
        page = pages.rule_page(
            rules[what], guide_statements, readings(opened.dataset, rules[what].iri), today, language
        )
    elif page is None and (statement := standing(opened, what, (report, rules))) is not None:
        carriers = [carrier.iri for carrier in statement.statement.carriers if carrier.name in rules]
        read = {iri: readings(opened.dataset, iri) for iri in carriers}
        page = pages.statement_page(statement, rules, read, today, language)
    elif page is None and what in provisions:
        page = pages.provision_page(provisions[what], rules, today, language)
    elif page is None:
        show_problems(report.problems)
        near = hint(what, [*rules, *guide_statements, *provisions])
        if not paths and not near.en:
            near = Text(
                " Et fund forklares ud fra sine data: graphsc explain ID STI.",
                " A finding is explained from its data: graphsc explain ID PATH.",
            )
        fail(
            f"{what} er hverken en regel, et udsagn, en bestemmelse eller et fund i dataene.{near.da}",
            f"{what} is neither a rule, a statement, a provision nor a finding of the input given.{near.en}",
        )
    write_output(page)
    stop_if_unread(report.problems)


def _finding_page(
    fingerprint: str, opened: Opened, judged: tuple[Report, Mapping[str, Rule]], language: Language, depth: int
) -> str | None:
    """The page of the finding with a fingerprint, if there is one."""
    report, rules = judged
    finding = next((finding for finding in report.findings if finding.fingerprint == fingerprint), None)
    if finding is None:
        return None
    finding = near_misses(opened, replace(report, findings=(finding,)), rules).findings[0]
    facts = explained(opened, finding, depth)
    return pages.finding_page(finding, facts, rules.get(finding.code), report, language)
