"""Measures the desk: pages with many readers, questions, a reload after a save, and a query that is stopped beside others.

    python benchmarks/serve.py data/demo [--readers 50] [--requests 2000]

Prints a table in Markdown. The desk runs in a process of its own, over a copy of the data.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from graphsc.graph.questions import shipped

PAGES = ("/da/", "/en/findings", "/da/duties", "/en/rules", "/da/coverage", "/en/search?q=drift")
QUESTIONS = ("unapproved-subcontractors", "longest-chains", "owner-groups", "weakest-links", "supervision-plan")
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


async def readers(client: httpx.AsyncClient, paths: tuple[str, ...], many: int, requests: int) -> list[float]:
    """How long each of so many requests took, in milliseconds, with so many readers at once."""
    took: list[float] = []
    waiting = iter(range(requests))

    async def reader() -> None:
        for number in waiting:
            begun = time.perf_counter()
            answer = await client.get(paths[number % len(paths)])
            answer.raise_for_status()
            took.append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(reader() for _ in range(many)))
    return took


def line(what: str, took: list[float]) -> str:
    """A row of the table: median and 95th percentile."""
    ordered = sorted(took)
    return f"| {what} | {statistics.median(ordered):.0f} | {ordered[int(len(ordered) * 0.95)]:.0f} |"


async def measure(site: str, folder: Path, many: int, requests: int) -> None:
    """Print the table."""
    limits = httpx.Limits(max_connections=many)
    async with httpx.AsyncClient(base_url=site, timeout=120, limits=limits) as client:
        print("| what | median ms | p95 ms |\n|---|--:|--:|")
        for path in PAGES:
            begun = time.perf_counter()
            (await client.get(path)).raise_for_status()
            print(line(f"first `{path}`", [(time.perf_counter() - begun) * 1000]))
        print(line(f"pages, {many} readers", await readers(client, PAGES, many, requests)))
        for name in QUESTIONS:
            path = f"/ask/{name}?run=1&format=json"
            (await client.get(path)).raise_for_status()
            print(line(f"question `{name}`", await readers(client, (path,), 1, 20)))
        endless = asyncio.create_task(client.get("/sparql", params={"query": ENDLESS}))
        print(line("pages beside an endless query", await readers(client, PAGES, 10, 500)))
        begun = time.perf_counter()
        print(f"\nThe endless query was answered with {(await endless).status_code}.")
        before = (await client.get("/version")).text
        file = next(folder.rglob("*.yaml"))
        file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        begun = time.perf_counter()
        while (await client.get("/version")).text == before:
            await asyncio.sleep(0.02)
        print(f"A saved file was there after {time.perf_counter() - begun:.2f} s.")


def main() -> None:
    """Serve a copy of the data, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--requests", type=int, default=2000)
    asked = parser.parse_args()
    assert set(QUESTIONS) <= shipped().keys()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        shutil.copytree(asked.data, folder)
        command = [sys.executable, "-m", "graphsc", "serve", str(folder), "--port", "0", "--as-of", "2026-11-25"]
        log = Path(scratch) / "log"
        with log.open("w") as stream:
            desk = subprocess.Popen(command, stderr=stream, env=os.environ)
        try:
            found = None
            while found is None and desk.poll() is None:
                time.sleep(0.1)
                found = re.search(r"http://[\d.:]+", log.read_text(encoding="utf-8"))
            assert found is not None
            asyncio.run(measure(found[0], folder, asked.readers, asked.requests))
        finally:
            desk.terminate()
            desk.wait()


if __name__ == "__main__":
    main()
