"""SHACL engines beside each other: each judges the same shapes on the same graph, from two files of N-Triples to its results.

    python benchmarks/engines.py [--triples 10000 100000] [--limit 300]

The graph is one of `national.py` with all that is derived from it, the shapes are all of the product's. Each engine runs
in a process of its own and may take ``--limit`` CPU seconds; an engine that is not installed is left out. What each finds
must be what was planted, or the run ends with 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

import jena
import national
import pyoxigraph as ox

from graphsc.core.settings import Settings
from graphsc.core.vocabulary import SHACL
from graphsc.derivation import derive
from graphsc.graph import loading
from graphsc.sources import read

DATA, SHAPES, REPORT = "data.nt", "shapes.nt", "report.ttl"

COMPILED = """
import json
from pathlib import Path
import pyoxigraph as ox
from graphsc import relational
from graphsc.graph.dataset import SHAPES, Dataset
from graphsc.validation import engine
from graphsc.validation.shapes import compile_shapes
dataset = Dataset()
dataset.store.bulk_load(path="data.nt", format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode("urn:x-benchmark:data"))
dataset.store.bulk_load(path="shapes.nt", format=ox.RdfFormat.N_TRIPLES, to_graph=SHAPES)
relational.choose(dataset, "auto")
dataset.open_backend(())
known = compile_shapes(dataset)
shapes = [shape for shape in known.shapes if shape.plan is not None]
assert len(shapes) == len(known.shapes)
results = engine.judge(dataset, shapes, engine.focus_counts(dataset, shapes))
Path("rows.json").write_text(json.dumps([[result.shape.iri, result.focus.value] for result in results]))
"""

TURBO = """
import rdflib
rdflib.NORMALIZE_LITERALS = False
from pyshacl_turbo import validate
shapes = rdflib.Graph().parse("shapes.nt", format="nt")
conforms, report, text = validate("data.nt", data_graph_format="nt", shacl_graph=shapes, inference="none")
report.serialize("report.ttl", format="turtle")
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What an engine took: CPU seconds, seconds on the clock, megabytes; ``ended`` is false where it was stopped."""

    engine: str
    seconds: float
    clock: float
    memory: float
    ended: bool = True


@contextmanager
def engines() -> Iterator[dict[str, Sequence[str]]]:
    """The command of each engine that is installed, by its name."""
    commands: dict[str, Sequence[str]] = {"graphsc": (sys.executable, "-c", COMPILED)}
    if importlib.util.find_spec("pyshacl_turbo") is not None:
        commands[f"pyshacl-turbo {version('pyshacl-turbo')}"] = (sys.executable, "-c", TURBO)
    if shutil.which("java") is None or not (jar := jena.JARS / "jena-shacl.jar").exists():
        yield commands
        return
    with jena.class_path() as path:
        command = f"exec java -cp {path} shacl.shacl validate --shapes {SHAPES} --data {DATA} > {REPORT}"
        yield commands | {jar.resolve().stem.replace("jena-shacl-", "Jena "): ("sh", "-c", command)}


def run(engine: str, command: Sequence[str], folder: Path, limit: int) -> Run:
    """Have an engine judge the files in a folder."""
    limited = partial(resource.setrlimit, resource.RLIMIT_CPU, (limit, limit + 1))
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, preexec_fn=limited) as process:  # noqa: PLW1509
        assert process.stderr is not None
        message = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds, clock = usage.ru_utime + usage.ru_stime, time.perf_counter() - started
    ended = process.returncode == 0
    if not ended and process.returncode not in {-signal.SIGXCPU, -signal.SIGKILL}:
        sys.exit(f"{engine}: {message}")
    return Run(engine, seconds, clock, usage.ru_maxrss / 1024, ended)


def write(folder: Path, triples: int) -> set[tuple[str, str]]:
    """Write a national graph with what is derived from it, and the shapes; returns what was planted, as `results` does."""
    source = folder / "national"
    planted = national.write(source, triples, seed=1)
    sources, settings = read([source]), Settings(as_of=national.AS_OF)
    dataset = loading.load(sources, settings)
    sources.read_from(dataset.store, dataset.asserted_in)
    derive(dataset)
    for name, written in ((DATA, dataset.as_written()), (SHAPES, dataset.shapes())):
        with (folder / name).open("wb") as file:
            ox.serialize(written, file, format=ox.RdfFormat.N_TRIPLES)
    return {(violation.code, violation.subject) for violation in planted}


def results(folder: Path) -> set[tuple[str, str]]:
    """The code of the shape and the focus node of each result that an engine wrote."""
    written = folder / "rows.json"
    if written.exists():
        pairs = json.loads(written.read_text())
    else:
        report = ox.Store()
        report.bulk_load(path=str(folder / REPORT), format=ox.RdfFormat.TURTLE)
        query = f"SELECT ?shape ?focus {{ ?result <{SHACL}sourceShape> ?shape ; <{SHACL}focusNode> ?focus }}"
        rows = report.query(query)
        assert isinstance(rows, ox.QuerySolutions)
        pairs = [(row["shape"].value, row["focus"].value) for row in rows]
    return {(re.sub(r".*/rule/([A-Z]+[0-9]+).*", r"\1", shape), focus) for shape, focus in pairs}


def measured(triples: int, limit: int) -> tuple[int, list[Run]]:
    """How many triples were judged, and what each installed engine took, graphsc first.

    Ends the run with 1 where an engine finds something else than what was planted.
    """
    with tempfile.TemporaryDirectory() as name, engines() as commands:
        folder, runs = Path(name), list[Run]()
        planted = write(folder, triples)
        for engine, command in commands.items():
            for former in ("rows.json", REPORT):
                (folder / former).unlink(missing_ok=True)
            runs.append(run(engine, command, folder, limit))
            if runs[-1].ended and (different := results(folder) ^ planted):
                sys.exit(f"{engine} differs from what was planted: {sorted(different)[:20]}")
        with (folder / DATA).open("rb") as file:
            return sum(1 for _ in file), runs


def table(sizes: Sequence[tuple[int, Sequence[Run]]]) -> str:
    """What each engine took, and how many times as much as graphsc."""
    lines = [
        "| triples, derived ones among them | engine | CPU seconds | × | on the clock | memory |",
        "|--:|:--|--:|--:|--:|--:|",
    ]
    for size, runs in sizes:
        for each in runs:
            more = "" if each.ended else "more than "
            lines.append(
                f"| {size:,} | {each.engine} | {more}{each.seconds:,.1f} | {each.seconds / runs[0].seconds:,.0f} "
                f"| {each.clock:,.1f} | {each.memory:,.0f} MB |"
            )
    return "\n".join(lines)


def main() -> None:
    """Measure, compare what was found, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--limit", type=int, default=300, help="CPU seconds that one process may take")
    options = parser.parse_args()
    print(table([measured(triples, options.limit) for triples in options.triples]))


if __name__ == "__main__":
    main()
