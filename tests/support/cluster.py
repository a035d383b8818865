"""A Spark cluster of a master and two workers on this machine, as PyPI has it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

_SPARING = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""It lives too short to repay more compiling, or collecting with several threads."""
_CONFIG = {
    "spark.cores.max": 2,
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": _SPARING,
    "spark.driver.host": "127.0.0.1",
    "spark.executor.cores": 1,
    "spark.executor.extraJavaOptions": _SPARING,
    "spark.executor.memory": "600m",
    "spark.log.level": "ERROR",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""For a small graph: no query is planned again while it runs, and no code is compiled for it."""


def need() -> None:
    """Skip a test where Spark or Java is not installed; with CI set, fail it."""
    if find_spec("pyspark") is None or find_spec("sqlglot") is None or shutil.which("java") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("graphsc[spark] or Java is missing")


def configure(folder: Path, master: str, **settings: object) -> None:
    """Write Spark's own configuration into a folder, for SPARK_CONF_DIR to name; ``settings`` have ``_`` for a dot."""
    changed = {f"spark.{name.replace('_', '.')}": value for name, value in settings.items()}
    lines = [f"{name} {value}" for name, value in {**_CONFIG, "spark.master": master, **changed}.items()]
    (folder / "spark-defaults.conf").write_text("\n".join(lines), "utf-8")


def leave() -> None:
    """End what runs on a cluster, and the process of Java that it is run from."""
    from pyspark import SparkContext

    context, gateway = SparkContext._active_spark_context, SparkContext._gateway
    if context is not None and gateway is not None:
        context.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None


@contextmanager
def cluster(folder: Path, *, workers: int = 2, memory: int = 700) -> Iterator[str]:
    """The address of the master of a cluster that lies in a folder, with workers of one core and so many MB; it is gone afterwards."""
    need()
    from pyspark.find_spark_home import _find_spark_home as find_spark_home

    environment = {
        **os.environ,
        "SPARK_DAEMON_JAVA_OPTS": _SPARING,
        "SPARK_DAEMON_MEMORY": "300m",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder),
    }
    with ExitStack() as running:

        def start(name: str, *words: str) -> str:
            """Start a part of Spark; the address of the master, once it is named."""
            program = [f"{find_spark_home()}/bin/spark-class", f"org.apache.spark.deploy.{name}"]
            process = subprocess.Popen(
                [*program, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0", *words],
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            )
            running.callback(process.wait)
            running.callback(process.kill)
            assert process.stderr is not None
            log: list[str] = []
            for line in process.stderr:
                log.append(line)
                if match := re.search(r"(?:Starting Spark|registered with) master (?:at )?(spark://\S+)", line):
                    threading.Thread(target=process.stderr.read, daemon=True).start()  # or it waits for a reader
                    return match[1]
            pytest.fail("".join(log))

        master = start("master.Master")
        for _ in range(workers):
            start("worker.Worker", "--cores", "1", "--memory", f"{memory}m", master)
        yield master
