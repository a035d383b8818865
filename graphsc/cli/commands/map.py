"""``graphsc map``."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from graphsc.cli.common import (
    check_codes,
    fail,
    note,
    progress,
    read_settings,
    require,
    require_analysis,
    stop_if_unread,
    write_output,
)
from graphsc.cli.options import Choosing, Paths, option
from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.core.text import Text

DANISH = """Skriv et interaktivt kort. Det er én HTML-fil, som åbnes i en browser uden netværk.

Det åbner på det samfundskritiske og de alvorligste fund. Vælg en funktion, et system, en leverandør eller et fund for kun
at se dets kæde. Slutkode 0: skrevet. 2: Noget kunne ikke læses; kortet mangler det så og siger det."""


def run(
    paths: Paths,
    output: Annotated[
        Path,
        option(
            "--output", "-o", metavar="FILE", writable=True, da="Hvor siden skrives.", en="Where to write the page."
        ),
    ] = Path("map.html"),
    dates: Annotated[
        str | None,
        option(
            metavar="DATE,DATE",
            da="Også pr. disse dage, højst otte, så du kan se, hvad der er ændret.",
            en="Also as of these days, at most eight, to see what changed.",
        ),
    ] = None,
    plain: Annotated[
        bool,
        option(
            "--plain",
            da="I stedet: grafen alene, som pyvis og vis-network tegner den.",
            en="Instead: the graph alone, as pyvis and vis-network draw it.",
        ),
    ] = False,
    *,
    given: Choosing,
) -> None:
    """Write an interactive map. It is one HTML file that opens in a browser, without network.

    It opens on what is society-critical and on the gravest findings. Pick a function, system, supplier or finding to
    see only its chain. Exit code 0: written. 2: some input could not be read; the map then lacks it and says so.
    """
    settings, problems = read_settings(given)
    require("map", "pyvis", "jinja2")
    require_analysis()
    if plain:
        _plain(paths, output, dates, settings, problems)
        return
    from graphsc.rendering.map.page import render, title
    from graphsc.service.map import MOST_DATES, mapped

    days = _days(dates, MOST_DATES)
    with progress() as step:
        shown = mapped(paths, settings, problems, days, step)
        check_codes(settings, shown.rules, shown.problems)
        step(Text("Skriver kortet", "Writing the map"))
        page = render(shown, title=title(shown.picture), language=settings.language)
    write_output(page, output)
    note(f"Kortet er skrevet: {output.as_posix()}", f"The map is written: {output.as_posix()}")
    stop_if_unread(shown.problems)


def _plain(
    paths: Sequence[Path], output: Path, dates: str | None, settings: Settings, problems: Sequence[Problem]
) -> None:
    """Write the page of the pyvis network."""
    if dates is not None:
        fail("--plain viser én dag; --dates hører til kortet", "--plain shows one day; --dates belongs to the map")
    from graphsc.rendering.map.network import network
    from graphsc.rendering.map.page import title
    from graphsc.service.map import pictured

    picture, report, rules = pictured(paths, settings, problems)
    check_codes(settings, rules, report.problems)
    called = title(picture)
    if report.problems:  # the graph alone must show that it is incomplete
        called = Text(f"{called.da} – ikke alt kunne læses", f"{called.en} – not all could be read")
    write_output(network(picture, title=called, language=settings.language).generate_html(), output)
    note(f"Grafen er skrevet: {output.as_posix()}", f"The graph is written: {output.as_posix()}")
    stop_if_unread(report.problems)


def _days(text: str | None, most: int) -> list[date]:
    """The dates of a list with commas, sorted; stops at what is no date, or when there are too many."""
    days: set[date] = set()
    for part in filter(None, (part.strip() for part in (text or "").split(","))):
        try:
            days.add(date.fromisoformat(part))
        except ValueError:
            fail(
                f"--dates er datoer som 2025-11-25,2026-05-25, ikke {part}",
                f"--dates are dates such as 2025-11-25,2026-05-25, not {part}",
            )
    if len(days) > most:
        fail(
            f"--dates tager højst {most} datoer, ikke {len(days)}.",
            f"--dates takes at most {most} dates, not {len(days)}.",
        )
    return sorted(days)
