"""A store on disk: the same as reading the files, read once, and whole whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from command import run
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import DEMO
from turns import fewer

from graphsc.core.settings import Settings
from graphsc.core.text import Language
from graphsc.core.vocabulary import RDFS_LABEL
from graphsc.coverage.premises import with_facts
from graphsc.graph.dataset import Dataset
from graphsc.graph.store.folder import Busy, Folder
from graphsc.rendering import render
from graphsc.service import near_misses, open_paths, validate
from graphsc.service.load import Loaded, load
from graphsc.service.opened import as_of
from graphsc.service.report.document import ReportOptions, report
from graphsc.validation import engine

AS_OF = Settings(as_of=date(2025, 6, 15))

AUTHORITY = """\
base: https://k.example/
organisationer: [{id: K, navn: Kystvagten, cvr: 99300000}, {id: L, navn: Løngang}, {id: U, navn: Ærøskøbing Drift}]
"""
CONTRACT = """\
base: https://k.example/
kontrakter:
  - id: KL
    kunde: K
    leverandør: L
    periode: 2024-04-01/2028-03-31
    registre: [underleverandører, krav]
    krav: [{id: R1}]
    underleverandører:
      - {id: LU, leverandør: U, start: 2024-06-01}
"""
SYSTEMS = """\
@prefix g: <https://w3id.org/graphsc/ns#> .
@prefix k: <https://k.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
k:S a g:ITSystem ; rdfs:label "Kyst" ; g:owner k:K ; g:operatedBy k:L .
"""
LINES = """\
<https://k.example/L> <https://w3id.org/graphsc/ns#cvr> "99100001" .
<https://k.example/X> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/graphsc/ns#Organisation> .
<https://k.example/X> <http://www.w3.org/2000/01/rdf-schema#label> "Løngang A/S" .
"""
FILES: Mapping[str, tuple[str, ...]] = {
    "a.yaml": (
        AUTHORITY,
        AUTHORITY.replace("Kystvagten", "Kystvagt og Havn"),
        AUTHORITY + "systemer: [{id: T, navn: Tårn, ejer: K}]\n",
    ),
    "b.yaml": (
        CONTRACT,
        CONTRACT.replace("2028", "2025").replace("2025-03-31", "2025-05-31"),
        CONTRACT.replace(", krav]", "]"),
        CONTRACT.replace("start: 2024-06-01", "start: 2024-06-01, godkendelse: {dato: 2024-05-01, grundlag: særskilt}"),
        CONTRACT.replace("start: 2024-06-01", "start: 2026-06-01"),  # later than the evaluation date
    ),
    "c.ttl": (
        SYSTEMS,
        SYSTEMS.replace("k:operatedBy k:L", "k:operatedBy k:K"),
        SYSTEMS + "k:KL g:serves k:S .\n",
        SYSTEMS.replace('"Kyst"', '"Kyst", "01"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        "",
    ),
    "d.nt": (
        LINES,
        LINES + '<https://k.example/X> <https://w3id.org/graphsc/ns#cvr> "99100001" .\n',  # X is L
        LINES.replace("example/X", "example/S"),  # an organisation that c.ttl calls a system
        "",
    ),
    "e.ttl": (
        "",
        """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <https://k.example/art> a skos:Concept ;
             skos:prefLabel 'art' ; skos:inScheme <https://w3id.org/graphsc/scheme/activity> .
        """,
    ),
}
"""Each file as it may stand at some time; an empty text for no file."""


def write_texts(folder: Path, texts: Mapping[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        path = folder / name
        if text:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    return folder


def first(**others: str) -> dict[str, str]:
    return {name: others.get(name.partition(".")[0], texts[0]) for name, texts in FILES.items()}


def as_json(*paths: Path, settings: Settings = AS_OF) -> str:
    """What validate says, as JSON."""
    report, rules = validate(open_paths(paths, settings))
    return render("json", report, rules, language=Language.EN)


def loaded(source: Path, store: Path, settings: Settings = AS_OF) -> Loaded:
    result = load([source], store, settings)
    assert result.problems == []
    return result


@settings(max_examples=fewer(8, 4))
@given(
    st.lists(
        st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in FILES.items()}), min_size=2, max_size=3
    )
)
def test_whatever_the_files_become_the_store_says_what_they_say(states: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        before = ""
        for texts in states:
            source = write_texts(Path(folder) / "in", texts)
            expected = as_json(source)
            result = load([source], store, AS_OF)
            if result.problems:
                assert [problem["code"] for problem in json.loads(expected)["problems"]] == [
                    p.code for p in result.problems
                ]
                assert not before or as_json(store) == before
            else:
                before = as_json(store)
                assert before == expected


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of files, and a store that they were loaded into."""
    source, store = write_texts(tmp_path / "in", first()), tmp_path / "store"
    loaded(source, store)
    return source, store


def test_what_has_not_changed_is_not_loaded_again(both: tuple[Path, Path]) -> None:
    source, store = both
    (source / "b.yaml").write_text(CONTRACT, encoding="utf-8")  # as it was
    assert loaded(source, store) == Loaded(4)
    write_texts(source, first(c=FILES["c.ttl"][2]))
    assert loaded(source, store) == Loaded(4, published=True)
    write_texts(source, first(c=FILES["c.ttl"][2], d=""))
    assert loaded(source, store) == Loaded(3, published=True)


def test_only_queries_that_read_what_changed_are_run_again(both: tuple[Path, Path]) -> None:
    source, store = both
    ran: dict[str, list[str]] = {"on a change": [], "on another day": []}
    later = replace(AS_OF, as_of=date(2025, 6, 16))
    write_texts(source, first(b=FILES["b.yaml"][1]))  # another end
    for name, setting in zip(ran, (AS_OF, later), strict=True):
        with patch.object(engine, "_answers", wraps=engine._answers) as answers:
            loaded(source, store, setting)
        ran[name] = [query for call in answers.call_args_list for query in call.args[1]]
        assert as_json(store, settings=setting) == as_json(source, settings=setting)
    assert 0 < len(ran["on a change"]) < len(ran["on another day"])


@pytest.mark.parametrize("then", ["1", "02"])
def test_a_rule_on_how_a_value_is_written_sees_it_written_differently(then: str, tmp_path: Path) -> None:
    """In the graph both are the number one, or two."""
    shape, source, store = tmp_path / "shape.ttl", tmp_path / "in", tmp_path / "store"
    shape.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:x:Short> a sh:NodeShape ; sh:targetClass <https://w3id.org/graphsc/ns#ITSystem> ;
            sh:property [ sh:path <urn:x:rank> ; sh:pattern "^.$" ] .
        """,
        encoding="utf-8",
    )
    own = replace(AS_OF, knowledge=(str(shape),))
    for rank, found in (("01" if then == "1" else "2", then == "1"), (then, then != "1")):
        rank_of = f'k:S <urn:x:rank> "{rank}"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        write_texts(source, {"a.yaml": AUTHORITY, "b.yaml": CONTRACT, "c.ttl": SYSTEMS + rank_of})
        loaded(source, store, own)
        assert as_json(store, settings=own) == as_json(source, settings=own)
        assert (
            "Short" in {finding["code"] for finding in json.loads(as_json(store, settings=own))["findings"]}
        ) == found


def test_a_rule_on_a_class_sees_a_new_node_of_a_subclass(tmp_path: Path) -> None:
    """Of a class that is derived, of whose nodes it is not derived too that they are of its superclasses."""
    shape, source, store = tmp_path / "shape.ttl", tmp_path / "in", tmp_path / "store"
    shape.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        <urn:x:Named> a sh:NodeShape ; sh:targetClass <urn:x:Vessel> ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] .
        <urn:x:Boat> rdfs:subClassOf <urn:x:Vessel> ; <https://w3id.org/graphsc/ns#derived> true .
        """,
        encoding="utf-8",
    )
    own = replace(AS_OF, knowledge=(str(shape),))
    for more in ("", "k:S a <urn:x:Boat> .\n"):
        write_texts(
            source,
            {"a.yaml": AUTHORITY, "b.yaml": CONTRACT, "c.ttl": SYSTEMS.replace("rdfs:label", "rdfs:comment") + more},
        )
        loaded(source, store, own)
        assert as_json(store, settings=own) == as_json(source, settings=own)
        codes = {finding["code"] for finding in json.loads(as_json(store, settings=own))["findings"]}
        assert ("Named" in codes) == bool(more)


def test_a_file_that_nobody_reads_is_named_by_the_store_too(both: tuple[Path, Path]) -> None:
    source, store = both
    (source / "leverandører.csv").write_text("navn;aftale\n", encoding="utf-8")
    assert loaded(source, store).published
    assert len(json.loads(as_json(store))["unread"]) == 1
    later = replace(AS_OF, as_of=date(2026, 1, 1))
    assert (as_json(store), as_json(store, settings=later)) == (as_json(source), as_json(source, settings=later))


def test_a_change_is_seen_that_leaves_length_and_time_as_they_were(both: tuple[Path, Path]) -> None:
    source, store = both
    file = source / "b.yaml"
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    file.write_text(CONTRACT.replace("2028", "2025"), encoding="utf-8")
    os.utime(file, ns=times)
    assert loaded(source, store).published
    assert as_json(store) == as_json(source)


def test_findings_have_their_places_without_reading_again(both: tuple[Path, Path]) -> None:
    source, store = both
    opened, files = (open_paths([path], AS_OF) for path in (store, source))
    with patch.object(type(opened.sources), "find", side_effect=AssertionError):
        report, rules = validate(opened)
        near_misses(opened, report, rules)
    assert any(finding.location for finding in report.findings)
    assert [finding.location for finding in report.findings] == [
        finding.location for finding in validate(files)[0].findings
    ]
    for node in ("K", "S", "X"):  # of which no finding speaks in one way or another
        key = f"https://k.example/{node}", RDFS_LABEL
        assert opened.sources.locate(*key) == files.sources.locate(*key)


def test_what_rules_had_something_to_check_is_not_counted_again(both: tuple[Path, Path]) -> None:
    opened = open_paths([both[1]], AS_OF)
    known, _ = validate(opened)
    with patch.object(Dataset, "run", side_effect=AssertionError):
        assert with_facts(opened.dataset, known) != known


def test_files_without_a_base_follow_what_the_others_say(both: tuple[Path, Path]) -> None:
    source, store = both
    authority, contract = AUTHORITY.partition("\n")[2], CONTRACT.partition("\n")[2]
    for a, b in ((authority, CONTRACT), (authority, CONTRACT.replace("k.example", "o.example")), (AUTHORITY, contract)):
        write_texts(source, {"a.yaml": a, "b.yaml": b, "c.ttl": "", "d.nt": ""})
        loaded(source, store)
        assert as_json(store) == as_json(source)
    before = as_json(store)
    write_texts(source, {"d.yaml": "base: https://o.example/\norganisationer: [X]\n"})
    problems = load([source], store, AS_OF).problems
    assert [problem.message for problem in problems] == [
        problem.message for problem in open_paths([source], AS_OF).sources.problems
    ]
    assert [problem.code for problem in problems] == ["several-bases"]
    assert as_json(store) == before


def test_files_with_a_fault_leave_the_store_as_it_was(both: tuple[Path, Path]) -> None:
    source, store = both
    before = as_json(store)
    (source / "b.yaml").write_text("kontrakter: [{id: KL, kunde: NN}]\n", encoding="utf-8")
    assert [problem.code for problem in load([source], store, AS_OF).problems] == ["dangling-reference"]
    assert as_json(store) == before
    assert load([source / "none"], store, AS_OF).problems[0].code == "missing-path"


def test_another_day_and_other_settings_on_the_same_store(both: tuple[Path, Path]) -> None:
    source, store = both
    before = as_json(store)
    for other in (
        replace(AS_OF, as_of=date(2028, 5, 1)),
        replace(AS_OF, as_of=date(2024, 3, 1)),
        replace(AS_OF, parameters={"supervision": "P1M"}),
        replace(AS_OF, frameworks=("nis2",)),
        replace(AS_OF, select=("SUB",)),
    ):
        assert as_json(store, settings=other) == as_json(source, settings=other)
    assert as_json(store) == before


def test_loading_on_another_day_brings_the_store_to_that_day(both: tuple[Path, Path]) -> None:
    source, store = both
    later = replace(AS_OF, as_of=date(2026, 1, 1))
    result = loaded(source, store, later)
    assert result == Loaded(4, published=True)
    assert as_json(store, settings=later) == as_json(source, settings=later)


def test_a_store_looked_at_on_other_days_while_it_is_open(tmp_path: Path) -> None:
    """As the trend of a report does, also where something was still to come, or written in a form of its own."""
    source = write_texts(tmp_path / "in", first(b=FILES["b.yaml"][4], c=FILES["c.ttl"][3]))
    loaded(source, tmp_path / "store")
    here, there = (open_paths([path], AS_OF) for path in (source, tmp_path / "store"))
    for day in (date(2024, 3, 1), date(2028, 5, 1)):
        expected, rules = validate(as_of(here, day))
        actual, _ = validate(as_of(there, day))
        assert any(outcome.focus for outcome in actual.rules)
        assert render("json", actual, rules, language=Language.EN) == render(
            "json", expected, rules, language=Language.EN
        )
    trends = [report(opened, ReportOptions(quarters=1)).trend for opened in (here, there)]
    assert trends[0] is not None
    assert trends[0] == trends[1]


COMMANDS = {
    "validate": ["validate", "-f", "sarif"],
    "risk": ["risk", "-f", "json"],
    "duties": ["duties", "-f", "json"],
    "gaps": ["duties", "--gaps", "-f", "json"],
    "raci": ["raci", "-f", "json"],
    "coverage": ["coverage", "-f", "json"],
    "what-if": ["what-if", "--without", "L", "-f", "json"],
    "explain": ["explain", "SUB001"],
    "query": ["query", "parties-of-system", "-p", "system=S", "-f", "json"],
}


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Both again, for tests that change neither."""
    folder = tmp_path_factory.mktemp("both")
    source, store = write_texts(folder / "in", first()), folder / "store"
    loaded(source, store)
    return source, store


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_opens_a_store(name: str, read_only: tuple[Path, Path]) -> None:
    source, store = read_only
    words = [*COMMANDS[name], "--as-of", "2025-06-15", "--lang", "en"]
    result = run(*words, str(source))
    assert result.exit_code in {0, 1}
    ways = (["--store", str(store)], [f"--store={store}"], [str(store)])
    for where in ways if name == "validate" else ways[:1]:
        result = run(*words, *where)
        assert (result.exit_code, result.stdout) == (result.exit_code, result.stdout.replace(str(store), str(source)))


def test_what_load_says(tmp_path: Path) -> None:
    source, store = write_texts(tmp_path / "in", first()), tmp_path / "store"
    words = ["load", str(source), "--store", str(store), "--as-of", "2025-06-15", "--lang"]
    assert run(*words, "en").stdout.startswith("4 files read, everything derived and judged in ")
    assert run(*words, "da").stdout == "Intet er ændret: 4 filer er som før.\n"
    write_texts(source, first(c=FILES["c.ttl"][2]))
    assert run(*words, "da").stdout.startswith("4 filer læst, alt udledt og vurderet på ")
    (source / "b.yaml").write_text("kontrakter: [{id: KL, kunde: NN}]\n", encoding="utf-8")
    result = run(*words, "en")
    assert result.exit_code == 2
    assert f"nothing was loaded; {store} is as it was." in result.stderr


def test_a_folder_with_something_else_is_not_filled(tmp_path: Path) -> None:
    source = write_texts(tmp_path / "in", first())
    result = run("load", str(source), "--store", str(source), "--lang", "en")
    assert (result.exit_code, result.stderr) == (
        2,
        f"graphsc: {source} is no store and not empty; choose another folder.\n",
    )


def test_a_folder_that_a_first_load_was_killed_in_is_filled(tmp_path: Path) -> None:
    source, store = write_texts(tmp_path / "in", first()), tmp_path / "store"
    for name in ("versions/000001/graph", "scratch-999999999-0a1b"):
        (store / name).mkdir(parents=True)
    for name in (".lock", ".graphsc-store.json.0a1b2c3d"):
        (store / name).touch()
    assert run("load", str(source), "--store", str(store), "--as-of", "2025-06-15").exit_code == 0
    assert not list(store.glob("scratch-*"))
    assert as_json(store) == as_json(source)


def test_a_store_among_the_files_is_not_read(tmp_path: Path) -> None:
    source = write_texts(tmp_path / "in", first())
    store = source / "store"
    loaded(source, store)
    assert not loaded(source, store).published
    assert [file["file"] for file in json.loads(as_json(source))["inputs"]] == [
        str(source / name) for name in sorted(FILES) if FILES[name][0]
    ]


def test_a_store_stands_alone(both: tuple[Path, Path]) -> None:
    source, store = both
    result = run("validate", str(source), "--store", str(store), "--lang", "en")
    assert result.exit_code == 2
    assert f"{store} is a store; it cannot be read together with anything else." in result.stderr
    result = run("validate", str(source), "--store", str(store), "--lang", "da")
    assert f"{store} er et lager; det kan ikke læses sammen med andet." in result.stderr


def test_a_store_and_a_server_do_not_go_together(both: tuple[Path, Path]) -> None:
    """What was asked to run on a server must not quietly run here."""
    source, store = both
    server = ("--endpoint", "http://127.0.0.1:9")
    result = run(*server, "validate", "--store", str(store), "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{store} is a store; it cannot be used together with a server." in result.stderr
    result = run(*server, "load", str(source), "--store", str(store), "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "graphsc: load writes to a folder and cannot be used with a server.\n"


def test_a_store_of_another_format_is_refused(both: tuple[Path, Path]) -> None:
    _, store = both
    (store / "graphsc-store.json").write_text('{"format": 99, "current": "000001"}', encoding="utf-8")
    result = run("validate", "--store", str(store), "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be used: format 99" in result.stderr


def test_only_one_loads_at_a_time(both: tuple[Path, Path]) -> None:
    source, store = both
    with Folder(store).loading(), pytest.raises(Busy):
        load([source], store, AS_OF)


def test_nothing_is_left_beside_the_versions(both: tuple[Path, Path]) -> None:
    source, store = both
    for text in FILES["b.yaml"][1:4]:
        write_texts(source, first(b=text))
        loaded(source, store)
        as_json(store)
    import gc

    gc.collect()
    assert not list(store.glob("scratch-*"))
    assert sorted(path.name for path in (store / "versions").iterdir()) == ["000003", "000004"]
    assert sorted(path.name for path in store.iterdir()) == [".lock", "graphsc-store.json", "versions"]


KILLED = """
import hashlib, os, sys
from datetime import date
from pathlib import Path
import pyoxigraph as ox
from graphsc.service import load as storing
from graphsc.service import open_paths
from graphsc.core.settings import Settings
from graphsc.graph.store.folder import Folder

source, store = map(Path, sys.argv[1:])
settings = Settings(as_of=date(2025, 6, 15))
opened = open_paths([source], settings)
opened.dataset.answers = {}
judged = storing._judged(opened)
storing.work_out, storing._judged = lambda *_: opened, lambda _: judged  # a hundred times the same

def ended(work):
    pid = os.fork()
    if not pid:
        try:
            work()
        except BaseException:
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def dying(last):
    left = [last]
    def hook(event, words):
        if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree") and str(store) in str(words):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), 9)
    def work():
        sys.addaudithook(hook)
        storing.load([source], store, settings)
    return work

def say():
    version, known = Folder(store).current()
    assert known.sources and known.answers
    quads = sorted(map(str, ox.Store.read_only(str(version / "graph"))))
    print(hashlib.sha256(repr(quads).encode()).hexdigest(), flush=True)

assert ended(say) == 0
for step in range(1, 1000, 2):
    code = ended(dying(step))
    assert code in (0, -9), code
    assert ended(say) == 0
    if not code:
        break
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills a forked process")
def test_a_load_that_is_killed_leaves_the_old_or_the_new(both: tuple[Path, Path]) -> None:
    """It is killed before every second file that it opens, names or removes, until it comes to its end."""
    source, store = both
    write_texts(source, first(b=FILES["b.yaml"][3], c=FILES["c.ttl"][2]))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(source), str(store)], capture_output=True, text=True, check=True
    )
    said = done.stdout.split()
    old, new = said[0], said[-1]
    turn = said.index(new)
    assert turn > 10
    assert said == [old] * turn + [new] * (len(said) - turn)
    assert as_json(store) == as_json(source)


def test_the_demo_from_a_store(tmp_path: Path) -> None:
    demo = replace(AS_OF, as_of=date(2026, 11, 25))
    loaded(DEMO, tmp_path / "store", demo)
    assert as_json(tmp_path / "store", settings=demo) == as_json(DEMO, settings=demo)
