"""A made-up country of a given size: authorities, what they answer for, and the chains below, as a dataset.

Everything is drawn from a seed, so that a size always gives the same country. Some links lack approval, some
requirements stop on the way, and a few suppliers stand below very many others, as in life.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

BASE = "https://land.example/"
_FIRST = ("Fjord", "Skov", "Hav", "Klit", "Eng", "Mose", "Bæk", "Lyng", "Sten", "Nord", "Syd", "Vester", "Øster", "Ravn",
          "Svane", "Ulv", "Bjørn", "Egern", "Lærke", "Måge", "Granit", "Kridt", "Rav", "Bølge")  # fmt: skip
_SECOND = ("Drift", "Sky", "Net", "Data", "Kode", "Log", "Vagt", "Hosting", "Backup", "Arkiv", "Signal", "Analyse",
           "Identitet", "Kabel", "Lager", "Portal", "Kald", "Test", "Kort", "Regnskab")  # fmt: skip
_WHAT = ("Sagsstyring", "Journal", "Beskeder", "Ydelser", "Register", "Alarm", "Kontrol", "Betaling", "Booking", "Måling",
         "Rute", "Forsyning")  # fmt: skip
_COUNTRIES = ("DK", "DK", "DK", "DK", "SE", "NO", "DE", "IE", "NL", "US", "PL", "IN")
_LEVELS = ("ordinary", "ordinary", "business-critical", "business-critical", "critical-infrastructure", "society-critical")


def triples(nodes: int, seed: int = 7) -> Iterator[str]:
    """The lines of N-Triples of a country that is drawn with about so many nodes."""
    draw = random.Random(seed)
    ns, root = "https://w3id.org/graphsc/ns#", "https://w3id.org/graphsc/"
    systems, suppliers = max(4, nodes * 3 // 10), max(6, nodes * 6 // 10)
    functions, authorities = max(1, nodes // 100), max(1, nodes // 50)

    def say(subject: str, predicate: str, value: str) -> str:
        return f"<{BASE}{subject}> <{ns}{predicate}> {value} ."

    def a(subject: str, kind: str) -> str:
        return f"<{BASE}{subject}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{ns}{kind}> ."

    def label(subject: str, name: str) -> str:
        return f'<{BASE}{subject}> <http://www.w3.org/2000/01/rdf-schema#label> "{name}" .'

    def day(subject: str, predicate: str, value: str) -> str:
        return say(subject, predicate, f'"{value}"^^<http://www.w3.org/2001/XMLSchema#date>')

    def node(name: str) -> str:
        return f"<{BASE}{name}>"

    def name_of(number: int) -> str:
        first, second = _FIRST[number % len(_FIRST)], _SECOND[number // len(_FIRST) % len(_SECOND)]
        return f"{first} {second}" + (f" {number // (len(_FIRST) * len(_SECOND)) + 1}" if number >= 480 else "")

    for number in range(authorities):
        yield a(f"m/{number}", "Organisation")
        yield label(f"m/{number}", f"{_FIRST[number % len(_FIRST)]}styrelsen {number // len(_FIRST) + 1}")
        yield say(f"m/{number}", "kind", f"<{root}kind/state-authority>")
    for number in range(functions):
        yield a(f"f/{number}", "SocietalFunction")
        yield label(f"f/{number}", f"{_WHAT[number % len(_WHAT)].lower()} nr. {number + 1}")
    for number in range(systems):
        yield a(f"s/{number}", "ITSystem")
        yield label(f"s/{number}", f"{_WHAT[number % len(_WHAT)]} {number // len(_WHAT) + 1}")
        yield say(f"s/{number}", "owner", node(f"m/{number % authorities}"))
        yield say(f"s/{number}", "criticality", f"<{root}criticality/{draw.choice(_LEVELS)}>")
        if number < functions * 3:
            yield say(f"s/{number}", "supports", node(f"f/{number % functions}"))
        if number > 3 and draw.random() < 0.2:
            yield say(f"s/{number}", "dependsOn", node(f"s/{draw.randrange(number)}"))
    for number in range(suppliers):
        yield a(f"o/{number}", "Organisation")
        yield label(f"o/{number}", f"{name_of(number)} {draw.choice(('A/S', 'ApS', 'AB', 'GmbH'))}")
        yield say(f"o/{number}", "country", f'"{draw.choice(_COUNTRIES)}"')
        if draw.random() < 0.15:
            group = draw.randrange(max(1, suppliers // 40))
            yield a(f"k/{group}", "OwnerGroup")
            yield label(f"k/{group}", f"{_FIRST[group % len(_FIRST)]}-koncernen {group // len(_FIRST) + 1}")
            yield say(f"o/{number}", "ownerGroup", node(f"k/{group}"))
    yield from _contracts(draw, systems, suppliers, authorities, (say, a, day, node))


def _contracts(draw: random.Random, systems: int, suppliers: int, authorities: int, tools: tuple) -> Iterator[str]:
    """Each system with one contract or two, and below each a few links, fewer the further down."""
    say, a, day, node = tools
    root = "https://w3id.org/graphsc/"
    first, second = suppliers * 3 // 10, suppliers * 7 // 10
    tiers = (range(first), range(first, second), range(second, suppliers))

    def supplier(tier: int) -> int:
        pool = tiers[min(tier, 2)]
        heavy = draw.random() ** 3  # a few have most of it
        return pool[int(heavy * len(pool))] if draw.random() < 0.4 else draw.choice(pool)

    count = 0
    for system in range(systems):
        for _ in range(draw.choice((1, 1, 1, 2))):
            contract = f"a/{count}"
            count += 1
            yield a(contract, "Agreement")
            yield say(contract, "customer", node(f"m/{system % authorities}"))
            yield say(contract, "supplier", node(f"o/{supplier(0)}"))
            yield say(contract, "serves", node(f"s/{system}"))
            yield day(contract, "start", "2024-01-01")
            kept = draw.random() < 0.08
            if kept:
                yield say(contract, "keepsRegister", f"<{root}register/subcontractors>")
            above = [(contract, 1)]
            while above:
                parent, tier = above.pop()
                for _ in range(draw.choice((0, 1, 1, 2)) if tier < 4 else 0):
                    link = f"u/{count}"
                    count += 1
                    yield a(link, "Subcontract")
                    yield say(link, "under", node(parent))
                    yield say(link, "supplier", node(f"o/{supplier(tier)}"))
                    yield day(link, "start", "2024-06-01")
                    if kept and draw.random() < 0.8:
                        approval = f"g/{count}"
                        yield a(approval, "Approval")
                        yield say(approval, "approves", node(link))
                        yield say(approval, "forAgreement", node(contract))
                        yield say(approval, "performer", node(f"m/{system % authorities}"))
                        yield day(approval, "date", "2024-05-01")
                    above.append((link, tier + 1))


def write(folder: Path, nodes: int) -> Path:
    """Write the country of a size as one file, and say where it is."""
    file = folder / f"land-{nodes}.nt"
    file.write_text("\n".join(triples(nodes)) + "\n", encoding="utf-8")
    return file
