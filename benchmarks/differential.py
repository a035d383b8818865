"""The compiled plans against pySHACL on generated graphs and shapes, as many as one has time for.

Run ``python benchmarks/differential.py --cases 100000``. Prints every difference, how many cases there were for each
component, kind of path and severity, and which have fewer than twenty that conform or twenty that violate; leaves with 1
for a difference or such a gap.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from shacl_comparison import compared
from shacl_generation import Kind, asked, core, kinds

ENOUGH = 20
EVERY = 20
"""One batch in so many is of queries, which pySHACL asks once for each focus node."""
ANY = 0.3
"""This share of the cases is of any kind; the others are of the kinds that there are too few of, while there are."""


def lacking(cases: Counter[tuple[str, str, str, bool]]) -> list[Kind]:
    """The kinds of which too few cases conform or violate."""
    return [kind for kind in kinds() if min(cases[*kind, False], cases[*kind, True]) < ENOUGH]


def main() -> int:
    """Compare, print, and say whether all was well."""
    parser = argparse.ArgumentParser(description="Compare the compiled shapes with pySHACL.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=1_000_000, help="the first seed")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    cases: Counter[tuple[str, str, str, bool]] = Counter()
    differences = 0
    seed = options.first
    while cases.total() < options.cases:
        some = lacking(cases) if cases.total() > ANY * options.cases else []
        batch = asked(seed) if seed % EVERY == 0 else core(seed, among=some)
        found = compared(batch)
        for row in (found.ours - found.theirs) + (found.theirs - found.ours):
            differences += 1
            print(f"seed {seed}: compiled {found.ours[row]}, pySHACL {found.theirs[row]}: {row}", flush=True)
        for one in batch.made:
            if one.name in found.by_shape:
                cases[one.component, one.path, one.severity, found.by_shape[one.name] > 0] += 1
        seed += 1
    few = [
        f"{' '.join(kind)}: {cases[*kind, False]} conforming, {cases[*kind, True]} violating" for kind in lacking(cases)
    ]
    print(
        f"{cases.total()} cases of {len({kind[:3] for kind in cases})} kinds, {sum(n for k, n in cases.items() if k[3])} of them violating"
    )
    print(f"{differences} differences; {len(few)} kinds with fewer than {ENOUGH} conforming or violating cases")
    print("\n".join(few))
    return int(bool(differences or few))


if __name__ == "__main__":
    sys.exit(main())
