from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from repository import REPOSITORY

from graphsc.core.resources import knowledge, knowledge_files


def test_the_ontology_is_found_wherever_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert knowledge("ontology").is_dir()
    assert knowledge("ontology/schemes.ttl").read_bytes().startswith(b"@prefix")
    names = [file.name for file in knowledge_files("ontology", ".ttl")]
    assert names == sorted(names)
    assert {"graphsc.ttl", "schemes.ttl"} <= set(names)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="ontology/nothing"):
        knowledge("ontology/nothing.ttl")


def test_reading_turtle_loads_no_heavy_library(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:x:a> <urn:x:b> <urn:x:c> .", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from graphsc.sources import read; read([Path(sys.argv[1])]);"
        "print(sorted({'yaml', 'rdflib', 'pyshacl', 'stdnum', 'jsonschema', 'networkx'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


OPENED = """
import collections, json, os, sys
opened = collections.Counter()
def note(event, arguments):
    if event == "open" and str(arguments[0]).endswith((".ttl", ".rq")):
        opened[os.path.realpath(arguments[0])] += 1
sys.addaudithook(note)
from graphsc.cli import main
try:
    main()
finally:
    sys.stderr.write(json.dumps(opened))
"""


@pytest.mark.exhaustive
def test_a_report_reads_each_file_of_the_knowledge_once_whatever_the_number_of_days(tmp_path: Path) -> None:
    (case,) = (REPOSITORY / "tests" / "cases").glob("SUB003.yaml")
    arguments = ["report", str(case), "--as-of", "2026-11-25", "--trend", "4", "-o", str(tmp_path / "report.html")]
    nothing_kept = {**os.environ, "GRAPHSC_CACHE": ""}
    shown = subprocess.run(
        [sys.executable, "-c", OPENED, *arguments], env=nothing_kept, capture_output=True, text=True, check=False
    )
    opened = json.loads(shown.stderr.splitlines()[-1])
    ontology = {name: times for name, times in opened.items() if "ontology" in Path(name).parts}
    shapes = {name: times for name, times in opened.items() if "shapes" in Path(name).parts}
    assert len(ontology) > 100
    assert len(shapes) > 20
    assert set(ontology.values()) == {1}
    assert max(shapes.values()) == 2  # the report shows the digest of their text
