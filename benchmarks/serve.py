"""Measures the desk: pages with many readers, questions, a reload after a save, memory, and a query that is stopped beside others.

    python benchmarks/serve.py data/demo [--readers 50] [--requests 2000] [--pause 1] [--memory 20000]
    python benchmarks/serve.py NATION --pages    # the folder of a generated nation, and its pages alone

Prints tables in Markdown. The desk runs in a process of its own, over a copy of the data; the readers share the machine
with it. What else the machine does at the time is said, since it changes every figure: the ratio to a bare file of the
desk's, asked for in the same way in the same run, changes least.
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
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path

import httpx

from graphsc.graph.questions import shipped

PAGES = ("/da/", "/en/findings", "/da/duties", "/en/rules", "/da/coverage", "/en/search?q=drift")
QUESTIONS = ("unapproved-subcontractors", "longest-chains", "owner-groups", "weakest-links", "supervision-plan")
BARE = "/static/site.css"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


async def readers(
    port: int, paths: Sequence[str], many: int, requests: int, pause: float = 0
) -> dict[str, list[float]]:
    """How long each of so many requests took, in milliseconds, by path, with so many readers at once.

    Each has a connection of its own, and takes little of the processor, of which the desk is to have what there is. A
    ``pause`` in seconds is how long each reads a page before asking for the next; they begin at different moments of it.
    """
    took: dict[str, list[float]] = {path: [] for path in paths}
    waiting = iter(range(requests))

    async def reader(place: int) -> None:
        answers, asks = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(pause * place / many)
        for number in waiting:
            path = paths[number % len(paths)]
            begun = time.perf_counter()
            asks.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            head = await answers.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            assert head.startswith(b"HTTP/1.1 200 "), (path, head)
            assert length is not None
            await answers.readexactly(int(length[1]))
            took[path].append((time.perf_counter() - begun) * 1000)
            await asyncio.sleep(pause)
        asks.close()

    await asyncio.gather(*(reader(place) for place in range(many)))
    return took


def together(took: Mapping[str, list[float]]) -> list[float]:
    """The times of all pages, without those of the bare file."""
    return [time for path, times in took.items() if path != BARE for time in times]


def percentile(took: list[float]) -> float:
    """The 95th percentile."""
    return sorted(took)[int(len(took) * 0.95)]


def line(what: str, took: list[float], bare: float | None = None) -> str:
    """A row of the table: median and 95th percentile, and how many times that of the bare file that is."""
    ratio = f"{percentile(took) / bare:.1f}" if bare else ""
    return f"| {what} | {statistics.median(took):.0f} | {percentile(took):.0f} | {ratio} |"


def held(process: int) -> float:
    """The megabytes that a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def spent(process: int) -> float:
    """The seconds of processor time that a process has had, which other work on the machine changes least."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(site: str, folder: Path, process: int, options: argparse.Namespace) -> None:
    """Print the tables."""
    many, port = options.readers, int(site.rpartition(":")[2])
    mixed = [
        path for page in PAGES for path in (page, BARE)
    ]  # in turn, so that what disturbs the one disturbs the other
    async with httpx.AsyncClient(base_url=site, timeout=120) as client:
        print(f"At the start {os.getloadavg()[0]:.1f} processes waited for {os.cpu_count()} cores.\n")
        print("| what | median ms | p95 ms | × bare file |\n|---|--:|--:|--:|")
        for path in PAGES:
            begun = time.perf_counter()
            (await client.get(path)).raise_for_status()
            print(f"| first `{path}` | {(time.perf_counter() - begun) * 1000:.0f} | | |", flush=True)
        before = spent(process)
        took = await readers(port, mixed, many, options.requests)
        each = (spent(process) - before) / options.requests
        print(line(f"bare file, {many} readers", took[BARE], percentile(took[BARE])))
        print(line(f"pages, {many} readers", together(took), percentile(took[BARE])))
        alone = together(await readers(port, mixed, 10, 1000))
        print(line("pages, 10 readers", alone))
        page_paths = await addresses(client)
        pause = f"{options.pause:g} s between pages"
        kinds = ((many, options.pause, f", {pause}"), (many, 0.0, " without a pause"), (10, 0.0, " without a pause"))
        unseen = 0.0
        for number, (reading, resting, how) in enumerate(kinds):
            some = page_paths[number :: len(kinds)]
            before = spent(process)
            slow = together(await readers(port, some, reading, len(some), resting))
            unseen += spent(process) - before
            print(line(f"{len(some)} pages that nobody asked for before, {reading} readers{how}", slow), flush=True)
        if options.pages:
            print(
                f"\nThe process holds {held(process):.0f} MB. Each of the pages that are kept took {each * 1000:.2f} ms of processor time,"
                f" each that nobody asked for before {unseen / len(page_paths) * 1000:.1f}."
            )
            return
        begun = time.perf_counter()
        endless = asyncio.create_task(stopped(client))
        beside = together(await readers(port, mixed, 10, 1000))
        print(line("the same beside an endless query", beside))
        print(f"\nThe endless query was answered with {await endless} after {time.perf_counter() - begun:.1f} s;")
        print(f"p95 of the pages beside it was {percentile(beside) / percentile(alone):.1f} × that without it.\n")
        print(f"Each of the pages that are kept took {each * 1000:.2f} ms of processor time.\n")
        before = spent(process)
        print(f"A saved file was there after {await saved(client, folder):.2f} s,")
        print(f"of which {spent(process) - before:.2f} s of processor time.\n")
        await asked(client)
    await flat(port, process, options.memory)


async def addresses(client: httpx.AsyncClient) -> list[str]:
    """Addresses of pages of things, duties, statements and searches, in turn, each in both languages."""
    result: list[str] = []
    for number in range(2, 60):
        page = await client.get("/da/duties", params={"page": number})
        if page.status_code != 200:
            break
        result += [unescape(link) for link in re.findall(r'<td[^>]*><a href="(/da/[^"#]*)"', page.text)][:8]
        result += [unescape(link) for link in re.findall(r': <a href="(/da/[^"#]*)"', page.text)][:6]
        result += [f"/en/duties?page={number}", f"/da/search?q=aftale+{number}"]
    both = (address for path in result for address in (path, f"/{'en' if path[1:3] == 'da' else 'da'}{path[3:]}"))
    return list(dict.fromkeys(both))[:3000]


async def asked(client: httpx.AsyncClient) -> None:
    """Print how long each question takes at `/sparql`, with a text that nobody asked before, and again."""
    print("\n| question | asked first, ms | asked again, ms |\n|---|--:|--:|")
    for name in QUESTIONS:
        texts = [f"{shipped()[name].text}\n# {number}" for number in range(31)]
        times = [[await query_time(client, text) for _ in range(2)] for text in texts][1:]
        first, again = map(statistics.median, zip(*times, strict=True))
        print(f"| {name} | {first:.1f} | {again:.1f} |")


async def query_time(client: httpx.AsyncClient, query: str) -> float:
    """The milliseconds until the whole answer to a query is there, as JSON."""
    begun = time.perf_counter()
    answer = await client.get("/sparql", params={"query": query}, headers={"accept": "application/sparql-results+json"})
    answer.raise_for_status()
    return (time.perf_counter() - begun) * 1000


async def stopped(client: httpx.AsyncClient) -> int:
    """The status that a query of the worst kind ends with."""
    return (await client.get("/sparql", params={"query": ENDLESS}, headers={"accept": "text/csv"})).status_code


async def saved(client: httpx.AsyncClient, folder: Path) -> float:
    """Seconds until a file that was saved is answered from."""
    before = (await client.get("/version")).text
    file = next(file for file in sorted(folder.rglob("*")) if file.suffix in {".yaml", ".nt"})
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    begun = time.perf_counter()
    while (await client.get("/version")).text == before:
        await asyncio.sleep(0.02)
    return time.perf_counter() - begun


async def flat(port: int, process: int, requests: int) -> None:
    """Print what the server holds after each fifth of so many requests, each fifth of them for an address of its own."""
    print("| requests | MB |\n|--:|--:|")
    done = 0
    for fifth in range(6):
        print(f"| {done:,} | {held(process):.0f} |", flush=True)
        if fifth < 5:
            paths = tuple(f"/en/search?q={number}" for number in range(done, done + requests // 25)) + PAGES * 40
            await readers(port, paths, 10, requests // 5)
            done += requests // 5


def main() -> None:
    """Serve a copy of the data, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--pause", type=float, default=1, help="seconds that those who read take between pages")
    parser.add_argument("--pages", action="store_true", help="measure the pages alone")
    parser.add_argument("--memory", type=int, default=20_000, help="requests over which memory is watched")
    options = parser.parse_args()
    assert set(QUESTIONS) <= shipped().keys()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        shutil.copytree(options.data, folder)
        command = [sys.executable, "-m", "graphsc", "serve", str(folder), "--port", "0", "--as-of", "2026-11-25"]
        log = Path(scratch) / "log"
        with log.open("w") as stream:
            desk = subprocess.Popen(command, stderr=stream, env=os.environ)
        try:
            address = None
            while address is None and desk.poll() is None:
                time.sleep(0.1)
                address = re.search(r"http://[\d.:]+", log.read_text(encoding="utf-8"))
            assert address is not None
            asyncio.run(measure(address[0], folder, desk.pid, options))
        finally:
            desk.terminate()
            desk.wait()


if __name__ == "__main__":
    main()
