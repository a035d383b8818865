from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
