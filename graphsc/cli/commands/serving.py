"""``graphsc serve``: the desk."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphsc.cli.options import AsOf, Framework, Lang, Paths

if TYPE_CHECKING:
    from graphsc.core.problems import Problem
    from graphsc.core.settings import Settings
    from graphsc.core.text import Language

_NEEDED = {"starlette": "starlette", "uvicorn": "uvicorn", "jinja2": "jinja2"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The command line of ``serve``."""

    host: str
    port: int
    edit: bool
    as_of: str | None
    language: str | None
    frameworks: list[str] | None


def serve(
    paths: Paths,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ADDRESS", help="Where to listen; elsewhere than here only with a proxy in graphsc.toml."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")] = 8710,
    edit: Annotated[bool, typer.Option("--edit", help="Offer forms that write into the files what was done.")] = False,
    as_of: AsOf = None,
    lang: Lang = None,
    framework: Framework = None,
) -> None:
    """Serve pages, data and SPARQL over the input, to this machine alone; a saved file is there within a second.

    Where a saved file cannot be read, the last state that could goes on answering, and every page says what is wrong.
    Stops at Ctrl-C. Exit code 0: stopped. 2: it could not begin.
    """
    _run(paths, _Asked(host, port, edit, as_of, lang, framework))


def _run(paths: list[Path], asked: _Asked) -> None:
    """Serve until stopped; leaves with exit code 2 where that cannot begin."""
    from graphsc.cli.common import fail, settings
    from graphsc.core.problems import why
    from graphsc.core.text import Text

    def configure() -> tuple[Settings, list[Problem]]:
        return settings(as_of=asked.as_of, language=asked.language, frameworks=asked.frameworks)

    found, _ = configure()
    language = found.language
    _need(language)
    if found.endpoint is not None:
        fail(
            Text("serve læser filer eller et lager, ikke en server.", "serve reads files or a store, not a server."),
            language,
        )
    if not _is_loopback(asked.host):
        fail(
            Text(
                f"{asked.host} kan nås af andre maskiner. Det kræver en proxy under [serve] i graphsc.toml; se docs/serve.md.",
                f"{asked.host} can be reached by other machines. That takes a proxy under [serve] in graphsc.toml; see docs/serve.md.",
            ),
            language,
        )
    from graphsc.web.app import application
    from graphsc.web.desk import Desk
    from graphsc.web.guard import Hosts
    from graphsc.web.serving import listening, run

    try:
        listener = listening(asked.host, asked.port)
    except OSError as error:
        reason = why(error)
        fail(
            Text(
                f"port {asked.port} kan ikke bruges: {reason.da}. Vælg en anden med --port.",
                f"port {asked.port} cannot be used: {reason.en}. Choose another with --port.",
            ),
            language,
        )
    desk = Desk(paths, configure)
    port = listener.getsockname()[1]
    typer.echo(Text(f"Åbn http://127.0.0.1:{port}/", f"Open http://127.0.0.1:{port}/")[language], err=True)
    run(application(desk, Hosts.loopback(port), editing=asked.edit), listener)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _need(language: Language) -> None:
    from graphsc.cli.common import fail, need_analysis
    from graphsc.core.text import Text

    need_analysis(language)
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        fail(
            Text(
                f"{names} er ikke installeret; det følger med graphsc[serve].",
                f"{names} is not installed; it comes with graphsc[serve].",
            ),
            language,
        )
