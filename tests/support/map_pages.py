"""Maps for tests: made once a session, from the demo authority and from names that mean harm."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from casework import flush
from repository import DEMO

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.rendering.map.page import render, title
from graphsc.service.map import Mapped, mapped

DAY = date(2026, 11, 25)

EVIL = (
    "</script><script>window.harmed=1</script>",
    "<img src=x onerror=window.harmed=1>",
    "\\\"'><svg onload=window.harmed=1>",
    "{{ 7*7 }}{% raw %}",
    "\\u202eevil\\u2066\\u200b",
    "javascript:window.harmed=1",
    "<!--<script>",
    "L" * 5000,
    "&lt;b&gt; & href=x",
    "=HYPERLINK(1)",
    "](http://x)",
)


def hostile_text() -> str:
    """A chain in which every name, id, requirement and text means harm."""

    def name(number: int) -> str:
        return f'"{EVIL[number % len(EVIL)]} {number}"'

    organisations = "\n".join(f"      - {{id: O{n}, navn: {name(n)}, land: '<x', koncern: G}}" for n in range(11))
    links = "".join(
        f"""
          - id: U{n}
            navn: {name(n)}
            leverandør: O{n}
            start: 2024-06-01"""
        for n in range(2, 11)
    )
    return f"""
    base: https://k.example/
    samfundsfunktioner: [{{id: F, navn: {name(0)}}}]
    koncerner: [{{id: G, navn: {name(1)}}}]
    systemer: [{{id: S, navn: {name(2)}, ejer: O0, kritikalitet: samfundskritisk, understøtter: F}}]
    organisationer:
{organisations}
    kontrakter:
      - id: K
        navn: {name(3)}
        kunde: O0
        leverandør: O1
        periode: 2024-01-01/2030-01-01
        registre: [underleverandører, krav, tilsyn, risici]
        systemer: [S]
        krav: [{{id: R, navn: {name(4)}, tekst: {name(5)}}}]
        underleverandører:{links}
    """


@lru_cache(maxsize=1)
def demo() -> Mapped:
    """What the demo authority's map shows, on two dates."""
    return mapped([DEMO], Settings(as_of=DAY, language=Language.DA), dates=[date(2024, 11, 25)])


@lru_cache(maxsize=1)
def hostile() -> Mapped:
    """The same of the harmful chain."""
    folder = Path(mkdtemp())
    (folder / "k.yaml").write_text(flush(hostile_text()), encoding="utf-8")
    return mapped([folder], Settings(as_of=DAY, language=Language.DA, base="https://k.example/"))


def large_text() -> str:
    """Twelve authorities with four systems each, and more suppliers, some in owner groups, than can be drawn with names."""
    authorities = range(12)
    systems = "".join(
        f"\n      - {{id: S{a}-{n}, navn: System {a}-{n}, ejer: A{a}, kritikalitet: {level}, understøtter: F{a % 11}}}"
        for a in authorities
        for n, level in enumerate(("samfundskritisk", "almindelig", "almindelig", "almindelig"))
    )
    organisations = "".join(f"\n      - {{id: A{a}, navn: Styrelse {a}}}" for a in authorities) + "".join(
        f"\n      - {{id: L{n}, navn: Firma {n}, koncern: G{n % 5}}}"
        if n % 3 == 0
        else f"\n      - {{id: L{n}, navn: Firma {n}}}"
        for n in range(120)
    )
    contracts = "".join(
        f"""
      - id: K{n}
        kunde: A{n % 12}
        leverandør: L{n}
        periode: 2024-01-01/2030-01-01
        systemer: [S{n % 12}-{n % 4}]
        underleverandører: [{{id: U{n}, leverandør: L{n + 60}, start: 2024-06-01}}]"""
        for n in range(60)
    )
    return f"""
    base: https://k.example/
    samfundsfunktioner: [{", ".join(f"{{id: F{n}, navn: funktion {n}}}" for n in range(11))}]
    koncerner: [{", ".join(f"{{id: G{n}, navn: Koncern {n}}}" for n in range(5))}]
    systemer:{systems}
    organisationer:{organisations}
    kontrakter:{contracts}
    """


@lru_cache(maxsize=1)
def large() -> Mapped:
    """What the map of many shows."""
    folder = Path(mkdtemp())
    (folder / "k.yaml").write_text(flush(large_text()), encoding="utf-8")
    return mapped([folder], Settings(as_of=DAY, language=Language.DA, base="https://k.example/"))


@lru_cache(maxsize=1)
def alone() -> Mapped:
    """A society-critical system of which nobody has recorded on whom it depends."""
    folder = Path(mkdtemp())
    (folder / "k.yaml").write_text(
        "organisationer: [{id: K, navn: Klitten}]\n"
        "systemer: [{id: S, navn: Fyrlys, ejer: K, kritikalitet: samfundskritisk, personoplysninger: nej}]\n",
        encoding="utf-8",
    )
    return mapped([folder], Settings(as_of=DAY, language=Language.DA, base="https://k.example/"))


@lru_cache(maxsize=4)
def page(which: str, language: Language = Language.DA) -> Path:
    """The file of a map."""
    shown = {"demo": demo, "hostile": hostile, "large": large, "alone": alone}[which]()
    file = Path(mkdtemp()) / f"{which}.html"
    file.write_text(render(shown, title=title(shown.picture), language=language), encoding="utf-8")
    return file
