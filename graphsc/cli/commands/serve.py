"""``graphsc serve``: pages over the input, for as long as it runs."""

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphsc.cli.common import cannot_write, fail, note, read_settings, require, require_analysis, show_problems
from graphsc.cli.options import Files, Framework, Given, option
from graphsc.core.problems import Problem, reason_of
from graphsc.core.settings import Settings

if TYPE_CHECKING:
    from graphsc.web.edit.writing import Committing
_PORT = 8710

DANISH = """Vis sider over dataene på denne maskine. De er rigtige igen et sekund efter, at du gemmer.

Kan en gemt fil ikke læses, viser siderne stadig den sidste tilstand, der kunne, og hver side siger, hvad der er galt.

Stopper ved Ctrl-C. Slutkode 0: stoppet. 2: Den kunne ikke begynde."""


def run(
    paths: Files,
    host: Annotated[
        str,
        option(
            metavar="ADDRESS",
            da="Hvor der lyttes; for andre maskiner kun med en proxy i graphsc.toml.",
            en="Where to listen; for other machines only with a proxy in graphsc.toml.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, option(min=0, max=65535, da="Porten; 0 tager en ledig.", en="The port; 0 takes a free one.")
    ] = _PORT,
    edit: Annotated[
        bool,
        option(
            "--edit",
            da="Vis formularer, som skriver det, der er gjort, i YAML-filerne.",
            en="Offer forms that write down in the YAML files what was done.",
        ),
    ] = False,
    commit: Annotated[
        bool,
        option(
            "--commit",
            da="Med --edit: lav et git-commit for hver ændring, der gemmes eller fortrydes.",
            en="With --edit: make a git commit of each change that is saved or undone.",
        ),
    ] = False,
    access_log: Annotated[
        Path | None,
        option(
            metavar="FILE",
            writable=True,
            da="Føj desuden til en fil, hvem der har bedt om hvad, og hvem der har skrevet hvad.",
            en="Also append who asked for what, and who wrote what, to a file.",
        ),
    ] = None,
    *,
    given: Given,
    framework: Framework = None,
) -> None:
    """Serve pages over the input to this machine. They are right again within a second of a save.

    Where a saved file cannot be read, the last state that could goes on answering, and every page says what is wrong.

    Stops at Ctrl-C. Exit code 0: stopped. 2: it could not begin.
    """

    def configure() -> tuple[Settings, list[Problem]]:
        return read_settings(given, frameworks=framework)

    settings, problems = configure()
    require("serve", "starlette", "uvicorn", "jinja2", "icalendar", "pyvis", "prometheus_client")
    require_analysis()
    for url in settings.urls:
        fail(
            f"serve læser ikke {url}. Skriv stien til en fil eller mappe; ligger dataene et andet sted, så hent dem først.",
            f"serve does not read {url}. Write the path of a file or folder; if the data lie elsewhere, download them first.",
        )
    if problems:  # what it says of readers may be what cannot be read
        show_problems(problems)
        raise typer.Exit(2)
    if settings.serve is None and not _is_loopback(host):
        fail(
            f"{host} kan nås af andre maskiner. Det kræver en proxy under [serve] i graphsc.toml; se docs/serve.md.",
            f"{host} can be reached by other machines. That takes a proxy under [serve] in graphsc.toml; see docs/serve.md.",
        )
    committing = _committing(paths) if commit and edit else None
    if commit and not edit:
        fail("--commit kræver --edit.", "--commit takes --edit.")
    from graphsc.web.access import Hosts
    from graphsc.web.app import application
    from graphsc.web.desk import Desk
    from graphsc.web.serving import listening, log_to, run

    try:
        log_to(access_log)
    except OSError as error:
        assert access_log is not None
        cannot_write(access_log, error)
    try:
        listener = listening(host, port)
    except OSError as error:
        reason = reason_of(error)
        fail(
            f"port {port} kan ikke bruges: {reason.da}. Vælg en anden med --port.",
            f"port {port} cannot be used: {reason.en}. Choose another with --port.",
        )
    desk = Desk(paths, configure)
    taken = listener.getsockname()[1]
    hosts = Hosts.loopback(taken, settings.serve.hosts if settings.serve is not None else ())
    note(f"Åbn http://127.0.0.1:{taken}/", f"Open http://127.0.0.1:{taken}/")
    run(application(desk, hosts, editing=edit, committing=committing, proxied=settings.serve), listener)


def _committing(paths: list[Path]) -> "Committing":
    """What commits changes; stops with a message where one of the paths cannot be committed."""
    from graphsc.web.edit.writing import Committing

    committing = Committing()
    for path in paths:
        if reason := committing.why_not(path):
            fail(f"--commit: {reason.da}.", f"--commit: {reason.en}.")
    return committing


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
