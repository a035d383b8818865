"""The page of `engine.py`: its tables, a plot of them, and on what machine they were measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import demo
import engines
from engine import QUESTIONS, Row, growth, oracle_table, times_table

GREY = "#7a7a7a"
"""Reads on a light page and on a dark one."""
COMPARED = 100_000
"""The largest graph that the other SHACL engines judge: they take minutes of it."""
SERIES = (
    ("bare load", "#8a8a8a", "s"),
    ("read to findings", "#1f8fd6", "o"),
    ("of these: validate", "#2ca25f", "^"),
    ("pySHACL validate", "#d9772b", "D"),
)

PAGE = """\
# How fast it is

Made by `benchmarks/engine.py`. Seconds are CPU seconds unless it says otherwise; every line was measured in processes of
its own. The graphs are generated (`benchmarks/national.py`, seed {seed}): authorities with their systems, agreements,
chains to tier six, people and evidence of several years around shared suppliers, frameworks and Statens IT. In about every
fiftieth agreement something is broken on purpose. On every graph, what was found is what was planted and nothing else;
the run fails otherwise.

![The figures of the tables over the number of triples, both axes logarithmic]({picture})

## From files to findings

{times}

*Bare load* is pyoxigraph reading the same files into a store and nothing else; *of all quads*, reading into a store what it
holds in the end, from one file: the least that any engine takes which derives and judges all of it. *Read* has the files as text, checked;
*load* makes DuckDB's tables of them, with the knowledge and what hangs on the day. Of a large graph, Oxigraph's store gets what a query asks
of it, some 7 % of these triples while rules are judged. *JSON* counts what each rule had something to check, too. *Quads* is all there is in the
end: the files, the knowledge, and all that the rules add. *On the clock* is the elapsed time of the whole; *memory* the most
that the process ever held.

Of *read*, some 45 % goes into the lines and where the statements of each property stand, 25 % into the checks of values and subjects, each
once, 10 % into the classes of all nodes, and 15 % into bytes, digests and decoding: Python, on one core. Of *load*, two
thirds are DuckDB's tables.

Oxigraph alone (`--engine oxigraph`, and what runs where the extra `relational` is not installed) finds the same, byte for byte: in 129 CPU
seconds at a million triples (89 on the clock), where DuckDB took 18 beside it, and in 12 against 8 at a hundred thousand. It held 1.5 GB at most.

## Beside pySHACL, and questions

{oracle}

pySHACL judges the same shapes on the same derived graph, as `--pyshacl` runs it: each query is read once, and joined
from the focus node. It may take {limit} CPU seconds per graph, reading and deriving included; where it did not end, *more than*
says what it had taken when it was stopped. Where it says *extrapolated*, its time is put in proportion to the triples of the
largest graph that it was run on. It took 29 seconds of
9,170 triples as long as some shapes asked for what is missing without EXISTS in EXISTS, a form that Oxigraph is fast with and pySHACL
slow: three quarters of the ratio are due to it. The questions are {asked}.

## Beside other SHACL engines

{engines}

Made by `benchmarks/engines.py`: each engine has a process of its own, reads the derived graph and the shapes from two files of N-Triples
and judges them, start of Python or Java included. All find what was planted and nothing else.

## The map of a nation

| triples | read and derive | judge | gather and write | page | nodes | first paint |
|--:|--:|--:|--:|--:|--:|--:|
| 98,412 | 3.3 | 3.1 | 2.4 | 1.2 MB | 500 | 0.7 s |
| 976,352 | 8.6 | 7.4 | 16.1 | 4.2 MB | 5,199 | 0.6 s |

Made by `python benchmarks/map.py --nation 1000000`. Of 130,000 duties only those that press are read. What takes longest is to put
all evidence into Oxigraph's store, in which the gravest hundred findings are explained, and to measure risk.

## From one size to the next

{growth}

Where the bare loads grow by more than the triples, the store has outgrown the processor's caches, which slows down whatever is
asked of it too.

## Ten million triples, and little memory

DuckDB may hold 3 GB, or half of the memory there is where that is less; `--memory` says otherwise. What it has no room for it writes
to the temporary folder, which `TMPDIR` names, and where all joins of one query have no room together, it makes them one by one. All
planted violations were found and nothing else, each time:

| triples | DuckDB may hold | CPU seconds | × bare load | on the clock | memory of the process |
|--:|--:|--:|--:|--:|--:|
| ten million | 3 GB | 123 | 3.6 | 87 | 4.9 GB |
| ten million | 2 GB | 143 | 4.3 | 97 | 4.6 GB |
| ten million | 11.7 GB | 115 | 3.2 | 82 | 7.3 GB |
| a million | 200 MB | 24 | 7.5 | 19 | 0.6 GB |

Of the memory at a million, 0.23 GB are there once the files are read, more than half of it their text. DuckDB's tables add 0.35 GB
while they are made, and the rules 0.35 GB on the way. Compressed in memory, which DuckDB can do, the tables take 0.09 GB less for the
same time; at 100,000 triples that costs 8 % more time, and more memory.

```console
$ python benchmarks/engine.py --triples 1000000 --alone --memory 200MB
$ python benchmarks/engine.py --triples 10000000 --alone
$ python benchmarks/engine.py --triples 10000000 --alone --memory 2GB
```

## Risk

A million edges are far more than a nation's million triples give: of those, the dependency graph has 10,280 nodes and 15,880 edges.
So the graphs here are generated as such, with the same shape: popular suppliers, chains to tier six, options, owner groups, countries.

| measure, CPU seconds | 99,737 edges | 993,933 edges |
|:--|--:|--:|
| strengths | 0.03 | 0.62 |
| supply | 0.12 | 0.97 |
| concentration | 0.22 | 1.98 |
| overlaps | 0.07 | 0.60 |
| alternatives | 0.04 | 0.50 |
| spread of failures | 0.07 | 0.99 |
| losses | 0.05 | 1.08 |
| single points | 0.01 | 0.18 |
| cheapest fix | 0.08 | 1.19 |
| chains | 0.06 | 0.90 |
| weakest links | 0.01 | 0.19 |
| improvements | 0.06 | 0.67 |
| combinations of losses | 0.05 | 0.06 |
| **all** | **0.87** | **9.94** |

The needs of all nodes are one sparse matrix, and what can be computed on it is: supply, concentration, strengths, what can fail at all.
The rest is loops over nodes: sets of targets as the bits of one integer per node (spread, losses, cheapest fix), and the order in which
nodes fall (chains, improvements). The needs as tuples of Python's integers took 16.3 seconds beside 12.0 in one run on a busy machine, with the
same figures to the last digit.

```console
$ python benchmarks/risk.py --alone      # without it also beside plain networkx
```

## What is aimed at

| | aim | reached | what stands in the way |
|:--|--:|--:|:--|
| files to findings, × bare load, a million triples | 4 | {reached[0]} | reading in Python and DuckDB's tables (above), and some 5 seconds that take as long at any size, to plan 1,100 statements |
| the same, ten million | 4 | 3.9 | |
| ten million triples, on the clock | 60 s | 87 s | two cores, of which reading and planning use one; with both always busy it would be 62 s |
| one to ten million: time, memory | 11 ×, 8 × | 7.8 ×, 5.2 × | |
| memory at ten million | 5 GB, and 2 GB for DuckDB | 4.9 GB, and 4.6 GB | |
| judging, against pySHACL, a million triples | 3,000 × | {reached[1]} | half of judging takes as long at any size, to plan the queries |
| against the SHACL engines of Jena and pyshacl-turbo | ahead | ahead | |
| every measure of risk, a million edges | 10 s | 9.9 s | |
| the map of a nation of a million triples, beyond deriving and judging | seconds | 16 s | a hundred findings are explained in Oxigraph's store, which gets all evidence for that, and risk is measured |

## Start-up

{start}

## The machine, and how to repeat it

{machine}

```console
$ make bench                                       # the small sizes, and the other benchmarks
$ python benchmarks/engine.py --triples {sizes} --limit {limit} --page docs/{name}
```
"""


def write_page(path: Path, rows: Sequence[Row], start: tuple[float, float], options: Mapping[str, Any]) -> None:
    """Write the page, and its plot beside it; ``options`` are the options that the figures were asked for with.

    Has the other SHACL engines judge the graphs of up to `COMPARED` triples.
    """
    picture = path.with_suffix(".svg")
    page = PAGE.format(
        seed=options["seed"],
        picture=picture.name,
        name=path.name,
        times=times_table(rows),
        oracle=oracle_table(rows),
        engines=engines.table(
            [engines.measured(size, options["limit"]) for size in sorted(options["triples"]) if size <= COMPARED]
        ),
        growth=growth(rows),
        reached=reached(rows[-1]),
        start=demo.start_up_table(*start),
        limit=options["limit"],
        asked=", ".join(f"`{name}`" for name in QUESTIONS),
        machine=machine(),
        sizes=" ".join(map(str, sorted(options["triples"]))),
    )
    path.write_text(page, encoding="utf-8")
    plot(picture, rows)


def reached(row: Row) -> tuple[str, str]:
    """Of what is aimed at, the figures of the largest graph: the whole, and judging against pySHACL."""
    return (
        f"{row.whole / row.bare:.1f}",
        f"{row.oracle / row.validate:,.0f} ×" if row.oracle is not None else "not measured",
    )


def machine() -> str:
    """What the figures depend on: processor, memory, Python and the libraries that do the work."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "pyshacl", "rdflib", "typer"))
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB of memory, {platform.system()}; "
        f"Python {platform.python_version()}, graphsc {version('graphsc')}, {libraries}."
    )


def _processor() -> str:
    """The name of the processor, as far as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def plot(path: Path, rows: Sequence[Row]) -> None:
    """Seconds and megabytes over triples, both axes logarithmic, legible on a light page and on a dark one."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    settings: Any = {
        "svg.hashsalt": "graphsc", "svg.fonttype": "none", "font.family": "sans-serif", "text.color": GREY,
        "axes.edgecolor": GREY, "axes.labelcolor": GREY, "xtick.color": GREY, "ytick.color": GREY,
    }  # fmt: skip
    with mpl.rc_context(settings):
        figure, (time, memory) = pyplot.subplots(1, 2, figsize=(9.5, 4), layout="constrained")
        sizes = [row.triples for row in rows]
        values: tuple[list[float | None], ...] = (
            [row.bare for row in rows],
            [row.whole for row in rows],
            [row.validate for row in rows],
            [row.oracle for row in rows],
        )
        for (name, colour, mark), seconds in zip(SERIES, values, strict=True):
            there = [(size, value) for size, value in zip(sizes, seconds, strict=True) if value is not None]
            time.plot(*zip(*there, strict=True), color=colour, marker=mark, label=name) if there else None
        guessed = [row for row in rows if row.oracle is not None and not (row.measured and row.ended)]
        if guessed:
            time.plot([r.triples for r in guessed], [r.oracle for r in guessed], linestyle="", marker="D",
                      markersize=9, markerfacecolor="none", markeredgecolor=SERIES[3][1], label="not run to its end")  # fmt: skip
        for (name, colour, mark), megabytes in zip(
            SERIES[:2], ([row.bare_memory for row in rows], [row.memory for row in rows]), strict=True
        ):
            memory.plot(sizes, megabytes, color=colour, marker=mark, label=name)
        for axes, what in ((time, "CPU seconds"), (memory, "megabytes of memory")):
            axes.set(xscale="log", yscale="log", xlabel="triples in the files", ylabel=what, facecolor="none")
            axes.grid(visible=True, which="major", color=GREY, alpha=0.25)
        figure.legend(*time.get_legend_handles_labels(), loc="outside upper center", ncols=5, frameon=False)
        figure.savefig(path, format="svg", transparent=True, metadata={"Date": None, "Title": "Benchmarks of graphsc"})
        pyplot.close(figure)
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
