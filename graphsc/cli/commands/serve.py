"""``graphsc serve``: pages over the input, for as long as it runs."""

import ipaddress
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphsc.cli.common import cannot_write, fail, note, read_settings, require, require_analysis, show_problems
from graphsc.cli.options import FILES, Framework, Given, argument, option
from graphsc.core.problems import Problem, Unavailable, reason_of
from graphsc.core.settings import Settings
from graphsc.core.text import Language, Text

if TYPE_CHECKING:
    from graphsc.web.access import Hosts
    from graphsc.web.beginning import Beginning
    from graphsc.web.desk import Configured, Desk
    from graphsc.web.edit.writing import Committing
_PORT = 8710

DANISH = """Vis sider over dataene på denne maskine. De er rigtige igen et sekund efter, at du gemmer.

Kan en gemt fil ikke læses, viser siderne stadig den sidste tilstand, der kunne, og hver side siger, hvad der er galt.

Stopper ved Ctrl-C. Slutkode 0: stoppet. 2: Den kunne ikke begynde."""


def run(
    paths: Annotated[
        list[Path] | None,
        argument(
            da=f"{FILES.da} Uden nogen åbnes en side, hvor du kan lave et register, åbne et eller begynde med en liste.",
            en=f"{FILES.en} Without any, a page opens on which you make a register, open one or begin with a list.",
        ),
    ] = None,
    *,
    host: Annotated[
        str,
        option(
            metavar="ADDRESS",
            da="Hvor der lyttes; for andre maskiner kun med en proxy i graphsc.toml.",
            en="Where to listen; for other machines only with a proxy in graphsc.toml.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        option(
            min=0,
            max=65535,
            da=f"Porten; 0 tager en ledig (standard: {_PORT}, uden filer en ledig).",
            en=f"The port; 0 takes a free one (default: {_PORT}, without files a free one).",
        ),
    ] = None,
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
    if not paths and (settings.serve is not None or not _is_loopback(host) or commit):
        fail(
            "serve uden filer er kun til denne maskine: uden --host, --commit og [serve] i graphsc.toml.",
            "serve without files is for this machine alone: without --host, --commit and [serve] in graphsc.toml.",
        )
    committing = _committing(paths or []) if commit and edit else None
    if commit and not edit:
        fail("--commit kræver --edit.", "--commit takes --edit.")
    from graphsc.web.access import Hosts
    from graphsc.web.app import application
    from graphsc.web.desk import Desk
    from graphsc.web.serving import listening, log_to, run, show

    try:
        log_to(access_log)
    except OSError as error:
        assert access_log is not None
        cannot_write(access_log, error)
    if port is None:
        port = _PORT if paths else 0
    try:
        listener = listening(host, port)
    except OSError as error:
        reason = reason_of(error)
        fail(
            f"port {port} kan ikke bruges: {reason.da}. Vælg en anden med --port.",
            f"port {port} cannot be used: {reason.en}. Choose another with --port.",
        )
    taken = listener.getsockname()[1]
    hosts = Hosts.loopback(taken, settings.serve.hosts if settings.serve is not None else ())
    address = f"http://127.0.0.1:{taken}"
    if paths:
        app = application(Desk(paths, configure), hosts, editing=edit, committing=committing, proxied=settings.serve)
        note(f"Åbn {address}/", f"Open {address}/")
    else:
        app = start_page(hosts, configure, settings.language, editing=edit)
        note(f"Åbn {address}{app.path}", f"Open {address}{app.path}")
        show(address + app.path)
    run(app, listener)


def _opened(path: Path, configure: "Callable[[], Configured]") -> "Desk":
    """The desk over a folder or a file, in whose folder this process works then: its graphsc.toml holds, and names begin there.

    Raises Unavailable and OSError, and stays where it was.
    """
    from graphsc.web.desk import Desk

    before, folder = Path.cwd(), path if path.is_dir() else path.parent
    with ExitStack() as otherwise:
        otherwise.callback(os.chdir, before)
        os.chdir(folder)
        problems = configure()[1]
        if problems:
            place, message = problems[0].location, problems[0].message
            raise Unavailable(Text(f"{place}: {message.da}", f"{place}: {message.en}"))
        desk = Desk([path.relative_to(folder)], configure)
        otherwise.pop_all()
    return desk


def start_page(
    hosts: "Hosts", configure: "Callable[[], Configured]", language: Language, *, editing: bool
) -> "Beginning":
    """The start page, and then the desk over what is begun on it."""
    from graphsc.cli.beginning import begun
    from graphsc.web.app import application
    from graphsc.web.beginning import Beginning, Begun

    def begin(fields: Mapping[str, str], spoken: Language) -> Begun:
        settings = configure()[0]
        settings.language = spoken
        path, told = begun(fields, settings)
        return Begun(application(_opened(path, configure), hosts, editing=editing), told)

    return Beginning(begin, hosts, language)


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
