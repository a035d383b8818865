"""``graphsc load``."""

import time
from pathlib import Path
from typing import Annotated

from graphsc.cli.common import cannot_write, fail, read_settings, show_problems, stop_if_unread, write_output
from graphsc.cli.options import AsOf, Engine, Files, Framework, Lang, Verbose, option
from graphsc.core.text import Text
from graphsc.graph.store.folder import Busy, Folder, is_store
from graphsc.graph.store.sealed import NotAStore
from graphsc.service.load import Loaded
from graphsc.service.load import load as load_files

DANISH = """Læs filer ind i et lager på disken. Alle andre kommandoer åbner det med det samme.

Lageret rummer derefter det, filerne siger, og intet andet. Er intet ændret, sker der intet; ellers
udledes alt forfra, og de regler, som ændringen kan berøre, vurderes på ny. Er noget galt i filerne,
er lageret som før: slutkode 2."""


def run(
    paths: Files,
    store: Annotated[
        Path,
        option(
            metavar="DIR",
            writable=True,
            da="Lagerets mappe; den oprettes, hvis den ikke findes.",
            en="The folder of the store; made where there is none.",
        ),
    ],
    as_of: AsOf = None,
    lang: Lang = None,
    engine: Engine = None,
    verbose: Verbose = False,
    framework: Framework = None,
) -> None:
    """Load files into a store on disk. Every other command opens it at once.

    The store then holds what the files say, and nothing else. Where nothing has changed, nothing is done; otherwise
    everything is derived anew, and the rules that the change can affect are judged anew. With anything wrong
    in the files the store stays as it was: exit code 2.
    """
    settings, problems = read_settings(as_of=as_of, language=lang, engine=engine, verbose=verbose, frameworks=framework)
    if settings.endpoint is not None:
        fail(
            "load skriver til en mappe og kan ikke bruges sammen med en server.",
            "load writes to a folder and cannot be used with a server.",
        )
    stop_if_unread(problems)
    _require_free(store)
    start = time.perf_counter()
    try:
        loaded = load_files(paths, store, settings)
    except Busy:
        fail(
            f"der bliver allerede læst ind i {store}; prøv igen, når det er færdigt.",
            f"{store} is being loaded into already; try again when that is done.",
        )
    except NotAStore as error:
        fail(f"{store} kan ikke bruges: {error}", f"{store} cannot be used: {error}")
    except OSError as error:
        cannot_write(store, error)
    if loaded.problems:
        show_problems(loaded.problems)
        fail(f"intet er læst ind; {store} er som før.", f"nothing was loaded; {store} is as it was.")
    write_output(_summary(loaded, time.perf_counter() - start)[settings.language])


def _require_free(store: Path) -> None:
    """Stop rather than fill a folder that holds something else."""
    if store.exists() and not store.is_dir():
        fail(f"{store} er ikke en mappe.", f"{store} is not a folder.")
    if store.is_dir() and not is_store(store) and not Folder(store).is_free():
        fail(
            f"{store} er ikke et lager og ikke tom; vælg en anden mappe.",
            f"{store} is no store and not empty; choose another folder.",
        )


def _summary(loaded: Loaded, seconds: float) -> Text:
    files = Text.counted(loaded.files, Text("fil", "file"), Text("filer", "files"))
    if not loaded.published:
        return Text(
            f"Intet er ændret: {files.da} er som før.\n",
            f"Nothing has changed: {files.en} as before.\n",
        )
    return Text(
        f"{files.da} læst, alt udledt og vurderet på {f'{seconds:.1f}'.replace('.', ',')} s.\n",
        f"{files.en} read, everything derived and judged in {seconds:.1f} s.\n",
    )
