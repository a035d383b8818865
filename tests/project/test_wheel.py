"""What is uploaded: the source distribution, and the wheel made from it, which carries the knowledge and works anywhere."""

import email
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from command import AS_OF, BROKEN
from repository import REPOSITORY

import graphsc

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("release")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(release: Path) -> Path:
    (path,) = release.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            "--target",
            str(folder),
            str(wheel),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def test_the_metadata_are_what_an_index_shows(wheel: Path) -> None:
    fields = metadata(wheel)
    assert (fields["Name"], fields["Version"]) == ("graphsc", graphsc.__version__)
    assert wheel.name == f"graphsc-{graphsc.__version__}-py3-none-any.whl"
    assert fields["License-Expression"] == "Apache-2.0"
    assert fields["Requires-Python"] == ">=3.11"
    assert fields["Description-Content-Type"] == "text/markdown"
    assert fields.get_payload().startswith("# graphsc")


def test_every_extra_that_is_named_can_be_installed(wheel: Path) -> None:
    extras = set(metadata(wheel).get_all("Provides-Extra", []))
    pages = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md"), *(REPOSITORY / "graphsc").rglob("*.py")]
    named = {
        extra
        for page in pages
        for names in re.findall(r"graphsc\[([a-z, ]+)\]", page.read_text(encoding="utf-8"))
        for extra in re.split(r", *", names)
    }
    assert named
    assert named <= extras


def test_the_source_distribution_has_what_it_takes_to_build_and_test_and_nothing_of_this_machine(release: Path) -> None:
    (distribution,) = release.glob("*.tar.gz")
    assert distribution.name == f"graphsc-{graphsc.__version__}.tar.gz"
    with tarfile.open(distribution) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "constraints.txt", "PKG-INFO"} <= inside
    for folder in ("graphsc", "ontology", "shapes", "queries", "data/demo", "docs", "tests/cases"):
        assert any(name.startswith(f"{folder}/") for name in inside), folder
    assert not [name for name in inside if re.search(r"__pycache__|\.pyc$|^\.venv|^dist/|^build/|\.egg-info", name)]


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_all_of_the_knowledge(wheel: Path) -> None:
    files = names(wheel)
    assert "graphsc/py.typed" in files
    for folder in ("ontology", "shapes", "queries"):
        shipped = {
            f"graphsc/_knowledge/{path.relative_to(REPOSITORY).as_posix()}"
            for path in (REPOSITORY / folder).rglob("*")
            if path.is_file()
        }
        assert len(shipped) > 5
        assert shipped <= files
    cases = {f"graphsc/_knowledge/cases/{path.name}" for path in (REPOSITORY / "tests" / "cases").glob("*.yaml")}
    assert len(cases) > 5
    assert cases <= files


def test_the_wheel_holds_every_module_and_nothing_else(wheel: Path) -> None:
    files = names(wheel)
    modules = {path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "graphsc").rglob("*.py")}
    assert {name for name in files if name.endswith(".py")} == modules
    assert {name.split("/")[0].split("-")[0] for name in files} == {"graphsc"}
    assert not [name for name in files if "/tests/" in name or "__pycache__" in name]
    data = {name for name in files if "/data/" in name}
    assert all(name.startswith("graphsc/_knowledge/ontology/start/") for name in data), "only what init writes"
    (licence,) = (name for name in files if name.endswith("/LICENSE"))
    assert ".dist-info/" in licence


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRAPHSC_", "PYTHON"))}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(installed), "GRAPHSC_LANG": "en"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_it_is_the_unpacked_package_that_runs(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", "import graphsc; print(graphsc.__file__)")
    assert Path(done.stdout.strip()) == installed / "graphsc" / "__init__.py"


def test_it_validates_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    done = run(installed, tmp_path, "-m", "graphsc", "validate", "a.yaml", *AS_OF, "-f", "concise")
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[:2] == [
        (
            "a.yaml:11:9: breach SUB001 Ærøskøbing Drift (under Løngang) is recorded as under way"
            " under the agreement with Løngang, but an approval from Kystvagten is not recorded"
        ),
        (
            "a.yaml:11:9: question FLW001 Was requirement R1 passed on to Ærøskøbing Drift (under Løngang)?"
            " Not recorded: the requirement in Ærøskøbing Drift (under Løngang) or an exemption for this link."
        ),
    ]


def test_it_knows_the_cases_of_a_rule_from_another_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-m", "graphsc", "explain", "B2-05")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Tried with: SUB001, SUB001-other-customer" in done.stdout


def test_the_entry_point_and_a_question_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BROKEN, encoding="utf-8")
    (entry,) = installed.glob("*.dist-info/entry_points.txt")
    assert "graphsc = graphsc.cli:main" in entry.read_text(encoding="utf-8")
    script = tmp_path / "graphsc-script.py"
    script.write_text("from graphsc.cli import main\n\nif __name__ == '__main__':\n    main()\n", encoding="utf-8")
    done = run(installed, tmp_path, str(script), "query", "longest-chains", "a.yaml", *AS_OF, "-f", "csv")
    assert done.stdout == "agreement,supplier,tiers,parties\nhttps://k.example/KL,https://k.example/L,2,2\n", (
        done.stderr
    )
    assert done.returncode == 0
