"""CycloneDX services, OS2compliance and registers of online services, from invented files of their structure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from importing import codes, counts, statements

from graphsc.sources.mapped.reader import read_all, recognise

BILL = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:0001",
    "metadata": {"component": {"bom-ref": "app", "type": "application", "name": "Byggesag"}},
    "components": [{"bom-ref": "lib", "name": "libkort", "type": "library"}],
    "services": [
        {
            "bom-ref": "port",
            "name": "Indgang",
            "provider": {"name": "Fjordlys Drift", "contact": [{"name": "Kim"}]},
            "data": [{"classification": "PII", "flow": "inbound"}, {"classification": "Public", "flow": "outbound"}],
            "services": [{"bom-ref": "db", "name": "Lager", "data": [{"classification": "Public", "flow": "outbound"}]}],
        },
        {"bom-ref": "map", "name": "Kort", "data": [{"classification": "geo", "flow": "outbound"}]},
    ],
    "dependencies": [{"ref": "app", "dependsOn": ["port"]}, {"ref": "lib", "dependsOn": ["map"]}, {"ref": "db", "dependsOn": ["map"]}],
}  # fmt: skip


def written(folder: Path, content: object, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def test_services_and_what_they_depend_on(tmp_path: Path) -> None:
    path = written(tmp_path, BILL)
    assert recognise([path])[0] == "cyclonedx"
    mapped = read_all([path], "cyclonedx")
    assert counts(mapped) == {"ITSystem": 4, "Organisation": 1}
    system = "system/urn%3Auuid%3A0001/"
    edges = {(s.removeprefix(system), o.removeprefix(system)) for s, p, o in statements(mapped) if p == "dependsOn"}
    assert edges == {("app", "port"), ("port", "db"), ("db", "map")}
    assert {(s.removeprefix(system), o) for s, p, o in statements(mapped) if p == "personalData"} == {("port", "true")}
    assert (f"{system}port", "operatedBy", "org/Fjordlys%20Drift") in statements(mapped)
    assert codes(mapped) == {"wrong-type": 1}  # what “geo” is, the bill does not say
    assert {value.path: value.count for value in mapped.unread if value.reason is None} == {
        "specVersion": 1,
        "metadata.component.type": 1,
        "components[]": 3,
        "services[].data[].flow": 3,
        "services[].services[].data[].flow": 1,
        "dependencies[].ref": 1,
        "dependencies[].dependsOn[]": 1,
    }
    assert {value.path for value in mapped.unread if value.reason is not None} == {"services[].provider.contact[]"}


def test_two_bills_with_the_same_references_are_two(tmp_path: Path) -> None:
    written(tmp_path, BILL)
    written(tmp_path, {**BILL, "serialNumber": "urn:uuid:0002"}, "b.json")
    assert counts(read_all([tmp_path], "cyclonedx")) == {"ITSystem": 8, "Organisation": 1}


def test_processing_and_measures(tmp_path: Path) -> None:
    written(tmp_path, {"packageName": "kl", "name": "Byggesager", "description": "…", "gdprChoices": ["a", "b"]})
    measure = {
        "identifier": "m-1",
        "category": "Backup",
        "name": "Tages der backup?",
        "multiSelect": False,
        "valueIdentifiers": ["ja"],
    }
    written(tmp_path, [measure, {**measure, "identifier": "m-2", "category": "Haven"}], "b.json")
    written(tmp_path, [{"identifier": "ja", "caption": "Ja"}], "c.json")
    mapped = read_all([tmp_path], "os2compliance")
    assert counts(mapped) == {"BusinessProcess": 1, "SecurityRequirement": 2}
    assert ("katalog/os2compliance-m-1", "topic", "topic/contingency") in statements(mapped)
    assert codes(mapped) == {"unknown-concept": 1}
    assert [Path(problem.location.file).name for problem in mapped.unrecognised] == ["c.json"]


@pytest.mark.parametrize(
    "name", ["kitos", "cyclonedx", "os2compliance", "eforms", "epo", "ownership", "services", "contracts"]
)
def test_the_mapping_of_another_system_reads_nothing(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, {"Kogebog": [{"Ret": "Grød"}]})
    mapped = read_all([path], name)
    assert (mapped.unrecognised + mapped.sources.problems != [], counts(mapped)) == (True, {})
