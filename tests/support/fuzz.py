"""Reads files that were damaged at random: whatever is in them, reading ends and says what is wrong, at a line that there is.

    python tests/support/fuzz.py --mutations 20000 --seed 1

A mutation is known by its seed alone, so that what falls can be made again; it becomes a case in the corpus of the tests.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

from repository import DEMO

from graphsc.sources.files import File
from graphsc.sources.reader import read_some

BASE = "https://k.example/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SAMPLES = {
    "a.ttl": """\
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:x:KL> a g:Agreement ; g:customer <urn:x:K> ; g:supplier [ a g:Organisation ; rdfs:label "L"@da ] .
""",
    "a.nt": '<urn:x:K> <http://www.w3.org/2000/01/rdf-schema#label> "Kyst\\u00e6n"@da .\n',
    "a.jsonld": """\
{"@context": "https://w3id.org/graphsc/context.jsonld", "@graph": [
  {"id": "org/n", "type": "Organisation", "navn": {"da": "Nord"}, "land": "NO", "cvr": "99000244"},
  {"id": "k/1", "type": "Agreement", "kunde": "org/n", "leverandør": {"@id": "org/n"}, "underskrevet": "2024-02-29"}]}
""",
    "a.rdf": f"""\
<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:g="https://w3id.org/graphsc/ns#">
  <g:Agreement rdf:about="urn:x:KL"><g:customer rdf:resource="urn:x:K"/></g:Agreement>
</rdf:RDF>
""",
    "a.json": """\
{"releases": [{"ocid": "ocds-1", "id": "1", "date": "2024-01-01T00:00:00Z", "tag": ["contract"], "buyer": {"id": "B"},
  "parties": [{"id": "B", "name": "Buyer", "roles": ["buyer"]}, {"id": "S", "name": "S", "roles": ["supplier"]}],
  "awards": [{"id": "a", "status": "active", "suppliers": [{"id": "S"}]}],
  "contracts": [{"id": "c", "awardID": "a", "period": {"startDate": "2024-02-01"}}]}]}
""",
}
EVIL = [
    "\x00", "\r", "\t", "\u202e", "\ufeff", "'", '"', "]", "}", "{", "[", ":", "- ", "#", "&a ", "*a", "!!python/object:os.system ",
    "<<: ", "%", "\\", "\\u0000", "@", "_:", "<", ">", "<!ENTITY x SYSTEM 'file:///etc/passwd'>", "9" * 400, "1e999", "-0", "null",
    "2024-02-30", "http://[", "urn:", "../../", "ø" * 50,
]  # fmt: skip


def originals() -> dict[str, bytes]:
    """The files that are damaged: those of the demo, and one of each other format."""
    demo = {file.name: file.read_bytes() for file in sorted(DEMO.rglob("*.yaml"))}
    return demo | {name: text.encode() for name, text in SAMPLES.items()}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content after one to three random changes."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        end = min(end, at + 80)
        match chance.randrange(7):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = chance.choice(EVIL).encode()
            case 2:
                data[at:end] = chance.choice(EVIL).encode()
            case 3 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 4:
                data[at:at] = data[at:end]
            case 5:
                del data[at:]
            case _:
                lines = data.split(b"\n")
                chance.shuffle(lines)
                data = bytearray(b"\n".join(lines))
    return bytes(data)


def fault(seed: int, files: dict[str, bytes]) -> str | None:
    """What is wrong with how one damaged file is read; None where nothing is."""
    chance = random.Random(seed)
    name = chance.choice(sorted(files))
    content = damaged(files[name], chance)
    try:
        sources = read_some([(File(Path(name), name, named=True), content)], base=BASE)
    except Exception as error:
        return f"{name}: {type(error).__name__}: {error}"
    lines = len(content.splitlines()) + 1
    for problem in sources.problems:
        if problem.location.line is not None and not 1 <= problem.location.line <= max(lines, 1):
            return f"{name}: {problem.code} at line {problem.location.line} of {lines}"
    return None


def main() -> None:
    """Damage and read as often as asked; exit code 1 when something fell."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--mutations", type=int, default=20_000)
    words.add_argument("--seed", type=int, default=1)
    options = words.parse_args()
    files = originals()
    fell: Counter[str] = Counter()
    for seed in range(options.seed * 10**9, options.seed * 10**9 + options.mutations):
        wrong = fault(seed, files)
        if wrong is not None:
            fell[wrong] += 1
            sys.stdout.write(f"seed {seed}: {wrong}\n")
    sys.stdout.write(f"{options.mutations} mutations, {fell.total()} fell\n")
    sys.exit(bool(fell))


if __name__ == "__main__":
    main()
