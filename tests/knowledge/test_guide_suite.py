"""The test suite of the guide: what graphsc says of each situation, and that the suite is what it says it is."""

from __future__ import annotations

import json
from pathlib import Path

import guide_suite
import jsonschema
import pytest
import yaml
from judged_questions import disagreements
from repository import REPOSITORY

from graphsc import service

FILES = sorted(guide_suite.FOLDER.glob("*.yaml"))
SHARED = REPOSITORY.parent / "shared" / "suite"


def test_each_situation_is_right_or_known_not_to_be(tmp_path: Path) -> None:
    """One that is mended leaves the list of those that are not right, and no other enters it unseen.

    In the same graph questions and rules are held to each other.
    """
    situations = guide_suite.read()
    opened = guide_suite.open_together(situations, tmp_path)
    report, rules = service.validate(opened)
    said = guide_suite.listen(situations, opened, report, rules)
    faults = {situation.name: guide_suite.wrong(situation, said[situation.name]) for situation in situations}
    wrong = {name for name, fault in faults.items() if fault is not None}
    known = guide_suite.known()
    assert {name: faults[name] for name in wrong - known} == {}
    assert known - wrong == set(), "right now: take them off the list"
    assert disagreements(opened, report) == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_as_its_schema_says(path: Path) -> None:
    schema = json.loads((guide_suite.FOLDER / "schema.json").read_text(encoding="utf-8"))
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(document, default=str)), schema)
    assert document["statement"] == path.stem
    for situation in document["situations"]:
        assert ("register" in situation) != ("lacks" in situation)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the suite as it was written is not beside the checkout")
def test_facts_and_expectations_are_as_they_were_written() -> None:
    written = {
        item["id"]: item for path in SHARED.glob("*.yaml") for item in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    for path in FILES:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        shared = written[document["statement"]]
        assert len(document["situations"]) == len(shared["situations"]), path.stem
        for ours, theirs in zip(document["situations"], shared["situations"], strict=True):
            assert {key: ours.get(key) for key in theirs} == theirs
