"""Mutation testing of what must not fail unseen: a small fault in a guarded module has to turn one of its tests red.

    python tests/support/mutants.py waivers core/writing

``tests/mutants.toml`` says which modules are guarded by which tests, which mutants are accepted and why, and which faults
must be found by which test. The tests of a module that reach a mutant's line are run on it, in a fork of a process that has
already collected them: the code of the changed function is exchanged there. What is computed when a module is imported,
such as a constant, is changed in a process of its own, and so is everything where there are no forks.

Before it forks, the process reads the ontology and the demo once. No guarded module has a part in what is kept of that.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from mutations import ROOT, Mutant, Mutants

TABLE = ROOT / "tests/mutants.toml"
FORKS = hasattr(os, "fork")
GRACE = 5.0
"""The seconds of computing that a mutant has besides five times those of its tests."""
PATIENCE = 600
"""The seconds that a process of its own may take."""
SKIPPED = 2
"""The exit code of a fork in which the test was skipped, as without a browser."""
OPTIONS = ("-n", "0", "-m", "not exhaustive", "-p", "no:cacheprovider", "--snapshot-disable-unused", "-o", "tmp_path_retention_policy=none")  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """Guarded modules, or functions in them (``file::function``), with their tests: files, folders or ids of pytest."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def functions(self) -> dict[str, frozenset[str]]:
        """The guarded functions by file; none for all of a file."""
        result: dict[str, set[str]] = defaultdict(set)
        for module in self.modules:
            file, _, name = module.partition("::")
            result[file] |= {name} - {""}
        return {file: frozenset(names) for file, names in result.items()}


@dataclass(frozen=True)
class Table:
    """What ``tests/mutants.toml`` says: subjects, the reasons of accepted mutants by file and name, and faults."""

    subjects: tuple[Subject, ...]
    accepted: Mapping[tuple[str, str], str]
    faults: tuple[Mutant, ...]


def table(words: Sequence[str]) -> Table:
    """What the table says of the subjects and files that have one of the words in their name; of all without words."""
    document = tomllib.loads(TABLE.read_text(encoding="utf-8"))

    def asked(*names: str) -> bool:
        return not words or any(word in name for word in words for name in names)

    subjects = tuple(
        Subject(name, modules, tuple(entry["tests"]))
        for name, entry in document["guarded"].items()
        if (modules := tuple(module for module in entry["modules"] if asked(name, module)))
    )
    files = {file for subject in subjects for file in subject.functions}
    accepted = {
        (entry["file"], name): entry["why"]
        for entry in document.get("accepted", ())
        if entry["file"] in files
        for name in entry["mutants"]
    }
    faults = tuple(fault(entry) for entry in document.get("faults", ()) if asked("faults", entry["file"]))
    return Table(subjects, accepted, faults)


def fault(entry: Mapping[str, Any]) -> Mutant:
    """A fault of the table: a text that stands once in a file, and what stands there instead."""
    source, old = (ROOT / entry["file"]).read_text(encoding="utf-8"), entry["old"]
    if source.count(old) != 1:
        sys.exit(f"{entry['file']}: what the fault “{entry['name']}” changes does not stand there once: {old}")
    start = source[: source.index(old)].count("\n") + 1
    lines = range(start, start + old.count("\n") + 1)
    return Mutant(entry["file"], lines, entry["name"], source.replace(old, entry["new"]), tuple(entry["tests"]))


# ---------------------------------------------------------------------- the code of a mutant in this process


def bodies(code: CodeType) -> list[CodeType]:
    """The codes of the functions and classes in a code, in their order."""
    return [item for item in code.co_consts if isinstance(item, CodeType)]


def exchanged(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """The functions of a module whose code differs, old and new; None where something else than a function differs."""

    def own(code: CodeType) -> tuple[object, ...]:
        rest = tuple(repr(item) for item in code.co_consts if not isinstance(item, CodeType))
        return code.co_code, rest, code.co_names, len(bodies(code))

    if own(old) != own(new):
        return None
    result: list[tuple[CodeType, CodeType]] = []
    for before, after in zip(bodies(old), bodies(new), strict=True):
        if not before.co_flags & inspect.CO_OPTIMIZED:  # the body of a class
            within = exchanged(before, after)
            if within is None:
                return None
            result += within
        elif before != after:
            result.append((before, after))
    return result


def functions() -> dict[CodeType, list[FunctionType]]:
    """The functions of this product that there are, by their code."""
    gc.unfreeze()
    result: dict[CodeType, list[FunctionType]] = defaultdict(list)
    for item in gc.get_objects():
        if isinstance(item, FunctionType) and item.__code__.co_filename.startswith(str(ROOT / "graphsc")):
            result[item.__code__].append(item)
    return result


def changes(mutant: Mutant, living: Mapping[CodeType, list[FunctionType]]) -> list[Callable[[], None]] | None:
    """What changes this process to the mutant; None where a process of its own is needed."""
    path = ROOT / mutant.file
    old, new = (compile(text, path, "exec", dont_inherit=True) for text in (path.read_bytes(), mutant.source))
    pairs = exchanged(old, new)
    if pairs is None:
        return redefined(sys.modules[module_of(mutant.file)], new) or None
    if any(before not in living or before.co_freevars != after.co_freevars for before, after in pairs):
        return None
    changed = [(function, after) for before, after in pairs for function in living[before]]
    return [partial(setattr, function, "__code__", code) for function, code in changed]


def redefined(module: ModuleType, code: CodeType) -> list[Callable[[], None]]:
    """What gives the constants and default values of a module, also where they were imported, those of another code."""
    again = ModuleType(module.__name__)
    again.__dict__.update(__file__=module.__file__, __package__=module.__package__)
    try:
        exec(code, again.__dict__)
    except Exception:  # whatever the mutant does; by itself it is seen to fail
        return []
    result: list[Callable[[], None]] = []
    for name, before in list(vars(module).items()):
        after = vars(again).get(name, before)
        if isinstance(before, FunctionType) and isinstance(after, FunctionType):
            parts = [(part, getattr(after, part)) for part in ("__defaults__", "__kwdefaults__")]
            result += [partial(setattr, before, *part) for part in parts if getattr(before, part[0]) != part[1]]
        elif not name.startswith("__") and is_other(before, after):
            holders = [other for other in list(sys.modules.values()) if vars(other).get(name) is before]
            result += [partial(setattr, other, name, after) for other in holders]
    return result


def is_other(before: object, after: object) -> bool:
    """Whether two values differ, and are of a sort that is compared by what it holds."""
    sorts = (str, bytes, int, float, tuple, list, dict, set, frozenset, re.Pattern)
    return isinstance(before, sorts) and type(before) is type(after) and before != after


def module_of(file: str) -> str:
    """The name of the module in a file."""
    return ".".join(Path(file).with_suffix("").parts).removesuffix(".__init__")


# ---------------------------------------------------------------------- a process for a mutant


def in_fork(job: Callable[[], int], seconds: float) -> int:
    """Start a fork that does a job, gives its result as exit code, and is ended when it takes long; its id."""
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, 3 * seconds)
        code = job()
    finally:
        os._exit(code)


def in_process(mutant: Mutant, tests: Sequence[str]) -> bool:
    """Whether a test is red in a new process that imports the mutant."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "mutant.py"
        source.write_text(mutant.source, encoding="utf-8")
        command = [sys.executable, __file__, "--instead", mutant.file, str(source), *tests]
        try:
            return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False).returncode != 0
        except subprocess.TimeoutExpired:
            return True


class Instead(importlib.abc.MetaPathFinder):
    """Imports a module from another source."""

    def __init__(self, file: str, source: str) -> None:
        self._path = ROOT / file
        self._module = module_of(file)
        self._code = compile(source, self._path, "exec", dont_inherit=True)

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> Any:
        """How the module is imported, if this is it."""
        if name != self._module:
            return None
        code = self._code

        class Loader(importlib.machinery.SourceFileLoader):
            def get_code(self, fullname: str) -> CodeType:
                return code

        return importlib.util.spec_from_file_location(name, self._path, loader=Loader(name, str(self._path)))


class Steady:
    """The examples of properties are the same in each run, are not made smaller and are not kept."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """Settle it."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("steady", deadline=None, derandomize=True, database=None, phases=phases)
        settings.load_profile("steady")


# ---------------------------------------------------------------------- the run


def warm() -> None:
    """Read what is read once in a process: the ontology with its rules and shapes, and the demo of the tests, if a test uses it."""
    if not {"authority", "casework", "command"} & sys.modules.keys():
        return
    import authority

    from graphsc.service import validate

    validate(authority.opened())


class Run:
    """The plugin that, in place of running the collected tests, runs them on each mutant."""

    def __init__(self, given: Table, jobs: int) -> None:
        self._table, self._jobs = given, jobs
        self._items: dict[str, pytest.Item] = {}
        self._reached: dict[str, dict[str, set[int]]] = {}
        self._seconds: dict[str, float] = {}
        self._waiting: dict[int, Callable[[int], None]] = {}
        self.red: list[str] = []
        self.done = False
        self.killed: dict[Mutant, bool] = {}
        self.alone: list[tuple[Mutant, list[str]]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """The tests by themselves, and then all mutants."""
        capture: Any = session.config.pluginmanager.getplugin("capturemanager")
        capture.suspend_global_capture(in_=True)
        self._items = {item.nodeid: item for item in session.items}
        subjects, faults = self._table.subjects, self._table.faults
        files = {*(file for subject in subjects for file in subject.functions), *(mutant.file for mutant in faults)}
        for file in files:
            importlib.import_module(module_of(file))
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # one for all forks
        warm()
        with tempfile.TemporaryDirectory() as folder:
            self._watch({str(ROOT / file): file for file in files}, Path(folder))
        if not self.red:
            living = functions()
            gc.freeze()
            for mutant, tests in self._work():
                self._try(mutant, tests, living)
            self._wait(0)
            self.done = True
        return True

    def _watch(self, files: Mapping[str, str], folder: Path) -> None:
        """Run each test by itself; note how long it takes and which lines of the files it reaches."""
        for number, (name, item) in enumerate([*self._items.items()]):
            into = folder / f"{number}.json"

            def noted(code: int, name: str = name, into: Path = into) -> None:
                if code or not into.exists():
                    del self._items[name]
                    if code != SKIPPED:
                        self.red.append(name)
                    return
                document = json.loads(into.read_text(encoding="utf-8"))
                self._seconds[name] = document["seconds"]
                self._reached[name] = {file: set(lines) for file, lines in document["lines"].items()}

            self._start(lambda item=item, into=into: watched(item, files, into), 600, noted)  # type: ignore[misc]
        self._wait(0)

    def _work(self) -> Iterator[tuple[Mutant, list[str]]]:
        """Each mutant with the tests that are run on it, the quickest first."""
        for fault_ in self._table.faults:
            for test in fault_.tests:
                found = [name for name in self._items if name == test or name.startswith(f"{test}[")]
                yield replace(fault_, tests=(test,)), sorted(found)
        for subject in self._table.subjects:
            mine = [name for name in self._items if name.startswith(subject.tests)]
            for file, names in subject.functions.items():
                mutants = Mutants(file, names).found
                print(f"{subject.name}: {file}: {len(mutants)} mutants", flush=True)
                for mutant in mutants:
                    reaching = [
                        name for name in mine if self._reached[name].get(file, set()).intersection(mutant.lines)
                    ]
                    yield mutant, sorted(reaching or mine, key=lambda name: self._seconds[name])

    def _try(self, mutant: Mutant, tests: list[str], living: Mapping[CodeType, list[FunctionType]]) -> None:
        new = changes(mutant, living)
        if new is None:
            self.alone.append((mutant, tests))
            return
        seconds = GRACE + 5 * sum(self._seconds[name] for name in tests)

        def job() -> int:
            for change in new:
                change()
            return int(any(is_red(self._items[name]) for name in tests))

        def noted(code: int) -> None:
            self.killed[mutant] = code != 0
            if code == 0 and (mutant.file, mutant.name) not in self._table.accepted:
                show(mutant)

        self._start(job, seconds, noted)

    def _start(self, job: Callable[[], int], seconds: float, noted: Callable[[int], None]) -> None:
        self._wait(self._jobs - 1)
        self._waiting[in_fork(job, seconds)] = noted

    def _wait(self, most: int) -> None:
        """Wait until at most so many forks run."""
        while len(self._waiting) > most:
            child, status = os.wait()
            self._waiting.pop(child)(os.waitstatus_to_exitcode(status))


def is_red(item: pytest.Item) -> bool:
    """Whether a test fails. Others that share its fixtures are not run in this process, or only after it."""
    reports = runtestprotocol(item, log=False, nextitem=None)
    return any(report.failed for report in reports)


def watched(item: pytest.Item, files: Mapping[str, str], into: Path) -> int:
    """Run a test and write down its time and the lines that it reached; 1 if it is red."""
    lines: dict[str, set[int]] = defaultdict(set)

    def each(frame: FrameType, event: str, argument: object) -> Any:
        file = files.get(frame.f_code.co_filename)
        if file is None:
            return None
        lines[file].add(frame.f_lineno)
        return each

    threading.settrace(each)
    sys.settrace(each)
    begun = time.perf_counter()
    reports = runtestprotocol(item, log=False, nextitem=None)
    seconds = time.perf_counter() - begun
    sys.settrace(None)
    if not all(report.passed for report in reports):
        return 1 if any(report.failed for report in reports) else SKIPPED
    reached = {file: sorted(numbers) for file, numbers in lines.items()}
    into.write_text(json.dumps({"seconds": seconds, "lines": reached}), encoding="utf-8")
    return 0


# ---------------------------------------------------------------------- what comes of it


def everything(given: Table) -> Iterator[tuple[Mutant, list[str]]]:
    """Each mutant with the tests of its subject."""
    for fault_ in given.faults:
        for test in fault_.tests:
            yield replace(fault_, tests=(test,)), [test]
    for subject in given.subjects:
        for file, names in subject.functions.items():
            for mutant in Mutants(file, names).found:
                yield mutant, [*subject.tests]


def show(mutant: Mutant) -> None:
    """Print a mutant that no test noticed."""
    before = (ROOT / mutant.file).read_text(encoding="utf-8").splitlines()
    diff = difflib.unified_diff(before, mutant.source.splitlines(), n=0, lineterm="")
    print(f"\n{mutant.file}:{mutant.lines.start}: survives: {mutant.name}")
    print("\n".join(line for line in diff if not line.startswith(("---", "+++", "@@"))), flush=True)


def told(given: Table, killed: Mapping[Mutant, bool]) -> int:
    """Print the scores by module and what must be mended; 1 if there is any."""
    print(f"\n{'killed':>7} {'of':>5} {'accepted':>9}")
    named: set[tuple[str, str]] = set()
    survivors: list[Mutant] = []
    for file, mutants in sorted(by_file(killed).items()):
        alive = [mutant for mutant in mutants if not killed[mutant]]
        accepted = [mutant for mutant in alive if (file, mutant.name) in given.accepted]
        named |= {(file, mutant.name) for mutant in accepted}
        survivors += [mutant for mutant in alive if mutant not in accepted]
        print(f"{len(mutants) - len(alive):7} {len(mutants):5} {len(accepted):9}  {file}")
    missed = [mutant for mutant in killed if mutant.tests and not killed[mutant]]
    for mutant in missed:
        print(f"\n{mutant.file}: the fault “{mutant.name}” is not found by {mutant.tests[0]}")
    stale = sorted(given.accepted.keys() - named)
    for file, name in stale:
        print(f"\n{file}: accepted, but killed or no longer there: {name}")
    faults = sum(1 for mutant in killed if mutant.tests)
    print(
        f"\n{len(survivors)} survive, {faults - len(missed)} of {faults} faults are found, {len(stale)} accepted are out of date"
    )
    return int(bool(survivors or missed or stale))


def by_file(mutants: Iterable[Mutant]) -> dict[str, list[Mutant]]:
    """The mutants by file, without the faults of the table."""
    result: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        if not mutant.tests:
            result[mutant.file].append(mutant)
    return result


def main() -> int:
    """Try all mutants, or those of some subjects and files; 1 if something survives that is not accepted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only subjects and files with one of these in their name, or faults")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument(
        "--instead", nargs=2, metavar=("FILE", "SOURCE"), help="run the tests with another source of a file"
    )
    asked = parser.parse_args()
    os.chdir(ROOT)
    if asked.instead:
        file, source = asked.instead
        sys.meta_path.insert(0, Instead(file, Path(source).read_text(encoding="utf-8")))
        return int(pytest.main([*OPTIONS, "-x", *asked.words], plugins=[Steady()]))
    given = table(asked.words)
    killed: dict[Mutant, bool] = {}
    alone = [*everything(given)]
    if FORKS:
        run = Run(given, asked.jobs)
        tests = sorted(
            {test for subject in given.subjects for test in subject.tests}
            | {test for mutant in given.faults for test in mutant.tests}
        )
        with tempfile.TemporaryDirectory() as folder:
            pytest.main([*OPTIONS, f"--basetemp={folder}/tests", *tests], plugins=[Steady(), run])
        if run.red or not run.done:
            print("\n".join(["Without a mutant these are red:", *run.red]))
            return 1
        killed, alone = run.killed, run.alone
    with ThreadPoolExecutor(asked.jobs) as pool:
        for (mutant, _), dead in zip(alone, pool.map(lambda work: in_process(*work), alone), strict=True):
            killed[mutant] = dead
            if not dead and (mutant.file, mutant.name) not in given.accepted:
                show(mutant)
    return told(given, killed)


if __name__ == "__main__":
    sys.exit(main())
