"""`graphsc load`: files into a store on disk."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import typer

from graphsc.cli.common import cannot_write, fail, put, settings, show_problems
from graphsc.core.text import Language, Text
from graphsc.graph.store.folder import Busy, Folder, is_store
from graphsc.graph.store.sealed import NotAStore
from graphsc.service.load import Loaded, load


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    paths: list[Path]
    store: Path
    as_of: str | None
    language: str | None
    frameworks: list[str] | None


def run(request: Request) -> None:
    """Load, and say what was done."""
    found, problems = settings(as_of=request.as_of, language=request.language, frameworks=request.frameworks)
    language = found.language
    if found.endpoint is not None:
        fail(
            Text(
                "load skriver til en mappe og kan ikke bruges sammen med en server.",
                "load writes to a folder and cannot be used with a server.",
            ),
            language,
        )
    if problems:
        show_problems(problems, language)
        raise typer.Exit(2)
    _need_room(request.store, language)
    start = time.perf_counter()
    try:
        loaded = load(request.paths, request.store, found)
    except Busy:
        fail(
            Text(
                f"der bliver allerede læst ind i {request.store}; prøv igen, når det er færdigt.",
                f"{request.store} is being loaded into already; try again when that is done.",
            ),
            language,
        )
    except NotAStore as error:
        fail(Text(f"{request.store} kan ikke bruges: {error}", f"{request.store} cannot be used: {error}"), language)
    except OSError as error:
        cannot_write(request.store, error, language)
    if loaded.problems:
        show_problems(loaded.problems, language)
        fail(
            Text(
                f"intet er læst ind; {request.store} er som før.", f"nothing was loaded; {request.store} is as it was."
            ),
            language,
        )
    put(said(loaded, time.perf_counter() - start)[language], None, language)


def _need_room(store: Path, language: Language) -> None:
    """Leave rather than fill a folder that holds something else."""
    if store.exists() and not store.is_dir():
        fail(Text(f"{store} er ikke en mappe.", f"{store} is not a folder."), language)
    if store.is_dir() and not is_store(store) and not Folder(store).is_free():
        fail(
            Text(
                f"{store} er ikke et lager og ikke tom; vælg en anden mappe.",
                f"{store} is no store and not empty; choose another folder.",
            ),
            language,
        )


def said(loaded: Loaded, seconds: float) -> Text:
    """What loading did, in words."""
    if not loaded.published:
        return Text(
            f"Intet er ændret: {_files(loaded.unchanged).da} er som før.\n",
            f"Nothing has changed: {_files(loaded.unchanged).en} as before.\n",
        )
    time_da, time_en = f"{seconds:.1f}".replace(".", ",") + " s", f"{seconds:.1f} s"
    if loaded.whole:
        files = _files(loaded.read)
        return Text(
            f"{files.da} læst, alt udledt og vurderet på {time_da}.\n",
            f"{files.en} read, everything derived and judged in {time_en}.\n",
        )
    read, unchanged, gone = (_files(count) for count in (loaded.read, loaded.unchanged, loaded.gone))
    came = _counted(loaded.came, Text("oplysning", "fact"), Text("oplysninger", "facts"))
    again = sum(1 for keys in loaded.redone.keys.values() if keys != 0)
    rules = _counted(again, Text("regel", "rule"), Text("regler", "rules"))
    return Text(
        f"{read.da} læst, {unchanged.da} uændret, {gone.da} væk: {came.da} til, {loaded.went} fra. "
        f"{rules.da} gjort om, hvor ændringen rækker til, på {time_da}.\n",
        f"{read.en} read, {unchanged.en} unchanged, {gone.en} gone: {came.en} more, {loaded.went} fewer. "
        f"{rules.en} done again where the change reaches, in {time_en}.\n",
    )


def _files(count: int) -> Text:
    return _counted(count, Text("fil", "file"), Text("filer", "files"))


def _counted(count: int, one: Text, many: Text) -> Text:
    name = one if count == 1 else many
    return Text(f"{count} {name.da}", f"{count} {name.en}")
