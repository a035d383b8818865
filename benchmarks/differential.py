"""The compiled plans, on Oxigraph and as SQL on DuckDB, against pySHACL on generated graphs and shapes, as many as one has time for.

Run ``python benchmarks/differential.py --cases 100000``. Prints every difference, how many cases there were for each
component, kind of path and severity, which have fewer than twenty that conform or twenty that violate, and what SQL left
to Oxigraph; interrupted, it does so for the cases until then. Leaves with 1 for a difference or such a gap.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import warnings
from collections import Counter
from contextlib import nullcontext, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

import jena
from shacl_comparison import Row, by_another_engine, compared, on_duckdb
from shacl_generation import Batch, Kind, can_be, core, judges_nothing, kinds
from shacl_queries import query_based, query_kinds

ENOUGH = 20
EVERY = 4
"""One batch in so many is of queries, which pySHACL asks once for each focus node, while other kinds lack cases too."""
ANY = 0.3
"""This share of the cases is of any kind; the others are of the kinds that there are too few of, while there are."""
Cases = Counter[tuple[str, str, str, bool]]
"""How many cases there were of a kind that violated, and that conformed."""


def lacking(cases: Cases, among: list[Kind]) -> list[Kind]:
    """The kinds of which too few cases conform or violate."""
    return [kind for kind in among if any(can_be(kind, bad) and cases[*kind, bad] < ENOUGH for bad in (False, True))]


def drawn(seed: int, cases: Cases, *, aimed: bool) -> Batch:
    """A batch of any kinds, or aimed at those that lack cases."""
    plain = lacking(cases, kinds()) if aimed else []
    queries = lacking(cases, query_kinds()) if aimed else []
    if seed % EVERY == 0 or (queries and not plain):
        return query_based(seed, among=queries)
    return core(seed, among=plain)


def differing(ours: Counter[Row], theirs: Counter[Row], engine: str) -> list[str]:
    """What the compiled plans and another engine do not both find."""
    return [
        f"compiled {ours[row]}, {engine} {theirs[row]}: {row}"
        for surplus in (ours - theirs, theirs - ours)
        for row in surplus
    ]


def main() -> int:
    """Compare, print, and say whether all was well."""
    parser = argparse.ArgumentParser(description="Compare the compiled shapes with pySHACL.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=1_000_000, help="the first seed")
    parser.add_argument("--jena", action="store_true", help="compare with Jena's SHACL engine too, if it is installed")
    options = parser.parse_args()
    with jena.server() if options.jena else nullcontext() as url:
        return compare(options, url)


def compare(options: argparse.Namespace, url: str | None) -> int:
    """Compare with pySHACL, and with the engine of a Jena server if there is one."""
    warnings.simplefilter("ignore")
    gc.set_threshold(200_000)  # rdflib's small objects are many, and few are garbage that needs finding
    logging.disable(logging.CRITICAL)
    cases: Cases = Counter()
    declined: Counter[str] = Counter()
    fallbacks: Counter[str] = Counter()
    every = [*kinds(), *query_kinds()]
    differences = judged = enough = 0
    seed = options.first
    with suppress(KeyboardInterrupt):  # what was compared until then is printed
        while judged < options.cases:
            batch = drawn(seed, cases, aimed=judged > ANY * options.cases)
            comparison = compared(batch)
            declined += comparison.declined
            lines = differing(comparison.ours, comparison.theirs, "pySHACL")
            by_sql, reasons = on_duckdb(batch)
            lines += differing(comparison.ours, by_sql, "DuckDB")
            fallbacks += Counter(reasons.values())
            if url is not None:
                other = by_another_engine(jena.without_misjudged(batch), jena.report(url))
                lines += differing(other.ours, other.theirs, "Jena")
            for line in lines:
                differences += 1
                print(f"seed {seed}: {line}", flush=True)
            for shape in batch.generated:
                if shape.name not in comparison.by_shape:
                    continue
                judged += 1
                kind = (shape.component, shape.path, shape.severity)
                violates = comparison.by_shape[shape.name] > 0
                empty = shape.name in comparison.empty
                if not can_be(kind, violates) or (judges_nothing(kind) and not violates and not empty):
                    differences += 1
                    print(f"seed {seed}: {' '.join(kind)} is said to be impossible: {shape.name}", flush=True)
                if violates or not empty or judges_nothing(kind):
                    cases[*kind, violates] += 1
            seed += 1
            enough = enough or (judged if not lacking(cases, every) else 0)
    scarce = [
        f"{' '.join(kind)}: {cases[*kind, False]} conforming, {cases[*kind, True]} violating"
        for kind in lacking(cases, every)
    ]
    print(f"{judged} cases of {len(every)} kinds, {sum(n for k, n in cases.items() if k[3])} of them violating")
    print(f"{judged - cases.total()} of them not counted below, since no focus node has a value to judge")
    for bad, word in enumerate(("conforming", "violating")):
        several = {kind: cases[*kind, bool(bad)] for kind in every if can_be(kind, bool(bad))}
        print(f"at least {min(several.values())} {word} of each of {len(several)} kinds")
    if enough:
        print(f"at least {ENOUGH} of each from case {enough} on")
    print(f"{differences} differences; {len(scarce)} kinds with fewer than {ENOUGH} conforming or violating cases")
    print("\n".join([*scarce, *(f"{number} not compiled: {reason}" for reason, number in sorted(declined.items()))]))
    for reason, number in fallbacks.most_common():
        print(f"{number} left to Oxigraph by DuckDB: {reason}")
    return int(bool(differences or scarce))


if __name__ == "__main__":
    sys.exit(main())
