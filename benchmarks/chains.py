"""Only what a map draws, of a made-up country: authorities, what they answer for, and the chains below.

Sized by nodes in the drawing and random all over, for laying out and clicking. What an engine is measured with is
`national.py`: whole records with evidence, sized by triples, whose violations are known. Everything is drawn from a seed,
so that a size always gives the same country. Some links lack approval, and a few suppliers stand below very many others,
as in life.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASE = "https://land.example/"
NS, ROOT = "https://w3id.org/graphsc/ns#", "https://w3id.org/graphsc/"
TYPE, LABEL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2000/01/rdf-schema#label"
_FIRST = ("Fjord", "Skov", "Hav", "Klit", "Eng", "Mose", "Bæk", "Lyng", "Sten", "Nord", "Syd", "Vester", "Øster", "Ravn",
          "Svane", "Ulv", "Bjørn", "Egern", "Lærke", "Måge", "Granit", "Kridt", "Rav", "Bølge")  # fmt: skip
_SECOND = ("Drift", "Sky", "Net", "Data", "Kode", "Log", "Vagt", "Hosting", "Backup", "Arkiv", "Signal", "Analyse",
           "Identitet", "Kabel", "Lager", "Portal", "Kald", "Test", "Kort", "Regnskab")  # fmt: skip
_WHAT = ("Sagsstyring", "Journal", "Beskeder", "Ydelser", "Register", "Alarm", "Kontrol", "Betaling", "Booking", "Måling",
         "Rute", "Forsyning")  # fmt: skip
_COUNTRIES = ("DK", "DK", "DK", "DK", "SE", "NO", "DE", "IE", "NL", "US", "PL", "IN")
_LEVELS = (
    "ordinary",
    "ordinary",
    "business-critical",
    "business-critical",
    "critical-infrastructure",
    "society-critical",
)
DEEPEST = 4


def _is(subject: str, kind: str) -> str:
    return f"<{BASE}{subject}> <{TYPE}> <{NS}{kind}> ."


def _called(subject: str, name: str) -> str:
    return f'<{BASE}{subject}> <{LABEL}> "{name}" .'


def _to(subject: str, predicate: str, other: str) -> str:
    return f"<{BASE}{subject}> <{NS}{predicate}> <{BASE}{other}> ."


def _of(subject: str, predicate: str, concept: str) -> str:
    return f"<{BASE}{subject}> <{NS}{predicate}> <{ROOT}{concept}> ."


def _on(subject: str, predicate: str, day: str) -> str:
    return f'<{BASE}{subject}> <{NS}{predicate}> "{day}"^^<http://www.w3.org/2001/XMLSchema#date> .'


@dataclass
class Country:
    """How many of everything there are for so many nodes in the drawing, and what chooses between them."""

    nodes: int
    draw: random.Random

    def __post_init__(self) -> None:
        self.systems, self.suppliers = max(4, self.nodes * 3 // 10), max(6, self.nodes * 67 // 100)
        self.functions, self.authorities = max(1, self.nodes // 100), max(1, self.nodes // 50)
        first, second = self.suppliers * 3 // 10, self.suppliers * 7 // 10
        self.tiers = (range(first), range(first, second), range(second, self.suppliers))
        self.count = 0

    def triples(self) -> Iterator[str]:
        """The lines of N-Triples."""
        yield from self._upper()
        yield from self._suppliers()
        for system in range(self.systems):
            for _ in range(self.draw.choice((1, 1, 1, 2))):
                yield from self._contract(system)

    def _upper(self) -> Iterator[str]:
        for number in range(self.authorities):
            yield _is(f"m/{number}", "Organisation")
            yield _called(f"m/{number}", f"{_FIRST[number % len(_FIRST)]}styrelsen {number // len(_FIRST) + 1}")
            yield _of(f"m/{number}", "kind", "kind/state-authority")
        for number in range(self.functions):
            yield _is(f"f/{number}", "SocietalFunction")
            yield _called(f"f/{number}", f"{_WHAT[number % len(_WHAT)].lower()} nr. {number + 1}")
        for number in range(self.systems):
            yield _is(f"s/{number}", "ITSystem")
            yield _called(f"s/{number}", f"{_WHAT[number % len(_WHAT)]} {number // len(_WHAT) + 1}")
            yield _to(f"s/{number}", "owner", f"m/{number % self.authorities}")
            yield _of(f"s/{number}", "criticality", f"criticality/{self.draw.choice(_LEVELS)}")
            if number < self.functions * 3:
                yield _to(f"s/{number}", "supports", f"f/{number % self.functions}")
            if number > 3 and self.draw.random() < 0.2:
                yield _to(f"s/{number}", "dependsOn", f"s/{self.draw.randrange(number)}")

    def _suppliers(self) -> Iterator[str]:
        for number in range(self.suppliers):
            first, second = _FIRST[number % len(_FIRST)], _SECOND[number // len(_FIRST) % len(_SECOND)]
            again = number // (len(_FIRST) * len(_SECOND))
            yield _is(f"o/{number}", "Organisation")
            yield _called(
                f"o/{number}", f"{first} {second}{f' {again + 1}' if again else ''} {self.draw.choice(('A/S', 'ApS'))}"
            )
            yield _of(f"o/{number}", "country", f"country/{self.draw.choice(_COUNTRIES)}")
            if self.draw.random() < 0.15:
                group = self.draw.randrange(max(1, self.suppliers // 40))
                yield _is(f"k/{group}", "OwnerGroup")
                yield _called(f"k/{group}", f"{_FIRST[group % len(_FIRST)]}-koncernen {group // len(_FIRST) + 1}")
                yield _to(f"o/{number}", "ownerGroup", f"k/{group}")

    def _contract(self, system: int) -> Iterator[str]:
        """A contract on a system, and below it a few links, fewer the further down."""
        customer = f"m/{system % self.authorities}"
        contract = self._next("a")
        kept = self.draw.random() < 0.08
        yield _is(contract, "Agreement")
        yield _to(contract, "customer", customer)
        yield _to(contract, "supplier", self._supplier(0))
        yield _to(contract, "serves", f"s/{system}")
        yield _on(contract, "start", "2024-01-01")
        if kept:
            yield _of(contract, "keepsRegister", "register/subcontractors")
        above = [(contract, 1)]
        while above:
            parent, tier = above.pop()
            for _ in range(self.draw.choice((0, 1, 1, 2)) if tier < DEEPEST else 0):
                link = self._next("u")
                yield _is(link, "Subcontract")
                yield _to(link, "under", parent)
                yield _to(link, "supplier", self._supplier(tier))
                yield _on(link, "start", "2024-06-01")
                if kept and self.draw.random() < 0.8:
                    approval = self._next("g")
                    yield _is(approval, "Approval")
                    yield _to(approval, "approves", link)
                    yield _to(approval, "forAgreement", contract)
                    yield _to(approval, "performer", customer)
                    yield _on(approval, "date", "2024-05-01")
                above.append((link, tier + 1))

    def _next(self, sort: str) -> str:
        self.count += 1
        return f"{sort}/{self.count}"

    def _supplier(self, tier: int) -> str:
        """One of a tier; a few of them have most of it."""
        pool = self.tiers[min(tier, 2)]
        heavy = self.draw.random() ** 3
        return f"o/{pool[int(heavy * len(pool))] if self.draw.random() < 0.4 else self.draw.choice(pool)}"


def write(folder: Path, nodes: int, seed: int = 7) -> Path:
    """Write the country of a size as one file, and say where it is."""
    file = folder / f"land-{nodes}.nt"
    file.write_text("\n".join(Country(nodes, random.Random(seed)).triples()) + "\n", encoding="utf-8")
    return file
