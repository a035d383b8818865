from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from reading import faults, read_files, triples

from graphsc.sources import read
from graphsc.sources.reporting import quoted

YAML = "personer: [p/1]\n"


def test_folders_are_read_in_name_order_without_what_is_hidden_or_of_another_kind(tmp_path: Path) -> None:
    files = {
        "b/a.yaml": YAML, "a.YML": YAML, "c.md": "# x", ".hidden.yaml": "x", ".git/a.yaml": "x", "z.txt": "{}",
    }  # fmt: skip
    sources = read_files(tmp_path, dict(files))
    assert faults(sources) == []
    assert [s.file for s in sources.sources] == [f"{tmp_path.as_posix()}/{name}" for name in ("a.YML", "b/a.yaml")]
    assert sources.unread == tuple(quoted(f"{tmp_path.as_posix()}/{name}") for name in (".hidden.yaml", "z.txt"))


def test_a_source_says_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "æ b.yaml").write_text(YAML, encoding="utf-8")
    (source,) = read([tmp_path / "æ b.yaml"]).sources
    assert source.sha256 == hashlib.sha256(YAML.encode()).hexdigest()
    assert source.graph == f"urn:graphsc:source:{tmp_path.as_posix()}/%C3%A6%20b.yaml"


def test_each_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "d" / "a.yaml")
    (tmp_path / "d" / "loop").symlink_to(tmp_path / "d", target_is_directory=True)
    sources = read([tmp_path / "d", tmp_path / "d" / "a.yaml", tmp_path / "link.yaml", tmp_path / "d" / ".." / "d"])
    assert [s.file for s in sources.sources] == [f"{tmp_path.as_posix()}/d/a.yaml"]
    assert faults(sources) == []


def test_what_cannot_be_read_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.md").write_text("x", encoding="utf-8")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.yaml")
    sources = read(
        [tmp_path / name for name in ("missing.yaml", "empty", "note.md", "other.json", "pipe.yaml", "a.yaml")]
    )
    assert faults(sources) == [
        ("nothing-to-read", "empty"), ("missing-path", "missing.yaml"), ("unknown-format", "note.md"),
        ("unknown-contents", "other.json"), ("unreadable", "pipe.yaml"),
    ]  # fmt: skip
    assert triples(sources) == {(":p/1", "rdf:type", "g:Person")}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(YAML, encoding="utf-8")
    path.chmod(0)
    assert faults(read([path])) == [("unreadable", "a.yaml")]


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert [code for code, _ in faults(read([tmp_path / ("x" * 5000), Path("a\x00b")]))] == ["missing-path"] * 2


def test_a_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.yaml"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"a: [")
    sources = read([tmp_path])
    sources.problems[0].location.file.encode()
    assert "syntax" in [p.code for p in sources.problems]


def test_nothing_given_is_nothing_read() -> None:
    sources = read([])
    assert (sources.sources, sources.problems, sources.same_legal_unit) == ([], [], {})


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    files = {
        "a.yaml": "organisationer: [{id: a, cvr: 1}, {id: b, kuncern: x}]\n",
        "b.ttl": "@prefix g: <https://w3id.org/graphsc/ns#> . [] g:x [] .",
    }
    first, second = read_files(tmp_path, dict(files)), read([tmp_path])
    assert [list(map(str, s.quads)) for s in first.sources] == [list(map(str, s.quads)) for s in second.sources]
    assert first.problems == second.problems


def test_a_thing_is_located_where_it_is_described_not_where_it_is_only_mentioned(tmp_path: Path) -> None:
    (tmp_path / "a-adgange.ttl").write_text(
        "@prefix g: <https://w3id.org/graphsc/ns#> .\n"
        "<urn:graphsc:id:kontrakt/x> g:accessRight <urn:graphsc:id:adgang/1> .\n"
        "<urn:graphsc:id:adgang/1> a g:AccessRight .\n",
        encoding="utf-8",
    )
    (tmp_path / "b-kontrakter.yaml").write_text("kontrakter:\n  - id: kontrakt/x\n    navn: X\n", encoding="utf-8")
    place = read([tmp_path]).locate("urn:graphsc:id:kontrakt/x")
    assert place is not None
    assert (Path(place.file).name, place.line) == ("b-kontrakter.yaml", 2)


def test_a_thing_is_located_where_most_is_said_of_it(tmp_path: Path) -> None:
    (tmp_path / "a-registre.yaml").write_text("kontrakter:\n  - {id: kontrakt/x, registre: [krav]}\n", encoding="utf-8")
    (tmp_path / "b-kontrakter.yaml").write_text(
        "kontrakter:\n  - id: kontrakt/x\n    navn: X\n    kunde: org/k\n", encoding="utf-8"
    )
    place = read([tmp_path]).locate("urn:graphsc:id:kontrakt/x")
    assert place is not None
    assert (Path(place.file).name, place.line) == ("b-kontrakter.yaml", 2)


def test_what_is_no_file_in_a_folder_is_said_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.nt").symlink_to("/dev/zero")
    (tmp_path / "gone.ttl").symlink_to(tmp_path / "nowhere")
    sources = read([tmp_path])
    assert faults(sources) == [("unreadable", "gone.ttl"), ("unreadable", "pipe.yaml"), ("unreadable", "zero.nt")]
    assert [Path(s.file).name for s in sources.sources] == ["a.yaml"]


HASHLESS = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns" xmlns:g="https://w3id.org/graphsc/ns#"/>'
PLAIN_JSON = '[{"id": "https://k.example/kl", "type": "https://w3id.org/graphsc/ns#Agreement"}]'


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.json", '{"rows": []}', "in it was read. If it"),
        ("a.json", '{"ocid ": "ocds-1", "awards": []}', "The key “ocid ” is unknown. Did you mean “ocid”?"),
        ("a.json", PLAIN_JSON, "one writes @id and @type"),
        ("a.xml", "<orders/>", "in it was read. If it"),
        ("a.xml", HASHLESS, "The namespace probably misses its final #."),
    ],
)
def test_a_file_in_a_folder_of_which_nothing_is_understood_is_named(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    sources = read_files(tmp_path, {name: text, "b.yaml": "organisationer: [o/1]\n"})
    assert faults(sources) == [("unknown-contents", name)]
    assert says in sources.problems[0].message.en


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", "<urn:x:a> a <https://w3id.org/graphsc/nsAgreement> .\n"),
        (
            "a.nt",
            "<urn:x:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/graphsc/nsAgreement> .\n",
        ),
    ],
)
def test_statements_of_which_none_is_known_are_told_with_the_likeliest_reason(
    tmp_path: Path, name: str, text: str
) -> None:
    sources = read_files(tmp_path, {name: text})
    assert faults(sources) == [("nothing-known", name)]
    assert sources.problems[0].message.en.startswith(
        "1 statements about 1 nodes were read, and none of them is known. The namespace probably misses its final #."
    )


def test_foreign_statements_beside_known_ones_are_fine(tmp_path: Path) -> None:
    text = "<urn:x:a> a <https://w3id.org/graphsc/ns#Organisation> ; <urn:x:note> 1 .\n"
    assert faults(read_files(tmp_path, {"a.ttl": text})) == []


@pytest.mark.parametrize("pattern", ["a.json", "*.json", "old/*"])
def test_a_file_that_a_pattern_ignores_is_not_read(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.json").write_text("{}")
    (tmp_path / "b.yaml").write_text("organisationer: [o/1]\n")
    assert [problem.code for problem in read([tmp_path]).problems] == ["unknown-contents"]
    assert read([tmp_path], ignored=[pattern]).problems == []


def test_a_file_in_a_format_that_nobody_reads_is_named(tmp_path: Path) -> None:
    """A register in CSV beside the others must not pass in silence; a description and what a pattern ignores may."""
    for name in ("b.yaml", "suppliers.csv", "old.doc", "README.md", "LICENSE", "map.html", ".hidden.csv"):
        (tmp_path / name).write_text("organisationer: [o/1]\n")
    assert read([tmp_path], ignored=["*.doc"]).unread == (quoted(f"{tmp_path.as_posix()}/suppliers.csv"),)
    assert read([tmp_path / "b.yaml"]).unread == ()
