"""Data at a URL that a database reads: what they say, and what is wrong with them, is as if they were read file by file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import national
import pytest
from authority import AS_OF
from case_batches import MERGEABLE, everything, open_together
from command import run
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import DEMO

pytest.importorskip("duckdb")
import duckdb

from graphsc.core.problems import Location, Unavailable
from graphsc.core.settings import Settings
from graphsc.graph import loading
from graphsc.graph.backend import Unsupported
from graphsc.relational import lines_at
from graphsc.relational.execution import Relational
from graphsc.service import Opened, open_paths, validate
from graphsc.service.diff import diff
from graphsc.service.opened import as_of
from graphsc.service.report.earlier_report import earlier
from graphsc.sources import Sources, read

pytestmark = pytest.mark.exhaustive

G = "https://w3id.org/graphsc/ns#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
A, B, C = (f"<http://e.example/{name}>" for name in "abc")
CLASSES = [
    f"<{G}Organisation>",
    f"<{G}Contract>",
    f"<{G}Activity>",
    f"<{G}OwnerGroup>",
    f"<{SKOS}Concept>",
    f"<{G}Nonsense>",
]
LINKS = [
    f"<{G}{name}>" for name in ("supplier", "keeper", "unitOf", "kind", "concerns", "memberOfGroup", "nonsense")
] + ["<http://e.example/p>"]
TEXTS = [f"<{G}{name}>" for name in ("cvr", "date", "signed", "spend", "supplier")] + [LABEL, "<http://e.example/p>"]
NODES = [A, B, C, "<https://w3id.org/graphsc/x>"]
CONCEPTS = [
    "<https://w3id.org/graphsc/scheme/kind>",
    "<https://w3id.org/graphsc/activity/risk-assessment>",
    "<http://e.example/nowhere>",
]
PERIODS = ["<https://w3id.org/graphsc/period/P1Y>", "<https://w3id.org/graphsc/period/P1>"]
WORDS = [f"<{SKOS}{name}>" for name in ("prefLabel", "altLabel", "inScheme")]
LITERALS = [
    '"10150817"', '"DK-10 15 08 17"', '"a \\"b\\" \\n c"', '"å"@da', '"å"@DA', f'"x"^^<{XSD}string>',
    *(f'"{text}"^^<{XSD}{kind}>' for text, kind in (
        ("2026-02-28", "date"), ("2026-02-31", "date"), ("2126-02-28", "date"), ("2826-02-28", "date"), ("4.0", "decimal"), ("-0.50", "decimal"), ("4", "decimal"), ("01", "integer"), ("1", "integer"), ("x", "integer"), ("true", "boolean"),
    )),
]  # fmt: skip
STATEMENT = (
    st.tuples(st.sampled_from(NODES), st.just(TYPE), st.sampled_from(CLASSES))
    | st.tuples(st.sampled_from(NODES), st.sampled_from(LINKS), st.sampled_from([*NODES, *CONCEPTS]))
    | st.tuples(st.sampled_from(NODES), st.sampled_from(TEXTS), st.sampled_from(LITERALS))
    | st.tuples(
        st.sampled_from([*CLASSES, *CONCEPTS, *PERIODS]), st.just(TYPE), st.sampled_from(["<urn:Kind>", CLASSES[4]])
    )
    | st.tuples(st.sampled_from(NODES), st.just(f"<{G}frequency>"), st.sampled_from(PERIODS))
    | st.tuples(
        st.sampled_from([*NODES, *CONCEPTS]),
        st.sampled_from(WORDS),
        st.sampled_from(['"ord"', '"word"@en', '"ord"@da', CONCEPTS[0]]),
    )
)
TYPED = "".join(
    f"{node} {TYPE} <{G}{class_}> .\n"
    for node, class_ in zip(NODES[:3], ("Organisation", "Organisation", "Activity"), strict=True)
)


def external(folder: Path, *paths: Path) -> Sources:
    """What is read of a folder as data at a URL, beside files."""
    url = folder.as_uri()
    return read(paths, fetched={url: lines_at(url, "duckdb")})


def said(sources: Sources) -> object:
    dataset = loading.load(sources, Settings(as_of=AS_OF))
    asserted = {quad.triple for quad in dataset.store if "source:" in str(quad.graph_name)}
    later = {quad.triple for quad in dataset.later}
    return asserted, later, dataset.as_written(), sources.same_legal_unit, sources.concepts


def faults(sources: Sources) -> list[tuple[str, object]]:
    """The codes and messages of what is wrong, without where."""
    return sorted((problem.code, problem.message.en.partition(" See “<")[0]) for problem in sources.problems)


@settings(max_examples=30)
@given(statements=st.lists(STATEMENT, min_size=1, max_size=7), typed=st.booleans())
def test_what_is_said_and_what_is_wrong_is_that_of_the_files(
    statements: list[tuple[str, str, str]], typed: bool
) -> None:
    text = TYPED * typed + "".join(f"{' '.join(statement)} .\n" for statement in statements)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.nt").write_text(text, encoding="utf-8")
        expected, sources = read([folder]), external(folder)
        assert faults(sources) == faults(expected)
        assert {problem.location for problem in sources.problems} <= {Location(folder.as_uri())}
        assert said(sources) == said(expected)


def as_text(opened: Opened, folder: Path) -> None:
    """Write what the sources of an input say as N-Triples."""
    folder.mkdir()
    for number, source in enumerate(opened.sources.sources):
        lines = "".join(f"{quad.triple} .\n" for quad in source.asserted())
        (folder / f"{number}.nt").write_text(lines, encoding="utf-8")


def findings(opened: Opened) -> list[str]:
    report, _ = validate(opened)
    assert report.problems == ()
    return sorted(repr((*all_[:16], *all_[18:])) for all_ in map(everything, report.findings))  # without places


def test_cases_have_the_findings_of_their_files(tmp_path: Path) -> None:
    """Beside its one wrong fact a violating case has all that conforms in it."""
    (tmp_path / "cases").mkdir()
    expected = open_together(MERGEABLE, "violating", tmp_path / "cases")
    as_text(expected, tmp_path / "text")
    url = (tmp_path / "text").as_uri()
    opened = open_paths([Path(url)], replace(expected.settings, executor="duckdb", urls=(url,)))
    assert findings(opened) == findings(expected)
    assert {quad.triple for quad in opened.dataset.store} == {quad.triple for quad in expected.dataset.store}


def test_each_wrong_line_of_many_is_named(tmp_path: Path) -> None:
    national.write(tmp_path / "nation", 5000)
    node = (tmp_path / "nation" / "nation.nt").read_text(encoding="utf-8").partition(" ")[0]
    url = (tmp_path / "nation").as_uri()
    new = [f"<urn:x:new-{number}>" for number in range(6)]

    def errors(lines: str) -> list[str]:
        (tmp_path / "nation" / "more.nt").write_text(f"# more\n\n{lines}", encoding="utf-8")
        result = run("validate", url, "--engine", "duckdb", "--format", "concise", "--as-of", str(AS_OF))
        assert result.exit_code == 2, lines
        return [shown for shown in result.stdout.splitlines() if shown.startswith(f"{url}: error ")]

    wrong = [  # lines, what is said of them, and the statement that is shown
        (f'{node} <{G}signed> "2024-01-01"^^<{XSD}date> .', "belongs to", f"{node} <{G}signed>"),
        (f"{new[1]} {TYPE} <{G}Organization> .", "Organization", f"{new[1]} {TYPE}"),
        (f"{new[2]} {TYPE} <{G}Activity> .\n{new[2]} <{G}concerns> <urn:x:nowhere> .", "urn:x:nowhere", f"{new[2]} <{G}concerns>"),
        (f'{new[3]} {TYPE} <{G}Activity> .\n{new[3]} <{G}date> "2824-01-01"^^<{XSD}date> .', "2824-01-01", f"{new[3]} <{G}date>"),
        (f'{new[4]} {TYPE} <{G}Organisation> .\n{new[4]} <{G}cvr> "10150818" .', "10150818", f"{new[4]} <{G}cvr>"),
        (f'{new[5]} <{G}cvr> "10150817" .', new[5].strip("<>"), f"{new[5]} <{G}cvr>"),
    ]  # fmt: skip
    shown = errors("".join(f"{lines}\n" for lines, _, _ in wrong))
    assert len(shown) == len(wrong)
    for _, message, where in wrong:
        (error,) = [error for error in shown if error.endswith(f"See “{where}”.")]
        assert message in error
    for line in (
        f'{node} {LABEL} "a"^^{TYPE[:-5]}langString> .',
        f"<new> {TYPE} <{G}Activity> .",
        f"{node} {TYPE} <{G}Activity> . more",
    ):
        (error,) = [error for error in errors(f"{line}\n") if "error syntax" in error]
        assert error.endswith(f"See “{line}”.")
    for line, message in [(f"_:b {TYPE} <{G}Activity> .", "blank nodes"), (f'{node} {LABEL} "\ufffd" .', "UTF-8")]:
        (tmp_path / "nation" / "more.nt").write_text(f"{line}\n", encoding="utf-8")
        result = run("validate", url, "--engine", "duckdb")
        assert (result.exit_code, result.stdout) == (2, "")
        assert (message in result.stderr, url in result.stderr, len(result.stderr.splitlines())) == (True, True, 1)


@pytest.mark.parametrize(
    "row", [f"'{A}', '{TYPE}', NULL", f"'#{A}', '{TYPE}', '{B}'", f"'{A} <urn:p>', '<urn:q>', '{B}'", f"'{A}', '<urn:p>', '{B} <urn:g>'", "'', '', ''"]
)  # fmt: skip
def test_a_row_of_parquet_is_a_triple(row: str, tmp_path: Path) -> None:
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE t (s VARCHAR, p VARCHAR, o VARCHAR); INSERT INTO t VALUES ({row})")
        database.execute(f"COPY t TO '{tmp_path}/a.parquet'")
    assert [problem.code for problem in external(tmp_path / "a.parquet").problems] == ["syntax"]


def test_every_file_of_a_folder_is_read_or_named(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(TYPED)
    (tmp_path / "part=1").mkdir()
    fault = tmp_path / "part=1" / "b.nt"
    fault.write_text(f"{A} {TYPE} <{G}Nonsense> .\n")
    assert "Nonsense" in str(external(tmp_path).problems)
    fault.rename(tmp_path / "_b.nt")
    with pytest.raises(Unavailable, match=r"_b\.nt is not read"):
        external(tmp_path)
    (tmp_path / "_b.nt").write_text("")
    (tmp_path / ".hidden").write_text("hidden")
    assert external(tmp_path).problems == []
    (tmp_path / "a.nt").write_text("# nothing\n")
    assert [problem.code for problem in external(tmp_path).problems] == ["empty-file"]
    (tmp_path / "a.nt").write_text("")
    with pytest.raises(Unavailable, match="no statement"):
        external(tmp_path)
    (tmp_path / "a.nt").unlink()
    with pytest.raises(Unavailable, match="no file"):
        external(tmp_path)


def test_an_iri_in_an_option_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(TYPED)
    result = run("duties", str(tmp_path), "--holder", "hdfs://x/y")
    assert "--engine" not in result.stderr


def test_older_data_are_compared_without_those_at_the_url(tmp_path: Path) -> None:
    """What is new at the URL is not in the older folder."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, system in ((old, ""), (new, f'{B} {TYPE} <{G}ITSystem> .\n{B} {LABEL} "B" .\n')):
        folder.mkdir()
        (folder / "a.nt").write_text(f'{A} {TYPE} <{G}Organisation> .\n{A} {LABEL} "A" .\n{system}')
    opened = open_paths([], Settings(as_of=AS_OF, executor="duckdb", urls=(new.as_uri(),)))
    report, rules = validate(opened)
    assert [finding.code for finding in diff(opened, report, rules, old).findings.new] == ["ACC001"]
    assert "ACC001" not in {finding.code for finding in earlier(old, opened.settings).findings}


def test_sarif_names_the_url(tmp_path: Path) -> None:
    national.write(tmp_path / "nation", 5000)
    url = (tmp_path / "nation").as_uri()
    result = run("validate", url, "--engine", "duckdb", "--format", "sarif", "--as-of", str(national.AS_OF))
    (ran,) = json.loads(result.stdout)["runs"]
    assert ran["artifacts"] == [{"location": {"uri": url}}]


def parquet(text: Path) -> None:
    lines = [line[:-2].split(" ", 2) for line in text.read_text(encoding="utf-8").splitlines()]
    with duckdb.connect() as database:
        database.execute("CREATE TABLE t (s VARCHAR, p VARCHAR, o VARCHAR)")
        database.executemany("INSERT INTO t VALUES (?, ?, ?)", lines)
        database.execute(f"COPY t TO '{text.parent}/all.parquet' (FORMAT parquet)")


def quads(text: Path) -> None:
    lines = text.read_text(encoding="utf-8").replace(" .\n", " <urn:g> .\n")
    text.with_name("all.nq").write_text(f"# quads\n\n{lines}", encoding="utf-8")


def packed(text: Path) -> None:
    text.with_name("all.nt.gz").write_bytes(gzip.compress(text.read_bytes()))


@pytest.mark.parametrize(("write", "name"), [(parquet, "all.parquet"), (quads, "all.nq"), (packed, "all.nt.gz")])
def test_other_formats_say_the_same(write: Callable[[Path], None], name: str, tmp_path: Path) -> None:
    text = tmp_path / "a.nt"
    more = f'{A} <{G}cvr> "10150817" .\n{B} {LABEL} "a \\"b\\" \\\\ <urn:x> ."@da .\n{C} <{G}concerns> {A} .\n'
    text.write_text(TYPED + more, encoding="utf-8")
    write(text)
    assert said(external(tmp_path / name)) == said(read([text]))


def test_files_beside_it_may_name_its_nodes_and_it_may_name_theirs(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a.nt").write_text(
        f"{A} {TYPE} <{G}Organisation> .\n{C} {TYPE} <{G}Activity> .\n{C} <{G}concerns> {B} .\n"
    )
    near = tmp_path / "near.yaml"
    near.write_text(f"organisations:\n- id: {B[1:-1]}\n  name: B\n  unit-of: {A[1:-1]}\n")
    sources = external(tmp_path / "far", near)
    assert sources.problems == []
    near.write_text(near.read_text().replace("example/a", "example/nobody"))
    (problem,) = external(tmp_path / "far", near).problems
    assert (problem.code, problem.location.line) == ("dangling-reference", 4)


def test_what_comes_later_is_left_out_and_is_there_on_another_day(tmp_path: Path) -> None:
    text = f'{TYPED}{C} <{G}concerns> {A} .\n{C} <{G}date> "2027-01-01"^^<{XSD}date> .\n'
    (tmp_path / "a.nt").write_text(text)
    day = open_paths([], Settings(as_of=AS_OF, executor="duckdb", urls=(tmp_path.as_uri(),)))
    concerns = f"SELECT DISTINCT ?x WHERE {{ ?activity <{G}concerns> ?x }}"
    assert day.dataset.rows(concerns) == day.dataset.select(concerns) == []
    assert {quad.subject.value for quad in day.dataset.later} == {C[1:-1]}
    assert len(as_of(day, date(2027, 2, 1)).dataset.rows(concerns)) == 1


@pytest.mark.parametrize("broken", ["open", "prepare", "derive", "add"])
def test_what_a_database_read_is_judged_by_oxigraph_where_it_gives_up(broken: str, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(f'{TYPED}{A} <{G}unitOf> {B} .\n{B} {TYPE} <{G}ITSystem> .\n{B} {LABEL} "B" .\n')
    words = ("validate", tmp_path.as_uri(), "--engine", "duckdb", "--format", "csv", "--as-of", str(AS_OF))
    expected = run(*words)
    with patch.object(Relational, broken, side_effect=Unsupported("broken")):
        result = run(*words)
    assert (result.exit_code, result.stdout) == (expected.exit_code, expected.stdout)
    assert "ACC001" in result.stdout


def test_a_url_needs_an_engine_that_reads_it(tmp_path: Path) -> None:
    for words, message in [
        ((tmp_path.as_uri(),), "--engine spark"),
        (("s3a://bucket/data", "--engine", "duckdb"), "s3a://bucket/data"),
        (("s3a://bucket/data",), "Write the path of a file or folder instead of s3a://bucket/data."),
        (("https://example.org/data.nt", "--engine", "duckdb"), "Download the file"),
        (("HTTPS://example.org/data.nt", "--engine", "duckdb"), "Download the file"),
        (((tmp_path / "nothing").as_uri(), "--engine", "duckdb"), "nothing"),
        ((tmp_path.as_uri(), "hdfs://a/b", "--engine", "duckdb"), "one URL"),
        ((f"{tmp_path.as_uri()}#part", "--engine", "duckdb"), "%23"),
        ((f"{tmp_path.as_uri()}%00x", "--engine", "duckdb"), "no such file"),
        (("file://[::1/x", "--engine", "duckdb"), "file://[::1/x"),
    ]:
        result = run("validate", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr


def test_what_reads_files_only_says_what_to_give_instead_of_a_url(tmp_path: Path) -> None:
    book = str(tmp_path / "book.xlsx")
    for words in (
        ("serve", "s3a://bucket/data", "--engine", "duckdb"),
        ("workbook", "-o", book, "https://example.org/data.nt"),
        ("import", "s3a://bucket/data.xlsx"),
    ):
        result = run(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Write the path of a file" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["risk", "coverage", "duties", "raci"])
def test_other_commands_read_it_too(command: str, tmp_path: Path) -> None:
    as_text(open_paths([DEMO], Settings(as_of=AS_OF)), tmp_path / "text")
    words = ("--engine", "duckdb", "--format", "csv", "--as-of", str(AS_OF))
    near, far = (run(command, folder, *words) for folder in (str(tmp_path / "text"), (tmp_path / "text").as_uri()))
    assert far.exit_code == near.exit_code
    assert far.stdout == near.stdout
    assert len(far.stdout) > 1000


def test_its_map_is_drawn(tmp_path: Path) -> None:
    as_text(open_paths([DEMO], Settings(as_of=AS_OF)), tmp_path / "text")
    url, page = (tmp_path / "text").as_uri(), tmp_path / "map.html"
    result = run("map", url, "--engine", "duckdb", "--as-of", str(AS_OF), "--output", str(page))
    assert result.exit_code == 0
    assert page.stat().st_size > 100_000
