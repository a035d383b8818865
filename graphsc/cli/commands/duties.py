"""``graphsc duties``."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from graphsc.cli.common import (
    check_codes,
    check_format,
    check_name,
    colored,
    day,
    fail,
    naming,
    note,
    read_settings,
    require,
    stop_if_unread,
    write_files,
    write_output,
)
from graphsc.cli.options import Color, Given, Output, Paths, as_format, option
from graphsc.core import escape
from graphsc.core.periods import Period
from graphsc.core.problems import Problem
from graphsc.core.text import Text
from graphsc.duties.duties import State
from graphsc.duties.results import DutyFilter
from graphsc.rendering import duties as duties_page
from graphsc.rendering import mail, responsibility
from graphsc.service import Opened, open_paths
from graphsc.service.duties import duties, duty_filter, span
from graphsc.service.duties import gaps as find_gaps
from graphsc.service.duties import if_leaves as leaving

_LIMITS = ("agreements", "roles", "duties")

DANISH = """Vis, hvem der skal gøre hvad inden hvornår: for hver person det, der haster mest, først, og samlet, hvad der gøres på én gang.

Et navn kan være slutningen af en IRI (p07, org/nordlys) eller det, som tingen hedder. Slutkode 2: Noget kunne ikke læses."""


@dataclass(frozen=True)
class Whose:
    """The options that choose among duties."""

    holder: Annotated[
        str | None, option(metavar="ORG", da="Kun denne organisations pligter.", en="Only what this organisation owes.")
    ] = None
    role: Annotated[
        str | None, option(metavar="ROLE", da="Kun det, der påhviler denne rolle.", en="Only what falls to this role.")
    ] = None
    person: Annotated[
        str | None, option(metavar="ID", da="Kun det, der påhviler denne person.", en="Only what falls to this person.")
    ] = None
    agreement: Annotated[
        str | None,
        option(metavar="ID", da="Kun det, der hører under denne aftale.", en="Only what comes under this agreement."),
    ] = None
    within: Annotated[
        str | None,
        option(
            metavar="30d",
            da="Kun det, der skal gøres inden for denne tid: 30d, 2w, 3m, 1y.",
            en="Only what must be done within this time: 30d, 2w, 3m, 1y.",
        ),
    ] = None
    state: Annotated[
        list[str] | None,
        option(
            metavar="STATE",
            da="overdue, open, waived, met eller not-recorded. Kan gentages.",
            en="overdue, open, waived, met or not-recorded. Repeatable.",
        ),
    ] = None


def run(
    paths: Paths,
    *,
    whose: Whose,
    gaps: Annotated[
        bool,
        option(
            "--gaps",
            da="I stedet: ubesatte roller, pligter uden nogen til at varetage dem, samme person på begge sider, for meget på én person.",
            en="Instead: unfilled roles, duties of nobody, one person on both sides, too much.",
        ),
    ] = False,
    most: Annotated[
        list[str] | None,
        option(
            metavar="WHAT=N",
            da="Med --gaps: hvor meget én person må have; agreements, roles, duties.",
            en="With --gaps: what one person may have; agreements, roles, duties.",
        ),
    ] = None,
    if_leaves: Annotated[
        str | None,
        option(
            metavar="ID",
            da="I stedet: det, som denne person efterlader sig.",
            en="Instead: what this person leaves behind.",
        ),
    ] = None,
    on: Annotated[
        str | None,
        option(metavar="DATE", da="Med --if-leaves: fra hvilken dag.", en="With --if-leaves: from which day."),
    ] = None,
    form: Annotated[
        str,
        as_format(
            "text, json, csv, markdown, html, ics (en kalender) eller mail (en kladde til hver person i mappen --output).",
            "text, json, csv, markdown, html, ics (a calendar) or mail (a draft for each person in the folder --output).",
        ),
    ] = "text",
    output: Output = None,
    given: Given,
    color: Color = None,
) -> None:
    """Show who owes what by when: for each person what presses most first, and together what is done in one go.

    A name may be the end of an IRI (p07, org/nordlys) or what the thing is called. Exit code 2: some input could not
    be read.
    """
    on = None if on is None else day("--on", on).isoformat()
    handover = if_leaves is not None
    settings, problems = read_settings(replace(given, as_of=on) if handover and given.as_of is None else given)
    check_format(form, responsibility.FORMATS if gaps or handover else duties_page.FORMATS)
    if form == "ics":
        require("calendar", "icalendar")
    if form == "mail" and (output is None or output.is_file()):
        fail(
            "mail skrives i en mappe: brug --output MAPPE",
            "mail is written to a folder: use --output FOLDER",
        )
    _exclude("--gaps", "--if-leaves", gaps and handover)
    for mode, chosen in (("--gaps", gaps), ("--if-leaves", handover)):
        _exclude(mode, "--within", chosen and whose.within is not None)
        _exclude(mode, "--state", chosen and bool(whose.state))
    named = any((whose.holder, whose.role, whose.person, whose.agreement))
    _exclude("--if-leaves", "--holder, --role, --person, --agreement", handover and named)
    _exclude("--on", "--as-of", on is not None and given.as_of not in {None, on})
    _need("--most", "--gaps", bool(most) and not gaps)
    _need("--on", "--if-leaves", on is not None and not handover)
    states = {str(each).replace(" ", "-"): each for each in State}
    selected_states = [states[check_name(text, list(states), Text("tilstand", "state"))] for text in whose.state or ()]
    limits = dict(map(_limit, most or ()))
    time = None if whose.within is None else _time(whose.within)
    opened = open_paths(paths, settings, problems)
    page: str | dict[str, bytes]
    with naming(opened):
        if if_leaves is not None:
            page, unread = _left_behind(opened, if_leaves, form)
        else:
            names = {"holder": whose.holder, "role": whose.role, "person": whose.person, "agreement": whose.agreement}
            criteria = duty_filter(opened, **names, within=time, states=selected_states)
            colour = colored(color) and output is None
            page, unread = (
                _gaps(opened, criteria, limits, form) if gaps else _duties(opened, criteria, form, colour=colour)
            )
    if isinstance(page, str):
        write_output(page, output)
    else:
        _write_drafts(page, output)
    stop_if_unread(unread)


def _write_drafts(drafts: Mapping[str, bytes], output: Path | None) -> None:
    """Write drafts of mail into a folder, and say how many, and which others lie there."""
    assert output is not None
    write_files({output / name: draft for name, draft in drafts.items()}, folders=True)
    number = Text.counted(len(drafts), Text("kladde", "draft"), Text("kladder", "drafts"))
    place = output.as_posix()
    note(f"{number.da} er skrevet i {place}. Intet er sendt.", f"{number.en} written in {place}. Nothing was sent.")
    earlier = sorted({file.name for file in output.glob(f"*{mail.SUFFIX}")} - set(drafts)) if output.is_dir() else []
    if earlier:
        names = ", ".join(map(escape.brief, earlier))
        note(
            f"I mappen ligger også {names}, som ikke er skrevet nu. Se efter, om de stadig gælder, før I sender dem.",
            f"In the folder there are also {names}, not written now. See whether they still hold before you send them.",
        )


def _duties(
    opened: Opened, criteria: DutyFilter, form: str, *, colour: bool
) -> tuple[str | dict[str, bytes], Collection[Problem]]:
    """The page of the duties, or drafts of mail by the names of their files, and what could not be read."""
    listed = duties(opened, criteria)
    check_codes(opened.settings, listed.rules, listed.problems)
    if form == "mail":
        return mail.mails(listed, language=opened.settings.language), listed.problems
    return duties_page.render(listed, form, language=opened.settings.language, color=colour), listed.problems


def _gaps(
    opened: Opened, criteria: DutyFilter, limits: Mapping[str, int], form: str
) -> tuple[str, Collection[Problem]]:
    """The page of the gaps in responsibility, and what could not be read."""
    lacking = find_gaps(opened, criteria, limits)
    return responsibility.render_gaps(lacking, form, language=opened.settings.language), lacking.problems


def _left_behind(opened: Opened, person: str, form: str) -> tuple[str, Collection[Problem]]:
    """The page of what a person leaves behind, and what could not be read."""
    left_behind = leaving(opened, person)
    return responsibility.render_handover(left_behind, form, language=opened.settings.language), left_behind.problems


def _exclude(first: str, second: str, both: bool) -> None:
    """Stop at options that do not go together."""
    if both:
        fail(
            f"{first} og {second} kan ikke bruges sammen; vælg den ene.",
            f"{first} and {second} cannot be used together; choose one.",
        )


def _need(option: str, other: str, alone: bool) -> None:
    """Stop at an option that needs another."""
    if alone:
        fail(f"{option} hører til {other}", f"{option} belongs to {other}")


def _time(text: str) -> Period:
    try:
        return span(text)
    except ValueError:
        fail(
            f"--within er en varighed som 30d, 2w, 3m eller 1y, ikke {text}",
            f"--within is a length of time such as 30d, 2w, 3m or 1y, not {text}",
        )


def _limit(text: str) -> tuple[str, int]:
    """What is limited, and the most that one person may have of it: ``agreements=8``."""
    what, _, number = text.partition("=")
    if what not in _LIMITS or not number.isascii() or not number.isdigit() or len(number) > 9:
        forms = ", ".join(f"{name}=N" for name in _LIMITS)
        fail(f"--most er {forms}, ikke {text}", f"--most is {forms}, not {text}")
    return f"many-{what}", int(number)
