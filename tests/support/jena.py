"""Jena as Debian packages it: its class path, its SHACL engine and its SPARQL client."""

from __future__ import annotations

import os
import shutil
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from serving import serving
from shacl_generation import Batch

JARS = Path("/usr/share/java")
_NEEDED = ("arq", "base", "cmds", "core", "iri", "shacl")
_OTHERS = (
    *(
        "caffeine",
        "commons-cli",
        "commons-codec",
        "commons-collections4",
        "commons-compress",
        "commons-csv",
        "commons-io",
    ),
    *("commons-lang3", "dexx.collection", "gson", "jakarta.json-api", "protobuf", "slf4j-api", "slf4j-nop", "thrift"),
    "titanium-json-ld",
)
_SPARING = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""A server of a test lives too short to repay more compiling, or collecting with several threads."""
_MISPLACED = "org/apache/jena/ext/"
"""Where the package has the messages of its XML parser, which looks for them one folder up from there; without them, what
is no date, say, is an error of the program."""


def need() -> None:
    """Skip a test where Jena or a JDK is not installed; with CI set, fail it."""
    if not (JARS / "jena-shacl.jar").exists() or shutil.which("javac") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Jena (Debian: libapache-jena-java) or a JDK is missing")


@contextmanager
def class_path() -> Iterator[str]:
    """What ``java -cp`` is given."""
    with TemporaryDirectory() as folder:
        with zipfile.ZipFile(JARS / "jena-core.jar") as core:
            for name in core.namelist():
                if name.startswith(_MISPLACED) and name.endswith(".properties"):
                    target = Path(folder, name.removeprefix(_MISPLACED))
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(core.read(name))
        names = [f"jena-{name}" for name in _NEEDED] + list(_OTHERS)
        yield ":".join([folder, *(str(JARS / f"{name}.jar") for name in names)])


@contextmanager
def server() -> Iterator[str]:
    """The address where ``JenaServer.java`` listens on a free port of this machine."""
    need()
    program = Path(__file__).with_name("JenaServer.java")
    with class_path() as path, serving(["java", *_SPARING, "-cp", path, str(program)]) as address:
        yield address


_MISJUDGED = ("closed", "property", "sparql", "lacking")
"""Of a property shape Jena 4.9 judges sh:closed and sh:property on the focus node, where the recommendation has each value
judged, and it leaves $PATH in a query a variable (sections 2.3.2, 4.8.1 and 5.3.1)."""


def without_misjudged(batch: Batch) -> Batch:
    """A batch without the shapes that Jena does not judge as the recommendation has it."""
    left = [shape for shape in batch.generated if shape.path == "node" or not shape.component.startswith(_MISJUDGED)]
    gone = {ox.NamedNode(shape.name) for shape in batch.generated} - {ox.NamedNode(one.name) for one in left}
    return Batch(batch.data, tuple(triple for triple in batch.shapes if triple.subject not in gone), tuple(left))


def report(url: str) -> Callable[[list[ox.Triple], list[ox.Triple]], list[ox.Triple]]:
    """What Jena's SHACL engine reports of data and shapes, at the address of `server`."""

    def judged(data: list[ox.Triple], shapes: list[ox.Triple]) -> list[ox.Triple]:
        quads = [
            ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(f"urn:x-test:{name}"))
            for name, triples in (("data", data), ("shapes", shapes))
            for triple in triples
        ]
        body = answer_to(f"{url}/shacl", ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
        return [quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES)]

    return judged


def answer_to(url: str, body: bytes) -> bytes:
    """The answer to a POST."""
    with urllib.request.urlopen(urllib.request.Request(url, body, {"Accept": "*/*"})) as answer:
        content: bytes = answer.read()
    return content
