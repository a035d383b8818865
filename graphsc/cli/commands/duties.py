"""``graphsc duties``."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from graphsc.cli.common import (
    colored,
    fail,
    fail_on_name,
    hint,
    known_codes,
    known_format,
    put,
    read_settings,
    require,
    stop_if_unread,
)
from graphsc.cli.group import OnData
from graphsc.cli.options import AsOf, Color, Lang, Output, Paths, as_format
from graphsc.core.periods import Period
from graphsc.core.text import Language, Text
from graphsc.duties.duties import State
from graphsc.rendering.duties import FORMATS, render
from graphsc.rendering.duties import gaps as gaps_page
from graphsc.rendering.duties import handover as handover_page
from graphsc.service import open_paths
from graphsc.service.duties import duties as list_duties
from graphsc.service.duties import duty_filter, span
from graphsc.service.gaps import gaps as find_gaps
from graphsc.service.gaps import if_leaves as what_leaves
from graphsc.service.lookup import UnknownNameError

app = typer.Typer(rich_markup_mode=None, add_completion=False)
_LIMITS = ("agreements", "roles", "duties")


@app.command(cls=OnData)
def duties(
    paths: Paths,
    holder: Annotated[
        str | None, typer.Option("--holder", metavar="ORG", help="Only what this organisation owes.")
    ] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", help="Only what falls to this role.")] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="ID", help="Only what falls to this person.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only what comes under this agreement.")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--within", metavar="30d", help="Only what must be done within this time: 30d, 2w, 3m, 1y."),
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="STATE", help="overdue, open, waived, met or not-recorded. Repeatable."),
    ] = None,
    gaps: Annotated[
        bool,
        typer.Option("--gaps", help="Instead: unfilled roles, duties of nobody, one person on both sides, too much."),
    ] = False,
    most: Annotated[
        list[str] | None,
        typer.Option(
            "--most", metavar="WHAT=N", help="With --gaps: what one person may have; agreements, roles, duties."
        ),
    ] = None,
    if_leaves: Annotated[
        str | None, typer.Option("--if-leaves", metavar="ID", help="Instead: what this person leaves behind.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="With --if-leaves: from which day.")] = None,
    form: Annotated[str, as_format("text, json, csv, markdown or ics (a calendar).")] = "text",
    output: Output = None,
    as_of: AsOf = None,
    lang: Lang = None,
    color: Color = None,
) -> None:
    """Show who owes what by when: what is overdue first, then by date, for each holder.

    A name may be the end of an IRI (p07, org/nordlys) or what the thing is called. Exit code 2: some input could not
    be read.
    """
    on = _day(on, read_settings(language=lang)[0].language)
    day = on if if_leaves is not None and as_of is None else as_of
    settings, problems = read_settings(as_of=day, language=lang)
    language = settings.language
    handover = if_leaves is not None
    plain = gaps or handover
    known_format(form, FORMATS[:-1] if plain else FORMATS, language)
    if form == "ics":
        require("calendar", ("icalendar",), language)
    named = any((holder, role, person, agreement))
    _exclude(
        [
            ("--gaps", "--if-leaves", gaps and handover),
            ("--gaps", "--within", gaps and within is not None),
            ("--gaps", "--state", gaps and bool(state)),
            ("--if-leaves", "--within", handover and within is not None),
            ("--if-leaves", "--state", handover and bool(state)),
            ("--if-leaves", "--holder, --role, --person, --agreement", handover and named),
            ("--on", "--as-of", on is not None and as_of not in {None, on}),
        ],
        language,
    )
    _need("--most", "--gaps", bool(most) and not gaps, language)
    _need("--on", "--if-leaves", on is not None and not handover, language)
    states = tuple(_state(text, language) for text in state or ())
    limits = dict(_limit(text, language) for text in most or ())
    time = _time(within, language)
    opened = open_paths(paths, settings, problems)
    try:
        if if_leaves is not None:
            left = what_leaves(opened, if_leaves)
            page, unread = handover_page.render(left, form, language=language), left.problems
        else:
            wanted = duty_filter(
                opened, holder=holder, role=role, person=person, agreement=agreement, within=time, states=states
            )
            if gaps:
                lacking = find_gaps(opened, wanted, limits)
                page, unread = gaps_page.render(lacking, form, language=language), lacking.problems
            else:
                listed = list_duties(opened, wanted)
                known_codes(settings, listed.rules, listed.problems)
                colour = colored(color) and output is None
                page, unread = render(form, listed, language=language, color=colour), listed.problems
    except UnknownNameError as error:
        fail_on_name(error.reason, opened.unread, language)
    put(page, output, language)
    stop_if_unread(unread, language)


def _exclude(pairs: Sequence[tuple[str, str, bool]], language: Language) -> None:
    """Stop at options that do not go together."""
    for first, second, both in pairs:
        if both:
            fail(Text(f"{first} går ikke sammen med {second}", f"{first} does not go together with {second}"), language)


def _need(option: str, other: str, alone: bool, language: Language) -> None:
    """Stop at an option that needs another."""
    if alone:
        fail(Text(f"{option} hører til {other}", f"{option} belongs to {other}"), language)


def _state(text: str, language: Language) -> State:
    known = {str(state).replace(" ", "-"): state for state in State}
    if text not in known:
        near = hint(text, list(known))
        fail(
            Text(
                f"ukendt tilstand: {text}. Vælg {', '.join(known)}.{near.da}",
                f"unknown state: {text}. Choose {', '.join(known)}.{near.en}",
            ),
            language,
        )
    return known[text]


def _day(text: str | None, language: Language) -> str | None:
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError:
        fail(
            Text(
                f"--on skal være en dato som 2026-11-25, ikke {text}",
                f"--on must be a date such as 2026-11-25, not {text}",
            ),
            language,
        )


def _time(text: str | None, language: Language) -> Period | None:
    try:
        return None if text is None else span(text)
    except ValueError:
        fail(
            Text(
                f"--within er en varighed som 30d, 2w, 3m eller 1y, ikke {text}",
                f"--within is a length of time such as 30d, 2w, 3m or 1y, not {text}",
            ),
            language,
        )


def _limit(text: str, language: Language) -> tuple[str, int]:
    """How much one person may have of what: ``agreements=8``."""
    what, _, number = text.partition("=")
    if what not in _LIMITS or not number.isascii() or not number.isdigit() or len(number) > 9:
        forms = ", ".join(f"{name}=N" for name in _LIMITS)
        fail(Text(f"--most er {forms}, ikke {text}", f"--most is {forms}, not {text}"), language)
    return f"many-{what}", int(number)
