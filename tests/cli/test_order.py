"""The same files give the same bytes: in any order of the arguments; of two values always the same is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run
from repository import DEMO

AS_OF = ("--as-of", "2025-06-15")
WHO = """\
base: https://k.example/
organisationer: [{id: K, navn: Kyst, art: statslig myndighed, registre: [beslutninger]}, {id: L, navn: Løngang}, {id: U, navn: Ærø}]
systemer: [{id: S, navn: Fyr, ejer: K, drives af: L}]
kontrakter: [{id: KL, kunde: K}]
"""
WHAT = """\
base: https://k.example/
kontrakter:
  - id: KL
    leverandør: L
    underskrevet: [2024-07-02, 2024-02-06]
    periode: 2024-08-01/2030-01-01
    registre: [planlægning, leverandørvalg, underleverandører, krav]
    krav: [{id: R1}]
    underleverandører: [{id: LU, leverandør: U, start: 2024-09-01}]
    aktiviteter: [{art: juridisk kvalitetssikring, dato: 2024-06-18}]
"""
TOO = '<https://k.example/KL> <https://w3id.org/graphsc/ns#signed> "2024-03-06"^^<http://www.w3.org/2001/XMLSchema#date> .\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One thing that is described in three files."""
    for name, text in (("z.yaml", WHO), ("a/b.yaml", WHAT), ("c.nt", TOO)):
        path = tmp_path / "d" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "words",
    [
        "validate -f json",
        "duties -f json",
        "map -o out",
        *(
            pytest.param(words, marks=pytest.mark.exhaustive)
            for words in (
                "validate -f sarif",
                "validate -f text",
                "risk -f json",
                "what-if --without L -f json",
                "report --trend 1 -o out",
                "report --for L --trend 0 -o out",
            )
        ),
    ],
)
def test_the_order_of_the_arguments_makes_no_difference(words: str, folder: Path) -> None:
    said: list[tuple[int, str]] = []
    for turn in (1, -1):
        command = words.split()
        frameworks = [part for name in ("dora", "nis2")[::turn] for part in ("--framework", name)]
        result = run(
            *command, *(frameworks if command[0] == "validate" else ()), *["d/z.yaml", "d/a", "d/c.nt"][::turn], *AS_OF
        )
        written = Path("out").read_text(encoding="utf-8") if Path("out").exists() else result.stdout
        said.append((result.exit_code, written))
    assert said[0][0] in {0, 1}
    assert said[0] == said[1]


def test_what_comes_too_late_is_measured_from_the_day_that_it_comes_after(tmp_path: Path) -> None:
    """The demo has 2024-07-02, which the review of 2024-06-18 comes before."""
    other = tmp_path / "other.nt"
    line = (
        '<https://nordlys.example/kontrakt/varsling-hav> <https://w3id.org/graphsc/ns#signed> "2024-02-06"^^<{}#date> .'
    )
    other.write_text(line.format("http://www.w3.org/2001/XMLSchema"), encoding="utf-8")
    result = run("validate", str(DEMO), str(other), "-f", "concise", "--select", "LEG002", "--as-of", "2026-11-25")
    assert "not until 2024-06-18, 133 days late" in result.stdout
