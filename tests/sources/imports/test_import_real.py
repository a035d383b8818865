"""The shipped mappings on files that others published: how many things of each kind, and what is not understood."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run
from importing import codes, counts, statements
from repository import SHARED

from graphsc.sources.mapped.reader import read_all, recognise

REAL = SHARED / "real"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the public files are not there")


@pytest.mark.parametrize(
    ("files", "name", "things", "problems", "unrecognised"),
    [
        ("eforms/can-standard_2022-960991.xml", "eforms", {"Agreement": 1, "Organisation": 2}, {}, 0),
        (
            "eforms/can_24_maximal.xml",
            "eforms",
            {"DeliveryAgreement": 2, "FrameworkAgreement": 1, "Subcontract": 2, "Organisation": 5},
            {},
            0,
        ),
        (
            "epo/can_24_maximal.ttl",
            "epo",
            {"DeliveryAgreement": 2, "FrameworkAgreement": 1, "Subcontract": 1, "Organisation": 5},
            {},
            0,
        ),
        ("cyclonedx", "cyclonedx", {"ITSystem": 8, "Organisation": 2, "SecurityRequirement": 3}, {"wrong-type": 1}, 0),
        (
            "os2compliance",
            "os2compliance",
            {"BusinessProcess": 1, "SecurityRequirement": 37},
            {"unknown-concept": 20},
            2,
        ),
        ("nth-party/gdpr-tracker", "services", {"Organisation": 78}, {}, 0),
    ],
)
def test_counts(files: str, name: str, things: dict[str, int], problems: dict[str, int], unrecognised: int) -> None:
    assert recognise([REAL / files])[0] == name
    mapped = read_all([REAL / files], name)
    assert (counts(mapped), codes(mapped), len(mapped.unrecognised)) == (things, problems, unrecognised)


def test_a_notice_says_who_bought_who_won_and_whom_they_use() -> None:
    facts = statements(read_all([REAL / "eforms"], "eforms"))
    maximal = "15377ca1-6cf7-4060-90f0-9290128957a3"
    assert {
        ("kontrakt/2022-960991/CON-0001", "signed", "2022-09-30"),
        ("kontrakt/2022-960991/CON-0001", "document", "2022/6604"),
        ("kontrakt/2022-960991/CON-0001", "customer", "org/NOR/974%20760%20983"),
        ("kontrakt/2022-960991/CON-0001", "supplier", "org/NOR/980400255"),
        ("kontrakt/2022-960991/CON-0001", "usesSubcontractors", "false"),
        ("org/NOR/974%20760%20983", "kind", "kind/state-authority"),
        ("org/NOR/980400255", "country", "country/NO"),
        (f"kontrakt/{maximal}/CON-0001", "supplier", "org/LUX/927384203"),
        (f"kontrakt/{maximal}/CON-0001", "supplier", "org/DEU/928374653"),
        (f"kontrakt/{maximal}/CON-0002", "supplier", "org/FRA/1223456789"),
        (f"kontrakt/{maximal}/CON-0002", "underFramework", "rammeaftale/12345678-2023"),
        (f"underleverance/{maximal}/ORG-0010/ORG-0008", "under", f"kontrakt/{maximal}/CON-0001"),
        (f"underleverance/{maximal}/ORG-0010/ORG-0008", "customer", "org/LUX/927384203"),
        (f"underleverance/{maximal}/ORG-0010/ORG-0009", "supplier", "org/ESP/34578345"),
    } <= facts


def test_the_same_notice_in_rdf_says_the_same_of_its_parties() -> None:
    compared = {"label", "signed", "document"}
    epo, eforms = (
        {(key, value) for _, key, value in statements(read_all([REAL / path], name)) if key in compared}
        for path, name in (("epo", "epo"), ("eforms/can_24_maximal.xml", "eforms"))
    )
    assert epo == eforms


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "files", ["kitos", "excel", "eforms", "epo", "cyclonedx", "os2compliance", "nth-party/gdpr-tracker"]
)
def test_a_second_import_changes_nothing(files: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = run("import", str(REAL / files), "-o", "data/register.yaml", env={"GRAPHSC_AS_OF": "2026-11-29"})
    assert (first.exit_code, first.stderr) == (0, "")
    before = Path("data/register.yaml").read_bytes()
    words = ("import", str(REAL / files), "--against", "data", "-o", "data/register.yaml")
    second = run(*words, env={"GRAPHSC_AS_OF": "2026-12-01"})
    assert (second.exit_code, second.stderr) == (0, "")
    assert "The register says the same." in second.stdout
    assert Path("data/register.yaml").read_bytes() == before
    checked = run("validate", "data", "--as-of", "2026-11-29")
    assert (checked.exit_code in (0, 1), checked.stderr) == (True, "")
