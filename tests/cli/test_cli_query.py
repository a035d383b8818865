"""``graphsc query`` and ``graphsc queries``."""

import json
from pathlib import Path

import pytest
from command import AS_OF, BROKEN, UNREADABLE, process, run

COUNT = "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a <https://w3id.org/graphsc/ns#Subcontract> }"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "unreadable.yaml").write_text(UNREADABLE, encoding="utf-8")
    (tmp_path / "count.rq").write_text(COUNT, encoding="utf-8")
    return tmp_path


@pytest.mark.exhaustive
def test_a_shipped_question(here: Path) -> None:
    result = run("query", "unapproved-subcontractors", "broken.yaml", *AS_OF)
    assert result.exit_code == 0
    assert result.stdout == (
        "agreement                   tier  subcontract                       subcontractor\n"
        "--------------------------  ----  --------------------------------  ----------------\n"
        "the agreement with Løngang  2     Ærøskøbing Drift (under Løngang)  Ærøskøbing Drift\n"
        "\n1 row\n"
    )
    danish = run("query", "unapproved-subcontractors", "broken.yaml", *AS_OF, "--lang", "da").stdout
    assert "aftalen med Løngang" in danish
    assert danish.endswith("\n1 række\n")


@pytest.mark.exhaustive
@pytest.mark.parametrize("what", ["count.rq", "-"])
def test_an_own_question_from_a_file_or_from_stdin(here: Path, what: str) -> None:
    result = run("query", what, "broken.yaml", *AS_OF, "-f", "csv", stdin="\ufeff" + COUNT)
    assert (result.exit_code, result.stdout) == (0, "n\n1\n")


def test_a_parameter_and_output_to_a_file(here: Path) -> None:
    result = run(
        "query", "dropped-requirements", "broken.yaml", *AS_OF, "-p", "agreement=KL", "-f", "json", "-o", "out.json"
    )
    assert (result.exit_code, result.stdout) == (0, "")
    (row,) = json.loads((here / "out.json").read_text(encoding="utf-8"))["results"]["bindings"]
    assert row["dropped"]["value"] == "https://k.example/LU"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["longest-chain", "broken.yaml"],
            "longest-chain is neither a file nor a shipped question. Did you mean “longest-chains”? graphsc queries lists them.",
        ),
        (["longest-chains", "broken.yaml", "-f", "xml"], "unknown format: xml. Choose table, csv, json, turtle."),
        (["longest-chains", "broken.yaml", "-p", "x"], "--param is name=value, not x"),
        (["longest-chains", "broken.yaml", "-p", "x=1"], "Unknown parameter: x. The question has: —."),
        (
            ["lapsing-approvals", "broken.yaml", "-p", "by=soon"],
            "by=soon is not a date such as 2026-12-31, or a duration from the evaluation date such as P3M.",
        ),
        (
            ["parties-of-system", "broken.yaml", "-p", "system=a> } DELETE"],
            "system: a> } DELETE is not in the input given.",
        ),
        (["provenance", "broken.yaml"], "The question must have --param subject=…: the thing."),
        (["busy-persons", "broken.yaml", "-p", "limit=5.5"], "limit=5.5 is not a whole number."),
        (
            ["access-outside-eea", "broken.yaml", "-p", "country=Tysklnd"],
            "country: Tysklnd is not in the input given. Did you mean “Tyskland”?",
        ),
        (
            ["rules-of-statement", "broken.yaml", "-p", "statement=B2-4"],
            "statement: B2-4 is not in the input given. Did you mean “B2-04”?",
        ),
        (["concentration", "broken.yaml", "-p", "base=euros"], "base: euros is not in the input given."),
        (
            ["dropped-requirements", "broken.yaml", "-p", "agreement=K"],
            "agreement: K is something other than agreement.",
        ),
        (["count.rq", "broken.yaml", "-f", "turtle"], "Turtle is for CONSTRUCT and DESCRIBE."),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_exit_code_2(here: Path, words: list[str], message: str) -> None:
    result = run("query", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"graphsc: {message}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {", "The query cannot be read: "),
        ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "The query uses SERVICE"),
        ("DROP ALL", "The query begins with DROP and would change data."),
        ("# parameter.x: thing\nSELECT * { ?s ?p ?x }", "stdin: parameter.x must begin with a type"),
    ],
)
def test_a_query_that_is_refused(here: Path, text: str, message: str) -> None:
    result = run("query", "-", "broken.yaml", *AS_OF, stdin=text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"graphsc: {message}")
    assert result.stderr.count("\n") == 1


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("words", "end"),
    [
        (["provenance", "-p", "subject=X"], "graphsc: subject: X is not in the input given.\n"),
        (["cross.rq", "--timeout", "0.01"], "Narrow it, or give it more time with --timeout.\n"),
    ],
    ids=["refused", "stopped"],
)
def test_what_runs_the_rules_is_printed_also_where_there_is_no_answer(here: Path, words: list[str], end: str) -> None:
    (here / "cross.rq").write_text("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", encoding="utf-8")
    result = run("query", words[0], "broken.yaml", *words[1:], *AS_OF, "--verbose", fresh=True)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Rules and shapes run on Oxigraph.\ngraphsc: ")
    assert result.stderr.endswith(end)


def test_a_query_that_is_not_utf8(here: Path) -> None:
    (here / "latin.rq").write_bytes(b"# \xe6\nSELECT * { ?s ?p ?o }")
    result = run("query", "latin.rq", "broken.yaml")
    assert (result.exit_code, result.stderr) == (2, "graphsc: latin.rq cannot be read as UTF-8\n")
    result = run("query", "-", "broken.yaml", stdin=b"# \xe6\nSELECT * { ?s ?p ?o }")
    assert (result.exit_code, result.stderr) == (2, "graphsc: - cannot be read as UTF-8\n")


def test_unreadable_input_gives_a_partial_answer(here: Path) -> None:
    result = run("query", "count.rq", "broken.yaml", "unreadable.yaml", "missing.yaml", *AS_OF, "-f", "csv")
    assert (result.exit_code, result.stdout) == (2, "n\n1\n")
    assert "unreadable.yaml:" in result.stderr
    assert "missing.yaml: error[missing-path]" in result.stderr
    assert result.stderr.endswith("The answer is partial: some input could not be read.\n")


@pytest.mark.exhaustive
def test_the_time_limit_in_a_real_process(here: Path) -> None:
    query = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    done = process("query", "-", "broken.yaml", "--timeout", "0.3", "--lang", "en", cwd=here, stdin=query)
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "graphsc: The query was stopped after 0.3 seconds. Narrow it, or give it more time with --timeout.\n"
    )


def test_the_list_of_questions(here: Path) -> None:
    english, danish = run("queries"), run("queries", "--lang", "da")
    assert english.exit_code == 0
    assert "lapsing-approvals\n    Approvals that lapse soon. " in english.stdout
    assert "    --param by = P90D: lapsed by, as a date or a duration from the evaluation date\n" in english.stdout
    assert "lapsing-approvals\n    Godkendelser, der snart udløber. " in danish.stdout
    assert english.stdout.count("\n    --param") == danish.stdout.count("\n    --param")


def test_a_question_in_full(here: Path) -> None:
    english = run("queries", "concentration", "provenance")
    assert english.exit_code == 0
    assert "\n    graphsc query concentration PATH…\n" in english.stdout
    assert "\n    graphsc query provenance --param subject=… PATH…\n" in english.stdout
    assert "critical-systems | organisations | society-critical-functions | spend | systems" in english.stdout
    assert "--param subject: the thing (must be given); a thing\n" in english.stdout
    assert "\nSELECT DISTINCT ?base ?unit" in english.stdout
    danish = run("queries", "dropped-requirements", "--lang", "da").stdout
    assert danish.startswith("Krav, og hvor de først bliver tabt\n")
    assert "--param agreement: aftalen øverst i kæden; aftale\n" in danish
    assert "\nB2-06: " in danish


def test_a_question_that_is_not_there(here: Path) -> None:
    result = run("queries", "concentratoin")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Did you mean “concentration”?" in result.stderr
