"""A desk over a small register in files of its own, and a client that asks it as a browser on this machine would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import authority
import pytest
from repository import REPOSITORY

from graphsc.core.problems import Problem
from graphsc.core.settings import Settings
from graphsc.core.text import Language

AS_OF = date(2026, 11, 25)
DEMO = REPOSITORY / "data" / "demo"
HOST = "127.0.0.1:8710"
SECRET_FILE = str(REPOSITORY / "tests" / "support" / "proxy-secret")
REGISTER = """\
# The register of an invented authority.
base: https://nordlys.example/

organisationer:
  - {id: org/nordlys, navn: Nordlysstyrelsen}
  - {id: org/fjord, navn: Fjord Hosting}
  - {id: org/sky, navn: Sky Drift}

systemer:
  - {id: system/sager, navn: Sagsstyring}

kontrakter:
  - id: kontrakt/drift
    navn: Driftskontrakten
    kunde: org/nordlys
    leverandør: org/fjord
    underskrevet: 2024-03-01
    periode: 2024-04-01/2028-03-31
    registre: [underleverandører, tilsyn]
    systemer: [system/sager]
    underleverandører:
      - {leverandør: org/sky, start: 2024-06-01}
"""


@dataclass
class Served:
    """A desk, the application over it, and a client of the application."""

    desk: Any
    app: Any
    client: Any

    def get(self, address: str, **headers: str) -> Any:
        """The response to a GET."""
        return self.client.get(address, headers=headers)


def configured(**more: Any) -> tuple[Settings, list[Problem]]:
    settings = Settings(as_of=AS_OF, language=Language.EN, **more)
    settings.origin["as_of"] = "--as-of"
    return settings, []


def _desk(paths: tuple[Path, ...], configure: Any) -> Any:
    """A desk; that of the demo starts with what the tests of the demo opened and judged."""
    from graphsc.web.desk import Desk

    if paths != (DEMO,):
        return Desk(paths, configure)
    with (
        patch("graphsc.web.desk.open_paths", lambda _, settings, __: replace(authority.opened(), settings=settings)),
        patch("graphsc.web.desk.validate", lambda _: authority.judged()),
    ):
        return Desk(paths, configure)


@contextmanager
def served(*paths: Path, configure: Any = configured, **options: Any) -> Iterator[Served]:
    """A desk over paths, with a client on this machine."""
    pytest.importorskip("starlette")
    from starlette.testclient import TestClient

    from graphsc.web.access import PROOF, Hosts
    from graphsc.web.app import application

    desk = _desk(paths, configure)
    names = options["proxied"].hosts if options.get("proxied") else ()
    app = application(desk, Hosts.loopback(8710, names), **options)
    sent = {PROOF: options["proxied"].secret().decode()} if names else None
    with TestClient(app, base_url=f"http://{HOST}", client=("127.0.0.1", 50000), headers=sent) as client:
        yield Served(desk, app, client)


@contextmanager
def listening(*paths: Path, configure: Any = configured, **options: Any) -> Iterator[tuple[str, Any]]:
    """A desk that listens on this machine, for a browser: the address of its site, and the desk."""
    pytest.importorskip("uvicorn")
    import threading

    import uvicorn

    from graphsc.web.access import Hosts
    from graphsc.web.app import application
    from graphsc.web.serving import Patient
    from graphsc.web.serving import listening as listen

    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    desk = _desk(paths, configure)
    app = application(desk, Hosts.loopback(port), **options)
    config = uvicorn.Config(app, http=Patient, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    running = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
    running.start()
    try:
        yield f"http://127.0.0.1:{port}", desk
    finally:
        server.should_exit = True
        running.join(20)


def register(folder: Path, text: str = REGISTER) -> Path:
    """A folder with the small register."""
    folder.mkdir(exist_ok=True)
    (folder / "register.yaml").write_text(text, encoding="utf-8")
    return folder
