"""What `validate` takes on a Spark cluster of this machine, with more and more workers.

    python benchmarks/spark.py [--triples 100000] [--workers 1 2] [--memory 2000]

The cluster is a real one, standalone on the loopback, each worker with one core and ``--memory`` MB. CPU seconds are those of the
driver (this program, and the Java that plans) and those of master and workers, read from ``/proc`` twice a second. The
findings must be those of DuckDB in process, which is measured beside it, or the run ends with 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

import cluster
import national
from demo import GRAPHSC

TICKS = os.sysconf("SC_CLK_TCK")


class Watch(threading.Thread):
    """Reads twice a second what a process and those below it have taken of the processors, and keeps it when they have ended.

    Of this process itself it reads only those below it.
    """

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._ticks: dict[int, int] = {} if root == os.getpid() else {root: 0}
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        """Read until `stop`."""
        while not self._over.wait(0.5):
            self._read()

    def stop(self) -> float:
        """Read once more; returns the CPU seconds of all together."""
        self._over.set()
        self.join()
        self._read()
        return sum(self._ticks.values()) / TICKS

    def _read(self) -> None:
        parents, ticks = dict[int, int](), dict[int, int]()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it may end meanwhile
                values = stat.read_text().rpartition(")")[2].split()
                process = int(stat.parent.name)
                parents[process], ticks[process] = int(values[1]), int(values[11]) + int(values[12])
        for process, taken in ticks.items():
            above = parents[process]
            while above not in self._ticks and above not in {self._root, 0}:
                above = parents.get(above, 0)
            if above or process in self._ticks:
                self._ticks[process] = taken


@dataclass(frozen=True, slots=True)
class Run:
    """What one took: CPU seconds of the driver and of the cluster, and seconds on the clock; and what it printed."""

    driver: float
    cluster: float
    clock: float
    findings: bytes


def validated(folder: Path, engine: str, environment: dict[str, str]) -> Run:
    """Validate a folder, which an engine reads, as the command line does; the program stops where that engine gave up."""
    command = (
        GRAPHSC,
        "validate",
        folder.as_uri(),
        "--engine",
        engine,
        "--as-of",
        str(national.AS_OF),
        "--format",
        "json",
        "--verbose",
    )
    started, everything = time.perf_counter(), Watch(os.getpid())
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **environment}
    ) as process:
        driver = Watch(process.pid)
        findings, work = process.communicate()
        clock, seconds = time.perf_counter() - started, driver.stop()
    if process.returncode not in {0, 1}:
        sys.exit(f"{engine}: exit code {process.returncode}\n{work.decode()}")
    if b"gave up" in work:
        sys.exit(work.decode())
    return Run(seconds, max(0.0, everything.stop() - seconds), clock, findings)


def main() -> None:
    """Measure, compare the findings, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2], help="none: DuckDB alone")
    parser.add_argument("--memory", type=int, default=2000, help="MB of each worker")
    options = parser.parse_args()
    print("| on | CPU seconds of the driver | of the cluster | on the clock |\n|:--|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        national.write(folder / "national", options.triples, seed=1)
        runs = {"DuckDB, in process": validated(folder / "national", "duckdb", {})}
        show(*runs.items())
        for workers in options.workers:
            with cluster.cluster(folder, workers=workers, memory=options.memory) as master:
                cluster.configure(
                    folder, master, cores_max=workers, driver_memory="3g", executor_memory=f"{options.memory - 100}m",
                    executor_extraJavaOptions="-XX:+UseSerialGC", sql_shuffle_partitions=workers,
                )  # fmt: skip
                environment = {"SPARK_CONF_DIR": name, "SPARK_LOCAL_IP": "127.0.0.1"}
                runs[f"Spark, {workers} workers of one core"] = validated(folder / "national", "spark", environment)
            show(*runs.items())
    if len({run.findings for run in runs.values()}) > 1:
        sys.exit("The findings differ.")


def show(*runs: tuple[str, Run]) -> None:
    """Print the last line of the table."""
    name, run = runs[-1]
    print(f"| {name} | {run.driver:,.0f} | {run.cluster:,.0f} | {run.clock:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
