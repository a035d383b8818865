"""How long a national graph takes from files to findings, beside pySHACL and beside loading the files alone.

    python benchmarks/engine.py [--triples 10000 100000] [--limit 900] [--page docs/benchmarks.md] [--rows FILE]

Every line is measured in processes of their own; seconds are CPU seconds, so that what else the machine does counts
less. *Bare load* is pyoxigraph reading the same files into a store and nothing else: the floor. pySHACL judges the same
shapes on the same derived graph; where it does not end within the limit the table says after how long it was stopped, and
on larger graphs its time is put in proportion to that, and said so. The graphs are those of `national.py`, whose violations are known:
what is found must be exactly these, or the run ends with 1. ``--page`` writes the tables and a plot as a page.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import demo
import national

STEPS = ("read", "load", "derive", "validate", "json")
QUESTIONS = (
    "framework-agreements",
    "longest-chains",
    "open-deviations",
    "overdue-supervision",
    "unapproved-subcontractors",
)
"""Shipped questions that an auditor asks of all there is, none of which needs anything worked out first."""

STAGES = """
import json, resource, sys, time
from pathlib import Path
from graphsc import relational
from graphsc.graph import loading
from graphsc.derivation import derive
from graphsc.graph.questions import bind, filled, shipped
from graphsc.rendering import render
from graphsc.core.settings import Settings
from graphsc.sources import read
from graphsc.sources.own_knowledge import Additions
from graphsc.service.own_knowledge import faults
from graphsc.core.text import Language
from graphsc.coverage.checks import with_facts
from graphsc.relational.duck import MEMORY
from graphsc.validation import validate
import engine, national
import pyoxigraph as ox
folder, judge, dumped = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "dumped"
MEMORY[:] = sys.argv[4:] or MEMORY
settings = Settings(as_of=national.AS_OF)
started, marks = time.perf_counter(), [time.process_time()]
def mark(): marks.append(time.process_time())
sources = read([folder]); mark()
dataset = loading.load(sources, settings)
relational.choose(dataset, settings.executor)
sources.read_from(dataset.store, dataset.asserted_in)
faults(Additions(), dataset, settings); mark()
derive(dataset); mark()
report, rules = validate(dataset, sources, settings, engine=judge); mark()
render("json", with_facts(dataset, report), rules, language=Language.EN); mark()
result = {name: after - before for name, before, after in zip(engine.STEPS, marks, marks[1:])}
result["wall"] = time.perf_counter() - started
result["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
result["problems"] = len(sources.problems)
result["unchecked"] = sum(outcome.not_checked is not None for outcome in report.rules)
result["found"] = [[finding.code, finding.subject, finding.value] for finding in report.findings]
print(json.dumps(result), flush=True)
if dumped:
    print(json.dumps({"quads": len(dataset.store)}), flush=True)
    dataset.store.dump(str(folder / "all.nq"), format=ox.RdfFormat.N_QUADS)
    print(json.dumps({"dumped": True}), flush=True)
    for name in engine.QUESTIONS:
        question = shipped()[name]
        query = filled(question, bind(question, {}, settings))
        before = time.process_time()
        dataset.run(query)
        print(json.dumps({f"asked {name}": time.process_time() - before}), flush=True)
"""
BARE = """
import json, resource, sys, time
from pathlib import Path
import pyoxigraph as ox
start = time.process_time()
store = ox.Store()
for file in sorted(Path(sys.argv[1]).glob("*.nt")):
    store.bulk_load(path=str(file), format=ox.RdfFormat.N_TRIPLES)
print(json.dumps({"seconds": time.process_time() - start, "triples": len(store),
                  "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


ALL = """
import json, sys, time
import pyoxigraph as ox
start = time.process_time()
ox.Store().bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
print(json.dumps({"seconds": time.process_time() - start}))
"""
"""Everything that the store holds in the end, loaded as the files are by `BARE`."""


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured on one graph: seconds, megabytes, numbers of triples.

    ``steps`` are those of `STEPS`; ``asked`` are the seconds of the questions that ended; ``oracle`` are pySHACL's
    seconds for what ``validate`` does, ``measured`` whether it was run; None without either. Where it did not end,
    ``ended`` is false, and they are those after which it was stopped.
    ``full`` is the bare load of all quads that there are in the end.
    """

    triples: int
    quads: int
    planted: int
    bare: float
    bare_memory: float
    steps: tuple[float, ...]
    wall: float
    memory: float
    asked: tuple[float, ...]
    oracle: float | None = None
    measured: bool = False
    ended: bool = True
    full: float | None = None

    @property
    def whole(self) -> float:
        """Seconds from files to findings."""
        return sum(self.steps)

    @property
    def validate(self) -> float:
        """Seconds for judging the derived graph."""
        return self.steps[STEPS.index("validate")]


class Kept:
    """The lines of earlier runs by the size that was asked for, in a file if there is one: a large one takes an hour."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        there = json.loads(path.read_text()) if path is not None and path.exists() else {}
        self.rows = {int(size): Row(**row) for size, row in there.items()}

    def add(self, size: int, row: Row) -> None:
        """Keep a line."""
        self.rows[size] = row
        if self._path is not None:
            self._path.write_text(json.dumps({size: asdict(row) for size, row in self.rows.items()}, indent=1) + "\n")


def output_of(program: str, *words: str, limit: int) -> dict[str, object]:
    """What a program in a process of its own says as JSON, line by line, until it ends or has used its CPU seconds."""
    limited = partial(resource.setrlimit, resource.RLIMIT_CPU, (limit, limit + 1))
    command = [sys.executable, "-c", program, *words]
    here = Path(__file__).parent
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False, preexec_fn=limited)
    if done.returncode not in {0, -signal.SIGXCPU, -signal.SIGKILL}:
        sys.exit(done.stderr)
    lines = [line for line in done.stdout.splitlines(keepends=True) if line.endswith("\n")]
    return {name: value for line in lines for name, value in json.loads(line).items()}


def number(output: dict[str, object], name: str) -> float:
    """A figure of what a program said."""
    value = output[name]
    assert isinstance(value, (int, float))
    return value


def unexpected(findings: object, planted: Sequence[national.Planted]) -> list[str]:
    """What was planted and not found, and what was found and not planted."""
    assert isinstance(findings, list)
    there = sorted((code, subject, value or "") for code, subject, value in findings)
    expected = sorted((finding.code, finding.subject, finding.value or "") for finding in planted)
    missing = [f"not found: {' '.join(finding)}" for finding in expected if finding not in set(there)]
    more = [f"not planted: {' '.join(finding)}" for finding in there if finding not in set(expected)]
    twice = [] if len(there) == len(set(there)) else ["something was found twice"]
    return missing + more + twice


def measured(
    triples: int, seed: int, limit: int, before: Sequence[Row], *, memory: str | None = None, alone: bool = False
) -> Row | None:
    """The figures of one size; None where the product itself did not end within the limit.

    ``memory`` is what DuckDB may take at most; ``alone`` leaves out pySHACL, the questions and the load of all quads.

    Ends the run with 1 where what is found is not what was planted.
    """
    with tempfile.TemporaryDirectory() as folder:
        planted = national.write(Path(folder), triples, seed=seed)
        bare = output_of(BARE, folder, limit=limit)
        ours = output_of(
            STAGES, folder, "compiled", "alone" if alone else "dumped", *([memory] if memory else []), limit=limit
        )
        if "found" not in ours:
            return None
        wrong = unexpected(ours["found"], planted) + ["a file has problems"] * bool(ours["problems"])
        size = number(bare, "triples")
        dump = Path(folder, "all.nq")
        full = output_of(ALL, str(dump), limit=limit) if "dumped" in ours else {}
        dump.unlink(missing_ok=True)
        last = next((row for row in reversed(before) if row.measured), None)
        hopeless = alone or (last is not None and last.oracle is not None and last.oracle * size / last.triples > limit)
        theirs = {} if hopeless else output_of(STAGES, folder, "pyshacl", "alone", limit=limit)
        if theirs.get("unchecked"):  # what judges for pySHACL was stopped at the limit, and said so
            theirs = {}
        if "found" in theirs:
            wrong += [f"pySHACL: {line}" for line in unexpected(theirs["found"], planted)]
    if wrong:
        sys.exit("\n".join(wrong[:20]))
    ended = "validate" in theirs
    if ended:
        oracle: float | None = number(theirs, "validate")
    elif not hopeless:
        oracle = limit - sum(number(ours, name) for name in STEPS if name not in {"validate", "json"})
    else:
        oracle = last.oracle * size / last.triples if last is not None and last.oracle is not None else None
        ended = last is not None and last.ended
    return Row(
        triples=int(size),
        quads=int(number(ours, "quads")) if "quads" in ours else 0,
        planted=len(planted),
        bare=number(bare, "seconds"),
        bare_memory=number(bare, "MB"),
        steps=tuple(number(ours, name) for name in STEPS),
        wall=number(ours, "wall"),
        memory=number(ours, "MB"),
        asked=tuple(number(ours, f"asked {name}") for name in QUESTIONS if f"asked {name}" in ours),
        oracle=oracle,
        measured=not hopeless,
        ended=ended,
        full=number(full, "seconds") if full else None,
    )


def times_table(rows: Sequence[Row]) -> str:
    """From files to findings, step by step."""
    lines = [
        "| triples | quads | bare load | of all quads | read | load | derive | validate | JSON | all | × bare load | × of all quads | on the clock | memory |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        cells = (
            f"{row.triples:,}",
            f"{row.quads:,}" if row.quads else "not counted",
            f"{row.bare:.2f}",
            "" if row.full is None else f"{row.full:.2f}",
            *(f"{step:.2f}" for step in row.steps),
            f"**{row.whole:.2f}**",
            f"{row.whole / row.bare:.1f}",
            "" if row.full is None else f"{row.whole / row.full:.1f}",
            f"{row.wall:.1f}",
            f"{row.memory:,.0f} MB",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def oracle_table(rows: Sequence[Row]) -> str:
    """Judging the derived graph by the compiled shapes and by pySHACL, and the questions asked of it."""
    lines = [
        f"| triples | validate | pySHACL | × | {len(QUESTIONS)} questions | planted and found |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        least = "" if row.ended else "more than "
        theirs = "" if row.oracle is None else f"{least}{row.oracle:,.0f}" + ("" if row.measured else " (extrapolated)")
        ratio = "" if row.oracle is None else f"{'' if row.ended else '> '}{row.oracle / row.validate:,.0f}"
        question_seconds = f"{sum(row.asked):.2f}" if len(row.asked) == len(QUESTIONS) else f"{len(row.asked)} ended"
        lines.append(
            f"| {row.triples:,} | {row.validate:.2f} | {theirs} | {ratio} | {question_seconds} | {row.planted} |"
        )
    return "\n".join(lines)


def growth(rows: Sequence[Row]) -> str:
    """How much more each size takes than the one before it."""
    lines = [
        "| from – to | triples × | bare load × | of all quads × | time × | memory × |",
        "|:--|--:|--:|--:|--:|--:|",
    ]
    for less, more in pairwise(rows):
        full = f"{more.full / less.full:.1f}" if more.full is not None and less.full else ""
        lines.append(
            f"| {less.triples:,} – {more.triples:,} | {more.triples / less.triples:.1f} | {more.bare / less.bare:.1f} "
            f"| {full} | {more.whole / less.whole:.1f} | {more.memory / less.memory:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--limit", type=int, default=900, help="CPU seconds that one process may take")
    parser.add_argument("--memory", help="what DuckDB may take at most, as 2GB, instead of 3GB or half of the memory")
    parser.add_argument(
        "--alone",
        action="store_true",
        help="without pySHACL, the questions and the load of all quads",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--rows", type=Path, help="a file to keep each line in; what stands there is not measured again"
    )
    parser.add_argument("--page", type=Path, help="a Markdown page to write, with its plot as .svg beside it")
    options = parser.parse_args()
    rows: list[Row] = []
    kept = Kept(options.rows)
    for triples in sorted(options.triples):
        row = kept.rows.get(triples) or measured(
            triples, options.seed, options.limit, rows, memory=options.memory, alone=options.alone
        )
        if row is None:
            print(f"{triples:,} triples did not end within {options.limit} s", flush=True)
            break
        rows.append(row)
        kept.add(triples, row)
        print(times_table(rows[-1:]), oracle_table(rows[-1:]), sep="\n\n", end="\n\n", flush=True)
    start = demo.start_up()
    print(times_table(rows), oracle_table(rows), growth(rows), demo.start_up_table(*start), sep="\n\n")
    if options.page is not None:
        from page import write_page

        write_page(options.page, rows, start, vars(options))


if __name__ == "__main__":
    main()
