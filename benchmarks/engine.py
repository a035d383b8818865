"""How long a national graph takes from files to findings, beside pySHACL and beside reading the files alone.

    python benchmarks/engine.py --triples 10000 100000 [--limit 600]

Every figure is from a process of its own; seconds are CPU seconds, so that what else the machine does counts less.
pySHACL judges the same shapes on the same derived graph; where it does not end within the limit it is put in proportion
to the smaller graph, and the table says so. Prints a Markdown table; nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import national

STAGES = """
import json, resource, sys, time
from pathlib import Path
from graphsc import graph
from graphsc.derivation import derive
from graphsc.rendering import render
from graphsc.settings import Settings
from graphsc.sources import read
from graphsc.text import Language
from graphsc.validation import validate
import national
folder, engine = Path(sys.argv[1]), sys.argv[2]
settings = Settings(as_of=national.AS_OF)
marks = [("start", time.process_time())]
sources = read([folder]); marks.append(("read", time.process_time()))
dataset = graph.load(sources, settings); marks.append(("load", time.process_time()))
derive(dataset); marks.append(("derive", time.process_time()))
report, rules = validate(dataset, sources, settings, engine=engine); marks.append(("validate", time.process_time()))
render("json", report, rules, language=Language.EN); marks.append(("json", time.process_time()))
found = {name: after - before for (_, before), (name, after) in zip(marks, marks[1:])}
found["quads"] = len(dataset.store)
found["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(found))
"""
BARE = """
import json, resource, sys, time
from pathlib import Path
import pyoxigraph as ox
start = time.process_time()
store = ox.Store()
for file in sorted(Path(sys.argv[1]).glob("*.nt")):
    store.bulk_load(path=str(file), format=ox.RdfFormat.N_TRIPLES)
print(json.dumps({"seconds": time.process_time() - start, "quads": len(store),
                  "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def measured(program: str, *words: str, limit: float) -> dict[str, float] | None:
    """What a program in a process of its own says; None when it does not end within the limit."""
    here = Path(__file__).parent
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, *words], cwd=here, capture_output=True, check=True, text=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that one process may take")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print("| triples | bare load | read | load | derive | validate | JSON | all | × bare | memory | pySHACL | × |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    before: tuple[float, float] | None = None  # triples and seconds of pySHACL on the graph before
    for triples in given.triples:
        with tempfile.TemporaryDirectory() as folder:
            national.write(Path(folder), triples, seed=given.seed)
            bare = measured(BARE, folder, limit=given.limit)
            ours = measured(STAGES, folder, "compiled", limit=given.limit)
            theirs = measured(STAGES, folder, "pyshacl", limit=given.limit)
        if bare is None or ours is None:
            print(f"| {triples:,} | | | | | | | did not end within {given.limit:g} s | | | | |")
            continue
        steps = [ours[name] for name in ("read", "load", "derive", "validate", "json")]
        size = bare["quads"]
        if theirs is not None:
            seconds, mark = theirs["validate"], ""
            before = (size, seconds)
        elif before is not None:
            seconds, mark = before[1] * size / before[0], " (extrapolated)"
        else:
            seconds, mark = 0.0, f" (more than {given.limit:g} s)"
        cells = [
            f"{size:,.0f}",
            f"{bare['seconds']:.2f}",
            *(f"{step:.2f}" for step in steps),
            f"{sum(steps):.2f}",
            f"{sum(steps) / bare['seconds']:.1f}",
            f"{ours['MB']:.0f} MB",
            f"{seconds:.1f}{mark}" if seconds else mark.strip(" ()"),
            f"{seconds / ours['validate']:.0f}" if seconds else "",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
